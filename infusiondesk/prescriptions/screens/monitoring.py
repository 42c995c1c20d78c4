"""Pharmacy, Monitoring programme: for which orders it is to be asked, what was seen, and the reports that tell it what left."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import amount, counted, day, moment, span
from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import CheckField, ChoiceField, DateField, LongTextField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory.rules.controlled import schedule_words
from infusiondesk.prescriptions import queries, service
from infusiondesk.prescriptions.queries import MonitoredRow, ReportRow, ToReport
from infusiondesk.prescriptions.rules import QueryDraft, ReportDraft, ReportKind

_ASK, _TELL, _SEND, _ASKED, _SENT = "To be asked", "To be told", "To be sent", "Asked", "Reports sent"


@dataclass(frozen=True)
class _Row:
    """An order, a fill that is not told yet, or a report."""

    id: str
    order: MonitoredRow | None = None
    fill: ToReport | None = None
    report: ReportRow | None = None

    @property
    def group(self) -> str:
        if self.order is not None:
            return _ASK if self.order.due else _ASKED
        if self.fill is not None:
            return _TELL
        return _SENT if self.report and self.report.sent_at else _SEND

    @property
    def what(self) -> tuple[str, str]:
        if self.order is not None:
            return self.order.order.drug, f"Rx {self.order.order.rx_number}, {schedule_words(self.order.schedule)}"
        if self.fill is not None:
            return f"Rx {self.fill.rx_number}, {day(self.fill.left_on)}", self.fill.what
        row = self.report
        return (f"Report {row.number}, {row.kind}", span(row.first, row.last)) if row else ("", "")

    @property
    def whom(self) -> tuple[str, str]:
        if self.order is not None:
            return self.order.order.patient, f"MRN {self.order.order.mrn}"
        if self.fill is not None:
            return self.fill.patient, f"delivery {self.fill.ticket}"
        return (self.report.words, f"made by {self.report.made_by}") if self.report else ("", "")

    @property
    def state(self) -> tuple[str, Tone]:
        if self.order is not None:
            last = self.order.last
            if self.order.due:
                return "ask before it goes on" if last else "never asked", "danger"
            if last is None:
                return "not asked for, by the rules", "neutral"
            return (
                f"{'noted' if last.is_noted else 'nothing noted'}, {day(last.asked_at.date())}",
                "due" if last.is_noted else "done",
            )
        if self.fill is not None:
            return (f"lacks {', '.join(self.fill.gaps)}", "danger") if self.fill.gaps else (self.fill.status.words, "due")
        sent_at = self.report.sent_at if self.report else None
        return (f"sent {day(sent_at.date())}", "done") if sent_at else ("not sent", "due")


COLUMNS: Sequence[Column[_Row]] = (
    Column("What", lambda row: row.what[0], strong=True, second=lambda row: row.what[1], stretch=2),
    Column("Whom", lambda row: row.whom[0], second=lambda row: row.whom[1], stretch=2),
    Column("State", lambda row: row.state[0], tone=lambda row: row.state[1], shape=True, wraps=True, stretch=2),
)
_SEEN: Final = (
    ChoiceField("is_noted", "In the programme", required=True, choices=[(False, "Nothing noted"), (True, "Something noted")]),
    LongTextField("seen", "What was seen", hint="other prescribers, pharmacies, overlapping fills; where something was noted"),
    TextField("number", "Number of the answer", hint="as the programme shows it"),
)
_STRETCH: Final = (
    DateField("first", "First day", required=True),
    DateField("last", "Last day", required=True),
    CheckField("is_test", "Only a test file"),
)


class MonitoringScreen(Screen):
    """What is to be asked and told first, then what was."""

    stale_on = frozenset({Area.ORDERS, Area.DISPENSING, Area.INVENTORY})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ask = self.act("Record what was seen", "Ctrl+N", self.record_query, service.record_program_query)
        self.make = self.act("Make a report", "Ctrl+M", self.make_report, service.make_report)
        self.sent = self.act("Record that it was sent", "Ctrl+T", self.record_sent, service.record_report_sent)
        self.keep = self.act("Save the file", "Ctrl+Shift+S", self.save_file)
        self._may = {action: action.isEnabled() for action in (self.ask, self.sent)}
        self._orders: Sequence[MonitoredRow] = ()
        self._fills: Sequence[ToReport] = ()
        self._wanted: UUID | None = None
        self.page = ListDetail("Monitoring programme", actions=[Button.for_action(self.make, dense=True)])
        empty = EmptyState("eye", "No order of a controlled drug", "Open orders of C-II to C-V drugs appear here.")
        self.table: RowsTable[_Row] = RowsTable(
            COLUMNS, name="Monitoring programme", group=lambda row: row.group, recedes=lambda row: row.group == _SENT, empty=empty
        )
        self.table.chosen_changed.connect(lambda _: self._show())
        self.table.activated_row.connect(self._open)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Ctrl+N", "record what was seen"), ("Ctrl+M", "make a report"), ("Enter", "open the chart")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.monitored_orders, self._keep_orders)

    def _keep_orders(self, rows: Sequence[MonitoredRow]) -> None:
        self._orders = rows
        last = today(self.desk.store.clock)
        self.desk.ask(self, queries.fills_to_report, self._keep_fills, first=last - queries.CORRECTED, last=last)

    def _keep_fills(self, rows: Sequence[ToReport]) -> None:
        self._fills = rows
        self.desk.ask(self, queries.reports, self._arrived)

    def _arrived(self, reports: Sequence[ReportRow]) -> None:
        orders = [_Row(f"order {one.id}", order=one) for one in self._orders]
        fills = [_Row(f"fill {one.order_id} {one.ticket_id}", fill=one) for one in self._fills]
        made = [_Row(f"report {one.id}", report=one) for one in reports]
        rank = (_ASK, _TELL, _SEND, _ASKED, _SENT)
        rows = sorted([*orders, *fills, *made], key=lambda row: rank.index(row.group))
        due = sum(row.group == _ASK for row in rows)
        told = [f"{due} to ask" if due else "", f"{len(fills)} to tell" if fills else ""]
        self.page.head.remark.say(", ".join(filter(None, told)) or "nothing to ask, nothing to tell")
        self.table.show_rows(rows)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.table.choose(lambda row: row.order is not None and wanted in (row.order.id, row.order.order.patient_id))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    def show_record(self, record_id: UUID) -> None:
        """Turn to one order."""
        self._wanted = record_id
        self.refresh()

    # Doing ------------------------------------------------------------------------------------------------------------

    def record_query(self) -> None:
        """The programme was asked for the chosen order just now."""
        row = self.table.chosen()
        if row is None or row.order is None or self.editor is not None:
            return
        order_id, order = row.order.id, row.order.order
        editor = Editor(
            self.desk, "query", f"Programme asked for {order.patient}", list(_SEEN), QueryDraft(), service.record_program_query,
            given=lambda draft: {"order_id": order_id, "draft": draft}, said="What was seen is kept with the order.",
            explanation=f"Rx {order.rx_number} {order.sig}",
        )  # fmt: skip

        def shape() -> None:
            editor.form.show_field("seen", bool(editor.form.draft.is_noted))

        editor.form.changed.connect(shape)
        shape()
        self._edit(editor)

    def make_report(self) -> None:
        """A file for some days."""
        if self.editor is not None:
            return
        last = today(self.desk.store.clock)
        first = min((one.left_on for one in self._fills), default=last)
        self._edit(
            Editor(
                self.desk, "report", "Make a report", list(_STRETCH), ReportDraft(first, last), service.make_report,
                said="The report is made. Save its file and send it.", save="Make it",
                explanation="What left in these days and is not told yet; what changed since it was told goes out as a correction; "
                "days without a controlled fill give a zero report. What lacks something is kept back.",
            )
        )  # fmt: skip

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    def record_sent(self) -> None:
        """The chosen report has gone."""
        if (row := self.table.chosen()) is not None and row.report is not None:
            self.desk.do(self, service.record_report_sent, said="Kept.", report_id=row.report.id)

    def save_file(self) -> None:
        """Write the chosen report to a file that can be uploaded."""
        if (row := self.table.chosen()) is None or row.report is None:
            return
        if (path := self.choose_file(f"dispensing-report-{row.report.number:04d}.txt")) is not None:
            self.desk.ask(self, queries.report_content, partial(self._write, path), report_id=row.report.id)

    def choose_file(self, name: str) -> Path | None:
        """Where to? Qt's own dialog: it looks the same everywhere and takes a typed name."""
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Save the report", name, "Text (*.txt *.dat)", options=QFileDialog.Option.DontUseNativeDialog
        )
        return Path(chosen) if chosen else None

    def _write(self, path: Path, text: str) -> None:
        self.desk.draw(self, partial(_written, path, text), lambda _: self.desk.interaction.done(f"{path.name} is saved."))

    def _open(self, row: _Row) -> None:
        if row.order is not None or row.fill is not None:
            patient_id = row.order.order.patient_id if row.order else row.fill.patient_id if row.fill else None
            if patient_id is not None:
                self.patient_chosen.emit(patient_id)

    # Showing ----------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self.editor is not None:
            return
        row = self.table.chosen()
        report = row.report if row else None
        for action, is_possible in (
            (self.ask, row is not None and row.order is not None),
            (self.sent, report is not None and report.sent_at is None),
        ):
            action.setEnabled(self._may[action] and is_possible)
        self.keep.setEnabled(report is not None)
        if row is None:
            self.page.show_detail(None)
        elif row.order is not None:
            self.page.show_detail(holding(down(*_order_items(row.order), STRETCH, gap=12)), Button.for_action(self.ask, "primary"))
        elif row.fill is not None:
            self.page.show_detail(holding(down(*_fill_items(row.fill), STRETCH, gap=12)), Button.for_action(self.make, "primary"))
        elif report is not None:
            content = holding(down(*_report_items(report), STRETCH, gap=12))
            self.page.show_detail(content, Button.for_action(self.keep, "primary"), Button.for_action(self.sent))


