"""The demonstration's road: a shipper, a delivery that was too warm, one called back, a route, an open box on the last day."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from infusiondesk.app.demo.pharmacy import DemoPharmacy, Diary
from infusiondesk.compounding.rules import Storage
from infusiondesk.dispensing.queries import ticket_of
from infusiondesk.dispensing.rules import CallDraft, DestructionDraft, Disposition, JudgementDraft, PackOutDraft, ShipperDraft
from infusiondesk.dispensing.service import (
    destroy_bags,
    enter_shipper,
    finish_packing,
    judge_bags,
    put_on_route,
    record_call,
    return_delivery,
    scan_bag,
    scan_item,
    sign_shipper,
)
from infusiondesk.orders.queries import order_version
from infusiondesk.orders.service import discontinue_order

if TYPE_CHECKING:
    from infusiondesk.app.demo.making import Bench, Made
    from infusiondesk.app.demo.stories import Therapy
    from infusiondesk.app.demo.telling import Patient

_DRIVER = "ZZTEST Aster"
_DESTROYED = DestructionDraft("rendered unusable, put into the pharmaceutical waste", "ZZTEST Hazel")
_TOO_WARM = Decimal("14.5")


def write_shipper(diary: Diary, bench: "Bench", last: date) -> None:
    """From the second month on what is cold travels in a shipper that the pharmacy says to be one."""

    def enter() -> None:
        draft = ShipperDraft(
            "DEMO shipper",
            1,
            12,
            Storage.REFRIGERATOR.value,
            Decimal(24),
            "demonstration policy, no study: invented for the demonstration",
        )
        bench.shipper = bench.pharmacy.do(enter_shipper, "rowan", draft=draft)
        bench.pharmacy.do(sign_shipper, "rowan", shipper_id=bench.shipper)

    diary.write(last - timedelta(days=45), time(8, 50), enter)


def pack(pharmacy: DemoPharmacy, made: "Made", bench: "Bench", *, leave: int = 0) -> None:
    """Every bag and every proposed supply scanned and the box closed; or some are left, and the box stays open."""
    ticket = pharmacy.ask(ticket_of, ticket_id=made.ticket)
    bags = ticket.bags
    for line in () if leave else ticket.lines:
        if line.lot_id is not None:
            pharmacy.do(scan_item, "birch", ticket_id=made.ticket, text=line.mark)
    for bag in bags[: len(bags) - leave]:
        pharmacy.do(scan_bag, "birch", ticket_id=made.ticket, text=bag.barcode)
    if not leave:
        is_cold = any(bag.kept is Storage.REFRIGERATOR for bag in bags)
        draft = PackOutDraft(bench.shipper) if is_cold else PackOutDraft()
        pharmacy.do(finish_packing, "birch", ticket_id=made.ticket, draft=draft)


def write_too_warm(diary: Diary, on: date, patient: "Patient", therapy: "Therapy", made: "Made", bench: "Bench") -> None:
    """It came warm, a pharmacist has it replaced, and what came back is destroyed before a witness."""
    minute = patient.number * 5 % 30
    bench.write_delivery(diary, on, patient, made, highest=_TOO_WARM)
    diary.write(on, time(19, minute), partial(_judge, patient, made))
    diary.write(on + timedelta(days=1), time(9, minute), partial(_destroy, patient, made))
    making, tomorrow = therapy.making, on + timedelta(days=1)
    assert making is not None
    fewer = replace(therapy, making=replace(making, bags=making.bags - 1))  # the dose of this morning was missed
    bench.write_delivery(diary, tomorrow, patient, bench.write(diary, tomorrow, patient, fewer))


def write_called_back(diary: Diary, on: date, patient: "Patient", therapy: "Therapy", made: "Made", bench: "Bench") -> None:
    """The prescriber stops the therapy while its bag is on the road: the driver is called, and what he brings back is destroyed."""
    minute = patient.number * 5 % 30
    diary.write(on, time(15, minute), partial(bench.ship, patient, made))
    diary.write(on, time(16, minute), partial(_call_back, patient, therapy, made))
    diary.write(on, time(17, minute), partial(_take_back, patient, made))


def write_last_morning(diary: Diary, on: date, patient: "Patient", made: "Made", bench: "Bench", *, is_routed: bool) -> None:
    """On the last day the box stands ready on the driver's route, or is still open with a bag to scan."""

    def ready() -> None:
        bench.begin(patient, made)
        pack(patient.pharmacy, made, bench, leave=0 if is_routed else 1)
        if is_routed:
            patient.pharmacy.do(put_on_route, "birch", ticket_id=made.ticket, on=on, driver=_DRIVER)

    diary.write(on, time(6, 45 + patient.number), ready)


def _judge(patient: "Patient", made: "Made") -> None:
    because = "14.5 °C on the way; the stability row says 2 to 8 °C, and for how long it was warm nobody knows."
    draft = JudgementDraft(Disposition.REPLACE.value, because)
    patient.pharmacy.do(judge_bags, "rowan", ticket_id=made.ticket, draft=draft)


def _destroy(patient: "Patient", made: "Made") -> None:
    patient.pharmacy.do(destroy_bags, "birch", ticket_id=made.ticket, draft=_DESTROYED)


def _call_back(patient: "Patient", therapy: "Therapy", made: "Made") -> None:
    pharmacy = patient.pharmacy
    order = pharmacy.ask(order_version, version_id=patient.versions[therapy.ingredient])
    on = pharmacy.clock.at.astimezone(pharmacy.clock.zone).date()
    pharmacy.do(discontinue_order, "rowan", order_id=order.order_id, effective_on=on)
    draft = CallDraft(_DRIVER, "hands nothing over and brings it back")
    pharmacy.do(record_call, "birch", ticket_id=made.ticket, draft=draft)


def _take_back(patient: "Patient", made: "Made") -> None:
    patient.pharmacy.do(return_delivery, "birch", ticket_id=made.ticket)
    patient.pharmacy.clock.advance(minutes=10)
    _destroy(patient, made)
