"""The gate of the first dispense: `assess` finds what stands in the way, `may_dispense` says whether it is settled."""

from infusiondesk.assessments.rules.facts import Facts, FirstDose, Help, Home, OrderedTherapy, Prescribing
from infusiondesk.assessments.rules.findings import Finding
from infusiondesk.assessments.rules.first_dose import FirstDoseRisk, Risk, first_dose_risk
from infusiondesk.assessments.rules.gate import Disposition, Leave, PrescriberContact, assess, may_dispense

__all__ = [
    "Disposition",
    "Facts",
    "Finding",
    "FirstDose",
    "FirstDoseRisk",
    "Help",
    "Home",
    "Leave",
    "OrderedTherapy",
    "PrescriberContact",
    "Prescribing",
    "Risk",
    "assess",
    "first_dose_risk",
    "may_dispense",
]
