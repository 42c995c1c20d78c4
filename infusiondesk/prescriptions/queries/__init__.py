"""What screens, papers and journeys may read of prescriptions."""

from infusiondesk.prescriptions.queries.fills import fills_of, fills_on, signed_fills
from infusiondesk.prescriptions.queries.finding import fill_refusal, find_prescriptions, rx_numbers
from infusiondesk.prescriptions.queries.log import days_to_sign, fill_log, log_facts
from infusiondesk.prescriptions.queries.rows import (
    DayLog,
    DayToSign,
    FillRow,
    FoundPrescriptions,
    LogRow,
    OfferRow,
    OriginalRow,
    Pharmacist,
    PrescriptionRecord,
    PrescriptionRow,
)
from infusiondesk.prescriptions.queries.whole import original_content, prescription

__all__ = [
    "DayLog",
    "DayToSign",
    "FillRow",
    "FoundPrescriptions",
    "LogRow",
    "OfferRow",
    "OriginalRow",
    "Pharmacist",
    "PrescriptionRecord",
    "PrescriptionRow",
    "days_to_sign",
    "fill_log",
    "fill_refusal",
    "fills_of",
    "fills_on",
    "find_prescriptions",
    "log_facts",
    "original_content",
    "prescription",
    "rx_numbers",
    "signed_fills",
]
