"""How a story happens: from the referral to the last day, one short step for each thing that somebody does."""

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from infusiondesk.app.demo import laboratory, road
from infusiondesk.app.demo.making import Bench
from infusiondesk.app.demo.pharmacy import DemoPharmacy, Diary
from infusiondesk.app.demo.prescribing import counsel, keep_fax, sign_day
from infusiondesk.app.demo.stories import FIRST_NAMES, STORIES, STREETS, TREES, Story, Therapy
from infusiondesk.assessments.queries import assessments_of
from infusiondesk.assessments.rules.answers import CONSENTS, AssessmentDraft, Decision, SettleCode, SettleDraft
from infusiondesk.assessments.service import keep_answers, start_assessment
from infusiondesk.careplans.exchange import template_for, templates
from infusiondesk.careplans.service import sign_plan, start_plan
from infusiondesk.catalog.queries import drugs
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.interactions.queries import screening_of
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.answers import AnswerDraft, Code, HandReviewDraft
from infusiondesk.interactions.service import dispose_unrecognised, settle_alert
from infusiondesk.orders.exchange import order_parts
from infusiondesk.orders.queries import order_version
from infusiondesk.orders.rules import FlushMethod, OrderDraft, Pattern, ReceivedBy
from infusiondesk.orders.rules.parts import proposed
from infusiondesk.orders.service import change_order, enter_order, hold_order
from infusiondesk.patients import service as patients
from infusiondesk.patients.queries import chart_facts, hospital_stays_of
from infusiondesk.patients.rules.drafts import ReferralDraft
from infusiondesk.patients.rules.entries import (
    AllergyDraft,
    DeviceDraft,
    DiagnosisDraft,
    HomeMedicationDraft,
    HospitalDischargeDraft,
    PlaceDraft,
    StayDraft,
)
from infusiondesk.patients.rules.facts import Finding, Severity
from infusiondesk.patients.rules.plausibility import MeasurementDraft
from infusiondesk.patients.rules.words import (
    CENTRAL,
    DeviceType,
    Document,
    MeasuredHow,
    MeasurementKind,
    MedicationSource,
    ReferralSource,
    TipConfirmation,
)
from infusiondesk.payers.rules.coverage import AuthorizationDraft, CoverageDraft
from infusiondesk.payers.service import add_coverage, enter_authorization
from infusiondesk.prescriptions.rules import QueryDraft
from infusiondesk.prescriptions.service import record_program_query
from infusiondesk.visits.queries import baseline_of
from infusiondesk.visits.rules import NoteDraft, Purpose, ScheduleDraft
from infusiondesk.visits.service import end_visit, keep_note, schedule_visit, sign_note, start_visit
from infusiondesk.workflows.admission import findings_of, settle_finding, sign_assessment
from infusiondesk.workflows.first_dispense import make_active
from infusiondesk.workflows.verify_order import screen_order, verify_order

_EARLY = timedelta(days=2)  # from the referral to the first dose
_C2 = ("morphine", "hydromorphone")  # a C-II prescription does not come by fax (clinical 1.3 R25)
_CENTRAL_LINE: dict[str, Any] = {
    "flush_method": FlushMethod.SAS.value, "flush": "sodium chloride 0.9%", "flush_ml": Decimal(10),
    "line_care": ("Transparent dressing every 7 days, sooner if wet or loose", "Needleless connector every 96 hours"),
}  # fmt: skip
_WATCHED = "watched: the laboratory work of the protocol is ordered"
_LAST_BAGS = 2  # of the last evening's batch: no more than the orders still have doses for
_UNSIGNED = timedelta(days=4)  # the newest fills still wait for the pharmacist's name


@dataclass(frozen=True)
class Around:
    """What every story finds in the pharmacy."""

    last: date
    payers: dict[str, UUID]
    prescribers: tuple[UUID, ...]
    bench: Bench


