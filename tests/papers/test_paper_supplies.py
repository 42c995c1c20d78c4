"""Supplies on the papers of a delivery: what is proposed and held back, what to pick, what was brought back."""

from datetime import date
from decimal import Decimal

import pytest

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.documents import (
    cold_chain,
    delivery_ticket,
    draw_cold_chain,
    draw_delivery_ticket,
    draw_packing_list,
    draw_pick_list,
    packing_list,
)
from infusiondesk.dispensing.rules import BoxDraft, BroughtBackDraft
from infusiondesk.patients.queries.paper import patient_block
from tests.beginnings import Recipe
from tests.deliveries import TECH, confirmed, shipped
from tests.papers.test_paper_facts import PRINTING, read_back
from tests.pharmacy import Pharmacy
from tests.services.test_deliveries import made
from tests.services.test_supplies import GLOVES, SETS, a_shelf_of_supplies, close, edit, kit, latex, scan


@pytest.fixture
def begins_with() -> Recipe:
    return a_shelf_of_supplies


def test_what_is_proposed_held_back_picked_and_brought_back_stands_on_the_papers(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, _ = made(pharmacy)
    latex(pharmacy, patient_id)
    edit(pharmacy, kit(pharmacy, "alcohol pads"), contains=("latex",))
    draft = BoxDraft(patient_id, "supplies run low", None, date(2026, 3, 3))
    ticket_id = pharmacy.do(service.begin_without_bags, by=TECH, draft=draft)
    block = pharmacy.ask(patient_block, patient_id=patient_id)

    def row() -> queries.TicketRow:
        return pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)

    text = read_back(draw_packing_list(packing_list(row(), block), PRINTING))
    for words in (
        "supplies run low", "2 items", "2 pairs", GLOVES, "2 sets", SETS, "alcohol pads holds latex; allergy: latex, hives",
        "IV pole, sharps container (row of the kit not signed)",
    ):  # fmt: skip
        assert words in text, words
    picks = read_back(draw_pick_list(pharmacy.ask(queries.pick_list), PRINTING))
    assert "2 sets of gravity tubing with flow regulator" in picks
    assert f"lot {SETS} 30 Sep 2026" in picks
    assert "00:00" not in picks

    for code in (GLOVES, SETS):
        scan(pharmacy, ticket_id, code)
    close(pharmacy, ticket_id)
    confirmed(pharmacy, shipped(pharmacy, ticket_id))
    line = next(one for one in row().lines if one.mark == SETS)
    back = BroughtBackDraft("ZZTEST Alder, Paul", date(2026, 3, 2), "wrong size", units={str(line.id): Decimal(1)})
    pharmacy.do(service.bring_back, by=TECH, ticket_id=ticket_id, draft=back)
    told = f"Brought back: 1 set, regulated set, {SETS}, on 2 Mar 2026 by ZZTEST Alder, Paul: wrong size."
    assert told in read_back(draw_delivery_ticket(delivery_ticket(row(), block), PRINTING))
    chain = read_back(draw_cold_chain(cold_chain(row(), block), PRINTING))
    assert told in chain
    assert "No bag and nothing cold is on this ticket." in chain
