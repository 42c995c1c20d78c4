"""Coverage and authorizations: what may be entered, what counts on a day, and how it stands in the banner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.patients.rules.banner import Words
from infusiondesk.payers.rules.profile import PayerKind
from infusiondesk.payers.rules.values import CODE

FEW_DAYS: Final = 7  # our own default: from here on the banner turns amber
RANKS: Final = {1: "primary", 2: "secondary", 3: "tertiary"}  # a claim names at most three


@dataclass
class PayerDraft:
    """A payer being entered."""

    name: str = ""
    kind: PayerKind | None = None
    electronic_id: str = ""
    phone: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", "Enter the payer's name."))
        if self.kind is None:
            found.append(Problem("kind", "Choose how this payer pays."))
        return found


@dataclass
class CoverageDraft:
    """One plan of one patient being entered; the last day is part of it."""

    payer_id: UUID | None = None
    member_id: str = ""
    group_number: str = ""
    holder: str = ""
    rank: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.payer_id is None:
            found.append(Problem("payer_id", "Choose the payer."))
        if not self.member_id.strip():
            found.append(Problem("member_id", "Enter the member number on the card."))
        if self.rank not in RANKS:
            found.append(Problem("rank", "Choose whether it is primary, secondary or tertiary."))
        if self.starts_on is None:
            found.append(Problem("starts_on", "Enter the first day of coverage."))
        elif problem := _order_problem("The coverage", self.starts_on, self.ends_on):
            found.append(problem)
        return found


@dataclass
class AuthorizationDraft:
    """One authorization being entered: a number, one code, a first and last day, and units (billing 2.7)."""

    number: str = ""
    code: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    units: int | None = None

    def problems(self) -> list[Problem]:
        found = []
        if not self.number.strip():
            found.append(Problem("number", "Enter the payer's authorization number."))
        if not CODE.fullmatch(self.code.strip().upper()):
            found.append(Problem("code", "Enter the one code that is authorized, such as S9500."))
        if self.starts_on is None:
            found.append(Problem("starts_on", "Enter the first day."))
        if self.ends_on is None:
            found.append(Problem("ends_on", "Enter the last day."))
        if self.starts_on is not None and (problem := _order_problem("The authorization", self.starts_on, self.ends_on)):
            found.append(problem)
        if self.units is None or self.units < 1:
            found.append(Problem("units", "Enter the units, at least 1."))
        return found


def _order_problem(what: str, starts_on: date, ends_on: date | None) -> Problem | None:
    if ends_on is not None and ends_on < starts_on:
        return Problem("ends_on", f"{what} cannot end on {day(ends_on)}, before it starts on {day(starts_on)}.")
    return None


def overlap(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether two spans of days share a day; both ends belong to them, None is open."""
    return (other_end is None or start <= other_end) and (end is None or other_start <= end)


@dataclass(frozen=True)
class AuthorizationFacts:
    """An authorization that counts."""

    id: UUID
    coverage_id: UUID
    payer: str
    number: str
    code: str
    starts_on: date
    ends_on: date
    units: int
    entered_by: str = ""

    def days_left(self, on: date) -> int:
        """Days from this one to the last, both counted; 0 after the end."""
        return max(0, (self.ends_on - max(on, self.starts_on)).days + 1)


def used_first(authorizations: Iterable[AuthorizationFacts], code: str, on: date) -> Sequence[AuthorizationFacts]:
    """Those of a code that cover a day; the one that ends first is used first (billing 2.7)."""
    found = [one for one in authorizations if one.code == code and one.starts_on <= on <= one.ends_on]
    return sorted(found, key=lambda one: (one.ends_on, one.number))


def authorization_words(
    authorizations: Sequence[AuthorizationFacts], today: date, *, is_required: bool, used: Mapping[UUID, int] | None = None
) -> Words | None:
    """How the authorization stands, for the banner; None where none is needed and none is there.

    `used` are the units that billing has counted; where it is not given, only the days are told.
    """
    if not authorizations:
        return Words("none on file, and this payer requires it", "due") if is_required else None
    current = sorted((one for one in authorizations if one.starts_on <= today <= one.ends_on), key=lambda one: one.ends_on)
    if not current:
        coming = sorted((one for one in authorizations if one.starts_on > today), key=lambda one: one.starts_on)
        if coming:
            return Words(f"begins {day(coming[0].starts_on)}", "due")
        last = max(authorizations, key=lambda one: one.ends_on)
        return Words(f"ended {day(last.ends_on)}, 0 days left", "due")
    codes = {one.code for one in current}
    first = min(max(one.ends_on for one in current if one.code == code) for code in codes)
    left = (first - today).days + 1
    text, tone_is_due = f"{left} day{'s' if left != 1 else ''} left, ends {day(first)}", left <= FEW_DAYS
    if used is not None:
        units = min(sum(one.units - used.get(one.id, 0) for one in current if one.code == code) for code in codes)
        text += f", {max(0, units)} unit{'s' if units != 1 else ''} left"
        tone_is_due = tone_is_due or units <= FEW_DAYS
    return Words(text, "due" if tone_is_due else "plain")
