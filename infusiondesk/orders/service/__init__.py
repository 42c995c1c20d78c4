"""What is done with orders: entered, changed, held, resumed, ended. Verification is a journey (`workflows.verify_order`)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries import drug_of as drug_of
from infusiondesk.catalog.records import Drug
from infusiondesk.catalog.rules import Hazard as Hazard
from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions.service import knowledge_in_force as knowledge_in_force
from infusiondesk.inventory.exchange import shipped_policy as shipped_policy
from infusiondesk.inventory.queries import controlled_policy as controlled_policy
from infusiondesk.orders.exchange import lab_protocols as lab_protocols
from infusiondesk.orders.exchange import order_parts as order_parts
from infusiondesk.orders.exchange import prescription_limits as prescription_limits
from infusiondesk.orders.queries import dates_of, events_of, often_of, signed_facts
from infusiondesk.orders.records import Order, OrderEvent, OrderVersion
from infusiondesk.orders.rules import (
    ROUTE_WORDS as ROUTE_WORDS,
)
from infusiondesk.orders.rules import (
    Body as Body,
)
from infusiondesk.orders.rules import (
    Event,
    EventKind,
    OrderDraft,
    QuestionDraft,
    State,
    VersionDates,
    discontinuation_refusal,
    question_of,
    question_refusal,
    refusal_of,
    set_aside,
    sig,
    state,
    withdrawal_refusal,
)
from infusiondesk.orders.rules import (
    Method as Method,
)
from infusiondesk.orders.rules import (
    Pattern as Pattern,
)
from infusiondesk.orders.rules import (
    ReceivedBy as ReceivedBy,
)
from infusiondesk.orders.rules import (
    Regimen as Regimen,
)
from infusiondesk.orders.rules import (
    Route as Route,
)
from infusiondesk.orders.rules import (
    Working as Working,
)
from infusiondesk.orders.rules import (
    refills_problem as refills_problem,
)
from infusiondesk.orders.rules import (
    regimen_of as regimen_of,
)
from infusiondesk.orders.rules import (
    shortest_interval as shortest_interval,
)
from infusiondesk.orders.rules.figures import CONCENTRATION as CONCENTRATION
from infusiondesk.orders.rules.figures import MINUTES as MINUTES
from infusiondesk.orders.rules.figures import RATE as RATE
from infusiondesk.orders.rules.figures import VOLUME as VOLUME
from infusiondesk.orders.rules.figures import Figures as Figures
from infusiondesk.orders.rules.gate import c2_refusal as c2_refusal
from infusiondesk.orders.rules.parts import supplies as supplies
from infusiondesk.orders.rules.ways import Ways as Ways
from infusiondesk.orders.rules.ways import judge_way as judge_way
from infusiondesk.orders.rules.ways import routes_offered as routes_offered
from infusiondesk.orders.rules.work_out import work_out as work_out
from infusiondesk.orders.rules.working import Line as Line
from infusiondesk.orders.service.preparing import kept_version, prepared
from infusiondesk.patients.queries import chart_facts as chart_facts
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.journey import CLOSED, STEPS
from infusiondesk.patients.rules.words import PatientStatus

FIRST_RX_NUMBER = 700_001
_ENTERERS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.TECHNICIAN)
_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.ORDERS, *_ENTERERS, does="enter an order")
def enter_order(uow: UnitOfWork, *, patient_id: UUID, draft: OrderDraft, clearance: Decimal | None = None) -> UUID:
    """A new order as its version 1, waiting for a pharmacist; returns the version's key.

    `clearance` is the creatinine clearance on file; results are the laboratory's, so the journey of entry looks it up.
    """
    _check_episode(uow, patient_id)
    told = prepared(uow, patient_id, draft, clearance)
    newest = uow.session.scalars(sa.select(sa.func.max(Order.rx_number))).one()
    order = uow.add(Order(patient_id=patient_id, rx_number=FIRST_RX_NUMBER if newest is None else newest + 1))
    uow.session.flush()
    version = kept_version(uow, order, 1, told, None)
    uow.record(Change("entered", Area.ORDERS, "order_version", version.id, patient_id, detail=f"Rx {order.rx_number}"))
    return version.id


@verb(Area.ORDERS, *_ENTERERS, does="change an order")
def change_order(uow: UnitOfWork, *, order_id: UUID, draft: OrderDraft, clearance: Decimal | None = None) -> UUID:
    """The next version of an order; the signed one stays in force until a pharmacist has verified the new one.

    A version that still waits is replaced: it stays readable and can no longer be verified (clinical 9.2). Where that one is in
    clarification, the new version is the answer.
    """
    order = uow.session.get_one(Order, order_id)
    _check_episode(uow, order.patient_id)
    told = prepared(uow, order.patient_id, draft, clearance)
    versions, events = _story(uow, order_id)
    current = state(versions, events, uow.today())
    if current in (State.CANCELLED, State.DISCONTINUED):
        raise Refused(f"Rx {order.rx_number} is {current.value}. Enter a new order.")
    reason = uow.reason_for(
        "orders.change", f"Why does Rx {order.rx_number} change?", ("prescriber's order", "dose by level", "line changed")
    )
    version = kept_version(uow, order, versions[-1].number + 1, told, reason)
    uow.record(
        Change("changed", Area.ORDERS, "order_version", version.id, order.patient_id, detail=f"Rx {order.rx_number}"), reason=reason
    )
    return version.id


@verb(Area.ORDERS, *_ENTERERS, does="withdraw a change")
def withdraw_change(uow: UnitOfWork, *, version_id: UUID) -> None:
    """A change that nobody verified is taken back: the order stands as last verified, and the version stays readable."""
    version = uow.session.get_one(OrderVersion, version_id)
    order = uow.session.get_one(Order, version.order_id)
    if sentence := withdrawal_refusal(version.number, *_story(uow, order.id), uow.today()):
        raise Refused(sentence)
    reason = uow.reason_for(
        "orders.withdrawn",
        f"Why is version {version.number} of Rx {order.rx_number} withdrawn?",
        ("entered by mistake", "prescriber took it back"),
    )
    _add_event(uow, order.id, EventKind.WITHDRAWN, uow.today(), reason, version.number)
    uow.record(
        Change("withdrawn", Area.ORDERS, "order_version", version.id, order.patient_id, detail=f"Rx {order.rx_number}"),
        reason=reason,
    )


@verb(Area.ORDERS, *_PHARMACISTS, does="question an order")
def question_order(uow: UnitOfWork, *, version_id: UUID, draft: QuestionDraft) -> None:
    """Something about a waiting version is unclear: it cannot be verified until a new version answers (clinical 9.2)."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.called_at is not None and draft.called_at > uow.clock.now():
        raise Refused("The call cannot lie in the future.", field="called_at")
    version = uow.session.get_one(OrderVersion, version_id)
    order = uow.session.get_one(Order, version.order_id)
    if sentence := question_refusal(version.number, *_story(uow, order.id), uow.today()):
        raise Refused(sentence)
    called = f"{draft.called.strip()}, {moment(uow.local(draft.called_at))}" if draft.called_at else draft.called.strip()
    problem = draft.problem.strip().rstrip(".") + "."
    _add_event(uow, order.id, EventKind.QUESTIONED, uow.today(), problem, version.number, called)
    uow.record(
        Change("questioned", Area.ORDERS, "order_version", version.id, order.patient_id, detail=f"Rx {order.rx_number}"),
        reason=problem,
    )


