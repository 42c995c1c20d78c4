"""What is done about screens and about what they know: one file for each work."""

from infusiondesk.interactions.service.in_force import InForce, knowledge_in_force, knowledge_now
from infusiondesk.interactions.service.knowledge import (
    correct_rule,
    enter_dose,
    enter_pair,
    sign_rules,
    switch_rule_off,
    switch_rule_on,
)
from infusiondesk.interactions.service.knowledge_lists import compare_layers, layers_kept, rule_history, rules_found
from infusiondesk.interactions.service.layers import disable_layer, enable_layer, import_layer, remove_layer
from infusiondesk.interactions.service.screenings import (
    Found,
    dispose_unrecognised,
    record_screening,
    settle_alert,
)

__all__ = [
    "Found",
    "InForce",
    "compare_layers",
    "correct_rule",
    "disable_layer",
    "dispose_unrecognised",
    "enable_layer",
    "enter_dose",
    "enter_pair",
    "import_layer",
    "knowledge_in_force",
    "knowledge_now",
    "layers_kept",
    "record_screening",
    "remove_layer",
    "rule_history",
    "rules_found",
    "settle_alert",
    "sign_rules",
    "switch_rule_off",
    "switch_rule_on",
]
