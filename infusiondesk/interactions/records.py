"""Tables of what a screen found and of what pharmacists answered; both only ever grow."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.interactions.rules.rows import RowKind
from infusiondesk.interactions.rules.words import RecallDone, RowEvent


class Screening(Record, Base):
    """One run of the screen over a patient's whole profile, seen from one order version; never changed afterwards.

    `rows_read` are the limits and usual doses that were asked, in their version and words, also where they gave no alert.
    """

    __tablename__ = "screening"
    __table_args__ = (sa.UniqueConstraint("patient_id", "number"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"))
    number: Mapped[int]
    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"), index=True)
    subject: Mapped[str]
    medicines: Mapped[int]
    recognised: Mapped[int]
    alerts: Mapped[list[dict[str, Any]]]
    not_checked: Mapped[list[dict[str, Any]]]
    gaps: Mapped[list[str]]
    ingredients: Mapped[list[str]]
    knowledge: Mapped[str]
    rows_read: Mapped[list[dict[str, Any]]]
    is_for_verification: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    made_by: Mapped[str]


class ScreeningAnswer(Record, Base):
    """An answer to one alert or one unrecognised name, bound to the order version and the alert's key (clinical 0.2)."""

    __tablename__ = "screening_answer"

    screening_id: Mapped[UUID] = mapped_column(sa.ForeignKey("screening.id"))
    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"), index=True)
    number: Mapped[int]
    key: Mapped[str]
    code: Mapped[str]
    text: Mapped[str]
    source: Mapped[str]
    prescriber_name: Mapped[str]
    prescriber_told_at: Mapped[datetime | None]
    read_back: Mapped[bool]
    promise_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("promise.id"))
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    answered_by: Mapped[str]


class KnowledgeLayer(Record, Base):
    """A published set of pairs that was taken in: its citation, what was repaired, and its rows packed together.

    It counts for nothing until a pharmacist enables it; removing it keeps the rows that a kept screening names.
    """

    __tablename__ = "knowledge_layer"

    tag: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    citation: Mapped[str]
    file_name: Mapped[str]
    repairs: Mapped[list[str]]
    rows: Mapped[int]
    content: Mapped[bytes]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
    enabled_at: Mapped[datetime | None]
    enabled_by: Mapped[str]
    removed_at: Mapped[datetime | None]


class KnowledgeChange(Record, Base):
    """One version of one row, made here: what it says now, what it said before, and why; these only grow."""

    __tablename__ = "knowledge_change"
    __table_args__ = (sa.UniqueConstraint("row_key", "number"),)

    row_key: Mapped[str]
    number: Mapped[int]
    kind: Mapped[RowKind] = mapped_column(choice(RowKind, "kind"))
    layer: Mapped[str]
    what: Mapped[RowEvent] = mapped_column(choice(RowEvent, "what"))
    fields: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class KnowledgeReview(Signed, Base):
    """Rows that the pharmacist in charge signed together, each in the version that was seen."""

    __tablename__ = "knowledge_review"

    compared_with: Mapped[str]
    rows: Mapped[list[dict[str, Any]]]


class RecallClosing(Record, Base):
    """What was done about one thing that relied on a row in a version that is not in force any more; `line` is what was seen."""

    __tablename__ = "recall_closing"
    __table_args__ = (sa.UniqueConstraint("line_id"),)

    line_id: Mapped[str]
    row_key: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    line: Mapped[dict[str, Any]]
    done: Mapped[RecallDone] = mapped_column(choice(RecallDone, "done"))
    reason: Mapped[str]
    closed_at: Mapped[datetime]
    closed_by: Mapped[str]
