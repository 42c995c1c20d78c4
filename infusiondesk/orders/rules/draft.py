"""An order being entered, and what is missing or wrong in it (clinical 1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.orders.rules.applying import what_applies
from infusiondesk.orders.rules.figures import Figures, figures
from infusiondesk.orders.rules.parts import FlushMethod
from infusiondesk.orders.rules.regimen import Regimen, regimen_of, regimen_problem, shortest_interval
from infusiondesk.orders.rules.words import LONGEST_DAYS, UNBROKEN, Method, Pattern, ReceivedBy, Route
from infusiondesk.orders.rules.working import nutrients_of

_AMOUNTS = (
    "dose_amount", "ordered_dose", "desired_rise_percent", "round_to", "interval_hours", "pca_bolus",
    "pca_lockout_minutes", "pca_hour_limit", "infusion_minutes", "rate_ml_per_h", "volume_ml", "concentration_per_ml", "flush_ml",
    "heparin_units_per_ml", "heparin_ml",
)  # fmt: skip
_SCHEDULE = ("start_on", "stop_on", "weekdays", "cycle_days", "cycle_length", "weeks", "then_every_weeks", "steps")
MOST_REFILLS = 99  # what a person can mean; the schedule's own limit is asked where the drug is known


@dataclass
class OrderDraft:
    """An order being entered. Amounts are per dose; for a continuous infusion per day."""

    drug_id: UUID | None = None
    prescriber_id: UUID | None = None
    dose_amount: Decimal | None = None
    dose_unit: str = "mg"
    route: str = Route.INTRAVENOUS.value
    ordered_dose: Decimal | None = None
    ordered_unit: str = ""
    desired_rise_percent: Decimal | None = None
    weight_used: str = ""
    round_to: Decimal | None = None
    rounding: str = ""
    pattern: str = Pattern.INTERVAL.value
    interval_hours: Decimal | None = None
    weekdays: tuple[str, ...] = ()
    cycle_days: str = ""
    cycle_length: int | None = None
    weeks: str = ""
    then_every_weeks: int | None = None
    steps: str = ""
    pca_basal: Decimal | None = None
    pca_bolus: Decimal | None = None
    pca_lockout_minutes: Decimal | None = None
    pca_hour_limit: Decimal | None = None
    infusion_minutes: Decimal | None = None
    rate_ml_per_h: Decimal | None = None
    rate_steps: str = ""
    method: str = ""
    diluent: str = ""
    container: str = ""
    volume_ml: Decimal | None = None
    concentration_per_ml: Decimal | None = None
    amino_acid_g: Decimal | None = None
    dextrose_g: Decimal | None = None
    lipid_g: Decimal | None = None
    sodium_meq: Decimal | None = None
    potassium_meq: Decimal | None = None
    magnesium_meq: Decimal | None = None
    calcium_meq: Decimal | None = None
    phosphate_mmol: Decimal | None = None
    additives: str = ""
    is_cycled: bool = False
    start_on: date | None = None
    stop_on: date | None = None
    indication: str = ""
    had_before: bool = False
    anaphylaxis_kit: bool = False
    kit: tuple[str, ...] = ()
    lab_protocol: str = ""
    lab_reviewer: str = ""
    flush_method: str = ""
    flush: str = ""
    flush_ml: Decimal | None = None
    heparin_units_per_ml: Decimal | None = None
    heparin_ml: Decimal | None = None
    line_care: tuple[str, ...] = ()
    visits: str = ""
    nursing: str = ""
    written_on: date | None = None
    refills: int | None = None
    received_by: str = ""
    received_at: datetime | None = None
    caller: str = ""
    receiver: str = ""
    read_back: bool = False
    read_back_at: datetime | None = None
    reviewed_by_infectious_diseases: bool = False

    @property
    def is_unbroken(self) -> bool:
        """Whether it runs all day: then the amount is that of a day, and there is no interval."""
        return self.pattern in UNBROKEN

    @property
    def rate_plan(self) -> str:
        """The steps of the rate in mL/h: worked out for the patient when it is entered, so a draft has none."""
        return ""

    @property
    def nutrients(self) -> Mapping[str, Decimal]:
        """The ingredients of parenteral nutrition that were ordered, by name."""
        return nutrients_of(self)

    def figures(self, dose_amount: Decimal | None = None) -> Figures:
        """What follows from volume, concentration, rate and time; `dose_amount` stands in for a dose that is worked out."""
        return figures(
            self.dose_amount if dose_amount is None else dose_amount,
            self.dose_unit,
            volume_ml=self.volume_ml,
            infusion_minutes=self.infusion_minutes,
            rate_ml_per_h=self.rate_ml_per_h,
            concentration_per_ml=self.concentration_per_ml,
            is_unbroken=self.pattern == Pattern.CONTINUOUS,  # a PCA has no one rate: its most in a day is no rate of the pump
            is_cycled=self.is_cycled or bool(self.rate_steps),  # neither has one rate, and none is derived
        )

    def schedule(self) -> Regimen | None:
        """When its doses are due, as soon as that can be said, whatever else is still missing."""
        fields = {problem.field for problem in [*self._programs(), *self._dates()]} & {*_SCHEDULE}
        is_timed = self.pattern != Pattern.INTERVAL or self.interval_hours
        if fields or not is_timed or self.start_on is None or self.stop_on is None:
            return None
        try:
            regimen = regimen_of(self)
        except Refused:
            return None
        return None if regimen_problem(regimen) else regimen

    def as_it_applies(self, therapy_class: str = "") -> "OrderDraft":
        """The order without what was typed for another pattern, flush or way of coming: the form hides it, so it counts no more."""
        applies = what_applies(self, therapy_class)
        untyped: dict[str, Any] = {one.name: one.default for one in fields(self) if not applies.get(one.name, True)}
        return replace(self, **untyped)

    def problems(self) -> list[Problem]:
        """What is missing or contradicts itself; what needs the chart or the catalog is asked when it is entered."""
        return self.as_it_applies()._problems()

    def _problems(self) -> list[Problem]:
        found = [*self._missing(), *self._amounts(), *self._programs(), *self._flushes(), *self._dates()]
        if not found:
            found += self._schedule()
        if not found and (contradiction := self.figures().problem()):
            found.append(contradiction)
        return [*found, *self._prescription(), *self._verbal()]

    def _missing(self) -> list[Problem]:
        is_worked_out = bool(
            self.ordered_dose
            or self.desired_rise_percent
            or self.nutrients
            or self.pattern == Pattern.STEPS
            or (self.pattern == Pattern.PCA and self.pca_bolus)
        )
        wanted = (
            ("drug_id", self.drug_id is not None, "Choose the drug from the catalog."),
            ("prescriber_id", self.prescriber_id is not None, "Choose who ordered it."),
            ("dose_amount", self.dose_amount is not None or is_worked_out, "Enter the dose."),
            ("ordered_unit", not self.ordered_dose or bool(self.ordered_unit), "Choose by what the dose goes, such as mg/kg."),
            ("method", bool(self.method), "Choose how it is given."),
            ("indication", bool(self.indication.strip()), "Say what it is for."),
            ("start_on", self.start_on is not None, "Enter the first day."),
            ("stop_on", self.stop_on is not None, "Enter the last day: an order without a stop date is not taken."),
            ("received_by", bool(self.received_by), "Say how the order came."),
            ("received_at", self.received_at is not None, "Enter when the order came."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]

    def _amounts(self) -> list[Problem]:
        found = []
        for name in _AMOUNTS:
            value = getattr(self, name)
            if value is not None and value <= 0:
                found.append(Problem(name, "This must be more than zero."))
        found += [Problem(name, "This cannot be less than zero.") for name, value in self.nutrients.items() if value < 0]
        if self.pca_basal is not None and self.pca_basal < 0:
            found.append(Problem("pca_basal", "This cannot be less than zero; leave it empty where there is none."))
        if self.pattern == Pattern.INTERVAL and self.interval_hours is None:
            found.append(Problem("interval_hours", "Enter the hours between doses, or choose another pattern."))
        if self.interval_hours and self.infusion_minutes and self.infusion_minutes > self.interval_hours * 60:
            found.append(
                Problem("infusion_minutes", f"An infusion of {number(self.infusion_minutes)} min does not fit between the doses.")
            )
        if self.is_unbroken and self.infusion_minutes is not None:
            found.append(Problem("infusion_minutes", "It runs all day: take the time out, or choose every so many hours."))
        if self.rate_steps.strip():
            found += self._stepped()
        if self.method == Method.IV_PUSH and self.is_unbroken:
            found.append(Problem("method", "A push cannot run continuously."))
        return found

    def _stepped(self) -> list[Problem]:
        """Rate and time stand in the steps of a rate, and nowhere beside."""
        wanted = (
            ("rate_ml_per_h", self.rate_ml_per_h is None, "The rate stands in its steps: leave this empty."),
            ("infusion_minutes", self.infusion_minutes is None, "The time follows from the steps of the rate: leave this empty."),
            ("pattern", not self.is_unbroken, "A rate in steps ends: it does not run all day."),
            ("method", self.method != Method.IV_PUSH, "A push has no steps of a rate."),
        )
        return [Problem(name, sentence) for name, is_right, sentence in wanted if not is_right]

    def _programs(self) -> list[Problem]:
        """What the chosen pattern needs besides: weekdays, days, weeks, steps, or the program of a PCA."""
        wanted = (
            (Pattern.WEEKDAYS, "weekdays", bool(self.weekdays), "Choose at least one day of the week."),
            (Pattern.CYCLE, "cycle_days", bool(self.cycle_days.strip()), "Enter the days of the cycle, such as 1, 8, 15."),
            (Pattern.CYCLE, "cycle_length", bool(self.cycle_length), "Enter how many days a cycle has."),
            (
                Pattern.CYCLE,
                "cycle_length",
                not self.cycle_length or _is_count(self.cycle_length),
                f"A cycle has 1 to {LONGEST_DAYS} days.",
            ),
            (
                Pattern.WEEKS,
                "then_every_weeks",
                self.then_every_weeks is None or _is_count(self.then_every_weeks),
                f"Enter 1 to {LONGEST_DAYS} weeks, or leave it empty.",
            ),
            (Pattern.WEEKS, "weeks", bool(self.weeks.strip()), "Enter the weeks from the first dose, such as 0, 2, 6."),
            (Pattern.STEPS, "steps", bool(self.steps.strip()), "Write one step a line, such as: 60 mg daily for 5 days."),
            (Pattern.PCA, "pca_bolus", bool(self.pca_bolus), "Enter the bolus, or choose continuous where there is none."),
            (Pattern.PCA, "pca_lockout_minutes", bool(self.pca_lockout_minutes), "Enter the lockout: a bolus needs one."),
            (Pattern.PCA, "method", self.method in ("", Method.ELECTRIC_PUMP), "A PCA is given by an electric pump."),
        )
        return [Problem(name, sentence) for pattern, name, is_there, sentence in wanted if self.pattern == pattern and not is_there]

    def _flushes(self) -> list[Problem]:
        """A flush says with what; heparin needs its strength and its volume; a kit says what is in it."""
        is_sash = self.flush_method == FlushMethod.SASH
        is_flushed = self.flush_method in (FlushMethod.SASH, FlushMethod.SAS)
        wanted = (
            ("flush", is_flushed, bool(self.flush.strip()), "Enter the fluid of the flush, such as sodium chloride 0.9%."),
            ("flush_ml", is_flushed, bool(self.flush_ml), "Enter the volume of each flush."),
            ("heparin_units_per_ml", is_sash, bool(self.heparin_units_per_ml), "SASH ends with heparin: enter its units per mL."),
            ("heparin_ml", is_sash, bool(self.heparin_ml), "SASH ends with heparin: enter its volume."),
            ("kit", self.anaphylaxis_kit, bool(self.kit), "Say what is in the anaphylaxis kit: the order set must state it."),
        )
        return [Problem(name, sentence) for name, applies, is_there, sentence in wanted if applies and not is_there]

    def _schedule(self) -> list[Problem]:
        try:
            regimen = regimen_of(self)
        except Refused as refused:
            return [Problem(refused.field or "", refused.sentence)]
        if found := regimen_problem(regimen):
            return [Problem(*found)]
        if regimen.steps and self.dose_amount not in (None, max(step.dose for step in regimen.steps)):
            return [Problem("dose_amount", "The doses stand in the steps: leave this empty.")]
        shortest = shortest_interval(regimen)
        if shortest and self.infusion_minutes and self.infusion_minutes > shortest * 60:
            words = f"An infusion of {number(self.infusion_minutes)} min does not fit between the doses."
            return [Problem("infusion_minutes", words)]
        return []

    def _prescription(self) -> list[Problem]:
        found = []
        if self.refills is not None and not 0 <= self.refills <= MOST_REFILLS:
            found.append(Problem("refills", f"Refills: 0 to {MOST_REFILLS}, or empty where the last day is the limit."))
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
        """Who gave it, who took it, and when it was read back (clinical 9.2)."""
        if self.received_by != ReceivedBy.VERBAL:
            return []
        is_before = bool(self.read_back_at and self.received_at and self.read_back_at < self.received_at)
        wanted = (
            ("caller", bool(self.caller.strip()), "Enter who gave the order by telephone."),
            ("receiver", bool(self.receiver.strip()), "Enter who took the order and wrote it down."),
            ("read_back", self.read_back, "A verbal order is read back before it is taken."),
            ("read_back_at", self.read_back_at is not None, "Enter when it was read back."),
            ("read_back_at", not is_before, "It cannot be read back before it came."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]


def _is_count(number: int) -> bool:
    """Whether so many days or weeks can be meant: what lies beyond an order's longest run is a slip of the finger."""
    return 0 < number <= LONGEST_DAYS


@dataclass
class EventDraft:
    """A hold, a resumption or an end being entered: from which day it counts, or which day is the last."""

    effective_on: date | None = None

    def problems(self) -> list[Problem]:
        return [] if self.effective_on is not None else [Problem("effective_on", "Enter the day.")]


@dataclass
class QuestionDraft:
    """A question about an order that waits: what is wrong, who was called about it, and when (clinical 9.2)."""

    problem: str = ""
    called: str = ""
    called_at: datetime | None = None

    def problems(self) -> list[Problem]:
        wanted = (
            ("problem", bool(self.problem.strip()), "Say what is wrong or unclear."),
            ("called", bool(self.called.strip()), "Enter who was called about it."),
            ("called_at", self.called_at is not None, "Enter when."),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]
