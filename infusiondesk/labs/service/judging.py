"""Judging a patient's reports with what the pharmacy knows: therapies, their protocols, the values before the first dose."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day, number
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.labs.exchange.reference import own_tables
from infusiondesk.labs.queries.loading import as_judged, results_of_patient, results_of_report, unit_text, value_text
from infusiondesk.labs.records import LabReport, LabResult
from infusiondesk.labs.rules import Facts, Finding, Level, baselines, judge, live
from infusiondesk.labs.rules import LabResult as Judged
from infusiondesk.labs.rules.review import queue_rank
from infusiondesk.orders.queries import orders_of, therapy_courses

SYMPTOMS = "Symptoms (muscle pain, liver, no urine) are not known here: limits that depend on them were left out."


@dataclass(frozen=True)
class Context:
    """What judging was told of the patient on the day of the draw, and in words what it could not be told."""

    facts: Facts = field(default_factory=Facts)
    therapies: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()


def judge_waiting(uow: UnitOfWork, patient_id: UUID) -> None:
    """Judge every report of a patient that is not reviewed yet; what came before or after may change what they mean.

    No permission of its own: every verb that files a result ends with it.
    """
    uow.session.flush()
    waiting = sa.select(LabReport).where(LabReport.patient_id == patient_id, LabReport.signed_at.is_(None))
    for report in uow.session.scalars(waiting.order_by(LabReport.serial)):
        judge_report(uow, report)


def judge_report(uow: UnitOfWork, report: LabReport) -> None:
    """Write down what the lines of one report mean as things stand.

    No permission of its own: an inner step of taking in, matching and judging again. A parked report is judged without a patient.
    """
    uow.session.flush()
    report.judgement, report.level = judgement_of(uow, report)


def judgement_of(uow: UnitOfWork, report: LabReport) -> tuple[dict[str, Any], Level]:
    """The judgement of a report as it would be written down now, and its level.

    No permission of its own: a review compares it with what the pharmacist saw.
    """
    own = results_of_report(uow.session, report.id)
    known = own if report.patient_id is None else [result for _, result in results_of_patient(uow.session, report.patient_id)]
    context = Context() if report.patient_id is None else context_of(uow, report.patient_id, report.observed_at, known)
    by_id = {str(result.id): result for result in known}
    found = _findings(known, {str(result.id) for result in own}, context.facts, uow.clock.now())
    levels = [finding.level for finding in found]
    judgement = {
        "findings": [_finding(finding, by_id, known) for finding in found],
        "not_checked": _not_checked(found, report, context),
        "therapies": list(context.therapies),
        "protocols": sorted(context.facts.protocols),
        "baseline": {key: str(value) for key, value in sorted(context.facts.baseline.items())},
        "is_replaced": bool(own) and not found,
        "is_correction": any(result.follows in ("corrected", "taken_back") for result in own),
    }
    return judgement, min(levels, key=queue_rank, default=Level.NOT_EVALUATED)


def context_of(uow: UnitOfWork, patient_id: UUID, observed_at: datetime | None, known: Sequence[LabResult]) -> Context:
    """Therapies in force on the day of the draw, their protocols, and each analyte's baseline before their first dose.

    No permission of its own: an inner step of judging.
    """
    tables = own_tables()
    on = uow.local(observed_at).date() if observed_at is not None else uow.today()
    courses = [course for course in therapy_courses(uow, patient_id=patient_id) if course.first <= on <= course.last]
    versions = {row.id: row for row in orders_of(uow, patient_id=patient_id)}
    written = {versions[course.version_id].lab_protocol.strip() for course in courses} - {""}
    flushes = [versions[course.version_id].flush for course in courses]
    firsts = _first_days(uow, patient_id, {course.ingredient for course in courses})
    baseline: dict[str, Decimal] = {}
    judged = [as_judged(result) for result in known]
    for first in sorted(firsts, reverse=True):  # the value before the earliest therapy counts: it is the least touched one
        starts = datetime.combine(first, time(), uow.clock.zone).astimezone(UTC)
        baseline |= baselines(judged, tables, starts)
    strange = sorted(written - tables.protocols.keys())
    not_known = [f"The protocol {code} is not in the laboratory tables, so its limits were not applied." for code in strange]
    if not courses:
        not_known.append(f"No verified order was in force on {day(on)}, so no limit of a therapy was applied.")
    elif not written:
        not_known.append("No order names a laboratory protocol, so no limit of a therapy was applied.")
    if courses and not baseline:
        not_known.append(f"No value from before the first dose ({day(min(firsts))}) is known: rises were not compared with it.")
    facts = Facts(
        baseline=baseline,
        protocols=frozenset(written & tables.protocols.keys()),
        on_heparin=any("heparin" in words.casefold() for words in (*flushes, *(course.ingredient for course in courses))),
    )
    return Context(facts, tuple(dict.fromkeys(course.sig for course in courses)), (*not_known, SYMPTOMS))


def _first_days(uow: UnitOfWork, patient_id: UUID, ingredients: set[str]) -> list[Any]:
    """The first day of each therapy that runs, over all its orders and versions."""
    first: dict[str, Any] = {}
    for course in therapy_courses(uow, patient_id=patient_id):
        if course.ingredient in ingredients:
            first[course.ingredient] = min(first.get(course.ingredient, course.first), course.first)
    return list(first.values())


def _findings(known: Sequence[LabResult], own: set[str], facts: Facts, now: datetime) -> list[Finding]:
    """One finding for each live line of the report: judged with what was drawn up to then, not with what came later."""
    tables, living = own_tables(), live([as_judged(result) for result in known])
    order = {result.id: place for place, result in enumerate(living)}
    mine = [result for result in living if result.id in own]
    found: dict[str | None, Finding] = {}
    while remaining := [result for result in mine if result.id not in found]:
        at = remaining[0].collected_at
        group = {result.analyte: result for result in reversed(remaining) if result.collected_at == at}
        members = {result.id for result in group.values()}
        past = [each for each in living if each.id not in members and _is_past(each, at, group, order)]
        judged = judge([*past, *group.values()], facts, tables, now=now)
        found |= {finding.result.id: finding for finding in judged.findings if finding.result.id in members}
        for result in group.values():  # a line that hides behind another without a time is still shown, never lost
            if result.id not in found:
                found |= {each.result.id: each for each in judge([result], facts, tables, now=now).findings}
    return [found[result.id] for result in mine]


def _is_past(each: Judged, at: datetime | None, group: dict[str, Judged], order: dict[str | None, int]) -> bool:
    if at is None or each.collected_at is None:
        return at is None and each.collected_at is not None
    same = group.get(each.analyte)
    if each.collected_at == at:
        return same is None or order[each.id] < order[same.id]
    return each.collected_at < at


def _finding(finding: Finding, by_id: dict[str, LabResult], known: Sequence[LabResult]) -> dict[str, Any]:
    result = by_id[str(finding.result.id)]
    analyte = own_tables().analytes.get(result.analyte or "")
    corrected = by_id.get(str(result.corrects_id))
    previous = _previous(result, known)
    previous_at = previous.observed_at if previous is not None else None
    return {
        "result": str(result.id),
        "analyte": result.analyte or "",
        "test": analyte.name if analyte is not None else result.text or result.code or "unnamed test",
        "level": finding.level.value,
        "value": value_text(result),
        "unit": unit_text(result),
        "because": finding.because,
        "converted_by": finding.converted_by,
        "sources": list(finding.sources),
        "previous": value_text(previous) if previous is not None else "",
        "previous_at": previous_at.astimezone(UTC).isoformat() if previous_at is not None else None,
        "change": _change(result, previous),
        "replaces": f"{value_text(corrected)} {unit_text(corrected)}".strip() if corrected is not None else "",
    }


def _previous(result: LabResult, known: Sequence[LabResult]) -> LabResult | None:
    """The value of the same analyte drawn before this one; a corrected one is not it."""
    if result.analyte is None or result.observed_at is None:
        return None
    replaced = {other.corrects_id for other in known}
    earlier = [
        (other.observed_at, place, other)
        for place, other in enumerate(known)
        if other.analyte == result.analyte and other.id not in replaced and other.words
        if other.observed_at is not None and other.observed_at < result.observed_at
    ]
    return max(earlier, key=lambda each: each[:2])[2] if earlier else None


def _change(result: LabResult, previous: LabResult | None) -> str:
    if previous is None or result.table_value is None or previous.table_value is None or result.comparator or previous.comparator:
        return ""
    by = round(result.table_value - previous.table_value, 3)
    return "unchanged" if not by else f"{'up' if by > 0 else 'down'} {number(abs(by))}"


def _not_checked(found: Sequence[Finding], report: LabReport, context: Context) -> list[str]:
    analytes = own_tables().analytes
    said = []
    for finding in found:
        known = analytes.get(finding.analyte)
        name = known.name if known is not None else finding.analyte
        if finding.level is Level.NOT_EVALUATED:
            said.append(f"{name}: {finding.because}.")
        elif "not judged without" in finding.because:
            at = finding.because.index("not judged without")
            said.append(f"{name}: {finding.because[at:]}.")
    if report.patient_id is None:
        said.append("Judged without a patient: no baseline, therapy or earlier value was known.")
    return [*said, *context.not_known]


def standing(judgement: dict[str, Any]) -> dict[str, Any]:
    """What of a judgement must still hold when it is signed: each line's level and reason."""
    return {each["result"]: (each["level"], each["because"]) for each in judgement["findings"]}
