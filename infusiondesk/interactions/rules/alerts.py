"""From single findings to alerts: one alert for a pair, at the strictest level, with every rule that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from infusiondesk.interactions.rules.knowledge import Beside, Row
from infusiondesk.interactions.rules.levels import Level, rule_rank


@dataclass(frozen=True)
class Hit:
    """One rule that holds for one pair; `written` is how the chart has both sides, `beside` what it decided by."""

    a: str
    b: str
    level: Level
    rule: str
    text: str
    row: Row
    written: tuple[str, str]
    wait_months: int | None = None
    is_about_waiting: bool = False
    beside: Beside = ()


@dataclass(frozen=True)
class Used:
    """The row of the knowledge that an alert stands on, in its version; `signed_by` is empty where nobody has signed it."""

    rule: str
    key: str
    version: str
    layer: str
    signed_by: str


@dataclass(frozen=True)
class Alert:
    """What a person sees for one pair; `charted` is how the chart has both sides.

    `looked_at` holds the facts beside it that an answer depends on (`rules.looked_at`).
    """

    a: str
    b: str
    level: Level
    rule: str
    other_rules: tuple[str, ...]
    text: str
    sources: tuple[str, ...]
    written: tuple[str, str]
    unsigned_rules: tuple[str, ...]
    statuses: tuple[str, ...]
    rows: tuple["Used", ...] = ()
    wait_months: int | None = None
    is_about_waiting: bool = False
    charted: tuple[str, str] = field(default=("", ""), compare=False)
    looked_at: Mapping[str, object] = field(default_factory=dict, compare=False)

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule, the strictest first."""
        return (self.rule, *self.other_rules)

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.a, self.b))


def merged(hits: Iterable[Hit]) -> tuple[Alert, ...]:
    """One alert for each pair, the strictest alerts first (clinical 0.2)."""
    by_pair: dict[frozenset[str], list[Hit]] = {}
    for hit in hits:
        by_pair.setdefault(frozenset((hit.a, hit.b)), []).append(hit)
    alerts = [_merged(of) for of in by_pair.values()]
    return tuple(sorted(alerts, key=lambda alert: (alert.level.rank, rule_rank(alert.rule), alert.a, alert.b)))


def _merged(hits: list[Hit]) -> Alert:
    hits = sorted(hits, key=lambda hit: (hit.level.rank, rule_rank(hit.rule)))
    first = hits[0]
    rules = list(dict.fromkeys(hit.rule for hit in hits))
    return Alert(
        a=first.a,
        b=first.b,
        level=first.level,
        rule=first.rule,
        other_rules=tuple(rules[1:]),
        text=first.text,
        sources=tuple(dict.fromkeys(hit.row.source for hit in hits)),
        written=first.written,
        unsigned_rules=tuple(dict.fromkeys(hit.rule for hit in hits if not hit.row.is_signed)),
        statuses=tuple(dict.fromkeys(hit.row.status for hit in hits)),
        rows=tuple(dict.fromkeys(one for hit in hits for one in _used(hit))),
        wait_months=next((hit.wait_months for hit in hits if hit.wait_months is not None), None),
        is_about_waiting=any(hit.is_about_waiting for hit in hits),
    )


def _used(hit: Hit) -> list[Used]:
    cited = ((hit.rule, hit.row), *hit.beside)
    return [used_row(name, row) for name, row in cited]


def used_row(rule: str, row: Row) -> Used:
    """A row as an alert keeps it, under the rule by which it is cited."""
    return Used(rule, row.key, row.version, row.layer, row.signed_by)
