"""What stands on every paper of the house: who prints, about whom, which record, who signed. Facts only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from infusiondesk.foundation.kernel.ismp import moment


@dataclass(frozen=True)
class Pharmacy:
    """The head of the paper."""

    name: str
    address: tuple[str, ...]
    phone: str
    licence: str = ""
    after_hours_phone: str = ""


@dataclass(frozen=True)
class Printing:
    """One printing: by whom, when (in words), and which one it is; reprint 0 is the first."""

    pharmacy: Pharmacy
    printed_by: str
    printed_at: str
    reprint: int = 0
    is_demo: bool = False


@dataclass(frozen=True)
class PatientBlock:
    """Who the paper is about.

    `allergies` are substances with their reactions, or the sentence that none are known (then say so in the flag); empty prints
    "not recorded" in red, None prints nothing, for papers that need not tell.
    """

    name: str
    mrn: str
    born_on: date
    allergies: str | None
    has_no_known_allergies: bool = False


@dataclass(frozen=True)
class RecordMark:
    """Which record, in which version, is printed; the id stands in the barcode and holds no name."""

    id: str
    version: str


@dataclass(frozen=True)
class Signature:
    """One signature as 21 CFR 11.50 wants it shown: name, licence, meaning, time; and whether it still matches the record."""

    meaning: str
    name: str
    licence: str
    signed_at: datetime
    digest: str
    is_intact: bool = True

    @property
    def signed_at_words(self) -> str:
        """The time where it was signed, with UTC beside it when that differs."""
        words = moment(self.signed_at)
        if self.signed_at.utcoffset():
            words += f" ({moment(self.signed_at.astimezone(UTC))} UTC)"
        return words


@dataclass(frozen=True)
class Unsigned:
    """A signature that is still owed, and why it is."""

    meaning: str
    because: str = "not signed yet"
