"""Published sets of pairs: the file of the VA, the two lists of the ONC with their known defects repaired, any CSV by mapping."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.interactions.exchange.reference import reference_knowledge
from infusiondesk.interactions.rules.layers import (
    NO_TEXT,
    LayerContent,
    PairSet,
    WrittenPair,
    by_ingredient,
    level_of,
    refuse_contradictions,
)
from infusiondesk.interactions.rules.levels import Level

Line = tuple[int, Mapping[str, str]]
_VA_COLUMNS: Final = ("interaction_nui", "drug1_name", "drug1_rxcui", "drug2_name", "drug2_rxcui", "severity")
# Clinical 0.2 has no word of NDF-RT: critical is read as major, significant as moderate. The set is old and gives no text, so
# none of its rows may stop an order for good.
_VA_LEVELS: Final = {"critical": Level.HOLD, "significant": Level.WARN}
_VA_CITATION: Final = "VA National Drug File - Reference Terminology, drug interactions (public domain)"
_HIGH_CITATION: Final = "ONC high-priority list, Phansalkar et al., J Am Med Inform Assoc 2012"
_QUIET_CITATION: Final = "ONC non-interruptive list, Phansalkar et al., J Am Med Inform Assoc 2013"
_MISSPELLED: Final = {
    "voreconazole": "voriconazole", "esmoprazole": "esomeprazole", "lisdexamefetamine": "lisdexamfetamine",
    "demecariuim": "demecarium",
}  # fmt: skip
_WITHDRAWN: Final = ("telithromycin", "amprenavir", "cerivastatin", "practolol")
_MAOI_ROWS: Final = ("3", "8", "16", "20", "31")


@dataclass(frozen=True)
class ColumnChoice:
    """Which column of a CSV holds what; text and source may be in none."""

    name: str
    tag: str
    citation: str
    side_a: str
    side_b: str
    level: str
    text: str = ""
    source: str = ""


@dataclass(frozen=True)
class FileSeen:
    """What a file turned out to be: a set we know, or a table whose columns a person has to map."""

    known: PairSet | None
    columns: tuple[str, ...] = ()
    lines: int = 0


def by_our_names(read: PairSet) -> LayerContent:
    """A set by the ingredients of our own list of medicines."""
    return by_ingredient(read, reference_knowledge().names)


def look_at(name: str, data: bytes) -> FileSeen:
    """Recognise a file by what is in it; one that is no table is refused."""
    if name.casefold().endswith((".xls", ".xlsx")) or data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return FileSeen(_workbook(name, data))
    columns, lines = _table(name, data)
    if set(_VA_COLUMNS) <= set(columns):
        return FileSeen(_va(lines))
    return FileSeen(None, tuple(columns), len(lines))


def read_mapped(name: str, data: bytes, mapping: ColumnChoice) -> PairSet:
    """A CSV by the columns that a person chose; the first line that cannot be read refuses the whole file."""
    columns, lines = _table(name, data)
    chosen = (mapping.side_a, mapping.side_b, mapping.level, mapping.text, mapping.source)
    if missing := [column for column in chosen if column and column not in columns]:
        raise Refused(f"{name} has no column “{missing[0]}”; it has {', '.join(columns)}.")
    pairs = []
    for number, (at, line) in enumerate(lines, start=1):
        place = f"Line {at}"
        a, b = line[mapping.side_a].strip(), line[mapping.side_b].strip()
        if not a or not b:
            raise Refused(f"{place}: one side of the pair is empty.")
        text = line[mapping.text].strip() if mapping.text else ""
        source = line[mapping.source].strip() if mapping.source else ""
        level = level_of(line[mapping.level], place)
        pairs.append(WrittenPair(place, a, b, level, text or NO_TEXT, source or mapping.citation, number=number))
    refuse_contradictions(pairs)
    return PairSet(mapping.name, mapping.tag, mapping.citation, tuple(pairs))


def _table(name: str, data: bytes) -> tuple[list[str], list[Line]]:
    """The columns of a CSV and its lines, each with its number in the file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\0" in text:
        raise Refused(f"{name} is no table of text. Save it as CSV and try again.")
    first = text.partition("\n")[0]
    divider = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider)
    columns = [column.strip() for column in next(reader, [])]
    if len(columns) < 3 or not all(columns) or len(set(columns)) < len(columns):
        raise Refused(f"The first line of {name} does not name at least three different columns.")
    lines: list[Line] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise Refused(f"Line {reader.line_num} of {name} has {len(cells)} columns and not {len(columns)}.")
        lines.append((reader.line_num, dict(zip(columns, cells, strict=True))))
    if not lines:
        raise Refused(f"{name} holds no line below its first.")
    return columns, lines


