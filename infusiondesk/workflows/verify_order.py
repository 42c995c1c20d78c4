"""Verifying an order: gather the whole profile, screen it, keep what was found, refuse what is open, sign."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from infusiondesk.catalog.queries import DrugRow, drug_of
from infusiondesk.catalog.rules import FirstDoseRisk
from infusiondesk.foundation.kernel.npi import npi_is_valid
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions.queries import screening
from infusiondesk.interactions.rules import (
    Alert,
    Knowledge,
    Level,
    PotassiumSum,
    Profile,
    Unchecked,
    screen,
)
from infusiondesk.interactions.rules.alerts import used_row
from infusiondesk.interactions.rules.levels import rule_rank
from infusiondesk.interactions.service import Found, knowledge_in_force, record_screening
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.queries import controlled_policy
from infusiondesk.inventory.rules.policy import ControlledPolicy
from infusiondesk.labs.queries import latest_of
from infusiondesk.orders.queries import OrderRow, last_days, order_version, orders_of
from infusiondesk.orders.rules import Body, GateFacts, Working, gate, not_judged
from infusiondesk.orders.rules.by_size import dose_change, weight_change, weight_of
from infusiondesk.orders.rules.ways import Ways, judge_way
from infusiondesk.orders.rules.work_out import work_out
from infusiondesk.orders.service import sign_verification
from infusiondesk.patients.queries import chart_facts, prescribers
from infusiondesk.patients.rules.facts import PatientFacts, PrescriberFacts
from infusiondesk.patients.rules.words import Standing
from infusiondesk.prescriptions.queries import program_query_due
from infusiondesk.prescriptions.queries.originals import has_original
from infusiondesk.workflows.gathering import Results, gathered, orders_taken, own_space, results_on_file

_VERIFIERS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
# What the screen can use of a patient's results, and two values of each so far apart that every rule of it would speak for one.
_RESULTS: Final = {
    "potassium": "potassium", "magnesium": "magnesium", "creatinine_clearance": "creatinine clearance", "qtc": "QTc",
}  # fmt: skip
_FAR_APART: Final = (Decimal(0), Decimal(9999))


@verb(Area.ORDERS, *_VERIFIERS, does="screen an order")
def screen_order(uow: UnitOfWork, *, version_id: UUID, results: Results | None = None) -> UUID:
    """Screen the whole profile as this order version would leave it, and keep what was found; returns the screening's key."""
    order = order_version(uow, version_id=version_id)
    if not order.is_current:
        raise Refused(f"Rx {order.rx_number} has a newer version. Screen that one.")
    return _screened(uow, order, results or {}, is_for_verification=False)


@verb(Area.ORDERS, *_VERIFIERS, does="verify an order")
def verify_order(uow: UnitOfWork, *, version_id: UUID, seen: UUID | None = None, results: Results | None = None) -> UUID:
    """Screen once more, refuse what is open, and sign; all or nothing. `seen` is the screening that the pharmacist looked at.

    Returns the key of the screening that the verification stands on. Answers given before count only where the alert is the
    same, on the same order version (clinical 0.2).
    """
    order = order_version(uow, version_id=version_id)
    if order.is_verified:
        raise Refused(f"Version {order.number} of Rx {order.rx_number} is verified already.")
    if not order.is_current:
        words = order.set_aside.words if order.set_aside else "replaced"
        raise Refused(f"Version {order.number} of Rx {order.rx_number} can no longer be verified: {words}.")
    screening_id = _screened(uow, order, results or {}, is_for_verification=True)
    now = screening(uow, screening_id=screening_id)
    if seen is not None and screening(uow, screening_id=seen).keys != now.keys:
        raise Refused("The chart changed since this order was screened. Screen it again and look at what is new.")
    if sentence := now.obstacle():
        raise Refused(sentence)
    sign_verification(uow, version_id=version_id, patient_name=order.patient)
    return screening_id


def _screened(uow: UnitOfWork, order: OrderRow, results: Results, *, is_for_verification: bool) -> UUID:
    in_force = knowledge_in_force(uow)
    knowledge = in_force.knowledge
    patient = chart_facts(uow, patient_id=order.patient_id)
    orders = orders_of(uow, patient_id=order.patient_id)
    on_file = results_on_file(patient, latest_of(uow, patient_id=patient.id), uow.today())
    taken = orders_taken(orders, order)
    whole = gathered(order, taken, last_days(uow, orders), patient, {**on_file, **results}, uow.today(), knowledge)
    profile = whole.profile
    result = screen(profile, knowledge)
    drug = drug_of(uow, drug_id=order.drug_id)
    working = work_out(
        order, Body.of(patient, uow.today()), knowledge.ingredient_of(drug.ingredient), drug.therapy_class, knowledge.doses,
        profile.results.get("creatinine_clearance"), drug.ingredient,
    )  # fmt: skip
    judge_way(working, order, Ways(drug.name, drug.routes, drug.iv_ways, drug.reviewed_by or ""))
    policy = controlled_policy(uow, shipped=shipped_policy())
    asked = program_query_due(uow, order_id=order.order_id) if drug.controlled else ""
    facts = _gate_facts(order, drug, patient, _prescriber(uow, order), uow.today(), working, policy, asked)
    if drug.controlled:
        facts = replace(facts, has_original=has_original(uow, version_id=order.id))
    alerts = [*own_space(result.alerts, order, profile), *_gate_alert(order, facts), *_dose_alerts(order, working)]
    found = Found(
        subject=f"Rx {order.rx_number} version {order.number}: {order.sig}",
        medicines=len(profile.medicines),
        recognised=sum(knowledge.names.read(medicine.text) is not None for medicine in profile.medicines),
        alerts=sorted(alerts, key=lambda alert: (alert.level.rank, rule_rank(alert.rule), alert.a, alert.b)),
        unchecked=[(_kind(name, profile), name) for name in result.unchecked],
        gaps=(
            *whole.gaps,
            *_missing_results(profile, result.alerts, knowledge),
            *_unknown_amounts(result.potassium),
            *not_judged(facts),
            *working.gaps,
        ),
        knowledge=in_force.version,
        ingredients=result.ingredients,
        rows_read=in_force.rows_of(
            (
                *(row.key for _, row in knowledge.limit_rows(*result.limits_read)),
                *(usual.row.key for usual in working.ranges_read),
            )
        ),
    )
    return record_screening(
        uow, patient_id=order.patient_id, order_version_id=order.id, found=found, is_for_verification=is_for_verification
    )


