"""Rows of the knowledge: corrected, entered, switched off and on with a reason, and signed by the pharmacist in charge."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.kernel.seals import digest
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions.exchange.reference import check
from infusiondesk.interactions.records import KnowledgeChange, KnowledgeReview
from infusiondesk.interactions.rules import Knowledge
from infusiondesk.interactions.rules.editing import RuleDraft, contradiction, off_refusal
from infusiondesk.interactions.rules.knowledge import ANYTHING
from infusiondesk.interactions.rules.names import words_of
from infusiondesk.interactions.rules.rows import COLUMNS, OURS, OWN_TAG, KnownRow, RowKind, key_of, version_of
from infusiondesk.interactions.rules.words import RowEvent
from infusiondesk.interactions.service.in_force import knowledge_in_force, review_facts

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
_READ_SOMEWHERE = frozenset({"label", "study", "published"})


@verb(Area.INTERACTIONS, *_PHARMACISTS, does="correct a rule")
def correct_rule(uow: UnitOfWork, *, row_key: str, draft: RuleDraft) -> None:
    """A new version of a row, in force at once and unsigned; the old one stays readable, and what relied on it is recalled.

    A draft that was opened at another version is refused, with what both people wrote.
    """
    in_force = knowledge_in_force(uow)
    row = _row(in_force.rows, row_key)
    if row.is_off:
        raise Refused(f"{row.rule} is off and is not corrected. The pharmacist in charge may switch it on.")
    fields = _fields(draft, row.fields, in_force.knowledge, RuleDraft.of(row))
    if fields == {**row.fields, "signed_by": ""}:
        raise Refused("Nothing was changed.")
    if draft.began != row.version:
        raise Refused(_changed_meanwhile(uow, row, draft))
    reason = uow.reason_for(
        "knowledge.correct",
        f"Why is {row.rule} changed? What relied on it is listed under Recall of knowledge.",
        ("label changed",),
    )
    _change(uow, row, RowEvent.CORRECTED, fields, reason)


@verb(Area.INTERACTIONS, *_PHARMACISTS, does="enter a pair")
def enter_pair(uow: UnitOfWork, *, draft: RuleDraft) -> str:
    """A row of this pharmacy's own; returns its rule."""
    _check_is_entered(draft, RowKind.PAIR)
    own = sa.and_(KnowledgeChange.what == RowEvent.ENTERED, KnowledgeChange.kind == RowKind.PAIR)
    number = uow.session.scalars(sa.select(sa.func.count()).where(own)).one() + 1
    rule = f"{OWN_TAG} {number}"
    empty = {**dict.fromkeys(COLUMNS[RowKind.PAIR].values(), ""), "rule": rule, "same": ""}
    fields = _fields(draft, empty, knowledge_in_force(uow).knowledge)
    row = KnownRow(RowKind.PAIR, f"own-{uow.new_id().hex}", OURS, empty)
    _change(uow, row, RowEvent.ENTERED, fields, "")
    return rule


@verb(Area.INTERACTIONS, *_PHARMACISTS, does="enter a dose range")
def enter_dose(uow: UnitOfWork, *, draft: RuleDraft) -> str:
    """The usual range of a dose as a source names it; returns the medicine."""
    _check_is_entered(draft, RowKind.DOSE)
    in_force = knowledge_in_force(uow)
    fields = _fields(draft, dict.fromkeys(COLUMNS[RowKind.DOSE].values(), ""), in_force.knowledge)
    key = key_of(RowKind.DOSE, fields)
    if any(row.kind is RowKind.DOSE and key_of(RowKind.DOSE, row.fields) == key for row in in_force.rows.values()):
        raise Refused(f"There is a range of {fields['ingredient']} in this unit for the same patients. Correct that one.")
    empty = dict.fromkeys(fields, "")
    _change(uow, KnownRow(RowKind.DOSE, f"own-{uow.new_id().hex}", OURS, empty), RowEvent.ENTERED, fields, "")
    return fields["ingredient"]


@verb(Area.INTERACTIONS, Role.PHARMACIST_IN_CHARGE, does="switch a rule off")
def switch_rule_off(uow: UnitOfWork, *, row_key: str) -> None:
    """No alert of this row any more, until it is switched on again; kept with the reason and the name."""
    row = _row(knowledge_in_force(uow).rows, row_key)
    if sentence := off_refusal(row.kind):
        raise Refused(sentence)
    if row.is_off:
        raise Refused(f"{row.rule} is off already.")
    known = ("noise: overridden nearly always", "not used in this pharmacy", "wrong")
    reason = uow.reason_for("knowledge.off", f"Why is {row.rule}, {row.between}, switched off?", known)
    _change(uow, row, RowEvent.SWITCHED_OFF, dict(row.fields), reason)


@verb(Area.INTERACTIONS, Role.PHARMACIST_IN_CHARGE, does="switch a rule on")
def switch_rule_on(uow: UnitOfWork, *, row_key: str) -> None:
    """The row speaks again."""
    row = _row(knowledge_in_force(uow).rows, row_key)
    if not row.is_off:
        raise Refused(f"{row.rule} is on.")
    _change(uow, row, RowEvent.SWITCHED_ON, dict(row.fields), "")


