"""The demonstration's laboratory: HL7 messages as one would send them, taken in, and reviewed by the pharmacist."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from infusiondesk.app.demo.pharmacy import DemoPharmacy
from infusiondesk.app.demo.stories import Analyte
from infusiondesk.labs.queries import to_review
from infusiondesk.labs.rules import Level
from infusiondesk.labs.rules.review import ReviewDraft
from infusiondesk.labs.service import review_report, take_in
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.rules.words import Sex

if TYPE_CHECKING:
    from infusiondesk.app.demo.telling import Patient

_WORDS = {"potassium": "Potassium", "creatinine": "Creatinine", "trough": "Vancomycin, trough"}


@dataclass(frozen=True)
class Drawn:
    """One draw of one patient; `instead` are values that are not the usual ones, by the analyte's name."""

    patient: "Patient"
    instead: tuple[tuple[str, str], ...] = ()
    born_wrongly: bool = False

    @classmethod
    def of(cls, patient: "Patient", **instead: str) -> "Drawn":
        return cls(patient, tuple((_WORDS[name], value) for name, value in instead.items()))


def report(pharmacy: DemoPharmacy, drawn: Drawn) -> None:
    """A message arrives and is taken in."""
    pharmacy.do(take_in, "birch", name="results.hl7", data=_message(pharmacy, drawn))


def report_and_review(pharmacy: DemoPharmacy, drawn: Drawn) -> None:
    """A message arrives, and the pharmacist reviews every report of the patient that waits."""
    report(pharmacy, drawn)
    pharmacy.clock.advance(minutes=12)
    for row in pharmacy.ask(to_review):
        if row.patient_id == drawn.patient.id:
            _review(pharmacy, row.id, row.level)


def unmatched(pharmacy: DemoPharmacy, patient: "Patient") -> None:
    """A message whose birth date and record number are wrong: it is parked until somebody knows whose it is."""
    report(pharmacy, replace(Drawn.of(patient), born_wrongly=True))


def _review(pharmacy: DemoPharmacy, report_id: object, level: Level) -> None:
    draft = ReviewDraft(
        interpretation="As expected under this therapy; no sign of harm.", action="no change", dietitian="ZZTEST Olive"
    )
    if level is Level.CRITICAL:
        draft = ReviewDraft(
            interpretation="Potassium high while on spironolactone; no haemolysis reported.",
            action="contact prescriber",
            contact_name="Dr ZZTEST Ashford",
            contacted_at=pharmacy.clock.at - timedelta(minutes=4),
            contact_mode="telephone",
            read_back=True,
            response="stop spironolactone, potassium again tomorrow, ECG today",
        )
    pharmacy.do(review_report, "rowan", report_id=report_id, draft=draft)


def _message(pharmacy: DemoPharmacy, drawn: Drawn) -> bytes:
    patient, now = drawn.patient, pharmacy.clock.at.astimezone(pharmacy.clock.zone)
    facts = pharmacy.ask(chart_facts, patient_id=patient.id)
    mrn, born = facts.mrn, patient.born_on.strftime("%Y%m%d")
    if drawn.born_wrongly:
        mrn, born = "UNKNOWN", patient.born_on.replace(year=patient.born_on.year + 1).strftime("%Y%m%d")
    sex = {Sex.FEMALE: "F", Sex.MALE: "M"}[patient.story.sex]
    sent, taken = (moment.strftime("%Y%m%d%H%M%S%z") for moment in (now, now - timedelta(hours=4)))
    control = f"ZZ{patient.number:03}{now:%m%d%H%M}"
    instead = dict(drawn.instead)
    lines = [_line(number, one, instead.get(one.name) or _value(patient, one)) for number, one in enumerate(patient.story.labs, 1)]
    segments = [
        f"MSH|^~\\&|LABSYS|ZZTEST LAB|DESK|PHARMACY|{sent}||ORU^R01^ORU_R01|{control}|P|2.5.1",
        f"PID|1||{mrn}^^^ZZTEST^MR||{patient.last_name}^{patient.first_name}||{born}|{sex}",
        f"OBR|1||{control}|24320-4^Laboratory panel^LN|||{taken}|||||||||||||||{sent}|||F",
        *lines,
    ]
    return ("\r".join(segments) + "\r").encode()


def _value(patient: "Patient", one: Analyte) -> str:
    """The usual value, give or take a few hundredths of it."""
    value = Decimal(one.value) * (100 + patient.chance.randint(-6, 6)) / 100
    return f"{value:.{one.places}f}"


def _line(number: int, one: Analyte, value: str) -> str:
    low, _, high = one.limits.partition("-")
    flag = "H" if Decimal(value) > Decimal(high) else "L" if Decimal(value) < Decimal(low) else ""
    return f"OBX|{number}|NM|{one.code}^{one.name}^LN||{value}|{one.unit}|{one.limits}|{flag}|||F"
