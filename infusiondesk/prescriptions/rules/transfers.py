"""Giving a prescription to another pharmacy: what must be said of it, and which may go (21 CFR 1306.25, from memory)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from infusiondesk.foundation.kernel.outcomes import Problem


class Direction(StrEnum):
    """Which way a prescription went."""

    OUT = "to another pharmacy"
    IN = "from another pharmacy"


@dataclass
class TransferDraft:
    """A transfer being entered: the other pharmacy, who spoke for it, its DEA number, and the day."""

    direction: str = Direction.OUT.value
    pharmacy: str = ""
    address: str = ""
    pharmacist: str = ""
    dea: str = ""
    on: date | None = None

    def problems(self) -> list[Problem]:
        wanted = (
            ("direction", self.direction in set(Direction), "Say which way it went."),
            ("pharmacy", bool(self.pharmacy.strip()), "Enter the name of the other pharmacy."),
            ("pharmacist", bool(self.pharmacist.strip()), "Enter the pharmacist of the other pharmacy who spoke."),
            ("on", self.on is not None, "Enter the day of the transfer."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]


def transfer_refusal(
    draft: TransferDraft, *, schedule: str, before: Sequence[str], refills_left: int | None, today: date
) -> tuple[str, str] | None:
    """The field and the sentence of why a prescription does not go, or None; `before` are the directions it went already.

    A C-II has no refill to transfer; a C-III to V goes once; what went away has no refill left here.
    """
    if draft.on is not None and draft.on > today:
        return "on", "A transfer cannot lie in the future."
    if schedule == "CII":
        return "direction", "A C-II prescription has no refill, and none is transferred: the prescriber writes a new one."
    if Direction.OUT.value in before:
        return "direction", "It was given to another pharmacy already: nothing is left here to transfer."
    if schedule and before:
        name = schedule.replace("C", "C-", 1)
        return "direction", f"A {name} prescription is transferred once only, and it came from another pharmacy already."
    if draft.direction == Direction.IN and before:
        return "direction", "It is written down already where it came from."
    if draft.direction == Direction.OUT and refills_left == 0:
        return "direction", "No refill is left to transfer: the prescriber writes a new prescription."
    if schedule and not draft.dea.strip():
        return "dea", "Enter the DEA number of the other pharmacy: the drug is controlled."
    if schedule and not draft.address.strip():
        return "address", "Enter the address of the other pharmacy: the drug is controlled."
    return None
