"""Tables of prescriptions: originals, offers of counsel, signed fill logs. Rows are only ever added."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.prescriptions.rules import How, Reply


class Original(Record, Base):
    """The prescription as it came; the file itself lies in the encrypted store."""

    __tablename__ = "original"
    __table_args__ = (sa.UniqueConstraint("order_version_id", "sha256"),)

    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    added_by: Mapped[str]
    added_at: Mapped[datetime]


class CounselOffer(Record, Base):
    """A pharmacist's advice offered for a prescription, and the answer."""

    __tablename__ = "counsel_offer"

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"), index=True)
    order_version_id: Mapped[UUID] = mapped_column(sa.ForeignKey("order_version.id"))
    how: Mapped[How] = mapped_column(choice(How, "how"))
    reply: Mapped[Reply] = mapped_column(choice(Reply, "reply"))
    with_whom: Mapped[str]
    about: Mapped[str]
    offered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    offered_by: Mapped[str]
    offered_at: Mapped[datetime]


class FillLog(Signed, Base):
    """The fills of one day that one pharmacist released, as he signed for them."""

    __tablename__ = "fill_log"
    __table_args__ = (sa.UniqueConstraint("day", "pharmacist_id", "number"),)

    day: Mapped[date]
    pharmacist_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    pharmacist: Mapped[str]
    number: Mapped[int]
    fills: Mapped[list[dict[str, Any]]]
