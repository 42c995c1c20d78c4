"""Pumps: given once, clean before the next patient, recalled, counted by days; on both databases what depends on one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.equipment import queries, service
from infusiondesk.equipment.exchange import backup_rules, shipped_policy
from infusiondesk.equipment.queries import PumpRow, RecallRow
from infusiondesk.equipment.records import PumpAssignment
from infusiondesk.equipment.rules import (
    FAILS,
    WORKS,
    AskDraft,
    BackDraft,
    BackupDraft,
    CheckDraft,
    CleaningDraft,
    EventKind,
    GiveDraft,
    ModelDraft,
    Outcome,
    Ownership,
    Place,
    PumpDraft,
    RecallDraft,
    ReturnDraft,
    RulesDraft,
    SendDraft,
    SettleDraft,
    Use,
)
from infusiondesk.equipment.service import round_trip
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.kernel.periods import parse_month
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.orders import service as orders
from infusiondesk.orders.rules import Method, Pattern
from tests.beginnings import Recipe, after
from tests.people import activate, refer
from tests.pharmacy import Pharmacy
from tests.story import a_verified_order, order_of, the_catalog

TECH = Role.TECHNICIAN
TODAY = date(2026, 3, 2)
MODEL = ModelDraft("ZZTEST Medical", "Ambulator 2", 1, ("inotrope", "pain", "anti_infective"), 12, None, D(5), "manual, edition 4")
WIPE = CleaningDraft("quaternary wipe", D(3), D(3))
GOOD = CheckDraft(WORKS, WORKS, WORKS, WORKS, D("-1.5"))
BACK = ReturnDraft("driver")
NOTICE = RecallDraft("N-77", "zztest medical", "AMBULATOR 2", "A99", "A101", "free flow when the door is opened")


@pytest.fixture
def begins_with() -> Recipe:
    return a_pump_room


@after(the_catalog)
def a_pump_room(pharmacy: Pharmacy) -> None:
    """A catalog, a patient whose milrinone runs by pump, and pump A100, ready to go out."""
    a_milrinone(pharmacy, activate(pharmacy))
    ready(pharmacy, a_pump(pharmacy))


def a_milrinone(pharmacy: Pharmacy, patient_id: UUID, ingredient: str = "milrinone", **more: Any) -> UUID:
    known: dict[str, Any] = {
        "dose_amount": D(24), "dose_unit": "mg", "pattern": Pattern.CONTINUOUS.value, "interval_hours": None,
        "infusion_minutes": None, "method": Method.ELECTRIC_PUMP.value, "volume_ml": D(120),
    }  # fmt: skip
    return order_of(pharmacy, a_verified_order(pharmacy, patient_id, ingredient, **{**known, **more}))


def a_model(pharmacy: Pharmacy, **more: Any) -> UUID:
    known = next((one.id for one in pharmacy.ask(queries.models) if one.name == more.get("name", MODEL.name)), None)
    return known or pharmacy.do(service.add_model, draft=replace(MODEL, **more))


def a_pump(pharmacy: Pharmacy, serial: str = "A100", **more: Any) -> UUID:
    known: dict[str, Any] = {"maintained_on": TODAY, "firmware": "4.1"}
    return pharmacy.do(service.enter_pump, by=TECH, draft=PumpDraft(serial, a_model(pharmacy), **{**known, **more}))


def ready(pharmacy: Pharmacy, pump_id: UUID) -> UUID:
    pharmacy.do(service.clean_pump, by=TECH, pump_id=pump_id, draft=WIPE)
    assert pharmacy.do(service.check_pump, by=TECH, pump_id=pump_id, draft=GOOD)
    return pump_id


def stop(pharmacy: Pharmacy, order_id: UUID, last: date) -> None:
    why = {"orders.discontinued": "therapy completed"}
    pharmacy.do(orders.discontinue_order, order_id=order_id, effective_on=last, reasons=why)


def the_order(pharmacy: Pharmacy) -> UUID:
    return pharmacy.ask(queries.pump_needs, table=backup_rules())[0].id


def give(pharmacy: Pharmacy, pump_id: UUID, use: Use = Use.MAIN, order_id: UUID | None = None) -> None:
    draft = GiveDraft(order_id or the_order(pharmacy), use.value)
    pharmacy.do(service.give_pump, by=TECH, pump_id=pump_id, draft=draft)


def the_pump(pharmacy: Pharmacy) -> UUID:
    """Pump A100, with which every test begins."""
    return next(row.id for row in pharmacy.ask(queries.pumps) if row.serial == "A100")


def pump(pharmacy: Pharmacy, pump_id: UUID) -> PumpRow:
    return pharmacy.ask(queries.whole_pump, pump_id=pump_id).row


def test_a_pump_goes_round_and_every_step_has_a_name(file_pharmacy: Pharmacy) -> None:
    pump_id = a_pump(file_pharmacy, "A10")
    assert pump(file_pharmacy, pump_id).place is Place.NOT_CLEAN
    with pytest.raises(Refused, match="Pump A10 is not clean: clean it, then check it"):
        give(file_pharmacy, pump_id)
    file_pharmacy.do(service.clean_pump, by=TECH, pump_id=pump_id, draft=WIPE)
    with pytest.raises(Refused, match="is clean but not checked"):
        give(file_pharmacy, pump_id)
    file_pharmacy.do(service.check_pump, by=TECH, pump_id=pump_id, draft=GOOD)
    assert pump(file_pharmacy, pump_id).place is Place.AVAILABLE
    give(file_pharmacy, pump_id)
    file_pharmacy.clock.advance(days=3)
    file_pharmacy.do(service.ask_back, by=Role.NURSE, pump_id=pump_id, draft=AskDraft("call", "ZZTEST Paul"))
    assert pump(file_pharmacy, pump_id).where == "ZZTEST Alder, Marian, in use, asked back 5 Mar 2026"
    file_pharmacy.do(service.return_pump, by=TECH, pump_id=pump_id, draft=BACK)

    whole = file_pharmacy.ask(queries.whole_pump, pump_id=pump_id)
    assert whole.row.place is Place.NOT_CLEAN
    assert [event.kind.value for event in whole.events] == [
        "entered", "cleaned", "safety check passed", "given to a patient", "asked back", "returned",
    ]  # fmt: skip
    assert {event.by for event in whole.events} == {"ZZTEST Technician", "ZZTEST Nurse"}
    signed = {event.kind: [(name.meaning, name.holds) for name in event.signatures] for event in whole.events if event.signatures}
    assert signed == {EventKind.CLEANED: [("cleaned", True)], EventKind.PASSED: [("safety check done", True)]}
    assert whole.row.firmware == "4.1"


def test_a_pump_given_twice_is_refused_with_who_has_it_and_by_the_store_too(
    pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    pump_id = the_pump(pharmacy)
    as_it_was = pump(pharmacy, pump_id)
    give(pharmacy, pump_id)

    with pytest.raises(Refused, match=r"Pump A100 is with ZZTEST Alder, Marian \(MRN .+\) since 2 Mar 2026\."):
        give(pharmacy, pump_id)
    with pytest.raises(Refused, match="would contradict what is already there"):
        pharmacy.store.write(pharmacy.actor(TECH), _slip_in, {"pump_id": pump_id})
    monkeypatch.setattr(round_trip, "loaded", lambda *_: [as_it_was])  # what the slower of two desks has read
    with pytest.raises(Refused, match=r"Pump A100 was given to somebody else this moment\. Take another one\."):
        give(pharmacy, pump_id)


def _slip_in(uow: UnitOfWork, *, pump_id: UUID) -> None:
    known = uow.session.scalars(sa.select(PumpAssignment).where(PumpAssignment.pump_id == pump_id)).one()
    uow.add(PumpAssignment(pump_id=pump_id, patient_id=known.patient_id, order_id=known.order_id, use=Use.MAIN, ended_at=None))


def test_who_may_have_a_pump(file_pharmacy: Pharmacy) -> None:
    pump_id, order_id = the_pump(file_pharmacy), the_order(file_pharmacy)
    (need,) = file_pharmacy.ask(queries.pump_needs, table=backup_rules())
    gravity = order_of(file_pharmacy, a_verified_order(file_pharmacy, need.patient_id))
    other = refer(file_pharmacy, last_name="ZZTEST Birch", first_name="Ann")
    not_active = a_milrinone(file_pharmacy, other)
    nutrition = a_milrinone(file_pharmacy, need.patient_id, "epoprostenol")

    for refused, sentence in (
        (gravity, "is given by gravity, not by pump"),
        (not_active, r"ZZTEST Birch, Ann is not active \(referral\)"),
        (nutrition, r"Ambulator 2 does not serve epoprostenol\. It is for: anti-infective, pain, inotrope\."),
    ):
        with pytest.raises(Refused, match=sentence):
            give(file_pharmacy, pump_id, order_id=refused)
    stop(file_pharmacy, order_id, TODAY)
    with pytest.raises(Refused, match="is discontinued; a pump goes out for a verified order"):
        give(file_pharmacy, pump_id, order_id=order_id)


def test_what_is_overdue_may_not_go_out_and_is_listed(file_pharmacy: Pharmacy) -> None:
    never = ready(file_pharmacy, a_pump(file_pharmacy, "B1", maintained_on=None))
    old = ready(file_pharmacy, a_pump(file_pharmacy, "B2", maintained_on=date(2025, 3, 1)))
    soon = ready(file_pharmacy, a_pump(file_pharmacy, "B3", maintained_on=date(2025, 3, 2)))
    ready(file_pharmacy, a_pump(file_pharmacy, "B4"))

    assert [row.serial for row in file_pharmacy.ask(queries.due_pumps, shipped=shipped_policy())] == ["B1", "B2", "B3"]
    for pump_id, sentence in ((never, "its preventive maintenance was never recorded"), (old, "was due on 1 Mar 2026")):
        with pytest.raises(Refused, match=sentence):
            give(file_pharmacy, pump_id)
    assert pump(file_pharmacy, soon).place is Place.AVAILABLE
    assert pump(file_pharmacy, old).place is Place.CHECKED
    file_pharmacy.do(service.send_pump, by=TECH, pump_id=old, draft=SendDraft("ZZTEST Biomed", "yearly maintenance"))
    with pytest.raises(Refused, match="is out for maintenance: yearly maintenance"):
        give(file_pharmacy, old)
    with pytest.raises(Refused, match="has not come yet"):
        file_pharmacy.do(service.take_back_pump, by=TECH, pump_id=old, draft=BackDraft("R-1", TODAY + timedelta(days=1)))
    file_pharmacy.do(service.take_back_pump, by=TECH, pump_id=old, draft=BackDraft("R-1", TODAY, None, "5.0"))
    row = pump(file_pharmacy, ready(file_pharmacy, old))
    assert (row.place, row.firmware, row.duties[0].due_on) == (Place.AVAILABLE, "5.0", date(2027, 3, 2))
    changed = replace(MODEL, certification_months=6)
    with pytest.raises(NeedsReason):
        file_pharmacy.do(service.change_model, model_id=row.model.id, draft=changed)
    file_pharmacy.do(service.change_model, model_id=row.model.id, draft=changed, reasons={"equipment.model": "our policy"})
    assert pump(file_pharmacy, soon).refusal == "Pump B3 may not go out: its certification was never recorded."


def test_a_failed_check_and_a_fault_put_a_pump_into_quarantine_until_a_pharmacist_releases_it(file_pharmacy: Pharmacy) -> None:
    pump_id = a_pump(file_pharmacy, "F1")
    file_pharmacy.do(service.clean_pump, by=TECH, pump_id=pump_id, draft=WIPE)
    failed = replace(GOOD, battery=FAILS, deviation_percent=D(7))
    assert not file_pharmacy.do(service.check_pump, by=TECH, pump_id=pump_id, draft=failed)

    row = pump(file_pharmacy, pump_id)
    assert (row.place, row.where) == (Place.QUARANTINE, "the battery failed; it delivers 7% too much, 5% is the limit")
    with pytest.raises(Refused, match="you need to be"):
        file_pharmacy.do(service.release_pump, by=TECH, pump_id=pump_id)
    file_pharmacy.do(service.release_pump, pump_id=pump_id, reasons={"equipment.release": "new battery, rate adjusted"})
    give(file_pharmacy, ready(file_pharmacy, pump_id))
    file_pharmacy.do(service.return_pump, by=TECH, pump_id=pump_id, draft=replace(BACK, fault="alarm silent"))
    assert pump(file_pharmacy, pump_id).where == "fault: alarm silent"


def test_a_life_sustaining_therapy_lacks_its_back_up_until_it_has_two(pharmacy: Pharmacy) -> None:
    (gap,) = pharmacy.ask(queries.backup_gaps, table=backup_rules())
    assert (gap.need.pumps, gap.missing, gap.need.is_life_sustaining) == (2, "no pump in the home, 2 needed", True)
    give(pharmacy, the_pump(pharmacy))
    (gap,) = pharmacy.ask(queries.backup_gaps, table=backup_rules())
    assert gap.missing == "1 of 2 pumps in the home, back-up missing"
    give(pharmacy, ready(pharmacy, a_pump(pharmacy, "C7")), Use.BACKUP)
    assert pharmacy.ask(queries.backup_gaps, table=backup_rules()) == []

    found = pharmacy.ask(queries.pumps_of, patient_id=gap.patient_id, table=backup_rules())
    assert [(one.serial, one.use) for one in found.needs[0].had] == [("A100", Use.MAIN), ("C7", Use.BACKUP)]
    pharmacy.do(service.open_recall, draft=NOTICE)
    assert [one.missing for one in pharmacy.ask(queries.backup_gaps, table=backup_rules())] == [
        "1 of 2 pumps in the home, back-up missing; recalled: A100"
    ]


def test_a_pump_goes_on_with_another_order_of_its_patient_without_a_gap(pharmacy: Pharmacy) -> None:
    pump_id, first = the_pump(pharmacy), the_order(pharmacy)
    give(pharmacy, pump_id)
    patient_id = pharmacy.ask(queries.pump_needs, table=backup_rules())[0].patient_id
    second, other = a_milrinone(pharmacy, patient_id), a_milrinone(pharmacy, activate(pharmacy, last_name="ZZTEST Birch"))
    pharmacy.clock.advance(days=3)
    for order_id, sentence in ((other, "Take it back before somebody else has it"), (first, "is in use for Rx 700001 already")):
        with pytest.raises(Refused, match=sentence):
            pharmacy.do(service.continue_pump, by=TECH, pump_id=pump_id, draft=GiveDraft(order_id))
    pharmacy.do(service.continue_pump, by=TECH, pump_id=pump_id, draft=GiveDraft(second))
    stop(pharmacy, first, date(2026, 3, 5))
    pharmacy.clock.advance(days=9)

    row = pump(pharmacy, pump_id)
    assert row.stay is not None
    assert (row.place, row.status.since, row.stay.holder.order_id, row.stay.out_on) == (
        Place.WITH_PATIENT, TODAY, second, date(2026, 3, 5),
    )  # fmt: skip
    assert pharmacy.ask(queries.overdue_returns, shipped=shipped_policy()) == []
    rows = pharmacy.ask(queries.rental_month, month=parse_month("2026-03"), shipped=shipped_policy())
    days = {one.order_id: [day.day for day in one.days] for one in rows}
    assert days == {first: [2, 3, 4], second: list(range(5, 15))}
    pharmacy.do(service.open_recall, draft=NOTICE)
    with pytest.raises(NeedsReason, match="is recalled"):
        pharmacy.do(service.continue_pump, by=TECH, pump_id=pump_id, draft=GiveDraft(second, Use.BACKUP.value))


def test_what_is_decided_about_pumps_is_signed(file_pharmacy: Pharmacy) -> None:
    pic, ask = Role.PHARMACIST_IN_CHARGE, file_pharmacy.ask
    assert ask(queries.equipment_policy, shipped=shipped_policy()).return_within.days == 7
    with pytest.raises(Refused, match="you need to be"):
        file_pharmacy.do(service.set_equipment_policy, draft=RulesDraft(D(60), D(3)))
    file_pharmacy.do(service.set_equipment_policy, by=pic, draft=RulesDraft(D(60), D(3)))
    file_pharmacy.do(service.set_equipment_policy, by=pic, draft=RulesDraft(D(45), D(2), counts_day_back=True))
    policy = ask(queries.equipment_policy, shipped=shipped_policy())
    assert (policy.due_within.days, policy.return_within.days, policy.counts_day_back) == (45, 2, True)
    assert policy.said_by == "signed by ZZTEST Pharmacist In Charge, 2 Mar 2026"

    (gap,) = ask(queries.backup_gaps, table=backup_rules())
    assert gap.need.pumps == 2
    draft = BackupDraft("inotrope", (Pattern.INTERVAL.value,), D(2), "only between doses", "policy 9")
    file_pharmacy.do(service.set_backup, draft=draft)
    (gap,) = ask(queries.backup_gaps, table=backup_rules())
    assert (gap.need.pumps, gap.missing) == (1, "no pump in the home")
    assert [one.therapy_class for one in ask(queries.backup_table, table=backup_rules()) if one.signed_on] == ["inotrope"]


def test_rental_days_and_pumps_that_should_be_back(file_pharmacy: Pharmacy) -> None:
    rented: dict[str, Any] = {"ownership": Ownership.RENTED.value, "vendor": "ZZTEST Rentals", "daily_rate": D("4.50")}
    pump_id = ready(file_pharmacy, a_pump(file_pharmacy, "R1", **rented))
    order_id = the_order(file_pharmacy)
    give(file_pharmacy, pump_id)
    file_pharmacy.clock.set(datetime(2026, 3, 9, 4, 30, tzinfo=UTC))  # the evening of the 8th: the clocks have just changed
    (row,) = file_pharmacy.ask(queries.rental_month, month=parse_month("2026-03"), shipped=shipped_policy())
    assert ([one.day for one in row.days], row.vendor_asks) == ([2, 3, 4, 5, 6, 7, 8], D("31.50"))
    stop(file_pharmacy, order_id, date(2026, 3, 8))
    file_pharmacy.clock.set(datetime(2026, 3, 15, 17, 0, tzinfo=UTC))
    assert file_pharmacy.ask(queries.overdue_returns, shipped=shipped_policy()) == []
    file_pharmacy.clock.advance(days=1)
    (late,) = file_pharmacy.ask(queries.overdue_returns, shipped=shipped_policy())
    assert (late.pump.serial, late.ended_on, late.days) == ("R1", date(2026, 3, 8), 8)
    file_pharmacy.do(service.return_pump, by=TECH, pump_id=pump_id, draft=BACK)
    assert file_pharmacy.ask(queries.overdue_returns, shipped=shipped_policy()) == []
    (row,) = file_pharmacy.ask(queries.rental_month, month=parse_month("2026-03"), shipped=shipped_policy())
    assert row.days[-1] == date(2026, 3, 15)
    with_day_back = replace(shipped_policy(), counts_day_back=True)
    (row,) = file_pharmacy.ask(queries.rental_month, month=parse_month("2026-03"), shipped=with_day_back)
    assert row.days[-1] == date(2026, 3, 16)
    assert file_pharmacy.ask(queries.rental_month, month=parse_month("2026-04"), shipped=shipped_policy()) == []


def test_a_recall_sets_apart_what_is_here_lists_who_has_the_rest_and_closes_signed(file_pharmacy: Pharmacy) -> None:
    out, here, lost, safe = the_pump(file_pharmacy), *(a_pump(file_pharmacy, serial) for serial in ("A99", "A101", "A102"))
    give(file_pharmacy, out)
    file_pharmacy.do(service.report_lost, by=TECH, pump_id=lost, reasons={"equipment.lost": "not in the pharmacy"})
    recall_id = file_pharmacy.do(service.open_recall, draft=NOTICE)

    recall = the_recall(file_pharmacy)
    assert [(hit.pump.serial, hit.is_to_write) for hit in recall.hits] == [("A100", True), ("A101", False), ("A99", False)]
    assert recall.hits[0].address == "12 Elm Street, Springfield, IL 62701"
    assert pump(file_pharmacy, here).place is Place.QUARANTINE
    assert pump(file_pharmacy, out).where == "ZZTEST Alder, Marian, in use, recalled (N-77)"
    assert pump(file_pharmacy, safe).place is Place.NOT_CLEAN
    with pytest.raises(Refused, match=r"under recall N-77\. Settle it there first"):
        file_pharmacy.do(service.release_pump, pump_id=here)
    with pytest.raises(Refused, match="3 pumps of recall N-77 not settled yet"):
        file_pharmacy.do(service.close_recall, recall_id=recall_id)
    with pytest.raises(Refused, match="is with ZZTEST Alder"):
        settle(file_pharmacy, recall_id, out, Outcome.CHECKED)
    file_pharmacy.do(service.return_pump, by=TECH, pump_id=out, draft=BACK)
    assert pump(file_pharmacy, out).where == "recall N-77"
    settle(file_pharmacy, recall_id, out, Outcome.CHECKED)
    file_pharmacy.do(service.release_pump, pump_id=out, reasons={"equipment.release": "door latch replaced as told"})
    settle(file_pharmacy, recall_id, here, Outcome.EXCHANGED)
    with pytest.raises(Refused, match=r"is lost\. Choose what became of it"):
        settle(file_pharmacy, recall_id, lost, Outcome.RETURNED)
    settle(file_pharmacy, recall_id, lost, Outcome.NOT_HAD)
    file_pharmacy.do(service.close_recall, recall_id=recall_id)

    closed = the_recall(file_pharmacy)
    assert (closed.is_closed, [name.holds for name in closed.signatures]) == (True, [True])
    assert pump(file_pharmacy, here).place is Place.RETIRED
    assert pump(file_pharmacy, ready(file_pharmacy, out)).place is Place.AVAILABLE
    file_pharmacy.do(service.report_found, by=TECH, pump_id=lost, reasons={"equipment.found": "behind a shelf"})
    assert pump(file_pharmacy, lost).place is Place.NOT_CLEAN
    with pytest.raises(Refused, match="Notice N-77 of zztest medical is on file already"):
        file_pharmacy.do(service.open_recall, draft=NOTICE)


def the_recall(pharmacy: Pharmacy) -> RecallRow:
    return pharmacy.ask(queries.recalls)[0]


def settle(pharmacy: Pharmacy, recall_id: UUID, pump_id: UUID, outcome: Outcome) -> None:
    draft = SettleDraft(outcome.value, "RMA 2231")
    pharmacy.do(service.settle_pump, by=TECH, recall_id=recall_id, pump_id=pump_id, draft=draft)


def test_a_pump_that_is_bought_after_its_recall_is_set_apart(file_pharmacy: Pharmacy) -> None:
    a_model(file_pharmacy)
    file_pharmacy.do(service.open_recall, draft=NOTICE)

    row = pump(file_pharmacy, a_pump(file_pharmacy, "a 101"))
    assert (row.serial, row.place, row.where) == ("A101", Place.QUARANTINE, "recall N-77")
    found = file_pharmacy.ask(queries.pump_by_scan, text="(01)00304096533016(21)a101")
    assert found.row is not None
    assert found.row.id == row.id
    assert file_pharmacy.ask(queries.pump_by_scan, text="Z1").because == "No pump Z1 is on file. Enter it, or set it aside."
    with pytest.raises(Refused, match="Pump A100 is on file already"):
        a_pump(file_pharmacy, "A100")
    file_pharmacy.do(service.retire_pump, pump_id=row.id, reasons={"equipment.retire": "sold"})
    with pytest.raises(Refused, match="Pump A101 is retired"):
        file_pharmacy.do(service.clean_pump, by=TECH, pump_id=row.id, draft=WIPE)
    again = PumpDraft("A-101", row.model.id, Ownership.RENTED.value, "ZZTEST Rentals", D(5))
    with pytest.raises(NeedsReason, match=r"Pump A101 was retired on 2 Mar 2026: sold\. Why is it here again\?"):
        file_pharmacy.do(service.enter_pump, by=TECH, draft=again)
    why = {"equipment.again": "rented again"}
    assert file_pharmacy.do(service.enter_pump, by=TECH, draft=again, reasons=why) == row.id
    back = pump(file_pharmacy, row.id)
    assert (back.place, back.vendor, back.where) == (Place.QUARANTINE, "ZZTEST Rentals", "recall N-77")
    with pytest.raises(Refused, match="ZZTEST Medical Ambulator 2 is on file already"):
        file_pharmacy.do(service.add_model, draft=replace(MODEL, maker="zztest MEDICAL"))
