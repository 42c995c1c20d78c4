"""The order verification record: the order as verified, every alert it raised, how each was settled, what was not checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from infusiondesk.foundation.kernel.ismp import counted, day, moment, number, span, weight
from infusiondesk.foundation.paper.pieces import Column, Words, level
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone
from infusiondesk.interactions.queries import AlertRow, ScreeningRow, UncheckedRow
from infusiondesk.interactions.rules import Level
from infusiondesk.orders.queries import OrderRow
from infusiondesk.patients.rules.facts import PatientFacts


@dataclass(frozen=True)
class OrderAlert:
    """One alert; `rules` and `sources` list everything that matched, `disposition` is empty while it is open."""

    rules: str
    level: str
    subject: str
    because: str
    sources: str
    disposition: str = ""
    settled_by: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True)
class OrderVerification:
    """One version of one order and its screening."""

    record: RecordMark
    patient: PatientBlock
    rx_number: str
    medicine: str
    order: tuple[tuple[str, str], ...]
    clinical: tuple[tuple[str, str], ...]
    screened: str
    screened_at: datetime
    alerts: tuple[OrderAlert, ...]
    not_checked: tuple[str, ...]
    signatures: tuple[Signature | Unsigned, ...]


_ALERTS = (Column("Level", 11), Column("Alert", 44), Column("Settled", 38))


def draw_order_verification(facts: OrderVerification, printing: Printing) -> bytes:
    """Draw the record; a screening that could not read every name never looks like a clean one."""
    sheet = Sheet(
        title="Order verification record",
        subtitle=f"Rx {facts.rx_number}, {facts.medicine}",
        record=facts.record,
        printing=printing,
        patient=facts.patient,
    )
    sheet.heading("Order as verified", f"version {facts.record.version}")
    sheet.facts(facts.order)
    sheet.heading("From the chart when printed")
    sheet.facts(facts.clinical)
    sheet.heading("Screening", f"{moment(facts.screened_at)}, {facts.screened}")
    nothing = "No alert." if not facts.not_checked else "No alert among what could be checked; see what was not."
    sheet.table(
        _ALERTS,
        [
            [level(one.level), Words(one.subject, strong=True, second=f"{one.because}\n{one.rules}; {one.sources}"), _settled(one)]
            for one in facts.alerts
        ],
        empty=nothing,
    )
    sheet.not_checked(facts.not_checked)
    sheet.signatures(facts.signatures)
    return sheet.pdf()


def order_verification(
    row: OrderRow, screening: ScreeningRow, patient: PatientFacts, block: PatientBlock, signatures: Sequence[Signature]
) -> OrderVerification:
    """A verified version with the screening on which it was signed, as it is printed."""
    weight_kg = patient.weight
    tip = "; ".join(device.text() for device in patient.devices)
    return OrderVerification(
        record=RecordMark(f"RX-{row.rx_number}", str(row.number)),
        patient=block,
        rx_number=str(row.rx_number),
        medicine=row.drug,
        order=order_facts(row),
        clinical=(
            ("Weight", f"{weight(weight_kg.value)}, {day(weight_kg.measured_on)}" if weight_kg else ""),
            ("Line", tip),
            ("Diagnosis", "; ".join(f"{one.code} {one.label}" for one in patient.diagnoses)),
        ),
        screened=screening.headline,
        screened_at=screening.made_at,
        alerts=tuple(_printed(alert) for alert in screening.alerts),
        not_checked=(*(_hand_reviewed(name) for name in screening.unchecked), *screening.gaps),
        signatures=tuple(signatures) or (Unsigned("verified"),),
    )


def order_facts(row: OrderRow) -> tuple[tuple[str, str], ...]:
    """An order as it is read before it is signed, label by label; what is derived says so."""
    minutes = f"over {number(row.infusion_minutes)} min" if row.infusion_minutes else ""
    contents = ", ".join(part for part in (row.diluent, row.container) if part)
    per_ml = f"{number(row.concentration_per_ml)} {row.dose_unit}/mL" if row.concentration_per_ml else ""
    return (
        ("Dose", row.sig),
        ("Days", span(row.start_on, row.stop_on)),
        ("How", ", ".join(part for part in (row.method, minutes) if part)),
        ("In", f"{number(row.volume_ml)} mL {contents}" if row.volume_ml else contents or "none given"),
        ("Rate", f"{number(row.rate_ml_per_h)} mL/h, derived from volume and time" if row.rate_ml_per_h else "not derived"),
        ("Concentration", f"{per_ml}, derived from dose and volume" if per_ml else "not derived"),
        ("For", row.indication),
        ("Had it before", "yes" if row.had_before else "no, or not known"),
        ("Anaphylaxis kit", "ordered" if row.anaphylaxis_kit else "not ordered"),
        ("Infectious diseases", "reviewed" if row.reviewed_by_infectious_diseases else "not reviewed"),
        ("Laboratory work", f"{row.lab_protocol or 'none ordered'}, reviewed by {row.lab_reviewer or 'nobody named'}"),
        ("Flush", row.flush or "none ordered"),
        ("Nursing", row.nursing or "none ordered"),
        ("Prescriber", ", ".join(part for part in (row.prescriber, f"NPI {row.prescriber_npi}", row.prescriber_phone) if part)),
        (
            "Written",
            f"{day(row.written_on)}, {_refills(row.refills)}" if row.written_on else f"no date given, {_refills(row.refills)}",
        ),
        ("Came", ", ".join(part for part in (row.received_by, row.caller, f"entered by {row.entered_by}") if part)),
    )


def _refills(refills: int | None) -> str:
    return "refills until the last day" if refills is None else counted(refills, "refill")


def _printed(alert: AlertRow) -> OrderAlert:
    unsigned = f", unsigned: {', '.join(alert.unsigned_rules)}" if alert.unsigned_rules else ""
    answer = alert.answer
    return OrderAlert(
        rules=", ".join(alert.rules) + unsigned,
        level=alert.level.value,
        subject=alert.subject,
        because=alert.text,
        sources="; ".join(alert.sources),
        disposition=answer.words() if answer else ("shown" if alert.level is Level.INFO else ""),
        settled_by=answer.by if answer else "",
        settled_at=answer.at if answer else None,
    )


def _hand_reviewed(name: UncheckedRow) -> str:
    """What was not recognised stays under "not checked", with the review by hand beside it."""
    reviewed = f" {name.answer.words()} ({name.answer.by}, {moment(name.answer.at)})." if name.answer else ""
    return f"“{name.name}” was not recognised.{reviewed}"


def _settled(alert: OrderAlert) -> Words:
    if not alert.disposition:
        return Words("open", shape=Shape.RING)
    by = ", ".join(part for part in (alert.settled_by, moment(alert.settled_at) if alert.settled_at else "") if part)
    return Words(alert.disposition, shape=Shape.CHECK, tone=Tone.INK, second=by)
