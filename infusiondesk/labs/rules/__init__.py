"""Decisions about laboratory results: values in, a decision with its reason out."""

from infusiondesk.labs.rules.corrections import Line, Succession, succession
from infusiondesk.labs.rules.expected import Expected, Missing, missing, refill_holds
from infusiondesk.labs.rules.judgement import baselines, judge, live
from infusiondesk.labs.rules.matching import Candidate, Match, WrittenPerson, match
from infusiondesk.labs.rules.reports import ACTIONS, STEPS, ReportState, Step, StepVerdict, TurnAround, take_step
from infusiondesk.labs.rules.values import (
    Analyte,
    Condition,
    Facts,
    Finding,
    Goal,
    Judgement,
    LabResult,
    Level,
    Limit,
    Protocol,
    Schedule,
    Tables,
)

__all__ = [
    "ACTIONS",
    "STEPS",
    "Analyte",
    "Candidate",
    "Condition",
    "Expected",
    "Facts",
    "Finding",
    "Goal",
    "Judgement",
    "LabResult",
    "Level",
    "Limit",
    "Line",
    "Match",
    "Missing",
    "Protocol",
    "ReportState",
    "Schedule",
    "Step",
    "StepVerdict",
    "Succession",
    "Tables",
    "TurnAround",
    "WrittenPerson",
    "baselines",
    "judge",
    "live",
    "match",
    "missing",
    "refill_holds",
    "succession",
    "take_step",
]
