"""`bill`: the per-diem summaries of one month, one PDF a patient, named by record numbers and never by names."""

from argparse import Namespace
from collections import Counter
from functools import partial
from pathlib import Path

from infusiondesk.app.commands.opening import opened
from infusiondesk.app.commands.report import Report
from infusiondesk.app.progress import Bar
from infusiondesk.billing.documents import draw_per_diem_summary
from infusiondesk.billing.exchange.month import MonthLedger, keep_month, summary_of
from infusiondesk.billing.queries import month_facts, patients_to_bill
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.kernel.periods import parse_month
from infusiondesk.foundation.store.audit import Change
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import printing_of

BILLERS = frozenset({Role.BILLER, Role.PHARMACIST_IN_CHARGE})


def bill(options: Namespace, report: Report) -> int:
    """Write the summaries and say what is billable and what is held."""
    month = parse_month(options.month)
    folder = Path(options.out)
    with opened(options) as found:
        if not found.actor.roles & BILLERS:
            raise Refused("To print the summaries of a month you need to be a biller or a pharmacist in charge.")
        read = partial(found.store.read, found.actor)
        rows = read(patients_to_bill, {"month": month})
        printing = read(printing_of, {})
        bar = Bar("summaries")
        totals = []
        for number, row in enumerate(rows):
            ledger = keep_month(read(month_facts, {"patient_id": row.id, "month": month}))
            block = read(patient_block, {"patient_id": row.id})
            path = folder / f"per-diem-{row.mrn}-{options.month}.pdf"
            _write(path, draw_per_diem_summary(summary_of(ledger, block), printing))
            found.store.note(found.actor, Change("export", Area.BILLING, "per_diem_summary", None, row.id))
            totals.append({"mrn": row.mrn, "file": path.name, **units_of(ledger)})
            bar(number + 1, len(rows))
    for one in totals:
        report.line(f"{one['mrn']}  billable {one['billable']:>4}  held {one['held']:>4}  {one['file']}")
    report.line(
        f"{len(totals)} summaries of {options.month} are in {folder}.", month=options.month, folder=str(folder), summaries=totals
    )
    return report.done()


def units_of(ledger: MonthLedger) -> Counter[str]:
    """Per-diem units of a month: billable and held."""
    counted = Counter({"billable": 0, "held": 0})
    for line in ledger.lines:
        counted["held" if line.held_because else "billable"] += line.units
    return counted


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
    except OSError as error:
        raise Unavailable(f"{path.name} could not be written. Check the folder and try again.") from error
