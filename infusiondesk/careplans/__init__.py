"""Care plans: what is wrong or could go wrong, what should be reached, what is done for it, what is watched.

Problem: something the plan answers, with a category and a priority from 1 (first) to 3.
Goal: what shall be reached, with a measure, an operator and a value, so that it can be met or missed.
Intervention: what somebody does for a problem, how often.
Monitoring: what is watched, how often, and who reviews it.
Version: a signed plan never changes; a revision is the next version, based on the current one, with a reason.
"""
