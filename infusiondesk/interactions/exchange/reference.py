"""The reviewed tables of medicines and rules, read from their CSV files and put together once."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

from infusiondesk.interactions.rules.conditions import against
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

REFERENCE = Path(__file__).resolve().parents[3] / "db" / "reference"
_YES = "yes"
Fields = dict[str, str]


@cache
def reference_knowledge() -> Knowledge:
    """What ships with the product; read once a process."""
    return Knowledge(read_tables(REFERENCE))


def read_tables(folder: Path) -> Tables:
    """Every table of the screen; a rule, a condition or a name that nothing knows is refused here."""
    tables = Tables(
        ingredients=(*map(_ingredient, rows(folder / "ingredients.csv")), *map(_ingredient, rows(folder / "ingredient_names.csv"))),
        words=_words(folder),
        groups={row["group"]: _list(row["members"]) for row in rows(folder / "interaction_groups.csv")},
        pairs=tuple(map(_pair, rows(folder / "interaction_pairs.csv"))),
        incompatibilities=tuple(map(_incompatibility, rows(folder / "incompatibilities.csv"))),
        flushes=tuple(map(_flush, rows(folder / "flush_rules.csv"))),
        lines=tuple(map(_line, rows(folder / "line_rules.csv"))),
        conditions=tuple(map(_condition, rows(folder / "condition_rules.csv"))),
        allergy_classes=tuple(map(_allergy_class, rows(folder / "allergy_classes.csv"))),
        allergy_rules=tuple(map(_allergy_rule, rows(folder / "allergy_rules.csv"))),
        antibody_intervals=tuple(map(_interval, rows(folder / "antibody_intervals.csv"))),
        first_doses=tuple(map(_first_dose, rows(folder / "first_dose_risk.csv"))),
        limits={row["limit"]: Decimal(row["value"]) for row in rows(folder / "screening_limits.csv")},
    )
    for pair in tables.pairs:
        holds(pair.when)
    for condition in tables.conditions:
        against(condition.when)
    return tables


def rows(path: Path) -> Iterator[Fields]:
    """The rows of one table; lines with # say what it is and where it is from."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _list(written: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in written.split(";")) if part)


def _number(written: str) -> Decimal | None:
    return Decimal(written) if written else None


def _row(fields: Fields) -> Row:
    return Row(fields["source"], fields.get("status", "memory"), bool(fields["signed_by"]))


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


def _pair(fields: Fields) -> PairRule:
    return PairRule(
        rule=fields["rule"],
        side_a=_list(fields["side_a"]),
        side_b=_list(fields["side_b"]),
        level=Level(fields["level"]),
        mechanism=fields["mechanism"],
        advice=fields["advice"],
        row=_row(fields),
        when=fields["when"],
        route_a=fields["route_a"],
        route_b=fields["route_b"],
        washout_a=_washout(fields["washout_a"]),
        washout_b=_washout(fields["washout_b"]),
        counts_same_twice=fields["same"] == _YES,
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


def _incompatibility(fields: Fields) -> Incompatibility:
    return Incompatibility(
        _list(fields["drugs_a"]), _list(fields["drugs_b"]), _list(fields["exceptions"]), fields["note"], _row(fields)
    )


def _flush(fields: Fields) -> FlushRule:
    return FlushRule(_list(fields["drugs"]), _list(fields["fluids"]), _list(fields["exceptions"]), fields["instead"], _row(fields))


def _line(fields: Fields) -> LineRule:
    from_ = fields["from"]
    return LineRule(
        grade=fields["grade"],
        drugs=_list(fields["drugs"]),
        exceptions=_list(fields["exceptions"]),
        row=_row(fields),
        measure=fields["measure"],
        from_=_number(from_.lstrip(">=")),
        from_is_included=from_.startswith(">="),
        below=_number(fields["below"]),
        counts_when_unknown=fields["unknown"] == _YES,
        ph_low=_number(fields["ph_low"]),
        ph_high=_number(fields["ph_high"]),
        only_continuous=fields["only"] == "continuous",
    )


def _condition(fields: Fields) -> ConditionRule:
    return ConditionRule(
        rule=fields["rule"],
        drugs=_list(fields["drugs"]),
        when=fields["when"],
        level=Level(fields["level"]),
        mechanism=fields["mechanism"],
        advice=fields["advice"],
        row=_row(fields),
    )


def _allergy_class(fields: Fields) -> AllergyClass:
    return AllergyClass(
        fields["allergen"], _list(fields["other_names"]), _list(fields["members"]), fields["crosses"] == _YES, _row(fields)
    )


def _allergy_rule(fields: Fields) -> AllergyRule:
    return AllergyRule(
        rule=fields["rule"],
        allergens=_list(fields["allergens"]),
        drugs=_list(fields["drugs"]),
        exceptions=_list(fields["exceptions"]),
        level=Level(fields["level"]),
        also=_list(fields["also"]),
        mechanism=fields["mechanism"],
        advice=fields["advice"],
        row=_row(fields),
    )


def _interval(fields: Fields) -> AntibodyInterval:
    return AntibodyInterval(fields["product"], _number(fields["up_to_mg_kg"]), int(fields["months"]))


def _first_dose(fields: Fields) -> FirstDoseRow:
    return FirstDoseRow(fields["risk"], _list(fields["drugs"]), fields["when"], _row(fields))
