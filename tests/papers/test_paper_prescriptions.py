"""The prescription record and the fill log, read back from their PDFs; an image as an original, looked at as a picture."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.prescriptions import queries, service
from infusiondesk.prescriptions.documents import (
    draw_fill_log,
    draw_prescription,
    fill_log_paper,
    original_pdf,
    prescription_paper,
)
from infusiondesk.staff.queries import paper_signatures
from tests.beginnings import Recipe
from tests.clean_room import a_stocked_clean_room
from tests.papers.test_paper_facts import PRINTING, picture_of, read_back
from tests.pharmacy import Pharmacy
from tests.services.test_prescriptions import PDF, SPOKE, TODAY, filled, prescribed, sign
from tests.story import a_patient, an_order, order_of


@pytest.fixture
def begins_with() -> Recipe:
    return a_stocked_clean_room


def test_the_record_says_what_was_ordered_kept_offered_and_dispensed(file_pharmacy: Pharmacy) -> None:
    patient_id = a_patient(file_pharmacy)
    version_id = prescribed(file_pharmacy, patient_id, refills=2)
    filled(file_pharmacy, patient_id, version_id)
    file_pharmacy.do(service.keep_original, version_id=version_id, name="fax 12.pdf", content=PDF)
    file_pharmacy.do(service.offer_counsel, version_id=version_id, draft=SPOKE)
    found = file_pharmacy.ask(queries.prescription, order_id=order_of(file_pharmacy, version_id))
    block = file_pharmacy.ask(patient_block, patient_id=patient_id)
    names = paper_signatures(found.row.order.signatures, file_pharmacy.clock.zone)

    text = read_back(draw_prescription(prescription_paper(found, block, names), PRINTING))

    for words in (
        "Prescription record", "Rx 700001", "vancomycin 1,250 mg IV every 12 hours", "not controlled", "1 Mar 2027", "2 of 2",
        "4 bags", "lot VX2209", "D-2603-0001", "ZZTEST Second Pharmacist", "fax 12.pdf", "accepted, counselled",
        "storage, pump, when to call", "Its expiry of 12 months is from memory",
    ):  # fmt: skip
        assert words in text, words
    assert found.originals[0].sha256 in text.replace(" ", "")


def test_a_record_without_anything_says_so(file_pharmacy: Pharmacy) -> None:
    patient_id = a_patient(file_pharmacy)
    version_id = an_order(file_pharmacy, patient_id)
    found = file_pharmacy.ask(queries.prescription, order_id=order_of(file_pharmacy, version_id))
    block = file_pharmacy.ask(patient_block, patient_id=patient_id)

    text = read_back(draw_prescription(prescription_paper(found, block, ()), PRINTING))

    for words in (
        "Nothing was dispensed yet", "No original is on file.", "No offer of counsel is recorded", "until the last day",
        "No original is on file for version 1", "not signed yet",
    ):  # fmt: skip
        assert words in text, words


def test_a_day_is_printed_with_the_names_that_are_there_and_those_that_are_not(file_pharmacy: Pharmacy) -> None:
    patient_id = a_patient(file_pharmacy)
    filled(file_pharmacy, patient_id, prescribed(file_pharmacy, patient_id))
    before = file_pharmacy.ask(queries.fill_log, day=TODAY)
    sign(file_pharmacy)
    after = file_pharmacy.ask(queries.fill_log)
    names = paper_signatures([row.signature for row in after.signed], file_pharmacy.clock.zone)

    unsigned = read_back(draw_fill_log(fill_log_paper(before, ()), PRINTING))
    signed = read_back(draw_fill_log(fill_log_paper(after, names), PRINTING))

    assert "ZZTEST Second Pharmacist has not signed yet" in unsigned
    assert "has not signed yet" not in signed
    for words in ("Daily fill log", "700001, fill 1", "ZZTEST Alder, Marian", "lot Y448120", "Dispensed as shown"):
        assert words in signed, words
    empty = file_pharmacy.ask(queries.fill_log, day=TODAY.replace(day=1))
    assert "Nothing left on this day" in read_back(draw_fill_log(fill_log_paper(empty, ()), PRINTING))


@pytest.mark.parametrize(("wide", "high"), [(800, 1100), (2000, 300)])
def test_an_image_stands_whole_on_its_sheet(tmp_path: Path, wide: int, high: int) -> None:
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(QColor("navy"))
    file = tmp_path / "fax.png"
    assert image.save(str(file))

    picture = picture_of(original_pdf("image/png", file.read_bytes()))

    blue = [(x, y) for x in range(picture.width()) for y in range(picture.height()) if picture.pixelColor(x, y).blue() < 200]
    lowest, highest = (min(x for x, _ in blue), min(y for _, y in blue)), (max(x for x, _ in blue), max(y for _, y in blue))
    shape = (highest[0] - lowest[0] + 1) / (highest[1] - lowest[1] + 1)
    assert lowest[0] >= 35
    assert lowest[1] >= 35
    assert abs(shape - wide / high) < 0.1 * wide / high
    assert original_pdf("application/pdf", PDF) == PDF


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n nothing that is a picture IEND", b"\xff\xd8\xff nor this \xff\xd9"])
def test_a_damaged_image_is_told_in_one_sentence(content: bytes) -> None:
    with pytest.raises(Unavailable, match=r"This image is damaged and cannot be shown\. It is kept as it came"):
        original_pdf("image/png", content)
