"""The reviewed tables of medicines and rules, read from their CSV files and put together once."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

from infusiondesk.interactions.rules.conditions import against
from infusiondesk.interactions.rules.doses import UsualDose
from infusiondesk.interactions.rules.knowledge import (
    AllergyClass,
    AllergyRule,
    AntibodyInterval,
    ConditionRule,
    FirstDoseRow,
    FlushRule,
    Incompatibility,
    Knowledge,
    LineRule,
    PairRule,
    Row,
    Tables,
    Washout,
)
from infusiondesk.interactions.rules.levels import Level
from infusiondesk.interactions.rules.names import Ingredient
from infusiondesk.interactions.rules.pairs import holds
from infusiondesk.interactions.rules.rows import OURS, YES, KnownRow, RowKind, key_of

REFERENCE = Path(__file__).resolve().parents[3] / "db" / "reference"
_FILES = {
    RowKind.PAIR: "interaction_pairs.csv",
    RowKind.CONDITION: "condition_rules.csv",
    RowKind.ALLERGY: "allergy_rules.csv",
    RowKind.LINE: "line_rules.csv",
    RowKind.FLUSH: "flush_rules.csv",
    RowKind.MIX: "incompatibilities.csv",
    RowKind.LIMIT: "screening_limits.csv",
    RowKind.CLASS: "allergy_classes.csv",
    RowKind.CHAIN: "side_chains.csv",
    RowKind.FIRST_DOSE: "first_dose_risk.csv",
    RowKind.INTERVAL: "antibody_intervals.csv",
    RowKind.DOSE: "usual_doses.csv",
}
_OTHER_FILES = ("ingredients.csv", "ingredient_names.csv", "medicine_words.csv", "interaction_groups.csv")
Fields = Mapping[str, str]


@cache
def reference_knowledge() -> Knowledge:
    """What ships with the product; read once a process."""
    return Knowledge(read_tables(REFERENCE))


@cache
def reference_version() -> str:
    """Names the exact content of the shipped tables, so that an old screen can be told from a new one."""
    seal = sha256()
    for name in sorted((*_FILES.values(), *_OTHER_FILES)):
        seal.update((REFERENCE / name).read_bytes())
    return seal.hexdigest()[:12].upper()


def read_tables(folder: Path) -> Tables:
    """Every table of the screen; a rule, a condition or a name that nothing knows is refused here."""
    tables = Tables(
        ingredients=(*map(_ingredient, rows(folder / "ingredients.csv")), *map(_ingredient, rows(folder / "ingredient_names.csv"))),
        words=_words(folder),
        groups={row["group"]: _list(row["members"]) for row in rows(folder / "interaction_groups.csv")},
    )
    return with_rows(tables, rows_in(folder))


@cache
def shipped_rows() -> tuple[KnownRow, ...]:
    """The rows of our own reference as the release has them."""
    return rows_in(REFERENCE)


def rows_in(folder: Path) -> tuple[KnownRow, ...]:
    """Every row that people edit and sign, by name; two rows about the same thing are told apart by their place."""
    found: dict[str, KnownRow] = {}
    for kind, name in _FILES.items():
        for fields in rows(folder / name):
            key = key_of(kind, fields)
            while key in found:
                key += "+"
            found[key] = KnownRow(kind, key, OURS, fields, fields["signed_by"])
    return tuple(found.values())


def with_rows(tables: Tables, known: Iterable[KnownRow], more_pairs: tuple[PairRule, ...] = ()) -> Tables:
    """Tables with these rows in place of their own, switched-off ones left out; a condition that nothing knows is refused."""
    of: dict[RowKind, list[KnownRow]] = {kind: [] for kind in RowKind}
    silent: list[str] = []
    for row in known:
        if not row.is_off:
            of[row.kind].append(row)
        elif row.kind is RowKind.CHAIN:
            silent.append(row.fields["group"])
    chains = {row.fields["group"]: _list(row.fields["members"]) for row in of[RowKind.CHAIN]}
    return replace(
        tables,
        pairs=(*map(pair_of, of[RowKind.PAIR]), *more_pairs),
        incompatibilities=tuple(_incompatibility(row.fields, _named(row)) for row in of[RowKind.MIX]),
        flushes=tuple(_flush(row.fields, _named(row)) for row in of[RowKind.FLUSH]),
        lines=tuple(_line(row.fields, _named(row)) for row in of[RowKind.LINE]),
        conditions=tuple(_condition(row.fields, _named(row)) for row in of[RowKind.CONDITION]),
        allergy_rules=tuple(_allergy_rule(row.fields, _named(row)) for row in of[RowKind.ALLERGY]),
        groups={**tables.groups, **dict.fromkeys(silent, ()), **chains},
        chain_rows={row.fields["group"]: _named(row) for row in of[RowKind.CHAIN]},
        allergy_classes=tuple(_allergy_class(row.fields, _named(row)) for row in of[RowKind.CLASS]),
        antibody_intervals=tuple(sorted((_interval(row.fields, _named(row)) for row in of[RowKind.INTERVAL]), key=_by_dose)),
        first_doses=tuple(_first_dose(row.fields, _named(row)) for row in of[RowKind.FIRST_DOSE]),
        limits={row.fields["limit"]: Decimal(row.fields["value"]) for row in of[RowKind.LIMIT]},
        doses=tuple(UsualDose.of(row.fields, _named(row)) for row in of[RowKind.DOSE]),
        limit_rows={row.fields["limit"]: _named(row) for row in of[RowKind.LIMIT]},
    )


def pair_of(row: KnownRow) -> PairRule:
    """A row on a pair as the engine takes it."""
    return _pair(row.fields, _named(row))


def check(row: KnownRow) -> None:
    """Read one row as the engine will: a level, number or condition that nothing knows is a ValueError or KeyError."""
    with_rows(Tables(), [row])


def rows(path: Path) -> Iterator[Fields]:
    """The rows of one table; lines with # say what it is and where it is from."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _list(written: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in written.split(";")) if part)


