"""How pumps, and the patients who need them, stand in a list; and the usual next steps by where a pump is."""

from collections.abc import Mapping, Sequence
from typing import Final

from infusiondesk.equipment.queries import NeedRow, PumpRow
from infusiondesk.equipment.rules import EventKind, Place, spellings
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone

TONES: Final[Mapping[Place, Tone]] = {
    Place.AVAILABLE: "done", Place.WITH_PATIENT: "accent", Place.NOT_CLEAN: "due", Place.CLEANED: "due", Place.CHECKED: "due",
    Place.MAINTENANCE: "neutral", Place.QUARANTINE: "danger", Place.LOST: "danger", Place.RETIRED: "neutral",
}  # fmt: skip


def _place_tone(row: PumpRow) -> Tone:
    return "danger" if row.stay is not None and row.recalls else TONES[row.place]


def _due_words(row: PumpRow) -> str:
    if not row.duties or row.place is Place.RETIRED:
        return ""
    return day(row.duties[0].due_on) if row.duties[0].due_on else "never recorded"


def _due_tone(row: PumpRow) -> Tone | None:
    if row.place is Place.RETIRED:
        return None
    return "danger" if row.is_overdue else "due" if row.is_due_soon else None


PUMP_COLUMNS: Sequence[Column[PumpRow]] = (
    Column("Pump", lambda row: row.serial, strong=True, second=lambda row: row.model.label, stretch=1, width=150),
    Column("Where", lambda row: row.place.value, tone=_place_tone, shape=True, width=170),
    Column("Who, why", lambda row: row.where, wraps=True, stretch=2, width=130),
    Column("Upkeep due", _due_words, sort=lambda row: row.duties[0].due_on if row.duties else None, tone=_due_tone, width=116),
    # The field above the list finds A-150 by A150, and the other way round.
    Column("Serial as also written", lambda row: " ".join(spellings(row.serial)[1:]), hidden=True),
    Column("Firmware", lambda row: row.firmware, hidden=True),
    Column("Vendor", lambda row: row.vendor, hidden=True),
)
NEED_COLUMNS: Sequence[Column[NeedRow]] = (
    Column("Patient", lambda row: row.patient, strong=True, second=lambda row: row.mrn, stretch=1, width=150),
    Column("Order", lambda row: f"Rx {row.rx_number} {row.drug}", wraps=True, stretch=1, width=130),
    Column(
        "Pumps",
        lambda row: f"{row.good} of {row.need.pumps}",
        second=lambda row: ", ".join(one.serial for one in row.had) or "none",
        sort=lambda row: row.good,
        width=110,
    ),
    Column(
        "Missing",
        lambda row: row.missing or "nothing",
        tone=lambda row: ("danger" if row.need.is_life_sustaining else "due") if row.missing else "done",
        shape=True,
        wraps=True,
        stretch=1,
        width=170,
    ),
)
NEXT: Final[Mapping[Place, Sequence[EventKind]]] = {
    Place.NOT_CLEAN: (EventKind.CLEANED, EventKind.SENT, EventKind.QUARANTINED),
    Place.CLEANED: (EventKind.PASSED, EventKind.SENT, EventKind.QUARANTINED),
    Place.CHECKED: (EventKind.SENT, EventKind.QUARANTINED),
    Place.AVAILABLE: (EventKind.GIVEN, EventKind.SENT, EventKind.QUARANTINED),
    Place.WITH_PATIENT: (EventKind.RETURNED, EventKind.CONTINUED, EventKind.ASKED_BACK, EventKind.LOST),
    Place.MAINTENANCE: (EventKind.CAME_BACK,),
    Place.QUARANTINE: (EventKind.RELEASED, EventKind.SENT, EventKind.RETIRED),
    Place.LOST: (EventKind.FOUND, EventKind.RETIRED),
    Place.RETIRED: (),
}
