"""The dose of an order for one patient on one day, and whether it is far from what a source calls usual."""

from collections.abc import Iterable
from decimal import Decimal

from infusiondesk.interactions.rules.doses import UsualDose
from infusiondesk.orders.rules.by_rise import by_rise
from infusiondesk.orders.rules.by_size import by_size
from infusiondesk.orders.rules.programs import nutrition, pca
from infusiondesk.orders.rules.rate_steps import climb
from infusiondesk.orders.rules.usual import judge_dose
from infusiondesk.orders.rules.words import Pattern
from infusiondesk.orders.rules.working import Body, Ordered, Working


def work_out(
    order: Ordered,
    body: Body,
    ingredient: str,
    therapy_class: str,
    usual: Iterable[UsualDose] = (),
    clearance: Decimal | None = None,
    product: str = "",
) -> Working:
    """The dose of an order for this patient on this day, with its working; nothing is guessed where a figure is missing.

    `usual` are the ranges in force, of whatever drugs; `clearance` is the creatinine clearance on file in mL/min,
    `product` the drug of the catalog where that says more than its ingredient: a brand with a label of its own.
    """
    working = Working(order.dose_amount)
    if order.ordered_dose and order.ordered_unit:
        by_size(working, order, body, therapy_class)
    if order.desired_rise_percent:
        by_rise(working, order, body, ingredient, therapy_class)
    # What is wrong in one part silences none of the others: a version that waits is judged whole.
    if order.pattern == Pattern.PCA:
        pca(working, order)
    if order.nutrients:
        nutrition(working, order, body, therapy_class)
    if order.rate_steps.strip():
        climb(working, order, body, product or ingredient)
    if working.dose_amount is not None:
        judge_dose(working, order, body, ingredient, usual, clearance)
    return working
