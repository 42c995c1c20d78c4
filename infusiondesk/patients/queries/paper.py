"""The patient's block on every paper."""

from uuid import UUID

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.paper.stationery import PatientBlock
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.queries.loading import facts_of


@query(Area.PATIENTS)
def patient_block(reading: Reading, *, patient_id: UUID) -> PatientBlock:
    """Name, number, birth date and allergies as papers print them; "not recorded" is never "none"."""
    facts = facts_of(reading.session, reading.clock, patient_id)
    words = "; ".join(f"{one.substance} ({one.reaction})" if one.reaction else one.substance for one in facts.allergies)
    none_known = not facts.allergies and facts.no_known_allergies_on is not None
    if none_known and facts.no_known_allergies_on is not None:
        words = f"No known allergies, confirmed {day(facts.no_known_allergies_on)}"
    return PatientBlock(facts.name, facts.mrn, facts.born_on, words, has_no_known_allergies=none_known)
