"""The ICD-10-CM table that is shipped, opened once and read in small pieces."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infusiondesk.foundation.kernel.outcomes import Unavailable

ICD10CM: Final = Path(__file__).resolve().parents[3] / "db" / "reference" / "icd10cm.zip"


@dataclass(frozen=True)
class Diagnosis:
    """One ICD-10-CM code; only a billable one may stand on a claim."""

    code: str
    text: str
    is_billable: bool


class DiagnosisCodes:
    """The ICD-10-CM table, opened once and read in small pieces: a look-up unpacks only the codes that begin alike."""

    def __init__(self, path: Path = ICD10CM) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise Unavailable("The ICD-10-CM table that belongs to the program cannot be opened.") from error
        self._parts = frozenset(self._archive.namelist()) - {"SOURCE.txt"}

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    @property
    def source(self) -> str:
        """Release and origin of the table, to be shown beside what it says."""
        return self._archive.read("SOURCE.txt").decode("utf-8").strip()

    def find(self, code: str) -> Diagnosis | None:
        """The code, written with or without its dot, in any case; None where there is none."""
        wanted = dotted(code)
        return next((found for found in self._part(wanted[:2]) if found.code == wanted), None)

    def beginning_with(self, code: str, limit: int = 50) -> list[Diagnosis]:
        """Codes that begin so, in their order; at least a letter and a digit are needed."""
        start = dotted(code)
        found = (each for each in self._part(start[:2]) if each.code.startswith(start))
        return [each for each, _ in zip(found, range(limit), strict=False)]

    def about(self, words: str, limit: int = 50) -> list[Diagnosis]:
        """Codes whose text has all the words, in the order of the table. Reads all of it: never on the thread of the window."""
        wanted = words.casefold().split()
        found = (each for part in sorted(self._parts) for each in self._part(part) if _has_all(each.text.casefold(), wanted))
        return [each for each, _ in zip(found, range(limit), strict=False)] if wanted else []

    def _part(self, start: str) -> Iterator[Diagnosis]:
        if start not in self._parts:
            return
        try:
            lines = self._archive.read(start).decode("utf-8").split("\n")
        except (OSError, zipfile.BadZipFile, zlib.error) as error:
            raise Unavailable("The ICD-10-CM table that belongs to the program is damaged.") from error
        for line in lines:
            code, billable, text = line.split("\t")
            yield Diagnosis(code, text, billable == "1")


def dotted(code: str) -> str:
    """A diagnosis code as the table writes it: capitals, the dot after three characters."""
    bare = "".join(code.split()).replace(".", "").upper()
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def _has_all(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)
