"""Setting a pharmacy up: an empty store, its keys, its first administrator. There is no default account."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infusiondesk.foundation.kernel.clock import Clock
from infusiondesk.foundation.kernel.identity import Entropy, system_entropy, uuid7
from infusiondesk.foundation.kernel.npi import npi_is_valid
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.foundation.kernel.people import Actor, Role
from infusiondesk.foundation.store.audit import Station
from infusiondesk.foundation.store.keyring import (
    DEMO,
    DEMO_PASSWORD,
    RECOVERY,
    Keyring,
    is_server,
    keys_of,
    new_data_key,
    password_problem,
)
from infusiondesk.foundation.store.migrate import bring_up_to_date, revision_of
from infusiondesk.foundation.store.store import Store
from infusiondesk.staff.service import set_up_pharmacy


@dataclass
class PharmacyDraft:
    """What the first run asks for."""

    pharmacy: str = ""
    address: str = ""
    phone: str = ""
    state: str = ""
    npi: str = ""
    zone: str = "America/Chicago"
    administrator: str = ""
    login: str = ""
    password: str = ""
    password_again: str = ""
    recovery_code: str = field(default="", repr=False)
    recovery_typed_back: str = ""

    def problems(self) -> list[Problem]:
        found = [
            Problem(name, sentence)
            for name, sentence in (
                ("pharmacy", "Enter the pharmacy's name as it is to stand on labels and papers."),
                ("address", "Enter the pharmacy's address."),
                ("phone", "Enter the telephone number that patients call day and night."),
                ("administrator", "Enter your name."),
                ("login", "Enter the name you will sign in with."),
            )
            if not getattr(self, name).strip()
        ]
        if len(self.state.strip()) != 2 or not self.state.strip().isalpha():
            found.append(Problem("state", "Enter the state as two letters, such as IL."))
        if not npi_is_valid(self.npi.strip()):
            found.append(Problem("npi", "This is not a valid NPI: ten digits with a right check digit."))
        if not _is_zone(self.zone):
            found.append(Problem("zone", "Enter a time zone such as America/Chicago."))
        if sentence := password_problem(self.password, self.pharmacy, self.administrator, self.login):
            found.append(Problem("password", sentence))
        elif self.password != self.password_again:
            found.append(Problem("password_again", "The two passwords differ."))
        if self.recovery_typed_back.strip().upper() != self.recovery_code:
            found.append(Problem("recovery_typed_back", "Type the recovery code back exactly, so that it is surely written down."))
        return found


def set_up(
    location: str,
    draft: PharmacyDraft,
    clock: Clock,
    workstation: str,
    *,
    is_demo: bool = False,
    entropy: Entropy = system_entropy,
    schema: Callable[[str, bytes], object] = bring_up_to_date,
) -> tuple[Store, Actor]:
    """Make a store that does not exist yet and open it as its first administrator."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if not is_server(location) and Path(location).exists():
        raise Refused(f"{Path(location).name} exists already. It was left as it is; choose another name.")
    data_key = new_data_key()
    keys = keys_of(location)
    if is_server(location) and revision_of(location, data_key) is not None:
        raise Refused("This database holds an InfusionDesk store already. Sign in to it, or choose another database.")
    administrator = uuid7(clock.now(), entropy)
    keyring = Keyring(uuid7(clock.now(), entropy).hex).enrolled(str(administrator), draft.login, draft.password, data_key)
    keyring = keyring.enrolled(RECOVERY, RECOVERY, draft.recovery_code, data_key)
    if is_demo:
        keyring = keyring.enrolled(DEMO, DEMO, DEMO_PASSWORD, data_key)
    keys.save(keyring)
    schema(location, data_key)
    store = Store.open(location, data_key, keys, clock, Station(workstation, uuid7(clock.now(), entropy)), entropy)
    actor = Actor(administrator, draft.login, draft.administrator, frozenset({Role.ADMINISTRATOR}))
    site = {
        "name": draft.pharmacy.strip(),
        "address": draft.address.strip(),
        "phone": draft.phone.strip(),
        "state": draft.state.strip().upper(),
        "npi": draft.npi.strip(),
    }
    given = {
        "administrator_id": administrator,
        "login": draft.login,
        "administrator": draft.administrator.strip(),
        "site": site,
        "zone": draft.zone,
        "is_demo": is_demo,
    }
    store.write(actor, set_up_pharmacy, given)
    return store, actor


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
