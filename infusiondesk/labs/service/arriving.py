"""What arriving results do to promises: a final one closes what it was awaited for, one that is taken back opens it again."""

from uuid import UUID

from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.labs.exchange.reference import own_tables
from infusiondesk.labs.queries.loading import results_of_report, unit_text, value_text
from infusiondesk.labs.records import LabReport, LabResult
from infusiondesk.tasks.service import result_arrived, result_corrected, result_taken_back

_FINAL = frozenset({"F", "C"})  # HL7 table 0085: final, corrected; a preliminary result closes nothing
_TAKEN_BACK = frozenset({"W", "D", "X"})  # wrong patient, deleted, cannot be obtained


def close_promises(uow: UnitOfWork, report: LabReport) -> None:
    """Tell the promises of a filed report's patient which of its results are here, and which are taken back.

    No permission of its own: the verbs that file a report (`take_in`, `match_report`) carry it.
    """
    assert report.patient_id is not None  # a parked report is nobody's yet
    now = uow.clock.now()
    for result in results_of_report(uow.session, report.id):
        counts = result.status in _FINAL and result.observed_at is not None and result.observed_at <= now and _is_usable(result)
        earlier = _earlier(uow.session, result)
        if result.status in _TAKEN_BACK:
            result_taken_back(uow, result_ids=earlier, words=f"{result.text}: the laboratory took the result back")
        elif earlier and result.status in _FINAL and not counts:
            result_taken_back(uow, result_ids=earlier, words=f"{result.text}: what came in its place cannot be read as a value")
        elif counts and result.analyte and result.observed_at:
            drawn = moment(uow.local(result.observed_at))
            words = f"{result.text} {f'{value_text(result)} {unit_text(result)}'.strip()}, drawn {drawn}"
            if earlier:
                corrected = f"{words}, corrected by the laboratory"
                result_corrected(
                    uow, result_ids=earlier, drawn_at=result.observed_at, result_id=result.id, words=corrected
                )  # fmt: skip
            result_arrived(
                uow, patient_id=report.patient_id, analyte=result.analyte, drawn_at=result.observed_at, result_id=result.id,
                words=words,
            )  # fmt: skip


def _is_usable(result: LabResult) -> bool:
    """A number in a unit that is understood, or the words of a test that answers in words."""
    analyte = own_tables().analytes.get(result.analyte or "")
    return analyte is not None and (bool(result.words) if analyte.is_text else result.table_value is not None)


def _earlier(session: Session, result: LabResult) -> set[UUID]:
    """The results that this one stands in the place of, back to the first."""
    found: set[UUID] = set()
    before = result.corrects_id
    while before is not None and before not in found:
        found.add(before)
        before = session.get_one(LabResult, before).corrects_id
    return found
