"""Taking the codes of a published file in: what is new, what ended, what has other days; an older file never undoes a newer one."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from infusiondesk.catalog.records import Code
from infusiondesk.catalog.rules import CodeEntry, CodeReport, code_problem
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_AT_ONCE = 500  # codes in one look-up: databases limit the values of a question


@verb(
    Area.CATALOG,
    Role.BILLER,
    Role.PHARMACIST,
    Role.PHARMACIST_IN_CHARGE,
    Role.ADMINISTRATOR,
    does="import billing codes",
)
def import_codes(uow: UnitOfWork, *, rows: Sequence[CodeEntry], source: str, as_of: date | None = None) -> CodeReport:
    """Take codes in: new ones are added, known ones get the file's days and keep our own label.

    A code that the file lacks stays as it is, and so does one whose days come from a file that speaks from a later day.
    """
    report = take_codes(uow, rows, source, as_of)
    uow.record(Change("imported", Area.CATALOG, Code.__tablename__, detail=f"{source}: {report.text()}"))
    return report


def take_codes(uow: UnitOfWork, rows: Sequence[CodeEntry], source: str, as_of: date | None) -> CodeReport:
    """The inner step of every import of codes. No permission of its own: the verb that calls it has one."""
    known = _known(uow, [row.code for row in rows])
    added: dict[str, CodeEntry] = {}
    ended: list[str] = []
    changed: list[str] = []
    same: list[str] = []
    newer_here = 0
    refused: dict[str, str] = {}
    for row in rows:
        here = known.get(row.code)
        if sentence := code_problem(row):
            refused[row.code] = sentence
        elif here is None:
            added.setdefault(row.code, row)
        elif _is_same(here, row):
            same.append(row.code)
        elif as_of is not None and here.as_of is not None and as_of < here.as_of:
            newer_here += 1
        else:
            (ended if here.terminated_on is None and row.terminated_on else changed).append(row.code)
            here.added_on, here.terminated_on, here.source, here.as_of = row.added_on, row.terminated_on, source, as_of
    if added:
        uow.session.execute(sa.insert(Code), [_columns(uow, row, source, as_of) for row in added.values()])
    _confirm(uow, same, as_of)
    return CodeReport(len(rows), tuple(added), tuple(ended), tuple(changed), len(same), newer_here, refused)


def _known(uow: UnitOfWork, codes: Sequence[str]) -> dict[str, Code]:
    found: dict[str, Code] = {}
    for first in range(0, len(codes), _AT_ONCE):
        chosen = sa.select(Code).where(Code.code.in_(codes[first : first + _AT_ONCE]))
        found |= {code.code: code for code in uow.session.scalars(chosen)}
    return found


def _confirm(uow: UnitOfWork, codes: Sequence[str], as_of: date | None) -> None:
    """A newer file that says the same makes the days of a code as new as itself, so that one between the two undoes nothing."""
    if as_of is None:
        return
    older = sa.or_(Code.as_of.is_(None), Code.as_of < as_of)
    for first in range(0, len(codes), _AT_ONCE):
        chosen = sa.update(Code).where(Code.code.in_(codes[first : first + _AT_ONCE]), older)
        uow.session.execute(chosen.values(as_of=as_of), execution_options={"synchronize_session": False})


def _columns(uow: UnitOfWork, row: CodeEntry, source: str, as_of: date | None) -> dict[str, object]:
    return {
        "id": uow.new_id(),
        "site_id": uow.site.id,
        "version": 1,
        "code": row.code,
        "kind": row.kind,
        "label": row.label,
        "added_on": row.added_on,
        "terminated_on": row.terminated_on,
        "source": source,
        "as_of": as_of,
    }


def _is_same(code: Code, row: CodeEntry) -> bool:
    return (code.added_on, code.terminated_on) == (row.added_on, row.terminated_on)
