"""One patient: everything the rules need, the words of the banner, the fields of demographics, stays and places."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.queries.loading import (
    counting,
    facts_of,
    facts_of_each,
    patient_record,
    place_of,
    prescriber_facts,
    referral_record,
    stays_of,
)
from infusiondesk.patients.queries.past import ChangeRow, EntryRow, StepRow, corrections_of, entries_of, steps_of
from infusiondesk.patients.records import OutpatientInfusion, Patient, Prescriber
from infusiondesk.patients.rules.banner import Banner, Words, banner
from infusiondesk.patients.rules.drafts import DemographicsDraft
from infusiondesk.patients.rules.facts import PatientFacts, PlaceFacts, PrescriberFacts, StayFacts
from infusiondesk.patients.rules.names import phone_text, search_words


@query(Area.PATIENTS)
def chart_facts(reading: Reading, *, patient_id: UUID) -> PatientFacts:
    """Everything about one patient that the rules of the slices above need."""
    return facts_of(reading.session, reading.clock, patient_id)


@query(Area.PATIENTS)
def charts_of(reading: Reading, *, patient_ids: Collection[UUID]) -> Mapping[UUID, PatientFacts]:
    """The same about several patients, in as many questions as about one."""
    return facts_of_each(reading.session, reading.clock, patient_ids)


@query(Area.PATIENTS)
def banner_of(
    reading: Reading,
    *,
    patient_id: UUID,
    therapies: Sequence[str] = (),
    payer: str = "",
    authorization: Words | None = None,
) -> Banner:
    """The words of the banner; therapies, payer and authorization are handed in by who knows them."""
    facts = facts_of(reading.session, reading.clock, patient_id)
    return banner(facts, reading.today(), therapies=therapies, payer=payer, authorization=authorization)


@dataclass(frozen=True)
class ChartPage:
    """What the patient's page shows: the facts, the fields that can be corrected, and everything that stood there before."""

    facts: PatientFacts
    demographics: DemographicsDraft
    therapy: str
    corrections: Sequence[ChangeRow]
    entries: Sequence[EntryRow]
    steps: Sequence[StepRow]


@query(Area.PATIENTS)
def chart_page(reading: Reading, *, patient_id: UUID) -> ChartPage:
    """Everything of the patient's page in one reading."""
    patient = patient_record(reading.session, patient_id)
    return ChartPage(
        facts_of(reading.session, reading.clock, patient_id),
        demographics_draft(patient, reading.today()),
        referral_record(reading.session, patient).therapy,
        corrections_of(reading, patient_id=patient_id),
        entries_of(reading, patient_id=patient_id),
        steps_of(reading, patient_id=patient_id),
    )


@query(Area.PATIENTS)
def demographics_of(reading: Reading, *, patient_id: UUID) -> DemographicsDraft:
    """The fields of demographics as they can be corrected."""
    return demographics_draft(patient_record(reading.session, patient_id), reading.today())


def demographics_draft(patient: Patient, today: date) -> DemographicsDraft:
    """What is on file, as a draft."""
    return DemographicsDraft(
        today=today,
        first_name=patient.first_name,
        last_name=patient.last_name,
        preferred_name=patient.preferred_name,
        born_on=patient.born_on,
        sex=patient.sex,
        gender_identity=patient.gender_identity,
        street=patient.street,
        city=patient.city,
        state=patient.state,
        postcode=patient.postcode,
        access_notes=patient.access_notes,
        phone=phone_text(patient.phone),
        other_phone=phone_text(patient.other_phone),
        e_mail=patient.e_mail,
        language=patient.language,
        interpreter_needed=patient.interpreter_needed,
        contact_name=patient.contact_name,
        contact_relation=patient.contact_relation,
        contact_phone=phone_text(patient.contact_phone),
        emergency_class=patient.emergency_class,
        code_status=patient.code_status,
    )


@query(Area.PATIENTS)
def hospital_stays_of(reading: Reading, *, patient_id: UUID) -> Sequence[StayFacts]:
    """Hospital stays, oldest first, on the pharmacy's wall clock."""
    return stays_of(reading.session, reading.clock, patient_id)


@query(Area.PATIENTS)
def outpatient_infusions_of(reading: Reading, *, patient_id: UUID) -> Sequence[date]:
    """The days on which a hospital's outpatient department infused, oldest first."""
    return [one.given_on for one in counting(reading.session, OutpatientInfusion, patient_id, OutpatientInfusion.given_on)]


@query(Area.PATIENTS)
def place_on(reading: Reading, *, patient_id: UUID, on: date) -> PlaceFacts | None:
    """Where doses are given on a day."""
    return place_of(reading.session, patient_id, on)


@query(Area.PATIENTS, is_audited=False)
def prescribers(reading: Reading, *, text: str = "", most: int = 50) -> Sequence[PrescriberFacts]:
    """Prescribers by name or NPI, in alphabetical order; no patient is shown."""
    words = search_words(text)
    found = reading.session.scalars(
        sa.select(Prescriber)
        .where(*(sa.or_(Prescriber.name_key.contains(word, autoescape=True), Prescriber.npi.startswith(word)) for word in words))
        .order_by(Prescriber.name_key, Prescriber.id)
        .limit(most)
    )
    return [prescriber_facts(one) for one in found]
