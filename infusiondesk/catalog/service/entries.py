"""Entering, correcting and retiring rows; a row that was changed waits for the pharmacist in charge again."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries.review import TABLES, Reviews
from infusiondesk.catalog.records import Drug, Product, Reviewed, Stability
from infusiondesk.catalog.rules import Draft, DrugDraft, ProductDraft, RowKind, StabilityDraft, Standing, ndc_digits, ndc_text
from infusiondesk.catalog.service.writing import filled, keep_shipped_stability, kept, refuse_first_problem
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.CATALOG, *_PHARMACISTS, does="enter a drug")
def enter_drug(uow: UnitOfWork, *, draft: DrugDraft) -> UUID:
    """Keep a new drug, with the stability that the shipped table has for it."""
    _refuse_second_drug(uow, draft, None)
    drug = kept(uow, Drug(), draft)
    uow.session.flush()
    keep_shipped_stability(uow, drug)
    return _entered(uow, RowKind.DRUG, drug)


@verb(Area.CATALOG, *_PHARMACISTS, does="enter a product")
def enter_product(uow: UnitOfWork, *, draft: ProductDraft) -> UUID:
    """Keep a new product of a drug."""
    _refuse_second_ndc(uow, draft, None)
    return _entered(uow, RowKind.PRODUCT, kept(uow, Product(), draft))


@verb(Area.CATALOG, *_PHARMACISTS, does="enter a stability")
def enter_stability(uow: UnitOfWork, *, draft: StabilityDraft) -> UUID:
    """Keep how long a drug stays itself under new conditions."""
    return _entered(uow, RowKind.STABILITY, kept(uow, Stability(), draft))


@verb(Area.CATALOG, *_PHARMACISTS, does="correct a drug")
def correct_drug(uow: UnitOfWork, *, row_id: UUID, draft: DrugDraft) -> None:
    """Change what is kept of a drug."""
    _refuse_second_drug(uow, draft, row_id)
    _correct(uow, RowKind.DRUG, row_id, draft)


@verb(Area.CATALOG, *_PHARMACISTS, does="correct a product")
def correct_product(uow: UnitOfWork, *, row_id: UUID, draft: ProductDraft) -> None:
    """Change what is kept of a product, or fill in what was missing."""
    _refuse_second_ndc(uow, draft, row_id)
    _correct(uow, RowKind.PRODUCT, row_id, draft)


@verb(Area.CATALOG, *_PHARMACISTS, does="correct a stability")
def correct_stability(uow: UnitOfWork, *, row_id: UUID, draft: StabilityDraft) -> None:
    """Change a stability, or fill in hours that were unknown."""
    _correct(uow, RowKind.STABILITY, row_id, draft)


@verb(Area.CATALOG, *_PHARMACISTS, does="take a catalog row out of use")
def retire_row(uow: UnitOfWork, *, kind: RowKind, row_id: UUID) -> None:
    """Take a row out of use; it stays in the history of what was made with it."""
    row = _row(uow, kind, row_id)
    known = ("not stocked any more", "replaced", "wrong")
    reason = uow.reason_for("catalog.retire", f"Why is this {kind} taken out of use?", known)
    row.retired_at = uow.clock.now()
    uow.record(Change("retired", Area.CATALOG, row.__tablename__, row.id), reason=reason)


def _entered(uow: UnitOfWork, kind: RowKind, row: Reviewed) -> UUID:
    uow.record(Change("entered", Area.CATALOG, TABLES[kind].__tablename__, row.id))
    return row.id


def _correct(uow: UnitOfWork, kind: RowKind, row_id: UUID, draft: Draft) -> None:
    refuse_first_problem(draft)
    row = _row(uow, kind, row_id)
    reason = None
    if Reviews(uow).standing_of(row) is Standing.SIGNED:
        reason = uow.reason_for(
            "catalog.correct", f"{row.reviewed_by} has signed this {kind}. Why is it changed? It must be signed again before use."
        )
    filled(row, draft)
    uow.record(Change("corrected", Area.CATALOG, row.__tablename__, row.id), reason=reason)


def _row(uow: UnitOfWork, kind: RowKind, row_id: UUID) -> Reviewed:
    row = uow.session.get_one(TABLES[kind], row_id)
    if row.retired_at is not None:
        raise Refused(f"This {kind} is out of use and stays as it was.")
    return row


def _refuse_second_drug(uow: UnitOfWork, draft: DrugDraft, row_id: UUID | None) -> None:
    known = uow.session.scalars(sa.select(Drug).where(Drug.ingredient == draft.ingredient.strip())).first()
    if known is not None and known.id != row_id:
        state = "out of use" if known.retired_at else "in the catalog"
        raise Refused(f"{draft.ingredient} is {state} already.", field="ingredient")


def _refuse_second_ndc(uow: UnitOfWork, draft: ProductDraft, row_id: UUID | None) -> None:
    digits = ndc_digits(draft.ndc)
    if digits is None:
        return
    known = uow.session.scalars(sa.select(Product).where(Product.ndc == digits, Product.retired_at.is_(None))).first()
    if known is not None and known.id != row_id:
        raise Refused(f"NDC {ndc_text(digits)} belongs to {known.label}.", field="ndc")