def _order_items(row: MonitoredRow) -> list[Item]:
    order = row.order
    items: list[Item] = [
        across(Pill(schedule_words(row.schedule), "due"), Pill(order.state.value, "plain"), STRETCH),
        Text(f"Rx {order.rx_number} {order.drug}", 20, 600, wraps=True),
        Text(f"{order.patient}, MRN {order.mrn}", 13, 400, "ink2", wraps=True),
    ]
    if row.due:
        items.append(Text(row.due, 13, 600, "danger", wraps=True))
    items.append(
        FactList(
            [
                Fact("Order", order.sig),
                Fact("Prescriber", order.prescriber),
                Fact("Last fill", day(row.last_fill_on) if row.last_fill_on else "none yet"),
            ]
        )
    )
    items.append(SectionTitle("Asked", counted(len(row.queries), "time"), px=14))
    for one in row.queries:
        tail = ", ".join(
            filter(None, (one.asked_by, moment(one.asked_at), one.program, f"answer {one.number}" if one.number else ""))
        )
        items.append(holding(down(Text(one.words, 13, 600, wraps=True), Text(tail, 12, 400, "ink3", wraps=True), gap=0)))
    return items


def _fill_items(row: ToReport) -> list[Item]:
    facts = row.facts
    items: list[Item] = [
        across(Pill(row.status.words.capitalize(), "due"), STRETCH),
        Text(f"Rx {row.rx_number}, left {day(row.left_on)}", 20, 600, wraps=True),
        Text(row.patient, 13, 400, "ink2", wraps=True),
    ]
    if row.gaps:
        items.append(Text(f"Kept back: {', '.join(row.gaps)}. Enter it, then make the report.", 13, 600, "danger", wraps=True))
    contents = "; ".join(
        f"{one.name}, {amount(Decimal(one.quantity), 'mL') if one.unit == 'mL' else counted(Decimal(one.quantity), 'container')}"
        for one in facts.ingredients
    )
    items.append(
        FactList(
            [
                Fact("Quantity", amount(Decimal(facts.quantity_ml), "mL") if facts.quantity_ml else ""),
                Fact("Days' supply", facts.days),
                Fact("Taken for it", contents),
                Fact("Prescriber's DEA number", facts.prescriber_dea),
                Fact("Pharmacist", facts.pharmacist),
            ]
        )
    )
    return items


def _report_items(row: ReportRow) -> list[Item]:
    tone: Tone = "plain" if row.kind is ReportKind.TEST else "due" if row.sent_at is None else "done"
    return [
        across(Pill(row.kind.value.capitalize(), tone), STRETCH),
        Text(f"Report {row.number}", 20, 600),
        FactList(
            [
                Fact("Days", span(row.first, row.last)),
                Fact("Tells", row.words),
                Fact("Segments", f"{row.segments}"),
                Fact("SHA-256", row.sha256[:12].upper()),
                Fact("Made", f"{moment(row.made_at)}, {row.made_by}"),
                Fact("Sent", f"{moment(row.sent_at)}, {row.sent_by}: {row.sent_how}" if row.sent_at else "not yet"),
            ]
        ),
    ]


def _written(path: Path, text: str) -> bytes:
    try:
        path.write_text(text, encoding="ascii", newline="\n")
    except OSError as error:
        raise Unavailable(f"{path.name} cannot be written: {error.strerror or 'unknown reason'}.") from error
    return b""
