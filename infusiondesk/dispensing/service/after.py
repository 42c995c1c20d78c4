"""What follows a delivery: an excursion is judged, something is brought back later, what came back or is unusable is destroyed."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID, uuid5

from infusiondesk.dispensing.queries import judgement_facts, ticket_of
from infusiondesk.dispensing.records import Judgement, Ticket, TicketLine, TicketReturn
from infusiondesk.dispensing.rules import (
    BroughtBackDraft,
    DestructionDraft,
    Disposition,
    Happening,
    JudgementDraft,
    Work,
    return_refusal,
)
from infusiondesk.dispensing.service.contents import destroy_packages, witness_controlled
from infusiondesk.dispensing.service.steps import PACKERS, PHARMACISTS, happen, refuse_step
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.DISPENSING, *PHARMACISTS, does="judge a temperature excursion")
def judge_bags(uow: UnitOfWork, *, ticket_id: UUID, draft: JudgementDraft, line_ids: Sequence[UUID] | None = None) -> None:
    """Put a pharmacist's name under what happens to bags and cold packages that were too warm or too cold: all that wait, or those
    lines that are named."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    row = ticket_of(uow, ticket_id=ticket_id)
    chosen = [line for line in row.to_judge if line_ids is None or line in set(line_ids)]
    if not chosen or (line_ids is not None and len(chosen) != len(set(line_ids))):
        raise Refused(f"Nothing on ticket {row.number} waits for this judgement.")
    uow.require_licence("judge a temperature excursion")
    disposition, because, lines = Disposition(draft.disposition or ""), draft.because.strip(), sorted(str(line) for line in chosen)
    judgement = Judgement(
        # Made from what is signed and not by chance: the signature is asked for in one try and given in the next.
        id=uuid5(ticket_id, f"{disposition} {because} {' '.join(lines)}"),
        ticket_id=ticket_id,
        lines=lines,
        disposition=disposition,
        because=because,
        judged_by=uow.actor.name,
    )
    uow.add(judgement)
    uow.sign(
        judgement,
        judgement_facts(judgement),
        subject=f"Excursion of delivery {row.number}, {row.things(chosen)}: {disposition.value}",
        meaning="temperature excursion judged",
        area=Area.DISPENSING,
        patient_id=row.patient_id,
    )


@verb(Area.DISPENSING, *PACKERS, Role.NURSE, does="record what was brought back after a delivery")
def bring_back(uow: UnitOfWork, *, ticket_id: UUID, draft: BroughtBackDraft) -> None:
    """Some of a confirmed delivery came back: counted line by line, never put on the shelf again, to be destroyed; from now on its
    bags are not billed."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    refuse_step(uow, uow.session.get_one(Ticket, ticket_id), Happening.BROUGHT_BACK)
    row = ticket_of(uow, ticket_id=ticket_id)
    back, on = draft.counted(), draft.came_on
    if on is None or row.received_at is None:
        raise AssertionError("a confirmed delivery and a draft without problems have these")
    if not row.received_at.date() <= on <= uow.today():
        received = day(row.received_at.date())
        raise Refused(f"It was received on {received}; it came back then or later, not after today.", field="came_on")
    if sentence := return_refusal([line.delivered for line in row.lines], back):
        raise Refused(sentence, field="bags")
    for line_id, many in back.items():
        line = uow.session.get_one(TicketLine, line_id)
        line.came_back += many
        uow.add(
            TicketReturn(
                line_id=line_id, quantity=many, brought_by=draft.brought_by.strip(), came_on=on, because=draft.because.strip(),
                recorded_by=uow.actor.name, recorded_at=uow.clock.now(),
            )
        )  # fmt: skip
    at = datetime.combine(on, time(), tzinfo=uow.clock.zone)
    happen(uow, ticket_id, Happening.BROUGHT_BACK, at=at, received_by=draft.brought_by, reason=draft.because.strip())


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
    destroy_packages(uow, row, draft)
    witness_controlled(uow, row, draft)
    for line_id, many in row.to_destroy.items():
        uow.session.get_one(TicketLine, line_id).destroyed += many
    happen(uow, ticket_id, Happening.DESTROYED, condition=draft.how, witness=draft.witness)
