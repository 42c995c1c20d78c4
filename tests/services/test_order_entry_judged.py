"""What the chart has beside an order is used when it is entered: a range by kidney function judges at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.catalog.queries import find_drugs
from infusiondesk.foundation.kernel.outcomes import NeedsReason
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import service as interactions
from infusiondesk.labs import service as labs
from infusiondesk.orders import queries
from infusiondesk.orders.documents import order_facts
from infusiondesk.orders.rules import Body
from infusiondesk.orders.screens.order_form import Around, Medicine, draft_of, live_words
from infusiondesk.orders.screens.showing import differences
from infusiondesk.patients.queries import chart_facts
from infusiondesk.workflows.order_entry import change_order, clearance_on_file, enter_order
from tests.beginnings import Recipe
from tests.lab_messages import CREATININE, message
from tests.pharmacy import Pharmacy
from tests.services.test_labs import mrn_of
from tests.services.test_order_entry import weighs
from tests.services.test_recall_of_catalog import RANGE
from tests.story import a_patient, an_order, an_order_draft, the_catalog


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def test_a_range_by_kidney_function_judges_the_order_when_it_is_entered(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    weighs(pharmacy, patient_id, "80")
    low = replace(RANGE, low="10", high="50", unit="mg", clearance_below="200")
    pharmacy.do(interactions.enter_dose, draft=low)
    draft = an_order_draft(pharmacy, patient_id)
    assert pharmacy.ask(clearance_on_file, patient_id=patient_id) is None
    pharmacy.do(enter_order, by=Role.TECHNICIAN, patient_id=patient_id, draft=draft)  # no creatinine: nothing to judge by

    pharmacy.clock.advance(minutes=1)
    pharmacy.do(labs.take_in, by=Role.TECHNICIAN, name="results.hl7", data=message(mrn_of(pharmacy, patient_id), CREATININE))
    clearance = pharmacy.ask(clearance_on_file, patient_id=patient_id)
    assert clearance is not None and Decimal(20) < clearance < Decimal(200)

    asked = "ten times or more outside the usual 10 to 50 mg"
    with pytest.raises(NeedsReason, match=asked):
        pharmacy.do(enter_order, by=Role.TECHNICIAN, patient_id=patient_id, draft=draft)
    (row,) = pharmacy.ask(queries.orders_of, patient_id=patient_id)
    with pytest.raises(NeedsReason, match="Why does Rx"):
        pharmacy.do(change_order, order_id=row.order_id, draft=draft, reasons={"orders.usual_dose": "the prescriber wrote it so"})


def test_the_form_says_what_was_not_judged_as_soon_as_the_knowledge_is_read(file_pharmacy: Pharmacy) -> None:
    patient_id = a_patient(file_pharmacy)
    patient = file_pharmacy.ask(chart_facts, patient_id=patient_id)
    medicine = Medicine.of(file_pharmacy.ask(find_drugs, words="ceftriaxone")[0])
    knowledge = file_pharmacy.ask(interactions.knowledge_now)
    body = Body.of(patient, file_pharmacy.clock.now().date())
    draft = an_order_draft(file_pharmacy, patient_id, pattern="continuous", interval_hours=None, infusion_minutes=None)

    assert live_words(draft, Around(medicine, patient, body)).unjudged == ()
    told = live_words(draft, Around(medicine, patient, body, knowledge))
    assert "was not judged by weight, age or kidney function: no range" in told.unjudged[0]
    assert told.amiss == (
        "HOLD: cefTRIAXone by continuous infusion: the catalog names IV push or intermittent infusion (nobody has signed the row).",
    )


def test_a_rate_in_steps_and_a_rise_are_kept_and_stand_in_the_difference_of_the_next_version(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    weighs(pharmacy, patient_id, "80")
    globulin: dict[str, Any] = {
        "dose_amount": Decimal(40), "volume_ml": Decimal(400), "interval_hours": Decimal(672), "infusion_minutes": None,
        "stop_on": date(2026, 6, 1), "rate_steps": "0.5 mL/kg/h for 30 min\n2 mL/kg/h to the end",
    }  # fmt: skip
    version_id = an_order(pharmacy, patient_id, "gammagard liquid", **globulin)
    row = pharmacy.ask(queries.order_version, version_id=version_id)
    assert (row.rate_plan, row.infusion_minutes, row.rate_ml_per_h, row.worked_kg) == (
        "40 mL/h for 30 min, then 160 mL/h for 143 min", Decimal(173), None, Decimal(80),
    )  # fmt: skip
    assert not any("rate" in line["words"] and line["level"] for line in row.working)  # its own label, not that of another brand
    facts = dict(order_facts(row))
    assert (facts["Rate"], facts["Rate steps"]) == (row.rate_plan, "0.5 mL/kg/h for 30 min; 2 mL/kg/h to the end")

    slower = replace(draft_of(row), rate_steps="0.5 mL/kg/h for 60 min\n1 mL/kg/h", received_by="fax", received_at=row.received_at)
    changed = pharmacy.do(
        change_order, order_id=row.order_id, draft=slower, reasons={"orders.change": "flushed at the faster rate"}
    )
    after = pharmacy.ask(queries.order_version, version_id=changed)
    assert {label for label, _, _ in differences(after, row)} >= {"Rate", "Rate steps"}

    rise = {
        "dose_amount": None,
        "dose_unit": "units",
        "desired_rise_percent": Decimal(40),
        "method": "IV push",
        "infusion_minutes": None,
    }
    factor = pharmacy.ask(queries.order_version, version_id=an_order(pharmacy, patient_id, "factor viii", **rise))
    assert (factor.dose_amount, factor.desired_rise_percent, factor.worked_kg) == (Decimal(1600), Decimal(40), Decimal(80))
    assert dict(order_facts(factor))["Desired rise"] == "40%"
