"""Who a patient is: the columns behind the draft, people of the same name, and corrections that keep what was there."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries.chart import demographics_draft
from infusiondesk.patients.queries.loading import patient_record
from infusiondesk.patients.records import Correction, Patient, SimilarName
from infusiondesk.patients.rules.drafts import DemographicsDraft
from infusiondesk.patients.rules.names import folded, phone_digits, search_key
from infusiondesk.patients.rules.words import CodeStatus, Sex
from infusiondesk.patients.service.writing import CHARTING, authorship, differences, keep_correction, kept, refuse_first

DIFFERENT = (
    "different person: address and telephone differ",
    "different person: twin or relative",
    "different person: the referrer confirmed it",
)
CORRECTING = ("the patient told us", "moved", "changed name", "typing mistake")
_PHONES = ("phone", "other_phone", "contact_phone")


def demographic_columns(draft: DemographicsDraft) -> dict[str, Any]:
    """The columns of a patient behind a draft that has no problems; names stand as typed, with their search keys beside them."""
    columns = {field.name: getattr(draft, field.name) for field in fields(DemographicsDraft) if field.name != "today"}
    columns = {name: value.strip() if isinstance(value, str) else value for name, value in columns.items()}
    for name in _PHONES:
        columns[name] = phone_digits(columns[name]) or ""
    columns["state"] = columns["state"].upper()
    columns["sex"] = Sex(columns["sex"])
    columns["code_status"] = CodeStatus(columns["code_status"]) if columns["code_status"] else None
    columns["last_key"] = folded(columns["last_name"])
    columns["search_key"] = search_key((columns["last_name"], columns["first_name"], columns["preferred_name"]))
    return columns


def ask_about_others(uow: UnitOfWork, last_key: str, born_on: date | None, own_id: UUID | None) -> Sequence[Patient]:
    """People of the same last name and birth date; asks once whether they are others. No permission of its own."""
    found = uow.session.scalars(
        sa.select(Patient)
        .where(Patient.born_on == born_on, Patient.last_key == last_key, Patient.id != own_id if own_id else sa.true())
        .order_by(Patient.serial)
    ).all()
    if own_id is not None:
        known = set(
            uow.session.scalars(
                sa.select(sa.case((SimilarName.patient_id == own_id, SimilarName.other_id), else_=SimilarName.patient_id)).where(
                    sa.or_(SimilarName.patient_id == own_id, SimilarName.other_id == own_id)
                )
            )
        )
        found = [other for other in found if other.id not in known]
    if found:
        names = "; ".join(f"{one.last_name}, {one.first_name}, MRN {one.mrn}, {one.status}" for one in found)
        uow.reason_for(
            "patients.different_person",
            f"Born {day(found[0].born_on)} with the same last name is known: {names}. If this is the same person, turn back and "
            "open that chart. If it is a different person, say how you know.",
            DIFFERENT,
        )
    return found


def mark_similar(uow: UnitOfWork, patient: Patient, others: Sequence[Patient]) -> None:
    """Mark both that their names are alike, with the reason given. No permission of its own."""
    for other in others:
        reason = uow.reason_for("patients.different_person", "How do you know that these are different people?", DIFFERENT)
        mark = uow.add(SimilarName(patient_id=patient.id, other_id=other.id, reason=reason, **authorship(uow)))
        uow.record(Change("similar name", Area.PATIENTS, "similar_name", mark.id, patient.id, detail=str(other.id)), reason=reason)


@verb(Area.PATIENTS, *CHARTING, Role.BILLER, does="correct demographics")
def correct_demographics(
    uow: UnitOfWork, *, patient_id: UUID, draft: DemographicsDraft, seen: DemographicsDraft | None = None
) -> None:
    """Put right who the patient is. `seen` is what stood there when the person began; what others changed since is not undone."""
    patient = patient_record(uow.session, patient_id)
    draft = replace(draft, today=uow.today())
    if seen is not None:
        draft = _joined(uow, patient, draft, seen)
    refuse_first(draft.problems())
    changed = differences(patient, demographic_columns(draft))
    shown = {name: values for name, values in changed.items() if not name.endswith("_key")}
    if not shown:
        raise Refused("Nothing was changed.")
    others: Sequence[Patient] = ()
    if {"last_key", "born_on"} & set(changed):
        others = ask_about_others(uow, folded(draft.last_name), draft.born_on, patient.id)
    reason = uow.reason_for("patients.correction", f"Why does this change: {_said(shown)}?", CORRECTING)
    for name, (_, after) in changed.items():
        setattr(patient, name, after)
    keep_correction(uow, patient.id, "patient", patient.id, shown, reason)
    mark_similar(uow, patient, others)


def _said(changed: dict[str, tuple[object, object]]) -> str:
    return ", ".join(name.replace("_", " ") for name in changed)


def _joined(uow: UnitOfWork, patient: Patient, draft: DemographicsDraft, seen: DemographicsDraft) -> DemographicsDraft:
    """Keep what somebody else changed meanwhile; where both changed the same field, refuse with both values."""
    present = demographics_draft(patient, draft.today)
    for field in fields(DemographicsDraft):
        before, now, typed = (getattr(one, field.name) for one in (seen, present, draft))
        if field.name == "today" or now in (before, typed):
            continue
        if typed != before:
            who = uow.session.scalars(
                sa.select(Correction).where(Correction.patient_id == patient.id).order_by(Correction.number.desc()).limit(1)
            ).first()
            by = f"{who.by} changed this on {moment(uow.local(who.at))}" if who else "Somebody changed this"
            raise Refused(
                f"{by} while you were editing: {field.name.replace('_', ' ')} is now “{kept(now)}”, you typed “{kept(typed)}”. "
                "Nothing of yours is lost; compare and save again.",
                field=field.name,
            )
        draft = replace(draft, **{field.name: now})
    return draft
