"""The rules for controlled drugs that are in force."""

from typing import Any

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.records import ControlledRules
from infusiondesk.inventory.rules.policy import ControlledPolicy


@query(Area.INVENTORY, is_audited=False)
def controlled_policy(reading: Reading, *, shipped: ControlledPolicy) -> ControlledPolicy:
    """What the pharmacist in charge signed last, or else the rules as they are shipped."""
    signed = sa.select(ControlledRules).where(ControlledRules.signed_at.is_not(None)).order_by(ControlledRules.number.desc())
    row = reading.session.scalars(signed.limit(1)).first()
    if row is None or row.signed_at is None:
        return shipped
    return ControlledPolicy(
        fax_is_original=row.fax_is_original,
        monitored=tuple(row.monitored),
        level=row.level,
        query_days=row.query_days,
        each_fill=row.each_fill,
        inventory_months=row.inventory_months,
        dea_number=row.dea_number,
        ncpdp_number=row.ncpdp_number,
        program=row.program,
        program_id=row.program_id,
        signed_by=row.set_by,
        signed_on=reading.local(row.signed_at).date(),
    )


def rules_facts(row: ControlledRules) -> dict[str, Any]:
    """Everything the name under the rules covers."""
    return {
        "number": row.number,
        "fax_is_original": row.fax_is_original,
        "monitored": row.monitored,
        "level": row.level,
        "query_days": row.query_days,
        "each_fill": row.each_fill,
        "inventory_months": row.inventory_months,
        "dea_number": row.dea_number,
        "ncpdp_number": row.ncpdp_number,
        "program": row.program,
        "program_id": row.program_id,
    }
