"""Receive: the document of a delivery once, then scan, quantity, Enter, scan; each lot is on hand at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

from infusiondesk.foundation.kernel.ismp import counted, day, number
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, Code, CodeField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.scan import ScanField
from infusiondesk.foundation.qtkit.parts.scan_guard import ScanGuard
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.queries import DocumentRow, ItemRow, LocationRow, ReceiptRow, ScanRow
from infusiondesk.inventory.rules import ArrivalDraft, ReceiptDraft
from infusiondesk.inventory.screens.receipt_fields import ARRIVAL_FIELDS, DOCUMENT_FIELDS

COLUMNS: Sequence[Column[ReceiptRow]] = (
    Column("Time", lambda row: f"{row.received_at:%H:%M}", sort=lambda row: row.received_at, width=72),
    Column("Item", lambda row: row.item, strong=True, second=lambda row: f"lot {row.lot_number}", stretch=2),
    Column("Received", lambda row: counted(row.quantity, row.unit), sort=lambda row: row.quantity, strong=True, width=110),
    Column("Expires", lambda row: day(row.expires_on), sort=lambda row: row.expires_on, width=116),
    Column("Lies in", lambda row: row.location, second=lambda row: row.received_by, stretch=1),
)


class ReceiveScreen(Screen):
    """The form is always open; a received lot empties it, the document stays. What is typed is kept from the first letter on."""

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.start = self.act("Next package", "Ctrl+N", self.next_package, service.receive_lot)
        self.other = self.act("New document", "Ctrl+D", self.begin_document, service.begin_receipt)
        self.correct = self.act("Correct the document", "Ctrl+E", self.correct_document, service.correct_receipt)
        actions = [
            Button.for_action(self.other, icon="plus", dense=True),
            Button.for_action(self.correct, icon="pencil-simple", dense=True),
        ]
        self.page = ListDetail("Receive a lot", "the last three days", actions=actions)
        empty = EmptyState("package", "Nothing received in three days", "What you receive appears here, the newest first.")
        self.table: RowsTable[ReceiptRow] = RowsTable(
            COLUMNS,
            name="Received lately",
            group=lambda row: f"{row.vendor} {row.document_number}, {day(row.received_at.date())}",
            empty=empty,
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Ctrl+N", "next package"), ("Enter", "receive, in the quantity"), ("Ctrl+D", "new document")])
        self.document: DocumentRow | None = None
        self.locations: Sequence[LocationRow] = ()
        self._asked_item: UUID | None = None
        self._scans = 0
        self._is_known = False
        self._kept_typing: dict[str, Any] | None = None
        self._why = Text("", 13, 600, "danger", wraps=True)
        self.scan = ScanField("Scan, or type NDC or lot", name="Scan the package")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._receipt = self._document_editor(ReceiptDraft(), None)

    def reload(self) -> None:
        self.desk.ask(self, queries.receipts_lately, self.table.show_rows)
        self.desk.ask(self, queries.locations, self._locations_arrived)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.next_package()

    def next_package(self) -> None:
        """Go to the scan field, or to the vendor while there is no document; where the form is a drawer open it."""
        self.page.open_drawer()
        if self.document is None:
            self._receipt.form.focus_field("vendor")
        else:
            self.scan.setFocus()

    def begin_document(self) -> None:
        """A delivery more: its document first."""
        self._turn_to(None)
        self.next_package()

    def correct_document(self) -> None:
        """What was typed wrong on the document, or came later."""
        if self.document is not None:
            self.desk.ask(self, queries.receipt_draft, self._correct, receipt_id=self.document.id)

    def look_up(self, text: str) -> None:
        """Find what was scanned, and fill in what it says."""
        self.desk.ask(
            self,
            queries.arrival_by_scan,
            lambda row: self._found(text, row),
            text=text,
            item_id=self._asked_item,
        )

    def _scanned_into_quantity(self, text: str) -> None:
        """The guard has put the field's text back; the form reads it again, for the digits of the code were a number meanwhile."""
        for field in self._receipt.form.box("quantity").focus_widgets():
            if isinstance(field, QLineEdit):
                field.textEdited.emit(field.text())
        self.look_up(text)

    def look_up_item(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        """Items for the field, while one types."""

        def offer(rows: Sequence[ItemRow]) -> None:
            then([_code_of(row) for row in rows])

        self.desk.ask(self, queries.find_items, offer, words=words)

    def show_record(self, record_id: UUID) -> None:
        """Another screen asks to receive an item: it is chosen, lot and expiry are typed or scanned."""

        def choose(rows: Sequence[ItemRow]) -> None:
            row = next((one for one in rows if one.id == record_id), None)
            if row is not None and self.document is not None:
                typed: Any = replace(self._receipt.form.draft, item_id=_code_of(row))
                self._receipt.form.fresh(typed)
                self._asked_item = row.id
                self.scan.show_ready(f"Scan {row.name}")

        self.desk.ask(self, queries.items, choose)

    def restore_draft(self, kept: dict[str, Any]) -> None:
        """What was typed belongs to the document that is gone on with: not before that is known."""
        if self._is_known:
            super().restore_draft(kept)
        else:
            self._kept_typing = kept

    def open_editor(self, name: str) -> None:
        """The form is open already; what was kept goes into it."""
        if name == self._receipt.name and self.editor is None:
            self.begin(self._receipt)

    # The document.

    def _documents_arrived(self, rows: Sequence[DocumentRow]) -> None:
        """Go on with the document that this person began today."""
        self._is_known = True
        mine = [row for row in rows if row.received_by == self.desk.actor.name]
        if mine and self.document is None and self.editor is None:
            self._turn_to(mine[0])
            self.next_package()
        if self._kept_typing is not None:
            super().restore_draft(self._kept_typing)
            self._kept_typing = None

    def _turn_to(self, document: DocumentRow | None) -> None:
        self.document = document
        self.correct.setEnabled(document is not None)
        self._receipt = self._document_editor(ReceiptDraft(), None) if document is None else self._arrival_editor(document)

    def _document_editor(self, draft: ReceiptDraft, receipt_id: UUID | None) -> Editor:
        is_new = receipt_id is None
        editor = Editor(
            self.desk,
            "document",
            "The document of the delivery" if is_new else "Correct the document",
            DOCUMENT_FIELDS,
            draft,
            service.begin_receipt if is_new else service.correct_receipt,
            given=None if is_new else lambda typed: {"receipt_id": receipt_id, "draft": typed},
            said="Now scan the first package." if is_new else "Corrected.",
            save="Begin" if is_new else "Save",
            explanation="Once for each delivery. Drugs come with transaction information and statement (DSCSA)." if is_new else "",
        )
        editor.form.changed.connect(lambda: self._keep(editor))
        editor.saved.connect(lambda saved: self._begun(receipt_id or saved))
        editor.cancelled.connect(lambda: self._turn_to(self.document))
        self.page.show_detail(editor, editor.save, editor.cancel)
        return editor

    def _correct(self, draft: ReceiptDraft) -> None:
        if self.document is not None:
            self._receipt = self._document_editor(draft, self.document.id)
            self.page.open_drawer()

    def _begun(self, receipt_id: UUID) -> None:
        def arrived(document: DocumentRow) -> None:
            self._turn_to(document)
            self.next_package()

        self.desk.ask(self, queries.receipt_of, arrived, receipt_id=receipt_id)

    # What arrived.

    def _arrival_editor(self, document: DocumentRow) -> Editor:
        self._asked_item, self._scans = None, 0
        self.scan = ScanField("Scan, or type NDC or lot", name="Scan the package")
        self.scan.scanned.connect(self.look_up)
        editor = Editor(
            self.desk,
            "receipt",
            "What arrived",
            self._fields(),
            ArrivalDraft(),
            service.receive_lot,
            given=lambda draft: {"receipt_id": document.id, "draft": draft},
            said="Received, on hand.",
            save="Receive",
        )
        editor.begin_at(self.scan)
        editor.form.changed.connect(lambda: self._keep(editor))
        editor.saved.connect(lambda _: self._go_on())
        editor.cancelled.connect(self._go_on)
        quantity, app = editor.form.box("quantity"), QApplication.instance()
        if isinstance(app, QApplication):
            ScanGuard(app, quantity).scanned.connect(self._scanned_into_quantity)
        for field in quantity.focus_widgets():
            if isinstance(field, QLineEdit):
                field.returnPressed.connect(editor.save.click)
        told = "with transaction data" if document.has_transaction else f"no transaction data: {document.without_because}"
        form = f"; order form {document.order_form}" if document.order_form else ""
        form += f"; supplier's DEA number {document.supplier_dea}" if document.supplier_dea else ""
        head = down(Text(document.title, 16, 600, wraps=True), Text(told + form, 12, 400, "ink3", wraps=True), gap=2)
        self._why = Text("", 13, 600, "danger", wraps=True)
        self._why.setVisible(False)
        content = holding(down(head, self.scan, self._why, editor, STRETCH, gap=8))
        self.page.show_detail(content, editor.save, editor.cancel)
        return editor

    def _keep(self, editor: Editor) -> None:
        if self.editor is None:
            self.begin(editor)

    def _go_on(self) -> None:
        self._turn_to(self.document)
        self.next_package()

    def _fields(self) -> Sequence[Field | str]:
        places = [(None, "where it belongs"), *((row.id, row.name) for row in self.locations)]
        return (
            CodeField("item_id", "Item", required=True, look_up=self.look_up_item),
            *ARRIVAL_FIELDS,
            ChoiceField("location_id", "Put into", choices=places, spread=False),
        )

    def _locations_arrived(self, rows: Sequence[LocationRow]) -> None:
        has_changed = [row.id for row in rows] != [row.id for row in self.locations]
        self.locations = rows
        if not self._is_known:
            self.desk.ask(self, queries.documents_lately, self._documents_arrived)
        elif has_changed and self.document is not None and self.editor is None:
            self._turn_to(self.document)

    def _refuse(self, text: str, because: str) -> None:
        """What is wrong stands below the scan in full: the field itself has room for one line only."""
        self.scan.show_refused(text, "not taken")
        self._why.say(because)
        self._why.setVisible(True)

    def _found(self, text: str, row: ScanRow) -> None:
        if row.item is None or row.contradicts:
            self._refuse(text, row.because or "This is not known here.")
            return
        typed: Any = replace(self._receipt.form.draft)
        is_twice = bool(row.serial) and row.serial in typed.serials
        # What is counted of one lot is not another's.
        is_counted = typed.quantity is not None or bool(row.serial)
        is_other = bool(typed.lot_number and row.lot_number) and row.lot_number != typed.lot_number.strip().upper()
        if typed.item_id and (is_twice or (is_other and is_counted)):
            told = f"Serial {row.serial} was scanned already." if is_twice else "Another lot. Receive the first one."
            self._refuse(text, told)
            return
        self._why.setVisible(False)
        self._asked_item = row.item.id
        typed.item_id = _code_of(row.item)
        typed.lot_number = row.lot_number or typed.lot_number
        typed.expires = row.expires_on.isoformat() if row.expires_on else typed.expires
        if row.serial:
            typed.serials = [*typed.serials, row.serial]
            typed.quantity = max(typed.quantity or Decimal(0), Decimal(len(typed.serials)))
        elif row.is_scan and row.lot_number and row.expires_on and typed.quantity in (None, self._scans):
            self._scans += 1  # each package that is scanned counts one; what was typed in between is not touched
            typed.quantity = Decimal(self._scans)
        self._receipt.form.fresh(typed)
        self._keep(self._receipt)
        known = "a lot on file" if row.lot is not None else "a new lot"
        serials = f", {number(Decimal(len(typed.serials)))} scanned by serial" if typed.serials else ""
        if not serials and self._scans > 1:
            serials = f", {counted(self._scans, 'package')} scanned"
        self.scan.show_matched(row.item.name, (known if row.lot_number else "type lot and expiry") + serials)
        self._receipt.form.focus_field("quantity" if row.lot_number and row.expires_on else "lot_number")


def _code_of(row: ItemRow) -> Code:
    return Code(row.name, f"{counted(row.on_hand, row.unit)} on hand, {row.kept_in}", row.id)
