"""The ledger of one patient and one month, from what the queries read: pure from here on."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from infusiondesk.billing.documents import DayReason, PerDiemSummary, SummaryTexts, TherapyDays, summary_paper
from infusiondesk.billing.exchange.per_diem import read_profile
from infusiondesk.billing.exchange.reference import shipped_reference
from infusiondesk.billing.queries import MonthFacts, TherapyName, runs_of
from infusiondesk.billing.rules.codes import Warn
from infusiondesk.billing.rules.days import DayStatus, LedgerDay
from infusiondesk.billing.rules.drugs import Bond, DrugLine, drug_lines
from infusiondesk.billing.rules.facts import Case, HospitalStay, Therapy
from infusiondesk.billing.rules.hospital import dosed_at_home
from infusiondesk.billing.rules.ledger import CATHETER_CARE, NURSING, Ledger, keep_ledger
from infusiondesk.billing.rules.lines import Line
from infusiondesk.billing.rules.medicare import MedicareLines
from infusiondesk.billing.rules.nursing import NursingLine
from infusiondesk.billing.rules.per_diem import per_diems
from infusiondesk.billing.rules.profile import DrugBilling, PayerKind, PayerProfile, Rate
from infusiondesk.billing.rules.schedule import Course, courses, doses_on_a_dose_day
from infusiondesk.foundation.kernel.ismp import day, span, tall_man
from infusiondesk.foundation.kernel.questions import Fields
from infusiondesk.foundation.paper.stationery import PatientBlock

MEDICARE = "Medicare"
UNDELIVERED = "no confirmed delivery covers the dose that was due"
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True)
class GridRow:
    """One row of the day grid."""

    id: str
    title: str
    second: str
    cells: Mapping[date, LedgerDay]

    @property
    def billable(self) -> int:
        return sum(cell.status is DayStatus.BILLABLE for cell in self.cells.values())


@dataclass(frozen=True)
class MonthLedger:
    """One month of a patient's ledger."""

    facts: MonthFacts
    profile: PayerProfile
    rows: tuple[GridRow, ...]
    lines: tuple[Line, ...]
    drug_lines: tuple[DrugLine, ...]
    nursing_lines: tuple[NursingLine, ...]
    warnings: tuple[str, ...]
    not_checked: tuple[str, ...]

    @property
    def ready_units(self) -> int:
        """Per-diem units that nothing holds."""
        return sum(line.units for line in self.lines if line.held_because is None)

    @property
    def held_units(self) -> int:
        """Per-diem units that wait for a person or a payer."""
        return sum(line.units for line in self.lines if line.held_because is not None)


@dataclass(frozen=True)
class _Supply:
    """The days whose doses at home a confirmed delivery covers, and those up to today that none covers."""

    covered: frozenset[date]
    missing: frozenset[date]


def keep_month(facts: MonthFacts) -> MonthLedger:
    """Keep the ledger of the whole course and show one month of it.

    Lines are split at the month's end for this view. A drug line's units are what the course owes up to the month's end less
    what it owed up to the end of the month before, so that the months add up to the line of the whole course.
    """
    profile = profile_of(facts)
    split = replace(profile, split_month=True)
    last = (facts.month.until or facts.month.start) - timedelta(days=1)
    as_of, before = min(last, facts.today), min(facts.month.start - timedelta(days=1), facts.today)
    if profile.payer_kind is PayerKind.MEDICARE:
        return _medicare_month(facts, split, as_of, before)
    supplies = _supplies(facts.case, facts.today)
    case = _with_missed(facts.case, supplies)
    now = keep_ledger(case, split, shipped_reference(), as_of)
    count = _drug_counter(case, split, supplies)
    rows = tuple(_with_undelivered(row, supplies) for row in _rows(now, facts))
    unsplit = now if profile.split_month or profile.min_span_days == 1 else keep_ledger(case, profile, shipped_reference(), as_of)
    return MonthLedger(
        facts=facts,
        profile=profile,
        rows=rows,
        lines=tuple(line for line in now.lines if line.first in facts.month),
        drug_lines=tuple(_in_month(count(as_of), count(before), facts.month.start, supplies)),
        nursing_lines=tuple(line for line in now.nursing_lines if line.day in facts.month),
        warnings=_warnings(now, unsplit, rows),
        not_checked=(*facts.not_checked, *_without_delivery(facts, supplies, rows, profile, as_of)),
    )


