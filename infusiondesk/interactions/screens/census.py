"""Pharmacy, Census: every patient in care against the knowledge in force, in parts, with progress; nothing is kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.people import Area, Query
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.census import CensusAlert, CensusPart

PART: Final = 20  # patients in one question, so that other questions come in between
MOST_ROWS: Final = 500
_TONES: Final[Mapping[Level, Tone]] = {Level.STOP: "danger", Level.HOLD: "due", Level.WARN: "accent", Level.INFO: "neutral"}
_RULES_NAMED: Final = 12

COLUMNS: Sequence[Column[CensusAlert]] = (
    Column(
        "Level",
        lambda row: row.level.value,
        sort=lambda row: row.level.rank,
        tone=lambda row: _TONES[row.level],
        shape=True,
        width=96,
    ),
    Column("Patient", lambda row: row.patient, strong=True, second=lambda row: row.mrn, stretch=2),
    Column("Between", lambda row: row.a, second=lambda row: row.b.replace(":", ": ", 1), stretch=2),
    Column("Rules", lambda row: ", ".join(row.rules), width=150),
)


class CensusScreen(Screen):
    """What the knowledge says of everybody, today; the journey that screens is handed in."""

    stale_on = frozenset[Area]()
    filled_by = "Screen everybody"

    def __init__(self, desk: Desk, patients: Query[Any, ..., Any], some: Query[Any, ..., Any]) -> None:
        super().__init__(desk)
        self._patients, self._some = patients, some
        self._left: list[UUID] = []
        self._total = 0
        self._cut_short = ""
        self.found = CensusPart()
        self.start = self.act("Screen everybody", "Ctrl+R", self.begin_census)
        self.stop = self.act("Stop", "Esc", self.stop_census)
        self.stop.setEnabled(False)
        self.chart = self.act("Open chart", "Ctrl+O", self.open_chart)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Patients screened")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.page = ListDetail("Census", "", actions=[Button.for_action(self.start, "primary", icon="users-three", dense=True)])
        empty = EmptyState(
            "users-three", "Nobody was screened yet", "Every patient in care is screened; nothing is kept.", "Screen everybody"
        )
        empty.asked.connect(self.begin_census)
        self.table: RowsTable[CensusAlert] = RowsTable(COLUMNS, name="Census", empty=empty)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+R", "screen everybody"), ("Ctrl+O", "open chart")])
        self.table.chosen_changed.connect(lambda _: self._show())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)
        column.addWidget(self.page)
        self.bar.hide()

    def reload(self) -> None:
        """Nothing is asked before somebody starts it."""
        self._show()

    def begin_census(self) -> None:
        """Ask who is in care, then screen them part by part."""
        self.start.setEnabled(False)
        self.desk.ask(self, self._patients, self._begun, when_failed=self._fail)

    def _begun(self, patients: Sequence[UUID]) -> None:
        self._left, self._total, self.found, self._cut_short = list(patients), len(patients), CensusPart(), ""
        self.stop.setEnabled(True)
        self.bar.setRange(0, max(1, self._total))
        self.bar.show()
        self._next()

    def _next(self) -> None:
        self.bar.setValue(self._total - len(self._left))
        if not self._left:
            self._end()
            return
        part, self._left = self._left[:PART], self._left[PART:]
        self.desk.ask(self, self._some, self._screened, when_failed=self._fail, patient_ids=part)

    def _screened(self, part: CensusPart) -> None:
        self.found += part
        self._next()

    def stop_census(self) -> None:
        """What was screened so far stays on the screen, and says that it is not everybody."""
        self._cut_short = "stopped"
        self._left = []

    def _fail(self) -> None:
        """One part could not be read: what was found before is shown, and that it is not everybody."""
        self._cut_short = "a part could not be read"
        self._left = []
        self._end()

    def _end(self) -> None:
        self.bar.hide()
        self.stop.setEnabled(False)
        self.start.setEnabled(True)
        alerts = sorted(self.found.alerts, key=lambda alert: (alert.level.rank, alert.patient, alert.rules))
        self.table.show_rows(alerts[:MOST_ROWS], len(alerts) if len(alerts) > MOST_ROWS else None)
        done = self.found.patients + self.found.without_order
        partly = f"{self._cut_short}: {done} of {self._total}; " if self._cut_short else ""
        changed = "; the knowledge changed meanwhile, screen again" if len(self.found.knowledge) > 1 else ""
        left_out = f", {self.found.without_order} without an open order left out" if self.found.without_order else ""
        self.page.head.remark.say(
            f"{partly}{counted(self.found.patients, 'patient')}, {counted(self.found.medicines, 'medicine')}{left_out}{changed}"
        )
        if not alerts:
            told = "What a chart lacks is said under Screening, patient by patient."
            self.table.empty.show_empty("No alert among those screened", told)
        self._show()

    def open_chart(self) -> None:
        """Open the chart of the chosen patient."""
        if (row := self.table.chosen()) is not None:
            self.patient_chosen.emit(row.patient_id)

    def _show(self) -> None:
        row = self.table.chosen()
        self.chart.setEnabled(row is not None)
        if not self.found.patients:
            self.page.show_detail(None)
        elif row is None:
            self.page.show_detail(holding(down(*self._summary(), STRETCH, gap=12)))
        else:
            title = Text(f"{row.a} and {row.b}".replace(":", ": ", 1), 16, 600, wraps=True)
            facts = FactList(
                [Fact("Patient", f"{row.patient}, {row.mrn}"), Fact("Rules", ", ".join(row.rules)), Fact("Why", row.text)]
            )
            head = across(Pill(row.level.value, _TONES[row.level]), STRETCH)
            self.page.show_detail(
                holding(down(head, title, facts, *self._summary(), STRETCH, gap=12)), Button.for_action(self.chart)
            )

    def _summary(self) -> list[Any]:
        found = self.found
        facts = [Fact(level.value, f"{count:,}") for level, count in found.by_level().items()]
        facts.append(Fact("Names not checked", f"{found.unchecked:,}", "due" if found.unchecked else None))
        rules = [
            Fact(rule, f"{alerts:,} in {counted(patients, 'patient')}", _TONES[level])
            for rule, level, alerts, patients in found.by_rule()[:_RULES_NAMED]
        ]
        return [SectionTitle("In all", px=14), FactList(facts), SectionTitle("Speaking most often", px=14), FactList(rules)]
