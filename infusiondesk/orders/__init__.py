"""Orders: what a prescriber wants given, in versions, from the telephone or the fax to the last dose.

Order: one prescription with its serial Rx number; it lives through its versions.
Version: what is to be given. Entered by one person, verified and signed by a pharmacist, then fixed; a change is the next version.
Regimen: when its doses are due: every so many hours, continuous, PCA, days of the week or of a cycle, weeks, steps.
Working: how a dose by weight or surface, of a PCA or of nutrition came about, kept line by line with the version.
Typed, derived: of volume, concentration, rate and time some were typed; the rest follows from them.
Clarification: a question about a waiting version; only a new version answers it.
Hold, resume, discontinue, cancel: events with a reason and a date; none of them changes a version.
Withdraw: a version that was never verified is taken back; the order stands as last verified.
State: derived from versions, events and the calendar, never stored.
"""
