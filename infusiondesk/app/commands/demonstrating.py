"""`demo`: a demonstration pharmacy with made-up patients, through the same verbs that the windows use."""

import shutil
from argparse import Namespace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from infusiondesk.app.bootstrap import forget_anchor
from infusiondesk.app.commands.report import Report
from infusiondesk.app.demo import STAFF_PASSWORD
from infusiondesk.app.demo.building import Built, build
from infusiondesk.app.demo.opening import STAFF, ZONE
from infusiondesk.app.progress import Bar
from infusiondesk.app.settings import Settings
from infusiondesk.foundation.kernel.clock import SystemClock, local
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.store.keyring import DEMO, DEMO_PASSWORD, KeyFile

_MORNING = timedelta(hours=7)  # the demonstration's last day is lived up to here


def demo(options: Namespace, report: Report) -> int:
    """Make DIR/demo.idesk; refused where it exists."""
    folder = Path(options.into)
    location = folder / "demo.idesk"
    keys = KeyFile.beside(location).path
    if location.exists() or keys.exists():
        there = location if location.exists() else keys
        raise Refused(f"{there.name} exists already in {folder.name or folder}. It was left as it is; choose another folder.")
    last = _last_day(options.until)
    forget_anchor(str(location), Settings.load())  # a store that lay here before has nothing to do with this one
    built = _built(location, options.patients, options.seed, last)
    report.line(f"Made {location}: marked DEMO, {len(built.patients)} patients from {built.first} to {built.last}.",
                store=str(location), patients=list(built.patients), first=built.first, last=built.last)  # fmt: skip
    report.line(
        f"{built.signed_rows} catalog rows come signed, as in no other store; {built.audit_lines:,} audit lines.",
        signed_rows=built.signed_rows,
        audit_lines=built.audit_lines,
    )
    logins = [name.lower() for name, _, _ in STAFF if name.lower() != DEMO]
    report.line(f"Sign in as {DEMO} with: {DEMO_PASSWORD}", login=DEMO)
    report.line(f"Or as {', '.join(logins)} with: {STAFF_PASSWORD}", logins=logins)
    report.line(f"Open it with: main.py open --store {location}")
    return report.done()


def _built(location: Path, count: int, seed: int, last: date) -> Built:
    """Build aside and put both files in place at the end, so that a stopped run leaves nothing half made."""
    aside = location.parent / ".demo-in-making"
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        made = aside / location.name
        built = build(made, count, seed, last, Bar("demo"))
        for path in (KeyFile.beside(made).path, made):
            path.replace(location.parent / path.name)
    except OSError as error:
        raise Unavailable(f"The demonstration cannot be written: {error.strerror or 'unknown reason'}.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return built


def _last_day(until: date | None) -> date:
    """The day that was asked for, or the newest one whose early morning is over: nothing in a demo lies in the future."""
    clock = SystemClock(ZoneInfo(ZONE))
    newest = (local(clock, clock.now()) - _MORNING).date()
    if until is not None and until > newest:
        raise Refused(f"A demonstration cannot end in the future; the newest day is {newest}.")
    return until or newest
