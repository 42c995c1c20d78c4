"""The whole profile of a patient as one of his orders would leave it, and what could not be put into it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from infusiondesk.dosing.rules import Height
from infusiondesk.dosing.rules import Sex as SexOfFormulas
from infusiondesk.dosing.rules.renal import creatinine_clearance
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.interactions.rules import (
    Access,
    Alert,
    Allergy,
    Knowledge,
    Profile,
    Severity,
    Written,
)
from infusiondesk.labs.queries import LatestResult
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import FlushMethod, State, day_amount
from infusiondesk.patients.rules.facts import AllergyFacts, DeviceFacts, HomeMedicationFacts, PatientFacts
from infusiondesk.patients.rules.words import AllergySeverity, DeviceType, Sex

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


@dataclass(frozen=True)
class Gathered:
    """The profile as the rules take it, and what could not be put into it."""

    profile: Profile
    gaps: tuple[str, ...]


def profile_seen_from(
    order: OrderRow, orders: Sequence[OrderRow], ended: Mapping[UUID, date], patient: PatientFacts,
    latest: Mapping[str, LatestResult], today: date, knowledge: Knowledge,
) -> Profile:  # fmt: skip
    """The whole profile of an order's patient as that order would leave it.

    `orders` are all versions of the patient's orders, `ended` the last day of therapy of each, `latest` the newest results.
    """
    results = results_on_file(patient, latest, today)
    return gathered(order, orders_taken(orders, order), ended, patient, results, today, knowledge).profile


def results_on_file(patient: PatientFacts, latest: Mapping[str, LatestResult], today: date) -> dict[str, Decimal]:
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


def orders_taken(rows: Sequence[OrderRow], order: OrderRow) -> list[OrderRow]:
    """One version of every order: the one being looked at, else the signed one in force, else the newest; none if cancelled."""
    found: dict[UUID, OrderRow] = {order.order_id: order}
    for row in sorted(rows, key=lambda row: row.number):
        if row.order_id == order.order_id or row.state is State.CANCELLED:
            continue
        known = found.get(row.order_id)
        if known is None or row.is_verified or not known.is_verified:
            found[row.order_id] = row
    return list(found.values())


def gathered(
    order: OrderRow, orders: Iterable[OrderRow], ended: Mapping[UUID, date], patient: PatientFacts, results: Results,
    today: date, knowledge: Knowledge,
) -> Gathered:  # fmt: skip
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
    return Gathered(profile, tuple(gaps))


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


def own_space(alerts: Iterable[Alert], order: OrderRow, profile: Profile) -> list[Alert]:
    """Where a spinal order was judged against its spinal device, the other orders do not run through that device."""
    if order.route not in _SPINAL:
        return list(alerts)
    mine = profile.medicines[0].text
    return [alert for alert in alerts if alert.rule != "V05" or mine in alert.written]
