"""What holds a recalled lot is not released, packed or shipped."""

import pytest

from infusiondesk.compounding import queries as compounding
from infusiondesk.compounding.service import release_batch
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.rules.recalls import RecallDraft
from tests import deliveries
from tests.beginnings import Recipe
from tests.clean_room import LOTS, a_stocked_clean_room, labelled, released
from tests.pharmacy import Pharmacy

LABEL, LOT = next(iter(LOTS.items()))
SAID = rf"Lot {LOT} is in recall R-2603-01\."


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def recall(pharmacy: Pharmacy) -> None:
    item = next(row for row in pharmacy.ask(queries.items) if row.name == LABEL)
    draft = RecallDraft(item_id=item.id, lot_numbers=LOT, notice="FDA Z-0412", because="glass particles")
    pharmacy.do(service.open_recall, draft=draft)


def test_a_batch_with_a_recalled_lot_is_not_released(file_pharmacy: Pharmacy) -> None:
    batch_id = labelled(file_pharmacy)
    recall(file_pharmacy)

    with pytest.raises(Refused, match=SAID):
        file_pharmacy.do(release_batch, batch_id=batch_id)


def test_a_bag_with_a_recalled_lot_is_neither_packed_nor_shipped(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    released(pharmacy)
    (patient_id,) = {row.patient_id for row in pharmacy.ask(compounding.batches)}
    bags = [bag.id for bag in pharmacy.ask(compounding.released_bags, patient_id=patient_id)]
    deliveries.at_home(pharmacy, patient_id)
    packed = deliveries.packed(pharmacy, patient_id, bags[:1])
    recall(pharmacy)

    with pytest.raises(Refused, match=rf"Nothing is shipped\. {SAID}"):
        deliveries.shipped(pharmacy, packed)
    with pytest.raises(Refused, match=SAID):
        deliveries.packed(pharmacy, patient_id, bags[1:2])
