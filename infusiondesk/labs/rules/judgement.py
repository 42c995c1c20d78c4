"""Judging results: one finding an analyte, always with its reason, never "normal" where the deciding limit could not be checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from infusiondesk.labs.rules.laboratory import hear, range_of
from infusiondesk.labs.rules.limits import Course, Outcome, Point, applies, weigh, words_of
from infusiondesk.labs.rules.readings import PRELIMINARY, Reading, read, shown_reading
from infusiondesk.labs.rules.units import as_decimal, convert
from infusiondesk.labs.rules.values import Analyte, Facts, Finding, Judgement, LabResult, Level, Limit, Tables


@dataclass(frozen=True)
class _Verdict:
    """Our own judgement, before the laboratory is heard. `is_open`: no limit of ours decides, so the laboratory's word may."""

    level: Level
    because: str
    is_open: bool = False
    sources: tuple[str, ...] = ()


def judge(results: Sequence[LabResult], facts: Facts, tables: Tables, *, now: datetime | None = None) -> Judgement:
    """Judge the newest live result of each analyte; earlier live ones serve as its past.

    Results stand in the order they became known: of two of the same time, or two corrections of one result, the later counts.
    `now` finds results dated in the future; without it they cannot be found.
    """
    living = live(results)
    newest = _newest(living)
    others = {
        key: reading.number
        for key, result in newest.items()
        if (reading := read(result, tables.analytes.get(key), now)).number is not None
    }
    findings = []
    for key, result in newest.items():
        past = [other for other in living if other.analyte == key and other is not result]
        findings.append(_finding(result, past, facts, tables, others, now))
    return Judgement(tuple(findings), any(result.corrects is not None for result in results))


def live(results: Sequence[LabResult]) -> list[LabResult]:
    """The results that no other one corrects; of several corrections of one result the last stands."""
    last = {result.corrects: index for index, result in enumerate(results) if result.corrects is not None}
    return [
        result
        for index, result in enumerate(results)
        if (result.id is None or result.id not in last) and (result.corrects is None or last[result.corrects] == index)
    ]


def baselines(results: Sequence[LabResult], tables: Tables, first_dose_at: datetime) -> dict[str, Decimal]:
    """The last readable value of each analyte before the first dose of this therapy, in the table's unit (clinical 3.1)."""
    found: dict[str, tuple[datetime, Fraction]] = {}
    for result in live(results):
        number = read(result, tables.analytes.get(result.analyte), first_dose_at).number
        at = result.collected_at
        if number is not None and at is not None and at < first_dose_at and at >= found.get(result.analyte, (at, number))[0]:
            found[result.analyte] = (at, number)
    return {analyte: as_decimal(number) for analyte, (_, number) in found.items()}


def _newest(living: Iterable[LabResult]) -> dict[str, LabResult]:
    """The newest result of each analyte; one without a time counts as newest, because it must not hide behind an older one."""
    newest: dict[str, LabResult] = {}
    for result in living:
        known = newest.get(result.analyte)
        if known is None or _is_newer(result, known):
            newest[result.analyte] = result
    return newest


def _is_newer(result: LabResult, known: LabResult) -> bool:
    if result.collected_at is None or known.collected_at is None:
        return result.collected_at is None
    return result.collected_at >= known.collected_at


def _finding(
    result: LabResult,
    past: Iterable[LabResult],
    facts: Facts,
    tables: Tables,
    others: Mapping[str, Fraction],
    now: datetime | None,
) -> Finding:
    analyte = tables.analytes.get(result.analyte)
    reading = read(result, analyte, now)
    if analyte is None or (reading.trouble and not reading.is_foreign_unit):
        ours = _Verdict(Level.NOT_EVALUATED, reading.trouble)
    else:
        limits = [limit for limit in tables.limits.get(analyte.key, ()) if applies(limit, facts, others)]
        ours = _verdict(result, reading, past, analyte, limits, facts)
    level, because = _with_the_laboratory(ours, result)
    if result.status in PRELIMINARY:
        because = f"{because} ({PRELIMINARY[result.status]})"
    if reading.number is None or analyte is None:
        return Finding(result.analyte, level, result.value, result.unit, because, result, sources=ours.sources)
    converted_by = shown_reading(reading, result, analyte)
    return Finding(result.analyte, level, as_decimal(reading.number), analyte.unit, because, result, converted_by, ours.sources)


