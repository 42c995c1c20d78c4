"""Pumps as they stand, each derived from its events; models; one pump with everything that happened to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.equipment.queries.policy import equipment_policy
from infusiondesk.equipment.records import Pump, PumpAssignment, PumpEvent, PumpModel, PumpRecall
from infusiondesk.equipment.rules import (
    Duty,
    DutyDue,
    EquipmentPolicy,
    Event,
    EventKind,
    Holder,
    Ownership,
    Place,
    RecallScope,
    Status,
    Stay,
    duties,
    firmware_of,
    give_refusal,
    keeps_back,
    serials_in,
    shown_place,
    spellings,
    status_of,
    stays_of,
    unsettled,
)
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of_each
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.records import Order
from infusiondesk.patients.records import Patient

# What waits for a hand first, then what is out, then what is ready.
_ORDER: Final = (
    Place.QUARANTINE, Place.LOST, Place.NOT_CLEAN, Place.CLEANED, Place.CHECKED, Place.WITH_PATIENT, Place.MAINTENANCE,
    Place.AVAILABLE, Place.RETIRED,
)  # fmt: skip


@dataclass(frozen=True)
class ModelRow:
    """One model with its policy."""

    id: UUID
    maker: str
    name: str
    channels: int
    therapies: tuple[str, ...]
    maintenance_months: int
    certification_months: int | None
    accuracy_percent: Decimal
    source: str

    @property
    def label(self) -> str:
        return f"{self.maker} {self.name}"

    @property
    def intervals(self) -> Mapping[Duty, int | None]:
        return {Duty.MAINTENANCE: self.maintenance_months, Duty.CERTIFICATION: self.certification_months}


@dataclass(frozen=True)
class PumpRow:
    """One pump as it stands today; `refusal` is why it may not go out, empty when it may."""

    id: UUID
    serial: str
    model: ModelRow
    ownership: Ownership
    vendor: str
    daily_rate: Decimal | None
    place: Place
    status: Status
    firmware: str
    duties: tuple[DutyDue, ...]
    is_overdue: bool
    is_due_soon: bool
    recalls: tuple[RecallScope, ...]
    keeping: str
    refusal: str
    stays: tuple[Stay, ...]

    @property
    def stay(self) -> Stay | None:
        """The patient who has it."""
        return self.status.stay

    @property
    def where(self) -> str:
        """Who has it, or why it is where it is, in a line."""
        if self.stay is not None:
            asked = f", asked back {day(self.stay.asked_on)}" if self.stay.asked_on else ""
            recalled = f", recalled ({self.recalls[0].reference})" if self.recalls else ""
            return f"{self.stay.holder.patient}, {self.stay.holder.use.value}{recalled}{asked}"
        return self.keeping if self.place is Place.CHECKED else self.status.because


@dataclass(frozen=True)
class EventRow:
    """One thing that happened to a pump, the time on the pharmacy's wall clock, with the names under it."""

    id: UUID
    number: int
    kind: EventKind
    at: datetime
    by: str
    words: str
    holder: Holder | None
    signatures: tuple[SignatureRow, ...]


@dataclass(frozen=True)
class WholePump:
    """A pump with its history, oldest first."""

    row: PumpRow
    events: tuple[EventRow, ...]


@dataclass(frozen=True)
class FoundPump:
    """What a scan means here: a pump, or why there is none."""

    row: PumpRow | None
    because: str


@query(Area.EQUIPMENT, is_audited=False)
def models(reading: Reading) -> Sequence[ModelRow]:
    """Every model, by maker and name."""
    found = [model_row(one) for one in reading.session.scalars(sa.select(PumpModel))]
    return sorted(found, key=lambda row: row.label.casefold())


@query(Area.EQUIPMENT)
def pumps(reading: Reading, *, shipped: EquipmentPolicy | None = None) -> Sequence[PumpRow]:
    """Every pump: what waits for a hand first, what is ready last. Without rules nothing is due soon, only overdue."""
    policy = equipment_policy(reading, shipped=shipped) if shipped else None
    return sorted(loaded(reading, sa.true(), policy), key=lambda row: (_ORDER.index(row.place), row.model.label, row.serial))


