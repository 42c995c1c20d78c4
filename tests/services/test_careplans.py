"""Care plans: from a starting text to a signed version, and the next one; on both databases."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.careplans import queries, service
from infusiondesk.careplans.exchange import template_for, templates
from infusiondesk.careplans.rules import GoalDraft, InterventionDraft, MonitoringDraft, ProblemDraft
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from tests.pharmacy import Pharmacy
from tests.story import a_patient


def a_plan(pharmacy: Pharmacy) -> tuple[UUID, UUID]:
    patient_id = a_patient(pharmacy)
    texts = [templates()["common"], templates()["antibiotic"]]
    return patient_id, pharmacy.do(service.start_plan, patient_id=patient_id, templates=texts)


def test_a_plan_is_signed_by_a_pharmacist_and_then_fixed(pharmacy: Pharmacy) -> None:
    patient_id, plan_id = a_plan(pharmacy)

    pharmacy.do(service.sign_plan, plan_id=plan_id, patient_name="ZZTEST Alder")

    row = pharmacy.ask(queries.current_plan, patient_id=patient_id)
    assert row is not None
    assert (row.number, row.state) == (1, "active")
    assert [(s.name, s.licence, s.meaning, s.holds) for s in row.signatures] == [
        ("ZZTEST Pharmacist", "RPh IL 000001", "approved", True)
    ]
    with pytest.raises(Refused, match="signed and cannot change"):
        pharmacy.do(service.strike, plan_id=plan_id, kind="goals", number=1)
    with pytest.raises(sa.exc.DBAPIError, match="signed"), pharmacy.store.engines.writing.begin() as connection:
        connection.exec_driver_sql("DELETE FROM care_plan")


def test_a_nurse_writes_but_does_not_sign(file_pharmacy: Pharmacy) -> None:
    _, plan_id = a_plan(file_pharmacy)
    file_pharmacy.do(service.add_problem, by=Role.NURSE, plan_id=plan_id, draft=ProblemDraft("knowledge", "Reads poorly", 1))

    with pytest.raises(Refused, match="To sign a care plan you need to be a pharmacist"):
        file_pharmacy.do(service.sign_plan, by=Role.NURSE, plan_id=plan_id, patient_name="ZZTEST Alder")
    with pytest.raises(Refused, match=r"Reads poorly.*has no goal"):
        file_pharmacy.do(service.sign_plan, plan_id=plan_id, patient_name="ZZTEST Alder")


def test_lines_are_added_numbered_and_struck(pharmacy: Pharmacy) -> None:
    patient_id, plan_id = a_plan(pharmacy)
    problem = pharmacy.do(service.add_problem, plan_id=plan_id, draft=ProblemDraft("safety", "Falls", 1))
    goal = GoalDraft(problem, "No fall", "falls", "absent", target_on=date(2026, 4, 1))
    pharmacy.do(service.add_goal, plan_id=plan_id, draft=goal)
    pharmacy.do(service.add_intervention, plan_id=plan_id, draft=InterventionDraft(problem, "Clear the way", "RN", "once"))
    pharmacy.do(service.add_monitoring, plan_id=plan_id, draft=MonitoringDraft(problem, "Falls", "each visit", "RN"))
    before = pharmacy.ask(queries.plan_versions, patient_id=patient_id)[0].content
    assert [line.statement for line in before.goals if line.problem == problem] == ["No fall"]

    pharmacy.do(service.strike, plan_id=plan_id, kind="problems", number=problem)

    after = pharmacy.ask(queries.plan_versions, patient_id=patient_id)[0].content
    assert (len(before.goals) - len(after.goals), len(before.monitoring) - len(after.monitoring)) == (1, 1)
    with pytest.raises(Refused, match="not in this draft"):
        pharmacy.do(service.strike, plan_id=plan_id, kind="problems", number=problem)


def test_a_goal_for_no_problem_is_refused(file_pharmacy: Pharmacy) -> None:
    _, plan_id = a_plan(file_pharmacy)

    with pytest.raises(Refused, match="Choose a problem"):
        file_pharmacy.do(service.add_goal, plan_id=plan_id, draft=GoalDraft(99, "x", "x", "absent"))
    with pytest.raises(Refused, match="needs a measure"):
        file_pharmacy.do(service.add_goal, plan_id=plan_id, draft=GoalDraft(1, "feel better", "", "absent"))


def test_a_revision_has_a_reason_a_difference_and_replaces_the_old_version(pharmacy: Pharmacy) -> None:
    patient_id, plan_id = a_plan(pharmacy)
    with pytest.raises(Refused, match="still a draft"):
        pharmacy.do(service.revise_plan, patient_id=patient_id)
    pharmacy.do(service.sign_plan, plan_id=plan_id, patient_name="ZZTEST Alder")
    with pytest.raises(NeedsReason):
        pharmacy.do(service.revise_plan, patient_id=patient_id)

    second = pharmacy.do(service.revise_plan, patient_id=patient_id, reasons={"careplans.revise": "therapy changed"})
    pharmacy.do(service.strike, plan_id=second, kind="interventions", number=1)
    pharmacy.do(service.sign_plan, plan_id=second, patient_name="ZZTEST Alder")

    newest, oldest = pharmacy.ask(queries.plan_versions, patient_id=patient_id)
    assert [(newest.number, newest.state), (oldest.number, oldest.state)] == [(2, "active"), (1, "superseded")]
    assert newest.reason == "therapy changed"
    assert [(d.kind, d.number, d.after) for d in newest.changed] == [("interventions", 1, "")]
    assert all(signature.holds for signature in (*newest.signatures, *oldest.signatures))


def test_one_plan_a_patient(file_pharmacy: Pharmacy) -> None:
    patient_id, _ = a_plan(file_pharmacy)

    with pytest.raises(Refused, match="Revise it instead"):
        file_pharmacy.do(service.start_plan, patient_id=patient_id, templates=[templates()["common"]])
    with pytest.raises(Refused, match="no care plan yet"):
        file_pharmacy.do(
            service.revise_plan, patient_id=a_patient(file_pharmacy, last_name="ZZTEST Other", prescriber_npi="1003000126")
        )


def test_the_starting_text_follows_the_drug_then_the_therapy() -> None:
    assert template_for("vancomycin", "antibiotic") == "vancomycin"
    assert template_for("ceftriaxone", "antibiotic") == "antibiotic"
    assert template_for("something new", "nothing known") == "common"


def test_an_altered_record_no_longer_carries_its_signature(file_pharmacy: Pharmacy) -> None:
    patient_id, plan_id = a_plan(file_pharmacy)
    file_pharmacy.do(service.sign_plan, plan_id=plan_id, patient_name="ZZTEST Alder")
    with file_pharmacy.store.engines.writing.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER care_plan_signed_no_update")
        connection.exec_driver_sql("UPDATE care_plan SET content = replace(content, '38.0', '39.0')")

    row = file_pharmacy.ask(queries.current_plan, patient_id=patient_id)

    assert row is not None
    assert [signature.holds for signature in row.signatures] == [False]
    assert row.signatures[0].text().endswith("SIGNATURE DOES NOT MATCH THIS RECORD")
    assert replace(row.signatures[0], holds=True).text().endswith("approved")
