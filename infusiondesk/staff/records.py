"""Tables of people and their licences."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.records import Base, Record


class Person(Record, Base):
    """One human being with an account; retired, never deleted, so that old signatures keep their name."""

    __tablename__ = "person"
    __table_args__ = (sa.UniqueConstraint("login"),)

    name: Mapped[str]
    login: Mapped[str]
    roles: Mapped[list[str]]
    retired_at: Mapped[datetime | None]


class PersonLicence(Record, Base):
    """A licence of a person in one state."""

    __tablename__ = "person_licence"

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    state: Mapped[str]
    number: Mapped[str]
    expires_on: Mapped[date]
