"""Today: the signed-in person's work, what harms first at the top; Enter opens each line where it is done."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.clock import local
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.today.queries import LISTS
from infusiondesk.today.rules import Harm, Line, Work, in_order, works_of

REST_AFTER_MS = 250
TONES: dict[Harm, Tone] = {Harm.NOW: "danger", Harm.TODAY: "due", Harm.NEXT: "neutral"}

# In which order the lists are read: those first whose slice is small or loaded already, so that nobody looks at an empty page.
LIGHTEST_FIRST: Sequence[Work] = (
    Work.REFERRALS, Work.CATALOG, Work.PROMISES, Work.ORDERS, Work.RESULTS, Work.UNMATCHED, Work.VISITS, Work.BATCHES,
    Work.DELIVERIES, Work.BILLING, Work.HOLDS, Work.FILL_LOG, Work.KNOWLEDGE,
    Work.ROAD, Work.PUMPS, Work.STOCK,
)  # fmt: skip


def _due_tone(line: Line) -> Tone | None:
    return "danger" if line.is_late else None


COLUMNS: Sequence[Column[Line]] = (
    Column("", lambda line: "", tone=lambda line: TONES[line.harm], shape=True, width=40),
    Column("What", lambda line: line.what, second=lambda line: line.who, strong=True, wraps=True, width=320, stretch=3),
    Column("Due", lambda line: line.due, tone=_due_tone, wraps=True, width=170),
    Column("Why it is here", lambda line: line.because, wraps=True, stretch=2),
    Column("Where", lambda line: line.place, quiet=True, width=140),
)


class TodayScreen(Screen):
    """Every list that concerns this person, as one; each is shown as soon as it is read."""

    stale_on = frozenset(Area) - {Area.STAFF, Area.SETTINGS}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.works = works_of(desk.actor.roles)
        self._lines: dict[Work, Sequence[Line]] = {}
        self._awaited: set[Work] = set()
        self._failed: set[Work] = set()
        self._led_to = ""
        self._unasked: list[Work] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_AFTER_MS)
        self._rest.timeout.connect(self._ask_rest)
        self.page = ListDetail("Today", "what harms first")
        empty = EmptyState("check-circle", "Nothing waits for you", "What has to be done in your roles comes here by itself.")
        self.table: RowsTable[Line] = RowsTable(COLUMNS, name="Today", empty=empty, group=lambda line: line.harm.value)
        self.table.activated_row.connect(self.open)
        self.page.set_list(self.table)
        self.setFocusProxy(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Enter", "open where it is done"), ("Alt+O", "open the chart")])
        self._chart = self.act("Open chart", "Alt+O", self.open_chart)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self._awaited, self._failed = set(self.works), set()
        self._say()
        self.table.show_loading()
        self._unasked = sorted(self.works, key=LIGHTEST_FIRST.index)
        self._ask(self._unasked[:1])
        self._rest.start()

    def _ask(self, works: Sequence[Work]) -> None:
        self._unasked = [work for work in self._unasked if work not in works]
        for work in works:
            self.desk.ask(self, LISTS[work], partial(self._arrive, work), when_failed=partial(self._fail, work))

    def _ask_rest(self) -> None:
        """All other lists: when the first has come, or when it is late; loading them all at once would hold up the first."""
        self._rest.stop()
        self._ask(self._unasked)

    def showEvent(self, event: QShowEvent) -> None:
        self._is_stale = True  # the clock went on while another screen was shown
        super().showEvent(event)

    def open(self, line: Line) -> None:
        """Go where a line is done, at its record; a page of a chart wants its patient first."""
        if line.in_chart:
            self.patient_chosen.emit(line.patient_id)
        self.record_asked.emit(line.place, line.record_id)

    def open_chart(self) -> None:
        """Open the chart of the patient whom the chosen line is about."""
        line = self.table.chosen()
        if line is not None and line.patient_id is not None:
            self.patient_chosen.emit(line.patient_id)

    def _arrive(self, work: Work, lines: Sequence[Line]) -> None:
        self._awaited.discard(work)
        self._lines[work] = lines
        # Until everything has come the first line stays the chosen one, unless the person has gone to another.
        chosen = self.table.chosen()
        follows = chosen is None or chosen.id == self._led_to
        self.table.show_rows(in_order(line for found in self._lines.values() for line in found))
        if follows and self.table.choose_first():
            first = self.table.chosen()
            self._led_to = first.id if first is not None else ""
        if not self.table.rows() and self._awaited:
            self.table.show_loading()
        self._say()
        self._ask_rest()

    def _fail(self, work: Work) -> None:
        """A list that could not be read is named; what was read of it before is not shown as if it were of now."""
        self._failed.add(work)
        self._arrive(work, ())

    def _say(self) -> None:
        today = day(local(self.desk.store.clock, self.desk.store.clock.now()).date())
        told = [f"{today}, what harms first"]
        for words, works in (("still reading", self._awaited), ("could not be read:", self._failed)):
            if works:
                told.append(f"{words} {', '.join(work.value for work in self.works if work in works)}")
        self.page.head.remark.say("; ".join(told))
