"""How a medicine is written so that nobody reads it wrongly (ISMP), the same on the screen, on paper and on a label."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
POUND_IN_KG: Final = Decimal("0.45359237")  # the international pound, exact by definition (NIST SP 811, appendix B)
TALL_MAN_FILE: Final = Path(__file__).parents[3] / "db" / "reference" / "tall_man.csv"

# Units as they arrive, folded to lower case, and the one way in which they are written (ISMP list of error-prone abbreviations).
_UNITS: Final[Mapping[str, str]] = {
    "u": "units",
    "iu": "units",
    "unit": "units",
    "units": "units",
    "µg": "mcg",
    "μg": "mcg",
    "ug": "mcg",
    "mcg": "mcg",
    "cc": "mL",
    "ml": "mL",
    "l": "L",
    "gm": "g",
    "g": "g",
    "mg": "mg",
    "kg": "kg",
    "meq": "mEq",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
    "h": "h",
    "min": "min",
    "d": "day",
    "day": "day",
}
_DOSE_UNITS: Final = r"(?:million units|units?|IU|U|mcg|µg|μg|ug|mg|g|gm|kg|mL|ml|cc|L|mEq|mmol)"


def number(value: Decimal) -> str:
    """Every digit that counts and no other: 1,250 and 0.5, never 5.0, .5 or 1E+3."""
    plain = f"{abs(value):,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return f"\N{MINUS SIGN}{plain}" if value < 0 and plain != "0" else plain


def unit_word(unit: str) -> str:
    """The safe spelling of a unit: units for U and IU, mcg for µg, mL for cc; a unit that is not known stays as it is."""
    return "/".join(_UNITS.get(part.strip().lower(), part.strip()) for part in unit.split("/"))


def amount(value: Decimal, unit: str) -> str:
    """A quantity with its unit: ``1,250 mg``, ``0.5 mg``, ``10,000 units``, ``1 unit``, ``0.9%``."""
    written = unit_word(unit)
    if written == "%":
        return f"{number(value)}%"
    if value == 1 and written.split("/")[0] == "units":
        written = "unit" + written.removeprefix("units")
    return f"{number(value)} {written}"


def counted(quantity: Decimal | int, unit: str) -> str:
    """So many of a thing: ``1 vial``, ``3 vials``, ``2 boxes``, ``0.5 bottles``."""
    many = unit + ("es" if unit.endswith(("x", "s", "ch")) else "s")
    return f"{number(Decimal(quantity))} {unit if quantity == 1 else many}"


def money(value: Decimal) -> str:
    """US dollars with both cents; an amount of money, unlike a dose, keeps its zeros."""
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}${abs(value).quantize(Decimal('0.01'), ROUND_HALF_UP):,f}"


def unit_price(value: Decimal) -> str:
    """US dollars for one unit: both cents, and every further digit that counts (``$0.0315``)."""
    least = value.quantize(Decimal("0.01"))
    return money(value) if least == value else f"${number(value)}"


def day(on: date) -> str:
    """An unambiguous date: ``24 Nov 2026``."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year:04d}"


def moment(at: datetime) -> str:
    """An unambiguous date and time as it stands on the wall: ``24 Nov 2026 14:05``."""
    return f"{day(at)} {at:%H:%M}"


def month(on: date) -> str:
    """The month a paper is about: ``Nov 2026``."""
    return f"{MONTHS[on.month - 1]} {on.year:04d}"


