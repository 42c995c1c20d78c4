"""Controlled drugs: what waits for a witness, every controlled item with its balance, and its log."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import shiboken6
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area, Query
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import RowsTable
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.documents import draw_controlled_log, draw_loss_draft
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.queries import ControlledLog, ControlledRow, DiscrepancyRow, DisposalRow, WasteRow
from infusiondesk.inventory.rules.controlled import schedule_words
from infusiondesk.inventory.rules.discrepancies import LOSS_TERMS
from infusiondesk.inventory.rules.policy import ControlledPolicy
from infusiondesk.inventory.rules.words import DiscrepancyEnd
from infusiondesk.inventory.screens.controlled_forms import disposal_editor, policy_editor, resolution_editor
from infusiondesk.inventory.screens.controlled_rows import COLUMNS, ControlledLine, lies_in, log_words
from infusiondesk.staff.queries import printing_of

DAYS_SHOWN: Final = timedelta(days=30)  # of the log beside an item and on its paper
_LINES_SHOWN: Final = 12


class ControlledScreen(Screen):
    """What waits for a witness first, then the items; the chosen one with what happened to it lately.

    `names` is handed in: the numbers of batches and deliveries are known to a slice above this one.
    """

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk, names: Query[Any, ..., Mapping[UUID, str]]) -> None:
        super().__init__(desk)
        self._names = names
        self.lay = self.act("Waste or destroy some", "Ctrl+D", self.lay_some_out, service.lay_out)
        self.witness = self.act("Witness with own password", "Ctrl+Return", self.see_it, service.witness_disposal)
        self.withdraw = self.act("Withdraw it", "Ctrl+Backspace", self.withdraw_it, service.withdraw_disposal)
        self.resolve = self.act("Resolve it", "Ctrl+R", self.open_resolution, service.resolve_discrepancy)
        self.told = self.act("Record the written notice", "Ctrl+T", self.record_told, service.record_loss_told)
        self.filed = self.act("Record the filed form", "Ctrl+Shift+F", self.record_filed, service.record_form_filed)
        self.loss_paper = self.act("Print the loss draft", "Ctrl+Shift+P", self.print_loss)
        self.paper = self.act("Print the log", "Ctrl+P", self.print_log)
        self.rules = self.act("Set the rules", "Ctrl+Shift+R", self.set_rules, service.set_controlled_policy)
        self._may = {action: action.isEnabled() for action in self._verbs()}
        self.page = ListDetail("Controlled drugs", "", actions=[Button.for_action(self.rules, dense=True)])
        empty = EmptyState("lock-key", "No controlled drug is stocked", "Items whose drug is C-II to C-V appear here.")
        self.table: RowsTable[ControlledLine] = RowsTable(
            COLUMNS,
            name="Controlled drugs",
            group=lambda row: row.group,
            recedes=lambda row: row.odd is not None and row.odd.due_on is None,
            empty=empty,
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Ctrl+D", "waste or destroy"), ("Ctrl+Enter", "witness"), ("Ctrl+P", "print the log")])
        self.table.chosen_changed.connect(lambda _: self._show())
        self._items: Sequence[ControlledRow] = ()
        self._odd: Sequence[DiscrepancyRow] = ()
        self._waste: Sequence[WasteRow] = ()
        self._beside = down(gap=6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def _verbs(self) -> Sequence[QAction]:
        return (self.lay, self.witness, self.withdraw, self.resolve, self.told, self.filed)

    def reload(self) -> None:
        self.desk.ask(self, queries.controlled_items, self._keep_items)

    def _keep_items(self, items: Sequence[ControlledRow]) -> None:
        self._items = items
        self.desk.ask(self, queries.discrepancies, self._keep_discrepancies)

    def _keep_discrepancies(self, rows: Sequence[DiscrepancyRow]) -> None:
        self._odd = rows
        self.desk.ask(self, queries.waste_to_witness, self._keep_waste)

    def _keep_waste(self, rows: Sequence[WasteRow]) -> None:
        self._waste = rows
        self.desk.ask(self, queries.disposals_to_witness, self._arrived)

    def _arrived(self, waiting: Sequence[DisposalRow]) -> None:
        by_id = {item.id: item for item in self._items}
        rows = [ControlledLine(one.id, by_id[one.item_id], one) for one in waiting if one.item_id in by_id]
        rows += [ControlledLine(one.id, None, waste=one) for one in self._waste]
        odd = [ControlledLine(one.id, by_id[one.item_id], odd=one) for one in self._odd if one.item_id in by_id]
        owed = [row for row in odd if row.odd and row.odd.due_on]
        settled = [row for row in odd if row not in owed]
        self.table.show_rows([*rows, *owed, *(ControlledLine(item.id, item) for item in self._items), *settled])
        told = [f"{len(rows)} to witness" if rows else "", counted(len(owed), "discrepancy") if owed else ""]
        self.page.head.remark.say(", ".join(filter(None, told)) or "nothing to witness")
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    # Doing.

    def lay_some_out(self) -> None:
        """Say what of the chosen item is wasted or destroyed."""
        row = self.table.chosen()
        if row is None or row.item is None or row.waiting or row.odd or not row.item.places:
            return
        self._edit(disposal_editor(self.desk, row.item))

    def see_it(self) -> None:
        """The witness signs with an own name and password, whoever sits at this desk."""
        row = self.table.chosen()
        if row is not None and row.waiting:
            self.desk.do_as_second_person(self, service.witness_disposal, said="Seen and signed.", disposal_id=row.waiting.id)
        elif row is not None and row.waste:
            self.desk.do_as_second_person(self, service.witness_waste, said="Seen and signed.", waste_id=row.waste.id)

    def withdraw_it(self) -> None:
        """It was laid out by mistake."""
        row = self.table.chosen()
        if row is not None and row.waiting:
            self.desk.do(self, service.withdraw_disposal, said="Withdrawn.", disposal_id=row.waiting.id)
        elif row is not None and row.waste:
            self.desk.do(self, service.withdraw_waste, said="Withdrawn.", waste_id=row.waste.id)

    def open_resolution(self) -> None:
        """Say what was found out about the chosen discrepancy, and sign it."""
        row = self.table.chosen()
        if row is None or row.odd is None or row.odd.end is not None:
            return
        self._edit(resolution_editor(self.desk, row.odd))

    def set_rules(self) -> None:
        """The pharmacy's own rules, from those in force."""
        self.desk.ask(self, queries.controlled_policy, self._edit_rules, shipped=shipped_policy())

    def _edit_rules(self, policy: ControlledPolicy) -> None:
        if self.editor is None:
            self._edit(policy_editor(self.desk, policy))

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    def record_told(self) -> None:
        """The written notice of the chosen loss has gone."""
        if (row := self.table.chosen()) is not None and row.odd:
            self.desk.do(self, service.record_loss_told, said="Kept.", discrepancy_id=row.odd.id)

    def record_filed(self) -> None:
        """The form of the chosen loss is filed."""
        if (row := self.table.chosen()) is not None and row.odd:
            self.desk.do(self, service.record_form_filed, said="Kept.", discrepancy_id=row.odd.id)

    def print_loss(self) -> None:
        """The facts for the form, to copy from."""
        if (row := self.table.chosen()) is not None and row.odd:
            self.desk.ask(self, printing_of, partial(self._draw_loss, row.odd))

    def _draw_loss(self, row: DiscrepancyRow, printing: Printing) -> None:
        self.desk.draw(self, partial(draw_loss_draft, row, printing), partial(self._show_loss, row.id))

    def _show_loss(self, row_id: UUID, pdf: bytes) -> None:
        self.paper_ready.emit(PaperShown("Loss draft", pdf, "loss-draft.pdf", "discrepancy", row_id, area=Area.INVENTORY))

    def print_log(self) -> None:
        """The log of the chosen item on paper."""
        if (row := self.table.chosen()) is not None and row.item is not None:
            self._ask_log(row.item, self._print)

    def _print(self, log: ControlledLog) -> None:
        self.desk.ask(self, printing_of, partial(self._draw, log))

    def _draw(self, log: ControlledLog, printing: Printing) -> None:
        self.desk.draw(self, partial(draw_controlled_log, log, printing), partial(self._show_paper, log.item.id))

    def _show_paper(self, item_id: UUID, pdf: bytes) -> None:
        shown = PaperShown("Controlled-drug log", pdf, "controlled-drug-log.pdf", "item", item_id, area=Area.INVENTORY)
        self.paper_ready.emit(shown)

    def _ask_log(self, item: ControlledRow, then: Callable[[ControlledLog], None]) -> None:
        last = today(self.desk.store.clock)
        named = partial(self._name, then)
        self.desk.ask(self, queries.controlled_log, named, item_id=item.id, first=last - DAYS_SHOWN, last=last)

    def _name(self, then: Callable[[ControlledLog], None], log: ControlledLog) -> None:
        """Batches and deliveries by their numbers, which the slices above know."""
        self.desk.ask(self, self._names, lambda names: then(log.named(names)), ids=log.references)

    # Showing.

    def _show(self) -> None:
        if self.editor is not None:
            return
        row = self.table.chosen()
        odd = row.odd if row else None
        is_loss = odd is not None and odd.end is DiscrepancyEnd.LOSS
        self.loss_paper.setEnabled(is_loss)
        for action, is_possible in (
            (self.lay, row is not None and row.item is not None and not row.waiting and not row.odd and bool(row.item.places)),
            (self.witness, row is not None and bool(row.waiting or row.waste)),
            (self.withdraw, row is not None and bool(row.waiting or row.waste)),
            (self.resolve, odd is not None and odd.end is None),
            (self.told, is_loss and odd is not None and not odd.told),
            (self.filed, is_loss and odd is not None and not odd.filed),
        ):
            if self._may[action]:
                action.setEnabled(is_possible)
        self.paper.setEnabled(row is not None and row.item is not None)
        if row is None:
            self.page.show_detail(None)
        elif row.waste:
            self._show_waste(row.waste)
        elif row.item is None:
            self.page.show_detail(None)
        elif row.waiting:
            self._show_waiting(row.item, row.waiting)
        elif row.odd:
            self._show_discrepancy(row.item, row.odd)
        else:
            self._show_item(row.item)

    def _show_waiting(self, item: ControlledRow, row: DisposalRow) -> None:
        facts = [
            Fact("Quantity", counted(row.quantity, row.unit)),
            Fact("Lot", row.lot_number),
            Fact("Lies in", row.location),
            Fact("How and why", row.because),
            Fact("Laid out by", f"{row.laid_out_by}, {moment(row.laid_out_at)}"),
            Fact("Witness", "not signed yet: another licensed person", "due"),
        ]
        head = across(Pill(f"To be {row.kind}", "due"), Pill(schedule_words(item.schedule), "plain"), STRETCH)
        content = holding(down(head, Text(row.item, 20, 600, wraps=True), FactList(facts), STRETCH, gap=12))
        self.page.show_detail(content, Button.for_action(self.witness, "primary", icon="check"), Button.for_action(self.withdraw))

    def _show_waste(self, row: WasteRow) -> None:
        facts = [
            Fact("Quantity", row.amount),
            Fact("Why", row.because),
            Fact("Recorded by", f"{row.laid_out_by}, {moment(row.laid_out_at)}"),
            Fact("Witness", "not signed yet: another licensed person", "due"),
        ]
        head = across(Pill(f"{row.kind}".capitalize(), "due"), Pill(schedule_words(row.schedule), "plain"), STRETCH)
        note = Text("It had left its shelf: the balance of its lot does not change.", 12, 400, "ink3", wraps=True)
        content = holding(down(head, Text(row.what, 20, 600, wraps=True), FactList(facts), note, STRETCH, gap=12))
        self.page.show_detail(content, Button.for_action(self.witness, "primary", icon="check"), Button.for_action(self.withdraw))

    def _show_discrepancy(self, item: ControlledRow, row: DiscrepancyRow) -> None:
        facts = [
            Fact("Balance", counted(row.expected, row.unit)),
            Fact("First count", f"{counted(row.first_found, row.unit)} by {row.first_by}"),
            Fact("Second count", f"{counted(row.second_found, row.unit)} by {row.second_by}"),
            Fact("Lot, place", f"{row.lot_number}, {row.location}"),
            Fact("Discovered", moment(row.discovered_at)),
        ]
        buttons = []
        if row.end is None:
            facts.append(Fact("Notice, were it a loss", f"in writing by {day(row.tell_by)}", "due"))
            buttons = [Button.for_action(self.resolve, "primary")]
        else:
            facts += [Fact("Resolved", row.end.value), Fact("Found out", row.explanation)]
        if row.end is DiscrepancyEnd.LOSS:
            facts += [Fact("Circumstances", row.circumstances), Fact("Police", row.police)]
            facts.append(Fact("Written notice", row.told or f"by {day(row.tell_by)}", None if row.told else "danger"))
            facts.append(Fact("Form 106", row.filed or f"by {day(row.file_by)}", None if row.filed else "due"))
            first, second = (self.filed, self.told) if row.told else (self.told, self.filed)
            buttons = [
                Button.for_action(first, "primary"),
                Button.for_action(second),
                Button.for_action(self.loss_paper, icon="printer"),
            ]
        head = across(Pill(row.difference_words.capitalize(), "danger"), Pill(schedule_words(item.schedule), "plain"), STRETCH)
        source = Text(f"Due dates: {LOSS_TERMS.source}", 12, 400, "ink3", wraps=True)
        content = holding(down(head, Text(row.item, 20, 600, wraps=True), FactList(facts), source, STRETCH, gap=12))
        self.page.show_detail(content, *buttons)

    def _show_item(self, item: ControlledRow) -> None:
        facts = [
            Fact("On hand", counted(item.on_hand, item.unit)),
            Fact("In quarantine", counted(item.in_quarantine, item.unit), "due" if item.in_quarantine else None),
            Fact("Lies in", lies_in(item)),
            Fact("NDC", ndc_text(item.ndc)),
        ]
        self._beside = down(gap=6)
        self._ask_log(item, partial(self._show_log, item.id))
        head = across(Pill(schedule_words(item.schedule), "due"), STRETCH)
        content = holding(down(head, Text(item.item, 20, 600, wraps=True), FactList(facts), self._beside, STRETCH, gap=12))
        self.page.show_detail(content, Button.for_action(self.lay, "primary"), Button.for_action(self.paper, icon="printer"))

    def _show_log(self, item_id: UUID, log: ControlledLog) -> None:
        row = self.table.chosen()
        if not shiboken6.isValid(self._beside) or row is None or row.id != item_id:
            return
        clear(self._beside)
        self._beside.addWidget(SectionTitle("Last 30 days, balance after each", px=14))
        for line in reversed(log.lines[-_LINES_SHOWN:]):
            first, second = log_words(line)
            self._beside.addWidget(
                holding(down(Text(first, 13, 600, wraps=True), Text(second, 12, 400, "ink3", wraps=True), gap=0))
            )
        if not log.lines:
            self._beside.addWidget(Text("Nothing moved.", 13, 400, "ink2"))
