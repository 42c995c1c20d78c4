"""Tables of the shelf: locations, items, lots, what is left where, movements, receipts, counts, doubts, recalls, temperatures."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.inventory.records.controlled import ControlledWaste
from infusiondesk.inventory.records.temperatures import (
    PLACES,
    ExcursionLot,
    LoggerImport,
    MonitorVerification,
    StorageRule,
    TemperatureExcursion,
    TemperatureMonitor,
    TemperaturePolicyRow,
    TemperatureReading,
)
from infusiondesk.inventory.rules import (
    CountScope,
    ItemKind,
    LocationKind,
    MovementKind,
    RecallScope,
    SuspicionEnd,
)
from infusiondesk.inventory.rules.biennial import TakenAt
from infusiondesk.inventory.rules.words import DiscrepancyEnd

__all__ = [
    "PLACES",
    "BiennialInventory",
    "BiennialLine",
    "ControlledLoss",
    "ControlledRules",
    "ControlledWaste",
    "CountLine",
    "CountSheet",
    "Discrepancy",
    "Disposal",
    "ExcursionLot",
    "Holding",
    "Investigation",
    "Item",
    "Location",
    "LoggerImport",
    "Lot",
    "MonitorVerification",
    "Movement",
    "RecallStep",
    "Receipt",
    "ReturnedGoods",
    "Serial",
    "StockRecall",
    "StorageRule",
    "TemperatureExcursion",
    "TemperatureMonitor",
    "TemperaturePolicyRow",
    "TemperatureReading",
]


class Location(Record, Base):
    """A place where stock is kept; one that is retired stays for what happened in it."""

    __tablename__ = "location"
    __table_args__ = (sa.UniqueConstraint("name"),)

    name: Mapped[str]
    kind: Mapped[LocationKind] = mapped_column(choice(LocationKind, "kind"))
    retired_at: Mapped[datetime | None]


class Item(Record, Base):
    """Something that is stocked; a drug or diluent names its product. When to order it is the pharmacy's own policy."""

    __tablename__ = "item"

    product_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    name: Mapped[str]
    ndc: Mapped[str | None] = mapped_column(index=True)
    gtin: Mapped[str | None] = mapped_column(index=True)
    maker: Mapped[str]
    unit: Mapped[str]
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind, "kind"))
    kept_in: Mapped[LocationKind] = mapped_column(choice(LocationKind, "kept_in"))
    reorder_point: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))
    order_up_to: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))
    pack_size: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))


class Lot(Record, Base):
    """One batch of the maker of an item. What is left of it stands in its holdings, where it came from in its receipts."""

    __tablename__ = "lot"
    __table_args__ = (sa.UniqueConstraint("item_id", "lot_number"),)

    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("item.id"))
    lot_number: Mapped[str] = mapped_column(index=True)
    expires_on: Mapped[date]


class Holding(Record, Base):
    """What is left of a lot at one location: guarded counts beside the movements, so that two people cannot take the same vial."""

    __tablename__ = "holding"
    __table_args__ = (
        sa.UniqueConstraint("lot_id", "location_id"),
        sa.CheckConstraint("on_hand >= 0", name="on_hand"),
        sa.CheckConstraint("in_quarantine >= 0", name="in_quarantine"),
    )

    lot_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lot.id"))
    location_id: Mapped[UUID] = mapped_column(sa.ForeignKey("location.id"), index=True)
    on_hand: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    in_quarantine: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    moves: Mapped[int]


class Movement(Record, Base):
    """Units that came or went at one location, on hand and in quarantine. Never changed; a mistake is moved back."""

    __tablename__ = "movement"
    __table_args__ = (sa.UniqueConstraint("holding_id", "number"),)

    holding_id: Mapped[UUID] = mapped_column(sa.ForeignKey("holding.id"))
    number: Mapped[int]
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind, "kind"))
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    quarantined: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    reference_entity: Mapped[str | None]
    reference_id: Mapped[UUID | None] = mapped_column(index=True)
    because: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[str]
    witnessed_by: Mapped[str]


