"""Counting what lies at a location: the first count is blind, a difference is counted again by another person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.inventory.rules.words import CountScope, ItemKind


class CountState(StrEnum):
    """Where one line of a sheet stands."""

    TO_COUNT = "to count"
    SECOND = "second count"
    AGREED = "agrees"
    ADJUSTED = "adjusted"
    DISCREPANCY = "discrepancy"
    NOT_COUNTED = "not counted"


@dataclass
class CountSheetDraft:
    """What a sheet is to list."""

    location_id: UUID | None = None
    scope: str = CountScope.ALL.value
    kind: str = ItemKind.DRUG.value
    days: int | None = 30

    def problems(self) -> list[Problem]:
        found = []
        if self.location_id is None:
            found.append(Problem("location_id", "Choose the location to count."))
        if self.scope not in set(CountScope) - {CountScope.ONE}:
            found.append(Problem("scope", "Choose one of the list."))
        if self.scope == CountScope.KIND and self.kind not in set(ItemKind):
            found.append(Problem("kind", "Choose one of the list."))
        if self.scope == CountScope.NOT_LATELY and (self.days is None or self.days < 1):
            found.append(Problem("days", "Enter after how many days a lot is due, 1 or more."))
        return found


def is_due(scope: CountScope, kind: ItemKind, controlled: str, last: date | None, draft: CountSheetDraft, today: date) -> bool:
    """Whether a holding belongs on the sheet."""
    if scope is CountScope.KIND:
        return kind == draft.kind
    if scope is CountScope.CONTROLLED:
        return bool(controlled)
    if scope is CountScope.NOT_LATELY:
        return last is None or (today - last).days >= (draft.days or 0)
    return True


def difference_words(difference: Decimal, unit: str) -> str:
    """How a count differs: ``2 vials fewer``, ``1 vial more``, ``as expected``."""
    if difference == 0:
        return "as expected"
    return f"{counted(abs(difference), unit)} {'more' if difference > 0 else 'fewer'}"


def adjust_question(first: Decimal, second: Decimal, unit: str, lot_number: str) -> str:
    """What the second count asks where it differs as well."""
    if first == second:
        return f"{difference_words(second, unit)} than expected of lot {lot_number}, counted by two. Why?"
    told = f"first count {difference_words(first, unit)}, second count {difference_words(second, unit)}"
    return f"Lot {lot_number}: {told}. The second one is taken. Why?"
