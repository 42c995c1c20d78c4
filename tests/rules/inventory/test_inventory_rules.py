"""The arithmetic of the shelf: nothing goes below nothing, what expires first goes first, and drafts say what is wrong."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.inventory.rules import (
    Balance,
    CountDraft,
    Freshness,
    ItemDraft,
    MovementKind,
    ReceiptDraft,
    StockPolicy,
    WasteDraft,
    first_expired_first,
    freshness,
    lots_to_take,
    moved,
    receive_problem,
    take_problem,
)

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
ITEM = ItemDraft(UUID(int=1), "vancomycin 1 g vial")
RECEIPT = ReceiptDraft(UUID(int=1), "VX2209", "2027-08", Decimal(25), "ZZTEST Wholesale")


@dataclass(frozen=True)
class Lot:
    """A lot as the rule sees it."""

    lot_number: str = "A1"
    expires_on: date = TODAY
    on_hand: Decimal = Decimal(10)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, Freshness.EXPIRED), (0, Freshness.SOON), (90, Freshness.SOON), (91, Freshness.GOOD)],
)
def test_the_day_of_expiry_is_the_last_good_one(days: int, expected: Freshness) -> None:
    assert freshness(TODAY + timedelta(days=days), TODAY) is expected


def test_soon_is_what_the_pharmacy_says() -> None:
    assert freshness(TODAY + timedelta(days=31), TODAY, StockPolicy(timedelta(days=30))) is Freshness.GOOD


@pytest.mark.parametrize(
    ("kind", "quantity", "after"),
    [
        (MovementKind.RECEIVED, 5, Balance(Decimal(15), Decimal(2))),
        (MovementKind.USED, -10, Balance(Decimal(0), Decimal(2))),
        (MovementKind.RETURNED, 1, Balance(Decimal(11), Decimal(2))),
        (MovementKind.WASTED, -1, Balance(Decimal(9), Decimal(2))),
        (MovementKind.ADJUSTED, -3, Balance(Decimal(7), Decimal(2))),
        (MovementKind.ADJUSTED, 3, Balance(Decimal(13), Decimal(2))),
        (MovementKind.QUARANTINED, -10, Balance(Decimal(0), Decimal(12))),
        (MovementKind.CLEARED, 2, Balance(Decimal(12), Decimal(0))),
    ],
)
def test_what_a_movement_does(kind: MovementKind, quantity: int, after: Balance) -> None:
    assert moved(Balance(Decimal(10), Decimal(2)), kind, Decimal(quantity)) == after


@pytest.mark.parametrize(
    ("kind", "quantity"),
    [
        (MovementKind.RECEIVED, 0),
        (MovementKind.RECEIVED, -1),
        (MovementKind.USED, 1),
        (MovementKind.USED, -11),
        (MovementKind.ADJUSTED, -11),
        (MovementKind.QUARANTINED, -11),
        (MovementKind.CLEARED, 3),
    ],
)
def test_what_no_movement_may_do(kind: MovementKind, quantity: int) -> None:
    with pytest.raises(ValueError, match=r"cannot"):
        moved(Balance(Decimal(10), Decimal(2)), kind, Decimal(quantity))


@given(st.lists(st.tuples(st.sampled_from(MovementKind), st.integers(-40, 40))))
def test_the_sum_of_movements_is_what_is_on_hand_and_never_negative(wishes: list[tuple[MovementKind, int]]) -> None:
    balance, done = Balance(), []
    for kind, quantity in wishes:
        try:
            balance = moved(balance, kind, Decimal(quantity))
        except ValueError:
            continue
        done.append((kind, quantity))
        assert balance.on_hand >= 0
        assert balance.in_quarantine >= 0

    assert balance.on_hand == sum(quantity for _, quantity in done)
    apart = {MovementKind.QUARANTINED, MovementKind.CLEARED}
    assert balance.in_quarantine == -sum(quantity for kind, quantity in done if kind in apart)


LOTS = st.lists(
    st.builds(Lot, st.text("AB12", min_size=1), st.dates(YESTERDAY, date(2026, 12, 31)), st.integers(0, 9).map(Decimal))
)


@given(LOTS, st.integers(1, 40))
def test_what_expires_first_is_taken_first_and_nothing_expired(lots: list[Lot], wanted: int) -> None:
    taken = lots_to_take(lots, Decimal(wanted), TODAY)
    good = [lot for lot in lots if lot.expires_on >= TODAY]

    assert sum(share for _, share in taken) == min(Decimal(wanted), sum((lot.on_hand for lot in good), Decimal(0)))
    assert [lot.expires_on for lot, _ in taken] == sorted(lot.expires_on for lot, _ in taken)
    assert all(lot.expires_on >= TODAY and 0 < share <= lot.on_hand for lot, share in taken)
    assert all(share == lot.on_hand for lot, share in taken[:-1])


def test_lots_of_one_day_go_by_number() -> None:
    assert [lot.lot_number for lot in first_expired_first([Lot("B"), Lot("A"), Lot("Z", YESTERDAY)])] == ["Z", "A", "B"]


@pytest.mark.parametrize(
    ("lot", "wanted", "said"),
    [
        (Lot(), 10, None),
        (Lot(), 0, "Take more than 0."),
        (Lot(), 11, "Lot A1 has 10 vials on hand, not 11 vials. 1 vial in quarantine."),
        (Lot(expires_on=YESTERDAY), 1, "Lot A1 expired on 1 Mar 2026. Set it aside."),
    ],
)
def test_why_units_cannot_be_taken(lot: Lot, wanted: int, said: str | None) -> None:
    assert take_problem(lot, Decimal(1), Decimal(wanted), "vial", TODAY) == said


def test_a_lot_that_is_short_without_quarantine_says_only_that() -> None:
    assert take_problem(Lot(), Decimal(0), Decimal(11), "vial", TODAY) == "Lot A1 has 10 vials on hand, not 11 vials."


@pytest.mark.parametrize(
    ("expires", "known", "said"),
    [
        (TODAY, None, None),
        (TODAY, TODAY, None),
        (YESTERDAY, None, "Lot A1 expired on 1 Mar 2026. Do not put it on the shelf; return it to the vendor."),
        (TODAY, date(2026, 4, 1), "Lot A1 is on file with expiry 1 Apr 2026, not 2 Mar 2026. Read the package again."),
    ],
)
def test_why_a_lot_cannot_be_received(expires: date, known: date | None, said: str | None) -> None:
    assert receive_problem(expires, TODAY, known, "A1") == said


def test_whole_drafts_have_no_problem() -> None:
    assert ITEM.problems() == RECEIPT.problems() == replace(ITEM, product_id=None, kind="supply").problems() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"unit": ""}, "unit"),
        ({"kind": "thing"}, "kind"),
        ({"product_id": None}, "product_id"),
        ({"ndc": "1"}, "ndc"),
    ],
)
def test_each_field_of_an_item_is_judged(changed: dict[str, Any], field: str) -> None:
    assert [problem.field for problem in replace(ITEM, **changed).problems()] == [field]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"item_id": None}, "item_id"),
        ({"lot_number": ""}, "lot_number"),
        ({"expires": "soon"}, "expires"),
        ({"quantity": None}, "quantity"),
        ({"quantity": Decimal(0)}, "quantity"),
        ({"vendor": " "}, "vendor"),
    ],
)
def test_each_field_of_a_receipt_is_judged(changed: dict[str, Any], field: str) -> None:
    assert [problem.field for problem in replace(RECEIPT, **changed).problems()] == [field]


@pytest.mark.parametrize(("found", "is_taken"), [(None, False), (-1, False), (0, True), (3, True)])
def test_a_count_may_be_nothing_but_not_less(found: int | None, is_taken: bool) -> None:
    assert (CountDraft(None if found is None else Decimal(found)).problems() == []) is is_taken


@pytest.mark.parametrize(("quantity", "is_taken"), [(None, False), (0, False), (1, True)])
def test_waste_is_more_than_nothing(quantity: int | None, is_taken: bool) -> None:
    assert (WasteDraft(None if quantity is None else Decimal(quantity)).problems() == []) is is_taken
