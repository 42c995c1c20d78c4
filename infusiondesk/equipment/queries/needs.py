"""Who needs pumps and has which: orders by pump, missing back-ups, pumps that should be back, rental days of a month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug
from infusiondesk.equipment.queries.policy import backup_table, equipment_policy
from infusiondesk.equipment.queries.rows import PumpRow, loaded
from infusiondesk.equipment.records import Pump, PumpAssignment
from infusiondesk.equipment.rules import (
    BackupRule,
    EquipmentPolicy,
    Had,
    Need,
    Stay,
    Use,
    missing,
    need_of,
    rental_days,
    return_overdue,
)
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.periods import Period
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import dates_of, events_of
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.orders.rules import EventKind as OrderEventKind
from infusiondesk.orders.rules import Method, State, VersionDates, courses, state
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.words import PatientStatus

_OVER: Final = (State.COMPLETED, State.DISCONTINUED, State.CANCELLED)


@dataclass(frozen=True)
class NeedRow:
    """An order by pump of a patient in care: what it needs, what he has for it, and what is missing in words."""

    id: UUID
    patient_id: UUID
    patient: str
    mrn: str
    rx_number: int
    drug: str
    therapy_class: str
    need: Need
    had: tuple[Had, ...]
    missing: str

    @property
    def good(self) -> int:
        """The pumps that count."""
        return sum(not one.is_recalled for one in self.had)

    @property
    def label(self) -> str:
        return f"{self.patient}, Rx {self.rx_number} {self.drug}"


@dataclass(frozen=True)
class LateRow:
    """A pump whose therapy has ended and that should be back."""

    id: UUID
    pump: PumpRow
    patient_id: UUID
    ended_on: date
    days: int


@dataclass(frozen=True)
class RentalRow:
    """The rental days of one stay of one pump in a month; what the vendor asks stands beside, where the pump is rented."""

    pump_id: UUID
    serial: str
    model: str
    patient_id: UUID
    patient: str
    mrn: str
    order_id: UUID
    rx_number: int
    use: Use
    days: tuple[date, ...]
    daily_rate: Decimal | None
    vendor: str
    stay: Stay

    @property
    def id(self) -> tuple[UUID, date, UUID]:
        """One stay of one pump."""
        return self.pump_id, self.stay.out_on, self.order_id

    @property
    def vendor_asks(self) -> Decimal | None:
        return None if self.daily_rate is None else self.daily_rate * len(self.days)


@dataclass(frozen=True)
class PatientPumps:
    """A patient's pumps: what his orders need, what he has, what he had."""

    needs: tuple[NeedRow, ...]
    here: tuple[PumpRow, ...]
    earlier: tuple[PumpRow, ...]


@dataclass(frozen=True)
class HomePump:
    """One time that a patient had a pump for an order, with its rental days in a month and in all."""

    pump: PumpRow
    stay: Stay
    days: int
    all_days: int

    @property
    def id(self) -> tuple[UUID, UUID, date]:
        """One stay of one pump."""
        return self.pump.id, self.stay.holder.order_id, self.stay.out_on


@dataclass(frozen=True)
class PatientHome:
    """What a patient's orders by pump need, and the pumps he has and had."""

    needs: tuple[NeedRow, ...]
    pumps: tuple[HomePump, ...]
    month: Period


@dataclass(frozen=True)
class _Version:
    order_id: UUID
    patient_id: UUID
    rx_number: int
    dates: VersionDates
    method: Method
    pattern: str
    drug: str
    therapy_class: str


@query(Area.EQUIPMENT)
def pump_needs(reading: Reading, *, table: Sequence[BackupRule]) -> Sequence[NeedRow]:
    """Every verified order by pump of an active patient, by name: those to whom a pump can be given."""
    return sorted(_needs(reading, table), key=lambda row: (row.patient.casefold(), row.rx_number))


@query(Area.EQUIPMENT)
def backup_gaps(reading: Reading, *, table: Sequence[BackupRule]) -> Sequence[NeedRow]:
    """Orders by pump for which a patient has fewer pumps than they need: life-sustaining therapies first."""
    short = [row for row in _needs(reading, table) if row.missing]
    return sorted(short, key=lambda row: (not row.need.is_life_sustaining, row.patient.casefold(), row.rx_number))


