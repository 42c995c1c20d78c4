"""Recalls of stock: what is recalled, where it lies, who has what it went into, and what was done about each."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import shiboken6
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import counted, day, moment, number
from infusiondesk.foundation.kernel.people import Area, Query, Verb
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, Code, CodeField, LongTextField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.documents import draw_recall_list, recall_paper
from infusiondesk.inventory.queries import ItemRow, RecallRow
from infusiondesk.inventory.rules import RecallScope
from infusiondesk.inventory.rules.recalls import Reach, ReachDraft, ReachLine, RecallDraft, RecallEndDraft
from infusiondesk.staff.queries import paper_signatures, printing_of

_TONES: Final[Mapping[Reach, Tone]] = {Reach.PATIENT: "danger", Reach.ROAD: "danger", Reach.PHARMACY: "due", Reach.BATCH: "due"}


def _lots(row: RecallRow) -> str:
    apart = sum(lot.in_quarantine > 0 for lot in row.lots)
    return f"{counted(len(row.lots), 'lot')} on file, {apart} in quarantine"


COLUMNS: Sequence[Column[RecallRow]] = (
    Column("Recall", lambda row: row.number, strong=True, second=lambda row: day(row.opened_at.date()), width=116),
    Column("What", lambda row: row.what, wraps=True, stretch=2),
    Column("Notice", lambda row: row.notice, second=lambda row: row.because, stretch=2),
    Column("Lots", _lots, stretch=1),
    Column(
        "State",
        lambda row: "open" if row.is_open else "closed",
        tone=lambda row: "danger" if row.is_open else "done",
        shape=True,
        width=90,
    ),
)


class RecallsScreen(Screen):
    """One list; the journey that knows who has what is handed in."""

    stale_on = frozenset({Area.INVENTORY, Area.COMPOUNDING, Area.DISPENSING})

    def __init__(self, desk: Desk, reach: Query[Any, ..., Any], settle: Verb[Any, ..., Any], close: Verb[Any, ..., Any]) -> None:
        super().__init__(desk)
        self._reach, self._settle, self._close = reach, settle, close
        self._lines: Sequence[ReachLine] = ()
        self.open = self.act("Open a recall", "Ctrl+N", self.open_new, service.open_recall)
        self.settle = self.act("Settle a line", "Ctrl+Return", self.settle_one, settle)
        self.close_it = self.act("Close the recall", "Ctrl+E", self.end, close)
        self.paper = self.act("Print the list", "Ctrl+P", self.print_list)
        self._may = {action: action.isEnabled() for action in (self.settle, self.close_it)}
        self.page = ListDetail("Recalls of stock", "", actions=[Button.for_action(self.open, icon="plus", dense=True)])
        empty = EmptyState(
            "megaphone", "No recall", "Open one by lot, item or maker: all of it goes into quarantine.", "Open a recall"
        )
        empty.asked.connect(self.open_new)
        self.table: RowsTable[RecallRow] = RowsTable(
            COLUMNS, name="Recalls of stock", recedes=lambda row: not row.is_open, empty=empty
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Ctrl+N", "open a recall"), ("Ctrl+Enter", "settle a line"), ("Ctrl+P", "print")])
        self.table.chosen_changed.connect(lambda _: self._turn())
        self._beside = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.stock_recalls, self._arrived)

    def _arrived(self, rows: Sequence[RecallRow]) -> None:
        self.table.show_rows(rows)
        still_open = sum(row.is_open for row in rows)
        self.page.head.remark.say(f"{counted(still_open, 'recall')} open" if still_open else "none open")
        if self.table.chosen() is None:
            self.table.choose_first()
        self._turn()

    # Doing.

    def open_new(self) -> None:
        """Open the form of a recall."""
        scopes = [(scope.value, scope.value.capitalize()) for scope in RecallScope]
        fields = [
            ChoiceField("scope", "What is recalled", required=True, choices=scopes, spread=False),
            CodeField("item_id", "Item", look_up=self.look_up_item),
            TextField("lot_numbers", "Lots", hint="with commas between them"),
            TextField("maker", "Maker", hint="as the items name him"),
            TextField("notice", "Notice", required=True, hint="who recalls, number or date"),
            LongTextField("because", "Because", required=True, lines=2),
        ]
        editor = Editor(
            self.desk,
            "recall",
            "Open a recall",
            fields,
            RecallDraft(),
            service.open_recall,
            said="Open. All of it that was on hand is in quarantine.",
            save="Open",
            explanation="All that is on hand of it goes into quarantine, and what arrives of it later is refused.",
        )

        def shape() -> None:
            scope = editor.form.draft.scope
            editor.form.show_field("item_id", scope != RecallScope.MAKER)
            editor.form.show_field("lot_numbers", scope == RecallScope.LOT)
            editor.form.show_field("maker", scope == RecallScope.MAKER)

        editor.form.changed.connect(shape)
        shape()
        self._edit(editor)

    def look_up_item(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        """Items for the field, while one types."""

        def offer(rows: Sequence[ItemRow]) -> None:
            then([Code(row.name, row.maker, row.id) for row in rows])

        self.desk.ask(self, queries.find_items, offer, words=words)

    def settle_one(self) -> None:
        """Say what was done about one line."""
        row = self.table.chosen()
        still_open = [(line.id, f"{line.patient or line.kind}: {line.what}") for line in self._lines if not line.done]
        if row is not None and still_open:
            fields = [
                ChoiceField("line", "Line", required=True, choices=still_open, spread=False),
                LongTextField(
                    "done", "What was done", required=True, lines=3, hint="whom you reached, what was fetched or destroyed"
                ),
            ]
            self._edit(
                Editor(
                    self.desk,
                    "settle",
                    "Settle a line",
                    fields,
                    ReachDraft(still_open[0][0]),
                    self._settle,
                    given=lambda typed: {"recall_id": row.id, "draft": typed},
                    said="Settled.",
                    explanation="It is kept with your name and cannot be taken back.",
                )
            )

    def end(self) -> None:
        """Close the chosen recall with a signature."""
        if (row := self.table.chosen()) is not None:
            fields = [
                LongTextField(
                    "closing", "How it ended", required=True, lines=3, hint="what was destroyed or returned, whom you told"
                )
            ]
            self._edit(
                Editor(
                    self.desk,
                    "end",
                    f"Close recall {row.number}",
                    fields,
                    RecallEndDraft(),
                    self._close,
                    given=lambda typed: {"recall_id": row.id, "draft": typed},
                    said="Closed.",
                    save="Sign and close",
                )
            )

    def print_list(self) -> None:
        """The chosen recall's list."""
        if (row := self.table.chosen()) is not None:
            self.desk.ask(self, printing_of, partial(self._draw, row, tuple(self._lines)))

    def _draw(self, row: RecallRow, lines: Sequence[ReachLine], printing: Printing) -> None:
        facts = recall_paper(row, lines, paper_signatures(row.names, self.desk.store.clock.zone))
        self.desk.draw(self, partial(draw_recall_list, facts, printing), partial(self._show_paper, row.id, row.number))

    def _show_paper(self, recall_id: UUID, mark: str, pdf: bytes) -> None:
        shown = PaperShown(f"Recall {mark}", pdf, f"{mark.lower()}.pdf", "stock_recall", recall_id, area=Area.INVENTORY)
        self.paper_ready.emit(shown)

    def open_editor(self, name: str) -> None:
        if name == "recall":
            self.open_new()

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._turn())
        editor.cancelled.connect(self._turn)

    # Showing.

    def _turn(self) -> None:
        if self.editor is not None:
            return
        row = self.table.chosen()
        for action, may in self._may.items():
            if may:
                action.setEnabled(row is not None and row.is_open)
        self.paper.setEnabled(row is not None)
        if row is None:
            self.page.show_detail(None)
            return
        facts = [
            Fact("Notice", row.notice),
            Fact("Because", row.because),
            Fact("Opened", f"{moment(row.opened_at)} by {row.opened_by}"),
            Fact(
                "On hand",
                f"{counted(row.on_hand, 'lot')}: put into quarantine" if row.on_hand else "none",
                "danger" if row.on_hand else None,
            ),
        ]
        if not row.is_open:
            facts.append(Fact("Closed", f"{row.closing} {row.names[0].text()}", "done"))
        self._beside = down(gap=6)
        self._lines = ()
        self.desk.ask(self, self._reach, self._reach_arrived, recall_id=row.id)
        lots = down(SectionTitle("Where it lies", px=14), gap=4)
        for lot in row.lots:
            told = f"{lot.lot_number}: {number(lot.on_hand)} on hand, {number(lot.in_quarantine)} in quarantine"
            lots.addWidget(holding(down(Text(told, 13, 600), Text(lot.where or "used up", 12, 400, "ink3"), gap=0)))
        if not row.lots:
            lots.addWidget(Text("No lot of it was ever received.", 13, 400, "ink2", wraps=True))
        head = across(Pill("Open" if row.is_open else "Closed", "danger" if row.is_open else "done"), STRETCH)
        name = down(Text(row.number, 20, 600), Text(row.what, 13, 400, "ink2", wraps=True), gap=2)
        buttons = [Button.for_action(self.settle, "primary", icon="check"), Button.for_action(self.close_it)] if row.is_open else []
        content = holding(down(head, name, FactList(facts), lots, self._beside, STRETCH, gap=12))
        self.page.show_detail(content, *buttons, Button.for_action(self.paper, icon="printer"))

    def _reach_arrived(self, lines: Sequence[ReachLine]) -> None:
        self._lines = lines
        if not shiboken6.isValid(self._beside):
            return
        clear(self._beside)
        still_open = sum(not line.done for line in lines)
        self._beside.addWidget(SectionTitle("Where it went", f"{still_open} open" if still_open else "", px=14))
        for line in lines:
            pill = Pill("settled", "done") if line.done else Pill(line.kind.value, _TONES[line.kind])
            who = across((Text(line.patient or line.what, 13, 600), 1), pill, gap=8)
            what = Text(", ".join(filter(None, (line.what, f"lot {line.lots}", line.phone))), 12, 400, "ink3", wraps=True)
            done = [Text(f"{line.done} ({line.done_by})", 12, 400, "ink2", wraps=True)] if line.done else []
            self._beside.addWidget(holding(down(who, what, *done, gap=0)))
        if not lines:
            self._beside.addWidget(Text("It went into nothing.", 13, 400, "ink2", wraps=True))
        if self._may[self.settle]:
            self.settle.setEnabled(bool(still_open))
