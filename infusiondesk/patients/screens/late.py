"""Screens whose forms need what is read first: kept typing waits for it, and never follows to another patient."""

from typing import Any
from uuid import UUID

from infusiondesk.foundation.qtkit.screen import Screen


class LateScreen(Screen):
    """A subclass calls `loaded` when its rows have come, and says in `forget` how it empties itself."""

    _is_loaded = False
    _waiting: dict[str, Any] | None = None

    def show_patient(self, patient_id: UUID) -> None:
        """Turn to another patient: what is being typed is kept for the one it belongs to, and put down here."""
        if self.patient_id is not None and patient_id != self.patient_id:
            self.keep_draft()
            self.editor, self._kept, self._is_loaded, self._waiting = None, None, False, None
            self.forget()
        super().show_patient(patient_id)

    def forget(self) -> None:
        """Show nothing of the patient who was open."""

    def restore_draft(self, kept: dict[str, Any]) -> None:
        if self._is_loaded:
            super().restore_draft(kept)
        else:
            self._waiting = kept

    def loaded(self) -> None:
        """The rows are there: forms can be opened now."""
        self._is_loaded = True
        if self._waiting is not None and self.editor is None:
            kept, self._waiting = self._waiting, None
            super().restore_draft(kept)
