"""Taking a patient on: the gate is asked with what chart, orders and screening say, a pharmacist settles and signs."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from infusiondesk.assessments import service
from infusiondesk.assessments.queries import assessment_of, assessments_of, current_assessment
from infusiondesk.assessments.rules import Facts, FirstDose, Help, Home, Leave, OrderedTherapy, Prescribing, assess
from infusiondesk.assessments.rules import may_dispense as judged
from infusiondesk.assessments.rules.answers import AssessmentDraft, SettleDraft
from infusiondesk.assessments.rules.standing import Case, GateView, standing
from infusiondesk.catalog.queries import drug_of
from infusiondesk.foundation.kernel.ismp import amount, moment
from infusiondesk.foundation.kernel.people import Area, Role, query, verb
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork
from infusiondesk.interactions.queries import AlertRow, screening_of
from infusiondesk.interactions.rules import Access, Alert, PotassiumSum, Screening, Unchecked
from infusiondesk.interactions.service import knowledge_in_force
from infusiondesk.orders.queries import OrderRow, order_version, orders_of
from infusiondesk.orders.rules import Method, ReceivedBy, State
from infusiondesk.patients.queries import chart_facts, prescribers
from infusiondesk.patients.rules.facts import PatientFacts, PrescriberFacts
from infusiondesk.patients.rules.words import PatientStatus, Standing
from infusiondesk.patients.service import accept_patient
from infusiondesk.prescriptions.queries import program_queries_of

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
_OPEN: Final = (State.ENTERED, State.CLARIFICATION, State.VERIFIED, State.HELD)
_SCHEDULES: Final = {"": 0, "CII": 2, "CIII": 3, "CIV": 4, "CV": 5}
# Licensed and excluded, as far as the one word on file says it.
_STANDINGS: Final[dict[Standing, tuple[bool | None, bool | None]]] = {
    Standing.GOOD: (True, False),
    Standing.NOT_LICENSED: (False, None),
    Standing.EXCLUDED: (None, True),
    Standing.NOT_CHECKED: (None, None),
}


@verb(Area.ASSESSMENTS, *_PHARMACISTS, does="settle a finding")
def settle_finding(uow: UnitOfWork, *, assessment_id: UUID, rule: str, about: str, because: str, draft: SettleDraft) -> None:
    """A reason under a HOLD that stands with the answers as they are kept."""
    row = assessment_of(uow, assessment_id=assessment_id)
    cases = cases_of(uow, row.patient_id, row.answers)
    service.settle_finding(uow, assessment_id=assessment_id, rule=rule, about=about, because=because, draft=draft, cases=cases)


@verb(Area.ASSESSMENTS, *_PHARMACISTS, does="sign an assessment")
def sign_assessment(uow: UnitOfWork, *, assessment_id: UUID, draft: AssessmentDraft) -> UUID:
    """Ask the gate once more and sign; who accepts a patient in intake thereby takes the patient (clinical 9.1), all or nothing."""
    row = assessment_of(uow, assessment_id=assessment_id)
    chart = chart_facts(uow, patient_id=row.patient_id)
    cases = cases_of(uow, row.patient_id, draft)
    service.sign_assessment(uow, assessment_id=assessment_id, draft=draft, cases=cases, patient_name=chart.name)
    if draft.is_accepted and chart.status in (PatientStatus.INTAKE, PatientStatus.PENDING):
        accept_patient(uow, patient_id=row.patient_id)
    return row.id


@query(Area.ASSESSMENTS)
def findings_of(reading: Reading, *, patient_id: UUID, draft: AssessmentDraft | None = None) -> GateView:
    """What the gate says of the newest assessment now; with `draft`, as if those were its answers."""
    rows = assessments_of(reading, patient_id=patient_id)
    is_accepted = chart_facts(reading, patient_id=patient_id).status is PatientStatus.ACCEPTED
    if not rows:
        return GateView(())
    cases = cases_of(reading, patient_id, draft or rows[0].answers)
    found = standing(cases, rows[0].dispositions, patient=str(patient_id))
    return GateView(found, is_accepted and rows[0].state == "current")


def may_dispense(at: Reading, order_version_id: UUID) -> Leave:
    """Whether a dose of this order version may leave, by the current assessment and the facts of this hour (clinical 1.1, 1.5)."""
    order = order_version(at, version_id=order_version_id)
    if sentence := assessment_obstacle(at, order.patient_id):
        return Leave(False, (), (sentence,))
    row = current_assessment(at, patient_id=order.patient_id)
    if row is None:  # said above
        return Leave(False, (), ())
    findings = assess(_facts(at, order.patient_id, row.answers, order), knowledge_in_force(at).knowledge)
    return judged(findings, row.dispositions, patient=str(order.patient_id), order_version=str(order.id))


def assessment_obstacle(at: Reading, patient_id: UUID) -> str | None:
    """Why no assessment opens the way to a dispense, or None."""
    row = current_assessment(at, patient_id=patient_id)
    if row is None or row.signed_at is None:
        return "No pharmacist has signed an assessment of this patient."
    if not all(name.holds for name in row.signatures):
        return f"Assessment {row.number} is not what was signed."
    if not row.answers.is_accepted:
        return f"Assessment {row.number} declined this patient."
    for stay in chart_facts(at, patient_id=patient_id).stays:
        if stay.discharged_at is not None and stay.discharged_at > row.signed_at:
            back = moment(at.local(stay.discharged_at))
            return f"The patient came back from hospital on {back} and was not assessed again since."
    return None


def cases_of(at: Reading, patient_id: UUID, answers: AssessmentDraft) -> tuple[Case, ...]:
    """The gate's findings for every open order, or once without an order."""
    knowledge = knowledge_in_force(at).knowledge
    return tuple(Case(one.version, one.subject, assess(one.facts, knowledge)) for one in facts_of(at, patient_id, answers))