def sign_verification(uow: UnitOfWork, *, version_id: UUID, patient_name: str) -> OrderVersion:
    """Put the pharmacist's name under a version; from then on it is in force and cannot change.

    No permission of its own: the journey that screens the order (`workflows.verify_order`) carries it. Refuses the person who
    entered the version (clinical 9.2: verified by another than the enterer).
    """
    version = uow.session.get_one(OrderVersion, version_id)
    order = uow.session.get_one(Order, version.order_id)
    if version.entered_by_id == uow.actor.id:
        raise Refused(f"You entered Rx {order.rx_number} yourself; another pharmacist verifies it.")
    _check_episode(uow, order.patient_id)
    versions, events = _story(uow, order.id)
    if aside := set_aside(version.number, versions, events):
        raise Refused(f"Version {version.number} of Rx {order.rx_number} can no longer be verified ({aside.words}).")
    if asked := question_of(version.number, events):
        raise Refused(f"Rx {order.rx_number} is in clarification: {asked.because} A new version answers it.")
    current = state(versions, events, uow.today())
    if current in (State.CANCELLED, State.DISCONTINUED):
        raise Refused(f"Rx {order.rx_number} is {current.value} and cannot be verified.")
    uow.require_licence("verify an order")
    drug = uow.session.get_one(Drug, version.drug_id)
    line = sig(drug.name, version.dose_amount, version.dose_unit, version.route, version.interval_hours, often_of(version))
    uow.sign(
        version,
        signed_facts(version),
        subject=f"Rx {order.rx_number} version {version.number}, {line}, for {patient_name}",
        meaning="verified",
        area=Area.ORDERS,
        patient_id=order.patient_id,
    )
    return version


