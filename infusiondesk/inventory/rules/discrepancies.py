"""Discrepancies of controlled drugs: how one is resolved, and by when a loss is told and its form filed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import holidays

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.inventory.rules.words import DiscrepancyEnd


@dataclass(frozen=True)
class LossTerms:
    """By when a theft or significant loss is told and its form filed, counted from the day of discovery."""

    business_days_to_tell: int = 1
    days_to_file: int = 45
    source: str = "21 CFR 1301.76(b), as amended 2023"


LOSS_TERMS: Final = LossTerms()


@dataclass
class ResolutionDraft:
    """What the pharmacist in charge found out; the last two are asked of a loss."""

    end: str = DiscrepancyEnd.EXPLAINED.value
    explanation: str = ""
    circumstances: str = ""
    police: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.end not in set(DiscrepancyEnd):
            found.append(Problem("end", "Choose one of the list."))
        if len(self.explanation.strip()) < 3:
            found.append(Problem("explanation", "Say what was found out, in 3 characters or more."))
        if self.end == DiscrepancyEnd.LOSS:
            if not self.circumstances.strip():
                found.append(Problem("circumstances", "Say how it was lost, as far as it is known."))
            if not self.police.strip():
                found.append(Problem("police", "Name the police report, or say that the police were not told and why."))
        return found


def tell_by(discovered_on: date, terms: LossTerms = LOSS_TERMS) -> date:
    """The last day of the written notice: so many business days after discovery, weekends and federal holidays left out."""
    free = holidays.country_holidays("US", years=[discovered_on.year, discovered_on.year + 1])
    due, left = discovered_on, terms.business_days_to_tell
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < 5 and due not in free  # Monday is 0
    return due


def file_by(discovered_on: date, terms: LossTerms = LOSS_TERMS) -> date:
    """The last day on which the DEA Form 106 is filed."""
    return discovered_on + timedelta(days=terms.days_to_file)


def correction_problem(end: DiscrepancyEnd, difference: Decimal, on_hand: Decimal, unit: str) -> str | None:
    """Why a discrepancy cannot be resolved in this way, or None."""
    if end is DiscrepancyEnd.LOSS and difference > 0:
        return f"{counted(difference, unit)} more than the balance were found: that is no loss."
    if end is not DiscrepancyEnd.MISCOUNTED and on_hand + difference < 0:
        return f"Only {counted(on_hand, unit)} are left there by the balance; {counted(-difference, unit)} cannot be taken off."
    return None
