"""`ask screen --store`: answered by the rows that a store corrected and signed, else by the shipped tables; either is said."""

import json
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from infusiondesk.app.bootstrap import Opened
from infusiondesk.app.commands import opening
from infusiondesk.app.commands.asking import ask
from infusiondesk.app.commands.parser import build
from infusiondesk.app.commands.report import Report
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from tests.beginnings import Recipe, staff_only
from tests.pharmacy import Pharmacy
from tests.services.knowledge_story import corrected

QUESTION = {"orders": ["ceftriaxone"], "home_medications": ["warfarin"], "no_known_drug_allergies": True}


@pytest.fixture
def begins_with() -> Recipe:
    return staff_only


def asked(file: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[dict[str, Any], str]:
    options: Namespace = build().parse_args(["ask", "screen", str(file), *more])
    assert ask(options, Report(is_json=False)) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err


def test_a_store_answers_by_its_own_rows(
    file_pharmacy: Pharmacy, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(file_pharmacy, "P39", level="HOLD", advice="INR twice a week")
    file = tmp_path / "question.json"
    file.write_text(json.dumps(QUESTION), "utf-8")

    @contextmanager
    def opened(options: Namespace) -> Iterator[Opened]:
        assert options.store == "here"
        yield Opened(
            file_pharmacy.store, file_pharmacy.actor(Role.PHARMACIST), "ZZTEST Pharmacy", is_demo=False, was_upgraded=False
        )

    monkeypatch.setattr(opening, "opened", opened)

    shipped, told = asked(file, capsys)
    (alert,) = shipped["alerts"]
    assert (alert["rule"], alert["level"], "knowledge" in shipped) == ("P39", "WARN", False)
    assert told.startswith("Answered from the shipped tables, version ") and told.endswith("no row of a store was read.\n")

    own, told = asked(file, capsys, "--store", "here")
    (alert,) = own["alerts"]
    assert (alert["level"], alert["text"]) == ("HOLD", "INR up: INR twice a week")
    assert own["knowledge"].startswith("ZZTEST Pharmacy: version ") and ", 1 row changed there, 0 signed" in own["knowledge"]
    assert told == f"Answered from the rows of {own['knowledge']}.\n"

    with pytest.raises(Refused, match="Only a screen is answered from a store; calc goes by the rules"):
        ask(build().parse_args(["ask", "calc", str(file), "--store", "here"]), Report(is_json=False))
