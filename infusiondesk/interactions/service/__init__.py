"""What is done about screens and about what they know: one file for each work."""

from infusiondesk.interactions.service.screenings import (
    Found,
    dispose_unrecognised,
    knowledge_version,
    record_screening,
    settle_alert,
)

__all__ = [
    "Found",
    "dispose_unrecognised",
    "knowledge_version",
    "record_screening",
    "settle_alert",
]
