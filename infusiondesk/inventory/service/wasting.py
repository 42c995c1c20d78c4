"""Controlled drugs that had left their shelf: what of them is wasted or destroyed waits for a witness with an own password too."""

from decimal import Decimal
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import amount
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory.records import ControlledWaste
from infusiondesk.inventory.rules import MovementKind
from infusiondesk.inventory.service.moving import HANDS, PHARMACISTS


def lay_out_waste(
    uow: UnitOfWork,
    *,
    what: str,
    schedule: str,
    quantity: Decimal,
    unit: str,
    kind: MovementKind,
    because: str,
    reference: tuple[str, UUID],
    patient_id: UUID | None,
) -> UUID:
    """Keep what is wasted of a preparation or destroyed of a delivery, so that a second person signs for having seen it.

    No permission of its own: making, rejecting and destroying carry it.
    """
    entity, entity_id = reference
    waste = uow.add(
        ControlledWaste(
            what=what, schedule=schedule, quantity=quantity, unit=unit, kind=kind, because=because, reference_entity=entity,
            reference_id=entity_id, patient_id=patient_id, laid_out_at=uow.clock.now(), laid_out_by_id=uow.actor.id,
            laid_out_by=uow.actor.name, witnessed_by="", withdrawn_at=None, withdrawn_by="",
        )
    )  # fmt: skip
    detail = f"{quantity:f} {unit} to be seen {kind}"
    uow.record(Change("laid out", Area.INVENTORY, "controlled_waste", waste.id, patient_id, detail=detail), reason=because)
    return waste.id


@verb(Area.INVENTORY, *HANDS, does="witness that a controlled preparation is wasted or destroyed")
def witness_waste(uow: UnitOfWork, *, waste_id: UUID) -> None:
    """Sign as the second person who saw it."""
    waste = _open(uow, waste_id)
    if waste.laid_out_by_id == uow.actor.id:
        raise Refused(f"{uow.actor.name} recorded it. Another person is the witness.")
    uow.require_licence("witness what is wasted or destroyed of a controlled drug")
    waste.witnessed_by = uow.actor.name
    uow.sign(
        waste,
        {
            "what": waste.what,
            "quantity": f"{waste.quantity:f} {waste.unit}",
            "kind": waste.kind.value,
            "because": waste.because,
            "by": waste.laid_out_by,
        },
        subject=f"{waste.what}: {amount(waste.quantity, waste.unit)} {waste.kind}",
        meaning=f"saw it {waste.kind}",
        area=Area.INVENTORY,
        patient_id=waste.patient_id,
    )


@verb(Area.INVENTORY, *PHARMACISTS, does="withdraw waste that was recorded wrong")
def withdraw_waste(uow: UnitOfWork, *, waste_id: UUID) -> None:
    """Nothing was left over, or it is not what was recorded; a reason is kept."""
    waste = _open(uow, waste_id)
    because = uow.reason_for("inventory.withdraw_waste", "Why is there nothing to witness?", ("nothing was left over",))
    waste.withdrawn_at, waste.withdrawn_by = uow.clock.now(), uow.actor.name
    change = Change("withdrew", Area.INVENTORY, "controlled_waste", waste_id, waste.patient_id, detail=f"{waste.quantity:f}")
    uow.record(change, reason=because)


def _open(uow: UnitOfWork, waste_id: UUID) -> ControlledWaste:
    waste = uow.session.get_one(ControlledWaste, waste_id)
    if waste.signed_at is not None:
        raise Refused(f"{waste.witnessed_by} saw and signed this already.")
    if waste.withdrawn_at is not None:
        raise Refused(f"{waste.withdrawn_by} withdrew this.")
    return waste
