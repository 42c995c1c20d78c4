"""Two published tables: the NDC-HCPCS crosswalk of CMS with its billing units, and the NDC directory of the FDA."""

import csv
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar

from infusiondesk.catalog.exchange.plain import RefusedLine
from infusiondesk.catalog.rules import BillingEntry, PackageEntry, ndc_digits, ndc_text
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused

Entry = TypeVar("Entry")
Read = tuple[tuple[Entry, ...], tuple[RefusedLine, ...]]

CROSSWALK_COLUMNS: Final = (
    "LABELER NAME", "NDC2", "DRUG NAME", "HCPCS DOSAGE", "PKG SIZE", "PKG QTY", "BILLUNITS", "BILLUNITSPKG",
)  # fmt: skip
DIRECTORY_COLUMNS: Final = (
    "NDC", "FORMAT", "PROPRIETARYNAME", "NONPROPRIETARYNAME", "DOSAGEFORMNAME", "ROUTENAME", "LABELERNAME", "SUBSTANCENAME",
    "ACTIVE_NUMERATOR_STRENGTH", "ACTIVE_INGRED_UNIT", "PACKAGEDESCRIPTION", "ELEVEN_DIGIT_NDC",
)  # fmt: skip
_LOOKED_AT: Final = 30  # lines of preamble in which the head of the table may stand; CMS writes eight
_CODE_COLUMN: Final = re.compile(r"_?\d{4}_CODE\Z", re.ASCII)
_HCPCS: Final = re.compile(r"[A-V0-9]\d{3}[0-9A-Z]\Z", re.ASCII)
_DAYS: Final = re.compile(r"Effective (\w+ \d{1,2}, \d{4}) through (\w+ \d{1,2}, \d{4})", re.IGNORECASE | re.ASCII)
_NUMBERS: Final = {"PKG SIZE": 3, "PKG QTY": 3, "BILLUNITS": 4, "BILLUNITSPKG": 4}  # with the decimals that the store keeps
_WRITTEN: Final = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.(?P<decimals>\d+))?", re.ASCII)
_MOST: Final = 10_000_000  # a slip check: the largest number of the crosswalk of January 2026 is 50,000
_SHAPES: Final = {"4-4-2": (4, 4), "5-3-2": (5, 3), "5-4-1": (5, 4)}


def is_crosswalk(lines: Sequence[str]) -> bool:
    """Whether a crosswalk's columns stand near the top."""
    return any({"NDC2", "BILLUNITSPKG"} <= set(_named(line)) for line in lines[:_LOOKED_AT])


def is_directory(lines: Sequence[str]) -> bool:
    """Whether the first line is that of an NDC directory."""
    return bool(lines) and {"ELEVEN_DIGIT_NDC", "PACKAGEDESCRIPTION"} <= set(_named(lines[0]))


def read_crosswalk(lines: Sequence[str]) -> Read[BillingEntry]:
    """The lines of a crosswalk, each with its code and its units; what is not readable is named by its line."""
    head = next(number for number, line in enumerate(lines) if {"NDC2", "BILLUNITSPKG"} <= set(_named(line)))
    names = ["CODE" if _CODE_COLUMN.match(name) else name for name in _named(lines[head])]
    _refuse_lacking(names, ("CODE", *CROSSWALK_COLUMNS))
    return _sorted_out(_cells(lines, head, names), _billing, lambda entry: (entry.ndc, entry.code), _units)


def crosswalk_days(lines: Sequence[str]) -> tuple[date | None, date | None]:
    """The first and the last day of the quarter, as the preamble says them."""
    found = _DAYS.search(" ".join(lines[:_LOOKED_AT]))
    if found is None:
        return None, None
    try:
        first, last = (datetime.strptime(words, "%B %d, %Y").date() for words in found.groups())  # noqa: DTZ007
    except ValueError:
        return None, None
    if last < first:
        raise Refused(f"The days of this crosswalk are reversed: it says it ends on {day(last)} and begins on {day(first)}.")
    return first, last


def read_directory(lines: Sequence[str]) -> Read[PackageEntry]:
    """The packages of an NDC directory; what is not readable is named by its line."""
    names = _named(lines[0])
    _refuse_lacking(names, DIRECTORY_COLUMNS)
    return _sorted_out(_cells(lines, 0, names), _package, lambda entry: entry.ndc, lambda _: None)


def _named(line: str) -> list[str]:
    """The names of columns; hundreds of empty ones may follow them."""
    return [cell.strip().strip('"').upper() for cell in line.rstrip(",").split(",")]


def _refuse_lacking(names: Sequence[str], wanted: Sequence[str]) -> None:
    if lacking := [name for name in wanted if names.count(name) != 1]:
        raise Refused(f"The table lacks the columns {', '.join(lacking)}, or has them twice.")


def _cells(lines: Sequence[str], head: int, names: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str] | str]]:
    """Line number and cells by column below a head, or what is wrong with their number."""
    reader = csv.reader((f"{line}\n" for line in lines[head + 1 :]), strict=True)
    last = 0
    try:
        for cells in reader:
            number, last = head + 2 + last, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
                yield number, f"it has {len(cells)} cells for {len(names)} columns"
                continue
            yield number, {name: _plain(cell) for name, cell in zip(names, cells, strict=False)}
    except csv.Error as error:
        raise Refused(f"Line {head + 2 + last}: the table is broken there ({error}).") from error


