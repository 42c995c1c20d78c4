"""Kits and what is at home: which supplies an order asks for, what goes where the patient is allergic, how many are sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.rules import (
    APPLIES_TO,
    Arrived,
    Asked,
    BoxDraft,
    Chosen,
    Count,
    HomeCountDraft,
    InBox,
    KitLine,
    KitLineDraft,
    Material,
    Per,
    Use,
    choose,
    need,
    package_hold,
    still_needed,
)

FLUSH = KitLine(
    UUID(int=1), "", "SASH", "", "saline flush", None, Decimal(2), Per.DOSE, None, (), "", None, "policy", "policy", "ZZTEST Rowan"
)
DRESSING = replace(
    FLUSH, id=UUID(int=2), applies_to="line care", item="dressing kit", quantity=Decimal(1), per=Per.DAYS, every_days=7,
    contains=("adhesive", "chlorhexidine"),
)  # fmt: skip
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
TWICE_A_DAY = tuple(datetime(2026, 3, 2, 8, 0, tzinfo=UTC) + timedelta(hours=12 * number) for number in range(20))
RASH = ("Chlorhexidine gluconate", "chlorhexidine, rash (2011)")


@pytest.mark.parametrize(
    ("line", "applies"),
    [
        (FLUSH, True),
        (replace(FLUSH, applies_to="SAS"), False),
        (replace(FLUSH, device="PICC"), True),
        (replace(FLUSH, device="implanted port"), False),
        (replace(FLUSH, therapy="antibiotic", applies_to=""), True),
        (replace(FLUSH, therapy="TPN"), False),
    ],
)
def test_a_row_applies_by_therapy_word_and_device(line: KitLine, applies: bool) -> None:
    assert line.applies("antibiotic", {"iv", "SASH"}, {"PICC"}) is applies


def test_a_row_reads_as_a_sentence_and_gives_no_number_unsigned() -> None:
    assert [(one.often, one.for_words, one.gap) for one in (FLUSH, replace(DRESSING, device="PICC", signed_by=""))] == [
        ("2 per dose", "SASH", ""), ("1 every 7 days", "line care, PICC", "row of the kit not signed"),
    ]  # fmt: skip
    unknown = replace(FLUSH, quantity=None, per=Per.ONCE, applies_to="")
    assert (unknown.often, unknown.for_words, unknown.gap) == ("unknown how many, once", "any order", "how many is unknown")


def test_an_allergy_brings_the_alternative_with_its_reason_or_a_hold() -> None:
    assert choose(DRESSING, [("penicillin", "penicillin, hives")]) == Chosen("dressing kit", None)
    held = choose(DRESSING, [RASH])
    assert held.hold == (
        "dressing kit holds chlorhexidine; allergy: chlorhexidine, rash (2011). "
        "The kit names nothing instead: a pharmacist decides."
    )
    other = replace(DRESSING, instead="dressing with povidone", instead_id=UUID(int=7))
    assert choose(other, [RASH]) == Chosen(
        "dressing with povidone", UUID(int=7), "dressing kit holds chlorhexidine; allergy: chlorhexidine, rash (2011)"
    )
    assert package_hold("Dressing Kit", None, [DRESSING], [RASH]) == held.hold
    assert package_hold("Dressing Kit", None, [other], [RASH]) == (
        "dressing kit holds chlorhexidine; allergy: chlorhexidine, rash (2011). Take dressing with povidone instead."
    )
    assert package_hold("Dressing Kit", None, [DRESSING], []) is None
    assert package_hold("gloves", None, [DRESSING], [RASH]) is None


def through(days: int) -> datetime:
    return datetime(2026, 3, 4 + days, 0, 0, tzinfo=UTC)


def test_what_is_at_home_is_delivered_less_used_and_every_number_explains_itself() -> None:
    arrived = (Arrived(Decimal(20), datetime(2026, 3, 2, 7, 0, tzinfo=UTC), "D-2603-0001"),)
    asked = Asked(Chosen("saline flush", None), "syringe", [Use(700001, FLUSH, TWICE_A_DAY)], arrived)
    found = need(asked, NOW, through(5))

    # Five doses were due until the 4th at 15:00 (2nd, 3rd and the morning of the 4th), nine more are due through the 8th.
    assert [found.at_home, found.needed, found.to_send] == [10, 18, 8]
    assert found.working == (
        ("Delivered", "20 on 2 Mar 2026 with D-2603-0001"),
        ("Used by schedule", "10: 2 × 5 doses of Rx 700001"),
        ("Needed", "18: 2 × 9 doses of Rx 700001"),
    )


@pytest.mark.parametrize(
    ("asked", "numbers", "told"),
    [
        # Counted on the evening of the 3rd: what came before counts no more; one dose since.
        (
            Asked(Chosen("saline flush", None), "", [Use(1, FLUSH, TWICE_A_DAY)],
                  (Arrived(Decimal(20), datetime(2026, 3, 2, 7, tzinfo=UTC), "D-1"), Arrived(Decimal(4), NOW, "D-2")),
                  Count(Decimal(6), datetime(2026, 3, 3, 21, tzinfo=UTC), "ZZTEST Alder", "call")),
            (8, 18, 10), ("Counted", "6 on 3 Mar 2026, ZZTEST Alder (call)"),
        ),
        # More was used than was there: none is left, and somebody should count.
        (
            Asked(Chosen("saline flush", None), "", [Use(1, FLUSH, TWICE_A_DAY)],
                  (Arrived(Decimal(4), datetime(2026, 3, 2, 7, tzinfo=UTC), "D-1"),)),
            (0, 18, 18), ("Short", "More was used by the schedule than was there: count it at the next visit or call."),
        ),
        # Every seven days, and once for all orders together.
        (
            Asked(Chosen("dressing kit", None), "", [Use(1, DRESSING, (NOW + timedelta(days=1),)),
                                                     Use(2, replace(DRESSING, per=Per.ONCE), ())]),
            (0, 2, 2), ("Needed", "1: 1 × 1 change of Rx 1"),
        ),
        (
            Asked(Chosen("saline flush", None), "", [Use(1, replace(FLUSH, signed_by=""), TWICE_A_DAY)]),
            (0, None, None), ("No number", "saline flush for SASH: row of the kit not signed"),
        ),
        (
            Asked(Chosen("dressing kit", None, hold="no"), "", [Use(1, DRESSING, TWICE_A_DAY)]),
            (0, 9, None), ("Needed", "9: 1 × 9 changes of Rx 1"),
        ),
    ],
)  # fmt: skip
def test_counts_shortages_and_missing_numbers(asked: Asked, numbers: tuple[int | None, ...], told: tuple[str, str]) -> None:
    found = need(asked, NOW, through(5))
    assert [found.at_home, found.needed, found.to_send] == list(numbers)
    assert told in found.working


def test_what_of_a_proposal_is_not_in_the_box() -> None:
    flush = {"item": "saline flush", "item_id": "7", "unit": "syringe", "to_send": "8", "because": "", "hold": "", "gap": ""}
    kit = {**flush, "item": "dressing kit", "item_id": "", "unit": "", "to_send": "", "gap": "how many is unknown"}
    held = {**flush, "item": "gloves", "hold": "no"}
    assert still_needed([flush, kit, held], []) == ("saline flush: 8 syringes", "dressing kit (how many is unknown)")
    box = [InBox("7", "flush 10 mL", Decimal(6)), InBox("9", "Dressing Kit, sterile", Decimal(1))]
    assert still_needed([flush, kit], box) == ("saline flush: 2 syringes",)
    assert still_needed([{**flush, "item_id": "", "unit": "", "because": "latex"}], []) == ("saline flush: 8 (latex)",)


def test_the_shipped_rows_are_unsigned_and_of_known_words() -> None:
    lines = shipped_kits()
    assert len({line.id for line in lines}) == len(lines)
    assert all(line.applies_to in APPLIES_TO and line.source and line.status in ("memory", "policy") for line in lines)
    assert {material for line in lines for material in line.contains} <= set(Material)
    assert not any(line.signed_by for line in lines)


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (KitLineDraft(), ["item"]),
        (KitLineDraft("gloves", per="days", quantity=Decimal(0), source=" "), ["quantity", "every_days", "source"]),
        (KitLineDraft("gloves", instead="others"), ["instead"]),
        (KitLineDraft.of(DRESSING), []),
        (HomeCountDraft(Decimal("1.5")), ["quantity", "told_by", "how", "counted_at"]),
        (HomeCountDraft(Decimal(0), "wife", "call", NOW), []),
        (BoxDraft(), ["patient_id", "what_for"]),
        (BoxDraft(UUID(int=1), "a pump", date(2026, 3, 3)), []),
    ],
)
def test_drafts_say_what_they_lack(draft: KitLineDraft | HomeCountDraft | BoxDraft, fields: list[str]) -> None:
    assert [problem.field for problem in draft.problems()] == fields
