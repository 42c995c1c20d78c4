"""Verifying an order: gather the whole profile, screen it, keep what was found, refuse what is open, sign."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from infusiondesk.catalog.queries import DrugRow, drug_of
from infusiondesk.catalog.rules import FirstDoseRisk
from infusiondesk.dosing.rules import Height
from infusiondesk.dosing.rules import Sex as SexOfFormulas
from infusiondesk.dosing.rules.renal import creatinine_clearance
from infusiondesk.foundation.kernel.npi import npi_is_valid
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions.queries import screening
from infusiondesk.interactions.rules import (
    Access,
    Alert,
    Allergy,
    Knowledge,
    Level,
    PotassiumSum,
    Profile,
    Severity,
    Unchecked,
    Written,
    screen,
)
from infusiondesk.interactions.rules.alerts import used_row
from infusiondesk.interactions.rules.levels import rule_rank
from infusiondesk.interactions.service import Found, knowledge_in_force, record_screening
from infusiondesk.labs.queries import LatestResult, latest_of
from infusiondesk.orders.queries import OrderRow, last_days, order_version, orders_of
from infusiondesk.orders.rules import Body, FlushMethod, GateFacts, State, Working, day_amount, gate, not_judged
from infusiondesk.orders.rules.by_size import dose_change, weight_change, weight_of
from infusiondesk.orders.rules.work_out import work_out
from infusiondesk.orders.service import sign_verification
from infusiondesk.patients.queries import chart_facts, prescribers
from infusiondesk.patients.rules.facts import AllergyFacts, DeviceFacts, HomeMedicationFacts, PatientFacts, PrescriberFacts
from infusiondesk.patients.rules.words import AllergySeverity, DeviceType, Sex, Standing

_VERIFIERS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
Results = Mapping[str, Decimal]
"""Results in the screen's words: potassium (mmol/L), magnesium (mg/dL), creatinine_clearance (mL/min), qtc (ms).

