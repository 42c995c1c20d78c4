"""Stock: items and what is left of them, lots in the order in which they are taken, and what expires."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import shiboken6
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout

from infusiondesk.catalog.queries import ProductRow, products
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.forms import Code
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import RowsTable
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.queries import InvestigationRow, ItemRow, LocationRow, LotRow, MovementRow
from infusiondesk.inventory.rules import Freshness
from infusiondesk.inventory.screens import shelf_forms
from infusiondesk.inventory.screens.shelf_columns import ITEM_COLUMNS, LOCATION_COLUMNS, LOT_COLUMNS, lot_tone, lot_words
from infusiondesk.inventory.screens.stock_detail import doubt_items, fill, item_facts, lot_facts, lot_items, movement_items

_WHY_NOT: Final = {
    "End the investigation": "Nobody looks into this lot.",
    "Retire the location": "Stock lies there: move it first.",
}
SCOPES: Final = ("Items", "Lots", "Expiring", "Locations")


class StockScreen(Screen):
    """The shelf, by item, by lot or by location."""

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.stock = self.act("Stock a new item", "Ctrl+N", self.stock_item, service.stock_item)
        self.receive = self.act("Receive a lot of it", "Ctrl+R", self.receive_some, service.receive_lot)
        self.change = self.act("Change it", "Ctrl+E", self.change_one, service.change_item)
        self.count = self.act("Count this lot", "Ctrl+Return", self.count_lot, service.count_lot)
        self.move_some = self.act("Move some", "Ctrl+M", self.move_lot, service.move_lot)
        self.expiry = self.act("Correct the expiry", "Ctrl+Shift+Y", self.correct_expiry, service.correct_expiry)
        self.waste = self.act("Waste some", "Ctrl+D", self.waste_some, service.waste_lot)
        self.quarantine = self.act("Put into quarantine", "Ctrl+U", self.put_apart, service.quarantine_lot)
        self.clear = self.act("Clear from quarantine", "Ctrl+Shift+U", self.clear_lot, service.clear_lot)
        self.suspect = self.act("Report as suspect", "Ctrl+Shift+S", self.suspect_lot, service.suspect_lot)
        self.investigated = self.act("End the investigation", "Ctrl+Shift+E", self.end_investigation, service.end_investigation)
        self.destroy_it = self.act("Destroy what is in quarantine", "Ctrl+Shift+D", self.destroy_lot, service.destroy_lot)
        self.send_back = self.act("Return it to the vendor", "Ctrl+Shift+R", self.return_lot, service.return_to_vendor)
        self.add_place = self.act("Add a location", "Ctrl+Shift+N", self.add_location, service.add_location)
        self.retire = self.act("Retire the location", "Ctrl+Shift+X", self.retire_location, service.retire_location)
        self._may = {action: action.isEnabled() for action in self.actions()}
        self._suspicion = ""
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
        nowhere = EmptyState(
            "package", "No location yet", "With the first item the pharmacy gets a room, a refrigerator, a freezer, a vault."
        )
        self.places: RowsTable[LocationRow] = RowsTable(LOCATION_COLUMNS, name="Locations", empty=nowhere)
        self._stack.addWidget(self.places)
        self.page.set_list(self._stack)
        self.page.set_foot_keys([("Up Down", "move"), ("Enter", "open")])
        for table in (self.items, self.lots, self.places):
            self.search.textChanged.connect(table.narrow)
            table.chosen_changed.connect(lambda _: self._show())
            table.activated_row.connect(lambda _: self.page.open_drawer())
            table.counted.connect(lambda _: self.page.say_count(self._table().count_text()))
        self.scope.chosen_changed.connect(lambda _: self._turn())
        self._beside = QVBoxLayout()
        self._doubts = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def _table(self) -> RowsTable[Any]:
        tables: dict[str, RowsTable[Any]] = {"Items": self.items, "Locations": self.places}
        return tables.get(SCOPES[self.scope.chosen() or 0], self.lots)

    def reload(self) -> None:
        self.desk.ask(self, queries.items, self._items_arrived)
        query = queries.expiring_lots if self.scope.chosen() == SCOPES.index("Expiring") else queries.lots
        self.desk.ask(self, query, self._lots_arrived)
        self.desk.ask(self, queries.locations, self._locations_arrived)

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

    def _locations_arrived(self, rows: Sequence[LocationRow]) -> None:
        self.places.show_rows(rows)
        self._choose_one(self.places)

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
        self._edit(shelf_forms.new_item(self.desk, self.look_up_product))

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

    def change_one(self) -> None:
        """Open the chosen item, or the chosen location's name."""
        item, place = self._item(), self._place()
        if item is not None:
            begin = partial(shelf_forms.changed_item, self.desk, item)
            self.desk.ask(self, queries.item_draft, lambda draft: self._edit(begin(draft)), item_id=item.id)
        elif place is not None:
            self._edit(shelf_forms.renamed_location(self.desk, place))

    def count_lot(self) -> None:
        """Open a count of the chosen lot."""
        if (row := self._lot()) is not None:
            self._edit(shelf_forms.counted_lot(self.desk, row))

    def waste_some(self) -> None:
        """Open a write-off of the chosen lot."""
        if (row := self._lot()) is not None:
            self._edit(shelf_forms.wasted_lot(self.desk, row))

    def correct_expiry(self) -> None:
        """Say what the package of the chosen lot reads."""
        if (row := self._lot()) is not None:
            self._edit(shelf_forms.corrected_expiry(self.desk, row))

    def move_lot(self) -> None:
        """Carry some of the chosen lot elsewhere."""
        row = self._lot()
        item = next((one for one in self.items.rows() if row is not None and one.id == row.item_id), None)
        if row is not None and item is not None:
            self._edit(shelf_forms.moved_lot(self.desk, row, item.kept_in, self.places.rows()))

    def suspect_lot(self) -> None:
        """Report the chosen lot as suspect: it goes into quarantine."""
        if (row := self._lot()) is not None:
            said = f"Lot {row.lot_number} is in quarantine and is looked into."
            self.desk.do(self, service.suspect_lot, said=said, lot_id=row.id)

    def end_investigation(self) -> None:
        """Say what the investigation of the chosen lot found."""
        if (row := self._lot()) is not None and self._suspicion:
            self._edit(shelf_forms.ended_investigation(self.desk, row, self._suspicion))

    def destroy_lot(self) -> None:
        """Destroy what is in quarantine of the chosen lot, with a witness."""
        if (row := self._lot()) is not None:
            self.desk.do(self, service.destroy_lot, said=f"Lot {row.lot_number} is destroyed.", lot_id=row.id)

    def return_lot(self) -> None:
        """Send what is in quarantine of the chosen lot back."""
        if (row := self._lot()) is not None:
            self.desk.do(self, service.return_to_vendor, said=f"Lot {row.lot_number} goes back.", lot_id=row.id)

    def add_location(self) -> None:
        """Open an empty location."""
        self._edit(shelf_forms.new_location(self.desk))

    def retire_location(self) -> None:
        """Let no stock go to the chosen location any more."""
        if (row := self._place()) is not None:
            self.desk.do(self, service.retire_location, said=f"{row.name} is retired.", location_id=row.id)

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
        elif name == "location":
            self.add_location()

    def _lot(self) -> LotRow | None:
        return self.lots.chosen() if self._table() is self.lots else None

    def _place(self) -> LocationRow | None:
        return self.places.chosen() if self._table() is self.places else None

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
        lot, item, place = self._lot(), self._item(), self._place()
        is_apart = lot is not None and lot.in_quarantine > 0
        is_left = lot is not None and lot.on_hand > 0
        for action, is_possible in (
            (self.receive, item is not None),
            (self.change, item is not None or place is not None),
            (self.count, lot is not None),
            (self.move_some, is_left),
            (self.expiry, lot is not None),
            (self.waste, is_left),
            (self.quarantine, is_left),
            (self.clear, is_apart),
            (self.suspect, lot is not None),
            (self.investigated, False),
            (self.destroy_it, is_apart),
            (self.send_back, is_apart),
            (self.retire, place is not None and not place.lots),
        ):
            if self._may[action]:
                action.setEnabled(is_possible)
                action.setWhatsThis("" if is_possible else _WHY_NOT.get(action.text(), ""))
        self._suspicion = ""
        if lot is not None:
            self._show_lot(lot)
        elif item is not None:
            self._show_item(item)
        elif place is not None:
            self._show_place(place)
        else:
            self.page.show_detail(None)

    def _show_item(self, row: ItemRow) -> None:
        self._beside = down(gap=8)
        self.desk.ask(self, queries.lots_of, self._show_lots, item_id=row.id)
        content = holding(down(Text(row.name, 20, 600, wraps=True), FactList(item_facts(row)), self._beside, STRETCH, gap=12))
        self.page.show_detail(content, Button.for_action(self.receive, "primary", icon="plus"), Button.for_action(self.change))

    def _show_place(self, row: LocationRow) -> None:
        facts = FactList([Fact("Kind", row.kind.value), Fact("Lots", str(row.lots))])
        self._beside = down(gap=8)
        self.desk.ask(self, queries.lots, self._show_lots, location_id=row.id)
        content = holding(down(Text(row.name, 20, 600, wraps=True), facts, self._beside, STRETCH, gap=12))
        self.page.show_detail(
            content,
            Button.for_action(self.add_place, "primary", icon="plus"),
            Button.for_action(self.change),
            Button.for_action(self.retire),
        )

    def _show_lots(self, rows: Sequence[LotRow]) -> None:
        if shiboken6.isValid(self._beside) and self._table() is not self.lots:
            fill(self._beside, lot_items(rows, by_item=self._place() is not None))

    def _show_lot(self, row: LotRow) -> None:
        self._beside = down(gap=6)
        self._doubts = down(gap=6)
        self.desk.ask(self, queries.movements_of, self._show_movements, lot_id=row.id)
        self.desk.ask(self, queries.investigations_of, self._show_doubts, lot_id=row.id)
        head = across(Pill(lot_words(row), lot_tone(row)), *([Pill(row.controlled, "due")] if row.controlled else []), STRETCH)
        name = down(Text(row.item, 20, 600, wraps=True), Text(f"lot {row.lot_number}", 13, 400, "ink2"), gap=2)
        content = holding(down(head, name, FactList(lot_facts(row)), self._doubts, self._beside, STRETCH, gap=12))
        if row.in_quarantine:
            buttons = [Button.for_action(self.clear, "primary"), Button.for_action(self.investigated)]
            buttons += [Button.for_action(self.destroy_it, "danger_outline"), Button.for_action(self.send_back)]
        else:
            buttons = [Button.for_action(self.count, "primary", icon="check"), Button.for_action(self.move_some)]
            buttons += [Button.for_action(self.waste), Button.for_action(self.quarantine, "danger_outline")]
            buttons += [Button.for_action(self.suspect), Button.for_action(self.expiry)]
        self.page.show_detail(content, *buttons)

    def _show_doubts(self, rows: Sequence[InvestigationRow]) -> None:
        if not shiboken6.isValid(self._doubts) or self._table() is not self.lots:
            return
        for row in rows:
            if row.end is None:
                self._suspicion = row.suspicion
                if self._may[self.investigated]:
                    self.investigated.setWhatsThis("")
                    self.investigated.setEnabled(True)
                if self._may[self.clear]:
                    self.clear.setWhatsThis("The lot is suspect: end the investigation first.")
                    self.clear.setEnabled(False)
        fill(self._doubts, doubt_items(rows))

    def _show_movements(self, rows: Sequence[MovementRow]) -> None:
        if shiboken6.isValid(self._beside) and self._table() is self.lots:
            fill(self._beside, movement_items(rows))
