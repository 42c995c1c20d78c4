"""What was scanned or typed at the shelf: a GS1 string with its parts, an NDC, a bare GTIN, or a lot number; never guessed."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from biip import ParseError
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin

from infusiondesk.catalog.rules import ndc_digits, ndc_readings

_SEPARATOR: Final = "\x1d"
_SYMBOLOGY: Final = re.compile(r"\](?:d2|C1|Q3|e0)")  # GS1 DataMatrix, GS1-128, GS1 QR code, GS1 DataBar
_BRACKETS: Final = re.compile(r"\((\d{2,4})\)([^()\x1d]+)\x1d?")
_EXPIRY_INSIDE: Final = re.compile(r"17\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])", re.ASCII)
_CODE: Final = re.compile(r"\d{12,14}", re.ASCII)


@dataclass(frozen=True)
class Scanned:
    """The parts of a scan; an NDC from a barcode has three readings, of which the shelf knows one.

    `runs_together` is a scan without separators: an expiry stands inside what would be the lot or the serial.
    """

    ndcs: tuple[str, ...] = ()
    lot_number: str = ""
    expires_on: date | None = None
    is_scan: bool = False
    gtin: str = ""
    serial: str = ""
    runs_together: bool = False

    @property
    def is_of_a_case(self) -> bool:
        """A GTIN whose first digit is not 0 names a pack of several (GS1 General Specifications: indicator digit)."""
        return self.gtin[:1] not in ("", "0")


def read_scan(text: str) -> Scanned:
    """Read a GS1 string (with brackets or raw), a bare GTIN or an NDC; anything else is a lot number as it stands."""
    typed = text.strip()
    bare = _SYMBOLOGY.sub("", typed, count=1) if typed.startswith("]") else typed
    bare = bare.removeprefix(_SEPARATOR)
    raw = _unbracketed(bare) if bare.startswith("(") else bare
    if raw is not None and len(raw) > 14 and (read := _message(raw)) is not None:
        return read
    if _CODE.fullmatch(bare) and (gtin := _gtin(bare)):
        return Scanned(_ndcs_of(gtin), is_scan=True, gtin=gtin)
    if ndc := ndc_digits(bare):
        return Scanned((ndc,))
    return Scanned(lot_number=bare)


def expiry_of(text: str) -> date | None:
    """A typed expiry: a day, or a month that means its last day (sterile 2.4); None where it is neither."""
    typed = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{2})", typed) or re.fullmatch(r"(\d{2})/(\d{4})", typed):
        first, second = found.groups()
        year, month = (int(first), int(second)) if len(first) == 4 else (int(second), int(first))
        return date(year, month, calendar.monthrange(year, month)[1]) if year and 1 <= month <= 12 else None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def gtin_problem(text: str) -> str | None:
    """What is wrong with a typed GTIN, in a sentence, or None."""
    typed = text.strip()
    return None if not typed or gtin_digits(typed) else "A GTIN or UPC has 12 to 14 digits, of which the last is a check digit."


def gtin_digits(text: str) -> str | None:
    """Fourteen digits, None where nothing or no GTIN is typed."""
    typed = text.strip()
    return _gtin(typed) or None if _CODE.fullmatch(typed) else None


def _message(raw: str) -> Scanned | None:
    """The parts of a GS1 string that holds a GTIN. A date that does not exist is left out, and the rest is still read."""
    try:
        message = GS1Message.parse(raw)
    except ParseError:
        without = re.sub(r"(?<=^.{16})17\d{6}", "", raw, count=1)
        if without == raw:
            return None
        try:
            message = GS1Message.parse(without)
        except ParseError:
            return None
    values = {part.ai.ai: part for part in message.element_strings}
    if "01" not in values or (gtin := _gtin(values["01"].value)) == "":
        return None
    lot = values["10"].value if "10" in values else ""
    serial = values["21"].value if "21" in values else ""
    expires_on = values["17"].date if "17" in values else None
    runs_together = "17" not in values and any(map(_EXPIRY_INSIDE.search, (lot, serial)))
    return Scanned(_ndcs_of(gtin), lot, expires_on, True, gtin, serial, runs_together)


def _unbracketed(text: str) -> str | None:
    """As a scanner would send it: a separator behind each part, which is right behind any."""
    found = _BRACKETS.findall(text)
    if "".join(f"({key}){value}" for key, value in found) != text.replace(_SEPARATOR, ""):
        return None
    return _SEPARATOR.join(f"{key}{value}" for key, value in found)


def _gtin(code: str) -> str:
    try:
        return Gtin.parse(code).as_gtin_14()
    except ParseError:
        return ""


def _ndcs_of(gtin: str) -> tuple[str, ...]:
    """A US drug's GTIN holds 03, then the ten digits of its NDC, then the check digit."""
    return tuple(dict.fromkeys(ndc_readings(gtin[3:13]))) if gtin[1:3] == "03" else ()
