"""Prescriptions: each Rx as an inspector asks for it, with its original, its fills and refills, and the counsel offered.

Fill: what left the pharmacy of one prescription on one delivery ticket; number 1 is the first fill, every later one a refill.
Original: the prescription as it came, an image or PDF, kept with its SHA-256 and never changed.
Counsel offer: that a patient was offered a pharmacist's advice, by whom and how, and what the answer was.
Fill log: the fills of one day, each pharmacist signing for those he released.
"""
