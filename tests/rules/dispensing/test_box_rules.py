"""What goes into a box besides bags, as tables: units of a lot, the order of a pump, what is still needed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from infusiondesk.dispensing.rules import PackageToSend, PumpOrder, order_for_pump, package_refusal

TODAY = date(2026, 3, 2)
SETS = PackageToSend("transfer set", "supply", "set", "", "TS-1", date(2026, 3, 2), Decimal(10), Decimal(0), "", is_ordered=False)
APART = replace(SETS, in_quarantine=Decimal(3))
VIAL = replace(SETS, item="vancomycin 500 mg vial", kind="drug", unit="vial")


@pytest.mark.parametrize(
    ("changed", "many", "sentence"),
    [
        (SETS, "10", None),
        (SETS, "0", "Enter how many go into the box, a whole number above 0."),
        (SETS, "1.5", "Enter how many go into the box, a whole number above 0."),
        (SETS, "11", "transfer set, lot TS-1, has 10 sets on hand, not 11 sets."),
        (
            APART, "11",
            "transfer set, lot TS-1, has 10 sets on hand, not 11 sets; 3 sets in quarantine.",
        ),
        (replace(APART, on_hand=Decimal(0)), "1", "transfer set, lot TS-1, is in quarantine. Set it aside."),
        (replace(SETS, on_hand=Decimal(0)), "1", "transfer set, lot TS-1, has 0 sets on hand, not 1 set."),
        (replace(SETS, expires_on=date(2026, 3, 1)), "1", "transfer set, lot TS-1, expired on 1 Mar 2026. Set it aside."),
        (replace(SETS, recall="R-2603-01"), "1", "transfer set, lot TS-1, is recalled (R-2603-01). Set it aside."),
        (VIAL, "1", "vancomycin 500 mg vial is a drug, and no verified order of this patient is for it. Set it aside."),
        (replace(VIAL, is_ordered=True), "2", None),
        (
            replace(VIAL, is_ordered=True, controlled="CII"), "1",
            "vancomycin 500 mg vial is controlled (CII). It leaves only as a preparation that a pharmacist released.",
        ),
    ],
)  # fmt: skip
def test_units_of_a_lot(changed: PackageToSend, many: str, sentence: str | None) -> None:
    assert package_refusal(changed, Decimal(many), TODAY) == sentence


def test_a_pump_goes_to_the_order_that_lacks_one_then_to_what_travels() -> None:
    has_all = PumpOrder(1, "vancomycin", is_served=True, needs=1, has=1, is_on_ticket=True)
    lacks = PumpOrder(2, "milrinone", is_served=True, needs=2, has=1, is_on_ticket=False)
    travels = replace(lacks, rx_number=3, is_on_ticket=True)
    foreign = replace(travels, rx_number=4, is_served=False)

    assert order_for_pump([has_all, lacks], "A") == lacks
    assert order_for_pump([lacks, travels, foreign], "A") == travels
    assert order_for_pump([has_all, foreign], "A") == has_all, "a spare pump is nobody's harm"
    assert order_for_pump([foreign], "A") == "A serves none of this patient's orders by pump: Rx 4 milrinone. Set it aside."
    assert order_for_pump([], "A") == "This patient has no verified order by pump. Set the pump aside."
