"""Recalling stock: which batches, bags and deliveries a recalled lot went into, who has them, and closing when all is settled."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from infusiondesk.compounding.queries import BagRow, batches, released_bags
from infusiondesk.dispensing.queries import ticket_of, tickets_of
from infusiondesk.dispensing.rules import State
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, query, verb
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.inventory.queries import recall_steps, stock_recall_of, used_for
from infusiondesk.inventory.rules import refuse_first
from infusiondesk.inventory.rules.recalls import Reach, ReachDraft, ReachLine, RecallEndDraft, close_problem
from infusiondesk.inventory.service.recalling import note_line, sign_recall

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
_OUT = {State.CONFIRMED: Reach.PATIENT, State.LEFT: Reach.PATIENT, State.ON_THE_ROAD: Reach.ROAD}
_ORDER = list(Reach)


@query(Area.INVENTORY)
def recall_reach(reading: Reading, *, recall_id: UUID) -> Sequence[ReachLine]:
    """What the recalled lots went into and who has it: patients first, then the road, then what is still here."""
    went: defaultdict[tuple[str, UUID], list[str]] = defaultdict(list)
    for lot in stock_recall_of(reading, recall_id=recall_id).lots:
        for used in used_for(reading, lot_id=lot.id):
            went[used].append(lot.lot_number)
    steps = recall_steps(reading, recall_id=recall_id)
    found = []
    for line in reached(reading, went):
        step = steps.get(line.id)
        found.append(replace(line, done=step.done, done_by=step.done_by, done_at=step.done_at) if step else line)
    return sorted(found, key=lambda line: bool(line.done))


def reached(reading: Reading, went: dict[tuple[str, UUID], list[str]]) -> Sequence[ReachLine]:
    """Who has what was used for these batches and deliveries, each with its lots; the nearest to a patient first.

    No permission of its own: a recall and an excursion ask it.
    """
    found = [*_batches(reading, went), *_tickets(reading, went)]
    return sorted(found, key=lambda line: (_ORDER.index(line.kind), line.patient))


@verb(Area.INVENTORY, *_PHARMACISTS, does="settle a line of a recall of stock")
def settle_line(uow: UnitOfWork, *, recall_id: UUID, draft: ReachDraft) -> None:
    """Say what was done about one batch, bag or delivery; it cannot be taken back."""
    refuse_first(draft.problems())
    line = next((one for one in recall_reach(uow, recall_id=recall_id) if one.id == draft.line), None)
    if line is None:
        raise Refused("This line is gone. Look at the list again.")
    note_line(uow, recall_id=recall_id, line=line.id, done=draft.done, patient_id=line.patient_id)


@verb(Area.INVENTORY, Role.PHARMACIST_IN_CHARGE, does="close a recall of stock")
def close_recall(uow: UnitOfWork, *, recall_id: UUID, draft: RecallEndDraft) -> None:
    """Sign that it is over; refused while a line is open or some of it is on hand."""
    lines = recall_reach(uow, recall_id=recall_id)
    if sentence := close_problem(lines, stock_recall_of(uow, recall_id=recall_id).on_hand):
        raise Refused(sentence)
    sign_recall(uow, recall_id=recall_id, draft=draft)


def _batches(reading: Reading, went: dict[tuple[str, UUID], list[str]]) -> Iterator[ReachLine]:
    """Of each batch one line for every place where its bags are, and one for itself while there are none."""
    named = {entity_id: lots for (entity, entity_id), lots in went.items() if entity == "batch"}
    for batch in batches(reading, whole_past=True) if named else ():
        if batch.id not in named:
            continue
        lots, bags = ", ".join(named[batch.id]), _by_place(reading, batch.patient_id, batch.id)
        for (kind, ticket, phone), some in bags.items():
            what = f"{batch.number}, {counted(len(some), 'bag')}, {some[0].name}" + (f", delivery {ticket}" if ticket else "")
            key = f"{kind.name.lower()} {batch.id} {ticket}".strip()
            yield ReachLine(key, kind, what, lots, batch.patient_id, batch.patient, phone)
        if not bags:
            what = f"{batch.number}, {counted(batch.bags, 'bag')}, {batch.state.value.lower()}"
            yield ReachLine(f"batch {batch.id}", Reach.BATCH, what, lots, batch.patient_id, batch.patient, "")


def _by_place(reading: Reading, patient_id: UUID, batch_id: UUID) -> dict[tuple[Reach, str, str], list[BagRow]]:
    tickets = tickets_of(reading, patient_id=patient_id)
    where = {
        bag.id: (_OUT[ticket.state], ticket.number, ticket.phone)
        for ticket in tickets
        if ticket.state in _OUT
        for bag in ticket.bags
    }
    found: dict[tuple[Reach, str, str], list[BagRow]] = {}
    for bag in released_bags(reading, patient_id=patient_id):
        if bag.batch_id == batch_id:
            found.setdefault(where.get(bag.id, (Reach.PHARMACY, "", "")), []).append(bag)
    return found


def _tickets(reading: Reading, went: dict[tuple[str, UUID], list[str]]) -> Iterator[ReachLine]:
    """Units that went out as they came, with a delivery."""
    for (entity, ticket_id), lots in went.items():
        if entity == "ticket":
            ticket = ticket_of(reading, ticket_id=ticket_id)
            kind = _OUT.get(ticket.state, Reach.PHARMACY)
            what = f"delivery {ticket.number}, {ticket.state}"
            yield ReachLine(f"ticket {ticket_id}", kind, what, ", ".join(lots), ticket.patient_id, ticket.patient, ticket.phone)