@dataclass(frozen=True)
class OrderFacts:
    """What the gate looks at for one order version."""

    version: str
    subject: str
    facts: Facts


def facts_of(at: Reading, patient_id: UUID, answers: AssessmentDraft) -> tuple[OrderFacts, ...]:
    """The facts for the newest version of every open order; one set without an order while there is none."""
    orders = [row for row in orders_of(at, patient_id=patient_id) if row.is_current and row.state in _OPEN]
    if not orders:
        return (OrderFacts("", "no order yet", _facts(at, patient_id, answers, None)),)
    return tuple(
        OrderFacts(str(row.id), f"Rx {row.rx_number} version {row.number}, {row.sig}", _facts(at, patient_id, answers, row))
        for row in orders
    )


def _facts(at: Reading, patient_id: UUID, answers: AssessmentDraft, order: OrderRow | None) -> Facts:
    chart = chart_facts(at, patient_id=patient_id)
    return Facts(
        help=Help(
            is_nurse_administered=answers.nurse_gives,
            is_patient_independent=answers.patient_independent,
            has_willing_and_able_caregiver=answers.caregiver_able,
            needs_nurse=True if order is not None and order.method == Method.NURSE_INJECTION else answers.nurse_needed,
            has_nursing_agency=answers.nursing_accepted,
            has_barrier=answers.has_barrier,
            is_barrier_compensated=answers.barrier_compensated,
        ),
        home=Home(
            has_working_phone=answers.phone_works,
            uses_electric_pump=None if order is None else order.method == Method.ELECTRIC_PUMP,
            has_safe_power=answers.power_safe,
            has_battery_plan=answers.battery_plan,
            needs_refrigeration=answers.cold_product,
            has_refrigerator=answers.refrigerator,
            has_running_water=answers.running_water,
            has_clean_prep_area=answers.clean_area,
            has_danger=answers.danger,
            minutes_to_emergency_department=_decimal(answers.minutes_to_ed),
            has_emergency_services=answers.emergency_services,
        ),
        prescribing=_prescribing(at, chart, answers, order),
        therapy=_therapy(at, chart, answers, order),
        first_dose=_first_dose(answers, order),
        access=_access(chart),
        screening=None if order is None else _screening(at, order),
    )


