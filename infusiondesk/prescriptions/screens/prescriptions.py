"""Pharmacy, Prescriptions: any Rx found by number, patient, drug or date, with original, counsel, fills and refills left."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, LongTextField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.orders.rules import State
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.prescriptions import queries, service
from infusiondesk.prescriptions.documents import draw_prescription, original_pdf, prescription_paper, refills_words, terms_words
from infusiondesk.prescriptions.queries import FoundPrescriptions, OriginalRow, PrescriptionRecord, PrescriptionRow
from infusiondesk.prescriptions.rules import LARGEST_ORIGINAL, CounselDraft, How, Reply
from infusiondesk.prescriptions.rules.transfers import Direction, TransferDraft
from infusiondesk.prescriptions.service.transferring import transfer_prescription
from infusiondesk.staff.queries import paper_signatures, printing_of

FILES = "Originals (*.pdf *.png *.jpg *.jpeg);;All files (*)"
_WAIT_MS = 150  # after the last letter: one search a word, not one a letter
_TONES: dict[State, Tone] = {State.ENTERED: "due", State.HELD: "due", State.VERIFIED: "done"}

COLUMNS: Sequence[Column[PrescriptionRow]] = (
    Column("Rx", lambda row: f"{row.rx_number}", sort=lambda row: row.rx_number, strong=True, width=84),
    Column("Patient", lambda row: row.patient, second=lambda row: row.mrn, stretch=1, width=110),
    Column("Prescription", lambda row: row.order.sig, wraps=True, second=lambda row: row.order.prescriber, stretch=3, width=170),
    Column(
        "Fills",
        lambda row: f"{row.fills}",
        sort=lambda row: row.fills,
        second=lambda row: f"{day(row.last_fill_on)}" if row.last_fill_on else "none yet",
        width=92,
    ),
    Column("Refills left", refills_words, wraps=True, width=90),
    Column(
        "State", lambda row: row.order.state.value, tone=lambda row: _TONES.get(row.order.state, "neutral"), shape=True, width=120
    ),
)


class PrescriptionsScreen(Screen):
    """All prescriptions of the pharmacy, the newest first."""

    stale_on = frozenset({Area.ORDERS, Area.DISPENSING})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._opened: PrescriptionRecord | None = None
        self._wanted: UUID | None = None
        self._kept_typing: dict[str, Any] | None = None
        self._keep = self.act("Keep original", "Ctrl+O", self.keep_original, service.keep_original)
        self._offer = self.act("Offer counsel", "Ctrl+Shift+C", self.offer_counsel, service.offer_counsel)
        self._transfer = self.act("Transfer", "Ctrl+Shift+T", self.transfer, transfer_prescription)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Rx number, patient, drug or date")
        self.search.setAccessibleName("Find a prescription")
        self.search.setFont(font(13))
        self.search.setFixedHeight(36)
        self.search.setMinimumWidth(280)
        self.page = ListDetail("Prescriptions", "the newest first", actions=[self.search], detail_width=420)
        self.table: RowsTable[PrescriptionRow] = RowsTable(
            COLUMNS,
            name="Prescriptions",
            empty=EmptyState("prescription", "No prescription answers to that", "Type a number, a name, a drug or a day."),
        )
        self.table.chosen_changed.connect(lambda _: self._turn())
        self.table.activated_row.connect(lambda row: self.patient_chosen.emit(row.patient_id))
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Enter", "open the chart"), ("Ctrl+P", "print")])
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_WAIT_MS)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.setFocusProxy(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.find_prescriptions, self._show_rows, text=self.search.text())

    def show_record(self, record_id: UUID) -> None:
        """Turn to one prescription."""
        self._wanted = record_id
        self.search.clear()
        self.refresh()

    def _show_rows(self, found: FoundPrescriptions) -> None:
        shown = len(found.rows)
        words = f"the newest {shown} of {found.total:,}" if shown < found.total else counted(shown, "prescription")
        self.page.head.remark.say(words)
        self.table.show_rows(found.rows)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.table.choose(lambda row: row.id == wanted)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._turn()

    # One prescription -------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        row = self.table.chosen()
        if row is None:
            self._opened = None
            self.page.show_detail(None)
        else:
            self.desk.ask(self, queries.prescription, self._show, order_id=row.id)

    def _show(self, found: PrescriptionRecord) -> None:
        chosen = self.table.chosen()
        if self.editor is not None or chosen is None or chosen.id != found.row.id:
            return
        self._opened = found
        opened = Button("Open chart", "primary", icon="folder-open", cap="Enter")
        opened.clicked.connect(lambda: self.patient_chosen.emit(found.row.patient_id))
        printed = Button("Print record", icon="printer", key="Ctrl+P")
        printed.clicked.connect(self.print_record)
        shown = [self._original_button(one) for one in found.originals[-1:]]
        acts = [Button.for_action(self._keep), Button.for_action(self._offer), Button.for_action(self._transfer)]
        self.page.show_detail(holding(down(*_items(found), STRETCH, gap=10)), opened, *acts, *shown, printed)
        self._reopen()

    def _original_button(self, original: OriginalRow) -> Button:
        button = Button("Show original", icon="file-text")
        button.clicked.connect(partial(self.show_original, original.id))
        return button

    def offer_counsel(self) -> None:
        """An offer of counsel for the version that stands."""
        found = self._opened
        if found is None or self.editor is not None:
            return
        fields = [
            ChoiceField("how", "How", choices=[(one.value, one.value) for one in How], required=True, spread=False),
            ChoiceField("reply", "Answer", choices=[(one.value, one.value) for one in Reply], required=True, spread=False),
            TextField("with_whom", "With whom", hint="name; needed unless nobody was reached"),
            LongTextField("about", "About", hint="what was counselled, where it was accepted", lines=3),
        ]
        version = found.row.order.id
        editor = self.begin(
            Editor(
                self.desk, "counsel", f"Counsel for Rx {found.row.rx_number}", fields, CounselDraft(), service.offer_counsel,
                given=lambda draft: {"version_id": version, "draft": draft}, said="The offer is recorded.",
                explanation=found.row.order.sig,
            )
        )  # fmt: skip
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._turn())
        editor.cancelled.connect(self._turn)
        editor.form.focus_field("how")

    def transfer(self) -> None:
        """The prescription went to another pharmacy, or came from one."""
        found = self._opened
        if found is None or self.editor is not None:
            return
        fields = [
            ChoiceField("direction", "It went", choices=[(one.value, one.value) for one in Direction], required=True, spread=False),
            TextField("pharmacy", "Other pharmacy", required=True),
            TextField("address", "Its address", hint="needed for a controlled drug"),
            TextField("pharmacist", "Its pharmacist", required=True),
            TextField("dea", "Its DEA number", hint="needed for a controlled drug"),
            DateField("on", "On", required=True),
        ]
        order_id = found.row.id
        editor = self.begin(
            Editor(
                self.desk, "transfer", f"Transfer of Rx {found.row.rx_number}", fields, TransferDraft(), transfer_prescription,
                given=lambda draft: {"order_id": order_id, "draft": draft}, said="The transfer is written down.",
                explanation=found.row.order.sig,
            )
        )  # fmt: skip
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._turn())
        editor.cancelled.connect(self._turn)

    # What is being typed comes back at the prescription it belongs to

    def draft(self) -> dict[str, Any] | None:
        kept = super().draft()
        return None if kept is None or self._opened is None else {**kept, "order": str(self._opened.row.id)}

    def restore_draft(self, kept: dict[str, Any]) -> None:
        self._kept_typing = kept
        self.show_record(UUID(kept["order"]))

    def _reopen(self) -> None:
        kept, found = self._kept_typing, self._opened
        if kept is None or found is None or kept["order"] != str(found.row.id):
            return
        self._kept_typing = None
        if kept["editor"] == "transfer":
            self.transfer()
        else:
            self.offer_counsel()
        if self.editor is not None:
            self.editor.restore(kept)

    # Originals --------------------------------------------------------------------------------------------------------

    def keep_original(self) -> None:
        """Ask for a file and keep it with the version that stands."""
        if self._opened is not None and (path := self.choose_file()) is not None:
            version_id = self._opened.row.order.id
            self.desk.draw(self, partial(_read, path), partial(self._keep_content, version_id, path.name))

    def choose_file(self) -> Path | None:
        """Which file? Qt's own dialog: it looks the same everywhere and takes a typed name."""
        dialog = QFileDialog(self, "Keep an original", "", FILES)
        dialog.setObjectName("choose-original")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        return Path(chosen[0]) if chosen else None

    def _keep_content(self, version_id: UUID, name: str, content: bytes) -> None:
        said = f"{name} is kept with its SHA-256."
        self.desk.do(self, service.keep_original, said=said, version_id=version_id, name=name, content=content)

    def show_original(self, original_id: UUID) -> None:
        """The original in the viewer."""
        self.desk.ask(self, queries.original_content, self._draw_original, original_id=original_id)

    def _draw_original(self, found: tuple[OriginalRow, bytes]) -> None:
        original, content = found
        self.desk.draw(self, partial(original_pdf, original.media_type, content), partial(self._show_original, original))

    def _show_original(self, original: OriginalRow, pdf: bytes) -> None:
        row = self.table.chosen()
        patient_id = row.patient_id if row else None
        self.paper_ready.emit(
            PaperShown("Original", pdf, f"original-{original.sha256[:12]}.pdf", "original", original.id, patient_id, Area.ORDERS)
        )

    # Printing ---------------------------------------------------------------------------------------------------------

    def print_record(self) -> None:
        """The whole record on paper."""
        if (found := self._opened) is not None:
            self.desk.ask(self, patient_block, partial(self._with_block, found), patient_id=found.row.patient_id)

    def _with_block(self, found: PrescriptionRecord, block: PatientBlock) -> None:
        self.desk.ask(self, printing_of, partial(self._draw_record, found, block))

    def _draw_record(self, found: PrescriptionRecord, block: PatientBlock, printing: Printing) -> None:
        names = paper_signatures(found.row.order.signatures, self.desk.store.clock.zone)
        paper = prescription_paper(found, block, names)
        self.desk.draw(self, partial(draw_prescription, paper, printing), partial(self._show_record, found.row))

    def _show_record(self, row: PrescriptionRow, pdf: bytes) -> None:
        name = f"prescription-{row.rx_number}.pdf"
        self.paper_ready.emit(PaperShown("Prescription record", pdf, name, "rx_order", row.id, row.patient_id, Area.ORDERS))


