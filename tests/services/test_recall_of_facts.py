"""A corrected limit or usual dose is recalled wherever it was asked, also where it gave no alert, until each line is closed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import service
from infusiondesk.interactions.documents import draw_recall_report, recall_report
from infusiondesk.interactions.rules.editing import RuleDraft
from infusiondesk.interactions.rules.recall import ClosingDraft, RecallLine, Relied
from infusiondesk.interactions.rules.rows import RowKind
from infusiondesk.interactions.rules.words import RecallDone
from infusiondesk.staff.queries import printing_of
from infusiondesk.workflows.recall_knowledge import close_line, recall_lines
from tests.beginnings import Recipe
from tests.pharmacy import Pharmacy
from tests.services.knowledge_story import CORRECTED, verified_beside
from tests.story import the_signed_catalog

PIC = Role.PHARMACIST_IN_CHARGE
RANGE = RuleDraft(kind=RowKind.DOSE, side_a="ceftriaxone", low="1", high="2", unit="g", source="ZZTEST label", status="label")


@pytest.fixture
def begins_with() -> Recipe:
    return the_signed_catalog


def lines(pharmacy: Pharmacy) -> list[RecallLine]:
    return list(pharmacy.ask(recall_lines))


def row_id(pharmacy: Pharmacy, kind: RowKind, words: str) -> str:
    (row,) = pharmacy.ask(service.rules_found, kind=kind, text=words).rows
    return row.id


def correct(pharmacy: Pharmacy, kind: RowKind, words: str, **typed: Any) -> None:
    key = row_id(pharmacy, kind, words)
    draft = replace(pharmacy.ask(service.rule_history, row_key=key).draft, **typed)
    pharmacy.do(service.correct_rule, row_key=key, draft=draft, reasons=CORRECTED)


def test_a_usual_dose_that_was_silent_at_the_verification_is_recalled_when_it_is_corrected(pharmacy: Pharmacy) -> None:
    pharmacy.do(service.enter_dose, draft=RANGE)
    version_id = verified_beside(pharmacy, "warfarin")
    assert lines(pharmacy) == []

    correct(pharmacy, RowKind.DOSE, "ceftriaxone", high="1.5")

    (line,) = lines(pharmacy)
    assert (line.kind, line.entity_id, line.row, line.is_stricter) == (
        Relied.DECISION, version_id, "Dose, ceftriaxone", True,
    )  # fmt: skip
    assert (line.then, line.now) == ("1 to 2 g per dose (no alert)", "1 to 1.5 g per dose")
    assert (line.because, line.corrected_by) == ("the label says more now", "ZZTEST Pharmacist")
    pharmacy.do(close_line, line_id=line.id, draft=ClosingDraft(RecallDone.NO_HARM, "compared with the new label"))
    (closed,) = lines(pharmacy)
    assert closed.closing is not None
    paper = draw_recall_report(recall_report([closed], pharmacy.clock.now().date()), pharmacy.ask(printing_of))
    assert paper.startswith(b"%PDF")
    with pytest.raises(Refused, match="has closed this line already"):
        pharmacy.do(close_line, line_id=line.id, draft=ClosingDraft(RecallDone.NO_HARM, "once more, to be sure"))


def test_a_usual_dose_that_spoke_says_so_and_one_that_is_off_is_recalled_too(pharmacy: Pharmacy) -> None:
    pharmacy.do(service.enter_dose, draft=replace(RANGE, high="1.9"))
    verified_beside(pharmacy, "warfarin")
    pharmacy.clock.advance(hours=1)

    key = row_id(pharmacy, RowKind.DOSE, "ceftriaxone")
    pharmacy.do(service.switch_rule_off, by=PIC, row_key=key, reasons={"knowledge.off": "wrong"})
    (line,) = lines(pharmacy)
    assert (line.then, line.now) == ("1 to 1.9 g per dose (WARN by R40)", "switched off")

    pharmacy.do(service.switch_rule_on, by=PIC, row_key=key)
    assert lines(pharmacy) == []
    correct(pharmacy, RowKind.DOSE, "ceftriaxone", high="3")
    assert [(line.then, line.now) for line in lines(pharmacy)] == [("1 to 1.9 g per dose (WARN by R40)", "1 to 3 g per dose")]


def test_a_limit_is_recalled_where_a_rule_asked_for_it(pharmacy: Pharmacy) -> None:
    version_id = verified_beside(pharmacy, "haloperidol", "ondansetron", results={"qtc": Decimal(450)})

    correct(pharmacy, RowKind.LIMIT, "qtc", amount="480")

    (line,) = lines(pharmacy)
    assert (line.entity_id, line.row) == (version_id, "Limit, QTc above which it counts as long")
    assert (line.then, line.now) == ("500 ms (no alert)", "480 ms")


def test_a_limit_that_no_rule_asked_for_recalls_nothing(pharmacy: Pharmacy) -> None:
    verified_beside(pharmacy, "warfarin")
    correct(pharmacy, RowKind.LIMIT, "qtc", amount="480")
    assert lines(pharmacy) == []


def test_signing_a_limit_or_a_dose_recalls_nothing(pharmacy: Pharmacy) -> None:
    pharmacy.do(service.enter_dose, draft=RANGE)
    verified_beside(pharmacy, "haloperidol", "ondansetron")
    facts = pharmacy.ask(service.rules_found, kind=RowKind.LIMIT).rows
    pharmacy.do(service.sign_rules, by=PIC, seen=[(row.id, row.version) for row in facts], reasons={"knowledge.compared": "label"})
    assert lines(pharmacy) == []
