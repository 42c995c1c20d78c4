"""A census: every patient in care screened against the knowledge in force, without keeping a screening."""

from collections.abc import Sequence
from uuid import UUID

from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.interactions.rules import screen
from infusiondesk.interactions.rules.census import CensusAlert, CensusPart
from infusiondesk.interactions.service import knowledge_in_force
from infusiondesk.labs.queries import latest_of_each
from infusiondesk.orders.queries import last_days, orders_of_each
from infusiondesk.orders.rules import State
from infusiondesk.patients.queries import charts_of
from infusiondesk.patients.queries.in_care import patients_in_care
from infusiondesk.workflows.gathering import profile_seen_from

_OPEN = (State.ENTERED, State.CLARIFICATION, State.VERIFIED, State.HELD)


@query(Area.INTERACTIONS)
def patients_to_screen(reading: Reading) -> Sequence[UUID]:
    """Who is screened: every patient in care."""
    return patients_in_care(reading)


@query(Area.INTERACTIONS)
def screen_some(reading: Reading, *, patient_ids: Sequence[UUID]) -> CensusPart:
    """Screen these patients as their newest open order sees them; one without an open order is counted and left out."""
    in_force = knowledge_in_force(reading)
    knowledge, today = in_force.knowledge, reading.today()
    orders = orders_of_each(reading, patient_ids=patient_ids)
    ended = last_days(reading, (row for rows in orders.values() for row in rows))
    charts = charts_of(reading, patient_ids=patient_ids)
    latest = latest_of_each(reading, patient_ids=patient_ids)
    part = CensusPart(knowledge=frozenset({in_force.version}))
    for patient_id in patient_ids:
        rows = orders[patient_id]
        seen_from = next((row for row in rows if row.is_current and row.state in _OPEN), None)
        if seen_from is None:
            part += CensusPart(without_order=1)
            continue
        profile = profile_seen_from(seen_from, rows, ended, charts[patient_id], latest[patient_id], today, knowledge)
        found = screen(profile, knowledge)
        alerts = tuple(
            CensusAlert(patient_id, seen_from.patient, seen_from.mrn, alert.a, alert.b, alert.level, alert.rules, alert.text)
            for alert in found.alerts
        )
        part += CensusPart(1, len(profile.medicines), len(found.unchecked), 0, alerts)
    return part
