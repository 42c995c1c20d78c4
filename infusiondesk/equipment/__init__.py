"""Pumps: what the pharmacy has, where each one is, who has it, and whether it may go out.

Model: maker and name, with what the pharmacy decides about it: intervals of upkeep, the widest deviation of its rate.
Place: where a pump is, derived from what happened to it; nothing of it is stored.
Not clean: back from a patient or new; it is cleaned, then checked for safety, each signed, before it goes out again.
Upkeep: preventive maintenance, and certification where the model has one; due on a day, good to the end of that day.
Back-up: the second pump that a life-sustaining therapy needs in the home.
Recall: the maker calls pumps back by model and serials; a pump is settled when it was returned, exchanged or checked.
Rental day: a day at whose end a patient had the pump.
"""