@query(Area.EQUIPMENT)
def pumps_of(reading: Reading, *, patient_id: UUID, table: Sequence[BackupRule]) -> PatientPumps:
    """The pumps of one patient."""
    with_him = sa.select(PumpAssignment.pump_id).where(PumpAssignment.patient_id == patient_id)
    rows = loaded(reading, Pump.id.in_(with_him))
    here = [row for row in rows if row.stay is not None and row.stay.holder.patient_id == patient_id]
    needs = [row for row in _needs(reading, table, patient_id) if row.patient_id == patient_id]
    return PatientPumps(tuple(needs), tuple(here), tuple(row for row in rows if row not in here))


@query(Area.EQUIPMENT)
def home_pumps(
    reading: Reading, *, patient_id: UUID, month: Period, table: Sequence[BackupRule], shipped: EquipmentPolicy
) -> PatientHome:
    """A patient's chart of pumps: what his orders need, and every stay of a pump with him, those that go on first."""
    policy, today = equipment_policy(reading, shipped=shipped), reading.today()
    found = pumps_of(reading, patient_id=patient_id, table=table)
    rows = []
    for row in (*found.here, *found.earlier):
        for stay in row.stays:
            if stay.holder.patient_id == patient_id:
                whole = Period(stay.out_on, today + timedelta(days=1))
                days = [len(rental_days(stay, one, today, policy)) for one in (month, whole)]
                rows.append(HomePump(row, stay, *days))
    rows.sort(key=lambda one: one.stay.out_on, reverse=True)
    return PatientHome(found.needs, tuple(sorted(rows, key=lambda one: one.stay.back_on is not None)), month)


@query(Area.EQUIPMENT)
def overdue_returns(reading: Reading, *, shipped: EquipmentPolicy) -> Sequence[LateRow]:
    """Pumps that are still with a patient more days after the end of their order than the policy gives, the longest first."""
    policy, today = equipment_policy(reading, shipped=shipped), reading.today()
    out = loaded(reading, Pump.id.in_(_open_pumps()))
    ended = ended_orders(reading, {row.stay.holder.order_id for row in out if row.stay})
    found = []
    for row in out:
        on = ended.get(row.stay.holder.order_id) if row.stay else None
        days = return_overdue(on, today, policy)
        if row.stay is not None and on is not None and days is not None:
            found.append(LateRow(row.id, row, row.stay.holder.patient_id, on, days))
    return sorted(found, key=lambda one: (-one.days, one.pump.serial))


@query(Area.EQUIPMENT)
def rental_month(reading: Reading, *, month: Period, shipped: EquipmentPolicy) -> Sequence[RentalRow]:
    """Rental days of every pump and patient in a month, by patient."""
    policy, today = equipment_policy(reading, shipped=shipped), reading.today()
    found = []
    for row in loaded(reading, Pump.id.in_(sa.select(PumpAssignment.pump_id))):
        for stay in row.stays:
            if days := rental_days(stay, month, today, policy):
                who = stay.holder
                found.append(
                    RentalRow(
                        row.id, row.serial, row.model.label, who.patient_id, who.patient, who.mrn, who.order_id,
                        who.rx_number, who.use, tuple(days), row.daily_rate, row.vendor, stay,
                    )
                )  # fmt: skip
    return sorted(found, key=lambda one: (one.patient.casefold(), one.serial, one.days))


def ended_orders(at: Reading, order_ids: set[UUID]) -> Mapping[UUID, date]:
    """The last day of each of these orders that is over. No permission of its own: the queries that ask carry one."""
    versions: defaultdict[UUID, list[VersionDates]] = defaultdict(list)
    found = at.session.scalars(sa.select(OrderVersion).where(OrderVersion.order_id.in_(order_ids)).order_by(OrderVersion.number))
    for version in found:
        versions[version.order_id].append(dates_of(version))
    happened = events_of(at.session, versions)
    ended = {}
    for order_id, dates in versions.items():
        if state(dates, happened[order_id], at.today()) in _OVER:
            ends = [event.on for event in happened[order_id] if event.kind is not OrderEventKind.HELD]
            ended[order_id] = max((course.last for course in courses(dates, happened[order_id])), default=max(ends, default=None))
    return {order_id: on for order_id, on in ended.items() if on is not None}


