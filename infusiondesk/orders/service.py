"""What is done with orders: entered, changed, held, resumed, ended. Verification is a journey (`workflows.verify_order`)."""

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries import drug_of
from infusiondesk.catalog.records import Drug
from infusiondesk.catalog.rules import Hazard
from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions.service import knowledge_in_force
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.queries import controlled_policy
from infusiondesk.orders.exchange import lab_protocols, order_parts, prescription_limits
from infusiondesk.orders.queries import dates_of, events_of, often_of, signed_facts
from infusiondesk.orders.records import Order, OrderEvent, OrderVersion
from infusiondesk.orders.rules import (
    ROUTE_WORDS,
    Body,
    Event,
    EventKind,
    Method,
    OrderDraft,
    Pattern,
    QuestionDraft,
    ReceivedBy,
    Regimen,
    Route,
    State,
    VersionDates,
    Working,
    discontinuation_refusal,
    question_of,
    question_refusal,
    refills_problem,
    refusal_of,
    regimen_of,
    set_aside,
    shortest_interval,
    sig,
    state,
    withdrawal_refusal,
)
from infusiondesk.orders.rules.figures import CONCENTRATION, MINUTES, RATE, VOLUME, Figures
from infusiondesk.orders.rules.gate import c2_refusal
from infusiondesk.orders.rules.parts import supplies
from infusiondesk.orders.rules.ways import Ways, judge_way, routes_offered
from infusiondesk.orders.rules.work_out import work_out
from infusiondesk.orders.rules.working import Line
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.journey import CLOSED, STEPS
from infusiondesk.patients.rules.words import PatientStatus

FIRST_RX_NUMBER = 700_001
_ENTERERS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.TECHNICIAN)
_CONFIRMED = ("confirmed with the prescriber", "the prescriber wrote it so", "checked against the package insert")
_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.ORDERS, *_ENTERERS, does="enter an order")
def enter_order(uow: UnitOfWork, *, patient_id: UUID, draft: OrderDraft, clearance: Decimal | None = None) -> UUID:
    """A new order as its version 1, waiting for a pharmacist; returns the version's key.

    `clearance` is the creatinine clearance on file; results are the laboratory's, so the journey of entry looks it up.
    """
    _check_episode(uow, patient_id)
    told = _prepared(uow, patient_id, draft, clearance)
    newest = uow.session.scalars(sa.select(sa.func.max(Order.rx_number))).one()
    order = uow.add(Order(patient_id=patient_id, rx_number=FIRST_RX_NUMBER if newest is None else newest + 1))
    uow.session.flush()
    version = _version(uow, order, 1, told, None)
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
    told = _prepared(uow, order.patient_id, draft, clearance)
    versions, events = _story(uow, order_id)
    current = state(versions, events, uow.today())
    if current in (State.CANCELLED, State.DISCONTINUED):
        raise Refused(f"Rx {order.rx_number} is {current.value}. Enter a new order.")
    reason = uow.reason_for(
        "orders.change", f"Why does Rx {order.rx_number} change?", ("prescriber's order", "dose by level", "line changed")
    )
    version = _version(uow, order, versions[-1].number + 1, told, reason)
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


def _check(uow: UnitOfWork, draft: OrderDraft) -> None:
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.received_at is not None and draft.received_at > uow.clock.now():
        raise Refused("An order cannot have come in the future.", field="received_at")
    if draft.written_on and draft.received_at and draft.written_on > uow.local(draft.received_at).date():
        raise Refused("A prescription cannot be written after it came.", field="written_on")


@dataclass(frozen=True)
class _Told:
    """What follows from a draft for this patient and this drug, as it is kept with the version; `draft` is what applies of it."""

    draft: OrderDraft
    dose: Decimal
    figures: Figures
    regimen: Regimen
    working: Working
    lab_work: str
    supplies: list[str]


