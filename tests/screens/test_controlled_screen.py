"""Controlled drugs on the screen: laid out by one, seen by another with an own password, and the log on paper."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.rules.words import DiscrepancyEnd
from infusiondesk.inventory.screens.controlled import ControlledScreen
from infusiondesk.prescriptions.queries import reference_names
from tests.beginnings import Recipe
from tests.desk import PASSWORD, PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.services.test_controlled import ten_vials
from tests.shelf import TECH


@pytest.fixture
def begins_with() -> Recipe:
    return ten_vials


def test_one_lays_out_another_signs_and_the_log_is_printed(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]
) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST_IN_CHARGE)
    login = file_pharmacy.people[Role.PHARMACIST_IN_CHARGE].login
    interaction = PlainInteraction(second=(login, PASSWORD))
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = ControlledScreen(desk, reference_names)
    qtbot.addWidget(screen)
    screen.resize(1280, 720)
    screen.show()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert not screen.witness.isEnabled()
    screen.lay.trigger()
    assert screen.editor is not None
    screen.editor.form.restore({"quantity": "2", "because": "vial broken"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert screen.page.head.remark.text() == "1 to witness"

    screen.table.choose(lambda row: row.waiting is not None)
    settle(qtbot, desk)
    screen.witness.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert (interaction.refusals, interaction.bugs) == ([], [])
    assert interaction.said == ["Laid out. It waits for a witness.", "Seen and signed."]
    assert file_pharmacy.ask(queries.controlled_items)[0].on_hand == Decimal(8)
    assert [row.waiting for row in screen.table.rows()] == [None]
    screen.table.choose_first()
    settle(qtbot, desk)
    assert "8 after \N{MINUS SIGN}2 wasted" in {label.text() for label in screen.findChildren(Text) if label.isVisible()}
    papers: list[Any] = []
    screen.paper_ready.connect(papers.append)
    screen.paper.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(papers[0].pdf)).pages).split())
    assert "Controlled-drug log morphine vial, C-II" in told
    assert "ZZTEST Pharmacist, seen by ZZTEST Pharmacist In Charge" in told
    assert "order form 26AB00017" in told
    assert "\N{MINUS SIGN}2 8" in told


def test_the_pharmacist_in_charge_resolves_a_loss(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    lot_id = file_pharmacy.ask(queries.controlled_items)[0].places[0].lot_id
    file_pharmacy.do(service.count_lot, by=TECH, lot_id=lot_id, found=Decimal(8))
    file_pharmacy.do(service.count_lot, lot_id=lot_id, found=Decimal(8))
    give_passwords(file_pharmacy, Role.PHARMACIST_IN_CHARGE)
    interaction = PlainInteraction(reason="Chicago, by fax")
    desk = desk_of(Role.PHARMACIST_IN_CHARGE, interaction)
    screen = ControlledScreen(desk, reference_names)
    qtbot.addWidget(screen)
    screen.resize(1280, 720)
    screen.show()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert screen.page.head.remark.text() == "1 discrepancy"
    screen.rules.trigger()
    settle(qtbot, desk)
    assert screen.editor is not None
    assert screen.editor.form.snapshot()["inventory_months"] == "24"
    screen.editor.form.restore({"fax_is_original": "If compounded to infuse", "dea_number": "AB1234563"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    policy = file_pharmacy.ask(queries.controlled_policy, shipped=shipped_policy())
    assert (policy.fax_is_original, policy.dea_number, policy.signed_by) == (True, "AB1234563", "ZZTEST Pharmacist In Charge")
    assert screen.table.choose(lambda row: row.odd is not None)
    settle(qtbot, desk)
    assert not (screen.told.isEnabled() or screen.loss_paper.isEnabled())
    screen.resolve.trigger()
    typed = {"explanation": "not found", "circumstances": "vault open", "police": "report 12"}
    assert screen.editor is not None
    assert not screen.editor.form.box("police").isVisible()
    screen.editor.form.restore({"end": DiscrepancyEnd.LOSS.value, **typed})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert screen.table.choose(lambda row: row.odd is not None)
    settle(qtbot, desk)
    papers: list[Any] = []
    screen.paper_ready.connect(papers.append)
    screen.loss_paper.trigger()
    settle(qtbot, desk)
    assert [paper.title for paper in papers] == ["Loss draft"]
    screen.told.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert (interaction.refusals, interaction.bugs) == ([], [])
    assert interaction.said == ["Signed. These rules are in force from now on.", "Resolved and signed.", "Kept."]
    (row,) = file_pharmacy.ask(queries.discrepancies)
    assert (row.end, row.duty, row.told.startswith("Chicago, by fax")) == (DiscrepancyEnd.LOSS, "Form 106 to file", True)
