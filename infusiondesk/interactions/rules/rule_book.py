"""The rule book: every row of our own reference as a page that a pharmacist in charge can review from top to bottom."""

from collections.abc import Iterable, Mapping
from typing import Final

from infusiondesk.interactions.rules.levels import rule_rank
from infusiondesk.interactions.rules.rows import KnownRow, RowKind

_TITLES: Final[Mapping[RowKind, str]] = {
    RowKind.PAIR: "Medicine and medicine",
    RowKind.CONDITION: "Medicine and condition, test or result",
    RowKind.ALLERGY: "Medicine and allergy, beyond its class",
    RowKind.LINE: "Medicine and line",
    RowKind.FLUSH: "Medicine and flush or diluent",
    RowKind.MIX: "Infusions that must not meet",
}
_FACTS: Final[Mapping[RowKind, tuple[str, str, str]]] = {
    RowKind.LIMIT: ("Limits of the screen", "limit", "value"),
    RowKind.CLASS: ("What people are allergic to", "class", "medicines, other names"),
    RowKind.CHAIN: ("Side chains of beta-lactams", "side chain", "medicines"),
    RowKind.FIRST_DOSE: ("How risky a first dose is at home", "medicines", "risk, for whom"),
    RowKind.INTERVAL: ("Waits before MMR and varicella vaccine", "after", "wait"),
    RowKind.DOSE: ("Usual doses", "medicine", "range"),
}
_HEAD: Final = """# Rule book

Printed from the tables of our own reference; it is reviewed here and signed under [Interactions](interactions.md). *any X* is a
group; its members stand at the end. Rules that are written into the program (A01 to A08 on beta-lactams, tip position, sums of
potassium) are described under [Screening](screening.md). Not in any table yet: D12, nutrition and hydration over 3 litres a day.
"""


def rule_book(rows: Iterable[KnownRow], groups: Mapping[str, Iterable[str]]) -> str:
    """The page in Markdown: one table for each kind in the order of the rules, then the groups."""
    parts = [_HEAD]
    known = list(rows)
    for kind, title in _TITLES.items():
        of = sorted((row for row in known if row.kind is kind), key=lambda row: rule_rank(row.rule.split(",")[0]))
        parts.append(f"\n## {title}\n\n| rule | one side | other side | level | what happens, what to do | source | rests on |")
        parts.append("|---|---|---|---|---|---|---|")
        parts += [_line(row) for row in of]
    for kind, (title, about, what) in _FACTS.items():
        parts.append(f"\n## {title}\n\n| {about} | {what} | source | rests on |\n|---|---|---|---|")
        parts += [_fact(row) for row in known if row.kind is kind]
    parts.append("\n## Groups\n\n| group | members |\n|---|---|")
    parts += [f"| {name} | {', '.join(sorted(of))} |" for name, of in sorted(groups.items())]
    return "\n".join(parts) + "\n"


def _line(row: KnownRow) -> str:
    wanted = row.fields.get("when", "") if row.kind is RowKind.PAIR else ""
    routes = [
        f"{side} {route}" for side, route in (("one side", _of(row, "route_a")), ("other side", _of(row, "route_b"))) if route
    ]
    washouts = [_washout(days) for days in (_of(row, "washout_a"), _of(row, "washout_b")) if days]
    measure = " ".join(
        filter(None, (_of(row, "measure"), _of(row, "from"), f"below {row.fields['below']}" if _of(row, "below") else ""))
    )
    exceptions = _of(row, "exceptions")
    more = [f"if {wanted}" if wanted else "", *routes, *washouts, measure, f"not {_plain(exceptions)}" if exceptions else ""]
    other = "; ".join(filter(None, (_plain(row.side_b), *more)))
    cells = (row.rule, _plain(row.side_a), other, row.level, row.text, row.fields["source"], row.fields["status"])
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _fact(row: KnownRow) -> str:
    said = row.said if row.kind is RowKind.FIRST_DOSE else ". ".join(filter(None, (_plain(row.side_b), row.text)))
    cells = (_plain(row.side_a), said, row.fields["source"], row.fields["status"])
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _of(row: KnownRow, column: str) -> str:
    return row.fields.get(column, "")


def _plain(side: str) -> str:
    names = [name.strip() for name in side.split(";") if name.strip()]
    return ", ".join(f"any {name[1:].removeprefix('any ')}" if name.startswith("@") else name for name in names)


def _washout(days: str) -> str:
    """ "14; fluoxetine=35": 14 days after the last dose, fluoxetine 35."""
    first, *more = (part.strip() for part in days.split(";"))
    return ", ".join([f"{first} days after the last dose", *(part.replace("=", " ") for part in more)])
