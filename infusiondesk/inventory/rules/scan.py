"""What was scanned or typed at the shelf: a GS1 string with its parts, an NDC, or a lot number; never guessed."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from infusiondesk.catalog.rules import ndc_digits, ndc_readings

# GS1 General Specifications: application identifiers 01 GTIN, 17 expiry, 10 lot, 21 serial; 10 and 21 run to a separator.
_FIXED: Final = {"01": 14, "17": 6, "11": 6}
_OPEN: Final = {"10": 20, "21": 20}
_SEPARATOR: Final = "\x1d"


@dataclass(frozen=True)
class Scanned:
    """The parts of a scan; an NDC from a barcode has three readings, of which the shelf knows one."""

    ndcs: tuple[str, ...] = ()
    lot_number: str = ""
    expires_on: date | None = None
    is_scan: bool = False


def read_scan(text: str) -> Scanned:
    """Read a GS1 string (with brackets or raw) or an NDC; anything else is taken as a lot number as it stands."""
    typed = text.strip().removeprefix("]d2").removeprefix("]C1").removeprefix(_SEPARATOR)
    parts = _bracketed(typed) if typed.startswith("(") else _raw(typed)
    if parts is not None and _is_gtin(parts.get("01", "")):
        expiry = _expiry(parts["17"]) if "17" in parts else None
        return Scanned(_ndcs_of(parts["01"]), parts.get("10", ""), expiry, is_scan=True)
    ndc = ndc_digits(typed)
    if ndc is not None:
        return Scanned((ndc,))
    return Scanned(lot_number=typed)


def expiry_of(text: str) -> date | None:
    """A typed expiry: a day, or a month that means its last day (sterile 2.4); None where it is neither."""
    typed = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{2})", typed) or re.fullmatch(r"(\d{2})/(\d{4})", typed):
        first, second = found.groups()
        year, month = (int(first), int(second)) if len(first) == 4 else (int(second), int(first))
        return _last_day(year, month) if year and 1 <= month <= 12 else None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _bracketed(text: str) -> dict[str, str] | None:
    found = re.findall(r"\((\d{2})\)([^()\x1d]+)\x1d?", text)
    return dict(found) if "".join(f"({key}){value}" for key, value in found) == text.replace(_SEPARATOR, "") else None


def _raw(text: str) -> dict[str, str] | None:
    parts: dict[str, str] = {}
    while text:
        key, rest = text[:2], text[2:]
        if key in _FIXED:
            value, text = rest[: _FIXED[key]], rest[_FIXED[key] :].removeprefix(_SEPARATOR)
            if len(value) < _FIXED[key] or not value.isdigit():
                return None
        elif key in _OPEN:
            value, _, text = rest.partition(_SEPARATOR)
            if not 0 < len(value) <= _OPEN[key]:
                return None
        else:
            return None
        parts[key] = value
    return parts


def _is_gtin(code: str) -> bool:
    if not re.fullmatch(r"\d{14}", code):
        return False
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(code))
    return total % 10 == 0


def _ndcs_of(gtin: str) -> tuple[str, ...]:
    """A US drug's GTIN holds 03, then the ten digits of its NDC, then the check digit."""
    return ndc_readings(gtin[3:13]) if gtin[1:3] == "03" else ()


def _expiry(text: str) -> date | None:
    """YYMMDD; a day of 00 means the last of the month. Years are 2000 to 2099: nothing on this shelf is older."""
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:])
    if not 1 <= month <= 12:
        return None
    last = _last_day(year, month)
    if day == 0:
        return last
    return last.replace(day=day) if day <= last.day else None


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
