"""Chart, Visits: all visits of the open patient; planned here, read and printed here."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import moment, number
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateTimeField, Field, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import paper_signatures, printing_of
from infusiondesk.visits import queries, service
from infusiondesk.visits.documents import draw_visit_note, visit_note_paper
from infusiondesk.visits.queries import VisitRow
from infusiondesk.visits.rules import VITALS, NoteDraft, Purpose, ScheduleDraft, State, not_taken

TONES: dict[State, Tone] = {
    State.SCHEDULED: "neutral",
    State.IN_PROGRESS: "accent",
    State.TO_SIGN: "due",
    State.SIGNED: "done",
    State.MISSED: "danger",
    State.CANCELLED: "neutral",
}

COLUMNS: Sequence[Column[VisitRow]] = (
    Column("Expected", lambda row: moment(row.window_start), sort=lambda row: row.window_start, width=150),
    Column("Why", lambda row: row.purpose, strong=True, stretch=1),
    Column("Nurse", lambda row: row.nurse, stretch=1),
    Column("Minutes", lambda row: str(row.minutes) if row.minutes is not None else "", right=True, width=80),
    Column("State", lambda row: row.state.value, tone=lambda row: TONES[row.state], shape=True, width=120),
)


class VisitsScreen(Screen):
    """Planned, made, missed."""

    stale_on = frozenset({Area.VISITS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._nurses: Sequence[tuple[str, str]] = ()
        self._block: PatientBlock | None = None
        self._plan = self.act("Plan a visit", "Ctrl+N", self.plan_visit, service.schedule_visit)
        self.page = ListDetail("Visits", actions=[Button.for_action(self._plan, icon="calendar-plus")])
        self.table: RowsTable[VisitRow] = RowsTable(
            COLUMNS,
            name="Visits",
            empty=EmptyState("first-aid-kit", "No visit yet", "Planned and made visits will be here.", "Plan a visit"),
        )
        self.table.empty.asked.connect(self.plan_visit)
        self.table.chosen_changed.connect(self._show)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Ctrl+N", "plan a visit")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        if self.patient_id is None:
            return
        self.desk.ask(self, queries.nurses, self._take_nurses)
        self.desk.ask(self, patient_block, self._take_block, patient_id=self.patient_id)
        self.desk.ask(self, queries.visits_of, self._show_rows, patient_id=self.patient_id)

    def open_editor(self, name: str) -> None:
        if name == "plan":
            self.plan_visit()

    def plan_visit(self) -> None:
        zone = self.desk.store.clock.zone
        fields: list[Field | str] = [
            ChoiceField("nurse", "Nurse", choices=list(self._nurses), required=True),
            ChoiceField("purpose", "Why", choices=[(one.value, one.value) for one in Purpose], required=True),
            DateTimeField("window_start", "From", zone=zone, required=True),
            DateTimeField("window_end", "Until", zone=zone, required=True),
            TextField("note", "Remark"),
        ]
        patient_id = self.patient_id
        editor = self.begin(
            Editor(
                self.desk,
                "plan",
                "Plan a visit",
                fields,
                ScheduleDraft(),
                service.schedule_visit,
                given=lambda draft: {"patient_id": patient_id, "draft": draft},
                said="The visit is planned.",
            )
        )
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))

    def _take_nurses(self, found: Sequence[tuple[str, str]]) -> None:
        self._nurses = found

    def _take_block(self, block: PatientBlock) -> None:
        self._block = block

    def _show_rows(self, rows: Sequence[VisitRow]) -> None:
        self.table.show_rows(rows)
        self._show(self.table.chosen())

    def _show(self, row: VisitRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        note = row.note or NoteDraft()
        facts = [Fact("Nurse", row.nurse), Fact("Expected", _from_to(row.window_start, row.window_end))]
        if row.started_at and row.ended_at:
            facts.append(Fact("Made", f"{_from_to(row.started_at, row.ended_at)}, {row.minutes} minutes"))
        facts += [
            Fact(title, f"{number(value)} {limits.unit}")
            for name, (title, limits) in VITALS.items()
            if (value := getattr(note, name)) is not None
        ]
        items: list[Item] = [
            Pill(row.state.value.capitalize(), TONES[row.state]),
            Text(row.purpose.capitalize(), 20, 600),
            FactList(facts),
        ]
        items += [Text(f"{one['rule']}: {one['because']}", 13, ink="due", wraps=True) for one in row.raised]
        if row.note is not None:
            items.append(Text(f"Not taken: {', '.join(not_taken(note)) or 'nothing was left out'}.", 12, ink="ink2", wraps=True))
        items += [
            Text(signature.text(), 13, 600, "done" if signature.holds else "danger", wraps=True) for signature in row.signatures
        ]
        paper = Button("Print note", "primary", icon="printer", key="Ctrl+P")
        paper.clicked.connect(lambda: self.desk.ask(self, printing_of, partial(self._draw, row)))
        if row.note is None:
            paper.forbid("Nothing is written yet.")
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), paper)

    def _draw(self, row: VisitRow, printing: Printing) -> None:
        if self._block is None:
            return
        zone = self.desk.store.clock.zone
        facts = visit_note_paper(row, self._block, paper_signatures(row.signatures, zone), zone)
        self.desk.draw(self, partial(draw_visit_note, facts, printing), partial(self._show_paper, row))

    def _show_paper(self, row: VisitRow, pdf: bytes) -> None:
        name = f"visit-{row.id.hex[-8:]}.pdf"
        self.paper_ready.emit(PaperShown("Visit note", pdf, name, "visit", row.id, row.patient_id, Area.VISITS))


def _from_to(first: datetime, last: datetime) -> str:
    """Both moments; the day is written once where it is the same."""
    return f"{moment(first)} to {f'{last:%H:%M}' if first.date() == last.date() else moment(last)}"
