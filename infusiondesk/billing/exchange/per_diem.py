"""Per-diem questions somebody wrote as JSON: read into facts and a profile for the rules, answered from the ledger."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from infusiondesk.billing.exchange.reference import shipped_reference
from infusiondesk.billing.rules.facts import (
    Authorization,
    Case,
    Catheter,
    Delivery,
    DeviceKind,
    Dispense,
    Dose,
    DoseUnit,
    EnteralMethod,
    HospitalStay,
    ObstetricCondition,
    Therapy,
    TherapyClass,
    Visit,
)
from infusiondesk.billing.rules.ledger import Ledger, keep_ledger
from infusiondesk.billing.rules.profile import (
    CatheterCare,
    CodeStyle,
    DayBasis,
    DrugBilling,
    DrugDates,
    DrugRounding,
    ExtraHour,
    FallbackCode,
    HospitalDate,
    ModifierScope,
    NursingBilling,
    NursingTime,
    PayerKind,
    PayerProfile,
    RankBy,
    Rate,
    Site,
    Wastage,
)
from infusiondesk.foundation.kernel.questions import Fields, a_date, a_time, boolean, integer, number, one_of, text

E = TypeVar("E", bound=StrEnum)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DEFAULTS = PayerProfile()
# Room for any patient, and no day more or less that leaves the calendar.
_YEARS = range(1900, 2200)
_DOSE_UNITS = tuple(unit.value for unit in DoseUnit if unit is not DoseUnit.EACH)


def answer(question: Fields) -> dict[str, object]:
    """Answer one `per-diem` question; what the contract leaves open is held by name, not refused."""
    profile = read_profile(question.object("profile") or Fields.of({}, question.at("profile")))
    case = Case(
        therapies=_therapies(question),
        stays=tuple(_stay(fields) for fields in question.objects("hospital_stays")),
        outpatient_infusion_dates=frozenset(question.many("outpatient_infusion_dates", _day)),
        catheters=_catheters(question),
        authorizations=tuple(_authorization(fields) for fields in question.objects("authorizations")),
        visits=tuple(_visit(fields) for fields in question.objects("visits")),
    )
    question.finish()
    return _answer(keep_ledger(case, profile, shipped_reference()))


def _day(value: object) -> date:
    """A date that a patient can have."""
    found = a_date(value)
    if found.year not in _YEARS:
        raise ValueError(f"not a date between {_YEARS.start} and {_YEARS.stop}: {found}")
    return found


def _time(value: object) -> datetime:
    """A time on a date that a patient can have."""
    found = a_time(value)
    _day(found.date().isoformat())
    return found


def _word(kind: type[E]) -> Callable[[object], E]:
    """A parser for one of the words of an enumeration."""
    one = one_of([member.value for member in kind])
    return lambda value: kind(one(value))


def read_profile(fields: Fields) -> PayerProfile:
    """A payer profile from any fields of billing 2.6; the rest keep their default."""
    plain = _DEFAULTS
    all_needed, codes_needed = _auth_required(fields)
    pos_home, pos_suite = _places(fields)
    found = PayerProfile(
        payer_kind=fields.read("payer_kind", _word(PayerKind), plain.payer_kind),
        day_basis=fields.read("day_basis", _word(DayBasis), plain.day_basis),
        admit_day=fields.read("admit_day", _word(HospitalDate), plain.admit_day),
        discharge_day=fields.read("discharge_day", _word(HospitalDate), plain.discharge_day),
        anti_infective_code_style=fields.read("anti_infective_code_style", _word(CodeStyle), plain.anti_infective_code_style),
        unlisted_interval_code=fields.read("unlisted_interval_code", _word(FallbackCode), plain.unlisted_interval_code),
        continuous_anti_infective_code=fields.read(
            "continuous_anti_infective_code", _word(FallbackCode), plain.continuous_anti_infective_code
        ),
        count_piggyback_lipid=fields.read("count_piggyback_lipid", boolean, plain.count_piggyback_lipid),
        rates=_rates(fields),
        rank_by=fields.read("rank_by", _word(RankBy), plain.rank_by),
        modifier_second=_modifier(fields, "modifier_second", plain.modifier_second),
        modifier_third=_modifier(fields, "modifier_third", plain.modifier_third),
        modifier_scope=fields.read("modifier_scope", _word(ModifierScope), plain.modifier_scope),
        append_modifier_59=fields.read("append_modifier_59", boolean, plain.append_modifier_59),
        catheter_care=fields.read("catheter_care", _word(CatheterCare), plain.catheter_care),
        daily_fee_code=fields.read("daily_fee_code", text, None) or None,
        all_need_authorization=all_needed,
        codes_needing_authorization=codes_needed,
        split_month=fields.read("split_month", boolean, plain.split_month),
        min_span_days=fields.read("min_span_days", _at_least(integer, 1), plain.min_span_days),
        nursing_billing=fields.read("nursing_billing", _word(NursingBilling), plain.nursing_billing),
        nursing_extra_hour=fields.read("nursing_extra_hour", _word(ExtraHour), plain.nursing_extra_hour),
        nursing_time=fields.read("nursing_time", _word(NursingTime), plain.nursing_time),
        max_99602_per_day=fields.read("max_99602_per_day", _at_least(integer, 0), None),
        max_nursing_hours_per_week=fields.read("max_nursing_hours_per_week", _at_least(number, Decimal(0)), None),
        drug_billing=fields.read("drug_billing", _word(DrugBilling), plain.drug_billing),
        drug_dos=fields.read("drug_dos", _word(DrugDates), plain.drug_dos),
        drug_rounding=fields.read("drug_rounding", _word(DrugRounding), plain.drug_rounding),
        solutions_in_per_diem=fields.read("solutions_in_per_diem", boolean, plain.solutions_in_per_diem),
        paid_beside_per_diem=frozenset(fields.many("paid_beside_per_diem", text)),
        wastage_modifiers=fields.read("wastage_modifiers", _word(Wastage), plain.wastage_modifiers),
        pos_home=pos_home,
        pos_infusion_suite=pos_suite,
    )
    fields.finish()
    return found


N = TypeVar("N", int, Decimal)


def _at_least(parse: Callable[[object], N], least: N) -> Callable[[object], N]:
    def check(value: object) -> N:
        found = parse(value)
        if found < least:
            raise ValueError(f"less than {least}: {found}")
        return found

    return check


def _modifier(fields: Fields, name: str, default: str | None) -> str | None:
    """SH or SJ; written as null, the payer takes no concurrency modifier there, which is not the same as not answered."""
    given = fields.read(name, one_of(("SH", "SJ")), None)
    return default if given is None and name not in fields.values else given


def _auth_required(fields: Fields) -> tuple[bool, frozenset[str]]:
    if isinstance(fields.values.get("auth_required"), list):
        return False, frozenset(fields.many("auth_required", text))
    return fields.read("auth_required", one_of(("none", "all")), "none") == "all", frozenset()


def _rates(fields: Fields) -> tuple[Rate, ...]:
    table = fields.object("rates")
    if table is None:
        return ()
    given = [(code, table.read(code, number, None)) for code in table.values]
    return tuple(Rate(code, usd) for code, usd in given if usd is not None)


def _places(fields: Fields) -> tuple[str, str | None]:
    table = fields.object("place_of_service")
    if table is None:
        return _DEFAULTS.pos_home, _DEFAULTS.pos_infusion_suite
    home = table.read("home", text, _DEFAULTS.pos_home)
    suite = table.read("infusion_suite", text, _DEFAULTS.pos_infusion_suite)
    table.finish()
    return home, suite


def _therapies(question: Fields) -> tuple[Therapy, ...]:
    if not question.has("therapies"):
        raise question.wrong("therapies", "required")
    found: dict[str, Therapy] = {}
    for fields in question.objects("therapies"):
        therapy = _therapy(fields)
        if therapy.id in found:
            raise fields.wrong("id", f"stands twice in the question: {therapy.id}")
        found[therapy.id] = therapy
    return tuple(found.values())


def _therapy(fields: Fields) -> Therapy:
    start, stop = _span(fields, "start", "stop")
    amount = fields.read("dose_amount", number, None)
    unit = fields.read("dose_unit", one_of(_DOSE_UNITS), None)
    found = Therapy(
        id=fields.read("id", text),
        drug=fields.read("drug", text).strip().lower(),
        therapy_class=fields.read("therapy_class", _word(TherapyClass)),
        start=start,
        stop=stop,
        # Written as null, the interval is unknown; absent, it is 24 h.
        interval_hours=fields.read("interval_hours", number, None if "interval_hours" in fields.values else Decimal(24)),
        weekdays=frozenset(_WEEKDAYS.index(word) for word in fields.many("dosing_weekdays", one_of(_WEEKDAYS))),
        dose_dates=frozenset(fields.many("dose_dates", _day)) or None,
        continuous=fields.read("continuous", boolean, False),
        bolus_hours=fields.read("programmed_bolus_hours", number, None),
        infusion_hours=fields.read("infusion_hours", number, None),
        volume_l=fields.read("volume_l", number, None),
        delivery=fields.read("delivery", _word(Delivery), None),
        obstetric_condition=fields.read("obstetric_condition", _word(ObstetricCondition), None),
        enteral_method=fields.read("enteral_method", _word(EnteralMethod), None),
        order_group=fields.read("order_group", text, None),
        bag=fields.read("bag", text, None),
        dose=None if amount is None or unit is None else Dose(amount, DoseUnit(unit)),
        doses_per_day=fields.read("doses_per_day", number, None),
        site=fields.read("site", _word(Site), Site.HOME),
        external_pump=fields.read("external_pump", boolean, False),
        containers=max(0, fields.read("containers", integer, 0)),
        dispenses=tuple(_dispense(given) for given in fields.objects("dispenses")),
    )
    fields.finish()
    return found


def _dispense(fields: Fields) -> Dispense:
    found = Dispense(fields.read("date", _day), fields.read("doses", number))
    fields.finish()
    return found


def _span(fields: Fields, start: str, stop: str) -> tuple[date, date]:
    first, last = fields.read(start, _day), fields.read(stop, _day)
    if last < first:
        raise fields.wrong(stop, f"before {start}: {last} is earlier than {first}")
    return first, last


def _stay(fields: Fields) -> HospitalStay:
    admitted = fields.read("admitted_at", _time)
    discharged = fields.read("discharged_at", _time, None)
    if discharged is not None and _earlier(discharged, admitted):
        raise fields.wrong("discharged_at", f"before admitted_at: {discharged.isoformat()} is earlier than {admitted.isoformat()}")
    found = HospitalStay(
        admitted_on=admitted.date(),
        discharged_on=None if discharged is None else discharged.date(),
        home_dose_on_admit_day=fields.read("home_dose_on_admit_day", boolean, False),
        home_dose_on_discharge_day=fields.read("home_dose_on_discharge_day", boolean, False),
        line_care_on_admit_day=fields.read("line_care_on_admit_day", boolean, False),
        line_care_on_discharge_day=fields.read("line_care_on_discharge_day", boolean, False),
    )
    fields.finish()
    return found


def _earlier(one: datetime, other: datetime) -> bool:
    """Compared as instants where both carry an offset, else as the wall shows them."""
    if one.tzinfo is not None and other.tzinfo is not None:
        return one < other
    return one.replace(tzinfo=None) < other.replace(tzinfo=None)


def _catheters(question: Fields) -> tuple[Catheter, ...]:
    fields = question.object("catheter")
    if fields is None:
        return ()
    first, last = _span(fields, "from", "to")
    found = Catheter(fields.read("device", _word(DeviceKind)), fields.read("lumens", integer, None), first, last)
    fields.finish()
    return (found,)


def _authorization(fields: Fields) -> Authorization:
    first, last = _span(fields, "from", "to")
    found = Authorization(fields.read("number", text), fields.read("code", text), first, last, fields.read("units", integer))
    fields.finish()
    return found


def _visit(fields: Fields) -> Visit:
    found = Visit(fields.read("date", _day), fields.read("minutes", number))
    fields.finish()
    return found


def _answer(ledger: Ledger) -> dict[str, object]:
    found: dict[str, object] = {
        "lines": [
            {
                "code": line.code,
                "modifiers": list(line.modifiers),
                "units": line.units,
                "from": line.first,
                "to": line.last,
                "authorization": line.authorization,
                "held_because": line.held_because,
            }
            for line in ledger.lines
        ],
        "drug_lines": [
            {
                "code": drug.code,
                "modifiers": list(drug.modifiers),
                "units": drug.units,
                "from": drug.first,
                "to": drug.last,
                "authorization": drug.authorization,
                "held_because": drug.held_because,
            }
            for drug in ledger.drug_lines
        ],
        "nursing_lines": [
            {"date": nursed.day, "code": nursed.code, "units": nursed.units, "held_because": nursed.held_because}
            for nursed in ledger.nursing_lines
        ],
        "warnings": [{"code": one.code, "therapy": one.therapy, "text": one.text} for one in ledger.warnings],
    }
    if ledger.medicare is not None:
        found |= {
            "dme_lines": [{"code": one.code, "modifiers": list(one.modifiers), "units": one.units} for one in ledger.medicare.dme],
            "hit_lines": [{"date": one.day, "code": one.code, "units": one.units} for one in ledger.medicare.hit],
            "part_d_drugs": list(ledger.medicare.part_d_drugs),
        }
    return found | {"because": list(ledger.because), "sources": list(ledger.sources)}
