"""The decisions of the screen; `screen(profile, knowledge)` is the whole of it."""

from infusiondesk.interactions.rules.alerts import Alert
from infusiondesk.interactions.rules.conditions import PotassiumSum
from infusiondesk.interactions.rules.knowledge import Knowledge, Tables
from infusiondesk.interactions.rules.levels import Level
from infusiondesk.interactions.rules.profile import Access, Allergy, Profile, Severity, Written
from infusiondesk.interactions.rules.screening import Screening, Unchecked, screen

__all__ = [
    "Access",
    "Alert",
    "Allergy",
    "Knowledge",
    "Level",
    "PotassiumSum",
    "Profile",
    "Screening",
    "Severity",
    "Tables",
    "Unchecked",
    "Written",
    "screen",
]
