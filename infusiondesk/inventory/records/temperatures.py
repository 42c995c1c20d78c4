"""Tables of temperatures: monitors, what they showed, what a logger wrote, excursions, and the rules the pharmacy signed."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.inventory.rules import LocationKind
from infusiondesk.inventory.rules.temperatures import Disposition

PLACES = 3


class TemperatureMonitor(Record, Base):
    """A thermometer or logger at a location; one that is retired stays for what it showed."""

    __tablename__ = "temperature_monitor"

    location_id: Mapped[UUID] = mapped_column(sa.ForeignKey("location.id"), index=True)
    serial: Mapped[str]
    retired_at: Mapped[datetime | None]


class MonitorVerification(Record, Base):
    """One comparison of a monitor with a standard; the newest one counts."""

    __tablename__ = "monitor_verification"

    monitor_id: Mapped[UUID] = mapped_column(sa.ForeignKey("temperature_monitor.id"), index=True)
    verified_on: Mapped[date]
    due_on: Mapped[date]
    certificate: Mapped[str]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str]


class LoggerImport(Record, Base):
    """A logger's file as it was taken: which lines of it were new, the time it covers, what of that was not monitored."""

    __tablename__ = "logger_import"

    location_id: Mapped[UUID] = mapped_column(sa.ForeignKey("location.id"), index=True)
    monitor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("temperature_monitor.id"))
    file_name: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    lines: Mapped[int]
    gaps: Mapped[list[str]]
    said: Mapped[list[str]]
    taken_at: Mapped[datetime]
    taken_by: Mapped[str]


class TemperatureReading(Record, Base):
    """What a thermometer showed, in degrees Celsius, as typed, and the range it was judged by; or up to an hour of a logger."""

    __tablename__ = "temperature_reading"
    __table_args__ = (sa.Index("ix_temperature_reading_location_read", "location_id", "read_at"),)

    location_id: Mapped[UUID] = mapped_column(sa.ForeignKey("location.id"))
    monitor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("temperature_monitor.id"))
    import_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("logger_import.id"), index=True)
    begun_at: Mapped[datetime | None]
    read_at: Mapped[datetime]
    read_by: Mapped[str]
    typed: Mapped[str]
    celsius: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    lowest: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    highest: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    mean_kinetic: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))
    allowed: Mapped[str]
    remark: Mapped[str]


class TemperatureExcursion(Record, Base):
    """A location outside its range: found at a reading or in a file, begun after the last good one, ended at the first good one."""

    __tablename__ = "temperature_excursion"

    location_id: Mapped[UUID] = mapped_column(sa.ForeignKey("location.id"), index=True)
    last_good_at: Mapped[datetime | None]
    found_at: Mapped[datetime]
    found_by: Mapped[str]
    lowest: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    highest: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    allowed: Mapped[str]
    remark: Mapped[str]
    ended_at: Mapped[datetime | None]


class ExcursionLot(Signed, Base):
    """Units of a lot that were inside during an excursion and went into quarantine; signed when a pharmacist has judged them."""

    __tablename__ = "excursion_lot"

    excursion_id: Mapped[UUID] = mapped_column(sa.ForeignKey("temperature_excursion.id"), index=True)
    holding_id: Mapped[UUID] = mapped_column(sa.ForeignKey("holding.id"))
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    disposition: Mapped[Disposition | None] = mapped_column(choice(Disposition, "disposition"))
    source: Mapped[str]
    expires_on: Mapped[date | None]


class StorageRule(Signed, Base):
    """The range of a kind of location as a pharmacist signed it; the newest of a kind is in force."""

    __tablename__ = "storage_rule"
    __table_args__ = (sa.UniqueConstraint("kind", "number"),)

    kind: Mapped[LocationKind] = mapped_column(choice(LocationKind, "kind"))
    number: Mapped[int]
    low: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    high: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    excursion_low: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    excursion_high: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    mean_kinetic_limit: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))
    source: Mapped[str]
    set_by: Mapped[str]


class TemperaturePolicyRow(Signed, Base):
    """How often temperatures are read and monitors verified, as a pharmacist signed it; the newest is in force."""

    __tablename__ = "temperature_policy"
    __table_args__ = (sa.UniqueConstraint("number"),)

    number: Mapped[int]
    reading_hours: Mapped[int]
    gap_minutes: Mapped[int]
    verification_months: Mapped[int]
    notice_days: Mapped[int]
    source: Mapped[str]
    set_by: Mapped[str]
