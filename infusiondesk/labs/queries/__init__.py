"""What screens, papers and journeys may know of laboratory results: frozen rows, never records."""

from infusiondesk.labs.queries.lists import latest_of, latest_of_each, open_report, parked, report_of, reports_of, to_review
from infusiondesk.labs.queries.rows import (
    ChartResultRow,
    EarlierResult,
    FindingRow,
    LatestResult,
    OpenReport,
    ParkedRow,
    QueueRow,
    ReportRow,
)

__all__ = [
    "ChartResultRow",
    "EarlierResult",
    "FindingRow",
    "LatestResult",
    "OpenReport",
    "ParkedRow",
    "QueueRow",
    "ReportRow",
    "latest_of",
    "latest_of_each",
    "open_report",
    "parked",
    "report_of",
    "reports_of",
    "to_review",
]
