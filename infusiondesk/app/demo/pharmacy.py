"""The demonstration pharmacy at work: verbs run as one of its people, at moments that a diary keeps in order."""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from infusiondesk.foundation.kernel.clock import HandClock
from infusiondesk.foundation.kernel.outcomes import NeedsReason, NeedsSignature, Refused
from infusiondesk.foundation.kernel.people import Actor
from infusiondesk.foundation.store.store import Store
from infusiondesk.foundation.store.unit_of_work import Answers

R = TypeVar("R")

REASONS: Mapping[str, str] = {
    "assessments.again": "back from hospital",
    "catalog.compared": "demonstration only: compared with nothing",
    "compounding.compared": "ZZTEST Rowan",
    "orders.change": "dose by level",
    "dispensing.backup": "no second pump is left; one is rented, and the pharmacy brings it at any hour",
    "dispensing.returned": "called back",
    "dispensing.shipper": "demonstration: cooler with gel packs, the way takes less than an hour",
    "inventory.count": "not explained",
    "inventory.suspect": "package or label looks wrong",
    "inventory.to_vendor": "ZZTEST Wholesale, return authorization 26-014",
    "knowledge.correct": "label changed",
    "orders.discontinued": "prescriber's order",
    "orders.held": "laboratory result",
    "patients.activate": "the manufacturer supplies it; the nurse saw it in the home before the first dose",
    "patients.accept": "demonstration: the referrer sends what is missing",
    "patients.different_person": "different person: another date of birth and address",
    "prescriptions.report_sent": "uploaded, accepted",
    "patients.resume": "new orders received, line and medicines looked through",
}
"""What the demonstration's people answer when a verb asks back; a question that is not here stops the demonstration."""


@dataclass
class DemoPharmacy:
    """The store, its clock moved by hand, and who works there."""

    store: Store
    clock: HandClock
    people: dict[str, Actor] = field(default_factory=dict)

    def do(self, verb: Callable[..., R], by: str, **given: Any) -> R:
        """Run a verb as somebody, signing and answering when it asks; every verb takes a second."""
        answers = Answers()
        while True:
            try:
                result, _ = self.store.write(self.people[by], verb, given, answers)
            except NeedsSignature as needs:
                answers = Answers(answers.reasons, answers.proofs | {needs.key})
            except NeedsReason as needs:
                if needs.key in answers.reasons or needs.key not in REASONS:
                    raise Refused(f"The demonstration has no answer to: {needs.question}") from needs
                answers = Answers({**answers.reasons, needs.key: REASONS[needs.key]}, answers.proofs)
            else:
                self.clock.advance(seconds=1)
                return result

    def ask(self, query: Callable[..., R], by: str = "rowan", **given: Any) -> R:
        """Run a query as somebody."""
        return self.store.read(self.people[by], query, given)

    def moment(self, day: date, at: time) -> datetime:
        """An hour on the pharmacy's wall."""
        return datetime.combine(day, at, self.clock.zone)


@dataclass
class Diary:
    """What happens when; opened once, in order of time, whoever wrote it down first."""

    pharmacy: DemoPharmacy
    _entries: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)

    def write(self, day: date, at: time, what: Callable[[], None]) -> None:
        """Note something for an hour of a day."""
        heapq.heappush(self._entries, (self.pharmacy.moment(day, at), len(self._entries), what))

    def live(self, watch: Callable[[int, int], None]) -> None:
        """Let everything happen; time never runs backwards."""
        total = len(self._entries)
        for done in range(1, total + 1):
            at, _, what = heapq.heappop(self._entries)
            self.pharmacy.clock.set(max(at, self.pharmacy.clock.at + timedelta(seconds=1)))
            what()
            watch(done, total)
