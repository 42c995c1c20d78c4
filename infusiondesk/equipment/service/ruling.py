"""The pharmacy's own rules for pumps: its days by the pharmacist in charge, a therapy's back-up by a pharmacist, both signed."""

from uuid import UUID, uuid5

import sqlalchemy as sa

from infusiondesk.equipment.queries.policy import backup_facts, rules_facts
from infusiondesk.equipment.records import EquipmentRules, PumpBackup
from infusiondesk.equipment.rules import SERVES, BackupDraft, RulesDraft
from infusiondesk.equipment.service.happening import PHARMACISTS, refuse_problems
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.EQUIPMENT, Role.PHARMACIST_IN_CHARGE, does="set the rules for pumps")
def set_equipment_policy(uow: UnitOfWork, *, draft: RulesDraft) -> UUID:
    """Sign how early upkeep is listed, when a pump should be back, and which days are rental days; from now on."""
    refuse_problems(draft)
    number = 1 + (uow.session.scalar(sa.select(sa.func.max(EquipmentRules.number))) or 0)
    rules = uow.add(
        EquipmentRules(
            # Made from its number and not by chance: the signature is asked for in one try and given in the next.
            id=uuid5(uow.site.id, f"rules for pumps {number}"), number=number, due_days=int(draft.due_days or 0),
            return_days=int(draft.return_days or 0), counts_day_back=draft.counts_day_back, set_by=uow.actor.name,
        )
    )  # fmt: skip
    subject = f"Rules for pumps, version {number}"
    uow.sign(rules, rules_facts(rules), subject=subject, meaning="in force from now on", area=Area.EQUIPMENT, patient_id=None)
    return rules.id


@verb(Area.EQUIPMENT, *PHARMACISTS, does="decide how many pumps a therapy needs")
def set_backup(uow: UnitOfWork, *, draft: BackupDraft) -> UUID:
    """Sign how many pumps a therapy needs in the home; 1 says that it needs no back-up. It counts for every order at once."""
    refuse_problems(draft)
    kind = str(draft.therapy_class)
    number = 1 + (uow.session.scalar(sa.select(sa.func.max(PumpBackup.number)).where(PumpBackup.therapy_class == kind)) or 0)
    row = uow.add(
        PumpBackup(
            id=uuid5(uow.site.id, f"pumps for {kind} {number}"), therapy_class=kind, number=number, runs=sorted(draft.runs),
            pumps=int(draft.pumps or 0), why=draft.why.strip(), source=draft.source.strip(), set_by=uow.actor.name,
        )
    )  # fmt: skip
    subject = f"Pumps for {SERVES[kind]}, version {number}"
    uow.sign(row, backup_facts(row), subject=subject, meaning="in force from now on", area=Area.EQUIPMENT, patient_id=None)
    return row.id
