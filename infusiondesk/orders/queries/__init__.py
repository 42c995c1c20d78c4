"""What screens, papers and journeys may read of orders."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.catalog.records import Drug
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.signatures import SignatureRow, signatures_of_each
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.records import Order, OrderEvent, OrderVersion
from infusiondesk.orders.rules import (
    UNBROKEN,
    Event,
    EventKind,
    Regimen,
    SetAside,
    State,
    VersionDates,
    courses,
    day_amount,
    day_doses,
    dose_days,
    even_interval,
    held_days,
    how_often,
    question_of,
    question_refusal,
    regimen_of,
    set_aside,
    sig,
    standing,
    state,
    withdrawal_refusal,
)
from infusiondesk.orders.rules.working import nutrients_of
from infusiondesk.patients.records import Patient, Prescriber


@dataclass(frozen=True)
class OrderRow:
    """One version of an order with its order's state; `is_current` marks the one that stands: the newest, unless it was withdrawn.

    `replaces` is what it changes: the verified version before it, else the one before it. `set_aside` says why a version no
    longer counts, `withdrawal_refusal` and `question_refusal` why it may not be withdrawn or questioned. `often` is the schedule in
    words, `question` what was asked about it and of whom; `typed` names the figures that somebody typed, the others are derived.
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
    question_refusal: str | None
    question: str
    drug_id: UUID
    ingredient: str
    drug: str
    therapy: str
    therapy_class: str
    sig: str
    dose_amount: Decimal
    dose_unit: str
    ordered_dose: Decimal | None
    ordered_unit: str
    desired_rise_percent: Decimal | None
    weight_used: str
    round_to: Decimal | None
    rounding: str
    worked_kg: Decimal | None
    worked_on: date | None
    working: Sequence[Mapping[str, Any]]
    typed: Sequence[str]
    route: str
    pattern: str
    often: str
    interval_hours: Decimal | None
    weekdays: Sequence[str]
    cycle_days: str
    cycle_length: int | None
    weeks: str
    then_every_weeks: int | None
    steps: str
    pca_basal: Decimal | None
    pca_bolus: Decimal | None
    pca_lockout_minutes: Decimal | None
    pca_hour_limit: Decimal | None
    infusion_minutes: Decimal | None
    rate_ml_per_h: Decimal | None
    rate_steps: str
    rate_plan: str
    method: str
    diluent: str
    container: str
    volume_ml: Decimal | None
    concentration_per_ml: Decimal | None
    amino_acid_g: Decimal | None
    dextrose_g: Decimal | None
    lipid_g: Decimal | None
    sodium_meq: Decimal | None
    potassium_meq: Decimal | None
    magnesium_meq: Decimal | None
    calcium_meq: Decimal | None
    phosphate_mmol: Decimal | None
    additives: str
    is_cycled: bool
    osmolarity_mosm_l: Decimal | None
    start_on: date
    stop_on: date
    indication: str
    had_before: bool
    anaphylaxis_kit: bool
    kit: Sequence[str]
    lab_protocol: str
    lab_work: str
    lab_reviewer: str
    flush_method: str
    flush: str
    flush_ml: Decimal | None
    heparin_units_per_ml: Decimal | None
    heparin_ml: Decimal | None
    line_care: Sequence[str]
    visits: str
    nursing: str
    supplies: Sequence[str]
    written_on: date | None
    refills: int | None
    received_by: str
    received_at: datetime
    caller: str
    receiver: str
    read_back_at: datetime | None
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

    @property
    def nutrients(self) -> Mapping[str, Decimal]:
        """The ingredients of parenteral nutrition that were ordered, by name."""
        return nutrients_of(self)

    @property
    def regimen(self) -> Regimen:
        """When its doses are due."""
        return regimen_of(self)


@dataclass(frozen=True)
class TherapyCourse:
    """The days on which a verified version was in force: what billing and the banner count.

    `dose_dates` are the days with a dose where no interval can say them, maybe none of these days; None where `interval_hours` is
    enough. That is None where doses are unevenly spaced, and of what runs without a break; `day_doses` and `day_ml` are those of
    the day with the most.
    """

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
    dose_dates: frozenset[date] | None
    is_unbroken: bool
    day_doses: Decimal
    day_ml: Decimal | None


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
    return orders_of_each.function(reading, patient_ids=[patient_id])[patient_id]


@query(Area.ORDERS)
def orders_of_each(reading: Reading, *, patient_ids: Collection[UUID]) -> Mapping[UUID, Sequence[OrderRow]]:
    """The same of several patients, in as many questions as of one."""
    over = (State.COMPLETED, State.DISCONTINUED, State.CANCELLED)
    found: dict[UUID, list[OrderRow]] = {patient_id: [] for patient_id in patient_ids}
    rows = _rows(reading, Order.patient_id.in_(patient_ids))
    for row in sorted(rows, key=lambda row: (row.state in over, -row.rx_number, -row.number)):
        found[row.patient_id].append(row)
    return found


@query(Area.ORDERS)
def order_version(reading: Reading, *, version_id: UUID) -> OrderRow:
    """One version, whole."""
    order_id = reading.session.get_one(OrderVersion, version_id).order_id
    return next(row for row in _rows(reading, Order.id == order_id) if row.id == version_id)


