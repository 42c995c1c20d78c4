"""The words of pumps: where one can be, what can happen to it, whose it is, what is looked at."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Place(StrEnum):
    """Where a pump is; each is in exactly one. A checked pump is available when nothing else keeps it from going out."""

    AVAILABLE = "available"
    WITH_PATIENT = "with a patient"
    NOT_CLEAN = "not clean"
    CLEANED = "cleaned, to check"
    CHECKED = "checked, may not go out"
    MAINTENANCE = "out for maintenance"
    QUARANTINE = "in quarantine"
    LOST = "lost"
    RETIRED = "retired"


class EventKind(StrEnum):
    """What can happen to a pump."""

    ENTERED = "entered"
    GIVEN = "given to a patient"
    ASKED_BACK = "asked back"
    CONTINUED = "goes on with another order"
    RETURNED = "returned"
    CLEANED = "cleaned"
    PASSED = "safety check passed"
    FAILED = "safety check failed"
    SENT = "sent out for maintenance"
    CAME_BACK = "back from maintenance"
    QUARANTINED = "put into quarantine"
    RELEASED = "released from quarantine"
    SETTLED = "recall settled"
    LOST = "lost"
    FOUND = "found"
    RETIRED = "retired"
    CAME_AGAIN = "taken into service again"


class Ownership(StrEnum):
    """Whose the pump is."""

    OWNED = "owned"
    RENTED = "rented"


class Use(StrEnum):
    """What a patient has a pump for."""

    MAIN = "in use"
    BACKUP = "back-up"


class Duty(StrEnum):
    """The upkeep that a pump owes."""

    MAINTENANCE = "preventive maintenance"
    CERTIFICATION = "certification"


class Outcome(StrEnum):
    """What became of a recalled pump."""

    RETURNED = "returned to the maker"
    EXCHANGED = "exchanged by the maker"
    CHECKED = "checked or corrected as the maker says"
    NOT_HAD = "lost: the maker was told"


class Asked(StrEnum):
    """How a patient was asked for a pump."""

    CALL = "call"
    LETTER = "letter"
    VISIT = "visit"
    PICK_UP = "pick-up arranged"


# The kinds of therapy that a pump can serve, as people say them: those of the catalog that are infused.
SERVES: Final[Mapping[str, str]] = {
    "anti_infective": "anti-infective", "tpn": "nutrition (TPN)", "hydration": "hydration", "pain": "pain",
    "inotrope": "inotrope", "uninterrupted": "prostacyclin", "chemotherapy": "chemotherapy",
    "immune_globulin": "immune globulin", "anticoagulant_infusion": "anticoagulant", "factor": "factor", "alpha1": "alpha-1",
    "chelation": "chelation", "enzyme_replacement": "enzyme", "anti_tnf": "anti-TNF", "diuretic": "diuretic",
    "corticosteroid": "corticosteroid", "antiemetic_infusion": "antiemetic", "antispasmodic": "antispasmodic",
    "tocolytic": "tocolytic", "insulin": "insulin", "enteral": "enteral", "other_infusion": "other infusion, none of these",
}  # fmt: skip


def serves_words(therapies: Iterable[str]) -> str:
    """Kinds of therapy in words."""
    return ", ".join(SERVES[one] for one in SERVES if one in set(therapies))
