"""The per-diem billing summary: one patient, one payer, one month, and why every day is what it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from infusiondesk.billing.queries import MonthFacts
from infusiondesk.billing.rules.drugs import DrugLine
from infusiondesk.billing.rules.lines import Line
from infusiondesk.billing.rules.nursing import NursingLine
from infusiondesk.billing.rules.profile import PayerProfile
from infusiondesk.foundation.kernel.ismp import day, money, month, number, span, unit_price
from infusiondesk.foundation.paper.day_grid import LEGEND, DayGrid, DayRow
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark
from infusiondesk.foundation.paper.tones import Shape, Tone


@dataclass(frozen=True)
class ProfileField:
    """One answer of the payer's profile in words; a field the payer has not answered is at its default and says so."""

    name: str
    value: str
    is_default: bool
    source: str = ""


@dataclass(frozen=True)
class TherapyDays:
    """One therapy's month: a letter for each day that has one (B billable, H held, I inpatient, N not covered)."""

    therapy: str
    code: str
    letters: Mapping[int, str]

    @property
    def billable(self) -> int:
        return sum(letter == "B" for letter in self.letters.values())


@dataclass(frozen=True)
class SummaryLine:
    """One line as it would stand on the claim. `held_because` is a sentence, or empty where nothing holds the line."""

    code: str
    modifiers: tuple[str, ...]
    description: str
    first: date
    last: date
    units: Decimal
    rate: Decimal | None
    authorization: str
    held_because: str = ""

    @property
    def amount(self) -> Decimal | None:
        """To the cent, line by line, so that the printed lines add up to the printed total."""
        return None if self.rate is None else (self.rate * self.units).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class DayReason:
    """Why one day of one therapy is not simply billable."""

    on: date
    therapy: str
    letter: str
    because: str


@dataclass(frozen=True)
class PerDiemSummary:
    """Everything the summary says; the day ledger gives it."""

    record: RecordMark
    patient: PatientBlock
    month: date
    payer: str
    contract: str
    profile: tuple[ProfileField, ...]
    days: tuple[TherapyDays, ...]
    per_diem_lines: tuple[SummaryLine, ...]
    nursing_lines: tuple[SummaryLine, ...]
    drug_lines: tuple[SummaryLine, ...]
    reasons: tuple[DayReason, ...]
    warnings: tuple[str, ...]
    not_checked: tuple[str, ...]


class Lines(Protocol):
    """The lines of one month, as the ledger of the month has them."""

    @property
    def lines(self) -> Sequence[Line]: ...

    @property
    def nursing_lines(self) -> Sequence[NursingLine]: ...

    @property
    def drug_lines(self) -> Sequence[DrugLine]: ...


@dataclass(frozen=True)
class SummaryTexts:
    """What the summary says in words: labels of codes, reasons of days, warnings, and what was not checked."""

    labels: Mapping[tuple[str, str], str]
    """The description of a code and the order it is for ("" for none)."""
    reasons: tuple[DayReason, ...]
    warnings: tuple[str, ...]
    not_checked: tuple[str, ...]

    def label(self, code: str | None, order_id: str | None = None) -> str:
        return self.labels.get((code or "", order_id or ""), "")


HELD_WORDS = {
    "X5": "general and hourly anti-infective codes on one day (X5)",
    "X6": "obstetric management excludes infusion per diems (X6)",
    "X7": "hourly pharmacy services exclude per diems (X7)",
    "no_authorization": "no authorization covers these days",
    "authorization_units_exhausted": "the authorization's units are used up",
    "rate_missing": "the contract names no rate",
    "payer_rule_required": "the payer's rule is needed",
    "daily_ceiling": "above the payer's hours of a day",
    "weekly_ceiling": "above the payer's hours of a week",
}


