"""How a compounding rule says no: a code, the field that caused it, and a sentence a person can act on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """No answer, and why; `field` is None where no single figure is to blame."""

    code: str
    field: str | None
    text: str
    source: str
    offer_category: str | None = None

    @property
    def because(self) -> tuple[str, ...]:
        """The rule and what it says."""
        return (f"{self.source}: {self.text}",)

    @property
    def sources(self) -> tuple[str, ...]:
        """The rule that refused."""
        return (self.source,)
