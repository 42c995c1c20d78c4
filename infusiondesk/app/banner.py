"""The banner of the open patient: who it is from patients, what runs from orders, who pays from payers.

The slices are loaded when a chart is opened, on the reading lane: the first list after the password waits for none of them.
"""

from uuid import UUID

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.qtkit.parts.banner import AllergyFact, BannerFacts
from infusiondesk.foundation.store.unit_of_work import Reading


@query(Area.PATIENTS)
def banner_facts(reading: Reading, *, patient_id: UUID) -> BannerFacts:
    """The words of the banner, from all slices that know a part of it."""
    from infusiondesk.orders.queries import therapy_courses
    from infusiondesk.patients.queries import banner_of
    from infusiondesk.payers.queries import payer_banner_of

    today = reading.today()
    payer = payer_banner_of(reading, patient_id=patient_id)
    therapies = [
        f"{course.drug}, day {(today - course.first).days + 1} of {(course.last - course.first).days + 1}"
        for course in therapy_courses(reading, patient_id=patient_id)
        if course.first <= today <= course.last
    ]
    words = banner_of(reading, patient_id=patient_id, therapies=therapies, payer=payer.payer, authorization=payer.authorization)
    born, _, age = words.born.partition(" (")
    return BannerFacts(
        name=words.name,
        mrn=words.mrn,
        born=born,
        age=age.rstrip(")"),
        sex=words.sex,
        weight=words.weight,
        status=words.status.text,
        status_tone=words.status.tone,
        allergies=tuple(AllergyFact(one.text, one.tone) for one in words.allergies),
        emergency_class=words.emergency.text,
        code_status=words.code_status.text,
        access=words.access.text,
        therapy="; ".join(words.therapies) or "none running today",
        payer=words.payer or "none entered",
        authorization=words.authorization.text if words.authorization else "",
        authorization_tone=words.authorization.tone if words.authorization and words.authorization.tone != "plain" else None,
        remark=words.similar_name.text if words.similar_name else "",
    )
