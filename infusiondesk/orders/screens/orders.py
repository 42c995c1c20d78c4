"""Chart, Orders: every version of every order of the open patient; entered, changed, held, resumed, ended here."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog.queries import DrugRow, find_drugs
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day, number
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import (
    CheckField,
    ChoiceField,
    Code,
    CodeField,
    DateField,
    DateTimeField,
    Field,
    NumberField,
    TextField,
)
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.orders import queries, service
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import Method, OrderDraft, ReceivedBy, Route, State, concentration_per_ml, rate_ml_per_h
from infusiondesk.patients.queries import prescribers
from infusiondesk.patients.rules.facts import PrescriberFacts

TONES: dict[State, Tone] = {
    State.ENTERED: "due",
    State.VERIFIED: "done",
    State.HELD: "due",
    State.COMPLETED: "neutral",
    State.DISCONTINUED: "neutral",
    State.CANCELLED: "neutral",
}
UNITS = ["mg", "g", "mcg", "units", "mEq", "mL"]
CONTAINERS = ["bag", "elastomeric device", "syringe", "cassette", "vial"]

COLUMNS: Sequence[Column[OrderRow]] = (
    Column(
        "Rx", lambda row: f"{row.rx_number}", second=lambda row: f"version {row.number}", sort=lambda row: row.rx_number, width=90
    ),
    Column("Order", lambda row: row.sig, strong=True, wraps=True, second=lambda row: row.indication, stretch=2),
    Column("From", lambda row: day(row.start_on), sort=lambda row: row.start_on, width=110),
    Column("To", lambda row: day(row.stop_on), sort=lambda row: row.stop_on, width=110),
    Column(
        "State",
        lambda row: state_words(row),
        tone=lambda row: TONES[row.state] if row.is_current else "neutral",
        shape=True,
        width=130,
    ),
)


def state_words(row: OrderRow) -> str:
    """The order's state for its newest version; what an older or waiting one is, else."""
    if not row.is_current:
        return "replaced"
    return State.ENTERED.value if not row.is_verified and row.state is State.VERIFIED else row.state.value


