"""What is done in the clean room: planned, approved, taken, made, checked, labelled, released or rejected; and its papers."""

from infusiondesk.compounding.service.bench import (
    check_volumes,
    finish_batch,
    label_batch,
    start_batch,
    take_ingredient,
    take_out_ingredient,
)
from infusiondesk.compounding.service.papers import BagLabels, CompoundingRecord, label_facts, record_facts
from infusiondesk.compounding.service.planning import approve_worksheet, plan_batch
from infusiondesk.compounding.service.release import reject_batch, release_batch

__all__ = [
    "BagLabels",
    "CompoundingRecord",
    "approve_worksheet",
    "check_volumes",
    "finish_batch",
    "label_batch",
    "label_facts",
    "plan_batch",
    "record_facts",
    "reject_batch",
    "release_batch",
    "start_batch",
    "take_ingredient",
    "take_out_ingredient",
]
