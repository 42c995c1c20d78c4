"""Published files about drugs: which kinds there are, what a line of each says, and how an import is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from infusiondesk.catalog.rules.codes import CodeEntry, CodeReport


class FileKind(StrEnum):
    """What a published file holds; it is recognised by its content, never by its name."""

    CODES = "codes"
    CROSSWALK = "crosswalk"
    DIRECTORY = "directory"

    @property
    def words(self) -> str:
        """As a sentence says it."""
        return _KINDS[self][0]

    @property
    def noun(self) -> str:
        """What one line of it is, in the plural."""
        return _KINDS[self][1]


_KINDS: Final[Mapping[FileKind, tuple[str, str]]] = {
    FileKind.CODES: ("HCPCS code file of CMS", "codes"),
    FileKind.CROSSWALK: ("NDC-HCPCS crosswalk of CMS", "lines"),
    FileKind.DIRECTORY: ("FDA NDC directory", "packages"),
}


@dataclass(frozen=True)
class PackageEntry:
    """One package of the FDA directory, as its labeler listed it; `printed` is the NDC with the hyphens of the package."""

    ndc: str
    printed: str
    label_name: str
    generic_name: str
    form: str
    route: str
    labeler: str
    substance: str
    strength: str
    package: str


@dataclass(frozen=True)
class BillingEntry:
    """One line of the crosswalk: an NDC, its code, and the billing units in one container and in the whole package."""

    ndc: str
    code: str
    drug: str
    labeler: str
    dosage: str
    package_size: Decimal
    package_quantity: Decimal
    units: Decimal
    units_per_package: Decimal


FileEntry = CodeEntry | PackageEntry | BillingEntry


@dataclass(frozen=True)
class FileFacts:
    """What a file is: its name for people, its digest for recognising it again, and the days it speaks for, where it says them."""

    name: str
    kind: FileKind
    digest: str
    total: int
    as_of: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class FileReport:
    """What came of one part of a file."""

    kind: FileKind
    read: int
    codes: CodeReport = field(default_factory=lambda: CodeReport(0))

    def __add__(self, other: "FileReport") -> "FileReport":
        return FileReport(self.kind, self.read + other.read, self.codes + other.codes)

    def text(self) -> str:
        """In one sentence."""
        if self.kind is FileKind.CODES:
            return self.codes.text()
        noun = self.kind.noun.removesuffix("s") if self.read == 1 else self.kind.noun
        return f"{self.kind.words}: {self.read:,} {noun} taken in."
