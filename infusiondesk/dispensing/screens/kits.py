"""Kits: which supplies go along, by therapy, method and device; edited, and signed, by a pharmacist."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.rules import APPLIES_TO, KitLine, KitLineDraft, Material, Per
from infusiondesk.dispensing.screens.beside import edit_beside
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, Code, CodeField, MultiChoiceField, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.inventory.queries import ItemRow, find_items, items
from infusiondesk.patients.rules.words import DeviceType

COLUMNS: Sequence[Column[KitLine]] = (
    Column("Supply", lambda row: row.item, strong=True, wraps=True, stretch=2),
    Column("For", lambda row: row.for_words, wraps=True, stretch=1),
    Column("How many", lambda row: row.often, wraps=True, stretch=1),
    Column("Allergy", lambda row: ", ".join(row.contains), second=lambda row: row.instead and f"instead: {row.instead}", wraps=True,
           stretch=1),
    Column("Signed", lambda row: row.signed_by or "not signed", tone=lambda row: "done" if row.signed_by else "due", shape=True,
           stretch=1),
)  # fmt: skip


class KitsScreen(Screen):
    """The rows of all kits."""

    stale_on = frozenset({Area.DISPENSING})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: Mapping[UUID, str] = {}
        self.act("Enter a supply", "Ctrl+N", partial(self.edit, None), service.enter_kit_line)
        self.act("Edit", "Ctrl+E", self._edit_chosen, service.edit_kit_line)
        enter = Button.for_action(self.actions()[0], dense=True)
        self.page = ListDetail("Kits", "which supplies go along with an order", actions=[enter])
        self.table: RowsTable[KitLine] = RowsTable(
            COLUMNS, name="Kits", many=True, empty=EmptyState("package", "No supplies", "Enter what goes along with an order."),
        )  # fmt: skip
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Shift+Up Down", "choose several"), ("Ctrl+E", "edit")])
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, items, self._take_items)

    def _take_items(self, rows: Sequence[ItemRow]) -> None:
        self._items = {row.id: row.name for row in rows}
        self.desk.ask(self, queries.kits, self._show_rows, shipped=shipped_kits())

    def open_editor(self, name: str) -> None:
        if name == "kit":
            self.edit(self.table.chosen())
        elif name == "new kit":
            self.edit(None)

    def edit(self, row: KitLine | None) -> None:
        """A new row, or one as it stands."""
        draft: Any = KitLineDraft.of(row) if row else KitLineDraft()
        for name in ("item_id", "instead_id"):  # the field shows a chosen item by its name
            if (known := getattr(draft, name)) is not None:
                setattr(draft, name, Code(self._items.get(known, "an item that is gone"), "", known))
        editor = Editor(
            self.desk,
            "kit" if row else "new kit",
            f"Edit {row.item}" if row else "A supply of a kit",
            self._fields(),
            draft,
            service.edit_kit_line if row else service.enter_kit_line,
            given=lambda draft: {"draft": draft, **({"line_id": row.id} if row else {})},
            said="Kept. It gives a number when it is signed.",
            explanation="A row holds for every order that has its therapy, its word and its device; empty holds for all.",
        )
        edit_beside(self, self.page, editor, lambda: self._show(self.table.chosen()))

    def _fields(self) -> list[Field | str]:
        devices = [("", "any device"), *((one.value, one.value) for one in DeviceType)]
        often = [(Per.DOSE.value, "dose"), (Per.DAYS.value, "so many days"), (Per.ONCE.value, "once")]
        return [
            TextField("item", "Supply", required=True),
            CodeField("item_id", "Item of the shelf", hint="which stocked item is sent", look_up=self._look_up),
            ChoiceField("applies_to", "For orders with", choices=[(one, one or "anything") for one in APPLIES_TO], spread=False),
            ChoiceField("device", "Given through", choices=devices, spread=False),
            TextField("therapy", "Therapy", hint="empty: any"),
            NumberField("quantity", "How many", hint="empty while it is unknown"),
            ChoiceField("per", "Each", choices=often),
            NumberField("every_days", "Days", whole=True),
            "Allergies",
            MultiChoiceField("contains", "It holds", choices=[one.value for one in Material]),
            TextField("instead", "Instead", hint="empty: a pharmacist decides each time"),
            CodeField("instead_id", "Its item of the shelf", look_up=self._look_up),
            "Where this comes from",
            TextField("source", "Source", required=True),
        ]

    def _look_up(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        def offer(rows: Sequence[ItemRow]) -> None:
            then([Code(row.name, f"{row.maker}, {row.unit}".strip(", "), row.id) for row in rows[:10]])

        self.desk.ask(self, find_items, offer, words=words)

    def _edit_chosen(self) -> None:
        if (row := self.table.chosen()) is not None:
            self.edit(row)

    def _show_rows(self, rows: Sequence[KitLine]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: KitLine | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        facts: list[Fact | tuple[str, str]] = [
            Fact("For", row.for_words),
            Fact("How many", row.often),
            Fact("Holds", ", ".join(row.contains) or "nothing that is known"),
            Fact("Instead", row.instead or "nothing: where a patient is allergic, a pharmacist decides"),
            Fact("Item of the shelf", self._items.get(row.item_id, "") if row.item_id else "none chosen: the one of the same name"),
            Fact("Source", f"{row.source} ({row.status})"),
        ]
        shown: list[Item] = [
            Pill(f"Signed by {row.signed_by}" if row.signed_by else "Not signed", "done" if row.signed_by else "due"),
            Text(row.item, 20, 600, wraps=True),
            FactList(facts),
        ]
        if row.gap:
            shown.append(Text(f"It gives no number: {row.gap}.", 13, ink="due", wraps=True))
        self.page.show_detail(holding(down(*shown, STRETCH, gap=10)), *self._buttons(row))

    def _buttons(self, row: KitLine) -> list[Button]:
        chosen = [one for one in self.table.all_chosen() if not one.signed_by and one.quantity is not None]
        sign = Button(f"Sign {len(chosen)} rows" if len(chosen) > 1 else "Sign", "primary", icon="check")
        sign.clicked.connect(self._sign)
        if not chosen:
            sign.forbid("It is signed already." if row.signed_by else "Enter how many first; then it is signed.")
        edit = Button("Edit", cap="Ctrl+E")
        edit.clicked.connect(partial(self.edit, row))
        out = Button("Take out of the kits", "danger_outline")
        out.clicked.connect(partial(self._do, service.retire_kit_line, "Taken out.", line_id=row.id))
        for button, verb in ((sign, service.sign_kit_lines), (edit, service.edit_kit_line), (out, service.retire_kit_line)):
            if sentence := self.desk.refusal(verb.permission):
                button.forbid(sentence)
        return [sign, edit, out]

    def _sign(self) -> None:
        chosen: dict[UUID, str] = {
            row.id: queries.seal_of(row) for row in self.table.all_chosen() if not row.signed_by and row.quantity is not None
        }
        self._do(service.sign_kit_lines, "Signed. It gives numbers from now on.", seen=chosen)

    def _do(self, verb: Any, said: str, **given: Any) -> None:
        self.desk.do(self, verb, said=said, **given)
