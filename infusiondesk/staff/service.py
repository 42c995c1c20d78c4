"""What is done about people: the first administrator, new people, roles, licences, leaving, passwords."""

from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.keyring import folded, password_problem
from infusiondesk.foundation.store.records import Site
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.staff.records import Person, PersonLicence
from infusiondesk.staff.rules import LicenceDraft, PersonDraft, may_lose_administrator


def set_up_pharmacy(
    uow: UnitOfWork, *, administrator_id: UUID, login: str, administrator: str, site: dict[str, str], zone: str, is_demo: bool
) -> UUID:
    """The first act in an empty store: the pharmacy and its first administrator, whose key wrap exists already.

    No permission of its own: nobody has an account yet, and it refuses a store that is set up.
    """
    if uow.session.scalars(sa.select(Site.id).limit(1)).first() is not None:
        raise Refused("This store is set up already; its administrator adds people.")
    place = Site(id=uow.new_id(), zone=zone, is_demo=is_demo, **site)
    uow.session.add(place)
    uow.session.flush()
    uow.add(Person(id=administrator_id, name=administrator, login=folded(login), roles=[Role.ADMINISTRATOR.value]))
    uow.record(Change("set up", Area.SETTINGS, "site", place.id, detail="demo" if is_demo else None))
    return place.id


@verb(Area.STAFF, Role.ADMINISTRATOR, does="add a person")
def add_person(uow: UnitOfWork, *, draft: PersonDraft) -> UUID:
    """Give somebody an account and a password of his own."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    _refuse_weak(uow, draft.password, draft.name, draft.login)
    login = folded(draft.login)
    if uow.session.scalars(sa.select(Person.id).where(Person.login == login)).first() is not None:
        raise Refused(f"The sign-in name {login} is taken. Names are never used again; choose another.", field="login")
    person = uow.add(Person(name=draft.name.strip(), login=login, roles=sorted(Role(role).value for role in draft.roles)))
    uow.keyring = (uow.keyring or uow.keys.load()).enrolled(str(person.id), login, draft.password, uow.data_key)
    uow.record(Change("privileges given", Area.STAFF, "person", person.id, detail=", ".join(person.roles)))
    return person.id


@verb(Area.STAFF, Role.ADMINISTRATOR, does="change somebody's roles")
def change_roles(uow: UnitOfWork, *, person_id: UUID, roles: list[str]) -> None:
    """Give and take roles; the reason lands in the audit."""
    person = uow.session.get_one(Person, person_id)
    if not roles:
        raise Refused("A person keeps at least one role. To take all, close the account.", field="roles")
    if Role.ADMINISTRATOR.value not in roles:
        _keep_an_administrator(uow, person)
    before, person.roles = person.roles, sorted(Role(role).value for role in roles)
    reason = uow.reason_for(
        "staff.roles", f"Why do the roles of {person.name} change from {', '.join(before)} to {', '.join(person.roles)}?"
    )
    uow.record(Change("privileges changed", Area.STAFF, "person", person.id, detail=", ".join(person.roles)), reason=reason)


@verb(Area.STAFF, Role.ADMINISTRATOR, does="enter a licence")
def enter_licence(uow: UnitOfWork, *, person_id: UUID, draft: LicenceDraft) -> UUID:
    """Keep a licence, or a new expiry of one that is known by its kind, state and number."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.expires_on is None or draft.expires_on < uow.today():
        raise Refused("This licence has expired. Enter the renewed one.", field="expires_on")
    state, number = draft.state.strip().upper(), draft.number.strip()
    known = uow.session.scalars(
        sa.select(PersonLicence).where(
            PersonLicence.person_id == person_id,
            PersonLicence.kind == draft.kind,
            PersonLicence.state == state,
            PersonLicence.number == number,
        )
    ).first()
    if known is not None:
        known.expires_on = draft.expires_on
    else:
        known = uow.add(
            PersonLicence(person_id=person_id, kind=draft.kind, state=state, number=number, expires_on=draft.expires_on)
        )
    uow.record(Change("licence entered", Area.STAFF, "person_licence", known.id, detail=draft.expires_on.isoformat()))
    return known.id


@verb(Area.STAFF, Role.ADMINISTRATOR, does="close an account")
def close_account(uow: UnitOfWork, *, person_id: UUID) -> None:
    """Somebody leaves: his key wrap goes, his name stays under what he signed."""
    person = uow.session.get_one(Person, person_id)
    if person.id == uow.actor.id:
        raise Refused("You cannot close your own account; another administrator does it.")
    if person.retired_at is not None:
        raise Refused(f"The account of {person.name} is closed already.")
    _keep_an_administrator(uow, person)
    reason = uow.reason_for("staff.close", f"Why is the account of {person.name} closed?", ("left the pharmacy", "changed duties"))
    person.retired_at = uow.clock.now()
    uow.keyring = (uow.keyring or uow.keys.load()).without(str(person.id))
    uow.record(Change("privileges taken", Area.STAFF, "person", person.id), reason=reason)


@verb(Area.STAFF, Role.ADMINISTRATOR, does="give somebody a new password")
def renew_password(uow: UnitOfWork, *, person_id: UUID, password: str) -> None:
    """For who has forgotten it, or after a recovery: a new wrap, with the reason in the audit; he changes it himself afterwards."""
    person = uow.session.get_one(Person, person_id)
    if person.retired_at is not None:
        raise Refused(f"The account of {person.name} is closed.")
    _refuse_weak(uow, password, person.name, person.login)
    reason = uow.reason_for(
        "staff.password", f"Why does {person.name} get a new password?", ("forgotten", "recovery", "may be known to others")
    )
    uow.keyring = (uow.keyring or uow.keys.load()).enrolled(str(person.id), person.login, password, uow.data_key)
    uow.record(Change("password renewed", Area.STAFF, "person", person.id), reason=reason)


@verb(Area.STAFF, *Role, does="change your own password")
def change_password(uow: UnitOfWork, *, current: str, new: str) -> None:
    """A new wrap of the same key; the data is not encrypted again."""
    _refuse_weak(uow, new, uow.actor.name, uow.actor.login)
    keyring = uow.keys.load()
    owner, key = keyring.unlock(uow.actor.login, current)
    uow.keyring = keyring.enrolled(owner, uow.actor.login, new, key)
    uow.record(Change("password changed", Area.STAFF, "person", uow.actor.id))


def _refuse_weak(uow: UnitOfWork, password: str, *names: str) -> None:
    if sentence := password_problem(password, uow.site.name, *names):
        raise Refused(sentence, field="password")


def _keep_an_administrator(uow: UnitOfWork, person: Person) -> None:
    others = uow.session.scalars(sa.select(Person).where(Person.id != person.id, Person.retired_at.is_(None)))
    if Role.ADMINISTRATOR.value in person.roles and not may_lose_administrator(
        [[Role(r) for r in other.roles] for other in others]
    ):
        raise Refused(f"{person.name} is the last administrator. Make somebody else administrator first.")
