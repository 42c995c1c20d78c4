"""Decisions of the shelf: what a movement does, what may be taken, what a scan says, in which order lots go."""

from infusiondesk.inventory.rules.drafts import CountDraft, ItemDraft, ReceiptDraft, WasteDraft
from infusiondesk.inventory.rules.movements import (
    Balance,
    Freshness,
    ItemKind,
    MovementKind,
    StockPolicy,
    first_expired_first,
    freshness,
    lots_to_take,
    moved,
    receive_problem,
    take_problem,
)
from infusiondesk.inventory.rules.scan import Scanned, expiry_of, read_scan

__all__ = [
    "Balance",
    "CountDraft",
    "Freshness",
    "ItemDraft",
    "ItemKind",
    "MovementKind",
    "ReceiptDraft",
    "Scanned",
    "StockPolicy",
    "WasteDraft",
    "expiry_of",
    "first_expired_first",
    "freshness",
    "lots_to_take",
    "moved",
    "read_scan",
    "receive_problem",
    "take_problem",
]
