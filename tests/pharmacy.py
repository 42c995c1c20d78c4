"""A pharmacy in a test: a real store, one person of each role, a clock moved by hand, and verbs run as somebody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from infusiondesk.foundation.kernel.clock import HandClock
from infusiondesk.foundation.kernel.outcomes import NeedsSignature
from infusiondesk.foundation.kernel.people import Actor, Area, Licence, Role
from infusiondesk.foundation.store.store import Store
from infusiondesk.foundation.store.unit_of_work import Answers

R = TypeVar("R")

SECOND_PHARMACIST = "second pharmacist"
MOST_SIGNATURES = 4  # of one verb; more means that it asks anew each time
LICENCE_KIND = {
    Role.PHARMACIST: "RPh",
    Role.PHARMACIST_IN_CHARGE: "RPh",
    Role.TECHNICIAN: "CPhT",
    Role.NURSE: "RN",
    Role.DIETITIAN: "RD",
}


@dataclass
class Pharmacy:
    """`do` runs a verb as somebody and answers what it asks back; `ask` runs a query."""

    store: Store
    clock: HandClock
    people: Mapping[str, Actor]
    areas: list[frozenset[Area]] = field(default_factory=list)

    def actor(self, who: str | Actor) -> Actor:
        return who if isinstance(who, Actor) else self.people[str(who)]

    def do(
        self, verb: Callable[..., R], *, by: str | Actor = Role.PHARMACIST, reasons: Mapping[str, str] | None = None, **given: Any
    ) -> R:
        """Run a verb, signing when it asks; `reasons` answers questions by key, others stay asked (NeedsReason)."""
        answers = Answers(reasons or {})
        while True:
            try:
                result, areas = self.store.write(self.actor(by), verb, given, answers)
            except NeedsSignature as needs:
                assert len(answers.proofs) < MOST_SIGNATURES, f"{needs.subject} is asked for again and again: its key changes"
                answers = Answers(answers.reasons, answers.proofs | {needs.key})
            else:
                self.areas.append(areas)
                return result

    def ask(self, query: Callable[..., R], *, by: str | Actor = Role.PHARMACIST, **given: Any) -> R:
        return self.store.read(self.actor(by), query, given)


def staff_of(new_id: Callable[[], UUID]) -> dict[str, Actor]:
    """One person of each role, all with a current licence where the role has one, and a second pharmacist."""
    people = {}
    for number, role in enumerate([*Role, SECOND_PHARMACIST]):
        kind = LICENCE_KIND.get(Role(role)) if role != SECOND_PHARMACIST else "RPh"
        licences = (Licence(kind, "IL", f"{number:06}", date(2027, 12, 31)),) if kind else ()
        roles = frozenset({Role(role)}) if role != SECOND_PHARMACIST else frozenset({Role.PHARMACIST})
        name = f"ZZTEST {str(role).title()}"
        people[str(role)] = Actor(new_id(), str(role).replace(" ", "."), name, roles, licences)
    return people
