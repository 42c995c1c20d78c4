"""What a query of the monitoring programme must say, and how a fill goes out: new, revised, void, or not at all."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from infusiondesk.prescriptions.rules import Dispensed, Ingredient, QueryDraft, ReportDraft, Status, gaps_of, status_of

A_FILL = Dispensed(
    rx="700001", written_on="20260301", refills="00", filled_on="20260302", refill="00", portion="00", quantity_ml="100", days="4",
    origin="05", payment="04", sig="morphine 60 mg", licence="051-1", pharmacist="ZZTEST Rowan", last_name="ZZTEST Alder",
    first_name="Marian", street="1 Elm St", city="Springfield", state="IL", postcode="62701", phone="2175550142",
    born_on="19640314", sex="F", prescriber_npi="1245319599", prescriber_dea="AB1234563", prescriber_last="ZZTEST Maplewood",
    prescriber_first="", ingredients=(Ingredient("00409189001", "morphine vial", "20", "mL"),),
)  # fmt: skip
NOW, OTHER = A_FILL.facts(), replace(A_FILL, quantity_ml="50").facts()


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (QueryDraft(), ["is_noted"]),
        (QueryDraft(True, " x"), ["seen"]),
        (QueryDraft(False), []),
        (QueryDraft(True, "two prescribers"), []),
        (ReportDraft(), ["first", "last"]),
        (ReportDraft(date(2026, 3, 2), date(2026, 3, 1)), ["last"]),
        (ReportDraft(date(2026, 3, 2), date(2026, 3, 2)), []),
    ],
)
def test_what_must_be_typed(draft: QueryDraft | ReportDraft, fields: list[str]) -> None:
    assert [one.field for one in draft.problems()] == fields


@pytest.mark.parametrize(
    ("now", "before", "last", "status"),
    [
        (NOW, None, None, Status.NEW),
        (NOW, NOW, Status.NEW, None),
        (NOW, OTHER, Status.NEW, Status.REVISED),
        (NOW, OTHER, Status.REVISED, Status.REVISED),
        (None, NOW, Status.REVISED, Status.VOID),
        (None, NOW, Status.VOID, None),
        (None, None, None, None),
        (NOW, NOW, Status.VOID, Status.NEW),
    ],
)
def test_how_a_fill_goes_out(
    now: dict[str, Any] | None, before: dict[str, Any] | None, last: Status | None, status: Status | None
) -> None:
    assert status_of(now, before, last) is status


def test_what_is_missing_is_named_and_nothing_is_invented() -> None:
    assert gaps_of(A_FILL) == []
    assert [one.words for one in Status] == ["new", "revised", "void"]
    assert Dispensed.of(NOW) == A_FILL
    bare = replace(A_FILL, street="", prescriber_dea="", ingredients=(Ingredient("", "morphine vial", "2", "each"),))
    assert gaps_of(bare) == ["the patient's street", "the prescriber's DEA number", "the NDC of morphine vial"]
    assert gaps_of(replace(A_FILL, ingredients=())) == ["what was taken for it"]
