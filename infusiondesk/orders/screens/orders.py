"""Chart, Orders: every version of every order of the open patient; entered, changed, held, resumed, ended and printed here."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog.queries import DrugRow, drug_of
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import DateField, DateTimeField, Field, LongTextField, TextField
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button, Kind
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.interactions.queries import ScreeningRow, screening_at_verification
from infusiondesk.interactions.rules import Knowledge
from infusiondesk.interactions.service import knowledge_now
from infusiondesk.orders import queries, service
from infusiondesk.orders.documents import draw_order_verification, order_verification
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import Body, EventDraft, OrderDraft, QuestionDraft, State
from infusiondesk.orders.screens.findings import promise_items
from infusiondesk.orders.screens.order_form import (
    Around,
    Medicine,
    draft_of,
    live_words,
    offer_ways,
    order_fields,
    show_what_applies,
    units_of,
)
from infusiondesk.orders.screens.order_page import OrderPage, SoFar
from infusiondesk.orders.screens.showing import order_items, state_tone, state_words
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.patients.rules.facts import PatientFacts
from infusiondesk.staff.queries import paper_signatures, printing_of
from infusiondesk.tasks.queries import PromiseRow, promises_of

COLUMNS: Sequence[Column[OrderRow]] = (
    Column(
        "Rx", lambda row: f"{row.rx_number}", second=lambda row: f"version {row.number}", sort=lambda row: row.rx_number, width=90
    ),
    Column(
        "Order",
        lambda row: row.sig,
        strong=True,
        wraps=True,
        second=lambda row: row.set_aside.words if row.set_aside else row.indication,
        stretch=2,
    ),
    Column("From", lambda row: day(row.start_on), sort=lambda row: row.start_on, width=110),
    Column("To", lambda row: day(row.stop_on), sort=lambda row: row.stop_on, width=110),
    Column("State", state_words, tone=state_tone, shape=True, width=130),
)
# What can happen to an order: the verb, the label of its day, and what is said afterwards.
EVENTS: dict[str, tuple[Any, str, str]] = {
    "hold": (service.hold_order, "First day without a dose", "held"),
    "resume": (service.resume_order, "First day with a dose again", "resumed"),
    "discontinue": (service.discontinue_order, "Last day", "discontinued"),
}


class OrdersScreen(Screen):
    """The orders of the open patient."""

    stale_on = frozenset({Area.ORDERS, Area.TASKS, Area.LABS})

    def __init__(
        self, desk: Desk, enter: Any = service.enter_order, change: Any = service.change_order, clearance: Any = None
    ) -> None:
        super().__init__(desk)
        self._enter_verb, self._change_verb, self._clearance_query = enter, change, clearance
        self._clearance: Decimal | None = None
        self._block: PatientBlock | None = None
        self._patient: PatientFacts | None = None
        self._promised: Sequence[PromiseRow] = ()
        self._typed_at: UUID | None = None
        self._kept_typing: dict[str, Any] | None = None
        self._knowledge: Knowledge | None = None
        self._enter = self.act("Enter an order", "Ctrl+N", self.enter, enter)
        self.page = OrderPage("Orders", actions=[Button.for_action(self._enter, icon="plus")], detail_width=520)
        self.table: RowsTable[OrderRow] = RowsTable(
            COLUMNS,
            name="Orders",
            empty=EmptyState("prescription", "No order yet", "What is prescribed will be here.", "Enter an order"),
        )
        self.table.empty.asked.connect(self.enter)
        self.table.chosen_changed.connect(self._show)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+N", "enter an order"), ("Ctrl+P", "print the verification")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, patient_block, self._take_block, patient_id=self.patient_id)
            self.desk.ask(self, chart_facts, self._take_patient, patient_id=self.patient_id)
            if self._clearance_query is not None:
                self.desk.ask(self, self._clearance_query, self._take_clearance, patient_id=self.patient_id)
            self.desk.ask(self, promises_of, self._take_promises, patient_id=self.patient_id)
            self.desk.ask(self, queries.orders_of, self._show_rows, patient_id=self.patient_id)

    # What is being typed comes back at the order it belongs to ------------------------------------------------------

    def draft(self) -> dict[str, Any] | None:
        kept = super().draft()
        return None if kept is None else {**kept, "version": str(self._typed_at or "")}

    def restore_draft(self, kept: dict[str, Any]) -> None:
        self._kept_typing = kept
        self._reopen()

    def _reopen(self) -> None:
        """Open the editor of kept typing, as soon as the order it belongs to is on the list."""
        kept = self._kept_typing
        is_typing = self.editor is not None
        if kept is None or is_typing:
            return
        row = next((one for one in self.table.rows() if str(one.id) == kept["version"]), None)
        if kept["editor"] == "order":
            self.enter()
        elif row is None:
            return
        elif kept["editor"] == "change":
            self.change(row)
        elif kept["editor"] == "question":
            self.question(row)
        else:
            self.happen(kept["editor"], row)
        self._kept_typing = None
        if (editor := self.editor) is not None:
            editor.restore(kept)

    # Entering and changing ------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """A new order."""
        patient_id = self.patient_id
        draft = OrderDraft(start_on=today(self.desk.store.clock))
        given = lambda typed: {"patient_id": patient_id, "draft": typed}  # noqa: E731 - handed on as it stands
        self._edit("order", "Enter an order", draft, self._enter_verb, given, "Entered. Another pharmacist verifies it.")

    def change(self, row: OrderRow) -> None:
        """The next version of an order, beginning as the present one."""
        given = lambda typed: {"order_id": row.order_id, "draft": typed}  # noqa: E731 - handed on as it stands
        said = "The new version waits for verification; the signed one stays in force."
        self._edit("change", f"Change Rx {row.rx_number}", draft_of(row), self._change_verb, given, said, row)

    def _edit(
        self,
        name: str,
        title: str,
        draft: OrderDraft,
        verb: Any,
        given: Callable[[Any], dict[str, Any]],
        said: str,
        shown: OrderRow | None = None,
    ) -> None:
        drugs: dict[UUID, DrugRow] = {}
        fields = order_fields(self, self.desk.store.clock.zone, drugs)
        editor = Editor(self.desk, name, title, fields, draft, verb, given=given, said=said)
        if shown is not None:
            editor.form.box("drug_id").put(shown.drug)
            editor.form.box("prescriber_id").put(shown.prescriber)
        so_far = SoFar()
        known: dict[UUID | None, Medicine] = {}

        def derive() -> None:
            drug_id = editor.form.draft.drug_id
            if drug_id in drugs and drug_id not in known:
                drug = drugs[drug_id]
                known[drug_id] = Medicine.of(drug)
                editor.form.restore(units_of(drug.dose_unit))
            medicine = known.get(drug_id)
            editor.form.forgive()
            show_what_applies(editor.form, medicine.therapy_class if medicine else "")
            if medicine:
                offer_ways(editor.form, medicine.ways)
            so_far.say(live_words(editor.form.draft, self._around(medicine)))

        def known_now(knowledge: Knowledge) -> None:
            self._knowledge = knowledge
            if self.editor is editor:
                derive()

        def drug_read(row: DrugRow) -> None:
            known[row.id] = Medicine.of(row)
            if self.editor is editor:
                derive()

        editor.form.changed.connect(derive)
        derive()
        if shown is not None:
            self.desk.ask(self, drug_of, drug_read, drug_id=shown.drug_id)
        self.desk.ask(self, knowledge_now, known_now)
        self._begin(editor, shown)
        self.page.show_form(editor, so_far)

    def _around(self, medicine: Medicine | None) -> Around:
        body = Body.of(self._patient, today(self.desk.store.clock)) if self._patient else None
        return Around(medicine, self._patient, body, self._knowledge, self._clearance)

    def question(self, row: OrderRow) -> None:
        """Something is unclear: what, and who was called about it; the answer is a new version."""
        zone = self.desk.store.clock.zone
        fields: list[Field | str] = [
            LongTextField("problem", "What is wrong or unclear", lines=3, required=True),
            TextField("called", "Called", hint="name of the prescriber or whom you reached", required=True),
            DateTimeField("called_at", "When", zone=zone, required=True),
        ]
        given = lambda typed: {"version_id": row.id, "draft": typed}  # noqa: E731 - handed on as it stands
        said = f"Rx {row.rx_number} is in clarification; a new version answers it."
        draft, title = QuestionDraft(), f"Question Rx {row.rx_number}"
        editor = Editor(
            self.desk, "question", title, fields, draft, service.question_order, given=given, said=said, explanation=row.sig
        )
        self._open(editor, row)

    def happen(self, name: str, row: OrderRow) -> None:
        """Hold, resume or discontinue an order; from which day is asked, the reason afterwards."""
        verb, label, said = EVENTS[name]
        on = today(self.desk.store.clock)
        if name != "discontinue":
            on = max(row.start_on, on)
        fields: list[Field | str] = [DateField("effective_on", label, required=True)]
        given = lambda typed: {"order_id": row.order_id, "effective_on": typed.effective_on}  # noqa: E731 - handed on as it stands
        title, done = f"{name.capitalize()} Rx {row.rx_number}", f"Rx {row.rx_number} is {said}."
        self._open(
            Editor(
                self.desk,
                name,
                title,
                fields,
                EventDraft(on),
                verb,
                given=given,
                said=done,
                save=name.capitalize(),
                explanation=row.sig,
            ),
            row,
        )

    def cancel(self, row: OrderRow) -> None:
        """Take back an order that was never verified."""
        self.desk.do(self, service.cancel_order, said=f"Rx {row.rx_number} is cancelled.", order_id=row.order_id)

    def withdraw(self, row: OrderRow) -> None:
        """Take back a change that was never verified; why is asked."""
        said = f"Version {row.number} of Rx {row.rx_number} is withdrawn; the order stands as last verified."
        self.desk.do(self, service.withdraw_change, said=said, version_id=row.id)

    def _open(self, editor: Editor, row: OrderRow) -> None:
        self._begin(editor, row)
        self.page.show_detail(holding(down(editor, STRETCH, gap=8)), editor.save, editor.cancel)
        self.page.open_drawer()

    def _begin(self, editor: Editor, row: OrderRow | None) -> None:
        self.begin(editor)
        self._typed_at = row.id if row else None
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))

    # Showing ----------------------------------------------------------------------------------------------------------

    def _take_block(self, block: PatientBlock) -> None:
        self._block = block

    def _take_patient(self, patient: PatientFacts) -> None:
        self._patient = patient

    def _take_clearance(self, clearance: Decimal | None) -> None:
        self._clearance = clearance

    def _take_promises(self, promised: Sequence[PromiseRow]) -> None:
        self._promised = promised
        self._show(self.table.chosen())

    def _promised_with(self, row: OrderRow) -> list[PromiseRow]:
        versions = {one.id for one in self.table.rows() if one.order_id == row.order_id}
        return [one for one in self._promised if one.order_version_id in versions]

    def _show_rows(self, rows: Sequence[OrderRow]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._reopen()
        self._show(self.table.chosen())

    def _show(self, row: OrderRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        items = [*order_items(row), *promise_items(self._promised_with(row)), STRETCH]
        self.page.show_detail(holding(down(*items, gap=10)), *self._buttons(row))

    def _buttons(self, row: OrderRow) -> list[Button]:
        is_open = row.is_current and row.state in (State.VERIFIED, State.HELD)
        is_over = row.is_current and row.state in (State.COMPLETED, State.DISCONTINUED)
        buttons = []
        waits = row.is_current and row.state in (State.ENTERED, State.CLARIFICATION)
        if is_open or waits:
            words = "Answer with a new version" if row.question else "Change order"
            buttons.append(self._button(words, partial(self.change, row), self._change_verb, "primary", "pencil-simple"))
        if row.question_refusal is None:
            buttons.append(self._button("Question", partial(self.question, row), service.question_order, icon="question"))
        if is_open:
            if row.state is State.VERIFIED:
                buttons.append(
                    self._button("Hold", partial(self.happen, "hold", row), service.hold_order, "danger_outline", "hand")
                )
            else:
                buttons.append(self._button("Resume", partial(self.happen, "resume", row), service.resume_order))
        if is_open or is_over:
            words = "Discontinue" if is_open else "Ended earlier"
            buttons.append(self._button(words, partial(self.happen, "discontinue", row), service.discontinue_order))
        if waits:
            buttons.append(self._button("Cancel order", partial(self.cancel, row), service.cancel_order))
        if not row.is_verified:
            buttons.append(self._withdraw_button(row))
        if row.is_verified:
            paper = Button("Print verification", icon="printer", key="Ctrl+P")
            paper.clicked.connect(lambda: self.print_verification(row))
            buttons.append(paper)
        return buttons

    def _button(self, words: str, call: Callable[[], None], verb: Any, kind: Kind = "secondary", icon: str = "") -> Button:
        button = Button(words, kind, icon=icon)
        button.clicked.connect(lambda: call())
        if sentence := self.desk.refusal(verb.permission):
            button.forbid(sentence)
        return button

    def _withdraw_button(self, row: OrderRow) -> Button:
        button = self._button("Withdraw change", partial(self.withdraw, row), service.withdraw_change)
        if button.isEnabled() and row.withdrawal_refusal:
            button.forbid(row.withdrawal_refusal)
        return button

    # Printing ---------------------------------------------------------------------------------------------------------

    def print_verification(self, row: OrderRow) -> None:
        """The order verification record: the version, its screening, the answers, the signature."""
        self.desk.ask(self, screening_at_verification, partial(self._take_screening, row), order_version_id=row.id)

    def _take_screening(self, row: OrderRow, found: ScreeningRow | None) -> None:
        if found is None:
            self.desk.interaction.refused("This version was verified without a screening; there is no record to print.")
            return
        self.desk.ask(self, printing_of, partial(self._draw, row, found))

    def _draw(self, row: OrderRow, found: ScreeningRow, printing: Printing) -> None:
        if self._block is None or self._patient is None:
            return
        signatures = paper_signatures(row.signatures, self.desk.store.clock.zone)
        facts = order_verification(row, found, self._patient, self._block, signatures)
        self.desk.draw(self, partial(draw_order_verification, facts, printing), partial(self._show_paper, row))

    def _show_paper(self, row: OrderRow, pdf: bytes) -> None:
        name = f"verification-{row.rx_number}-{row.number}.pdf"
        shown = PaperShown("Order verification record", pdf, name, "order_version", row.id, row.patient_id, Area.ORDERS)
        self.paper_ready.emit(shown)
