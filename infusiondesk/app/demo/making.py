"""Batches from the plan to the confirmed delivery, each step at its hour."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from infusiondesk.app.demo.hand import a_signature
from infusiondesk.app.demo.pharmacy import DemoPharmacy, Diary
from infusiondesk.app.demo.road import pack
from infusiondesk.app.demo.stories import Making, Therapy
from infusiondesk.catalog.queries import drug_of
from infusiondesk.compounding import queries, service
from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.rules import FinishDraft, PlanDraft, StartDraft, VolumeProof
from infusiondesk.dispensing.queries import ticket_of
from infusiondesk.dispensing.rules import ConfirmationDraft
from infusiondesk.dispensing.service import confirm_delivery, ship_ticket
from infusiondesk.patients.queries import chart_facts
from infusiondesk.workflows.first_dispense import pack_delivery

if TYPE_CHECKING:
    from infusiondesk.app.demo.telling import Patient


@dataclass
class Made:
    """A batch, once it is planned, and its ticket."""

    id: UUID = field(init=False)
    ticket: UUID = field(init=False)


@dataclass
class Bench:
    """The clean room with what lies on its shelf: products by label, and the lot to take of each."""

    pharmacy: DemoPharmacy
    products: dict[str, UUID]
    lots: dict[str, str]
    signed: set[date] = field(default_factory=set)
    shipper: UUID | None = None

    def write(self, diary: Diary, on: date, patient: "Patient", therapy: Therapy, *, release: bool = True) -> Made:
        """One batch on a day: planned and approved, taken and started, finished and labelled, released."""
        made = Made()
        minute = patient.number * 5 % 30
        diary.write(on, time(12, minute), partial(self._plan, patient, therapy, made))
        diary.write(on, time(12, minute + 20), partial(self._start, made))
        diary.write(on, time(13, minute + 10), partial(self._finish, therapy.making, made))
        if release:
            diary.write(on, time(14, minute), partial(self._release, made))
        return made

    def write_delivery(self, diary: Diary, on: date, patient: "Patient", made: Made, *, highest: Decimal | None = None) -> None:
        """The bags of a batch packed and shipped in the afternoon, received in the evening; `highest` on the way if it was read."""
        minute = patient.number * 5 % 30
        diary.write(on, time(15, minute), partial(self.ship, patient, made))
        diary.write(on, time(18, minute), partial(self._confirm, patient, made, highest))

    def _plan(self, patient: "Patient", therapy: Therapy, made: Made) -> None:
        making = therapy.making
        assert making is not None
        plan = PlanDraft(
            patient.versions[therapy.ingredient],
            making.bags,
            self.pharmacy.clock.at + timedelta(hours=3),
            self.products[making.product],
            self.products[making.fluid] if making.fluid else None,
            self.products[making.diluent] if making.diluent else None,
            storage=making.storage,
        )
        made.id = self.pharmacy.do(service.plan_batch, "birch", draft=plan)
        seen = self.pharmacy.ask(queries.batch_of, batch_id=made.id, limits=reviewed_limits())
        self.pharmacy.do(service.approve_worksheet, "rowan", batch_id=made.id, seen=seen.worksheet_code)
        for label in (making.product, making.fluid, making.diluent):
            if label:
                lot = self.lots[label]
                self.pharmacy.do(service.take_ingredient, "birch", batch_id=made.id, text=lot, was_typed=False)

    def _start(self, made: Made) -> None:
        self.pharmacy.do(service.start_batch, "birch", batch_id=made.id, draft=StartDraft("PEC-2", is_clear=True))

    def _finish(self, making: Making | None, made: Made) -> None:
        assert making is not None
        do = self.pharmacy.do
        do(service.check_volumes, "rowan", batch_id=made.id, proof=VolumeProof.PULL_BACK)
        do(service.finish_batch, "birch", batch_id=made.id, draft=FinishDraft(making.bags, looks_right=True))
        do(service.label_batch, "birch", batch_id=made.id, labels=making.bags)

    def _release(self, made: Made) -> None:
        self.pharmacy.do(service.release_batch, "hazel", batch_id=made.id)

    def begin(self, patient: "Patient", made: Made) -> None:
        """A ticket for the bags of a batch."""
        bags = [bag.id for bag in self.pharmacy.ask(queries.released_bags, patient_id=patient.id) if bag.batch_id == made.id]
        made.ticket = self.pharmacy.do(pack_delivery, "birch", patient_id=patient.id, bag_ids=bags)

    def ship(self, patient: "Patient", made: Made) -> None:
        """The bags of a batch packed and on the road."""
        self.begin(patient, made)
        pack(self.pharmacy, made, self)
        self.pharmacy.do(ship_ticket, "birch", ticket_id=made.ticket)

    def _confirm(self, patient: "Patient", made: Made, highest: Decimal | None) -> None:
        facts = self.pharmacy.ask(chart_facts, patient_id=patient.id)
        draft = ConfirmationDraft(facts.name, "patient", self.pharmacy.clock.at - timedelta(minutes=10), "cold, undamaged")
        draft.signature = a_signature(patient.number)
        if highest is not None:
            draft.condition, draft.low_c, draft.high_c = "gel packs melted", Decimal("6.5"), highest
        drugs = {bag.order.drug_id for bag in self.pharmacy.ask(ticket_of, ticket_id=made.ticket).bags}
        if any(self.pharmacy.ask(drug_of, drug_id=drug_id).controlled == "CII" for drug_id in drugs):
            draft.adult_id, draft.born_on = "state identity card", facts.born_on
        self.pharmacy.do(confirm_delivery, "birch", ticket_id=made.ticket, draft=draft)
