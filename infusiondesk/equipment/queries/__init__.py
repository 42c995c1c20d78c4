"""What may be known of pumps: each as it stands, its history, who needs and has which, what is due, what is recalled."""

from infusiondesk.equipment.queries.needs import (
    HomePump,
    LateRow,
    NeedRow,
    PatientHome,
    PatientPumps,
    RentalRow,
    backup_gaps,
    home_pumps,
    overdue_returns,
    pump_needs,
    pumps_of,
    rental_month,
)
from infusiondesk.equipment.queries.policy import backup_table, equipment_policy
from infusiondesk.equipment.queries.recalls import HitRow, RecallRow, recalls
from infusiondesk.equipment.queries.rows import (
    EventRow,
    FoundPump,
    ModelRow,
    PumpRow,
    WholePump,
    due_pumps,
    models,
    pump_by_scan,
    pumps,
    whole_pump,
)

__all__ = [
    "EventRow", "FoundPump", "HitRow", "HomePump", "LateRow", "ModelRow", "NeedRow", "PatientHome", "PatientPumps", "PumpRow",
    "RecallRow", "RentalRow", "WholePump", "backup_gaps", "backup_table", "due_pumps", "equipment_policy", "home_pumps", "models",
    "overdue_returns", "pump_by_scan", "pump_needs", "pumps", "pumps_of", "recalls", "rental_month", "whole_pump",
]  # fmt: skip
