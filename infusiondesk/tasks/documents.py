"""The report of promises: what was promised in a stretch of days, what became of it, and how each rule's promises ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted, day, span
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import Printing, RecordMark
from infusiondesk.foundation.paper.tones import Shape
from infusiondesk.tasks.queries import PromiseRow, RuleCount, counted_by_rule
from infusiondesk.tasks.rules import Standing

_COLUMNS: Final = (
    Column("Patient", 18), Column("Order", 23), Column("Awaited", 20), Column("What came of it", 26), Column("Looks after it", 13),
)  # fmt: skip
_RULES: Final = (
    Column("Rule", 36), Column("Promises", 12, is_number=True), Column("Broken", 12, is_number=True),
    Column("Open", 12, is_number=True), Column("Kept", 12, is_number=True), Column("Not needed any more", 16, is_number=True),
)  # fmt: skip
# In this order: what went wrong, what can still go wrong, what went well.
_SHAPES: Final = {
    Standing.BROKEN: Shape.OCTAGON, Standing.OPEN: Shape.TRIANGLE, Standing.KEPT: Shape.CHECK, Standing.NOT_NEEDED: Shape.RING,
}  # fmt: skip


@dataclass(frozen=True)
class PromisesPaper:
    """The promises made on certain days, those of each state together; `left_out` says what still waits from before them."""

    record: RecordMark
    days: str
    promises: tuple[PromiseRow, ...]
    rx_numbers: Mapping[UUID, int]
    rules: tuple[RuleCount, ...]
    left_out: tuple[str, ...]


def promises_paper(rows: Sequence[PromiseRow], rx_numbers: Mapping[UUID, int], first: date | None, last: date) -> PromisesPaper:
    """The report of what was promised from a first day, or ever, to a last one; the earliest last day first."""
    made = [row for row in rows if first is None or row.made_at.date() >= first]
    older = sum(first is not None and row.made_at.date() < first and not row.judged.is_closed for row in rows)
    left_out = []
    if older and first is not None:
        are = "is" if older == 1 else "are"
        left_out.append(f"{counted(older, 'promise')} made before {day(first)} {are} still awaited and not listed here.")
    days = f"made up to {day(last)}" if first is None else f"made {span(first, last)}"
    ordered = tuple(sorted(made, key=lambda row: (row.due_on, row.patient, str(row.id))))
    mark = RecordMark(f"PROMISES-{last:%Y%m%d}", "1")
    return PromisesPaper(mark, days, ordered, rx_numbers, tuple(counted_by_rule(ordered)), tuple(left_out))


def draw_promises(facts: PromisesPaper, printing: Printing) -> bytes:
    """Draw it: a part for each state, the broken ones first, then how the promises of each rule ended."""
    sheet = Sheet(title="Promises", subtitle=facts.days, record=facts.record, printing=printing)
    for standing, shape in _SHAPES.items():
        rows = [row for row in facts.promises if row.standing is standing]
        sheet.heading(standing.value.capitalize(), counted(len(rows), "promise"))
        lines = [_line(row, facts.rx_numbers.get(row.order_version_id), shape) for row in rows]
        sheet.table(_COLUMNS, lines, empty="None of these days.")
    sheet.heading("By rule", counted(len(facts.promises), "promise"))
    sheet.table(_RULES, [_counts(one) for one in facts.rules], empty="No promise was made.")
    sheet.not_checked(facts.left_out)
    return sheet.pdf()


def promises_name(last: date) -> str:
    """The file name of the report: no patient stands in it."""
    return f"promises-{last.isoformat()}.pdf"


def _line(row: PromiseRow, rx_number: int | None, shape: Shape) -> list[Text]:
    order = "Rx not known" if rx_number is None else f"Rx {rx_number}"
    came = row.judged.because if row.judged.is_closed or row.standing is Standing.BROKEN else "nothing yet"
    return [
        Words(row.patient, strong=True, second=row.mrn),
        Words(order, strong=True, second=f"{row.subject}, {row.rule}"),
        Words(f"{row.words[:1].upper()}{row.words[1:]} by {day(row.due_on)}", second=f"promised {day(row.made_at)}, {row.made_by}"),
        Words(f"{came[:1].upper()}{came[1:]}", shape=shape),
        row.owner.value,
    ]


def _counts(count: RuleCount) -> list[Text]:
    numbers = (count.made, count.broken, count.open, count.kept, count.not_needed)
    return [Words(count.rule, strong=True), *(f"{number:,}" for number in numbers)]
