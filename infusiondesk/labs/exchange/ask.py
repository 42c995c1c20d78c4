"""Answers `ask judge`: results as a question, flags, missing results and the reasons as the answer."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from infusiondesk.foundation.kernel.questions import Fields, a_list, a_time, boolean, number, one_of, shown, text
from infusiondesk.labs.exchange.reference import own_tables
from infusiondesk.labs.rules import Expected, Facts, Finding, Judgement, LabResult, Level, Missing, Tables, judge, missing

ANALYTES: Final = (
    "creatinine", "bun", "egfr", "sodium", "potassium", "chloride", "co2", "glucose", "calcium", "magnesium", "phosphorus",
    "albumin", "prealbumin", "alt", "ast", "alp", "total_bilirubin", "ggt", "triglycerides", "wbc", "anc", "eosinophils",
    "hemoglobin", "platelets", "ck", "vancomycin_trough", "vancomycin_auc", "gentamicin_trough", "tobramycin_trough",
    "amikacin_trough", "inr", "nt_probnp", "blood_culture",
)  # fmt: skip
# Two rows of clinical 3.2 stand for several protocols; either way of naming them is taken.
_SEVERAL: Final = {"L-TLV/ORI/DAL": ("L-TLV", "L-ORI", "L-DAL"), "L-CLI/MTZ": ("L-CLI", "L-MTZ")}
_LEVEL_WORDS: Final = {Level.FLAG: "flagged", Level.NOT_EVALUATED: "not evaluated"}
_LARGEST: Final = Decimal(10) ** 15


def answer(question: Fields) -> dict[str, object]:
    """Judge the results of one question; raise Malformed where the question itself is wrong."""
    tables = own_tables()
    question.read("results", a_list)
    results = [_result(each, tables) for each in question.objects("results")]
    baseline = _by_analyte(question, "baseline")
    upper_limits = _by_analyte(question, "upper_limits")
    protocols = _protocols(question, tables)
    facts = Facts(
        baseline,
        upper_limits,
        protocols=protocols,
        on_heparin=question.read("on_heparin", boolean, False),
        muscle_symptoms=question.read("muscle_symptoms", boolean, False),
        liver_symptoms=question.read("liver_symptoms", boolean, False),
    )
    expected = [_expected(each) for each in question.objects("expected")]
    now = question.read("now", a_time, None)
    if expected and now is None:
        raise question.wrong("now", "required with expected")
    question.finish()
    _check_corrections(question, results)
    _check_times(question, results, expected, now)
    judgement = judge(results, facts, tables, now=now)
    absent = missing(expected, results, now) if now is not None else []
    return _answered(judgement, absent, results, bool(expected))


def _result(fields: Fields, tables: Tables) -> LabResult:
    analyte = fields.read("analyte", one_of(ANALYTES))
    value = fields.read("value", _a_value)
    collected_at = fields.read("collected_at", a_time)
    unit = _unit(fields, tables.analytes[analyte].unit)
    found = LabResult(analyte, value, unit, collected_at, fields.read("id", text, None), fields.read("corrects", text, None))
    fields.finish()
    return found


def _unit(fields: Fields, default: str) -> str | None:
    """Absent is the unit of the table, null is an unknown one."""
    written = fields.read("unit", text, None)
    return default if written is None and "unit" not in fields.values else written


def _a_value(value: object) -> Decimal | str:
    return value if isinstance(value, str) else _an_amount(value)


def _an_amount(value: object) -> Decimal:
    amount = number(value)
    if abs(amount) > _LARGEST:
        raise ValueError(f"not an amount a laboratory reports: {shown(value)}")
    return amount


def _by_analyte(question: Fields, name: str) -> dict[str, Decimal]:
    fields = question.object(name)
    if fields is None:
        return {}
    read = {analyte: fields.read(analyte, _an_amount, None) for analyte in ANALYTES}
    fields.finish()
    return {analyte: amount for analyte, amount in read.items() if amount is not None}


def _protocols(question: Fields, tables: Tables) -> frozenset[str]:
    codes = question.many("protocols", one_of([*tables.protocols, *_SEVERAL]))
    return frozenset(single for code in codes for single in _SEVERAL.get(code, (code,)))


def _expected(fields: Fields) -> Expected:
    analyte = fields.read("analyte", one_of(ANALYTES))
    found = Expected(analyte, fields.read("due_at", a_time), fields.read("window_hours", _hours, Decimal(72)))
    fields.finish()
    return found


def _hours(value: object) -> Decimal:
    hours = _an_amount(value)
    if hours < 0:
        raise ValueError(f"not a length of time: {shown(value)}")
    return hours


def _check_corrections(question: Fields, results: Sequence[LabResult]) -> None:
    """A correction names exactly one earlier result of its analyte, and no two results correct each other."""
    by_id: dict[str, LabResult] = {}
    for index, result in enumerate(results):
        if result.id is not None and result.id in by_id:
            raise question.wrong(f"results[{index}].id", f"two results have this id: {result.id}")
        if result.id is not None:
            by_id[result.id] = result
    for index, result in enumerate(results):
        if result.corrects is None:
            continue
        where = f"results[{index}].corrects"
        original = by_id.get(result.corrects)
        if original is None:
            raise question.wrong(where, f"no result has this id: {result.corrects}")
        if original.analyte != result.analyte:
            raise question.wrong(where, f"{result.corrects} is a result of {original.analyte}, not of {result.analyte}")
        if _in_a_circle(result, by_id):
            raise question.wrong(where, f"a result cannot correct itself: {result.corrects}")


def _in_a_circle(result: LabResult, by_id: dict[str, LabResult]) -> bool:
    seen: set[str] = set()
    step: LabResult | None = result
    while step is not None and step.corrects is not None:
        if step.corrects in seen:
            return True
        seen.add(step.corrects)
        step = by_id.get(step.corrects)
    return False


def _check_times(question: Fields, results: Sequence[LabResult], expected: Sequence[Expected], now: datetime | None) -> None:
    """Local times and times with an offset cannot be put in one order without a time zone, which this question does not carry."""
    times = [(f"results[{index}].collected_at", result.collected_at) for index, result in enumerate(results)]
    times += [(f"expected[{index}].due_at", each.due_at) for index, each in enumerate(expected)]
    known = [(field, at) for field, at in [*times, ("now", now)] if at is not None]
    for field, at in known:
        if (at.tzinfo is None) != (known[0][1].tzinfo is None):
            raise question.wrong(field, f"cannot be compared with {known[0][0]}: only one of the two has an offset")


def _answered(
    judgement: Judgement, absent: Sequence[Missing], results: Sequence[LabResult], is_expecting: bool
) -> dict[str, object]:
    corrections = [
        f"{result.analyte}: {result.id or 'a later result'} corrects {result.corrects}, so it replaces it and is reviewed again."
        for result in results
        if result.corrects is not None
    ]
    sources = {"clinical 3.1", *(source for finding in judgement.findings for source in finding.sources)}
    return {
        "flags": [_flag(finding) for finding in judgement.findings],
        "missing": [{"analyte": each.analyte, "due_at": each.due_at} for each in absent],
        "review_again": judgement.review_again,
        "because": [*(_sentence(each) for each in judgement.findings), *corrections, *(f"{each.because}." for each in absent)],
        "sources": sorted(sources | ({"clinical 9.5"} if is_expecting else set())),
    }


def _flag(finding: Finding) -> dict[str, object]:
    value = finding.value
    if finding.converted_by and isinstance(value, Decimal):
        value = round(value, 3)  # a converted value is printed with three decimals; judged was the exact one
    return {
        "analyte": finding.analyte,
        "level": finding.level.value,
        "value": value,
        "unit": finding.unit,
        "because": finding.because,
    }


def _sentence(finding: Finding) -> str:
    at = finding.result.collected_at
    dated = f" of {at:%Y-%m-%d %H:%M}" if at is not None else ""
    converted = f" ({finding.converted_by})" if finding.converted_by else ""
    hold = " HOLD until a person files it." if finding.level is Level.NOT_EVALUATED else ""
    return (
        f"{finding.analyte}{dated}{converted} is {_LEVEL_WORDS.get(finding.level, finding.level.value)}: {finding.because}.{hold}"
    )
