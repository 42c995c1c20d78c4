"""What people decide about reports: whose a parked one is, and what a result means for the therapy."""

from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.labs.queries.loading import born_on_of, person_text, results_of_report, signed_facts, written_person
from infusiondesk.labs.records import LabReport
from infusiondesk.labs.rules import Candidate, Level, ReportState, match, take_step
from infusiondesk.labs.rules.review import ReviewDraft
from infusiondesk.labs.service.arriving import close_promises
from infusiondesk.labs.service.judging import judge_report, judge_waiting, judgement_of, standing
from infusiondesk.labs.service.taking import SEX_LETTERS, TAKERS
from infusiondesk.patients.records import Patient

REVIEWERS: Final = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
NUTRITION: Final = "L-PN"


@verb(Area.LABS, *TAKERS, does="match a laboratory report to a patient")
def match_report(uow: UnitOfWork, *, report_id: UUID, patient_id: UUID) -> None:
    """File a parked report with a patient by hand; the reason says how the person knows, and stays with the report."""
    report = uow.session.get_one(LabReport, report_id)
    if report.patient_id is not None:
        raise Refused("This report is filed already. If it is the wrong patient's, tell the pharmacist in charge.")
    patient = uow.session.get_one(Patient, patient_id)
    name = f"{patient.last_name}, {patient.first_name}"
    question = f"The message says {_as_written(report)}; the chart is {name}, born {day(patient.born_on)}, {patient.mrn}."
    reason = uow.reason_for(
        "labs.match",
        f"{question} How do you know that it is the same person?",
        ("laboratory confirmed by telephone", "requisition compared", "name changed, birth date and draw agree"),
        least_characters=8,
    )
    candidate = Candidate(
        str(patient.id), (patient.mrn,), patient.last_name, patient.first_name, patient.born_on, SEX_LETTERS.get(patient.sex, "")
    )
    alone = match(written_person(report.written), [candidate])
    report.patient_id, report.matched_by = patient_id, uow.actor.name
    report.because = f"Matched by hand: {reason}" if alone.is_parked else f"{alone.because} Matched by hand: {reason}"
    uow.record(Change("matched", Area.LABS, LabReport.__tablename__, report.id, patient_id), reason=reason)
    judge_waiting(uow, patient_id)
    close_promises(uow, report)


@verb(Area.LABS, *REVIEWERS, does="judge a laboratory report again")
def judge_again(uow: UnitOfWork, *, report_id: UUID) -> Level:
    """Judge a report that waits with what is known now: an order that was entered meanwhile, or another value."""
    report = uow.session.get_one(LabReport, report_id)
    if report.signed_at is not None:
        raise Refused("This report is reviewed; its judgement stands as it was signed.")
    judge_report(uow, report)
    uow.record(Change("judged again", Area.LABS, LabReport.__tablename__, report.id, report.patient_id, detail=report.level.value))
    return report.level


@verb(Area.LABS, *REVIEWERS, does="review a laboratory report")
def review_report(uow: UnitOfWork, *, report_id: UUID, draft: ReviewDraft) -> None:
    """Sign what the results mean and what is to be done; a critical one only when the prescriber has it (clinical 9.5)."""
    report = uow.session.get_one(LabReport, report_id)
    draft.is_critical = report.level is Level.CRITICAL
    draft.needs_dietitian = NUTRITION in report.judgement.get("protocols", ())
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.contacted_at is not None and draft.contacted_at > uow.clock.now():
        raise Refused("You cannot have reached them in the future.", field="contacted_at")
    circumstances = {"critical"} if draft.is_critical else set()
    circumstances |= {"parenteral_nutrition"} if draft.needs_dietitian else set()
    step = take_step(_state(report), "review", role="RPH", given=draft.given(), circumstances=circumstances)
    if step.to is None or report.patient_id is None:
        raise Refused(step.because if report.patient_id is not None else "A report without a patient cannot be reviewed; match it.")
    if report.judgement["is_replaced"]:
        raise Refused("Every line of this report was replaced by a later one; review that one.")
    fresh, _ = judgement_of(uow, report)
    if standing(fresh) != standing(report.judgement):
        raise Refused("What is known of this patient has changed since the report was judged. Judge it again, then look once more.")
    uow.require_licence("review a laboratory report")
    report.interpretation, report.action = draft.interpretation.strip(), draft.action
    report.contact = _contact(draft)
    patient = uow.session.get_one(Patient, report.patient_id)
    uow.session.flush()
    uow.sign(
        report,
        signed_facts(report, results_of_report(uow.session, report.id)),
        subject=f"Laboratory report {report.serial} of {patient.last_name}, {patient.first_name}: {draft.action}",
        meaning="reviewed",
        area=Area.LABS,
        patient_id=report.patient_id,
    )


def _as_written(report: LabReport) -> str:
    born_on = born_on_of(report.written)
    ids = ", ".join(report.written["ids"]) or "no number"
    return f"{person_text(report.written)}, born {day(born_on) if born_on else 'unknown'}, {ids}"


def _state(report: LabReport) -> ReportState:
    if report.signed_at is not None:
        return ReportState.REVIEWED
    return ReportState.FLAGGED if report.patient_id is not None else ReportState.RESULTED


def _contact(draft: ReviewDraft) -> dict[str, object]:
    found: dict[str, object] = {"dietitian": draft.dietitian.strip()} if draft.dietitian.strip() else {}
    if draft.has_contact and draft.contacted_at is not None:
        found |= {
            "name": draft.contact_name.strip(),
            "at": draft.contacted_at.isoformat(),
            "mode": draft.contact_mode,
            "read_back": draft.read_back,
            "response": draft.response.strip(),
        }
    return found
