"""Patients: who they are, what they are allergic to, what is in their arm, where they live, and how they came to us.

Referral: somebody asks us to take a patient; the clocks start when it is received.
Intake: demographics, prescriber and therapy are known, the pharmacist decides whether the home is the right place.
Episode: one course with us, from a referral to discharge; a new referral of the same person opens the next one in the same chart.
No known allergies: a statement that somebody made on a day; an empty list without it means that nobody asked.
Access device: the catheter or port through which it runs; a central one carries nothing before its tip is confirmed.
Place of care: where doses are given from a day on: a home, or an infusion suite.
Void: an entry was wrong; it stays readable with the name and the reason, and counts no more.
"""
