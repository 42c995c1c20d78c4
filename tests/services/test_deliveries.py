"""Deliveries from the scanner to the proof, and what comes back: each step at the service, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.catalog.records import Drug
from infusiondesk.compounding.records import Bag
from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.records import TicketLine
from infusiondesk.dispensing.rules import (
    CalendarDraft,
    CallDraft,
    DayDraft,
    DestructionDraft,
    JudgementDraft,
    KeptFile,
    LeftDraft,
    PackOutDraft,
    ShipDraft,
    ShipperDraft,
    State,
    Work,
)
from infusiondesk.foundation.kernel.outcomes import NeedsReason, NeedsSignature, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.unit_of_work import Answers, UnitOfWork
from infusiondesk.orders import service as orders
from infusiondesk.patients import service as patients
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.entries import StayDraft
from infusiondesk.staff.queries import printing_of
from tests.beginnings import START as BEGINNING
from tests.beginnings import Recipe, after
from tests.clean_room import VANCOMYCIN, a_stocked_clean_room
from tests.deliveries import NO_SHIPPER, TECH, at_home, confirmed, packed, png, received, shipped
from tests.pharmacy import Pharmacy
from tests.services.test_billing_month import bags_made
from tests.story import a_patient, a_verified_order, an_order_draft, order_of

START = date(2026, 3, 3)
PAPER = KeptFile("signed.pdf", b"%PDF-1.7\nZZTEST signed ticket\n%%EOF\n")


@after(a_stocked_clean_room)
def bags_of_vancomycin(pharmacy: Pharmacy) -> None:
    """A patient at home with four released bags, made in the hour before; the shelf and the catalog behind them."""
    patient_id, version_id = ordered(pharmacy)
    at_home(pharmacy, patient_id)
    pharmacy.clock.set(BEGINNING - timedelta(minutes=55))
    bags_made(pharmacy, version_id)
    pharmacy.clock.set(BEGINNING)


@after(bags_of_vancomycin)
def a_packed_box(pharmacy: Pharmacy) -> None:
    """The four bags are packed and signed; the box stands here."""
    packed(pharmacy, made(pharmacy)[0])


@after(a_packed_box)
def a_box_on_the_road(pharmacy: Pharmacy) -> None:
    """And the driver has left with it."""
    shipped(pharmacy, in_the_box(pharmacy).id)


@pytest.fixture
def begins_with(request: pytest.FixtureRequest) -> Recipe:
    recipe: Recipe = getattr(request, "param", bags_of_vancomycin)
    return recipe


PACKED = pytest.mark.parametrize("begins_with", [a_packed_box], indirect=True, ids=["packed"])
ON_THE_ROAD = pytest.mark.parametrize("begins_with", [a_box_on_the_road], indirect=True, ids=["on the road"])


def ordered(pharmacy: Pharmacy, **more: object) -> tuple[UUID, UUID]:
    patient_id = a_patient(pharmacy, street="12 Alder Lane", city="Springfield", state="IL", postcode="62704")
    return patient_id, a_verified_order(pharmacy, patient_id, "vancomycin", **{**VANCOMYCIN, **more})


def made(pharmacy: Pharmacy) -> tuple[UUID, UUID]:
    """The patient and the order version of the four bags: every 12 hours from the 3rd on."""
    (waiting,) = [one for one in pharmacy.ask(queries.bags_to_send) if one.patient.startswith("ZZTEST Alder")]
    return waiting.id, waiting.bags[0].order.id


def in_the_box(pharmacy: Pharmacy) -> queries.TicketRow:
    """The one delivery that is under way."""
    (ticket,) = pharmacy.ask(queries.open_tickets)
    return ticket


def row(pharmacy: Pharmacy, ticket_id: UUID) -> queries.TicketRow:
    return pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)


def test_from_the_list_over_the_scanner_to_the_bill(pharmacy: Pharmacy) -> None:
    patient_id, version_id = made(pharmacy)
    (waiting,) = pharmacy.ask(queries.bags_to_send)
    assert waiting.due is not None
    assert (waiting.due.run_out, waiting.late, waiting.cannot) == (START, "", ())
    assert waiting.due.because == "First delivery: there for the first dose on 3 Mar 2026."

    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    assert pharmacy.ask(queries.bags_to_send) == []
    begun = row(pharmacy, ticket_id)
    assert [line.dose_at and f"{line.dose_at:%d %H}" for line in begun.lines] == ["03 08", "03 20", "04 08", "04 20"]
    with pytest.raises(Refused, match=r"4 items of ticket D-2603-0001 are not scanned yet\."):
        pharmacy.do(service.finish_packing, by=TECH, ticket_id=ticket_id)
    first, *others = [bag.barcode for bag in begun.bags]
    seen = pharmacy.do(service.scan_bag, by=TECH, ticket_id=ticket_id, text=f" {first.lower()} ")
    assert (seen.barcode, seen.left, seen.lot, seen.what) == (first, 3, "B-2603-0001", begun.bags[0].name)
    assert [one.bags for one in pharmacy.ask(queries.pick_list)] == [3]
    for barcode in others:
        pharmacy.do(service.scan_bag, by=TECH, ticket_id=ticket_id, text=barcode)
    pharmacy.do(service.finish_packing, by=TECH, ticket_id=ticket_id, reasons=NO_SHIPPER)

    done = row(pharmacy, ticket_id)
    assert (done.state, done.work, done.left_to_scan) == (State.PACKED, Work.SHIP, 0)
    assert [(name.name, name.meaning, name.holds) for name in done.names] == [("ZZTEST Technician", "packed as listed", True)]
    (covers,) = done.supply
    assert (covers["days"], covers["last"], covers["run_out"], covers["deliver_by"]) == (
        2,
        "2026-03-04",
        "2026-03-05",
        "2026-03-03",
    )
    pharmacy.do(service.ship_ticket, by=TECH, ticket_id=ticket_id)
    confirmed(pharmacy, ticket_id)
    proved = row(pharmacy, ticket_id)
    assert (proved.state, proved.work, proved.proof_gaps) == (State.CONFIRMED, None, ())
    assert [(one.kind, one.media_type, len(one.sha256)) for one in proved.files] == [("signature", "image/png", 64)]
    assert pharmacy.ask(queries.file_content, file_id=proved.files[0].id)[1] == png()
    assert [(one.version_id, one.bags) for one in pharmacy.ask(queries.delivered_doses, patient_id=patient_id)] == [(version_id, 4)]
    assert pharmacy.ask(queries.open_tickets) == []


def test_what_does_not_belong_in_the_box_is_refused_in_a_sentence(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = made(pharmacy)
    birch = a_patient(pharmacy, last_name="ZZTEST Birch", prescriber_npi="1003000126")
    (waiting,) = pharmacy.ask(queries.bags_to_send)
    with pharmacy.store.engines.writing.begin() as connection:  # one of the four is somebody else's
        connection.execute(sa.update(Bag).where(Bag.id == waiting.bags[3].id).values(patient_id=birch))
    (other,) = [one for one in pharmacy.ask(queries.bags_to_send) if one.id == birch]
    assert other.obstacle == "No place of care is recorded. Enter where the doses are given first."
    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    mine = row(pharmacy, ticket_id).bags[0].barcode

    def scan(text: str) -> str:
        with pytest.raises(Refused) as refused:
            pharmacy.do(service.scan_bag, by=TECH, ticket_id=ticket_id, text=text)
        return refused.value.sentence

    assert scan("0409-6509-01") == "0409-6509-01 is no bag of ours. Set it aside."
    told = scan(other.bags[0].barcode)
    assert told.startswith(f"Bag {other.bags[0].barcode} belongs to another patient: ZZTEST Birch, Marian, MRN ")
    pharmacy.do(service.scan_bag, by=TECH, ticket_id=ticket_id, text=mine)
    assert scan(mine).startswith(f"Bag {mine} is in the box already: it was scanned 2 Mar 2026 ")
    line = row(pharmacy, ticket_id).lines[1]
    pharmacy.do(service.take_off, by=TECH, line_id=line.id, reasons={"dispensing.taken_off": "damaged"})
    assert line.bag is not None
    assert scan(line.bag.barcode) == f"Bag {line.bag.barcode} is not on ticket D-2603-0001. Set it aside."
    pharmacy.clock.advance(days=12)
    last = row(pharmacy, ticket_id).bags[-1]
    assert scan(last.barcode).startswith(f"Bag {last.barcode} is past its beyond-use date (12 Mar 2026")


def test_a_bag_is_good_until_its_dose_begins_and_no_longer(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = made(pharmacy)
    pharmacy.clock.set(datetime(2026, 3, 11, 0, 0, tzinfo=UTC))
    (waiting,) = pharmacy.ask(queries.bags_to_send)

    # The next doses begin on the 10th at 20:00, on the 11th at 08:00 and 20:00; the fourth is later than the bag is good.
    told = f"Bag {waiting.bags[3].barcode} is good until 12 Mar 2026 07:05, and the dose it is for begins 12 Mar 2026 08:00."
    assert waiting.cannot == (f"{told} It stays here; make a fresh one.",)
    with pytest.raises(Refused, match="begins 12 Mar 2026 08:00"):
        pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id, bag_ids=[bag.id for bag in waiting.bags])
    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    assert len(row(pharmacy, ticket_id).bags) == 3
    with pytest.raises(Refused, match="begins 12 Mar 2026 08:00"):
        pharmacy.do(service.scan_bag, by=TECH, ticket_id=ticket_id, text=waiting.bags[3].barcode)


@ON_THE_ROAD
def test_a_second_delivery_continues_where_the_first_ends_by_the_pharmacys_own_days_and_rule(file_pharmacy: Pharmacy) -> None:
    pharmacy, under_way = file_pharmacy, in_the_box(file_pharmacy)
    patient_id = under_way.patient_id
    confirmed(pharmacy, under_way.id)
    bags_made(pharmacy, under_way.bags[0].order.id)
    pharmacy.do(service.enter_delivery_day, draft=DayDraft(date(2026, 3, 3), False, "inventory"))
    first = pharmacy.ask(queries.bags_to_send)[0].due
    assert first is not None
    assert first.deliver_by == date(2026, 2, 27), "the 3rd is closed, the 2nd is Casimir Pulaski Day in Illinois, then the weekend"
    assert "3 Mar 2026 is no delivery day (inventory)." in first.because

    pharmacy.do(service.enter_delivery_day, draft=DayDraft(date(2026, 3, 2), True, "we deliver on Pulaski Day"))
    draft = CalendarDraft(1, ("Monday", "Tuesday", "Wednesday"), time(9))
    with pytest.raises(Refused, match="pharmacist in charge"):
        pharmacy.do(service.set_delivery_rule, by=TECH, draft=draft)
    pharmacy.do(service.set_delivery_rule, by=Role.PHARMACIST_IN_CHARGE, draft=draft)
    assert pharmacy.ask(queries.special_days)[0].because == "we deliver on Pulaski Day"

    pharmacy.clock.set(datetime(2026, 3, 5, 6, 0, tzinfo=UTC))  # the first minute of the 5th at home
    (waiting,) = pharmacy.ask(queries.bags_to_send)
    assert waiting.due is not None
    assert (waiting.due.run_out, waiting.due.deliver_by, waiting.late) == (date(2026, 3, 5), date(2026, 3, 4), "late by 1 day")
    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    assert [line.dose_on for line in row(pharmacy, ticket_id).lines] == [date(2026, 3, 5)] * 2 + [date(2026, 3, 6)] * 2
    assert row(pharmacy, ticket_id).late == "late by 1 day"


@PACKED
def test_an_order_that_is_replaced_after_packing_keeps_the_bags_in(file_pharmacy: Pharmacy) -> None:
    pharmacy, box = file_pharmacy, in_the_box(file_pharmacy)
    stop(pharmacy, "change", box.patient_id, box.bags[0].order.id)

    with pytest.raises(
        Refused, match=r"Nothing is shipped\. Bag B-2603-0001-01 .* of Rx 700001, which was replaced by version 2"
    ) as no:
        pharmacy.do(service.ship_ticket, by=TECH, ticket_id=box.id)
    assert "3 more bags" in no.value.sentence
    pharmacy.do(service.cancel_ticket, by=TECH, ticket_id=box.id, reasons={"dispensing.cancelled": "order changed"})
    with pytest.raises(Refused, match=r"Bag B-2603-0001-01"):
        pharmacy.do(service.begin_ticket, by=TECH, patient_id=box.patient_id)


def stop(pharmacy: Pharmacy, kind: str, patient_id: UUID, version_id: UUID) -> None:
    order_id = order_of(pharmacy, version_id)
    if kind == "change":
        draft = an_order_draft(pharmacy, patient_id, "vancomycin", **{**VANCOMYCIN, "dose_amount": Decimal(1000)})
        reasons = {"orders.change": "level"}
        changed = pharmacy.do(orders.change_order, by=TECH, order_id=order_id, draft=draft, reasons=reasons)
        pharmacy.do(orders.sign_verification, version_id=changed, patient_name="ZZTEST Alder, Marian")
        return
    reasons = {"orders.discontinued": "rash"}
    pharmacy.do(orders.discontinue_order, order_id=order_id, effective_on=date(2026, 3, 2), reasons=reasons)


@ON_THE_ROAD
def test_a_bag_on_the_road_whose_order_ends_is_said_at_once(file_pharmacy: Pharmacy) -> None:
    pharmacy, under_way = file_pharmacy, in_the_box(file_pharmacy)
    ticket_id = under_way.id
    stop(pharmacy, "discontinue", under_way.patient_id, under_way.bags[0].order.id)

    (listed,) = pharmacy.ask(queries.open_tickets)
    assert listed.alarms[0].startswith("Bag B-2603-0001-01 is of Rx 700001, which is discontinued since 2 Mar 2026. So are 3 more")
    pharmacy.do(service.record_call, by=TECH, ticket_id=ticket_id, draft=CallDraft("ZZTEST Driver", "brings it back"))
    pharmacy.do(service.return_delivery, by=TECH, ticket_id=ticket_id, reasons={"dispensing.returned": "order changed"})
    back = row(pharmacy, ticket_id)
    assert [(one.spoke_with, one.agreed) for one in back.calls] == [("ZZTEST Driver", "brings it back")]
    assert (back.state, back.work, back.alarms) == (State.RETURNED, Work.DESTROY, ())


@PACKED
def test_nothing_is_shipped_to_a_patient_who_went_to_hospital_since(file_pharmacy: Pharmacy) -> None:
    pharmacy, box = file_pharmacy, in_the_box(file_pharmacy)
    patient_id, ticket_id = box.patient_id, box.id
    pharmacy.clock.advance(hours=1)
    stay = StayDraft(now=pharmacy.clock.now(), facility="ZZTEST General", admitted_at=pharmacy.clock.now())
    pharmacy.do(patients.admit_to_hospital, by=Role.INTAKE, patient_id=patient_id, draft=stay)

    with pytest.raises(Refused, match=r"Nothing is shipped\. The patient is (in the hospital|on hold)"):
        pharmacy.do(service.ship_ticket, by=TECH, ticket_id=ticket_id)


@ON_THE_ROAD
def test_what_came_back_is_destroyed_before_a_witness_and_never_billed(file_pharmacy: Pharmacy) -> None:
    pharmacy, under_way = file_pharmacy, in_the_box(file_pharmacy)
    patient_id, ticket_id = under_way.patient_id, under_way.id
    pharmacy.do(service.refuse_delivery, by=TECH, ticket_id=ticket_id, reasons={"dispensing.refused": "nobody at home"})
    assert [one.work for one in pharmacy.ask(queries.open_tickets)] == [Work.DESTROY]
    with pytest.raises(Refused, match="No bag is released"):
        pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    with pytest.raises(Refused, match="another person"):
        pharmacy.do(service.destroy_bags, by=TECH, ticket_id=ticket_id, draft=DestructionDraft("incinerated", "zztest technician"))
    pharmacy.do(service.destroy_bags, by=TECH, ticket_id=ticket_id, draft=DestructionDraft("incinerated", "ZZTEST Rowan"))

    assert pharmacy.ask(queries.open_tickets) == []
    assert row(pharmacy, ticket_id).destroyed.endswith("incinerated, by ZZTEST Technician, seen by ZZTEST Rowan")
    assert pharmacy.ask(queries.delivered_doses, patient_id=patient_id) == []
    with pytest.raises(Refused, match="to be destroyed any more"):
        pharmacy.do(service.destroy_bags, by=TECH, ticket_id=ticket_id, draft=DestructionDraft("again", "ZZTEST Rowan"))


def test_what_was_too_warm_waits_for_a_pharmacist_and_is_not_billed_when_it_is_replaced(pharmacy: Pharmacy) -> None:
    patient_id, _ = made(pharmacy)
    shipper = ShipperDraft("ZZTEST Box 12", 11, 4, "refrigerator", Decimal(24), "ZZTEST study 7")
    shipper_id = pharmacy.do(service.enter_shipper, draft=replace(shipper, qualified_hours=Decimal(2)))
    pharmacy.do(service.correct_shipper, shipper_id=shipper_id, draft=shipper)
    pharmacy.do(service.sign_shipper, shipper_id=shipper_id)
    ticket_id = shipped(pharmacy, packed(pharmacy, patient_id, out=PackOutDraft(shipper_id, "LOG-77")))
    logger = KeptFile("log.csv", b"Time,Temperature (\xc2\xb0F)\n08:00,40\n08:10,\n08:20,53.6\n")
    confirmed(pharmacy, ticket_id, logger=logger)

    warm = row(pharmacy, ticket_id)
    assert (warm.shipper, warm.logger_serial, warm.no_shipper_because) == ("ZZTEST Box 12", "LOG-77", "")
    assert (warm.temperature, warm.work, len(warm.to_judge)) == ("4.4 to 12 °C, logger, 2 readings, 1 gap", Work.JUDGE, 4)
    assert warm.excursions[0].endswith("12 °C on the way; the label allows 2 to 8 °C.")
    assert pharmacy.ask(queries.delivered_doses, patient_id=patient_id) == [], "nobody knows yet whether they may be used"
    good, *bad = warm.to_judge
    with pytest.raises(Refused, match="you need to be a pharmacist"):
        pharmacy.do(service.judge_bags, by=TECH, ticket_id=ticket_id, draft=JudgementDraft("use", "maker called, stable"))
    pharmacy.do(service.judge_bags, ticket_id=ticket_id, draft=JudgementDraft("use", "maker called, stable"), line_ids=[good])
    pharmacy.do(service.judge_bags, ticket_id=ticket_id, draft=JudgementDraft("replace and destroy", "no data above 8 °C"))

    assert [one.bags for one in pharmacy.ask(queries.delivered_doses, patient_id=patient_id)] == [1]
    judged = row(pharmacy, ticket_id)
    assert (judged.unusable, judged.work) == (frozenset(bad), Work.DESTROY)
    assert [(one.names[0].name, one.names[0].holds) for one in judged.judgements] == [("ZZTEST Pharmacist", True)] * 2
    pharmacy.do(service.destroy_bags, by=TECH, ticket_id=ticket_id, draft=DestructionDraft("at home, by the nurse", "ZZTEST Hazel"))
    assert pharmacy.ask(queries.open_tickets) == []


def test_cold_bags_ask_for_a_validated_shipper_or_a_reason(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = made(pharmacy)
    draft = ShipperDraft("ZZTEST Box 9", 5, 9, "refrigerator", Decimal(48), "study 1")
    summer = pharmacy.do(service.enter_shipper, draft=draft)
    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    for bag in row(pharmacy, ticket_id).bags:
        pharmacy.do(service.scan_bag, by=TECH, ticket_id=ticket_id, text=bag.barcode, was_typed=True)

    with pytest.raises(NeedsReason) as asked:
        pharmacy.do(service.finish_packing, by=TECH, ticket_id=ticket_id)
    assert asked.value.key == "dispensing.shipper"
    with pytest.raises(Refused, match="ZZTEST Box 9 is not signed by a pharmacist"):
        pharmacy.do(service.finish_packing, by=TECH, ticket_id=ticket_id, draft=PackOutDraft(summer))
    pharmacy.do(service.sign_shipper, shipper_id=summer)
    with pytest.raises(Refused, match="signed already by ZZTEST Pharmacist"):
        pharmacy.do(service.sign_shipper, shipper_id=summer)
    with pytest.raises(NeedsReason):
        pharmacy.do(service.correct_shipper, shipper_id=summer, draft=draft)
    with pytest.raises(Refused, match="qualified for months 5 to 9, not for this season"):
        pharmacy.do(service.finish_packing, by=TECH, ticket_id=ticket_id, draft=PackOutDraft(summer))
    pharmacy.do(service.retire_shipper, shipper_id=summer, reasons={"dispensing.shipper_retired": "maker changed the box"})
    assert pharmacy.ask(queries.shippers) == []


@PACKED
def test_left_is_not_confirmed_and_a_carrier_proves_by_its_number(file_pharmacy: Pharmacy) -> None:
    pharmacy, box = file_pharmacy, in_the_box(file_pharmacy)
    patient_id, ticket_id = box.patient_id, box.id
    with pytest.raises(Refused, match="Enter the tracking number"):
        pharmacy.do(service.ship_ticket, by=TECH, ticket_id=ticket_id, draft=ShipDraft("carrier", "ZZTEST Express", ""))
    shipped(pharmacy, ticket_id, method="carrier", carrier="ZZTEST Express", tracking="1Z 999")
    pharmacy.clock.advance(hours=2)
    photo = KeptFile("porch.png", png(9))
    pharmacy.do(service.leave_delivery, by=TECH, ticket_id=ticket_id, draft=LeftDraft("back porch", "asked for it", photo))
    left = row(pharmacy, ticket_id)
    assert (left.state, left.work, left.left) == (State.LEFT, Work.CONFIRM, "2 Mar 2026 10:00: back porch; asked for it")
    assert pharmacy.ask(queries.delivered_doses, patient_id=patient_id) == []

    confirmed(pharmacy, ticket_id, signature=b"")
    assert (row(pharmacy, ticket_id).proof_gaps, row(pharmacy, ticket_id).tracking) == ((), "1Z 999")


@ON_THE_ROAD
def test_a_driver_brings_a_signature_or_the_signed_paper(file_pharmacy: Pharmacy) -> None:
    pharmacy, under_way = file_pharmacy, in_the_box(file_pharmacy)
    ticket_id = under_way.id
    pharmacy.clock.advance(hours=2)

    def refused(**more: object) -> str:
        with pytest.raises(Refused) as found:
            pharmacy.do(service.confirm_delivery, by=TECH, ticket_id=ticket_id, draft=received(pharmacy, **more))
        return found.value.sentence

    assert refused(signature=b"") == "Let the person sign here, or add the signed paper."
    assert "neither PDF nor PNG" in refused(signature=b"", paper=KeptFile("x.pdf", b"hello"))
    assert "in the future" in refused(received_at=datetime(2026, 3, 2, 9, 30), device_zone="America/Denver")  # noqa: DTZ001 the device's wall
    assert "before it was shipped" in refused(received_at=pharmacy.clock.now() - timedelta(hours=4))
    assert row(pharmacy, ticket_id).files == ()
    wall = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001 in Denver it is half past eight, here half past nine
    draft = received(pharmacy, signature=b"", paper=PAPER, received_at=wall, device_zone="America/Denver")
    pharmacy.do(service.confirm_delivery, by=TECH, ticket_id=ticket_id, draft=draft)
    proved = row(pharmacy, ticket_id)
    assert (f"{proved.received_at:%H:%M}", f"{proved.entered_at:%H:%M}", proved.device_zone) == ("09:30", "10:00", "America/Denver")


@ON_THE_ROAD
def test_a_c_ii_goes_to_an_adult_whose_card_was_seen_and_is_never_left(file_pharmacy: Pharmacy) -> None:
    pharmacy, under_way = file_pharmacy, in_the_box(file_pharmacy)
    ticket_id = under_way.id
    with pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.update(Drug).where(Drug.ingredient == "vancomycin").values(controlled="CII"))

    with pytest.raises(Refused, match=r"A controlled drug \(CII\) is on this ticket"):
        pharmacy.do(service.leave_delivery, by=TECH, ticket_id=ticket_id, draft=LeftDraft("back porch", "asked for it"))
    with pytest.raises(Refused, match="which identity card you saw"):
        pharmacy.do(service.confirm_delivery, by=TECH, ticket_id=ticket_id, draft=received(pharmacy))
    confirmed(pharmacy, ticket_id, adult_id="driver's license", born_on=date(1960, 5, 1))
    assert row(pharmacy, ticket_id).adult_id == "driver's license, born 1960-05-01"


def test_nothing_goes_to_a_post_office_box(file_pharmacy: Pharmacy) -> None:
    patient_id, _ = made(file_pharmacy)
    with file_pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.update(Patient).values(street="P.O. Box 12"))

    assert "post office box" in file_pharmacy.ask(queries.bags_to_send)[0].obstacle
    with pytest.raises(Refused, match="post office box"):
        file_pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)


def test_a_route_is_in_the_drivers_order(file_pharmacy: Pharmacy) -> None:
    pharmacy, today = file_pharmacy, date(2026, 3, 2)
    first, second = two_boxes(pharmacy)
    assert [(one.driver, one.place) for one in pharmacy.ask(queries.routes)] == [("", 0), ("", 0)]

    for ticket_id in (first, second):
        pharmacy.do(service.put_on_route, by=TECH, ticket_id=ticket_id, on=today, driver=" ZZTEST Driver ")
    pharmacy.do(service.move_stop, by=TECH, ticket_id=second, by_places=-1)
    pharmacy.do(service.move_stop, by=TECH, ticket_id=second, by_places=-1)
    assert [(one.id, one.driver, one.place) for one in pharmacy.ask(queries.routes)] == [
        (second, "ZZTEST Driver", 1), (first, "ZZTEST Driver", 2),
    ]  # fmt: skip
    assert row(pharmacy, second).route == "2 Mar 2026, ZZTEST Driver, stop 1"
    pharmacy.do(service.take_off_route, by=TECH, ticket_id=second)
    assert [(one.id, one.place) for one in pharmacy.ask(queries.routes)] == [(first, 1), (second, 0)]


def two_boxes(pharmacy: Pharmacy) -> list[UUID]:
    """The four bags in two boxes of two, packed."""
    patient_id, _ = made(pharmacy)
    bags = pharmacy.ask(queries.bags_to_send)[0].bags
    return [packed(pharmacy, patient_id, [bag.id for bag in half]) for half in (bags[:2], bags[2:])]


def test_a_line_is_exactly_one_thing(pharmacy: Pharmacy) -> None:
    patient_id, _ = made(pharmacy)
    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)

    def two_things(uow: UnitOfWork) -> None:
        line = uow.session.scalars(sa.select(TicketLine)).first()
        assert line is not None
        line.pump_id = uow.new_id()

    with pytest.raises(Exception, match="it would contradict what is already there"):
        pharmacy.do(two_things)
    with Session(pharmacy.store.engines.reading) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(TicketLine)) == 4
    assert row(pharmacy, ticket_id).state is State.PACKING


@PACKED
def test_packing_is_signed_and_what_is_signed_is_what_went(file_pharmacy: Pharmacy) -> None:
    pharmacy, box = file_pharmacy, in_the_box(file_pharmacy)
    ticket_id = box.id
    with pytest.raises(Refused, match="nothing is taken out of it"):
        pharmacy.do(service.take_off, by=TECH, line_id=row(pharmacy, ticket_id).lines[0].id)
    with pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.update(TicketLine).values(scanned_by="ZZTEST Somebody"))

    assert [name.holds for name in row(pharmacy, ticket_id).names] == [False]
    assert pharmacy.ask(printing_of) is not None


def test_packing_asks_for_the_password(file_pharmacy: Pharmacy) -> None:
    patient_id, _ = made(file_pharmacy)
    ticket_id = file_pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    for bag in row(file_pharmacy, ticket_id).bags:
        file_pharmacy.do(service.scan_bag, by=TECH, ticket_id=ticket_id, text=bag.barcode)

    with pytest.raises(NeedsSignature) as asked:
        file_pharmacy.store.write(file_pharmacy.actor(TECH), service.finish_packing, {"ticket_id": ticket_id}, Answers(NO_SHIPPER))
    assert asked.value.subject == "Delivery D-2603-0001 for ZZTEST Alder, Marian, 4 items"
