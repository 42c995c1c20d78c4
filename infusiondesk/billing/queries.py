"""What billing reads of one patient: coverage, contract, therapies, deliveries, stays, visits. Nothing of it is stored again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
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
from infusiondesk.billing.rules.routes import class_as_given
from infusiondesk.dispensing.queries import DeliveredDoses, Unbilled, delivered_doses, unbilled_deliveries
from infusiondesk.foundation.kernel.ismp import day, span
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.periods import Period
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import TherapyCourse, therapy_courses
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.patients.queries import chart_facts, hospital_stays_of, outpatient_infusions_of
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.facts import DeviceFacts, StayFacts
from infusiondesk.patients.rules.words import DeviceType, PlaceKind
from infusiondesk.payers.queries import CoverageRow, ProfileRow, authorizations_of, coverage_of, profile_on, profiles_in
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
    """How a row of the ledger is called on screen and paper; `id` is the words by which the rules' sentences name the order."""

    id: str
    sig: str
    rx_number: int
    dose_unit: str


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
    until = month.until or date.max
    treated = (
        sa.select(Order.patient_id)
        .join(OrderVersion, OrderVersion.order_id == Order.id)
        .where(OrderVersion.signed_at.is_not(None), OrderVersion.start_on < until, OrderVersion.stop_on >= month.start)
    )
    found = []
    for patient in reading.session.scalars(
        sa.select(Patient).where(Patient.id.in_(treated)).order_by(Patient.last_key, Patient.mrn)
    ):
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
    coverages = coverage_of(reading, patient_id=patient_id)
    coverage = _primary(coverages, month)
    counted_until = max(month.start, min(_last(month), reading.today()))
    profile = profile_on(reading, payer_id=coverage.payer_id, day=counted_until) if coverage else None
    site = Site.INFUSION_SUITE if facts.place is not None and facts.place.kind is PlaceKind.INFUSION_SUITE else Site.HOME
    case = Case(
        therapies=tuple(_therapies(courses, delivered, site)),
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
        names=tuple(TherapyName(_rx(course), course.sig, course.rx_number, course.dose_unit) for course in courses),
        not_checked=(
            *_not_covered(courses, coverage, month),
            *_other_contracts(reading, coverages, coverage, month),
            *_undated(facts.devices),
            *_unbilled(unbilled_deliveries(reading, patient_id=patient_id), month),
        ),
    )


def _last(month: Period) -> date:
    return (month.until or month.start) - timedelta(days=1)


def _primary(coverages: Sequence[CoverageRow], month: Period) -> CoverageRow | None:
    """The first-ranked coverage that holds on a day of the month; of two of one rank the one that began first."""
    holding = [one for one in coverages if one.starts_on <= _last(month) and (one.ends_on is None or one.ends_on >= month.start)]
    return min(holding, key=lambda one: (one.rank, one.starts_on), default=None)


def _touches(course: TherapyCourse, month: Period) -> bool:
    return course.last >= month.start and (month.until is None or course.first < month.until)


def _rx(course: TherapyCourse) -> str:
    """The order as the rules' sentences name it, so that they can be read as they stand."""
    return f"Rx {course.rx_number}" if course.number == 1 else f"Rx {course.rx_number} version {course.number}"


def _therapies(courses: Sequence[TherapyCourse], delivered: Sequence[DeliveredDoses], site: Site) -> Iterator[Therapy]:
    bags: dict[UUID, list[DeliveredDoses]] = defaultdict(list)
    for one in delivered:
        bags[one.version_id].append(one)
    for course in courses:
        kind = class_as_given(TherapyClass(course.therapy_class), course.route, continuous=course.is_unbroken)
        received = sum(one.bags for one in bags[course.version_id])
        volume = course.day_ml / 1000 if course.day_ml is not None and kind in _BY_VOLUME else None
        way = Delivery.CONTINUOUS if course.is_unbroken else Delivery.INTERMITTENT
        is_uneven = course.interval_hours is None and not course.is_unbroken
        yield Therapy(
            id=_rx(course),
            drug=course.ingredient,
            therapy_class=kind,
            start=course.first,
            stop=course.last,
            interval_hours=course.interval_hours,
            dose_dates=course.dose_dates,
            continuous=course.is_unbroken,
            doses_per_day=course.day_doses if is_uneven else None,
            volume_l=volume,
            delivery=way if kind in _BY_DELIVERY else None,
            order_group=str(course.order_id),
            dose=_dose(course) if received else None,
            site=site,
            external_pump=course.method == "electric pump",
            containers=received,
            dispenses=tuple(Dispense(one.on, Decimal(one.bags)) for one in bags[course.version_id]),
            on_hold=course.held_on,
        )


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


def _unbilled(bags: Sequence[Unbilled], month: Period) -> Iterator[str]:
    """Delivered bags that no drug line counts, each with its reason."""
    for one in bags:
        if month.start <= one.on <= _last(month):
            yield f"Not billed: {one.because}."


def _undated(devices: Sequence[DeviceFacts]) -> Iterator[str]:
    for device in devices:
        if device.inserted_on is None and device.type in _DEVICES:
            yield f"Catheter care of the {device.type.value}: its day of insertion is not recorded, so it has no row."


def _not_covered(courses: Sequence[TherapyCourse], coverage: CoverageRow | None, month: Period) -> Iterator[str]:
    if coverage is None:
        yield "No coverage is entered for this month: every line is only what a payer without a contract would be asked for."
        return
    treated = {on for on in month.days() if any(course.first <= on <= course.last for course in courses)}
    for first, last in runs_of(on for on in treated if not coverage.covers(on)):
        yield f"{coverage.payer} does not cover {span(first, last)}; the days of therapy in it are counted as if it did."


def _other_contracts(
    reading: Reading, coverages: Sequence[CoverageRow], coverage: CoverageRow | None, month: Period
) -> Iterator[str]:
    """What one contract for the whole month leaves out: a contract that changed, a plan that ranks lower."""
    if coverage is None:
        return
    profiles = profiles_in(reading, payer_id=coverage.payer_id, period=month)
    for changed, _ in profiles[1:]:
        yield f"The contract of {coverage.payer} changed on {day(changed.start)}; one version counts the whole month."
    for other in coverages:
        if other.id != coverage.id and any(other.covers(on) for on in (month.start, _last(month))):
            yield f"{other.payer} is {other.rank_words}: what it is asked for after {coverage.payer} has paid is not derived here."


def runs_of(found: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Days as spans of days that follow each other."""
    span_of: list[date] = []
    for on in sorted(found):
        if span_of and (on - span_of[-1]).days > 1:
            yield span_of[0], span_of[-1]
            span_of = []
        span_of.append(on)
    if span_of:
        yield span_of[0], span_of[-1]
