"""What proves a delivery, what may be left at a door, and what happens to what comes back. Source: clinical 8.2; billing 2.3.

Medicare's proof of delivery: beneficiary's name, delivery address, each item with quantity and description, date delivered,
signature (and relation); by a carrier the shipping date and the tracking number stand in for the signature (memory: CMS program
integrity manual, chapter 4, proof of delivery).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.foundation.kernel.periods import age_in_years

LARGEST_FILE: Final = 10 * 1024 * 1024
ADULT: Final = 18
SCHEDULES: Final = ("CII", "CIII", "CIV", "CV")
# What a file is, by its first bytes and by what its end must hold: the name says nothing.
_KINDS: Final = (
    (b"%PDF-", "application/pdf", b"%%EOF"),
    (b"\x89PNG\r\n\x1a\n", "image/png", b"IEND"),
    (b"\xff\xd8\xff", "image/jpeg", b"\xff\xd9"),
)
_TAIL: Final = 1024


class Method(StrEnum):
    """How it travels."""

    DRIVER = "own driver"
    CARRIER = "carrier"
    PICK_UP = "pick-up at the pharmacy"


class FileKind(StrEnum):
    """What a kept file shows."""

    SIGNATURE = "signature"
    PAPER = "signed paper"
    PHOTO = "photo"
    LOGGER = "logger file"


@dataclass(frozen=True)
class KeptFile:
    """A file as it came."""

    name: str
    content: bytes


def media_type(content: bytes) -> str | None:
    """What a file is: PDF, PNG or JPEG, else None."""
    return next((kind for beginning, kind, _ in _KINDS if content.startswith(beginning)), None)


def file_refusal(content: bytes) -> str | None:
    """Why a file is not kept as proof, in one sentence, or None."""
    if not content:
        return "The file is empty."
    if len(content) > LARGEST_FILE:
        return f"The file has more than {LARGEST_FILE // (1024 * 1024)} MB. Scan it again with fewer dots."
    ending = next((end for beginning, _, end in _KINDS if content.startswith(beginning)), None)
    if ending is None:
        return "The file is neither PDF nor PNG nor JPEG, whatever its name says."
    return None if ending in content[-_TAIL:] else "The file is cut off: its end is missing. Scan or send it again."


def instant_of(told: datetime, zone: ZoneInfo, device_zone: str = "") -> datetime:
    """The instant that a device meant; a bare time is read in the device's zone, else in the pharmacy's.

    Refuses a time that the spring change skips, and one that the autumn change shows twice: nobody can know which was meant.
    """
    if told.tzinfo is not None:
        return told.astimezone(UTC)
    try:
        shown_in = ZoneInfo(device_zone) if device_zone else zone
    except (KeyError, ValueError, OSError):
        raise Refused(f"“{device_zone}” is no time zone; write it like America/Denver.", field="device_zone") from None
    first = told.replace(tzinfo=shown_in, fold=0).astimezone(UTC)
    second = told.replace(tzinfo=shown_in, fold=1).astimezone(UTC)
    if first.astimezone(shown_in).replace(tzinfo=None) != told:
        raise Refused("The clocks go forward over that time: it does not exist. Enter a time before or after.", field="received_at")
    if first != second:
        raise Refused(
            "The clocks were put back: that time was shown twice that night. Enter it in UTC, with UTC as the zone of the device.",
            field="received_at",
        )
    return first


def leave_refusal(schedules: Collection[str], *, is_hazardous: bool, biologics: Sequence[str]) -> str | None:
    """Why nothing may be left without a person who takes it, or None (clinical 8.2: CII to CV, hazardous, biologic)."""
    if controlled := sorted(set(schedules) & set(SCHEDULES)):
        return f"A controlled drug ({', '.join(controlled)}) is on this ticket. It is handed to an adult or comes back."
    if is_hazardous:
        return "A hazardous drug is on this ticket. It is handed to a person or comes back."
    if biologics:
        return f"{', '.join(biologics)} is a biologic. It is handed to a person or comes back."
    return None


@dataclass
class ShipDraft:
    """How it leaves."""

    method: str = Method.DRIVER.value
    carrier: str = ""
    tracking: str = ""

    def problems(self) -> list[Problem]:
        if self.method != Method.CARRIER:
            return []
        wanted = (("carrier", self.carrier, "Name the carrier."), ("tracking", self.tracking, "Enter the tracking number."))
        return [Problem(name, sentence) for name, value, sentence in wanted if not value.strip()]


@dataclass
class ConfirmationDraft:
    """Who received a delivery, when by the device, how it arrived, and what proves it."""

    received_by: str = ""
    relation: str = ""
    received_at: datetime | None = None
    condition: str = ""
    device_zone: str = ""
    adult_id: str = ""
    born_on: date | None = None
    low_c: Decimal | None = None
    high_c: Decimal | None = None
    signature: bytes = b""
    paper: KeptFile | None = None
    logger: KeptFile | None = None

    def problems(self) -> list[Problem]:
        wanted = (
            ("received_by", bool(self.received_by.strip()), "Enter the name of who received it."),
            ("relation", bool(self.relation.strip()), "Say what that person is to the patient."),
            ("received_at", self.received_at is not None, "Enter when it was received."),
            ("condition", bool(self.condition.strip()), "Say how it arrived."),
            (
                "low_c",
                self.low_c is None or self.high_c is None or self.low_c <= self.high_c,
                "The lowest reading is above the highest.",
            ),
        )
        return [Problem(name, sentence) for name, is_there, sentence in wanted if not is_there]

    def signature_problem(self, method: str) -> Problem | None:
        """What is missing of the proof: a signature or the signed paper; a carrier's tracking number stands in for both."""
        if self.signature or self.paper is not None or method == Method.CARRIER:
            return None
        return Problem("signature", "Let the person sign here, or add the signed paper.")

    def adult_problem(self, schedules: Collection[str], on: date) -> Problem | None:
        """A C-II is handed to an adult whose identity was seen (clinical 8.2)."""
        if "CII" not in schedules:
            return None
        if not self.adult_id.strip():
            return Problem("adult_id", "A C-II is on this ticket: say which identity card you saw.")
        if self.born_on is None:
            return Problem("born_on", "A C-II is on this ticket: enter the birth date on the identity card.")
        if age_in_years(self.born_on, on) < ADULT:
            return Problem("born_on", f"A C-II is handed to an adult of {ADULT} years or more only.")
        return None


