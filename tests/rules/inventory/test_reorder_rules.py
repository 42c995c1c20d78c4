"""What is ordered, why, and in what packs; what is scheduled of a product is wanted once among its items."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.inventory.rules.reorder import Demand, OrderPolicy, share_scheduled, wanted

QUIET = Demand(D(0), 28)


@pytest.mark.parametrize(
    ("available", "demand", "policy", "quantity", "packs", "ends"),
    [
        (8, QUIET, OrderPolicy(), None, None, "No reorder point is set."),
        (3, Demand(D(0), 28, D(5)), OrderPolicy(), 2, None, "Order at least what is missing; no reorder point is set."),
        (8, QUIET, OrderPolicy(D(5)), None, None, "Above the reorder point of 5."),
        (5, QUIET, OrderPolicy(D(5)), 1, None, "order to come above the reorder point; no order-up-to is set."),
        (5, QUIET, OrderPolicy(D(5), D(20)), 15, None, "At or below the reorder point of 5: order up to 20."),
        (5, QUIET, OrderPolicy(D(5), D(20), D(10)), 20, 2, "15 in whole packs of 10 vials: 2 packs."),
        (5, QUIET, OrderPolicy(D(5), D(20), D(15)), 15, 1, "15 in whole packs of 15 vials: 1 pack."),
    ],
)
def test_what_is_ordered_and_why(
    available: int, demand: Demand, policy: OrderPolicy, quantity: int | None, packs: int | None, ends: str
) -> None:
    found = wanted(D(available), demand, "vial", policy)
    assert (found.is_due, found.quantity, found.packs) == (quantity is not None, quantity, packs)
    assert found.because.endswith(ends)


@pytest.mark.parametrize(
    ("dispensed", "left", "words"),
    [
        (28, 4, "28 dispensed in 28 days: 1 a day, what is left lasts 4 days."),
        (10, -3, "10 dispensed in 28 days: 0.4 a day, what is left lasts 0 days."),
        (0, 4, "0 dispensed in 28 days: 0 a day."),
    ],
)
def test_demand_is_a_number_with_its_derivation(dispensed: int, left: int, words: str) -> None:
    assert Demand(D(dispensed), 28).words(D(left)) == words


def test_what_other_items_of_the_product_give_is_said() -> None:
    told = wanted(D(3), Demand(D(0), 28, D(3), D(8)), "vial", OrderPolicy()).because
    assert told.startswith("3 vials available, 3 scheduled (8 more of the product from its other items): 0 left.")


NUMBERS = st.integers(0, 50).map(D)


@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=4))
def test_what_is_scheduled_is_wanted_once(scheduled: D, available: list[D]) -> None:
    shares = share_scheduled(scheduled, available)
    assert sum(shares) == scheduled
    assert all(0 <= share <= many for share, many in zip(shares[1:], available[1:], strict=True))