def _number(written: str) -> Decimal | None:
    return Decimal(written) if written else None


def _named(row: KnownRow) -> Row:
    return Row(row.fields["source"], row.fields["status"], bool(row.signed_by), row.key, row.version, row.layer, row.signed_by)


def _ingredient(fields: Fields) -> Ingredient:
    return Ingredient(
        key=fields["ingredient"],
        shown=fields.get("shown", ""),
        counts_as=_list(fields.get("counts_as", "")),
        names=_list(fields["brands"]) + _list(fields.get("other_names", "")),
        rxcuis=_list(fields["rxcuis"]),
        at_home=fields.get("at_home") or None,
    )


def _words(folder: Path) -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    for row in rows(folder / "medicine_words.csv"):
        words.setdefault(row["kind"], set()).add(row["word"])
    return {kind: frozenset(of) for kind, of in words.items()}


def _pair(fields: Fields, row: Row) -> PairRule:
    holds(fields["when"])
    return PairRule(
        rule=fields["rule"],
        side_a=_list(fields["side_a"]),
        side_b=_list(fields["side_b"]),
        level=Level(fields["level"]),
        mechanism=fields["mechanism"],
        advice=fields["advice"],
        row=row,
        when=fields["when"],
        route_a=fields["route_a"],
        route_b=fields["route_b"],
        washout_a=_washout(fields["washout_a"]),
        washout_b=_washout(fields["washout_b"]),
        counts_same_twice=fields["same"] == YES,
    )


def _washout(written: str) -> Washout:
    """ "14; fluoxetine=35": fourteen days, thirty-five for fluoxetine."""
    days, lingering = None, {}
    for part in _list(written):
        ingredient, _, its_days = part.rpartition("=")
        if ingredient:
            lingering[ingredient] = Decimal(its_days)
        else:
            days = Decimal(part)
    return Washout(days, lingering)


def _incompatibility(fields: Fields, row: Row) -> Incompatibility:
    return Incompatibility(_list(fields["drugs_a"]), _list(fields["drugs_b"]), _list(fields["exceptions"]), fields["note"], row)


def _flush(fields: Fields, row: Row) -> FlushRule:
    return FlushRule(_list(fields["drugs"]), _list(fields["fluids"]), _list(fields["exceptions"]), fields["instead"], row)


def _line(fields: Fields, row: Row) -> LineRule:
    from_ = fields["from"]
    return LineRule(
        grade=fields["grade"],
        drugs=_list(fields["drugs"]),
        exceptions=_list(fields["exceptions"]),
        row=row,
        measure=fields["measure"],
        from_=_number(from_.lstrip(">=")),
        from_is_included=from_.startswith(">="),
        below=_number(fields["below"]),
        counts_when_unknown=fields["unknown"] == YES,
        ph_low=_number(fields["ph_low"]),
        ph_high=_number(fields["ph_high"]),
        only_continuous=fields["only"] == "continuous",
    )


def _condition(fields: Fields, row: Row) -> ConditionRule:
    against(fields["when"])
    return ConditionRule(
        rule=fields["rule"],
        drugs=_list(fields["drugs"]),
        when=fields["when"],
        level=Level(fields["level"]),
        mechanism=fields["mechanism"],
        advice=fields["advice"],
        row=row,
    )


def _allergy_class(fields: Fields, row: Row) -> AllergyClass:
    names, members = _list(fields["other_names"]), _list(fields["members"])
    return AllergyClass(fields["allergen"], names, members, fields["crosses"] == YES, row)


def _allergy_rule(fields: Fields, row: Row) -> AllergyRule:
    return AllergyRule(
        rule=fields["rule"],
        allergens=_list(fields["allergens"]),
        drugs=_list(fields["drugs"]),
        exceptions=_list(fields["exceptions"]),
        level=Level(fields["level"]),
        also=_list(fields["also"]),
        mechanism=fields["mechanism"],
        advice=fields["advice"],
        row=row,
    )


def _interval(fields: Fields, row: Row) -> AntibodyInterval:
    return AntibodyInterval(fields["product"], _number(fields["up_to_mg_kg"]), int(fields["months"]), row)


def _by_dose(interval: AntibodyInterval) -> tuple[bool, Decimal]:
    """The first row that holds a dose is the one of the smallest; one for any dose stands behind the others."""
    return interval.up_to_mg_kg is None, interval.up_to_mg_kg or Decimal(0)


def _first_dose(fields: Fields, row: Row) -> FirstDoseRow:
    return FirstDoseRow(fields["risk"], _list(fields["drugs"]), fields["when"], row)
