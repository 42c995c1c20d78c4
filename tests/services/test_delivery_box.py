"""What travels besides bags: units of the shelf and pumps, from the scan to the patient and back, each unit accounted for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.records import Ticket, TicketLine
from infusiondesk.dispensing.rules import BroughtBackDraft, DestructionDraft, JudgementDraft, State, Work
from infusiondesk.dispensing.service import beginning
from infusiondesk.equipment import queries as equipment
from infusiondesk.equipment.rules import Place, Use
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory import queries as inventory
from infusiondesk.inventory import service as shelf
from infusiondesk.inventory.records import Holding, Movement
from infusiondesk.inventory.rules import ItemDraft, MovementKind
from infusiondesk.inventory.rules.recalls import RecallDraft
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.words import PatientStatus
from tests.beginnings import Recipe, after
from tests.deliveries import NO_SHIPPER, TECH, confirmed, shipped
from tests.pharmacy import Pharmacy
from tests.services.test_deliveries import bags_of_vancomycin, made, row
from tests.services.test_equipment import a_milrinone, a_pump, ready
from tests.shelf import received as on_shelf
from tests.shelf import stocked

SETS = "TS-8841"


@after(bags_of_vancomycin)
def a_box_of_everything(pharmacy: Pharmacy) -> None:
    """Four bags to send, ten transfer sets on the shelf, a milrinone by pump, and pumps A100 and A101 ready to go out."""
    on_shelf(pharmacy, stocked(pharmacy))
    a_milrinone(pharmacy, made(pharmacy)[0])
    with pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.update(Patient).values(status=PatientStatus.ACTIVE))
    for serial in ("A100", "A101"):
        ready(pharmacy, a_pump(pharmacy, serial))


@after(a_box_of_everything)
def a_begun_box(pharmacy: Pharmacy) -> None:
    """A ticket is begun, and its four bags are scanned."""
    begun(pharmacy)


@pytest.fixture
def begins_with(request: pytest.FixtureRequest) -> Recipe:
    recipe: Recipe = getattr(request, "param", a_begun_box)
    return recipe


def begun(pharmacy: Pharmacy) -> UUID:
    """The ticket with its bags scanned; begun now if there is none."""
    if under_way := pharmacy.ask(queries.open_tickets):
        return under_way[0].id
    ticket_id = pharmacy.do(service.begin_ticket, by=TECH, patient_id=made(pharmacy)[0])
    for bag in row(pharmacy, ticket_id).bags:
        scan(pharmacy, ticket_id, bag.barcode)
    return ticket_id


def scan(pharmacy: Pharmacy, ticket_id: UUID, text: str) -> queries.Scanned:
    return pharmacy.do(service.scan_item, by=TECH, ticket_id=ticket_id, text=text)


def close(pharmacy: Pharmacy, ticket_id: UUID, **reasons: str) -> None:
    pharmacy.do(service.finish_packing, by=TECH, ticket_id=ticket_id, reasons={**NO_SHIPPER, **reasons})


def boxed(pharmacy: Pharmacy, many: int = 3) -> UUID:
    """Closed, with so many sets in it."""
    ticket_id = begun(pharmacy)
    line_id = scan(pharmacy, ticket_id, SETS).line_id
    pharmacy.do(service.set_quantity, by=TECH, line_id=line_id, quantity=Decimal(many))
    close(pharmacy, ticket_id)
    return ticket_id


def on_hand(pharmacy: Pharmacy) -> tuple[int, int]:
    """Sets on hand and in quarantine."""
    lot = pharmacy.ask(inventory.lot_by_scan, text=SETS).lot
    assert lot is not None
    return int(lot.on_hand), int(lot.in_quarantine)


def moved(pharmacy: Pharmacy, kind: MovementKind) -> int:
    lot = pharmacy.ask(inventory.lot_by_scan, text=SETS).lot
    assert lot is not None
    asked = sa.select(Movement.quantity).join(Holding).where(Holding.lot_id == lot.id, Movement.kind == kind)
    with pharmacy.store.engines.reading.connect() as connection:
        return int(sum(connection.scalars(asked), Decimal(0)))


def refused(call: Callable[..., Any], *given: Any, **more: Any) -> str:
    with pytest.raises(Refused) as found:
        call(*given, **more)
    return found.value.sentence


def test_units_leave_the_shelf_when_the_box_is_closed_and_every_one_is_accounted_for(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    ticket_id = begun(pharmacy)
    seen = scan(pharmacy, ticket_id, SETS)
    assert (seen.what, seen.lot, int(seen.quantity), seen.unit, seen.left) == ("transfer set", SETS, 1, "set", 0)
    assert scan(pharmacy, ticket_id, SETS).quantity == 2, "the same package again is one more"
    assert refused(pharmacy.do, service.set_quantity, by=TECH, line_id=seen.line_id, quantity=Decimal(11)) == (
        f"transfer set, lot {SETS}, has 10 sets on hand, not 11 sets."
    )
    pharmacy.do(service.take_off, by=TECH, line_id=seen.line_id, reasons={"dispensing.taken_off": "damaged"})
    again = scan(pharmacy, ticket_id, SETS)
    pharmacy.do(service.set_quantity, by=TECH, line_id=again.line_id, quantity=Decimal(4))
    assert on_hand(pharmacy) == (10, 0), "nothing was taken yet, so nothing came back"
    assert refused(scan, pharmacy, ticket_id, "nothing") == "NOTHING is no bag, package or pump of ours. Set it aside."

    close(pharmacy, ticket_id)
    line = row(pharmacy, ticket_id).lines[-1]
    assert (line.amount, line.what, line.mark, line.taken_off) == ("4 sets", "transfer set", SETS, "")
    assert on_hand(pharmacy) == (6, 0)
    shipped(pharmacy, ticket_id)
    pharmacy.do(service.return_delivery, by=TECH, ticket_id=ticket_id, reasons={"dispensing.returned": "called back"})
    assert row(pharmacy, ticket_id).work is Work.DESTROY
    pharmacy.do(service.destroy_bags, by=TECH, ticket_id=ticket_id, draft=DestructionDraft("incinerated", "ZZTEST Rowan"))

    (goods,) = pharmacy.ask(inventory.returned_goods)
    assert (goods.what, goods.lot_number, int(goods.quantity), goods.unit) == ("transfer set", SETS, 4, "set")
    assert goods.because == "returned: called back"
    sent = -moved(pharmacy, MovementKind.SENT)
    assert moved(pharmacy, MovementKind.RECEIVED) == on_hand(pharmacy)[0] + (sent - goods.quantity) + goods.quantity
    assert (sent, on_hand(pharmacy)) == (4, (6, 0)), "what came back from the road is on no shelf"


def test_what_is_brought_back_is_counted_destroyed_and_not_billed_and_cold_packages_are_judged(pharmacy: Pharmacy) -> None:
    on_shelf(pharmacy, stocked(pharmacy, ItemDraft(None, "cold kit", unit="kit", kind="supply", kept_in="refrigerator")), "CK-1")
    ticket_id = begun(pharmacy)
    patient_id = row(pharmacy, ticket_id).patient_id
    scan(pharmacy, ticket_id, "CK-1")
    line_id = scan(pharmacy, ticket_id, SETS).line_id
    pharmacy.do(service.set_quantity, by=TECH, line_id=line_id, quantity=Decimal(4))
    close(pharmacy, ticket_id)
    confirmed(pharmacy, shipped(pharmacy, ticket_id), low_c=Decimal(3), high_c=Decimal(12))

    warm = row(pharmacy, ticket_id)
    assert warm.things(warm.to_judge) == "4 bags and 1 package", "sets that lie at room temperature are not judged by the cold"
    *bags, kit = warm.to_judge
    pharmacy.do(service.judge_bags, ticket_id=ticket_id, draft=JudgementDraft("use", "maker called, stable"), line_ids=bags)
    pharmacy.do(service.judge_bags, ticket_id=ticket_id, draft=JudgementDraft("replace and destroy", "no data above 8 °C"))
    assert row(pharmacy, ticket_id).to_destroy == {kit: 1}
    pharmacy.do(service.destroy_bags, by=TECH, ticket_id=ticket_id, draft=DestructionDraft("at home", "ZZTEST Rowan"))
    assert row(pharmacy, ticket_id).work is None

    pharmacy.clock.advance(days=1)
    draft = BroughtBackDraft("ZZTEST Alder, Paul", date(2026, 3, 3), "order changed", (str(bags[0]),), {str(line_id): Decimal(3)})
    with pytest.raises(Refused, match="Of transfer set 4 sets can come back, not 5"):
        pharmacy.do(service.bring_back, by=TECH, ticket_id=ticket_id, draft=replace(draft, units={str(line_id): Decimal(5)}))
    pharmacy.do(service.bring_back, by=Role.NURSE, ticket_id=ticket_id, draft=draft)
    (waiting,) = pharmacy.ask(queries.open_tickets)
    assert line_id is not None
    assert waiting.work is Work.DESTROY
    assert waiting.to_destroy == {bags[0]: 1, line_id: 3}
    assert [one.bags for one in pharmacy.ask(queries.delivered_doses, patient_id=patient_id)] == [3]
    (unbilled,) = pharmacy.ask(queries.unbilled_deliveries, patient_id=patient_id)
    assert unbilled.because == "1 bag of D-2603-0001: brought back on 3 Mar 2026 by ZZTEST Alder, Paul: order changed"
    assert on_hand(pharmacy) == (6, 0), "what was sent once is on no shelf again"
    pharmacy.do(service.destroy_bags, by=TECH, ticket_id=ticket_id, draft=DestructionDraft("incinerated", "ZZTEST Rowan"))
    assert pharmacy.ask(queries.open_tickets) == []
    goods = {(one.what, int(one.quantity)): one.because for one in pharmacy.ask(inventory.returned_goods)}
    assert goods == {
        ("cold kit", 1): "judged unusable after an excursion on the way",
        ("transfer set", 3): "brought back: order changed",
    }
    left = [line.mark for line in row(pharmacy, ticket_id).may_come_back]
    assert len(left) == 4
    assert SETS in left


def test_a_cancelled_box_gives_back_what_it_took_and_a_recalled_lot_goes_nowhere(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    ticket_id = boxed(pharmacy)
    assert on_hand(pharmacy) == (7, 0)
    lot = pharmacy.ask(inventory.lot_by_scan, text=SETS).lot
    assert lot is not None
    draft = RecallDraft("lots of an item", lot.item_id, SETS, "", "ZZTEST notice 7", "sterility")
    pharmacy.do(shelf.open_recall, by=Role.PHARMACIST_IN_CHARGE, draft=draft)
    assert on_hand(pharmacy) == (0, 7)
    told = refused(pharmacy.do, service.ship_ticket, by=TECH, ticket_id=ticket_id)
    assert told.startswith(f"Nothing is shipped. transfer set, lot {SETS}, is recalled (R-2603-01).")

    pharmacy.do(service.cancel_ticket, by=TECH, ticket_id=ticket_id, reasons={"dispensing.cancelled": "order changed"})
    assert on_hand(pharmacy) == (0, 10)
    assert moved(pharmacy, MovementKind.RETURNED) == 3
    again = begun(pharmacy)
    assert refused(scan, pharmacy, again, SETS) == f"transfer set, lot {SETS}, is recalled (R-2603-01). Set it aside."


def test_a_pump_on_a_ticket_is_the_patients_when_it_ships_and_comes_back_with_it(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    ticket_id = begun(pharmacy)
    patient_id = row(pharmacy, ticket_id).patient_id
    seen = scan(pharmacy, ticket_id, "a100")
    assert seen.serial == "A100"
    assert seen.what.startswith("ZZTEST Medical Ambulator 2, for Rx ")
    assert seen.what.endswith("milrinone")
    assert refused(scan, pharmacy, ticket_id, "A100") == "Pump A100 is in the box already."
    with pytest.raises(NeedsReason) as asked:
        close(pharmacy, ticket_id)
    assert asked.value.key == "dispensing.backup"
    assert "1 of 2 pumps in the home, back-up missing" in asked.value.question
    scan(pharmacy, ticket_id, "A101")
    close(pharmacy, ticket_id)
    assert {one.place for one in pharmacy.ask(equipment.pumps)} == {Place.AVAILABLE}, "it is here until it leaves"

    shipped(pharmacy, ticket_id)
    stays = {one.serial: one.stay.holder for one in pharmacy.ask(equipment.pumps) if one.stay}
    assert {serial: (holder.patient_id, holder.use) for serial, holder in stays.items()} == {
        "A100": (patient_id, Use.MAIN), "A101": (patient_id, Use.BACKUP),
    }  # fmt: skip
    pharmacy.do(service.refuse_delivery, by=TECH, ticket_id=ticket_id, reasons={"dispensing.refused": "nobody at home"})
    assert {one.place for one in pharmacy.ask(equipment.pumps)} == {Place.NOT_CLEAN}


def test_a_pump_stands_on_one_ticket_and_a_reason_is_printed_where_the_back_up_is_missing(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    ticket_id = begun(pharmacy)
    scan(pharmacy, ticket_id, "A100")
    close(pharmacy, ticket_id, **{"dispensing.backup": "the back-up is brought separately today"})
    assert row(pharmacy, ticket_id).no_backup_because == "the back-up is brought separately today"
    assert [name.holds for name in row(pharmacy, ticket_id).names] == [True]

    pharmacy.do(service.cancel_ticket, by=TECH, ticket_id=ticket_id, reasons={"dispensing.cancelled": "packed by mistake"})
    again = begun(pharmacy)
    assert scan(pharmacy, again, "A100").serial == "A100", "a cancelled ticket holds no pump"


@pytest.mark.parametrize("begins_with", [a_box_of_everything], indirect=True, ids=["nothing begun"])
def test_two_desks_cannot_put_one_bag_on_two_tickets(pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch) -> None:
    patient_id, _ = made(pharmacy)
    (waiting,) = pharmacy.ask(queries.bags_to_send)
    first = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    read_before = [queries.PlannedBag(bag, None, "") for bag in waiting.bags]
    monkeypatch.setattr(beginning, "_planned", lambda *_: read_before)  # what the slower of two desks has read

    told = refused(pharmacy.do, service.begin_ticket, by=TECH, patient_id=patient_id)
    assert told == "One of these bags was put on another ticket this moment. Begin again."
    with pytest.raises(Refused, match="would contradict what is already there"):
        pharmacy.store.write(pharmacy.actor(TECH), _slip_in, {"ticket_id": first})
    pharmacy.do(service.cancel_ticket, by=TECH, ticket_id=first, reasons={"dispensing.cancelled": "packed by mistake"})
    second = pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id)
    assert (row(pharmacy, first).state, len(row(pharmacy, second).bags)) == (State.CANCELLED, 4)


def _slip_in(uow: UnitOfWork, *, ticket_id: UUID) -> None:
    line = uow.session.scalars(sa.select(TicketLine).where(TicketLine.ticket_id == ticket_id)).first()
    assert line is not None
    other = Ticket(
        number="D-2603-0099", patient_id=uow.session.get_one(Ticket, ticket_id).patient_id, place_of_care="own home",
        deliver_to="12 Alder Lane", deliver_because="", begun_by="", begun_at=uow.clock.now(), packed_by="", supply=[],
        shipper="", no_shipper_because="", no_backup_because="", logger_serial="", carrier="", tracking="",
    )  # fmt: skip
    uow.add(other)
    uow.session.flush()
    uow.add(
        TicketLine(
            ticket_id=other.id, bag_id=line.bag_id, quantity=Decimal(1), description="", scanned_by="", was_typed=False,
            taken_off="",
        )
    )  # fmt: skip
