"""Chart, Labs: every result of the open patient by report, with its judgement and what was decided."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.labs import queries
from infusiondesk.labs.queries import ChartResultRow, OpenReport
from infusiondesk.labs.screens.showing import (
    TONES,
    WORDS,
    earlier_card,
    line_tone,
    not_checked_card,
    previous_words,
    print_report,
    remark_words,
    unit_words,
    value_words,
    why_panel,
)

COLUMNS: Sequence[Column[ChartResultRow]] = (
    Column("", lambda row: "", tone=lambda row: line_tone(row.finding), shape=True, width=40),
    Column("Test", lambda row: row.finding.test, strong=True, second=lambda row: remark_words(row.finding), stretch=3),
    Column(
        "Result",
        lambda row: row.finding.value,
        second=lambda row: unit_words(row.finding.unit),
        tone=lambda row: line_tone(row.finding),
        right=True,
        strong=True,
        width=110,
    ),
    Column("Before", lambda row: row.finding.previous, second=lambda row: previous_words(row.finding), right=True),
    Column("Judged", lambda row: "Replaced" if row.finding.is_replaced else WORDS[row.finding.level], width=130),
)


class LabsScreen(Screen):
    """The results of the open patient, the newest report first."""

    stale_on = frozenset({Area.LABS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted: UUID | None = None
        self.page = ListDetail("Labs", "the newest report first")
        self.table: RowsTable[ChartResultRow] = RowsTable(
            COLUMNS,
            name="Results of the patient",
            group=lambda row: row.report,
            recedes=lambda row: row.finding.is_replaced,
            empty=EmptyState("test-tube", "No results yet", "What laboratories send for this patient will be here, by report."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+P", "print")])
        self.table.chosen_changed.connect(self._ask_report)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, queries.reports_of, self._show_rows, patient_id=self.patient_id)

    def _show_rows(self, rows: Sequence[ChartResultRow]) -> None:
        self.table.show_rows(rows)
        self._ask_report(self.table.chosen())

    def _ask_report(self, row: ChartResultRow | None) -> None:
        self._wanted = row.id if row is not None else None
        if row is None or self.patient_id is None:
            self.page.show_detail(None)
            return
        then = partial(self._show, row)
        self.desk.ask(self, queries.open_report, then, report_id=row.report_id, patient_id=self.patient_id)

    def _show(self, row: ChartResultRow, opened: OpenReport) -> None:
        if self._wanted != row.id:
            return
        report, finding = opened.report, row.finding
        items: list[Item] = [
            Pill("Replaced" if finding.is_replaced else WORDS[finding.level], TONES[finding.level]),
            Text(f"{finding.test} {value_words(finding)}", 20, 600, wraps=True),
            why_panel(finding),
            earlier_card(finding, opened.earlier_results),
            SectionTitle("Review", px=14),
        ]
        items += _review(opened)
        items += [
            FactList(
                [
                    Fact("Laboratory", report.laboratory),
                    Fact("Orders", ", ".join(report.orders)),
                    Fact("Received", moment(report.received_at)),
                    Fact("Filed because", report.because),
                    *([Fact("Matched by", report.matched_by)] if report.matched_by else []),
                ]
            ),
            not_checked_card(report.not_checked),
        ]
        items += [Text(comment, 13, ink="ink2", wraps=True) for comment in report.comments]
        paper = Button("Print report", icon="printer", key="Ctrl+P")
        paper.clicked.connect(partial(print_report, self, opened))
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), paper)


def _review(opened: OpenReport) -> list[Item]:
    review = opened.report.review
    if review is None:
        waits = {"to review": "A pharmacist has not reviewed it yet.", "replaced": "A later report replaced every line of it."}
        return [Text(waits.get(opened.report.state, opened.report.state), 13, 600, "due", wraps=True)]
    items: list[Item] = [
        FactList(
            [
                Fact("Decision", review.action),
                Fact("Meaning", review.interpretation),
                Fact("Prescriber", review.contact or "not contacted"),
                *([Fact("Dietitian", review.dietitian)] if review.dietitian else []),
            ]
        )
    ]
    when = moment(review.signed_at)
    return [
        *items,
        *(Text(f"{one.text()}, {when}", 13, 600, "done" if one.holds else "danger", wraps=True) for one in review.signatures),
    ]
