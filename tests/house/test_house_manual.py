"""The manual is tested: every screen has its page with its title, every link resolves, every page is reached."""

import re
from pathlib import Path

import pytest

from infusiondesk.app.screens import PLACES, Place

MANUAL = Path(__file__).parents[2] / "resources" / "manual"
LINK = re.compile(r"\]\(([^)]+\.md)\)")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.slug)
def test_every_screen_has_its_page(place: Place) -> None:
    page = MANUAL / f"{place.slug}.md"

    assert page.is_file(), f"resources/manual/{place.slug}.md"
    assert page.read_text("utf-8").splitlines()[0] == f"# {place.title}"
    assert len(page.read_text("utf-8").split()) > 20


def test_every_link_of_the_manual_resolves() -> None:
    broken = [
        f"{page.name}: {link}"
        for page in MANUAL.rglob("*.md")
        for link in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / link).is_file()
    ]

    assert broken == []


def test_every_page_is_reached_from_the_contents() -> None:
    contents = MANUAL / "README.md"
    reached = set(LINK.findall(contents.read_text("utf-8"))) | {"README.md"}
    pages = {page.name for page in MANUAL.glob("*.md")}

    assert pages - reached == set()
