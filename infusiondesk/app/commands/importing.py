"""`import`: laboratory results, or files about drugs and codes, one by one; a refused file does not keep the others out."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infusiondesk.app.bootstrap import Opened
from infusiondesk.app.commands.opening import opened
from infusiondesk.app.commands.report import Report
from infusiondesk.app.progress import Bar
from infusiondesk.catalog import queries as catalog_queries
from infusiondesk.catalog import service as catalog
from infusiondesk.catalog.exchange import RefusedLine, read_published
from infusiondesk.catalog.rules import FileKind, FileReport
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.labs import service as labs

Taker = Callable[[Opened, Report, str, bytes], Mapping[str, Any]]


def take_in(options: Namespace, report: Report) -> int:
    """Take every file in; ends with 1 when one of them was refused, after the others were taken."""
    taker: Taker = {"labs": _labs, "codes": _codes}[options.what]
    paths = [Path(path) for path in options.paths]
    bar = Bar(f"import {options.what}")
    files: list[Mapping[str, Any]] = []
    refused: list[str] = []
    with opened(options) as found:
        for number, path in enumerate(paths, 1):
            try:
                files.append({"file": path.name, **taker(found, report, path.name, _read(path))})
            except Refused as refusal:
                refused.append(f"{path.name}: {refusal.sentence}")
                _say_refused(report, refused[-1])
            bar(number, len(paths))
    report.facts |= {"files": files, "refused": refused}
    return report.done(1 if refused else 0)


def _labs(found: Opened, report: Report, name: str, data: bytes) -> Mapping[str, Any]:
    taken, _ = found.store.write(found.actor, labs.take_in, {"name": name, "data": data})
    report.line(f"{name}: {taken.text()}")
    refusals = [
        {"message": refusal.message, "control_id": refusal.control_id, "because": refusal.sentence} for refusal in taken.refused
    ]
    for refusal in taken.refused:
        report.line(f"{name}, message {refusal.message}: {refusal.sentence}")
    for note in taken.notes:
        report.line(f"{name}: {note}")
    return {
        "messages": taken.read,
        "filed": taken.matched,
        "parked": taken.parked,
        "repeated": taken.repeated,
        "critical": taken.critical,
        "refused": refusals,
        "notes": taken.notes,
    }


def _codes(found: Opened, report: Report, name: str, data: bytes) -> Mapping[str, Any]:
    read = read_published(name, data, today(found.store.clock))
    file, bar = read.file, Bar(name)
    about: dict[str, Any] = {"kind": file.kind.value, "refused": [_refused_line(line) for line in read.refused]}
    before = found.store.read(found.actor, catalog_queries.taken_before, {"digest": file.digest})
    if before is not None:
        sentence = f"taken in on {day(before.completed_at)} by {before.completed_by}, as {before.name}; nothing was changed."
        report.line(f"{name}: {sentence}")
        return about | {file.kind.noun: 0, "notes": [sentence]}
    total = FileReport(file.kind, 0)
    step = catalog.part_of(file)
    for first in range(0, file.total, step):
        given = {"file": file, "first": first, "rows": read.rows[first : first + step]}
        part, _ = found.store.write(found.actor, catalog.take_file, given)
        total += part
        bar(first + step, file.total)
    report.line(f"{name}: {total.text()}")
    for line in read.refused:
        report.line(f"{name}: {line.sentence}")
    codes = total.codes
    if file.kind is FileKind.CODES:
        about |= {"added": len(codes.added), "ended": len(codes.ended), "changed": len(codes.changed), "unchanged": codes.unchanged}
        about |= {"newer_here": codes.newer_here, "not_taken": dict(codes.refused or {})}
    return about | {file.kind.noun: total.read}


def _refused_line(line: RefusedLine) -> Mapping[str, Any]:
    return {"line": line.line, "code": line.code, "because": line.sentence}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"it cannot be read ({error.strerror or 'unknown reason'}).") from error


def _say_refused(report: Report, sentence: str) -> None:
    """One sentence on standard error now; in JSON it stands with the others in the end."""
    if not report.is_json:
        sys.stderr.write(sentence + "\n")