@dataclass
class Patient:
    """One patient as the demonstration goes on."""

    pharmacy: DemoPharmacy
    around: Around
    story: Story
    number: int
    chance: Random
    id: UUID = field(init=False)
    versions: dict[str, UUID] = field(default_factory=dict)
    drafts: dict[str, OrderDraft] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.last_name}, {self.first_name}"

    @property
    def last_name(self) -> str:
        return f"ZZTEST {TREES[self.number % len(TREES)] if self.number >= len(STORIES) else self.story.tree}"

    @property
    def first_name(self) -> str:
        names = FIRST_NAMES[self.story.sex]
        return names[(self.number + self.number // len(TREES)) % len(names)]

    @property
    def born_on(self) -> date:
        return date(self.story.born - self.number // len(STORIES), 1 + self.number * 5 % 12, 1 + self.number * 7 % 28)

    def day(self, before_last: int) -> date:
        """The day that lies so many days before the last one."""
        return self.around.last - timedelta(days=before_last)

    def is_away(self, on: date) -> bool:
        """Whether the patient is in hospital on this day."""
        return self.story.stay is not None and self.day(self.story.stay[0]) <= on <= self.day(self.story.stay[1])

    def hour(self, hour: int) -> time:
        """An hour of the day, some minutes apart from those of the other patients."""
        return time(hour, self.number * 7 % 60)


def tell(patient: Patient, diary: Diary) -> None:
    """Write a whole story into the diary."""
    story = patient.story
    first = patient.day(story.first)
    arrived = min(first, patient.around.last) - _EARLY
    diary.write(arrived, patient.hour(9), partial(_refer, patient, first))
    diary.write(arrived, patient.hour(12), partial(_chart, patient, first))
    diary.write(arrived, patient.hour(14), partial(_ask, patient))
    if "an order to verify" in story.waiting:
        diary.write(patient.around.last, time(6, 20), partial(_order, patient, story.therapies[0]))
        return
    before = first - timedelta(days=1)
    diary.write(before, patient.hour(10), partial(_assess, patient))
    diary.write(before, patient.hour(11), partial(_plan_care, patient))
    for therapy in story.therapies:
        start = patient.day(therapy.first)
        diary.write(start - timedelta(days=1), patient.hour(8), partial(_order, patient, therapy))
        diary.write(start - timedelta(days=1), patient.hour(9), partial(_verify, patient, therapy))
        if therapy.held is not None:
            diary.write(patient.day(therapy.held), patient.hour(16), partial(_hold, patient, therapy))
        if therapy.making is not None:
            _make(patient, therapy, diary)
    diary.write(first, patient.hour(11), partial(_activate, patient))
    if story.stay is not None:
        diary.write(patient.day(story.stay[0]), time(14, 10), partial(_admit, patient))
        diary.write(patient.day(story.stay[1]), time(15, 10), partial(_come_home, patient))
    _see(patient, diary, first)
    _draw(patient, diary, first)


# Intake ---------------------------------------------------------------------------------------------------------------


def _refer(patient: Patient, first: date) -> None:
    do, story, chance = patient.pharmacy.do, patient.story, patient.chance
    now = patient.pharmacy.clock.at
    name_of = {row.ingredient: row.name for row in patient.pharmacy.ask(drugs)}
    draft = ReferralDraft(
        today=first,
        first_name=patient.first_name,
        last_name=patient.last_name,
        born_on=patient.born_on,
        sex=story.sex,
        street=f"{chance.randint(1, 240)} {chance.choice(STREETS)}",
        city="Springfield",
        state="IL",
        postcode="62701",
        phone=f"217-555-{100 + patient.number % 900:04}",
        contact_name=f"{patient.last_name}, {chance.choice(('Ada', 'Carl', 'Ellen', 'Frank'))}",
        contact_relation="family",
        contact_phone=f"217-555-{1000 + patient.number:04}",
        emergency_class=1 if story.device is DeviceType.TUNNELED else 2,
        received_at=now - timedelta(minutes=20),
        source=ReferralSource.HOSPITAL if patient.number % 2 == 0 else ReferralSource.PHYSICIAN_OFFICE,
        referring_person="ZZTEST Case Manager",
        referring_phone="217-555-0101",
        start_of_care_at=patient.pharmacy.moment(first, time(10)),
        therapy=", ".join(name_of[therapy.ingredient] for therapy in story.therapies),
        documents=tuple(Document),
        prescriber_id=patient.around.prescribers[patient.number % len(patient.around.prescribers)],
    )
    patient.id = do(patients.receive_referral, "maple", draft=draft)
    do(patients.acknowledge_referral, "maple", patient_id=patient.id)
    do(patients.begin_intake, "maple", patient_id=patient.id)


def _chart(patient: Patient, first: date) -> None:
    do, story, on = patient.pharmacy.do, patient.story, today(patient.pharmacy.clock)
    chart = partial(do, by="maple", patient_id=patient.id)
    if story.allergy is None:
        chart(patients.confirm_no_known_allergies)
    else:
        chart(patients.enter_allergy, draft=AllergyDraft(*story.allergy))
    for kind, value in ((MeasurementKind.WEIGHT, story.weight), (MeasurementKind.HEIGHT, story.height)):
        measured = MeasurementDraft(on, kind, Decimal(value), on, MeasuredHow.STATED)
        chart(patients.enter_measurement, draft=measured)
    chart(patients.enter_diagnosis, draft=DiagnosisDraft(on, story.code, story.meaning, is_primary=True))
    chart(patients.enter_device, draft=_device(story, on))
    chart(patients.set_place_of_care, draft=PlaceDraft(story.place, "", on))
    for name, details in story.medicines:
        chart(patients.enter_home_medication, draft=HomeMedicationDraft(name, details, source=MedicationSource.PATIENT))
    prescriber = patient.around.prescribers[patient.number % len(patient.around.prescribers)]
    chart(patients.choose_prescriber, prescriber_id=prescriber, follows_at_home=True)
    coverage = CoverageDraft(
        patient.around.payers[story.payer], f"ZZ{40000 + patient.number}", "", "", 1, date(first.year - 1, 1, 1)
    )
    coverage_id = chart(add_coverage, draft=coverage)
    chart(patients.verify_benefits)
    for number, therapy in enumerate(story.therapies, 1):
        start, end = patient.day(therapy.first), patient.day(-therapy.after)
        authorized = AuthorizationDraft(f"ZZ{patient.number:03}-{number}", therapy.code, start, end, (end - start).days + 1)
        do(enter_authorization, "maple", coverage_id=coverage_id, draft=authorized)


def _device(story: Story, on: date) -> DeviceDraft:
    draft = DeviceDraft(on, type=story.device, lumens=story.lumens, inserted_on=on - timedelta(days=1))
    if story.device is DeviceType.PICC:
        draft.arm, draft.vein, draft.external_cm = "right", "basilic", Decimal(2)
    if story.tip is not None:
        draft.tip, draft.tip_confirmed, draft.tip_confirmed_on = story.tip, TipConfirmation.CHEST_XRAY, on - timedelta(days=1)
    return draft


def _answers(patient: Patient) -> AssessmentDraft:
    """A home in which everything is in order, and what only one kind of therapy asks for."""
    kinds = {therapy.code for therapy in patient.story.therapies}
    return AssessmentDraft(
        nurse_gives=False,
        patient_independent=True,
        nurse_needed=True,
        nursing_accepted=True,
        nursing_agency="our own nurses",
        has_barrier=False,
        phone_works=True,
        power_safe=True,
        battery_plan=True,
        cold_product=True,
        refrigerator=True,
        running_water=True,
        clean_area=True,
        danger=False,
        minutes_to_ed=patient.chance.randint(8, 25),
        emergency_services=True,
        followed_at_home=True,
        order_signed=True,
        dea_prescription=True if "S9326" in kinds else None,
        monitoring_checked=True if "S9326" in kinds else None,
        consents=CONSENTS,
        tolerated=True,
        first_dose_where="in hospital, before discharge",
        reacted_to_class=False,
        anaphylaxis_orders=True,
        kit_ready=True,
        nurse_on_site=True,
        continued_from_hospital=True if "S9366" in kinds else None,
        other_product=False if "S9338" in kinds else None,
        weeks_since_last=3 if "S9338" in kinds else None,
        exposure_days=180 if "S9345" in kinds else None,
    )


def _ask(patient: Patient) -> None:
    """Intake asks; the pharmacist decides later."""
    assessment_id = patient.pharmacy.do(start_assessment, "maple", patient_id=patient.id)
    patient.pharmacy.do(keep_answers, "maple", assessment_id=assessment_id, draft=_answers(patient))


def _assess(patient: Patient) -> None:
    """Every open HOLD answered, the decision taken; with it a patient in intake is accepted."""
    pharmacy = patient.pharmacy
    row = pharmacy.ask(assessments_of, patient_id=patient.id)[0]
    for finding in pharmacy.ask(findings_of, patient_id=patient.id).findings:
        if finding.is_open:
            answer = SettleDraft(
                SettleCode.MONITORED.value, _WATCHED, "Dr ZZTEST Maplewood", pharmacy.clock.at - timedelta(minutes=5), True
            )
            pharmacy.do(
                settle_finding, "hazel", assessment_id=row.id, rule=finding.rule, about=finding.about, because=finding.because,
                draft=answer,
            )  # fmt: skip
    draft = replace(row.answers, decision=Decision.ACCEPT.value)
    pharmacy.do(sign_assessment, "rowan", assessment_id=row.id, draft=draft)


def _plan_care(patient: Patient) -> None:
    known = templates()
    therapy_of = {row.ingredient: row.therapy for row in patient.pharmacy.ask(drugs)}
    keys = ["common", *(template_for(one.ingredient, therapy_of[one.ingredient]) for one in patient.story.therapies)]
    plan_id = patient.pharmacy.do(start_plan, "rowan", patient_id=patient.id, templates=[known[key] for key in dict.fromkeys(keys)])
    patient.pharmacy.do(sign_plan, "rowan", plan_id=plan_id, patient_name=patient.name)


def _activate(patient: Patient) -> None:
    """What this program makes has left by now; a product that comes ready made is said to, and a pharmacist answers for it."""
    if any(therapy.making is not None for therapy in patient.story.therapies if therapy.first == patient.story.first):
        patient.pharmacy.do(make_active, "rowan", patient_id=patient.id)
        return
    ready_made = Finding("9.1", Severity.HOLD, "The product comes ready made; no delivery of it is kept in this program.")
    patient.pharmacy.do(patients.activate_patient, "rowan", patient_id=patient.id, findings=(ready_made,))


# Orders ---------------------------------------------------------------------------------------------------------------


def _order(patient: Patient, therapy: Therapy) -> None:
    ids = {row.ingredient: row.id for row in patient.pharmacy.ask(drugs)}
    draft = OrderDraft(
        drug_id=ids[therapy.ingredient],
        prescriber_id=patient.around.prescribers[patient.number % len(patient.around.prescribers)],
        dose_amount=therapy.amount,
        dose_unit=therapy.unit,
        route=therapy.route,
        pattern=(Pattern.CONTINUOUS if therapy.every_hours is None else Pattern.INTERVAL).value,
        interval_hours=None if therapy.every_hours is None else Decimal(therapy.every_hours),
        infusion_minutes=None if therapy.minutes is None else Decimal(therapy.minutes),
        method=therapy.method.value,
        diluent=therapy.diluent,
        container=therapy.container,
        volume_ml=None if therapy.volume is None else Decimal(therapy.volume),
        start_on=patient.day(therapy.first),
        stop_on=patient.day(-therapy.after),
        indication=therapy.indication or patient.story.meaning,
        had_before=therapy.had_before,
        anaphylaxis_kit=True,
        kit=tuple(proposed(order_parts(), "kit")),
        lab_protocol=therapy.protocol,
        lab_reviewer="ZZTEST Rowan",
        visits="weekly" if patient.story.visit_days == 7 else "",
        **(_CENTRAL_LINE if patient.story.device in CENTRAL and therapy.route == "iv" else {}),
        received_by=(ReceivedBy.E_RX if therapy.ingredient in _C2 else ReceivedBy.FAX).value,
        received_at=patient.pharmacy.clock.at - timedelta(minutes=15),
        reviewed_by_infectious_diseases=True,
        written_on=today(patient.pharmacy.clock),
    )
    patient.drafts[therapy.ingredient] = draft
    version_id = patient.pharmacy.do(enter_order, "birch", patient_id=patient.id, draft=draft)
    patient.versions[therapy.ingredient] = version_id
    keep_fax(patient.pharmacy, version_id)


def _verify(patient: Patient, therapy: Therapy) -> None:
    """Screen, answer what is open as a pharmacist would, sign."""
    pharmacy, version_id = patient.pharmacy, patient.versions[therapy.ingredient]
    screening_id = pharmacy.do(screen_order, "rowan", version_id=version_id)
    found = pharmacy.ask(screening_of, order_version_id=version_id)
    for alert in found.at(Level.HOLD) if found is not None else ():
        answer = AnswerDraft(Code.MONITORED, _WATCHED, "Dr ZZTEST Maplewood", pharmacy.clock.at, read_back=True)
        is_first = therapy is patient.story.therapies[0]
        answer.awaited, answer.owner = "lab:potassium" if is_first else "call:prescriber", "pharmacist"
        answer.due_on = today(pharmacy.clock) + timedelta(days=7)
        pharmacy.do(settle_alert, "rowan", screening_id=screening_id, key=alert.key, draft=answer)
    for name in found.unchecked if found is not None else ():
        review = HandReviewDraft("the package insert", "no interaction with the therapy found there")
        pharmacy.do(dispose_unrecognised, "rowan", screening_id=screening_id, key=name.key, draft=review)
    if therapy.ingredient in _C2:
        order = pharmacy.ask(order_version, version_id=version_id)
        pharmacy.do(record_program_query, "rowan", order_id=order.order_id, draft=QueryDraft(is_noted=False))
    pharmacy.do(verify_order, "rowan", version_id=version_id)


def _hold(patient: Patient, therapy: Therapy) -> None:
    order = patient.pharmacy.ask(order_version, version_id=patient.versions[therapy.ingredient])
    patient.pharmacy.do(hold_order, "rowan", order_id=order.order_id, effective_on=today(patient.pharmacy.clock))


def _change(patient: Patient, therapy: Therapy) -> None:
    """The prescriber lowers the dose after the level; the new version waits for a pharmacist."""
    order = patient.pharmacy.ask(order_version, version_id=patient.versions[therapy.ingredient])
    draft = replace(
        patient.drafts[therapy.ingredient],
        dose_amount=Decimal(1000),
        start_on=patient.around.last + timedelta(days=1),
        received_at=patient.pharmacy.clock.at - timedelta(minutes=5),
    )
    patient.pharmacy.do(change_order, "birch", order_id=order.order_id, draft=draft)


# Batches and bags -----------------------------------------------------------------------------------------------------


def _make(patient: Patient, therapy: Therapy, diary: Diary) -> None:
    making = therapy.making
    assert making is not None
    bench, last = patient.around.bench, patient.around.last
    on = patient.day(therapy.first + 1)
    while on < last - timedelta(days=1):
        if not patient.is_away(on) and (therapy.held is None or on < patient.day(therapy.held)):
            batch = bench.write(diary, on, patient, therapy)
            if therapy.warm is not None and on == patient.day(therapy.warm):
                road.write_too_warm(diary, on, patient, therapy, batch, bench)
            elif therapy.stopped is not None and on == patient.day(therapy.stopped):
                road.write_called_back(diary, on, patient, therapy, batch, bench)
            else:
                bench.write_delivery(diary, on, patient, batch)
            if on == patient.day(therapy.first + 1):
                diary.write(on, time(19, patient.number), partial(_counsel, patient, therapy))
            if on < last - _UNSIGNED and on not in bench.signed:
                bench.signed.add(on)
                diary.write(on, time(20), partial(sign_day, patient.pharmacy, on))
        on += timedelta(days=making.every_days)
    evening = last - timedelta(days=1)
    if "a batch to release" in patient.story.waiting:
        bench.write(diary, evening, patient, therapy, release=False)
    elif "bags to send" in patient.story.waiting:
        bench.write(diary, evening, patient, therapy)
    for words in ("a stop of the route", "a box to close"):
        if words in patient.story.waiting:
            some = replace(therapy, making=replace(making, bags=min(making.bags, _LAST_BAGS)))
            # One batch of an order is open at a time: where one waits to be released, this one was made the day before.
            before = timedelta(days=1 if "a batch to release" in patient.story.waiting else 0)
            batch = bench.write(diary, evening - before, patient, some)
            road.write_last_morning(diary, last, patient, batch, bench, is_routed=words == "a stop of the route")


def _counsel(patient: Patient, therapy: Therapy) -> None:
    counsel(patient.pharmacy, patient.versions[therapy.ingredient])


# The hospital ---------------------------------------------------------------------------------------------------------


def _admit(patient: Patient) -> None:
    now = patient.pharmacy.clock.at
    draft = StayDraft(now, now - timedelta(hours=2), "ZZTEST General Hospital", "fever", home_dose_on_admit_day=False)
    patient.pharmacy.do(patients.admit_to_hospital, "aspen", patient_id=patient.id, draft=draft)


def _come_home(patient: Patient) -> None:
    pharmacy, now = patient.pharmacy, patient.pharmacy.clock.at
    stay = next(one for one in pharmacy.ask(hospital_stays_of, patient_id=patient.id) if one.discharged_at is None)
    draft = HospitalDischargeDraft(now, stay.admitted_at, now - timedelta(hours=1), home_dose_on_discharge_day=True)
    pharmacy.do(patients.discharge_from_hospital, "aspen", stay_id=stay.id, draft=draft)
    pharmacy.do(start_assessment, "aspen", patient_id=patient.id)
    _assess(patient)
    pharmacy.do(patients.resume_patient, "rowan", patient_id=patient.id)


# Visits ---------------------------------------------------------------------------------------------------------------


def _see(patient: Patient, diary: Diary, first: date) -> None:
    on, hour = first, 9 + patient.number % 6
    while on < patient.around.last:
        if not patient.is_away(on):
            purpose = Purpose.START_OF_CARE if on == first else Purpose.ROUTINE
            diary.write(on, time(hour + 1, 5 + patient.number % 50), partial(_visit, patient, purpose))
        on += timedelta(days=patient.story.visit_days)
    if "a visit to sign" in patient.story.waiting:
        diary.write(patient.day(1), time(17, 30), partial(_visit, patient, Purpose.DRESSING, signs=False))
    diary.write(patient.day(1), time(18, 20), partial(_expect, patient, on))


def _expect(patient: Patient, on: date) -> None:
    _schedule(patient, Purpose.ROUTINE, on, 10)


def _schedule(patient: Patient, purpose: Purpose, on: date, hour: int) -> UUID:
    start = patient.pharmacy.moment(on, time(hour))
    draft = ScheduleDraft(str(patient.pharmacy.people["aspen"].id), purpose.value, start, start + timedelta(hours=2))
    return patient.pharmacy.do(schedule_visit, "aspen", patient_id=patient.id, draft=draft)


def _visit(patient: Patient, purpose: Purpose, *, signs: bool = True) -> None:
    """A visit that ends now: planned, written, ended, and signed unless it waits for that."""
    pharmacy, chance = patient.pharmacy, patient.chance
    do, ended, length = pharmacy.do, pharmacy.clock.at, chance.randint(38, 55)
    visit_id = _schedule(
        patient, purpose, today(pharmacy.clock), max(0, pharmacy.clock.at.astimezone(pharmacy.clock.zone).hour - 1)
    )
    do(start_visit, "aspen", visit_id=visit_id, at=ended - timedelta(minutes=length))
    baseline = pharmacy.ask(baseline_of, "aspen", patient_id=patient.id)
    facts = pharmacy.ask(chart_facts, "aspen", patient_id=patient.id)
    note = NoteDraft(
        two_identifiers=True,
        allergies_verified=True,
        changes_since="none told",
        temperature_c=Decimal(chance.randint(364, 372)) / 10,
        heart_rate=Decimal(chance.randint(64, 92)),
        respiratory_rate=Decimal(chance.randint(13, 18)),
        systolic=Decimal(chance.randint(112, 138)),
        diastolic=Decimal(chance.randint(64, 82)),
        oxygen_saturation=Decimal(chance.randint(95, 99)),
        weight_kg=facts.weight.value if facts.weight else None,
        external_cm=baseline.external_cm,
        blood_return="brisk" if baseline.is_central else "",
        site_grade=0,
        dressing="changed, site clean and dry",
        flush="flushed without resistance",
        infusion="given as ordered, tolerated",
        kit_present="present, in date",
        teaching="hand washing, signs of infection, whom to call",
        teach_back="independent",
        supplies="enough for a week",
        progress="as expected",
        next_visit=f"in {patient.story.visit_days} days",
        patient_signed="signed on paper",
    )
    do(keep_note, "aspen", visit_id=visit_id, draft=note, baseline=baseline)
    do(end_visit, "aspen", visit_id=visit_id, at=ended)
    if signs:
        do(sign_note, "aspen", visit_id=visit_id, patient_name=patient.name, baseline=baseline)


# The laboratory -------------------------------------------------------------------------------------------------------


def _draw(patient: Patient, diary: Diary, first: date) -> None:
    """A report every so many days, reviewed the same afternoon; a critical one with a call; the last may wait."""
    story = patient.story
    on = first + timedelta(days=3)
    while on < patient.around.last:
        if not patient.is_away(on):
            diary.write(on, patient.hour(14), partial(laboratory.report_and_review, patient.pharmacy, laboratory.Drawn.of(patient)))
        on += timedelta(days=story.lab_days)
    if story.critical is not None:
        drawn = laboratory.Drawn.of(patient, potassium="6.4")
        diary.write(patient.day(story.critical), time(13, 5), partial(laboratory.report_and_review, patient.pharmacy, drawn))
    if "a result to review" in story.waiting:
        drawn = laboratory.Drawn.of(patient, creatinine="1.6", trough="22.4")
        diary.write(patient.around.last, time(6, 5), partial(laboratory.report, patient.pharmacy, drawn))
    if "a change to verify" in story.waiting:
        diary.write(patient.around.last, time(6, 45), partial(_change, patient, story.therapies[0]))
