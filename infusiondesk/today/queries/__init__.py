"""Today's lists, one query each, made from what the other slices already list.

Each slice is loaded when its list is asked for, on the reading lane: the first screen after the password waits for none of them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area, Query, Role, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.today.queries.storeroom import pumps, stock, under_way
from infusiondesk.today.rules import Harm, Line, Work

__all__ = [
    "LISTS", "bench", "catalog", "fills", "holds", "knowledge", "month_end", "orders", "promised", "pumps", "referrals", "results",
    "stock", "to_send", "under_way", "unmatched", "visits",
]  # fmt: skip

_SOON: Final = timedelta(hours=24)
_A_DAY: Final = timedelta(days=1)
_ENDS: Final = time(23, 59)
_NAMED: Final = 3  # days of the fill log named in one line; the log itself shows them all


@query(Area.LABS)
def results(reading: Reading) -> Sequence[Line]:
    """Reports that wait for a pharmacist: a critical one harms now, and so does a flagged one that is late."""
    from infusiondesk.labs.queries import to_review
    from infusiondesk.labs.rules import Level

    found = []
    for row in to_review(reading):
        is_flagged = row.level in (Level.RED, Level.FLAG)
        if row.level is Level.CRITICAL or (is_flagged and row.is_late):
            harm = Harm.NOW
        else:
            harm = Harm.NEXT if row.level is Level.NORMAL and not row.is_late else Harm.TODAY
        what, who, because = f"Review {row.lead}", _who(row), f"{row.level.value.capitalize()}: {row.because or row.lead}"
        found.append(
            _line(
                Work.RESULTS, row.id, harm, what, who, row.due, row.due_at, because, "Labs to review", row.patient_id, row.is_late
            )
        )
    return found


@query(Area.LABS)
def unmatched(reading: Reading) -> Sequence[Line]:
    """Results that lie in nobody's chart."""
    from infusiondesk.labs.queries import parked
    from infusiondesk.labs.rules import Level

    return [
        _line(
            Work.UNMATCHED,
            row.id,
            Harm.NOW if row.level is Level.CRITICAL else Harm.TODAY,
            f"Find out whose results these are: {row.lead}",
            row.name,
            f"since {moment(row.received_at)}",
            row.received_at,
            row.because,
            "Unmatched results",
        )
        for row in parked(reading)
    ]


@query(Area.TASKS)
def promised(reading: Reading) -> Sequence[Line]:
    """Promises of this person's roles that are broken, or due today or tomorrow."""
    from infusiondesk.tasks.queries import awaited_promises
    from infusiondesk.tasks.rules import Standing

    roles = set(reading.actor.roles)
    if Role.PHARMACIST_IN_CHARGE in roles:
        roles.add(Role.PHARMACIST)
    today = reading.today()
    found = []
    for row in awaited_promises(reading):
        if row.owner not in roles or row.due_on > today + _A_DAY:
            continue
        is_broken = row.standing is Standing.BROKEN
        harm = Harm.NOW if is_broken else (Harm.TODAY if row.due_on == today else Harm.NEXT)
        what = f"{row.words[:1].upper()}{row.words[1:]} was promised"
        because = f"{row.subject} ({row.rule}) was passed because it is watched; {row.judged.because}."
        due = f"broken since {day(row.due_on)}" if is_broken else _on(row.due_on, today)
        at = _end_of(reading, row.due_on)
        found.append(_line(Work.PROMISES, row.id, harm, what, _who(row), due, at, because, "Promises", row.patient_id, is_broken))
    return found


