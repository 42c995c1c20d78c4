"""Reads laboratory results: ORU^R01 messages in, values out; each message is taken whole or refused in one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from infusiondesk.labs.exchange.hl7.segments import Segment, Unreadable, open_envelope, read_header, read_segments
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

_OTHER_KINDS: Final = {
    "ACK": "an acknowledgement",
    "ADT": "patient administration",
    "BAR": "billing accounts",
    "DFT": "charges",
    "MDM": "a document",
    "MFN": "a master file",
    "OMG": "an order",
    "OML": "a laboratory order",
    "ORM": "an order",
    "OUL": "specimen-oriented laboratory results",
    "PPR": "problems",
    "RDE": "a pharmacy order",
    "RDS": "a dispense",
    "REF": "a referral",
    "SIU": "an appointment",
    "VXU": "a vaccination",
}


@dataclass(frozen=True)
class Refusal:
    """One message of a file that was not taken, and why: `message` is its number in the file."""

    message: int
    control_id: str
    sentence: str
    segment: int | None
    field: str | None


@dataclass(frozen=True)
class MessagesRead:
    """What came of a file: every message is in one of the two lists."""

    messages: tuple[Message, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...] = ()


def read_messages(content: bytes) -> MessagesRead:
    """Read a file, a batch or an MLLP block; raise Unreadable only where there is no message at all in it."""
    envelope = open_envelope(content)
    taken: list[Message] = []
    refused: list[Refusal] = []
    for number, lines in enumerate(envelope.messages, 1):
        control_id = ""
        try:
            header = read_header(lines)
            control_id = header.text(10)
            taken.append(_message(header, lines))
        except Unreadable as error:
            refused.append(Refusal(number, control_id, error.sentence, error.segment, error.field))
    return MessagesRead(tuple(taken), tuple(refused), tuple(envelope.notes))


def read_message(content: bytes) -> Message:
    """Read exactly one message, as a listener gets it; raise Unreadable otherwise."""
    envelope = open_envelope(content)
    if len(envelope.messages) != 1:
        raise Unreadable(f"One message was expected; {len(envelope.messages)} came.")
    lines = envelope.messages[0]
    return _message(read_header(lines), lines)


@dataclass
class _ReportDraft:
    heading: Report
    specimens: list[Specimen] = field(default_factory=list)
    results: list[tuple[Result, list[str]]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass
class _PatientDraft:
    patient: Segment
    reports: list[_ReportDraft] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def _message(header: Segment, lines: Sequence[bytes]) -> Message:
    _check_kind(header)
    raw = read_segments(lines)
    header = raw.header  # now in the message's own character set
    sent = Moment(header.text(7))
    patients = _patients(raw.segments[1:], sent.offset)
    if not patients:
        raise Unreadable("The message has no PID segment, so nobody knows whose results these are.", field="PID")
    return Message(
        header.text(10),
        sent,
        header.text(3),
        header.text(4),
        header.text(11),
        header.text(12),
        tuple(_patient_reports(draft, sent.offset) for draft in patients),
        raw.notes,
    )


def _check_kind(header: Segment) -> None:
    kind, event = header.text(9).strip(), header.text(9, 2).strip()
    if (kind, event) in (("ORU", "R01"), ("ORU", "")):
        return
    named = f"{kind}^{event}" if event else kind
    words = f" ({_OTHER_KINDS[kind]})" if kind in _OTHER_KINDS else ""
    said = f"it is {named}{words}" if kind else "it does not say what it is"
    raise Unreadable(f"Segment 1, field MSH-9: {said}, not ORU^R01 (results).", segment=1, field="MSH-9")


def _patients(segments: Iterable[Segment], offset: str) -> list[_PatientDraft]:
    """Put each line under its order and each order under its patient; comments go to what stands before them."""
    patients: list[_PatientDraft] = []
    order: Segment | None = None
    comments: list[str] = []
    for segment in segments:
        if segment.name == "PID":
            patients.append(_PatientDraft(segment))
            order, comments = None, patients[-1].comments
        elif segment.name in ("OBR", "OBX", "SPM") and not patients:
            words = f"Segment {segment.number} ({segment.name}) comes before any PID, so nobody knows whose it is."
            raise Unreadable(words, segment=segment.number, field="PID")
        elif segment.name == "ORC":
            order = segment
        elif segment.name == "OBR":
            patients[-1].reports.append(_ReportDraft(_heading(segment, order, offset)))
            order, comments = None, patients[-1].reports[-1].comments
        elif segment.name == "OBX":
            comments = []
            _open_report(patients[-1]).results.append((_result(segment, offset), comments))
        elif segment.name == "SPM":
            _open_report(patients[-1]).specimens.append(_specimen(segment, offset))
        elif segment.name == "NTE" and patients:
            comments.append("~".join(segment.unescaped(each) for each in segment.repetitions(3)))
    return patients


def _open_report(patient: _PatientDraft) -> _ReportDraft:
    if not patient.reports:
        patient.reports.append(_ReportDraft(Report()))
    return patient.reports[-1]


def _patient_reports(draft: _PatientDraft, offset: str) -> PatientReports:
    return PatientReports(_patient(draft, offset), tuple(_report(each) for each in draft.reports))


def _report(draft: _ReportDraft) -> Report:
    heading = draft.heading
    results = tuple(_commented(result, comments) for result, comments in draft.results)
    return Report(
        heading.placer_order,
        heading.filler_order,
        heading.service,
        heading.observed,
        heading.reported,
        heading.status,
        tuple(draft.specimens),
        results,
        tuple(each for each in draft.comments if each),
    )


def _commented(result: Result, comments: Iterable[str]) -> Result:
    return replace(result, comments=tuple(each for each in comments if each))


def _patient(draft: _PatientDraft, offset: str) -> PatientAsWritten:
    pid = draft.patient
    # PID-2 and PID-4 are the older places of the same kind of number; senders still use them.
    written = [each for number in (3, 2, 4) for each in pid.repetitions(number)]
    ids = tuple(PatientId(pid.part(each, 1), pid.part(each, 4), pid.part(each, 5)) for each in written)
    names = [each for each in pid.repetitions(5) if pid.part(each, 1) or pid.part(each, 2)] or [""]
    return PatientAsWritten(
        tuple(each for each in ids if each.value),
        pid.part(names[0], 1),
        pid.part(names[0], 2),
        pid.part(names[0], 3),
        Moment(pid.text(7)),
        pid.text(8),
        tuple(each for each in draft.comments if each),
    )


def _heading(obr: Segment, orc: Segment | None, offset: str) -> Report:
    """An order number that OBR leaves out stands in the ORC before it."""
    placer = obr.text(2) or (orc.text(2) if orc else "")
    filler = obr.text(3) or (orc.text(3) if orc else "")
    return Report(placer, filler, _coded(obr, 4), Moment(obr.text(7), offset), Moment(obr.text(22), offset), obr.text(25))


def _specimen(spm: Segment, offset: str) -> Specimen:
    return Specimen(_coded(spm, 4), Moment(spm.text(17), offset), Moment(spm.text(18), offset), _coded(spm, 21).words)


def _result(obx: Segment, offset: str) -> Result:
    return Result(
        obx.text(1),
        obx.text(2),
        _coded(obx, 3),
        obx.whole(4),
        tuple(obx.parts(each) for each in obx.repetitions(5)),
        _coded(obx, 6),
        obx.whole(7),
        tuple(flag for each in obx.repetitions(8) if (flag := obx.part(each, 1))),
        obx.text(11),
        Moment(obx.text(14), offset),
        Moment(obx.text(19), offset),
        obx.text(23) or obx.text(15, 2) or obx.text(15),
        (),
    )


def _coded(segment: Segment, number: int) -> Coded:
    parts = segment.parts(segment.repetitions(number)[0]) if segment.repetitions(number) else ()
    return Coded(*parts[:6])
