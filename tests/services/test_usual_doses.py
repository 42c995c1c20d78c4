"""A range of this pharmacy's own is entered, judges orders at entry and at verification, is signed, corrected and switched off."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import queries, service
from infusiondesk.interactions.queries import AlertRow, ScreeningRow
from infusiondesk.interactions.rules.editing import RuleDraft
from infusiondesk.interactions.rules.rows import RowKind
from infusiondesk.interactions.service.knowledge_lists import RuleRow
from infusiondesk.workflows.verify_order import screen_order
from tests.beginnings import Recipe
from tests.pharmacy import Pharmacy
from tests.services.knowledge_story import CORRECTED
from tests.story import a_patient, an_order, the_catalog

PIC = Role.PHARMACIST_IN_CHARGE
NO_RANGE = "no range with a source is on file."


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def a_range(**more: Any) -> RuleDraft:
    """ZZTEST numbers of no label: they are only there to be outside of."""
    plain = RuleDraft(kind=RowKind.DOSE, side_a="ceftriaxone", low="100", high="500", unit="mg", source="ZZTEST label")
    return replace(plain, **more)


def ranges(pharmacy: Pharmacy, words: str = "ceftriaxone") -> list[RuleRow]:
    return list(pharmacy.ask(service.rules_found, kind=RowKind.DOSE, text=words).rows)


def screened(pharmacy: Pharmacy, version_id: UUID) -> ScreeningRow:
    pharmacy.do(screen_order, version_id=version_id)
    found = pharmacy.ask(queries.screening_of, order_version_id=version_id)
    assert found is not None
    return found


def dose_alerts(found: ScreeningRow) -> list[AlertRow]:
    return [alert for alert in found.alerts if alert.b == "order:dose"]


def dose_gaps(found: ScreeningRow) -> list[str]:
    return [gap for gap in found.gaps if gap.startswith("The dose of")]


def test_only_the_two_ranges_that_somebody_read_are_shipped(pharmacy: Pharmacy) -> None:
    assert [(row.side_a, row.side_b) for row in ranges(pharmacy, "")] == [
        ("milrinone", "0.375 to 0.75 mcg/kg/min"), ("alpha-1 proteinase inhibitor", "60 mg/kg per dose"),
    ]  # fmt: skip


def test_a_range_that_is_entered_judges_at_once_and_names_who_signed(pharmacy: Pharmacy) -> None:
    version_id = an_order(pharmacy, a_patient(pharmacy))
    before = screened(pharmacy, version_id)
    assert dose_alerts(before) == []
    assert dose_gaps(before) == [f"The dose of cefTRIAXone was not judged by weight, age or kidney function: {NO_RANGE}"]
    assert not before.is_complete

    assert pharmacy.do(service.enter_dose, draft=a_range()) == "ceftriaxone"

    (row,) = ranges(pharmacy)
    assert (row.rule, row.side_b, row.standing) == ("Dose", "100 to 500 mg per dose", "unsigned")
    now = screened(pharmacy, version_id)
    assert dose_gaps(now) == []
    (alert,) = dose_alerts(now)
    assert (alert.level, alert.rules, alert.sources, alert.unsigned_rules) == ("WARN", ("R40",), ("ZZTEST label",), ("R40",))
    assert alert.text == (
        "2,000 mg is outside the usual 100 to 500 mg (ZZTEST label); nobody has signed the row: compare with the source"
    )
    pharmacy.do(service.sign_rules, by=PIC, seen=[(row.id, row.version)], reasons={"knowledge.compared": "label"})
    (alert,) = dose_alerts(screened(pharmacy, version_id))
    assert "the row is signed by ZZTEST Pharmacist In Charge" in alert.text
    assert [(used.key, used.version, used.signed_by) for used in alert.used] == [
        (row.id, row.version, "ZZTEST Pharmacist In Charge")
    ]


def test_a_dose_ten_times_outside_a_range_of_our_own_is_asked_back_at_entry(pharmacy: Pharmacy) -> None:
    pharmacy.do(service.enter_dose, draft=a_range(low="1", high="20"))
    with pytest.raises(NeedsReason, match=r"ten times or more outside the usual 1 to 20 mg \(ZZTEST label\)"):
        an_order(pharmacy, a_patient(pharmacy))


def test_what_is_missing_for_a_range_is_said(pharmacy: Pharmacy) -> None:
    version_id = an_order(pharmacy, a_patient(pharmacy))
    pharmacy.do(service.enter_dose, draft=a_range(clearance_below="30"))
    (gap,) = dose_gaps(screened(pharmacy, version_id))
    assert gap.endswith("not judged by kidney function: the ranges on file differ by creatinine clearance, and none is on file.")

    pharmacy.do(screen_order, version_id=version_id, results={"creatinine_clearance": Decimal(20)})
    found = pharmacy.ask(queries.screening_of, order_version_id=version_id)
    assert found is not None
    assert (len(dose_alerts(found)), dose_gaps(found)) == (1, [])


def test_a_range_is_corrected_switched_off_and_never_entered_twice(pharmacy: Pharmacy) -> None:
    version_id = an_order(pharmacy, a_patient(pharmacy))
    pharmacy.do(service.enter_dose, draft=a_range())
    with pytest.raises(Refused, match="Correct that one"):
        pharmacy.do(service.enter_dose, draft=a_range(low="200"))
    (row,) = ranges(pharmacy)
    draft = replace(pharmacy.ask(service.rule_history, row_key=row.id).draft, high="2000")
    pharmacy.do(service.correct_rule, row_key=row.id, draft=draft, reasons=CORRECTED)
    assert dose_alerts(screened(pharmacy, version_id)) == []

    pharmacy.do(service.switch_rule_off, by=PIC, row_key=row.id, reasons={"knowledge.off": "wrong"})
    assert dose_gaps(screened(pharmacy, version_id))[0].endswith(NO_RANGE)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"side_a": "ceftriaxon"}, "side_a", "do you mean ceftriaxone"),
        ({"side_a": "@aminoglycoside"}, "side_a", "Name one medicine"),
        ({"low": "-1"}, "low", "Enter a number"),
        ({"unit": "mg per kg"}, "unit", "Enter a unit"),
        ({"source": ""}, "source", "Name the source"),
    ],
)
def test_a_range_that_cannot_be_read_is_refused_in_one_sentence(
    file_pharmacy: Pharmacy, typed: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        file_pharmacy.do(service.enter_dose, draft=a_range(**typed))
    assert refused.value.field == field
    with pytest.raises(Refused, match="pharmacist"):
        file_pharmacy.do(service.enter_dose, by=Role.TECHNICIAN, draft=a_range())
