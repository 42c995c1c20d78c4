"""The order verification record: the order as verified, every alert it raised, how each was settled, what was not checked."""

from dataclasses import dataclass
from datetime import datetime

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.paper.pieces import Column, Words, level
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone


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
    sheet.heading("What it was judged by")
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


def _settled(alert: OrderAlert) -> Words:
    if not alert.disposition:
        return Words("open", shape=Shape.RING)
    by = ", ".join(part for part in (alert.settled_by, moment(alert.settled_at) if alert.settled_at else "") if part)
    return Words(alert.disposition, shape=Shape.CHECK, tone=Tone.INK, second=by)
