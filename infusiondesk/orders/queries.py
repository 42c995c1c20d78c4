"""What screens, papers and journeys may read of orders."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.catalog.records import Drug
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.records import Order, OrderEvent, OrderVersion
from infusiondesk.orders.rules import (
    Event,
    EventKind,
    SetAside,
    State,
    VersionDates,
    concentration_per_ml,
    courses,
    held_days,
    rate_ml_per_h,
    set_aside,
    sig,
    standing,
    state,
    withdrawal_refusal,
)
from infusiondesk.patients.records import Patient, Prescriber


@dataclass(frozen=True)
class OrderRow:
    """One version of an order with its order's state; `is_current` marks the one that stands: the newest, unless it was withdrawn.

    `replaces` is what it changes: the verified version before it, else the one before it. `set_aside` says why a version no
    longer counts, `withdrawal_refusal` why it may not be withdrawn.
    """

    id: UUID
    order_id: UUID
    patient_id: UUID
    patient: str
    mrn: str
    rx_number: int
    number: int
    state: State
    is_current: bool
    is_verified: bool
    set_aside: SetAside | None
    withdrawal_refusal: str | None
    drug_id: UUID
    ingredient: str
    drug: str
    therapy: str
    therapy_class: str
    sig: str
    dose_amount: Decimal
    dose_unit: str
    route: str
    interval_hours: Decimal | None
    infusion_minutes: Decimal | None
    method: str
    diluent: str
    container: str
    volume_ml: Decimal | None
    rate_ml_per_h: Decimal | None
    concentration_per_ml: Decimal | None
    start_on: date
    stop_on: date
    indication: str
    had_before: bool
    anaphylaxis_kit: bool
    lab_protocol: str
    lab_reviewer: str
    flush: str
    nursing: str
    written_on: date | None
    refills: int | None
    received_by: str
    received_at: datetime
    caller: str
    reviewed_by_infectious_diseases: bool
    prescriber_id: UUID
    prescriber: str
    prescriber_npi: str
    prescriber_phone: str
    entered_by_id: UUID
    entered_by: str
    reason: str
    signatures: tuple[SignatureRow, ...]
    last_event: str
    replaces: "OrderRow | None" = None


@dataclass(frozen=True)
class TherapyCourse:
    """The days on which a verified version was in force: what billing and the banner count."""

    order_id: UUID
    version_id: UUID
    rx_number: int
    number: int
    ingredient: str
    drug: str
    therapy: str
    therapy_class: str
    sig: str
    route: str
    dose_amount: Decimal
    dose_unit: str
    interval_hours: Decimal | None
    volume_ml: Decimal | None
    method: str
    first: date
    last: date
    held_on: frozenset[date]


@query(Area.ORDERS)
def orders_to_verify(reading: Reading) -> Sequence[OrderRow]:
    """Entered versions that wait for a pharmacist, the earliest first day first."""
    waiting = sa.select(OrderVersion.order_id).where(OrderVersion.signed_at.is_(None))
    rows = _rows(reading, Order.id.in_(waiting))
    return sorted(
        (row for row in rows if row.is_current and not row.is_verified and row.state not in (State.CANCELLED, State.DISCONTINUED)),
        key=lambda row: (row.start_on, row.rx_number),
    )


@query(Area.ORDERS)
def orders_of(reading: Reading, *, patient_id: UUID) -> Sequence[OrderRow]:
    """All versions of all orders of a patient: open orders first, newest version first."""
    over = (State.COMPLETED, State.DISCONTINUED, State.CANCELLED)
    return sorted(_rows(reading, Order.patient_id == patient_id), key=lambda row: (row.state in over, -row.rx_number, -row.number))


@query(Area.ORDERS)
def order_version(reading: Reading, *, version_id: UUID) -> OrderRow:
    """One version, whole."""
    order_id = reading.session.get_one(OrderVersion, version_id).order_id
    return next(row for row in _rows(reading, Order.id == order_id) if row.id == version_id)


@query(Area.ORDERS)
def therapy_courses(reading: Reading, *, patient_id: UUID) -> Sequence[TherapyCourse]:
    """Every stretch of days of every verified version, oldest first."""
    rows = {row.id: row for row in _rows(reading, Order.patient_id == patient_id)}
    events = events_of(reading.session, {row.order_id for row in rows.values()})
    by_order: dict[UUID, list[OrderRow]] = defaultdict(list)
    for row in rows.values():
        by_order[row.order_id].append(row)
    found = []
    for order_id, versions in by_order.items():
        numbered = {row.number: row for row in versions}
        dates = [VersionDates(row.number, row.start_on, row.stop_on, row.is_verified) for row in versions]
        for course in courses(dates, events[order_id]):
            row = numbered[course.number]
            found.append(
                TherapyCourse(
                    order_id, row.id, row.rx_number, row.number,
                    row.ingredient, row.drug, row.therapy, row.therapy_class, row.sig,
                    row.route, row.dose_amount, row.dose_unit, row.interval_hours, row.volume_ml, row.method,
                    course.first, course.last, held_days(events[order_id], reading.today()),
                )
            )  # fmt: skip
    return sorted(found, key=lambda course: (course.first, course.rx_number, course.number))


def signed_facts(version: OrderVersion) -> dict[str, Any]:
    """Everything a pharmacist's verification covers."""
    names = [
        column.key for column in sa.inspect(OrderVersion).columns if column.key not in ("signed_at", "signature_id", "version")
    ]
    return {name: getattr(version, name) for name in names}


