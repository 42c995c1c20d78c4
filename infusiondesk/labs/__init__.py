"""Laboratory work: what was drawn, what came back, what it means for the therapy, and who looked at it.

Words: an *analyte* is one thing measured; a *result* one value of it at one time; a *report* the results of one order; a result
is *live* until another corrects it; *baseline* is the last value before the first dose of this therapy; *ULN* the laboratory's
upper limit of normal; *red* is a flag with a task for the same day; *not evaluated* means that a person must read and file it;
a *parked* message has no patient yet.
"""
