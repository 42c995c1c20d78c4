"""HL7 version 2 results: a laboratory's ORU^R01 as values, whole or refused in one sentence."""

from infusiondesk.labs.exchange.hl7.judging import lab_results, line_of, written_person
from infusiondesk.labs.exchange.hl7.reading import MessagesRead, Refusal, read_message, read_messages
from infusiondesk.labs.exchange.hl7.rendering import render
from infusiondesk.labs.exchange.hl7.segments import Delimiters, Unreadable
from infusiondesk.labs.exchange.hl7.values import (
    Coded,
    Message,
    Moment,
    PatientAsWritten,
    PatientId,
    PatientReports,
    Report,
    Result,
    Specimen,
)

__all__ = [
    "Coded",
    "Delimiters",
    "Message",
    "MessagesRead",
    "Moment",
    "PatientAsWritten",
    "PatientId",
    "PatientReports",
    "Refusal",
    "Report",
    "Result",
    "Specimen",
    "Unreadable",
    "lab_results",
    "line_of",
    "read_message",
    "read_messages",
    "render",
    "written_person",
]
