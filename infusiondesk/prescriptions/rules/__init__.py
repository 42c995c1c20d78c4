"""Decisions about prescriptions: originals, counsel and fills; the monitoring programme and what is reported to it."""

from infusiondesk.prescriptions.rules.filling import (
    LARGEST_ORIGINAL,
    CounselDraft,
    How,
    Reply,
    media_type,
    original_refusal,
    to_sign,
)
from infusiondesk.prescriptions.rules.monitoring import (
    Dispensed,
    Ingredient,
    QueryDraft,
    ReportDraft,
    ReportKind,
    Status,
    gaps_of,
    status_of,
)

__all__ = [
    "LARGEST_ORIGINAL",
    "CounselDraft",
    "Dispensed",
    "How",
    "Ingredient",
    "QueryDraft",
    "Reply",
    "ReportDraft",
    "ReportKind",
    "Status",
    "gaps_of",
    "media_type",
    "original_refusal",
    "status_of",
    "to_sign",
]
