"""What billing reads of one patient: coverage, contract, therapies, deliveries, stays, visits. Nothing of it is stored again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.billing.rules.facts import (
    Authorization,
    Case,
    Catheter,
    Delivery,
    DeviceKind,
    Dispense,
    Dose,
    DoseUnit,
    HospitalStay,
    Therapy,
    TherapyClass,
    Visit,
)
from infusiondesk.billing.rules.profile import Site
from infusiondesk.dispensing.queries import DeliveredDoses, delivered_doses
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.periods import Period
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import TherapyCourse, therapy_courses
from infusiondesk.patients.queries import chart_facts, hospital_stays_of, outpatient_infusions_of
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.facts import DeviceFacts, StayFacts
from infusiondesk.patients.rules.words import DeviceType, PlaceKind
from infusiondesk.payers.queries import CoverageRow, ProfileRow, authorizations_of, coverage_of, profile_on
from infusiondesk.visits.queries import signed_visits

_DEVICES = {
    DeviceType.PICC: DeviceKind.PICC,
    DeviceType.MIDLINE: DeviceKind.MIDLINE,
    DeviceType.TUNNELED: DeviceKind.TUNNELED,
    DeviceType.NONTUNNELED: DeviceKind.NONTUNNELED,
    DeviceType.PORT: DeviceKind.PORT,
}
_BY_VOLUME = {TherapyClass.TPN, TherapyClass.HYDRATION}
_BY_DELIVERY = {TherapyClass.PAIN, TherapyClass.CHEMOTHERAPY}


@dataclass(frozen=True)
class TherapyName:
    """How a row of the ledger is called on screen and paper."""

    id: str
    sig: str
    rx_number: int


@dataclass(frozen=True)
class MonthFacts:
    """Everything the ledger of one patient and month is made from, and what could not be read."""

    patient_id: UUID
    patient: str
    mrn: str
    born_on: date
    month: Period
    today: date
    coverage: CoverageRow | None
    profile: ProfileRow | None
    case: Case
    names: tuple[TherapyName, ...]
    not_checked: tuple[str, ...]


@dataclass(frozen=True)
class ToBillRow:
    """A patient with days of therapy in a month."""

    id: UUID
    patient: str
    mrn: str
    payer: str
    therapies: tuple[str, ...]


@query(Area.BILLING)
def patients_to_bill(reading: Reading, *, month: Period) -> Sequence[ToBillRow]:
    """Patients with a verified therapy in the month, by name."""
    found = []
    for patient in reading.session.scalars(sa.select(Patient).order_by(Patient.last_key, Patient.mrn)):
        courses = [course for course in therapy_courses(reading, patient_id=patient.id) if _touches(course, month)]
        if not courses:
            continue
        coverage = _primary(coverage_of(reading, patient_id=patient.id), month)
        found.append(
            ToBillRow(
                patient.id,
                f"{patient.last_name}, {patient.first_name}",
                patient.mrn,
                coverage.payer if coverage else "no coverage",
                tuple(dict.fromkeys(course.sig for course in courses)),
            )
        )
    return found


@query(Area.BILLING)
def month_facts(reading: Reading, *, patient_id: UUID, month: Period) -> MonthFacts:
    """The facts of one patient for one month; the whole course is read, since units are used from its first day on."""
    facts = chart_facts(reading, patient_id=patient_id)
    courses = therapy_courses(reading, patient_id=patient_id)
    delivered = delivered_doses(reading, patient_id=patient_id)
    coverage = _primary(coverage_of(reading, patient_id=patient_id), month)
    profile = profile_on(reading, payer_id=coverage.payer_id, day=month.start) if coverage else None
    site = Site.INFUSION_SUITE if facts.place is not None and facts.place.kind is PlaceKind.INFUSION_SUITE else Site.HOME
    therapies = tuple(_therapies(courses, delivered, site, reading.today()))
    case = Case(
        therapies=therapies,
        stays=tuple(_stay(reading, stay) for stay in hospital_stays_of(reading, patient_id=patient_id)),
        outpatient_infusion_dates=frozenset(outpatient_infusions_of(reading, patient_id=patient_id)),
        catheters=tuple(_catheters(facts.devices, reading.today())),
        authorizations=tuple(
            Authorization(one.number, one.code, one.starts_on, one.ends_on, one.units)
            for one in authorizations_of(reading, patient_id=patient_id)
            if coverage is not None and one.coverage_id == coverage.id
        ),
        visits=tuple(Visit(visit.on, Decimal(visit.minutes)) for visit in signed_visits(reading, patient_id=patient_id)),
    )
    return MonthFacts(
        patient_id=patient_id,
        patient=facts.name,
        mrn=facts.mrn,
        born_on=facts.born_on,
        month=month,
        today=reading.today(),
        coverage=coverage,
        profile=profile,
        case=case,
        names=tuple(TherapyName(str(course.version_id), course.sig, course.rx_number) for course in courses),
        not_checked=tuple(_not_checked(courses, delivered, coverage, month)),
    )


def _primary(coverages: Sequence[CoverageRow], month: Period) -> CoverageRow | None:
    """The first-ranked coverage that holds on a day of the month."""
    last = (month.until or month.start) - timedelta(days=1)
    holding = [one for one in coverages if one.starts_on <= last and (one.ends_on is None or one.ends_on >= month.start)]
    return min(holding, key=lambda one: one.rank, default=None)


def _touches(course: TherapyCourse, month: Period) -> bool:
    return course.last >= month.start and (month.until is None or course.first < month.until)


def _therapies(courses: Sequence[TherapyCourse], delivered: Sequence[DeliveredDoses], site: Site, today: date) -> Iterator[Therapy]:
    bags: dict[UUID, list[DeliveredDoses]] = defaultdict(list)
    for one in delivered:
        bags[one.version_id].append(one)
    for course in courses:
        kind = TherapyClass(course.therapy_class)
        per_day = doses_per_day(course.interval_hours)
        received = sum(one.bags for one in bags[course.version_id])
        volume = course.volume_ml * per_day / 1000 if course.volume_ml is not None and kind in _BY_VOLUME else None
        way = Delivery.CONTINUOUS if course.interval_hours is None else Delivery.INTERMITTENT
        yield Therapy(
            id=str(course.version_id),
            drug=course.ingredient,
            therapy_class=kind,
            start=course.first,
            stop=course.last,
            interval_hours=course.interval_hours,
            continuous=course.interval_hours is None,
            volume_l=volume,
            delivery=way if kind in _BY_DELIVERY else None,
            order_group=str(course.order_id),
            dose=_dose(course) if received else None,
            site=site,
            external_pump=course.method == "electric pump",
            containers=received,
            dispenses=tuple(Dispense(one.on, Decimal(one.bags)) for one in bags[course.version_id]),
            not_given=undelivered_days(course, received, today),
            on_hold=course.held_on,
        )


def doses_per_day(interval_hours: Decimal | None) -> Decimal:
    """Doses due in a day of treatment: one bag a day where it runs continuously."""
    return Decimal(1) if interval_hours is None else Decimal(24) / interval_hours


def undelivered_days(course: TherapyCourse, received: int, today: date) -> frozenset[date]:
    """Days up to today whose doses no confirmed delivery covers: they stand on no drug line (clinical 9.6)."""
    step = max(1, int((course.interval_hours or 24) / 24))
    per_dose_day = max(Decimal(1), doses_per_day(course.interval_hours))
    left = Decimal(received)
    missing = set()
    day = course.first
    while day <= min(course.last, today):
        if day not in course.held_on:
            if left >= per_dose_day:
                left -= per_dose_day
            else:
                left = Decimal(0)
                missing.add(day)
        day += timedelta(days=step)
    return frozenset(missing)


def _dose(course: TherapyCourse) -> Dose | None:
    unit = course.dose_unit.lower()
    return Dose(course.dose_amount, DoseUnit(unit)) if unit in set(DoseUnit) else None


def _stay(reading: Reading, stay: StayFacts) -> HospitalStay:
    return HospitalStay(
        reading.local(stay.admitted_at).date(),
        reading.local(stay.discharged_at).date() if stay.discharged_at else None,
        bool(stay.home_dose_on_admit_day),
        bool(stay.home_dose_on_discharge_day),
        bool(stay.line_care_on_admit_day),
        bool(stay.line_care_on_discharge_day),
    )


def _catheters(devices: Sequence[DeviceFacts], today: date) -> Iterator[Catheter]:
    for device in devices:
        if device.inserted_on is not None and device.type in _DEVICES:
            yield Catheter(_DEVICES[device.type], device.lumens, device.inserted_on, device.removed_on or today)


def _not_checked(
    courses: Sequence[TherapyCourse], delivered: Sequence[DeliveredDoses], coverage: CoverageRow | None, month: Period
) -> Iterator[str]:
    if coverage is None:
        yield "No coverage is entered for this month: every line is only what a payer without a contract would be asked for."
    received: dict[UUID, int] = defaultdict(int)
    for one in delivered:
        received[one.version_id] += one.bags
    for course in courses:
        if not _touches(course, month):
            continue
        if not received[course.version_id]:
            yield f"{course.sig}: no delivery is confirmed, so no drug line stands here."
        elif course.dose_unit.lower() not in set(DoseUnit):
            yield f"{course.sig}: {course.dose_unit} has no billing unit, so no drug line stands here."
        elif rest := (received[course.version_id] % max(Decimal(1), doses_per_day(course.interval_hours))):
            count = int(rest.to_integral_value(ROUND_CEILING))
            yield f"{course.sig}: {count} delivered doses of an incomplete day stand on no line."
