"""The words of the shelf: what is stocked, where it is kept, and why units come or go."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What is stocked."""

    DRUG = "drug"
    DILUENT = "diluent"
    CONTAINER = "container"
    DEVICE = "device"
    SUPPLY = "supply"


class LocationKind(StrEnum):
    """What kind of place it is."""

    ROOM = "room"
    REFRIGERATOR = "refrigerator"
    FREEZER = "freezer"
    VAULT = "controlled vault"


class MovementKind(StrEnum):
    """Why units came or went."""

    RECEIVED = "received"
    USED = "used"
    SENT = "sent to a patient"
    RETURNED = "returned unused"
    WASTED = "wasted"
    ADJUSTED = "adjusted after a count"
    QUARANTINED = "quarantined"
    CLEARED = "cleared from quarantine"
    MOVED_OUT = "moved out"
    MOVED_IN = "moved in"
    DESTROYED = "destroyed"
    TO_VENDOR = "returned to the vendor"


class SuspicionEnd(StrEnum):
    """What an investigation of a suspect product found."""

    CLEARED = "cleared"
    ILLEGITIMATE = "illegitimate"


class RecallScope(StrEnum):
    """What a recall names."""

    LOT = "lots of an item"
    ITEM = "every lot of an item"
    MAKER = "everything of a maker"


class CountScope(StrEnum):
    """What a count sheet lists."""

    ALL = "everything at the location"
    KIND = "one kind of item"
    CONTROLLED = "controlled drugs"
    NOT_LATELY = "what was not counted lately"
    ONE = "one lot"


class DiscrepancyEnd(StrEnum):
    """How a difference of a controlled drug was resolved."""

    EXPLAINED = "explained, balance corrected"
    MISCOUNTED = "counted wrongly, balance stands"
    LOSS = "theft or loss"
