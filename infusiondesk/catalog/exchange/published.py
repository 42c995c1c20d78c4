"""A published file about drugs, recognised by what is in it: the code file of CMS, its NDC crosswalk, or the FDA directory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from infusiondesk.catalog.exchange.codes import COLUMNS, PublishedCode, is_code_file, read_code_lines
from infusiondesk.catalog.exchange.plain import RefusedLine, text_of
from infusiondesk.catalog.exchange.tables import crosswalk_days, is_crosswalk, is_directory, read_crosswalk, read_directory
from infusiondesk.catalog.rules import FileEntry, FileFacts, FileKind
from infusiondesk.foundation.kernel.outcomes import Refused


@dataclass(frozen=True)
class Published:
    """A file read whole: what it is, its rows, and the lines that were not taken."""

    file: FileFacts
    rows: Sequence[FileEntry]
    refused: tuple[RefusedLine, ...]


def read_file(path: Path, today: date) -> Published:
    """Read a published file from the disk; every refusal names it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path.name} cannot be read ({error.strerror or 'unknown reason'}).") from error
    try:
        return read_published(path.name, content, today)
    except Refused as refusal:
        raise Refused(f"{path.name}: {refusal.sentence}") from refusal


def read_published(name: str, content: bytes, today: date) -> Published:
    """Read a published file of any kind, whole; what is no such file is refused in one sentence and nothing is taken."""
    lines = text_of(content).split("\n")
    known = hashlib.sha256(content).hexdigest()
    if is_crosswalk(lines):
        billing, refused = read_crosswalk(lines)
        first, last = crosswalk_days(lines)
        return _whole(FileFacts(name, FileKind.CROSSWALK, known, len(billing), first, last), billing, refused)
    if is_directory(lines):
        packages, refused = read_directory(lines)
        return _whole(FileFacts(name, FileKind.DIRECTORY, known, len(packages)), packages, refused)
    if is_code_file(lines):
        read = read_code_lines(lines, today)
        entries = [row.entry() for row in read.rows]
        return _whole(FileFacts(name, FileKind.CODES, known, len(entries), _newest(read.rows)), entries, read.refused)
    raise Refused(
        "This is neither a CMS code file of 320 columns, nor a table with the columns " + ", ".join(COLUMNS)
        + ", nor an NDC-HCPCS crosswalk of CMS, nor an NDC directory of the FDA."
    )  # fmt: skip


def _whole(file: FileFacts, rows: Sequence[FileEntry], refused: tuple[RefusedLine, ...]) -> Published:
    if not rows and not refused:
        raise Refused("The table has no row.")
    if not rows:
        raise Refused(f"No line of it can be used; the first of {len(refused):,} reasons: {refused[0].sentence}")
    return Published(file, rows, refused)


def _newest(rows: Sequence[PublishedCode]) -> date | None:
    """The day from which the file speaks: the newest on which one of its codes was added or came into effect."""
    days = [day for row in rows for day in (row.added_on, row.effective_on) if day is not None]
    return max(days, default=None)
