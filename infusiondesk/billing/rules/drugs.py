"""Drug lines: the code in force, the doses due at home, units rounded up where the payer wants it (billing 4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from infusiondesk.billing.rules.codes import Warn
from infusiondesk.billing.rules.facts import DoseUnit, Therapy, TherapyClass
from infusiondesk.billing.rules.holds import Held
from infusiondesk.billing.rules.lines import Caution
from infusiondesk.billing.rules.profile import DrugBilling, DrugDates, DrugRounding, PayerProfile, Wastage
from infusiondesk.billing.rules.reference import DrugChoice, DrugCode, Reference
from infusiondesk.billing.rules.schedule import Course, doses_on_a_dose_day, never_a_per_diem

# How a day's per diem binds the drug of that day: the authorization, and a hold that is not a conflict of codes (billing 2.7).
Bond = tuple[str | None, Held | None]
FREE: Bond = (None, None)

_IN_MG = {DoseUnit.MCG: Fraction(1, 1000), DoseUnit.MG: Fraction(1), DoseUnit.G: Fraction(1000)}
_BIOLOGICS = frozenset(
    {
        TherapyClass.IMMUNE_GLOBULIN,
        TherapyClass.FACTOR,
        TherapyClass.ALPHA1,
        TherapyClass.ENZYME_REPLACEMENT,
        TherapyClass.ANTI_TNF,
        TherapyClass.HEMATOPOIETIC_INJECTION,
        TherapyClass.IMMUNOTHERAPY_INJECTION,
    }
)
# The standard formula is inside its per diem (billing 1.3), feeds and management are no drugs: no NOC line for what has no code.
_NO_DRUG_OF_ITS_OWN = frozenset({TherapyClass.TPN, TherapyClass.ENTERAL, TherapyClass.OBSTETRIC})
# Billing 1.1: S5517 is only the supplies that open a catheter; the drug that opens it stands on a line of its own.
_OPENS_A_CATHETER = frozenset({"alteplase"})
_FLUSHES = ("heparin", "sodium chloride", "sterile water", "dextrose")
_NOC_DRUG, _NOC_BIOLOGIC, _NOC_CANCER = "J3490", "J3590", "J9999"


@dataclass(frozen=True, slots=True)
class DrugLine:
    """One drug code from the first to the last dose day at home."""

    order_id: str
    code: str
    modifiers: tuple[str, ...]
    units: int
    first: date
    last: date
    authorization: str | None
    held_because: Held | None
    because: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Dose days that share code, authorization and hold, with their doses and those of the order before them."""

    rows: tuple[DrugCode, ...]
    bond: Bond
    first: date
    last: date
    doses: Fraction
    before: Fraction


def left_off_because(order: Therapy) -> str | None:
    """Why a drug with a dose has no drug line all the same; None where it has one."""
    if order.therapy_class is TherapyClass.AEROSOL:
        return "the codes known here are those of injections; an inhaled drug has its own, which a person bills"
    if not never_a_per_diem(order) or order.drug in _OPENS_A_CATHETER:
        return None
    if order.therapy_class is TherapyClass.ANTICOAGULANT_INJECTION or order.drug.startswith(_FLUSHES):
        return "a flush is inside the per diem (billing 2.3)"
    return "it is kept for when it is needed; a person bills what was given of it"


