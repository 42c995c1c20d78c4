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
    ArrivalDraft,
    Balance,
    CountDraft,
    Freshness,
    ItemDraft,
    LocationKind,
    MovementKind,
    ReceiptDraft,
    StockPolicy,
    WasteDraft,
    first_expired_first,
    freshness,
    lots_to_take,
    moved,
    place_problem,
    receive_problem,
    take_problem,
)

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
ITEM = ItemDraft(UUID(int=1), "vancomycin 1 g vial")
RECEIPT = ReceiptDraft("ZZTEST Wholesale", "INV 1", has_transaction=True)
ARRIVAL = ArrivalDraft(UUID(int=1), "VX2209", "2027-08", Decimal(25))


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


K = MovementKind
LEFT = Balance(Decimal(10), Decimal(2))


@pytest.mark.parametrize(
    ("kind", "by", "after"),
    [
        (K.RECEIVED, (5, 0), (15, 2)),
        (K.USED, (-10, 0), (0, 2)),
        (K.SENT, (-1, 0), (9, 2)),
        (K.RETURNED, (1, 0), (11, 2)),
        (K.WASTED, (-1, 0), (9, 2)),
        (K.ADJUSTED, (-3, 0), (7, 2)),
        (K.ADJUSTED, (3, 0), (13, 2)),
        (K.QUARANTINED, (-10, 10), (0, 12)),
        (K.CLEARED, (2, -2), (12, 0)),
        (K.MOVED_OUT, (-3, -1), (7, 1)),
        (K.MOVED_IN, (3, 0), (13, 2)),
        (K.DESTROYED, (0, -2), (10, 0)),
        (K.TO_VENDOR, (-1, -1), (9, 1)),
    ],
)
def test_what_a_movement_does(kind: MovementKind, by: tuple[int, int], after: tuple[int, int]) -> None:
    assert moved(LEFT, kind, Balance(*map(Decimal, by))) == Balance(*map(Decimal, after))


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (K.RECEIVED, (0, 0)),
        (K.RECEIVED, (-1, 0)),
        (K.RECEIVED, (0, 1)),
        (K.USED, (1, 0)),
        (K.USED, (-11, 0)),
        (K.ADJUSTED, (-11, 0)),
        (K.QUARANTINED, (-11, 11)),
        (K.QUARANTINED, (-2, 1)),
        (K.CLEARED, (3, -3)),
        (K.DESTROYED, (0, -3)),
        (K.MOVED_IN, (-1, 0)),
    ],
)
def test_what_no_movement_may_do(kind: MovementKind, by: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"cannot"):
        moved(LEFT, kind, Balance(*map(Decimal, by)))


@given(st.lists(st.tuples(st.sampled_from(MovementKind), st.integers(-40, 40), st.integers(-40, 40))))
def test_the_sum_of_movements_is_what_is_left_and_never_negative(wishes: list[tuple[MovementKind, int, int]]) -> None:
    balance, done = Balance(), []
    for kind, quantity, apart in wishes:
        by = Balance(Decimal(quantity), Decimal(apart))
        try:
            balance = moved(balance, kind, by)
        except ValueError:
            continue
        done.append(by)
        assert balance.on_hand >= 0
        assert balance.in_quarantine >= 0

    assert balance == sum(done, Balance())


R, C, F, V = LocationKind


@pytest.mark.parametrize(
    ("kept_in", "fits"), [(R, {R, V}), (C, {C}), (F, {F}), (V, {V})], ids=["room", "refrigerator", "freezer", "vault"]
)
def test_what_is_kept_cold_or_locked_lies_nowhere_else(kept_in: LocationKind, fits: set[LocationKind]) -> None:
    assert {kind for kind in LocationKind if place_problem("it", kept_in, "there", kind) is None} == fits


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


SHORTENED = "A pharmacist shortened the expiry of lot A1"


@pytest.mark.parametrize(
    ("expires", "known", "said"),
    [
        (date(2028, 1, 1), date(2026, 4, 1), None),
        (date(2028, 1, 1), YESTERDAY, f"{SHORTENED} to 1 Mar 2026, which is over. Return it to the vendor."),
        (TODAY, date(2026, 4, 1), "Lot A1 is on file with expiry 1 Apr 2026, not 2 Mar 2026. Read the package again."),
    ],
)
def test_more_of_a_lot_whose_expiry_was_shortened(expires: date, known: date, said: str | None) -> None:
    assert receive_problem(expires, TODAY, known, "A1", is_shortened=True) == said


def test_whole_drafts_have_no_problem() -> None:
    assert ITEM.problems() == replace(ITEM, product_id=None, kind="supply").problems() == []
    assert RECEIPT.problems() == ARRIVAL.problems() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"unit": ""}, "unit"),
        ({"kind": "thing"}, "kind"),
        ({"product_id": None}, "product_id"),
        ({"ndc": "1"}, "ndc"),
        ({"gtin": "00304096533014"}, "gtin"),
        ({"kept_in": "cellar"}, "kept_in"),
        ({"reorder_point": Decimal(-1)}, "reorder_point"),
        ({"order_up_to": Decimal(5)}, "reorder_point"),
        ({"reorder_point": Decimal(5), "order_up_to": Decimal(5)}, "order_up_to"),
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
    ],
)
def test_each_field_of_an_arrival_is_judged(changed: dict[str, Any], field: str) -> None:
    assert [problem.field for problem in replace(ARRIVAL, **changed).problems()] == [field]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"vendor": " "}, "vendor"),
        ({"document_number": ""}, "document_number"),
        ({"has_transaction": None}, "has_transaction"),
        ({"has_transaction": False}, "without_because"),
    ],
)
def test_each_field_of_a_document_is_judged(changed: dict[str, Any], field: str) -> None:
    assert [problem.field for problem in replace(RECEIPT, **changed).problems()] == [field]
    assert replace(RECEIPT, has_transaction=False, without_because="supplies only").problems() == []


@pytest.mark.parametrize(("found", "is_taken"), [(None, False), (-1, False), (0, True), (3, True)])
def test_a_count_may_be_nothing_but_not_less(found: int | None, is_taken: bool) -> None:
    assert (CountDraft(None if found is None else Decimal(found)).problems() == []) is is_taken


@pytest.mark.parametrize(("quantity", "is_taken"), [(None, False), (0, False), (1, True)])
def test_waste_is_more_than_nothing(quantity: int | None, is_taken: bool) -> None:
    assert (WasteDraft(None if quantity is None else Decimal(quantity)).problems() == []) is is_taken
