"""Payers and what their contracts say on a day, each field with its source, or said to be the default."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.kernel.periods import Period
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.payers.records import Payer, PayerProfile
from infusiondesk.payers.rules.profile import FIELDS, PayerKind, ProfileField, default_of


@dataclass(frozen=True)
class PayerRow:
    """One payer, with how much of its profile is answered today."""

    id: UUID
    name: str
    kind: PayerKind
    electronic_id: str
    phone: str
    answered: int
    questions: int
    effective_on: date | None
    is_closed: bool


@dataclass(frozen=True)
class FieldRow:
    """One field of a profile as it holds on a day."""

    field: ProfileField
    value: Any
    is_default: bool
    source: str
    set_by: str
    set_on: str

    @property
    def id(self) -> str:
        return self.field.name

    @property
    def said(self) -> str:
        """The value in words."""
        return self.field.said(self.value)

    @property
    def default_said(self) -> str:
        """What would hold without an answer, in words."""
        return self.field.said(self.field.default)


@dataclass(frozen=True)
class ProfileRow:
    """What one payer's contract says on a day."""

    payer_id: UUID
    payer: str
    kind: PayerKind
    on: date
    number: int
    effective_on: date | None
    fields: tuple[FieldRow, ...]

    @property
    def values(self) -> Mapping[str, Any]:
        """Field to value, the defaults included, as JSON keeps them: what billing builds its profile from."""
        return {row.field.name: row.value for row in self.fields}

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The fields that keep their default because the payer has not answered."""
        return tuple(row.field.name for row in self.fields if row.is_default)

    def value(self, name: str) -> Any:
        """What one field holds."""
        return self.values[name]


@dataclass(frozen=True)
class VersionRow:
    """One row of a payer's history of profiles."""

    id: UUID
    number: int
    effective_on: date
    set_at: datetime
    set_by: str
    reason: str
    answered: int


@query(Area.PAYERS, is_audited=False)
def payers(reading: Reading, *, open_only: bool = False) -> Sequence[PayerRow]:
    """Every payer, open ones first, then by name."""
    found = []
    for payer in reading.session.scalars(sa.select(Payer).order_by(Payer.name_key)):
        if open_only and payer.closed_at is not None:
            continue
        profile = in_force(reading.session, payer.id, reading.today())
        found.append(
            PayerRow(
                payer.id,
                payer.name,
                payer.kind,
                payer.electronic_id,
                payer.phone,
                len(profile.fields) if profile else 0,
                len(FIELDS),
                profile.effective_on if profile else None,
                payer.closed_at is not None,
            )
        )
    return sorted(found, key=lambda row: row.is_closed)


@query(Area.PAYERS, is_audited=False)
def profile_on(reading: Reading, *, payer_id: UUID, day: date) -> ProfileRow:
    """What a payer's contract says on a day; a field without an answer holds its default and says so."""
    return profile_row(reading.session, payer_id, day)


@query(Area.PAYERS, is_audited=False)
def profiles_in(reading: Reading, *, payer_id: UUID, period: Period) -> Sequence[tuple[Period, ProfileRow]]:
    """The profiles of a closed period, oldest first, each with its days."""
    found: list[tuple[Period, ProfileRow]] = []
    for day in period.days():
        row = profile_row(reading.session, payer_id, day)
        if found and found[-1][1].number == row.number:
            start, first = found[-1][0].start, found[-1][1]
            found[-1] = (Period(start, date.fromordinal(day.toordinal() + 1)), first)
        else:
            found.append((Period(day, date.fromordinal(day.toordinal() + 1)), row))
    return found


@query(Area.PAYERS, is_audited=False)
def profile_versions(reading: Reading, *, payer_id: UUID) -> Sequence[VersionRow]:
    """Every profile of a payer, newest first; none is ever changed."""
    found = reading.session.scalars(
        sa.select(PayerProfile).where(PayerProfile.payer_id == payer_id).order_by(PayerProfile.number.desc())
    )
    return [
        VersionRow(one.id, one.number, one.effective_on, reading.local(one.set_at), one.set_by, one.reason, len(one.fields))
        for one in found
    ]


def payer_record(session: Session, payer_id: UUID) -> Payer:
    """The payer, or a sentence."""
    payer = session.get(Payer, payer_id)
    if payer is None:
        raise Refused("This payer is not in the store.")
    return payer


def in_force(session: Session, payer_id: UUID, day: date) -> PayerProfile | None:
    """The profile that holds on a day: the one that began last, and of those of one day the newest."""
    return session.scalars(
        sa.select(PayerProfile)
        .where(PayerProfile.payer_id == payer_id, PayerProfile.effective_on <= day)
        .order_by(PayerProfile.effective_on.desc(), PayerProfile.number.desc())
        .limit(1)
    ).first()


def profile_row(session: Session, payer_id: UUID, day: date) -> ProfileRow:
    """The profile of a day as a row."""
    payer = payer_record(session, payer_id)
    profile = in_force(session, payer_id, day)
    answers = profile.fields if profile else {}
    return ProfileRow(
        payer.id,
        payer.name,
        payer.kind,
        day,
        profile.number if profile else 0,
        profile.effective_on if profile else None,
        tuple(_field_row(field, answers, payer.kind) for field in FIELDS),
    )


def _field_row(field: ProfileField, answers: Mapping[str, Any], kind: PayerKind) -> FieldRow:
    answer = answers.get(field.name)
    if answer is None:
        return FieldRow(field, default_of(field, kind), True, "", "", "")
    return FieldRow(field, answer["value"], False, answer["source"], answer["set_by"], answer["set_on"])
