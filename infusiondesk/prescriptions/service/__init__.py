"""Prescriptions: kept, counselled about, signed for; the monitoring programme is asked, and told what was dispensed."""

from infusiondesk.prescriptions.service.filling import keep_original, offer_counsel, sign_fill_log
from infusiondesk.prescriptions.service.monitoring import make_report, record_program_query, record_report_sent

__all__ = ["keep_original", "make_report", "offer_counsel", "record_program_query", "record_report_sent", "sign_fill_log"]
