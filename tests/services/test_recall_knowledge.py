"""A corrected rule or stability row is recalled: every decision and preparation on it, until each line is closed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from infusiondesk.catalog import queries as catalog
from infusiondesk.catalog import service as catalog_service
from infusiondesk.catalog.rules import RowKind, StabilityDraft
from infusiondesk.compounding import queries as compounding_queries
from infusiondesk.compounding import service as compounding
from infusiondesk.dispensing import service as dispensing
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import service as interactions
from infusiondesk.interactions.rules.recall import ClosingDraft, RecallLine, Relied
from infusiondesk.interactions.rules.words import RecallDone
from infusiondesk.patients import service as patients
from infusiondesk.patients.rules.entries import PlaceDraft
from infusiondesk.patients.rules.words import PlaceKind
from infusiondesk.workflows.recall_knowledge import close_line, recall_lines
from tests import deliveries
from tests.beginnings import Recipe
from tests.clean_room import a_stocked_clean_room, labelled
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.knowledge_story import corrected, screened_with, verified_beside
from tests.story import a_patient, an_order

PIC = Role.PHARMACIST_IN_CHARGE


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def lines(pharmacy: Pharmacy) -> list[RecallLine]:
    return list(pharmacy.ask(recall_lines))


def test_a_verification_on_the_old_version_is_listed_until_it_is_closed(pharmacy: Pharmacy) -> None:
    version_id = verified_beside(pharmacy, "warfarin")
    assert lines(pharmacy) == []

    corrected(pharmacy, "P39", level="HOLD", advice="INR twice a week")

    (line,) = lines(pharmacy)
    assert (line.kind, line.entity_id, line.patient) == (Relied.DECISION, version_id, "ZZTEST Alder, Marian")
    assert line.row == "P39, ceftriaxone with warfarin"
    assert (line.then, line.now) == ("WARN: INR up: INR", "HOLD: INR up: INR twice a week")
    assert line.is_stricter
    assert (line.because, line.corrected_by) == ("the label says more now", "ZZTEST Pharmacist")
    assert "version 1" in line.subject and "ZZTEST Second Pharmacist" in line.subject

    for draft, sentence in ((ClosingDraft(), "Choose what was done"), (ClosingDraft(RecallDone.CONTACTED, "called"), "Say how")):
        with pytest.raises(Refused, match=sentence):
            pharmacy.do(close_line, line_id=line.id, draft=draft)
    with pytest.raises(Refused, match="you need to be a pharmacist"):
        pharmacy.do(close_line, by=Role.NURSE, line_id=line.id, draft=ClosingDraft())
    pharmacy.do(close_line, line_id=line.id, draft=ClosingDraft(RecallDone.CONTACTED, "prescriber adds an INR on Friday"))

    (closed,) = lines(pharmacy)
    assert closed.closing is not None
    assert (closed.closing.done, closed.closing.by) == ("patient or prescriber contacted", "ZZTEST Pharmacist")
    with pytest.raises(Refused, match="has closed this line already"):
        pharmacy.do(close_line, line_id=line.id, draft=ClosingDraft(RecallDone.NO_HARM, "once more, to be sure"))


def test_a_second_correction_opens_the_line_again_and_the_first_closing_stays(pharmacy: Pharmacy) -> None:
    verified_beside(pharmacy, "warfarin")
    corrected(pharmacy, "P39", level="HOLD")
    pharmacy.do(close_line, line_id=lines(pharmacy)[0].id, draft=ClosingDraft(RecallDone.NO_HARM, "INR was 2.3 on Monday"))

    corrected(pharmacy, "P39", level="STOP")

    first, second = lines(pharmacy)
    assert (first.closing, first.now[:4]) == (None, "STOP")
    assert second.closing is not None and second.now.startswith("HOLD")


def test_a_verification_at_which_the_rule_was_silent_is_listed_too(pharmacy: Pharmacy) -> None:
    verified_beside(pharmacy, "sirolimus")

    corrected(pharmacy, "P39", side_b="warfarin; sirolimus")

    (line,) = lines(pharmacy)
    assert (line.then, line.is_stricter) == ("the rule was silent", True)


def test_a_verification_made_while_the_rule_was_off_is_listed_when_it_is_on_again(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    (row,) = pharmacy.ask(interactions.rules_found, text="P39").rows
    corrected(pharmacy, "P39", level="HOLD")
    pharmacy.do(interactions.switch_rule_off, by=PIC, row_key=row.id, reasons={"knowledge.off": "noise"})
    pharmacy.clock.advance(hours=1)
    version_id = verified_beside(pharmacy, "warfarin")
    pharmacy.clock.advance(hours=1)
    assert lines(pharmacy) == []

    pharmacy.do(interactions.switch_rule_on, by=PIC, row_key=row.id)

    (line,) = lines(pharmacy)
    assert (line.entity_id, line.row) == (version_id, "P39, ceftriaxone with warfarin")
    assert (line.then, line.now[:4], line.is_stricter) == ("the rule was off", "HOLD", True)
    assert (line.because, line.corrected_by) == ("switched on", "ZZTEST Pharmacist In Charge")


def test_a_rule_that_was_on_at_the_verification_and_did_not_apply_is_not_listed_when_it_is_on_again(
    file_pharmacy: Pharmacy,
) -> None:
    pharmacy = file_pharmacy
    corrected(pharmacy, "P39", condition="newborn")
    pharmacy.clock.advance(hours=1)
    verified_beside(pharmacy, "warfarin")
    pharmacy.clock.advance(hours=1)
    (row,) = pharmacy.ask(interactions.rules_found, text="P39").rows
    pharmacy.do(interactions.switch_rule_off, by=PIC, row_key=row.id, reasons={"knowledge.off": "noise"})
    pharmacy.clock.advance(hours=1)
    pharmacy.do(interactions.switch_rule_on, by=PIC, row_key=row.id)
    assert lines(pharmacy) == []

    corrected(pharmacy, "P39", condition="")
    assert [line.then for line in lines(pharmacy)] == ["the rule was silent"]


def test_an_order_that_nobody_verified_is_screened_again_anyway_and_not_listed(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = a_patient(pharmacy)
    an_order(pharmacy, patient_id)
    screened_with(pharmacy, patient_id, "warfarin")
    corrected(pharmacy, "P39", level="HOLD")
    assert lines(pharmacy) == []


def test_bags_on_a_corrected_stability_are_listed_where_they_are(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    batch_id = labelled(pharmacy)
    pharmacy.do(compounding.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)
    whole = pharmacy.ask(compounding_queries.batch_of, batch_id=batch_id)
    row_id = UUID(whole.worksheet.stability_id)
    draft = pharmacy.ask(catalog.draft_of, kind=RowKind.STABILITY, row_id=row_id)
    assert isinstance(draft, StabilityDraft)
    assert lines(pharmacy) == []

    shorter = replace(draft, hours=Decimal(48))
    reasons = {"catalog.correct": "a study found precipitation"}
    pharmacy.do(catalog_service.correct_stability, row_id=row_id, draft=shorter, reasons=reasons)

    (line,) = lines(pharmacy)
    assert (line.kind, line.entity_id, line.is_stricter, line.because) == (
        Relied.PREPARED, batch_id, True, "a study found precipitation",
    )  # fmt: skip
    assert "4 bags here" in line.subject
    assert line.then.startswith("1512 hours")
    assert line.now.startswith("48 hours")

    bags = pharmacy.ask(compounding_queries.released_bags, patient_id=line.patient_id)
    send(pharmacy, line.patient_id, [bag.id for bag in bags[:1]])
    assert [(one.kind, one.subject.split(";")[0]) for one in lines(pharmacy)] == [
        (Relied.AT_HOME, "B-2603-0001, 1 bag at home or on the road"),
        (Relied.PREPARED, "B-2603-0001, 3 bags here, batch released"),
    ]


def test_another_source_for_the_same_hours_recalls_nothing(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    batch_id = labelled(pharmacy)
    row_id = UUID(pharmacy.ask(compounding_queries.batch_of, batch_id=batch_id).worksheet.stability_id)
    draft = pharmacy.ask(catalog.draft_of, kind=RowKind.STABILITY, row_id=row_id)
    assert isinstance(draft, StabilityDraft)
    told = replace(draft, note="seen again")
    pharmacy.do(catalog_service.correct_stability, row_id=row_id, draft=told, reasons={"catalog.correct": "a second look"})
    assert lines(pharmacy) == []


def send(pharmacy: Pharmacy, patient_id: UUID, bag_ids: list[UUID]) -> None:
    place = PlaceDraft(PlaceKind.OWN_HOME, "", date(2026, 3, 2))
    pharmacy.do(patients.set_place_of_care, by=Role.INTAKE, patient_id=patient_id, draft=place)
    ticket_id = deliveries.packed(pharmacy, patient_id, bag_ids)
    pharmacy.do(dispensing.ship_ticket, by=Role.TECHNICIAN, ticket_id=ticket_id)
