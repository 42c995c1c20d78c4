"""One column of a list: its title and how to read text, order, weight and tone out of a row.

A frozen dataclass without slots: a frozen, slotted, generic one cannot be built as Column[Row](…) on Python 3.11.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from infusiondesk.foundation.qtkit.tokens import Tone

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """How one column reads a row; see the package for examples."""

    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    """What to order by: anything comparable, None comes last; the text if there is none."""
    second: Callable[[Row], str] | None = None
    """A second, quieter line; makes the rows 55 px high."""
    second_tone: Callable[[Row], Tone | None] | None = None
    """Makes the second line stand out: "21 min late"."""
    tone: Callable[[Row], Tone | None] | None = None
    """Colours the text by what it means; None, neutral and plain are ink."""
    shape: bool = False
    """Draw the shape of the tone left of the text (or alone, where the text is empty)."""
    right: bool = False
    """Numbers: aligned right, the unit belongs in the title."""
    strong: bool = False
    quiet: bool = False
    wraps: bool = False
    """A reason: 12 px, broken into lines; makes a row as high as its lines."""
    whole: bool = False
    """What somebody signs for: takes as many lines as it needs and is never cut."""
    key: str = ""
    """The usual action: on the chosen row its words stand out with this key below them."""
    width: int = 0
    """Pixels; 0 measures the contents."""
    stretch: int = 0
    """Its share of the room that is left; `width` is then the least it gets."""
    hidden: bool = False
    """Not shown until the person switches it on in the column chooser."""

    def order(self, row: Row) -> Any:
        """What to order this column by; None where there is nothing."""
        return self.sort(row) if self.sort else self.text(row).casefold()

    def tone_of(self, row: Row) -> Tone | None:
        """The tone of this cell."""
        return self.tone(row) if self.tone else None
