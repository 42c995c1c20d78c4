"""Every window of these tests wears the light theme and the house's own fonts from the start."""

import pytest
from PySide6.QtWidgets import QApplication

from infusiondesk.foundation.qtkit.theme import THEME, apply_theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    if THEME.is_dark or not qapp.styleSheet():  # dressing costs 60 ms, and most tests leave the light theme on
        apply_theme(qapp, False)
