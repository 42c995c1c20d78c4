"""Compounding, Worksheet: one batch at the hood, step by step, with the reason of its beyond-use date always in sight."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from infusiondesk.compounding import queries, service
from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.queries import BatchRow, EntryRow, PartRow, WholeBatch
from infusiondesk.compounding.queries.batches import OVER
from infusiondesk.compounding.rules import BatchState
from infusiondesk.compounding.screens.ingredients import COLUMNS
from infusiondesk.compounding.screens.showing import (
    CATEGORIES,
    STORED,
    TONES,
    bags_of,
    print_labels,
    print_record,
    state_tone,
    why_of,
)
from infusiondesk.compounding.screens.step_forms import (
    APPROVE,
    FINISH,
    LABEL,
    RELEASE,
    SCAN,
    START,
    TITLES,
    VOLUMES,
    form_of,
)
from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Verb
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.forms import Field, Form
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Rule, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.picker import Picker
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.quantity import QuantityField
from infusiondesk.foundation.qtkit.parts.scan import ScanField
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.steps import Step, StepList
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.parts.why import WhyPanel
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import RowsTable

WHY_WIDE = 320
# Below these widths the steps, then the reasons, give way to the work.
WITH_STEPS, WITH_WHY = 1080, 900
SMALLEST = (640, 420)


class WorksheetScreen(Screen):
    """The bench: the scan field listens, the step list leads, one primary button takes the next step."""

    stale_on = frozenset({Area.COMPOUNDING, Area.ORDERS, Area.INVENTORY, Area.CATALOG})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._batch_id: UUID | None = None
        self._whole: WholeBatch | None = None
        self._open: Sequence[BatchRow] = ()
        self._step = -1
        self._form: Form | None = None
        self._why_is_asked = False
        self._why_action = self.act("Why this beyond-use date", "Alt+Y", self.show_why)
        self.act("Print worksheet or record", "Ctrl+P", lambda: self._print(print_record))
        self.act("Print the bag labels", "Ctrl+Shift+P", lambda: self._print(print_labels))
        self._next_action = self.act("Go to the scan field", "Ctrl+B", lambda: self.scan.setFocus())
        self.picker = Picker("Batch", [], unanswered="Choose a batch")
        self.picker.setObjectName("batch")
        self.picker.setFixedWidth(280)
        self.picker.chosen_changed.connect(self._pick)
        self._build_bench()
        self._build_bar()
        self.empty = EmptyState("flask", "No batch at the hood", "Plan a batch under Batches; it can be worked on here.")
        work_and_why = across((Scroll(holding(down((self._work, 1)))), 1), (self.why, 0), gap=12)
        self.bench = holding(across((self._steps_card, 0), (down((work_and_why, 1), self._bar, gap=12), 1), gap=12))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(12)
        column.addWidget(self._head)
        column.addWidget(self.bench, 1)
        column.addWidget(self.empty, 1)
        self.setMinimumSize(*SMALLEST)  # what is shown follows the width, so it must not decide about it
        self._show_nothing()

    # Building ---------------------------------------------------------------------------------------------------------

    def _build_bench(self) -> None:
        self._title = Text("Worksheet", 20, 600, wraps=True)
        self._about = Text("", 13, 400, "ink2")
        self._pills = across(gap=8)
        self._due = Pill("", "plain")
        self._head = Card(padding=14)
        self._head.add(
            down(
                across((self._title, 1), self.picker, gap=12),
                across(self._pills, STRETCH, self._due, gap=12),
                self._about,
                gap=6,
            )
        )
        self.steps = StepList("Worksheet")
        self._steps_title = Text("Worksheet", 13, 600)
        self._standing = FactList(label_width=62, dense=True)
        self._steps_card = Card(padding=12)
        self._steps_card.setFixedWidth(212)
        self._steps_card.add(self._steps_title)
        self._steps_scroll = Scroll(holding(down(self.steps, STRETCH, Rule(), self._standing, gap=10)))
        self._steps_card.add(self._steps_scroll, 1)
        self._work = Card(padding=16)
        self._work_title = SectionTitle("Scan ingredients")
        self.scan = ScanField("Scan an item, or type its lot and press Enter", name="Scan an ingredient")
        self.scan.scanned.connect(self._scanned)
        self.how_many = QuantityField("How many", "", places=0)
        self.how_many.setObjectName("how-many")
        self.how_many.setFixedWidth(112)
        self.how_many.setToolTip("Empty takes all that is still needed.")
        self._scan_row = holding(across((down(20, self.scan, gap=0), 1), down(self.how_many, STRETCH, gap=0), gap=12))
        self._last = Text("", 13)
        self.put_back = Button("Put back", "ghost", dense=True)
        self.put_back.clicked.connect(self._put_back)
        self._last_card = Card(kind="sunken", padding=8)
        self._last_card.add(across((self._last, 1), self.put_back))
        self._form_room = QVBoxLayout()
        self.table: RowsTable[PartRow] = RowsTable(
            COLUMNS,
            name="Ingredients",
            empty=EmptyState("list-numbers", "No ingredients", "The worksheet could not be worked out."),
        )
        self._holds = QVBoxLayout()
        self._working = QVBoxLayout()
        # What a bag will hold stands before what it is made of, and how that was worked out last: the eye checks in this order.
        for item in (self._work_title, self._scan_row, self._form_room, self._last_card, self._holds, Rule()):
            self._work.add(item)
        self.table.setMinimumHeight(170)
        self._work.add(self.table, 1)
        self._work.add(self._working)
        self.why = WhyPanel("Beyond-use date, why?")
        self.why.setFixedWidth(WHY_WIDE)
        self.why.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _build_bar(self) -> None:
        """One primary button for each step; only the one of the current step is shown."""
        takes: dict[int, tuple[str, str, Callable[[], None], Verb[Any, ..., Any], bool]] = {
            APPROVE: ("Approve worksheet", "pen-nib", self._approve, service.approve_worksheet, True),
            SCAN: ("Start compounding", "play", self._start, service.start_batch, False),
            START: ("Start compounding", "play", self._start, service.start_batch, False),
            VOLUMES: ("Confirm volumes", "eye", self._confirm, service.check_volumes, True),
            FINISH: ("Sign as compounded", "pen-nib", self._finish, service.finish_batch, False),
            LABEL: ("Confirm labels", "check", self._label, service.label_batch, False),
            RELEASE: ("Release batch", "check-circle", self._release, service.release_batch, True),
        }
        self._primary: dict[int, Button] = {}
        self._why_not: dict[int, str] = {}
        for step, (words, icon, call, verb, second) in takes.items():
            if step == START:
                self._primary[START] = self._primary[SCAN]
                self._why_not[START] = self._why_not[SCAN]
                continue
            button = Button(words, "primary", icon=icon, key="Ctrl+Enter", height=44, px=15)
            button.clicked.connect(lambda _=False, take=call: take())
            button.setVisible(False)
            self._why_not[step] = "" if second else self.desk.refusal(verb.permission) or ""
            self._primary[step] = button
        self.reject = Button("Reject batch", "danger_outline", icon="hand", height=44)
        self.reject.clicked.connect(lambda: self._do(service.reject_batch, "The batch is rejected."))
        self.print_record = Button("Print worksheet", icon="printer", height=44)
        self.print_record.clicked.connect(lambda: self._print(print_record))
        self.print_labels = Button("Print labels", icon="tag", height=44)
        self.print_labels.clicked.connect(lambda: self._print(print_labels))
        self.print_labels.setVisible(False)
        self._where = Text("", 16, 600, wraps=True)
        self._reason = Text("", 12, 400, "ink2", wraps=True)
        self._bar = Card(padding=12)
        buttons = dict.fromkeys(self._primary.values())
        self._bar_line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bar_line.setSpacing(10)
        self._bar_line.addLayout(down(self._where, self._reason, gap=2), 1)
        self._bar_line.addLayout(across(STRETCH, self.reject, self.print_record, self.print_labels, *buttons, gap=10))
        self._bar.add(self._bar_line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Where the window is narrow the steps give way, then the reasons; Alt+Y brings these back."""
        room = self.width()
        self._steps_card.setVisible(room >= WITH_STEPS)
        self.why.setVisible(room >= WITH_WHY or self._why_is_asked)
        self._work.setVisible(room >= WITH_WHY or not self._why_is_asked)
        self.why.setMinimumWidth(WHY_WIDE)
        self.why.setMaximumWidth(WHY_WIDE if room >= WITH_WHY else 2000)
        direction = QBoxLayout.Direction.LeftToRight if room >= WITH_STEPS else QBoxLayout.Direction.TopToBottom
        self._bar_line.setDirection(direction)

    def show_why(self) -> None:
        """Go to the reasons; in a narrow window they take the place of the work, and give it back."""
        self._why_is_asked = not self._why_is_asked and self.width() < WITH_WHY
        self._arrange()
        self.why.setFocus()

    # Loading ------------------------------------------------------------------------------------------------------------

    def show_record(self, batch_id: UUID) -> None:
        """Turn to a batch: asked by the board."""
        self._batch_id, self._step = batch_id, -1
        self.refresh()

    def reload(self) -> None:
        self.desk.ask(self, queries.batches, self._offer)

    def _offer(self, rows: Sequence[BatchRow]) -> None:
        self._open = [row for row in rows if row.state not in OVER or row.id == self._batch_id]
        if self._batch_id is None:
            ready = [row for row in self._open if row.state is not BatchState.PLANNED]
            self._batch_id = next((row.id for row in (*ready, *self._open)), None)
        self.picker.blockSignals(True)
        self.picker.offer([f"{row.number}, {row.patient}" for row in self._open])
        self.picker.choose(next((place for place, row in enumerate(self._open) if row.id == self._batch_id), None))
        self.picker.blockSignals(False)
        if self._batch_id is None:
            self._show_nothing()
        else:
            self.desk.ask(self, queries.batch_of, self._show, batch_id=self._batch_id, limits=reviewed_limits())

    def _pick(self, place: int) -> None:
        if 0 <= place < len(self._open):
            self.show_record(self._open[place].id)

    def _show_nothing(self) -> None:
        self._whole = None
        self._title.say("Worksheet")
        self._about.say("Nothing is being made.")
        self._due.setVisible(False)
        clear(self._pills)
        self.bench.setVisible(False)
        self.empty.setVisible(True)

    def _show(self, whole: WholeBatch) -> None:
        if whole.row.id != self._batch_id:
            return
        self._whole = whole
        step = next((place for place, one in enumerate(whole.steps) if one.state in ("current", "stopped")), len(whole.steps))
        self._show_head(whole)
        self._show_steps(whole, step)
        self.table.show_rows(whole.parts)
        self._show_last(whole)
        self._show_holds(whole)
        self.why.show_why(why_of(whole))
        if step != self._step:
            self._step = step
            self._show_work(whole, step)
        self._show_bar(whole, step)
        self.empty.setVisible(False)
        self.bench.setVisible(True)
        if step in (SCAN, START) and not whole.all_taken:
            self.scan.setFocus()

    def _show_head(self, whole: WholeBatch) -> None:
        row = whole.row
        self._title.say(whole.worksheet.name)
        self._about.say(f"Batch {row.number}   Rx {row.rx_number}   for {row.patient}, MRN {row.mrn}   {row.sig}")
        clear(self._pills)
        self._pills.addWidget(Pill(bags_of(row), "accent"))
        self._pills.addWidget(Pill(str(row.state), TONES[row.state]))
        for words in whole.allergies[:2]:
            self._pills.addWidget(Pill(words, "danger" if whole.allergies_are_recorded or "not recorded" in words else "done"))
        self._due.say(f"Needed by {moment(row.due_at)}{', late' if row.is_late else ''}", state_tone(row) if row.is_late else "due")
        self._due.setVisible(row.state not in OVER)

    def _show_steps(self, whole: WholeBatch, step: int) -> None:
        number_of = min(step + 1, len(whole.steps))
        self._steps_title.say(f"Worksheet, step {number_of} of {len(whole.steps)}")
        self.steps.show_steps([Step(one.title, one.detail, one.state) for one in whole.steps])
        QTimer.singleShot(0, self.steps, self._show_current_step)  # the column takes its new height a turn later
        category = dict(CATEGORIES).get(whole.category.value, whole.category.value)
        self._standing.show_facts(
            [
                Fact("Kept at", STORED[whole.storage]),
                Fact("Made as", category),
                Fact("Hood", whole.hood or "not started yet"),
            ]
        )

    def _show_current_step(self) -> None:
        top, height = self.steps.current()
        self._steps_scroll.ensureVisible(0, top + height // 2, 0, height // 2)

    def _show_last(self, whole: WholeBatch) -> None:
        entry = self._last_entry(whole)
        self._last_card.setVisible(entry is not None and whole.started_at is None and whole.row.state not in OVER)
        if entry is not None:
            how = "scanned" if entry.is_scanned else "typed"
            self._last.say(f"Last entry, {how}: {entry.item}, lot {entry.lot_number}, expires {day(entry.expires_on)}")

    @staticmethod
    def _last_entry(whole: WholeBatch) -> EntryRow | None:
        # Keys are made in the order of time, so the greatest is the newest.
        return max((entry for part in whole.parts for entry in part.entries), key=lambda entry: entry.id, default=None)

    def _show_holds(self, whole: WholeBatch) -> None:
        clear(self._holds)
        if whole.worksheet.holds:
            self._holds.addWidget(Text("Each bag will hold", 13, 600))
            columns = [(holding(down(Text(one.value, 20, 600, keeps=True), Text(one.words, 12, 400, "ink2", wraps=True), gap=2)), 1)
                       for one in whole.worksheet.holds]  # fmt: skip
            self._holds.addLayout(across(*columns, gap=16))

    def _show_work(self, whole: WholeBatch, step: int) -> None:
        """What this step asks for stands above the ingredients."""
        clear(self._form_room)
        clear(self._working)
        self._form = None
        over = "This batch is rejected" if whole.row.state is BatchState.REJECTED else "This batch is released"
        is_over = whole.row.state in OVER
        title = over if is_over else f"{step + 1}. {TITLES[step]}"
        old, self._work_title = self._work_title, SectionTitle(title)
        self._work.body.replaceWidget(old, self._work_title)
        old.deleteLater()
        self._scan_row.setVisible(step == SCAN and not is_over)
        asked = form_of(step)
        if asked is not None and not is_over:
            fields, draft = asked
            self._form = Form(fields, draft, summary=False)
            self._form_room.addWidget(self._form)
            for words in whole.worksheet.steps if step == VOLUMES else ():
                self._form_room.addWidget(Text(words, 13, wraps=True))
            self._form.focus_field(fields[0].name if isinstance(fields[0], Field) else "")
        elif step in (APPROVE, RELEASE) and not is_over:
            for sentence in whole.worksheet.missing:
                self._form_room.addWidget(Text(sentence, 13, 600, "due", wraps=True))
            self._working.addWidget(SectionTitle("How it was worked out"))
            figures = [Fact(one.what, f"{one.value}. {one.because}") for one in whole.worksheet.figures]
            self._working.addWidget(FactList(figures, label_width=150, dense=True))

    def _show_bar(self, whole: WholeBatch, step: int) -> None:
        row = whole.row
        is_over = row.state in OVER
        complete = sum(part.is_complete for part in whole.parts)
        current = None if is_over else self._primary.get(step)
        for button in dict.fromkeys(self._primary.values()):
            button.setVisible(button is current)
        reason = "" if is_over else self._reason_against(whole, step)
        if current is not None:
            if reason:
                current.forbid(reason)
            else:
                current.allow()
        typed = sum(not entry.is_scanned for part in whole.parts for entry in part.entries)
        scanned = sum(len(part.entries) for part in whole.parts) - typed
        told = f"{complete} of {len(whole.parts)} ingredients" if step in (SCAN, START) else f"Next: {row.next}"
        entries = f"{scanned} scanned, {typed} typed and compared" if step in (SCAN, START) else ""
        last = whole.events[-1]
        done = f"{last.what.value.capitalize()}: {last.by}, {last.at:%H:%M}. {last.reason}".strip()
        self._where.say(str(row.state) if is_over or step not in (SCAN, START) else told)
        self._reason.say(done if is_over else reason or entries or told)
        self.reject.setVisible(not is_over)
        if sentence := self.desk.refusal(service.reject_batch.permission):
            self.reject.forbid(sentence)
        self.print_labels.setVisible(whole.good_bags is not None and row.state is not BatchState.REJECTED)
        self.print_record.setText("Print record" if row.state is BatchState.RELEASED else "Print worksheet")
        self.print_record.setAccessibleName(self.print_record.text())

    def _reason_against(self, whole: WholeBatch, step: int) -> str:
        """Why the next step cannot be taken now, or nothing."""
        if step == APPROVE and (whole.worksheet.missing or whole.beyond_use.at is None):
            return whole.worksheet.missing[0] if whole.worksheet.missing else whole.beyond_use.sentence
        if step == SCAN:
            missing = sum(not part.is_complete for part in whole.parts)
            return self._why_not[SCAN] or f"{missing} of {len(whole.parts)} ingredients still to be scanned."
        return self._why_not.get(step, "")

    # Doing -----------------------------------------------------------------------------------------------------------------

    def _do(self, verb: Verb[Any, ..., Any], said: str, **given: Any) -> None:
        """By the person who is signed in, or, where the step belongs to another, by that person's own sign-in at this station."""
        if self._batch_id is None:
            return
        given["batch_id"] = self._batch_id
        if self.desk.refusal(verb.permission) and verb is not service.reject_batch:
            self.desk.do_as_second_person(self, verb, said=said, **given)
        else:
            self.desk.do(self, verb, said=said, when_refused=self._refused, **given)

    def _refused(self, refusal: Refused) -> None:
        if self._form is not None:
            self._form.refuse(refusal.sentence, refusal.field)

    def _is_filled(self) -> bool:
        return self._form is not None and not self._form.show_problems()

    def _scanned(self, text: str) -> None:
        if self._batch_id is None or not text:
            return
        wanted = self.how_many.value()
        if not self.how_many.is_readable():
            self.how_many.refuse("Enter a whole number.")
            return
        self.desk.do(
            self,
            service.take_ingredient,
            self._matched,
            when_refused=lambda refusal: self._not_matched(text, refusal),
            batch_id=self._batch_id,
            text=text,
            was_typed=self.scan.was_typed(),
            quantity=Decimal(wanted) if wanted is not None else None,
        )

    def _matched(self, found: str) -> None:
        self.how_many.show_value(None)
        self.scan.show_matched(found)
        self.scan.setFocus()

    def _not_matched(self, text: str, refusal: Refused) -> None:
        self.scan.show_refused(text, refusal.sentence)
        self.scan.setFocus()

    def _put_back(self) -> None:
        entry = self._last_entry(self._whole) if self._whole else None
        if entry is not None:
            self.desk.do(
                self, service.take_out_ingredient, said=f"Lot {entry.lot_number} is back on the shelf.", ingredient_id=entry.id
            )

    def _approve(self) -> None:
        if self._whole is not None:
            self._do(service.approve_worksheet, "The worksheet is approved and frozen.", seen=self._whole.worksheet_code)

    def _start(self) -> None:
        if self._is_filled() and self._form is not None:
            self._do(service.start_batch, "Started. The beyond-use date counts from now.", draft=self._form.draft)

    def _confirm(self) -> None:
        if self._is_filled() and self._form is not None:
            self._do(service.check_volumes, "The volumes are confirmed.", proof=self._form.draft.proof)

    def _finish(self) -> None:
        if self._is_filled() and self._form is not None:
            self._do(service.finish_batch, "Signed as compounded. Print the labels next.", draft=self._form.draft)

    def _label(self) -> None:
        if self._is_filled() and self._form is not None:
            self._do(service.label_batch, "Labelled. Another pharmacist releases.", labels=self._form.draft.labels)

    def _release(self) -> None:
        self._do(service.release_batch, "Released. The bags can be delivered.")

    def _print(self, draw: Callable[[Screen, UUID], None]) -> None:
        if self._batch_id is not None:
            draw(self, self._batch_id)
