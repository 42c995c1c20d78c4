"""What the pharmacy decides about controlled drugs: fax as original, asking the state's monitoring programme, who it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.npi import npi_is_valid
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.patients.rules.names import dea_is_valid

SCHEDULES: Final = ("CII", "CIII", "CIV", "CV")
MOST_MONTHS: Final = 24  # 21 CFR 1304.11(c): within two years of the last biennial inventory
LEVELS: Final = ("STOP", "HOLD")
SHIPPED_SOURCE: Final = "as shipped, not signed: clinical 1.3 R25, 2.3; 21 CFR 1306.11(e)"


@dataclass(frozen=True)
class ControlledPolicy:
    """The rules in force. `query_days` None: no number of days is decided. What is "" of the registration is not known."""

    fax_is_original: bool = False
    monitored: tuple[str, ...] = SCHEDULES
    level: str = "STOP"
    query_days: int | None = None
    each_fill: bool = True
    inventory_months: int = MOST_MONTHS
    dea_number: str = ""
    ncpdp_number: str = ""
    program: str = ""
    program_id: str = ""
    signed_by: str = ""
    signed_on: date | None = None

    @property
    def source(self) -> str:
        """Whose rules these are."""
        return f"signed by {self.signed_by}, {day(self.signed_on)}" if self.signed_on else SHIPPED_SOURCE

    def asks_for(self, schedule: str | None) -> bool:
        """The programme is asked before an order of this schedule is verified."""
        return schedule in self.monitored


@dataclass
class PolicyDraft:
    """The rules as they are typed by the pharmacist in charge."""

    fax_is_original: bool = False
    monitored: tuple[str, ...] = SCHEDULES
    level: str = "STOP"
    query_days: Decimal | int | None = None
    each_fill: bool = True
    inventory_months: Decimal | int | None = MOST_MONTHS
    dea_number: str = ""
    ncpdp_number: str = ""
    program: str = ""
    program_id: str = ""

    @staticmethod
    def of(policy: ControlledPolicy) -> "PolicyDraft":
        """The rules in force, to be changed."""
        return PolicyDraft(
            policy.fax_is_original, policy.monitored, policy.level, policy.query_days, policy.each_fill,
            policy.inventory_months, policy.dea_number,
            policy.ncpdp_number, policy.program, policy.program_id,
        )  # fmt: skip

    def problems(self) -> list[Problem]:
        found = []
        if set(self.monitored) - set(SCHEDULES):
            found.append(Problem("monitored", "Choose from C-II to C-V."))
        if self.level not in LEVELS:
            found.append(Problem("level", "Choose one of the list."))
        if self.query_days is not None and self.query_days < 1:
            found.append(Problem("query_days", "Enter 1 day or more, or nothing."))
        if self.inventory_months is None or not 1 <= self.inventory_months <= MOST_MONTHS:
            found.append(Problem("inventory_months", f"Enter 1 to {MOST_MONTHS} months: within two years (21 CFR 1304.11(c))."))
        if self.dea_number.strip() and not dea_is_valid(self.dea_number.strip().upper()):
            found.append(Problem("dea_number", "This is not a DEA number: its check digit does not fit."))
        ncpdp = self.ncpdp_number.strip()
        if ncpdp and not (len(ncpdp) == 7 and ncpdp.isdecimal()):  # NCPDP provider ID: 7 digits (memory)
            found.append(Problem("ncpdp_number", "An NCPDP number has 7 digits."))
        return found


def query_due(
    policy: ControlledPolicy, schedule: str | None, asked_at: datetime | None, filled_at: datetime | None, on: date
) -> str:
    """Why the monitoring programme is to be asked (again), in a sentence, or "".

    `asked_at`: when it was asked last, `filled_at`: when the newest fill left, both on the pharmacy's wall clock.
    """
    if not policy.asks_for(schedule):
        return ""
    if asked_at is None:
        return "The monitoring programme has not been asked for this order."
    last_on = asked_at.date()
    if policy.query_days is not None and (on - last_on).days > policy.query_days:
        return (
            f"The monitoring programme was last asked on {day(last_on)}; its answer counts for {counted(policy.query_days, 'day')}."
        )
    if policy.each_fill and filled_at is not None and filled_at > asked_at:
        return f"A fill has left since the monitoring programme was asked on {day(last_on)}; it is asked before each fill."
    return ""


def registration_gaps(policy: ControlledPolicy, npi: str) -> Sequence[str]:
    """What of the pharmacy's registration a dispensing report needs and nobody has entered."""
    wanted = (
        (not policy.dea_number, "the pharmacy's DEA number"),
        (not npi_is_valid(npi), "the pharmacy's NPI"),
        (not policy.program_id, "the number under which the programme knows the pharmacy"),
    )
    return [words for is_missing, words in wanted if is_missing]
