"""Deliveries: released bags leave the pharmacy on a ticket and are confirmed in the home.

Ticket: what goes to one patient in one delivery; a bag stands on one ticket at a time.
Confirmation: the name of who received it, his relation to the patient, and when. Without one no drug line is billed.
Refused, returned: what came back; it is destroyed, never put on the shelf again.
"""
