"""The biennial inventory: what must be typed, what is estimated, when the next is due, what keeps a name back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D

import pytest

from infusiondesk.inventory.rules.biennial import (
    BiennialDraft,
    ExtraDraft,
    FoundDraft,
    difference_words,
    due_on,
    estimate_problem,
    open_words,
)
from infusiondesk.inventory.rules.controlled import controlled_receipt_problem
from infusiondesk.inventory.rules.drafts import ReceiptDraft


@dataclass(frozen=True)
class Line:
    expected: D | None
    found: D | None
    item: str = "morphine vial"
    lot_number: str = "MO-1"
    unit: str = "vial"


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (BiennialDraft(), ["taken_at"]),
        (BiennialDraft("close of business"), []),
        (FoundDraft(), ["found"]),
        (FoundDraft(D(-1)), ["found"]),
        (FoundDraft(D(0)), []),
        (ExtraDraft(unit=" "), ["item", "schedule", "location", "unit", "found"]),
        (ExtraDraft("morphine 60 mg bag", "CII", "Refrigerator", "bag", D(2)), []),
        (ReceiptDraft("ZZTEST Wholesale", "INV 1", has_transaction=True, supplier_dea="RZ1234567"), ["supplier_dea"]),
        (ReceiptDraft("ZZTEST Wholesale", "INV 1", has_transaction=True, supplier_dea="rz1234563"), []),
    ],
)
def test_what_must_be_typed(draft: BiennialDraft | FoundDraft | ExtraDraft | ReceiptDraft, fields: list[str]) -> None:
    assert [one.field for one in draft.problems()] == fields


@pytest.mark.parametrize(
    ("schedule", "order_form", "supplier", "field"),
    [
        (None, "", "", None),
        ("CII", "", "RZ1234563", "order_form"),
        ("CII", "26AB00017", "", "supplier_dea"),
        ("CIV", "", "", "supplier_dea"),
        ("CIV", "", "RZ1234563", None),
    ],
)
def test_with_what_a_controlled_drug_is_received(schedule: str | None, order_form: str, supplier: str, field: str | None) -> None:
    found = controlled_receipt_problem("a vial", schedule, order_form, supplier)
    assert (found.field if found else None) == field


def test_only_what_is_not_c2_is_estimated() -> None:
    assert estimate_problem("CII", is_estimate=True) is not None
    assert estimate_problem("CII", is_estimate=False) is None
    assert estimate_problem("CIV", is_estimate=True) is None


def test_when_the_next_is_due() -> None:
    assert due_on(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert due_on(date(2026, 3, 2), 12) == date(2027, 3, 2)
    assert due_on(None, 24) is None


def test_what_keeps_a_name_back() -> None:
    assert open_words([Line(D(10), D(10)), Line(None, None)]) == "1 line not counted yet: morphine vial, lot MO-1."
    assert open_words([Line(D(10), D(8))]) is None
    assert difference_words([Line(D(10), D(10)), Line(None, D(2)), Line(D(3), None)]) == ""
    told = difference_words([Line(D(10), D(8)), Line(D(1), D(0))])
    first = "morphine vial, lot MO-1: 8 vials found, 10 vials by the balance"
    assert told == f"{first}; morphine vial, lot MO-1: 0 vials found, 1 vial by the balance."
