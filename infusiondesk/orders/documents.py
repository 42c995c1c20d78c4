"""The order verification record: the order as verified, every alert it raised, how each was settled, what was not checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from infusiondesk.foundation.kernel.ismp import amount, counted, day, moment, number, span, weight
from infusiondesk.foundation.paper.pieces import Column, Words, level
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone
from infusiondesk.interactions.queries import AlertRow, ScreeningRow, UncheckedRow
from infusiondesk.interactions.rules import Level
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import Pattern, calendar_words
from infusiondesk.orders.rules.figures import CONCENTRATION, MINUTES, RATE, VOLUME, figures
from infusiondesk.orders.rules.parts import flush_words
from infusiondesk.orders.rules.programs import rate_words
from infusiondesk.orders.rules.regimen import step_words
from infusiondesk.orders.rules.working import NUTRIENTS, unkept_lines
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
    """An order as it is read before it is signed, label by label; what was typed and what is derived says so."""
    visits = f"visits: {row.visits}" if row.visits else ""
    contents = ", ".join(part for part in (row.diluent, row.container) if part)
    minutes = f"over {number(row.infusion_minutes)} min{_how_known(row, MINUTES)}" if row.infusion_minutes else ""
    rate = rate_words(row)
    per_ml = f"{number(row.concentration_per_ml)} {row.dose_unit}/mL" if row.concentration_per_ml else ""
    in_words = " ".join(part for part in (f"{number(row.volume_ml)} mL" if row.volume_ml else "", contents) if part)
    facts = (
        ("Dose", row.sig),
        ("Days", span(row.start_on, row.stop_on)),
        ("How", ", ".join(part for part in (row.method, minutes) if part)),
        ("In", f"{in_words}{_how_known(row, VOLUME)}" or "none given"),
        ("Rate", f"{rate}{_how_known(row, RATE)}" if rate else "not derived"),
        ("Rate steps", "; ".join(line.strip() for line in row.rate_steps.splitlines() if line.strip())),
        ("Concentration", f"{per_ml}{_how_known(row, CONCENTRATION)}" if per_ml else "not derived"),
        *_dose_facts(row),
        ("Calendar of doses", calendar_words(row.regimen)),
        ("For", row.indication),
        ("Had it before", "yes" if row.had_before else "no, or not known"),
        ("Anaphylaxis kit", "; ".join(row.kit) or "ordered" if row.anaphylaxis_kit else "not ordered"),
        ("Infectious diseases", "reviewed" if row.reviewed_by_infectious_diseases else "not reviewed"),
        ("Laboratory work", f"{_lab_work(row)}, reviewed by {row.lab_reviewer or 'nobody named'}"),
        ("Flush", _flush(row) or "none ordered"),
        ("Line care", "; ".join(row.line_care) or "none ordered"),
        ("Nursing", "; ".join(part for part in (visits, row.nursing) if part) or "none ordered"),
        ("Supplies", "; ".join(row.supplies) or "none follow"),
        ("Prescriber", ", ".join(part for part in (row.prescriber, f"NPI {row.prescriber_npi}", row.prescriber_phone) if part)),
        (
            "Written",
            f"{day(row.written_on)}, {_refills(row.refills)}" if row.written_on else f"no date given, {_refills(row.refills)}",
        ),
        ("Came", _came(row)),
    )
    return tuple((label, words) for label, words in facts if words)


def _dose_facts(row: OrderRow) -> tuple[tuple[str, str], ...]:
    """How the dose came about, its steps, its program, its ingredients; a label without words does not apply."""
    ordered = f"{number(row.ordered_dose)} {row.ordered_unit}, {row.weight_used or 'actual'} weight" if row.ordered_dose else ""
    told = [f"{label} {number(row.nutrients[name])} {unit}" for name, (label, unit) in NUTRIENTS.items() if name in row.nutrients]
    steps = row.regimen.steps
    pca = row.pattern == Pattern.PCA
    program = [
        f"basal {amount(row.pca_basal or Decimal(0), row.dose_unit)}/h" if pca else "",
        f"bolus {amount(row.pca_bolus, row.dose_unit)}" if row.pca_bolus else "",
        f"lockout {number(row.pca_lockout_minutes)} min" if row.pca_lockout_minutes else "",
        f"limit {amount(row.pca_hour_limit, row.dose_unit)} in an hour" if row.pca_hour_limit else "",
    ]
    return (
        ("Ordered as", ordered),
        ("Desired rise", f"{number(row.desired_rise_percent)}%" if row.desired_rise_percent else ""),
        ("Steps", "; ".join(step_words(step, row.dose_unit) for step in steps)),
        ("PCA program", ", ".join(part for part in program if part)),
        ("Ingredients", ", ".join([*told, row.additives] if row.additives else told)),
        ("Working", "\n".join(f"{line.level}: {line.words}" if line.level else line.words for line in unkept_lines(row.working))),
    )


def _how_known(row: OrderRow, name: str) -> str:
    """Whether somebody typed a figure, or from what it was derived; a volume and a time are typed unless the words say not."""
    if name in row.typed:
        return ", typed" if name in (RATE, CONCENTRATION) else ""
    typed = {one: getattr(row, one) for one in (VOLUME, MINUTES, RATE, CONCENTRATION) if one in row.typed}
    figure = figures(row.dose_amount, row.dose_unit, is_unbroken=row.pattern == Pattern.CONTINUOUS, **typed).known.get(name)
    if figure is None or (row.dose_unit == "mL" and name == VOLUME):
        return ""
    return f", {'volume ' if name == VOLUME else ''}derived from {figure.because}"


def _lab_work(row: OrderRow) -> str:
    return ": ".join(part for part in (row.lab_protocol, row.lab_work) if part) or "none ordered"


def _flush(row: OrderRow) -> str:
    return flush_words(row.flush_method, row.flush, row.flush_ml, row.heparin_units_per_ml, row.heparin_ml)


def _came(row: OrderRow) -> str:
    """How the order came; a verbal one with who gave it, who took it and when it was read back."""
    told = [row.received_by, row.caller, f"taken by {row.receiver}" if row.receiver else ""]
    told += [f"read back {moment(row.read_back_at)}" if row.read_back_at else "", f"entered by {row.entered_by}"]
    return ", ".join(part for part in told if part)


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
        disposition=_disposition(alert),
        settled_by=answer.by if answer else "",
        settled_at=answer.at if answer else None,
    )


def _disposition(alert: AlertRow) -> str:
    """How an alert was settled, with the promise that was made for it and where that stands."""
    if alert.answer is None:
        return "shown" if alert.level is Level.INFO else ""
    promise = alert.answer.promise
    return f"{alert.answer.words()}; {promise.text}" if promise else alert.answer.words()


def _hand_reviewed(name: UncheckedRow) -> str:
    """What was not recognised stays under "not checked", with the review by hand beside it."""
    reviewed = f" {name.answer.words()} ({name.answer.by}, {moment(name.answer.at)})." if name.answer else ""
    return f"“{name.name}” was not recognised.{reviewed}"


def _settled(alert: OrderAlert) -> Words:
    if not alert.disposition:
        return Words("open", shape=Shape.RING)
    by = ", ".join(part for part in (alert.settled_by, moment(alert.settled_at) if alert.settled_at else "") if part)
    return Words(alert.disposition, shape=Shape.CHECK, tone=Tone.INK, second=by)
