"""What controlled drugs ask for today: witnesses, discrepancies, the biennial inventory, the monitoring programme."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.today.rules import Harm, Line, Work

_PHARMACISTS: Final = frozenset({Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE})
_AHEAD: Final = timedelta(days=30)  # so long before its day the biennial inventory is shown; nothing depends on it


def controlled(at: Reading) -> Sequence[Line]:
    """Each line for whom it concerns. No permission of its own: the stock's list carries it."""
    found = _witnesses(at)
    if Role.PHARMACIST_IN_CHARGE in at.actor.roles:
        found += [*_discrepancies(at), *_biennial(at)]
    if _PHARMACISTS & at.actor.roles:
        found += _programme(at)
    return found


def _witnesses(at: Reading) -> list[Line]:
    """Nobody is the witness of what he laid out himself."""
    from infusiondesk.inventory.queries import disposals_to_witness, waste_to_witness

    waiting = [
        (one.id, one.laid_out_by_id, one.laid_out_by, one.laid_out_at,
         f"{counted(one.quantity, one.unit)} of {one.item} to be {one.kind}", one.because)
        for one in disposals_to_witness(at)
    ]  # fmt: skip
    waiting += [
        (one.id, one.laid_out_by_id, one.laid_out_by, one.laid_out_at, f"{one.amount} {one.kind}: {one.what}", one.because)
        for one in waste_to_witness(at)
    ]
    return [
        Line(
            f"witness:{key}", Work.STOCK, Harm.TODAY, f"Witness {words}", "", f"since {moment(since)}", since,
            f"{by}: {because}. Another licensed person signs with an own password.", "Controlled drugs", key,
        )
        for key, by_id, by, since, words, because in waiting
        if by_id != at.actor.id
    ]  # fmt: skip


def _discrepancies(at: Reading) -> list[Line]:
    from infusiondesk.inventory.queries import discrepancies_due

    today = at.today()
    return [
        Line(
            f"discrepancy:{row.id}", Work.STOCK, Harm.TODAY, f"{row.item}, lot {row.lot_number}: {row.duty}", "",
            f"by {day(row.due_on)}", None, f"{row.difference_words.capitalize()}, counted by {row.first_by} and {row.second_by}.",
            "Controlled drugs", row.id, is_late=row.due_on < today,
        )
        for row in discrepancies_due(at)
        if row.due_on is not None
    ]  # fmt: skip


def _biennial(at: Reading) -> list[Line]:
    from infusiondesk.inventory.exchange import shipped_policy
    from infusiondesk.inventory.queries import biennial_due, controlled_items

    due, today = biennial_due(at, shipped=shipped_policy()), at.today()
    key, place, what = "biennial", "Biennial inventory", "Take the biennial inventory"
    if due.open_id is not None:
        because = "It was begun; all is counted on one day and signed by two."
        return [Line(key, Work.STOCK, Harm.TODAY, "Finish the biennial inventory", "", "today", None, because, place)]
    if due.due_on is None:
        if not any(row.places for row in controlled_items(at)):
            return []
        because = "Controlled drugs are in stock, and no inventory of them is on file here (21 CFR 1304.11)."
        return [Line(key, Work.STOCK, Harm.TODAY, what, "", "now", None, because, place)]
    if due.due_on - _AHEAD > today:
        return []
    harm = Harm.TODAY if due.due_on <= today else Harm.NEXT
    because = f"The last one was taken on {day(due.last_on)}." if due.last_on else ""
    by = f"by {day(due.due_on)}"
    return [Line(key, Work.STOCK, harm, what, "", by, None, because, place, is_late=due.due_on < today)]


def _programme(at: Reading) -> list[Line]:
    from infusiondesk.prescriptions.queries import monitored_orders

    found = []
    for row in monitored_orders(at):
        if row.due:
            order, what = row.order, f"Ask the monitoring programme for Rx {row.order.rx_number} {row.order.drug}"
            harm, due = (Harm.NEXT, "before the next fill") if order.is_verified else (Harm.TODAY, "before it is verified")
            who, ids = f"{order.patient}, MRN {order.mrn}", (row.id, order.patient_id)
            found.append(Line(f"programme:{row.id}", Work.STOCK, harm, what, who, due, None, row.due, "Monitoring programme", *ids))
    return found
