"""Medicare: pump, supplies and drug to the DME MAC, one payment per visit day to the A/B MAC, the rest to Part D (billing 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from math import ceil

from infusiondesk.billing.rules.codes import Warn
from infusiondesk.billing.rules.drugs import DrugLine, drug_lines
from infusiondesk.billing.rules.facts import Case, TherapyClass, days
from infusiondesk.billing.rules.hospital import dosed_at_home, hospital_day
from infusiondesk.billing.rules.lines import Caution
from infusiondesk.billing.rules.profile import PayerProfile, Wastage
from infusiondesk.billing.rules.reference import Reference
from infusiondesk.billing.rules.schedule import Course, Key, never_a_per_diem

# Billing 2.1: from this day JZ stands also where the supplier only dispenses.
_JZ_FROM = date(2024, 1, 1)
# Billing 3.3: a first visit again only after a gap of more than 60 days and a discharge.
_GAP_DAYS = 60
# Billing 3.2 criteria: category V.A is covered for infusions of 8 hours or longer.
_PROLONGED, _PROLONGED_H = "V.A", Decimal(8)
_FIRST_VISIT = {1: "G0088", 2: "G0089", 3: "G0090"}
_LATER_VISIT = {1: "G0068", 2: "G0069", 3: "G0070"}
_PROSTHETIC = frozenset({TherapyClass.TPN, TherapyClass.ENTERAL})
_INSULIN_PUMP, _PUMP = "E0784", "E0781"
# Billing 3.1: K0455 is the pump for uninterrupted parenteral administration of these two.
_UNINTERRUPTED_PUMP, _UNINTERRUPTED = "K0455", frozenset({"epoprostenol", "treprostinil"})


@dataclass(frozen=True, slots=True)
class DmeLine:
    """One line for the DME MAC."""

    code: str
    modifiers: tuple[str, ...]
    units: int


@dataclass(frozen=True, slots=True)
class HitLine:
    """One visit day for the A/B MAC: reported in units of 15 minutes, paid once."""

    day: date
    code: str
    units: int


@dataclass(frozen=True, slots=True)
class MedicareLines:
    """What Medicare is asked for, and the drugs that Part D pays without supplies or nursing."""

    dme: tuple[DmeLine, ...]
    hit: tuple[HitLine, ...]
    part_d_drugs: tuple[str, ...]
    cautions: tuple[Caution, ...]
    because: tuple[str, ...]


def medicare_lines(
    case: Case, courses: Sequence[Course], profile: PayerProfile, reference: Reference, as_of: date | None
) -> MedicareLines:
    """Lines under the three benefits. The clinical criteria of the LCD are not judged here: they are documents, not days."""
    covered, part_d, cautions, because = [], [], [], []
    for course in courses:
        order = course.order
        if never_a_per_diem(order) or order.therapy_class is TherapyClass.OBSTETRIC or course.last < course.first:
            continue
        why_not = _not_through_equipment(course, reference)
        if why_not is None:
            covered.append(course)
            because.append(f"{order.drug}: external infusion pump, LCD L33794; the coverage criteria are to be documented")
        elif order.therapy_class in _PROSTHETIC:
            text = f"{order.drug}: nutrition is a prosthetic-device benefit (LCD L38953) and is not derived from these facts"
            cautions.append(Caution(Warn.PAYER_RULE_REQUIRED, order.id, text))
        else:
            part_d.append(order.drug)
            because.append(f"{order.drug}: Part D, drug and dispensing fee only; {why_not}")
    wasted = replace(profile, wastage_modifiers=Wastage.JW_JZ)
    at_home = partial(dosed_at_home, stays=case.stays)
    drugs, drug_cautions, drug_because = drug_lines(covered, wasted, reference, {}, at_home, as_of)
    equipment = _equipment(covered, case, profile, as_of)
    return MedicareLines(
        tuple(_added_up([*equipment, *(_drug(line) for line in drugs)])),
        tuple(_visits(covered, case, reference)),
        tuple(dict.fromkeys(part_d)),
        (*cautions, *drug_cautions),
        (*because, *(line.because for line in drugs), *drug_because),
    )


def _not_through_equipment(course: Course, reference: Reference) -> str | None:
    """Why a therapy is not durable equipment; None when it is."""
    order = course.order
    if not order.external_pump:
        return "no external pump"
    row = reference.drug_on(order.drug, course.first)
    if row is None or row.dme_category is None:
        return "the drug is not on LCD L33794"
    if row.dme_category == _PROLONGED and order.infusion_hours is not None and order.infusion_hours < _PROLONGED_H:
        return f"covered only for infusions of {_PROLONGED_H} h or longer"
    return None


def _equipment(covered: Sequence[Course], case: Case, profile: PayerProfile, as_of: date | None) -> list[DmeLine]:
    """The pump by month of rental, supplies by week from the first day, and by bag or cassette (billing 3.1)."""
    pumps: dict[Key, list[Course]] = {}
    for course in covered:
        pumps.setdefault(course.key, []).append(course)
    found = []
    for kin in pumps.values():
        first, last = min(course.first for course in kin), max(course.last for course in kin)
        months = _months(first, last if as_of is None else min(last, as_of))
        found += [DmeLine(_pump(kin[0]), ("RR", _rental_month(month)), 1) for month in range(months)]
    for insulin, code in ((False, "A4221"), (True, "A4224")):
        wearing = [course for course in covered if _is_insulin(course) is insulin]
        home = {
            day
            for course in wearing
            for day in days(course.first, course.last)
            if (as_of is None or day <= as_of) and not hospital_day(day, case.stays, profile).excluded
        }
        found.append(DmeLine(code, (), ceil(len(home) / 7)))
        found.append(DmeLine("A4225" if insulin else "A4222", (), sum(course.order.containers for course in wearing)))
    return found


def _pump(course: Course) -> str:
    if _is_insulin(course):
        return _INSULIN_PUMP
    return _UNINTERRUPTED_PUMP if course.order.drug in _UNINTERRUPTED else _PUMP


def _is_insulin(course: Course) -> bool:
    return course.order.therapy_class is TherapyClass.INSULIN


def _months(first: date, last: date) -> int:
    """Months of rental begun, counted from the day of the month on which it started."""
    begun = (last.year - first.year) * 12 + last.month - first.month
    return begun + 1 if last.day >= first.day else begun


def _rental_month(month: int) -> str:
    """KH first, KI second and third, KJ later (billing E10: memory, to be checked on the fee schedule)."""
    return ("KH", "KI", "KI")[month] if month < 3 else "KJ"


def _drug(line: DrugLine) -> DmeLine:
    kept = tuple(modifier for modifier in line.modifiers if modifier != "JZ" or line.first >= _JZ_FROM)
    return DmeLine(line.code, kept, line.units)


def _added_up(lines: Sequence[DmeLine]) -> list[DmeLine]:
    units: dict[tuple[str, tuple[str, ...]], int] = {}
    for line in lines:
        units[line.code, line.modifiers] = units.get((line.code, line.modifiers), 0) + line.units
    return [DmeLine(code, modifiers, count) for (code, modifiers), count in units.items() if count > 0]


def visit_units(minutes: Decimal) -> int:
    """Units of 15 minutes to report for one day: under 23 min 1, 23 to 37 min 2, and so on (billing 3.3, memory)."""
    return max(1, int((minutes + 7) // 15))


def _visits(covered: Sequence[Course], case: Case, reference: Reference) -> list[HitLine]:
    """One payment per day on which a visit at home meets a covered drug; of two categories the higher (billing 3.3, memory)."""
    minutes: dict[date, Decimal] = {}
    for visit in sorted(case.visits, key=lambda one: one.on):
        if visit.minutes > 0 and dosed_at_home(visit.on, case.stays):
            minutes[visit.on] = minutes.get(visit.on, Decimal(0)) + visit.minutes
    found: list[HitLine] = []
    for day, total in minutes.items():
        rows = [reference.drug_on(course.order.drug, day) for course in covered if course.is_infused(day)]
        categories = [row.hit_category for row in rows if row is not None and row.hit_category is not None]
        if categories:
            first = not found or _began_anew(found[-1].day, day, covered)
            codes = _FIRST_VISIT if first else _LATER_VISIT
            found.append(HitLine(day, codes[max(categories)], visit_units(total)))
    return found


def _began_anew(before: date, day: date, covered: Sequence[Course]) -> bool:
    """A gap of more than 60 days with a day in it on which no covered therapy was open: the patient had been discharged."""
    long = (day - before).days > _GAP_DAYS
    return long and any(not any(course.is_open(between) for course in covered) for between in days(before, day))
