"""What an order must say, in which state it is, and when a version is in force. Source: clinical 1.2, 9.2."""

from infusiondesk.orders.rules.draft import LONGEST_DAYS, EventDraft, OrderDraft
from infusiondesk.orders.rules.figures import concentration_per_ml, rate_ml_per_h, sig
from infusiondesk.orders.rules.gate import GateFacts, GateFinding, gate, not_judged
from infusiondesk.orders.rules.story import (
    MAY_FOLLOW,
    Course,
    Event,
    SetAside,
    VersionDates,
    courses,
    discontinuation_refusal,
    held_days,
    refusal_of,
    set_aside,
    standing,
    state,
    withdrawal_refusal,
)
from infusiondesk.orders.rules.terms import Limit, Terms, refills_problem
from infusiondesk.orders.rules.words import ROUTE_WORDS, EventKind, Method, ReceivedBy, Route, State

__all__ = [
    "LONGEST_DAYS",
    "MAY_FOLLOW",
    "ROUTE_WORDS",
    "Course",
    "Event",
    "EventDraft",
    "EventKind",
    "GateFacts",
    "GateFinding",
    "Limit",
    "Method",
    "OrderDraft",
    "ReceivedBy",
    "Route",
    "SetAside",
    "State",
    "Terms",
    "VersionDates",
    "concentration_per_ml",
    "courses",
    "discontinuation_refusal",
    "gate",
    "held_days",
    "not_judged",
    "rate_ml_per_h",
    "refills_problem",
    "refusal_of",
    "set_aside",
    "sig",
    "standing",
    "state",
    "withdrawal_refusal",
]
