"""Allergies: entered, voided, or explicitly none; never assumed."""

from uuid import UUID

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries.loading import counting, patient_record
from infusiondesk.patients.records import Allergy
from infusiondesk.patients.rules.entries import AllergyDraft
from infusiondesk.patients.rules.names import folded
from infusiondesk.patients.rules.words import AllergySeverity
from infusiondesk.patients.service.writing import (
    CHARTING,
    CLINICAL,
    authorship,
    enter,
    keep_correction,
    line_of,
    refuse_first,
    void,
)


@verb(Area.PATIENTS, *CHARTING, does="enter an allergy")
def enter_allergy(uow: UnitOfWork, *, patient_id: UUID, draft: AllergyDraft) -> UUID:
    """Keep an allergy; it ends an earlier statement that there are none."""
    patient = patient_record(uow.session, patient_id)
    refuse_first(draft.problems())
    substance = " ".join(draft.substance.split())
    known = [one for one in counting(uow.session, Allergy, patient_id) if folded(one.substance) == folded(substance)]
    if known:
        raise Refused(f"{known[0].substance} is on the list already; void that entry to enter it differently.", field="substance")
    if patient.no_known_allergies_at is not None:
        was = f"confirmed by {patient.no_known_allergies_by}"
        patient.no_known_allergies_at, patient.no_known_allergies_by = None, None
        ended = {"no_known_allergies": (was, None)}
        keep_correction(uow, patient.id, "patient", patient.id, ended, "an allergy was entered")
    return enter(
        uow,
        Allergy(
            patient_id=patient_id,
            substance=substance,
            reaction=" ".join(draft.reaction.split()),
            severity=AllergySeverity(draft.severity) if draft.severity else None,
            occurred=draft.occurred.strip(),
            mechanism=draft.mechanism.strip(),
            source=draft.source.strip(),
            noted_on=uow.today(),
            **authorship(uow),
        ),
    )


@verb(Area.PATIENTS, *CHARTING, does="confirm that there are no known allergies")
def confirm_no_known_allergies(uow: UnitOfWork, *, patient_id: UUID) -> None:
    """Somebody asked, and there are none; refused while an allergy is on the list (ALG01)."""
    patient = patient_record(uow.session, patient_id)
    if known := counting(uow.session, Allergy, patient_id, Allergy.entered_at):
        names = ", ".join(one.substance for one in known)
        raise Refused(f"On the list stands {names}. Void what is wrong first; a list with an entry is not “no known allergies”.")
    patient.no_known_allergies_at, patient.no_known_allergies_by = uow.clock.now(), uow.actor.name
    uow.record(Change("no known allergies confirmed", Area.PATIENTS, "patient", patient.id, patient.id))


@verb(Area.PATIENTS, *CLINICAL, does="void an allergy")
def void_allergy(uow: UnitOfWork, *, allergy_id: UUID) -> None:
    """Take a wrong allergy off; with the last one the list is not recorded again, until somebody confirms that there are none."""
    allergy = line_of(uow, Allergy, allergy_id)
    void(uow, allergy, f"allergy to {allergy.substance}")
