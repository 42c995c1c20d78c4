"""The patients that the pharmacy cares for now."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.words import PatientStatus

IN_CARE = (PatientStatus.ACCEPTED, PatientStatus.ACTIVE, PatientStatus.ON_HOLD)


@query(Area.PATIENTS)
def patients_in_care(reading: Reading) -> Sequence[UUID]:
    """Accepted, active and on hold, in one order every time."""
    return reading.session.scalars(sa.select(Patient.id).where(Patient.status.in_(IN_CARE)).order_by(Patient.id)).all()