class Disposal(Signed, Base):
    """What of a controlled drug is laid out to be wasted or destroyed; signed by the witness who saw it."""

    __tablename__ = "disposal"

    holding_id: Mapped[UUID] = mapped_column(sa.ForeignKey("holding.id"), index=True)
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind, "kind"))
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    because: Mapped[str]
    laid_out_at: Mapped[datetime]
    laid_out_by_id: Mapped[UUID]
    laid_out_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str]


class ControlledRules(Signed, Base):
    """What the pharmacy decided about controlled drugs, signed by the pharmacist in charge; the newest one is in force."""

    __tablename__ = "controlled_rules"
    __table_args__ = (sa.UniqueConstraint("number"),)

    number: Mapped[int]
    fax_is_original: Mapped[bool]
    monitored: Mapped[list[str]]
    level: Mapped[str]
    query_days: Mapped[int | None]
    each_fill: Mapped[bool]
    inventory_months: Mapped[int]
    dea_number: Mapped[str]
    ncpdp_number: Mapped[str]
    program: Mapped[str]
    program_id: Mapped[str]
    set_by: Mapped[str]


class Discrepancy(Signed, Base):
    """Two counts of a controlled drug that differ from its balance; signed by the pharmacist in charge who resolves it."""

    __tablename__ = "discrepancy"

    count_line_id: Mapped[UUID] = mapped_column(sa.ForeignKey("count_line.id"))
    holding_id: Mapped[UUID] = mapped_column(sa.ForeignKey("holding.id"), index=True)
    expected: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    first_found: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    first_by: Mapped[str]
    second_found: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    second_by: Mapped[str]
    discovered_at: Mapped[datetime]
    end: Mapped[DiscrepancyEnd | None] = mapped_column(choice(DiscrepancyEnd, "end"))
    explanation: Mapped[str]
    circumstances: Mapped[str]
    police: Mapped[str]


class BiennialInventory(Signed, Base):
    """All controlled drugs counted on one day; one who counted puts the name first, a pharmacist who is another signs."""

    __tablename__ = "biennial_inventory"

    taken_on: Mapped[date]
    taken_at: Mapped[TakenAt] = mapped_column(choice(TakenAt, "taken_at"))
    dea_number: Mapped[str]
    begun_at: Mapped[datetime]
    begun_by: Mapped[str]
    counted_by_id: Mapped[UUID | None]
    counted_by: Mapped[str]
    remarks: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str]


class BiennialLine(Record, Base):
    """What was found of one lot at one place, on hand and in quarantine together; without a holding it was entered by hand."""

    __tablename__ = "biennial_line"
    __table_args__ = (sa.UniqueConstraint("inventory_id", "holding_id"),)

    inventory_id: Mapped[UUID] = mapped_column(sa.ForeignKey("biennial_inventory.id"), index=True)
    holding_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("holding.id"))
    schedule: Mapped[str]
    item: Mapped[str]
    ndc: Mapped[str | None]
    unit: Mapped[str]
    location: Mapped[str]
    lot_number: Mapped[str]
    expected: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))
    found: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))
    is_estimate: Mapped[bool]
    found_by: Mapped[str]


class ControlledLoss(Record, Base):
    """What follows a discrepancy that is a theft or loss: the written notice and the filed form, each when it is done."""

    __tablename__ = "controlled_loss"
    __table_args__ = (sa.UniqueConstraint("discrepancy_id"),)

    discrepancy_id: Mapped[UUID] = mapped_column(sa.ForeignKey("discrepancy.id"))
    told_at: Mapped[datetime | None]
    told_by: Mapped[str]
    told_how: Mapped[str]
    filed_at: Mapped[datetime | None]
    filed_by: Mapped[str]
    filed_as: Mapped[str]


