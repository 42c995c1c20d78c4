"""What a name under a batch covers: the worksheet at its approval, everything that was made at compounding and release."""

from collections.abc import Sequence

from infusiondesk.compounding.queries.worksheet import Worksheet
from infusiondesk.compounding.records import Batch, BatchIngredient


def worksheet_facts(batch: Batch, worksheet: Worksheet) -> dict[str, object]:
    """The plan and the worksheet as the approving pharmacist saw them."""
    return {
        "number": batch.number,
        "order_version_id": batch.order_version_id,
        "bags": batch.bags,
        "category": batch.category,
        "facility": batch.facility,
        "storage": batch.storage,
        "worksheet": worksheet.to_json(),
    }


def made_facts(batch: Batch, taken: Sequence[BatchIngredient]) -> dict[str, object]:
    """The worksheet, the lots, the work and the beyond-use date: what compounder and releasing pharmacist both sign."""
    return {
        **worksheet_facts(batch, Worksheet.from_json(batch.worksheet)),
        "hood": batch.hood,
        "started_at": batch.started_at,
        "finished_at": batch.finished_at,
        "compounded_by_id": batch.compounded_by_id,
        "good_bags": batch.good_bags,
        "yield_reason": batch.yield_reason,
        "beyond_use_at": batch.beyond_use_at,
        "derivation": batch.derivation,
        "ingredients": [
            {
                "part": one.part,
                "lot_id": one.lot_id,
                "quantity": one.quantity,
                "is_scanned": one.is_scanned,
                "compared_by": one.compared_by,
                "entered_by": one.entered_by,
            }
            for one in taken
        ],
    }
