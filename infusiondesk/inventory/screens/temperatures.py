"""Temperatures: what each location is at, readings by hand and of loggers, and the lots that an excursion leaves to be judged."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.people import Area, Query
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import RowsTable
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.temperatures import (
    ExcursionLotRow,
    LeftRow,
    TemperatureRow,
    excursion_lots,
    left_during,
    temperature_places,
)
from infusiondesk.inventory.rules.monitors import Monitor
from infusiondesk.inventory.rules.recalls import ReachLine
from infusiondesk.inventory.screens import temperature_forms as forms
from infusiondesk.inventory.screens.logger_form import LoggerEditor, choose_logger_file
from infusiondesk.inventory.screens.temperature_detail import lot_detail, place_detail
from infusiondesk.inventory.screens.temperature_rows import COLUMNS, TemperatureLine
from infusiondesk.inventory.service.logger import take_logger_file
from infusiondesk.inventory.service.monitors import (
    add_monitor,
    retire_monitor,
    set_storage_range,
    set_temperature_policy,
    verify_monitor,
)
from infusiondesk.inventory.service.temperatures import judge_excursion_lot, note_temperature


class TemperaturesScreen(Screen):
    """Locations first with what is due, then the lots to be judged."""

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk, reach: Query[Any, ..., Sequence[ReachLine]]) -> None:
        super().__init__(desk)
        self._reach = reach
        self.note = self.act("Note a temperature", "Ctrl+N", self.note_reading, note_temperature)
        self.logger = self.act("Take a logger's file", "Ctrl+O", self.take_file, take_logger_file)
        self.judge = self.act("Judge this lot", "Ctrl+Return", self.judge_lot, judge_excursion_lot)
        self.monitor = self.act("Add a monitor", "Ctrl+M", self.hang_monitor, add_monitor)
        self.verify = self.act("Enter a certificate", "Ctrl+Shift+M", self.verify_most_due, verify_monitor)
        self.down = self.act("Take down a monitor", "Ctrl+Shift+Backspace", self.take_down_first, retire_monitor)
        self.range = self.act("Set the range", "Ctrl+Shift+R", self.set_range, set_storage_range)
        self.policy = self.act("Set how temperatures are watched", "Ctrl+Shift+W", self.set_policy, set_temperature_policy)
        self._of_place = (self.note, self.logger, self.monitor, self.verify, self.down, self.range, self.policy)
        self._may = {one: one.isEnabled() for one in (*self._of_place, self.judge)}
        self.page = ListDetail("Temperatures", "")
        self.table: RowsTable[TemperatureLine] = RowsTable(
            COLUMNS,
            name="Temperatures",
            group=lambda row: row.group,
            recedes=lambda row: row.lot is not None and row.lot.disposition is not None,
            empty=EmptyState("thermometer", "No location yet", "Locations appear with the first item that is stocked."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Ctrl+N", "note"), ("Ctrl+O", "logger's file"), ("Ctrl+Enter", "judge the lot")])
        self.table.chosen_changed.connect(lambda _: self._show())
        self.table.activated_row.connect(lambda _: self.begin_usual())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._places: Sequence[TemperatureRow] = ()
        self._sought: UUID | None = None

    def reload(self) -> None:
        self.desk.ask(self, temperature_places, self._keep_places, shipped=shipped_temperatures())

    def show_record(self, record_id: UUID) -> None:
        """Turn to a location, or to the first lot to judge of an excursion."""
        self._sought = record_id
        self.refresh()

    def _keep_places(self, rows: Sequence[TemperatureRow]) -> None:
        self._places = rows
        self.desk.ask(self, excursion_lots, self._arrived, shipped=shipped_temperatures())

    def _arrived(self, lots: Sequence[ExcursionLotRow]) -> None:
        lines = [TemperatureLine(row, None, row.id) for row in self._places]
        pending = [TemperatureLine(None, row, row.id) for row in lots if row.disposition is None]
        judged = [TemperatureLine(None, row, row.id) for row in lots if row.disposition is not None]
        self.table.show_rows([*lines, *pending, *judged])
        due = sum(row.is_due for row in self._places)
        to_verify = sum(bool(row.due) for row in self._places)
        told = (
            f"{due} not read today" if due else "",
            f"{counted(to_verify, 'location')} with a monitor to verify" if to_verify else "",
            f"{counted(len(pending), 'lot')} to judge" if pending else "",
        )
        self.page.head.remark.say(", ".join(filter(None, told)) or ("all read today" if self._places else "no location yet"))
        if (sought := self._sought) is not None:
            self._sought = None
            self.table.choose(lambda row: row.id == sought or (row.lot is not None and row.lot.excursion_id == sought))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    # Doing.

    def _place(self) -> TemperatureRow | None:
        row = self.table.chosen()
        return row.place if row is not None else None

    def begin_usual(self) -> None:
        """Enter: what the chosen row waits for."""
        if self._place() is not None:
            self.note_reading()
        else:
            self.judge_lot()

    def note_reading(self) -> None:
        """Type what the thermometer of the chosen location shows."""
        if (place := self._place()) is not None and self._may[self.note]:
            editor = forms.reading_editor(self.desk, place)
            self._edit(editor)
            editor.form.focus_field("value")

    def take_file(self) -> None:
        """Choose a logger's file, and look at it before it is taken."""
        if (place := self._place()) is not None and self._may[self.logger] and (path := choose_logger_file(self)) is not None:
            self.read_file(place, path)

    def read_file(self, place: TemperatureRow, path: Path) -> None:
        """The file is read on its own lane."""
        self.desk.draw(self, path.read_bytes, lambda content: self._edit(LoggerEditor(self.desk, place, path.name, content)))

    def judge_lot(self) -> None:
        """Decide about the chosen lot; signed."""
        row = self.table.chosen()
        if row is not None and row.lot is not None and row.lot.disposition is None and self._may[self.judge]:
            self._edit(forms.judgement_editor(self.desk, row.lot))

    def hang_monitor(self) -> None:
        """A thermometer or logger more for the chosen location."""
        if (place := self._place()) is not None and self._may[self.monitor]:
            self._edit(forms.monitor_editor(self.desk, place))

    def verify_most_due(self) -> None:
        """The certificate of the monitor that needs one first."""
        if (place := self._place()) is not None and place.monitors:
            monitor = min(place.monitors, key=lambda one: (one.due_on is not None, one.due_on))
            self._verify(place, monitor)

    def _verify(self, place: TemperatureRow, monitor: Monitor) -> None:
        if self._may[self.verify]:
            self._edit(forms.verification_editor(self.desk, place, monitor))

    def take_down_first(self) -> None:
        """The only monitor of the chosen location; of several, each has its own button."""
        if (place := self._place()) is not None and len(place.monitors) == 1:
            self._take_down(place.monitors[0])

    def _take_down(self, monitor: Monitor) -> None:
        self.desk.do(self, retire_monitor, said=f"Monitor {monitor.serial} is taken down.", monitor_id=monitor.id)

    def set_range(self) -> None:
        """Sign the range of the chosen kind of location."""
        if (place := self._place()) is not None and self._may[self.range]:
            self._edit(forms.range_editor(self.desk, place))

    def set_policy(self) -> None:
        """Sign how often temperatures are read and monitors verified."""
        if (place := self._place()) is not None and self._may[self.policy]:
            self._edit(forms.policy_editor(self.desk, place))

    def _edit(self, editor: Editor) -> None:
        if self.editor is not None:
            self.editor.cancelled.emit()
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    # Showing.

    def _show(self) -> None:
        if self.editor is not None:
            return
        row = self.table.chosen()
        place, lot = (row.place, row.lot) if row is not None else (None, None)
        for action in self._of_place:
            action.setEnabled(self._may[action] and place is not None)
        for action in (self.verify, self.down):
            action.setEnabled(action.isEnabled() and place is not None and bool(place.monitors))
        self.judge.setEnabled(self._may[self.judge] and lot is not None and lot.disposition is None)
        if row is None:
            self.page.show_detail(None)
        elif place is not None:
            self._show_place(row, place)
        elif lot is not None:
            self.desk.ask(self, left_during, partial(self._left, row, lot), excursion_id=lot.excursion_id)

    def _show_place(self, row: TemperatureLine, place: TemperatureRow) -> None:
        verify = partial(self._verify, place) if self._may[self.verify] else None
        more = [Button.for_action(one, dense=True) for one in (self.monitor, self.range, self.policy)]
        detail = place_detail(row, place, verify, self._take_down if self._may[self.down] else None, *more)
        self.page.show_detail(
            detail,
            Button.for_action(self.note, "primary", icon="thermometer"),
            Button.for_action(self.logger, icon="file-arrow-up"),
        )

    def _left(self, row: TemperatureLine, lot: ExcursionLotRow, left: Sequence[LeftRow]) -> None:
        self.desk.ask(self, self._reach, partial(self._show_lot, row, lot, left), excursion_id=lot.excursion_id)

    def _show_lot(self, row: TemperatureLine, lot: ExcursionLotRow, left: Sequence[LeftRow], reach: Sequence[ReachLine]) -> None:
        chosen = self.table.chosen()
        if self.editor is not None or chosen is None or chosen.id != row.id:
            return
        buttons = [Button.for_action(self.judge, "primary", icon="check")] if lot.disposition is None else []
        self.page.show_detail(lot_detail(row, lot, left, reach), *buttons)
