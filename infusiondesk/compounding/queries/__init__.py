"""What screens, papers and deliveries may know of the clean room: the board, one batch whole, released bags."""

from infusiondesk.compounding.queries.bags import BagLot, BagRow, bag_of, bags_where, doubt_in, released_bags
from infusiondesk.compounding.queries.batches import batch_of, batches
from infusiondesk.compounding.queries.facts import made_facts, worksheet_facts
from infusiondesk.compounding.queries.planning import Chosen, OrderToMake, PlanChoices, orders_to_compound, plan_choices
from infusiondesk.compounding.queries.rows import (
    BatchRow,
    BeyondUseRow,
    EntryRow,
    EventRow,
    LimitRow,
    PartRow,
    StepRow,
    WholeBatch,
)
from infusiondesk.compounding.queries.worksheet import FigureRow, Held, Part, Worksheet

__all__ = [
    "BagLot",
    "BagRow",
    "BatchRow",
    "BeyondUseRow",
    "Chosen",
    "EntryRow",
    "EventRow",
    "FigureRow",
    "Held",
    "LimitRow",
    "OrderToMake",
    "Part",
    "PartRow",
    "PlanChoices",
    "StepRow",
    "WholeBatch",
    "Worksheet",
    "bag_of",
    "bags_where",
    "batch_of",
    "batches",
    "doubt_in",
    "made_facts",
    "orders_to_compound",
    "plan_choices",
    "released_bags",
    "worksheet_facts",
]
