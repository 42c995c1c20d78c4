"""Controlled drugs: the running balance, and what is wasted or destroyed before a witness."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.inventory.rules.movements import Balance
from infusiondesk.inventory.rules.words import MovementKind

DISPOSALS: Final = (MovementKind.WASTED, MovementKind.DESTROYED)


@dataclass
class DisposalDraft:
    """What of a controlled lot is wasted (from on hand) or destroyed (from quarantine), where it lies, how and why."""

    location_id: UUID | None = None
    kind: str = MovementKind.WASTED.value
    quantity: Decimal | None = None
    because: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.location_id is None:
            found.append(Problem("location_id", "Choose where it lies."))
        if self.kind not in set(DISPOSALS):
            found.append(Problem("kind", "Choose one of the list."))
        if self.quantity is None or self.quantity <= 0:
            found.append(Problem("quantity", "Enter more than 0."))
        if len(self.because.strip()) < 3:
            found.append(Problem("because", "Say how and why, in 3 characters or more."))
        return found


def running(opening: Decimal, moves: Iterable[Balance]) -> Sequence[Decimal]:
    """What the pharmacy holds after each movement, on hand and in quarantine together: both lie behind its lock."""
    after, balance = [], opening
    for move in moves:
        balance += move.total
        after.append(balance)
    return after


def disposal_problem(
    kind: MovementKind, quantity: Decimal, left: Balance, waiting: Decimal, unit: str, lot_number: str
) -> str | None:
    """Why so much cannot be wasted or destroyed, or None; `waiting` is what waits for a witness already."""
    is_waste = kind is MovementKind.WASTED
    there = (left.on_hand if is_waste else left.in_quarantine) - waiting
    if quantity <= there:
        return None
    where = "on hand" if is_waste else "in quarantine"
    told = f"Lot {lot_number} has {counted(max(there, Decimal(0)), unit)} {where} there, not {counted(quantity, unit)}."
    return f"{told} {counted(waiting, unit)} more wait for a witness." if waiting else told


def controlled_receipt_problem(item: str, schedule: str | None, order_form: str, supplier_dea: str) -> Problem | None:
    """Why a controlled drug cannot be received with a document as it is, or None.

    21 CFR 1305.13(e): the order form of a C-II; 1304.22(c): from whom it came, with name, address and registration number.
    """
    if not schedule:
        return None
    name = f"{item} is {schedule_words(schedule)}"
    if schedule == "CII" and not order_form:
        return Problem("order_form", f"{name}. Enter the order form (DEA 222 or CSOS number) on the document first.")
    if not supplier_dea:
        return Problem("supplier_dea", f"{name}. Enter the supplier's DEA number on the document first.")
    return None


def schedule_words(schedule: str) -> str:
    """A schedule as it is written: ``C-II``."""
    return schedule.replace("C", "C-", 1)
