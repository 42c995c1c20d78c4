"""Ctrl+K: any patient and any screen, from one line."""

from typing import TYPE_CHECKING
from uuid import UUID

from infusiondesk.app.screens import PLACES, Place
from infusiondesk.foundation.qtkit.frame.palette import Answer, Found, Palette
from infusiondesk.foundation.qtkit.icons import SECTION_ICONS
from infusiondesk.patients.queries import FoundPatients, find_patients

if TYPE_CHECKING:
    from infusiondesk.app.window import MainWindow

MOST = 8


class Finding:
    """Asks for patients in the background and for screens at once, and goes where Enter says."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._palette = Palette(window.frame, self._ask)
        self._palette.chosen.connect(self._go)

    def open(self, words: str = "") -> None:
        """Show the line, with what was typed so far."""
        self._palette.open(words)

    def _ask(self, words: str, then: Answer) -> None:
        places = [self._place(place) for place in PLACES if self._is_meant(place, words)]
        if len(words) < 2:
            then(places[:MOST])
            return

        def arrived(found: FoundPatients) -> None:
            patients = [
                Found("user", row.name, f"MRN {row.mrn}, {row.age}, {row.status.value}", row.id, "Patients", "open chart")
                for row in found.rows[:MOST]
            ]
            then([*patients, *places[:MOST]])

        self._window.desk.ask(self._window, find_patients, arrived, text=words)

    def _is_meant(self, place: Place, words: str) -> bool:
        if place.is_chart and self._window.patient_id is None:
            return False
        return all(part in f"{place.title} {place.section}".casefold() for part in words.casefold().split())

    def _place(self, place: Place) -> Found:
        group = "This patient" if place.is_chart else "Screens"
        return Found(SECTION_ICONS.get(place.section, "circle"), place.title, place.section, place, group)

    def _go(self, value: object) -> None:
        if isinstance(value, UUID):
            self._window.open_patient(value)
        elif isinstance(value, Place):
            self._window.open_place(value)
