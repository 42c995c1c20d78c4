"""The nursing visit note on paper: what was found and done in the home, what it raised, and who signed."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from infusiondesk.foundation.kernel.ismp import moment, number
from infusiondesk.foundation.paper.pieces import Column, Text, Words, level
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone
from infusiondesk.visits.queries import VisitRow
from infusiondesk.visits.rules import VITALS, NoteDraft, not_taken


@dataclass(frozen=True)
class Vital:
    """One reading; `flag` is empty where no rule flags it."""

    name: str
    value: str
    unit: str
    at: datetime | None = None
    flag: str = ""


@dataclass(frozen=True)
class VisitSection:
    """One block of the note, label and answer (access, flush, infusion, pump, supplies, plan ...)."""

    title: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class VisitAlert:
    """What a rule raised in the visit, and what the nurse answered; empty while it is open."""

    rule: str
    level: str
    because: str
    answer: str = ""


@dataclass(frozen=True)
class Taught:
    """One topic, how it was taught, to whom, and what they could show."""

    topic: str
    method: str
    learner: str
    teach_back: str


@dataclass(frozen=True)
class Addendum:
    """What was added after the signature; the note itself stays as it was."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class VisitNotePaper:
    """One version of one note."""

    record: RecordMark
    patient: PatientBlock
    kind: str
    nurse: str
    started_at: datetime
    ended_at: datetime
    minutes: int
    place: str
    order_version: str
    written: str
    identifiers: str
    vitals: tuple[Vital, ...]
    sections: tuple[VisitSection, ...]
    alerts: tuple[VisitAlert, ...]
    teaching: tuple[Taught, ...]
    addenda: tuple[Addendum, ...]
    not_checked: tuple[str, ...]
    signatures: tuple[Signature | Unsigned, ...]


def visit_note_paper(
    row: VisitRow, patient: PatientBlock, signatures: tuple[Signature | Unsigned, ...], zone: ZoneInfo
) -> VisitNotePaper:
    """A visit as it is printed; a reading that was not taken stands under what was not checked."""
    note = row.note or NoteDraft()
    started, ended = row.started_at or row.window_start, row.ended_at or row.started_at or row.window_end
    flags = {one["because"].split(" ")[0]: one["because"] for one in row.raised}
    vitals = tuple(
        Vital(title, number(value), limits.unit, None, flags.get(title.split(" ")[0], ""))
        for name, (title, limits) in VITALS.items()
        if (value := getattr(note, name)) is not None
    )
    answers = note.answers
    grade = "" if note.site_grade is None else str(note.site_grade)
    sections = (
        VisitSection(
            "Access device",
            (("Blood return", note.blood_return), ("Site grade", grade), ("Dressing", note.dressing), ("Flush", note.flush)),
        ),
        VisitSection("Infusion", (("Given", note.infusion), ("Anaphylaxis kit", note.kit_present))),
        VisitSection(
            "Supplies and plan",
            (
                ("On hand", note.supplies),
                ("Progress", note.progress),
                ("Next visit", note.next_visit),
                ("Changes since the last visit", note.changes_since),
            ),
        ),
    )
    taught = (Taught(note.teaching or "not said", "", "", note.teach_back),) if note.teaching or note.teach_back else ()
    return VisitNotePaper(
        record=RecordMark(f"V-{row.id.hex[-8:].upper()}", "1"),
        patient=patient,
        kind=row.purpose,
        nurse=row.nurse,
        started_at=started.astimezone(zone),
        ended_at=ended.astimezone(zone),
        minutes=row.minutes or 0,
        place="home",
        order_version="",
        written=row.state.value,
        identifiers="two identifiers" if note.two_identifiers else "",
        vitals=vitals,
        sections=sections,
        alerts=tuple(
            VisitAlert(one["rule"], one["level"], one["because"], answers.get(f"{one['rule']}: {one['because']}", ""))
            for one in row.raised
        ),
        teaching=taught,
        addenda=(),
        not_checked=tuple(f"{title} was not taken." for title in not_taken(note)),
        signatures=signatures or (Unsigned("author"),),
    )


_VITALS = (Column("Reading", 30), Column("Value", 14, is_number=True), Column("Unit", 14), Column("Taken", 20), Column("Flag", 26))
_ALERTS = (Column("Rule", 8), Column("Level", 11), Column("Because", 42), Column("What was done", 40))
_TEACHING = (Column("Topic", 40), Column("How", 20), Column("Learner", 20), Column("Teach-back", 20))


def draw_visit_note(facts: VisitNotePaper, printing: Printing) -> bytes:
    """Draw the note: what it raised first, then what was found."""
    sheet = Sheet(
        title="Nursing visit note",
        subtitle=f"{facts.kind}, {moment(facts.started_at)}",
        record=facts.record,
        printing=printing,
        patient=facts.patient,
    )
    sheet.facts(
        [
            ("Nurse", Words(facts.nurse, strong=True)),
            ("Place", facts.place),
            ("From", moment(facts.started_at)),
            ("To", Words(moment(facts.ended_at), second=f"{facts.minutes} minutes elapsed")),
            ("Order followed", facts.order_version),
            ("Identified by", facts.identifiers),
            ("Written", facts.written),
        ]
    )
    sheet.heading("Alerts")
    sheet.table(
        _ALERTS,
        [
            [
                Words(one.rule, strong=True),
                level(one.level),
                one.because,
                Words(one.answer, shape=Shape.CHECK, tone=Tone.INK) if one.answer else Words("open", shape=Shape.RING),
            ]
            for one in facts.alerts
        ],
        empty="The visit raised no alert.",
    )
    sheet.heading("Vital signs")
    sheet.table(_VITALS, [_vital(one) for one in facts.vitals], empty="No vital sign was taken.")
    for section in facts.sections:
        sheet.heading(section.title)
        sheet.facts(section.answers)
    if facts.teaching:
        sheet.heading("Teaching")
        sheet.table(_TEACHING, [[Words(one.topic, strong=True), one.method, one.learner, one.teach_back] for one in facts.teaching])
    if facts.addenda:
        sheet.heading("Added after the signature")
        sheet.points([Words(one.text, second=f"{one.by}, {moment(one.at)}") for one in facts.addenda])
    sheet.not_checked(facts.not_checked)
    sheet.signatures(facts.signatures)
    return sheet.pdf()


def _vital(one: Vital) -> list[Text]:
    flag: Text = Words(one.flag, strong=True, shape=Shape.TRIANGLE) if one.flag else Words("none", tone=Tone.LABEL)
    return [Words(one.name, strong=True), Words(one.value, strong=True), one.unit, moment(one.at) if one.at else "", flag]
