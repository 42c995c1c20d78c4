"""The board of intake: every referral that is not yet running, with its clocks, the most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.foundation.kernel.clock import local
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.patients.records import Patient, Referral
from infusiondesk.patients.rules.clocks import ClockState, IntakeClock, Times, clocks_of, next_clock
from infusiondesk.patients.rules.names import phone_text
from infusiondesk.patients.rules.words import Document, PatientStatus

DOCUMENTS_WANTED: Final = tuple(Document)
ON_THE_BOARD: Final = (PatientStatus.REFERRAL, PatientStatus.INTAKE, PatientStatus.PENDING, PatientStatus.ACCEPTED)
_WORST_FIRST: Final = (ClockState.LATE, ClockState.SOON, ClockState.WAITING, ClockState.DONE)


@dataclass(frozen=True)
class IntakeRow:
    """One referral on the board."""

    id: UUID
    patient_id: UUID
    name: str
    mrn: str
    status: PatientStatus
    therapy: str
    source: str
    referring_person: str
    referring_phone: str
    received_at: datetime
    start_of_care_at: datetime
    clocks: tuple[IntakeClock, ...]
    next: IntakeClock | None
    distance: str
    received_documents: tuple[Document, ...]
    missing_documents: tuple[Document, ...]
    read_at: datetime

    def distance_of(self, clock: IntakeClock) -> str:
        """How far a clock is from being due, as the board was read."""
        return clock.distance(self.read_at)

    def clock(self, name: str) -> IntakeClock:
        """One of the four clocks by its name."""
        return next(clock for clock in self.clocks if clock.name == name)


@query(Area.PATIENTS)
def patient_board(reading: Reading) -> Sequence[IntakeRow]:
    """Referrals on their way to the first dose: late ones first, then by what is due next."""
    now = reading.local(reading.clock.now())
    found = reading.session.execute(
        sa.select(Patient, Referral)
        .join(Referral, sa.and_(Referral.patient_id == Patient.id, Referral.episode == Patient.episode))
        .where(Patient.status.in_(ON_THE_BOARD))
    )
    return sorted((_row(reading, patient, referral, now) for patient, referral in found), key=_pressing)


def _row(reading: Reading, patient: Patient, referral: Referral, now: datetime) -> IntakeRow:
    clocks = clocks_of(times_of(reading, referral), now)
    upcoming = next_clock(clocks)
    received = tuple(one for one in DOCUMENTS_WANTED if one.value in referral.documents)
    return IntakeRow(
        referral.id,
        patient.id,
        f"{patient.last_name}, {patient.first_name}",
        patient.mrn,
        patient.status,
        referral.therapy,
        referral.source.value,
        referral.referring_person,
        phone_text(referral.referring_phone),
        reading.local(referral.received_at),
        reading.local(referral.start_of_care_at),
        clocks,
        upcoming,
        upcoming.distance(now) if upcoming else "",
        received,
        tuple(one for one in DOCUMENTS_WANTED if one not in received),
        now,
    )


def times_of(at: Reading, referral: Referral) -> Times:
    """The instants of a referral on the pharmacy's wall clock."""

    def wall(instant: datetime | None) -> datetime | None:
        return local(at.clock, instant) if instant is not None else None

    return Times(
        local(at.clock, referral.received_at),
        local(at.clock, referral.start_of_care_at),
        wall(referral.acknowledged_at),
        wall(referral.benefits_verified_at),
        wall(referral.accepted_at),
        wall(referral.first_dose_at),
    )


def _pressing(row: IntakeRow) -> tuple[int, datetime, str]:
    if row.next is None:
        return len(_WORST_FIRST), row.received_at, row.name.casefold()
    return _WORST_FIRST.index(row.next.state), row.next.due_at, row.name.casefold()
