"""Chart, Supplies at home: what of each supply the patient has and still needs, how that comes about, and what was counted."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.rules import COUNTED_HOW, BoxDraft, HomeCountDraft, SupplyNeed
from infusiondesk.dispensing.screens.beside import edit_beside
from infusiondesk.foundation.kernel.clock import local, today
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area, Verb
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateTimeField, NumberField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.parts.why import Why, WhyPanel
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone

_WEEKS: Final = (1, 2, 4)


def _state(row: SupplyNeed) -> str:
    if row.hold:
        return "held back"
    if row.to_send is None:
        return "no number"
    return "to send" if row.to_send else "enough"


_TONES: Final[dict[str, Tone]] = {"held back": "danger", "no number": "neutral", "to send": "due", "enough": "done"}
COLUMNS: Sequence[Column[SupplyNeed]] = (
    Column("Supply", lambda row: row.item, second=lambda row: row.because or row.gap, strong=True, wraps=True, stretch=2),
    Column("At home", lambda row: row.many(row.at_home), sort=lambda row: row.at_home, right=True, stretch=1),
    Column("Needed", lambda row: row.many(row.needed), sort=lambda row: row.needed or 0, right=True, stretch=1),
    Column("To send", lambda row: row.many(row.to_send), sort=lambda row: row.to_send or 0, right=True, strong=True, stretch=1),
    Column("State", _state, tone=lambda row: _TONES[_state(row)], shape=True, width=120),
)


class SuppliesScreen(Screen):
    """What is at home of the supplies, and what is still needed."""

    stale_on = frozenset({Area.DISPENSING, Area.ORDERS, Area.PATIENTS, Area.INVENTORY})

    def __init__(self, desk: Desk, box: Verb[Any, ..., UUID] = service.begin_without_bags) -> None:
        super().__init__(desk)
        self._box = box
        self._stretch = SegmentedChoice("Through", [f"{weeks} week{'s' if weeks > 1 else ''}" for weeks in _WEEKS], chosen=1)
        self._stretch.chosen_changed.connect(lambda _: self.reload())
        self.page = ListDetail("Supplies at home", "", actions=[self._stretch])
        self.table: RowsTable[SupplyNeed] = RowsTable(
            COLUMNS,
            name="Supplies at home",
            empty=EmptyState("package", "No order asks for a supply", "Supplies follow from verified orders and the kits."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+Shift+C", "record a count")])
        self.act("Record a count", "Ctrl+Shift+C", self.count, service.record_home_count)
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    @property
    def through(self) -> date:
        """The day through which the supplies should last."""
        return today(self.desk.store.clock) + timedelta(weeks=_WEEKS[self._stretch.chosen() or 0])

    def reload(self) -> None:
        if self.patient_id is not None:
            self.page.head.remark.say(f"needed through {day(self.through)}")
            through, shipped = self.through, shipped_kits()
            self.desk.ask(
                self, queries.supplies_needed, self._show_rows, patient_id=self.patient_id, through=through, shipped=shipped
            )

    def open_editor(self, name: str) -> None:
        if name == "count":
            self.count()

    def count(self) -> None:
        """Somebody counted the chosen supply."""
        row = self.table.chosen()
        if row is None:
            return
        now = local(self.desk.store.clock, self.desk.store.clock.now())
        editor = Editor(
            self.desk,
            "count",
            f"Count at home: {row.item}",
            [
                NumberField("quantity", "How many are there", unit=row.unit, whole=True, required=True),
                TextField("told_by", "Who counted", required=True, hint="the patient's wife, the nurse"),
                ChoiceField("how", "How do you know", required=True, choices=COUNTED_HOW, spread=False),
                DateTimeField("counted_at", "Counted", zone=self.desk.store.clock.zone, required=True),
            ],
            HomeCountDraft(counted_at=now),
            service.record_home_count,
            given=lambda draft: {"patient_id": self.patient_id, "item": row.item, "item_id": row.item_id, "draft": draft},
            said="The count is recorded. It stands in for what was delivered and used before.",
            save="Record count",
        )
        edit_beside(self, self.page, editor, lambda: self._show(self.table.chosen()))

    def _show_rows(self, rows: Sequence[SupplyNeed]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: SupplyNeed | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        items: list[Item] = [Text(row.item, 20, 600, wraps=True)]
        if row.hold:
            items.append(AlertInline("Held back", row.hold))
        panel = WhyPanel("To send, why?", compact=True)
        answer = "" if row.to_send is None else row.many(row.to_send)
        panel.show_why(Why(answer, _sentence(row), inputs=list(row.working)))
        facts = FactList([Fact("At home", row.many(row.at_home)), Fact("Needed", row.many(row.needed))])
        items += [facts, panel]
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), *self._buttons())

    def _buttons(self) -> list[Button]:
        send = Button("Begin delivery", "primary", icon="package")
        send.clicked.connect(self._send)
        if sentence := self.desk.refusal(self._box.permission):
            send.forbid(sentence)
        elif not any(row.to_send for row in self.table.rows()):
            send.forbid("Nothing with a number is to be sent.")
        count = Button("Record a count", cap="Ctrl+Shift+C")
        count.clicked.connect(self.count)
        if sentence := self.desk.refusal(service.record_home_count.permission):
            count.forbid(sentence)
        return [send, count]

    def _send(self) -> None:
        draft = BoxDraft(self.patient_id, f"supplies through {day(self.through)}", None, self.through)
        self.desk.do(self, self._box, partial(self._begun), said="Begun. Scan it under Deliveries.", draft=draft)

    def _begun(self, ticket_id: UUID) -> None:
        self.record_asked.emit("Deliveries", ticket_id)


def _sentence(row: SupplyNeed) -> str:
    if row.hold:
        return "Nothing of it is proposed."
    if row.gap:
        return f"No number: {row.gap}. Enter and sign it under Kits."
    return "Needed less what is at home. Used is what the schedule says; a count stands in for it."
