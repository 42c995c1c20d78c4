"""The papers of pumps, read back from their PDFs and looked at: label, history, recall list."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from PySide6.QtGui import QImage

from infusiondesk.equipment import queries, service
from infusiondesk.equipment.documents import (
    PumpLabel,
    draw_pump_history,
    draw_pump_labels,
    draw_pump_recall,
    draw_recall_letter,
    draw_rental_days,
    pump_history,
    pump_label,
    pump_recall,
    recall_letters,
    rental_paper,
)
from infusiondesk.equipment.exchange import shipped_policy
from infusiondesk.equipment.rules import Outcome
from infusiondesk.foundation.kernel.periods import parse_month
from infusiondesk.staff.queries import paper_signatures
from tests.beginnings import Recipe
from tests.papers.test_paper_facts import PRINTING, is_blank, pages_of, picture_of, read_back
from tests.people import activate
from tests.pharmacy import Pharmacy
from tests.services.test_equipment import BACK, NOTICE, a_milrinone, a_pump, a_pump_room, give, ready, settle, the_pump

LABEL = PumpLabel("A100", "ZZTEST Medical Ambulator 2", ("preventive maintenance due 2 Mar 2027",), "")


@pytest.fixture
def begins_with() -> Recipe:
    return a_pump_room


def test_a_label_has_serial_model_due_date_and_bars_that_a_scanner_reads(file_pharmacy: Pharmacy) -> None:
    row = next(iter(file_pharmacy.ask(queries.pumps)))
    assert pump_label(row) == LABEL
    pdf = draw_pump_labels([LABEL, LABEL], PRINTING)

    text = read_back(pdf)
    for words in ("A100", "ZZTEST Medical Ambulator 2", "Preventive maintenance due 2 Mar 2027", "217-555-0100"):
        assert words in text, words
    assert len(pages_of(pdf)) == 2
    picture = picture_of(pdf, scale=4)
    assert (picture.width(), picture.height()) == (576, 288)
    assert 3 * (len("A100") + 2) + 4 in {dark_runs(picture, y) for y in range(150, 288)}  # start, signs, check: 3 bars; stop: 4
    assert draw_pump_labels([LABEL, LABEL], PRINTING) == pdf


def dark_runs(picture: QImage, y: int) -> int:
    """The bars in one line of a label, left of its square code."""
    line = [picture.pixelColor(x, y).lightness() < 128 for x in range(440)]
    return sum(now and not before for before, now in pairwise([False, *line]))


def test_a_long_serial_keeps_its_square_code_where_bars_do_not_fit() -> None:
    serial = "ZZTEST-2026-0000-ABCDEFGH-01"
    pdf = draw_pump_labels(
        [PumpLabel(serial, LABEL.model, ("certification never recorded",), "Rented from ZZTEST Rentals")], PRINTING
    )

    text = read_back(pdf)
    assert serial in text.replace(" ", "")
    assert "Certification never recorded" in text
    picture = picture_of(pdf, scale=4)
    assert not is_blank(picture, range(450, 556), range(170, 270))
    assert max(dark_runs(picture, y) for y in range(170, 230)) < 60


def test_a_history_says_everything_with_names(file_pharmacy: Pharmacy) -> None:
    pump_id = the_pump(file_pharmacy)
    give(file_pharmacy, pump_id)
    file_pharmacy.clock.advance(days=2)
    file_pharmacy.do(service.return_pump, pump_id=pump_id, draft=BACK)
    paper = pump_history(file_pharmacy.ask(queries.whole_pump, pump_id=pump_id))
    pdf = draw_pump_history(paper, PRINTING)

    text = read_back(pdf)
    for words in (
        "Pump history", "A100, ZZTEST Medical Ambulator 2", "entered", "quaternary wipe", "wet for 3 min",
        "safety check passed", "volume off by −1.5%", "given to a patient", "ZZTEST Alder, Marian", "Rx 700001", "returned",
        "brought by driver", "ZZTEST Technician", "signed", "out 2 Mar 2026, back 4 Mar 2026", "due 2 Mar 2027",
    ):  # fmt: skip
        assert words in text, words
    assert not is_blank(picture_of(pdf), range(612), range(200, 600))


def test_a_recall_list_says_whom_to_write_to_and_who_closed_it(file_pharmacy: Pharmacy) -> None:
    pump_id = the_pump(file_pharmacy)
    a_pump(file_pharmacy, "A99")
    give(file_pharmacy, pump_id)
    recall_id = file_pharmacy.do(service.open_recall, draft=NOTICE)

    text = read_back(draw_pump_recall(pump_recall(file_pharmacy.ask(queries.recalls)[0], ()), PRINTING))
    for words in (
        "Recall of pumps", "Notice N-77", "serials from A99 to A101", "free flow when the door is opened", "12 Elm Street",
        "217-555-0142", "in quarantine", "to settle", "2 pumps not settled yet",
    ):  # fmt: skip
        assert words in text, words
    file_pharmacy.do(service.return_pump, pump_id=pump_id, draft=BACK)
    for row in file_pharmacy.ask(queries.pumps):
        settle(file_pharmacy, recall_id, row.id, Outcome.RETURNED)
    file_pharmacy.do(service.close_recall, recall_id=recall_id)
    (closed,) = file_pharmacy.ask(queries.recalls)
    names = paper_signatures(closed.signatures, file_pharmacy.clock.zone)
    text = read_back(draw_pump_recall(pump_recall(closed, names), PRINTING))
    assert "returned to the maker" in text
    assert "ZZTEST Pharmacist" in text
    assert "to settle" not in text.replace("0 to settle", "")
    assert date(2026, 3, 2) == closed.opened_at.date()


def test_a_letter_goes_to_one_patient_with_his_own_pumps(file_pharmacy: Pharmacy) -> None:
    give(file_pharmacy, the_pump(file_pharmacy))
    other = activate(file_pharmacy, last_name="ZZTEST Birch", first_name="Ann")
    give(file_pharmacy, ready(file_pharmacy, a_pump(file_pharmacy, "A-101")), order_id=a_milrinone(file_pharmacy, other))
    a_pump(file_pharmacy, "A99")
    file_pharmacy.do(service.open_recall, draft=NOTICE)
    letters = recall_letters(file_pharmacy.ask(queries.recalls)[0], date(2026, 3, 2))

    texts = {patient_id: read_back(draw_recall_letter(letter, PRINTING)) for patient_id, letter in letters}
    assert len(texts) == 2
    for words in ("ZZTEST Birch, Ann", "12 Elm Street", "2 Mar 2026", "Notice N-77", "free flow when the door is opened", "A-101"):
        assert words in texts[other], words
    assert "Alder" not in texts[other]
    assert "A100" not in texts[other]
    assert all(not is_blank(picture_of(draw_recall_letter(letter, PRINTING)), range(612), range(200, 400)) for _, letter in letters)


def test_a_months_rental_days_on_paper(file_pharmacy: Pharmacy) -> None:
    rented = {"ownership": "rented", "vendor": "ZZTEST Rentals", "daily_rate": Decimal("4.50")}
    give(file_pharmacy, ready(file_pharmacy, a_pump(file_pharmacy, "R1", **rented)))
    file_pharmacy.clock.advance(days=2)
    month = parse_month("2026-03")
    rows = file_pharmacy.ask(queries.rental_month, month=month, shipped=shipped_policy())
    pdf = draw_rental_days(rental_paper(month, rows, shipped_policy()), PRINTING)

    text = read_back(pdf)
    for words in (
        "Rental days of pumps",
        "Mar 2026",
        "ZZTEST Alder, Marian",
        "2 to 4 Mar 2026",
        "$13.50",
        "comes back does not count",
    ):
        assert words in text, words
    assert not is_blank(picture_of(pdf), range(612), range(120, 300))
