"""A recall of pumps hits what it names whatever the letters, whatever the model is called later, and says when it hits nothing."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest

from infusiondesk.equipment import queries, service
from infusiondesk.equipment.rules import ModelDraft, Place, PumpDraft, RecallDraft
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from tests.pharmacy import Pharmacy

TECH = Role.TECHNICIAN
MODEL = ModelDraft("ZZTEST MÜLLER", "Ambulator 2", 1, ("pain",), 12, None, D(5), "manual, edition 4")
NOTICE = RecallDraft("N-77", "ZZTEST MÜLLER", "Ambulator 2", "", "", "free flow when the door is opened")


@pytest.fixture
def facts(file_pharmacy: Pharmacy) -> dict[str, Any]:
    model_id = file_pharmacy.do(service.add_model, draft=MODEL)
    file_pharmacy.do(service.enter_pump, by=TECH, draft=PumpDraft("A100", model_id))
    return {"model_id": model_id}


def test_a_maker_is_known_in_any_letters(file_pharmacy: Pharmacy, facts: dict[str, Any]) -> None:
    recall_id = file_pharmacy.do(service.open_recall, draft=NOTICE)

    assert [hit.pump.serial for hit in file_pharmacy.ask(queries.recalls)[0].hits] == ["A100"]
    with pytest.raises(Refused, match="1 pump of recall N-77 not settled yet"):
        file_pharmacy.do(service.close_recall, recall_id=recall_id)


def test_a_recalled_model_keeps_its_name_until_its_pumps_are_settled(file_pharmacy: Pharmacy, facts: dict[str, Any]) -> None:
    file_pharmacy.do(service.open_recall, draft=NOTICE)
    why = {"equipment.model": "as its label reads"}

    for renamed in (replace(MODEL, name="Ambulator II"), replace(MODEL, maker="ZZTEST Mueller")):
        with pytest.raises(Refused, match=r"Pump A100 is under recall N-77\. Settle it first") as refused:
            file_pharmacy.do(service.change_model, draft=renamed, reasons=why, **facts)
        assert refused.value.field == "name"
    file_pharmacy.do(service.change_model, draft=replace(MODEL, maintenance_months=6), reasons=why, **facts)
    assert file_pharmacy.ask(queries.pumps)[0].place is Place.QUARANTINE


def test_a_notice_that_hits_no_pump_asks_why_it_is_kept(file_pharmacy: Pharmacy, facts: dict[str, Any]) -> None:
    slip = replace(NOTICE, maker="ZZTEST Miller")

    with pytest.raises(NeedsReason, match=r"No pump of ZZTEST Miller Ambulator 2, all serials, is on file\."):
        file_pharmacy.do(service.open_recall, draft=slip)
    kept = {"equipment.none_hit": "we never had one of these"}
    file_pharmacy.do(service.open_recall, draft=slip, reasons=kept)
    assert file_pharmacy.ask(queries.recalls)[0].hits == ()