def _prepared(uow: UnitOfWork, patient_id: UUID, draft: OrderDraft, clearance: Decimal | None) -> _Told:
    """Check a draft against itself, the catalog and the chart, and work out what follows; refuses or asks back in one sentence."""
    _check(uow, draft)
    drug = uow.session.get_one(Drug, draft.drug_id)
    _check_drug(uow, drug, draft)
    draft = draft.as_it_applies(drug.therapy_class)
    regimen = regimen_of(draft)
    told = replace(draft, dose_amount=max(step.dose for step in regimen.steps)) if regimen.steps else draft
    body = Body.of(chart_facts(uow, patient_id=patient_id), uow.today())
    knowledge = knowledge_in_force(uow).knowledge
    ingredient = knowledge.ingredient_of(drug.ingredient)
    working = work_out(told, body, ingredient, drug.therapy_class, knowledge.doses, clearance)
    row = drug_of(uow, drug_id=drug.id)
    judge_way(working, draft, Ways(drug.name, drug.routes, drug.iv_ways, row.reviewed_by or ""))
    if working.problem is not None:
        raise Refused(working.problem.sentence, field=working.problem.field)
    dose = working.dose_amount
    if dose is None:
        raise Refused("Enter the dose.", field="dose_amount")
    found = draft.figures(dose)
    if contradiction := found.problem():
        raise Refused(contradiction.sentence, field=contradiction.field)
    for doubt in working.doubts:
        because = uow.reason_for(doubt.key, doubt.question, _CONFIRMED)
        working.lines.append(Line(f"Asked back and confirmed: {because}", "WARN"))
    words = [draft.method, draft.route, draft.flush_method]
    words += [word for word, holds in (
        ("line care", draft.line_care),
        ("kit", draft.anaphylaxis_kit),
        ("PCA", draft.pattern == Pattern.PCA),
        ("hazardous", drug.hazard is Hazard.HAZARDOUS),
    ) if holds]  # fmt: skip
    return _Told(draft, dose, found, replace(regimen, dose=dose), working, _lab_work(draft), supplies(order_parts(), words))


def _check_drug(uow: UnitOfWork, drug: Drug, draft: OrderDraft) -> None:
    """What the catalog says of the drug decides by which route it may be given, how it may come, and how often it is filled."""
    if sentence := refills_problem(draft.refills, prescription_limits().get(drug.controlled)):
        raise Refused(sentence, field="refills")
    allowed = routes_offered(Ways(drug.name, drug.routes, drug.iv_ways))
    if Route(draft.route) not in allowed:
        known = ", ".join(ROUTE_WORDS[route] for route in allowed) or "no route: it is never given alone"
        words = ROUTE_WORDS[Route(draft.route)]
        raise Refused(f"{drug.name} is not given {words}: the catalog allows {known}.", field="route")
    fax_is_original = controlled_policy(uow, shipped=shipped_policy()).fax_is_original
    if drug.controlled == "CII" and (way := c2_refusal(draft.received_by, fax_is_original=fax_is_original)):
        raise Refused(f"{drug.name} is C-II: its prescription {way} (R25).", field="received_by")


def _lab_work(draft: OrderDraft) -> str:
    """What the protocol that was ordered asks for; a text that is no protocol of the table stands for itself."""
    code = (draft.lab_protocol or "").strip()
    protocol = lab_protocols().get(code.upper())
    if protocol is None and code.upper().startswith("L-"):
        raise Refused(f"{code} is no protocol of the laboratory table.", field="lab_protocol")
    return protocol.words() if protocol else ""


# What a version has under the same name as the draft; the rest is worked out, or comes from the person who enters it.
_DERIVED: Final = {"dose_amount", "interval_hours", "infusion_minutes", "rate_ml_per_h", "volume_ml", "concentration_per_ml"}
_SAME: Final = [
    field.name for field in fields(OrderDraft) if field.name in OrderVersion.__table__.columns and field.name not in _DERIVED
]


def _version(uow: UnitOfWork, order: Order, number: int, told: _Told, reason: str | None) -> OrderVersion:
    draft = told.draft
    same = {name: getattr(draft, name) for name in _SAME}
    same |= {name: list(same[name]) for name in ("weekdays", "kit", "line_care")}
    same |= {
        name: same[name] or ""
        for name in ("container", "lab_protocol", "ordered_unit", "weight_used", "rounding", "flush_method", "visits")
    }
    same |= {name: told.figures.of(name) for name in (VOLUME, MINUTES, RATE, CONCENTRATION)}
    enums = {
        "route": Route(draft.route),
        "method": Method(draft.method),
        "pattern": Pattern(draft.pattern),
        "received_by": ReceivedBy(draft.received_by),
    }
    return uow.add(
        OrderVersion(
            **{**same, **enums},
            order_id=order.id,
            number=number,
            reason=reason,
            dose_amount=told.dose,
            interval_hours=shortest_interval(told.regimen),
            typed=[*(["dose_amount"] if draft.dose_amount is not None else []), *told.figures.typed],
            working=told.working.kept(),
            worked_kg=told.working.weight_kg,
            worked_on=told.working.weight_on,
            osmolarity_mosm_l=_tenth(told.working.osmolarity_mosm_l),
            lab_work=told.lab_work,
            supplies=told.supplies,
            entered_by_id=uow.actor.id,
            entered_by=uow.actor.name,
            entered_at=uow.clock.now(),
        )
    )


def _tenth(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.1"), ROUND_HALF_UP)


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