@query(Area.ORDERS)
def orders(reading: Reading) -> Sequence[Line]:
    """Orders that wait for a pharmacist, the soonest first dose first; one that was questioned waits for its answer instead."""
    from infusiondesk.orders.queries import events_of, orders_to_verify
    from infusiondesk.orders.rules import question_of

    today = reading.today()
    rows = orders_to_verify(reading)
    questioned = [row.order_id for row in rows if row.question]
    events = events_of(reading.session, questioned) if questioned else {}
    found = []
    for row in rows:
        is_due = row.start_on <= today
        harm = Harm.NOW if is_due else (Harm.TODAY if row.start_on == today + _A_DAY else Harm.NEXT)
        if row.replaces is not None and row.replaces.is_verified:
            because = f"Entered by {row.entered_by}; version {row.replaces.number} stays in force until this one is verified."
        else:
            because = f"Entered by {row.entered_by}; no dose may be made before a pharmacist has verified it."
        what, place = f"Verify {row.sig}", "Orders to verify"
        if asked := question_of(row.number, events.get(row.order_id, ())):
            what, place = f"Clarify Rx {row.rx_number}, {row.sig}", "Orders"
            because = f"In clarification since {moment(reading.local(asked.at))}: {row.question} A new version answers it."
        due, at = f"first day {_on(row.start_on, today)}", _end_of(reading, row.start_on)
        found.append(
            _line(
                Work.ORDERS,
                row.id,
                harm,
                what,
                _who(row),
                due,
                at,
                because,
                place,
                row.patient_id,
                row.start_on < today,
                in_chart=asked is not None,
            )
        )
    return found


@query(Area.ORDERS)
def holds(reading: Reading) -> Sequence[Line]:
    """Orders on hold, each with its reason; no day of resumption is planned anywhere, so that none of them is late."""
    from infusiondesk.orders.queries import events_of, versions_of
    from infusiondesk.orders.records import OrderEvent, OrderVersion
    from infusiondesk.orders.rules import EventKind, State

    # A hold and its resumption take turns; what has ended or run out is on hold no more.
    step = sa.case((OrderEvent.kind == EventKind.HELD, 1), (OrderEvent.kind == EventKind.RESUMED, -1), else_=0)
    held = sa.select(OrderEvent.order_id).group_by(OrderEvent.order_id).having(sa.func.sum(step) > 0)
    runs = sa.select(OrderVersion.order_id).where(OrderVersion.stop_on >= reading.today())
    ids = reading.session.scalars(held.where(OrderEvent.order_id.in_(runs))).all()
    if not ids:
        return []
    events = events_of(reading.session, ids)
    in_force = {row.order_id: row for row in versions_of(reading, ids) if row.is_verified and row.state is State.HELD}
    found = []
    for row in in_force.values():
        hold = [event for event in events[row.order_id] if event.kind is EventKind.HELD][-1]
        what, due = f"On hold: Rx {row.rx_number}, {row.sig}", f"since {day(hold.on)}"
        reason = f"{hold.because[:1].upper()}{hold.because[1:].rstrip('.')}"
        because = f"{reason}. No dose until it is resumed; its last day is {day(row.stop_on)}."
        found.append(
            _line(Work.HOLDS, row.id, Harm.NEXT, what, _who(row), due, None, because, "Orders", row.patient_id, in_chart=True)
        )
    return found


@query(Area.ORDERS)
def fills(reading: Reading) -> Sequence[Line]:
    """The days of the fill log under which this person's own name is missing, as one line that leads to the oldest."""
    from infusiondesk.prescriptions.queries import days_to_sign

    days = days_to_sign(reading)
    if not days:
        return []
    oldest = days[0]
    is_late = oldest.day < reading.today()
    more = [f"{counted(len(days) - _NAMED, 'more day')}"] if len(days) > _NAMED else []
    named = _and([*(day(one.day) for one in days[:_NAMED]), *more])
    what = f"Sign your fills of {day(oldest.day) if len(days) == 1 else counted(len(days), 'day')}"
    due = f"since {day(oldest.day)}" if is_late else "today"
    because = f"You released what left on {named}, and your name is not under all of it."
    line = Line("fill log", Work.FILL_LOG, Harm.TODAY, what, "", due, None, because, "Fill log", oldest.ticket_id, is_late=is_late)
    return [line]


