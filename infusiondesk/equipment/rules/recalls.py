"""Which pumps a recall hits, by maker, model and serials."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.outcomes import Problem

# Makers write one serial as A-150 on the pump and A150 in a notice; a hyphen between two numbers tells them apart and stays.
_HYPHEN: Final = re.compile(r"(?<=[A-Z])[-\u2010\u2011\u2012\u2013](?=[0-9])")
_BEFORE_NUMBER: Final = re.compile(r"(?<=[A-Z])(?=[0-9])")


@dataclass(frozen=True)
class RecallScope:
    """What a maker's notice names; an empty model is every model of the maker, an open end runs on."""

    id: UUID
    reference: str
    maker: str
    model: str = ""
    serial_from: str = ""
    serial_to: str = ""

    def hits(self, maker: str, model: str, serial: str) -> bool:
        """Whether a pump is called back."""
        if maker.casefold() != self.maker.casefold() or (self.model and model.casefold() != self.model.casefold()):
            return False
        order = natural(serial)
        return (not self.serial_from or natural(self.serial_from) <= order) and (
            not self.serial_to or order <= natural(self.serial_to)
        )

    def words(self) -> str:
        """ "Maker Model, serials A100 to A250"."""
        told = " ".join(filter(None, (self.maker, self.model or "every model")))
        ends = [f"from {self.serial_from}" if self.serial_from else "", f"to {self.serial_to}" if self.serial_to else ""]
        serials = " ".join(filter(None, ends))
        return f"{told}, serials {serials}" if serials else f"{told}, all serials"


def natural(serial: str) -> tuple[tuple[int, int, str], ...]:
    """A serial as it is counted: its digits are numbers, so that A99 stands before A100, and A-100 is A100."""
    parts = re.findall(r"[0-9]+|[^0-9]+", _HYPHEN.sub("", serial_text(serial)))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def spellings(serial: str) -> tuple[str, ...]:
    """How a serial may be written: as it is, and its letters with and without a hyphen before the number that follows."""
    kept = serial_text(serial)
    bare = _HYPHEN.sub("", kept)
    return tuple(dict.fromkeys((kept, bare, _BEFORE_NUMBER.sub("-", bare, count=1))))


def serial_text(typed: str) -> str:
    """A serial as it is kept: without spaces, in capitals."""
    return "".join(typed.split()).upper()


def unsettled(recalls: Iterable[RecallScope], settled: Iterable[UUID], maker: str, model: str, serial: str) -> list[RecallScope]:
    """The recalls that hit a pump and are not settled for it; one that was closed hits a pump that is bought later."""
    done = set(settled)
    return [one for one in recalls if one.id not in done and one.hits(maker, model, serial)]


@dataclass
class RecallDraft:
    """A maker's notice being entered."""

    reference: str = ""
    maker: str = ""
    model: str = ""
    serial_from: str = ""
    serial_to: str = ""
    reason: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.reference.strip():
            found.append(Problem("reference", "Enter the number or date of the maker's notice."))
        if not self.maker.strip():
            found.append(Problem("maker", "Enter the maker as his pumps are entered here."))
        if self.serial_from.strip() and self.serial_to.strip() and natural(self.serial_to) < natural(self.serial_from):
            found.append(Problem("serial_to", "The last serial stands before the first."))
        if len(self.reason.strip()) < 3:
            found.append(Problem("reason", "Enter what is wrong with these pumps, as the notice says."))
        return found
