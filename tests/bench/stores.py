"""Stores to measure on."""

from pathlib import Path

from infusiondesk.foundation.kernel.clock import HandClock
from infusiondesk.foundation.kernel.people import Actor, Role
from infusiondesk.patients import service as patients
from infusiondesk.staff import queries
from infusiondesk.staff import service as staff
from infusiondesk.staff.rules import PersonDraft
from infusiondesk.workflows.first_run import PharmacyDraft, set_up
from tests.beginnings import START
from tests.pharmacy import Pharmacy
from tests.story import a_referral

PASSWORD = "a long winter sentence"


def a_store_with_a_patient(folder: Path) -> str:
    """A set-up encrypted store with a pharmacist `rowan` and one referred patient."""
    location = str(folder / "bench.idesk")
    draft = PharmacyDraft(
        "ZZTEST Infusion", "100 Sterile Way, Springfield, IL 62701", "555-0100", "IL", "1234567893", "America/Chicago",
        "ZZTEST Admin", "admin",
        "another long sentence", "another long sentence", "CODE", "CODE",
    )  # fmt: skip
    store, administrator = set_up(location, draft, HandClock(START), "BENCH")
    pharmacy = Pharmacy(store, HandClock(START), {Role.ADMINISTRATOR: administrator})
    roles = [Role.PHARMACIST.value, Role.INTAKE.value]
    pharmacy.do(staff.add_person, by=Role.ADMINISTRATOR, draft=PersonDraft("ZZTEST Rowan", "rowan", roles, PASSWORD))
    rowan = next(row for row in pharmacy.ask(queries.people, by=Role.ADMINISTRATOR) if row.login == "rowan")
    pharmacy.do(patients.receive_referral, by=Actor(rowan.id, "rowan", rowan.name, frozenset(rowan.roles)), draft=a_referral())
    store.close()
    return location
