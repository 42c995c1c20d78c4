"""Tables of promises and of what happened to them; both only ever grow."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.store.columns import choice
from infusiondesk.foundation.store.records import Base, Record
from infusiondesk.tasks.rules import EventKind, Kind


class Promise(Record, Base):
    """What was promised when a rule was passed; whether it is kept is derived (`rules.judge`)."""

    __tablename__ = "promise"

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"), index=True)
    rule: Mapped[str]
    subject: Mapped[str]
    kind: Mapped[Kind] = mapped_column(choice(Kind, "kind"))
    awaited: Mapped[str]
    words: Mapped[str]
    owner: Mapped[Role] = mapped_column(choice(Role, "owner"))
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_by: Mapped[str]


class PromiseEvent(Record, Base):
    """What arrived for a promise, was taken back, or made it needless; `entity_id` names the result or the note."""

    __tablename__ = "promise_event"

    promise_id: Mapped[UUID] = mapped_column(sa.ForeignKey("promise.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    entity_id: Mapped[UUID | None] = mapped_column(index=True)
    words: Mapped[str]
    happened_at: Mapped[datetime]
    done_by: Mapped[str]