@dataclass
class LeftDraft:
    """Left without a person: where, why, and a photo if there is one."""

    where: str = ""
    reason: str = ""
    photo: KeptFile | None = None

    def problems(self) -> list[Problem]:
        wanted = (("where", self.where, "Say where it was left."), ("reason", self.reason, "Say why nobody took it."))
        return [Problem(name, sentence) for name, value, sentence in wanted if not value.strip()]


@dataclass
class CallDraft:
    """The driver or carrier was called about a ticket on the road."""

    spoke_with: str = ""
    agreed: str = ""

    def problems(self) -> list[Problem]:
        wanted = (("spoke_with", self.spoke_with, "Say who was called."), ("agreed", self.agreed, "Say what was agreed."))
        return [Problem(name, sentence) for name, value, sentence in wanted if not value.strip()]


@dataclass
class DestructionDraft:
    """What came back was destroyed: how, and who saw it."""

    how: str = ""
    witness: str = ""

    def problems(self) -> list[Problem]:
        wanted = (("how", self.how, "Say how it was destroyed."), ("witness", self.witness, "Name who saw it."))
        return [Problem(name, sentence) for name, value, sentence in wanted if not value.strip()]

    def witness_problem(self, actor: str) -> Problem | None:
        """Nobody is his own witness."""
        same = self.witness.strip().casefold() == actor.strip().casefold()
        return Problem("witness", "The witness is another person than the one who destroys.") if same else None


@dataclass(frozen=True)
class ProofFacts:
    """What a payer wants to read of a delivery."""

    beneficiary: str
    address: str
    items: int
    delivered_on: date | None
    signed: bool
    relation: str
    method: str
    shipped_on: date | None
    tracking: str


def proof_gaps(facts: ProofFacts) -> tuple[str, ...]:
    """What of Medicare's proof of delivery is missing, in words."""
    by_carrier = facts.method == Method.CARRIER
    wanted = (
        (bool(facts.beneficiary.strip()), "the patient's name"),
        (bool(facts.address.strip()), "the delivery address"),
        (facts.items > 0, "the items with their quantity"),
        (facts.delivered_on is not None, "the day it was delivered"),
        (by_carrier or facts.signed, "a signature"),
        (by_carrier or bool(facts.relation.strip()), "the relation of who signed"),
        (not by_carrier or facts.shipped_on is not None, "the day it was shipped"),
        (not by_carrier or bool(facts.tracking.strip()), "the tracking number"),
    )
    return tuple(words for is_there, words in wanted if not is_there)
