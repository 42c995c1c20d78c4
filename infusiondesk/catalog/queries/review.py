"""Whether a row may be worked with: its signature is checked against the row as it is now, every time."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug, Product, ReviewBatch, Reviewed, Stability
from infusiondesk.catalog.rules import ProductForm, RowKind, Standing, product_missing, stability_missing, standing
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.seals import canonical, digest
from infusiondesk.foundation.store.signatures import signatures_of
from infusiondesk.foundation.store.unit_of_work import Reading

TABLES: Mapping[RowKind, type[Reviewed]] = {
    RowKind.DRUG: Drug,
    RowKind.PRODUCT: Product,
    RowKind.STABILITY: Stability,
}
# What is kept about a row beside its facts; everything else is signed for, a column added later included.
_BOOKKEEPING = {"site_id", "version", "reviewed_at", "reviewed_by", "review_id", "retired_at"}


@dataclass(frozen=True)
class Between:
    """What stands between this store and its first dispense: rows to sign, by kind, and rows that lack a value."""

    drugs: int
    products: int
    stability: int
    incomplete: int

    @property
    def rows(self) -> int:
        """How many rows wait for the pharmacist in charge."""
        return self.drugs + self.products + self.stability


def facts_of(row: Reviewed) -> dict[str, object]:
    """Everything a signer of a row signs for, as plain values that a review keeps."""
    names = [attribute.key for attribute in sa.inspect(type(row)).column_attrs]
    facts = {name: getattr(row, name) for name in names if name not in _BOOKKEEPING}
    plain: dict[str, object] = json.loads(canonical(facts))
    return plain


def review_facts(review: ReviewBatch) -> dict[str, object]:
    """What the signature under a review covers."""
    return {"kind": review.kind, "compared_with": review.compared_with, "rows": review.rows}


def missing_of(row: Reviewed) -> str | None:
    """What a row lacks, in words, or None."""
    if isinstance(row, Product):
        return product_missing(ProductForm(row.form), row.reconstitution_ml, row.concentration)
    if isinstance(row, Stability):
        return stability_missing(row.is_forbidden, row.hours)
    return None


@dataclass
class Reviews:
    """The reviews of one reading, each checked once."""

    reading: Reading
    _signed: dict[UUID, dict[str, str]] = field(default_factory=dict)

    def standing_of(self, row: Reviewed) -> Standing:
        """Where a row stands now."""
        return standing(
            missing=missing_of(row),
            is_reviewed=row.review_id is not None,
            still_matches=row.review_id is not None and self._digests(row.review_id).get(row.id.hex) == digest(facts_of(row)).hex(),
        )

    def compared_with(self, row: Reviewed) -> str:
        """What the signer compared a row with, empty where its source was read."""
        review = self.reading.session.get(ReviewBatch, row.review_id) if row.review_id else None
        return review.compared_with if review is not None else ""

    def _digests(self, review_id: UUID) -> Mapping[str, str]:
        """Row to digest as signed; nothing, where the review's own signature does not hold."""
        if review_id not in self._signed:
            review = self.reading.session.get(ReviewBatch, review_id)
            holds = review is not None and any(
                name.holds for name in signatures_of(self.reading, ReviewBatch.__tablename__, review_id, review_facts(review))
            )
            self._signed[review_id] = {row["id"]: row["digest"] for row in review.rows} if review is not None and holds else {}
        return self._signed[review_id]


@query(Area.CATALOG, is_audited=False)
def is_signed(reading: Reading, *, kind: RowKind, row_id: UUID) -> bool:
    """Whether a row may be worked with: complete, in use, signed by the pharmacist in charge and unchanged since."""
    row = reading.session.get(TABLES[kind], row_id)
    return row is not None and row.retired_at is None and Reviews(reading).standing_of(row) is Standing.SIGNED


@query(Area.CATALOG, is_audited=False)
def standing_between(reading: Reading) -> Between:
    """How many rows must still be signed before everything in the catalog may be dispensed."""
    waiting = {kind: _waiting(reading, kind) for kind in RowKind}
    return Between(
        waiting[RowKind.DRUG][0],
        waiting[RowKind.PRODUCT][0],
        waiting[RowKind.STABILITY][0],
        sum(incomplete for _, incomplete in waiting.values()),
    )


@query(Area.CATALOG, is_audited=False)
def unsigned_count(reading: Reading) -> int:
    """How many rows wait for the pharmacist in charge; for the count beside the section."""
    return standing_between(reading).rows


def _waiting(reading: Reading, kind: RowKind) -> tuple[int, int]:
    reviews = Reviews(reading)
    found = [reviews.standing_of(row) for row in _in_use(reading, kind)]
    return sum(one in (Standing.UNSIGNED, Standing.CHANGED) for one in found), found.count(Standing.INCOMPLETE)


def _in_use(reading: Reading, kind: RowKind) -> Iterable[Reviewed]:
    """Every row of a kind that is not retired."""
    table = TABLES[kind]
    return reading.session.scalars(sa.select(table).where(table.retired_at.is_(None)).order_by(table.id))