def _read(path: Path) -> bytes:
    """The file's bytes, no more than an original may have and one, so that a larger one is told as such."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_ORIGINAL + 1)
    except OSError as error:
        raise Unavailable(f"{path.name} cannot be read: {error.strerror or 'unknown reason'}.") from error


def _items(found: PrescriptionRecord) -> list[Item]:
    row = found.row
    items: list[Item] = [
        Text(f"Rx {row.rx_number}", 20, 600),
        Text(row.order.sig, 14, 600, wraps=True),
        Text(f"{row.patient}, MRN {row.mrn}", 13, 400, "ink2", wraps=True),
    ]
    if found.missing:
        missing = Card("Missing or not checked", kind="plain", padding=12, gap=4, title_px=14)
        for sentence in found.missing:
            missing.add(Text(sentence, 13, ink="due", wraps=True))
        items.append(missing)
    facts: list[Any] = [Fact(label, words) for label, words in terms_words(found)]
    facts += [Fact("Prescriber", row.order.prescriber), Fact("Came", f"{row.order.received_by}, {moment(row.order.received_at)}")]
    items.append(FactList(facts))
    items += _part("Fills", [(f"{fill.number}. {moment(fill.left_at)}", _fill_words(fill)) for fill in reversed(found.fills)])
    items += _part(
        "Originals", [(one.name, f"version {one.version}, SHA-256 {one.sha256[:12].upper()}") for one in found.originals]
    )
    items += _part("Monitoring programme", [(one.words, f"{one.asked_by}, {moment(one.asked_at)}") for one in found.asked])
    items += _part("Counsel", [(one.reply, f"{one.how}, {moment(one.at)}, {one.by}. {one.about}") for one in found.offers])
    return items


def _fill_words(fill: queries.FillRow) -> str:
    names = ", ".join(one.name for one in fill.released_by) or "nobody named"
    return f"{counted(fill.bags, 'bag')}, {fill.ticket}, {fill.state}; released by {names}"


def _part(title: str, lines: Sequence[tuple[str, str]]) -> list[Item]:
    if not lines:
        return []
    items: list[Item] = [SectionTitle(title, f"{len(lines)}", px=14)]
    for first, second in lines:
        items += [Text(first, 13, 600, wraps=True), Text(second, 12, ink="ink2", wraps=True)]
    return items