@query(Area.COMPOUNDING)
def bench(reading: Reading) -> Sequence[Line]:
    """Batches whose next step belongs to this person's roles, by when they are due."""
    from infusiondesk.compounding.queries import batches
    from infusiondesk.compounding.rules import BatchState

    pharmacist = {BatchState.PLANNED, BatchState.COMPOUNDING, BatchState.LABELLED}
    technician = {BatchState.WORKSHEET_APPROVED, BatchState.STAGED, BatchState.COMPOUNDING}
    is_pharmacist = bool({Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE} & reading.actor.roles)
    mine = pharmacist if is_pharmacist else set()
    mine = mine | technician if Role.TECHNICIAN in reading.actor.roles else mine
    tomorrow = reading.local(reading.clock.now()) + _SOON
    found = []
    for row in batches(reading):
        if row.state not in mine:
            continue
        harm = Harm.NOW if row.is_late else (Harm.TODAY if row.due_at <= tomorrow else Harm.NEXT)
        what, because = f"Batch {row.number}, {counted(row.bags, 'bag')} of {row.sig}", f"{row.state.value}: {row.next}."
        due = f"{'late, ' if row.is_late else ''}{moment(row.due_at)}"
        found.append(
            _line(Work.BATCHES, row.id, harm, what, _who(row), due, row.due_at, because, "Worksheet", row.patient_id, row.is_late)
        )
    return found


@query(Area.VISITS)
def visits(reading: Reading) -> Sequence[Line]:
    """This nurse's own visits: to make today, to end, to sign, and windows that have passed."""
    from infusiondesk.visits.queries import schedule
    from infusiondesk.visits.rules import State

    now = reading.local(reading.clock.now())
    found = []
    for row in schedule(reading):
        if row.nurse_id != reading.actor.id or row.window_start.date() > now.date() + timedelta(days=1):
            continue
        is_late = row.state is State.SCHEDULED and row.window_end < now
        harm = Harm.NOW if is_late else (Harm.TODAY if row.window_start.date() <= now.date() else Harm.NEXT)
        because = {
            State.SCHEDULED: "The window has passed and nobody has started the visit." if is_late else "Planned for you.",
            State.IN_PROGRESS: "You are in the home; end the visit when you leave.",
            State.TO_SIGN: "The note is not signed; unsigned visits are not billed.",
        }[row.state]
        what = f"{'Sign' if row.state is State.TO_SIGN else 'Visit'}: {row.purpose}"
        due = f"{moment(row.window_start)} to {row.window_end:%H:%M}"
        found.append(
            _line(Work.VISITS, row.id, harm, what, _who(row), due, row.window_start, because, "Schedule", row.patient_id, is_late)
        )
    return found


@query(Area.DISPENSING)
def to_send(reading: Reading) -> Sequence[Line]:
    """Released bags that stand on no ticket, by the first beyond-use date; what is late for the patient could harm."""
    from infusiondesk.dispensing.queries import bags_to_send

    now = reading.local(reading.clock.now())
    found = []
    for row in bags_to_send(reading):
        until = row.first_beyond_use_at
        harm = Harm.NOW if until <= now + _SOON else Harm.TODAY
        what, because = f"Send {counted(len(row.bags), 'bag')}", "Released, and on no ticket yet."
        due = f"beyond use {moment(until)}"
        if row.late and row.due is not None:
            harm, due, because = Harm.NOW, f"{row.late}, {due}", f"{because} {row.due.because}"
        line = _line(Work.DELIVERIES, row.id, harm, what, _who(row), due, until, because, "Deliveries", row.id, bool(row.late))
        found.append(line)
    return found


@query(Area.PATIENTS)
def referrals(reading: Reading) -> Sequence[Line]:
    """Referrals whose next clock is late or due soon, and those in time after them."""
    from infusiondesk.patients.queries import patient_board
    from infusiondesk.patients.rules.clocks import ClockState

    harms = {ClockState.LATE: Harm.NOW, ClockState.SOON: Harm.TODAY}
    found = []
    for row in patient_board(reading):
        if row.next is None:
            continue
        missing = ", ".join(one.value for one in row.missing_documents)
        because = f"Referred by {row.source}, {moment(row.received_at)}{f'; still missing: {missing}' if missing else ''}."
        found.append(
            _line(
                Work.REFERRALS,
                row.id,
                harms.get(row.next.state, Harm.NEXT),
                f"Referral for {row.therapy}: {row.next.name}",
                f"{row.name}, MRN {row.mrn}",
                row.distance,
                row.next.due_at,
                because,
                "Referrals",
                row.patient_id,
                row.next.state is ClockState.LATE,
            )
        )
    return found