def drug_lines(
    courses: Sequence[Course],
    profile: PayerProfile,
    reference: Reference,
    bonds: Mapping[str, Mapping[date, Bond]],
    at_home: Callable[[date], bool],
    as_of: date | None = None,
) -> tuple[list[DrugLine], list[Caution], list[str]]:
    """The drug lines of all orders, the warnings, and sentences for what could not be counted."""
    found: list[DrugLine] = []
    cautions: list[Caution] = []
    because: list[str] = []
    if profile.drug_billing is not DrugBilling.HCPCS:
        return [], [], [f"drugs are not on this claim ({profile.drug_billing})"]
    for course in courses:
        order = course.order
        if order.dose is None:
            continue
        if why_not := left_off_because(order):
            because.append(f"{order.id} ({order.drug}): no drug line; {why_not}")
            continue
        if order.drug in _OPENS_A_CATHETER:
            because.append(f"{order.id} ({order.drug}): the supplies that go with it, S5517, are not derived; a person bills them")
        doses = _dispensed(order) if profile.drug_dos is DrugDates.DISPENSE_DATE else _due(course, at_home)
        if doses is None:
            because.append(f"{order.id} ({order.drug}): the doses of a day are unknown, so no drug units")
            continue
        lines = []
        for piece in _pieces(order, doses, profile, reference, bonds.get(order.id, {}), as_of):
            if not piece.rows:
                noc, caution = _without_code(order, piece, profile)
                lines += noc
                cautions += caution
                continue
            counted = _lines(order, piece, sum((count for _, count in doses), Fraction(0)), profile)
            if counted is None:
                because.append(f"{order.id} ({order.drug}): the dose cannot be counted in the unit of {piece.rows[0].code}")
            else:
                lines += counted
        found += lines
    return sorted(found, key=lambda line: (line.first, line.code)), cautions, because


def _due(course: Course, at_home: Callable[[date], bool]) -> list[tuple[date, Fraction]] | None:
    each = doses_on_a_dose_day(course.order)
    if each is None:
        return None
    return [(day, each) for day in sorted(course.due) if at_home(day)]


def _dispensed(order: Therapy) -> list[tuple[date, Fraction]]:
    return sorted((dispense.on, Fraction(dispense.doses)) for dispense in order.dispenses)


def _pieces(
    order: Therapy,
    doses: Sequence[tuple[date, Fraction]],
    profile: PayerProfile,
    reference: Reference,
    bonds: Mapping[date, Bond],
    as_of: date | None,
) -> list[_Piece]:
    """Cut only where a code starts or ends or an authorization does; with dispense dates every dispensing is a line."""
    pieces: list[_Piece] = []
    before = Fraction(0)
    for day, count in doses:
        if as_of is not None and day > as_of:
            break
        chosen = reference.drug_on(order.drug, day)
        rows = reference.bags_on(order.drug, day) if chosen is None else (chosen,)
        bond = _bond(day, bonds)
        last = pieces[-1] if pieces else None
        joins = last is not None and (last.rows, last.bond) == (rows, bond) and profile.drug_dos is DrugDates.DOSE_DAYS
        if last is not None and joins:
            pieces[-1] = _Piece(rows, bond, last.first, day, last.doses + count, last.before)
        else:
            pieces.append(_Piece(rows, bond, day, day, count, before))
        before += count
    return pieces


def _bond(day: date, bonds: Mapping[date, Bond]) -> Bond:
    """The bond of the per diem of the day; where that day has none, of the one before, else of the one after."""
    if day in bonds:
        return bonds[day]
    earlier = max((other for other in bonds if other < day), default=None)
    nearest = min(bonds, default=None) if earlier is None else earlier
    return FREE if nearest is None else bonds[nearest]


def _lines(order: Therapy, piece: _Piece, total: Fraction, profile: PayerProfile) -> list[DrugLine] | None:
    head = piece.rows[0]
    amount = _in_unit(order, head.unit)
    if amount is None:
        return None
    if head.choice is DrugChoice.CONTAINER:
        units = _bags(amount, piece.rows, piece.doses)
        inside = profile.solutions_in_per_diem
        units = [(row, count) for row, count in units if not inside or row.code in profile.paid_beside_per_diem]
        how = "bags of each dose"
    else:
        count, how = _units(order, piece, total, amount, profile)
        units = [(head, count)]
    return [_line(order, piece, row, count, how, profile) for row, count in units if count > 0]


