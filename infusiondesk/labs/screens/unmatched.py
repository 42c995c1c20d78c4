"""Labs, Unmatched results: reports that no patient of ours fits in three ways; a person says whose they are, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import Code, CodeField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.labs import queries, service
from infusiondesk.labs.queries import ParkedRow
from infusiondesk.labs.screens.showing import TONES, WORDS, line_tone, queue_tone, value_words
from infusiondesk.patients.queries import FoundPatients, find_patients


@dataclass
class MatchDraft:
    """Which patient a report belongs to."""

    patient_id: UUID | None = None

    def problems(self) -> list[Problem]:
        return [] if self.patient_id is not None else [Problem("patient_id", "Choose the patient; nothing is filed by name alone.")]


COLUMNS: Sequence[Column[ParkedRow]] = (
    Column("", lambda row: "", tone=lambda row: queue_tone(row.level), shape=True, width=40),
    Column("The message says", lambda row: row.name, strong=True, second=lambda row: born_words(row), stretch=2),
    Column("Result", lambda row: row.lead, second=lambda row: WORDS[row.level], stretch=2),
    Column("Why it is here", lambda row: row.because, wraps=True, stretch=3),
    Column("Received", lambda row: moment(row.received_at), sort=lambda row: row.received_at, width=136, hidden=True),
)


def born_words(row: ParkedRow) -> str:
    """Birth date, sex and numbers as the message writes them."""
    born = f"born {day(row.born_on)}" if row.born_on else "birth date not readable"
    return ", ".join(part for part in (born, row.sex, *row.ids) if part)


class UnmatchedResultsScreen(Screen):
    """Parked reports, the loudest first."""

    stale_on = frozenset({Area.LABS, Area.PATIENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page = ListDetail("Unmatched results", "they have no patient yet")
        self.table: RowsTable[ParkedRow] = RowsTable(
            COLUMNS,
            name="Unmatched results",
            empty=EmptyState("check-circle", "Every result has its patient", "Reports that fit nobody in three ways wait here."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+M", "match")])
        self.table.chosen_changed.connect(self._show)
        self._match = self.act("Match to a patient", "Ctrl+M", self.match, service.match_report)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.parked, self._show_rows)

    def open_editor(self, name: str) -> None:
        if name == "match":
            self.match()

    def match(self) -> None:
        """Choose the patient of the chosen report."""
        row = self.table.chosen()
        if row is None:
            return
        editor = self.begin(
            Editor(
                self.desk,
                "match",
                f"Whose is it? {row.name}",
                [
                    CodeField(
                        "patient_id", "Patient", required=True, hint="name, record number or birth date", look_up=self._look_up
                    )
                ],
                MatchDraft(),
                service.match_report,
                given=lambda draft: {"report_id": row.id, "patient_id": draft.patient_id},
                said="The report is filed and waits for review.",
                save="File report",
                explanation=f"The message says {row.name}, {born_words(row)}.",
            )
        )
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.form.focus_field("patient_id")

    def _look_up(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        def found(patients: FoundPatients) -> None:
            then([Code(row.mrn, f"{row.name}, born {day(row.born_on)}, {row.sex.value}", row.id) for row in patients.rows])

        self.desk.ask(self, find_patients, found, text=words, most=10)

    def _show_rows(self, rows: Sequence[ParkedRow]) -> None:
        self.table.show_rows(rows)
        self._show(self.table.chosen())

    def _show(self, row: ParkedRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        items: list[Item] = [
            Pill(WORDS[row.level], TONES[row.level]),
            Text(row.name, 20, 600, wraps=True),
            Text(row.because, 13, 600, "due", wraps=True),
            FactList(
                [
                    Fact("Born", day(row.born_on) if row.born_on else ""),
                    Fact("Sex", row.sex),
                    Fact("Numbers", ", ".join(row.ids)),
                    Fact("Laboratory", row.laboratory),
                    Fact("Received", moment(row.received_at)),
                ]
            ),
            SectionTitle("Results", px=14),
            FactList([Fact(line.test, value_words(line), line_tone(line)) for line in row.results], dense=True),
        ]
        items += [Text(comment, 13, ink="ink2", wraps=True) for comment in row.comments]
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), Button.for_action(self._match, "primary", icon="user-focus"))
