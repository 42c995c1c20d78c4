"""Every window of these tests wears the light theme and the house's own fonts from the start."""

import pytest
from PySide6.QtWidgets import QApplication

from infusiondesk.foundation.qtkit.theme import apply_theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    apply_theme(qapp, False)
