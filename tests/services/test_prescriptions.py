"""Prescriptions: found, filled within their terms, with originals, counsel and a signed day; on both databases."""

from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

import pytest

from infusiondesk.dispensing import service as dispensing
from infusiondesk.foundation.kernel.outcomes import NeedsSignature, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.orders import service as orders
from infusiondesk.patients import service as patients
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.rules.entries import PlaceDraft
from infusiondesk.patients.rules.words import PlaceKind
from infusiondesk.prescriptions import queries, service
from infusiondesk.prescriptions.rules import CounselDraft, How, Reply
from tests import deliveries
from tests.beginnings import Recipe
from tests.clean_room import VANCOMYCIN, a_stocked_clean_room
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_billing_month import bags_made, packed
from tests.story import a_patient, a_verified_order, an_order, an_order_draft, order_of

PDF = b"%PDF-1.7\nZZTEST fax\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n and so on IEND...."
TODAY = date(2026, 3, 2)
SPOKE = CounselDraft(How.TELEPHONE, Reply.ACCEPTED, "ZZTEST Alder, Marian", "storage, pump, when to call")


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def prescribed(pharmacy: Pharmacy, patient_id: UUID, **more: object) -> UUID:
    terms = {"start_on": TODAY, "stop_on": date(2026, 4, 6), "written_on": date(2026, 3, 1), **more}
    return a_verified_order(pharmacy, patient_id, "vancomycin", **{**VANCOMYCIN, **terms})


def filled(pharmacy: Pharmacy, patient_id: UUID, version_id: UUID) -> UUID:
    """Four bags made, released by the second pharmacist, and sent; returns the ticket."""
    bags_made(pharmacy, version_id)
    return sent_again(pharmacy, patient_id)


def sent_again(pharmacy: Pharmacy, patient_id: UUID) -> UUID:
    if pharmacy.ask(chart_facts, patient_id=patient_id).place is None:
        place = PlaceDraft(PlaceKind.OWN_HOME, "", TODAY)
        pharmacy.do(patients.set_place_of_care, by=Role.INTAKE, patient_id=patient_id, draft=place)
    ticket_id = new_ticket(pharmacy, patient_id)
    pharmacy.do(dispensing.ship_ticket, by=Role.TECHNICIAN, ticket_id=ticket_id)
    return ticket_id


def new_ticket(pharmacy: Pharmacy, patient_id: UUID) -> UUID:
    """A ticket for the bags that stand on none yet."""
    return deliveries.packed(pharmacy, patient_id)


def sign(pharmacy: Pharmacy, who: str = SECOND_PHARMACIST) -> None:
    """Look at the day and sign what is there."""
    seen = queries.signed_fills(pharmacy.ask(queries.fill_log, day=TODAY).fills, pharmacy.actor(who).id)
    pharmacy.do(service.sign_fill_log, by=who, on=TODAY, seen=seen)


def whole(pharmacy: Pharmacy, version_id: UUID) -> queries.PrescriptionRecord:
    return pharmacy.ask(queries.prescription, order_id=order_of(pharmacy, version_id))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [700002, 700001]),
        ("700001", [700001]),
        ("7000", [700002, 700001]),
        ("alder", [700001]),
        ("BIRCH ceftriaxone", [700002]),
        ("alder ceftriaxone", []),
        ("vancomycin", [700001]),
        ("3/10/2026", [700002]),
        ("2 Mar 2026", [700002, 700001]),
        ("2026-03-01", [700001]),
        ("1 Jan 2026", []),
        ("40-", [700002, 700001]),
        ("%", []),
    ],
)
def test_a_prescription_is_found_by_number_patient_drug_and_date(pharmacy: Pharmacy, text: str, found: list[int]) -> None:
    prescribed(pharmacy, a_patient(pharmacy))
    birch = a_patient(pharmacy, last_name="ZZTEST Birch", prescriber_npi="1003000126")
    an_order(pharmacy, birch, "ceftriaxone", start_on=date(2026, 3, 10))

    result = pharmacy.ask(queries.find_prescriptions, text=text)

    assert [row.rx_number for row in result.rows] == found
    assert result.total == len(found)


