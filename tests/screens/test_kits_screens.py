"""Kits in the window: edited and signed; supplies at home counted and sent without bags; something brought back later."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from infusiondesk.dispensing import queries
from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.rules import Work
from infusiondesk.dispensing.screens.deliveries import DeliveriesScreen
from infusiondesk.dispensing.screens.history import DeliveryHistoryScreen
from infusiondesk.dispensing.screens.kits import KitsScreen
from infusiondesk.dispensing.screens.supplies import SuppliesScreen
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.screen import Screen
from tests.beginnings import Recipe
from tests.deliveries import confirmed, packed, shipped
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.screens.test_deliveries_screens import press, shown, words_on
from tests.services.test_deliveries import bags_of_vancomycin, made
from tests.services.test_supplies import a_shelf_of_supplies, kit


@pytest.fixture
def begins_with(request: pytest.FixtureRequest) -> Recipe:
    recipe: Recipe = getattr(request, "param", a_shelf_of_supplies)
    return recipe


def fill(screen: Screen, **typed: str) -> None:
    assert screen.editor is not None
    for name, words in typed.items():
        screen.editor.form.box(name).put(words)
        screen.editor.form.box(name).edited.emit()


def test_a_row_is_edited_and_signed(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    interaction = PlainInteraction()
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = shown(qtbot, desk, KitsScreen(desk))
    assert isinstance(screen, KitsScreen)
    screen.table.choose(lambda row: row.item == "alcohol pads")
    settle(qtbot, desk)
    assert "It gives no number: row of the kit not signed." in words_on(screen)
    press(qtbot, screen, "Edit")
    fill(screen, quantity="4", source="policy 12")
    assert screen.editor is not None
    screen.editor.save.click()
    settle(qtbot, desk)
    assert kit(file_pharmacy, "alcohol pads").often == "4 per dose"
    press(qtbot, screen, "Sign")
    assert interaction.asked[-1].startswith("ZZTEST Pharmacist signs 1 row of kits")
    assert kit(file_pharmacy, "alcohol pads").signed_by == "ZZTEST Pharmacist"
    assert len(screen.table.rows()) == len(shipped_kits())


def test_supplies_are_counted_and_sent_without_bags(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    patient_id, _ = made(file_pharmacy)
    desk = desk_of(Role.TECHNICIAN)
    screen = SuppliesScreen(desk)
    screen.show_patient(patient_id)
    shown(qtbot, desk, screen)
    first = screen.table.rows()[0]
    assert first.item in ("gloves", "gravity tubing with flow regulator")
    assert "Needed less what is at home." in words_on(screen)
    screen.table.choose(lambda row: row.item == "gravity tubing with flow regulator")
    settle(qtbot, desk)
    press(qtbot, screen, "Record a count")
    fill(screen, quantity="5", told_by="the patient's wife", how="call")
    assert screen.editor is not None
    screen.editor.save.click()
    settle(qtbot, desk)
    assert next(row.at_home for row in screen.table.rows() if row.item.startswith("gravity")) == Decimal(5)
    told: list[tuple[str, object]] = []
    screen.record_asked.connect(lambda place, record: told.append((place, record)))
    press(qtbot, screen, "Begin delivery")
    (ticket,) = file_pharmacy.ask(queries.open_tickets)
    assert told == [("Deliveries", ticket.id)]
    there = DeliveriesScreen(desk)
    there.show_record(ticket.id)  # before it is ever shown, as the window does
    shown(qtbot, desk, there)
    assert [row.id for row in there.table.all_chosen()] == [ticket.id]


@pytest.mark.parametrize("begins_with", [bags_of_vancomycin], indirect=True, ids=["bags"])
def test_what_is_brought_back_is_counted_in_the_chart(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    patient_id, _ = made(file_pharmacy)
    ticket_id = confirmed(file_pharmacy, shipped(file_pharmacy, packed(file_pharmacy, patient_id)))
    desk = desk_of(Role.NURSE)
    screen = DeliveryHistoryScreen(desk)
    screen.show_patient(patient_id)
    shown(qtbot, desk, screen)
    press(qtbot, screen, "Record brought back")
    line = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id).lines[0]
    fill(screen, brought_by="the patient's wife", because="order changed", bags_of_0=line.mark[-2:])
    assert screen.editor is not None
    screen.editor.save.click()
    settle(qtbot, desk)
    row = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)
    assert (row.work, row.to_destroy) == (Work.DESTROY, {line.id: Decimal(1)})
    assert "Brought back" in words_on(screen)
