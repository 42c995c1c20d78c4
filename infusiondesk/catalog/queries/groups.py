"""The catalog by where its facts come from: rows of one kind, one set of sources and one status are signed together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from infusiondesk.catalog.queries.rows import DrugRow, ProductRow, Reviewable, StabilityRow, drugs, products, stability
from infusiondesk.catalog.rules import RowKind, Standing, Status, source_group
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading

GroupedRow = DrugRow | ProductRow | StabilityRow
_TO_SIGN = (Standing.UNSIGNED, Standing.CHANGED)


@dataclass(frozen=True)
class SourceGroup:
    """Rows that are compared with the same sources."""

    kind: RowKind
    source: str
    status: Status
    rows: tuple[GroupedRow, ...]

    @property
    def id(self) -> str:
        """What tells one group from another."""
        return f"{self.kind}|{self.status}|{self.source}"

    @property
    def to_sign(self) -> tuple[GroupedRow, ...]:
        """The rows that wait for the pharmacist in charge."""
        return tuple(row for row in self.rows if row.standing in _TO_SIGN)

    @property
    def incomplete(self) -> int:
        """How many rows lack a value and cannot be signed yet."""
        return sum(row.standing is Standing.INCOMPLETE for row in self.rows)

    @property
    def signed(self) -> int:
        """How many rows may be worked with."""
        return sum(row.standing is Standing.SIGNED for row in self.rows)

    @property
    def signed_last(self) -> tuple[datetime, str] | None:
        """When and by whom a row of it was signed last."""
        found = [(row.reviewed_at, row.reviewed_by) for row in self.rows if row.reviewed_at and row.reviewed_by]
        return max(found, default=None)


@query(Area.CATALOG, is_audited=False)
def source_groups(reading: Reading) -> Sequence[SourceGroup]:
    """Every group, by kind, those with the most rows to sign first."""
    found: dict[tuple[RowKind, str, Status], list[GroupedRow]] = defaultdict(list)
    kinds: tuple[tuple[RowKind, Sequence[GroupedRow]], ...] = (
        (RowKind.DRUG, drugs(reading)),
        (RowKind.PRODUCT, products(reading)),
        (RowKind.STABILITY, stability(reading)),
    )
    for kind, rows in kinds:
        for row in rows:
            found[kind, source_group(row.source), row.status].append(row)
    groups = [SourceGroup(kind, source, status, tuple(rows)) for (kind, source, status), rows in found.items()]
    order = list(RowKind)
    return sorted(groups, key=lambda one: (order.index(one.kind), -len(one.to_sign), one.source, one.status))


def name_of(row: Reviewable) -> str:
    """What a row of any kind is called."""
    if isinstance(row, ProductRow):
        return row.label
    if isinstance(row, StabilityRow):
        return f"{row.drug}, {row.formulation}" if row.formulation else row.drug
    return row.name if isinstance(row, DrugRow) else ""