def summary_paper(
    month: MonthFacts, patient: PatientBlock, profile: PayerProfile, ledger: Lines, rows: Sequence[TherapyDays], texts: SummaryTexts
) -> PerDiemSummary:
    """The summary of one month from its ledger; `texts` says what the codes mean and what could not be checked."""
    first = month.month.start
    return PerDiemSummary(
        record=RecordMark(f"PD-{month.mrn}-{first:%y%m}", "1"),
        patient=patient,
        month=first,
        payer=month.coverage.payer if month.coverage else "no coverage entered",
        contract=_contract(month),
        profile=tuple(
            ProfileField(field.field.label, field.said, field.is_default, field.source)
            for field in (month.profile.fields if month.profile else ())
        ),
        days=tuple(rows),
        per_diem_lines=tuple(_per_diem_line(line, texts) for line in ledger.lines),
        nursing_lines=tuple(_nursing_line(line, profile, texts) for line in ledger.nursing_lines),
        drug_lines=tuple(_drug_line(line, profile, texts) for line in ledger.drug_lines),
        reasons=texts.reasons,
        warnings=texts.warnings,
        not_checked=texts.not_checked,
    )


def _per_diem_line(line: Line, texts: SummaryTexts) -> SummaryLine:
    label, held = texts.label(line.code, line.order_id), _held(line.held_because)
    code, units = line.code or "no code", Decimal(line.units)
    return SummaryLine(code, line.modifiers, label, line.first, line.last, units, line.usd_per_unit, line.authorization or "", held)


def _nursing_line(line: NursingLine, profile: PayerProfile, texts: SummaryTexts) -> SummaryLine:
    rate, held = profile.rate_on(line.code, line.day), _held(line.held_because)
    return SummaryLine(line.code, (), texts.label(line.code), line.day, line.day, Decimal(line.units), rate, "", held)


def _drug_line(line: DrugLine, profile: PayerProfile, texts: SummaryTexts) -> SummaryLine:
    label, held = texts.label(line.code, line.order_id), _held(line.held_because)
    units, rate = Decimal(line.units), profile.rate_on(line.code, line.first)
    return SummaryLine(line.code, line.modifiers, label, line.first, line.last, units, rate, line.authorization or "", held)


def _contract(month: MonthFacts) -> str:
    if month.profile is None:
        return "none"
    since = month.profile.effective_on
    return f"profile {month.profile.number} from {day(since)}" if since else "no answer of the payer yet"


def _held(word: str | None) -> str:
    return "" if word is None else HELD_WORDS.get(str(word), str(word).replace("_", " "))


_PER_DIEM = "Per-diem lines"
_COLUMNS = (
    Column("HCPCS", 9),
    Column("Modifiers", 9),
    Column("Description", 22),
    Column("Dates of service", 18),
    Column("Units", 8, is_number=True),
    Column("Rate", 10, is_number=True),
    Column("Amount", 12, is_number=True),
    Column("Authorization", 13),
    Column("Status", 22),
)


def draw_per_diem_summary(facts: PerDiemSummary, printing: Printing) -> bytes:
    """Draw the summary; nothing on it is computed except products and totals of what it is given."""
    sheet = Sheet(
        title="Per-diem billing summary",
        subtitle=f"{month(facts.month)}, {facts.payer}",
        record=facts.record,
        printing=printing,
        patient=facts.patient,
    )
    sheet.facts([("Payer", facts.payer), ("Contract", facts.contract)])
    _draw_profile(sheet, facts.profile)
    sheet.heading("Days of the month", ", ".join(f"{letter} {words}" for letter, words in LEGEND.items()))
    rows = [DayRow(therapy.therapy, therapy.code, therapy.letters, str(therapy.billable)) for therapy in facts.days]
    if rows:
        sheet.draw(lambda ink: [DayGrid(facts.month, rows, "Billable", ink)])
    else:
        sheet.words(Words("No therapy has a day in this month.", tone=Tone.LABEL))
    for title, lines, empty in (
        (_PER_DIEM, facts.per_diem_lines, "No per-diem line."),
        ("Nursing lines", facts.nursing_lines, "No nursing line."),
        ("Drug lines", facts.drug_lines, "No drug line."),
    ):
        sheet.heading(title)
        sheet.table(_COLUMNS, [_line(one) for one in lines], totals=[_total(lines, title)] if lines else [], empty=empty)
    _draw_totals(sheet, facts)
    sheet.heading("Why", "every held, inpatient and uncovered day")
    sheet.points([_reason(*group) for group in _grouped(facts.reasons)] or ["Every day of every therapy is billable."])
    if facts.warnings:
        sheet.heading("Warnings")
        sheet.points(facts.warnings, Shape.TRIANGLE)
    sheet.not_checked(facts.not_checked)
    return sheet.pdf()


