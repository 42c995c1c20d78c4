"""What is done about screens and about what they know: one file for each work."""

from infusiondesk.interactions.service.in_force import InForce, knowledge_in_force
from infusiondesk.interactions.service.screenings import (
    Found,
    dispose_unrecognised,
    knowledge_version,
    record_screening,
    settle_alert,
)

__all__ = [
    "Found",
    "InForce",
    "dispose_unrecognised",
    "knowledge_in_force",
    "knowledge_version",
    "record_screening",
    "settle_alert",
]
