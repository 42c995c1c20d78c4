"""Compounding, Batches: verified orders that need a batch, and every batch by the time it is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.compounding import queries, service
from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.queries import BatchRow, OrderToMake, PlanChoices, WholeBatch
from infusiondesk.compounding.queries.batches import OVER
from infusiondesk.compounding.rules import BatchState, PlanDraft
from infusiondesk.compounding.screens.showing import (
    CATEGORIES,
    PLACES,
    STORAGES,
    bags_of,
    print_record,
    state_tone,
    why_of,
)
from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateTimeField, Field, NumberField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.parts.why import WhyPanel
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone


@dataclass(frozen=True)
class BoardRow:
    """A verified order to plan for, or a batch."""

    id: UUID
    order: OrderToMake | None
    batch: BatchRow | None

    @property
    def patient(self) -> str:
        return self.batch.patient if self.batch else self.order.patient if self.order else ""

    @property
    def sig(self) -> str:
        return self.batch.sig if self.batch else self.order.sig if self.order else ""

    @property
    def next(self) -> str:
        if self.batch is None:
            return self.order.because if self.order else ""
        return f"Next: {self.batch.next}" if self.batch.next else ""


def _group(row: BoardRow) -> str:
    if row.batch is None:
        return "Verified orders without a batch"
    return "Released or rejected" if row.batch.state in OVER else "By the time they are needed"


def _number(row: BoardRow) -> str:
    return row.batch.number if row.batch else f"Rx {row.order.rx_number}" if row.order else ""


def _due(row: BoardRow) -> str:
    return moment(row.batch.due_at) if row.batch else ""


def _state(row: BoardRow) -> str:
    if row.batch is None:
        return "To plan"
    return f"{row.batch.state}, late" if row.batch.is_late else str(row.batch.state)


def _tone(row: BoardRow) -> Tone:
    return state_tone(row.batch) if row.batch else "due"


COLUMNS: Sequence[Column[BoardRow]] = (
    Column("Needed by", _due, second=_number, sort=lambda row: row.batch.due_at if row.batch else None, width=142),
    Column("Preparation", lambda row: row.sig, second=lambda row: row.patient, strong=True, stretch=2, width=150),
    Column(
        "Bags", lambda row: str(row.batch.bags) if row.batch else "", sort=lambda row: row.batch.bags if row.batch else 0,
        right=True, width=52,
    ),
    Column("State", _state, tone=_tone, shape=True, width=168),
    Column("Why it is here", lambda row: row.next, wraps=True, stretch=1, width=130),
)  # fmt: skip


class BatchesScreen(Screen):
    """The board; it asks for the worksheet of a batch."""

    stale_on = frozenset({Area.COMPOUNDING, Area.ORDERS, Area.CATALOG})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._plan = self.act("Plan a batch", "Ctrl+N", self.plan_chosen, service.plan_batch)
        self._past = self.act("Show the whole past", "Ctrl+H", self.show_past)
        self._whole_past = False
        self._orders: Sequence[OrderToMake] = ()
        self._batches: Sequence[BatchRow] = ()
        self._shown: UUID | None = None
        self._wanted: object = None  # the batch that was just planned: chosen as soon as the board has it
        self.page = ListDetail(
            "Batches", "orders to plan, then by time", actions=[Button.for_action(self._past, dense=True, icon="clock")]
        )
        empty = EmptyState("flask", "Nothing to compound", "Verified orders and batches appear here by themselves.")
        self.table: RowsTable[BoardRow] = RowsTable(COLUMNS, name="Batches", empty=empty, group=_group)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Enter", "open"), ("Ctrl+N", "plan a batch")])
        self.table.chosen_changed.connect(self._choose)
        self.table.activated_row.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.orders_to_compound, self._take_orders)
        self.desk.ask(self, queries.batches, self._take_batches, whole_past=self._whole_past)

    def show_past(self) -> None:
        """Released and rejected batches of all time, not only of the last days."""
        self._whole_past = not self._whole_past
        self._past.setText("Show the last days" if self._whole_past else "Show the whole past")
        self.reload()

    def _take_orders(self, rows: Sequence[OrderToMake]) -> None:
        self._orders = rows
        self._show_board()

    def _take_batches(self, rows: Sequence[BatchRow]) -> None:
        self._batches = rows
        self._show_board()

    def _show_board(self) -> None:
        self.table.show_rows(
            [BoardRow(row.id, row, None) for row in self._orders] + [BoardRow(row.id, None, row) for row in self._batches]
        )
        if self._wanted is not None and self.table.choose(lambda row: row.id == self._wanted):
            self._wanted = None
        self._choose(self.table.chosen())

    def _choose(self, row: BoardRow | None) -> None:
        self._plan.setEnabled(row is not None and row.order is not None and not self._plan.whatsThis())
        if self.editor is not None:
            return
        self._shown = row.id if row else None
        if row is None:
            self.page.show_detail(None)
        elif row.order is not None:
            self._show_order(row.order)
        else:
            self.desk.ask(self, queries.batch_of, self._show_batch, batch_id=row.id, limits=reviewed_limits())

    def _open(self, row: BoardRow) -> None:
        if row.order is not None:
            self.plan_chosen()
        else:
            self.record_asked.emit("Worksheet", row.id)

    # Planning ---------------------------------------------------------------------------------------------------------

    def plan_chosen(self) -> None:
        """Plan a batch of the chosen order."""
        row = self.table.chosen()
        if row is not None and row.order is not None:
            self._begin_plan(row.order.id, None)

    def restore_draft(self, kept: dict[str, Any]) -> None:
        """A plan that was being typed: its products are looked up again first."""
        kind, _, order_id = str(kept["editor"]).partition(":")
        if kind == "plan":
            self._begin_plan(UUID(order_id), kept)

    def _begin_plan(self, order_version_id: UUID, kept: dict[str, Any] | None) -> None:
        self.desk.ask(self, queries.plan_choices, partial(self._edit_plan, kept), order_version_id=order_version_id)

    def _edit_plan(self, kept: dict[str, Any] | None, choices: PlanChoices) -> None:
        draft = PlanDraft(
            choices.order.id,
            product_id=next((one.id for one in choices.products), None),
            fluid_id=next((one.id for one in choices.fluids), None),
            diluent_id=next((one.id for one in choices.diluents), None),
        )
        editor = Editor(
            self.desk,
            f"plan:{choices.order.id}",
            "Plan a batch",
            self._plan_fields(choices),
            draft,
            service.plan_batch,
            said="Planned. A pharmacist approves the worksheet next.",
            save="Save plan",
            explanation=f"{choices.order.sig}, Rx {choices.order.rx_number}, {choices.order.patient}",
        )
        self.begin(editor)
        if kept is not None:
            editor.restore(kept)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.form.focus_field("bags")
        editor.saved.connect(self._planned)
        editor.cancelled.connect(lambda: self._choose(self.table.chosen()))

    def _plan_fields(self, choices: PlanChoices) -> list[Field | str]:
        def listed(found: Sequence[queries.Chosen]) -> list[tuple[UUID, str]]:
            return [(one.id, one.words) for one in found]

        fields: list[Field | str] = [
            NumberField("bags", "Bags", required=True, whole=True),
            DateTimeField("due_at", "Needed by", required=True, zone=self.desk.store.clock.zone),
            ChoiceField("product_id", "Product", required=True, choices=listed(choices.products), spread=False),
        ]
        if choices.fluids:
            fields.append(ChoiceField("fluid_id", "Reconstituted with", choices=listed(choices.fluids), spread=False))
        if choices.diluents:
            fields.append(ChoiceField("diluent_id", "Diluent", choices=listed(choices.diluents), spread=False))
        return [
            *fields,
            ChoiceField("category", "Category", choices=CATEGORIES),
            ChoiceField("facility", "Made in", choices=PLACES, spread=False),
            ChoiceField("storage", "Kept at", choices=STORAGES, spread=False),
        ]

    def _planned(self, batch_id: object) -> None:
        self._wanted = batch_id
        self.reload()

    # What is chosen -----------------------------------------------------------------------------------------------------

    def _show_order(self, order: OrderToMake) -> None:
        facts = FactList([Fact("Patient", order.patient), Fact("Rx", str(order.rx_number)), Fact("Batches", order.because)])
        plan = Button.for_action(self._plan, "primary", icon="flask")
        self.page.show_detail(
            holding(down(Pill("To plan", "due"), Text(order.sig, 20, 600, wraps=True), facts, STRETCH, gap=12)), plan
        )

    def _show_batch(self, whole: WholeBatch) -> None:
        if whole.row.id != self._shown or self.editor is not None:
            return
        row, worksheet = whole.row, whole.worksheet
        facts = [
            Fact("Batch", f"{row.number}, {bags_of(row)}"),
            Fact("Patient", f"{row.patient}, Rx {row.rx_number}"),
            Fact("Needed by", moment(row.due_at), "danger" if row.is_late else None),
            Fact("Planned by", whole.planned_by),
            *(Fact(name.meaning.capitalize(), f"{name.name}, {moment(name.at.astimezone(self.desk.store.clock.zone))}")
              for name in (*whole.approvals, *whole.names)),
        ]  # fmt: skip
        why = WhyPanel("Beyond-use date, why?", compact=True)
        why.show_why(why_of(whole))
        figures = FactList([Fact(figure.what, f"{figure.value}. {figure.because}") for figure in worksheet.figures], dense=True)
        alerts = [AlertInline("Not ready to approve", sentence, tone="due") for sentence in worksheet.missing]
        pills = across(Pill(str(row.state), state_tone(row)), Pill(bags_of(row), "accent"), STRETCH)
        steps = [Text(f"{place}. {step}", 13, wraps=True) for place, step in enumerate(worksheet.steps, 1)]
        checked = Text("Not checked: " + " ".join(worksheet.not_checked), 12, 400, "ink2", wraps=True)
        content = down(
            pills, Text(worksheet.name, 20, 600, wraps=True), FactList(facts, label_width=96, dense=True), *alerts, why,
            SectionTitle("Worksheet", px=14), figures, *steps, checked, STRETCH, gap=10,
        )  # fmt: skip
        self.page.show_detail(holding(content), *self._buttons(whole))

    def _buttons(self, whole: WholeBatch) -> list[Button]:
        row = whole.row
        approve = Button("Approve worksheet", "primary", icon="pen-nib", key="Ctrl+Enter")
        approve.clicked.connect(lambda: self._approve(whole))
        if sentence := self.desk.refusal(service.approve_worksheet.permission):
            approve.forbid(sentence)
        elif whole.worksheet.missing or whole.beyond_use.at is None:
            approve.forbid("Without a complete worksheet and a beyond-use date there is nothing to approve.")
        is_planned = row.state is BatchState.PLANNED
        opened = Button("Open worksheet", "secondary" if is_planned else "primary", icon="list-numbers")
        opened.clicked.connect(lambda: self.record_asked.emit("Worksheet", row.id))
        printed = Button("Print record" if row.state is BatchState.RELEASED else "Print worksheet", icon="printer", key="Ctrl+P")
        printed.clicked.connect(lambda: print_record(self, row.id))
        reject = Button("Reject batch", "danger_outline", icon="prohibit")
        reject.clicked.connect(lambda: self._reject(row))
        if sentence := self.desk.refusal(service.reject_batch.permission):
            reject.forbid(sentence)
        rest = [printed] if row.state in OVER else [printed, reject]
        return [approve, opened, *rest] if is_planned else [opened, *rest]

    def _approve(self, whole: WholeBatch) -> None:
        self.desk.do(
            self,
            service.approve_worksheet,
            said=f"The worksheet of {whole.row.number} is approved.",
            batch_id=whole.row.id,
            seen=whole.worksheet_code,
        )

    def _reject(self, row: BatchRow) -> None:
        self.desk.do(self, service.reject_batch, said=f"{row.number} is rejected.", batch_id=row.id)
