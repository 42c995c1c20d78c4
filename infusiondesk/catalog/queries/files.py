"""Published files and what they say of an NDC: the labeler's listing, and the code and units that a claim takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries.codes import literal
from infusiondesk.catalog.records import NdcBilling, NdcPackage, TakenFile
from infusiondesk.catalog.rules import FileKind, ndcs_in
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading

FIRST = 500


@dataclass(frozen=True)
class FileRow:
    """One file that was taken in whole."""

    id: UUID
    name: str
    kind: FileKind
    total: int
    as_of: date | None
    last_day: date | None
    completed_at: datetime
    completed_by: str


@dataclass(frozen=True)
class PackageRow:
    """One package of the newest directory."""

    id: str
    ndc: str
    printed: str
    label_name: str
    generic_name: str
    form: str
    route: str
    labeler: str
    strength: str
    package: str
    file: str


@dataclass(frozen=True)
class PackagesFound:
    """The first packages found, how many there are, and the directory they stand in."""

    rows: Sequence[PackageRow]
    total: int
    directory: FileRow | None


@dataclass(frozen=True)
class BillingRow:
    """What a crosswalk says of an NDC; `is_in_force` tells whether its quarter holds the day that was asked for."""

    ndc: str
    code: str
    drug: str
    dosage: str
    units: Decimal
    units_per_package: Decimal
    file: str
    first_day: date | None
    last_day: date | None
    is_in_force: bool


@dataclass(frozen=True)
class NdcFound:
    """What the published files know of one NDC."""

    ndc: str
    package: PackageRow | None
    billing: Sequence[BillingRow]


@query(Area.CATALOG, is_audited=False)
def taken_files(reading: Reading) -> Sequence[FileRow]:
    """Every file that was taken in whole, newest first."""
    found = reading.session.scalars(sa.select(TakenFile).where(TakenFile.completed_at.is_not(None)))
    return sorted((_file(reading, one) for one in found), key=lambda row: row.completed_at, reverse=True)


@query(Area.CATALOG, is_audited=False)
def taken_before(reading: Reading, *, digest: str) -> FileRow | None:
    """The same file, if it was taken in before."""
    chosen = sa.select(TakenFile).where(TakenFile.digest == digest, TakenFile.completed_at.is_not(None))
    found = reading.session.scalars(chosen).first()
    return None if found is None else _file(reading, found)


@query(Area.CATALOG, is_audited=False)
def find_packages(reading: Reading, *, text: str = "", first: int = FIRST) -> PackagesFound:
    """Packages of the newest directory whose names, labeler, strength or NDC hold every one of the words."""
    directory = _newest(reading, FileKind.DIRECTORY)
    if directory is None:
        return PackagesFound([], 0, None)
    chosen = sa.select(NdcPackage).where(NdcPackage.file_id == directory.id)
    if codes := ndcs_in(text):
        chosen = chosen.where(NdcPackage.ndc.in_(codes))
    else:
        for word in text.casefold().split():
            chosen = chosen.where(NdcPackage.words.like(f"%{literal(word)}%", escape="\\"))
    total = reading.session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    found = reading.session.scalars(chosen.order_by(NdcPackage.words, NdcPackage.ndc).limit(first))
    return PackagesFound([_package(row, directory.name) for row in found], total, _file(reading, directory))


@query(Area.CATALOG, is_audited=False)
def look_up_ndc(reading: Reading, *, text: str, on: date | None = None) -> Sequence[NdcFound]:
    """What the published files know of what was typed or scanned: ten bare digits may be three codes, of which they know one."""
    codes = ndcs_in(text)
    if not codes:
        return []
    day = on or reading.today()
    directory = _newest(reading, FileKind.DIRECTORY)
    packages = {}
    if directory is not None:
        chosen = sa.select(NdcPackage).where(NdcPackage.file_id == directory.id, NdcPackage.ndc.in_(codes))
        packages = {row.ndc: _package(row, directory.name) for row in reading.session.scalars(chosen)}
    billing = _billing(reading, codes, day)
    return [
        NdcFound(code, packages.get(code), [row for row in billing if row.ndc == code])
        for code in codes
        if code in packages or any(row.ndc == code for row in billing)
    ]


def _billing(reading: Reading, codes: Sequence[str], day: date) -> Sequence[BillingRow]:
    """From the crosswalk of the quarter, or else from the newest one that is there, which the row says."""
    file = _crosswalk_on(reading, day)
    if file is None:
        return []
    chosen = sa.select(NdcBilling).where(NdcBilling.file_id == file.id, NdcBilling.ndc.in_(codes)).order_by(NdcBilling.code)
    return [
        BillingRow(
            row.ndc,
            row.code,
            row.drug,
            row.dosage,
            row.units,
            row.units_per_package,
            file.name,
            file.as_of,
            file.last_day,
            _is_in_force(file, day),
        )
        for row in reading.session.scalars(chosen)
    ]


def _crosswalk_on(reading: Reading, day: date) -> TakenFile | None:
    files = _whole(reading, FileKind.CROSSWALK)
    return next((file for file in files if _is_in_force(file, day)), files[0] if files else None)


def _is_in_force(file: TakenFile, day: date) -> bool:
    return file.as_of is not None and file.last_day is not None and file.as_of <= day <= file.last_day


def _newest(reading: Reading, kind: FileKind) -> TakenFile | None:
    return next(iter(_whole(reading, kind)), None)


def _whole(reading: Reading, kind: FileKind) -> Sequence[TakenFile]:
    """Files of a kind that speak: the one of the latest days first, then the one that came last."""
    found = reading.session.scalars(sa.select(TakenFile).where(TakenFile.kind == kind, TakenFile.completed_at.is_not(None)))
    return sorted(found, key=lambda one: (one.as_of or date.min, one.completed_at, one.id), reverse=True)


def _file(reading: Reading, one: TakenFile) -> FileRow:
    assert one.completed_at is not None
    when = reading.local(one.completed_at)
    return FileRow(one.id, one.name, one.kind, one.total, one.as_of, one.last_day, when, one.completed_by or "")


def _package(row: NdcPackage, file: str) -> PackageRow:
    return PackageRow(
        row.ndc,
        row.ndc,
        row.printed,
        row.label_name,
        row.generic_name,
        row.form,
        row.route,
        row.labeler,
        row.strength,
        row.package,
        file,
    )
