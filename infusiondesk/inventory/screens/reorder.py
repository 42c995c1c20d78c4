"""Reorder: what is below its reorder point after what is scheduled, how many to order, and how each number came about."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.ismp import counted, number
from infusiondesk.foundation.kernel.people import Area, Query
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import NumberField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.queries import ReorderRow
from infusiondesk.inventory.rules import ItemDraft

SCOPES: Final = ("To order", "All items")


def _or_none(value: Decimal | None) -> str:
    return "" if value is None else number(value)


def _lasts(row: ReorderRow) -> str:
    days = row.demand.lasts(row.left)
    return "" if days is None else counted(days, "day")


COLUMNS: Sequence[Column[ReorderRow]] = (
    Column("Item", lambda row: row.item.name, strong=True, second=lambda row: row.item.maker or row.item.kind.value, stretch=2),
    Column("Available", lambda row: number(row.item.on_hand), sort=lambda row: row.item.on_hand, right=True, width=90),
    Column("Scheduled", lambda row: number(row.demand.scheduled), sort=lambda row: row.demand.scheduled, right=True, width=94),
    Column("A day", lambda row: number(row.demand.per_day), sort=lambda row: row.demand.per_day, right=True, width=70),
    Column("Lasts", _lasts, sort=lambda row: row.demand.lasts(row.left) or 0, right=True, width=90),
    Column("Reorder at", lambda row: _or_none(row.item.reorder_point), right=True, width=94),
    Column(
        "Order",
        lambda row: _or_none(row.wanted.quantity),
        second=lambda row: counted(row.wanted.packs, "pack") if row.wanted.packs else "",
        sort=lambda row: row.wanted.quantity or Decimal(0),
        right=True,
        strong=True,
        width=90,
    ),
)


class ReorderScreen(Screen):
    """The list that one orders from; the journey that knows the planned batches is handed in."""

    stale_on = frozenset({Area.INVENTORY, Area.COMPOUNDING})

    def __init__(self, desk: Desk, rows: Query[Any, ..., Any]) -> None:
        super().__init__(desk)
        self._rows = rows
        self._all: list[ReorderRow] = []
        self.set_point = self.act("Set the reorder point", "Ctrl+E", self.open_point, service.change_item)
        self._may_set = self.set_point.isEnabled()
        self.scope = SegmentedChoice("Show", SCOPES, chosen=0, switch=True)
        self.page = ListDetail("Reorder", "", actions=[self.scope])
        empty = EmptyState("shopping-cart", "Nothing to order", "Items at or below their reorder point appear here.")
        self.table: RowsTable[ReorderRow] = RowsTable(COLUMNS, name="Reorder", empty=empty)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+E", "set the reorder point")])
        self.scope.chosen_changed.connect(lambda _: self._arrange())
        self.table.chosen_changed.connect(lambda _: self._show())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, self._rows, self._arrived)

    def _arrived(self, rows: Sequence[ReorderRow]) -> None:
        self._all = list(rows)
        due = sum(row.wanted.is_due for row in rows)
        self.page.head.remark.say(f"{counted(due, 'item')} to order" if due else "nothing to order")
        self._arrange()

    def _arrange(self) -> None:
        self.table.show_rows([row for row in self._all if row.wanted.is_due or self.scope.chosen() == 1])
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    def open_point(self) -> None:
        """Set below how many the chosen item is ordered, and up to how many."""
        if (row := self.table.chosen()) is not None:
            self.desk.ask(self, queries.item_draft, lambda draft: self._edit(row, draft), item_id=row.item.id)

    def _edit(self, row: ReorderRow, draft: ItemDraft) -> None:
        unit = f"{row.item.unit}s"
        editor = Editor(
            self.desk,
            "point",
            f"When to order {row.item.name}",
            [
                NumberField("reorder_point", "Reorder point", unit=unit, places=3),
                NumberField("order_up_to", "Order up to", unit=unit, places=3),
                NumberField("pack_size", "Comes in packs of", unit=unit, places=3, hint="an order is rounded up to whole packs"),
            ],
            draft,
            service.change_item,
            given=lambda typed: {"item_id": row.item.id, "draft": typed},
            said="Kept.",
            explanation="The pharmacy's own policy. Empty means: only say it when planned batches need more than there is.",
        )
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    def _show(self) -> None:
        if self.editor is not None:
            return
        row = self.table.chosen()
        if self._may_set:
            self.set_point.setEnabled(row is not None)
        if row is None:
            self.page.show_detail(None)
            return
        item = row.item
        order = f"Order {counted(row.wanted.quantity, item.unit)}" if row.wanted.quantity is not None else "Nothing to order"
        order += f", {counted(row.wanted.packs, 'pack')}" if row.wanted.packs else ""
        facts = [
            Fact("Available", counted(item.on_hand, item.unit)),
            Fact("Expired", counted(item.expired, item.unit) if item.expired else "none"),
            Fact("In quarantine", counted(item.in_quarantine, item.unit) if item.in_quarantine else "none"),
            Fact("Scheduled", f"{number(row.demand.scheduled)} for planned batches"),
            Fact("Dispensed", row.demand.words(row.left)),
            Fact("Reorder point", _or_none(item.reorder_point) or "not set"),
            Fact("Order up to", _or_none(item.order_up_to) or "not set"),
            Fact("Comes in packs of", _or_none(item.pack_size) or "not set"),
            Fact("NDC", ndc_text(item.ndc)),
        ]
        head = across(Pill(order, "due" if row.wanted.is_due else "done"), STRETCH)
        why = Text(row.wanted.because, 13, 400, "ink2", wraps=True)
        self.page.show_detail(
            holding(down(head, Text(item.name, 20, 600, wraps=True), why, FactList(facts), STRETCH, gap=12)),
            Button.for_action(self.set_point, "primary"),
        )
