"""A prescription that went to another pharmacy has no refill left here, is not filled again, and says where it is."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.prescriptions import queries
from infusiondesk.prescriptions.documents import draw_prescription, prescription_paper
from infusiondesk.prescriptions.queries import fill_refusal
from infusiondesk.prescriptions.service.transferring import transfer_prescription
from infusiondesk.staff.queries import printing_of
from tests.beginnings import Recipe
from tests.pharmacy import Pharmacy
from tests.rules.test_transfer_rules import IN, OUT
from tests.story import a_patient, a_verified_order, an_order, order_of, the_catalog


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def test_a_transfer_is_kept_leaves_no_refill_and_is_printed(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    waiting = order_of(pharmacy, an_order(pharmacy, patient_id))
    with pytest.raises(Refused, match="was never verified here"):
        pharmacy.do(transfer_prescription, order_id=waiting, draft=OUT)
    order_id = order_of(pharmacy, a_verified_order(pharmacy, patient_id, refills=2))
    with pytest.raises(Refused, match="you need to be a pharmacist"):
        pharmacy.do(transfer_prescription, by=Role.TECHNICIAN, order_id=order_id, draft=OUT)
    with pytest.raises(Refused, match="Enter the pharmacist of the other"):
        pharmacy.do(transfer_prescription, order_id=order_id, draft=replace(OUT, pharmacist=" "))

    pharmacy.do(transfer_prescription, order_id=order_id, draft=IN)
    assert pharmacy.ask(queries.prescription, order_id=order_id).row.refills_left == 2
    pharmacy.do(transfer_prescription, order_id=order_id, draft=OUT)

    found = pharmacy.ask(queries.prescription, order_id=order_id)
    assert [one.words for one in found.transfers] == [
        "from another pharmacy on 2 Mar 2026: ZZTEST Pharmacy", "to another pharmacy on 2 Mar 2026: ZZTEST Pharmacy",
    ]  # fmt: skip
    assert found.row.refills_left == 0
    refusal = pharmacy.store.read(pharmacy.actor(Role.PHARMACIST), lambda at: fill_refusal(at, order_id=order_id), {})
    assert refusal is not None and "given to another pharmacy" in refusal
    with pytest.raises(Refused, match="given to another pharmacy already"):
        pharmacy.do(transfer_prescription, order_id=order_id, draft=OUT)
    paper = prescription_paper(found, pharmacy.ask(patient_block, patient_id=patient_id), [])
    pdf = draw_prescription(paper, pharmacy.ask(printing_of))
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    assert "none: given to another pharmacy" in text and "ZZTEST Rowan, 1 ZZTEST Street, DEA RZ1234563" in text
