"""`import`: laboratory results or the code file of CMS, file by file; what one file refuses does not keep the others out."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from infusiondesk.app.bootstrap import Opened
from infusiondesk.app.commands.opening import opened
from infusiondesk.app.commands.report import Report
from infusiondesk.app.progress import Bar
from infusiondesk.catalog import service as catalog
from infusiondesk.catalog.exchange import read_codes
from infusiondesk.catalog.rules import CodeReport
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.labs import service as labs

CODES_AT_ONCE: Final = 250  # in one transaction, so that another desk's save is never held up
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
    read = read_codes(data)
    entries = [row.entry() for row in read.rows]
    bar, total = Bar(name), CodeReport(0)
    for first in range(0, len(entries), CODES_AT_ONCE):
        given = {"rows": entries[first : first + CODES_AT_ONCE], "source": Path(name).stem}
        part, _ = found.store.write(found.actor, catalog.import_codes, given)
        total += part
        bar(first + CODES_AT_ONCE, len(entries))
    report.line(f"{name}: {total.text()}")
    refusals = [{"line": line.line, "code": line.code, "because": line.sentence} for line in read.refused]
    for line in read.refused:
        report.line(f"{name}, line {line.line}: {line.sentence}")
    kept = {"added": len(total.added), "ended": len(total.ended), "changed": len(total.changed), "unchanged": total.unchanged}
    return {"codes": total.read, **kept, "not_taken": dict(total.refused or {}), "refused": refusals}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"it cannot be read ({error.strerror or 'unknown reason'}).") from error


def _say_refused(report: Report, sentence: str) -> None:
    """One sentence on standard error now; in JSON it stands with the others in the end."""
    if not report.is_json:
        sys.stderr.write(sentence + "\n")
