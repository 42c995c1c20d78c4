"""Temperatures of the locations: a reading by hand, what an excursion sets apart, and what a pharmacist makes of each lot."""

from datetime import date
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.monitors import monitors, temperature_rules
from infusiondesk.inventory.queries.recalls import doubt_about
from infusiondesk.inventory.queries.shelf import controlled_of
from infusiondesk.inventory.records import ExcursionLot, Holding, Lot, TemperatureExcursion, TemperatureReading
from infusiondesk.inventory.rules import MovementKind, refuse_first
from infusiondesk.inventory.rules.controlled import schedule_words
from infusiondesk.inventory.rules.monitors import lapses
from infusiondesk.inventory.rules.temperatures import (
    Disposition,
    DispositionDraft,
    ReadingDraft,
    Scale,
    Standing,
    in_celsius,
)
from infusiondesk.inventory.service.excursions import (
    begin_excursion,
    last_read,
    location_in_use,
    open_excursion,
    set_all_apart,
    widen,
)
from infusiondesk.inventory.service.moving import HANDS, PHARMACISTS, move, unit_of, witness_of


@verb(Area.INVENTORY, *HANDS, does="note a temperature")
def note_temperature(uow: UnitOfWork, *, location_id: UUID, draft: ReadingDraft) -> UUID:
    """Keep what a thermometer shows now; outside the range everything at the location goes into quarantine at once."""
    refuse_first(draft.problems())
    location = location_in_use(uow, location_id)
    scale, typed = Scale(draft.scale), [value for value in (draft.value, draft.lowest, draft.highest) if value is not None]
    degrees = [in_celsius(value, scale) for value in typed]
    allowed = temperature_rules(uow, shipped=shipped_temperatures()).of(location.kind)
    watching = monitors(uow, location_id=location_id)
    chosen = [one for one in watching if draft.monitor_id in (None, one.id)]
    before = last_read(uow, location_id)
    reading = uow.add(
        TemperatureReading(
            location_id=location_id,
            monitor_id=chosen[0].id if len(chosen) == 1 else None,
            import_id=None,
            begun_at=None,
            read_at=uow.clock.now(),
            read_by=uow.actor.name,
            typed=f"{', '.join(f'{value:f}' for value in typed)} °{scale}",
            celsius=degrees[0],
            lowest=min(degrees),
            highest=max(degrees),
            mean_kinetic=None,
            allowed=allowed.limits(),
            remark=lapses(chosen, uow.today()),
        )
    )
    uow.record(Change("noted a temperature", Area.INVENTORY, "temperature_reading", reading.id))
    excursion = open_excursion(uow, location_id)
    if allowed.standing(reading.lowest, reading.highest) is Standing.OUTSIDE:
        excursion = excursion or begin_excursion(uow, location_id, before, allowed, reading.lowest, reading.highest)
        widen(excursion, reading.lowest, reading.highest, reading.remark)
    if excursion is not None:
        # Also at the first good reading: what was put there since the last one lay in it as well.
        set_all_apart(uow, excursion, allowed)
        if allowed.standing(reading.celsius, reading.celsius) is not Standing.OUTSIDE:
            excursion.ended_at = uow.clock.now()
    return reading.id


@verb(Area.INVENTORY, *PHARMACISTS, does="judge a lot after an excursion")
def judge_excursion_lot(uow: UnitOfWork, *, line_id: UUID, draft: DispositionDraft) -> None:
    """Put it back on the shelf, with an earlier expiry or not, or destroy it; signed, with the statement it rests on."""
    line = uow.session.get_one(ExcursionLot, line_id)
    if line.signed_at is not None:
        raise Refused("This lot is judged already.")
    holding = uow.session.get_one(Holding, line.holding_id)
    lot = uow.session.get_one(Lot, holding.lot_id)
    refuse_first(draft.problems(lot.expires_on, uow.today()))
    uow.require_licence("judge a lot after an excursion")
    quantity, disposition = min(line.quantity, holding.in_quarantine), Disposition(draft.disposition)
    reference = (TemperatureExcursion.__tablename__, line.excursion_id)
    line.disposition, line.source = disposition, draft.source.strip()
    if disposition is Disposition.DESTROY:
        if quantity and (schedule := controlled_of(uow, item_id=lot.item_id)):
            told = f"Lot {lot.lot_number} is {schedule_words(schedule)}"
            raise Refused(f"{told}: lay it out under Controlled drugs, and judge it here when the witness has signed.")
        told = f"{counted(quantity, unit_of(uow, lot))} of lot {lot.lot_number}"
        witness = witness_of(uow, "inventory.witness", f"Who sees {told} destroyed?") if quantity else ""
        if quantity:
            move(
                uow,
                holding,
                MovementKind.DESTROYED,
                quarantined=-quantity,
                because=line.source,
                reference=reference,
                witnessed_by=witness,
            )
    else:
        _may_go_back(uow, line.excursion_id, lot)
        if disposition is Disposition.SHORTEN:
            _shorten(uow, line, lot, draft.expires_on)
        if quantity:
            move(uow, holding, MovementKind.CLEARED, quantity, -quantity, because=line.source, reference=reference)
    uow.sign(
        line,
        {
            "lot": lot.lot_number,
            "quantity": line.quantity,
            "disposition": disposition,
            "source": line.source,
            "expires_on": line.expires_on,
        },
        subject=f"Lot {lot.lot_number} after a temperature excursion: {disposition}",
        meaning="judged after an excursion",
        area=Area.INVENTORY,
        patient_id=None,
    )


def _shorten(uow: UnitOfWork, line: ExcursionLot, lot: Lot, until: date | None) -> None:
    if until is None:
        raise AssertionError("a draft without problems has a day")
    line.expires_on, lot.expires_on = until, until
    uow.record(Change("shortened the expiry", Area.INVENTORY, "lot", lot.id), reason=line.source)


def _may_go_back(uow: UnitOfWork, excursion_id: UUID, lot: Lot) -> None:
    """Not into a location that is still outside its range, and not past a recall or a suspicion."""
    if uow.session.get_one(TemperatureExcursion, excursion_id).ended_at is None:
        raise Refused("The location is still outside its range. Note a reading in range first.")
    if doubt := doubt_about(uow, item_id=lot.item_id, lot_number=lot.lot_number):
        raise Refused(f"{doubt} It stays in quarantine.")
