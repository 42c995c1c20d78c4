"""`ask`: the rules behind the windows answer questions from a file; a screen may go by the rows of a store."""

import importlib
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from infusiondesk.app.commands.report import Report
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.questions import Malformed, answered, read_json

ROOMS = {
    "per-diem": "infusiondesk.billing.exchange",
    "bud": "infusiondesk.compounding.exchange",
    "calc": "infusiondesk.dosing.exchange",
    "screen": "infusiondesk.interactions.exchange",
    "judge": "infusiondesk.labs.exchange",
}
MOST_BYTES = 50_000_000
Answer = Callable[..., dict[str, object]]


def ask(options: Namespace, report: Report) -> int:
    """Answer a question file; standard output is JSON only. Status 0, or 2 when the file or a question is malformed."""
    said = ""
    answer = importlib.import_module(ROOMS[options.kind]).answer
    if options.kind == "screen":
        answer, said = _screening(options, answer)
    elif getattr(options, "store", None):
        raise Refused(f"Only a screen is answered from a store; {options.kind} goes by the rules of the program.")
    try:
        questions = read_json(_text(options.file))
    except Malformed as error:
        _print({"id": None, "error": {"index": 0, "field": None, "message": error.message}})
        return 2
    result, status = answered(questions, answer, options.kind)
    _print(result)
    if said:
        sys.stderr.write(f"{said}\n")
    return status


def _screening(options: Namespace, answer: Answer) -> tuple[Answer, str]:
    """The answers of a screen and from which rows they are: a store's as they were corrected and signed there, else the shipped."""
    if not options.store:
        from infusiondesk.interactions.exchange.reference import reference_version

        return answer, f"Answered from the shipped tables, version {reference_version()}; no row of a store was read."
    from infusiondesk.app.commands.opening import opened
    from infusiondesk.interactions.service import knowledge_in_force

    with opened(options) as found:
        in_force = found.store.read(found.actor, knowledge_in_force, {})
    rows = in_force.rows.values()
    changed, signed = sum(row.changes > 0 for row in rows), sum(bool(row.signed_by) for row in rows)
    sets = ", ".join(layer.tag for layer in in_force.layers) or "none"
    said = f"version {in_force.version}, {counted(changed, 'row')} changed there, {signed:,} signed, sets enabled: {sets}"
    told = f"{found.pharmacy}: {said}"
    return lambda question: {**answer(question, in_force.knowledge), "knowledge": told}, f"Answered from the rows of {told}."


def _text(name: str) -> str:
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Malformed(None, f"unreadable file: {error.strerror or 'cannot be opened'}") from error
    if len(data) > MOST_BYTES:
        raise Malformed(None, "the file is larger than 50 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(None, f"not UTF-8 at byte {error.start}") from error


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
