"""What of controlled drugs left, as it is reported to the monitoring programme, and what was reported when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.records import Drug, Product
from infusiondesk.compounding.queries import BagRow
from infusiondesk.compounding.records import Bag, BatchIngredient
from infusiondesk.dispensing.queries import TicketRow, ticket_rows
from infusiondesk.dispensing.records import Ticket, TicketHappening
from infusiondesk.dispensing.rules import Happening
from infusiondesk.dispensing.rules import State as TicketState
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import Item, Lot
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.records import OrderVersion
from infusiondesk.patients.records import Patient, Prescriber
from infusiondesk.patients.rules.words import Sex
from infusiondesk.payers.queries import coverage_of
from infusiondesk.payers.rules.profile import PayerKind
from infusiondesk.prescriptions.queries.fills import FILLS, bounds, left_of, released_by
from infusiondesk.prescriptions.queries.finding import listed
from infusiondesk.prescriptions.queries.rows import Pharmacist
from infusiondesk.prescriptions.records import DispensingReport, ReportedFill
from infusiondesk.prescriptions.rules import Dispensed, Ingredient, ReportKind, Status, gaps_of, status_of
from infusiondesk.staff.records import PersonLicence

CORRECTED: Final = timedelta(days=92)  # three months: what left before that is corrected with the programme by hand
_NOT_DISPENSED: Final = (TicketState.REFUSED.value, TicketState.RETURNED.value, TicketState.CANCELLED.value)
# ASAP 4.2 code lists (memory): DSP12 how the prescription came, DSP16 who pays, PAT19.
_ORIGINS: Final = {"electronic": "05", "fax": "04", "written": "01", "verbal": "02"}
_OTHER: Final = "99"
_PAYMENTS: Final = {PayerKind.COMMERCIAL: "04", PayerKind.MEDICARE: "03", PayerKind.MEDICAID_DAILY_FEE: "02"}
_SEXES: Final = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNKNOWN: "U"}


@dataclass(frozen=True)
class ToReport:
    """One fill that a report would tell; `gaps` keep it back until somebody has entered them."""

    order_id: UUID
    ticket_id: UUID
    rx_number: int
    patient: str
    patient_id: UUID
    what: str
    ticket: str
    left_on: date
    status: Status
    gaps: tuple[str, ...]
    facts: Dispensed


@dataclass(frozen=True)
class ReportRow:
    """A report that was made; times on the pharmacy's wall clock."""

    id: UUID
    number: int
    kind: ReportKind
    first: date
    last: date
    new: int
    revised: int
    voided: int
    segments: int
    sha256: str
    made_by: str
    made_at: datetime
    sent_by: str
    sent_at: datetime | None
    sent_how: str

    @property
    def words(self) -> str:
        """``2 new, 1 void``."""
        told = ((self.new, "new"), (self.revised, "revised"), (self.voided, "void"))
        return ", ".join(f"{many} {words}" for many, words in told if many) or "nothing dispensed"


@query(Area.ORDERS)
def fills_to_report(reading: Reading, *, first: date, last: date) -> Sequence[ToReport]:
    """Fills of controlled drugs that left in a stretch of days and are not told yet; and what was told wrong, whenever it left."""
    told = _told(reading, bounds(reading, reading.today() - CORRECTED)[0])
    here = set(reading.session.scalars(_left_between(reading, first, last)))
    wanted = here | {ticket_id for _, ticket_id in told}
    tickets = {row.id: row for row in ticket_rows(reading, Ticket.id.in_(wanted))} if wanted else {}
    found = []
    for (order_id, ticket_id), one in _dispensed(reading, list(tickets.values())).items():
        ticket = tickets[ticket_id]
        last_told = told.get((order_id, ticket_id))
        now = None if ticket.state.value in _NOT_DISPENSED else one.facts.facts()
        status = status_of(now, last_told.facts if last_told else None, last_told.status if last_told else None)
        if status is None or ticket.shipped_at is None or (last_told is None and ticket_id not in here):
            continue
        facts = Dispensed.of(last_told.facts) if status is Status.VOID and last_told else one.facts
        found.append(
            ToReport(
                order_id, ticket_id, one.order.rx_number, ticket.patient, ticket.patient_id, one.name, ticket.number,
                ticket.shipped_at.date(), status, () if status is Status.VOID else tuple(gaps_of(facts)), facts,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.left_on, one.rx_number, one.ticket))


