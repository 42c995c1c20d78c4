"""Which fields of an order apply: those of its pattern, of a dose by weight, of nutrition, of its flush, of a verbal order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Protocol

from infusiondesk.orders.rules.parts import FlushMethod
from infusiondesk.orders.rules.words import Pattern, ReceivedBy
from infusiondesk.orders.rules.working import NUTRIENTS

NUTRITION: Final = "tpn"  # the therapy class whose bags are ordered by ingredient
FACTOR: Final = "factor"  # ordered by weight or by the rise that is wanted
GLOBULIN: Final = "immune_globulin"  # given at a rate that climbs step by step
_OF_PATTERN: Final = {
    Pattern.INTERVAL: ("interval_hours",),
    Pattern.WEEKDAYS: ("weekdays",),
    Pattern.CYCLE: ("cycle_days", "cycle_length"),
    Pattern.WEEKS: ("weeks", "then_every_weeks"),
    Pattern.STEPS: ("steps",),
    Pattern.PCA: ("pca_basal", "pca_bolus", "pca_lockout_minutes", "pca_hour_limit"),
}


class Choosing(Protocol):
    """What decides which other fields apply."""

    @property
    def pattern(self) -> str: ...
    @property
    def ordered_dose(self) -> Decimal | None: ...
    @property
    def desired_rise_percent(self) -> Decimal | None: ...
    @property
    def rate_steps(self) -> str: ...
    @property
    def nutrients(self) -> Mapping[str, Decimal]: ...
    @property
    def flush_method(self) -> str: ...
    @property
    def anaphylaxis_kit(self) -> bool: ...
    @property
    def received_by(self) -> str: ...


def what_applies(order: Choosing, therapy_class: str = "") -> dict[str, bool]:
    """Whether each field that only some orders have applies to this one; a field that is not named here always does."""
    pattern = order.pattern or Pattern.INTERVAL
    found = {name: pattern == of for of, names in _OF_PATTERN.items() for name in names}
    is_by_rise = order.desired_rise_percent is not None
    found["weight_used"] = order.ordered_dose is not None
    found |= dict.fromkeys(("round_to", "rounding"), order.ordered_dose is not None or is_by_rise)
    found["desired_rise_percent"] = therapy_class == FACTOR or is_by_rise
    found["rate_steps"] = therapy_class == GLOBULIN or bool(order.rate_steps)
    is_nutrition = therapy_class == NUTRITION or bool(order.nutrients)
    found |= dict.fromkeys((*NUTRIENTS, "additives", "is_cycled"), is_nutrition)
    is_flushed = order.flush_method in (FlushMethod.SAS, FlushMethod.SASH)
    is_verbal = order.received_by == ReceivedBy.VERBAL
    return found | {
        "flush": order.flush_method != FlushMethod.NONE,
        "flush_ml": is_flushed,
        "heparin_units_per_ml": order.flush_method == FlushMethod.SASH,
        "heparin_ml": order.flush_method == FlushMethod.SASH,
        "kit": order.anaphylaxis_kit,
        **dict.fromkeys(("caller", "receiver", "read_back", "read_back_at"), is_verbal),
    }
