"""What a person's entry must satisfy, and which roles may not be left empty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.people import Role

LICENSED = frozenset({Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.NURSE, Role.TECHNICIAN, Role.DIETITIAN})


@dataclass
class PersonDraft:
    """A person being entered."""

    name: str = ""
    login: str = ""
    roles: list[str] = field(default_factory=list)
    password: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", "Enter the person's name as it is to stand under a signature."))
        if not 3 <= len(self.login.strip()) <= 40:
            found.append(Problem("login", "The sign-in name needs 3 to 40 characters."))
        if not self.roles:
            found.append(Problem("roles", "Choose at least one role; a person without a role can do nothing."))
        return found


@dataclass
class LicenceDraft:
    """A licence being entered."""

    kind: str = ""
    state: str = ""
    number: str = ""
    expires_on: date | None = None

    def problems(self) -> list[Problem]:
        found = []
        if not self.kind:
            found.append(Problem("kind", "Choose the kind of licence."))
        if len(self.state.strip()) != 2 or not self.state.strip().isalpha():
            found.append(Problem("state", "Enter the state as two letters, such as IL."))
        if not self.number.strip():
            found.append(Problem("number", "Enter the licence number."))
        if self.expires_on is None:
            found.append(Problem("expires_on", "Enter the day on which the licence expires."))
        return found


def may_lose_administrator(others: Iterable[Sequence[Role]]) -> bool:
    """Somebody must be able to let people in: the last administrator keeps the role."""
    return any(Role.ADMINISTRATOR in roles for roles in others)


@dataclass
class RolesDraft:
    """Roles being given and taken."""

    roles: list[str] = field(default_factory=list)

    def problems(self) -> list[Problem]:
        return [] if self.roles else [Problem("roles", "A person keeps at least one role.")]


@dataclass
class PasswordDraft:
    """A new password for somebody, typed twice."""

    password: str = ""
    again: str = ""

    def problems(self) -> list[Problem]:
        return [] if self.password == self.again else [Problem("again", "The two passwords differ.")]
