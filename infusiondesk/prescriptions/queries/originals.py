"""Whether a version has its original on file: asked before a controlled drug is verified."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.prescriptions.records import Original


@query(Area.ORDERS, is_audited=False)
def has_original(reading: Reading, *, version_id: UUID) -> bool:
    """Whether an image or PDF of the prescription was kept with this very version; a new version is a new prescription."""
    wanted = sa.select(Original.id).where(Original.order_version_id == version_id).limit(1)
    return reading.session.scalars(wanted).first() is not None
