"""Who may do what: roles, licences, the person acting, and the declaration every verb and query carries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar
from uuid import UUID

from infusiondesk.foundation.kernel.outcomes import Refused

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound="Acting")


class Role(StrEnum):
    """What a person is in the pharmacy; one person may hold several."""

    INTAKE = "intake"
    PHARMACIST = "pharmacist"
    PHARMACIST_IN_CHARGE = "pharmacist in charge"
    TECHNICIAN = "technician"
    NURSE = "nurse"
    DIETITIAN = "dietitian"
    BILLER = "biller"
    ADMINISTRATOR = "administrator"


class Area(StrEnum):
    """What a change touched, or what kind of data was looked at; screens reload by it and the audit names it."""

    STAFF = "staff"
    SETTINGS = "settings"
    CATALOG = "catalog"
    PAYERS = "payers"
    PATIENTS = "patients"
    INVENTORY = "inventory"
    EQUIPMENT = "equipment"
    ASSESSMENTS = "assessments"
    CARE_PLANS = "care plans"
    ORDERS = "orders"
    TASKS = "tasks"
    INTERACTIONS = "interactions"
    LABS = "labs"
    COMPOUNDING = "compounding"
    DISPENSING = "dispensing"
    VISITS = "visits"
    BILLING = "billing"


@dataclass(frozen=True)
class Licence:
    """A professional licence of one state."""

    kind: str
    state: str
    number: str
    expires_on: date

    def text(self) -> str:
        return f"{self.kind} {self.state} {self.number}"


@dataclass(frozen=True)
class Actor:
    """The person on whose behalf something happens."""

    id: UUID
    login: str
    name: str
    roles: frozenset[Role]
    licences: tuple[Licence, ...] = ()

    def licence_on(self, day: date) -> Licence | None:
        """The licence to sign with on a day: the one that runs longest, None when all have lapsed."""
        current = [licence for licence in self.licences if licence.expires_on >= day]
        return max(current, key=lambda licence: licence.expires_on, default=None)

    def role_text(self) -> str:
        """The roles in words, for the top bar and for refusals."""
        return _and(sorted(role.value for role in self.roles)) or "nobody with a role"


class Acting(Protocol):
    """What a verb or query is handed: it knows who acts."""

    @property
    def actor(self) -> Actor: ...


@dataclass(frozen=True)
class Permission:
    """What a verb needs: its name in the permission matrix, what it does in words, and the roles that may."""

    name: str
    does: str
    area: Area
    roles: frozenset[Role]

    def refusal(self, actor: Actor) -> str | None:
        """Why this person may not, in one sentence, or None."""
        if self.roles & actor.roles:
            return None
        allowed = _or(sorted(role.value for role in self.roles))
        return f"To {self.does} you need to be {allowed}; you are signed in as {actor.role_text()}."


class Verb(Generic[C, P, R]):
    """A service function with its permission; calling it checks the permission first."""

    def __init__(self, function: Callable[Concatenate[C, P], R], permission: Permission) -> None:
        wraps(function)(self)
        self.function = function
        self.permission = permission

    def __call__(self, uow: C, *args: P.args, **given: P.kwargs) -> R:
        if sentence := self.permission.refusal(uow.actor):
            raise Refused(sentence)
        return self.function(uow, *args, **given)


def verb(area: Area, *roles: Role, does: str) -> Callable[[Callable[Concatenate[C, P], R]], Verb[C, P, R]]:
    """Declare a service function: what it changes, who may, and what it does in words ("release a batch")."""

    def declare(function: Callable[Concatenate[C, P], R]) -> Verb[C, P, R]:
        return Verb(function, Permission(_name(function), does, area, frozenset(roles)))

    return declare


class Query(Generic[C, P, R]):
    """A query function with the category of data it opens; the Desk writes the audit line of looking."""

    def __init__(self, function: Callable[Concatenate[C, P], R], area: Area, *, is_audited: bool) -> None:
        wraps(function)(self)
        self.function = function
        self.area = area
        self.name = _name(function)
        self.is_audited = is_audited

    def __call__(self, reading: C, *args: P.args, **given: P.kwargs) -> R:
        return self.function(reading, *args, **given)


def query(area: Area, *, is_audited: bool = True) -> Callable[[Callable[Concatenate[C, P], R]], Query[C, P, R]]:
    """Declare a query and the category of data it shows. `is_audited` is False only for reference content without a patient."""

    def declare(function: Callable[Concatenate[C, P], R]) -> Query[C, P, R]:
        return Query(function, area, is_audited=is_audited)

    return declare


def _name(function: Callable[..., object]) -> str:
    """``labs.review_result`` for a function of infusiondesk.labs.service."""
    return f"{function.__module__.split('.')[1]}.{function.__name__}"


def _or(words: Iterable[str]) -> str:
    return _joined([("an " if word[0] in "aeiou" else "a ") + word for word in words], "or")


def _and(words: Iterable[str]) -> str:
    return _joined(list(words), "and")


def _joined(words: list[str], last: str) -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
