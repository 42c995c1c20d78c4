"""One `screen` question, read strictly, and its answer in the words of the contract (ask 5)."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from infusiondesk.foundation.kernel.questions import Fields, Malformed, a_list, boolean, integer, number, one_of, text
from infusiondesk.interactions.exchange.reference import reference_knowledge
from infusiondesk.interactions.rules import Access, Alert, Allergy, Knowledge, Profile, Severity, Unchecked, Written, screen
from infusiondesk.interactions.rules.profile import DEVICES

# How people write the devices of clinical 1.2 VAD01, and the routes of an order, beside the words of the contract.
_DEVICE_WORDS = {
    "piv": ("peripheral", "peripheral iv"),
    "midline": ("midline catheter",),
    "tunneled": ("tunneled cvc", "tunnelled", "hickman", "broviac", "groshong"),
    "nontunneled": ("non-tunneled", "non-tunneled cvc", "non tunneled cvc", "nontunneled cvc", "cvc", "cvad", "central"),
    "port": ("implanted port",),
    "hd": ("hd catheter", "dialysis catheter", "hemodialysis", "haemodialysis", "hemodialysis catheter", "haemodialysis catheter"),
    "sc": ("subcutaneous",),
    "it": ("intrathecal",),
    "io": ("intraosseous",),
}
_ROUTE_WORDS = {
    "iv": ("intravenous", "iv pca", "pca", "iv push", "ivp", "ivpb", "iv piggyback", "iv infusion", "iv continuous"),
    "sc": ("subcutaneous", "subcut", "sq", "sc pca"),
    "im": ("intramuscular",),
    "po": ("oral", "by mouth"),
    "flush": ("lock", "catheter"),
    "it": ("intrathecal",),
}
_RESULTS = {"potassium_mmol_l": "potassium", "magnesium_mg_dl": "magnesium", "creatinine_clearance_ml_min": "creatinine_clearance"}


def answer(question: Fields, knowledge: Knowledge | None = None) -> dict[str, object]:
    """Answer one `screen` question from the shipped tables, or from the knowledge that is given."""
    result = screen(_profile(question), knowledge or reference_knowledge())
    found: dict[str, object] = {
        "alerts": [_alert(alert) for alert in result.alerts],
        "not_checked": [_not_checked(item) for item in result.unchecked],
        "potassium_unknown": list(result.potassium.unknown),
        "clean": result.is_clean,
        "because": list(result.because),
        "sources": list(result.sources),
    }
    if result.potassium.meq_day is not None:
        found["potassium_meq_day"] = result.potassium.meq_day
    return found


def _profile(question: Fields) -> Profile:
    patient = question.object("patient") or Fields({}, question.at("patient"))
    age = patient.read("age_years", _amount, None)
    patient.read("sex", one_of(("M", "F")), None)
    patient.read("weight_kg", _amount, None)
    results = {"qtc": patient.read("qtc_ms", _amount, None)}
    is_screened = (patient.read("tb_screened", boolean, None), patient.read("hbv_screened", boolean, None))
    patient.finish()
    orders = _medicines(question, "orders", _order, are_orders=True)
    home = _medicines(question, "home_medications", _home_medicine, are_orders=False)
    allergies = [_allergy(fields) for fields in question.objects("allergies")]
    has_none = question.read("no_known_drug_allergies", boolean, False)
    access = question.object("access")
    line = None if access is None else _access(access)
    labs = question.object("labs") or Fields({}, question.at("labs"))
    results |= {analyte: labs.read(name, _amount, None) for name, analyte in _RESULTS.items()}
    labs.finish()
    question.finish()
    return Profile(
        medicines=(*orders, *home),
        allergies=tuple(allergies),
        has_no_known_drug_allergies=has_none,
        age_years=age,
        access=line,
        is_screened_for_tb_and_hbv=all(done is True for done in is_screened),
        results={analyte: value for analyte, value in results.items() if value is not None},
    )


def _medicines(question: Fields, name: str, read: Callable[[Fields], Written], *, are_orders: bool) -> list[Written]:
    """A list of texts and objects, mixed as they come."""
    found = []
    for index, value in enumerate(question.read(name, a_list) if are_orders else question.read(name, a_list, [])):
        path = f"{question.at(name)}[{index}]"
        if isinstance(value, dict):
            fields = Fields(value, path)
            found.append(read(fields))
            fields.finish()
        else:
            try:
                found.append(Written(_name(value), is_order=are_orders))
            except ValueError as error:
                raise Malformed(path, str(error)) from error
    return found


def _order(fields: Fields) -> Written:
    return Written(
        text=fields.read("drug", _name),
        is_order=True,
        route=fields.read("route", _route, None),
        is_continuous=fields.read("continuous", boolean, None),
        planned_days=fields.read("planned_days", _amount, None),
        flush=fields.read("flush", _name, None),
        indication=fields.read("indication", text, None),
        dose_mg_kg=fields.read("dose_mg_kg", _amount, None),
        osmolarity_mosm_l=fields.read("osmolarity_mosm_l", _amount, None),
        potassium_meq_day=fields.read("potassium_meq_day", _amount, None),
        calcium_meq_day=fields.read("calcium_meq_day", _amount, None),
        penicillin_million_units_day=fields.read("penicillin_million_units_day", _amount, None),
    )


def _home_medicine(fields: Fields) -> Written:
    return Written(
        text=fields.read("name", _name),
        is_order=False,
        stopped_days_ago=fields.read("stopped_days_ago", _amount, None),
        is_planned=fields.read("planned", boolean, False),
        potassium_meq_day=fields.read("potassium_meq_day", _amount, None),
    )


def _allergy(fields: Fields) -> Allergy:
    severity = fields.read("severity", one_of(tuple(Severity)), None)
    allergy = Allergy(
        substance=fields.read("substance", _name),
        reaction=fields.read("reaction", text, None),
        severity=None if severity is None else Severity(severity),
    )
    fields.finish()
    return allergy


def _access(fields: Fields) -> Access:
    written = fields.read("type", _name)
    access = Access(
        device=fields.read("type", _device),
        written=written,
        lumens=fields.read("lumens", _lumens, 1),
        is_tip_confirmed=fields.read("tip_confirmed", boolean, None),
    )
    fields.finish()
    return access


def _name(value: object) -> str:
    if not text(value).strip():
        raise ValueError("empty")
    return text(value).strip()


def _amount(value: object) -> Decimal:
    amount = number(value)
    if amount < 0:
        raise ValueError(f"below zero: {amount}")
    return amount


def _lumens(value: object) -> int:
    lumens = integer(value)
    if lumens < 1:
        raise ValueError(f"a line has at least one lumen: {lumens}")
    return lumens


def _device(value: object) -> str:
    word = _word(value)
    return one_of(tuple(DEVICES))(_meant(word, _DEVICE_WORDS))


def _route(value: object) -> str:
    """The route in the rules' words; one that no rule speaks of is kept as it is."""
    return _meant(_word(value), _ROUTE_WORDS)


def _meant(word: str, meanings: Mapping[str, tuple[str, ...]]) -> str:
    return next((meaning for meaning, words in meanings.items() if word in words), word)


def _word(value: object) -> str:
    return " ".join(_name(value).casefold().replace("_", " ").split())


def _alert(alert: Alert) -> dict[str, object]:
    found: dict[str, object] = {
        "a": alert.a,
        "b": alert.b,
        "level": alert.level.value,
        "rule": alert.rule,
        "other_rules": list(alert.other_rules),
        "text": alert.text,
    }
    if alert.is_about_waiting:
        found["wait_months"] = alert.wait_months
    return found


def _not_checked(item: Unchecked) -> dict[str, object]:
    return {
        "name": item.name,
        "suggestion": item.suggestion,
        "alerts_if_confirmed": [_alert(alert) for alert in item.alerts_if_confirmed],
    }
