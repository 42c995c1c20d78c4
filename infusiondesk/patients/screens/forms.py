"""One form of a chart as a value: its fields, the draft behind them, and the verb that saves it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from infusiondesk.foundation.qtkit.forms import Field


@dataclass(frozen=True)
class FormSpec:
    """One form: its title, its fields, what stands in them at first, and what saves it."""

    name: str
    title: str
    fields: Sequence[Field | str]
    draft: Any
    verb: Callable[..., Any]
    given: Callable[[Any], dict[str, Any]]
    said: str | Callable[[Any], str]
    explanation: str = ""