def test_of_many_the_newest_are_shown_and_all_are_counted(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    for _ in range(3):
        an_order(pharmacy, patient_id)

    result = pharmacy.ask(queries.find_prescriptions, most=2)

    assert ([row.rx_number for row in result.rows], result.total) == ([700003, 700002], 3)


def test_each_fill_is_numbered_counted_and_found_by_the_day_it_left(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = prescribed(pharmacy, patient_id, refills=1)
    assert whole(pharmacy, version_id).row.refills_left == 1
    filled(pharmacy, patient_id, version_id)
    pharmacy.clock.set(datetime(2026, 3, 9, 15, 0, tzinfo=UTC))
    bags_made(pharmacy, version_id)
    first = whole(pharmacy, version_id)
    assert [(fill.number, fill.bags) for fill in first.fills] == [(1, 4)]
    assert queries_refusal(pharmacy, version_id) is None
    sent_again(pharmacy, patient_id)

    found = whole(pharmacy, version_id)

    assert [(fill.number, fill.bags, fill.version, fill.state) for fill in found.fills] == [
        (1, 4, 1, "on the road"), (2, 4, 1, "on the road"),
    ]  # fmt: skip
    assert {one.name for fill in found.fills for one in fill.released_by} == {"ZZTEST Second Pharmacist"}
    assert all(any("lot VX2209" in lot for lot in fill.lots) for fill in found.fills)
    assert (found.row.fills, found.row.refills_left, found.row.last_fill_on) == (2, 0, date(2026, 3, 9))
    assert [row.rx_number for row in pharmacy.ask(queries.find_prescriptions, text="9 Mar 2026").rows] == [700001]
    assert queries_refusal(pharmacy, version_id) == (
        "Rx 700001: It was filled 2 times, and 1 refill may follow the first: none is left."
    )


def queries_refusal(pharmacy: Pharmacy, version_id: UUID) -> str | None:
    order_id = order_of(pharmacy, version_id)
    return pharmacy.ask(lambda reading: queries.fill_refusal(reading, order_id=order_id))


def test_a_prescription_that_expired_is_not_filled(pharmacy: Pharmacy) -> None:
    version_id = prescribed(pharmacy, a_patient(pharmacy), written_on=date(2025, 3, 1))

    assert queries_refusal(pharmacy, version_id) == (
        "Rx 700001: It was written on 1 Mar 2025 and expired on 1 Mar 2026: ask for a new prescription."
    )


def test_what_is_packed_and_has_not_left_counts_when_the_next_is_packed(pharmacy: Pharmacy) -> None:
    """Two deliveries packed before either has left are two fills; a cancelled one is none."""
    patient_id = a_patient(pharmacy)
    version_id = prescribed(pharmacy, patient_id, refills=0)
    bags_made(pharmacy, version_id)
    ticket_id = packed(pharmacy, patient_id)

    assert queries_refusal(pharmacy, version_id) == (
        "Rx 700001: It was filled 1 time, and 0 refills may follow the first: none is left."
    )
    reasons = {"dispensing.cancelled": "packed by mistake"}
    pharmacy.do(dispensing.cancel_ticket, by=Role.TECHNICIAN, ticket_id=ticket_id, reasons=reasons)
    assert queries_refusal(pharmacy, version_id) is None


def test_a_change_that_nobody_verified_gives_no_refill_and_no_time(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = prescribed(pharmacy, patient_id, written_on=date(2025, 3, 1), refills=0)
    draft = changed(pharmacy, patient_id, written_on=TODAY, refills=9)
    pharmacy.do(orders.change_order, order_id=order_of(pharmacy, version_id), draft=draft, reasons=WHY)

    assert "expired on 1 Mar 2026" in str(queries_refusal(pharmacy, version_id))
    newest = whole(pharmacy, version_id).versions[-1]
    pharmacy.do(orders.sign_verification, by=SECOND_PHARMACIST, version_id=newest.id, patient_name="ZZTEST Alder")

    assert queries_refusal(pharmacy, version_id) is None
    assert whole(pharmacy, version_id).row.refills_left == 9


def test_nobody_signs_for_a_fill_that_he_did_not_see(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    filled(pharmacy, patient_id, prescribed(pharmacy, patient_id))

    with pytest.raises(Refused, match="These fills are not what you saw: more has left since"):
        pharmacy.do(service.sign_fill_log, by=SECOND_PHARMACIST, on=TODAY, seen=[])

    assert pharmacy.ask(queries.fill_log, day=TODAY).signed == ()


def test_a_prescription_is_not_written_after_it_came(pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="cannot be written after it came"):
        prescribed(pharmacy, a_patient(pharmacy), written_on=date(2026, 3, 3))


def test_a_ticket_that_never_left_is_no_fill(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = prescribed(pharmacy, patient_id)
    bags_made(pharmacy, version_id)
    packed(pharmacy, patient_id)

    assert whole(pharmacy, version_id).fills == ()
    assert pharmacy.ask(queries.fill_log, day=TODAY).fills == ()


def test_an_original_is_kept_as_it_came_and_only_once(pharmacy: Pharmacy) -> None:
    version_id = prescribed(pharmacy, a_patient(pharmacy))
    assert "No original is on file for version 1." in whole(pharmacy, version_id).missing

    original_id = pharmacy.do(service.keep_original, by=Role.INTAKE, version_id=version_id, name="fax.pdf", content=PDF)

    found = whole(pharmacy, version_id)
    assert [(one.name, one.media_type, one.size, one.version) for one in found.originals] == [
        ("fax.pdf", "application/pdf", len(PDF), 1)
    ]
    assert found.originals[0].sha256 == sha256(PDF).hexdigest()
    assert found.row.originals == 1
    assert not any("No original" in sentence for sentence in found.missing)
    row, content = pharmacy.ask(queries.original_content, original_id=original_id)
    assert (row.name, content) == ("fax.pdf", PDF)
    with pytest.raises(Refused, match="This very file is on the prescription already"):
        pharmacy.do(service.keep_original, by=Role.INTAKE, version_id=version_id, name="again.pdf", content=PDF)
    pharmacy.do(service.keep_original, by=Role.INTAKE, version_id=version_id, name="page 2.png", content=PNG)
    assert len(whole(pharmacy, version_id).originals) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "fax.pdf: The file is empty"),
        (b"MZ not a paper", "fax.pdf: The file is neither PDF nor PNG nor JPEG, whatever its name says"),
        (b"%PDF-" + bytes(10 * 1024 * 1024), "fax.pdf: The file has more than 10 MB"),
        (PDF[:-7], "fax.pdf: The file is cut off: its end is missing"),
        (PNG[:-8], "fax.pdf: The file is cut off: its end is missing"),
        (b"\xff\xd8\xff half a picture", "fax.pdf: The file is cut off: its end is missing"),
    ],
    ids=["empty", "a program", "too large", "half a PDF", "half a PNG", "half a JPEG"],
)
def test_what_is_no_original_is_refused_and_nothing_is_kept(pharmacy: Pharmacy, content: bytes, sentence: str) -> None:
    version_id = prescribed(pharmacy, a_patient(pharmacy))

    with pytest.raises(Refused, match=sentence):
        pharmacy.do(service.keep_original, by=Role.INTAKE, version_id=version_id, name="fax.pdf", content=content)
    with pytest.raises(Refused, match="To keep an original you need to be"):
        pharmacy.do(service.keep_original, by=Role.BILLER, version_id=version_id, name="fax.pdf", content=PDF)

    assert whole(pharmacy, version_id).originals == ()


def test_counsel_is_offered_by_many_and_given_by_a_pharmacist(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = prescribed(pharmacy, patient_id)
    filled(pharmacy, patient_id, version_id)
    wanted = "Version 1 was filled, and no answer to an offer of counsel is recorded for it."
    assert wanted in whole(pharmacy, version_id).missing

    missed = CounselDraft(How.TELEPHONE, Reply.NOT_REACHED)
    pharmacy.do(service.offer_counsel, by=Role.TECHNICIAN, version_id=version_id, draft=missed)
    assert wanted in whole(pharmacy, version_id).missing
    with pytest.raises(Refused, match="Only a pharmacist counsels"):
        pharmacy.do(service.offer_counsel, by=Role.TECHNICIAN, version_id=version_id, draft=SPOKE)
    pharmacy.clock.advance(minutes=5)
    pharmacy.do(service.offer_counsel, version_id=version_id, draft=SPOKE)

    found = whole(pharmacy, version_id)
    assert wanted not in found.missing
    assert [(one.reply, one.by) for one in found.offers] == [
        (Reply.NOT_REACHED, "ZZTEST Technician"), (Reply.ACCEPTED, "ZZTEST Pharmacist"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (CounselDraft(), "Say how it was offered"),
        (CounselDraft(How.VISIT), "Say what the answer was"),
        (CounselDraft(How.VISIT, Reply.DECLINED), "Enter with whom you spoke"),
        (CounselDraft(How.VISIT, Reply.ACCEPTED, "ZZTEST Alder"), "Say what was counselled about"),
    ],
)
def test_half_an_offer_is_refused(pharmacy: Pharmacy, draft: CounselDraft, sentence: str) -> None:
    version_id = prescribed(pharmacy, a_patient(pharmacy))

    with pytest.raises(Refused, match=sentence):
        pharmacy.do(service.offer_counsel, version_id=version_id, draft=draft)


def test_each_pharmacist_signs_for_the_fills_of_a_day_and_again_for_later_ones(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = prescribed(pharmacy, patient_id)
    filled(pharmacy, patient_id, version_id)
    day = pharmacy.ask(queries.fill_log, day=TODAY)
    assert ([one.name for one in day.to_sign], day.signed, len(day.fills)) == (["ZZTEST Second Pharmacist"], (), 1)
    with pytest.raises(Refused, match="You released nothing that left on 2 Mar 2026"):
        sign(pharmacy, Role.PHARMACIST)
    with pytest.raises(Refused, match="That day has not come yet"):
        pharmacy.do(service.sign_fill_log, by=SECOND_PHARMACIST, on=date(2026, 3, 3), seen=[])

    sign(pharmacy)

    day = pharmacy.ask(queries.fill_log, day=TODAY)
    assert (day.to_sign, [(row.pharmacist, row.fills, row.signature.holds) for row in day.signed]) == (
        (), [("ZZTEST Second Pharmacist", 1, True)],
    )  # fmt: skip
    with pytest.raises(Refused, match="You have signed for all your fills of 2 Mar 2026 already"):
        sign(pharmacy)

    pharmacy.do(orders.change_order, order_id=order_of(pharmacy, version_id), draft=changed(pharmacy, patient_id), reasons=WHY)
    newest = whole(pharmacy, version_id).versions[-1]
    pharmacy.do(orders.sign_verification, by=SECOND_PHARMACIST, version_id=newest.id, patient_name="ZZTEST Alder")
    filled(pharmacy, patient_id, newest.id)
    day = pharmacy.ask(queries.fill_log, day=TODAY)
    assert ([one.name for one in day.to_sign], len(day.fills)) == (["ZZTEST Second Pharmacist"], 2)
    sign(pharmacy)
    assert [(row.number, row.fills) for row in pharmacy.ask(queries.fill_log, day=TODAY).signed] == [(1, 1), (2, 2)]


WHY = {"orders.change": "prescriber's order"}


def changed(pharmacy: Pharmacy, patient_id: UUID, **more: object) -> object:
    terms = {"start_on": TODAY, "stop_on": date(2026, 4, 1), **more}
    return an_order_draft(pharmacy, patient_id, "vancomycin", **{**VANCOMYCIN, **terms})


def test_a_signature_that_was_not_given_signs_nothing(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    filled(pharmacy, patient_id, prescribed(pharmacy, patient_id))

    seen = queries.signed_fills(pharmacy.ask(queries.fill_log).fills, pharmacy.actor(SECOND_PHARMACIST).id)
    with pytest.raises(NeedsSignature):
        pharmacy.store.write(pharmacy.actor(SECOND_PHARMACIST), service.sign_fill_log, {"on": TODAY, "seen": seen})

    assert pharmacy.ask(queries.fill_log, day=TODAY).signed == ()


def test_a_controlled_drug_has_the_refills_of_its_schedule(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    with pytest.raises(Refused, match="A C-II prescription has no refill"):
        an_order(pharmacy, patient_id, "morphine", dose_amount=60, dose_unit="mg", refills=1, received_by="electronic")
    version_id = an_order(pharmacy, patient_id, "morphine", dose_amount=60, dose_unit="mg", received_by="electronic")

    found = whole(pharmacy, version_id)

    assert (found.schedule, found.row.refills_left, found.row.terms.expires_on) == ("CII", 0, None)
    assert "When it expires is not known here: the state's law decides." in found.missing
