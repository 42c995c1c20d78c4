"""What a pharmacist's review of a report needs before it can be signed, and how soon it is due (clinical 3.2, 9.5)."""

from dataclasses import dataclass
from datetime import datetime

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.labs.rules.reports import ACTIONS, TurnAround
from infusiondesk.labs.rules.values import Level

LONGEST = 4000
CONTACT_FIELDS = ("contact_name", "contacted_at", "contact_mode", "response")
TURN_AROUND = TurnAround()
MODES = ("telephone", "in person", "secure message")


@dataclass
class ReviewDraft:
    """The decision on one report. `is_critical` and `needs_dietitian` come from the report, not from the person."""

    interpretation: str = ""
    action: str | None = None
    contact_name: str = ""
    contacted_at: datetime | None = None
    contact_mode: str | None = None
    read_back: bool = False
    response: str = ""
    dietitian: str = ""
    is_critical: bool = False
    needs_dietitian: bool = False

    @property
    def has_contact(self) -> bool:
        """Somebody was called, or the person began to say so."""
        return bool(self.contact_name.strip() or self.contacted_at or self.response.strip() or self.read_back)

    def given(self) -> set[str]:
        """The data at hand, by the names that the step asks for."""
        known = {
            "interpretation": self.interpretation.strip(),
            "action": self.action,
            "contact_name": self.contact_name.strip(),
            "contacted_at": self.contacted_at,
            "read_back": self.read_back,
            "response": self.response.strip(),
            "dietitian": self.dietitian.strip(),
        }
        return {name for name, value in known.items() if value}

    def problems(self) -> list[Problem]:
        """What is missing; a critical value cannot be signed before the prescriber has it and has read it back."""
        found = []
        if not self.interpretation.strip():
            found.append(Problem("interpretation", "Say what the results mean for this patient's therapy."))
        elif len(self.interpretation) > LONGEST:
            found.append(Problem("interpretation", f"Use at most {LONGEST:,} characters."))
        if self.action not in ACTIONS:
            found.append(Problem("action", "Choose what is to be done; “no change” is a decision too."))
        if self.is_critical or self.has_contact or self.action == "contact prescriber":
            found += self._contact_problems()
        if self.needs_dietitian and not self.dietitian.strip():
            found.append(Problem("dietitian", "Parenteral nutrition is reviewed with a dietitian; enter the name."))
        return found

    def _contact_problems(self) -> list[Problem]:
        why = "A critical result goes to the prescriber: " if self.is_critical else ""
        found = []
        if not self.contact_name.strip():
            found.append(Problem("contact_name", _sentence(why, "enter whom you reached.")))
        if self.contacted_at is None:
            found.append(Problem("contacted_at", _sentence(why, "enter when you reached them.")))
        if self.contact_mode not in MODES:
            found.append(Problem("contact_mode", _sentence(why, "choose how you reached them.")))
        if not self.read_back:
            found.append(Problem("read_back", _sentence(why, "the result must have been read back to you.")))
        if not self.response.strip():
            found.append(Problem("response", _sentence(why, "enter what they answered.")))
        return found


def _sentence(why: str, words: str) -> str:
    return why + words if why else words[0].upper() + words[1:]


def due_at(level: Level, received_at: datetime, within: TurnAround = TURN_AROUND) -> datetime:
    """Until when the report must be acted on: a critical one until the prescriber has it, any other until it is reviewed."""
    return received_at + (within.critical if level is Level.CRITICAL else within.normal)


def queue_rank(level: Level) -> int:
    """Critical first, then red, flag, what nobody could evaluate, and normal last."""
    return (Level.CRITICAL, Level.RED, Level.FLAG, Level.NOT_EVALUATED, Level.NORMAL).index(level)
