"""Words of the knowledge that are kept: what happened to a row, and what was done about one that was corrected."""

from enum import StrEnum


class RowEvent(StrEnum):
    """What became of a row here."""

    ENTERED = "entered"
    CORRECTED = "corrected"
    SWITCHED_OFF = "switched off"
    SWITCHED_ON = "switched on"


class RecallDone(StrEnum):
    """How one line of a recall is closed."""

    CONTACTED = "patient or prescriber contacted"
    REPLACED = "replaced"
    DESTROYED = "destroyed"
    NO_HARM = "looked at, no harm"
