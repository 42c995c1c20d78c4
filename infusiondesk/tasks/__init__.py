"""Promises: what somebody said would be watched, by whom, until which day; only what was awaited closes one.

Promise: "potassium by 27 Nov 2026", made when a pharmacist passes a HOLD because tests are ordered.
Awaited: a laboratory result, a reading of a visit note, or a call to the patient or the prescriber.
Event: what arrived, with its instant; a result that the laboratory takes back opens the promise again.
Kept: what was awaited was known here on the day or before. Broken: the day passed without it, and stays so.
Not needed any more: the patient died, was discharged or went to another pharmacy while it was open.
"""
