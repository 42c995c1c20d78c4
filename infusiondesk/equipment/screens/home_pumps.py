"""Chart, Pumps at home: what the patient's orders by pump need, which pumps he has since when, and their rental days."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.equipment import queries, service
from infusiondesk.equipment.exchange import backup_rules, shipped_policy
from infusiondesk.equipment.queries import HomePump, PatientHome
from infusiondesk.equipment.rules import GiveDraft
from infusiondesk.equipment.screens import pump_fields
from infusiondesk.equipment.screens.pump_detail import need_facts, need_pill
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import counted, day, month
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.kernel.periods import month_of
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone


def _state(row: HomePump) -> str:
    if row.stay.back_on is None:
        return "recalled" if row.pump.recalls else row.stay.holder.use.value
    return "lost" if row.stay.is_lost else "went on" if row.stay.goes_on else "back"


def _tone(row: HomePump) -> Tone:
    if row.stay.back_on is None:
        return "danger" if row.pump.recalls else "accent"
    return "danger" if row.stay.is_lost else "neutral"


COLUMNS: Sequence[Column[HomePump]] = (
    Column("Pump", lambda row: row.pump.serial, strong=True, second=lambda row: row.pump.model.label, stretch=1, width=140),
    Column("For", lambda row: f"Rx {row.stay.holder.rx_number}", second=lambda row: row.stay.holder.use.value, width=96),
    Column(
        "Since",
        lambda row: day(row.stay.out_on),
        second=lambda row: f"to {day(row.stay.back_on)}" if row.stay.back_on else "",
        sort=lambda row: row.stay.out_on,
        width=116,
    ),
    Column("This month", lambda row: counted(row.days, "day"), sort=lambda row: row.days, right=True, width=96),
    Column("State", _state, tone=_tone, shape=True, width=110),
)


class HomePumpsScreen(Screen):
    """The pumps of the open patient."""

    stale_on = frozenset({Area.EQUIPMENT, Area.ORDERS, Area.PATIENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._home: PatientHome | None = None
        self.go_on = self.act("Goes on with another order", "Ctrl+O", self.begin_continue, service.continue_pump)
        self.page = ListDetail("Pumps at home", "since when, for which order")
        self.table: RowsTable[HomePump] = RowsTable(
            COLUMNS, name="Pumps at home", recedes=lambda row: row.stay.back_on is not None,
            empty=EmptyState("package", "No pump", "A pump that is given for an order of this patient appears here."),
        )  # fmt: skip
        self.page.set_list(self.table)
        self.table.chosen_changed.connect(lambda _: self._show())
        self.table.activated_row.connect(lambda row: self.record_asked.emit("Pumps", row.pump.id))
        self.page.set_foot_keys([("Up Down", "move"), ("Enter", "open the pump")])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(
                self, queries.home_pumps, self._arrived, patient_id=self.patient_id, month=month_of(today(self.desk.store.clock)),
                table=backup_rules(), shipped=shipped_policy(),
            )  # fmt: skip

    def _arrived(self, found: PatientHome) -> None:
        self._home = found
        lacking = [row for row in found.needs if row.missing]
        urgent = any(row.need.is_life_sustaining for row in lacking)
        told = f"{counted(len(lacking), 'order')} without a pump that it needs" if lacking else "since when, for which order"
        self.page.head.remark.say(told, "danger" if urgent else "due" if lacking else "ink2")
        self.table.show_rows(found.pumps)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    def open_editor(self, name: str) -> None:
        self.begin_continue()

    def begin_continue(self) -> None:
        """Choose the order with which the chosen pump goes on."""
        row, home = self.table.chosen(), self._home
        if row is None or home is None or row.stay.back_on is not None or self.editor is not None:
            return
        orders = [(need.id, f"Rx {need.rx_number} {need.drug}") for need in home.needs]
        editor = Editor(
            self.desk, "continue", f"Pump {row.pump.serial} goes on", pump_fields.continue_fields(orders), GiveDraft(),
            service.continue_pump, given=partial(_given, row.pump.id), said="The pump goes on with that order.", save="Go on",
            explanation="His rental days run on without a gap.",
        )  # fmt: skip
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    def _show(self) -> None:
        row = self.table.chosen()
        if not self.go_on.whatsThis():
            self.go_on.setEnabled(row is not None and row.stay.back_on is None)
        if self.editor is not None or self._home is None:
            return
        items: list[Item] = []
        if row is not None:
            facts = [
                Fact("Given", day(row.stay.out_on)),
                Fact("Upkeep", "; ".join(one.words() for one in row.pump.duties)),
                Fact("Rental days", f"{row.days} in {month(self._home.month.start)}, {row.all_days} in all"),
            ]
            facts += [Fact("Asked back", day(row.stay.asked_on))] if row.stay.asked_on else []
            recalls = [Text(f"Recall {one.reference}: {one.words()}", 13, 400, "danger", wraps=True) for one in row.pump.recalls]
            items += [
                across(Pill(_state(row), _tone(row)), STRETCH),
                down(Text(row.pump.serial, 20, 600, keeps=True), Text(row.pump.model.label, 13, 400, "ink2"), gap=2),
                *recalls, FactList(facts),
            ]  # fmt: skip
        items.append(SectionTitle("What his orders need", counted(len(self._home.needs), "order"), px=14))
        for need in self._home.needs:
            items += [across(need_pill(need), STRETCH), FactList(need_facts(need))]
        buttons = [Button.for_action(self.go_on, "primary")] if row is not None and row.stay.back_on is None else []
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), *buttons)


def _given(pump_id: UUID, draft: GiveDraft) -> dict[str, Any]:
    return {"pump_id": pump_id, "draft": draft}
