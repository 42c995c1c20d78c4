"""Every window of these tests wears the light theme and the house's own fonts from the start."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from infusiondesk.foundation.qtkit.theme import apply_theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """Windows of earlier tests are collected here, on the thread they live on: a worker's collection would end the process."""
    apply_theme(qapp, False)
    gc.disable()
    yield
    gc.collect()
    gc.enable()
