"""Prescribers: known by their NPI, checked against licence and exclusion list, chosen for a patient."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries.loading import patient_record
from infusiondesk.patients.records import Prescriber
from infusiondesk.patients.rules.drafts import PrescriberDraft
from infusiondesk.patients.rules.names import folded, phone_digits, search_key
from infusiondesk.patients.rules.words import Standing
from infusiondesk.patients.service.writing import PHARMACISTS, differences, keep_correction, refuse_first


def keep_prescriber(uow: UnitOfWork, draft: PrescriberDraft, *, prefix: str = "") -> Prescriber:
    """The prescriber of this NPI, entered if he is new. No permission of its own: the verb that calls it has checked it."""
    columns = _columns(draft)
    known = uow.session.scalars(sa.select(Prescriber).where(Prescriber.npi == columns["npi"])).first()
    if known is not None:
        if folded(known.name) != folded(draft.name):
            raise Refused(f"This NPI belongs to {known.name} on file; choose {known.name} or check the NPI.", field=f"{prefix}npi")
        return known
    prescriber = uow.add(Prescriber(standing=Standing.NOT_CHECKED, **columns))
    uow.session.flush()
    uow.record(Change("prescriber entered", Area.PATIENTS, "prescriber", prescriber.id))
    return prescriber


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="enter a prescriber")
def enter_prescriber(uow: UnitOfWork, *, draft: PrescriberDraft) -> UUID:
    """Keep somebody who orders; an NPI that is known gives the one on file."""
    refuse_first(draft.problems())
    return keep_prescriber(uow, draft).id


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="correct a prescriber")
def correct_prescriber(uow: UnitOfWork, *, prescriber_id: UUID, draft: PrescriberDraft) -> None:
    """Change a prescriber's name or numbers; a new NPI must be checked again."""
    prescriber = uow.session.get_one(Prescriber, prescriber_id)
    refuse_first(draft.problems())
    columns = _columns(draft)
    changed = differences(prescriber, columns)
    if not changed:
        raise Refused("Nothing was changed.")
    taken = sa.select(Prescriber.name).where(Prescriber.npi == columns["npi"], Prescriber.id != prescriber_id)
    if name := uow.session.scalars(taken).first():
        raise Refused(f"This NPI belongs to {name} on file.", field="npi")
    reason = uow.reason_for("patients.correction", "Why is the prescriber corrected?", ("typing mistake", "the office told us"))
    for field, (_, after) in changed.items():
        setattr(prescriber, field, after)
    if "npi" in changed:
        prescriber.standing, prescriber.standing_on, prescriber.standing_by = Standing.NOT_CHECKED, None, None
    uow.record(Change("corrected", Area.PATIENTS, "prescriber", prescriber.id, detail=", ".join(sorted(changed))), reason=reason)


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="check a prescriber")
def check_prescriber(uow: UnitOfWork, *, prescriber_id: UUID, standing: Standing, checked_on: date) -> None:
    """Say what the licence board and the OIG exclusion list answered on a day (R20)."""
    if checked_on > uow.today():
        raise Refused(f"{day(checked_on)} is in the future; enter the day of the check.", field="checked_on")
    prescriber = uow.session.get_one(Prescriber, prescriber_id)
    prescriber.standing, prescriber.standing_on, prescriber.standing_by = Standing(standing), checked_on, uow.actor.name
    uow.record(Change("prescriber checked", Area.PATIENTS, "prescriber", prescriber.id, detail=prescriber.standing.value))


@verb(Area.PATIENTS, Role.INTAKE, *PHARMACISTS, does="choose a patient's prescriber")
def choose_prescriber(uow: UnitOfWork, *, patient_id: UUID, prescriber_id: UUID, follows_at_home: bool = False) -> None:
    """Name who orders, or who follows the patient at home; replacing somebody asks for a reason."""
    patient = patient_record(uow.session, patient_id)
    chosen = uow.session.get_one(Prescriber, prescriber_id)
    field = "followed_by_id" if follows_at_home else "prescriber_id"
    before = getattr(patient, field)
    if before == chosen.id:
        raise Refused(f"{chosen.name} is chosen already.")
    if before is None:
        uow.record(Change("prescriber chosen", Area.PATIENTS, "patient", patient.id, patient.id, detail=str(chosen.id)))
    else:
        previous = uow.session.get_one(Prescriber, before)
        reason = uow.reason_for(
            "patients.prescriber", f"Why does {chosen.name} replace {previous.name}?", ("care was handed over", "entered wrongly")
        )
        shown = {field.removesuffix("_id"): (previous.name, chosen.name)}
        keep_correction(uow, patient.id, "patient", patient.id, shown, reason)
    setattr(patient, field, chosen.id)


def _columns(draft: PrescriberDraft) -> dict[str, str]:
    typed = replace(draft)
    return {
        "name": typed.name.strip(),
        "name_key": search_key(typed.name.split()),
        "npi": typed.npi.strip(),
        "phone": phone_digits(typed.phone) or "",
        "after_hours_phone": phone_digits(typed.after_hours_phone) or "",
        "fax": phone_digits(typed.fax) or "",
        "dea": typed.dea.strip().upper(),
    }
