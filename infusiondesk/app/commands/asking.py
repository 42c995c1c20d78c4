"""`ask`: the rules behind the windows answer questions from a file, without a database, a sign-in or a network."""

import importlib
import json
import sys
from argparse import Namespace
from pathlib import Path

from infusiondesk.app.commands.report import Report
from infusiondesk.foundation.kernel.questions import Malformed, answered, read_json

ROOMS = {
    "per-diem": "infusiondesk.billing.exchange",
    "bud": "infusiondesk.compounding.exchange",
    "calc": "infusiondesk.dosing.exchange",
    "screen": "infusiondesk.interactions.exchange",
    "judge": "infusiondesk.labs.exchange",
}
MOST_BYTES = 50_000_000


def ask(options: Namespace, report: Report) -> int:
    """Answer a question file; standard output is JSON only. Status 0, or 2 when the file or a question is malformed."""
    answer = importlib.import_module(ROOMS[options.kind]).answer
    try:
        questions = read_json(_text(options.file))
    except Malformed as error:
        _print({"id": None, "error": {"index": 0, "field": None, "message": error.message}})
        return 2
    result, status = answered(questions, answer, options.kind)
    _print(result)
    return status


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
