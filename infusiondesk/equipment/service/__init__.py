"""What is done with pumps. Nothing is deleted: whatever happens to one is an event with a person, a time and a reason."""

from infusiondesk.equipment.service.owning import add_model, change_model, enter_pump, retire_pump
from infusiondesk.equipment.service.recalling import close_recall, open_recall, settle_pump
from infusiondesk.equipment.service.round_trip import (
    ask_back,
    check_pump,
    clean_pump,
    continue_pump,
    give_pump,
    quarantine_pump,
    release_pump,
    report_found,
    report_lost,
    return_pump,
    send_pump,
    take_back_pump,
)
from infusiondesk.equipment.service.ruling import set_backup, set_equipment_policy

__all__ = [
    "add_model", "ask_back", "change_model", "check_pump", "clean_pump", "close_recall", "continue_pump", "enter_pump",
    "give_pump", "open_recall", "quarantine_pump", "release_pump", "report_found", "report_lost", "retire_pump", "return_pump",
    "send_pump", "set_backup", "set_equipment_policy", "settle_pump", "take_back_pump",
]  # fmt: skip
