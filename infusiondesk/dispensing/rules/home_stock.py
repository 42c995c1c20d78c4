"""What of supplies is in the home, and what is still needed: delivered less used, or counted; every number explains itself.

Nobody records each supply that is used: it is worked out from the schedule of the order and the kit, until somebody counts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_UP, Decimal
from typing import Any, Final
from uuid import UUID

from infusiondesk.dispensing.rules.kits import Chosen, KitLine, Per
from infusiondesk.foundation.kernel.ismp import counted, day, number
from infusiondesk.foundation.kernel.outcomes import Problem

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
COUNTED_HOW: Final = ("visit", "call", "by the driver")


@dataclass(frozen=True)
class Arrived:
    """Some of a supply that the patient received; what he gave back is taken off."""

    quantity: Decimal
    at: datetime
    ticket: str


@dataclass(frozen=True)
class Count:
    """What was counted in the home: how many, when, who said it."""

    quantity: Decimal
    at: datetime
    told_by: str
    how: str


@dataclass(frozen=True)
class Use:
    """What one order uses of a supply by one row of its kit: at each of these instants `quantity` (None: unknown)."""

    rx_number: int
    line: KitLine
    times: tuple[datetime, ...]

    def between(self, after: datetime, until: datetime) -> int:
        """How many times it is used after an instant, up to another one."""
        return sum(after < one <= until for one in self.times)


@dataclass(frozen=True)
class SupplyNeed:
    """One supply of a patient: how many are at home, are needed and are to be sent; None where a number is missing.

    `because` says why another item goes than the kit's, `hold` why none goes; `working` derives each number.
    """

    item: str
    item_id: UUID | None
    unit: str
    at_home: Decimal
    needed: Decimal | None
    to_send: Decimal | None
    working: tuple[tuple[str, str], ...]
    because: str = ""
    hold: str = ""
    gap: str = ""

    @property
    def id(self) -> str:
        """What tells it from another one."""
        return str(self.item_id or self.item.casefold())

    def many(self, quantity: Decimal | None) -> str:
        """So many, in its unit."""
        if quantity is None:
            return "unknown"
        return counted(quantity, self.unit) if self.unit else number(quantity)


@dataclass
class Asked:
    """Everything that asks for one item: the rows and orders, what arrived of it, the last count."""

    chosen: Chosen
    unit: str = ""
    uses: list[Use] = field(default_factory=list)
    arrived: Sequence[Arrived] = ()
    count: Count | None = None


def need(asked: Asked, now: datetime, through: datetime) -> SupplyNeed:
    """How many are at home now, how many are needed through an instant, and how many are to be sent."""
    uses, count = asked.uses, asked.count
    since = count.at if count else min((one.at for one in asked.arrived), default=now)
    after_count = [one for one in asked.arrived if count is None or one.at > count.at]
    working = [_counted(count)] if count else []
    working += [("Delivered", f"{number(one.quantity)} on {day(one.at.date())} with {one.ticket}") for one in after_count]
    gap = next((use.line.gap for use in uses if use.line.gap), "")
    used, told = _of(uses, since, now)
    working += [("Used by schedule", words) for words in told]
    had = (count.quantity if count else Decimal(0)) + sum((one.quantity for one in after_count), Decimal(0))
    at_home = max(had - used, Decimal(0))
    if had < used:
        working.append(("Short", "More was used by the schedule than was there: count it at the next visit or call."))
    ahead, told = _of(uses, now, through)
    working += [("Needed", words) for words in told]
    once = max((use.line.quantity or Decimal(0) for use in uses if use.line.per is Per.ONCE), default=Decimal(0))
    if once:
        working.append(("Needed", f"{number(once)}, once"))
    working += [("No number", f"{use.line.item} for {use.line.for_words}: {use.line.gap}") for use in uses if use.line.gap]
    if asked.chosen.because:
        working.append(("Instead", asked.chosen.because))
    needed = None if gap else (ahead + once).to_integral_value(ROUND_UP)
    to_send = None if needed is None or asked.chosen.hold else max(needed - at_home, Decimal(0)).to_integral_value(ROUND_UP)
    return SupplyNeed(
        asked.chosen.item, asked.chosen.item_id, asked.unit, at_home, needed, to_send, tuple(dict.fromkeys(working)),
        asked.chosen.because, asked.chosen.hold, gap,
    )  # fmt: skip


def _counted(count: Count) -> tuple[str, str]:
    return ("Counted", f"{number(count.quantity)} on {day(count.at.date())}, {count.told_by} ({count.how})")


def _of(uses: Iterable[Use], after: datetime, until: datetime) -> tuple[Decimal, list[str]]:
    """How many are used in a stretch of time, and how that comes about."""
    total, told = Decimal(0), []
    for use in uses:
        each, times = use.line.quantity, use.between(after, until)
        if use.line.gap or each is None or not times or use.line.per is Per.ONCE:
            continue
        total += each * times
        what = counted(times, "dose" if use.line.per is Per.DOSE else "change")
        told.append(f"{number(each * times)}: {number(each)} × {what} of Rx {use.rx_number}")
    return total, told


@dataclass(frozen=True)
class InBox:
    """Units of a lot that are in a box: of which item, by which name."""

    item_id: str
    name: str
    quantity: Decimal


def still_needed(proposed: Iterable[Mapping[str, Any]], box: Collection[InBox]) -> tuple[str, ...]:
    """Of what was proposed for a box what is not in it, in words; where no number is known, what nothing of is in it.

    Where the kit names no item of the shelf, things are compared by their names.
    """
    found: list[str] = []
    unknown: dict[str, list[str]] = {}
    for one in proposed:
        named = one["item"].casefold()
        own = [some for some in box if (some.item_id == one["item_id"] if one["item_id"] else _alike(named, some.name.casefold()))]
        packed = sum((some.quantity for some in own), Decimal(0))
        if one["hold"] or (not one["to_send"] and own):
            continue
        left = Decimal(one["to_send"] or 0) - packed
        if not one["to_send"]:
            unknown.setdefault(one["gap"], []).append(one["item"])
        elif left > 0:
            many = counted(left, one["unit"]) if one["unit"] else number(left)
            found.append(f"{one['item']}: {many}" + (f" ({one['because']})" if one["because"] else ""))
    return (*found, *(f"{', '.join(items)} ({gap})" for gap, items in unknown.items()))


def _alike(one: str, other: str) -> bool:
    return one in other or other in one


@dataclass
class HomeCountDraft:
    """Somebody counted a supply in the home, or said how many there are."""

    quantity: Decimal | int | None = None
    told_by: str = ""
    how: str | None = None
    counted_at: datetime | None = None

    def problems(self) -> list[Problem]:
        whole = self.quantity is not None and self.quantity >= 0 and self.quantity == int(self.quantity)
        wanted = (
            ("quantity", whole, "Enter how many are there, a whole number, 0 when there are none."),
            ("told_by", bool(self.told_by.strip()), "Say who counted."),
            ("how", self.how in COUNTED_HOW, "Say how you know it."),
            ("counted_at", self.counted_at is not None, "Enter when it was counted."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]


@dataclass
class BoxDraft:
    """A delivery without bags: for whom, what for, by when, and through which day its supplies last."""

    patient_id: UUID | None = None
    what_for: str = ""
    deliver_by: date | None = None
    through: date | None = None

    def problems(self) -> list[Problem]:
        wanted = (
            ("patient_id", self.patient_id is not None, "Choose the patient."),
            ("what_for", len(self.what_for.strip()) >= 3, "Say what it is for: a pump, supplies, a package."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]
