"""One row of the knowledge as people edit it: its kind, its columns as text, and the version that its content gives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Final

from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.interactions.rules.levels import Level

Fields = Mapping[str, str]
OURS: Final = ""  # the layer of our own reference
OWN_TAG: Final = "OWN"


class RowKind(StrEnum):
    """What a row of the knowledge speaks of."""

    PAIR = "pair"
    CONDITION = "condition or result"
    ALLERGY = "allergy"
    LINE = "line"
    FLUSH = "flush"
    MIX = "mixing"


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
}  # fmt: skip
IDENTITY: Final[Mapping[RowKind, tuple[str, ...]]] = {
    RowKind.PAIR: ("rule", "side_a", "side_b", "when", "route_a", "route_b"),
    RowKind.CONDITION: ("rule", "drugs", "when"),
    RowKind.ALLERGY: ("rule", "allergens", "drugs"),
    RowKind.LINE: ("grade", "drugs", "measure", "from"),
    RowKind.FLUSH: ("drugs", "fluids"),
    RowKind.MIX: ("drugs_a", "drugs_b"),
}
GRADES: Final[Mapping[str, tuple[str, str]]] = {
    "RED": ("V01", Level.STOP), "CENTRAL": ("V01", Level.STOP), "YELLOW": ("V02", Level.HOLD), "IRRITANT": ("V02", Level.HOLD),
    "PH": ("V02", Level.HOLD),
}  # fmt: skip


def key_of(kind: RowKind, fields: Fields) -> str:
    """The name of a row of our own reference: what it is about, so that a corrected level is a new version of the same row."""
    return f"{kind.name.lower()}-{digest({name: fields[name] for name in IDENTITY[kind]}).hex()[:10]}"


def version_of(fields: Fields) -> str:
    """Names the content of a row, whoever signed it; plain and quick, as a set may bring a hundred thousand rows."""
    said = "\x1f".join(f"{name}={text}" for name, text in sorted(fields.items()) if name != "signed_by")
    return sha256(said.encode()).hexdigest()[:10]


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
        return {RowKind.FLUSH: "Y04", RowKind.MIX: "Y02, Y03"}.get(self.kind) or self.fields["rule"]

    @property
    def level(self) -> str:
        """How strict it is; a row on mixing stops or warns by the line."""
        if self.kind is RowKind.LINE:
            return GRADES[self.fields["grade"]][1]
        return {RowKind.FLUSH: "STOP", RowKind.MIX: "STOP or WARN"}.get(self.kind) or self.fields["level"]

    @property
    def side_a(self) -> str:
        return self._shown("side_a")

    @property
    def side_b(self) -> str:
        if self.kind is RowKind.LINE:
            return f"peripheral line, {self.fields['grade'].lower()}"
        return self._shown("side_b" if "side_b" in COLUMNS[self.kind] else "condition")

    @property
    def text(self) -> str:
        """Mechanism and what to do."""
        return ": ".join(filter(None, (self._shown("mechanism"), self._shown("advice"))))

    def _shown(self, name: str) -> str:
        column = COLUMNS[self.kind].get(name)
        return "" if column is None else self.fields.get(column, "")
