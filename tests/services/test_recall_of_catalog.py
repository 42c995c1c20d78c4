"""What a recall finds beside corrected rules: the drug's row, ranges that came later, first-dose rows, and imported sets."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from infusiondesk.catalog import queries as catalog
from infusiondesk.catalog import service as catalog_service
from infusiondesk.catalog.rules import DrugDraft
from infusiondesk.catalog.rules import RowKind as CatalogKind
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import service
from infusiondesk.interactions.exchange.layers import by_our_names, read_mapped
from infusiondesk.interactions.queries import screening_of
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.editing import RuleDraft
from infusiondesk.interactions.rules.recall import ClosingDraft, RecallLine
from infusiondesk.interactions.rules.rows import RowKind
from infusiondesk.interactions.rules.words import RecallDone
from infusiondesk.orders.rules import Method
from infusiondesk.workflows.admission import sign_assessment
from infusiondesk.workflows.recall_knowledge import close_line, recall_lines
from infusiondesk.workflows.verify_order import screen_order
from tests.beginnings import Recipe, after
from tests.pharmacy import Pharmacy
from tests.services.knowledge_story import corrected, verified_beside
from tests.services.test_assessments import answered, charted, started
from tests.services.test_knowledge import CHOICE
from tests.story import a_patient, an_order, drug_id, the_signed_catalog

PIC = Role.PHARMACIST_IN_CHARGE
RANGE = RuleDraft(kind=RowKind.DOSE, side_a="ceftriaxone", low="1", high="2", unit="g", source="ZZTEST label", status="label")
SET = b"one,two,how,why,from\nwarfarin,ceftriaxone,major,INR moves,page 4\nwarfarin,sirolimus,major,nothing to do with it,page 5\n"


@after(the_signed_catalog)
def a_verified_ceftriaxone(pharmacy: Pharmacy) -> None:
    verified_beside(pharmacy, "warfarin")


@pytest.fixture
def begins_with() -> Recipe:
    return a_verified_ceftriaxone


def lines(pharmacy: Pharmacy) -> list[RecallLine]:
    return list(pharmacy.ask(recall_lines))


def another(pharmacy: Pharmacy, name: str = "ZZTEST Birch") -> UUID:
    return a_patient(pharmacy, last_name=name, born_on=date(1950, 5, 5))


def ceftriaxone(pharmacy: Pharmacy) -> DrugDraft:
    draft = pharmacy.ask(catalog.draft_of, kind=CatalogKind.DRUG, row_id=drug_id(pharmacy, "ceftriaxone"))
    assert isinstance(draft, DrugDraft)
    return draft


def correct(pharmacy: Pharmacy, draft: DrugDraft) -> None:
    reasons = {"catalog.correct": "the label was read"}
    pharmacy.do(catalog_service.correct_drug, row_id=drug_id(pharmacy, "ceftriaxone"), draft=draft, reasons=reasons)


def test_a_way_that_the_row_does_not_name_is_held_and_its_correction_recalls_what_was_verified(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    correct(pharmacy, replace(ceftriaxone(pharmacy), iv_ways=("push",)))

    (line,) = lines(pharmacy)
    assert (line.row, line.entity, line.is_stricter) == ("catalog row of cefTRIAXone", "order_version", True)
    assert (line.then, line.now) == ("into a vein: push or intermittent", "into a vein: push")
    assert (line.because, line.corrected_by) == ("the label was read", "ZZTEST Pharmacist")
    pharmacy.do(close_line, line_id=line.id, draft=ClosingDraft(RecallDone.NO_HARM, "the next bag goes as a push"))
    correct(pharmacy, replace(ceftriaxone(pharmacy), source="another page"))  # the source is no ground of an order
    assert [one.closing is None for one in lines(pharmacy)] == [False]

    version_id = an_order(pharmacy, another(pharmacy))
    pharmacy.do(screen_order, version_id=version_id)
    found = pharmacy.ask(screening_of, order_version_id=version_id)
    assert found is not None
    (held,) = [one for one in found.at(Level.HOLD) if "catalog names" in one.text]
    assert held.text == "cefTRIAXone by intermittent infusion: the catalog names IV push (nobody has signed the row)."
    pushed = an_order(pharmacy, another(pharmacy, "ZZTEST Cedar"), method=Method.IV_PUSH.value)
    pharmacy.do(screen_order, version_id=pushed)
    again = pharmacy.ask(screening_of, order_version_id=pushed)
    assert again is not None and not any("catalog names" in one.text for one in again.alerts)


def test_a_range_that_was_entered_after_the_verification_is_found(file_pharmacy: Pharmacy) -> None:
    file_pharmacy.clock.advance(hours=1)
    file_pharmacy.do(service.enter_dose, draft=replace(RANGE, side_a="warfarin", low="2", high="10", unit="mg"))
    assert lines(file_pharmacy) == []  # warfarin is a home medicine: the order is judged by no range of it

    file_pharmacy.do(service.enter_dose, draft=RANGE)

    (line,) = lines(file_pharmacy)
    assert (line.row, line.then, line.now) == ("Dose, ceftriaxone", "this range was not on file", "1 to 2 g per dose")


def test_a_set_that_is_enabled_or_removed_after_the_verification_is_found(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    read = read_mapped("county.csv", SET, CHOICE)
    layer = pharmacy.do(service.import_layer, read=read, content=by_our_names(read), file_name="county.csv")
    pharmacy.clock.advance(hours=1)
    assert lines(pharmacy) == []

    pharmacy.do(service.enable_layer, layer_id=layer)
    (line,) = lines(pharmacy)
    assert line.row.startswith("CTY ") and "warfarin" in line.row and "ceftriaxone" in line.row
    assert (line.then, line.now[:4]) == ("the set was not enabled, WARN by other rows", "HOLD")
    assert (line.because, line.corrected_by) == ("set CTY enabled", "ZZTEST Pharmacist")

    pharmacy.clock.advance(hours=1)
    verified_beside(pharmacy, "warfarin", patient_id=another(pharmacy))
    assert len(lines(pharmacy)) == 1  # the second one was screened with the set
    pharmacy.clock.advance(hours=1)
    pharmacy.do(service.disable_layer, layer_id=layer, reasons={"knowledge.disable": "too many alerts"})
    (line,) = lines(pharmacy)
    assert (line.then[:4], line.now, line.is_stricter) == ("HOLD", "the set CTY is disabled", False)
    assert line.because == "too many alerts"


def test_a_first_dose_row_that_changed_recalls_the_assessments_of_its_drug(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy, another(pharmacy))
    pharmacy.do(screen_order, version_id=an_order(pharmacy, patient_id))
    pharmacy.do(sign_assessment, assessment_id=started(pharmacy, patient_id), draft=answered())
    pharmacy.clock.advance(hours=1)

    corrected(pharmacy, "weeks gap immune globulin", amount="6")
    assert lines(pharmacy) == []  # ceftriaxone is no immune globulin
    corrected(pharmacy, "longest way to an emergency department", amount="45")
    corrected(pharmacy, "longest way to an emergency department", amount="30")

    (line,) = lines(pharmacy)
    assert (line.entity, line.patient_id) == ("assessment", patient_id)
    assert (line.then, line.now) == ("60 minutes", "30 minutes")
    assert line.subject.startswith("assessment 1, signed 2 Mar 2026; Rx ")
