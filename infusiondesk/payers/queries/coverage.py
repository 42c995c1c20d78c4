"""Who is covered by whom, what was authorized, and what the banner and the pharmacist's decision need of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.rules.banner import Words
from infusiondesk.patients.rules.facts import Finding, Severity
from infusiondesk.payers.queries.profiles import PayerRow, payers, profile_row
from infusiondesk.payers.records import Authorization, Coverage, Payer
from infusiondesk.payers.rules.coverage import RANKS, AuthorizationFacts, authorization_words
from infusiondesk.payers.rules.profile import PayerKind, auth_is_required


@dataclass(frozen=True)
class CoverageRow:
    """One plan of a patient."""

    id: UUID
    payer_id: UUID
    payer: str
    kind: PayerKind
    member_id: str
    group_number: str
    holder: str
    rank: int
    starts_on: date
    ends_on: date | None
    is_current: bool
    entered_by: str

    @property
    def rank_words(self) -> str:
        return RANKS[self.rank]

    def covers(self, on: date) -> bool:
        """Whether the plan covers a day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True)
class VoidedRow:
    """A coverage or an authorization that was entered wrongly, and who said so."""

    id: UUID
    text: str
    voided_at: datetime
    voided_by: str
    void_reason: str


@dataclass(frozen=True)
class PayerBanner:
    """The payer's part of the banner."""

    payer: str
    authorization: Words | None


@query(Area.PAYERS)
def coverage_of(reading: Reading, *, patient_id: UUID) -> Sequence[CoverageRow]:
    """The plans of a patient: those of today first, in their order, then earlier ones."""
    return _coverage(reading, patient_id)


@query(Area.PAYERS)
def authorizations_of(reading: Reading, *, patient_id: UUID) -> Sequence[AuthorizationFacts]:
    """What was authorized for a patient, the newest first."""
    return _authorizations(reading, patient_id)


@query(Area.PAYERS)
def voided_coverage_of(reading: Reading, *, patient_id: UUID) -> Sequence[VoidedRow]:
    """What was voided among a patient's plans and authorizations, the newest first."""
    plans = reading.session.execute(
        sa.select(Coverage, Payer.name)
        .join(Payer, Payer.id == Coverage.payer_id)
        .where(Coverage.patient_id == patient_id, Coverage.voided_at.is_not(None))
    )
    found = [
        VoidedRow(
            one.id, f"{payer}, member {one.member_id}", reading.local(one.voided_at), one.voided_by or "", one.void_reason or ""
        )
        for one, payer in plans
        if one.voided_at
    ]
    numbers = reading.session.scalars(
        sa.select(Authorization)
        .join(Coverage, Coverage.id == Authorization.coverage_id)
        .where(Coverage.patient_id == patient_id, Authorization.voided_at.is_not(None))
    )
    found += [
        VoidedRow(
            one.id,
            f"authorization {one.number}, {one.code}",
            reading.local(one.voided_at),
            one.voided_by or "",
            one.void_reason or "",
        )
        for one in numbers
        if one.voided_at
    ]
    return sorted(found, key=lambda row: row.voided_at, reverse=True)


@dataclass(frozen=True)
class CoveragePage:
    """What the page of coverage shows."""

    today: date
    coverage: Sequence[CoverageRow]
    authorizations: Sequence[AuthorizationFacts]
    voided: Sequence[VoidedRow]
    payers: Sequence[PayerRow]


@query(Area.PAYERS)
def coverage_page(reading: Reading, *, patient_id: UUID) -> CoveragePage:
    """Plans, authorizations and what was voided of a patient, with the payers that may be chosen, in one reading."""
    return CoveragePage(
        reading.today(),
        _coverage(reading, patient_id),
        _authorizations(reading, patient_id),
        voided_coverage_of(reading, patient_id=patient_id),
        payers(reading, open_only=True),
    )


@query(Area.PAYERS)
def payer_banner_of(reading: Reading, *, patient_id: UUID, used: Mapping[UUID, int] | None = None) -> PayerBanner:
    """The primary payer of today and how its authorization stands; `used` are the units that billing has counted."""
    current = [row for row in _coverage(reading, patient_id) if row.is_current]
    if not current:
        return PayerBanner("", None)
    primary = current[0]
    required = profile_row(reading.session, primary.payer_id, reading.today()).value("auth_required")
    own = [one for one in _authorizations(reading, patient_id) if one.coverage_id == primary.id]
    words = authorization_words(own, reading.today(), is_required=auth_is_required(required), used=used)
    return PayerBanner(primary.payer, words)


@query(Area.PAYERS)
def coverage_findings(reading: Reading, *, patient_id: UUID) -> Sequence[Finding]:
    """What stands between the coverage and acceptance (INS01; clinical 9.1: authorization or override)."""
    current = [row for row in _coverage(reading, patient_id) if row.is_current]
    if not current:
        return [Finding("INS01", Severity.HOLD, "No coverage of today is recorded.")]
    primary, today = current[0], reading.today()
    required = profile_row(reading.session, primary.payer_id, today).value("auth_required")
    valid = [one for one in _authorizations(reading, patient_id) if one.coverage_id == primary.id and one.ends_on >= today]
    if auth_is_required(required) and not valid:
        return [
            Finding("INS01", Severity.HOLD, f"{primary.payer} requires an authorization, and none is on file from {day(today)}.")
        ]
    return []


def _coverage(reading: Reading, patient_id: UUID) -> list[CoverageRow]:
    today = reading.today()
    found = reading.session.execute(
        sa.select(Coverage, Payer)
        .join(Payer, Payer.id == Coverage.payer_id)
        .where(Coverage.patient_id == patient_id, Coverage.voided_at.is_(None))
    )
    rows = [
        CoverageRow(
            one.id,
            payer.id,
            payer.name,
            payer.kind,
            one.member_id,
            one.group_number,
            one.holder,
            one.rank,
            one.starts_on,
            one.ends_on,
            one.starts_on <= today and (one.ends_on is None or today <= one.ends_on),
            one.entered_by,
        )
        for one, payer in found
    ]
    return sorted(rows, key=lambda row: (not row.is_current, row.rank, -row.starts_on.toordinal()))


def _authorizations(reading: Reading, patient_id: UUID) -> list[AuthorizationFacts]:
    found = reading.session.execute(
        sa.select(Authorization, Payer.name)
        .join(Coverage, Coverage.id == Authorization.coverage_id)
        .join(Payer, Payer.id == Coverage.payer_id)
        .where(Coverage.patient_id == patient_id, Coverage.voided_at.is_(None), Authorization.voided_at.is_(None))
        .order_by(Authorization.ends_on.desc(), Authorization.number)
    )
    return [
        AuthorizationFacts(
            one.id, one.coverage_id, payer, one.number, one.code, one.starts_on, one.ends_on, one.units, one.entered_by
        )
        for one, payer in found
    ]
