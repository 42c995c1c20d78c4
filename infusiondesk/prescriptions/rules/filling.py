"""What an original may be, what an offer of counsel must say, and which fills a pharmacist signs for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from infusiondesk.foundation.kernel.outcomes import Problem

T = TypeVar("T")
LARGEST_ORIGINAL = 10 * 1024 * 1024  # bytes: a fax of twenty pages has less than one tenth of it
_BEGINNINGS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))

_ENDINGS = {"application/pdf": b"%%EOF", "image/png": b"IEND", "image/jpeg": b"\xff\xd9"}
_TAIL = 1024  # bytes in which the end of a file is looked for; PDF readers do the same


class How(StrEnum):
    """How a pharmacist's advice was offered."""

    TELEPHONE = "by telephone"
    VISIT = "at the visit"
    WRITTEN = "in writing with the delivery"


class Reply(StrEnum):
    """What the patient said to the offer."""

    ACCEPTED = "accepted, counselled"
    DECLINED = "declined"
    NOT_REACHED = "not reached"


@dataclass
class CounselDraft:
    """An offer of counsel being recorded."""

    how: str = ""
    reply: str = ""
    with_whom: str = ""
    about: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.how not in set(How):
            found.append(Problem("how", "Say how it was offered."))
        if self.reply not in set(Reply):
            found.append(Problem("reply", "Say what the answer was."))
        if self.reply in (Reply.ACCEPTED, Reply.DECLINED) and not self.with_whom.strip():
            found.append(Problem("with_whom", "Enter with whom you spoke."))
        if self.reply == Reply.ACCEPTED and not self.about.strip():
            found.append(Problem("about", "Say what was counselled about."))
        return found


def media_type(content: bytes) -> str | None:
    """What a file is by its first bytes, whatever its name says: PDF, PNG or JPEG, else None."""
    return next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)


def original_refusal(content: bytes, known: Iterable[str], sha256: str) -> str | None:
    """Why a file is not kept as the original of a prescription, in one sentence, or None."""
    if not content:
        return "The file is empty."
    if len(content) > LARGEST_ORIGINAL:
        return f"The file has more than {LARGEST_ORIGINAL // (1024 * 1024)} MB. Scan it again with fewer dots."
    kind = media_type(content)
    if kind is None:
        return "The file is neither PDF nor PNG nor JPEG, whatever its name says."
    if _ENDINGS[kind] not in content[-_TAIL:]:
        return "The file is cut off: its end is missing. Scan or send it again."
    if sha256 in set(known):
        return "This very file is on the prescription already."
    return None


def to_sign(released: Mapping[UUID, Sequence[T]], signed: Mapping[UUID, Sequence[T]]) -> frozenset[UUID]:
    """The pharmacists whose fills of a day are not those they signed for: nobody signed yet, or more was released since."""
    return frozenset(who for who, fills in released.items() if list(signed.get(who, ())) != list(fills))
