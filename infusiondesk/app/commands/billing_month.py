"""`bill`: the per-diem summaries of one month, one PDF a patient, named by record numbers and never by names."""

from argparse import Namespace
from functools import partial
from pathlib import Path

from infusiondesk.app.commands.opening import opened
from infusiondesk.app.commands.report import Report
from infusiondesk.app.progress import Bar
from infusiondesk.billing.documents import draw_per_diem_summary
from infusiondesk.billing.exchange.month import keep_month, summary_of
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
    folder = _folder(Path(options.out))
    with opened(options) as found:
        if not found.actor.roles & BILLERS:
            raise Refused("To print the summaries of a month you need to be a biller or a pharmacist in charge.")
        read = partial(found.store.read, found.actor)
        rows = read(patients_to_bill, {"month": month})
        printing = read(printing_of, {})
        bar = Bar("summaries")
        totals = []
        for number, row in enumerate(rows, 1):
            ledger = keep_month(read(month_facts, {"patient_id": row.id, "month": month}))
            summary = summary_of(ledger, read(patient_block, {"patient_id": row.id}))
            path = folder / f"per-diem-{row.mrn}-{options.month}.pdf"
            is_anew = _write(path, draw_per_diem_summary(summary, printing))
            found.store.note(found.actor, Change("export", Area.BILLING, "per_diem_summary", None, row.id, detail=options.month))
            totals.append(
                {
                    "mrn": row.mrn,
                    "billable": ledger.ready_units,
                    "held": ledger.held_units,
                    "file": path.name,
                    "written": "anew" if is_anew else "first",
                }
            )
            bar(number, len(rows))
    if totals:
        report.line(f"{'MRN':<12}{'Billable':>9}{'Held':>7}  Summary")
    for one in totals:
        again = ", written anew" if one["written"] == "anew" else ""
        report.line(f"{one['mrn']:<12}{one['billable']:>9,}{one['held']:>7,}  {one['file']}{again}")
    count = f"{len(totals)} {'summary' if len(totals) == 1 else 'summaries'}"
    said = f"{count} of {options.month} in {folder}." if totals else f"Nobody has a verified therapy in {options.month}."
    report.line(said, month=options.month, folder=str(folder), summaries=totals)
    return report.done()


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The folder {path.name} cannot be made. Check the path and try again.") from error
    return path


def _write(path: Path, pdf: bytes) -> bool:
    """Write the paper whole or not at all; says whether one of this name was there before."""
    was_there = path.exists()
    part = path.with_suffix(".part")
    try:
        part.write_bytes(pdf)
        part.replace(path)
    except OSError as error:
        raise Unavailable(f"{path.name} could not be written. Check the folder and try again.") from error
    return was_there