def _missing_results(profile: Profile, alerts: Sequence[Alert], knowledge: Knowledge) -> list[str]:
    """Results that are on no file and could change an alert of this very profile."""
    known = set(alerts)
    found = []
    for name, words in _RESULTS.items():
        if name in profile.results:
            continue
        supposed = [replace(profile, results={**profile.results, name: value}) for value in _FAR_APART]
        if any(set(screen(one, knowledge).alerts) != known for one in supposed):
            found.append(f"No {words} is on file; with one, an alert could be stricter.")
    return found


def _unknown_amounts(potassium: PotassiumSum) -> list[str]:
    return [f"The amount of potassium in {name} is unknown and was not added up." for name in potassium.unknown]


# What the order itself says -----------------------------------------------------------------------------------


def _prescriber(uow: UnitOfWork, order: OrderRow) -> PrescriberFacts | None:
    found = prescribers(uow, text=order.prescriber_npi)
    return next((one for one in found if one.npi == order.prescriber_npi), None)


def _gate_facts(
    order: OrderRow,
    drug: DrugRow,
    patient: PatientFacts,
    prescriber: PrescriberFacts | None,
    today: date,
    working: Working,
    policy: ControlledPolicy,
    asked: str,
) -> GateFacts:
    risks = {FirstDoseRisk.HIGH: True, FirstDoseRisk.NOT_JUDGED: None}
    standings = {Standing.GOOD: True, Standing.NOT_CHECKED: None}
    body = Body.of(patient, today)
    return GateFacts(
        drug=drug.name,
        therapy_class=drug.therapy_class,
        is_first_dose_dangerous=risks.get(drug.first_dose_risk, False),
        had_before=order.had_before,
        anaphylaxis_kit=order.anaphylaxis_kit,
        reviewed_by_infectious_diseases=order.reviewed_by_infectious_diseases,
        lab_protocol=order.lab_protocol,
        lab_reviewer=order.lab_reviewer,
        dose_unit=order.ordered_unit or order.dose_unit,
        has_weight=weight_of(order, body) is not None,
        is_controlled=bool(drug.controlled),
        prescriber_has_dea=bool(prescriber and prescriber.dea.strip()),
        prescriber_npi_is_valid=npi_is_valid(order.prescriber_npi),
        prescriber_is_in_good_standing=standings.get(prescriber.standing, False) if prescriber else None,
        working=tuple(working.lines),
        problem=working.problem.sentence if working.problem else "",
        weight_change=weight_change(order, body),
        dose_change=dose_change(order, working),
        is_c2=drug.controlled == "CII",
        received_by=order.received_by,
        fax_is_original=policy.fax_is_original,
        program_query=asked,
        program_level=policy.level,
    )


def _gate_alert(order: OrderRow, facts: GateFacts) -> list[Alert]:
    return [
        Alert(
            a=order.drug,
            b=f"order:{finding.side}",
            level=Level(finding.level),
            rule=finding.rule,
            other_rules=(),
            text=finding.because,
            sources=("clinical 1.3",),
            written=(order.drug, finding.side),
            unsigned_rules=(),
            statuses=("policy",),
        )
        for finding in gate(facts)
    ]


def _dose_alerts(order: OrderRow, working: Working) -> list[Alert]:
    """A remark for each range that the dose lies outside of; plausibility is R40 (clinical 1.3)."""
    return [
        Alert(
            a=order.drug,
            b="order:dose",
            level=Level.WARN,
            rule="R40",
            other_rules=(),
            text=f"{outside.words.rstrip('.')}: compare with the source",
            sources=(outside.usual.row.source,),
            written=(order.drug, "dose"),
            unsigned_rules=() if outside.usual.row.is_signed else ("R40",),
            statuses=(outside.usual.row.status,),
            rows=(used_row("R40", outside.usual.row),),
        )
        for outside in working.outside
    ]


def _kind(name: Unchecked, profile: Profile) -> str:
    if any(medicine.text == name.name for medicine in profile.medicines):
        return "medicine"
    return "allergy" if any(allergy.substance == name.name for allergy in profile.allergies) else "flush"