def _va(lines: Sequence[Line]) -> PairSet:
    pairs: list[WrittenPair] = []
    empty = 0
    levels: dict[frozenset[str], Level] = {}
    clashes: set[frozenset[str]] = set()
    for number, (at, line) in enumerate(lines, start=1):
        a, b = line["drug1_name"].strip(), line["drug2_name"].strip()
        if not a or not b:
            empty += 1
            continue
        word = line["severity"].strip().casefold()
        if word not in _VA_LEVELS:
            raise Refused(f"Line {at}: “{line['severity']}” is no severity of this set; it has Critical and Significant.")
        level = _VA_LEVELS[word]
        both = frozenset((a, b))
        if levels.setdefault(both, level) is not level:
            clashes.add(both)
        text = f"{word} in the VA set, {NO_TEXT}"
        pairs.append(
            WrittenPair(
                f"Line {at}", a.casefold(), b.casefold(), level, text, f"VA NDF-RT {line['interaction_nui']}",
                line["drug1_rxcui"].strip(), line["drug2_rxcui"].strip(), number,
            )
        )  # fmt: skip
    said = ["Severities: Critical is read as HOLD, Significant as WARN. The set gives no text; every alert of it says so."]
    if empty:
        said.append(f"{counted(empty, 'line')} with only one medicine left out.")
    if clashes:
        said.append(f"{counted(len(clashes), 'pair')} with both severities in the set: the stricter counts.")
    return PairSet("VA NDF-RT interactions", "VA", _VA_CITATION, tuple(pairs), tuple(said))


def _workbook(name: str, data: bytes) -> PairSet:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}
    except (CalamineError, ValueError, OSError) as error:
        raise Refused(f"{name} is no workbook that can be read. Save it again, or as CSV.") from error
    for rows in sheets.values():
        head = [str(cell).strip().casefold() for cell in rows[0]] if rows else []
        if head[:5] == ["#", "object class", "object drug", "preciptiant class", "precipitant drug"]:
            return _high_priority([[_cell(cell) for cell in row] for row in rows[1:]])
        if head[:2] == ["id", "object_class"] and "precipitant_drug" in head:
            columns = (0, 1, 2, 4, 5)
            return _quiet([[_cell(row[column]) for column in columns] for row in rows[1:]])
    raise Refused(f"{name} is none of the lists that are known here. Save its table as CSV and map the columns.")


def _cell(cell: object) -> str:
    text = " ".join(str(cell).replace("\xa0", " ").split())
    return text.removesuffix(".0")


@dataclass
class _Block:
    """One numbered interaction of a list: everything of one side meets everything of the other."""

    number: str
    classes: list[str]
    objects: list[str]
    precipitants: list[str]


def _blocks(rows: Sequence[Sequence[str]]) -> Iterator[_Block]:
    block: _Block | None = None
    for number, object_class, obj, precipitant_class, precipitant in (row[:5] for row in rows):
        if number and (block is None or number != block.number):
            if block is not None:
                yield block
            block = _Block(number, [], [], [])
        if block is None:
            continue
        block.classes += [one for one in (object_class, precipitant_class) if one]
        # Where a class is itself the medicine ("Clopidogrel"), the list leaves the column of medicines empty.
        if obj or object_class:
            block.objects.append(obj or f"={object_class}")
        if precipitant or precipitant_class:
            block.precipitants.append(precipitant or f"={precipitant_class}")
    if block is not None:
        yield block


