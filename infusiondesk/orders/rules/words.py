"""The words of an order: routes, methods, how it came, what can happen to it, where it stands (clinical 9.2)."""

from enum import StrEnum


class Route(StrEnum):
    INTRAVENOUS = "iv"
    SUBCUTANEOUS = "sc"
    INTRAMUSCULAR = "im"
    EPIDURAL = "epidural"
    INTRATHECAL = "intrathecal"


class Method(StrEnum):
    """How the dose gets in."""

    GRAVITY = "gravity"
    ELASTOMERIC = "elastomeric"
    ELECTRIC_PUMP = "electric pump"
    IV_PUSH = "IV push"
    NURSE_INJECTION = "injection by a nurse"


class ReceivedBy(StrEnum):
    """How the order came."""

    E_RX = "electronic"
    FAX = "fax"
    WRITTEN = "written"
    HOSPITAL = "hospital transfer"
    VERBAL = "verbal"


class EventKind(StrEnum):
    HELD = "held"
    RESUMED = "resumed"
    DISCONTINUED = "discontinued"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class State(StrEnum):
    """Where an order stands (clinical 9.2)."""

    ENTERED = "to verify"
    VERIFIED = "verified"
    HELD = "held"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"
    CANCELLED = "cancelled"


ROUTE_WORDS = {
    Route.INTRAVENOUS: "IV",
    Route.SUBCUTANEOUS: "subcutaneous",
    Route.INTRAMUSCULAR: "intramuscular",
    Route.EPIDURAL: "epidural",
    Route.INTRATHECAL: "intrathecal",
}