def is_told_between(at: Reading, first: date, last: date) -> bool:
    """Whether a fill that left in this stretch was told before. No permission of its own: making a report carries one."""
    left = _left_between(at, first, last)
    told = sa.select(ReportedFill.id).join(DispensingReport).where(ReportedFill.ticket_id.in_(left))
    return at.session.scalars(told.where(DispensingReport.kind != ReportKind.TEST).limit(1)).first() is not None


@query(Area.ORDERS)
def reports(reading: Reading) -> Sequence[ReportRow]:
    """Every report that was made, the newest first."""
    counts: dict[UUID, dict[Status, int]] = defaultdict(dict)
    tally = sa.select(ReportedFill.report_id, ReportedFill.status, sa.func.count()).group_by(
        ReportedFill.report_id, ReportedFill.status
    )
    for report_id, status, many in reading.session.execute(tally):
        counts[report_id][status] = many
    return [
        ReportRow(
            one.id, one.number, one.kind, one.first, one.last,
            counts[one.id].get(Status.NEW, 0), counts[one.id].get(Status.REVISED, 0), counts[one.id].get(Status.VOID, 0),
            one.segments, one.sha256, one.made_by, reading.local(one.made_at), one.sent_by,
            reading.local(one.sent_at) if one.sent_at else None, one.sent_how,
        )
        for one in reading.session.scalars(sa.select(DispensingReport).order_by(DispensingReport.number.desc()))
    ]  # fmt: skip


@query(Area.ORDERS)
def report_content(reading: Reading, *, report_id: UUID) -> str:
    """The file as it was made."""
    return reading.session.get_one(DispensingReport, report_id).content


@dataclass(frozen=True)
class _Fill:
    order: OrderRow
    name: str
    facts: Dispensed


def _left_between(at: Reading, first: date, last: date) -> sa.Select[UUID]:
    """The tickets with a bag of a controlled drug that left in a stretch of days, both within."""
    since, until = bounds(at, first)[0], bounds(at, last)[1]
    return (
        sa.select(TicketHappening.ticket_id)
        .select_from(FILLS.join(Drug, Drug.id == OrderVersion.drug_id))
        .where(Drug.controlled.is_not(None), Drug.controlled != "", TicketHappening.at >= since, TicketHappening.at < until)
    )


def _told(at: Reading, since: datetime) -> Mapping[tuple[UUID, UUID], ReportedFill]:
    """What was last told of each fill that left since then; what a test file said counts as told to nobody."""
    left = sa.select(TicketHappening.ticket_id).where(TicketHappening.kind == Happening.SHIPPED, TicketHappening.at >= since)
    chosen = (
        sa.select(ReportedFill)
        .join(DispensingReport, DispensingReport.id == ReportedFill.report_id)
        .where(ReportedFill.ticket_id.in_(left), DispensingReport.kind != ReportKind.TEST)
        .order_by(DispensingReport.number)
    )
    return {(one.order_id, one.ticket_id): one for one in at.session.scalars(chosen)}


def _dispensed(at: Reading, tickets: Sequence[TicketRow]) -> Mapping[tuple[UUID, UUID], _Fill]:
    """Each fill of a controlled drug on these tickets, as it stands now."""
    parts: dict[tuple[UUID, UUID], list[BagRow]] = defaultdict(list)
    for ticket in tickets:
        for bag in ticket.bags:
            parts[bag.order.order_id, ticket.id].append(bag)
    drugs = {bags[0].order.drug_id for bags in parts.values()}
    wanted = sa.select(Drug.id, Drug.controlled).where(Drug.id.in_(drugs), Drug.controlled.is_not(None), Drug.controlled != "")
    schedules: dict[UUID, str] = dict(at.session.execute(wanted).all())
    parts = {key: bags for key, bags in parts.items() if bags[0].order.drug_id in schedules}
    by_id = {ticket.id: ticket for ticket in tickets}
    left = left_of(at, list({order_id for order_id, _ in parts}))
    released = released_by(at, {bag.batch_id for bags in parts.values() for bag in bags})
    found = {}
    for (order_id, ticket_id), bags in parts.items():
        fills = [one for _, one in left[order_id]]
        names = list(dict.fromkeys(released[bag.batch_id] for bag in bags if bag.batch_id in released))
        place = (fills.index(ticket_id), len(fills))
        facts = _facts(at, by_id[ticket_id], bags, place, schedules[bags[0].order.drug_id], names)
        found[order_id, ticket_id] = _Fill(bags[0].order, bags[0].name, facts)
    return found


