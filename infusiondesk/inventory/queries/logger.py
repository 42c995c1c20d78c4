"""A logger's file before it is taken: what it says, what of it is on file already, what it would set apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted, moment
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries.monitors import monitors, temperature_rules
from infusiondesk.inventory.records import Location, LoggerImport, TemperatureMonitor, TemperatureReading
from infusiondesk.inventory.rules.logger import LoggerDraft, read_logger_file
from infusiondesk.inventory.rules.logger_watch import (
    Line,
    Outside,
    Span,
    Watched,
    hours_of,
    joined,
    not_monitored,
    outside_of,
    without_known,
)
from infusiondesk.inventory.rules.monitors import Monitor, lapses
from infusiondesk.inventory.rules.temperatures import StorageRange, TemperatureRules, degrees, excursion_words, kinetic_of


@dataclass(frozen=True)
class LoggerLook:
    """Everything a file says of a location; times on the pharmacy's wall clock in `said` only."""

    location: str
    allowed: StorageRange
    monitor: Monitor | None
    lines: int
    began_at: datetime
    ended_at: datetime
    hours: tuple[Watched, ...]
    gaps: tuple[Span, ...]
    outside: Outside | None
    lapse: str
    digest: str
    said: tuple[str, ...]
    summary: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LoggerPreview:
    """What a person sees of a file before it is taken, or why it cannot be."""

    refusal: str = ""
    monitor: str = ""
    lapse: str = ""
    said: tuple[str, ...] = ()
    summary: tuple[tuple[str, str], ...] = ()


@query(Area.INVENTORY)
def preview_logger(reading: Reading, *, location_id: UUID, draft: LoggerDraft, shipped: TemperatureRules) -> LoggerPreview:
    """The same as a taking would do, as words."""
    try:
        look = look_at_logger(reading, location_id=location_id, draft=draft, shipped=shipped)
    except Refused as refused:
        return LoggerPreview(refused.sentence)
    return LoggerPreview("", look.monitor.serial if look.monitor else "none is entered", look.lapse, look.said, look.summary)


@query(Area.INVENTORY)
def look_at_logger(reading: Reading, *, location_id: UUID, draft: LoggerDraft, shipped: TemperatureRules) -> LoggerLook:
    """Read a file whole and weigh it against the location; refused whole where anything of it is wrong. Nothing is kept."""
    location = reading.session.get_one(Location, location_id)
    rules = temperature_rules(reading, shipped=shipped)
    digest = sha256(draft.content).hexdigest()
    _not_twice(reading, location_id, digest)
    file = read_logger_file(draft.content, draft.name, draft.wish(reading.clock.zone))
    if file.lines[-1][0] > reading.clock.now():
        last = moment(reading.local(file.lines[-1][0]))
        raise Refused(f"{draft.name} ends on {last}, which is still to come. Look at the order of the dates and at the zone.")
    watching = monitors(reading, location_id=location_id)
    monitor = _monitor(reading, location, watching, draft, file.serial)
    known = _known(reading, location_id, monitor, file.lines[0][0], file.lines[-1][0])
    lines = without_known(file.lines, known)
    said = list(file.said)
    if not lines:
        raise Refused(f"Every line of {draft.name} lies in a time of {location.name} that is on file already. Nothing was taken.")
    if left := len(file.lines) - len(lines):
        said.append(f"{counted(left, 'line')} of a time that is on file already: left out, the file before counts.")
    gap = rules.policy.logger_gap
    gaps = tuple(not_monitored(file.lines, gap))
    allowed, hours = rules.of(location.kind), tuple(hours_of(lines, gap))
    outside = outside_of(lines, allowed, gap)
    lapse = lapses([monitor] if monitor else watching, reading.today())
    summary = _summary(reading, lines, hours, gaps, outside, allowed, rules.policy.gap_minutes)
    ends = (lines[0][0], lines[-1][0])
    return LoggerLook(
        location.name, allowed, monitor, len(lines), *ends, hours, gaps, outside, lapse, digest, tuple(said), tuple(summary)
    )


def _not_twice(reading: Reading, location_id: UUID, digest: str) -> None:
    taken = sa.select(LoggerImport, Location.name).join(Location, Location.id == LoggerImport.location_id)
    again = reading.session.execute(taken.where(LoggerImport.digest == digest)).first()
    if again is not None:
        row, name = again
        when = f"{moment(reading.local(row.taken_at))} by {row.taken_by}"
        where = "" if row.location_id == location_id else f" for {name}"
        raise Refused(f"This very file was taken on {when}{where}, as {row.file_name}. Nothing was taken.")


def _monitor(reading: Reading, location: Location, watching: Sequence[Monitor], draft: LoggerDraft, serial: str) -> Monitor | None:
    """The monitor that wrote it: the one the file names, else the one that was chosen or the only one."""
    if serial:
        own = next((one for one in watching if one.serial.casefold() == serial.casefold()), None)
        if own is not None:
            return own
        elsewhere = sa.select(Location.name).join(TemperatureMonitor, TemperatureMonitor.location_id == Location.id)
        same = sa.func.lower(TemperatureMonitor.serial) == serial.lower()
        if name := reading.session.scalars(elsewhere.where(same, TemperatureMonitor.retired_at.is_(None))).first():
            raise Refused(f"{draft.name} was written by monitor {serial}, which watches {name}, not {location.name}.")
    if draft.monitor_id is None and len(watching) > 1:
        raise Refused(f"{location.name} has {len(watching)} monitors. Choose which one wrote the file.", field="monitor_id")
    chosen = next((one for one in watching if draft.monitor_id in (None, one.id)), None)
    if chosen is not None and serial and chosen.serial.casefold() != serial.casefold():
        raise Refused(f"{draft.name} names monitor {serial}; {location.name} has {chosen.serial}. Enter the monitor first.")
    return chosen


def _known(reading: Reading, location_id: UUID, monitor: Monitor | None, first: datetime, last: datetime) -> list[Span]:
    """The times of this location that the same monitor's files cover already."""
    chosen = sa.select(TemperatureReading.begun_at, TemperatureReading.read_at).where(
        TemperatureReading.location_id == location_id,
        TemperatureReading.monitor_id == monitor.id if monitor else TemperatureReading.monitor_id.is_(None),
        TemperatureReading.read_at >= first,
        TemperatureReading.begun_at <= last,
    )
    return joined([(row.begun_at, row.read_at) for row in reading.session.execute(chosen)])


def _summary(
    reading: Reading,
    lines: list[Line],
    hours: tuple[Watched, ...],
    gaps: tuple[Span, ...],
    outside: Outside | None,
    allowed: StorageRange,
    minutes: int,
) -> list[tuple[str, str]]:
    def span(begun: datetime, ended: datetime) -> str:
        return f"{moment(reading.local(begun))} to {moment(reading.local(ended))}"

    low, high = min(one.low for one in hours), max(one.high for one in hours)
    mean = kinetic_of(hours)
    told = [
        ("New lines", f"{counted(len(lines), 'line')}, {span(lines[0][0], lines[-1][0])}"),
        ("Lowest, highest", f"{degrees(low)}, {degrees(high)}"),
        ("Mean kinetic", degrees(mean) if mean is not None else "unknown: a single line"),
    ]
    shown = [span(*one) for one in gaps[:5]] + ([f"and {len(gaps) - 5} more"] if len(gaps) > 5 else [])
    told.append((f"Not monitored (over {minutes} min)", "; ".join(shown) or "nothing"))
    if outside is not None:
        told.append(("Excursion", f"{excursion_words(allowed, outside.low, outside.high)} {outside.words.capitalize()}."))
    return told
