"""What is done about payers: entering one, setting its profile, covering a patient, keeping authorizations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.rules.names import folded
from infusiondesk.payers.queries.profiles import in_force, payer_record
from infusiondesk.payers.records import Authorization, Coverage, CoverageChange, Payer, PayerProfile
from infusiondesk.payers.rules.coverage import RANKS, AuthorizationDraft, CoverageDraft, PayerDraft, overlap
from infusiondesk.payers.rules.profile import PayerKind, field_of
from infusiondesk.payers.rules.values import Wrong

CONTRACTS = (Role.BILLER, Role.PHARMACIST_IN_CHARGE)
COVERING = (Role.INTAKE, Role.BILLER, Role.PHARMACIST_IN_CHARGE)
WRONG = ("typing mistake", "entered for the wrong patient", "the payer said otherwise")


@dataclass(frozen=True)
class Answer:
    """What a payer answered to one field, and where that is written."""

    value: Any
    source: str


@verb(Area.PAYERS, *COVERING, does="enter a payer")
def add_payer(uow: UnitOfWork, *, draft: PayerDraft) -> UUID:
    """Keep a payer; one of the same name is refused."""
    columns = _payer_columns(uow, draft, None)
    payer = uow.add(Payer(**columns))
    uow.record(Change("payer entered", Area.PAYERS, "payer", payer.id, detail=payer.kind.value))
    return payer.id


@verb(Area.PAYERS, *CONTRACTS, does="correct a payer")
def correct_payer(uow: UnitOfWork, *, payer_id: UUID, draft: PayerDraft) -> None:
    """Change a payer's name, kind or numbers."""
    payer = payer_record(uow.session, payer_id)
    columns = _payer_columns(uow, draft, payer_id)
    changed = {name: getattr(payer, name) for name, value in columns.items() if getattr(payer, name) != value}
    if not changed:
        raise Refused("Nothing was changed.")
    reason = uow.reason_for(
        "payers.correction", f"Why is {payer.name} corrected?", ("typing mistake", "the payer changed its name")
    )
    for name in changed:
        setattr(payer, name, columns[name])
    was = ", ".join(f"{name} was {value}" for name, value in sorted(changed.items()) if name != "name_key")
    uow.record(Change("corrected", Area.PAYERS, "payer", payer.id, detail=was), reason=reason)


@verb(Area.PAYERS, *CONTRACTS, does="close a payer")
def close_payer(uow: UnitOfWork, *, payer_id: UUID) -> None:
    """No new coverage with this payer; what was billed stays."""
    payer = payer_record(uow.session, payer_id)
    if payer.closed_at is not None:
        raise Refused(f"{payer.name} is closed already.")
    reason = uow.reason_for("payers.close", f"Why is {payer.name} closed?", ("contract ended", "merged with another payer"))
    payer.closed_at = uow.clock.now()
    uow.record(Change("closed", Area.PAYERS, "payer", payer.id), reason=reason)


@verb(Area.PAYERS, *CONTRACTS, does="set a payer's profile")
def set_profile(
    uow: UnitOfWork, *, payer_id: UUID, effective_on: date, answers: Mapping[str, Answer], withdrawn: Sequence[str] = ()
) -> int:
    """A new profile from a day on: what held on that day, with these answers, without the withdrawn ones. Its number."""
    payer = payer_record(uow.session, payer_id)
    before = in_force(uow.session, payer_id, effective_on)
    held: dict[str, Any] = dict(before.fields) if before else {}
    fields = dict(held)
    for name in withdrawn:
        if fields.pop(name, None) is None:
            raise Refused(f"{_label(name)} has no answer that could be withdrawn.", field=name)
    for name, answer in answers.items():
        fields[name] = _kept_answer(uow, name, answer)
    if _essence(fields) == _essence(held):
        raise Refused("Nothing was changed.")
    reason = ""
    if effective_on < uow.today():
        reason = uow.reason_for(
            "payers.backdated",
            f"From {day(effective_on)} on, which is past, {payer.name} would be billed otherwise. Why?",
            ("the contract says so from that day", "entered too late", "entered wrongly before"),
        )
    number = (uow.session.scalar(sa.select(sa.func.max(PayerProfile.number)).where(PayerProfile.payer_id == payer_id)) or 0) + 1
    at = uow.clock.now()
    profile = uow.add(
        PayerProfile(
            payer_id=payer_id,
            number=number,
            effective_on=effective_on,
            fields=fields,
            set_at=at,
            set_by=uow.actor.name,
            reason=reason,
            signed_at=at,
        )
    )
    told = ", ".join([*sorted(answers), *(f"without {name}" for name in withdrawn)])
    uow.record(Change("profile set", Area.PAYERS, "payer_profile", profile.id, detail=f"{payer.id}: {told}"), reason=reason or None)
    return number


