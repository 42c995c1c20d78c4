"""Prescriptions found by number, patient, drug or date, and whether one may be filled once more."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug
from infusiondesk.dispensing.records import TicketHappening
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.exchange import prescription_limits
from infusiondesk.orders.queries import OrderRow, versions_of
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.orders.rules import Terms
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.names import folded, typed_date
from infusiondesk.prescriptions.queries.fills import FILLS, bounds, left_of, packed_of
from infusiondesk.prescriptions.queries.rows import FoundPrescriptions, PrescriptionRow
from infusiondesk.prescriptions.queries.transfers import transfers_of
from infusiondesk.prescriptions.records import Original
from infusiondesk.prescriptions.rules.transfers import Direction

MOST = 200


@query(Area.ORDERS)
def find_prescriptions(reading: Reading, *, text: str = "", most: int = MOST) -> FoundPrescriptions:
    """Prescriptions whose number, patient or drug holds each of the words; or of a date: begun, received or filled on it."""
    meant = _meant(reading, text)
    chosen = (
        sa.select(Order.id, Order.rx_number)
        .join(OrderVersion, OrderVersion.order_id == Order.id)
        .join(Drug, Drug.id == OrderVersion.drug_id)
        .join(Patient, Patient.id == Order.patient_id)
        .where(*meant)
        .distinct()
    )
    total = reading.session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    ids = [order_id for order_id, _ in reading.session.execute(chosen.order_by(Order.rx_number.desc()).limit(most))]
    return FoundPrescriptions(tuple(listed(reading, ids)), total)


def fill_refusal(at: Reading, *, order_id: UUID) -> str | None:
    """Why a prescription may not be filled once more today, or None. No permission of its own: whoever packs has one.

    What is packed and has not left yet counts too: it will be a fill.
    """
    row = listed(at, [order_id])[0]
    if row.is_transferred:
        return f"Rx {row.rx_number}: It was given to another pharmacy; ask for a new prescription."
    sentence = row.terms.refusal(row.fills + packed_of(at, order_id), at.today())
    return f"Rx {row.rx_number}: {sentence}" if sentence else None


@query(Area.ORDERS)
def rx_numbers(reading: Reading, *, version_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """The Rx number of each of these order versions."""
    wanted = sa.select(OrderVersion.id, Order.rx_number).join(Order, Order.id == OrderVersion.order_id)
    found: dict[UUID, int] = dict(reading.session.execute(wanted.where(OrderVersion.id.in_(list(version_ids)))).all())
    return found


def listed(at: Reading, order_ids: Sequence[UUID]) -> list[PrescriptionRow]:
    """These prescriptions, the newest number first, by the version that stands; the terms are those a pharmacist verified."""
    versions = versions_of(at, order_ids)
    current = {row.order_id: row for row in versions if row.is_current}
    in_force = current | {row.order_id: row for row in versions if row.is_verified}
    left = left_of(at, order_ids)
    drugs = sa.select(Drug.id, Drug.controlled).where(Drug.id.in_({row.drug_id for row in in_force.values()}))
    schedules: dict[UUID, str] = dict(at.session.execute(drugs).all())
    kept = (
        sa.select(OrderVersion.order_id, sa.func.count())
        .join(Original, Original.order_version_id == OrderVersion.id)
        .where(OrderVersion.order_id.in_(list(order_ids)))
        .group_by(OrderVersion.order_id)
    )
    originals: dict[UUID, int] = dict(at.session.execute(kept).all())
    moved = transfers_of(at, order_ids)
    rows = []
    for order_id, row in current.items():
        fills, ordered = left.get(order_id, []), in_force[order_id]
        rows.append(
            PrescriptionRow(
                order_id, row.rx_number, row.patient_id, row.patient, row.mrn, row, _terms(at, ordered, schedules[ordered.drug_id]),
                len(fills), at.local(fills[-1][0]).date() if fills else None, originals.get(order_id, 0),
                any(one.direction is Direction.OUT for one in moved.get(order_id, ())),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda one: -one.rx_number)


def _meant(reading: Reading, text: str) -> list[sa.ColumnElement[bool]]:
    if not text.strip():
        return []
    if (day := typed_date(text)) is not None:
        since, until = bounds(reading, day)
        filled = sa.select(OrderVersion.order_id).where(TicketHappening.at >= since, TicketHappening.at < until).select_from(FILLS)
        came = sa.and_(OrderVersion.received_at >= since, OrderVersion.received_at < until)
        return [sa.or_(OrderVersion.start_on == day, OrderVersion.written_on == day, came, Order.id.in_(filled))]
    number = sa.cast(Order.rx_number, sa.Text)
    return [
        sa.or_(
            Patient.search_key.contains(folded(word), autoescape=True) if folded(word) else sa.false(),
            sa.func.lower(Drug.name).contains(word, autoescape=True),
            number.startswith(word, autoescape=True),
            Patient.mrn.startswith(word, autoescape=True),
        )
        for word in text.casefold().split()
    ]


def _terms(reading: Reading, row: OrderRow, schedule: str) -> Terms:
    """Its own terms beside its schedule's; without a date on the prescription the day it came counts."""
    written_on = row.written_on or reading.local(row.received_at).date()
    return Terms(written_on, row.refills, prescription_limits().get(schedule))
