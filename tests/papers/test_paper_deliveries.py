"""The papers of a delivery, read back from their PDFs and looked at as pictures."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter, QPen

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.documents import (
    cold_chain,
    delivery_ticket,
    draw_cold_chain,
    draw_delivery_ticket,
    draw_packing_list,
    draw_pick_list,
    draw_route_sheet,
    packing_list,
)
from infusiondesk.dispensing.rules import JudgementDraft
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import paper_signatures
from tests.beginnings import Recipe
from tests.deliveries import TECH, confirmed, packed, png, shipped
from tests.papers.test_paper_facts import PRINTING, picture_of, read_back
from tests.pharmacy import Pharmacy
from tests.services.test_deliveries import ON_THE_ROAD, PACKED, bags_of_vancomycin, in_the_box, made


@pytest.fixture
def begins_with(request: pytest.FixtureRequest) -> Recipe:
    recipe: Recipe = getattr(request, "param", bags_of_vancomycin)
    return recipe


@PACKED
def test_the_ticket_is_the_proof_with_everything_that_a_payer_wants(file_pharmacy: Pharmacy) -> None:
    box = in_the_box(file_pharmacy)
    patient_id = box.patient_id
    ticket_id = shipped(file_pharmacy, box.id, method="carrier", carrier="ZZTEST Express", tracking="1Z 999")
    confirmed(file_pharmacy, ticket_id, low_c=Decimal("3.1"), high_c=Decimal(7))
    row = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)
    block = file_pharmacy.ask(patient_block, patient_id=patient_id)
    names = paper_signatures(row.names, file_pharmacy.clock.zone)

    text = read_back(draw_delivery_ticket(delivery_ticket(row, block, signatures=names, picture=png()), PRINTING))

    for words in (
        "ZZTEST Alder, Marian", "12 Alder Lane, Springfield, IL 62704", "own home", "B-2603-0001-04", "1 bag", "4 items",
        "carrier, ZZTEST Express, 1Z 999", "ZZTEST Alder, Paul", "husband", "2 Mar 2026 08:40", "3.1 to 7 °C, by hand",
        "no validated shipper: short way, cooler with gel packs", "by 3 Mar 2026", "2 days, runs out 5 Mar 2026",
        "Packed as listed", "ZZTEST Technician",
    ):  # fmt: skip
        assert words in text, words
    assert row.files[0].sha256 in text.replace(" ", "")
    assert "The temperature on the way was not measured" not in text


@ON_THE_ROAD
def test_the_signature_stands_on_the_ticket_as_it_was_drawn(file_pharmacy: Pharmacy) -> None:
    row = file_pharmacy.ask(queries.ticket_of, ticket_id=confirmed(file_pharmacy, in_the_box(file_pharmacy).id))
    block = file_pharmacy.ask(patient_block, patient_id=row.patient_id)

    with_it = picture_of(draw_delivery_ticket(delivery_ticket(row, block, picture=drawn()), PRINTING))
    without = picture_of(draw_delivery_ticket(delivery_ticket(row, block), PRINTING))

    assert dark(with_it) > dark(without) + 200


def drawn() -> bytes:
    """A thick stroke, as a pad would give it."""
    from PySide6.QtCore import QBuffer, QIODevice

    image = QImage(QSize(640, 200), QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setPen(QPen("black"))
    painter.fillRect(40, 40, 400, 60, "black")
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def dark(image: QImage) -> int:
    return sum(image.pixelColor(x, y).lightness() < 60 for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))


@ON_THE_ROAD
def test_the_cold_chain_says_what_was_too_warm_and_who_judged(file_pharmacy: Pharmacy) -> None:
    under_way = in_the_box(file_pharmacy)
    ticket_id = confirmed(file_pharmacy, under_way.id, low_c=Decimal(3), high_c=Decimal(12))
    block = file_pharmacy.ask(patient_block, patient_id=under_way.patient_id)

    def record() -> str:
        row = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)
        judged = [name for one in row.judgements for name in one.names]
        names = paper_signatures([*row.names, *judged], file_pharmacy.clock.zone)
        return read_back(draw_cold_chain(cold_chain(row, block, signatures=names), PRINTING))

    before = record()
    assert "3 to 12 °C, by hand" in before
    assert "Temperature excursion: do not use until a pharmacist has judged." in before
    assert "refrigerator, 2 to 8 °C" in before
    file_pharmacy.do(service.judge_bags, ticket_id=ticket_id, draft=JudgementDraft("replace and destroy", "no data above 8 °C"))
    after = record()
    assert "4 bags: replace and destroy. no data above 8 °C" in after
    assert "do not use" not in after
    assert "Temperature excursion judged" in after


def test_packing_list_pick_list_and_route_sheet_say_where_and_what(file_pharmacy: Pharmacy) -> None:
    patient_id, _ = made(file_pharmacy)
    block = file_pharmacy.ask(patient_block, patient_id=patient_id)
    picks = read_back(draw_pick_list(file_pharmacy.ask(queries.pick_list), PRINTING))
    assert "4 bags of vancomycin" in picks
    assert "B-2603-0001-01, 02, 03, 04" in picks
    bags = file_pharmacy.ask(queries.bags_to_send)[0].bags
    ticket_id = file_pharmacy.do(service.begin_ticket, by=TECH, patient_id=patient_id, bag_ids=[bag.id for bag in bags[:1]])
    begun = file_pharmacy.ask(queries.ticket_of, ticket_id=ticket_id)
    to_pack = read_back(draw_packing_list(packing_list(begun, block), PRINTING))
    for words in ("B-2603-0001-01", "12 Mar 2026 07:05", "3 Mar 2026 08:00", "not chosen yet", "signs in the window"):
        assert words in to_pack, words

    second = packed(file_pharmacy, patient_id)
    file_pharmacy.do(service.put_on_route, by=TECH, ticket_id=second, on=date(2026, 3, 2), driver="ZZTEST Driver")
    stops = [row for row in file_pharmacy.ask(queries.routes) if row.driver]
    sheet = read_back(draw_route_sheet(stops, "ZZTEST Driver", date(2026, 3, 2), PRINTING))
    for words in ("2 Mar 2026, ZZTEST Driver", "12 Alder Lane", "3 items", "refrigerator", "Driven by ZZTEST Driver"):
        assert words in sheet, words
    assert "Nothing waits to be picked." in read_back(draw_pick_list([], PRINTING))
