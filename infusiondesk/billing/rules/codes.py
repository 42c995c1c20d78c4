"""Which S-code a therapy has on a day, and which codes may not stand together (billing 1.1 to 1.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from infusiondesk.billing.rules.facts import (
    Catheter,
    Delivery,
    DeviceKind,
    EnteralMethod,
    ObstetricCondition,
    Therapy,
    TherapyClass,
)
from infusiondesk.billing.rules.holds import Held, Hold
from infusiondesk.billing.rules.profile import CodeStyle, FallbackCode, ModifierScope, PayerProfile
from infusiondesk.billing.rules.schedule import even_interval


class Warn(StrEnum):
    """What a biller should look at although the line may go out."""

    PAYER_RULE_REQUIRED = "payer_rule_required"
    SPAN_UNDER_MINIMUM = "span_under_minimum"
    DESCRIPTION_REQUIRED = "description_required"


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """A code with the sentence for it; no code where what decides it is unknown."""

    code: str | None
    because: str
    source: str
    holds: tuple[Hold, ...] = ()
    warning: Warn | None = None


@dataclass(frozen=True, slots=True)
class CodeLife:
    """A code of the reference table with its own short label and the days on which it is in force."""

    code: str
    label: str
    add_date: date | None
    last_day: date | None

    def in_force(self, day: date) -> bool:
        """True from the first to the last day of the code, both counted; a CPT code has no dates here."""
        return (self.add_date is None or self.add_date <= day) and (self.last_day is None or day <= self.last_day)


GENERAL_ANTI_INFECTIVE = "S9494"
HOURLY_ANTI_INFECTIVE = {
    Decimal(3): "S9497",
    Decimal(4): "S9504",
    Decimal(6): "S9503",
    Decimal(8): "S9502",
    Decimal(12): "S9501",
    Decimal(24): "S9500",
}

_BY_CLASS = {
    TherapyClass.ANTICOAGULANT_INFUSION: "S9336",
    TherapyClass.ANTICOAGULANT_INJECTION: "S9372",
    TherapyClass.IMMUNE_GLOBULIN: "S9338",
    TherapyClass.FACTOR: "S9345",
    TherapyClass.ALPHA1: "S9346",
    TherapyClass.UNINTERRUPTED: "S9347",
    TherapyClass.INOTROPE: "S9348",
    TherapyClass.TOCOLYTIC: "S9349",
    TherapyClass.ANTIEMETIC_INFUSION: "S9351",
    TherapyClass.ANTIEMETIC_INJECTION: "S9370",
    TherapyClass.INSULIN: "S9353",
    TherapyClass.CHELATION: "S9355",
    TherapyClass.ENZYME_REPLACEMENT: "S9357",
    TherapyClass.ANTI_TNF: "S9359",
    TherapyClass.DIURETIC: "S9361",
    TherapyClass.ANTISPASMODIC: "S9363",
    TherapyClass.CORTICOSTEROID: "S9490",
    TherapyClass.OTHER_INFUSION: "S9379",
    TherapyClass.HEMATOPOIETIC_INJECTION: "S9537",
    TherapyClass.OTHER_INJECTION: "S9542",
    TherapyClass.IMMUNOTHERAPY_INJECTION: "S9563",
    TherapyClass.IRRIGATION: "S9590",
    TherapyClass.AEROSOL: "S9061",
}
_PAIN = {None: "S9325", Delivery.CONTINUOUS: "S9326", Delivery.INTERMITTENT: "S9327", Delivery.IMPLANTED_PUMP: "S9328"}
# Chemotherapy has no code for an implanted pump: the unspecified code stands.
_CHEMOTHERAPY = {None: "S9329", Delivery.CONTINUOUS: "S9330", Delivery.INTERMITTENT: "S9331", Delivery.IMPLANTED_PUMP: "S9329"}
_ENTERAL = {None: "S9340", EnteralMethod.GRAVITY: "S9341", EnteralMethod.PUMP: "S9342", EnteralMethod.BOLUS: "S9343"}
_OBSTETRIC = {
    ObstetricCondition.PRETERM_LABOR: "S9208",
    ObstetricCondition.PPROM: "S9209",
    ObstetricCondition.GESTATIONAL_HYPERTENSION: "S9211",
    ObstetricCondition.POSTPARTUM_HYPERTENSION: "S9212",
    ObstetricCondition.PREECLAMPSIA: "S9213",
    ObstetricCondition.GESTATIONAL_DIABETES: "S9214",
}
VOLUME_FAMILIES = {
    TherapyClass.TPN: ("S9364", "S9365", "S9366", "S9367", "S9368"),
    TherapyClass.HYDRATION: ("S9373", "S9374", "S9375", "S9376", "S9377"),
}
_LITRES = (Decimal(1), Decimal(2), Decimal(3))

# Billing 2.1: SH and SJ speak of infusion therapy; these codes take part.
INFUSIONS = frozenset(
    {f"S{number}" for low, high in ((9325, 9331), (9345, 9368), (9373, 9379), (9500, 9504)) for number in range(low, high + 1)}
    | {"S9336", "S9338", "S9490", "S9494", "S9497"}
)
_NOC_NEEDS_DESCRIPTION = frozenset({"S9379"})


def is_ranked(code: str | None, profile: PayerProfile) -> bool:
    """Whether a per diem takes part in the ranking of its day (billing 2.1, modifier_scope)."""
    return profile.modifier_scope is ModifierScope.ALL_PER_DIEMS or code in INFUSIONS


def choose_code(order: Therapy, profile: PayerProfile) -> CodeChoice:
    """The per-diem code of an order, except that of a volume family, which depends on the day."""
    match order.therapy_class:
        case TherapyClass.ANTI_INFECTIVE:
            return _anti_infective(order, profile)
        case TherapyClass.PAIN:
            return CodeChoice(_PAIN[order.delivery], f"pain infusion, {order.delivery or 'delivery not stated'}", "billing 1.3")
        case TherapyClass.CHEMOTHERAPY:
            how = order.delivery or "delivery not stated"
            return CodeChoice(_CHEMOTHERAPY[order.delivery], f"chemotherapy infusion, {how}", "billing 1.3")
        case TherapyClass.ENTERAL:
            how = order.enteral_method or "method not stated"
            return CodeChoice(_ENTERAL[order.enteral_method], f"enteral nutrition, {how}", "billing 1.2")
        case TherapyClass.OBSTETRIC:
            return _obstetric(order)
        case other:
            code = _BY_CLASS[other]
            warning = Warn.DESCRIPTION_REQUIRED if code in _NOC_NEEDS_DESCRIPTION else None
            source = "billing 1.2" if code < "S9325" else "billing 1.3" if code <= "S9490" else "billing 1.5"
            return CodeChoice(code, f"class {other} has {code}", source, warning=warning)


def _obstetric(order: Therapy) -> CodeChoice:
    if order.obstetric_condition is None:
        return _waits("the obstetric condition is not stated, and it decides the code", "billing 1.2", None)
    return CodeChoice(_OBSTETRIC[order.obstetric_condition], f"home management, {order.obstetric_condition}", "billing 1.2")


def _anti_infective(order: Therapy, profile: PayerProfile) -> CodeChoice:
    if profile.anti_infective_code_style is CodeStyle.GENERAL:
        return CodeChoice(GENERAL_ANTI_INFECTIVE, "this payer takes S9494 for every anti-infective", "billing 1.4")
    if order.bolus_hours is not None:
        return _by_interval(order.bolus_hours, "programmed boluses", profile)
    if order.continuous:
        return _fallback(profile.continuous_anti_infective_code, "a true continuous infusion has no code of its own")
    if order.weekdays or order.dose_dates is not None:
        interval = even_interval(order)
        if interval is None:
            return _fallback(profile.unlisted_interval_code, "doses that are not evenly spaced have no code of their own")
        return _by_interval(interval, "dosed every day", profile)
    if order.interval_hours is None:
        sentence = "the interval is unknown, so the code without an interval stands"
        return CodeChoice(GENERAL_ANTI_INFECTIVE, sentence, "billing 1.4", warning=Warn.PAYER_RULE_REQUIRED)
    return _by_interval(order.interval_hours, "dosed", profile)


def _by_interval(hours: Decimal, how: str, profile: PayerProfile) -> CodeChoice:
    if hours <= 0:
        return _waits(f"an interval of {plain(hours)} h is no interval", "billing 1.4", GENERAL_ANTI_INFECTIVE)
    code = HOURLY_ANTI_INFECTIVE.get(hours)
    if code is not None:
        return CodeChoice(code, f"{how} every {plain(hours)} h has {code}", "billing 1.4")
    return _fallback(profile.unlisted_interval_code, f"{how} every {plain(hours)} h has no code of its own")


def _fallback(answer: FallbackCode, why: str) -> CodeChoice:
    if answer is FallbackCode.S9500:
        return CodeChoice("S9500", f"{why}; this payer wants S9500", "billing 1.4")
    if answer is FallbackCode.HOLD:
        return _waits(f"{why}, and this payer must be asked", "billing 1.4", GENERAL_ANTI_INFECTIVE)
    sentence = f"{why}; S9494 states no interval"
    return CodeChoice(GENERAL_ANTI_INFECTIVE, sentence, "billing 1.4", warning=Warn.PAYER_RULE_REQUIRED)


def _waits(sentence: str, source: str, code: str | None) -> CodeChoice:
    """A choice that no rule makes: its line is held until the payer has answered."""
    return CodeChoice(code, sentence, source, (Hold(Held.PAYER_RULE_REQUIRED, sentence, source),))


def volume_code(family: TherapyClass, litres: Decimal | None) -> CodeChoice:
    """The code of a day's volume: up to and including 1, 2, 3 litres, or more; unknown volume has the unspecified code."""
    codes = VOLUME_FAMILIES[family]
    if litres is None:
        return CodeChoice(codes[0], "the volume is not stated", "billing 1.3")
    if litres <= 0:
        return _waits(f"a volume of {plain(litres)} L is no volume", "billing 1.3", codes[0])
    code = codes[1 + sum(litres > limit for limit in _LITRES)]
    return CodeChoice(code, f"{plain(litres)} L a day has {code}", "billing 1.3")