@verb(Area.PAYERS, *COVERING, does="enter a coverage")
def add_coverage(uow: UnitOfWork, *, patient_id: UUID, draft: CoverageDraft) -> UUID:
    """One plan of a patient; two of one rank may not share a day."""
    _refuse_first(draft.problems())
    payer = payer_record(uow.session, draft.payer_id) if draft.payer_id else None
    if payer is None or draft.rank is None or draft.starts_on is None:
        raise Refused("Choose the payer.", field="payer_id")
    if payer.closed_at is not None:
        raise Refused(f"{payer.name} is closed; no new coverage with it.", field="payer_id")
    _refuse_same_rank(uow, patient_id, draft.rank, draft.starts_on, draft.ends_on, field="rank")
    coverage = uow.add(
        Coverage(
            patient_id=patient_id,
            payer_id=payer.id,
            member_id=draft.member_id.strip(),
            group_number=draft.group_number.strip(),
            holder=draft.holder.strip(),
            rank=draft.rank,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            entered_at=uow.clock.now(),
            entered_by=uow.actor.name,
        )
    )
    uow.record(Change("coverage entered", Area.PAYERS, "coverage", coverage.id, patient_id))
    return coverage.id


@verb(Area.PAYERS, *COVERING, does="end a coverage")
def end_coverage(uow: UnitOfWork, *, coverage_id: UUID, ends_on: date | None) -> None:
    """Say which day is the last of a plan; an end that stood there already is corrected with a reason."""
    coverage = _coverage(uow, coverage_id)
    if ends_on is None:
        raise Refused("Enter the last day of coverage.", field="ends_on")
    if ends_on < coverage.starts_on:
        raise Refused(f"The coverage cannot end on {day(ends_on)}, before it starts on {day(coverage.starts_on)}.", field="ends_on")
    if coverage.ends_on == ends_on:
        raise Refused(f"The coverage ends on {day(ends_on)} already.")
    _refuse_same_rank(uow, coverage.patient_id, coverage.rank, coverage.starts_on, ends_on, coverage.id, field="ends_on")
    reason = "ended"
    if coverage.ends_on is not None:
        reason = uow.reason_for("payers.correction", "Why does the last day change?", WRONG)
    _keep_change(uow, coverage, {"ends_on": ends_on}, reason)


@verb(Area.PAYERS, *COVERING, does="correct the order of coverage")
def reorder_coverage(uow: UnitOfWork, *, patient_id: UUID, order: Sequence[UUID]) -> None:
    """Put the plans of today in another order; the correction carries its day and changes no clinical record (billing 2.7)."""
    wanted = [_coverage(uow, coverage_id) for coverage_id in order]
    today = uow.today()
    current = [one for one in _plans(uow, patient_id) if overlap(today, today, one.starts_on, one.ends_on)]
    if {one.id for one in wanted} != {one.id for one in current} or len(wanted) != len(current):
        raise Refused("Name every plan that covers today, each once.")
    if [one.id for one in sorted(current, key=lambda one: one.rank)] == list(order):
        raise Refused("The plans stand in this order already.")
    reason = uow.reason_for(
        "payers.order", "Why does the order of coverage change?", ("the payers said so", "Medicare is secondary", "entered wrongly")
    )
    moving = {one.id for one in wanted}
    for rank, one in enumerate(wanted, 1):
        _refuse_same_rank(uow, patient_id, rank, one.starts_on, one.ends_on, *moving, field=None)
    for rank, one in enumerate(wanted, 1):
        if one.rank != rank:
            _keep_change(uow, one, {"rank": rank}, reason)


@verb(Area.PAYERS, *COVERING, does="void a coverage")
def void_coverage(uow: UnitOfWork, *, coverage_id: UUID) -> None:
    """Take a plan that was entered wrongly out of account, with its authorizations."""
    coverage = _coverage(uow, coverage_id)
    name = payer_record(uow.session, coverage.payer_id).name
    reason = uow.reason_for("payers.void", f"Why is the coverage by {name} wrong?", WRONG)
    coverage.voided_at, coverage.voided_by, coverage.void_reason = uow.clock.now(), uow.actor.name, reason
    uow.record(Change("voided", Area.PAYERS, "coverage", coverage.id, coverage.patient_id), reason=reason)


@verb(Area.PAYERS, *COVERING, does="enter an authorization")
def enter_authorization(uow: UnitOfWork, *, coverage_id: UUID, draft: AuthorizationDraft) -> UUID:
    """What a payer authorized, as it stands on its paper."""
    coverage = _coverage(uow, coverage_id)
    _refuse_first(draft.problems())
    if draft.starts_on is None or draft.ends_on is None or draft.units is None:
        raise Refused("Enter the first and the last day and the units.")
    if not overlap(draft.starts_on, draft.ends_on, coverage.starts_on, coverage.ends_on):
        raise Refused("The authorization lies outside the days of this coverage.", field="starts_on")
    number, code = draft.number.strip(), draft.code.strip().upper()
    known = uow.session.scalars(
        sa.select(Authorization).where(
            Authorization.coverage_id == coverage_id,
            Authorization.number == number,
            Authorization.code == code,
            Authorization.voided_at.is_(None),
        )
    )
    if any(overlap(draft.starts_on, draft.ends_on, one.starts_on, one.ends_on) for one in known):
        raise Refused(f"Authorization {number} for {code} is entered already for some of these days.", field="number")
    authorization = uow.add(
        Authorization(
            coverage_id=coverage_id,
            number=number,
            code=code,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            units=draft.units,
            entered_at=uow.clock.now(),
            entered_by=uow.actor.name,
        )
    )
    uow.record(Change("authorization entered", Area.PAYERS, "coverage_authorization", authorization.id, coverage.patient_id))
    return authorization.id


