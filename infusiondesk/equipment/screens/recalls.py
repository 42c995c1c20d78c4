"""Stock, Recalls of pumps: makers' notices, every pump each hits and who has it, settled one by one and closed with a name."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.equipment import queries, service
from infusiondesk.equipment.documents import RecallLetter, draw_pump_recall, draw_recall_letter, pump_recall, recall_letters
from infusiondesk.equipment.queries import HitRow, RecallRow
from infusiondesk.equipment.rules import RecallDraft, SettleDraft
from infusiondesk.equipment.screens import pump_fields
from infusiondesk.equipment.screens.pump_list import TONES
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.staff.queries import paper_signatures, printing_of


def _state(row: RecallRow) -> str:
    if row.is_closed:
        return "closed"
    return f"{len(row.open_hits)} to settle" if row.open_hits else "to close"


def _tone(row: RecallRow) -> Tone:
    return "done" if row.is_closed else "danger" if row.open_hits else "due"


COLUMNS: Sequence[Column[RecallRow]] = (
    Column("Notice", lambda row: row.scope.reference, strong=True, second=lambda row: moment(row.opened_at), width=150),
    Column("Names", lambda row: row.scope.words(), wraps=True, second=lambda row: row.reason, stretch=2),
    Column("Pumps", lambda row: f"{len(row.hits)}", sort=lambda row: len(row.hits), right=True, width=70),
    Column(
        "With patients",
        lambda row: f"{sum(hit.is_to_write for hit in row.hits)}",
        sort=lambda row: sum(hit.is_to_write for hit in row.hits),
        right=True,
        width=110,
    ),
    Column("State", _state, tone=_tone, shape=True, width=120),
)


class PumpRecallsScreen(Screen):
    """The makers' notices, open ones first."""

    stale_on = frozenset({Area.EQUIPMENT})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.open = self.act("Enter a notice", "Ctrl+N", self.enter_notice, service.open_recall)
        self.settle = self.act("Settle a pump", "Ctrl+E", self.settle_one, service.settle_pump)
        self.close_it = self.act("Close the recall", "Ctrl+Return", self.close_recall, service.close_recall)
        self.list_it = self.act("Print list", "Ctrl+P", self.print_list)
        self.letter = self.act("Next letter", "Ctrl+Shift+P", self.print_letter)
        self._lettered: set[UUID] = set()
        enter = Button.for_action(self.open, icon="plus", dense=True)
        self.page = ListDetail("Recalls of pumps", "open ones first", actions=[enter], detail_width=420)
        empty = EmptyState("package", "No recall", "A maker's notice sets apart every pump of it that is here.", "Enter a notice")
        empty.asked.connect(self.enter_notice)
        self.table: RowsTable[RecallRow] = RowsTable(COLUMNS, name="Recalls", empty=empty, recedes=lambda row: row.is_closed)
        self.table.chosen_changed.connect(lambda _: self._show())
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+E", "settle a pump"), ("Ctrl+P", "print the list")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.recalls, self._arrived)

    def _arrived(self, rows: Sequence[RecallRow]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    # Doing

    def enter_notice(self) -> None:
        """Open an empty notice."""
        explanation = "Every pump of it that is here goes into quarantine at once; those with patients are listed."
        self._edit(
            Editor(
                self.desk, "notice", "Enter a maker's notice", pump_fields.RECALL, RecallDraft(), service.open_recall,
                said="The recall is open.", explanation=explanation,
            )
        )  # fmt: skip

    def settle_one(self) -> None:
        """Open what became of one pump of the chosen recall."""
        row = self.table.chosen()
        if row is None or not row.open_hits:
            return
        waiting = [(hit.id, f"{hit.pump.serial}, {hit.pump.place.value}") for hit in row.open_hits]
        self._edit(
            Editor(
                self.desk, "settle", f"Settle a pump of {row.scope.reference}", pump_fields.settle_fields(waiting), SettleDraft(),
                service.settle_pump,
                given=lambda draft: {"recall_id": row.id, "pump_id": draft.pump_id, "draft": draft}, said="Settled.", save="Sign",
                explanation="A pump that goes back to its maker is retired. One that was checked is released under Pumps.",
            )
        )  # fmt: skip

    def close_recall(self) -> None:
        """Sign for the chosen recall."""
        if (row := self.table.chosen()) is not None:
            self.desk.do(self, service.close_recall, said=f"Recall {row.scope.reference} is closed.", recall_id=row.id)

    def open_editor(self, name: str) -> None:
        {"notice": self.enter_notice, "settle": self.settle_one}[name]()

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)
        editor.form.focus_field("pump_id" if editor.name == "settle" else "reference")

    def print_list(self) -> None:
        """Every pump of the chosen recall, and whom to write to."""
        if (row := self.table.chosen()) is not None:
            self.desk.ask(self, printing_of, partial(self._draw, row))

    def _draw(self, row: RecallRow, printing: Printing) -> None:
        names = paper_signatures(row.signatures, self.desk.store.clock.zone)
        self.desk.draw(self, partial(draw_pump_recall, pump_recall(row, names), printing), partial(self._show_paper, row))

    def _show_paper(self, row: RecallRow, pdf: bytes) -> None:
        name = f"recall-of-pumps-{row.id.hex[:12]}.pdf"
        self.paper_ready.emit(PaperShown("Recall of pumps", pdf, name, "pump_recall", row.id, None, Area.EQUIPMENT))

    def print_letter(self) -> None:
        """The letter to the next patient who has a pump of the chosen recall; after the last the first again."""
        row = self.table.chosen()
        letters = recall_letters(row, today(self.desk.store.clock)) if row is not None else ()
        if row is None or not letters:
            return
        left = [one for one in letters if one[0] not in self._lettered]
        if not left:
            self._lettered.clear()
        patient_id, letter = (left or letters)[0]
        self._lettered.add(patient_id)
        self.desk.ask(self, printing_of, partial(self._draw_letter, patient_id, letter))

    def _draw_letter(self, patient_id: UUID, letter: RecallLetter, printing: Printing) -> None:
        self.desk.draw(self, partial(draw_recall_letter, letter, printing), partial(self._show_letter, patient_id))

    def _show_letter(self, patient_id: UUID, pdf: bytes) -> None:
        name = f"recall-letter-{patient_id.hex[:12]}.pdf"
        self.paper_ready.emit(
            PaperShown("Letter about a recalled pump", pdf, name, "patient", patient_id, patient_id, Area.EQUIPMENT)
        )

    # Showing

    def _show(self) -> None:
        row = self.table.chosen()
        for action, is_possible in (
            (self.settle, row is not None and bool(row.open_hits)),
            (self.close_it, row is not None and not row.open_hits and not row.is_closed),
            (self.list_it, row is not None),
            (self.letter, row is not None and any(hit.is_to_write for hit in row.hits)),
        ):
            if not action.whatsThis():
                action.setEnabled(is_possible)
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        facts = [Fact("What is wrong", row.reason), Fact("Entered", f"{moment(row.opened_at)}, {row.opened_by}")]
        facts += [
            Fact("Closed", f"{name.text()}, {moment(name.at.astimezone(self.desk.store.clock.zone))}") for name in row.signatures
        ]
        items: list[Item] = [
            across(Pill(_state(row), _tone(row)), STRETCH),
            down(
                Text(f"Notice {row.scope.reference}", 20, 600, wraps=True),
                Text(row.scope.words(), 13, 400, "ink2", wraps=True),
                gap=2,
            ),
            FactList(facts),
            SectionTitle("Pumps", counted(len(row.hits), "pump"), px=14),
            *(_hit(hit) for hit in row.hits),
        ]
        next_step = self.settle if row.open_hits else self.close_it
        papers = [Button.for_action(self.list_it, icon="printer")]
        papers += [Button.for_action(self.letter)] if self.letter.isEnabled() else []
        buttons = [] if row.is_closed else [Button.for_action(next_step, "primary", icon="check")]
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), *buttons, *papers)


def _hit(hit: HitRow) -> Item:
    stay = hit.pump.stay
    asked = f", asked back {day(stay.asked_on)}" if stay and stay.asked_on else ""
    who = f"{stay.holder.patient}, {hit.phone}, {hit.address}{asked}" if stay and hit.is_to_write else hit.note or hit.pump.where
    words = down(Text(hit.pump.serial, 13, 600), Text(who, 12, 400, "ink3", wraps=True), gap=0)
    pill = Pill(hit.outcome, "done") if hit.is_settled else Pill(hit.pump.place.value, TONES[hit.pump.place])
    return holding(across((words, 1), pill, gap=8))
