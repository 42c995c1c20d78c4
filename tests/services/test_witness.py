"""A controlled drug that had left its shelf is wasted or destroyed before a witness who signs; and what of all this is on Today."""

from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.catalog.records import Drug
from infusiondesk.compounding import service as bench
from infusiondesk.compounding.queries import batches
from infusiondesk.compounding.rules import FinishDraft, StartDraft, VolumeProof
from infusiondesk.dispensing import service as dispensing
from infusiondesk.dispensing.rules import DestructionDraft
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.inventory import queries, service
from infusiondesk.inventory.rules import MovementKind
from infusiondesk.today import queries as today
from infusiondesk.today.rules import Harm
from tests.beginnings import Recipe, after
from tests.clean_room import LOTS as TAKEN
from tests.clean_room import VANCOMYCIN, a_plan, a_stocked_clean_room, approve, take
from tests.deliveries import at_home, packed, shipped
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_monitoring import amend
from tests.story import a_patient, a_verified_order

PIC, TECH = Role.PHARMACIST_IN_CHARGE, Role.TECHNICIAN
CONTROLLED = sa.update(Drug).where(Drug.ingredient == "vancomycin").values(controlled="CIV")


@after(a_stocked_clean_room)
def a_started_batch(pharmacy: Pharmacy) -> None:
    """Four bags of vancomycin are being made; from then on it is C-IV, as no drug that the clean room of the tests makes is."""
    patient_id = a_patient(pharmacy)
    terms = {"start_on": date(2026, 3, 2), "stop_on": date(2026, 4, 6), "written_on": date(2026, 3, 1)}
    version_id = a_verified_order(pharmacy, patient_id, "vancomycin", **{**VANCOMYCIN, **terms})
    batch_id = pharmacy.do(bench.plan_batch, by=TECH, draft=a_plan(pharmacy, version_id))
    approve(pharmacy, batch_id)
    for lot in TAKEN.values():
        take(pharmacy, batch_id, lot)
    pharmacy.do(bench.start_batch, by=TECH, batch_id=batch_id, draft=StartDraft("PEC-2", is_clear=True))
    amend(pharmacy, CONTROLLED)


def batch_of(pharmacy: Pharmacy) -> tuple[UUID, UUID]:
    (row,) = pharmacy.ask(batches)
    return row.id, row.patient_id


def finished(pharmacy: Pharmacy, good: int) -> UUID:
    batch_id, _ = batch_of(pharmacy)
    pharmacy.clock.advance(minutes=50)
    pharmacy.do(bench.check_volumes, batch_id=batch_id, proof=VolumeProof.PULL_BACK)
    leak = {"compounding.yield": "leak"}
    pharmacy.do(bench.finish_batch, by=TECH, batch_id=batch_id, draft=FinishDraft(good, looks_right=True), reasons=leak)
    return batch_id


def waiting(pharmacy: Pharmacy) -> list[tuple[str, str]]:
    return [(row.amount, row.because) for row in pharmacy.ask(queries.waste_to_witness)]


def lines(pharmacy: Pharmacy, who: Role | str) -> list[str]:
    return [line.what for line in pharmacy.ask(today.stock, by=who) if line.place == "Controlled drugs"]


def test_the_witness_is_another_licensed_person(pharmacy: Pharmacy) -> None:
    def record(uow: UnitOfWork) -> UUID:
        return service.lay_out_waste(
            uow, what="morphine bag", schedule="CII", quantity=D(2), unit="bag", kind=MovementKind.WASTED, because="leak",
            reference=("batch", uow.new_id()), patient_id=None,
        )  # fmt: skip

    waste_id, _ = pharmacy.store.write(pharmacy.actor(TECH), record, {})
    assert lines(pharmacy, TECH) == []  # who recorded it is not the witness
    assert lines(pharmacy, Role.PHARMACIST) == ["Witness 2 bags wasted: morphine bag"]
    with pytest.raises(Refused, match="Another person is the witness"):
        pharmacy.do(service.witness_waste, by=TECH, waste_id=waste_id)
    pharmacy.do(service.witness_waste, waste_id=waste_id)
    with pytest.raises(Refused, match="ZZTEST Pharmacist saw and signed this already"):
        pharmacy.do(service.withdraw_waste, waste_id=waste_id)
    assert waiting(pharmacy) == []


