"""Where a delivery stands, what may happen to it next, and what it still waits for. Source: clinical 8.2, 9.6."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Happening(StrEnum):
    """What happens to a ticket, in the order in which one can follow the other."""

    SHIPPED = "shipped"
    CALLED = "called"
    LEFT = "left"
    DELIVERED = "delivered"
    REFUSED = "refused"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    BROUGHT_BACK = "brought back"
    DESTROYED = "destroyed"


class State(StrEnum):
    """Where a ticket stands."""

    PACKING = "being packed"
    PACKED = "packed"
    ON_THE_ROAD = "on the road"
    LEFT = "left"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Work(StrEnum):
    """What somebody still has to do for a ticket."""

    PACK = "pack"
    SHIP = "ship"
    CONFIRM = "confirm"
    JUDGE = "judge"
    DESTROY = "destroy"


_AFTER: Mapping[Happening, State] = {
    Happening.SHIPPED: State.ON_THE_ROAD,
    Happening.LEFT: State.LEFT,
    Happening.DELIVERED: State.CONFIRMED,
    Happening.REFUSED: State.REFUSED,
    Happening.RETURNED: State.RETURNED,
    Happening.CANCELLED: State.CANCELLED,
}
_AWAY = frozenset({State.ON_THE_ROAD, State.LEFT})
_MAY_FOLLOW: Mapping[Happening, frozenset[State]] = {
    Happening.SHIPPED: frozenset({State.PACKED}),
    Happening.LEFT: frozenset({State.ON_THE_ROAD}),
    Happening.DELIVERED: _AWAY,
    Happening.REFUSED: _AWAY,
    Happening.RETURNED: _AWAY,
    Happening.CANCELLED: frozenset({State.PACKING, State.PACKED}),
    Happening.CALLED: _AWAY,
    Happening.BROUGHT_BACK: frozenset({State.CONFIRMED}),
    Happening.DESTROYED: frozenset({State.REFUSED, State.RETURNED, State.CONFIRMED}),
}
OPEN = frozenset({State.PACKING, State.PACKED, *_AWAY})
CAME_BACK = frozenset({State.REFUSED, State.RETURNED})
_WORK: Mapping[State, Work] = {
    State.PACKING: Work.PACK,
    State.PACKED: Work.SHIP,
    State.ON_THE_ROAD: Work.CONFIRM,
    State.LEFT: Work.CONFIRM,
}


def state(happened: Iterable[Happening], *, is_packed: bool = True) -> State:
    """Where a ticket stands from what happened to it, oldest first.

    Calls, what was brought back later, and destructions are written down and move nothing.
    """
    now = State.PACKED if is_packed else State.PACKING
    for happening in happened:
        now = _AFTER.get(happening, now)
    return now


def refusal_of(happening: Happening, current: State) -> str | None:
    """Why this may not happen now, or None."""
    if current in _MAY_FOLLOW[happening]:
        return None
    doing = "called about on the road" if happening is Happening.CALLED else happening.value
    return f"A delivery that is {current.value} cannot be {doing}."


def work_of(current: State, *, is_to_judge: bool, is_to_destroy: bool) -> Work | None:
    """What the ticket waits for; None when it is done (returned or unusable bags keep it open until they are destroyed)."""
    if current in _WORK:
        return _WORK[current]
    if is_to_judge:
        return Work.JUDGE
    return Work.DESTROY if is_to_destroy else None
