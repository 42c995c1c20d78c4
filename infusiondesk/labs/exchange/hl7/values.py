"""A laboratory's message as values: every text as it was written, and what can be understood of it beside."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final

_TIME: Final = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.(\d{1,6})\d*)?([+-]\d{4})?\Z")
_NUMBER: Final = re.compile(r"\s*(<=|>=|<|>|≤|≥)?\s*([+-]?\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})\s*\Z")
_COMPARATORS: Final = {"≤": "<=", "≥": ">=", "=": ""}
_NULL: Final = '""'  # HL7's way of saying "delete what you have": nothing to read


@dataclass(frozen=True)
class Moment:
    """A time as written. Where it has no offset, the one of the message's own time counts (HL7 2.5.1, 2.A.22)."""

    written: str = ""
    sender_offset: str = ""

    @property
    def at(self) -> datetime | None:
        """The time, aware where an offset is known; None where nothing can be read. A mere day is its first minute."""
        found = _TIME.match(self.written.strip())
        if found is None:
            return None
        month, day = (int(found[part] or 1) for part in (2, 3))
        hour, minute, second = (int(found[part] or 0) for part in (4, 5, 6))
        micro = int((found[7] or "").ljust(6, "0"))
        try:
            return datetime(int(found[1]), month, day, hour, minute, second, micro, _zone(found[8] or self.sender_offset))
        except ValueError:
            return None

    @property
    def on(self) -> date | None:
        """The day, where at least a whole day is written."""
        return self.at.date() if self.at is not None and len(self.written.strip()) >= 8 else None

    @property
    def is_whole_day(self) -> bool:
        """True when only a day is written, so that hours counted from it are uncertain."""
        return self.at is not None and len(self.written.strip()) <= 8

    @property
    def offset(self) -> str:
        found = _TIME.match(self.written.strip())
        return (found[8] or "") if found else ""


def _zone(offset: str) -> timezone | None:
    """The zone of +HHMM; an impossible one raises ValueError."""
    if not offset:
        return None
    hours, minutes = int(offset[1:3]), int(offset[3:5])
    if minutes > 59:
        raise ValueError(offset)
    shift = timedelta(hours=hours, minutes=minutes)
    return UTC if not shift else timezone(-shift if offset[0] == "-" else shift)


@dataclass(frozen=True)
class Coded:
    """A code with its text and system, as HL7's CE and CWE carry it, and the second coding beside it."""

    code: str = ""
    text: str = ""
    system: str = ""
    other_code: str = ""
    other_text: str = ""
    other_system: str = ""

    @property
    def words(self) -> str:
        return next((each for each in (self.text, self.other_text, self.code, self.other_code) if each.strip()), "")


@dataclass(frozen=True)
class PatientId:
    """A number under which somebody knows the patient."""

    value: str
    authority: str = ""
    kind: str = ""


@dataclass(frozen=True)
class PatientAsWritten:
    """The patient as the message writes them; nothing is corrected."""

    ids: tuple[PatientId, ...] = ()
    family: str = ""
    given: str = ""
    middle: str = ""
    birth: Moment = Moment()
    sex: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Specimen:
    """What was drawn, when, when it reached the laboratory, and why it was turned away if it was."""

    kind: Coded = Coded()
    collected: Moment = Moment()
    received: Moment = Moment()
    rejected_because: str = ""


@dataclass(frozen=True)
class Result:
    """One line of a report. `values` holds repetitions, each a tuple of components."""

    set_id: str = ""
    value_type: str = ""
    code: Coded = Coded()
    sub_id: str = ""
    values: tuple[tuple[str, ...], ...] = ()
    unit: Coded = Coded()
    reference_range: str = ""
    flags: tuple[str, ...] = ()
    status: str = ""
    observed: Moment = Moment()
    analysed: Moment = Moment()
    laboratory: str = ""
    comments: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The value as it was written, repetitions and components with the customary signs between."""
        return "~".join("^".join(each) for each in self.values)

    @property
    def is_empty(self) -> bool:
        return self.written.strip() in ("", _NULL)

    @property
    def number(self) -> Decimal | None:
        return None if (found := self._reading()) is None else found[1]

    @property
    def comparator(self) -> str:
        """<, >, <= or >= where the laboratory says no more than that."""
        return "" if (found := self._reading()) is None else found[0]

    @property
    def words(self) -> str:
        """What a person reads: the text of a coded value, else the value as written."""
        if self.value_type in ("CE", "CWE", "CNE") and self.values:
            padded = (*self.values[0], "", "", "", "", "", "")[:6]
            return Coded(*padded).words
        return self.written

    @property
    def unit_written(self) -> str:
        return self.unit.code or self.unit.text

    def _reading(self) -> tuple[str, Decimal] | None:
        if len(self.values) != 1 or self.value_type in ("CE", "CWE", "CNE", "ED", "RP"):
            return None
        parts = self.values[0]
        if self.value_type == "SN":
            comparator, number, *more = (*parts, "", "")[: max(2, len(parts))]
            parts = (comparator.strip().removeprefix("=") + number, *(each for each in more if each.strip()))
        found = _NUMBER.match(parts[0]) if len(parts) == 1 else None
        if found is None:
            return None
        sign = found[1] or ""
        return _COMPARATORS.get(sign, sign), Decimal(found[2])


@dataclass(frozen=True)
class Report:
    """The results of one order. A report without order numbers holds lines that stood under no order."""

    placer_order: str = ""
    filler_order: str = ""
    service: Coded = Coded()
    observed: Moment = Moment()
    reported: Moment = Moment()
    status: str = ""
    specimens: tuple[Specimen, ...] = ()
    results: tuple[Result, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PatientReports:
    """What a message says of one patient."""

    patient: PatientAsWritten
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True)
class Message:
    """One ORU^R01. `processing` T or D marks a test or training message; `notes` say what was doubtful in reading it."""

    control_id: str
    sent: Moment
    application: str
    facility: str
    processing: str
    version: str
    patients: tuple[PatientReports, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)
