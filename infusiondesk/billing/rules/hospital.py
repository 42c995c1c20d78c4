"""Which days the hospital takes: those between admission and discharge, and the two dates as the payer says (billing 2.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from infusiondesk.billing.rules.facts import HospitalStay
from infusiondesk.billing.rules.profile import HospitalDate, PayerProfile


@dataclass(frozen=True, slots=True)
class HospitalDay:
    """What the hospital makes of one day, and the words for it; an ordinary day has none."""

    excluded: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Touch:
    inside: HospitalStay | None
    admitted: list[HospitalStay]
    discharged: list[HospitalStay]


def _touch(day: date, stays: Sequence[HospitalStay]) -> _Touch:
    # Admission and discharge on one date (emergency department) exclude nothing, so such a stay is not looked at.
    real = [stay for stay in stays if stay.admitted_on != stay.discharged_on]
    inside = (stay for stay in real if stay.admitted_on < day and (stay.discharged_on is None or day < stay.discharged_on))
    return _Touch(
        next(inside, None),
        [stay for stay in real if stay.admitted_on == day],
        [stay for stay in real if stay.discharged_on == day],
    )


def hospital_day(day: date, stays: Sequence[HospitalStay], profile: PayerProfile, *, line_care: bool = False) -> HospitalDay:
    """Whether one day is taken by the hospital; for catheter care, "dosed" means a flush or dressing done at home."""
    touch = _touch(day, stays)
    if touch.inside is not None:
        until = touch.inside.discharged_on
        ended = f"until {until}" if until else "not discharged"
        return HospitalDay(True, f"in hospital since {touch.inside.admitted_on}, {ended}")
    if not touch.admitted and not touch.discharged:
        return HospitalDay()
    done = "line care at home" if line_care else "a home dose"
    dosed = _line_care(touch) if line_care else _home_dose(touch)
    recorded = f"{done} was recorded" if dosed else f"{done} was not recorded"
    if touch.admitted and touch.discharged:
        if not dosed:
            return HospitalDay(True, f"discharged and admitted again, and {recorded} between")
        if HospitalDate.NEVER in (profile.admit_day, profile.discharge_day):
            return HospitalDay(True, "discharged and admitted again, and this payer does not count that date")
        return HospitalDay(False, f"discharged and admitted again, and {recorded} between")
    word, rule = ("admission", profile.admit_day) if touch.admitted else ("discharge", profile.discharge_day)
    if rule is HospitalDate.IF_DOSED:
        return HospitalDay(not dosed, f"{word} date, and {recorded}")
    counts = rule is HospitalDate.ALWAYS
    return HospitalDay(not counts, f"{word} date, which this payer {'always' if counts else 'never'} counts")


def dosed_at_home(day: date, stays: Sequence[HospitalStay]) -> bool:
    """Whether doses due that day were home doses: on a hospital date only when one was recorded, whatever the payer counts."""
    touch = _touch(day, stays)
    if touch.inside is not None:
        return False
    return _home_dose(touch) if touch.admitted or touch.discharged else True


def _home_dose(touch: _Touch) -> bool:
    before = any(stay.home_dose_on_admit_day for stay in touch.admitted)
    return before or any(stay.home_dose_on_discharge_day for stay in touch.discharged)


def _line_care(touch: _Touch) -> bool:
    before = any(stay.line_care_on_admit_day for stay in touch.admitted)
    return before or any(stay.line_care_on_discharge_day for stay in touch.discharged)
