"""The quarterly HCPCS file of CMS, in either form, read whole or refused.

The CMS text has records of 320 columns: code 1-5 (a modifier in 4-5), sequence 6-10, kind of record 11, long description 12-91,
short description 92-119, added 269-276, effective 277-284, last day 285-292, action 293 (HCPCS contractor record layout, CMS).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from infusiondesk.catalog.exchange.plain import RefusedLine, text_of
from infusiondesk.catalog.rules import CodeEntry
from infusiondesk.foundation.kernel.outcomes import Refused

COLUMNS: Final = ("code", "kind", "short", "long", "add_date", "effective_date", "termination_date", "action")
ACTIONS: Final = "ABCDFNPRST"

_RECORD: Final = re.compile(r"([A-Z0-9]{5}|   [A-Z0-9]{2})(\d{5})([3478])", re.ASCII)
_ENOUGH: Final = 293  # columns of a first record, up to the action code
_ENOUGH_COLUMNS: Final = 3  # of its names make a table one that is meant to be read
_AHEAD: Final = timedelta(days=366)  # CMS publishes by the quarter: a later day is a slip, and would shut every later file out
_STEP: Final = 100  # sequence numbers go up by hundreds
_LEVEL_II: Final = re.compile(r"[A-CE-V]\d{4}\Z|[A-Z0-9]{2}\Z", re.ASCII)
_OWNED: Final = ((re.compile(r"\d{4}[0-9A-Z]\Z", re.ASCII), "AMA (CPT)"), (re.compile(r"D\d{4}\Z", re.ASCII), "ADA (CDT)"))


@dataclass(frozen=True)
class PublishedCode:
    """One code as CMS publishes it; `terminated_on` is the last day on which it may be used."""

    code: str
    kind: str
    short: str
    long: str
    added_on: date | None
    effective_on: date | None
    terminated_on: date | None
    action: str

    def entry(self) -> CodeEntry:
        """The code for the catalog; its short description is the label of a code that has none of ours yet."""
        return CodeEntry(self.code, self.kind, self.short, self.added_on, self.terminated_on)


@dataclass(frozen=True)
class CodesRead:
    """What came of a file: every line of content is in one of the two lists."""

    form: str
    rows: tuple[PublishedCode, ...]
    refused: tuple[RefusedLine, ...]

    def text(self) -> str:
        """In one sentence."""
        return f"{self.form}: {len(self.rows):,} codes read, {len(self.refused):,} lines refused."


def read_codes(content: bytes, today: date) -> CodesRead:
    """Read a CMS code file of either form, whole; what is no such file is refused in one sentence and nothing is taken."""
    return read_code_lines(text_of(content).split("\n"), today)


def is_code_file(lines: Sequence[str]) -> bool:
    """Whether these lines are of either form, whole or not."""
    return (
        any(_RECORD.match(line) for line in lines) or len({cell.strip().lower() for cell in lines[0].split(",")} & set(COLUMNS)) > 2
    )


def read_code_lines(lines: Sequence[str], today: date) -> CodesRead:
    """The same from lines."""
    if any(_RECORD.match(line) for line in lines):
        form, taken = "CMS record layout", _from_records(lines)
    elif "," in lines[0]:
        form, taken = "table", _from_table(lines)
    else:
        raise Refused("This is neither a CMS code file of 320 columns nor a table with the columns " + ", ".join(COLUMNS) + ".")
    read = _sorted_out(form, taken, today + _AHEAD)
    if not read.rows and not read.refused:
        raise Refused("The table has no row.")
    if not read.rows:
        raise Refused(f"No code in it can be used; the first of {len(read.refused):,} reasons: {read.refused[0].sentence}")
    return read


Taken = tuple[int, str, "Mapping[str, str] | str"]  # line, code, and either its columns or why it is refused


def _sorted_out(form: str, taken: Iterable[Taken], latest: date) -> CodesRead:
    rows: dict[str, PublishedCode] = {}
    refused: list[RefusedLine] = []
    for line, code, found in taken:
        sentence = (
            found if isinstance(found, str) else _problem(found, latest) or ("it stands twice in the file" if code in rows else "")
        )
        if isinstance(found, str) or sentence:
            refused.append(RefusedLine(line, code, f"Line {line}, {code or 'no code'}: {sentence}."))
        else:
            rows[code] = _published(found)
    return CodesRead(form, tuple(rows.values()), tuple(refused))


def _problem(row: Mapping[str, str], latest: date) -> str:
    """Why a row cannot be taken; empty where it can."""
    code = row["code"]
    for pattern, owner in _OWNED:
        if pattern.match(code):
            return f"its description belongs to the {owner} and is not imported"
    if not _LEVEL_II.match(code):
        return "it is no HCPCS Level II code or modifier"
    if row["kind"] != ("procedure" if len(code) == 5 else "modifier"):
        return f"kind {row['kind'] or 'empty'} does not fit it"
    if not row["short"]:
        return "it has no short description"
    for name in ("add_date", "effective_date", "termination_date"):
        if row[name] and _day(row[name]) is None:
            return f"{name} {row[name]} is no date (YYYYMMDD)"
    for name in ("add_date", "effective_date"):
        if (day := _day(row[name])) is not None and day > latest:
            return f"{name} {row[name]} is more than a year after today"
    added, last = _day(row["add_date"]), _day(row["termination_date"])
    if added and last and last < added:
        return f"it ends on {last}, before it was added on {added}"
    if not row["action"] or row["action"] not in ACTIONS:
        return f"action {row['action'] or 'empty'} is not one of {', '.join(ACTIONS)}"
    return ""


def _published(row: Mapping[str, str]) -> PublishedCode:
    days = [_day(row[name]) for name in ("add_date", "effective_date", "termination_date")]
    return PublishedCode(row["code"], row["kind"], row["short"], row["long"], days[0], days[1], days[2], row["action"])


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _from_table(lines: Sequence[str]) -> Iterator[Taken]:
    reader = csv.reader((f"{line}\n" for line in lines), strict=True)
    try:
        names = [name.strip().lower() for name in next(reader)]
        if lacking := [name for name in COLUMNS if names.count(name) != 1]:
            raise Refused(f"The table lacks the columns {', '.join(lacking)}, or has them twice.")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            row = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
            trouble = "" if len(cells) == len(names) else f"it has {len(cells)} cells for {len(names)} columns"
            yield reader.line_num, row.get("code", ""), trouble or row
    except csv.Error as error:
        raise Refused(f"Line {reader.line_num}: the table is broken there ({error}).") from error


@dataclass
class _CodeDraft:
    """One code while its description is being put together."""

    line: int
    code: str
    text: str
    sequence: int
    long: list[str] = field(default_factory=list)
    trouble: str = ""

    def taken(self) -> Taken:
        found: Mapping[str, str] | str = self.trouble or {
            "code": self.code,
            "kind": "procedure" if len(self.code) == 5 else "modifier",
            "short": self.text[91:119].strip(),
            "long": " ".join(self.long),
            "add_date": self.text[268:276].strip(),
            "effective_date": self.text[276:284].strip(),
            "termination_date": self.text[284:292].strip(),
            "action": self.text[292:293].strip(),
        }
        return self.line, self.code, found


def _from_records(lines: Sequence[str]) -> Iterator[Taken]:
    draft: _CodeDraft | None = None
    for number, line in enumerate(lines, 1):
        record = _RECORD.match(line)
        if record is None:
            if line.strip() and draft is not None:  # what stands before the first record is the disclaimer
                yield number, "", "it is not a record of the CMS layout"
            continue
        code, sequence, is_first = record[1].strip(), int(record[2]), record[3] in "37"
        if is_first:
            if draft is not None:
                yield draft.taken()
            draft = _CodeDraft(number, code, line, sequence, [line[11:91].strip()])
            if len(line) < _ENOUGH:
                draft.trouble = f"its record ends at column {len(line)}; {_ENOUGH} are needed"
        elif draft is None or draft.code != code:
            yield number, code, "its description goes on, but its first record is missing"
        else:
            if sequence != draft.sequence + _STEP:
                draft.trouble = f"a piece of its description is missing before line {number}"
            draft.sequence = sequence
            draft.long.append(line[11:91].strip())
    if draft is not None:
        yield draft.taken()
