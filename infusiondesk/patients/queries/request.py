"""The request of the present referral as it can be corrected: every field that the verb writes, so that none is emptied unseen."""

from uuid import UUID

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.queries.loading import patient_record, referral_record
from infusiondesk.patients.rules.drafts import RequestDraft
from infusiondesk.patients.rules.names import phone_text
from infusiondesk.patients.rules.words import Document


@query(Area.PATIENTS)
def request_of(reading: Reading, *, patient_id: UUID) -> RequestDraft:
    """What is noted of the present referral, with both times on the pharmacy's wall clock."""
    found = referral_record(reading.session, patient_record(reading.session, patient_id))
    return RequestDraft(
        now=reading.local(reading.clock.now()),
        received_at=reading.local(found.received_at),
        source=found.source,
        referring_person=found.referring_person,
        referring_phone=phone_text(found.referring_phone),
        referring_fax=phone_text(found.referring_fax),
        referring_mail=found.referring_mail,
        start_of_care_at=reading.local(found.start_of_care_at),
        therapy=found.therapy,
        documents=tuple(Document(one) for one in found.documents),
    )