class TestBatch:
    """Bags of a controlled drug, from the hood to the home and back."""

    @pytest.fixture
    def begins_with(self) -> Recipe:
        return a_started_batch

    def test_bags_that_leaked_and_what_came_back_are_witnessed_with_an_own_password(self, file_pharmacy: Pharmacy) -> None:
        pharmacy = file_pharmacy
        batch_id, patient_id = batch_of(pharmacy)
        finished(pharmacy, 3)
        (row,) = pharmacy.ask(queries.waste_of, reference_id=batch_id)
        assert waiting(pharmacy) == [("1 bag", "leak")]
        assert "witness not signed yet" in row.words and "batch B-2603-0001" in row.what
        assert lines(pharmacy, Role.PHARMACIST) == ["Witness 1 bag wasted: vancomycin, bags of batch B-2603-0001"]
        pharmacy.do(service.witness_waste, waste_id=row.id)
        assert pharmacy.ask(queries.waste_of, reference_id=batch_id)[0].words.endswith(
            "ZZTEST Technician, seen by ZZTEST Pharmacist"
        )
        pharmacy.do(bench.label_batch, by=TECH, batch_id=batch_id, labels=3)
        pharmacy.do(bench.release_batch, by=SECOND_PHARMACIST, batch_id=batch_id)
        at_home(pharmacy, patient_id)
        ticket_id = shipped(pharmacy, packed(pharmacy, patient_id))
        pharmacy.do(dispensing.refuse_delivery, by=TECH, ticket_id=ticket_id, reasons={"dispensing.refused": "not wanted"})
        draft = DestructionDraft("denatured", "ZZTEST Pharmacist")
        pharmacy.do(dispensing.destroy_bags, by=TECH, ticket_id=ticket_id, draft=draft)
        assert waiting(pharmacy) == [("3 bags", "delivery D-2603-0001, denatured")]

    def test_what_was_opened_of_a_rejected_batch_is_witnessed_or_withdrawn(self, file_pharmacy: Pharmacy) -> None:
        batch_id, _ = batch_of(file_pharmacy)
        file_pharmacy.do(bench.reject_batch, batch_id=batch_id, reasons={"compounding.reject": "leak"})
        (row,) = file_pharmacy.ask(queries.waste_to_witness)
        assert (row.amount, row.schedule, row.because) == ("5,000 mg", "CIV", "batch B-2603-0001 rejected: leak")

        with pytest.raises(NeedsReason, match="nothing to witness"):
            file_pharmacy.do(service.withdraw_waste, waste_id=row.id)
        why = {"inventory.withdraw_waste": "recorded twice"}
        file_pharmacy.do(service.withdraw_waste, waste_id=row.id, reasons=why)
        assert file_pharmacy.ask(queries.waste_to_witness) == []
        with pytest.raises(Refused, match="withdrew this"):
            file_pharmacy.do(service.witness_waste, by=PIC, waste_id=row.id)

    def test_today_names_the_programme_and_the_biennial_inventory(self, file_pharmacy: Pharmacy) -> None:
        asked = [line for line in file_pharmacy.ask(today.stock) if line.place == "Monitoring programme"]
        assert [(line.harm, line.due) for line in asked] == [(Harm.NEXT, "before the next fill")]
        assert asked[0].what.startswith("Ask the monitoring programme for Rx 700001 ")

        (line,) = [line for line in file_pharmacy.ask(today.stock, by=PIC) if line.place == "Biennial inventory"]
        assert (line.what, line.due) == ("Take the biennial inventory", "now")
        assert [line for line in file_pharmacy.ask(today.stock) if line.place == "Biennial inventory"] == []
