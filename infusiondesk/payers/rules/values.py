"""The kinds of value that a profile field may hold: how each is judged, kept as JSON, read from typing and said in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Protocol

from infusiondesk.foundation.kernel.ismp import day, money, number

CODE: Final = re.compile(r"[A-Z][0-9]{4}|[0-9]{4}[A-Z0-9]")  # HCPCS level II or CPT
POS: Final = re.compile(r"[0-9]{2}")
SITES: Final = ("home", "infusion_suite")


class Wrong(Exception):
    """What was typed or given is no value of this field; the sentence says what is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Kind(Protocol):
    """One kind of value."""

    @property
    def hint(self) -> str:
        """What may be entered, for the person."""
        ...

    def checked(self, value: Any) -> Any:
        """The value as JSON keeps it; raises Wrong."""
        ...

    def read(self, typed: str) -> Any:
        """The value from what somebody typed; raises Wrong."""
        ...

    def said(self, value: Any) -> str:
        """The value in words."""
        ...


@dataclass(frozen=True)
class OneOf:
    """One word of a list; `None` among the words means that the field may be empty on purpose."""

    words: tuple[str | None, ...]

    @property
    def hint(self) -> str:
        return "one of " + ", ".join(map(self.said, self.words))

    def checked(self, value: Any) -> Any:
        if value in self.words:
            return value
        raise Wrong(f"It must be {self.hint}.")

    def read(self, typed: str) -> Any:
        word = typed.strip()
        return self.checked(None if word == "none" and None in self.words else word)

    def said(self, value: Any) -> str:
        return "none" if value is None else str(value).replace("_", " ")


