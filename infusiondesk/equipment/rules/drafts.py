"""Models, pumps and what is done to them, while it is typed; and what keeps each from being saved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from infusiondesk.equipment.rules.backup import BackupRule
from infusiondesk.equipment.rules.fitness import EquipmentPolicy
from infusiondesk.equipment.rules.words import SERVES, Asked, Outcome, Ownership, Use
from infusiondesk.foundation.kernel.outcomes import Problem

LONGEST_MONTHS = 120
WIDEST_PERCENT = Decimal(20)  # beyond this a typed limit is a slip of the hand, not a limit
LEAST_SAID = 3
LONGEST_DAYS = 365
MOST_PUMPS = 9


@dataclass
class ModelDraft:
    """A model, with what the pharmacy decides about it."""

    maker: str = ""
    name: str = ""
    channels: int | None = 1
    therapies: Sequence[str] = ()
    maintenance_months: int | None = None
    certification_months: int | None = None
    accuracy_percent: Decimal | None = None
    source: str = ""

    def problems(self) -> list[Problem]:
        return list(self._problems())

    def _problems(self) -> Iterator[Problem]:
        if not self.maker.strip():
            yield Problem("maker", "Enter the maker; a recall names him.")
        if not self.name.strip():
            yield Problem("name", "Enter the model as its label reads.")
        if self.channels is None or not 1 <= self.channels <= 8:
            yield Problem("channels", "Enter how many channels it has, 1 to 8.")
        if not self.therapies or set(self.therapies) - set(SERVES):
            yield Problem("therapies", "Choose the kinds of therapy it serves.")
        if self.maintenance_months is None or not 1 <= self.maintenance_months <= LONGEST_MONTHS:
            yield Problem("maintenance_months", "Enter every how many months it is maintained, as its manual says.")
        if self.certification_months is not None and not 1 <= self.certification_months <= LONGEST_MONTHS:
            yield Problem("certification_months", "Enter every how many months it is certified, or leave it empty.")
        if self.accuracy_percent is None or not 0 < self.accuracy_percent <= WIDEST_PERCENT:
            yield Problem("accuracy_percent", "Enter how far the delivered volume may be off, above 0 and up to 20 percent.")
        if not self.source.strip():
            yield Problem("source", "Enter where these numbers stand: the manual with its edition, or your policy.")


@dataclass
class PumpDraft:
    """A pump that is entered."""

    serial: str = ""
    model_id: UUID | None = None
    ownership: str = Ownership.OWNED.value
    vendor: str = ""
    daily_rate: Decimal | None = None
    firmware: str = ""
    maintained_on: date | None = None
    certified_on: date | None = None

    def problems(self) -> list[Problem]:
        return list(self._problems())

    def _problems(self) -> Iterator[Problem]:
        if not self.serial.strip():
            yield Problem("serial", "Scan or enter the serial number.")
        if self.model_id is None:
            yield Problem("model_id", "Choose the model; add it first where it is new.")
        if self.ownership not in set(Ownership):
            yield Problem("ownership", "Choose whose it is.")
        elif self.ownership == Ownership.RENTED:
            if not self.vendor.strip():
                yield Problem("vendor", "Enter from whom it is rented.")
            if self.daily_rate is None or self.daily_rate < 0:
                yield Problem("daily_rate", "Enter what the vendor asks a day.")


@dataclass
class GiveDraft:
    """A pump given to a patient for an order."""

    order_id: UUID | None = None
    use: str = Use.MAIN.value

    def problems(self) -> list[Problem]:
        found = []
        if self.order_id is None:
            found.append(Problem("order_id", "Choose the patient's order."))
        if self.use not in set(Use):
            found.append(Problem("use", "Choose what it is for."))
        return found


@dataclass
class AskDraft:
    """A patient asked for a pump."""

    how: str | None = None
    with_whom: str = ""
    pick_up_on: date | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.how not in set(Asked):
            found.append(Problem("how", "Choose how the patient was asked."))
        if self.how == Asked.PICK_UP and self.pick_up_on is None:
            found.append(Problem("pick_up_on", "Enter the day on which it is picked up."))
        if not self.with_whom.strip():
            found.append(Problem("with_whom", "Enter with whom you spoke, or to whom you wrote."))
        return found


@dataclass
class ReturnDraft:
    """A pump that came back; a fault puts it into quarantine."""

    brought_by: str = ""
    fault: str = ""

    def problems(self) -> list[Problem]:
        return [] if self.brought_by.strip() else [Problem("brought_by", "Enter who brought it: driver, nurse, carrier, patient.")]


@dataclass
class CleaningDraft:
    """A cleaning: with what, how long its label wants the surface wet, and how long it was."""

    agent: str = ""
    label_minutes: Decimal | None = None
    contact_minutes: Decimal | None = None

    def problems(self) -> list[Problem]:
        found = []
        if not self.agent.strip():
            found.append(Problem("agent", "Enter the agent as its label reads."))
        if self.label_minutes is None or self.label_minutes <= 0:
            found.append(Problem("label_minutes", "Enter the contact time on the agent's label, in minutes."))
        if self.contact_minutes is None or self.contact_minutes <= 0:
            found.append(Problem("contact_minutes", "Enter how long the surface stayed wet, in minutes."))
        elif self.label_minutes is not None and self.contact_minutes < self.label_minutes:
            found.append(Problem("contact_minutes", "That is shorter than the label wants. Clean it again."))
        return found


@dataclass
class CheckDraft:
    """A safety check; each part works or fails, and nothing is answered for the person."""

    alarms: str | None = None
    battery: str | None = None
    cord: str | None = None
    casing: str | None = None
    deviation_percent: Decimal | None = None

    def problems(self) -> list[Problem]:
        parts = (("alarms", "every alarm"), ("battery", "the battery"), ("cord", "the cord"), ("casing", "the casing"))
        found = [
            Problem(name, f"Say whether {words} works or fails.")
            for name, words in parts
            if getattr(self, name) not in (WORKS, FAILS)
        ]
        if self.deviation_percent is None or abs(self.deviation_percent) > 100:
            found.append(Problem("deviation_percent", "Enter how far the volume was off, with a minus where it was too little."))
        return found


WORKS, FAILS = "works", "fails"


@dataclass
class SendDraft:
    """A pump that goes out for maintenance or repair."""

    to_whom: str = ""
    why: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.to_whom.strip():
            found.append(Problem("to_whom", "Enter who does it; in house counts too."))
        if len(self.why.strip()) < LEAST_SAID:
            found.append(Problem("why", "Enter what is to be done."))
        return found


@dataclass
class BackDraft:
    """What was done to a pump that came back from maintenance, by the days in the report."""

    report: str = ""
    maintained_on: date | None = None
    certified_on: date | None = None
    firmware: str = ""

    def problems(self) -> list[Problem]:
        return [] if self.report.strip() else [Problem("report", "Enter the number of the report, or what was done.")]


@dataclass
class RulesDraft:
    """What the pharmacy decides about all pumps, while it is typed."""

    due_days: Decimal | int | None = None
    return_days: Decimal | int | None = None
    counts_day_back: bool = False

    @staticmethod
    def of(policy: EquipmentPolicy) -> "RulesDraft":
        """The rules in force, to be changed."""
        return RulesDraft(policy.due_within.days, policy.return_within.days, policy.counts_day_back)

    def problems(self) -> list[Problem]:
        return [
            Problem(name, f"Enter 0 to {LONGEST_DAYS} days.")
            for name, value in (("due_days", self.due_days), ("return_days", self.return_days))
            if value is None or not 0 <= value <= LONGEST_DAYS
        ]


@dataclass
class BackupDraft:
    """How many pumps a therapy needs in the home, while it is typed; no ways of running is every way."""

    therapy_class: str | None = None
    runs: Sequence[str] = ()
    pumps: Decimal | int | None = None
    why: str = ""
    source: str = ""

    @staticmethod
    def of(rule: BackupRule) -> "BackupDraft":
        """A line in force, to be changed."""
        return BackupDraft(rule.therapy_class, rule.ways, rule.pumps, rule.why, rule.source)

    def problems(self) -> list[Problem]:
        found = []
        if self.therapy_class not in SERVES:
            found.append(Problem("therapy_class", "Choose the kind of therapy."))
        if self.pumps is None or not 1 <= self.pumps <= MOST_PUMPS:
            found.append(Problem("pumps", f"Enter 1 to {MOST_PUMPS} pumps; 1 says that it needs no back-up."))
        for name, typed, sentence in (
            ("why", self.why, "Enter why it needs so many."),
            ("source", self.source, "Enter where this stands, or that it is your policy."),
        ):
            if len(typed.strip()) < LEAST_SAID:
                found.append(Problem(name, sentence))
        return found


@dataclass
class SettleDraft:
    """What became of a recalled pump."""

    outcome: str | None = None
    note: str = ""
    pump_id: UUID | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.outcome not in set(Outcome):
            found.append(Problem("outcome", "Choose what became of it."))
        if len(self.note.strip()) < LEAST_SAID:
            found.append(Problem("note", "Enter the return number, the new serial, or what was checked."))
        return found