def _prescribing(at: Reading, chart: PatientFacts, answers: AssessmentDraft, order: OrderRow | None) -> Prescribing:
    who: PrescriberFacts | None = chart.prescriber
    if order is not None:
        who = next((one for one in prescribers(at, text=order.prescriber_npi) if one.npi == order.prescriber_npi), None)
    is_licensed, is_excluded = _STANDINGS[who.standing] if who is not None else (None, None)
    return Prescribing(
        npi=who.npi if who is not None else None,
        is_licensed=is_licensed,
        is_excluded=is_excluded,
        has_community_prescriber=True if chart.followed_by is not None else answers.followed_at_home,
        has_lab_orders=_written(order.lab_protocol) if order is not None else None,
        has_lab_reviewer=_written(order.lab_reviewer) if order is not None else None,
    )


def _therapy(at: Reading, chart: PatientFacts, answers: AssessmentDraft, order: OrderRow | None) -> OrderedTherapy:
    weight = chart.weight.value if chart.weight is not None else None
    height = chart.height.value if chart.height is not None else None
    if order is None:
        return OrderedTherapy(weight_kg=weight, height_cm=height)
    # A written order carries the prescriber's signature; what was only spoken does not until somebody says so.
    signed = answers.order_signed if order.received_by == ReceivedBy.VERBAL or answers.order_signed is False else True
    return OrderedTherapy(
        drug=order.ingredient,
        dose=amount(order.dose_amount, order.dose_unit),
        route=order.route,
        frequency=order.often,
        duration=f"{(order.stop_on - order.start_on).days + 1} days",
        is_signed=signed,
        is_anti_infective=order.therapy_class == "anti_infective",
        has_stop_date=True,
        has_infectious_disease_or_prescriber_review=order.reviewed_by_infectious_diseases or None,
        controlled_schedule=_SCHEDULES.get(drug_of(at, drug_id=order.drug_id).controlled),
        has_valid_dea_prescription=answers.dea_prescription,
        is_monitoring_program_checked=bool(program_queries_of(at, [order.order_id])) or answers.monitoring_checked,
        is_weight_based="/kg" in f"{order.ordered_unit} {order.dose_unit}" or bool(order.nutrients or order.desired_rise_percent),
        is_height_based="/m2" in order.ordered_unit,
        weight_kg=weight,
        height_cm=height,
    )


def _first_dose(answers: AssessmentDraft, order: OrderRow | None) -> FirstDose:
    return FirstDose(
        # The order knows whether this drug was ever received; the assessment, whether it was borne.
        was_given_and_tolerated=None if order is None else (answers.tolerated if order.had_before else False),
        is_other_product=answers.other_product,
        weeks_since_last=_decimal(answers.weeks_since_last),
        exposure_days=answers.exposure_days,
        is_continued_from_hospital=answers.continued_from_hospital,
        has_reacted_to_class=answers.reacted_to_class,
        has_anaphylaxis_orders=True if order is not None and order.anaphylaxis_kit else answers.anaphylaxis_orders,
        has_kit=answers.kit_ready,
        has_nurse_on_site=answers.nurse_on_site,
    )


def _access(chart: PatientFacts) -> Access | None:
    """A central device before any other; how the order runs through it is judged by the screening."""
    present = sorted((one for one in chart.devices if one.removed_on is None), key=lambda one: not one.is_central)
    if not present:
        return None
    device = present[0]
    return Access(device.type.name.lower(), device.type.value, device.lumens or 1, True if device.tip_confirmed else None)


def _screening(at: Reading, order: OrderRow) -> Screening | None:
    """The newest screen of this version, without what a pharmacist has answered there and without what the gate asks itself."""
    row = screening_of(at, order_version_id=order.id)
    if row is None:
        return None
    alerts = tuple(_alert(one) for one in row.alerts if one.answer is None and not one.b.startswith("order:"))
    names = tuple(Unchecked(one.name, one.suggestion or None) for one in row.unchecked if one.is_open)
    return Screening(alerts, names, PotassiumSum(None, ()), (), ())


def _alert(row: AlertRow) -> Alert:
    return Alert(
        row.a, row.b, row.level, row.rules[0], row.rules[1:], row.text, row.sources, (row.a, row.b), row.unsigned_rules, ()
    )


def _written(text: str) -> bool | None:
    return True if text.strip() else None


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)
