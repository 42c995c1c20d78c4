"""Every icon that a screen names is in the face; one that is not would be a crossed box on somebody's desk."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from infusiondesk.foundation.qtkit.icons import knows_icon

PACKAGE = Path(__file__).parents[2] / "infusiondesk"


def named() -> Iterator[tuple[str, str]]:
    """(icon, file) for `icon="..."` and the first word of an EmptyState."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            words = [keyword.value for keyword in node.keywords if keyword.arg == "icon"]
            if isinstance(node.func, ast.Name) and node.func.id == "EmptyState":
                words += node.args[:1]
            for word in words:
                if isinstance(word, ast.Constant) and isinstance(word.value, str) and word.value:
                    yield word.value, path.name


@pytest.mark.parametrize(("icon", "file"), sorted(set(named())))
def test_every_icon_that_is_named_can_be_drawn(qapp: QApplication, icon: str, file: str) -> None:
    assert qapp
    assert knows_icon(icon), file
