"""The cells of the day ledger: one therapy, one day, one status, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from infusiondesk.billing.rules.codes import Warn
from infusiondesk.billing.rules.holds import Held, Hold, drug_reason, first_reason
from infusiondesk.billing.rules.profile import Site
from infusiondesk.billing.rules.schedule import Key


class DayStatus(StrEnum):
    """What one day of one row is; the letter is what the grid shows."""

    BILLABLE = "B"
    HELD = "H"
    INPATIENT = "I"
    NOT_COVERED = "N"
    PLANNED = "P"


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One cell: status, what would stand on the claim, and the sentences a person can check."""

    day: date
    status: DayStatus
    because: tuple[str, ...]
    sources: tuple[str, ...]
    code: str | None = None
    modifiers: tuple[str, ...] = ()
    rank: int | None = None
    authorization: str | None = None
    held_because: Held | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One per-diem unit of one day, before and after ranking and authorization have had their say."""

    day: date
    key: Key
    order_id: str | None
    members: tuple[str, ...]
    place: int
    began: date
    code: str | None
    usd_per_unit: Decimal | None
    because: tuple[str, ...]
    sources: tuple[str, ...]
    holds: tuple[Hold, ...] = ()
    warning: Warn | None = None
    weekly: bool = False
    site: Site = Site.HOME
    rank: int | None = None
    modifiers: tuple[str, ...] = ()
    authorization: str | None = None

    @property
    def held_because(self) -> Held | None:
        """The reason printed on the line."""
        return first_reason(self.holds)

    @property
    def drug_held_because(self) -> Held | None:
        """The reason that holds the drug of this day too."""
        return drug_reason(self.holds)

    def says(self, sentence: str, source: str) -> "Claim":
        """The same claim with one more sentence."""
        return replace(self, because=(*self.because, sentence), sources=(*self.sources, source))

    def held(self, *holds: Hold) -> "Claim":
        """The same claim, waiting for these reasons too."""
        sentences = tuple(f"held: {hold.because}" for hold in holds)
        sources = tuple(hold.source for hold in holds)
        more = replace(self, holds=(*self.holds, *holds))
        return replace(more, because=(*self.because, *sentences), sources=(*self.sources, *sources))

    def cell(self, as_of: date | None) -> LedgerDay:
        """The cell of the carrying therapy; a day still to come is planned."""
        status = DayStatus.HELD if self.holds else DayStatus.BILLABLE
        if as_of is not None and self.day > as_of:
            status = DayStatus.PLANNED
        return LedgerDay(
            self.day,
            status,
            self.because,
            tuple(dict.fromkeys(self.sources)),
            self.code,
            self.modifiers,
            self.rank,
            self.authorization,
            self.held_because,
        )


def runs(cells: Mapping[date, LedgerDay]) -> Iterator[tuple[date, date, LedgerDay]]:
    """Consecutive days that say the same, for a summary a person can read."""
    first: date | None = None
    last = date.min
    said: LedgerDay | None = None
    for day, cell in sorted(cells.items()):
        same = said is not None and (cell.status, cell.because) == (said.status, said.because)
        if said is None or first is None or not same or (day - last).days != 1:
            if said is not None and first is not None:
                yield first, last, said
            first, said = day, cell
        last = day
    if said is not None and first is not None:
        yield first, last, said