def _repaired(names: Sequence[str], place: str, said: list[str]) -> list[str]:
    """Spelling, repeats and withdrawn medicines; each is said once."""
    found: list[str] = []
    for name in names:
        right = _MISSPELLED.get(name.casefold())
        if right:
            said.append(f"{place}: “{name}” is read as {right}.")
        word = (right or name).casefold()
        if word in found:
            said.append(f"{place}: {name} stands twice and counts once.")
            continue
        if word in _WITHDRAWN:
            said.append(f"{place}: {word} is withdrawn from the market; it is kept, as some may still have it at home.")
        found.append(word)
    return found


def _high_priority(rows: Sequence[Sequence[str]]) -> PairSet:
    """Clinical 6.1: all STOP; the defects of the public copy are repaired here and said."""
    said: list[str] = []
    pairs: list[WrittenPair] = []
    for block in _blocks(rows):
        place = f"Row {block.number}"
        objects, precipitants = list(block.objects), list(block.precipitants)
        if block.number == "21":
            said.append("Row 21 (QT) names no medicine; the QT lists of our own reference stand for it.")
            continue
        objects, precipitants = _without_classes(objects), _without_classes(precipitants)
        if block.number == "6":
            objects, precipitants = precipitants, objects
            said.append("Row 6: the direction is reversed in the file; febuxostat acts on azathioprine and mercaptopurine.")
        if block.number == "23" and "NSAID" in objects:
            objects[objects.index("NSAID")] = "atazanavir"
            said.append("Row 23: “NSAID” among the protease inhibitors is read as atazanavir.")
        if any(one.endswith("/ Indinavir") for one in block.classes):
            precipitants.append("indinavir")
            said.append(f"{place}: indinavir stands in the title of a class and is read as one of its medicines.")
        if block.number in _MAOI_ROWS and "Methylene blue" not in precipitants:
            precipitants.append("methylene blue")
            said.append(f"{place}: methylene blue is added to the MAO inhibitors (its label).")
        objects, precipitants = _repaired(objects, place, said), _repaired(precipitants, place, said)
        text = f"high-priority list, row {block.number}: avoid; {NO_TEXT}"
        for a, b in product(objects, precipitants):
            source = f"ONC high-priority list, row {block.number}"
            pairs.append(WrittenPair(place, a, b, Level.STOP, text, source, number=len(pairs) + 1))
    said.append("Linezolid stands on no row of the list; our own rows P01 to P04 hold it.")
    return PairSet("ONC high-priority list", "ONC-HP", _HIGH_CITATION, tuple(pairs), tuple(dict.fromkeys(said)))


def _quiet(rows: Sequence[Sequence[str]]) -> PairSet:
    """The list of what should not interrupt: INFO only (clinical 6.2)."""
    said: list[str] = []
    pairs: list[WrittenPair] = []
    for block in _blocks(rows):
        place = f"Row {block.number}"
        sides = []
        for names in (block.objects, block.precipitants):
            plain = _without_classes(names)
            if not plain and names:
                plain = [name.removeprefix("=") for name in names]
                said.append(f"{place}: “{plain[0]}” stands where a class should; it is read as the medicine itself.")
            sides.append(_repaired(plain, place, said))
        text = f"non-interruptive list, row {block.number}: know of it; {NO_TEXT}"
        for a, b in product(*sides):
            if a != b:
                source = f"ONC non-interruptive list, row {block.number}"
                pairs.append(WrittenPair(place, a, b, Level.INFO, text, source, number=len(pairs) + 1))
    return PairSet("ONC non-interruptive list", "ONC-NI", _QUIET_CITATION, tuple(pairs), tuple(dict.fromkeys(said)))


def _without_classes(names: Sequence[str]) -> list[str]:
    return [name for name in names if not name.startswith("=")]
