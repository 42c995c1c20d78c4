"""How rows of the catalog read on the glass: times, concentrations, and the tone of a review."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtWidgets import QLineEdit

from infusiondesk.catalog.queries import ProductRow, Reviewable, StabilityRow
from infusiondesk.catalog.rules import ProductForm, Standing
from infusiondesk.foundation.kernel.ismp import amount, day, number
from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.tokens import Tone

TONES: Final[Mapping[Standing, Tone]] = {
    Standing.SIGNED: "done",
    Standing.UNSIGNED: "due",
    Standing.CHANGED: "danger",
    Standing.INCOMPLETE: "neutral",
}
_DAYS_FROM: Final = 48


def tone_of(row: Reviewable) -> Tone:
    """Signed is done, unsigned is due, changed behind the signature is danger."""
    return TONES[row.standing]


def review_of(row: Reviewable) -> str:
    """The review in two or three words."""
    return f"signed {day(row.reviewed_at)}" if row.reviewed_at else row.standing.value


def ways_words(ways: Sequence[str]) -> str:
    """The ways into a vein as people say them."""
    words = {"push": "push", "intermittent": "intermittent infusion", "continuous": "continuous infusion"}
    return " or ".join(words[way] for way in ways)


def hours_of(row: StabilityRow) -> str:
    """How long, as people say it: hours up to two days, then days."""
    if row.is_forbidden:
        return "do not store so"
    if row.hours is None:
        return "not known"
    if row.hours >= _DAYS_FROM and row.hours % 24 == 0:
        return f"{number(row.hours / 24)} days"
    return "1 hour" if row.hours == 1 else f"{number(row.hours)} hours"


def concentration_of(row: StabilityRow) -> str:
    """The concentrations it holds for; nothing where the source does not say."""
    low, high, unit = row.concentration_low, row.concentration_high, row.concentration_unit
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"at least {amount(low, unit)}" if low is not None else f"up to {amount(high or Decimal(0), unit)}"
    return amount(high, unit) if low == high else f"{number(low)} to {amount(high, unit)}"


def strength_of(row: ProductRow) -> str:
    """The strength ready to draw."""
    return "not known" if row.per_ml is None else f"{number(row.per_ml)} {row.content_unit}/mL"


def reconstitution_of(row: ProductRow) -> str:
    """What is added to a powder."""
    if row.form is ProductForm.SOLUTION:
        return "not needed, a solution"
    if row.reconstitution_ml is None:
        return "not known"
    return " ".join(filter(None, (amount(row.reconstitution_ml, "mL"), row.reconstitute_with)))


def breakable(file: str) -> str:
    """The name of a file as a narrow panel can break it: it has no spaces, and a long one would push the panel wider."""
    return re.sub(r"(?<=[_.-])(?=\w)", "\u200b", file)


def search_line(prompt: str) -> QLineEdit:
    """The line above a list that narrows it while one types."""
    line = QLineEdit()
    line.setPlaceholderText(prompt)
    line.setAccessibleName(prompt)
    line.setFont(font(13))
    line.setFixedHeight(36)
    line.setMinimumWidth(180)
    line.setMaximumWidth(260)
    return line
