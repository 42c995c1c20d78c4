"""Kits: which supplies an order asks for, by therapy, method and access device, and what goes where the patient is allergic.

Source: clinical 6.3 A11 (latex, chlorhexidine, adhesive, povidone: supply substitution), 7.2, 8.2.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted, number
from infusiondesk.foundation.kernel.outcomes import Problem


class Per(StrEnum):
    """How often a supply is used up."""

    DOSE = "dose"
    DAYS = "days"
    ONCE = "once"


class Material(StrEnum):
    """What a supply can be made of that somebody is allergic to."""

    LATEX = "latex"
    CHLORHEXIDINE = "chlorhexidine"
    ADHESIVE = "adhesive"
    POVIDONE = "povidone-iodine"


# By which words a chart names the material.
_NAMED: Final = {
    Material.LATEX: ("latex", "rubber"),
    Material.CHLORHEXIDINE: ("chlorhexidine", "chg"),
    Material.ADHESIVE: ("adhesive", "tape"),
    Material.POVIDONE: ("povidone", "betadine"),
}
APPLIES_TO: Final = (
    "", "gravity", "elastomeric", "electric pump", "IV push", "injection by a nurse", "iv", "sc", "im", "SAS", "SASH", "line care",
    "kit", "PCA", "hazardous",
)  # fmt: skip


@dataclass(frozen=True)
class KitLine:
    """One supply of a kit, in force. What is "" of therapy, `applies_to` and device holds for all.

    `quantity` None is unknown. `item_id` and `instead_id` are items of the shelf, where somebody has said which.
    """

    id: UUID
    therapy: str
    applies_to: str
    device: str
    item: str
    item_id: UUID | None
    quantity: Decimal | None
    per: Per
    every_days: int | None
    contains: tuple[str, ...]
    instead: str
    instead_id: UUID | None
    source: str
    status: str
    signed_by: str = ""

    def applies(self, therapy: str, words: Collection[str], devices: Collection[str]) -> bool:
        """Whether an order with these words asks for it, given through one of these devices."""
        return (
            self.therapy in ("", therapy)
            and (self.applies_to == "" or self.applies_to in words)
            and (self.device == "" or self.device in devices)
        )

    @property
    def often(self) -> str:
        """``2 per dose``, ``1 every 7 days``, ``1, once``; how many is unknown, and says so."""
        many = number(self.quantity) if self.quantity is not None else "unknown how many"
        if self.per is Per.DAYS:
            return f"{many} every {counted(self.every_days or 0, 'day')}"
        return f"{many}, once" if self.per is Per.ONCE else f"{many} per dose"

    @property
    def for_words(self) -> str:
        """What asks for it: ``any order``, ``SASH``, ``line care, implanted port``."""
        return ", ".join(filter(None, (self.therapy, self.applies_to, self.device))) or "any order"

    @property
    def gap(self) -> str:
        """Why it gives no number, or empty."""
        if not self.signed_by:
            return "row of the kit not signed"
        return "how many is unknown" if self.quantity is None else ""


@dataclass(frozen=True)
class Chosen:
    """What goes: the supply of the kit or its alternative, or nothing (`hold`), and why."""

    item: str
    item_id: UUID | None
    because: str = ""
    hold: str = ""


def choose(line: KitLine, allergies: Iterable[tuple[str, str]]) -> Chosen:
    """The supply for a patient with these allergies, each as its substance and in words (clinical 6.3 A11)."""
    for material in line.contains:
        names = _NAMED[Material(material)]
        for substance, words in allergies:
            if not any(name in substance.casefold() for name in names):
                continue
            if line.instead:
                return Chosen(line.instead, line.instead_id, f"{line.item} holds {material}; allergy: {words}")
            return Chosen(
                line.item,
                None,
                hold=f"{line.item} holds {material}; allergy: {words}. The kit names nothing instead: a pharmacist decides.",
            )
    return Chosen(line.item, line.item_id)


def package_hold(item: str, item_id: UUID | None, lines: Iterable[KitLine], allergies: Sequence[tuple[str, str]]) -> str | None:
    """Why a package of the shelf stays out because of an allergy, in one sentence, or None; only what kits say is known of it."""
    for line in lines:
        if line.item_id == item_id if line.item_id and item_id else line.item.casefold() == item.casefold():
            chosen = choose(line, allergies)
            if chosen.hold:
                return chosen.hold
            if chosen.because:
                return f"{chosen.because}. Take {chosen.item} instead."
    return None


@dataclass
class KitLineDraft:
    """One supply of a kit, being entered or edited."""

    item: str = ""
    item_id: UUID | None = None
    therapy: str = ""
    applies_to: str = ""
    device: str = ""
    quantity: Decimal | None = None
    per: str = Per.DOSE.value
    every_days: int | None = None
    contains: tuple[str, ...] = ()
    instead: str = ""
    instead_id: UUID | None = None
    source: str = "policy of this pharmacy"

    @staticmethod
    def of(line: KitLine) -> "KitLineDraft":
        """A row as it stands, to be edited."""
        return KitLineDraft(
            line.item, line.item_id, line.therapy, line.applies_to, line.device, line.quantity, line.per.value, line.every_days,
            line.contains, line.instead, line.instead_id, line.source,
        )  # fmt: skip

    def problems(self) -> list[Problem]:
        by_days = self.per == Per.DAYS
        wanted = (
            ("item", bool(self.item.strip()), "Name the supply."),
            ("quantity", self.quantity is None or self.quantity > 0, "Enter more than 0, or nothing while it is unknown."),
            (
                "every_days",
                not by_days or bool(self.every_days and self.every_days > 0),
                "Enter after how many days.",
            ),
            ("instead", not self.instead.strip() or bool(self.contains), "Say of what material the supply is that this replaces."),
            ("source", bool(self.source.strip()), "Say where this comes from."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]
