"""What belongs to an order besides the drug: what is proposed, which supplies follow (clinical 1.2 THX01)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from infusiondesk.foundation.kernel.ismp import amount, counted, number

# The panels of the table of protocols as a laboratory writes them.
_PANELS: Final = {
    "bmp": "BMP", "cbc": "CBC", "lft": "LFT", "ck": "CK", "mg": "magnesium", "phos": "phosphorus", "tg": "triglycerides",
    "crp": "CRP and ESR", "igg": "IgG", "bun": "BUN",
}  # fmt: skip


class FlushMethod(StrEnum):
    """In which order the line is flushed: saline, administer, saline, and heparin at the end."""

    SASH = "SASH"
    SAS = "SAS"
    NONE = "no flush"


@dataclass(frozen=True)
class Part:
    """A line of the table of parts, with where it comes from."""

    part: str
    applies_to: str
    text: str
    source: str
    status: str


@dataclass(frozen=True)
class LabProtocol:
    """The laboratory work that a therapy asks for, as the table of protocols says it."""

    code: str
    therapy: str
    drugs: tuple[str, ...]
    baseline: str
    schedule: tuple[tuple[str, int, int], ...]

    def words(self) -> str:
        """``baseline BMP, CBC; then CBC weekly, BMP twice a week``."""
        often = ", ".join(
            f"{_PANELS.get(panel, panel.replace('_', ' '))} {_times(times, days)}" for panel, times, days in self.schedule
        )
        baseline = f"baseline {self.baseline}" if self.baseline else ""
        return "; ".join(part for part in (baseline, f"then {often}" if often else "") if part)


def proposed(parts: Iterable[Part], part: str, *applies_to: str) -> list[str]:
    """The lines of one part that hold for every order, or for one of these words."""
    return [one.text for one in parts if one.part == part and one.applies_to in ("", *applies_to)]


def supplies(parts: Iterable[Part], words: Iterable[str]) -> list[str]:
    """What has to go along, following from how the dose is given; each thing once."""
    return list(dict.fromkeys(proposed(parts, "supply", *words)))


def flush_words(
    method: str, fluid: str, fluid_ml: Decimal | None, heparin_units_per_ml: Decimal | None, heparin_ml: Decimal | None
) -> str:
    """A flush as it is read: ``SASH: sodium chloride 0.9% 10 mL, dose, sodium chloride 0.9% 10 mL, heparin 10 units/mL 5 mL``."""
    if method == FlushMethod.NONE:
        return "no flush"
    rinse = " ".join(part for part in (fluid, amount(fluid_ml, "mL") if fluid_ml else "") if part)
    if not method:
        return rinse
    told = f"{method}: {rinse}, dose, {rinse}"
    if method == FlushMethod.SASH and heparin_units_per_ml and heparin_ml:
        told += f", heparin {number(heparin_units_per_ml)} units/mL {amount(heparin_ml, 'mL')}"
    return told


def _times(times: int, days: int) -> str:
    how_many = {1: "once", 2: "twice"}.get(times, f"{times} times")
    if days == 7:
        return {"once": "weekly"}.get(how_many, f"{how_many} a week")
    return f"{how_many} in {counted(days, 'day')}"
