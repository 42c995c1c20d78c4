"""Stock: items and what is left of them, lots in the order in which they are taken, and what expires."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import shiboken6
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout

from infusiondesk.catalog.queries import ProductRow, products
from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.ismp import counted, day, moment, number
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.forms import ChoiceField, Code, CodeField, NumberField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.queries import ItemRow, LotRow, MovementRow
from infusiondesk.inventory.rules import CountDraft, Freshness, ItemDraft, ItemKind, WasteDraft

TONES: Final[Mapping[Freshness, Tone]] = {Freshness.GOOD: "done", Freshness.SOON: "due", Freshness.EXPIRED: "danger"}
SCOPES: Final = ("Items", "Lots", "Expiring")


def _left(row: ItemRow) -> str:
    return counted(row.on_hand, row.unit) if row.on_hand else "none"


def _apart(row: ItemRow) -> str:
    told = [(row.expired, "expired"), (row.in_quarantine, "in quarantine")]
    return ", ".join(f"{number(count)} {words}" for count, words in told if count)


def _item_tone(row: ItemRow) -> Tone | None:
    return "due" if not row.on_hand else None


def _lot_words(row: LotRow) -> str:
    if row.in_quarantine:
        return f"{number(row.in_quarantine)} in quarantine"
    return row.freshness.value


def _lot_tone(row: LotRow) -> Tone:
    return "danger" if row.in_quarantine else TONES[row.freshness]


ITEM_COLUMNS: Sequence[Column[ItemRow]] = (
    Column("Item", lambda row: row.name, strong=True, second=lambda row: row.kind.value, stretch=2),
    Column("On hand", _left, sort=lambda row: row.on_hand, tone=_item_tone, strong=True),
    Column(
        "Next expiry",
        lambda row: day(row.next_expiry) if row.next_expiry else "",
        sort=lambda row: row.next_expiry,
        tone=lambda row: TONES[row.freshness] if row.freshness is Freshness.SOON else None,
        shape=True,
        width=140,
    ),
    Column("Set apart", _apart, tone=lambda row: "danger", stretch=1),
    Column("NDC", lambda row: ndc_text(row.ndc) or "not entered", hidden=True),
)
LOT_COLUMNS: Sequence[Column[LotRow]] = (
    Column("Item", lambda row: row.item, strong=True, second=lambda row: f"lot {row.lot_number}", stretch=2),
    Column("On hand", lambda row: counted(row.on_hand, row.unit), sort=lambda row: row.on_hand, strong=True),
    Column("Expires", lambda row: day(row.expires_on), sort=lambda row: row.expires_on, width=110),
    Column("State", _lot_words, tone=_lot_tone, shape=True, stretch=1),
    Column("Lies in", lambda row: row.where),
)


class StockScreen(Screen):
    """The shelf, by item or by lot."""

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.stock = self.act("Stock a new item", "Ctrl+N", self.stock_item, service.stock_item)
        self.receive = self.act("Receive a lot of it", "Ctrl+R", self.receive_some, service.receive_lot)
        self.count = self.act("Count this lot", "Ctrl+Return", self.count_lot, service.count_lot)
        self.waste = self.act("Waste some", "Ctrl+D", self.waste_some, service.waste_lot)
        self.quarantine = self.act("Put into quarantine", "Ctrl+U", self.put_apart, service.quarantine_lot)
        self.clear = self.act("Clear from quarantine", "Ctrl+Shift+U", self.clear_lot, service.clear_lot)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find in stock")
        self.search.setAccessibleName("Find in stock")
        self.search.setFont(font(13))
        self.search.setFixedHeight(36)
        self.search.setMaximumWidth(240)
        self.scope = SegmentedChoice("Show", SCOPES, chosen=0, switch=True)
        self.page = ListDetail(
            "Stock", "", actions=[self.search, self.scope, Button.for_action(self.stock, icon="plus", dense=True)]
        )
        empty = EmptyState("package", "Nothing is stocked yet", "Stock an item, then receive its first lot.", "Stock a new item")
        empty.asked.connect(self.stock_item)
        self.items: RowsTable[ItemRow] = RowsTable(ITEM_COLUMNS, name="Items", empty=empty)
        none = EmptyState("package", "No lot here", "Lots that are received appear here, the first to expire first.")
        self.lots: RowsTable[LotRow] = RowsTable(LOT_COLUMNS, name="Lots", empty=none)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.items)
        self._stack.addWidget(self.lots)
        self.page.set_list(self._stack)
        self.page.set_foot_keys([("Up Down", "move"), ("Enter", "open")])
        for table in (self.items, self.lots):
            self.search.textChanged.connect(table.narrow)
            table.chosen_changed.connect(lambda _: self._show())
            table.activated_row.connect(lambda _: self.page.open_drawer())
            table.counted.connect(lambda _: self.page.say_count(self._table().count_text()))
        self.scope.chosen_changed.connect(lambda _: self._turn())
        self._beside = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def _table(self) -> RowsTable[Any]:
        return self.items if self.scope.chosen() == 0 else self.lots

    def reload(self) -> None:
        self.desk.ask(self, queries.items, self._items_arrived)
        query = queries.expiring_lots if self.scope.chosen() == SCOPES.index("Expiring") else queries.lots
        self.desk.ask(self, query, self._lots_arrived)

    def _items_arrived(self, rows: Sequence[ItemRow]) -> None:
        self.items.show_rows(rows)
        soon = sum(row.freshness is Freshness.SOON for row in rows)
        gone = sum(row.on_hand == 0 for row in rows)
        told = [f"{soon} expiring soon" if soon else "", f"{gone} out of stock" if gone else ""]
        self.page.head.remark.say(", ".join(filter(None, told)) or "first expired, first out")
        self._choose_one(self.items)

    def _lots_arrived(self, rows: Sequence[LotRow]) -> None:
        self.lots.show_rows(rows)
        self._choose_one(self.lots)

    def _choose_one(self, table: RowsTable[Any]) -> None:
        if table.chosen() is None:
            table.choose_first()
        if table is self._table():
            self._show()

    def _turn(self) -> None:
        self._stack.setCurrentWidget(self._table())
        self.reload()
        self.page.say_count(self._table().count_text())
        self._show()

    # Doing.

    def stock_item(self) -> None:
        """Open an empty item."""
        fields = [
            ChoiceField("kind", "Kind", choices=[kind.value for kind in ItemKind], spread=False),
            CodeField("product_id", "Product of the catalog", look_up=self.look_up_product, hint="for a drug or a diluent"),
            TextField("name", "Item", required=True, hint="as its package reads"),
            TextField("unit", "Counted as", required=True, hint="vial, bag, set"),
            TextField("ndc", "NDC", hint="with hyphens, or eleven digits; a scan finds the item by it"),
        ]
        self._edit(Editor(self.desk, "item", "Stock a new item", fields, ItemDraft(), service.stock_item, said="Stocked."))

    def look_up_product(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        """Products for the field, while one types."""

        def offer(rows: Sequence[ProductRow]) -> None:
            wanted = words.casefold().split()
            then([Code(row.label, "", row.id) for row in rows if all(word in row.label.casefold() for word in wanted)])

        self.desk.ask(self, products, offer)

    def receive_some(self) -> None:
        """Go to the receipt with the chosen item."""
        if (row := self._item()) is not None:
            self.record_asked.emit("Receive a lot", row.id)

    def count_lot(self) -> None:
        """Open a count of the chosen lot."""
        if (row := self._lot()) is not None:
            fields = [NumberField("found", "Counted", unit=f"{row.unit}s", places=3, required=True)]
            editor = Editor(
                self.desk,
                "count",
                f"Count lot {row.lot_number}",
                fields,
                CountDraft(),
                service.count_lot,
                given=lambda draft: {"lot_id": row.id, "found": draft.found},
                said="Counted.",
                explanation=f"{row.item}. Count first, then look: a difference is counted again by another person, under Counts.",
            )
            self._edit(editor)

    def waste_some(self) -> None:
        """Open a write-off of the chosen lot."""
        if (row := self._lot()) is not None:
            fields = [NumberField("quantity", "Waste", unit=f"{row.unit}s", places=3, required=True)]
            editor = Editor(
                self.desk,
                "waste",
                f"Waste of lot {row.lot_number}",
                fields,
                WasteDraft(),
                service.waste_lot,
                given=lambda draft: {"lot_id": row.id, "quantity": draft.quantity},
                said="Written off.",
                explanation=f"{row.item}. {counted(row.on_hand, row.unit)} on hand.",
            )
            self._edit(editor)

    def put_apart(self) -> None:
        """Put the chosen lot into quarantine."""
        if (row := self._lot()) is not None:
            self.desk.do(self, service.quarantine_lot, said=f"Lot {row.lot_number} is in quarantine.", lot_id=row.id)

    def clear_lot(self) -> None:
        """Clear the chosen lot from quarantine."""
        if (row := self._lot()) is not None:
            self.desk.do(self, service.clear_lot, said=f"Lot {row.lot_number} is on hand again.", lot_id=row.id)

    def open_editor(self, name: str) -> None:
        if name == "item":
            self.stock_item()

    def _lot(self) -> LotRow | None:
        return self.lots.chosen() if self._table() is self.lots else None

    def _item(self) -> ItemRow | None:
        return self.items.chosen() if self._table() is self.items else None

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    # Showing.

    def _show(self) -> None:
        if self.editor is not None:
            return
        lot = self._lot()
        for action, is_possible in (
            (self.receive, self._item() is not None),
            (self.count, lot is not None),
            (self.waste, lot is not None and lot.on_hand > 0),
            (self.quarantine, lot is not None and lot.on_hand > 0),
            (self.clear, lot is not None and lot.in_quarantine > 0),
        ):
            if not action.whatsThis():
                action.setEnabled(is_possible)
        if lot is not None:
            self._show_lot(lot)
        elif (item := self._item()) is not None:
            self._show_item(item)
        else:
            self.page.show_detail(None)

    def _show_item(self, row: ItemRow) -> None:
        facts = [
            Fact("On hand", _left(row), _item_tone(row)),
            Fact("Kind", row.kind.value),
            Fact("NDC", ndc_text(row.ndc) or "not entered: a scan cannot find it", None if row.ndc else "due"),
        ]
        if apart := _apart(row):
            facts.append(Fact("Set apart", apart, "danger"))
        self._beside = down(gap=8)
        self.desk.ask(self, queries.lots_of, self._show_lots, item_id=row.id)
        content = holding(down(Text(row.name, 20, 600, wraps=True), FactList(facts), self._beside, STRETCH, gap=12))
        self.page.show_detail(content, Button.for_action(self.receive, "primary", icon="plus"))

    def _show_lots(self, rows: Sequence[LotRow]) -> None:
        if not shiboken6.isValid(self._beside) or self._table() is not self.items:
            return
        clear(self._beside)
        self._beside.addWidget(SectionTitle("Lots, take in this order", px=14))
        for row in rows:
            words = down(
                Text(f"{row.lot_number}, {counted(row.on_hand, row.unit)}", 13, 600),
                Text(f"expires {day(row.expires_on)}", 12, 400, "ink3"),
                gap=0,
            )
            self._beside.addWidget(holding(across((words, 1), Pill(_lot_words(row), _lot_tone(row)), gap=8)))
        if not rows:
            self._beside.addWidget(Text("None on the shelf. Receive a lot.", 13, 400, "ink2", wraps=True))

    def _show_lot(self, row: LotRow) -> None:
        facts = [
            Fact("On hand", counted(row.on_hand, row.unit)),
            Fact("Expires", day(row.expires_on), None if row.freshness is Freshness.GOOD else TONES[row.freshness]),
            Fact("Lies in", ", ".join(f"{place.location} {number(place.on_hand)}" for place in row.places if place.on_hand)),
            Fact("Maker", row.maker),
        ]
        if row.in_quarantine:
            facts.append(Fact("In quarantine", counted(row.in_quarantine, row.unit), "danger"))
        self._beside = down(gap=6)
        self.desk.ask(self, queries.movements_of, self._show_movements, lot_id=row.id)
        head = across(Pill(_lot_words(row), _lot_tone(row)), STRETCH)
        name = down(Text(row.item, 20, 600, wraps=True), Text(f"lot {row.lot_number}", 13, 400, "ink2"), gap=2)
        apart = self.clear if row.in_quarantine else self.quarantine
        self.page.show_detail(
            holding(down(head, name, FactList(facts), self._beside, STRETCH, gap=12)),
            Button.for_action(self.count, "primary", icon="check"),
            Button.for_action(self.waste),
            Button.for_action(apart, "secondary" if row.in_quarantine else "danger_outline"),
        )

    def _show_movements(self, rows: Sequence[MovementRow]) -> None:
        if not shiboken6.isValid(self._beside) or self._table() is not self.lots:
            return
        clear(self._beside)
        self._beside.addWidget(SectionTitle("What happened to it", px=14))
        for row in rows:
            sign = "+" if row.quantity > Decimal(0) else ""
            told = f"{sign}{number(row.quantity)} {row.kind.value}"
            why = ", ".join(filter(None, (row.location, row.because, row.moved_by, moment(row.moved_at))))
            self._beside.addWidget(holding(down(Text(told, 13, 600), Text(why, 12, 400, "ink3", wraps=True), gap=0)))