@query(Area.EQUIPMENT)
def due_pumps(reading: Reading, *, shipped: EquipmentPolicy) -> Sequence[PumpRow]:
    """Pumps in service whose upkeep is overdue or due within the days of the policy, the first due first."""
    out = (Place.RETIRED, Place.LOST, Place.MAINTENANCE)
    policy = equipment_policy(reading, shipped=shipped)
    found = [row for row in loaded(reading, sa.true(), policy) if (row.is_overdue or row.is_due_soon) and row.place not in out]
    return sorted(found, key=lambda row: (row.duties[0].due_on or date.min, row.serial))


@query(Area.EQUIPMENT)
def pump_by_scan(reading: Reading, *, text: str) -> FoundPump:
    """The pump that a scanned or typed serial names."""
    serials = serials_in(text)
    written = [one for serial in serials for one in spellings(serial)]
    found = loaded(reading, Pump.serial.in_(written))
    if not found:
        return FoundPump(None, f"No pump {serials[-1]} is on file. Enter it, or set it aside.")
    return FoundPump(min(found, key=lambda row: written.index(row.serial)), "")


@query(Area.EQUIPMENT)
def whole_pump(reading: Reading, *, pump_id: UUID) -> WholePump:
    """One pump and everything that happened to it."""
    (row,) = loaded(reading, Pump.id == pump_id)
    of_it = PumpEvent.pump_id == pump_id
    found = reading.session.scalars(sa.select(PumpEvent).where(of_it).order_by(PumpEvent.number)).all()
    holders = _holders(reading, sa.select(PumpEvent.assignment_id).where(of_it))
    facts = {one.id: event_facts(one) for one in found if one.signed_at is not None}
    names = signatures_of_each(reading, PumpEvent.__tablename__, facts)
    return WholePump(
        row,
        tuple(
            EventRow(
                one.id, one.number, one.kind, reading.local(one.happened_at), one.done_by, event_words(one),
                holders[one.assignment_id] if one.assignment_id else None, tuple(names.get(one.id, ())),
            )
            for one in found
        ),
    )  # fmt: skip


def event_facts(event: PumpEvent) -> dict[str, Any]:
    """Everything that the name under an event covers."""
    names = ("pump_id", "number", "kind", "reason", "details", "assignment_id", "recall_id", "happened_at", "done_by_id")
    return {name: getattr(event, name) for name in names}


_DETAILS: Final = {
    "agent": "{}", "contact_minutes": "wet for {} min", "label_minutes": "label {} min", "alarms": "alarms {}",
    "battery": "battery {}", "cord": "cord {}", "casing": "casing {}", "deviation_percent": "volume off by {}%",
    "limit_percent": "limit {}%", "outcome": "{}", "report": "report {}", "maintenance": "maintained {}",
    "certification": "certified {}", "firmware": "firmware {}", "how": "{}", "with_whom": "with {}",
    "pick_up_on": "picked up {}", "from_rx": "from Rx {}", "brought_by": "brought by {}", "to_whom": "to {}",
}  # fmt: skip
_DAYS: Final = ("maintenance", "certification", "pick_up_on")


def event_words(event: PumpEvent) -> str:
    """What was entered with an event, in a line."""
    told = []
    for name, word in _DETAILS.items():
        value = event.details.get(name)
        if value:
            value = day(date.fromisoformat(value)) if name in _DAYS else value
            told.append(word.format(value))
    return "; ".join(filter(None, (event.reason, ", ".join(told))))


def model_row(model: PumpModel) -> ModelRow:
    """A model as a row."""
    return ModelRow(
        model.id, model.maker, model.name, model.channels, tuple(model.therapies), model.maintenance_months,
        model.certification_months, model.accuracy_percent, model.source,
    )  # fmt: skip


def scopes(at: Reading) -> Sequence[RecallScope]:
    """What every recall names, the oldest first. No permission of its own: who lists pumps may know."""
    found = at.session.scalars(sa.select(PumpRecall).order_by(PumpRecall.opened_at, PumpRecall.id))
    return [scope_of(one) for one in found]


def scope_of(recall: PumpRecall) -> RecallScope:
    """What a recall names."""
    return RecallScope(recall.id, recall.reference, recall.maker, recall.model, recall.serial_from, recall.serial_to)


