"""The pharmacy's own rules for controlled drugs, signed by the pharmacist in charge."""

from uuid import UUID, uuid5

import sqlalchemy as sa

from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.queries.policy import rules_facts
from infusiondesk.inventory.records import ControlledRules
from infusiondesk.inventory.rules import refuse_first
from infusiondesk.inventory.rules.policy import SCHEDULES, PolicyDraft


@verb(Area.INVENTORY, Role.PHARMACIST_IN_CHARGE, does="set the rules for controlled drugs")
def set_controlled_policy(uow: UnitOfWork, *, draft: PolicyDraft) -> UUID:
    """Sign how this pharmacy treats a fax, the monitoring programme, and under which numbers it is registered; from now on."""
    refuse_first(draft.problems())
    number = 1 + (uow.session.scalar(sa.select(sa.func.max(ControlledRules.number))) or 0)
    rules = uow.add(
        ControlledRules(
            # Made from its number and not by chance: the signature is asked for in one try and given in the next.
            id=uuid5(uow.site.id, f"rules for controlled drugs {number}"),
            number=number,
            fax_is_original=draft.fax_is_original,
            monitored=[schedule for schedule in SCHEDULES if schedule in draft.monitored],
            level=draft.level,
            query_days=None if draft.query_days is None else int(draft.query_days),
            each_fill=draft.each_fill,
            inventory_months=int(draft.inventory_months or 0),
            dea_number=draft.dea_number.strip().upper(),
            ncpdp_number=draft.ncpdp_number.strip(),
            program=draft.program.strip(),
            program_id=draft.program_id.strip(),
            set_by=uow.actor.name,
        )
    )
    subject = f"Rules for controlled drugs, version {number}"
    uow.sign(
        rules, rules_facts(rules), subject=subject, meaning="in force from now on", area=Area.INVENTORY, patient_id=None
    )  # fmt: skip
    return rules.id
