"""What the road, the pumps and the stock ask for today: each one list, for whom it concerns by role."""

from collections.abc import Sequence
from typing import Final

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.people import Area, Role, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.today.queries.controlled import controlled
from infusiondesk.today.queries.temperatures import temperatures
from infusiondesk.today.rules import Harm, Line, Work

_PHARMACISTS: Final = frozenset({Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE})


@query(Area.DISPENSING)
def under_way(reading: Reading) -> Sequence[Line]:
    """What changed while a delivery is on the road; a pharmacist's excursions to judge; a technician's bags to destroy."""
    from infusiondesk.dispensing.queries import open_tickets
    from infusiondesk.dispensing.rules import State
    from infusiondesk.dispensing.rules import Work as Step

    found = []
    for row in open_tickets(reading):
        name, place = f"delivery {row.number}", "Deliveries"
        who, ids = f"{row.patient}, MRN {row.mrn}", (row.id, row.patient_id)
        if row.state is State.ON_THE_ROAD and row.alarms and row.shipped_at:
            harm, what, due = Harm.NOW, f"Call who carries {name}", f"on the road since {moment(row.shipped_at)}"
            if row.calls:
                harm, what, due = Harm.TODAY, f"Take back {name}", f"called {moment(row.calls[-1].at)}"
            found.append(Line(f"road:{row.id}", Work.ROAD, harm, what, who, due, row.shipped_at, row.alarms[0], place, *ids))
        if row.work is Step.JUDGE and row.received_at and _PHARMACISTS & reading.actor.roles:
            what, due, because = f"Judge the excursion of {name}", f"received {moment(row.received_at)}", row.excursions[0]
            found.append(Line(f"judge:{row.id}", Work.ROAD, Harm.NOW, what, who, due, row.received_at, because, place, *ids))
        if row.work is Step.DESTROY and Role.TECHNICIAN in reading.actor.roles:
            because = f"{row.destroy_because}; never used again."
            what = f"Destroy {row.things(row.to_destroy)} of {name}"
            found.append(Line(f"destroy:{row.id}", Work.ROAD, Harm.NEXT, what, who, "", None, because, place, *ids))
    return found


@query(Area.EQUIPMENT)
def pumps(reading: Reading) -> Sequence[Line]:
    """A life-sustaining therapy without its back-up; for a technician what should be back and what is to be maintained."""
    from infusiondesk.equipment.exchange import backup_rules, shipped_policy
    from infusiondesk.equipment.queries import backup_gaps, due_pumps, overdue_returns

    found = []
    for row in backup_gaps(reading, table=backup_rules()):
        if row.need.is_life_sustaining:
            what, who = f"Bring a pump for Rx {row.rx_number} {row.drug}: {row.missing}", f"{row.patient}, MRN {row.mrn}"
            because = f"Needs {counted(row.need.pumps, 'pump')}: {row.need.because}."
            key, ids = f"pump needed:{row.id}", (row.id, row.patient_id)
            found.append(Line(key, Work.PUMPS, Harm.NOW, what, who, "now", None, because, "Pumps", *ids))
        elif row.need.remark and _PHARMACISTS & reading.actor.roles:  # a proposal until somebody signs it, and so no alarm
            what, who = f"Decide on a back-up for Rx {row.rx_number} {row.drug}", f"{row.patient}, MRN {row.mrn}"
            key, ids = f"pump proposed:{row.id}", (row.id, row.patient_id)
            found.append(Line(key, Work.PUMPS, Harm.NEXT, what, who, "", None, f"{row.missing}.", "Pump rules", *ids))
    if Role.TECHNICIAN not in reading.actor.roles:
        return found
    for late in overdue_returns(reading, shipped=shipped_policy()):
        pump, stay = late.pump, late.pump.stay
        who = f"{stay.holder.patient}, MRN {stay.holder.mrn}" if stay else ""
        what, due = f"Fetch pump {pump.serial}, {pump.model.label}", f"since {day(late.ended_on)}"
        because = "Its therapy is over" + (f"; asked back {day(stay.asked_on)}." if stay and stay.asked_on else ".")
        ids = (pump.id, late.patient_id)
        found.append(
            Line(f"pump late:{pump.id}", Work.PUMPS, Harm.NEXT, what, who, due, None, because, "Pumps", *ids, is_late=True)
        )
    for pump in due_pumps(reading, shipped=shipped_policy()):
        what, due = f"Maintain pump {pump.serial}, {pump.model.label}", pump.duties[0].words()
        because = f"With {pump.where}." if pump.stay is not None else "It goes out again when that is done."
        key = f"pump due:{pump.id}"
        is_late = pump.is_overdue
        found.append(Line(key, Work.PUMPS, Harm.NEXT, what, "", due, None, because, "Pumps", pump.id, is_late=is_late))
    return found


@query(Area.INVENTORY)
def stock(reading: Reading) -> Sequence[Line]:
    """Counts that wait for another person, controlled drugs, temperatures to read or to judge, recalls of stock that are open."""
    found = [*_counts(reading), *controlled(reading)]
    if Role.PHARMACIST_IN_CHARGE in reading.actor.roles:
        found += _recalls(reading)
    return [*found, *temperatures(reading)]


def _counts(reading: Reading) -> list[Line]:
    """Nobody counts twice: a difference that this person found waits for somebody else."""
    from infusiondesk.inventory.queries import count_sheets
    from infusiondesk.inventory.rules.counts import CountState

    found = []
    for row in count_sheets(reading):
        again = [one for one in row.lines if one.state is CountState.SECOND and one.first_by != reading.actor.name]
        left = [one for one in row.lines if one.state is CountState.TO_COUNT]
        due, key, place = f"begun {moment(row.begun_at)}", f"count:{row.id}", "Counts"
        if row.ended_at is None and again:
            what = f"Count again: {counted(len(again), 'line')} in {row.location}"
            because = f"{again[0].first_by} counted first and found a difference; another person counts the second time."
            found.append(Line(key, Work.STOCK, Harm.TODAY, what, "", due, row.begun_at, because, place, row.id))
        elif row.ended_at is None and left:
            what, because = f"Finish the count of {row.location}", f"{counted(len(left), 'line')} not counted yet."
            found.append(Line(key, Work.STOCK, Harm.NEXT, what, "", due, row.begun_at, because, place, row.id))
    return found


def _recalls(reading: Reading) -> list[Line]:
    from infusiondesk.inventory.queries import stock_recalls

    return [
        Line(
            f"recall:{row.id}", Work.STOCK, Harm.TODAY, f"Close recall {row.number}: {row.what}", "",
            f"open since {moment(row.opened_at)}", row.opened_at, f"{row.notice}: {row.because}.", "Recalls of stock", row.id,
        )
        for row in stock_recalls(reading)
        if row.is_open
    ]  # fmt: skip
