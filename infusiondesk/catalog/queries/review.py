"""Whether a row may be worked with: its signature is checked against the row as it is now, every time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug, Product, ReviewBatch, Reviewed, Stability
from infusiondesk.catalog.rules import ProductForm, RowKind, Standing, product_missing, stability_missing, standing
from infusiondesk.catalog.rules.words import DILUENT
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
    """What stands between this store and its first dispense: rows to sign, by kind, and rows that lack a value.

    `ready` counts the drugs that are signed and have a signed product.
    """

    drugs: int
    products: int
    stability: int
    incomplete: int
    ready: int

    @property
    def rows(self) -> int:
        """How many rows wait for the pharmacist in charge."""
        return self.drugs + self.products + self.stability

    def text(self) -> str:
        """In one sentence; empty where nothing waits."""
        if not self.rows:
            return ""
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        if not self.ready:
            stand = "stands" if self.rows == 1 else "stand"
            return f"{rows} {stand} between this store and its first dispense."
        wait = "waits" if self.rows == 1 else "wait"
        may = "1 drug may" if self.ready == 1 else f"{self.ready:,} drugs may"
        return f"{rows} of the catalog {wait} for the pharmacist in charge; {may} be dispensed."


def facts_of(row: Reviewed) -> dict[str, object]:
    """Everything a signer of a row signs for, as plain values that a review keeps."""
    plain: dict[str, object] = json.loads(canonical(_facts_of(row)))
    return plain


def _facts_of(row: Reviewed) -> dict[str, object]:
    return {name: getattr(row, name) for name in _signed_for(type(row))}


@cache
def _signed_for(table: type[Reviewed]) -> tuple[str, ...]:
    """The names of what a signer signs for."""
    return tuple(one.key for one in sa.inspect(table).column_attrs if one.key not in _BOOKKEEPING)


def review_facts(review: ReviewBatch) -> dict[str, object]:
    """What the signature under a review covers: each row by the digest of its facts, which stands for all of them."""
    seen = [[row["id"], row["digest"]] for row in review.rows]
    return {"kind": review.kind, "compared_with": review.compared_with, "rows": seen}


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
    _seals: dict[UUID, str] = field(default_factory=dict)
    _reviews: dict[UUID, ReviewBatch | None] = field(default_factory=dict)

    def standing_of(self, row: Reviewed) -> Standing:
        """Where a row stands now."""
        return standing(
            missing=missing_of(row),
            is_reviewed=row.review_id is not None,
            still_matches=row.review_id is not None and self._digests(row.review_id).get(row.id.hex) == self.seal_of(row),
        )

    def seal_of(self, row: Reviewed) -> str:
        """The digest of everything a signer of the row signs for: whoever saw the row with it has seen all of them."""
        if row.id not in self._seals:
            self._seals[row.id] = digest(_facts_of(row)).hex()  # the same as of the plain values, in half the time
        return self._seals[row.id]

    def compared_with(self, row: Reviewed) -> str:
        """What the signer compared a row with, empty where its source was read."""
        review = self._review(row.review_id) if row.review_id else None
        return review.compared_with if review is not None else ""

    def _digests(self, review_id: UUID) -> Mapping[str, str]:
        """Row to digest as signed; nothing, where the review's own signature does not hold."""
        if review_id not in self._signed:
            review = self._review(review_id)
            holds = review is not None and any(
                name.holds for name in signatures_of(self.reading, ReviewBatch.__tablename__, review_id, review_facts(review))
            )
            self._signed[review_id] = {row["id"]: row["digest"] for row in review.rows} if review is not None and holds else {}
        return self._signed[review_id]

    def _review(self, review_id: UUID) -> ReviewBatch | None:
        """Held on to: the session forgets what nobody holds, and would read the whole of it again for every row."""
        if review_id not in self._reviews:
            self._reviews[review_id] = self.reading.session.get(ReviewBatch, review_id)
        return self._reviews[review_id]


@query(Area.CATALOG, is_audited=False)
def is_signed(reading: Reading, *, kind: RowKind, row_id: UUID) -> bool:
    """Whether a row may be worked with: complete, in use, signed by the pharmacist in charge and unchanged since."""
    row = reading.session.get(TABLES[kind], row_id)
    return row is not None and row.retired_at is None and Reviews(reading).standing_of(row) is Standing.SIGNED


@query(Area.CATALOG, is_audited=False)
def standing_between(reading: Reading) -> Between:
    """How many rows must still be signed before everything in the catalog may be dispensed; counted by the database alone.

    A row that was changed behind the program's back counts as signed here. It is found where it matters: every list shows it and
    every use refuses it, because both look at its signature.
    """
    in_use = Drug.retired_at.is_(None)
    drug_signed = Drug.review_id.is_not(None)
    waiting, _, signed_drugs = _counted(reading, sa.select(Drug).where(in_use), Drug, sa.false())
    without_strength = sa.and_(
        Product.form == ProductForm.POWDER, sa.or_(Product.reconstitution_ml.is_(None), Product.concentration.is_(None))
    )
    products = sa.select(Product).join(Drug).where(in_use, Product.retired_at.is_(None))
    without_hours = sa.and_(Stability.hours.is_(None), Stability.is_forbidden.is_(False))
    stability = sa.select(Stability).join(Drug).where(in_use, Stability.retired_at.is_(None))
    product, no_strength, _ = _counted(reading, products, Product, without_strength)
    lasting, no_hours, _ = _counted(reading, stability, Stability, without_hours)
    ready = 0
    if signed_drugs:
        signed_product = sa.select(Product.drug_id).where(
            Product.review_id.is_not(None), Product.retired_at.is_(None), sa.not_(without_strength)
        )
        chosen = (
            sa.select(sa.func.count())
            .select_from(Drug)
            .where(in_use, drug_signed, Drug.therapy != DILUENT, Drug.id.in_(signed_product))
        )
        ready = reading.session.scalar(chosen) or 0
    return Between(waiting, product, lasting, no_strength + no_hours, ready)


@query(Area.CATALOG, is_audited=False)
def unsigned_count(reading: Reading) -> int:
    """How many rows wait for the pharmacist in charge; for the count beside the section."""
    return standing_between(reading).rows


def _counted(
    reading: Reading, chosen: sa.Select[Any], table: type[Reviewed], lacks: sa.ColumnElement[bool]
) -> tuple[int, int, int]:
    """Of the chosen rows: how many wait for a signature, how many lack a value, how many are signed."""
    kind = sa.case((lacks, 1), (table.review_id.is_(None), 0), else_=2)
    found = chosen.with_only_columns(kind.label("standing"), sa.func.count()).group_by("standing")
    by_kind: dict[int, int] = {row.standing: row[1] for row in reading.session.execute(found)}
    return by_kind.get(0, 0), by_kind.get(1, 0), by_kind.get(2, 0)
