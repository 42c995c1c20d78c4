"""A field for several words in one line: full names stay readable in a narrow panel, initials are written out while one types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infusiondesk.foundation.qtkit.forms.fields import TextField
from infusiondesk.foundation.qtkit.forms.reading import Unreadable


@dataclass(frozen=True)
class ListField(TextField):
    """Words divided by commas; the draft gets a tuple. `known` are the words that may stand, `short` what may be typed for them."""

    known: tuple[str, ...] = ()
    short: Mapping[str, str] = field(default_factory=dict)
    wide: bool = True

    def read(self, typed: str) -> tuple[str, ...]:
        by_fold = {word.casefold(): word for word in self.known}
        by_fold |= {initials.casefold(): word for initials, word in self.short.items()}
        wanted = [word.strip() for word in typed.split(",") if word.strip()]
        if strange := [word for word in wanted if word.casefold() not in by_fold]:
            raise Unreadable(f"“{strange[0]}” is none of: {', '.join(self.known)}.")
        return tuple(dict.fromkeys(by_fold[word.casefold()] for word in wanted))

    def write(self, value: Any) -> str:
        return ", ".join(value or ())

    def echo(self, typed: str) -> str:
        try:
            words = ", ".join(self.read(typed))
        except Unreadable:
            return ""
        return words if words.casefold() != typed.strip().casefold() else ""