def catheter_code(catheter: Catheter) -> CodeChoice:
    """The code of catheter care: by port, then by lumens; unknown device or lumens has S5497 (billing 1.1)."""
    if catheter.device is DeviceKind.PORT:
        return CodeChoice("S5502", "implanted port", "billing 1.1")
    lumens = catheter.lumens
    if catheter.device is DeviceKind.UNKNOWN or lumens is None or lumens < 1:
        return CodeChoice("S5497", "the device or its lumens are unknown", "billing 1.1")
    if lumens == 1:
        return CodeChoice("S5498", f"{catheter.device} with one lumen", "billing 1.1")
    return CodeChoice("S5501", f"{catheter.device} with {lumens} lumens", "billing 1.1")


@dataclass(frozen=True, slots=True)
class _Exclusion:
    rule: str
    these: frozenset[str]
    those: frozenset[str]
    both: bool
    reason: Held


_HOURLY = frozenset(HOURLY_ANTI_INFECTIVE.values())
_OBSTETRIC_CODES = frozenset(_OBSTETRIC.values())
_PER_DIEMS = (
    INFUSIONS
    | _OBSTETRIC_CODES
    | frozenset(_BY_CLASS.values())
    | frozenset(_ENTERAL.values())
    | {"S5497", "S5498", "S5501", "S5502", "S9335", "S9339", "S9538", "S9558", "S9559", "S9560", "S9562"}
)
# X1 to X4 and X10 name no reason of their own: the code without detail waits until somebody decides, as X5 does.
_EXCLUSIONS = (
    _Exclusion("X1", frozenset({"S9325"}), frozenset({"S9326", "S9327", "S9328"}), False, Held.PAYER_RULE_REQUIRED),
    _Exclusion("X2", frozenset({"S9329"}), frozenset({"S9330", "S9331"}), False, Held.PAYER_RULE_REQUIRED),
    _Exclusion("X3", frozenset({"S9364"}), frozenset(VOLUME_FAMILIES[TherapyClass.TPN][1:]), False, Held.PAYER_RULE_REQUIRED),
    _Exclusion("X4", frozenset({"S9373"}), frozenset(VOLUME_FAMILIES[TherapyClass.HYDRATION][1:]), False, Held.PAYER_RULE_REQUIRED),
    _Exclusion("X5", frozenset({"S9494"}), _HOURLY, False, Held.X5),
    _Exclusion("X6", _OBSTETRIC_CODES, INFUSIONS, True, Held.X6),
    _Exclusion("X7", frozenset({"S9810"}), _PER_DIEMS, True, Held.X7),
    _Exclusion("X10", frozenset({"S9340"}), frozenset({"S9341", "S9342", "S9343"}), False, Held.PAYER_RULE_REQUIRED),
)


def conflicts(codes: Sequence[str | None]) -> list[tuple[Hold, ...]]:
    """What holds each code of one patient's day because of another code of that day (billing 1.6)."""
    found: list[list[Hold]] = [[] for _ in codes]
    present = frozenset(code for code in codes if code is not None)
    for rule in _EXCLUSIONS:
        these, those = sorted(present & rule.these), sorted(present & rule.those)
        if not these or not those:
            continue
        for place, code in enumerate(codes):
            if code in rule.these:
                sentence = f"{code} excludes {', '.join(those)} ({rule.rule})"
            elif rule.both and code in rule.those:
                sentence = f"{code} is excluded by {', '.join(these)} ({rule.rule})"
            else:
                continue
            found[place].append(Hold(rule.reason, sentence, "billing 1.6", holds_drug=False))
    return [tuple(holds) for holds in found]


def plain(value: Decimal) -> str:
    """A number as a person writes it: no trailing zeros, no exponent."""
    return f"{value.normalize():f}"
