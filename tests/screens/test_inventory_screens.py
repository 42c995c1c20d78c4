"""The shelf's screens through a real desk: stocked, received by scan and by hand, counted, put apart."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.catalog import queries as catalog
from infusiondesk.catalog import service as catalog_service
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.rules import ItemDraft, ReceiptDraft
from infusiondesk.inventory.screens.receive import ReceiveScreen
from infusiondesk.inventory.screens.stock import StockScreen
from tests.desk import PlainInteraction, settle
from tests.pharmacy import Pharmacy

Desks = Callable[..., Desk]
TECH = Role.TECHNICIAN
GS1 = "(01)00304096533016(17)270831(10)VX2209"


@pytest.fixture
def item_id(file_pharmacy: Pharmacy) -> UUID:
    """A pharmacy that stocks one thing, with two lots."""
    item: UUID = file_pharmacy.do(
        service.stock_item, by=TECH, draft=ItemDraft(None, "transfer set", "0409-6533-01", "set", "device")
    )
    for number, expires in (("LATE", "2027-06"), ("EARLY", "2026-04-30")):
        draft = ReceiptDraft(item, number, expires, Decimal(10), "ZZTEST Wholesale")
        file_pharmacy.do(service.receive_lot, by=TECH, draft=draft)
    return item


def opened(qtbot: QtBot, desk: Desk, make: Callable[[Desk], Any], width: int = 1280) -> Any:
    screen = make(desk)
    qtbot.addWidget(screen)
    screen.resize(width, 720)
    screen.show()
    settle(qtbot, desk)
    return screen


def turn(qtbot: QtBot, screen: StockScreen, scope: int) -> None:
    screen.scope.choose(scope)
    screen.scope.chosen_changed.emit(scope)
    settle(qtbot, screen.desk)
    settle(qtbot, screen.desk)


def shown(screen: QWidget) -> set[str]:
    return {label.text() for label in screen.findChildren(Text) if label.isVisible()}


@pytest.mark.parametrize("make", [StockScreen, ReceiveScreen])
@pytest.mark.parametrize("width", [1280, 1060, 800])
def test_each_screen_opens_empty_and_keeps_its_width(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, make: Any, width: int
) -> None:
    interaction = PlainInteraction()
    screen = opened(qtbot, desk_of(TECH, interaction), make, width)

    assert screen.width() == width
    assert (interaction.refusals, interaction.bugs) == ([], [])
    assert all(action.text() and action.shortcut().toString() for action in screen.actions())
    controls = [one for kind in (Button, QLineEdit) for one in screen.findChildren(kind) if one.isVisible()]
    assert [one for one in controls if not one.accessibleName() and not one.text()] == []


def test_the_shelf_by_item_and_by_lot(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    desk = desk_of(TECH)
    screen = opened(qtbot, desk, StockScreen)
    settle(qtbot, desk)

    assert [(row.name, row.on_hand) for row in screen.items.rows()] == [("transfer set", Decimal(20))]
    assert screen.page.head.remark.text() == "1 expiring soon"
    assert {"Lots, take in this order", "EARLY, 10 sets", "LATE, 10 sets"} <= shown(screen)
    turn(qtbot, screen, 1)
    assert [row.lot_number for row in screen.lots.rows()] == ["EARLY", "LATE"]
    assert {"lot EARLY", "What happened to it", "+10 received"} <= shown(screen)
    turn(qtbot, screen, 2)
    assert [row.lot_number for row in screen.lots.rows()] == ["EARLY"]


def test_a_product_of_the_catalog_is_stocked(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    file_pharmacy.do(catalog_service.load_reference, by=Role.ADMINISTRATOR)
    vial = next(row for row in file_pharmacy.ask(catalog.products) if row.label == "vancomycin 1 g vial")
    interaction = PlainInteraction()
    desk = desk_of(TECH, interaction)
    screen = opened(qtbot, desk, StockScreen)
    offered: list[Any] = []
    screen.look_up_product("vanco 1 g vial", offered.extend)
    settle(qtbot, desk)
    assert [code.value for code in offered] == [vial.id]

    screen.stock.trigger()
    editor = screen.editor
    assert editor is not None
    editor.form.restore({"name": "vancomycin 1 g vial", "kind": "drug"})
    editor.form.box("product_id").show_value(offered[0])
    editor.form.box("product_id").edited.emit()
    editor.save.click()
    settle(qtbot, desk)

    assert interaction.said == ["Stocked."]
    assert [row.product_id for row in file_pharmacy.ask(queries.items)] == [vial.id]


def test_a_difference_in_a_count_asks_why(qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason="found behind the shelf")
    desk = desk_of(TECH, interaction)
    screen = opened(qtbot, desk, StockScreen)
    turn(qtbot, screen, 1)

    screen.count.trigger()
    assert screen.editor is not None
    screen.editor.form.restore({"found": "12"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert interaction.asked == ["2 sets more than expected of lot EARLY. Why?"]
    assert file_pharmacy.ask(queries.lots)[0].on_hand == 12
    screen.waste.trigger()
    assert screen.editor.name == "waste"
    screen.editor.form.restore({"quantity": "1"})
    screen.editor.save.click()
    settle(qtbot, desk)
    assert file_pharmacy.ask(queries.lots)[0].on_hand == 11


def test_a_lot_goes_into_quarantine_and_back(qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason="the recall names other lots")
    desk = desk_of(Role.PHARMACIST_IN_CHARGE, interaction)
    screen = opened(qtbot, desk, StockScreen)
    turn(qtbot, screen, 1)

    screen.quarantine.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert file_pharmacy.ask(queries.lots)[0].in_quarantine == 10
    assert not screen.quarantine.isEnabled()
    screen.clear.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert interaction.said == ["Lot EARLY is in quarantine.", "Lot EARLY is on hand again."]
    assert file_pharmacy.ask(queries.lots)[0].on_hand == 10


def test_a_technician_reads_why_he_may_not_quarantine(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    screen = opened(qtbot, desk_of(TECH), StockScreen)

    assert not screen.quarantine.isEnabled()
    assert "you need to be a pharmacist" in screen.quarantine.whatsThis()


def test_a_scan_fills_the_form_and_the_lot_is_received(
    qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks
) -> None:
    interaction = PlainInteraction()
    desk = desk_of(TECH, interaction)
    screen = opened(qtbot, desk, ReceiveScreen)

    screen.scan.scanned.emit(GS1)
    settle(qtbot, desk)
    assert screen.scan.state() == "matched"
    draft = screen._receipt.form.draft
    assert (draft.item_id, draft.lot_number, draft.expires) == (item_id, "VX2209", "2027-08-31")
    screen._receipt.form.restore({"quantity": "25", "vendor": "ZZTEST Wholesale"})
    screen._receipt.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert interaction.said == ["Received, on hand."]
    assert [(row.lot_number, row.quantity) for row in screen.table.rows()][-1:] != []
    assert {row.lot_number for row in file_pharmacy.ask(queries.lots)} == {"EARLY", "VX2209", "LATE"}
    assert screen._receipt.form.draft.vendor == "ZZTEST Wholesale"
    assert screen._receipt.form.draft.lot_number == ""


@pytest.mark.parametrize(
    ("code", "because"),
    [
        ("12345-6789-01", "No item is stocked under this code"),
        ("nothing", "No lot NOTHING is on file"),
        (GS1.replace("VX2209", "LATE"), "another expiry"),
    ],
)
def test_what_a_scan_cannot_tell_is_said_and_fills_nothing(
    qtbot: QtBot, item_id: UUID, desk_of: Desks, code: str, because: str
) -> None:
    desk = desk_of(TECH)
    screen = opened(qtbot, desk, ReceiveScreen)

    screen.scan.scanned.emit(code)
    settle(qtbot, desk)

    assert screen.scan.state() == "refused"
    assert because in screen.scan._note
    assert screen._receipt.form.draft.item_id is None


def test_an_expired_lot_is_refused_beside_its_field(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    interaction = PlainInteraction()
    desk = desk_of(TECH, interaction)
    screen = opened(qtbot, desk, ReceiveScreen)
    screen.scan.scanned.emit("00409653301")
    settle(qtbot, desk)

    screen._receipt.form.restore({"lot_number": "OLD", "expires": "2026-02", "quantity": "1", "vendor": "ZZTEST Wholesale"})
    screen._receipt.save.click()
    settle(qtbot, desk)

    sentence = "Lot OLD expired on 28 Feb 2026. Do not put it on the shelf; return it to the vendor."
    assert interaction.refusals == [sentence]
    assert [problem.sentence for problem in screen._receipt.form.problems()] == [sentence]


def test_a_lot_of_the_chosen_item_is_received_from_the_shelf(
    qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks
) -> None:
    desk = desk_of(TECH)
    screen = opened(qtbot, desk, StockScreen)

    screen.receive.trigger()
    assert screen.editor is not None
    screen.editor.form.restore({"lot_number": "new", "expires": "08/2027", "quantity": "3", "vendor": "ZZTEST Wholesale"})
    screen.editor.save.click()
    settle(qtbot, desk)

    assert [row.lot_number for row in file_pharmacy.ask(queries.lots)] == ["EARLY", "LATE", "NEW"]


def test_a_half_typed_receipt_comes_back(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    desk = desk_of(TECH)
    screen = opened(qtbot, desk, ReceiveScreen)
    assert screen.draft() is None
    screen._receipt.form.restore({"lot_number": "HALF"})
    screen.keep_draft()
    settle(qtbot, desk)

    again = opened(qtbot, desk, ReceiveScreen)

    assert again._receipt.form.draft.lot_number == "HALF"
