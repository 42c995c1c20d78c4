"""What follows a delivery: a pharmacist judges an excursion; what came back or is unusable is destroyed."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from infusiondesk.dispensing.queries import judgement_facts, ticket_of
from infusiondesk.dispensing.records import Judgement, Ticket
from infusiondesk.dispensing.rules import CAME_BACK, DestructionDraft, Disposition, Happening, JudgementDraft, Work
from infusiondesk.dispensing.service.contents import destroy_packages
from infusiondesk.dispensing.service.steps import PACKERS, PHARMACISTS, happen, refuse_step
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.DISPENSING, *PHARMACISTS, does="judge a temperature excursion")
def judge_bags(uow: UnitOfWork, *, ticket_id: UUID, draft: JudgementDraft, bag_ids: Sequence[UUID] | None = None) -> None:
    """Put a pharmacist's name under what happens to bags that were too warm or too cold: all that wait, or those that are named."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    row = ticket_of(uow, ticket_id=ticket_id)
    chosen = [bag for bag in row.to_judge if bag_ids is None or bag in set(bag_ids)]
    if not chosen or (bag_ids is not None and len(chosen) != len(set(bag_ids))):
        raise Refused(f"Nothing on ticket {row.number} waits for this judgement.")
    uow.require_licence("judge a temperature excursion")
    disposition, because, bags = Disposition(draft.disposition or ""), draft.because.strip(), sorted(str(bag) for bag in chosen)
    judgement = Judgement(
        # Made from what is signed and not by chance: the signature is asked for in one try and given in the next.
        id=uuid5(ticket_id, f"{disposition} {because} {' '.join(bags)}"),
        ticket_id=ticket_id,
        bags=bags,
        disposition=disposition,
        because=because,
        judged_by=uow.actor.name,
    )
    uow.add(judgement)
    uow.sign(
        judgement,
        judgement_facts(judgement),
        subject=f"Excursion of delivery {row.number}, {counted(len(bags), 'bag')}: {disposition.value}",
        meaning="temperature excursion judged",
        area=Area.DISPENSING,
        patient_id=row.patient_id,
    )


@verb(Area.DISPENSING, *PACKERS, does="destroy what came back")
def destroy_bags(uow: UnitOfWork, *, ticket_id: UUID, draft: DestructionDraft) -> None:
    """What came back or was judged unusable is destroyed before a witness; nothing of it goes on a shelf or on a bill."""
    problems = [*draft.problems(), *filter(None, [draft.witness_problem(uow.actor.name)])]
    if problems:
        raise Refused(problems[0].sentence, field=problems[0].field)
    refuse_step(uow, uow.session.get_one(Ticket, ticket_id), Happening.DESTROYED)
    row = ticket_of(uow, ticket_id=ticket_id)
    if row.work is not Work.DESTROY:
        raise Refused(f"Nothing of ticket {row.number} is to be destroyed{' any more' if row.destroyed else ''}.")
    if row.state in CAME_BACK:
        destroy_packages(uow, row, draft)
    happen(uow, ticket_id, Happening.DESTROYED, condition=draft.how, witness=draft.witness)
