"""How long a supply lasts and by when the next one must arrive (clinical 4.11)."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    FROM_ZERO,
    Calculation,
    NotCalculated,
    from_section,
    hard_range,
    known,
    plain,
    within,
)

# A century of supply, or a lead of one, are slips of the pen; the calendar ends where no delivery day can be found any more.
_SUPPLY_DAYS = hard_range("0", "36600")
_LEAD_DAYS = hard_range("0", "366")
_YEARS = range(1900, 9900)


class Weekday(StrEnum):
    """Days of the week as the pharmacy's calendar prints them."""

    MON = "Mon"
    TUE = "Tue"
    WED = "Wed"
    THU = "Thu"
    FRI = "Fri"
    SAT = "Sat"
    SUN = "Sun"


WORKING_DAYS = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)


def weekday_of(day: date) -> Weekday:
    """The weekday of a date."""
    return list(Weekday)[day.weekday()]


def delivery_day_on_or_before(day: date, weekdays: Collection[Weekday], holidays: Collection[date]) -> date:
    """The last day, no later than this one, on which the pharmacy delivers."""
    while weekday_of(day) not in weekdays or day in holidays:
        day -= timedelta(days=1)
    return day


@from_section("clinical 4.11")
def days_supply(
    *,
    start_date: date | None,
    quantity: Decimal | None,
    doses_per_day: Decimal | None,
    on_hand: Decimal | None = Decimal(0),
    lead_days: int = 2,
    delivery_weekdays: Collection[Weekday] = WORKING_DAYS,
    holidays: Collection[date] = (),
) -> Calculation:
    """Whole days of supply, the first day without a dose, and the delivery day before it."""
    start = known("start_date", start_date)
    if start.year not in _YEARS:
        raise NotCalculated("out_of_range", "start_date", f"{start} is no date of this era.")
    doses = within("quantity", quantity, FROM_ZERO)
    per_day = within("doses_per_day", doses_per_day, ABOVE_ZERO)
    stock = within("on_hand", on_hand, FROM_ZERO)
    lead = int(within("lead_days", Decimal(lead_days), _LEAD_DAYS))
    if not delivery_weekdays:
        raise NotCalculated("out_of_range", "delivery_weekdays", "Without a delivery day nothing can be delivered.")
    supply = ((doses + stock) / per_day).to_integral_value(ROUND_FLOOR)
    days = int(within("quantity", supply, _SUPPLY_DAYS))
    run_out = start + timedelta(days=days)
    deliver_by = delivery_day_on_or_before(run_out - timedelta(days=lead), delivery_weekdays, holidays)
    because = (
        f"({plain(doses)} + {plain(stock)} on hand) / {plain(per_day)} a day = {days} days; without a dose from {run_out}.",
        f"Less {lead} d, moved back to a delivery day: {weekday_of(deliver_by)} {deliver_by}.",
    )
    return Calculation(
        {
            "days_supply": days,
            "last_dose_date": run_out - timedelta(days=1) if days else None,
            "run_out_date": run_out,
            "deliver_by_date": deliver_by,
        },
        because,
    )
