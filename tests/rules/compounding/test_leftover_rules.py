"""What is left in opened containers when the doses are drawn."""

from decimal import Decimal as D

import pytest

from infusiondesk.compounding.rules.leftover import left_over


@pytest.mark.parametrize(
    ("containers", "content", "unit", "bags", "dose", "dose_unit", "left"),
    [
        (D(2), D(50), "mg", 4, D(20), "mg", D(20)),
        (D(1), D(1), "g", 4, D(200), "mg", D("0.2")),
        (D(3), D(250), "mcg", 2, D("0.3"), "mg", D(150)),
        (D(2), D(50), "mg", 5, D(20), "MG", D(0)),
        (D(2), D(50), "mg", 6, D(20), "mg", D(0)),
        (D(2), D(50), "mg", 0, D(20), "mg", D(100)),
        (D(2), D(50), "mg", 4, D(20), "units", None),
        (D(2), D(5), "units", 4, D(20), "mg", None),
    ],
)
def test_what_is_left(containers: D, content: D, unit: str, bags: int, dose: D, dose_unit: str, left: D | None) -> None:
    assert left_over(containers, content, unit, bags, dose, dose_unit) == left
