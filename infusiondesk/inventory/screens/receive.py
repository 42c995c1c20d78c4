"""Receive a lot: scan or type what arrived; it is on hand at once, and the last days' receipts stand beside."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import Code, CodeField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.scan import ScanField
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.queries import ItemRow, ReceiptRow, ScanRow
from infusiondesk.inventory.rules import ReceiptDraft
from infusiondesk.inventory.screens.receipt_fields import RECEIPT_FIELDS

COLUMNS: Sequence[Column[ReceiptRow]] = (
    Column("Time", lambda row: f"{row.received_at:%H:%M}", sort=lambda row: row.received_at, width=72),
    Column("Item", lambda row: row.item, strong=True, second=lambda row: f"lot {row.lot_number}", stretch=2),
    Column("Received", lambda row: counted(row.quantity, row.unit), sort=lambda row: row.quantity, strong=True, width=110),
    Column("Expires", lambda row: day(row.expires_on), sort=lambda row: row.expires_on, width=116),
    Column("Vendor", lambda row: row.vendor, second=lambda row: row.received_by, stretch=1),
)


class ReceiveScreen(Screen):
    """A form that is always open; a saved receipt empties it, the vendor stays. What is typed is kept from the first letter on."""

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.start = self.act("Next package", "Ctrl+N", self.next_package, service.receive_lot)
        self.page = ListDetail(
            "Receive a lot", "the last three days", actions=[Button.for_action(self.start, icon="barcode", dense=True)]
        )
        empty = EmptyState("package", "Nothing received in three days", "What you receive appears here, the newest first.")
        self.table: RowsTable[ReceiptRow] = RowsTable(
            COLUMNS, name="Received lately", group=lambda row: day(row.received_at.date()), empty=empty
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Ctrl+N", "next package"), ("Ctrl+S", "receive")])
        self.scan = ScanField("Scan, or type NDC or lot", name="Scan the package")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._begin_receipt("")

    def reload(self) -> None:
        self.desk.ask(self, queries.receipts_lately, self.table.show_rows)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.next_package()

    def next_package(self) -> None:
        """Go to the scan field, where the form is a drawer open it."""
        self.page.open_drawer()
        self.scan.setFocus()

    def look_up(self, text: str) -> None:
        """Find what was scanned, and fill in what it says."""
        self.desk.ask(self, queries.lot_by_scan, lambda row: self._found(text, row), text=text)

    def look_up_item(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        """Items for the field, while one types."""

        def offer(rows: Sequence[ItemRow]) -> None:
            then([_code_of(row) for row in rows])

        self.desk.ask(self, queries.find_items, offer, words=words)

    def open_editor(self, name: str) -> None:
        """The form is open already; what was kept goes into it."""
        self._keep(self._receipt)

    def _keep(self, editor: Editor) -> None:
        if self.editor is None:
            self.begin(editor)

    def _begin_receipt(self, vendor: str) -> None:
        self.scan = ScanField("Scan, or type NDC or lot", name="Scan the package")
        self.scan.scanned.connect(self.look_up)
        editor = Editor(
            self.desk,
            "receipt",
            "What arrived",
            self._fields(),
            ReceiptDraft(vendor=vendor),
            service.receive_lot,
            said="Received, on hand.",
            save="Receive",
        )
        self._receipt = editor
        editor.form.changed.connect(lambda: self._keep(editor))
        editor.saved.connect(lambda _: self._go_on(editor.form.draft.vendor))
        editor.cancelled.connect(lambda: self._begin_receipt(""))
        self.page.show_detail(holding(down(self.scan, editor, STRETCH, gap=8)), editor.save, editor.cancel)

    def _go_on(self, vendor: str) -> None:
        self._begin_receipt(vendor)
        self.next_package()

    def _fields(self) -> Sequence[Field | str]:
        return (
            CodeField("item_id", "Item", required=True, look_up=self.look_up_item),
            *RECEIPT_FIELDS,
        )

    def _found(self, text: str, row: ScanRow) -> None:
        if row.item is None or row.contradicts:
            self.scan.show_refused(text, row.because or "This is not known here.")
            return
        typed: Any = replace(self._receipt.form.draft)
        typed.item_id = _code_of(row.item)
        typed.lot_number = row.lot_number or typed.lot_number
        typed.expires = row.expires_on.isoformat() if row.expires_on else typed.expires
        self._receipt.form.fresh(typed)
        known = "a lot on file" if row.lot is not None else "a new lot"
        self.scan.show_matched(row.item.name, known if row.lot_number else "type lot and expiry")
        self._receipt.form.focus_field("quantity" if row.lot_number and row.expires_on else "lot_number")


def _code_of(row: ItemRow) -> Code:
    return Code(row.name, f"{counted(row.on_hand, row.unit)} on hand", row.id)