def versions_of(at: Reading, order_ids: Iterable[UUID]) -> Sequence[OrderRow]:
    """Every version of these orders, oldest first. No permission of its own: every query that asks carries one."""
    return _rows(at, Order.id.in_(list(order_ids)))


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
            regimen = row.regimen
            days = None if regimen.is_plain else dose_days(regimen)
            found.append(
                TherapyCourse(
                    order_id, row.id, row.rx_number, row.number,
                    row.ingredient, row.drug, row.therapy, row.therapy_class, row.sig,
                    row.route, row.dose_amount, row.dose_unit, even_interval(regimen), row.volume_ml, row.method,
                    course.first, course.last, held_days(events[order_id], reading.today()),
                    None if days is None else frozenset(day for day in days if course.first <= day <= course.last),
                    regimen.pattern in UNBROKEN, day_doses(regimen), _day_ml(row, regimen),
                )
            )  # fmt: skip
    return sorted(found, key=lambda course: (course.first, course.rx_number, course.number))


def _day_ml(row: OrderRow, regimen: Regimen) -> Decimal | None:
    """The volume of the day with the most: of a dose in mL the doses themselves, else of each dose its bag."""
    if regimen.steps and row.dose_unit == "mL":
        return day_amount(regimen)
    each = row.dose_amount if row.volume_ml is None and row.dose_unit == "mL" else row.volume_ml
    return None if each is None else each * day_doses(regimen)


def last_days(at: Reading, rows: Iterable[OrderRow]) -> Mapping[UUID, date]:
    """The last day of therapy of each order among these versions that has one. No permission of its own: who has rows may ask."""
    dates: defaultdict[UUID, list[VersionDates]] = defaultdict(list)
    for row in rows:
        dates[row.order_id].append(VersionDates(row.number, row.start_on, row.stop_on, row.is_verified))
    events = events_of(at.session, dates)
    found = {order_id: courses(versions, events[order_id]) for order_id, versions in dates.items()}
    return {order_id: max(course.last for course in taken) for order_id, taken in found.items() if taken}


def signed_facts(version: OrderVersion) -> dict[str, Any]:
    """Everything a pharmacist's verification covers."""
    names = [
        column.key for column in sa.inspect(OrderVersion).columns if column.key not in ("signed_at", "signature_id", "version")
    ]
    return {name: getattr(version, name) for name in names}


def often_of(version: OrderVersion) -> str:
    """How often a version is given, in words that hold for every kind of schedule."""
    return how_often(regimen_of(version))


def dates_of(version: OrderVersion) -> VersionDates:
    """What the state of an order needs of a version."""
    return VersionDates(version.number, version.start_on, version.stop_on, version.signed_at is not None)


def events_of(session: Session, order_ids: Iterable[UUID]) -> defaultdict[UUID, list[Event]]:
    """What happened to each of these orders, oldest first. No permission of its own: every query and verb that asks carries one."""
    found: defaultdict[UUID, list[Event]] = defaultdict(list)
    wanted = sa.select(OrderEvent).where(OrderEvent.order_id.in_(list(order_ids))).order_by(OrderEvent.happened_at, OrderEvent.id)
    for one in session.scalars(wanted):
        found[one.order_id].append(Event(one.kind, one.effective_on, one.happened_at, one.version_number, one.reason, one.contact))
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
    signed = {version.id: signed_facts(version) for version, *_ in found if version.signed_at is not None}
    names = signatures_of_each(reading, OrderVersion.__tablename__, signed)
    rows: list[OrderRow] = []
    of_order: dict[UUID, list[OrderRow]] = defaultdict(list)
    for version, order, drug, patient, prescriber in found:
        signatures = tuple(names.get(version.id, ()))
        row = _row(version, order, drug, patient, prescriber, versions[order.id], events[order.id], signatures, reading.today())
        earlier = of_order[order.id][::-1]
        verified = [one for one in earlier if one.is_verified]
        rows.append(replace(row, replaces=next(iter(verified or earlier), None)))
        of_order[order.id].append(rows[-1])
    return rows


# What a row says in the version's own words; all the rest is derived, or comes from another table.
_AS_ENTERED: Final = [
    field.name for field in fields(OrderRow) if field.name in OrderVersion.__table__.columns and field.name != "reason"
]


def _row(
    version: OrderVersion,
    order: Order,
    drug: Drug,
    patient: Patient,
    prescriber: Prescriber,
    versions: list[VersionDates],
    events: list[Event],
    signatures: tuple[SignatureRow, ...],
    today: date,
) -> OrderRow:
    as_entered: dict[str, Any] = {name: getattr(version, name) for name in _AS_ENTERED}
    often = often_of(version)
    asked = question_of(version.number, events)
    return OrderRow(
        **as_entered,
        patient_id=patient.id,
        patient=f"{patient.last_name}, {patient.first_name}",
        mrn=patient.mrn,
        rx_number=order.rx_number,
        state=state(versions, events, today),
        is_current=version.number == standing(versions, events),
        is_verified=version.signed_at is not None,
        set_aside=set_aside(version.number, versions, events),
        withdrawal_refusal=withdrawal_refusal(version.number, versions, events, today),
        question_refusal=question_refusal(version.number, versions, events, today),
        question=f"{asked.because} Called: {asked.contact}." if asked else "",
        often=often,
        ingredient=drug.ingredient,
        drug=drug.name,
        therapy=drug.therapy,
        therapy_class=drug.therapy_class,
        sig=sig(drug.name, version.dose_amount, version.dose_unit, version.route, version.interval_hours, often),
        prescriber=prescriber.name,
        prescriber_npi=prescriber.npi,
        prescriber_phone=prescriber.phone,
        reason=version.reason or "",
        signatures=signatures,
        last_event=_last_event(events),
    )


def _last_event(events: Iterable[Event]) -> str:
    """What last happened to the order itself; a withdrawal or a question happens to one version and stands there."""
    of_order = [event for event in events if event.kind not in (EventKind.WITHDRAWN, EventKind.QUESTIONED)]
    return f"{of_order[-1].kind.value} from {of_order[-1].on.isoformat()}" if of_order else ""
