"""Stock, Pumps: every pump and where it is, what is due, what should be back, and the patients who need pumps."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import shiboken6
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout

from infusiondesk.equipment import queries, service
from infusiondesk.equipment.documents import draw_pump_history, draw_pump_labels, pump_history, pump_label, pump_words
from infusiondesk.equipment.exchange import backup_rules, shipped_policy
from infusiondesk.equipment.queries import FoundPump, LateRow, ModelRow, NeedRow, PatientPumps, PumpRow, WholePump
from infusiondesk.equipment.rules import (
    EventKind,
    ModelDraft,
    Place,
    PumpDraft,
    may,
)
from infusiondesk.equipment.screens import pump_fields
from infusiondesk.equipment.screens.pump_detail import fill, history_items, home_items, need_facts, need_pill
from infusiondesk.equipment.screens.pump_list import NEED_COLUMNS, NEXT, PUMP_COLUMNS, TONES
from infusiondesk.equipment.screens.pump_steps import STEPS
from infusiondesk.foundation.kernel.ismp import counted, number
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.forms import Code
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.scan import ScanField
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import RowsTable
from infusiondesk.staff.queries import printing_of

ALL, DUE, LATE, PATIENTS = range(4)
SCOPES: Final = ("All", "Due", "To bring back", "Patients")


_FORMS: Final = (
    (EventKind.GIVEN, "Give to a patient", "Ctrl+G", "give"),
    (EventKind.RETURNED, "Take back", "Ctrl+R", "return"),
    (EventKind.CONTINUED, "Goes on with another order", "Ctrl+O", "continue"),
    (EventKind.ASKED_BACK, "Ask for it", "Ctrl+B", "ask"),
    (EventKind.CLEANED, "Clean", "Ctrl+E", "clean"),
    (EventKind.PASSED, "Check its safety", "Ctrl+Return", "check"),
    (EventKind.SENT, "Send out for maintenance", "Ctrl+M", "send"),
    (EventKind.CAME_BACK, "Back from maintenance", "Ctrl+Shift+R", "back"),
)
_AT_ONCE: Final[Sequence[tuple[EventKind, str, str, Any]]] = (
    (EventKind.QUARANTINED, "Put into quarantine", "Ctrl+U", service.quarantine_pump),
    (EventKind.RELEASED, "Release", "Ctrl+Shift+U", service.release_pump),
    (EventKind.LOST, "It is lost", "Ctrl+D", service.report_lost),
    (EventKind.FOUND, "It is found", "Ctrl+Shift+F", service.report_found),
    (EventKind.RETIRED, "Retire", "Ctrl+Shift+D", service.retire_pump),
)


class PumpsScreen(Screen):
    """The pumps of the pharmacy. Scan one, and the next step is one key away."""

    stale_on = frozenset({Area.EQUIPMENT, Area.ORDERS, Area.PATIENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted: UUID | None = None
        self._edited: UUID | None = None
        self._kept_typing: dict[str, Any] | None = None
        self.enter = self.act("Enter a pump", "Ctrl+N", self.enter_pump, service.enter_pump)
        self.new_model = self.act("Add a model", "Ctrl+Shift+N", self.add_model, service.add_model)
        self.re_model = self.act("Change its model", "Ctrl+Shift+M", self.change_model, service.change_model)
        self.steps: dict[EventKind, QAction] = {}
        for kind, text, key, name in _FORMS:
            self.steps[kind] = self.act(text, key, partial(self.begin_step, name), STEPS[name].verb)
        for kind, text, key, verb in _AT_ONCE:
            self.steps[kind] = self.act(text, key, partial(self._do, verb), verb)
        self.label = self.act("Print label", "Ctrl+P", self.print_label)
        self.history = self.act("Print history", "Ctrl+Shift+P", self.print_history)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find: serial, model, patient")
        self.search.setAccessibleName("Find a pump")
        self.search.setFont(font(13))
        self.search.setFixedHeight(36)
        self.search.setMaximumWidth(220)
        self.scope = SegmentedChoice("Show", SCOPES, chosen=ALL, switch=True)
        self.page = ListDetail(
            "Pumps", "", actions=[self.search, self.scope, Button.for_action(self.enter, icon="plus", dense=True)]
        )
        self.scan = ScanField("Scan a pump", name="Scan a pump")
        self.scan.scanned.connect(self.look_up)
        empty = EmptyState("package", "No pump here", "Add a model, then enter its pumps.", "Enter a pump")
        empty.asked.connect(self.enter_pump)
        self.table: RowsTable[PumpRow] = RowsTable(
            PUMP_COLUMNS, name="Pumps", empty=empty, recedes=lambda row: row.place is Place.RETIRED
        )
        nobody = EmptyState("package", "Nobody needs a pump", "Verified orders by pump of active patients appear here.")
        self.needs: RowsTable[NeedRow] = RowsTable(NEED_COLUMNS, name="Patients who need pumps", empty=nobody)
        self.needs.activated_row.connect(lambda row: self.patient_chosen.emit(row.patient_id))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.needs)
        self.page.set_list(holding(down(holding(across((self.scan, 1), margins=(12, 6, 12, 0))), (self._stack, 1), gap=0)))
        self.page.set_foot_keys([("Up Down", "move"), ("Enter", "open")])
        for table in (self.table, self.needs):
            self.search.textChanged.connect(table.narrow)
            table.chosen_changed.connect(lambda _: self._show())
            table.activated_row.connect(lambda _: self.page.open_drawer())
            table.counted.connect(lambda _: self.page.say_count(self._list().count_text()))
        self.scope.chosen_changed.connect(lambda _: self._turn())
        self.setFocusProxy(self.scan)
        self._beside = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def _list(self) -> RowsTable[Any]:
        return self.needs if self.scope.chosen() == PATIENTS else self.table

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.scan.setFocus()

    def reload(self) -> None:
        self.desk.ask(self, queries.pump_needs, self._needs_arrived, table=backup_rules())
        if self.scope.chosen() == LATE:
            self.desk.ask(self, queries.overdue_returns, self._late_arrived, shipped=shipped_policy())
        else:
            asked = queries.due_pumps if self.scope.chosen() == DUE else queries.pumps
            self.desk.ask(self, asked, self._pumps_arrived, shipped=shipped_policy())

    def show_record(self, record_id: UUID) -> None:
        """Turn to one pump, whatever the list shows."""
        self._wanted = record_id
        self.scope.choose(ALL)
        self._turn()

    def _late_arrived(self, rows: Sequence[LateRow]) -> None:
        self._pumps_arrived([one.pump for one in rows])

    def _pumps_arrived(self, rows: Sequence[PumpRow]) -> None:
        self.table.show_rows(rows)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.table.choose(lambda row: row.id == wanted)
        self._choose_one(self.table)

    def _needs_arrived(self, rows: Sequence[NeedRow]) -> None:
        self.needs.show_rows(sorted(rows, key=lambda row: not row.missing))
        short = [row for row in rows if row.missing]
        urgent = sum(row.need.is_life_sustaining for row in short)
        told = [
            f"{counted(urgent, 'back-up')} missing" if urgent else "",
            f"{counted(len(short) - urgent, 'patient')} without a pump" if len(short) > urgent else "",
        ]
        self.page.head.remark.say(", ".join(filter(None, told)) or "where each is, who has it", "danger" if urgent else "ink2")
        self._choose_one(self.needs)

    def _choose_one(self, table: RowsTable[Any]) -> None:
        if table.chosen() is None:
            table.choose_first()
        if table is self._list():
            self._show()
            self._reopen()

    def _turn(self) -> None:
        self._stack.setCurrentWidget(self._list())
        self.refresh()
        self.page.say_count(self._list().count_text())
        self._show()

    # Scanning and looking up

    def look_up(self, text: str) -> None:
        """Find the pump that was scanned; while one is entered the scan is its serial, and any other form is finished first."""
        if self.editor is not None and self.editor.name == "pump":
            self.editor.form.restore({"serial": text})
            self.scan.show_matched(text, "the serial of the new pump")
            return
        if self.editor is not None:
            self.scan.show_refused(text, "Save or cancel what is open first.")
            return
        self.desk.ask(self, queries.pump_by_scan, partial(self._found, text), text=text)

    def _found(self, text: str, found: FoundPump) -> None:
        if found.row is None:
            self.scan.show_refused(text, found.because)
            return
        self.scan.show_matched(found.row.serial, f"{found.row.model.label}, {found.row.place.value}")
        self.show_record(found.row.id)

    def look_up_model(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        """Models for the field, while one types."""

        def offer(rows: Sequence[ModelRow]) -> None:
            then([Code(row.label, counted(row.channels, "channel"), row.id) for row in rows if _answers(words, row.label)])

        self.desk.ask(self, queries.models, offer)

    def look_up_order(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        """Orders by pump for the field, while one types; those that lack a pump first."""

        def offer(rows: Sequence[NeedRow]) -> None:
            rows = sorted(rows, key=lambda row: not row.missing)
            then([Code(row.label, row.missing or "has what it needs", row.id) for row in rows if _answers(words, row.label)])

        self.desk.ask(self, queries.pump_needs, offer, table=backup_rules())

    # Doing

    def enter_pump(self) -> None:
        """Open an empty pump."""
        fields = pump_fields.pump_fields(self.look_up_model)
        self._edit(Editor(self.desk, "pump", "Enter a pump", fields, PumpDraft(), service.enter_pump, said="Entered, not clean."))

    def add_model(self) -> None:
        """Open an empty model."""
        said = "The model is added."
        self._edit(Editor(self.desk, "model", "Add a model", pump_fields.MODEL, ModelDraft(), service.add_model, said=said))

    def change_model(self) -> None:
        """Open the model of the chosen pump."""
        if (row := self._pump()) is None:
            return
        model = row.model
        draft = ModelDraft(
            model.maker, model.name, model.channels, model.therapies, model.maintenance_months, model.certification_months,
            model.accuracy_percent, model.source,
        )  # fmt: skip
        self._edit(
            Editor(
                self.desk, "re-model", f"Change {model.label}", pump_fields.MODEL, draft, service.change_model,
                given=lambda draft: {"model_id": model.id, "draft": draft}, said="Changed for every pump of the model.",
                explanation="It counts for every pump of this model at once.",
            )
        )  # fmt: skip

    def begin_step(self, name: str) -> None:
        """Open the form of what is done to the chosen pump."""
        row = self._pump()
        if row is None or self.editor is not None:
            return
        step = STEPS[name]
        told = row.model.label
        if step.name == "check":
            told += f". The volume may be off by {number(row.model.accuracy_percent)}%."
        self._edit(
            Editor(
                self.desk, step.name, step.title.format(row.serial), step.fields(self.look_up_order), step.draft(), step.verb,
                given=lambda draft: {"pump_id": row.id, "draft": draft}, said=step.said, save=step.save, explanation=told,
            )
        )  # fmt: skip

    def open_editor(self, name: str) -> None:
        known = {"pump": self.enter_pump, "model": self.add_model, "re-model": self.change_model}
        known.get(name, partial(self.begin_step, name))()

    def draft(self) -> dict[str, Any] | None:
        kept = super().draft()
        return kept if kept is None or self._edited is None else {**kept, "pump": str(self._edited)}

    def restore_draft(self, kept: dict[str, Any]) -> None:
        if "pump" not in kept:
            super().restore_draft(kept)
            return
        self._kept_typing = kept
        self.show_record(UUID(kept["pump"]))

    def _reopen(self) -> None:
        kept, row = self._kept_typing, self._pump()
        if kept is not None and row is not None and kept["pump"] == str(row.id):
            self._kept_typing = None
            super().restore_draft(kept)

    def _do(self, verb: Any) -> None:
        if (row := self._pump()) is not None:
            self.desk.do(self, verb, said=f"Pump {row.serial}: done.", pump_id=row.id)

    def _edit(self, editor: Editor) -> None:
        row = self._pump()
        self._edited = row.id if row is not None and editor.name not in ("pump", "model") else None
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._go_on())
        editor.cancelled.connect(self._show)
        editor.form.focus_field(next(iter(vars(editor.form.draft))))  # each draft begins as its form does

    def _go_on(self) -> None:
        """Ready for the next pump: who works with the scanner has no hand for the mouse."""
        self._show()
        self.scan.setFocus()

    # Printing

    def print_label(self) -> None:
        """The label of the chosen pump."""
        if (row := self._pump()) is not None:
            self.desk.ask(self, printing_of, partial(self._draw_label, row))

    def _draw_label(self, row: PumpRow, printing: Printing) -> None:
        shown = partial(self._show_paper, "Pump label", "label", row)
        self.desk.draw(self, partial(draw_pump_labels, [pump_label(row)], printing), shown)

    def print_history(self) -> None:
        """Everything that happened to the chosen pump."""
        if (row := self._pump()) is not None:
            self.desk.ask(self, queries.whole_pump, self._with_history, pump_id=row.id)

    def _with_history(self, found: WholePump) -> None:
        self.desk.ask(self, printing_of, partial(self._draw_history, found))

    def _draw_history(self, found: WholePump, printing: Printing) -> None:
        shown = partial(self._show_paper, "Pump history", "history", found.row)
        self.desk.draw(self, partial(draw_pump_history, pump_history(found), printing), shown)

    def _show_paper(self, title: str, name: str, row: PumpRow, pdf: bytes) -> None:
        self.paper_ready.emit(PaperShown(title, pdf, f"pump-{row.serial}-{name}.pdf", "pump", row.id, None, Area.EQUIPMENT))

    # Showing

    def _pump(self) -> PumpRow | None:
        return self.table.chosen() if self._list() is self.table else None

    def _show(self) -> None:
        row = self._pump()
        for kind, action in self.steps.items():
            if not action.whatsThis():
                action.setEnabled(row is not None and may(row.place, kind) and not (kind is EventKind.GIVEN and row.refusal))
        for action in (self.re_model, self.label, self.history):
            if not action.whatsThis():
                action.setEnabled(row is not None)
        if self.editor is not None:
            return
        if row is not None:
            self._show_pump(row)
        elif self._list() is self.needs and (need := self.needs.chosen()) is not None:
            self._show_need(need)
        else:
            self.page.show_detail(None)

    def _show_pump(self, row: PumpRow) -> None:
        items: list[Item] = [
            across(Pill(row.place.value, TONES[row.place]), STRETCH),
            down(Text(row.serial, 20, 600, keeps=True), Text(row.model.label, 13, 400, "ink2"), gap=2),
        ]
        if row.keeping and row.place not in (Place.RETIRED, Place.QUARANTINE):
            items.append(Text(row.keeping, 13, 600, "danger", wraps=True))
        items += [Text(f"Recall {one.reference}: {one.words()}", 13, 400, "danger", wraps=True) for one in row.recalls]
        facts = [Fact(label, words) for label, words in pump_words(row) if label not in ("Serial", "Model")]
        self._beside = down(gap=6)
        self.desk.ask(self, queries.whole_pump, self._show_history, pump_id=row.id)
        content = holding(down(*items, FactList(facts), self._beside, STRETCH, gap=12))
        self.page.show_detail(content, *self._buttons(row))

    def _buttons(self, row: PumpRow) -> list[Button]:
        """The usual next step first; what else may happen has its key, and the rarer things only that."""
        usual = [kind for kind in NEXT[row.place] if self.steps[kind].isEnabled() or self.steps[kind].whatsThis()]
        made = [Button.for_action(self.steps[kind], "primary" if index == 0 else "secondary") for index, kind in enumerate(usual)]
        return [*made, Button.for_action(self.label, icon="printer"), Button.for_action(self.history)]

    def _show_history(self, found: WholePump) -> None:
        if shiboken6.isValid(self._beside) and self._pump() is not None:
            fill(self._beside, history_items(found))

    def _show_need(self, row: NeedRow) -> None:
        self._beside = down(gap=6)
        self.desk.ask(self, queries.pumps_of, self._show_his, patient_id=row.patient_id, table=backup_rules())
        opened = Button("Open chart", "primary", icon="folder-open", cap="Enter")
        opened.clicked.connect(lambda: self.patient_chosen.emit(row.patient_id))
        head = across(need_pill(row), STRETCH)
        who = down(Text(row.patient, 20, 600, wraps=True), Text(f"MRN {row.mrn}", 13, 400, "ink2"), gap=2)
        self.page.show_detail(holding(down(head, who, FactList(need_facts(row)), self._beside, STRETCH, gap=12)), opened)

    def _show_his(self, found: PatientPumps) -> None:
        if shiboken6.isValid(self._beside) and self._list() is self.needs:
            fill(self._beside, home_items(found))


def _answers(words: str, label: str) -> bool:
    return all(word in label.casefold() for word in words.casefold().split())
