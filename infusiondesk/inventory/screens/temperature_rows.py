"""The list of temperatures: the locations, then the lots that an excursion left to be judged, then those that are judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted, moment
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory.queries.temperatures import ExcursionLotRow, TemperatureRow
from infusiondesk.inventory.rules.temperatures import Standing, degrees

_TONES: Final[dict[Standing, Tone]] = {Standing.INSIDE: "done", Standing.ALLOWED: "due", Standing.OUTSIDE: "danger"}


@dataclass(frozen=True)
class TemperatureLine:
    """A location, or a lot that was inside during an excursion."""

    place: TemperatureRow | None
    lot: ExcursionLotRow | None
    id: UUID

    @property
    def group(self) -> str:
        if self.lot is None:
            return "Locations"
        return "To judge after an excursion" if self.lot.disposition is None else "Judged"

    @property
    def title(self) -> str:
        return self.place.location if self.place else self.lot.item if self.lot else ""

    @property
    def second(self) -> str:
        if self.place:
            return f"{self.place.kind}, {self.place.allowed.words()}"
        return f"lot {self.lot.lot_number}, {counted(self.lot.quantity, self.lot.unit)}" if self.lot else ""

    @property
    def reading(self) -> str:
        if self.place:
            return degrees(self.place.last.celsius) if self.place.last else ""
        return f"{degrees(self.lot.lowest)} to {degrees(self.lot.highest)}" if self.lot else ""

    @property
    def when(self) -> str:
        if self.place:
            return f"{moment(self.place.last.read_at)}, {self.place.read_by}" if self.place.last else ""
        return f"{self.lot.location}, found {moment(self.lot.found_at)}" if self.lot else ""

    @property
    def state(self) -> tuple[str, Tone]:
        if self.lot:
            return (self.lot.disposition.capitalize(), "done") if self.lot.disposition else ("In quarantine", "danger")
        if self.place is None or self.place.standing is None:
            return "Never read", "due"
        if self.place.is_open:
            return "Excursion", "danger"
        if self.place.is_due:
            return "Not read today", "due"
        if self.place.monitors and self.place.lapse:
            return "Monitor not verified", "due"
        return self.place.standing.capitalize(), _TONES[self.place.standing]


COLUMNS: Sequence[Column[TemperatureLine]] = (
    Column("Location or lot", lambda row: row.title, strong=True, second=lambda row: row.second, stretch=3),
    Column("Reading", lambda row: row.reading, strong=True, second=lambda row: row.when, stretch=3),
    Column("State", lambda row: row.state[0], tone=lambda row: row.state[1], shape=True, width=180),
)
