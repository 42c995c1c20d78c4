"""What each folder of tests may take, in seconds of one core, and what it took: printed after every run."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

# Two cores have 2 x 360 s within the six minutes that a whole run may last; the rest is for starting and collecting.
BUDGET_S: Final[Mapping[str, int]] = {
    "exchange": 24, "house": 30, "journeys": 90, "migrations": 12, "papers": 30, "rules": 40, "screens": 220, "services": 260,
}  # fmt: skip


def spent(durations: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Seconds by folder from (node id, seconds) of every set-up, call and tear-down."""
    found: defaultdict[str, float] = defaultdict(float)
    for node, seconds in durations:
        found[node.split("/")[1]] += seconds
    return found


def lines(found: Mapping[str, float]) -> list[str]:
    """One line a folder: what it took, what it may, and whether it is over."""
    width = max(map(len, found), default=0)
    return [
        f"{folder:<{width}} {seconds:7.1f} s of {BUDGET_S.get(folder, 0)} s{'   over' if seconds > BUDGET_S.get(folder, 0) else ''}"
        for folder, seconds in sorted(found.items())
    ]
