"""Packages and pumps on the papers of a delivery: quantity and description of each item, its lot or serial."""

import pytest

from infusiondesk.dispensing import queries
from infusiondesk.dispensing.documents import delivery_ticket, draw_delivery_ticket, draw_packing_list, packing_list
from infusiondesk.patients.queries.paper import patient_block
from tests.beginnings import Recipe
from tests.deliveries import confirmed, png, shipped
from tests.papers.test_paper_facts import PRINTING, read_back
from tests.pharmacy import Pharmacy
from tests.services.test_delivery_box import SETS, a_begun_box, begun, close, scan


@pytest.fixture
def begins_with() -> Recipe:
    return a_begun_box


def test_every_item_stands_on_the_packing_list_and_on_the_proof(file_pharmacy: Pharmacy) -> None:
    ticket_id = begun(file_pharmacy)
    patient_id = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id).patient_id
    block = file_pharmacy.ask(patient_block, patient_id=patient_id)
    for code in (SETS, SETS, "A100"):
        scan(file_pharmacy, ticket_id, code)
    row = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)
    text = read_back(draw_packing_list(packing_list(row, block), PRINTING))
    assert row.still_needed
    for words in (
        "6 items",
        "transfer set",
        "2 sets",
        SETS,
        "12 Jan 2029",
        "1 pump",
        "serial A100",
        "Still needed",
        *row.still_needed,
    ):
        assert words in text, words

    close(file_pharmacy, ticket_id, **{"dispensing.backup": "the back-up is brought separately today"})
    confirmed(file_pharmacy, shipped(file_pharmacy, ticket_id))
    row = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)
    text = read_back(draw_delivery_ticket(delivery_ticket(row, block, picture=png()), PRINTING))
    for words in (
        "6 items", "transfer set", "2 sets", SETS, "12 Jan 2029", "ZZTEST Medical Ambulator 2, for Rx", "1 pump", "serial A100",
        "without back-up pump: the back-up is brought separately today", "controlled room temperature", "ZZTEST Alder, Paul",
    ):  # fmt: skip
        assert words in text, words
    assert row.proof_gaps == ()
