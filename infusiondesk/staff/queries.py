"""What screens, sign-in and papers may know of the staff."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Actor, Area, Licence, Role, query
from infusiondesk.foundation.paper.stationery import Pharmacy, Printing, Signature
from infusiondesk.foundation.store.keyring import DEMO, RECOVERY
from infusiondesk.foundation.store.signatures import SignatureRow
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.staff.records import Person, PersonLicence


@dataclass(frozen=True)
class PersonRow:
    """One line of the staff list."""

    id: UUID
    name: str
    login: str
    roles: tuple[Role, ...]
    licences: tuple[Licence, ...]
    next_expiry: date | None
    is_retired: bool


@query(Area.STAFF)
def people(reading: Reading) -> Sequence[PersonRow]:
    """Everybody with an account, working people first, then by name."""
    licences = _licences(reading.session)
    found = [
        PersonRow(
            person.id,
            person.name,
            person.login,
            tuple(Role(role) for role in person.roles),
            own := tuple(licences.get(person.id, [])),
            min((licence.expires_on for licence in own), default=None),
            person.retired_at is not None,
        )
        for person in reading.session.scalars(sa.select(Person))
    ]
    return sorted(found, key=lambda row: (row.is_retired, row.name.casefold()))


@query(Area.SETTINGS, is_audited=False)
def printing_of(reading: Reading) -> Printing:
    """The head and foot of a paper that is printed now, by whoever asks."""
    site = reading.site
    pharmacy = Pharmacy(site.name, tuple(part.strip() for part in site.address.split(",", 1)), site.phone, f"NPI {site.npi}")
    return Printing(pharmacy, reading.actor.name, moment(reading.local(reading.clock.now())), is_demo=site.is_demo)


def paper_signatures(rows: Iterable[SignatureRow], zone: ZoneInfo) -> tuple[Signature, ...]:
    """Signatures as papers print them, at the pharmacy's wall clock."""
    return tuple(Signature(row.meaning, row.name, row.licence, row.at.astimezone(zone), row.code, row.holds) for row in rows)


def actor_of(session: Session, person_id: UUID) -> Actor:
    """The acting person after sign-in; a retired one is refused even with a key of old."""
    person = session.get(Person, person_id)
    if person is None or person.retired_at is not None:
        raise Refused("This account is closed. Ask the administrator.")
    licences = tuple(_licences(session).get(person.id, []))
    return Actor(person.id, person.login, person.name, frozenset(Role(role) for role in person.roles), licences)


def person_behind(session: Session, owner: str, *, is_demo: bool) -> UUID:
    """Who a key wrap stands for: a person, the longest-serving administrator for the recovery code, `demo` for a DEMO store's."""
    if owner == RECOVERY:
        people = session.scalars(sa.select(Person).where(Person.retired_at.is_(None)).order_by(Person.id))
        return next(person.id for person in people if Role.ADMINISTRATOR.value in person.roles)
    if owner == DEMO:
        found = session.scalars(sa.select(Person.id).where(Person.login == DEMO)).first() if is_demo else None
        if found is None:
            raise Refused("The demonstration key opens nothing here.")
        return found
    try:
        return UUID(owner)
    except ValueError:
        raise Refused("This key opens the store but belongs to no person. Sign in with your own name.") from None


def _licences(session: Session) -> dict[UUID, list[Licence]]:
    found: dict[UUID, list[Licence]] = {}
    for row in session.scalars(sa.select(PersonLicence).order_by(PersonLicence.expires_on.desc())):
        found.setdefault(row.person_id, []).append(Licence(row.kind, row.state, row.number, row.expires_on))
    return found