@verb(Area.PAYERS, *COVERING, does="void an authorization")
def void_authorization(uow: UnitOfWork, *, authorization_id: UUID) -> None:
    """Take an authorization that was entered wrongly, or was withdrawn by the payer, out of account."""
    authorization = uow.session.get_one(Authorization, authorization_id)
    if authorization.voided_at is not None:
        raise Refused(f"{authorization.voided_by} voided this authorization already: {authorization.void_reason}.")
    reason = uow.reason_for("payers.void", f"Why is authorization {authorization.number} void?", (*WRONG, "withdrawn by the payer"))
    authorization.voided_at, authorization.voided_by = uow.clock.now(), uow.actor.name
    authorization.void_reason = reason
    coverage = uow.session.get_one(Coverage, authorization.coverage_id)
    uow.record(Change("voided", Area.PAYERS, "coverage_authorization", authorization.id, coverage.patient_id), reason=reason)


def _payer_columns(uow: UnitOfWork, draft: PayerDraft, own_id: UUID | None) -> dict[str, Any]:
    _refuse_first(draft.problems())
    name = " ".join(draft.name.split())
    taken = sa.select(Payer.name).where(Payer.name_key == folded(name), Payer.id != own_id if own_id else sa.true())
    if known := uow.session.scalars(taken).first():
        raise Refused(f"{known} is on the list already.", field="name")
    return {
        "name": name,
        "name_key": folded(name),
        "kind": PayerKind(draft.kind or ""),
        "electronic_id": draft.electronic_id.strip(),
        "phone": draft.phone.strip(),
    }


def _kept_answer(uow: UnitOfWork, name: str, answer: Answer) -> dict[str, Any]:
    try:
        value = field_of(name).kind.checked(answer.value)
    except Wrong as wrong:
        raise Refused(f"{_label(name)}: {wrong.sentence}", field=name) from wrong
    if not answer.source.strip():
        raise Refused(f"{_label(name)}: enter where the payer says so, such as the contract and its page.", field="source")
    return {"value": value, "source": answer.source.strip(), "set_by": uow.actor.name, "set_on": uow.today().isoformat()}


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _essence(fields: Mapping[str, Any]) -> dict[str, tuple[Any, str]]:
    return {name: (answer["value"], answer["source"]) for name, answer in fields.items()}


def _coverage(uow: UnitOfWork, coverage_id: UUID) -> Coverage:
    coverage = uow.session.get(Coverage, coverage_id)
    if coverage is None:
        raise Refused("This coverage is not in the store.")
    if coverage.voided_at is not None:
        raise Refused(f"{coverage.voided_by} voided this coverage already: {coverage.void_reason}.")
    return coverage


def _plans(uow: UnitOfWork, patient_id: UUID) -> Sequence[Coverage]:
    return uow.session.scalars(
        sa.select(Coverage).where(Coverage.patient_id == patient_id, Coverage.voided_at.is_(None)).order_by(Coverage.starts_on)
    ).all()


def _refuse_same_rank(
    uow: UnitOfWork, patient_id: UUID, rank: int, starts_on: date, ends_on: date | None, *except_ids: UUID, field: str | None
) -> None:
    for other in _plans(uow, patient_id):
        if other.id not in except_ids and other.rank == rank and overlap(starts_on, ends_on, other.starts_on, other.ends_on):
            until = f"to {day(other.ends_on)}" if other.ends_on else "without an end"
            raise Refused(
                f"Another {RANKS[rank]} coverage runs from {day(other.starts_on)} {until}; end that one first.", field=field
            )


def _keep_change(uow: UnitOfWork, coverage: Coverage, wanted: Mapping[str, Any], reason: str) -> None:
    at = uow.clock.now()
    before = {name: getattr(coverage, name) for name in wanted}
    for name, value in wanted.items():
        setattr(coverage, name, value)
    uow.add(
        CoverageChange(
            coverage_id=coverage.id,
            at=at,
            by=uow.actor.name,
            reason=reason,
            before={name: _plain(value) for name, value in before.items()},
            after={name: _plain(value) for name, value in wanted.items()},
            signed_at=at,
        )
    )
    detail = ", ".join(sorted(wanted))
    uow.record(Change("corrected", Area.PAYERS, "coverage", coverage.id, coverage.patient_id, detail=detail), reason=reason)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _refuse_first(problems: Sequence[Problem]) -> None:
    for problem in problems:
        raise Refused(problem.sentence, field=problem.field)