def _verdict(
    result: LabResult, reading: Reading, past: Iterable[LabResult], analyte: Analyte, limits: Sequence[Limit], facts: Facts
) -> _Verdict:
    if not limits:
        words = f"no limit is set for {analyte.name}: the laboratory's own range decides"
        return _Verdict(Level.NOT_EVALUATED, words, is_open=True)
    if reading.trouble:
        return _Verdict(Level.NOT_EVALUATED, reading.trouble)
    if reading.number is None or result.collected_at is None:
        outcomes = [Outcome(limit, reading.is_positive, f"positive; {words_of(limit)}") for limit in limits]
    else:
        course = _course(result, reading.number, result.collected_at, past, analyte, facts)
        outcomes = [weigh(limit, course) for limit in limits]
    return _settled(outcomes)


def _settled(outcomes: Sequence[Outcome]) -> _Verdict:
    """The strictest limit that is passed; without one, normal only if nothing that decides is missing (clinical 3.1)."""
    passed = [outcome for outcome in outcomes if outcome.passed]
    clear = [outcome for outcome in outcomes if outcome.passed is False]
    unknown = [outcome for outcome in outcomes if outcome.passed is None]
    if passed:
        level = max((outcome.limit.level for outcome in passed), key=lambda each: each.rank)
        decisive = [outcome for outcome in passed if outcome.limit.level is level]
        return _Verdict(level, ". ".join(dict.fromkeys(o.because for o in decisive)), sources=_sources(decisive))
    lacking = [
        f"not judged without {missing}: {', '.join(words_of(o.limit) for o in unknown if o.because == missing)}"
        for missing in dict.fromkeys(outcome.because for outcome in unknown)
    ]
    if not clear or any(outcome.limit.kind == "times_uln" for outcome in unknown):
        return _Verdict(Level.NOT_EVALUATED, "; ".join(lacking), sources=_sources(outcomes))
    words = f"no limit is passed ({', '.join(words_of(outcome.limit) for outcome in clear)})"
    return _Verdict(Level.NORMAL, "; ".join([words, *lacking]), sources=_sources(outcomes))


def _sources(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    return tuple(sorted({outcome.limit.source for outcome in outcomes}))


def _course(result: LabResult, value: Fraction, at: datetime, past: Iterable[LabResult], analyte: Analyte, facts: Facts) -> Course:
    points = []
    for other in past:
        number = read(other, analyte, None).number
        if number is not None and other.collected_at is not None and other.collected_at < at:
            points.append(Point(number, other.collected_at))
    baseline = facts.baseline.get(analyte.key)
    return Course(
        value,
        at,
        analyte.unit,
        result.comparator,
        tuple(sorted(points, key=lambda point: point.at)),
        baseline if baseline is not None and baseline > 0 else None,
        _upper_limit(result, analyte, facts),
        facts.goals.get(analyte.key),
    )


def _upper_limit(result: LabResult, analyte: Analyte, facts: Facts) -> Fraction | None:
    """The laboratory's upper limit of normal: as the pharmacy keeps it, else the top of the range that came with the result."""
    known = facts.upper_limits.get(analyte.key)
    if known is not None:
        return Fraction(known) if known > 0 else None
    sent = range_of(result.lab_range)
    if sent is None or sent.high is None or result.unit is None or sent.high <= 0:
        return None
    converted = convert(analyte, Fraction(sent.high), result.unit)
    return None if converted is None else converted.value


def _with_the_laboratory(ours: _Verdict, result: LabResult) -> tuple[Level, str]:
    """The stricter of the two. Where we could not evaluate only a critical flag is stronger; where we have no limit any word is."""
    voice = hear(result)
    if voice.level is None:
        return ours.level, ours.because
    both = f"{ours.because}; {voice.because}"
    if ours.level is Level.NOT_EVALUATED:
        return (voice.level if ours.is_open or voice.level is Level.CRITICAL else ours.level), both
    return (voice.level, f"{voice.because}; {ours.because}") if voice.level.rank > ours.level.rank else (ours.level, both)
