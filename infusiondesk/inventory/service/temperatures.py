"""Temperatures of the locations: a reading by hand, what an excursion sets apart, and what a pharmacist makes of each lot."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.exchange import storage_ranges
from infusiondesk.inventory.queries.recalls import doubt_about
from infusiondesk.inventory.queries.shelf import controlled_of
from infusiondesk.inventory.records import (
    ExcursionLot,
    Holding,
    Location,
    Lot,
    TemperatureExcursion,
    TemperatureReading,
)
from infusiondesk.inventory.rules import MovementKind, refuse_first
from infusiondesk.inventory.rules.controlled import schedule_words
from infusiondesk.inventory.rules.temperatures import (
    Disposition,
    DispositionDraft,
    ReadingDraft,
    Scale,
    Standing,
    excursion_words,
    in_celsius,
)
from infusiondesk.inventory.service.moving import HANDS, PHARMACISTS, move, set_apart, unit_of, witness_of


@verb(Area.INVENTORY, *HANDS, does="note a temperature")
def note_temperature(uow: UnitOfWork, *, location_id: UUID, draft: ReadingDraft) -> UUID:
    """Keep what a thermometer shows now; outside the range everything at the location goes into quarantine at once."""
    refuse_first(draft.problems())
    location = uow.session.get_one(Location, location_id)
    if location.retired_at is not None:
        raise Refused(f"{location.name} is retired.")
    scale, typed = Scale(draft.scale), [value for value in (draft.value, draft.lowest, draft.highest) if value is not None]
    degrees = [in_celsius(value, scale) for value in typed]
    allowed = next(one for one in storage_ranges() if one.kind is location.kind)
    before = uow.session.scalars(
        sa.select(sa.func.max(TemperatureReading.read_at, type_=TemperatureReading.read_at.type)).where(
            TemperatureReading.location_id == location_id
        )
    ).one()
    reading = uow.add(
        TemperatureReading(
            location_id=location_id,
            read_at=uow.clock.now(),
            read_by=uow.actor.name,
            typed=f"{', '.join(f'{value:f}' for value in typed)} °{scale}",
            celsius=degrees[0],
            lowest=min(degrees),
            highest=max(degrees),
            allowed=allowed.limits(),
        )
    )
    uow.record(Change("noted a temperature", Area.INVENTORY, "temperature_reading", reading.id))
    excursion = uow.session.scalars(
        sa.select(TemperatureExcursion).where(
            TemperatureExcursion.location_id == location_id, TemperatureExcursion.ended_at.is_(None)
        )
    ).first()
    if allowed.standing(reading.lowest, reading.highest) is Standing.OUTSIDE:
        if excursion is None:
            excursion = uow.add(
                TemperatureExcursion(
                    location_id=location_id,
                    last_good_at=before,
                    found_at=uow.clock.now(),
                    found_by=uow.actor.name,
                    lowest=reading.lowest,
                    highest=reading.highest,
                    allowed=allowed.limits(),
                    ended_at=None,
                )
            )
        excursion.lowest, excursion.highest = min(excursion.lowest, reading.lowest), max(excursion.highest, reading.highest)
    if excursion is not None:
        # Also at the first good reading: what was put there since the last one lay in it as well.
        told = excursion_words(allowed, excursion.lowest, excursion.highest)
        _set_all_apart(uow, excursion, f"temperature excursion: {told}")
    if excursion is not None and allowed.standing(reading.celsius, reading.celsius) is not Standing.OUTSIDE:
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


def _set_all_apart(uow: UnitOfWork, excursion: TemperatureExcursion, because: str) -> None:
    """Quarantine what is on hand there, and keep a line to judge for each lot; what arrives later gets a line of its own."""
    lying = sa.select(Holding.id, Holding.on_hand).where(Holding.location_id == excursion.location_id, Holding.on_hand > 0)
    before: dict[UUID, Decimal] = {row.id: row.on_hand for row in uow.session.execute(lying)}
    reference = (TemperatureExcursion.__tablename__, excursion.id)
    for holding_id in set_apart(uow, because=because, location_id=excursion.location_id, reference=reference):
        uow.add(
            ExcursionLot(
                excursion_id=excursion.id,
                holding_id=holding_id,
                quantity=before[holding_id],
                disposition=None,
                source="",
                expires_on=None,
                signed_at=None,
                signature_id=None,
            )
        )
