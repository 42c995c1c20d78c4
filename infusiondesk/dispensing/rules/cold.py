"""The cold chain: validated shippers, what a logger read, and what a pharmacist judges. Source: clinical 8.2; sterile 7."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from infusiondesk.compounding.rules import Storage
from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.kernel.outcomes import Problem


@dataclass(frozen=True)
class Range:
    """The temperatures in which something may travel, in degrees Celsius, both counted."""

    low: Decimal
    high: Decimal
    words: str


# Sterile 7 (USP <659>): the freezer, the refrigerator, and room temperature with the excursions that it allows (15 to 30 °C).
RANGES: Final[Mapping[Storage, Range]] = {
    Storage.FREEZER: Range(Decimal(-25), Decimal(-10), "−25 to −10 °C"),
    Storage.REFRIGERATOR: Range(Decimal(2), Decimal(8), "2 to 8 °C"),
    Storage.CRT: Range(Decimal(15), Decimal(30), "15 to 30 °C on the way"),
}
_COLD: Final = frozenset({Storage.FREEZER, Storage.REFRIGERATOR})


def excursion(storage: Storage, low: Decimal | None, high: Decimal | None) -> str:
    """What was outside the label's storage on the way, in one sentence; empty when nothing was, or nothing was read."""
    allowed = RANGES[storage]
    outside = [
        f"{number(value)} °C"
        for value in dict.fromkeys((low, high))
        if value is not None and not allowed.low <= value <= allowed.high
    ]
    return f"{' and '.join(outside)} on the way; the label allows {allowed.words}." if outside else ""


@dataclass(frozen=True)
class ShipperFacts:
    """A validated pack-out: what it keeps, in which months, for how long, and who says so."""

    id: UUID
    name: str
    first_month: int
    last_month: int
    storage: Storage
    qualified_hours: Decimal
    source: str
    status: str
    signed_by: str = ""

    def fits(self, on: date) -> bool:
        """Whether it was qualified for that time of the year; a winter goes over the year's end."""
        if self.first_month <= self.last_month:
            return self.first_month <= on.month <= self.last_month
        return on.month >= self.first_month or on.month <= self.last_month


def needs_shipper(storages: Iterable[Storage]) -> frozenset[Storage]:
    """The cold kinds among these, each of which must travel in a pack-out that was validated for it."""
    return frozenset(storages) & _COLD


def shipper_refusal(shipper: ShipperFacts, storages: Iterable[Storage], on: date) -> str | None:
    """Why a pack-out does not fit what is in it or the season, or None; one that nobody has signed is not validated."""
    if not shipper.signed_by:
        return f"{shipper.name} is not signed by a pharmacist: nothing travels in it as validated."
    if not shipper.fits(on):
        return f"{shipper.name} is qualified for months {shipper.first_month} to {shipper.last_month}, not for this season."
    others = sorted(one.words for one in needs_shipper(storages) if one is not shipper.storage)
    if others:
        return f"{shipper.name} is qualified for {shipper.storage.words}, not for {' and '.join(others)}."
    return None


def hours_refusal(shipper_hours: Decimal | None, packed_at: datetime, at: datetime) -> str | None:
    """Why a pack-out is past what it was qualified for, or None."""
    if shipper_hours is None:
        return None
    taken = Decimal(int((at - packed_at).total_seconds())) / 3600
    if taken <= shipper_hours:
        return None
    hours = number(taken.quantize(Decimal("0.1")))
    return f"It was packed {hours} hours before; its shipper is qualified for {number(shipper_hours)}."


@dataclass
class ShipperDraft:
    """A validated pack-out, being entered from the study that qualified it."""

    name: str = ""
    first_month: int | None = None
    last_month: int | None = None
    storage: str | None = None
    qualified_hours: Decimal | None = None
    source: str = ""

    @staticmethod
    def of(one: ShipperFacts) -> "ShipperDraft":
        """A pack-out as it stands, to be corrected."""
        return ShipperDraft(one.name, one.first_month, one.last_month, one.storage.value, one.qualified_hours, one.source)

    def problems(self) -> list[Problem]:
        months = (self.first_month, self.last_month)
        wanted = (
            ("name", bool(self.name.strip()), "Name the shipper as it stands on the box."),
            ("first_month", months[0] is not None and 1 <= months[0] <= 12, "Enter a month, 1 to 12."),
            ("last_month", months[1] is not None and 1 <= months[1] <= 12, "Enter a month, 1 to 12."),
            ("storage", self.storage is not None, "Choose what it keeps."),
            ("qualified_hours", bool(self.qualified_hours and self.qualified_hours > 0), "Enter the hours it was qualified for."),
            ("source", bool(self.source.strip()), "Name the study: without one it is not validated."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]


class Disposition(StrEnum):
    """What a pharmacist decides about bags that were too warm or too cold."""

    USE = "use"
    REPLACE = "replace and destroy"


@dataclass
class JudgementDraft:
    """A pharmacist's judgement of bags after an excursion."""

    disposition: str | None = None
    because: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.disposition is None:
            found.append(Problem("disposition", "Choose what happens to the bags."))
        if len(self.because.strip()) < 10:
            found.append(Problem("because", "Say on what this rests: the manufacturer, the stability row, who was called."))
        return found


def reading_words(low: Decimal | None, high: Decimal | None, how: str) -> str:
    """``3.1 to 7.4 °C, by hand``; empty when nothing was read."""
    told = " to ".join(number(value) for value in (low, high) if value is not None)
    return f"{told} °C, {how}" if told else ""
