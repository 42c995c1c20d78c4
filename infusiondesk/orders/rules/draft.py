"""An order being entered, and what is missing or wrong in it (clinical 1.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.orders.rules.words import Method, ReceivedBy, Route

LONGEST_DAYS = 366
MOST_REFILLS = 99  # what a person can mean; the schedule's own limit is asked where the drug is known


@dataclass
class OrderDraft:
    """An order being entered. Amounts are per dose; for a continuous infusion per day."""

    drug_id: UUID | None = None
    prescriber_id: UUID | None = None
    dose_amount: Decimal | None = None
    dose_unit: str = "mg"
    route: str = Route.INTRAVENOUS.value
    continuous: bool = False
    interval_hours: Decimal | None = None
    infusion_minutes: Decimal | None = None
    method: str = ""
    diluent: str = ""
    container: str = ""
    volume_ml: Decimal | None = None
    start_on: date | None = None
    stop_on: date | None = None
    indication: str = ""
    had_before: bool = False
    anaphylaxis_kit: bool = False
    lab_protocol: str = ""
    lab_reviewer: str = ""
    flush: str = ""
    nursing: str = ""
    written_on: date | None = None
    refills: int | None = None
    received_by: str = ""
    received_at: datetime | None = None
    caller: str = ""
    read_back: bool = False
    reviewed_by_infectious_diseases: bool = False

    def problems(self) -> list[Problem]:
        return [*self._missing(), *self._amounts(), *self._dates(), *self._prescription(), *self._verbal()]

    def _missing(self) -> list[Problem]:
        wanted = (
            ("drug_id", self.drug_id is not None, "Choose the drug from the catalog."),
            ("prescriber_id", self.prescriber_id is not None, "Choose who ordered it."),
            ("dose_amount", self.dose_amount is not None, "Enter the dose."),
            ("method", bool(self.method), "Choose how it is given."),
            ("indication", bool(self.indication.strip()), "Say what it is for."),
            ("start_on", self.start_on is not None, "Enter the first day."),
            ("stop_on", self.stop_on is not None, "Enter the last day: an order without a stop date is not taken."),
            ("received_by", bool(self.received_by), "Say how the order came."),
            ("received_at", self.received_at is not None, "Enter when the order came."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]

    def _prescription(self) -> list[Problem]:
        found = []
        if self.written_on and self.received_at and self.written_on > self.received_at.date():
            found.append(Problem("written_on", "A prescription cannot be written after it came."))
        if self.refills is not None and not 0 <= self.refills <= MOST_REFILLS:
            found.append(Problem("refills", f"Refills: 0 to {MOST_REFILLS}, or empty where the last day is the limit."))
        return found

    def _amounts(self) -> list[Problem]:
        found = []
        for name in ("dose_amount", "interval_hours", "infusion_minutes", "volume_ml"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                found.append(Problem(name, "This must be more than zero."))
        if not self.continuous and self.interval_hours is None:
            found.append(Problem("interval_hours", "Enter the hours between doses, or say that it runs continuously."))
        if self.continuous and self.interval_hours is not None:
            found.append(Problem("interval_hours", "A continuous infusion has no interval; take one of the two out."))
        if self.interval_hours and self.infusion_minutes and self.infusion_minutes > self.interval_hours * 60:
            found.append(
                Problem("infusion_minutes", f"An infusion of {number(self.infusion_minutes)} min does not fit between the doses.")
            )
        if self.method == Method.IV_PUSH and self.continuous:
            found.append(Problem("method", "A push cannot run continuously."))
        return found

    def _dates(self) -> list[Problem]:
        if self.start_on is None or self.stop_on is None:
            return []
        if self.stop_on < self.start_on:
            return [Problem("stop_on", "The last day lies before the first.")]
        if (self.stop_on - self.start_on).days >= LONGEST_DAYS:
            return [Problem("stop_on", "An order runs for a year at most; the prescriber renews it.")]
        return []

    def _verbal(self) -> list[Problem]:
        if self.received_by != ReceivedBy.VERBAL:
            return []
        wanted = (
            ("caller", bool(self.caller.strip()), "Enter who gave the order by telephone."),
            ("read_back", self.read_back, "A verbal order is read back before it is taken."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]


@dataclass
class EventDraft:
    """A hold, a resumption or an end being entered: from which day it counts, or which day is the last."""

    effective_on: date | None = None

    def problems(self) -> list[Problem]:
        return [] if self.effective_on is not None else [Problem("effective_on", "Enter the day.")]