class OrdersScreen(Screen):
    """The orders of the open patient."""

    stale_on = frozenset({Area.ORDERS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._enter = self.act("Enter an order", "Ctrl+N", self.enter, service.enter_order)
        self.page = ListDetail("Orders", actions=[Button.for_action(self._enter, icon="plus")], detail_width=520)
        self.table: RowsTable[OrderRow] = RowsTable(
            COLUMNS,
            name="Orders",
            empty=EmptyState("prescription", "No order yet", "What is prescribed will be here.", "Enter an order"),
        )
        self.table.empty.asked.connect(self.enter)
        self.table.chosen_changed.connect(self._show)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+N", "enter an order")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, queries.orders_of, self._show_rows, patient_id=self.patient_id)

    def open_editor(self, name: str) -> None:
        if name == "order":
            self.enter()

    def enter(self) -> None:
        """A new order."""
        patient_id = self.patient_id
        draft = OrderDraft(start_on=today(self.desk.store.clock))
        given = lambda typed: {"patient_id": patient_id, "draft": typed}  # noqa: E731 - handed on as it stands
        self._edit("order", "Enter an order", draft, service.enter_order, given, "Entered. Another pharmacist verifies it.")

    def change(self, row: OrderRow) -> None:
        """The next version of an order, beginning as the present one."""
        draft = draft_of(row)
        given = lambda typed: {"order_id": row.order_id, "draft": typed}  # noqa: E731 - handed on as it stands
        said = "The new version waits for verification; the signed one stays in force."
        self._edit("change", f"Change Rx {row.rx_number}", draft, service.change_order, given, said, shown=row)

    def _edit(
        self,
        name: str,
        title: str,
        draft: OrderDraft,
        verb: Any,
        given: Callable[[Any], dict[str, Any]],
        said: str,
        *,
        shown: OrderRow | None = None,
    ) -> None:
        editor = self.begin(
            Editor(self.desk, name, title, order_fields(self, self.desk.store.clock.zone), draft, verb, given=given, said=said)
        )
        if shown is not None:
            editor.form.box("drug_id").put(shown.drug)
            editor.form.box("prescriber_id").put(shown.prescriber)
        derived = Text("", 13, 600, "ink2", wraps=True)

        def derive() -> None:
            typed: OrderDraft = editor.form.draft
            rate = rate_ml_per_h(typed.volume_ml, typed.infusion_minutes)
            strength = concentration_per_ml(typed.dose_amount, typed.volume_ml)
            words = [f"rate {number(rate)} mL/h" if rate else "", f"{number(strength)} {typed.dose_unit}/mL" if strength else ""]
            said_words = ", ".join(word for word in words if word)
            derived.say(f"From volume, time and dose: {said_words}." if said_words else "")

        editor.form.changed.connect(derive)
        self.page.show_detail(holding(down(editor, derived, gap=8)), editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))

    def _show_rows(self, rows: Sequence[OrderRow]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: OrderRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        self.page.show_detail(holding(down(*order_items(row), STRETCH, gap=10)), *self._buttons(row))

    def _buttons(self, row: OrderRow) -> list[Button]:
        if not row.is_current:
            return []
        on = today(self.desk.store.clock)
        ending: dict[str, tuple[str, Any, dict[str, Any]]] = {
            "hold": ("Hold", service.hold_order, {"order_id": row.order_id, "effective_on": on}),
            "resume": ("Resume", service.resume_order, {"order_id": row.order_id, "effective_on": on}),
            "end": ("Discontinue", service.discontinue_order, {"order_id": row.order_id, "effective_on": on}),
            "cancel": ("Cancel order", service.cancel_order, {"order_id": row.order_id}),
        }
        possible: dict[State, list[str]] = {
            State.ENTERED: ["cancel"],
            State.VERIFIED: ["hold", "end"],
            State.HELD: ["resume", "end"],
        }
        buttons = []
        if row.is_verified and row.state in (State.VERIFIED, State.HELD):
            change = Button("Change order", "primary", icon="pencil-simple")
            change.clicked.connect(partial(self.change, row))
            if sentence := self.desk.refusal(service.change_order.permission):
                change.forbid(sentence)
            buttons.append(change)
        for name in possible.get(row.state, []):
            words, verb, given = ending[name]
            button = Button(words, "danger_outline" if name == "hold" else "secondary", icon="hand" if name == "hold" else "")
            button.clicked.connect(partial(self._do, verb, given))
            if sentence := self.desk.refusal(verb.permission):
                button.forbid(sentence)
            buttons.append(button)
        return buttons

    def _do(self, verb: Any, given: dict[str, Any]) -> None:
        self.desk.do(self, verb, said="Done; the reason stands with the order.", **given)


def order_items(row: OrderRow) -> list[Item]:
    """An order as it is read before it is signed: what, how, when, for what, by whom."""
    rate = f"{number(row.rate_ml_per_h)} mL/h, from volume and time" if row.rate_ml_per_h else "not derived"
    strength = (
        f"{number(row.concentration_per_ml)} {row.dose_unit}/mL, from dose and volume"
        if row.concentration_per_ml
        else "not derived"
    )
    minutes = f"over {number(row.infusion_minutes)} min" if row.infusion_minutes else ""
    volume = f"{number(row.volume_ml)} mL {row.diluent}, {row.container}" if row.volume_ml else "none given"
    facts = [
        Fact("Days", f"{day(row.start_on)} to {day(row.stop_on)}"),
        Fact("How", ", ".join(part for part in (row.method, minutes) if part)),
        Fact("In", volume),
        Fact("Rate", rate),
        Fact("Concentration", strength),
        Fact("For", row.indication),
        Fact("Had it before", "yes" if row.had_before else "no, or not known", None if row.had_before else "due"),
        Fact("Anaphylaxis kit", "ordered" if row.anaphylaxis_kit else "not ordered"),
        Fact("Laboratory work", f"{row.lab_protocol or 'none ordered'}, reviewed by {row.lab_reviewer or 'nobody named'}"),
        Fact("Flush", row.flush or "none ordered"),
        Fact("Nursing", row.nursing or "none ordered"),
        Fact("Prescriber", f"{row.prescriber}, NPI {row.prescriber_npi}, {row.prescriber_phone}"),
        Fact("Came", f"{row.received_by}, entered by {row.entered_by}"),
    ]
    if row.last_event:
        facts.append(Fact("Last", row.last_event))
    items: list[Item] = [
        across(Pill(state_words(row).capitalize(), TONES[row.state] if row.is_current else "neutral"), STRETCH),
        Text(row.sig, 20, 600, wraps=True),
        Text(f"Rx {row.rx_number}, version {row.number}", 13, ink="ink2"),
        FactList(facts),
    ]
    items += [Text(one.text(), 13, 600, "done" if one.holds else "danger", wraps=True) for one in row.signatures]
    return items


def order_fields(screen: Screen, zone: Any) -> list[Field | str]:
    """The fields of an order in the order they stand on a prescription."""

    def look_up_drug(words: str, then: Callable[[Sequence[Code]], None]) -> None:
        def offer(rows: Sequence[DrugRow]) -> None:
            then([Code(row.name, row.therapy, row.id) for row in rows])

        screen.desk.ask(screen, find_drugs, offer, words=words)

    def look_up_prescriber(words: str, then: Callable[[Sequence[Code]], None]) -> None:
        def offer(rows: Sequence[PrescriberFacts]) -> None:
            then([Code(row.name, f"NPI {row.npi}", row.id) for row in rows])

        screen.desk.ask(screen, prescribers, offer, text=words)

    return [
        CodeField("drug_id", "Drug", required=True, look_up=look_up_drug),
        CodeField("prescriber_id", "Prescriber", required=True, look_up=look_up_prescriber),
        NumberField("dose_amount", "Dose, per day where continuous", required=True, places=4),
        ChoiceField("dose_unit", "Unit", choices=[(unit, unit) for unit in UNITS], required=True, spread=False),
        ChoiceField("route", "Route", choices=[(one.value, one.value) for one in Route], required=True, spread=False),
        CheckField("continuous", "Runs continuously"),
        NumberField("interval_hours", "Every", unit="hours", places=2),
        NumberField("infusion_minutes", "Over", unit="min", places=2),
        ChoiceField("method", "Given by", choices=[(one.value, one.value) for one in Method], required=True, spread=False),
        TextField("diluent", "Diluent", hint="full name: sodium chloride 0.9%"),
        ChoiceField("container", "Container", choices=[(one, one) for one in CONTAINERS], spread=False),
        NumberField("volume_ml", "Volume", unit="mL", places=3),
        DateField("start_on", "First day", required=True),
        DateField("stop_on", "Last day", required=True),
        TextField("indication", "For", required=True),
        CheckField("had_before", "Had this drug before, tolerated"),
        CheckField("anaphylaxis_kit", "Anaphylaxis kit ordered"),
        CheckField("reviewed_by_infectious_diseases", "Reviewed by infectious diseases"),
        TextField("lab_protocol", "Laboratory protocol", hint="such as L-BL"),
        TextField("lab_reviewer", "Who reviews the results"),
        TextField("flush", "Flush"),
        TextField("nursing", "Nursing"),
        "How it came",
        ChoiceField("received_by", "Came by", choices=[(one.value, one.value) for one in ReceivedBy], required=True, spread=False),
        DateTimeField("received_at", "When", zone=zone, required=True),
        TextField("caller", "Caller", hint="for a verbal order"),
        CheckField("read_back", "Read back to the caller"),
    ]


def draft_of(row: OrderRow) -> OrderDraft:
    """An order as the beginning of its next version; how the change came is asked anew."""
    same = (
        "drug_id", "dose_amount", "dose_unit", "route", "interval_hours", "infusion_minutes", "method", "diluent", "container",
        "volume_ml", "start_on", "stop_on", "indication", "had_before", "anaphylaxis_kit", "lab_protocol", "lab_reviewer", "flush",
        "nursing", "reviewed_by_infectious_diseases",
    )  # fmt: skip
    values = {name: getattr(row, name) for name in same}
    return OrderDraft(continuous=row.interval_hours is None, **values)
