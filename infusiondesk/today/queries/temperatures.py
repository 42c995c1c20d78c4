"""What the temperatures ask for today: locations to read, an excursion that goes on, lots to judge, monitors to verify."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import counted, moment
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.today.rules import Harm, Line, Work

_PHARMACISTS: Final = frozenset({Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE})
_PLACE: Final = "Temperatures"


def temperatures(at: Reading) -> Sequence[Line]:
    """Each line for whom it concerns. No permission of its own: the stock's list carries it."""
    found = _to_judge(at) if _PHARMACISTS & at.actor.roles else []
    if Role.TECHNICIAN in at.actor.roles or _PHARMACISTS & at.actor.roles:
        found += _locations(at)
    return found


def _to_judge(at: Reading) -> list[Line]:
    from infusiondesk.inventory.exchange import shipped_temperatures
    from infusiondesk.inventory.queries.temperatures import ExcursionLotRow, excursion_lots
    from infusiondesk.inventory.rules.temperatures import degrees

    waiting: defaultdict[UUID, list[ExcursionLotRow]] = defaultdict(list)
    for row in excursion_lots(at, shipped=shipped_temperatures()):
        if row.disposition is None:
            waiting[row.excursion_id].append(row)
    found = []
    for excursion_id, rows in waiting.items():
        first = rows[0]
        what, due = f"Judge {counted(len(rows), 'lot')} after the excursion of {first.location}", f"found {moment(first.found_at)}"
        span = f"{degrees(first.lowest)} to {degrees(first.highest)}, allowed {first.allowed}"
        because = " ".join(filter(None, (f"{span}; the lots are in quarantine until then.", first.remark)))
        key = f"excursion:{excursion_id}"
        found.append(Line(key, Work.STOCK, Harm.TODAY, what, "", due, first.found_at, because, _PLACE, excursion_id))
    return found


def _locations(at: Reading) -> list[Line]:
    """An excursion that goes on, for all; for a technician all locations to read in one line, as one walks by all of them."""
    from infusiondesk.inventory.exchange import shipped_temperatures
    from infusiondesk.inventory.queries.temperatures import temperature_places
    from infusiondesk.inventory.rules.temperatures import degrees

    rows, found = temperature_places(at, shipped=shipped_temperatures()), []
    for row in rows:
        if row.is_open and row.last:
            what = f"Bring {row.location} back into its range"
            because = f"Allowed is {row.allowed.limits()}; what is put there meanwhile goes into quarantine."
            due = f"{degrees(row.last.celsius)}, {moment(row.last.read_at)}"
            key = f"outside:{row.id}"
            found.append(Line(key, Work.STOCK, Harm.NOW, what, "", due, row.last.read_at, because, _PLACE, row.id))
    if Role.TECHNICIAN not in at.actor.roles:
        return found
    if due_rows := [row for row in rows if row.is_due]:
        what = f"Read the temperature: {', '.join(row.location for row in due_rows)}"
        because = "No reading of today is on file."
        found.append(Line("temperatures", Work.STOCK, Harm.TODAY, what, "", "today", None, because, _PLACE, due_rows[0].id))
    for row in rows:
        if row.due:
            what, key = f"Verify the monitor of {row.location}", f"verify:{row.id}"
            because = row.lapse if row.monitors and row.lapse else "Send it away or compare it before that day."
            is_late = bool(row.lapse)
            found.append(Line(key, Work.STOCK, Harm.NEXT, what, "", row.due, None, because, _PLACE, row.id, is_late=is_late))
    return found
