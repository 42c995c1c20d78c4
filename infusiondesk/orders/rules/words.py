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


class Pattern(StrEnum):
    """How the doses follow each other; amounts are per dose, of a continuous infusion and of a PCA per day."""

    INTERVAL = "every so many hours"
    CONTINUOUS = "continuous"
    PCA = "patient-controlled (PCA)"
    WEEKDAYS = "on days of the week"
    CYCLE = "on days of a cycle"
    WEEKS = "in weeks from the first, then every"
    STEPS = "in steps (taper)"


LONGEST_DAYS = 366  # an order runs for a year at most; no day, week or step of it counts further
UNBROKEN = (Pattern.CONTINUOUS, Pattern.PCA)  # they run all day: no interval, and the amount is that of a day


class Weekday(StrEnum):
    """The days of the week, in the order of the calendar."""

    MON = "Monday"
    TUE = "Tuesday"
    WED = "Wednesday"
    THU = "Thursday"
    FRI = "Friday"
    SAT = "Saturday"
    SUN = "Sunday"


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
    QUESTIONED = "questioned"


class State(StrEnum):
    """Where an order stands (clinical 9.2)."""

    ENTERED = "to verify"
    CLARIFICATION = "in clarification"
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
# The words of the catalog's rows.
CATALOG_ROUTES = {
    Route.INTRAVENOUS: "intravenous",
    Route.SUBCUTANEOUS: "subcutaneous",
    Route.INTRAMUSCULAR: "intramuscular",
    Route.EPIDURAL: "epidural",
    Route.INTRATHECAL: "intrathecal",
}