@verb(Area.INTERACTIONS, Role.PHARMACIST_IN_CHARGE, does="sign rules")
def sign_rules(uow: UnitOfWork, *, seen: Sequence[tuple[str, str]]) -> int:
    """Put a name under rows together, each by its key in the version that was `seen` and is in force. Says how many.

    What rests on memory or policy is signed only with what it was compared with; that is kept with the signature.
    """
    uow.require_licence("sign rules")
    in_force, rows = knowledge_in_force(uow).rows, []
    for key, version in sorted(set(seen)):
        row = _row(in_force, key)
        if row.version != version:
            raise Refused(f"{row.rule}, {row.between}, was changed after you opened it. Read it again, then sign.")
        rows.append(row)
    if not rows:
        raise Refused("Choose the rules to sign.")
    for row in rows:
        if row.is_off:
            raise Refused(f"{row.rule} is switched off and is not signed.")
        if row.signed_by:
            raise Refused(f"{row.rule}, {row.between}, is signed already by {row.signed_by}.")
    compared_with = ""
    if unread := sum(row.fields["status"] not in _READ_SOMEWHERE for row in rows):
        which = "This rule rests" if len(rows) == 1 else f"{unread} of these {len(rows)} rules rest"
        known = ("current package insert", "standard reference, named below", "policy of this pharmacy")
        compared_with = uow.reason_for("knowledge.compared", f"{which} on memory or policy. What did you compare with?", known)
    signed = [{"key": row.key, "version": row.version, "fields": dict(row.fields)} for row in rows]
    named = digest({"rows": [[row["key"], row["version"]] for row in signed]})
    review = uow.add(
        KnowledgeReview(
            id=UUID(bytes=named[:16], version=5), compared_with=compared_with, rows=signed, signed_at=None, signature_id=None
        )
    )
    words = "1 rule" if len(rows) == 1 else f"{len(rows)} rules"
    uow.sign(review, review_facts(review), subject=words, meaning="reviewed", area=Area.INTERACTIONS, patient_id=None)
    change = Change("reviewed", Area.INTERACTIONS, KnowledgeReview.__tablename__, review.id, detail=words)
    uow.record(change, reason=compared_with or None)
    return len(rows)


def _check_is_entered(draft: RuleDraft, kind: RowKind) -> None:
    """Whether a row of this kind may come from here at all."""
    if draft.kind is RowKind.LIMIT:
        raise Refused("A limit is not entered anew: the screen asks for each by its name. Correct the one that is there.")
    if draft.kind is not kind:
        raise Refused(f"A row of the kind “{draft.kind}” is not entered here.")


def _row(rows: Any, row_key: str) -> KnownRow:
    row: KnownRow | None = rows.get(row_key)
    if row is None:
        raise Refused("This rule is not in force any more. Its set was disabled or removed.")
    return row


def _changed_meanwhile(uow: UnitOfWork, row: KnownRow, draft: RuleDraft) -> str:
    """Who changed the row since the draft was opened, and both values of what is different now."""
    mine = sa.select(KnowledgeChange).where(KnowledgeChange.row_key == row.key).order_by(KnowledgeChange.number)
    changes = uow.session.scalars(mine).all()
    began = next((said for change in changes for said in (change.before, change.fields) if version_of(said) == draft.began), None)
    newest = changes[-1] if changes else None
    by = f"{newest.made_by} changed {row.rule} on {moment(uow.local(newest.made_at))}" if newest else f"{row.rule} was changed"
    said = "; ".join(draft.differences(row.fields, began)) or "it says something else now"
    return f"{by} while you were editing: {said}. Open the rule again to correct it."


def _fields(draft: RuleDraft, before: Any, knowledge: Knowledge, row: RuleDraft | None = None) -> dict[str, str]:
    """The columns of a draft without a problem whose every name is known and whose every condition can be read.

    A name that the row has already stays, known or not: a row of a set may have one that only the set knows.
    """
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    stay = {name for _, name in row.names()} if row is not None else set()
    for field, name in draft.names():
        if name == ANYTHING or name in stay or (name.startswith("@") and name[1:] in knowledge.groups):
            continue
        if name.startswith("@"):
            raise Refused(f"There is no group “{name}”.", field=field)
        if name not in knowledge.ingredients:
            near = knowledge.names.suggest(name)
            raise Refused(f"“{name}” is no ingredient of our list{f'; do you mean {near}?' if near else '.'}", field=field)
    if draft.kind is RowKind.ALLERGY:
        known = knowledge.ingredients | {of.allergen for of in knowledge.tables.allergy_classes}
        for name in (part.strip() for part in draft.side_b.split(";")):
            if name and name not in known:
                raise Refused(f"“{name}” is no substance of our list of allergies.", field="side_b")
    if draft.kind is RowKind.CLASS:
        for name in (part.strip() for part in draft.side_b.split(";")):
            other = knowledge.allergens.get(words_of(name))
            if other is not None and other.allergen != before["allergen"]:
                raise Refused(f"“{name}” is a name of {other.allergen} already.", field="side_b")
    fields = draft.fields(before)
    if draft.kind is RowKind.LIMIT and (sentence := contradiction(knowledge.limits, fields["limit"], Decimal(fields["value"]))):
        raise Refused(sentence, field="amount")
    try:
        check(KnownRow(draft.kind, "", OURS, fields))
    except (KeyError, ValueError, ArithmeticError):
        where = "condition" if "condition" in COLUMNS[draft.kind] else "at_least"
        raise Refused("The screen does not understand this condition, number or number of days.", field=where) from None
    return fields


def _change(uow: UnitOfWork, row: KnownRow, what: RowEvent, fields: dict[str, str], reason: str) -> None:
    change = uow.add(
        KnowledgeChange(
            row_key=row.key,
            number=row.changes + 1,
            kind=row.kind,
            layer=row.layer,
            what=what,
            fields=fields,
            before=dict(row.fields),
            reason=reason,
            made_at=uow.clock.now(),
            made_by=uow.actor.name,
        )
    )
    uow.record(Change(what.value, Area.INTERACTIONS, change.__tablename__, change.id, detail=row.key), reason=reason or None)
