"""Names, numbers and telephones of people: what is accepted, how it is found again, and a record number that catches a slip."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final

from infusiondesk.foundation.kernel.ismp import MONTHS

LONGEST_FIRST: Final = 35  # characters, clinical 1.2 DEM01-08
LONGEST_LAST: Final = 60

# Straight and curly apostrophes, the three hyphens, period and space.
_MARKS: Final = frozenset("'\u2019\u2018\u02bc-\u2010\u2011. ")
# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "e"}
)
# Quasigroup of order ten (H. M. Damm, 2004): catches every wrong digit and every swap of neighbours.
_DAMM: Final = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def folded(text: str) -> str:
    """A name without case, accents, punctuation and spaces, so that *obrien* finds O’Brien and *nguyen* finds Nguyễn."""
    # Taken apart, folded, taken apart again: folding can join what was apart, and compatibility letters unfold into capitals.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_PLAIN)
    return "".join(letter for letter in plain if letter.isalnum())


def name_problem(label: str, name: str, longest: int) -> str | None:
    """Why this cannot be a legal name, in one sentence, or None (clinical 1.2 DEM01-08)."""
    written = unicodedata.normalize("NFC", name.strip())
    if not written:
        return f"Enter the {label}."
    if len(written) > longest:
        return f"The {label} has {len(written)} characters; at most {longest} fit on claims and labels."
    wrong = [sign for sign in written if unicodedata.category(sign)[0] not in "LM" and sign not in _MARKS]
    if wrong:
        return f"The {label} may hold letters, apostrophe, hyphen, space and period, but not “{wrong[0]}”."
    if not any(sign.isalpha() for sign in written):
        return f"The {label} needs a letter."
    return None


def search_words(text: str) -> tuple[str, ...]:
    """The folded words of a search."""
    return tuple(word for part in text.split() if (word := folded(part)))


def search_key(names: Iterable[str]) -> str:
    """Everything by which a person is found, folded, one space between the names."""
    return " ".join(key for name in names if (key := folded(name)))


def check_digit(digits: str) -> str:
    """The Damm check digit of some digits."""
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def record_number(serial: int) -> str:
    """A medical record number from its serial: ``40-118-7``, the last digit checks the others."""
    digits = f"{serial:05}"
    return f"{digits[:-3]}-{digits[-3:]}-{check_digit(digits)}"


def record_number_digits(text: str) -> str | None:
    """The digits of a record number as somebody typed it, None when it is none or its check digit is wrong."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]{6,}", digits) or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits


def phone_digits(text: str) -> str | None:
    """The ten digits of a US telephone number, None when it is none; a leading 1 and the usual marks are dropped."""
    digits = re.sub(r"[\s().+-]", "", text)
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return digits if re.fullmatch(r"[0-9]{10}", digits) else None


def phone_text(digits: str) -> str:
    """A telephone number as it is read aloud: ``312-555-0142``."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits


def dea_is_valid(text: str) -> bool:
    """True for a DEA number whose check digit holds: first, third and fifth plus twice the others ends in the seventh (memory)."""
    if not re.fullmatch(r"[A-Z][A-Z9][0-9]{7}", text):
        return False
    digits = [int(digit) for digit in text[2:]]
    total = digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])
    return total % 10 == digits[6]


def typed_date(text: str) -> date | None:
    """The day typed into a search: ``1964-03-14``, ``3/14/1964`` (month first), ``14 Mar 1964``; None when it is none."""
    if found := re.fullmatch(r"\s*([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\s*", text):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"\s*([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\s*", text):
        month, day, year = map(int, found.groups())
    elif (found := re.fullmatch(r"\s*([0-9]{1,2}) ([A-Za-z]{3})[a-z]* ([0-9]{4})\s*", text)) and found[2].title() in MONTHS:
        day, month, year = int(found[1]), MONTHS.index(found[2].title()) + 1, int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