def loaded(at: Reading, condition: sa.ColumnElement[bool], policy: EquipmentPolicy | None = None) -> list[PumpRow]:
    """Pumps with everything that is derived. No permission of its own: every query and verb that asks carries one."""
    today = at.today()
    recalls = scopes(at)
    chosen = at.session.execute(sa.select(Pump, PumpModel).join(PumpModel, PumpModel.id == Pump.model_id).where(condition)).all()
    wanted = PumpEvent.pump_id.in_(sa.select(Pump.id).join(PumpModel, PumpModel.id == Pump.model_id).where(condition))
    by_pump: dict[UUID, list[Event]] = {pump.id: [] for pump, _ in chosen}
    for pump_id, event in _happened(at, wanted):
        by_pump[pump_id].append(event)
    settled: dict[UUID, list[UUID]] = {}
    for pump_id, recall_id in at.session.execute(
        sa.select(PumpEvent.pump_id, PumpEvent.recall_id).where(wanted, PumpEvent.kind == EventKind.SETTLED)
    ):
        if recall_id is not None:
            settled.setdefault(pump_id, []).append(recall_id)
    kept: dict[UUID, ModelRow] = {}
    return [
        _row(
            pump, kept.setdefault(model.id, model_row(model)), by_pump[pump.id], recalls, settled.get(pump.id, ()), today, policy
        )
        for pump, model in chosen
    ]  # fmt: skip


def _row(
    pump: Pump,
    model: ModelRow,
    events: Sequence[Event],
    recalls: Iterable[RecallScope],
    settled: Sequence[UUID],
    today: date,
    policy: EquipmentPolicy | None,
) -> PumpRow:
    status = status_of(events)
    owed = duties(model.intervals, events)
    hit = [] if status.place is Place.RETIRED else unsettled(recalls, settled, model.maker, model.name, pump.serial)
    keeping = keeps_back(pump.serial, owed, [one.reference for one in hit], today)
    due = [one.due_on for one in owed if one.due_on]
    return PumpRow(
        pump.id, pump.serial, model, pump.ownership, pump.vendor, pump.daily_rate, shown_place(status, keeping), status,
        firmware_of(events), tuple(owed), any(one.is_overdue(today) for one in owed),
        policy is not None and any(today <= on <= today + policy.due_within for on in due), tuple(hit), keeping or "",
        give_refusal(pump.serial, status, keeping) or "", tuple(stays_of(events)),
    )  # fmt: skip


def _happened(at: Reading, condition: sa.ColumnElement[bool]) -> Iterable[tuple[UUID, Event]]:
    """What happened to pumps, oldest first of each, in columns: a pharmacy's pumps have some ten thousand events."""
    holders = _holders(at, sa.select(PumpEvent.assignment_id).where(condition, PumpEvent.assignment_id.is_not(None)))
    chosen = (
        sa.select(
            PumpEvent.pump_id, PumpEvent.kind, PumpEvent.happened_at, PumpEvent.done_by, PumpEvent.reason, PumpEvent.details,
            PumpEvent.assignment_id,
        )
        .where(condition)
        .order_by(PumpEvent.pump_id, PumpEvent.number)
    )  # fmt: skip
    for pump_id, kind, happened_at, by, reason, details, assignment_id in at.session.execute(chosen):
        holder = holders[assignment_id] if assignment_id else None
        yield pump_id, Event(kind, happened_at, at.local(happened_at).date(), by, reason, holder, details)


def _holders(at: Reading, wanted: sa.Select[Any]) -> Mapping[UUID, Holder]:
    chosen = (
        sa.select(PumpAssignment, Patient.last_name, Patient.first_name, Patient.mrn, Order.rx_number)
        .join(Patient, Patient.id == PumpAssignment.patient_id)
        .join(Order, Order.id == PumpAssignment.order_id)
        .where(PumpAssignment.id.in_(wanted))
    )
    return {
        one.id: Holder(one.patient_id, f"{last}, {first}", mrn, one.order_id, rx, one.use)
        for one, last, first, mrn, rx in at.session.execute(chosen)
    }


def pump_named(at: Reading, serial: str) -> Pump | None:
    """The pump with a serial. No permission of its own: the verbs that ask carry one."""
    return at.session.scalars(sa.select(Pump).where(Pump.serial.in_(spellings(serial)))).first()