def dates_of(version: OrderVersion) -> VersionDates:
    """What the state of an order needs of a version."""
    return VersionDates(version.number, version.start_on, version.stop_on, version.signed_at is not None)


def events_of(session: Session, order_ids: Iterable[UUID]) -> defaultdict[UUID, list[Event]]:
    """What happened to each of these orders, oldest first. No permission of its own: every query and verb that asks carries one."""
    found: defaultdict[UUID, list[Event]] = defaultdict(list)
    wanted = sa.select(OrderEvent).where(OrderEvent.order_id.in_(list(order_ids))).order_by(OrderEvent.happened_at, OrderEvent.id)
    for one in session.scalars(wanted):
        found[one.order_id].append(Event(one.kind, one.effective_on, one.happened_at, one.version_number, one.reason))
    return found


def _rows(reading: Reading, condition: Any) -> list[OrderRow]:
    found = reading.session.execute(
        sa.select(OrderVersion, Order, Drug, Patient, Prescriber)
        .join(Order, Order.id == OrderVersion.order_id)
        .join(Drug, Drug.id == OrderVersion.drug_id)
        .join(Patient, Patient.id == Order.patient_id)
        .join(Prescriber, Prescriber.id == OrderVersion.prescriber_id)
        .where(condition)
        .order_by(Order.rx_number, OrderVersion.number)
    ).all()
    versions: dict[UUID, list[VersionDates]] = defaultdict(list)
    for version, order, *_ in found:
        versions[order.id].append(dates_of(version))
    events = events_of(reading.session, versions.keys())
    rows: list[OrderRow] = []
    for version, order, drug, patient, prescriber in found:
        row = _row(reading, version, order, drug, patient, prescriber, versions[order.id], events[order.id])
        earlier = [one for one in reversed(rows) if one.order_id == order.id]
        verified = [one for one in earlier if one.is_verified]
        rows.append(replace(row, replaces=next(iter(verified or earlier), None)))
    return rows


# What a row says in the version's own words; all the rest is derived, or comes from another table.
_AS_ENTERED: Final = [
    field.name for field in fields(OrderRow) if field.name in OrderVersion.__table__.columns and field.name != "reason"
]


def _row(
    reading: Reading,
    version: OrderVersion,
    order: Order,
    drug: Drug,
    patient: Patient,
    prescriber: Prescriber,
    versions: list[VersionDates],
    events: list[Event],
) -> OrderRow:
    today = reading.today()
    signed = version.signed_at is not None
    as_entered: dict[str, Any] = {name: getattr(version, name) for name in _AS_ENTERED}
    return OrderRow(
        **as_entered,
        patient_id=patient.id,
        patient=f"{patient.last_name}, {patient.first_name}",
        mrn=patient.mrn,
        rx_number=order.rx_number,
        state=state(versions, events, today),
        is_current=version.number == standing(versions, events),
        is_verified=signed,
        set_aside=set_aside(version.number, versions, events),
        withdrawal_refusal=withdrawal_refusal(version.number, versions, events, today),
        ingredient=drug.ingredient,
        drug=drug.name,
        therapy=drug.therapy,
        therapy_class=drug.therapy_class,
        sig=sig(drug.name, version.dose_amount, version.dose_unit, version.route, version.interval_hours),
        rate_ml_per_h=rate_ml_per_h(version.volume_ml, version.infusion_minutes),
        concentration_per_ml=concentration_per_ml(version.dose_amount, version.volume_ml),
        prescriber=prescriber.name,
        prescriber_npi=prescriber.npi,
        prescriber_phone=prescriber.phone,
        reason=version.reason or "",
        signatures=tuple(signatures_of(reading, OrderVersion.__tablename__, version.id, signed_facts(version))) if signed else (),
        last_event=_last_event(events),
    )


def _last_event(events: Iterable[Event]) -> str:
    """What last happened to the order itself; a withdrawal happens to one version and stands there."""
    of_order = [event for event in events if event.kind is not EventKind.WITHDRAWN]
    return f"{of_order[-1].kind.value} from {of_order[-1].on.isoformat()}" if of_order else ""
