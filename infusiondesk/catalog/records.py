"""Tables of the catalog: drugs, products, stability, codes, the reviews that put a name under rows, and published files."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.catalog.rules import (
    ContainerKind,
    FileKind,
    FirstDoseRisk,
    Hazard,
    ProductForm,
    RowKind,
    Status,
    Storage,
    Vesicant,
)
from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed


class ReviewBatch(Signed, Base):
    """Rows of one kind signed together: each with its facts as they were seen and the digest that proves them."""

    __tablename__ = "review_batch"

    kind: Mapped[RowKind] = mapped_column(choice(RowKind, "kind"))
    compared_with: Mapped[str]
    rows: Mapped[list[dict[str, Any]]]


class Reviewed(Record, Base):
    """What every reviewed row has: where its facts come from, and who put his name under them."""

    __abstract__ = True

    source: Mapped[str]
    status: Mapped[Status] = mapped_column(choice(Status, "status"))
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]
    review_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("review_batch.id"))
    retired_at: Mapped[datetime | None]


class Drug(Reviewed):
    """What is ordered. `ingredient` is the name billing and screening know; `reference_name` the one in the reference tables."""

    __tablename__ = "drug"
    __table_args__ = (sa.UniqueConstraint("ingredient"),)

    ingredient: Mapped[str]
    name: Mapped[str]
    reference_name: Mapped[str]
    therapy: Mapped[str]
    therapy_class: Mapped[str]
    routes: Mapped[list[str]]
    iv_ways: Mapped[list[str]]
    dose_unit: Mapped[str]
    hazard: Mapped[Hazard] = mapped_column(choice(Hazard, "hazard"))
    controlled: Mapped[str]
    first_dose_risk: Mapped[FirstDoseRisk] = mapped_column(choice(FirstDoseRisk, "first_dose_risk"))
    vesicant: Mapped[Vesicant] = mapped_column(choice(Vesicant, "vesicant"))
    central_only: Mapped[bool]
    line_note: Mapped[str]
    storage_text: Mapped[str]


class Product(Reviewed):
    """One vial, ampule, bag or bottle of a drug. What is empty is not known, and the worksheet says so."""

    __tablename__ = "product"

    drug_id: Mapped[UUID] = mapped_column(sa.ForeignKey("drug.id"), index=True)
    label: Mapped[str]
    formulation: Mapped[str]
    ndc: Mapped[str | None] = mapped_column(index=True)
    form: Mapped[ProductForm] = mapped_column(choice(ProductForm, "form"))
    container: Mapped[ContainerKind] = mapped_column(choice(ContainerKind, "container"))
    content_amount: Mapped[Decimal] = mapped_column(ExactDecimal(4))
    content_unit: Mapped[str]
    reconstitution_ml: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    reconstitute_with: Mapped[str]
    volume_ml: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    concentration: Mapped[Decimal | None] = mapped_column(ExactDecimal(4))
    in_use_hours: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    maker_text: Mapped[str]
    storage: Mapped[Storage] = mapped_column(choice(Storage, "storage"))


class Stability(Reviewed):
    """How long a drug stays itself under one set of conditions; no hours means unknown, and unknown gives no date."""

    __tablename__ = "stability"

    drug_id: Mapped[UUID] = mapped_column(sa.ForeignKey("drug.id"), index=True)
    formulation: Mapped[str]
    diluents: Mapped[list[str]]
    container: Mapped[str]
    storage: Mapped[Storage] = mapped_column(choice(Storage, "storage"))
    concentration_low: Mapped[Decimal | None] = mapped_column(ExactDecimal(4))
    concentration_high: Mapped[Decimal | None] = mapped_column(ExactDecimal(4))
    concentration_unit: Mapped[str]
    is_forbidden: Mapped[bool]
    hours: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    note: Mapped[str]


class Code(Record, Base):
    """A HCPCS or CPT code; one that ended stays, for the days on which it was right."""

    __tablename__ = "code"
    __table_args__ = (sa.UniqueConstraint("code"),)

    code: Mapped[str]
    kind: Mapped[str]
    label: Mapped[str]
    added_on: Mapped[date | None]
    terminated_on: Mapped[date | None]
    source: Mapped[str]
    as_of: Mapped[date | None]


class TakenFile(Record, Base):
    """A published file that was taken in; its rows speak from the moment it is complete, and never before."""

    __tablename__ = "taken_file"

    name: Mapped[str]
    kind: Mapped[FileKind] = mapped_column(choice(FileKind, "kind"))
    digest: Mapped[str] = mapped_column(index=True)
    total: Mapped[int]
    taken: Mapped[int]
    as_of: Mapped[date | None]
    last_day: Mapped[date | None]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]


class NdcPackage(Base):
    """One package of an FDA directory, as its labeler listed it: never changed, replaced with its file."""

    __tablename__ = "ndc_package"

    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("taken_file.id"), primary_key=True)
    ndc: Mapped[str] = mapped_column(primary_key=True)
    printed: Mapped[str]
    label_name: Mapped[str]
    generic_name: Mapped[str]
    form: Mapped[str]
    route: Mapped[str]
    labeler: Mapped[str]
    substance: Mapped[str]
    strength: Mapped[str]
    package: Mapped[str]
    words: Mapped[str]


class NdcBilling(Base):
    """One line of an NDC-HCPCS crosswalk; the files of earlier quarters stay, for claims of their days."""

    __tablename__ = "ndc_billing"

    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("taken_file.id"), primary_key=True)
    ndc: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    drug: Mapped[str]
    labeler: Mapped[str]
    dosage: Mapped[str]
    package_size: Mapped[Decimal] = mapped_column(ExactDecimal(3))
    package_quantity: Mapped[Decimal] = mapped_column(ExactDecimal(3))
    units: Mapped[Decimal] = mapped_column(ExactDecimal(4))
    units_per_package: Mapped[Decimal] = mapped_column(ExactDecimal(4))