What a caller gives stands in for the latest result on file; a QTc is on no file yet.
"""

_DEVICES: Final = {
    DeviceType.PIV: "piv", DeviceType.MIDLINE: "midline", DeviceType.PICC: "picc", DeviceType.TUNNELED: "tunneled",
    DeviceType.NONTUNNELED: "nontunneled", DeviceType.PORT: "port", DeviceType.HD: "hd", DeviceType.SC: "sc",
    DeviceType.IT: "it", DeviceType.EPIDURAL: "epidural", DeviceType.IO: "io",
}  # fmt: skip
_ROUTES: Final = {"intrathecal": "it"}
_OVER: Final = (State.COMPLETED, State.DISCONTINUED)
_SPINAL: Final = {"intrathecal": DeviceType.IT, "epidural": DeviceType.EPIDURAL}
# Conditions the screen knows by name that a diagnosis code states; source: ICD-10-CM.
_CONDITIONS: Final = {"D75.82": "hit history", "Z99.2": "dialysis", "G70.0": "myasthenia gravis"}
_SEXES: Final = {Sex.FEMALE: SexOfFormulas.F, Sex.MALE: SexOfFormulas.M}
_IN_MG: Final = {"mg": Decimal(1), "g": Decimal(1000), "mcg": Decimal("0.001")}
_HEPARIN_LOCK: Final = Written(text="heparin flush", is_order=True, route="flush")
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


@dataclass(frozen=True)
class _Profile:
    """The profile as the rules take it, and what could not be put into it."""

    profile: Profile
    gaps: tuple[str, ...]


def _screened(uow: UnitOfWork, order: OrderRow, results: Results, *, is_for_verification: bool) -> UUID:
    in_force = knowledge_in_force(uow)
    knowledge = in_force.knowledge
    patient = chart_facts(uow, patient_id=order.patient_id)
    orders = orders_of(uow, patient_id=order.patient_id)
    on_file = _results_on_file(patient, latest_of(uow, patient_id=patient.id), uow.today())
    taken = _orders_taken(orders, order)
    gathered = _gathered(order, taken, last_days(uow, orders), patient, {**on_file, **results}, uow.today(), knowledge)
    profile = gathered.profile
    result = screen(profile, knowledge)
    drug = drug_of(uow, drug_id=order.drug_id)
    working = work_out(
        order, Body.of(patient, uow.today()), knowledge.ingredient_of(drug.ingredient), drug.therapy_class, knowledge.doses,
        profile.results.get("creatinine_clearance"),
    )  # fmt: skip
    facts = _gate_facts(order, drug, patient, _prescriber(uow, order), uow.today(), working)
    alerts = [*_own_space(result.alerts, order, profile), *_gate_alert(order, facts), *_dose_alerts(order, working)]
    found = Found(
        subject=f"Rx {order.rx_number} version {order.number}: {order.sig}",
        medicines=len(profile.medicines),
        recognised=sum(knowledge.names.read(medicine.text) is not None for medicine in profile.medicines),
        alerts=sorted(alerts, key=lambda alert: (alert.level.rank, rule_rank(alert.rule), alert.a, alert.b)),
        unchecked=[(_kind(name, profile), name) for name in result.unchecked],
        gaps=(
            *gathered.gaps,
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


def profile_seen_from(
    order: OrderRow, orders: Sequence[OrderRow], ended: Mapping[UUID, date], patient: PatientFacts,
    latest: Mapping[str, LatestResult], today: date, knowledge: Knowledge,
) -> Profile:  # fmt: skip
    """The whole profile of an order's patient as that order would leave it.

    `orders` are all versions of the patient's orders, `ended` the last day of therapy of each, `latest` the newest results.
    """
    results = _results_on_file(patient, latest, today)
    return _gathered(order, _orders_taken(orders, order), ended, patient, results, today, knowledge).profile


def _results_on_file(patient: PatientFacts, latest: Mapping[str, LatestResult], today: date) -> dict[str, Decimal]:
    """The newest value of each analyte of the chart, and the creatinine clearance; what cannot be worked out is left out."""
    found = {name: one.value for name, one in latest.items()}
    try:
        clearance = creatinine_clearance(
            age_years=Decimal(patient.age_on(today)),
            sex=_SEXES.get(patient.sex),
            height=Height(patient.height.value) if patient.height else None,
            weight_kg=patient.weight.value if patient.weight else None,
            creatinine_mg_dl=latest["creatinine"].value if "creatinine" in latest else None,
        ).values["creatinine_clearance_ml_min"]
    except Refused:
        return found
    return found | {"creatinine_clearance": clearance} if isinstance(clearance, Decimal) else found


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


# What is taken ------------------------------------------------------------------------------------------------


def _orders_taken(rows: Sequence[OrderRow], order: OrderRow) -> list[OrderRow]:
    """One version of every order: the one being looked at, else the signed one in force, else the newest; none if cancelled."""
    found: dict[UUID, OrderRow] = {order.order_id: order}
    for row in sorted(rows, key=lambda row: row.number):
        if row.order_id == order.order_id or row.state is State.CANCELLED:
            continue
        known = found.get(row.order_id)
        if known is None or row.is_verified or not known.is_verified:
            found[row.order_id] = row
    return list(found.values())


def _gathered(
    order: OrderRow, orders: Iterable[OrderRow], ended: Mapping[UUID, date], patient: PatientFacts, results: Results,
    today: date, knowledge: Knowledge,
) -> _Profile:  # fmt: skip
    gaps: list[str] = []
    weight = patient.weight.value if patient.weight else None
    medicines = [_ordered(row, ended.get(row.order_id), weight, today, knowledge, gaps) for row in orders]
    medicines += [_HEPARIN_LOCK for row in orders if row.heparin_ml and row.state not in (State.COMPLETED, State.DISCONTINUED)][:1]
    medicines += [_home(medicine, today, knowledge) for medicine in patient.home_medications]
    device, others = _device(patient.devices, order)
    access = _access(device, order)
    if device is None and order.route == "iv":
        gaps.append("No access device is on file: the order was judged as if through a peripheral line.")
    gaps += [f"A second device was not judged: {other.text()}." for other in others]
    conditions = {name for one in patient.diagnoses for code, name in _CONDITIONS.items() if one.code.upper().startswith(code)}
    profile = Profile(
        medicines=tuple(medicines),
        allergies=tuple(map(_allergy, patient.allergies)),
        has_no_known_drug_allergies=patient.no_known_allergies_on is not None,
        age_years=Decimal(patient.age_on(today)),
        access=access,
        conditions=frozenset(conditions),
        results=dict(results),
    )
    return _Profile(profile, tuple(gaps))


def _ordered(
    row: OrderRow, last: date | None, weight_kg: Decimal | None, today: date, knowledge: Knowledge, gaps: list[str]
) -> Written:
    is_over = row.state in _OVER
    text = row.ingredient
    if row.diluent.strip():
        mixed = f"{row.ingredient} in {row.diluent.strip()}"
        if knowledge.names.read(mixed) is not None:
            text = mixed
        else:
            gaps.append(f"The diluent “{row.diluent.strip()}” was not recognised and not judged against {row.drug}.")
    reading = knowledge.names.read(row.ingredient)
    keys = reading.keys if reading else frozenset()
    is_penicillin_g = keys == {"penicillin g"} or keys >= {"penicillin g", "potassium"}  # alone it is taken for its potassium salt
    a_day = day_amount(row.regimen)
    mg = row.dose_amount * _IN_MG[row.dose_unit] if row.dose_unit in _IN_MG else None
    return Written(
        text=text,
        is_order=True,
        route=_ROUTES.get(row.route, row.route),
        is_continuous=row.interval_hours is None,
        planned_days=Decimal((row.stop_on - row.start_on).days + 1),
        flush=row.flush.strip() or None if row.flush_method != FlushMethod.NONE else None,
        charted=f"{row.sig} (Rx {row.rx_number})",
        indication=row.indication,
        dose_mg_kg=mg / weight_kg if mg is not None and weight_kg else None,
        osmolarity_mosm_l=row.osmolarity_mosm_l,
        potassium_meq_day=row.potassium_meq or (a_day if row.dose_unit == "mEq" and "potassium" in keys else None),
        calcium_meq_day=row.calcium_meq or (a_day if row.dose_unit == "mEq" and "calcium" in keys else None),
        penicillin_million_units_day=a_day / 1_000_000 if row.dose_unit == "units" and is_penicillin_g else None,
        stopped_days_ago=Decimal((today - (last or row.stop_on)).days) if is_over else None,
    )


def _home(medicine: HomeMedicationFacts, today: date, knowledge: Knowledge) -> Written:
    """The name, with its details where they can be read (a strength can decide a level)."""
    whole = re.sub(r"\s+", " ", f"{medicine.name} {medicine.details}").strip()
    text = whole if knowledge.names.read(whole) is not None else medicine.name
    stopped = Decimal((today - medicine.stopped_on).days) if medicine.stopped_on else None
    charted = f"{whole} (home medicine)"
    return Written(text=text, is_order=False, stopped_days_ago=stopped, charted=charted)


def _allergy(allergy: AllergyFacts) -> Allergy:
    reaction = "; ".join(part for part in (allergy.reaction, allergy.mechanism) if part)
    severity = None
    if allergy.severity is AllergySeverity.SEVERE_SKIN:
        severity = Severity.SEVERE_NON_IGE
    elif allergy.severity is not None:
        severity = Severity(allergy.severity.value)
    return Allergy(allergy.substance, reaction or None, severity)


def _device(devices: Sequence[DeviceFacts], order: OrderRow) -> tuple[DeviceFacts | None, list[DeviceFacts]]:
    """The device the order goes through (a spinal one for its route, else central before peripheral), and the others."""
    present = [device for device in devices if device.removed_on is None]
    space = _SPINAL.get(order.route)
    spaces = (DeviceType.SC, *_SPINAL.values())

    def rank(device: DeviceFacts) -> int:
        if space is not None:
            return 0 if device.type is space else 1
        return 0 if device.is_central else (2 if device.type in spaces else 1)

    ranked = sorted(present, key=rank)
    chosen = ranked[0] if ranked else None
    return chosen, [device for device in ranked[1:] if device.type not in spaces]


def _access(device: DeviceFacts | None, order: OrderRow) -> Access | None:
    if device is None:
        return Access("unknown", "no device on file") if order.route == "iv" else None
    return Access(
        device=_DEVICES[device.type],
        written=device.type.value,
        lumens=device.lumens or 1,
        is_tip_confirmed=True if device.tip_confirmed is not None else None,
        charted=device.text(),
    )


def _own_space(alerts: Iterable[Alert], order: OrderRow, profile: Profile) -> list[Alert]:
    """Where a spinal order was judged against its spinal device, the other orders do not run through that device."""
    if order.route not in _SPINAL:
        return list(alerts)
    mine = profile.medicines[0].text
    return [alert for alert in alerts if alert.rule != "V05" or mine in alert.written]


# What the order itself says -----------------------------------------------------------------------------------


def _prescriber(uow: UnitOfWork, order: OrderRow) -> PrescriberFacts | None:
    found = prescribers(uow, text=order.prescriber_npi)
    return next((one for one in found if one.npi == order.prescriber_npi), None)


def _gate_facts(
    order: OrderRow, drug: DrugRow, patient: PatientFacts, prescriber: PrescriberFacts | None, today: date, working: Working
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
