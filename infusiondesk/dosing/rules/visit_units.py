"""Units of a nursing visit, from its minutes (billing 2.5, 3.3)."""

from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from infusiondesk.dosing.rules.calculation import ABOVE_ZERO, Calculation, from_section, plain, within

_FIRST_CODE_MINUTES = 120


class ExtraHour(StrEnum):
    """When an hour after the first two counts: from its 31st minute, or when it is whole; the payer's profile says."""

    MIDPOINT = "midpoint"
    WHOLE_HOUR = "whole_hour"


_MINUTES_LENT = {ExtraHour.MIDPOINT: 29, ExtraHour.WHOLE_HOUR: 0}


@from_section("billing 2.5")
def home_visit_units(*, minutes: Decimal | None, extra_hour: ExtraHour = ExtraHour.MIDPOINT) -> Calculation:
    """One unit of 99601 for up to two hours; 99602 for the hours after that."""
    told = within("minutes", minutes, ABOVE_ZERO)
    extra = max(Decimal(0), told - _FIRST_CODE_MINUTES)
    more = int(((extra + _MINUTES_LENT[extra_hour]) / 60).to_integral_value(ROUND_FLOOR))
    because = (
        f"{plain(told)} min: 99601 x 1; {plain(extra)} min beyond two hours by {extra_hour.replace('_', ' ')}: 99602 x {more}."
    )
    return Calculation({"units_99601": 1, "units_99602": more}, (because,))


@from_section("billing 3.3")
def medicare_visit_units(*, minutes: Decimal | None) -> Calculation:
    """Quarter hours as Medicare reports them: below 23 min 1, 23 to 37 min 2, and so on (memory)."""
    told = within("minutes", minutes, ABOVE_ZERO)
    units = max(1, int(((told + 7) / 15).to_integral_value(ROUND_FLOOR)))
    return Calculation({"units": units}, (f"{plain(told)} min: ({plain(told)} + 7) / 15, rounded down, at least 1: {units}.",))
