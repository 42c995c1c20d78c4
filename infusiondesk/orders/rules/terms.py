"""How often and until when a prescription may be filled. Source: clinical 9.2; the limits are rows of a table."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from infusiondesk.foundation.kernel.ismp import counted, day


@dataclass(frozen=True)
class Limit:
    """What the law leaves to a prescriber for one schedule; None is "not known here".

    `portion_days`: the quantity of one prescription may leave in portions until so many days after it was written.
    """

    schedule: str
    refills: int | None
    months: int | None
    portion_days: int | None = None
    status: str = "memory"


@dataclass(frozen=True)
class Terms:
    """A prescription's own terms beside the limit of its schedule. `refills` None: as often as needed until the last day."""

    written_on: date
    refills: int | None
    limit: Limit | None

    @property
    def expires_on(self) -> date | None:
        """Its last day, or None where no limit is known: then nothing is claimed."""
        if self.limit is None or self.limit.months is None:
            return None
        return self.written_on + relativedelta(months=self.limit.months)

    @property
    def most_refills(self) -> int | None:
        """Refills after the first fill: the stricter of what was written and what the schedule allows; None where neither says."""
        known = [count for count in (self.refills, self.limit.refills if self.limit else None) if count is not None]
        return min(known, default=None)

    @property
    def portions_until(self) -> date | None:
        """The last day for a further portion, where the schedule allows portions and no refill."""
        if self.limit is None or self.limit.portion_days is None:
            return None
        return self.written_on + timedelta(days=self.limit.portion_days)

    def left(self, fills: int) -> int | None:
        """Refills left after so many fills, the first one included; None where no number limits them."""
        return None if self.most_refills is None else max(0, self.most_refills - max(0, fills - 1))

    def refusal(self, fills: int, on: date) -> str | None:
        """Why it may not be filled once more on a day, in one sentence, or None."""
        if self.expires_on is not None and on > self.expires_on:
            return f"It was written on {day(self.written_on)} and expired on {day(self.expires_on)}: ask for a new prescription."
        if fills and self.portions_until is not None:
            if on <= self.portions_until:
                return None
            return f"Its portions ended on {day(self.portions_until)}: ask for a new prescription."
        if self.most_refills is not None and fills > self.most_refills:
            done, may = counted(fills, "time"), counted(self.most_refills, "refill")
            return f"It was filled {done}, and {may} may follow the first: none is left."
        return None


def refills_problem(refills: int | None, limit: Limit | None) -> str | None:
    """Why so many refills cannot be written, in one sentence, or None."""
    if refills is None or limit is None or limit.refills is None or refills <= limit.refills:
        return None
    name = limit.schedule.replace("C", "C-", 1)
    if limit.refills == 0:
        return f"A {name} prescription has no refill: every fill needs a prescription of its own."
    return f"A {name} prescription has at most {counted(limit.refills, 'refill')}, not {refills}."
