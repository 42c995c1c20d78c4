"""Work off the window's thread, answered on it: what runs elsewhere never holds a widget.

Whoever lets go of a widget last destroys it, and a widget destroyed off the window's own thread leaves its timers behind and ends
the process. So a worker carries a number only; the work itself, and who waits for it, lie here and are let go here. For the same
reason Python's collector, which may run in any thread, is turned off and runs here by the clock.
"""

import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

COLLECT_EVERY_MS = 1000


@dataclass(frozen=True)
class _Errand:
    work: Callable[[], Any]
    then: Callable[["Future[Any]"], None]


class _Post(QObject):
    """The one place where errands wait; made on the window's thread and never destroyed before the process ends."""

    _came = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._out: dict[int, _Errand] = {}
        self._sent = 0
        self._came.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def send(self, lane: ThreadPoolExecutor, errand: _Errand) -> None:
        self._sent += 1
        self._out[self._sent] = errand
        lane.submit(self._perform, self._sent).add_done_callback(partial(self._came.emit, self._sent))

    def _perform(self, number: int) -> Any:
        return self._out[number].work()

    @Slot(int, object)
    def _hand_over(self, number: int, future: "Future[Any]") -> None:
        self._out.pop(number).then(future)


@cache
def _post() -> _Post:
    return _Post()


def send(lane: ThreadPoolExecutor, work: Callable[[], Any], then: Callable[["Future[Any]"], None]) -> None:
    """Do `work` on a lane and call `then` with its future on the window's thread, where this must be called."""
    _post().send(lane, _Errand(work, then))


def collect_here(parent: QObject) -> None:
    """From now on garbage is collected on this thread alone, by Python's own thresholds, once a second at most."""
    gc.freeze()  # what is loaded stays; looking through it again and again would cost a tenth of a second each time
    gc.disable()
    timer = QTimer(parent)
    timer.timeout.connect(collect_due)
    timer.start(COLLECT_EVERY_MS)


def collect_due() -> int:
    """Collect the oldest generation that is due; gives back how many objects went."""
    for generation, (count, threshold) in reversed(list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))):
        if count > threshold:
            return gc.collect(generation)
    return 0
