"""What left a location between the last good reading and the discovery of an excursion: by batch and by patient who has it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.temperatures import left_during
from infusiondesk.inventory.rules.recalls import ReachLine
from infusiondesk.workflows.recall_stock import reached


@query(Area.INVENTORY)
def excursion_reach(reading: Reading, *, excursion_id: UUID) -> Sequence[ReachLine]:
    """Everybody who has something that may have been too warm or too cold: patients first, then the road, then what is here."""
    went: defaultdict[tuple[str, UUID], list[str]] = defaultdict(list)
    for row in left_during(reading, excursion_id=excursion_id):
        if row.reference_entity and row.reference_id and row.lot_number not in went[row.reference_entity, row.reference_id]:
            went[row.reference_entity, row.reference_id].append(row.lot_number)
    return reached(reading, went)
