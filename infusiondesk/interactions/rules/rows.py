"""One row of the knowledge as people edit it: its kind, its columns as text, and the version that its content gives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Final

from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.interactions.rules.doses import dose_words
from infusiondesk.interactions.rules.levels import Level

Fields = Mapping[str, str]
OURS: Final = ""  # the layer of our own reference
OWN_TAG: Final = "OWN"
YES: Final = "yes"


class RowKind(StrEnum):
    """What a row of the knowledge speaks of: first the rules, then the facts that rules decide by."""

    PAIR = "pair"
    CONDITION = "condition or result"
    ALLERGY = "allergy"
    LINE = "line"
    FLUSH = "flush"
    MIX = "mixing"
    LIMIT = "limit"
    CLASS = "allergy class"
    CHAIN = "side chain"
    FIRST_DOSE = "first dose"
    INTERVAL = "wait for a vaccine"
    DOSE = "dose"


# Which columns of a table stand behind the fields of the one form; the rule's name and what a row is about name the row.
COLUMNS: Final[Mapping[RowKind, Mapping[str, str]]] = {
    RowKind.PAIR: {
        "side_a": "side_a", "side_b": "side_b", "level": "level", "condition": "when", "route_a": "route_a", "route_b": "route_b",
        "washout_a": "washout_a", "washout_b": "washout_b", "mechanism": "mechanism", "advice": "advice",
    },
    RowKind.CONDITION: {"side_a": "drugs", "condition": "when", "level": "level", "mechanism": "mechanism", "advice": "advice"},
    RowKind.ALLERGY: {
        "side_a": "drugs", "side_b": "allergens", "exceptions": "exceptions", "level": "level", "mechanism": "mechanism",
        "advice": "advice",
    },
    RowKind.LINE: {
        "side_a": "drugs", "exceptions": "exceptions", "grade": "grade", "measure": "measure", "at_least": "from",
        "below": "below",
    },
    RowKind.FLUSH: {"side_a": "drugs", "side_b": "fluids", "exceptions": "exceptions", "advice": "instead"},
    RowKind.MIX: {"side_a": "drugs_a", "side_b": "drugs_b", "exceptions": "exceptions", "advice": "note"},
    RowKind.LIMIT: {"amount": "value"},
    RowKind.CLASS: {"side_a": "members", "side_b": "other_names", "crosses": "crosses"},
    RowKind.CHAIN: {"side_a": "members"},
    RowKind.FIRST_DOSE: {"side_a": "drugs", "risk": "risk", "condition": "when"},
    RowKind.INTERVAL: {"up_to": "up_to_mg_kg", "amount": "months"},
    RowKind.DOSE: {
        "side_a": "ingredient", "low": "low", "high": "high", "unit": "unit", "route_a": "route", "age_from": "age_from",
        "age_below": "age_below", "clearance_from": "clearance_from", "clearance_below": "clearance_below",
    },
}  # fmt: skip
IDENTITY: Final[Mapping[RowKind, tuple[str, ...]]] = {
    RowKind.PAIR: ("rule", "side_a", "side_b", "when", "route_a", "route_b"),
    RowKind.CONDITION: ("rule", "drugs", "when"),
    RowKind.ALLERGY: ("rule", "allergens", "drugs"),
    RowKind.LINE: ("grade", "drugs", "measure", "from"),
    RowKind.FLUSH: ("drugs", "fluids"),
    RowKind.MIX: ("drugs_a", "drugs_b"),
    RowKind.LIMIT: ("limit",),
    RowKind.CLASS: ("allergen",),
    RowKind.CHAIN: ("group",),
    RowKind.FIRST_DOSE: ("drugs", "when"),
    RowKind.INTERVAL: ("product", "up_to_mg_kg"),
    RowKind.DOSE: ("ingredient", "unit", "route", "age_from", "age_below", "clearance_from", "clearance_below"),
}
GRADES: Final[Mapping[str, tuple[str, str]]] = {
    "RED": ("V01", Level.STOP), "CENTRAL": ("V01", Level.STOP), "YELLOW": ("V02", Level.HOLD), "IRRITANT": ("V02", Level.HOLD),
    "PH": ("V02", Level.HOLD),
}  # fmt: skip
# How rules of a kind are cited whose table has no column for it, and what stands where a rule has its level.
_CITED: Final[Mapping[RowKind, tuple[str, str]]] = {
    RowKind.FLUSH: ("Y04", "STOP"), RowKind.MIX: ("Y02, Y03", "STOP or WARN"), RowKind.LIMIT: ("Limit", "limit"),
    RowKind.CLASS: ("Class", "class"), RowKind.CHAIN: ("Side chain", "class"), RowKind.INTERVAL: ("Wait", "wait"),
    RowKind.DOSE: ("Dose", "range"),
}  # fmt: skip
_FACTS: Final = (RowKind.LIMIT, RowKind.CLASS, RowKind.CHAIN, RowKind.FIRST_DOSE, RowKind.INTERVAL, RowKind.DOSE)


def key_of(kind: RowKind, fields: Fields) -> str:
    """The name of a row of our own reference: what it is about, so that a corrected level is a new version of the same row."""
    return f"{kind.name.lower()}-{digest({name: fields[name] for name in IDENTITY[kind]}).hex()[:10]}"


def version_of(fields: Fields) -> str:
    """Names the content of a row, whoever signed it; plain and quick, as a set may bring a hundred thousand rows."""
    said = "\x1f".join(f"{name}={text}" for name, text in sorted(fields.items()) if name != "signed_by")
    return sha256(said.encode()).hexdigest()[:10]


def is_fact(kind: RowKind) -> bool:
    """No rule: what rules decide by."""
    return kind in _FACTS


def between(kind: RowKind, side_a: str, side_b: str) -> str:
    """Both sides in words: two that meet, or a thing and what is known of it."""
    return f"{side_a}: {side_b}" if is_fact(kind) else f"{side_a} with {side_b}"


@dataclass(frozen=True)
class KnownRow:
    """A row in force, or switched off: what it says, where it is from, who put a name under it."""

    kind: RowKind
    key: str
    layer: str
    fields: Fields
    signed_by: str = ""
    is_off: bool = False
    changes: int = 0

    @cached_property
    def version(self) -> str:
        return version_of(self.fields)

    @property
    def rule(self) -> str:
        """The name under which alerts cite it."""
        if self.kind is RowKind.LINE:
            return GRADES[self.fields["grade"]][0]
        if self.kind is RowKind.FIRST_DOSE:
            return "First dose"
        return _CITED[self.kind][0] if self.kind in _CITED else self.fields["rule"]

    @property
    def level(self) -> str:
        """How strict it is; a row on mixing stops or warns by the line, a fact is no alert by itself."""
        if self.kind is RowKind.LINE:
            return GRADES[self.fields["grade"]][1]
        if self.kind is RowKind.FIRST_DOSE:
            return self.fields["risk"]
        return _CITED[self.kind][1] if self.kind in _CITED else self.fields["level"]

    @property
    def side_a(self) -> str:
        if name := {RowKind.LIMIT: "meaning", RowKind.CLASS: "allergen", RowKind.CHAIN: "group", RowKind.INTERVAL: "product"}.get(
            self.kind
        ):
            return self.fields[name]
        return self._shown("side_a")

    @property
    def side_b(self) -> str:
        fields = self.fields
        match self.kind:
            case RowKind.LINE:
                return f"peripheral line, {fields['grade'].lower()}"
            case RowKind.LIMIT:
                unit = fields["unit"].removesuffix("s") if fields["value"] == "1" else fields["unit"]
                return f"{fields['value']} {unit}".strip()
            case RowKind.CLASS:
                return fields["members"] or "no medicine by itself"
            case RowKind.CHAIN:
                return fields["members"]
            case RowKind.FIRST_DOSE:
                return fields["when"] or "always"
            case RowKind.INTERVAL:
                dose = f"up to {fields['up_to_mg_kg']} mg/kg, " if fields["up_to_mg_kg"] else ""
                return f"{dose}{fields['months']} months"
            case RowKind.DOSE:
                return dose_words(fields)
        return self._shown("side_b" if "side_b" in COLUMNS[self.kind] else "condition")

    @property
    def between(self) -> str:
        """Both sides in words."""
        return between(self.kind, self.side_a, self.side_b)

    @property
    def text(self) -> str:
        """Mechanism and what to do; of a class, under which names people write it and whether it crosses."""
        if self.kind is RowKind.CLASS:
            crossing = "Who reacts to one member is screened for the others." if self.fields["crosses"] == YES else ""
            named = f"Also written {self.fields['other_names'].replace('; ', ', ')}." if self.fields["other_names"] else ""
            return " ".join(filter(None, (named, crossing)))
        return ": ".join(filter(None, (self._shown("mechanism"), self._shown("advice"))))

    @property
    def is_fact(self) -> bool:
        """No rule: what rules decide by."""
        return is_fact(self.kind)

    @property
    def said(self) -> str:
        """What it decides, in words that can stand beside those of another version."""
        if self.is_fact:
            return " ".join(filter(None, (self.level if self.kind is RowKind.FIRST_DOSE else "", self.side_b, self.text)))
        return f"{self.level}: {self.text}"

    def _shown(self, name: str) -> str:
        column = COLUMNS[self.kind].get(name)
        return "" if column is None else self.fields.get(column, "")
