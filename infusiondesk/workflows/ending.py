"""The end of an episode: with the patient's last day end his orders and visits, and what is left to do is said.

Source: clinical 8.6, 9.1 (death: stop all, recall), 9.2 (discontinued: open batches cancelled, deliveries recalled).
"""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from infusiondesk.compounding.queries.batches import OVER, batches
from infusiondesk.dispensing.queries import tickets_of
from infusiondesk.dispensing.rules import State
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.orders.service import end_orders
from infusiondesk.patients import service as patients
from infusiondesk.patients.rules.facts import Finding
from infusiondesk.tasks.service import end_promises
from infusiondesk.visits.service import cancel_planned

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.PATIENTS, *_PHARMACISTS, does="discharge a patient")
def discharge(uow: UnitOfWork, *, patient_id: UUID, last_day: date, findings: Sequence[Finding] = ()) -> str:
    """The episode ends with this last day of therapy, and with it every order; returns what followed, in sentences."""
    patients.discharge_patient(uow, patient_id=patient_id, last_day=last_day, findings=findings)
    return _end(uow, patient_id, last_day, "discharge")


@verb(Area.PATIENTS, *_PHARMACISTS, does="transfer a patient out")
def transfer(uow: UnitOfWork, *, patient_id: UUID, pharmacy: str, last_day: date) -> str:
    """Another pharmacy goes on after this last day; returns what followed, in sentences."""
    patients.transfer_out(uow, patient_id=patient_id, pharmacy=pharmacy, last_day=last_day)
    return _end(uow, patient_id, last_day, "transfer to another pharmacy")


@verb(Area.PATIENTS, Role.NURSE, *_PHARMACISTS, does="record a death")
def record_death(uow: UnitOfWork, *, patient_id: UUID, died_on: date, source: str) -> str:
    """Everything stops on the day of death, also what has run out since; returns what followed, in sentences."""
    patients.record_death(uow, patient_id=patient_id, died_on=died_on, source=source)
    return _end(uow, patient_id, died_on, "death")


def _end(uow: UnitOfWork, patient_id: UUID, last_day: date, because: str) -> str:
    ended = end_orders(uow, patient_id=patient_id, last_day=last_day, because=because)
    visits = cancel_planned(uow, patient_id=patient_id, because=because)
    if visits:
        ended.append("1 planned visit is cancelled" if visits == 1 else f"{visits} planned visits are cancelled")
    promised = end_promises(uow, patient_id=patient_id, because=because)
    if promised:
        ended.append("1 promise is not needed any more" if promised == 1 else f"{promised} promises are not needed any more")
    left = _left(uow, patient_id)
    return " ".join([*(f"{words}." for words in ended), *([f"Still to do: {', '.join(left)}."] if left else [])])


def _left(at: Reading, patient_id: UUID) -> list[str]:
    """What only a person can end: work on the bench, and bags on their way."""
    tickets = tickets_of(at, patient_id=patient_id)
    wanted: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        ("reject batch", lambda: [row.number for row in batches(at) if row.patient_id == patient_id and row.state not in OVER]),
        ("cancel delivery", lambda: [row.number for row in tickets if row.state in (State.PACKING, State.PACKED)]),
        ("call back delivery", lambda: [row.number for row in tickets if row.state is State.ON_THE_ROAD]),
    )
    return [f"{doing} {number}" for doing, found in wanted for number in sorted(found())]