def _facts(
    at: Reading, ticket: TicketRow, bags: Sequence[BagRow], place: tuple[int, int], schedule: str, names: Sequence[Pharmacist]
) -> Dispensed:
    """One fill in the words of the report. A C-II prescription has no refill: what leaves later is a further portion of it."""
    order, left_at, (before, fills) = bags[0].order, ticket.shipped_at or ticket.begun_at, place
    patient = at.session.get_one(Patient, ticket.patient_id)
    prescriber = at.session.get_one(Prescriber, order.prescriber_id)
    last, _, first = prescriber.name.partition(", ")
    terms, is_c2 = listed(at, [order.order_id])[0].terms, schedule == "CII"
    return Dispensed(
        rx=str(order.rx_number),
        written_on=f"{order.written_on:%Y%m%d}" if order.written_on else "",
        refills="" if terms.most_refills is None else f"{terms.most_refills:02d}",
        filled_on=f"{left_at:%Y%m%d}",
        refill="00" if is_c2 else f"{before:02d}",
        portion=f"{before + 1:02d}" if is_c2 and fills > 1 else "00",
        quantity_ml=_written(order.volume_ml * len(bags)) if order.volume_ml is not None else "",
        days=_days(ticket, order, len(bags)),
        origin=_ORIGINS.get(order.received_by, _OTHER),
        payment=_payment(at, ticket.patient_id, left_at.date()),
        sig=order.sig,
        licence=_licence(at, names[0].id) if names else "",
        pharmacist=names[0].name if names else "",
        last_name=patient.last_name,
        first_name=patient.first_name,
        street=patient.street,
        city=patient.city,
        state=patient.state,
        postcode=patient.postcode,
        phone=patient.phone,
        born_on=f"{patient.born_on:%Y%m%d}",
        sex=_SEXES[patient.sex],
        prescriber_npi=prescriber.npi,
        prescriber_dea=prescriber.dea,
        prescriber_last=last,
        prescriber_first=first,
        ingredients=tuple(_ingredients(at, bags)),
    )


def _ingredients(at: Reading, bags: Sequence[BagRow]) -> Iterable[Ingredient]:
    """The controlled products in these bags: each bag has its share of what was taken for its batch."""
    here: dict[UUID, int] = defaultdict(int)
    for bag in bags:
        here[bag.batch_id] += 1
    made: dict[UUID, int] = dict(
        at.session.execute(sa.select(Bag.batch_id, sa.func.count()).where(Bag.batch_id.in_(here)).group_by(Bag.batch_id)).all()
    )
    chosen = (
        sa.select(BatchIngredient.batch_id, BatchIngredient.quantity, Item.ndc, Item.name, Product.volume_ml)
        .join(Lot, Lot.id == BatchIngredient.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .join(Product, Product.id == Item.product_id)
        .join(Drug, Drug.id == Product.drug_id)
        .where(BatchIngredient.batch_id.in_(here), Drug.controlled.is_not(None), Drug.controlled != "")
        .order_by(Item.name, Item.id)
    )
    taken: dict[tuple[str, str, Decimal | None], Decimal] = defaultdict(Decimal)
    for batch_id, quantity, ndc, name, volume in at.session.execute(chosen):
        taken[ndc or "", name, volume] += quantity * here[batch_id] / made[batch_id]
    for (ndc, name, volume), many in taken.items():
        amount, unit = (many * volume, "mL") if volume is not None else (many, "each")
        yield Ingredient(ndc, name, _written(amount), unit)


def _days(ticket: TicketRow, order: OrderRow, bags: int) -> str:
    """For how many days the bags last: a bag is one dose. Where no interval says it, the days whose doses the ticket covers."""
    if order.interval_hours is not None:
        return str(ceil(bags * order.interval_hours / 24))
    covered = next((one["days"] for one in ticket.supply if one["rx"] == order.rx_number), 0)
    return str(covered) if covered else ""


def _written(amount: Decimal) -> str:
    """A number as the file has it: no more than three places, no thousands, no trailing zeros."""
    return f"{amount.quantize(Decimal('0.001')):f}".rstrip("0").rstrip(".")


def _payment(at: Reading, patient_id: UUID, on: date) -> str:
    plans = [one for one in coverage_of(at, patient_id=patient_id) if one.covers(on)]
    return _PAYMENTS.get(min(plans, key=lambda one: one.rank).kind, _OTHER) if plans else ""


def _licence(at: Reading, person_id: UUID) -> str:
    wanted = sa.select(PersonLicence.number).where(PersonLicence.person_id == person_id, PersonLicence.state == at.site.state)
    return at.session.scalars(wanted.order_by(PersonLicence.expires_on.desc()).limit(1)).first() or ""