class Receipt(Record, Base):
    """One delivery of a vendor with its document; its lines are the movements that name it."""

    __tablename__ = "receipt"

    vendor: Mapped[str]
    document_number: Mapped[str]
    shipped_on: Mapped[date | None]
    has_transaction: Mapped[bool]
    without_because: Mapped[str]
    order_form: Mapped[str]
    supplier_dea: Mapped[str]
    received_at: Mapped[datetime]
    received_by_id: Mapped[UUID]
    received_by: Mapped[str]


class Serial(Record, Base):
    """One unit with a serial number of its own, as its package was scanned."""

    __tablename__ = "serial"
    __table_args__ = (sa.UniqueConstraint("item_id", "number"),)

    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("item.id"))
    number: Mapped[str]
    lot_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    receipt_id: Mapped[UUID] = mapped_column(sa.ForeignKey("receipt.id"))


class Investigation(Record, Base):
    """A suspect product: what raised the doubt, and how it ended."""

    __tablename__ = "investigation"

    lot_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lot.id"), index=True)
    suspicion: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    end: Mapped[SuspicionEnd | None] = mapped_column(choice(SuspicionEnd, "end"))
    finding: Mapped[str]
    notified: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str]


class CountSheet(Record, Base):
    """A count of some of what lies at a location."""

    __tablename__ = "count_sheet"

    location_id: Mapped[UUID] = mapped_column(sa.ForeignKey("location.id"), index=True)
    scope: Mapped[CountScope] = mapped_column(choice(CountScope, "scope"))
    scope_detail: Mapped[str]
    begun_at: Mapped[datetime]
    begun_by: Mapped[str]
    ended_at: Mapped[datetime | None]


class CountLine(Record, Base):
    """One holding on a sheet: what one person counted, then, where it differed, a second one. `…_after`: its last movement then."""

    __tablename__ = "count_line"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "holding_id"),)

    sheet_id: Mapped[UUID] = mapped_column(sa.ForeignKey("count_sheet.id"))
    holding_id: Mapped[UUID] = mapped_column(sa.ForeignKey("holding.id"), index=True)
    begun_after: Mapped[int]
    first_found: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))
    first_after: Mapped[int | None]
    first_at: Mapped[datetime | None]
    first_by_id: Mapped[UUID | None]
    first_by: Mapped[str]
    second_found: Mapped[Decimal | None] = mapped_column(ExactDecimal(PLACES))
    second_after: Mapped[int | None]
    second_at: Mapped[datetime | None]
    second_by_id: Mapped[UUID | None]
    second_by: Mapped[str]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)


class StockRecall(Signed, Base):
    """A recall by a maker, the FDA or the pharmacy itself; signed when it is closed."""

    __tablename__ = "stock_recall"

    number: Mapped[str]
    notice: Mapped[str]
    because: Mapped[str]
    scope: Mapped[RecallScope] = mapped_column(choice(RecallScope, "scope"))
    item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("item.id"))
    lot_numbers: Mapped[list[str]]
    maker: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closing: Mapped[str]


class RecallStep(Record, Base):
    """What was done about one line of a recall: a bag, a batch, a patient who has it."""

    __tablename__ = "recall_step"
    __table_args__ = (sa.UniqueConstraint("recall_id", "line"),)

    recall_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stock_recall.id"))
    line: Mapped[str]
    done: Mapped[str]
    done_at: Mapped[datetime]
    done_by: Mapped[str]


class ReturnedGoods(Record, Base):
    """What came back to the pharmacy and was destroyed; it never goes to the shelf again."""

    __tablename__ = "returned_goods"

    what: Mapped[str]
    lot_number: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    unit: Mapped[str]
    reference_entity: Mapped[str]
    reference_id: Mapped[UUID | None] = mapped_column(index=True)
    patient_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("patient.id"))
    because: Mapped[str]
    destroyed_how: Mapped[str]
    destroyed_at: Mapped[datetime]
    destroyed_by: Mapped[str]
    witnessed_by: Mapped[str]
