"""Taking a published file in, part by part: another desk's save is never held up, and nothing of it speaks before all is there."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Final

import sqlalchemy as sa

from infusiondesk.catalog.records import NdcBilling, NdcPackage, TakenFile
from infusiondesk.catalog.rules import BillingEntry, CodeEntry, FileEntry, FileFacts, FileKind, FileReport, PackageEntry
from infusiondesk.catalog.service.codes import take_codes
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_TABLES: Final[Mapping[FileKind, type[NdcBilling] | type[NdcPackage]]] = {
    FileKind.CROSSWALK: NdcBilling,
    FileKind.DIRECTORY: NdcPackage,
}
_AT_ONCE: Final = 2_000


def part_of(file: FileFacts) -> int:
    """How many rows one transaction takes: codes all together, because each speaks as soon as it is written."""
    return file.total if file.kind is FileKind.CODES else _AT_ONCE


@verb(
    Area.CATALOG,
    Role.BILLER,
    Role.PHARMACIST,
    Role.PHARMACIST_IN_CHARGE,
    Role.ADMINISTRATOR,
    does="import a published file",
)
def take_file(uow: UnitOfWork, *, file: FileFacts, first: int, rows: Sequence[FileEntry]) -> FileReport:
    """Take the next rows of a file in, beginning at row `first`; the last part completes it, and from then on it speaks.

    A file that was taken in before is refused. What an earlier import of its kind left unfinished goes first. A new directory
    takes the place of the older one; the crosswalks of earlier quarters stay, for claims of their days.
    """
    record = _begun(uow, file) if first == 0 else _continued(uow, file, first)
    report = _taken(uow, record, file, rows)
    record.taken = first + len(rows)
    if record.taken == file.total:
        record.completed_at, record.completed_by = uow.clock.now(), uow.actor.name
        if file.kind is FileKind.DIRECTORY:
            _forget(uow, [one for one in _of_kind(uow, file.kind) if one.id != record.id])
        said = f"{file.name}: {file.total:,} {file.kind.noun}"
        uow.record(Change("imported", Area.CATALOG, TakenFile.__tablename__, record.id, detail=said))
    return report


def _begun(uow: UnitOfWork, file: FileFacts) -> TakenFile:
    known = _of_kind(uow, file.kind)
    again = next((one for one in known if one.digest == file.digest and one.completed_at is not None), None)
    if again is not None and again.completed_at is not None:
        when = day(uow.local(again.completed_at))
        raise Refused(f"{file.name} was taken in on {when} by {again.completed_by}, as {again.name}; nothing was changed.")
    _forget(uow, [one for one in known if one.completed_at is None])
    record = TakenFile(name=file.name, kind=file.kind, digest=file.digest, total=file.total, taken=0)
    record.as_of, record.last_day, record.completed_at, record.completed_by = file.as_of, file.last_day, None, None
    uow.add(record)
    uow.session.flush()
    return record


def _continued(uow: UnitOfWork, file: FileFacts, first: int) -> TakenFile:
    record = next((one for one in _of_kind(uow, file.kind) if one.digest == file.digest and one.completed_at is None), None)
    if record is None or record.taken != first:
        raise Refused(f"{file.name} is being taken in at another desk as well. Nothing of it speaks yet; begin it again.")
    return record


def _taken(uow: UnitOfWork, record: TakenFile, file: FileFacts, rows: Sequence[FileEntry]) -> FileReport:
    if file.kind is FileKind.CODES:
        codes = take_codes(uow, [row for row in rows if isinstance(row, CodeEntry)], PurePath(file.name).stem, file.as_of)
        return FileReport(file.kind, len(rows), codes)
    columns: list[dict[str, object]] = []
    for row in rows:
        columns.append(asdict(row) | {"file_id": record.id})
        if isinstance(row, PackageEntry):
            columns[-1]["words"] = _words(row)
        assert isinstance(row, PackageEntry | BillingEntry)
    uow.session.execute(sa.insert(_TABLES[file.kind]), columns)
    return FileReport(file.kind, len(rows))


def _words(row: PackageEntry) -> str:
    """What a search looks through, folded here because databases fold letters in different ways."""
    names = f"{row.label_name} {row.generic_name} {row.substance}"
    return f"{names} {row.labeler} {row.strength} {row.printed} {row.ndc}".casefold()


def _of_kind(uow: UnitOfWork, kind: FileKind) -> Sequence[TakenFile]:
    return uow.session.scalars(sa.select(TakenFile).where(TakenFile.kind == kind).order_by(TakenFile.id)).all()


def _forget(uow: UnitOfWork, files: Sequence[TakenFile]) -> None:
    for one in files:
        table = _TABLES.get(FileKind(one.kind))
        if table is not None:
            uow.session.execute(sa.delete(table).where(table.file_id == one.id))
        uow.session.delete(one)
