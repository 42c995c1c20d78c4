"""Decisions about pumps: where each is, what may happen to it, whether it may go out, who needs two."""

from infusiondesk.equipment.rules.backup import NOT_SIGNED, BackupRule, Had, Need, in_force, missing, need_of
from infusiondesk.equipment.rules.drafts import (
    FAILS,
    WORKS,
    AskDraft,
    BackDraft,
    BackupDraft,
    CheckDraft,
    CleaningDraft,
    GiveDraft,
    ModelDraft,
    PumpDraft,
    ReturnDraft,
    RulesDraft,
    SendDraft,
    SettleDraft,
)
from infusiondesk.equipment.rules.fitness import (
    CheckFindings,
    DutyDue,
    EquipmentPolicy,
    check_failures,
    duties,
    give_refusal,
    keeps_back,
    months_later,
    shown_place,
)
from infusiondesk.equipment.rules.history import (
    MOVES,
    Event,
    Holder,
    Status,
    Stay,
    after,
    done_on,
    firmware_of,
    may,
    refusal,
    status_of,
    stays_of,
    with_whom,
)
from infusiondesk.equipment.rules.recalls import RecallDraft, RecallScope, natural, serial_text, spellings, unsettled
from infusiondesk.equipment.rules.renting import rental_days, return_overdue
from infusiondesk.equipment.rules.scan import serials_in
from infusiondesk.equipment.rules.words import SERVES, Asked, Duty, EventKind, Outcome, Ownership, Place, Use, serves_words

__all__ = [
    "FAILS", "MOVES", "NOT_SIGNED", "SERVES", "WORKS", "AskDraft", "Asked", "BackDraft", "BackupDraft", "BackupRule",
    "CheckDraft", "CheckFindings", "CleaningDraft", "Duty", "DutyDue", "EquipmentPolicy", "Event", "EventKind", "GiveDraft",
    "Had", "Holder", "ModelDraft", "Need", "Outcome", "Ownership", "Place", "PumpDraft", "RecallDraft", "RecallScope",
    "ReturnDraft", "RulesDraft", "SendDraft", "SettleDraft", "Status", "Stay", "Use", "after", "check_failures", "done_on",
    "duties", "firmware_of", "give_refusal", "in_force", "keeps_back", "may", "missing", "months_later", "natural", "need_of",
    "refusal", "rental_days", "return_overdue", "serial_text", "serials_in", "serves_words", "shown_place", "spellings",
    "status_of", "stays_of", "unsettled", "with_whom",
]  # fmt: skip
