"""The ledger of one patient and one month, from what the queries read: pure from here on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from infusiondesk.billing.documents import DayReason, PerDiemSummary, SummaryTexts, TherapyDays, summary_paper
from infusiondesk.billing.exchange.per_diem import read_profile
from infusiondesk.billing.exchange.reference import shipped_reference
from infusiondesk.billing.queries import MonthFacts
from infusiondesk.billing.rules.days import DayStatus, LedgerDay
from infusiondesk.billing.rules.drugs import DrugLine
from infusiondesk.billing.rules.ledger import CATHETER_CARE, NURSING, Ledger, keep_ledger
from infusiondesk.billing.rules.lines import Line
from infusiondesk.billing.rules.nursing import NursingLine
from infusiondesk.billing.rules.profile import PayerKind, PayerProfile, Rate
from infusiondesk.foundation.kernel.questions import Fields
from infusiondesk.foundation.paper.stationery import PatientBlock


@dataclass(frozen=True)
class GridRow:
    """One row of the day grid."""

    id: str
    title: str
    second: str
    cells: Mapping[date, LedgerDay]


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
    is_medicare: bool


def keep_month(facts: MonthFacts) -> MonthLedger:
    """Keep the ledger of the whole course and show one month of it.

    Lines are split at the month's end for this view. A drug line's units are what the course owes up to the month's end less
    what it owed up to the end of the month before, so that the months add up to the line of the whole course.
    """
    profile = profile_of(facts)
    split = replace(profile, split_month=True)
    last = (facts.month.until or facts.month.start) - timedelta(days=1)
    as_of = min(last, facts.today)
    before = facts.month.start - timedelta(days=1)
    reference = shipped_reference()
    now = keep_ledger(facts.case, split, reference, as_of)
    then = keep_ledger(facts.case, split, reference, before)
    names = {name.id: name for name in facts.names}
    rows = []
    for title, cells in now.rows():
        inside = {day: cell for day, cell in cells.items() if day in facts.month}
        if inside:
            name = names.get(title)
            rows.append(
                GridRow(title, name.sig if name else title, _second(title, inside, name.rx_number if name else None), inside)
            )
    return MonthLedger(
        facts=facts,
        profile=profile,
        rows=tuple(rows),
        lines=tuple(line for line in now.lines if line.first in facts.month),
        drug_lines=tuple(_in_month(now.drug_lines, then.drug_lines, facts.month.start)),
        nursing_lines=tuple(line for line in now.nursing_lines if line.day in facts.month),
        warnings=_warnings(now),
        is_medicare=profile.payer_kind is PayerKind.MEDICARE,
    )


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


def _second(title: str, cells: Mapping[date, LedgerDay], rx_number: int | None) -> str:
    if title == NURSING:
        return "99601 and 99602"
    codes = sorted({" ".join((cell.code, *cell.modifiers)) for cell in cells.values() if cell.code})
    said = ", ".join(codes) or "no code"
    return said if title == CATHETER_CARE or rx_number is None else f"{said}, Rx {rx_number}"


def _in_month(now: Iterable[DrugLine], before: Iterable[DrugLine], start: date) -> Iterable[DrugLine]:
    owed = {_identity(line): line.units for line in before}
    for line in now:
        units = line.units - owed.get(_identity(line), 0)
        if units > 0 and line.last >= start:
            yield replace(line, units=units, first=max(line.first, start))


def _identity(line: DrugLine) -> tuple[object, ...]:
    return line.order_id, line.code, line.modifiers, line.authorization, line.held_because, line.first


def _warnings(ledger: Ledger) -> tuple[str, ...]:
    return tuple(f"{caution.code.value.replace('_', ' ')}: {caution.text}" for caution in ledger.warnings)


def summary_of(ledger: MonthLedger, patient: PatientBlock) -> PerDiemSummary:
    """The month's summary as it is printed."""
    rows = [
        TherapyDays(
            row.title,
            row.second,
            {day.day: cell.status.value for day, cell in row.cells.items() if cell.status is not DayStatus.PLANNED},
        )
        for row in ledger.rows
    ]
    reasons = tuple(
        DayReason(day, row.title, cell.status.value, " ".join(cell.because))
        for row in ledger.rows
        for day, cell in row.cells.items()
        if cell.status not in (DayStatus.BILLABLE, DayStatus.PLANNED)
    )
    codes = shipped_reference().codes
    texts = SummaryTexts({code: entry.label for code, entry in codes.items()}, reasons, ledger.warnings, ledger.facts.not_checked)
    return summary_paper(ledger.facts, patient, ledger.profile, ledger, rows, texts)