def _units(order: Therapy, piece: _Piece, total: Fraction, amount: Fraction, profile: PayerProfile) -> tuple[int, str]:
    """Round up once per level; "upto" rows per dose. A continuous infusion without boluses has one bag as its dose."""
    row = piece.rows[0]
    size = Fraction(row.size)
    level = DrugRounding.DOSE if row.upto else profile.drug_rounding
    in_bags = order.containers > 0 and total > 0
    one_bag_is_the_dose = order.continuous and order.bolus_hours is None
    if level is DrugRounding.LINE:
        return ceil(amount * piece.doses / size), "rounded up once for the line"
    if in_bags and (level is DrugRounding.PREPARATION or one_bag_is_the_dose):
        each = ceil(amount * total / order.containers / size)
        bags = _bags_up_to(order.containers, piece.before + piece.doses, total) - _bags_up_to(order.containers, piece.before, total)
        return each * bags, f"{each} for each of {bags} bags"
    if level is DrugRounding.PREPARATION and order.bolus_hours is not None:
        # No count of bags was given: programmed boluses come from one bag a day.
        a_day = doses_on_a_dose_day(order) or Fraction(1)
        each = ceil(amount * a_day / size)
        return ceil(each * piece.doses / a_day), f"{each} for the bag of each day"
    each = ceil(amount / size)
    return ceil(each * piece.doses), f"{each} for each dose"


def _bags_up_to(containers: int, doses: Fraction, total: Fraction) -> int:
    return ceil(containers * doses / total)


def _bags(amount: Fraction, rows: Sequence[DrugCode], doses: Fraction) -> list[tuple[DrugCode, int]]:
    """Whole bags of a solution for each dose: as little as covers it, the large sizes first."""
    smallest = Fraction(rows[-1].size)
    left = ceil(amount / smallest) * smallest
    found = []
    for row in rows:
        count = int(left // Fraction(row.size))
        left -= count * Fraction(row.size)
        found.append((row, ceil(count * doses)))
    return found


def _in_unit(order: Therapy, unit: DoseUnit) -> Fraction | None:
    """The dose in the unit that the code counts; None where one does not convert into the other, or nothing is given."""
    if order.dose is None or order.dose.amount <= 0:
        return None
    amount = Fraction(order.dose.amount)
    if order.dose.unit is unit:
        return amount
    if order.dose.unit in _IN_MG and unit in _IN_MG:
        return amount * _IN_MG[order.dose.unit] / _IN_MG[unit]
    return None


def _line(order: Therapy, piece: _Piece, row: DrugCode, units: int, how: str, profile: PayerProfile) -> DrugLine:
    dose = order.dose
    given = "" if dose is None else f"{dose.amount:f} {dose.unit}"
    doses = f"{float(piece.doses):g}"
    because = f"{order.drug} {given} x {doses} in units of {row.size:f} {row.unit}: {row.code} x {units}, {how}"
    modifiers = (*((row.modifier,) if row.modifier else ()), *_wasted(profile))
    return DrugLine(order.id, row.code, modifiers, units, piece.first, piece.last, *piece.bond, because)


def _without_code(order: Therapy, piece: _Piece, profile: PayerProfile) -> tuple[list[DrugLine], list[Caution]]:
    """A drug without a code of its own: the unclassified code, one unit, which needs a description and the NDC."""
    inside = order.therapy_class is TherapyClass.HYDRATION and profile.solutions_in_per_diem
    if inside or order.therapy_class in _NO_DRUG_OF_ITS_OWN:
        return [], []
    code = _NOC_DRUG
    if order.therapy_class is TherapyClass.CHEMOTHERAPY:
        code = _NOC_CANCER
    elif order.therapy_class in _BIOLOGICS:
        code = _NOC_BIOLOGIC
    because = f"{order.drug} has no code of its own from {piece.first}: {code}, with NDC and description"
    line = DrugLine(order.id, code, _wasted(profile), 1, piece.first, piece.last, *piece.bond, because)
    return [line], [Caution(Warn.DESCRIPTION_REQUIRED, order.id, f"{code} for {order.drug} needs a description and the NDC")]


def _wasted(profile: PayerProfile) -> tuple[str, ...]:
    """JZ: nothing was discarded; what was discarded is not asked for here, so no JW line is derived (billing 2.1)."""
    return ("JZ",) if profile.wastage_modifiers is Wastage.JW_JZ else ()
