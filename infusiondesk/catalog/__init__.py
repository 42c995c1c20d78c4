"""Catalog: the drugs, products, stability and codes that this pharmacy works with, each row with its source and its signer.

Row: one line of reference content: a drug, a product, or one stability.
Drug: what is ordered, by the ingredient name that billing and screening know; carries its therapy and its handling.
Product: what stands on the shelf: one vial, ampule or bag of a drug, and how it is reconstituted.
Stability: how long a drug stays itself in one diluent, container, concentration and storage; no hours means nobody knows.
Status: where a row's facts come from: the label, a study, memory or policy. The weakest fact of a row decides.
Review: the pharmacist in charge puts his name under rows; a row that was changed since is unsigned again.
Code: a HCPCS or CPT code with the days on which it is in force.
"""
