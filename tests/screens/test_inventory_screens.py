"""The shelf's screens through a real desk: stocked, received by scan and by hand, counted, put apart."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.catalog import queries as catalog
from infusiondesk.catalog import service as catalog_service
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.rules import ArrivalDraft, ItemDraft, ReceiptDraft
from infusiondesk.inventory.screens.counts import CountsScreen
from infusiondesk.inventory.screens.recalls import RecallsScreen
from infusiondesk.inventory.screens.receive import ReceiveScreen
from infusiondesk.inventory.screens.reorder import ReorderScreen
from infusiondesk.inventory.screens.stock import StockScreen
from infusiondesk.workflows.recall_stock import close_recall, recall_reach, settle_line
from infusiondesk.workflows.reordering import to_reorder
from tests.desk import PlainInteraction, give_passwords, settle
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
    document = ReceiptDraft("ZZTEST Wholesale", "INV 1", has_transaction=False, without_because="supplies only")
    receipt_id = file_pharmacy.do(service.begin_receipt, by=TECH, draft=document)
    for number, expires in (("LATE", "2027-06"), ("EARLY", "2026-04-30")):
        draft = ArrivalDraft(item, number, expires, Decimal(10))
        file_pharmacy.do(service.receive_lot, by=TECH, receipt_id=receipt_id, draft=draft)
    return item


def reorder_screen(desk: Desk) -> ReorderScreen:
    return ReorderScreen(desk, rows=to_reorder)


def recalls_screen(desk: Desk) -> RecallsScreen:
    return RecallsScreen(desk, reach=recall_reach, settle=settle_line, close=close_recall)


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


@pytest.mark.parametrize("make", [StockScreen, ReceiveScreen, CountsScreen, reorder_screen, recalls_screen])
@pytest.mark.parametrize("width", [1280, 800])
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


def test_a_difference_in_a_count_waits_for_another_person(
    qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks
) -> None:
    desk = desk_of(TECH)
    stock = opened(qtbot, desk, StockScreen)
    turn(qtbot, stock, 1)
    stock.count.trigger()
    assert stock.editor is not None
    stock.editor.form.restore({"found": "12"})
    stock.editor.save.click()
    settle(qtbot, desk)
    stock.waste.trigger()
    assert stock.editor.name == "waste"
    stock.editor.form.restore({"quantity": "1"})
    stock.editor.save.click()
    settle(qtbot, desk)
    assert file_pharmacy.ask(queries.lots)[0].on_hand == 9

    interaction = PlainInteraction(reason="found behind the shelf")
    other = desk_of(Role.PHARMACIST, interaction)
    counts = opened(qtbot, other, CountsScreen)
    assert counts.page.head.remark.text() == "1 for a second count"
    counts.scan.scanned.emit("EARLY")
    settle(qtbot, other)
    assert counts.scan.state() == "matched"
    counts.editor.form.restore({"found": "11"})
    counts.editor.save.click()
    settle(qtbot, other)
    settle(qtbot, other)

    assert interaction.asked == ["2 sets more than expected of lot EARLY, counted by two. Why?"]
    assert file_pharmacy.ask(queries.lots)[0].on_hand == 11
    (line,) = [row.line for row in counts.table.rows()]
    assert (line.state.value, line.note) == ("adjusted", "1 movement since the sheet was begun")


def test_a_sheet_is_begun_scanned_through_and_printed(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    interaction = PlainInteraction()
    desk = desk_of(TECH, interaction)
    screen = opened(qtbot, desk, CountsScreen)
    screen.new.trigger()
    assert not screen.editor.form.box("kind").isVisible()
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert screen.page.head.remark.text() == "2 to count"

    for lot, many in (("LATE", "10"), ("EARLY", "10")):
        screen.scan.scanned.emit(lot)
        settle(qtbot, desk)
        screen.editor.form.restore({"found": many})
        screen.editor.save.click()
        settle(qtbot, desk)
        settle(qtbot, desk)
    screen.scan.scanned.emit("LATE")
    settle(qtbot, desk)
    assert screen.scan.state() == "refused"
    assert screen.page.head.remark.text() == "nothing to count"
    shown_papers: list[Any] = []
    screen.paper_ready.connect(shown_papers.append)
    screen.paper.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert shown_papers[0].pdf.startswith(b"%PDF")
    assert (interaction.refusals, interaction.bugs) == ([], [])


def test_a_reorder_point_is_set_and_lists_the_item(qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks) -> None:
    desk = desk_of(TECH)
    screen = opened(qtbot, desk, reorder_screen)
    assert screen.table.rows() == []
    screen.scope.choose(1)
    screen.scope.chosen_changed.emit(1)
    screen.set_point.trigger()
    settle(qtbot, desk)
    screen.editor.form.restore({"reorder_point": "30", "order_up_to": "60"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert [row.wanted.quantity for row in screen.table.rows()] == [Decimal(40)]
    assert screen.page.head.remark.text() == "1 item to order"


def test_a_recall_is_opened_and_closed_with_a_signature(
    qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks
) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST_IN_CHARGE)
    interaction = PlainInteraction()
    desk = desk_of(Role.PHARMACIST_IN_CHARGE, interaction)
    screen = opened(qtbot, desk, recalls_screen)
    screen.open.trigger()
    offered: list[Any] = []
    screen.look_up_item("transfer", offered.extend)
    settle(qtbot, desk)
    screen.editor.form.restore({"lot_numbers": "EARLY, XX1", "notice": "FDA Z-1", "because": "leaks"})
    screen.editor.form.box("item_id").show_value(offered[0])
    screen.editor.form.box("item_id").edited.emit()
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert {row.lot_number: row.on_hand for row in file_pharmacy.ask(queries.lots)} == {"EARLY": 0, "LATE": 10}
    assert {"EARLY: 0 on hand, 10 in quarantine", "It went into nothing."} <= shown(screen)

    screen.close_it.trigger()
    screen.editor.form.restore({"closing": "all ten returned to the maker"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert interaction.said[-1] == "Closed."
    assert screen.page.head.remark.text() == "none open"


def test_a_suspect_lot_is_looked_into_and_destroyed(qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason="ZZTEST Pharmacist")
    desk = desk_of(Role.PHARMACIST_IN_CHARGE, interaction)
    screen = opened(qtbot, desk, StockScreen)
    turn(qtbot, screen, 1)
    screen.suspect.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)
    assert "Suspect: ZZTEST Pharmacist" in shown(screen)
    assert not screen.clear.isEnabled()
    screen.investigated.trigger()
    screen.editor.form.restore({"end": "illegitimate", "finding": "the maker knows no such serial", "notified": "FDA 3911"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    screen.destroy_it.trigger()
    settle(qtbot, desk)

    assert [row.lot_number for row in file_pharmacy.ask(queries.lots)] == ["LATE"]


def test_a_location_is_added_and_units_are_moved_there(
    qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks
) -> None:
    desk = desk_of(Role.PHARMACIST)
    screen = opened(qtbot, desk, StockScreen)
    turn(qtbot, screen, 3)
    assert [(row.name, row.lots) for row in screen.places.rows()][:2] == [("Room", 2), ("Refrigerator", 0)]
    screen.add_place.trigger()
    screen.editor.form.restore({"name": "Cage", "kind": "room"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    turn(qtbot, screen, 1)
    screen.move_some.trigger()
    screen.editor.form.restore({"to_id": "Cage", "quantity": "4"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)

    places = file_pharmacy.ask(queries.lots)[0].places
    assert [(place.location, place.on_hand) for place in places] == [("Cage", Decimal(4)), ("Room", Decimal(6))]


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


def test_the_expiry_of_a_lot_is_corrected(qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks) -> None:
    desk = desk_of(Role.PHARMACIST, PlainInteraction(reason="read again on the package"))
    screen = opened(qtbot, desk, StockScreen)
    turn(qtbot, screen, 1)

    screen.expiry.trigger()
    screen.editor.form.restore({"expires": "2026-05"})
    screen.editor.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert [f"{row.lot_number} {row.expires_on}" for row in file_pharmacy.ask(queries.lots)] == [
        "EARLY 2026-05-31",
        "LATE 2027-06-30",
    ]


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
    screen._receipt.form.restore({"quantity": "25"})
    quantity = screen._receipt.form.box("quantity").focus_widgets()[0]
    quantity.returnPressed.emit()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert interaction.said == ["Received, on hand."]
    assert [(row.lot_number, row.quantity) for row in screen.table.rows()][-1:] != []
    assert {row.lot_number for row in file_pharmacy.ask(queries.lots)} == {"EARLY", "VX2209", "LATE"}
    assert screen.document is not None
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
    assert because in screen._why.text()
    assert screen._receipt.form.draft.item_id is None


def test_an_expired_lot_is_refused_beside_its_field(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    interaction = PlainInteraction()
    desk = desk_of(TECH, interaction)
    screen = opened(qtbot, desk, ReceiveScreen)
    screen.scan.scanned.emit("00409653301")
    settle(qtbot, desk)

    screen._receipt.form.restore({"lot_number": "OLD", "expires": "2026-02", "quantity": "1"})
    screen._receipt.save.click()
    settle(qtbot, desk)

    sentence = "Lot OLD expired on 28 Feb 2026. Do not put it on the shelf; return it to the vendor."
    assert interaction.refusals == [sentence]
    assert [problem.sentence for problem in screen._receipt.form.problems()] == [sentence]


def test_receiving_from_the_shelf_goes_to_the_receipt_with_the_item(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    desk = desk_of(TECH)
    stock = opened(qtbot, desk, StockScreen)
    asked: list[Any] = []
    stock.record_asked.connect(lambda title, record: asked.append((title, record)))
    stock.receive.trigger()
    assert asked == [("Receive a lot", item_id)]

    screen = opened(qtbot, desk, ReceiveScreen)
    screen.show_record(item_id)
    settle(qtbot, desk)
    assert screen._receipt.form.draft.item_id == item_id


def test_a_delivery_begins_with_its_document_and_keeps_serials(
    qtbot: QtBot, file_pharmacy: Pharmacy, item_id: UUID, desk_of: Desks
) -> None:
    desk = desk_of(Role.PHARMACIST)
    screen = opened(qtbot, desk, ReceiveScreen)
    assert screen.document is None
    document = {"vendor": "ZZTEST Wholesale", "document_number": "INV 2", "has_transaction": "Came with it"}
    screen._receipt.form.restore(document)
    screen._receipt.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    for serial in ("S1", "S2", "S2"):
        screen.scan.scanned.emit(f"{GS1}\x1d(21){serial}")
        settle(qtbot, desk)
    assert screen.scan.state() == "refused"
    assert screen._receipt.form.draft.quantity == 2
    screen._receipt.save.click()
    settle(qtbot, desk)
    settle(qtbot, desk)
    screen.scan.scanned.emit(f"{GS1}\x1d(21)S2")
    settle(qtbot, desk)

    assert "Serial S2 was received already, with ZZTEST Wholesale INV 2" in screen._why.text()
    assert {row.lot_number: row.on_hand for row in file_pharmacy.ask(queries.lots)}["VX2209"] == 2


def test_a_package_scanned_into_the_quantity_is_not_typed_there(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    desk = desk_of(TECH)
    screen = opened(qtbot, desk, ReceiveScreen)
    screen.scan.scanned.emit(f"{GS1}(21)S1")
    settle(qtbot, desk)
    quantity = screen._receipt.form.box("quantity").focus_widgets()[0]
    screen.activateWindow()
    quantity.setFocus()
    qtbot.waitUntil(quantity.hasFocus)

    QTest.keyClicks(quantity, f"{GS1}(21)S2")
    QTest.keyClick(quantity, Qt.Key.Key_Return)
    settle(qtbot, desk)

    draft = screen._receipt.form.draft
    assert (draft.serials, draft.quantity) == (["S1", "S2"], Decimal(2))


def test_the_package_of_another_lot_waits_until_the_first_is_received(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    desk = desk_of(TECH)
    screen = opened(qtbot, desk, ReceiveScreen)
    screen.scan.scanned.emit(GS1)
    settle(qtbot, desk)
    screen._receipt.form.fresh(replace(screen._receipt.form.draft, quantity=Decimal(5)))

    screen.scan.scanned.emit(GS1.replace("VX2209", "VX2210"))
    settle(qtbot, desk)

    draft = screen._receipt.form.draft
    assert (draft.lot_number, draft.quantity) == ("VX2209", Decimal(5))
    assert screen._why.text() == "Another lot. Receive the first one."


def test_a_half_typed_receipt_comes_back(qtbot: QtBot, item_id: UUID, desk_of: Desks) -> None:
    desk = desk_of(TECH)
    screen = opened(qtbot, desk, ReceiveScreen)
    assert screen.draft() is None
    screen._receipt.form.restore({"lot_number": "HALF"})
    screen.keep_draft()
    settle(qtbot, desk)

    again = opened(qtbot, desk, ReceiveScreen)

    assert again._receipt.form.draft.lot_number == "HALF"
