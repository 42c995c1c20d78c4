"""A recall of stock through batches and deliveries: who has what the lot went into, until every line is settled."""

from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.compounding import queries as compounding
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.rules.recalls import Reach, ReachDraft, RecallDraft, RecallEndDraft
from infusiondesk.workflows.recall_stock import close_recall, recall_reach, settle_line
from infusiondesk.workflows.reordering import to_reorder
from tests import deliveries
from tests.beginnings import Recipe
from tests.clean_room import LOTS, a_stocked_clean_room, planned, released
from tests.pharmacy import Pharmacy

PIC = Role.PHARMACIST_IN_CHARGE
LABEL, LOT = next(iter(LOTS.items()))


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def test_a_recalled_lot_is_followed_to_the_patient(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    batch_id = released(pharmacy)
    (patient_id,) = {row.patient_id for row in pharmacy.ask(compounding.batches)}
    bags = pharmacy.ask(compounding.released_bags, patient_id=patient_id)
    deliveries.at_home(pharmacy, patient_id)
    ticket_id = deliveries.packed(pharmacy, patient_id, [bag.id for bag in bags[:2]])
    deliveries.shipped(pharmacy, ticket_id)
    item = next(row for row in pharmacy.ask(queries.items) if row.name == LABEL)
    draft = RecallDraft(item_id=item.id, lot_numbers=f"{LOT.lower()}, XX", notice="FDA Z-0412", because="glass particles")
    recall_id = pharmacy.do(service.open_recall, draft=draft)

    found = pharmacy.ask(recall_reach, recall_id=recall_id)
    assert [(line.kind, line.lots, line.phone) for line in found] == [
        (Reach.ROAD, LOT, "2175550142"),
        (Reach.PHARMACY, LOT, ""),
    ]
    assert "2 bags" in found[0].what and "delivery D-2603-" in found[0].what
    end = RecallEndDraft("two bags fetched, two destroyed")
    with pytest.raises(Refused, match="2 lines of it are open"):
        pharmacy.do(close_recall, by=PIC, recall_id=recall_id, draft=end)
    given: dict[str, Any] = {"recall_id": recall_id}
    for line in found:
        pharmacy.do(settle_line, draft=ReachDraft(line.id, "called, fetched and destroyed"), **given)
    with pytest.raises(Refused, match="settled already"):
        pharmacy.do(settle_line, draft=ReachDraft(found[0].id, "called, fetched and destroyed"), **given)
    pharmacy.do(close_recall, by=PIC, draft=end, **given)

    (row,) = pharmacy.ask(queries.stock_recalls)
    assert ([name.holds for name in row.names], row.is_open, batch_id is not None) == ([True], False, True)


def test_planned_batches_are_scheduled_demand(file_pharmacy: Pharmacy) -> None:
    planned(file_pharmacy)

    rows = {row.item.name: row for row in file_pharmacy.ask(to_reorder)}
    assert (rows[LABEL].demand.scheduled, rows[LABEL].wanted.is_due) == (Decimal(10), False)
    assert rows[LABEL].wanted.because.endswith("No reorder point is set.")