@verb(Area.ORDERS, *_PHARMACISTS, does="hold an order")
def hold_order(uow: UnitOfWork, *, order_id: UUID, effective_on: date) -> None:
    """No dose until it is resumed; a hold alone does not end the days of access (billing 2.4)."""
    _happen(
        uow, order_id, EventKind.HELD, effective_on, ("laboratory result", "adverse reaction", "line problem", "prescriber's order")
    )


@verb(Area.ORDERS, *_PHARMACISTS, does="resume an order")
def resume_order(uow: UnitOfWork, *, order_id: UUID, effective_on: date) -> None:
    """Doses go on."""
    _happen(uow, order_id, EventKind.RESUMED, effective_on, ("prescriber's order", "cause resolved"))


@verb(Area.ORDERS, *_PHARMACISTS, does="discontinue an order")
def discontinue_order(uow: UnitOfWork, *, order_id: UUID, effective_on: date) -> None:
    """The end of an order before its stop date; `effective_on` is its last day, which may be learnt after the stop date too."""
    if sentence := discontinuation_refusal(effective_on, *_story(uow, order_id), uow.today()):
        raise Refused(sentence, field="effective_on")
    _happen(uow, order_id, EventKind.DISCONTINUED, effective_on, ("prescriber's order", "therapy completed", "death", "discharge"))


@verb(Area.ORDERS, *_PHARMACISTS, Role.INTAKE, does="cancel an order")
def cancel_order(uow: UnitOfWork, *, order_id: UUID) -> None:
    """An order that was never verified is taken back; it stays readable."""
    _happen(uow, order_id, EventKind.CANCELLED, uow.today(), ("entered by mistake", "prescriber took it back", "duplicate"))


def end_orders(uow: UnitOfWork, *, patient_id: UUID, last_day: date, because: str) -> list[str]:
    """End whatever runs or waits for a patient whose episode ends; returns a few words on each order that was ended.

    No permission of its own: the journey that ends the episode (`workflows.ending`) carries it. Verified orders are discontinued on
    `last_day`, also those that have run out since; orders that nobody verified are cancelled (clinical 9.1, 9.2).
    """
    ended = []
    for order in uow.session.scalars(sa.select(Order).where(Order.patient_id == patient_id).order_by(Order.rx_number)).all():
        story = _story(uow, order.id)
        if state(*story, uow.today()) in (State.ENTERED, State.CLARIFICATION):
            kind, words = EventKind.CANCELLED, f"Rx {order.rx_number} is cancelled"
        elif discontinuation_refusal(last_day, *story, uow.today()) is None:
            kind, words = EventKind.DISCONTINUED, f"Rx {order.rx_number} ends on {day(last_day)}"
        else:
            continue
        _add_event(uow, order.id, kind, last_day, because)
        uow.record(Change(kind.value, Area.ORDERS, "rx_order", order.id, patient_id), reason=because)
        ended.append(words)
    return ended


def _check_episode(uow: UnitOfWork, patient_id: UUID) -> None:
    """Nothing is ordered for somebody whose episode is over (clinical 9.1): a new referral opens the next one first."""
    status = uow.session.get_one(Patient, patient_id).status
    if status in CLOSED:
        after = "" if PatientStatus.REFERRAL not in STEPS[status] else " Refer the patient again first."
        raise Refused(f"The patient is {status}; nothing is ordered any more.{after}")


def _happen(uow: UnitOfWork, order_id: UUID, kind: EventKind, on: date, choices: tuple[str, ...]) -> None:
    order = uow.session.get_one(Order, order_id)
    if sentence := refusal_of(kind, state(*_story(uow, order_id), uow.today())):
        raise Refused(sentence)
    reason = uow.reason_for(f"orders.{kind.value}", f"Why is Rx {order.rx_number} {kind.value}?", choices)
    _add_event(uow, order_id, kind, on, reason)
    uow.record(Change(kind.value, Area.ORDERS, "rx_order", order_id, order.patient_id), reason=reason)


def _add_event(
    uow: UnitOfWork, order_id: UUID, kind: EventKind, on: date, reason: str, number: int | None = None, contact: str = ""
) -> None:
    uow.add(
        OrderEvent(
            order_id=order_id,
            kind=kind,
            version_number=number,
            effective_on=on,
            reason=reason,
            contact=contact,
            happened_at=uow.clock.now(),
            done_by=uow.actor.name,
        )
    )


def _story(uow: UnitOfWork, order_id: UUID) -> tuple[list[VersionDates], list[Event]]:
    """The versions of an order and what happened to it: all that its state follows from."""
    versions = sa.select(OrderVersion).where(OrderVersion.order_id == order_id).order_by(OrderVersion.number)
    return [dates_of(version) for version in uow.session.scalars(versions)], events_of(uow.session, [order_id])[order_id]
