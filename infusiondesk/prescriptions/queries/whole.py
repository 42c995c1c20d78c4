"""One prescription with everything that belongs to it, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import versions_of
from infusiondesk.orders.records import OrderVersion
from infusiondesk.prescriptions.queries.fills import fills_of
from infusiondesk.prescriptions.queries.finding import listed
from infusiondesk.prescriptions.queries.monitoring import OPEN, program_due, program_queries_of
from infusiondesk.prescriptions.queries.rows import FillRow, OfferRow, OriginalRow, PrescriptionRecord, PrescriptionRow
from infusiondesk.prescriptions.queries.transfers import transfers_of
from infusiondesk.prescriptions.records import CounselOffer, Original
from infusiondesk.prescriptions.rules import Reply


@query(Area.ORDERS)
def prescription(reading: Reading, *, order_id: UUID) -> PrescriptionRecord:
    """One prescription with everything that belongs to it."""
    row = listed(reading, [order_id])[0]
    versions = versions_of(reading, [order_id])
    fills = fills_of(reading, order_id=order_id, patient_id=row.patient_id)
    numbers = {version.id: version.number for version in versions}
    originals = tuple(_originals(reading, numbers))
    offers = tuple(_offers(reading, order_id, numbers))
    asked = tuple(program_queries_of(reading, [order_id]).get(order_id, ()))
    missing = list(_missing(row, numbers, originals, offers, fills))
    schedule = row.terms.limit.schedule if row.terms.limit else ""
    if schedule and row.order.state in OPEN and (due := program_due(reading, [row.order])):
        missing.insert(0, due)
    moved = tuple(transfers_of(reading, [order_id]).get(order_id, ()))
    return PrescriptionRecord(row, schedule, tuple(versions), tuple(fills), originals, offers, asked, tuple(missing), moved)


@query(Area.ORDERS)
def original_content(reading: Reading, *, original_id: UUID) -> tuple[OriginalRow, bytes]:
    """The file as it came."""
    kept = reading.session.get_one(Original, original_id)
    number = reading.session.get_one(OrderVersion, kept.order_version_id).number
    return _original(reading, kept, number), kept.content


def _originals(reading: Reading, numbers: Mapping[UUID, int]) -> Iterable[OriginalRow]:
    wanted = sa.select(Original).where(Original.order_version_id.in_(list(numbers))).order_by(Original.added_at, Original.id)
    return [_original(reading, one, numbers[one.order_version_id]) for one in reading.session.scalars(wanted)]


def _original(reading: Reading, one: Original, version: int) -> OriginalRow:
    at = reading.local(one.added_at)
    return OriginalRow(one.id, version, one.name, one.media_type, one.sha256, one.size, one.added_by, at)


def _offers(reading: Reading, order_id: UUID, numbers: Mapping[UUID, int]) -> Iterable[OfferRow]:
    wanted = sa.select(CounselOffer).where(CounselOffer.order_id == order_id).order_by(CounselOffer.offered_at, CounselOffer.id)
    return [
        OfferRow(
            numbers[one.order_version_id],
            one.how,
            one.reply,
            one.with_whom,
            one.about,
            one.offered_by,
            reading.local(one.offered_at),
        )
        for one in reading.session.scalars(wanted)
    ]


def _missing(
    row: PrescriptionRow,
    numbers: Mapping[UUID, int],
    originals: Sequence[OriginalRow],
    offers: Sequence[OfferRow],
    fills: Sequence[FillRow],
) -> Iterable[str]:
    """What an inspector would ask for and not find; each in a sentence."""
    with_original = {one.version for one in originals}
    for number in sorted(set(numbers.values()) - with_original):
        yield f"No original is on file for version {number}."
    reached = {one.version for one in offers if one.reply != Reply.NOT_REACHED}
    for number in sorted({fill.version for fill in fills} - reached):
        yield f"Version {number} was filled, and no answer to an offer of counsel is recorded for it."
    if row.order.written_on is None:
        yield "The day on which it was written is not entered; the day it came counts instead."
    if row.terms.limit is None or row.terms.expires_on is None:
        yield "When it expires is not known here: the state's law decides."
    elif row.terms.limit.status == "memory":
        yield f"Its expiry of {row.terms.limit.months} months is from memory: compare it with the state's law."