def order_refusal(at: Reading, order_id: UUID) -> tuple[_Version, str | None]:
    """An order's version in force, and why no pump may be given for it. No permission of its own: giving carries one."""
    order, patient = at.session.execute(
        sa.select(Order, Patient).join(Patient, Patient.id == Order.patient_id).where(Order.id == order_id)
    ).one()
    versions = _versions(at, Order.id == order_id)
    verified = [one for one in versions if one.dates.is_signed] or versions
    stands = state([one.dates for one in versions], events_of(at.session, [order_id])[order_id], at.today())
    newest = verified[-1]
    name = f"{patient.last_name}, {patient.first_name}"
    if patient.status is not PatientStatus.ACTIVE:
        return newest, f"{name} is not active ({patient.status.value}); a pump goes to a patient on therapy."
    if stands not in (State.VERIFIED, State.HELD):
        return newest, f"Rx {order.rx_number} is {stands.value}; a pump goes out for a verified order."
    if newest.method is not Method.ELECTRIC_PUMP:
        return newest, f"Rx {order.rx_number} is given by {newest.method.value}, not by pump."
    return newest, None


def _needs(reading: Reading, table: Sequence[BackupRule], patient_id: UUID | None = None) -> list[NeedRow]:
    # Of one patient what he needs is told before he is active too: his first delivery is packed then.
    active = Patient.status == PatientStatus.ACTIVE if patient_id is None else sa.true()
    wanted = Order.id.in_(
        sa.select(OrderVersion.order_id).where(OrderVersion.method == Method.ELECTRIC_PUMP, OrderVersion.signed_at.is_not(None))
    )
    versions: defaultdict[UUID, list[_Version]] = defaultdict(list)
    of_one = sa.true() if patient_id is None else Patient.id == patient_id
    for version in _versions(reading, sa.and_(active, wanted, of_one)):
        versions[version.order_id].append(version)
    happened = events_of(reading.session, versions)
    table = backup_table(reading, table=table) if versions else ()
    names = {one.id: one for one in reading.session.scalars(sa.select(Patient).where(active, of_one))} if versions else {}
    had: defaultdict[UUID, list[Had]] = defaultdict(list)
    for row in loaded(reading, Pump.id.in_(_open_pumps())) if versions else ():
        if row.stay is not None:
            had[row.stay.holder.order_id].append(Had(row.serial, row.stay.holder.use, bool(row.recalls)))
    found = []
    for order_id, several in versions.items():
        newest = [one for one in several if one.dates.is_signed][-1]
        stands = state([one.dates for one in several], happened[order_id], reading.today())
        if stands not in (State.VERIFIED, State.HELD) or newest.method is not Method.ELECTRIC_PUMP:
            continue
        need, who = need_of(table, newest.therapy_class, newest.pattern), names[newest.patient_id]
        mine = tuple(sorted(had[order_id], key=lambda one: (one.use is Use.BACKUP, one.serial)))
        found.append(
            NeedRow(
                order_id, who.id, f"{who.last_name}, {who.first_name}", who.mrn, newest.rx_number, newest.drug,
                newest.therapy_class, need, mine, missing(need, mine),
            )
        )  # fmt: skip
    return found


def _open_pumps() -> sa.Select[UUID]:
    return sa.select(PumpAssignment.pump_id).where(PumpAssignment.ended_at.is_(None))


def _versions(at: Reading, condition: sa.ColumnElement[bool]) -> list[_Version]:
    chosen = (
        sa.select(OrderVersion, Order, Drug)
        .join(Order, Order.id == OrderVersion.order_id)
        .join(Drug, Drug.id == OrderVersion.drug_id)
        .join(Patient, Patient.id == Order.patient_id)
        .where(condition)
        .order_by(Order.rx_number, OrderVersion.number)
    )
    return [
        _Version(
            order.id, order.patient_id, order.rx_number, dates_of(version), version.method, version.pattern.value, drug.name,
            drug.therapy_class,
        )
        for version, order, drug in at.session.execute(chosen)
    ]  # fmt: skip