def _draw_profile(sheet: Sheet, profile: Sequence[ProfileField]) -> None:
    sheet.heading("Payer profile", "what decides the days and the lines")
    answered = [one for one in profile if not one.is_default]
    sheet.facts([(one.name, Words(one.value, second=one.source)) for one in answered])
    defaults = [one for one in profile if one.is_default]
    if defaults:
        listed = "; ".join(f"{one.name}: {one.value}" for one in defaults)
        sheet.words(Words(f"Not answered by the payer, so at the default: {listed}.", tone=Tone.QUIET))


def _line(one: SummaryLine) -> list[Text]:
    held = bool(one.held_because)
    return [
        Words(one.code, strong=True),
        " ".join(one.modifiers) or Words("none", tone=Tone.LABEL),
        one.description,
        span(one.first, one.last),
        Words(number(one.units), strong=True),
        unit_price(one.rate) if one.rate is not None else Words("no contract rate", tone=Tone.DUE),
        money(one.amount) if one.amount is not None else Words("unknown", tone=Tone.DUE),
        one.authorization or Words("none", tone=Tone.LABEL),
        Words(f"Held: {one.held_because}", shape=Shape.TRIANGLE) if held else Words("Ready", shape=Shape.CHECK),
    ]


def _total(lines: Sequence[SummaryLine], title: str) -> list[Text]:
    """What is ready; units are added only where they are all days, since drug units of two codes are not one number."""
    ready = [one for one in lines if not one.held_because]
    units = number(_units(ready)) if title == _PER_DIEM else ""
    return ["Ready", "", "", "", units, "", money(_amount(ready)), "", _without_rate(ready)]


def _draw_totals(sheet: Sheet, facts: PerDiemSummary) -> None:
    lines = (*facts.per_diem_lines, *facts.nursing_lines, *facts.drug_lines)
    ready, held = [one for one in lines if not one.held_because], [one for one in lines if one.held_because]
    per_diem_ready = [one for one in facts.per_diem_lines if not one.held_because]
    per_diem_held = [one for one in facts.per_diem_lines if one.held_because]
    sheet.heading("Totals")
    sheet.facts(
        [
            ("Billable per-diem units", Words(number(_units(per_diem_ready)), strong=True)),
            ("Held per-diem units", Words(number(_units(per_diem_held)), strong=True)),
            ("Ready amount", Words(money(_amount(ready)), strong=True, second=_without_rate(ready))),
            ("Held amount", Words(money(_amount(held)), strong=True, second=_without_rate(held))),
        ]
    )


def _units(lines: Iterable[SummaryLine]) -> Decimal:
    return sum((one.units for one in lines), Decimal(0))


def _amount(lines: Iterable[SummaryLine]) -> Decimal:
    return sum((one.amount for one in lines if one.amount is not None), Decimal(0))


def _without_rate(lines: Sequence[SummaryLine]) -> str:
    count = sum(one.rate is None for one in lines)
    return f"{count} {'line has' if count == 1 else 'lines have'} no contract rate and no amount" if count else ""


def _grouped(reasons: Sequence[DayReason]) -> list[tuple[date, date, DayReason]]:
    """Days that follow each other with the same sentence are said once; no day is left out."""
    groups: list[tuple[date, date, DayReason]] = []
    for one in sorted(reasons, key=lambda reason: (reason.therapy, reason.letter, reason.because, reason.on)):
        if groups and groups[-1][1] + timedelta(days=1) == one.on and _same(groups[-1][2], one):
            groups[-1] = (groups[-1][0], one.on, one)
        else:
            groups.append((one.on, one.on, one))
    return sorted(groups, key=lambda group: (group[0], group[2].therapy))


def _same(first: DayReason, second: DayReason) -> bool:
    return (first.therapy, first.letter, first.because) == (second.therapy, second.letter, second.because)


def _reason(first: date, last: date, reason: DayReason) -> Words:
    shape = {"H": Shape.TRIANGLE, "I": Shape.SQUARE}.get(reason.letter, Shape.RING)
    state = LEGEND.get(reason.letter, reason.letter)
    return Words(f"{span(first, last)}, {reason.therapy}, {state}: {reason.because}", shape=shape, tone=Tone.INK)
