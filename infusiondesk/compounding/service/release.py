"""The last look: another pharmacist releases the batch and its bags exist, or rejects it with a reason."""

from uuid import UUID

from infusiondesk.compounding.queries.bags import doubt_in
from infusiondesk.compounding.queries.batches import COMPOUNDED, RELEASED, taken_for, worksheet_of
from infusiondesk.compounding.queries.facts import made_facts
from infusiondesk.compounding.records import Bag, Batch
from infusiondesk.compounding.rules import BatchEvent as What
from infusiondesk.compounding.rules import BatchForRelease, may_release
from infusiondesk.compounding.service.bench import makers_of, put_back
from infusiondesk.compounding.service.steps import PHARMACISTS, may_take, order_in_force, take_step
from infusiondesk.compounding.service.wasting import waste_bags, waste_opened
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.signatures import signatures_of
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_REASONS = ("not needed any more", "order changed", "particles or color", "leak", "wrong volume", "label wrong")


def bag_code(batch_number: str, bag: int) -> str:
    """The barcode of one bag: ``B-2603-0001-03``."""
    return f"{batch_number}-{bag:02}"


@verb(Area.COMPOUNDING, *PHARMACISTS, does="release a batch")
def release_batch(uow: UnitOfWork, *, batch_id: UUID) -> UUID:
    """Sign for exactly what the compounder signed for; from then on the batch is fixed and its bags can be delivered."""
    batch = uow.session.get_one(Batch, batch_id)
    step = may_take(uow, batch, What.RELEASE)
    order = order_in_force(uow, batch.order_version_id)
    facts = made_facts(batch, taken_for(uow, batch.id))
    signed = signatures_of(uow, Batch.__tablename__, batch.id, facts)
    if not any(name.holds and name.meaning == COMPOUNDED for name in signed):
        raise Refused(f"{batch.number} is not what {batch.compounded_by or 'the compounder'} signed as compounded. Reject it.")
    if batch.finished_at is None or batch.beyond_use_at is None:
        raise AssertionError("what was signed as compounded is finished and dated")
    if batch.beyond_use_at <= uow.clock.now():
        raise Refused(f"The beyond-use date of {batch.number} has passed. Reject it.")
    if doubt := doubt_in(uow, batch_id=batch_id):
        raise Refused(f"{doubt} It is in {batch.number}. Reject the batch.")
    is_maker = uow.actor.id in makers_of(uow, batch)
    verdict = may_release(
        BatchForRelease(compounder=batch.compounded_by, finished_at=batch.finished_at),
        verifier=batch.compounded_by if is_maker else f"{uow.actor.name} ({uow.actor.login})",
        verifier_is_pharmacist="RPH" in step.roles,
        at=uow.clock.now(),
    )
    if not verdict.is_allowed:
        raise Refused(verdict.because[0])
    uow.require_licence("release a batch")
    good = batch.good_bags or 0
    subject = f"{batch.number}, {counted(good, 'bag')}, {worksheet_of(uow, batch).name}, for {order.patient}"
    take_step(uow, batch, What.RELEASE, detail=counted(good, "bag"))
    uow.sign(batch, facts, subject=subject, meaning=RELEASED, area=Area.COMPOUNDING, patient_id=batch.patient_id)
    for number in range(1, good + 1):
        code = bag_code(batch.number, number)
        uow.add(Bag(batch_id=batch.id, patient_id=batch.patient_id, number=number, barcode=code))
    return batch.id


@verb(Area.COMPOUNDING, *PHARMACISTS, does="reject a batch")
def reject_batch(uow: UnitOfWork, *, batch_id: UUID) -> None:
    """The batch ends here. What was taken and not yet opened goes back on the shelf; what was made is wasted."""
    batch = uow.session.get_one(Batch, batch_id)
    may_take(uow, batch, What.REJECT)
    reason = uow.reason_for("compounding.reject", f"Why is {batch.number} rejected?", _REASONS)
    detail = "not started; what was taken went back on the shelf"
    if batch.started_at is None:
        for taken in taken_for(uow, batch.id):
            put_back(uow, batch, taken)
    else:
        detail = f"wasted: {counted(batch.bags, 'bag')}"
        why = f"batch {batch.number} rejected: {reason}"
        made = batch.good_bags
        if waste_opened(uow, batch, 0, why) if made is None else waste_bags(uow, batch, made, why):
            detail += "; a witness signs under Controlled drugs"
    take_step(uow, batch, What.REJECT, detail=detail, reason=reason)
