"""Today: one person's work by role, what harms first at the top, each line with why it is here.

Work: one list of another slice as it concerns somebody today (results to review, promises, orders to verify).
Line: one thing to do: what, for whom, when it is due, why it is here, and the place where it is done.
Harm: how soon leaving a line alone could hurt a patient; the lines stand in this order.
"""
