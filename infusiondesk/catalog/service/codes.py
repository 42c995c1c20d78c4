"""Taking the codes of a published file in, in small units, so that another desk's save is never held up."""

from collections.abc import Sequence

import sqlalchemy as sa

from infusiondesk.catalog.records import Code
from infusiondesk.catalog.rules import CodeEntry, CodeReport, code_problem
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(
    Area.CATALOG,
    Role.BILLER,
    Role.PHARMACIST,
    Role.PHARMACIST_IN_CHARGE,
    Role.ADMINISTRATOR,
    does="import billing codes",
)
def import_codes(uow: UnitOfWork, *, rows: Sequence[CodeEntry], source: str) -> CodeReport:
    """Take codes in: new ones are added, known ones get the file's days and keep our own label.

    A code that the file lacks stays as it is.
    """
    known = {code.code: code for code in uow.session.scalars(sa.select(Code).where(Code.code.in_({row.code for row in rows})))}
    added: list[str] = []
    ended: list[str] = []
    changed: list[str] = []
    unchanged = 0
    refused: dict[str, str] = {}
    for row in rows:
        if sentence := code_problem(row):
            refused[row.code] = sentence
        elif row.code not in known:
            known[row.code] = uow.add(
                Code(
                    code=row.code,
                    kind=row.kind,
                    label=row.label,
                    added_on=row.added_on,
                    terminated_on=row.terminated_on,
                    source=source,
                )
            )
            added.append(row.code)
        elif _is_same(known[row.code], row):
            unchanged += 1
        else:
            (ended if known[row.code].terminated_on is None and row.terminated_on else changed).append(row.code)
            _take(known[row.code], row, source)
    report = CodeReport(len(rows), tuple(added), tuple(ended), tuple(changed), unchanged, refused)
    uow.record(Change("imported", Area.CATALOG, Code.__tablename__, detail=f"{source}: {report.text()}"))
    return report


def _is_same(code: Code, row: CodeEntry) -> bool:
    return (code.added_on, code.terminated_on) == (row.added_on, row.terminated_on)


def _take(code: Code, row: CodeEntry, source: str) -> None:
    code.added_on, code.terminated_on, code.source = row.added_on, row.terminated_on, source