@dataclass(frozen=True)
class YesNo:
    """True or false."""

    hint: str = "yes or no"

    def checked(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        raise Wrong("It must be yes or no.")

    def read(self, typed: str) -> Any:
        return self.checked({"yes": True, "no": False}.get(typed.strip().casefold()))

    def said(self, value: Any) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class Number:
    """A number, whole or not, from a least value on; `may_be_empty` allows no limit."""

    least: Decimal = Decimal(0)
    whole: bool = True
    may_be_empty: bool = False

    @property
    def hint(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} of at least {number(self.least)}{', or none' if self.may_be_empty else ''}"

    def checked(self, value: Any) -> Any:
        if value is None and self.may_be_empty:
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= self.least:
            if not self.whole:
                return str(value)
            if value == int(value):
                return int(value)
        raise Wrong(f"It must be {self.hint}.")

    def read(self, typed: str) -> Any:
        word = typed.strip().casefold()
        if word in ("", "none"):
            return self.checked(None)
        return self.checked(_decimal(word))

    def said(self, value: Any) -> str:
        return "no limit" if value is None else number(Decimal(str(value)))


@dataclass(frozen=True)
class OneCode:
    """One HCPCS or CPT code, or none."""

    hint: str = "a code such as S9500, or nothing"

    def checked(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        return _code(value)

    def read(self, typed: str) -> Any:
        return self.checked(typed.strip().upper())

    def said(self, value: Any) -> str:
        return value or "none"


@dataclass(frozen=True)
class Codes:
    """A list of codes; `words` may stand instead of it."""

    words: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        return "".join(f"{word}, or " for word in self.words) + "codes separated by commas"

    def checked(self, value: Any) -> Any:
        if isinstance(value, str) and value in self.words:
            return value
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise Wrong(f"It must be {self.hint}.")
        return sorted({_code(one) for one in value})

    def read(self, typed: str) -> Any:
        word = typed.strip()
        if word.casefold() in self.words:
            return word.casefold()
        return self.checked([part.upper() for part in re.split(r"[,\s]+", word) if part])

    def said(self, value: Any) -> str:
        return value if isinstance(value, str) else ", ".join(value) or "no codes"


@dataclass(frozen=True)
class Rates:
    """Prices by code, each from a day and until a day where the contract says so (billing 2.6: dated)."""

    hint: str = "one line for each: code, dollars, and “from 2026-01-01” or “until 2026-12-31” where the price is dated"

    def checked(self, value: Any) -> Any:
        """A mapping of code to dollars, or a list of code, usd, from, until; kept as the list."""
        if isinstance(value, Mapping):
            value = [{"code": code, "usd": usd} for code, usd in value.items()]
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise Wrong("Rates are a list of codes with dollars.")
        rates = [_rate(one) for one in value]
        for place, one in enumerate(rates):
            if any(_overlap(one, other) for other in rates[:place]):
                raise Wrong(f"{one['code']} has two prices for one day; give the first an end.")
        return sorted(rates, key=lambda rate: (rate["code"], rate["from"] or ""))

    def read(self, typed: str) -> Any:
        return self.checked([_rate_line(line) for line in typed.splitlines() if line.strip()])

    def said(self, value: Any) -> str:
        return "; ".join(_rate_words(rate) for rate in value) or "no rates"

    def typed(self, value: Any) -> str:
        """The lines that would read as this value."""
        lines = []
        for rate in value:
            dated = "".join(f" {word} {rate[word]}" for word in ("from", "until") if rate[word])
            lines.append(f"{rate['code']} {number(Decimal(rate['usd'])).replace(',', '')}{dated}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Places:
    """The place-of-service code of each site."""

    hint: str = "home 12, infusion_suite 49"

    def checked(self, value: Any) -> Any:
        if not isinstance(value, Mapping) or set(value) - set(SITES):
            raise Wrong(f"It must name the codes of {' and '.join(SITES)}.")
        for site, code in value.items():
            if code not in (None, "") and not POS.fullmatch(str(code)):
                raise Wrong(f"The place-of-service code of {site} has two digits, not “{code}”.")
        return {site: str(value.get(site) or "") or None for site in SITES}

    def read(self, typed: str) -> Any:
        parts = typed.replace(",", " ").split()
        if len(parts) % 2:
            raise Wrong(f"Write it like {self.hint}.")
        return self.checked(dict(zip(parts[::2], parts[1::2], strict=True)))

    def said(self, value: Any) -> str:
        return ", ".join(f"{site.replace('_', ' ')} {value.get(site) or 'unknown'}" for site in SITES)


def typed_words(kind: Kind, value: Any) -> str:
    """What a person would type for this value."""
    if isinstance(kind, OneOf):
        return "none" if value is None else str(value)
    if isinstance(kind, Rates):
        return kind.typed(value)
    if isinstance(kind, Places):
        return ", ".join(f"{site} {code}" for site, code in value.items() if code)
    if isinstance(kind, Number):
        return "none" if value is None else kind.said(value).replace(",", "")
    if isinstance(kind, Codes | OneCode):
        return "" if not value else kind.said(value)
    return kind.said(value)


def _code(value: Any) -> str:
    if isinstance(value, str) and CODE.fullmatch(value):
        return value
    raise Wrong(f"“{value}” is not a HCPCS or CPT code.")


def _decimal(word: str) -> Decimal:
    try:
        found = Decimal(word.replace("$", "").replace(",", ""))
    except InvalidOperation:
        raise Wrong(f"“{word}” is not a number.") from None
    if not found.is_finite():
        raise Wrong(f"“{word}” is not a number.")
    return found


def _rate(value: Any) -> dict[str, str | None]:
    if not isinstance(value, Mapping) or set(value) - {"code", "usd", "from", "until"}:
        raise Wrong("A rate has a code, dollars, and perhaps from and until.")
    code, usd = _code(value.get("code")), _decimal(str(value.get("usd")))
    if usd < 0 or usd != usd.quantize(Decimal("0.01")):
        raise Wrong(f"{usd} is no price; dollars with at most two places for cents.")
    start, until = _date(value.get("from")), _date(value.get("until"))
    if start and until and until <= start:
        raise Wrong(f"The rate of {code} ends before it begins.")
    return {"code": code, "usd": str(usd), "from": start, "until": until}


def _date(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    except ValueError:
        raise Wrong(f"“{value}” is not a day; write it like 2026-01-31.") from None


def _overlap(one: Mapping[str, str | None], other: Mapping[str, str | None]) -> bool:
    if one["code"] != other["code"]:
        return False
    return (one["from"] or "") < (other["until"] or "9999") and (other["from"] or "") < (one["until"] or "9999")


def _rate_line(line: str) -> dict[str, str]:
    found = re.fullmatch(r"\s*(\S+)\s+\$?(\S+?)(?:\s+from\s+(\S+))?(?:\s+until\s+(\S+))?\s*", line)
    if found is None:
        raise Wrong(f"“{line.strip()}” is no rate; write it like S9500 130.50 from 2026-01-01.")
    code, usd, start, until = found.groups()
    return {"code": code.upper(), "usd": usd, "from": start or "", "until": until or ""}


def _rate_words(rate: Mapping[str, str | None]) -> str:
    dated = "".join(f" {word} {day(date.fromisoformat(on))}" for word in ("from", "until") if (on := rate[word]))
    return f"{rate['code']} {money(Decimal(rate['usd'] or 0))}{dated}"