def _medicare_month(facts: MonthFacts, profile: PayerProfile, as_of: date, before: date) -> MonthLedger:
    """Medicare has no S-codes: visit days stand with the nursing lines, pump, supplies and drugs with the drug lines.

    Its equipment lines carry no dates of their own, so a month has what the course owes at its end beyond what it owed before.
    """

    def kept(until: date) -> tuple[Ledger, MedicareLines]:
        ledger = keep_ledger(_supplied_until(facts.case, until, facts.today), profile, shipped_reference(), until)
        if ledger.medicare is None:
            raise AssertionError("a Medicare profile keeps Medicare lines")
        return ledger, ledger.medicare

    (now, owed), (_, owed_before) = kept(as_of), kept(before)
    rows = _rows(now, facts)
    counted = {(one.code, one.modifiers): one.units for one in owed_before.dme}
    equipment = [
        DrugLine(MEDICARE, one.code, one.modifiers, units, facts.month.start, as_of, None, None, "DME MAC")
        for one in owed.dme
        if (units := one.units - counted.get((one.code, one.modifiers), 0)) > 0
    ]
    visits = [NursingLine(one.day, one.code, one.units, None, "A/B MAC") for one in owed.hit if one.day in facts.month]
    others = [f"{drug}: Part D, drug and dispensing fee only; its claim is not derived here." for drug in owed.part_d_drugs]
    return MonthLedger(
        facts=facts,
        profile=profile,
        rows=rows,
        lines=(),
        drug_lines=tuple(equipment),
        nursing_lines=tuple(visits),
        warnings=_warnings(now, now, rows),
        not_checked=(*facts.not_checked, *others, "Whether the coverage criteria of LCD L33794 are documented."),
    )


def _supplies(case: Case, today: date) -> dict[str, _Supply]:
    return {course.order.id: _supply(course, case.stays, today) for course in courses(case.therapies)}