def _plain(cell: str) -> str:
    """The words of a cell without the marks of a web page, which some exports leave in a strength or a name."""
    return " ".join((html.unescape(cell) if "&" in cell else cell).split())


def _sorted_out(
    found: Iterator[tuple[int, Mapping[str, str] | str]],
    entry_of: Callable[[Mapping[str, str]], Entry | str],
    key_of: Callable[[Entry], object],
    counts_of: Callable[[Entry], object],
) -> Read[Entry]:
    """Every line of content is in one of the two lists; the same line twice in one file is taken once.

    Two lines of one key that count otherwise are both refused: nobody here knows which of them is right.
    """
    taken: dict[object, tuple[int, str, Entry]] = {}
    disputed: set[object] = set()
    refused: list[RefusedLine] = []

    def refuse(number: int, code: str, because: str) -> None:
        refused.append(RefusedLine(number, code, f"Line {number}, {code or 'no NDC'}: {because}."))

    for number, cells in found:
        entry = cells if isinstance(cells, str) else entry_of(cells)
        code = "" if isinstance(cells, str) else cells.get("NDC2", "") or cells.get("NDC", "")
        if isinstance(entry, str):
            refuse(number, code, entry)
            continue
        key = key_of(entry)
        before = taken.get(key)
        if before is None:
            taken[key] = (number, code, entry)
        elif counts_of(before[2]) == counts_of(entry):
            refuse(number, code, "it stands twice in the file")
        else:
            disputed.add(key)
            refuse(number, code, f"line {before[0]} has other units for the same code; neither is taken")
    for key in disputed:
        number, code, _ = taken.pop(key)
        refuse(number, code, "another line has other units for the same code; neither is taken")
    return tuple(entry for _, _, entry in taken.values()), tuple(sorted(refused, key=lambda line: line.line))


def _units(entry: BillingEntry) -> object:
    return entry.package_size, entry.package_quantity, entry.units, entry.units_per_package


def _billing(cells: Mapping[str, str]) -> BillingEntry | str:
    ndc = ndc_digits(cells["NDC2"])
    if ndc is None:
        return "it has no NDC of eleven digits"
    if not _HCPCS.match(cells["CODE"]):
        return f"code {cells['CODE'] or 'empty'} is no HCPCS code"
    numbers = {name: _number(cells[name], places) for name, places in _NUMBERS.items()}
    if lacking := [name for name, number in numbers.items() if number is None]:
        wanted = f"above 0, at most {_MOST:,}, with at most {_NUMBERS[lacking[0]]} decimals"
        return f"{lacking[0]} {cells[lacking[0]] or 'empty'} is no number {wanted}"
    size, quantity, units, per_package = (number for number in numbers.values() if number is not None)
    return BillingEntry(
        ndc, cells["CODE"], cells["DRUG NAME"], cells["LABELER NAME"], cells["HCPCS DOSAGE"], size, quantity, units, per_package
    )


def _package(cells: Mapping[str, str]) -> PackageEntry | str:
    ndc = ndc_digits(cells["ELEVEN_DIGIT_NDC"])
    if ndc is None:
        return "it has no NDC of eleven digits"
    printed = _printed(cells["NDC"], cells["FORMAT"])
    if printed and ndc_digits(printed) != ndc:
        return f"its NDC {printed} is not the code of eleven digits beside it, {ndc_text(ndc)}"
    name = cells["PROPRIETARYNAME"] or cells["NONPROPRIETARYNAME"]
    if not name:
        return "it has no name"
    strength = " ".join(filter(None, (_leading(cells["ACTIVE_NUMERATOR_STRENGTH"]), cells["ACTIVE_INGRED_UNIT"])))
    return PackageEntry(
        ndc=ndc,
        printed=printed or ndc_text(ndc),
        label_name=name,
        generic_name=cells["NONPROPRIETARYNAME"],
        form=cells["DOSAGEFORMNAME"].lower(),
        route=cells["ROUTENAME"].lower(),
        labeler=cells["LABELERNAME"],
        substance=cells["SUBSTANCENAME"].lower(),
        strength=strength,
        package=cells["PACKAGEDESCRIPTION"],
    )


def _printed(ten: str, shape: str) -> str:
    """The NDC with the hyphens of the package; empty where the file does not say them."""
    parts = _SHAPES.get(shape)
    if parts is None or len(ten) != 10:
        return ""
    first, second = parts[0], parts[0] + parts[1]
    return f"{ten[:first]}-{ten[first:second]}-{ten[second:]}"


def _leading(strength: str) -> str:
    """A strength with its leading zeros: the directory prints .05 and 1; .5."""
    return re.sub(r"(?<!\d)\.(?=\d)", "0.", strength)


def _number(text: str, places: int) -> Decimal | None:
    """A number as it is printed; a comma stands between thousands only: 1,5 is neither 15 nor one and a half."""
    written = _WRITTEN.fullmatch(text)
    if written is None or len(written["decimals"] or "") > places:
        return None
    number = Decimal(text.replace(",", ""))
    return number if 0 < number <= _MOST else None
