"""A prescription is given to another pharmacy, or came from one; it is written down once and never taken out."""

from uuid import UUID

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.prescriptions.queries.finding import listed
from infusiondesk.prescriptions.queries.transfers import transfers_of
from infusiondesk.prescriptions.records import Transfer
from infusiondesk.prescriptions.rules.transfers import Direction, TransferDraft, transfer_refusal


@verb(Area.ORDERS, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, does="transfer a prescription")
def transfer_prescription(uow: UnitOfWork, *, order_id: UUID, draft: TransferDraft) -> UUID:
    """Write down a transfer, pharmacist to pharmacist; one that went away has no refill left and is not filled here any more."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    uow.require_licence("transfer a prescription")
    row = listed(uow, [order_id])[0]
    if not any(one.is_verified for one in (row.order, row.order.replaces) if one is not None):
        raise Refused(f"Rx {row.rx_number} was never verified here: there is nothing to transfer.")
    before = [one.direction.value for one in transfers_of(uow, [order_id]).get(order_id, ())]
    schedule = row.terms.limit.schedule if row.terms.limit else ""
    refusal = transfer_refusal(draft, schedule=schedule, before=before, refills_left=row.refills_left, today=uow.today())
    if refusal is not None:
        raise Refused(f"Rx {row.rx_number}: {refusal[1]}", field=refusal[0])
    assert draft.on is not None
    kept = uow.add(
        Transfer(
            order_id=order_id, direction=Direction(draft.direction), pharmacy=draft.pharmacy.strip(), address=draft.address.strip(),
            pharmacist=draft.pharmacist.strip(), dea=draft.dea.strip().upper(), transferred_on=draft.on, written_by=uow.actor.name,
            written_at=uow.clock.now(),
        )
    )  # fmt: skip
    detail = f"Rx {row.rx_number} {draft.direction}, {kept.pharmacy}"
    uow.record(Change("transferred", Area.ORDERS, kept.__tablename__, kept.id, row.patient_id, detail=detail))
    return kept.id