def _supply(course: Course, stays: Sequence[HospitalStay], today: date) -> _Supply:
    """Confirmed doses go to the dose days at home in turn: no confirmation, no drug line (clinical 9.6)."""
    each = doses_on_a_dose_day(course.order)
    left = sum((Fraction(one.doses) for one in course.order.dispenses), Fraction(0))
    at_home = [on for on in sorted(course.due) if dosed_at_home(on, stays)]
    count = 0 if each is None else int(left // each)
    return _Supply(frozenset(at_home[:count]), frozenset(on for on in at_home[count:] if on <= today))


def _with_missed(case: Case, supplies: Mapping[str, _Supply]) -> Case:
    """A dose that never arrived was not infused."""
    return replace(case, therapies=tuple(replace(one, not_given=supplies[one.id].missing) for one in case.therapies))


def _supplied_until(case: Case, until: date, today: date) -> Case:
    """For Medicare, whose lines count due doses and containers: only what was delivered up to a day."""

    def supplied(one: Therapy) -> Therapy:
        received = tuple(dispense for dispense in one.dispenses if dispense.on <= until)
        return replace(one, dispenses=received, containers=sum(int(dispense.doses) for dispense in received))

    known = replace(case, therapies=tuple(supplied(one) for one in case.therapies))
    supplies = _supplies(known, today)
    lacking = tuple(replace(one, on_hold=one.on_hold | supplies[one.id].missing) for one in known.therapies)
    return replace(known, therapies=lacking)


def _drug_counter(case: Case, profile: PayerProfile, supplies: Mapping[str, _Supply]) -> Callable[[date], list[DrugLine]]:
    """Counts the drug lines of the course up to a day, each order by the doses that were delivered for it."""
    lived = courses(case.therapies)
    bonds: dict[str, dict[date, Bond]] = {}
    for claim in per_diems(case, lived, profile, shipped_reference()).claims:
        for order_id in claim.members:
            bonds.setdefault(order_id, {})[claim.day] = claim.authorization, claim.drug_held_because

    def count(as_of: date) -> list[DrugLine]:
        found: list[DrugLine] = []
        for course in lived:
            covered = supplies[course.order.id].covered
            found += drug_lines([course], profile, shipped_reference(), bonds, covered.__contains__, as_of)[0]
        return sorted(found, key=lambda line: (line.first, line.code))

    return count


def _in_month(
    now: Iterable[DrugLine], before: Iterable[DrugLine], start: date, supplies: Mapping[str, _Supply]
) -> Iterator[DrugLine]:
    owed = {_identity(line): line.units for line in before}
    for line in now:
        units = line.units - owed.get(_identity(line), 0)
        if units > 0 and line.last >= start:
            begun = max(line.first, start)
            first = min((on for on in supplies[line.order_id].covered if begun <= on <= line.last), default=begun)
            yield replace(line, units=units, first=first)


def _identity(line: DrugLine) -> tuple[object, ...]:
    return line.order_id, line.code, line.modifiers, line.authorization, line.held_because, line.first


def _rows(ledger: Ledger, facts: MonthFacts) -> tuple[GridRow, ...]:
    names = {name.id: name for name in facts.names}
    found = []
    for title, cells in ledger.rows():
        inside = {on: _readable(cell) for on, cell in cells.items() if on in facts.month}
        if inside:
            name = names.get(title)
            found.append(GridRow(title, name.sig if name else title, _second(title, inside, name), inside))
    return tuple(found)


def _with_undelivered(row: GridRow, supplies: Mapping[str, _Supply]) -> GridRow:
    """A day that counts only if it was infused says, where its dose never arrived, that this is why it does not."""
    missing = supplies[row.id].missing if row.id in supplies else frozenset()
    cells = {
        on: replace(cell, because=(*cell.because, UNDELIVERED), sources=(*cell.sources, "clinical 9.6"))
        if on in missing and cell.status is DayStatus.NOT_COVERED
        else cell
        for on, cell in row.cells.items()
    }
    return replace(row, cells=cells)


def _readable(cell: LedgerDay) -> LedgerDay:
    return replace(cell, because=tuple(_dated(sentence) for sentence in cell.because))


def _dated(sentence: str) -> str:
    """The rules write dates as they are kept; people read 5 Mar 2026."""
    return _ISO_DATE.sub(lambda found: day(date.fromisoformat(found[0])), sentence)


def _without_delivery(
    facts: MonthFacts, supplies: Mapping[str, _Supply], rows: Sequence[GridRow], profile: PayerProfile, as_of: date
) -> Iterator[str]:
    """Why a therapy of the month has no drug line, or one for fewer doses than were due."""
    if profile.drug_billing is not DrugBilling.HCPCS:
        return
    names = {name.id: name for name in facts.names}
    therapies = {one.id: one for one in facts.case.therapies}
    for row in rows:
        if row.id not in names:
            continue
        therapy, name = therapies[row.id], names[row.id]
        missing = [on for on in supplies[row.id].missing if on in facts.month and on <= as_of]
        if not therapy.dispenses:
            yield f"{name.sig}: no delivery is confirmed, so no drug line stands here."
        elif therapy.dose is None:
            yield f"{name.sig}: {name.dose_unit} has no billing unit, so no drug line stands here."
        elif missing:
            spans = ", ".join(span(*one) for one in runs_of(missing))
            yield f"{name.sig}: no confirmed delivery covers the doses of {spans}; they stand on no drug line."


def profile_of(facts: MonthFacts) -> PayerProfile:
    """The contract as the rules read it; without coverage every field is at its default."""
    if facts.profile is None:
        return PayerProfile()
    values: dict[str, Any] = dict(facts.profile.values)
    rates = values.pop("rates", None) or []
    hours = values.get("max_nursing_hours_per_week")
    if isinstance(hours, str):
        values["max_nursing_hours_per_week"] = Decimal(hours)
    values["payer_kind"] = facts.profile.kind.value
    return replace(read_profile(Fields(values, "profile")), rates=tuple(_rate(one) for one in rates))


def _rate(one: Mapping[str, Any]) -> Rate:
    start, until = one.get("from"), one.get("until")
    return Rate(
        str(one["code"]),
        Decimal(str(one["usd"])),
        date.fromisoformat(start) if start else None,
        date.fromisoformat(until) if until else None,
    )


def _second(title: str, cells: Mapping[date, LedgerDay], name: TherapyName | None) -> str:
    if title == NURSING:
        return "99601 and 99602"
    codes = sorted({" ".join((cell.code, *cell.modifiers)) for cell in cells.values() if cell.code})
    said = ", ".join(codes) or "no code"
    return said if title == CATHETER_CARE or name is None else f"{said}, Rx {name.rx_number}"


def _warnings(ledger: Ledger, unsplit: Ledger, rows: Sequence[GridRow]) -> tuple[str, ...]:
    """What a biller should look at in this month; whether a span is too short is judged without the cut at the month's end."""
    short = Warn.SPAN_UNDER_MINIMUM
    found = [one for one in ledger.warnings if one.code is not short] + [one for one in unsplit.warnings if one.code is short]
    shown = {row.id for row in rows}
    said = (
        f"{one.code.value.replace('_', ' ').capitalize()}: {_dated(one.text)}"
        for one in found
        if one.therapy is None or one.therapy in shown
    )
    return tuple(dict.fromkeys(said))


def description(ledger: MonthLedger, code: str, order_id: str = "") -> str:
    """What a code means, after the drug of the order where the label does not name it."""
    entry = shipped_reference().codes.get(code)
    label = entry.label if entry is not None else ""
    drug = next((one.drug for one in ledger.facts.case.therapies if one.id == order_id), "")
    return tall_man(label if drug in label else ", ".join(filter(None, (drug, label))))


def summary_of(ledger: MonthLedger, patient: PatientBlock) -> PerDiemSummary:
    """The month's summary as it is printed."""
    rows = [
        TherapyDays(
            row.title,
            row.second,
            {on.day: cell.status.value for on, cell in row.cells.items() if cell.status is not DayStatus.PLANNED},
        )
        for row in ledger.rows
    ]
    reasons = tuple(
        DayReason(on, row.title, cell.status.value, "; ".join(cell.because))
        for row in ledger.rows
        for on, cell in row.cells.items()
        if cell.status not in (DayStatus.BILLABLE, DayStatus.PLANNED)
    )
    coded = [(line.code or "", line.order_id or "") for line in ledger.lines]
    coded += [(drug.code, drug.order_id) for drug in ledger.drug_lines]
    coded += [(visit.code, "") for visit in ledger.nursing_lines]
    labels = {(code, order_id): description(ledger, code, order_id) for code, order_id in coded}
    texts = SummaryTexts(labels, reasons, ledger.warnings, ledger.not_checked)
    return summary_paper(ledger.facts, replace(patient, allergies=None), ledger.profile, ledger, rows, texts)
