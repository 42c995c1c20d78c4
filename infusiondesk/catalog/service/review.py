"""The pharmacist in charge puts his name under rows."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from infusiondesk.catalog.queries.review import TABLES, Reviews, facts_of, missing_of, review_facts
from infusiondesk.catalog.records import Drug, ReviewBatch, Reviewed, Stability
from infusiondesk.catalog.rules import RowKind, Standing, Status, source_group
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_READ_SOMEWHERE = {Status.LABEL, Status.STUDY}


@verb(Area.CATALOG, Role.PHARMACIST_IN_CHARGE, does="sign rows of the catalog")
def sign_rows(uow: UnitOfWork, *, kind: RowKind, seen: Mapping[UUID, str]) -> int:
    """Sign rows of one kind together, each as it was `seen`: from now on they may be used. Says how many.

    What rests on memory or policy is signed only with the source it was compared with; that is kept with the signature.
    """
    rows = _ready(uow, kind, seen)
    unread = sum(row.status not in _READ_SOMEWHERE for row in rows)
    compared_with = ""
    if unread:
        which = "This row rests" if len(rows) == 1 else f"{unread} of these {len(rows)} rows rest"
        compared_with = _compared(uow, f"{which} on memory or policy. What did you compare with?", ())
    return _put_name(uow, kind, rows, compared_with)


@verb(Area.CATALOG, Role.PHARMACIST_IN_CHARGE, does="sign rows of the catalog")
def sign_source(uow: UnitOfWork, *, kind: RowKind, seen: Mapping[UUID, str]) -> int:
    """Sign rows of one kind and one source together, after they were compared; with what is kept with every row. Says how many.

    The caller names the rows that were on the screen, each with what was seen of it: one that came or changed since is not signed.
    """
    rows = _ready(uow, kind, seen)
    sources = {(source_group(row.source), row.status) for row in rows}
    if len(sources) > 1:
        raise Refused("These rows rest on more than one source. Sign them source by source.")
    ((source, _),) = sources
    which = f"this {kind} row" if len(rows) == 1 else f"these {len(rows)} {kind} rows"
    compared_with = _compared(uow, f"What did you compare {which} with?", (source,) if rows[0].status in _READ_SOMEWHERE else ())
    return _put_name(uow, kind, rows, compared_with)


def _ready(uow: UnitOfWork, kind: RowKind, seen: Mapping[UUID, str]) -> list[Reviewed]:
    uow.require_licence("sign rows of the catalog")
    rows = [uow.session.get_one(TABLES[kind], row_id) for row_id in sorted(seen)]
    if not rows:
        raise Refused("Choose the rows to sign.")
    reviews = Reviews(uow)
    for row in rows:
        _refuse_unready(row, reviews.standing_of(row), _name_of(uow, row))
        if reviews.seal_of(row) != seen[row.id]:
            raise Refused(f"{_name_of(uow, row)} was changed after you saw it. Nothing was signed; look at it again.")
    return rows


def _compared(uow: UnitOfWork, question: str, known: tuple[str, ...]) -> str:
    usual = ("current package insert", "ASHP Injectable Drug Information", "policy of this pharmacy")
    return uow.reason_for("catalog.compared", question, (*known, *usual))


def _put_name(uow: UnitOfWork, kind: RowKind, rows: Sequence[Reviewed], compared_with: str) -> int:
    seen = [{"id": row.id.hex, "digest": digest(facts_of(row)).hex(), "facts": facts_of(row)} for row in rows]
    review = uow.add(
        ReviewBatch(id=_id_of(kind, rows), kind=kind, compared_with=compared_with, rows=seen, signed_at=None, signature_id=None)
    )
    words = f"1 {kind} row" if len(rows) == 1 else f"{len(rows)} {kind} rows"
    uow.sign(review, review_facts(review), subject=words, meaning="reviewed", area=Area.CATALOG, patient_id=None)
    for row in rows:
        row.reviewed_at, row.reviewed_by, row.review_id = review.signed_at, uow.actor.name, review.id
    uow.record(Change("reviewed", Area.CATALOG, ReviewBatch.__tablename__, review.id, detail=words), reason=compared_with or None)
    return len(rows)


def _name_of(uow: UnitOfWork, row: Reviewed) -> str:
    if isinstance(row, Stability):
        drug = uow.session.get_one(Drug, row.drug_id).name
        return ", ".join(filter(None, (drug, row.formulation, " or ".join(row.diluents), row.container, row.storage.words)))
    return str(getattr(row, "label", "") or getattr(row, "name", ""))


def _refuse_unready(row: Reviewed, standing: Standing, name: str) -> None:
    if row.retired_at is not None:
        raise Refused(f"{name} is out of use and is not signed.")
    if standing is Standing.INCOMPLETE:
        raise Refused(f"{name} cannot be signed: {missing_of(row)}.")
    if standing is Standing.SIGNED:
        raise Refused(f"{name} is signed already by {row.reviewed_by} and unchanged since.")


def _id_of(kind: RowKind, rows: Sequence[Reviewed]) -> UUID:
    """The same id when the verb runs again with the signature; another one for every later review, as versions only grow."""
    named = digest({"kind": kind, "rows": [[row.id, row.version] for row in rows]})
    return UUID(bytes=named[:16], version=5)
