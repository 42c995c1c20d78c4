"""Routes: the stops of a day in the order in which each driver makes them, and what is on no route yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.documents import draw_route_sheet
from infusiondesk.dispensing.queries import StopRow
from infusiondesk.dispensing.screens.beside import edit_beside
from infusiondesk.dispensing.screens.ticket_detail import TONES, delivery_items, ticket_row
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.paper.stationery import Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import DateField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.staff.queries import printing_of

ON_NO_ROUTE = "On no route yet"

COLUMNS: Sequence[Column[StopRow]] = (
    Column("Stop", lambda row: str(row.place) if row.place else "", right=True, strong=True, width=56),
    Column("Patient", lambda row: row.ticket.patient, second=lambda row: row.ticket.mrn, strong=True, stretch=1),
    Column("Where", lambda row: row.ticket.deliver_to, second=lambda row: row.access_notes, stretch=2),
    Column("Items", lambda row: str(len(row.ticket.lines)), right=True, width=60),
    Column(
        "State",
        lambda row: row.ticket.state.value,
        second=lambda row: row.ticket.number,
        tone=lambda row: TONES[row.ticket.state.value],
        shape=True,
        width=120,
    ),
)


@dataclass
class DriverDraft:
    """On whose route, and when."""

    driver: str = ""
    on: date | None = None

    def problems(self) -> list[Problem]:
        return []


class RoutesScreen(Screen):
    """The order of a day's stops."""

    stale_on = frozenset({Area.DISPENSING})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._on = today(desk.store.clock)
        self._driver = ""
        before = Button("Day before", icon="caret-left", dense=True, key="Alt+Left")
        after = Button("Next day", icon="caret-right", dense=True, key="Alt+Right")
        before.clicked.connect(partial(self._turn, -1))
        after.clicked.connect(partial(self._turn, 1))
        self.page = ListDetail("Routes", day(self._on), actions=[before, after])
        self.table: RowsTable[StopRow] = RowsTable(
            COLUMNS,
            name="Stops",
            group=lambda row: row.driver or ON_NO_ROUTE,
            empty=EmptyState("map-pin", "No stops on this day", "Packed deliveries wait here for a driver."),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+Up", "earlier"), ("Ctrl+Down", "later")])
        self.table.chosen_changed.connect(self._show)
        self.act("Drive earlier", "Ctrl+Up", partial(self._move, -1), service.move_stop)
        self.act("Drive later", "Ctrl+Down", partial(self._move, 1), service.move_stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.routes, self._show_rows, on=self._on)

    def open_editor(self, name: str) -> None:
        row = self.table.chosen()
        if name == "driver" and row is not None:
            self.choose_driver(row)

    def choose_driver(self, row: StopRow) -> None:
        """On whose route it goes."""
        editor = Editor(
            self.desk,
            "driver",
            f"Put {row.ticket.number} on a route",
            [TextField("driver", "Driver", required=True), DateField("on", "Day", required=True)],
            DriverDraft(row.driver or self._driver, self._on),
            service.put_on_route,
            given=lambda draft: {"ticket_id": row.id, "on": draft.on, "driver": draft.driver},
            said="It is the last stop of that route.",
            save="Put on route",
        )
        editor.saved.connect(lambda _: self._remember(editor))
        edit_beside(self, self.page, editor, lambda: self._show(self.table.chosen()))

    def print_route(self) -> None:
        """The sheet of the chosen stop's driver."""
        row = self.table.chosen()
        if row is not None and row.driver:
            stops = [one for one in self.table.rows() if one.driver == row.driver]
            self.desk.ask(self, printing_of, partial(self._draw, row.driver, stops))

    def _draw(self, driver: str, stops: Sequence[StopRow], printing: Printing) -> None:
        def show(pdf: bytes) -> None:
            name = f"route-{self._on.isoformat()}.pdf"
            self.paper_ready.emit(PaperShown("Route sheet", pdf, name, "route", None, None, Area.DISPENSING))

        self.desk.draw(self, partial(draw_route_sheet, stops, driver, self._on, printing), show)

    def _remember(self, editor: Editor) -> None:
        self._driver = str(editor.form.draft.driver)

    def _turn(self, days: int) -> None:
        self._on += timedelta(days=days)
        self.page.head.remark.say(day(self._on))
        self.reload()

    def _move(self, places: int) -> None:
        row = self.table.chosen()
        if row is not None and row.driver:
            self.desk.do(self, service.move_stop, ticket_id=row.id, by_places=places)

    def _show_rows(self, rows: Sequence[StopRow]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: StopRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        items = delivery_items(ticket_row(row.ticket))
        if row.access_notes:
            items.insert(2, Text(f"At the door: {row.access_notes}", 13, wraps=True))
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), *self._buttons(row))

    def _buttons(self, row: StopRow) -> list[Button]:
        put = Button("Put on a route" if not row.driver else "Change route", "secondary" if row.driver else "primary", icon="truck")
        put.clicked.connect(partial(self.choose_driver, row))
        if sentence := self.desk.refusal(service.put_on_route.permission):
            put.forbid(sentence)
        if not row.driver:
            return [put]
        count = sum(one.driver == row.driver for one in self.table.rows())
        sheet = Button(f"Print route sheet, {counted(count, 'stop')}", "primary", icon="printer", key="Ctrl+P")
        sheet.clicked.connect(self.print_route)
        off = Button("Take off route")
        off.clicked.connect(lambda: self.desk.do(self, service.take_off_route, said="It is on no route.", ticket_id=row.id))
        if sentence := self.desk.refusal(service.take_off_route.permission):
            off.forbid(sentence)
        return [sheet, put, off]
