"""Reading the starting texts of plans from the reference folder."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parents[2] / "db" / "reference" / "care_plan_templates.toml"


@cache
def templates() -> Mapping[str, Mapping[str, Any]]:
    """Starting texts by key; `common` belongs to every plan."""
    return tomllib.loads(TEMPLATES.read_text("utf-8"))


def template_for(ingredient: str, therapy: str) -> str:
    """The key of the text that names the ingredient, else the therapy; `common` alone where none does."""
    known = templates()
    for word in (ingredient, therapy):
        for key, template in known.items():
            if word in template.get("therapies", ()):
                return key
    return "common"
