"""What screens, papers and journeys may read of prescriptions."""

from infusiondesk.prescriptions.queries.fills import fills_of, fills_on, signed_fills
from infusiondesk.prescriptions.queries.finding import fill_refusal, find_prescriptions, rx_numbers
from infusiondesk.prescriptions.queries.log import days_to_sign, fill_log, log_facts
from infusiondesk.prescriptions.queries.monitoring import MonitoredRow, monitored_orders, program_queries_of, program_query_due
from infusiondesk.prescriptions.queries.naming import reference_names
from infusiondesk.prescriptions.queries.reporting import (
    CORRECTED,
    ReportRow,
    ToReport,
    fills_to_report,
    is_told_between,
    report_content,
    reports,
)
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
    QueryRow,
)
from infusiondesk.prescriptions.queries.whole import original_content, prescription

__all__ = [
    "CORRECTED",
    "DayLog",
    "DayToSign",
    "FillRow",
    "FoundPrescriptions",
    "LogRow",
    "MonitoredRow",
    "OfferRow",
    "OriginalRow",
    "Pharmacist",
    "PrescriptionRecord",
    "PrescriptionRow",
    "QueryRow",
    "ReportRow",
    "ToReport",
    "days_to_sign",
    "fill_log",
    "fill_refusal",
    "fills_of",
    "fills_on",
    "fills_to_report",
    "find_prescriptions",
    "is_told_between",
    "log_facts",
    "monitored_orders",
    "original_content",
    "prescription",
    "program_queries_of",
    "program_query_due",
    "reference_names",
    "report_content",
    "reports",
    "rx_numbers",
    "signed_fills",
]