@query(Area.BILLING)
def month_end(reading: Reading) -> Sequence[Line]:
    """What keeps last month from being billed: a treated patient without coverage; else how many wait."""
    from infusiondesk.billing.queries import patients_to_bill
    from infusiondesk.foundation.kernel.periods import month_of

    last_month = month_of(reading.today().replace(day=1) - timedelta(days=1))
    rows = patients_to_bill(reading, month=last_month)
    held = [row for row in rows if row.payer == "no coverage"]
    found = [
        _line(
            Work.BILLING,
            row.id,
            Harm.TODAY,
            "Enter who pays",
            _who(row),
            "last month",
            None,
            "Doses were given and no coverage is on file; nothing can be billed.",
            "Month end",
            row.id,
        )
        for row in held
    ]
    if len(rows) > len(held):
        what, because = f"Bill {counted(len(rows) - len(held), 'patient')}", "They had days of therapy last month."
        found.append(Line("month end", Work.BILLING, Harm.NEXT, what, "", "last month", None, because, "Month end"))
    return found


@query(Area.CATALOG, is_audited=False)
def catalog(reading: Reading) -> Sequence[Line]:
    """The rows of the catalog that no pharmacist has signed, as one line."""
    from infusiondesk.catalog.queries import standing_between

    between = standing_between(reading)
    if not between.rows:
        return []
    harm = Harm.NEXT if between.ready else Harm.TODAY
    what, because = f"Sign {counted(between.rows, 'row')} of the catalog", between.text()
    return [Line("catalog", Work.CATALOG, harm, what, "", "", None, because, "Catalog review")]


@query(Area.INTERACTIONS, is_audited=False)
def knowledge(reading: Reading) -> Sequence[Line]:
    """The rules of our own reference that no pharmacist has signed, as one line."""
    from infusiondesk.interactions.rules.rows import OURS
    from infusiondesk.interactions.service import knowledge_in_force

    rows = knowledge_in_force(reading).rows.values()
    unsigned = sum(row.layer == OURS and not row.signed_by and not row.is_off for row in rows)
    if not unsigned:
        return []
    what = f"Sign {counted(unsigned, 'rule')} of the knowledge"
    because = "Every order is screened with them, and each alert of theirs says that nobody signed its row."
    return [Line("knowledge", Work.KNOWLEDGE, Harm.NEXT, what, "", "", None, because, "Interactions")]


LISTS: Final[Mapping[Work, Query[Any, ..., Sequence[Line]]]] = {
    Work.RESULTS: results,
    Work.PROMISES: promised,
    Work.ORDERS: orders,
    Work.UNMATCHED: unmatched,
    Work.BATCHES: bench,
    Work.VISITS: visits,
    Work.DELIVERIES: to_send,
    Work.ROAD: under_way,
    Work.PUMPS: pumps,
    Work.STOCK: stock,
    Work.REFERRALS: referrals,
    Work.BILLING: month_end,
    Work.CATALOG: catalog,
    Work.FILL_LOG: fills,
    Work.HOLDS: holds,
    Work.KNOWLEDGE: knowledge,
}


def _line(
    work: Work, record_id: UUID, harm: Harm, what: str, who: str, due: str, due_at: datetime | None, because: str, place: str,
    patient_id: UUID | None = None, is_late: bool = False, *, in_chart: bool = False,
) -> Line:  # fmt: skip
    key = f"{work.value}:{record_id}"
    return Line(key, work, harm, what, who, due, due_at, because, place, record_id, patient_id, is_late, in_chart)


def _and(words: Sequence[str]) -> str:
    """One, two and three."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _who(row: Any) -> str:
    return f"{row.patient}, MRN {row.mrn}"


def _on(on: date, today: date) -> str:
    return {0: "today", 1: "tomorrow"}.get((on - today).days, day(on))


def _end_of(reading: Reading, on: date) -> datetime:
    """The last minute of a day on the pharmacy's wall clock: a day is not over before its evening."""
    return datetime.combine(on, _ENDS, tzinfo=reading.clock.zone)
