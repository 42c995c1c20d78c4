"""Temperatures: what each location is at, readings by hand, and the lots that an excursion leaves to be judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, LongTextField, NumberField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory.exchange import storage_ranges
from infusiondesk.inventory.queries.temperatures import (
    ExcursionLotRow,
    LeftRow,
    TemperatureRow,
    excursion_lots,
    left_during,
    temperature_places,
)
from infusiondesk.inventory.rules.temperatures import (
    Disposition,
    DispositionDraft,
    Kinetic,
    ReadingDraft,
    Standing,
    TemperaturePolicy,
    degrees,
)
from infusiondesk.inventory.screens.temperature_curve import TemperatureCurve
from infusiondesk.inventory.service.temperatures import judge_excursion_lot, note_temperature

_TONES: Final[dict[Standing, Tone]] = {Standing.INSIDE: "done", Standing.ALLOWED: "due", Standing.OUTSIDE: "danger"}


@dataclass(frozen=True)
class _Line:
    """A location, or a lot that was inside during an excursion."""

    place: TemperatureRow | None
    lot: ExcursionLotRow | None
    id: UUID

    @property
    def group(self) -> str:
        if self.lot is None:
            return "Locations"
        return "To judge after an excursion" if self.lot.disposition is None else "Judged"

    @property
    def title(self) -> str:
        return self.place.location if self.place else self.lot.item if self.lot else ""

    @property
    def second(self) -> str:
        if self.place:
            return f"{self.place.kind}, {self.place.allowed.words()}"
        return f"lot {self.lot.lot_number}, {counted(self.lot.quantity, self.lot.unit)}" if self.lot else ""

    @property
    def reading(self) -> str:
        if self.place:
            return degrees(self.place.last.celsius) if self.place.last else ""
        return f"{degrees(self.lot.lowest)} to {degrees(self.lot.highest)}" if self.lot else ""

    @property
    def when(self) -> str:
        if self.place:
            return f"{moment(self.place.last.read_at)}, {self.place.read_by}" if self.place.last else ""
        return f"{self.lot.location}, found {moment(self.lot.found_at)}" if self.lot else ""

    @property
    def state(self) -> tuple[str, Tone]:
        if self.lot:
            return (self.lot.disposition.capitalize(), "done") if self.lot.disposition else ("In quarantine", "danger")
        if self.place is None or self.place.standing is None:
            return "Never read", "due"
        if self.place.is_open:
            return "Excursion", "danger"
        if self.place.is_due:
            return "Not read today", "due"
        return self.place.standing.capitalize(), _TONES[self.place.standing]


COLUMNS: Sequence[Column[_Line]] = (
    Column("Location or lot", lambda row: row.title, strong=True, second=lambda row: row.second, stretch=3),
    Column("Reading", lambda row: row.reading, strong=True, second=lambda row: row.when, stretch=3),
    Column("State", lambda row: row.state[0], tone=lambda row: row.state[1], shape=True, width=180),
)


class TemperaturesScreen(Screen):
    """Locations first with what is due, then the lots to be judged."""

    stale_on = frozenset({Area.INVENTORY})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.note = self.act("Note a temperature", "Ctrl+N", self.note_reading, note_temperature)
        self.judge = self.act("Judge this lot", "Ctrl+Return", self.judge_lot, judge_excursion_lot)
        self._may_note, self._may_judge = self.note.isEnabled(), self.judge.isEnabled()
        self.page = ListDetail("Temperatures", "")
        self.table: RowsTable[_Line] = RowsTable(
            COLUMNS,
            name="Temperatures",
            group=lambda row: row.group,
            recedes=lambda row: row.lot is not None and row.lot.disposition is not None,
            empty=EmptyState("thermometer", "No location yet", "Locations appear with the first item that is stocked."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Ctrl+N", "note a temperature"), ("Ctrl+Enter", "judge the lot")])
        self.table.chosen_changed.connect(lambda _: self._show())
        self.table.activated_row.connect(lambda _: self.begin_usual())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._places: Sequence[TemperatureRow] = ()

    def reload(self) -> None:
        self.desk.ask(self, temperature_places, self._keep_places, ranges=storage_ranges())

    def _keep_places(self, rows: Sequence[TemperatureRow]) -> None:
        self._places = rows
        self.desk.ask(self, excursion_lots, self._arrived)

    def _arrived(self, lots: Sequence[ExcursionLotRow]) -> None:
        lines = [_Line(row, None, row.id) for row in self._places]
        pending = [_Line(None, row, row.id) for row in lots if row.disposition is None]
        judged = [_Line(None, row, row.id) for row in lots if row.disposition is not None]
        self.table.show_rows([*lines, *pending, *judged])
        due = sum(row.is_due for row in self._places)
        told = [f"{due} not read today" if due else "", f"{counted(len(pending), 'lot')} to judge" if pending else ""]
        self.page.head.remark.say(", ".join(filter(None, told)) or ("all read today" if self._places else "no location yet"))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    # Doing.

    def begin_usual(self) -> None:
        """Enter: what the chosen row waits for."""
        row = self.table.chosen()
        if row is not None and row.place is not None:
            self.note_reading()
        else:
            self.judge_lot()

    def note_reading(self) -> None:
        """Type what the thermometer of the chosen location shows."""
        row = self.table.chosen()
        if row is None or row.place is None or not self._may_note:
            return
        location_id = row.place.id
        fields = [
            ChoiceField("scale", "Scale", required=True, choices=[("C", "Celsius"), ("F", "Fahrenheit")]),
            NumberField("value", "Now", unit="°", places=2, required=True),
            NumberField("lowest", "Lowest since the last reading", unit="°", places=2),
            NumberField("highest", "Highest since the last reading", unit="°", places=2),
        ]
        editor = Editor(
            self.desk,
            "reading",
            f"{row.place.location}, now",
            fields,
            ReadingDraft(),
            note_temperature,
            given=lambda draft: {"location_id": location_id, "draft": draft},
            said="Noted. Reset the thermometer's memory.",
            explanation=f"Allowed {row.place.allowed.limits()}. Outside it everything here goes into quarantine at once.",
        )
        self._edit(editor)
        editor.form.focus_field("value")

    def judge_lot(self) -> None:
        """Decide about the chosen lot; signed."""
        row = self.table.chosen()
        if row is None or row.lot is None or row.lot.disposition is not None or not self._may_judge:
            return
        lot = row.lot
        fields = [
            ChoiceField(
                "disposition", "Disposition", required=True, choices=[(one.value, one.capitalize()) for one in Disposition]
            ),
            LongTextField("source", "Maker's statement, or why it is destroyed", required=True, lines=3),
            DateField("expires_on", "Use until"),
        ]
        editor = Editor(
            self.desk,
            "disposition",
            f"{lot.item}, lot {lot.lot_number}",
            fields,
            DispositionDraft(),
            judge_excursion_lot,
            given=lambda draft: {"line_id": lot.id, "draft": draft},
            said="Judged.",
            save="Sign",
            explanation=f"{_span(lot)}. Expires {day(lot.expires_on)}.",
        )

        def shape() -> None:
            editor.form.show_field("expires_on", editor.form.draft.disposition == Disposition.SHORTEN)

        editor.form.changed.connect(shape)
        shape()
        self._edit(editor)

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
        if self._may_note:
            self.note.setEnabled(row is not None and row.place is not None)
        if self._may_judge:
            self.judge.setEnabled(row is not None and row.lot is not None and row.lot.disposition is None)
        if row is None:
            self.page.show_detail(None)
        elif row.place is not None:
            self._show_place(row, row.place)
        elif row.lot is not None:
            self.desk.ask(self, left_during, partial(self._show_lot, row, row.lot), excursion_id=row.lot.excursion_id)

    def _show_place(self, row: _Line, place: TemperatureRow) -> None:
        limit = place.allowed.mean_kinetic_limit
        facts = [
            Fact("Range", place.allowed.words()),
            Fact("Quarantine beyond", place.allowed.limits()),
            Fact("Mean kinetic, 24 hours", _mean(place.day)),
            Fact("Mean kinetic, 7 days", _mean(place.week)),
            Fact("Mean kinetic, 30 days", _mean(place.month), "danger" if place.is_over_mean else None),
            Fact("Mean kinetic at most", degrees(limit) if limit is not None else "the chapter gives none"),
            Fact("Source", f"{place.allowed.source}, {place.allowed.status}"),
        ]
        curve = TemperatureCurve(place.allowed, place.readings, TemperaturePolicy().gap)
        head = across(Pill(*row.state), STRETCH)
        name = down(Text(place.location, 20, 600, wraps=True), Text(curve.words(), 13, ink="ink2", wraps=True), gap=2)
        self.page.show_detail(
            Scroll(holding(down(head, name, curve, FactList(facts), STRETCH, gap=12))),
            Button.for_action(self.note, "primary", icon="thermometer"),
        )

    def _show_lot(self, row: _Line, lot: ExcursionLotRow, left: Sequence[LeftRow]) -> None:
        chosen = self.table.chosen()
        if self.editor is not None or chosen is None or chosen.id != row.id:
            return
        facts = [
            Fact("Location", lot.location),
            Fact("Read", f"{degrees(lot.lowest)} to {degrees(lot.highest)}; allowed {lot.allowed}"),
            Fact("Last good reading", moment(lot.last_good_at) if lot.last_good_at else "none: when it began is unknown", "due"),
            Fact("Found", moment(lot.found_at)),
            Fact("Back in range", moment(lot.ended_at) if lot.ended_at else "not yet", None if lot.ended_at else "danger"),
            Fact("Quarantined", counted(lot.quantity, lot.unit)),
            Fact("Expires", day(lot.expires_on)),
        ]
        if lot.disposition:
            facts += [Fact("Disposition", lot.disposition), Fact("Because", lot.source), Fact("Signed", lot.signed_by)]
        gone = [
            Fact(
                f"{one.item}, lot {one.lot_number}", f"{counted(one.quantity, one.unit)} {one.kind}, {moment(one.moved_at)}", "due"
            )
            for one in left
        ]
        body: list[QWidget | QLayout] = [
            across(Pill(*row.state), STRETCH),
            down(Text(lot.item, 20, 600, wraps=True), Text(f"lot {lot.lot_number}", 13, ink="ink2"), gap=2),
            FactList(facts),
            Text("Left before it was found", 16, 600),
            FactList(gone) if gone else Text("Nothing left the location meanwhile.", 13, ink="ink2", wraps=True),
        ]
        buttons = [Button.for_action(self.judge, "primary", icon="check")] if lot.disposition is None else []
        self.page.show_detail(Scroll(holding(down(*body, STRETCH, gap=12))), *buttons)


def _mean(mean: Kinetic) -> str:
    told = degrees(mean.celsius) if mean.celsius is not None else "unknown"
    return f"{told}, {mean.not_monitored}" if mean.not_monitored else told


def _span(lot: ExcursionLotRow) -> str:
    return f"{lot.location}: {degrees(lot.lowest)} to {degrees(lot.highest)}, allowed {lot.allowed}"
