"""The monitors of a location and when they are verified; what a pharmacist signs of ranges and policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from dateutil.relativedelta import relativedelta

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.inventory.rules.temperatures import StorageRange, TemperaturePolicy


@dataclass(frozen=True)
class Monitor:
    """A thermometer or logger, with its newest verification."""

    id: UUID
    location_id: UUID
    serial: str
    verified_on: date | None
    due_on: date | None
    certificate: str

    def lapse(self, on: date) -> str:
        """What is wrong with its verification on a day, in a sentence, or ""."""
        if self.due_on is None:
            return f"Monitor {self.serial} was never verified."
        return f"The verification of monitor {self.serial} lapsed on {day(self.due_on)}." if self.due_on < on else ""

    def due_words(self, on: date, policy: TemperaturePolicy) -> str:
        """What its verification asks for soon or now, or ""."""
        if self.due_on is None:
            return f"monitor {self.serial} was never verified"
        if self.due_on - timedelta(days=policy.notice_days) > on:
            return ""
        return f"monitor {self.serial} {'since' if self.due_on < on else 'by'} {day(self.due_on)}"


def lapses(monitors: Sequence[Monitor], on: date) -> str:
    """What is to be said at a reading and an excursion of a location with these monitors."""
    if not monitors:
        return "No monitor is entered for this location."
    return " ".join(filter(None, (one.lapse(on) for one in monitors)))


@dataclass
class VerificationDraft:
    """What a certificate says; without a next day the policy's months count."""

    verified_on: date | None = None
    due_on: date | None = None
    certificate: str = ""

    def problems(self, today: date | None = None) -> list[Problem]:
        found = []
        if self.verified_on is None:
            found.append(Problem("verified_on", "Enter the day of the certificate."))
        elif today is not None and self.verified_on > today:
            found.append(Problem("verified_on", "This day is still to come."))
        if self.verified_on is not None and self.due_on is not None and self.due_on <= self.verified_on:
            found.append(Problem("due_on", "This is not after the verification."))
        if not self.certificate.strip():
            found.append(Problem("certificate", "Enter the number of the certificate, and who issued it."))
        return found

    def next_due(self, policy: TemperaturePolicy) -> date:
        """The day the certificate names, or as many months later as the policy says."""
        if self.verified_on is None:
            raise AssertionError("a draft without problems has a day")
        return self.due_on or self.verified_on + relativedelta(months=policy.verification_months)


@dataclass
class MonitorDraft(VerificationDraft):
    """A monitor as it is hung up; its certificate may follow later."""

    serial: str = ""

    @property
    def has_certificate(self) -> bool:
        return bool(self.verified_on or self.due_on or self.certificate.strip())

    def problems(self, today: date | None = None) -> list[Problem]:
        found = super().problems(today) if self.has_certificate else []
        if not self.serial.strip():
            found.insert(0, Problem("serial", "Enter the serial number on it."))
        return found


@dataclass
class RangeDraft:
    """The range of a kind of location as a pharmacist types it, in degrees Celsius."""

    low: Decimal | None = None
    high: Decimal | None = None
    excursion_low: Decimal | None = None
    excursion_high: Decimal | None = None
    mean_kinetic_limit: Decimal | None = None
    source: str = ""

    @staticmethod
    def of(known: StorageRange) -> "RangeDraft":
        """The range in force, to be changed or signed as it is."""
        return RangeDraft(known.low, known.high, known.excursion_low, known.excursion_high, known.mean_kinetic_limit, known.source)

    def problems(self) -> list[Problem]:
        found = [
            Problem(field, "Enter degrees Celsius.")
            for field in ("low", "high", "excursion_low", "excursion_high")
            if getattr(self, field) is None
        ]
        if found or self.low is None or self.high is None or self.excursion_low is None or self.excursion_high is None:
            return found
        if self.low >= self.high:
            found.append(Problem("high", "This is not above the lowest."))
        if self.excursion_low > self.low:
            found.append(Problem("excursion_low", "An excursion cannot end inside the range."))
        if self.excursion_high < self.high:
            found.append(Problem("excursion_high", "An excursion cannot end inside the range."))
        if self.mean_kinetic_limit is not None and not self.low <= self.mean_kinetic_limit <= self.excursion_high:
            found.append(Problem("mean_kinetic_limit", "This is outside the range and its excursions."))
        if not self.source.strip():
            found.append(Problem("source", "Enter where these numbers come from."))
        return found


@dataclass
class TemperaturePolicyDraft:
    """How often temperatures are read and monitors verified, as a pharmacist types it."""

    reading_hours: Decimal | int | None = None
    gap_minutes: Decimal | int | None = None
    verification_months: Decimal | int | None = None
    notice_days: Decimal | int | None = None
    source: str = ""

    @staticmethod
    def of(policy: TemperaturePolicy) -> "TemperaturePolicyDraft":
        """The policy in force, to be changed or signed as it is."""
        return TemperaturePolicyDraft(
            policy.reading_hours, policy.gap_minutes, policy.verification_months, policy.notice_days, policy.source
        )

    def problems(self) -> list[Problem]:
        found = [
            Problem(field, f"Enter {least} or more.")
            for field, least in (("reading_hours", 1), ("gap_minutes", 1), ("verification_months", 1), ("notice_days", 0))
            if getattr(self, field) is None or getattr(self, field) < least
        ]
        if not self.source.strip():
            found.append(Problem("source", "Enter where these numbers come from."))
        return found
