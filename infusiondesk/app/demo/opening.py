"""The first morning of the demonstration pharmacy: the store, its people and their licences."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from infusiondesk.app.demo import STAFF_PASSWORD
from infusiondesk.app.demo.pharmacy import DemoPharmacy
from infusiondesk.foundation.kernel.clock import HandClock
from infusiondesk.foundation.kernel.identity import seeded_entropy
from infusiondesk.foundation.kernel.people import Actor, Role
from infusiondesk.foundation.store.keyring import DEMO, new_recovery_code
from infusiondesk.staff.queries import actor_of
from infusiondesk.staff.rules import LicenceDraft, PersonDraft
from infusiondesk.staff.service import add_person, enter_licence
from infusiondesk.workflows.first_run import PharmacyDraft, set_up

ZONE = "America/Chicago"
OPENS_AT = 8
ADMINISTRATOR = "ginkgo"

STAFF: tuple[tuple[str, tuple[Role, ...], tuple[str, ...]], ...] = (
    ("Rowan", (Role.PHARMACIST,), ("RPh",)),
    ("Hazel", (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE), ("RPh",)),
    ("Birch", (Role.TECHNICIAN,), ("CPhT",)),
    ("Aspen", (Role.NURSE,), ("RN",)),
    ("Maple", (Role.INTAKE,), ()),
    ("Sorrel", (Role.BILLER,), ()),
    ("Olive", (Role.DIETITIAN,), ("RD",)),
    ("Demo", tuple(Role), ("RPh", "RN")),
)


def open_pharmacy(location: Path, seed: int, first: date, last: date) -> DemoPharmacy:
    """Set the store up on its first day and let everybody in; licences outlive the last day."""
    clock = HandClock(datetime(first.year, first.month, first.day, OPENS_AT, tzinfo=ZoneInfo(ZONE)), ZoneInfo(ZONE))
    code = new_recovery_code()
    draft = PharmacyDraft(
        pharmacy="ZZTEST Infusion Pharmacy",
        address="100 Sterile Way, Springfield, IL 62701",
        phone="217-555-0100",
        state="IL",
        npi="1234567893",
        zone=ZONE,
        administrator="ZZTEST Ginkgo",
        login=ADMINISTRATOR,
        password=STAFF_PASSWORD,
        password_again=STAFF_PASSWORD,
        recovery_code=code,
        recovery_typed_back=code,
    )
    store, administrator = set_up(str(location), draft, clock, "DEMO-1", is_demo=True, entropy=seeded_entropy(seed))
    pharmacy = DemoPharmacy(store, clock, {ADMINISTRATOR: administrator})
    try:
        for number, (name, roles, kinds) in enumerate(STAFF, 1):
            pharmacy.people[name.lower()] = _enter(pharmacy, number, name, roles, kinds, last)
    except BaseException:
        store.close()
        raise
    return pharmacy


def _enter(pharmacy: DemoPharmacy, number: int, name: str, roles: tuple[Role, ...], kinds: tuple[str, ...], last: date) -> Actor:
    login = name.lower()
    person = PersonDraft(f"ZZTEST {name}", login, [role.value for role in roles], STAFF_PASSWORD)
    person_id = pharmacy.do(add_person, ADMINISTRATOR, draft=person)
    if login == DEMO:  # the published key answers to this name already; two wraps of one name would hide one another
        keys = pharmacy.store.keys
        keys.save(keys.load().without(str(person_id)))
    for kind in kinds:
        licence = LicenceDraft(kind, "IL", f"ZZ{number:05}", last + timedelta(days=540))
        pharmacy.do(enter_licence, ADMINISTRATOR, person_id=person_id, draft=licence)
    with Session(pharmacy.store.engines.reading) as session:
        return actor_of(session, person_id)
