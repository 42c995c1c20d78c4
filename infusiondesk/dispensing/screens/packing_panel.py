"""Packing with the scanner: the field listens, what was scanned is said large, the list shows what is still missing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.dispensing import service
from infusiondesk.dispensing.queries import LineRow, Scanned, TicketRow
from infusiondesk.dispensing.rules import PackOutDraft, ShipperFacts, needs_shipper, shipper_refusal
from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.forms import ChoiceField, Form, TextField
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.scan import ScanField
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone


def _mark(line: LineRow) -> Tone:
    return "done" if line.is_scanned else "due"


def _state(line: LineRow) -> str:
    if not line.is_scanned:
        return "to scan" if line.bag else f"{line.amount} to scan"
    how = "typed" if line.was_typed else "scanned"
    return how if line.bag else f"{line.amount}, {how}"


def _until(line: LineRow) -> str:
    if line.bag is not None:
        return moment(line.bag.beyond_use_at)
    return f"to {day(line.expires_on)}" if line.expires_on else ""


def _beside(line: LineRow) -> str:
    if line.bag is not None:
        return f"dose {moment(line.dose_at)}" if line.dose_at else ""
    return line.mark if line.serial else f"lot {line.mark}"


# As many digits as a person types for a number of units; every barcode, lot of ours and serial of a pump is longer.
_MANY_DIGITS: Final = 3


LINES: Sequence[Column[LineRow]] = (
    Column("In the box", lambda line: line.bag.barcode if line.bag else line.what, second=_state, tone=_mark, shape=True,
           strong=True, wraps=True, stretch=2),
    Column("Use before", _until, second=_beside, stretch=2),
)  # fmt: skip


class PackingPanel(QWidget):
    """One ticket on the packing table."""

    changed = Signal()

    def __init__(self, desk: Desk, ticket: TicketRow, shippers: Sequence[ShipperFacts], today: date) -> None:
        super().__init__()
        self.desk, self.ticket = desk, ticket
        storages = ticket.storages
        self._counted: Scanned | None = None  # the package scanned last: a number typed next is how many of it
        fitting = [one for one in shippers if shipper_refusal(one, storages, today) is None]
        self._title = SectionTitle(f"Pack {ticket.number}", "")
        self.scan = ScanField("Scan a bag, a package or a pump", name="Scan a bag")
        self.scan.scanned.connect(self._scanned)
        self._said = Text("", 20, 600, wraps=True)
        self._more = Text("", 13, ink="ink2", wraps=True)
        self._held = Text("", 13, ink="danger", wraps=True)
        self._needed = Text("", 13, ink="due", wraps=True)
        self.table: RowsTable[LineRow] = RowsTable(
            LINES,
            name="On the ticket",
            empty=EmptyState("package", "Nothing is in the box", "Scan a pump or a package."),
        )
        self.table.setMinimumHeight(200)
        choices = [(one.id, f"{one.name}, {one.qualified_hours:f} hours") for one in fitting]
        fields: list[ChoiceField | TextField] = [TextField("logger_serial", "Logger", hint="serial of the temperature logger")]
        if choices:
            fields.insert(0, ChoiceField("shipper_id", "Validated shipper", choices=choices, spread=False))
        self.form = Form(list(fields), PackOutDraft())
        cold = needs_shipper(storages)
        note = "" if choices or not cold else "No shipper is validated for this season: the reason is asked and printed."
        self.close_box = Button("Close and sign", "primary", icon="package", key="Ctrl+Return")
        self.close_box.clicked.connect(self._close)
        if sentence := desk.refusal(service.finish_packing.permission):
            self.close_box.forbid(sentence)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._title, self.scan, self._said, self._more, self._held, self._needed):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addWidget(self.form)
        if note:
            column.addWidget(Text(note, 13, ink="due", wraps=True))
        self.show_ticket(ticket)

    def show_ticket(self, ticket: TicketRow) -> None:
        """The ticket as it is now; what was said of the last scan stays."""
        self.ticket = ticket
        # What is still missing stands first, then what was scanned last.
        scanned = sorted((line for line in ticket.lines if line.scanned_at), key=lambda line: str(line.scanned_at), reverse=True)
        self.table.show_rows([*(line for line in ticket.lines if not line.is_scanned), *scanned])
        needed = ticket.still_needed
        self._needed.say(f"Still needed: {', '.join(needed)}." if needed else "", "due")
        self._needed.setVisible(bool(needed))
        self._held.say(" ".join(ticket.holds), "danger")
        self._held.setVisible(bool(ticket.holds))
        left = ticket.left_to_scan
        self._title.say(f"Pack {ticket.number}", "all scanned" if not left else f"{left} of {len(ticket.lines)} to scan")
        if ticket.alarms:
            self.close_box.forbid(ticket.alarms[0])
        elif left:
            self.close_box.forbid(f"{counted(left, 'item')} {'is' if left == 1 else 'are'} not scanned yet.")
        elif not self.desk.refusal(service.finish_packing.permission):
            self.close_box.allow()

    def _scanned(self, code: str) -> None:
        number = code.strip()
        if self._counted is not None and number.isdecimal() and len(number) <= _MANY_DIGITS:
            self._set_quantity(self._counted, Decimal(number))
            return
        self.desk.do(
            self,
            service.scan_item,
            self._matched,
            when_refused=lambda refused: self._refused(code, refused),
            ticket_id=self.ticket.id,
            text=code,
            was_typed=self.scan.was_typed(),
        )

    def _set_quantity(self, package: Scanned, many: Decimal) -> None:
        self.desk.do(
            self,
            service.set_quantity,
            lambda _: self._told_package(replace(package, quantity=many)),
            when_refused=lambda refused: self._refused(f"{many}", refused, package),
            line_id=package.line_id,
            quantity=many,
        )

    def _told_package(self, found: Scanned) -> None:
        """Units of the shelf, or a pump, are in the box."""
        self._counted = found if found.lot else None
        left = f"{found.left} left" if found.left else "all scanned"
        self.scan.show_matched(found.serial or found.lot, left)
        if found.lot:
            self._said.say(f"{counted(found.quantity, found.unit)} in the box", "done")
            until = f", good to {day(found.expires_on)}" if found.expires_on else ""
            self._more.say(f"{found.what}, lot {found.lot}{until}. More than that? Type how many, then Enter.")
        else:
            self._said.say(f"Pump {found.serial} is in the box", "done")
            self._more.say(f"{found.what}.")
        self.scan.setFocus()

    def _matched(self, found: Scanned) -> None:
        if found.beyond_use_at is None:
            self._told_package(found)
            return
        self._counted = None
        for_dose = f", for the dose of {moment(found.dose_at)}" if found.dose_at else ""
        self.scan.show_matched(found.barcode, f"{found.left} left" if found.left else "all scanned")
        self._said.say(f"{found.barcode} is in the box", "done")
        self._more.say(f"{found.what}. Lot {found.lot}, use before {moment(found.beyond_use_at)}{for_dose}.")
        self.scan.setFocus()

    def _refused(self, code: str, refused: Refused, package: Scanned | None = None) -> None:
        self._counted = package
        self.scan.show_refused(code, "Not in this box")
        self._said.say(refused.sentence, "danger")
        self._more.say("")
        self.scan.setFocus()

    def _close(self) -> None:
        self.desk.do(
            self,
            service.finish_packing,
            lambda _: self.changed.emit(),
            said="Packed and signed.",
            when_refused=lambda refused: self.form.refuse(refused.sentence, refused.field or ""),
            ticket_id=self.ticket.id,
            draft=self.form.draft,
        )


def due_words(when: date | None, late: str) -> str:
    """The day, and how late it is."""
    return " ".join(part for part in (day(when) if when else "", late) if part)
