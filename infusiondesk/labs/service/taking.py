"""Taking a laboratory's file in: each message is filed, parked or refused with one sentence, and nothing is taken twice."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.labs.exchange.hl7 import (
    Message,
    PatientReports,
    Refusal,
    Report,
    Result,
    lab_results,
    line_of,
    read_messages,
    written_person,
)
from infusiondesk.labs.exchange.hl7.segments import open_envelope
from infusiondesk.labs.exchange.reference import own_tables
from infusiondesk.labs.queries.loading import written_person as person_of
from infusiondesk.labs.records import LabMessage, LabReport, LabResult
from infusiondesk.labs.rules import Candidate, Level, Line, Match, Succession, match, succession
from infusiondesk.labs.rules import LabResult as Judged
from infusiondesk.labs.rules.matching import folded
from infusiondesk.labs.rules.units import as_decimal, convert
from infusiondesk.labs.service.arriving import close_promises
from infusiondesk.labs.service.judging import judge_report, judge_waiting
from infusiondesk.patients.records import Patient
from infusiondesk.patients.rules.words import Sex

TAKERS: Final = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.TECHNICIAN, Role.NURSE, Role.INTAKE)
_STEP: Final = Decimal("1e-8")
_MOST: Final = Decimal(10) ** 10  # what the store keeps exactly; beyond it the words are kept and a person reads them
SEX_LETTERS: Final = {Sex.FEMALE: "F", Sex.MALE: "M"}
_TESTING: Final = {"T": "training", "D": "debugging"}  # HL7 table 0103
_CHANGES: Final = frozenset({"C", "W", "D"})  # HL7 table 0085: corrects, wrong patient, deletes
_STATUS_WORDS: Final = (("C", "corrected"), ("W", "taken back"), ("D", "taken back"), ("P", "preliminary"), ("R", "preliminary"))


@dataclass
class TakenIn:
    """What came of one file; every message of it is counted once."""

    read: int = 0
    matched: int = 0
    parked: int = 0
    repeated: int = 0
    critical: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """In one sentence."""
        words = [f"{self.read} message{'' if self.read == 1 else 's'}: {self.matched} filed, {self.parked} parked"]
        if self.repeated:
            words.append(f"{self.repeated} taken in before")
        if self.refused:
            words.append(f"{len(self.refused)} refused")
        if self.critical:
            words.append(f"{self.critical} with a critical value")
        return ", ".join(words) + "."


@verb(Area.LABS, *TAKERS, does="take laboratory results in")
def take_in(uow: UnitOfWork, *, name: str, data: bytes) -> TakenIn:
    """Take a file of HL7 results in, whole: its good messages, each refused one with its reason; a file without any is refused.

    Of its `name` only the suffix is kept: the names of files carry names of people.
    """
    messages = open_envelope(data).messages
    found = read_messages(data)
    taken = TakenIn(read=len(messages), refused=list(found.refusals), notes=list(found.notes))
    file = _kept_file(uow, name, data, taken)
    new: list[LabReport] = []
    for number, message in zip(_numbers_of_taken(found.refusals, taken.read), found.messages, strict=True):
        digest = hashlib.sha256(b"\r".join(messages[number - 1])).hexdigest()
        new += _take_message(uow, file, digest, number, message, taken)
    if len(taken.refused) == taken.read:
        raise Refused(taken.refused[0].sentence)
    for patient_id in sorted({report.patient_id for report in new if report.patient_id is not None}):
        judge_waiting(uow, patient_id)
    for report in new:
        if report.patient_id is None:
            judge_report(uow, report)
        else:
            close_promises(uow, report)
    taken.critical = sum(report.level is Level.CRITICAL for report in new)
    uow.record(Change("taken in", Area.LABS, LabMessage.__tablename__, file.id, detail=taken.text()))
    return taken


def _numbers_of_taken(refusals: Sequence[Refusal], total: int) -> list[int]:
    refused = {refusal.message for refusal in refusals}
    return [number for number in range(1, total + 1) if number not in refused]


def _kept_file(uow: UnitOfWork, name: str, data: bytes, taken: TakenIn) -> LabMessage:
    """The bytes as they came; of a file that comes again the first copy stays the only one."""
    digest = hashlib.sha256(data).hexdigest()
    known = uow.session.scalars(sa.select(LabMessage).where(LabMessage.sha256 == digest)).first()
    if known is not None:
        taken.notes.append(f"The same file was taken in on {moment(uow.local(known.received_at))}; nothing is doubled.")
        return known
    suffix = PurePath(name).suffix.lower()[:8]
    file = LabMessage(name=f"{digest[:12]}{suffix}", sha256=digest, content=data, received_at=uow.clock.now())
    uow.add(file)
    uow.session.flush()
    return file


def _take_message(uow: UnitOfWork, file: LabMessage, digest: str, number: int, message: Message, taken: TakenIn) -> list[LabReport]:
    """One message, with all its patients; one that came before, in whatever file, is not taken again."""
    if uow.session.scalars(sa.select(LabReport.id).where(LabReport.digest == digest).limit(1)).first() is not None:
        taken.repeated += 1
        return []
    about = [each for each in message.patients if any(report.results or _comments(report) for report in each.reports)]
    if not about:
        sentence = "The message has a patient but no result, so there is nothing to file."
        taken.refused.append(Refusal(number, message.control_id, sentence, None, None))
        return []
    taken.notes += message.notes
    filed = [report for each in about if (report := _take_patient(uow, file, digest, message, each)) is not None]
    taken.repeated += not filed
    taken.parked += any(report.patient_id is None for report in filed)
    taken.matched += bool(filed) and all(report.patient_id is not None for report in filed)
    return filed


def _take_patient(uow: UnitOfWork, file: LabMessage, digest: str, message: Message, written: PatientReports) -> LabReport | None:
    """File or park what a message says of one patient; None where every line of it is known already."""
    person = written_person(written.patient)
    found = _whose(uow, message, match(person, _candidates(uow)))
    reports = [report for report in written.reports if report.results or _comments(report)]
    known = lab_results(reports, own_tables(), uow.clock.zone)
    names = {
        "ids": [_clean(each) for each in person.ids],
        "family": _clean(person.family),
        "given": _clean(person.given),
        "born_on": person.born_on.isoformat() if person.born_on else "",
        "sex": _clean(person.sex),
    }
    patient_id = UUID(found.key) if found.key else None
    lines = list(_new_lines(uow, patient_id, names, reports, known))
    comments = [_clean(words) for report in reports for words in _comments(report)]
    if not lines and any(report.results for report in reports):
        return None
    titles = dict.fromkeys(_clean(report.service.words) for report in reports)
    newest = uow.session.scalars(sa.select(sa.func.max(LabReport.serial))).one()
    times = [line.observed_at for line in lines if line.observed_at is not None]
    laboratories = [_clean(result.laboratory) for report in reports for result in report.results if result.laboratory.strip()]
    report = LabReport(
        serial=(newest or 0) + 1,
        message_id=file.id,
        control_id=_clean(message.control_id),
        digest=digest,
        patient_id=patient_id,
        because=found.because,
        written=names,
        laboratory=next(iter(laboratories), _clean(message.facility)),
        orders=list(dict.fromkeys(line.order_number for line in lines if line.order_number)),
        title=", ".join(title for title in titles if title),
        comments=comments,
        observed_at=max(times, default=None),
        reported_at=max((at for each in reports if (at := _instant(each.reported.at, uow)) is not None), default=None),
        received_at=uow.clock.now(),
        status=_status([line.status for line in lines]),
        level=Level.NOT_EVALUATED,
        judgement={},
        contact={},
    )
    uow.add(report)
    uow.session.flush()
    for number, line in enumerate(lines, 1):
        line.report_id, line.number, line.signed_at = report.id, number, report.received_at
        uow.add(line)
    uow.session.flush()
    uow.record(Change("filed" if patient_id else "parked", Area.LABS, LabReport.__tablename__, report.id, patient_id))
    return report


def _whose(uow: UnitOfWork, message: Message, found: Match) -> Match:
    """A message that calls itself a test is filed by nobody but a person."""
    kind = _TESTING.get(message.processing.strip().upper()[:1])
    if kind is None or uow.site.is_demo:
        return found
    return Match(None, f"The message is marked as {kind}, not as a patient's own: a person decides whether it is real.")


def _candidates(uow: UnitOfWork) -> list[Candidate]:
    wanted = sa.select(Patient.id, Patient.mrn, Patient.last_name, Patient.first_name, Patient.born_on, Patient.sex)
    return [
        Candidate(str(key), (mrn,), family, given, born_on, SEX_LETTERS.get(sex, ""))
        for key, mrn, family, given, born_on, sex in uow.session.execute(wanted)
    ]


def _new_lines(
    uow: UnitOfWork,
    patient_id: UUID | None,
    names: dict[str, Any],
    reports: Sequence[Report],
    known: Sequence[Judged],
) -> Iterator[LabResult]:
    """The lines that are not there yet, each with the earlier one that it completes or corrects."""
    pairs = [(report, result) for report in reports for result in report.results]
    for (report, result), judged in zip(pairs, known, strict=True):
        line = replace(line_of(report, result), status=judged.status)
        found = [(one, how) for one in _earlier(uow, line, judged, patient_id, names) if (how := succession(_line(one), line))]
        if any(how is Succession.REPEATED for _, how in found):
            continue
        earlier, how = found[0] if found else (None, None)
        yield _kept_line(uow, line, result, judged, earlier.id if earlier is not None else None, how)


def _earlier(uow: UnitOfWork, line: Line, judged: Judged, patient_id: UUID | None, names: dict[str, Any]) -> list[LabResult]:
    """The lines of this identity about the same person and draw, the newest first.

    A standing order may use one number for many draws: another time is another result, unless the laboratory says that it corrects.
    """
    order, code, sub_id = line.identity
    if not order:
        return []
    wanted = (
        sa.select(LabReport, LabResult)
        .join(LabReport, LabReport.id == LabResult.report_id)
        .where(LabResult.order_number == _clean(order), LabResult.code == _clean(code), LabResult.sub_id == _clean(sub_id))
        .order_by(LabReport.serial.desc(), LabResult.number.desc())
    )
    own = [
        result
        for report, result in uow.session.execute(wanted)
        if (report.patient_id == patient_id and patient_id is not None) or _is_same_person(report.written, names)
    ]
    at = _instant(judged.collected_at, uow)
    same = [result for result in own if at is None or result.observed_at is None or result.observed_at == at]
    return same or (own if line.status in _CHANGES else [])


def _is_same_person(one: dict[str, Any], other: dict[str, Any]) -> bool:
    people = [person_of(each) for each in (one, other)]
    keys = [(folded(each.family), folded(each.given), each.born_on) for each in people]
    return keys[0] == keys[1] and bool(keys[0][0])


def _line(result: LabResult) -> Line:
    return Line(result.order_number, result.code, result.sub_id, result.status, result.written, result.unit or "")


def _kept_line(
    uow: UnitOfWork, line: Line, result: Result, judged: Judged, corrects_id: UUID | None, how: Succession | None
) -> LabResult:
    tables = own_tables()
    value = _amount(judged.value)
    analyte = tables.analytes.get(judged.analyte)
    converted = convert(analyte, Fraction(value), judged.unit or "") if analyte is not None and value is not None else None
    in_table = None if converted is None else _amount(as_decimal(converted.value))
    order, code, sub_id = line.identity
    return LabResult(
        order_number=_clean(order),
        code=_clean(code),
        code_system=_clean(result.code.system if result.code.code else result.code.other_system),
        sub_id=_clean(sub_id),
        text=_clean(result.code.words),
        analyte=judged.analyte if analyte is not None else None,
        written=_clean(line.value),
        words="" if judged.value is None else _clean(result.words),
        value=value,
        comparator=judged.comparator,
        unit=None if judged.unit is None else _clean(judged.unit),
        reference_range=_clean(result.reference_range),
        lab_flags=[_clean(flag) for flag in result.flags],
        comments=[_clean(words) for words in result.comments],
        status=_clean(judged.status),
        observed_at=_instant(judged.collected_at, uow),
        table_value=in_table,
        table_unit=analyte.unit if analyte is not None and in_table is not None else "",
        converted_by=converted.by if converted is not None and in_table is not None else "",
        corrects_id=corrects_id,
        follows="" if how is None else how.value,
    )


def _amount(value: Decimal | str | None) -> Decimal | None:
    """A number as the store keeps it; one that would lose its size stays words."""
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) >= _MOST:
        return None
    return value.quantize(_STEP)


def _instant(at: datetime | None, uow: UnitOfWork) -> datetime | None:
    """An instant in UTC; a time without an offset is the pharmacy's, an impossible one is none."""
    if at is None:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=uow.clock.zone)).astimezone(UTC)
    except OverflowError:
        return None


def _comments(report: Report) -> list[str]:
    """What the laboratory says beside its lines; a specimen that it turned away first."""
    rejected = [f"Specimen rejected: {each.rejected_because}" for each in report.specimens if each.rejected_because.strip()]
    return [*rejected, *(each for each in report.comments if each.strip())]


def _status(statuses: Sequence[str]) -> str:
    return next((words for status, words in _STATUS_WORDS if status in statuses), "final")


def _clean(text: str) -> str:
    """Text as a database keeps it: HL7 can spell a NUL, which PostgreSQL refuses."""
    return text.replace("\0", "").strip()
