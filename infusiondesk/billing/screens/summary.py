"""The per-diem billing summary as a screen hands it to the viewer; the day ledger and the month end print the same paper."""

from functools import partial
from uuid import UUID

from infusiondesk.billing.documents import PerDiemSummary, draw_per_diem_summary
from infusiondesk.billing.exchange.month import MonthLedger, keep_month, summary_of
from infusiondesk.billing.queries import MonthFacts, month_facts
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.kernel.periods import Period
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import printing_of


def print_summary(screen: Screen, patient_id: UUID, month: Period) -> None:
    """Read, count and draw the summary of one patient and month, then let the window show it."""
    desk = screen.desk

    def count(facts: MonthFacts) -> None:
        desk.draw(screen, partial(keep_month, facts), head)

    def head(ledger: MonthLedger) -> None:
        desk.ask(screen, patient_block, partial(describe, ledger), patient_id=patient_id)

    def describe(ledger: MonthLedger, block: PatientBlock) -> None:
        desk.ask(screen, printing_of, partial(draw, summary_of(ledger, block)))

    def draw(facts: PerDiemSummary, printing: Printing) -> None:
        desk.draw(screen, partial(draw_per_diem_summary, facts, printing), partial(show, facts))

    def show(facts: PerDiemSummary, pdf: bytes) -> None:
        name = f"per-diem-{facts.patient.mrn}-{month.start:%Y-%m}.pdf"
        screen.paper_ready.emit(
            PaperShown("Per-diem billing summary", pdf, name, "per_diem_summary", None, patient_id, Area.BILLING)
        )

    desk.ask(screen, month_facts, count, patient_id=patient_id, month=month)