def span(first: date, last: date) -> str:
    """Both days included: ``2 to 18 Nov 2026``, ``28 Dec 2026 to 3 Jan 2027``; one day stands alone."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} to {day(last)}"
    return f"{day(first)} to {day(last)}"


def weight(kg: Decimal) -> str:
    """Kilograms as recorded, with the pounds beside them: ``71.4 kg (157 lb)``; below 20 kg to a tenth of a pound."""
    step = Decimal("0.1") if kg < 20 else Decimal(1)
    return f"{number(kg)} kg ({number((kg / POUND_IN_KG).quantize(step, ROUND_HALF_UP))} lb)"


WEEK_HOURS: Final = 168


def frequency(hours: Decimal) -> str:
    """How often, in words: daily, weekly, ``every 12 hours``, ``every 8 weeks``; never QD or QOD."""
    words: Mapping[Decimal, str] = {Decimal(1): "every hour", Decimal(24): "daily", Decimal(168): "weekly"}
    if hours > WEEK_HOURS and hours % WEEK_HOURS == 0:
        return f"every {number(hours / WEEK_HOURS)} weeks"
    return words.get(hours, f"every {number(hours)} hours")


@lru_cache(maxsize=1)
def tall_man_names(file: Path = TALL_MAN_FILE) -> Mapping[str, str]:
    """Plain name to tall-man name, from the reference table."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["tall_man"] for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


def tall_man(name: str) -> str:
    """Write the look-alike names in a medicine's name, or in a sentence, with their tall-man letters."""
    names = tall_man_names()
    return re.sub(r"[^\W\d_]+", lambda found: names.get(found[0].lower(), found[0]), name)


_SAFE: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"(\d)\s*(?:IU|iu|U|u)\b"), r"\1 units"),
    (re.compile(r"(?<![\d.,])1 units\b"), "1 unit"),
    (re.compile(r"(\d)\s*(?:µg|μg|ug)\b"), r"\1 mcg"),
    (re.compile(r"(\d)\s*cc\b"), r"\1 mL"),
    (re.compile(r"\bq\.?\s?o\.?d\b\.?", re.IGNORECASE), "every other day"),
    (re.compile(r"\bq\.?\s?d\b\.?", re.IGNORECASE), "daily"),
    (re.compile(r"\bq\.?\s?(\d+)\s?h(?:rs?)?\b\.?", re.IGNORECASE), lambda found: frequency(Decimal(found[1]))),
    (re.compile(rf"(\d)({_DOSE_UNITS})(?![\w%])"), r"\1 \2"),
    (re.compile(rf"(?<![\d.,])\.(\d+\s+{_DOSE_UNITS})(?!\w)"), r"0.\1"),
    (re.compile(rf"(?<![\d.])(\d+(?:,\d+)*)\.0+(?=\s+{_DOSE_UNITS}(?!\w))"), r"\1"),
    (re.compile(rf"(?<![\d.,])(\d{{4,}})(?=\s+{_DOSE_UNITS}(?!\w))"), lambda found: f"{int(found[1]):,}"),
)


def safe_words(text: str) -> str:
    """Rewrite in directions what has one meaning only: 10000U, QD, q12h, .5 mg, 5.0 mg, µg, cc."""
    for unsafe, safe in _SAFE:
        text = unsafe.sub(safe, text)
    return text


@dataclass(frozen=True)
class Ambiguous:
    """A word in directions that has been read in two ways; a person says which, nobody guesses."""

    found: str
    because: str


_AMBIGUOUS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\bMS(?:O4)?\b"), "morphine sulfate or magnesium sulfate"),
    (re.compile(r"\bMgSO4\b"), "magnesium sulfate or morphine sulfate"),
    (re.compile(r"\bD/C\b", re.IGNORECASE), "discharge or discontinue"),
    (re.compile(r"\bHS\b"), "half strength or at bedtime"),
    (re.compile(r"\b(?:OD|O\.D\.)(?!\w)"), "right eye or once daily"),
    (re.compile(r"\b(?:NS|SWFI|Vanc|vanc)\b"), "a shortened name; write the drug or fluid in full"),
)


def ambiguous_words(text: str) -> tuple[Ambiguous, ...]:
    """The words of some directions that a person must write out, with what they might mean."""
    return tuple(Ambiguous(found[0], because) for pattern, because in _AMBIGUOUS for found in pattern.finditer(text))
