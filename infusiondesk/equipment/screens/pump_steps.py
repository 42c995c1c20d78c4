"""What is entered about a pump on its way: each step with its form and its verb."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from infusiondesk.equipment import service
from infusiondesk.equipment.rules import AskDraft, BackDraft, CheckDraft, CleaningDraft, GiveDraft, ReturnDraft, SendDraft
from infusiondesk.equipment.screens import pump_fields
from infusiondesk.foundation.qtkit.forms.fields import Field, LookUp


@dataclass(frozen=True)
class Step:
    """One thing that is entered about a pump: its form, its verb and what is said after it."""

    name: str
    title: str
    fields: Callable[[LookUp], Sequence[Field | str]]
    draft: Callable[[], Any]
    verb: Any
    said: str | Callable[[Any], str]
    save: str = "Save"


def _check_words(passed: bool) -> str:
    return "The safety check is passed." if passed else "The safety check failed: the pump is in quarantine."


STEPS: Final[Mapping[str, Step]] = {
    step.name: step
    for step in (
        Step(
            "give", "Give pump {}", pump_fields.give_fields, GiveDraft, service.give_pump,
            "The pump is with the patient.", "Give",
        ),
        Step(
            "continue", "Pump {} goes on", pump_fields.give_fields, GiveDraft, service.continue_pump,
            "The pump goes on with that order.", "Go on",
        ),
        Step("ask", "Ask for pump {}", lambda _: pump_fields.ASK, AskDraft, service.ask_back, "Noted."),
        Step(
            "return", "Pump {} is back", lambda _: pump_fields.RETURN, ReturnDraft, service.return_pump,
            "The pump is back, not clean.", "Take back",
        ),
        Step("clean", "Clean pump {}", lambda _: pump_fields.CLEANING, CleaningDraft, service.clean_pump, "Cleaned.", "Sign"),
        Step(
            "check", "Safety check of pump {}", lambda _: pump_fields.CHECK, CheckDraft, service.check_pump, _check_words, "Sign",
        ),
        Step("send", "Send pump {} out", lambda _: pump_fields.SEND, SendDraft, service.send_pump, "Sent out.", "Send"),
        Step(
            "back", "Pump {} from maintenance", lambda _: pump_fields.BACK, BackDraft, service.take_back_pump,
            "Back, not clean.", "Take back",
        ),
    )
}  # fmt: skip
