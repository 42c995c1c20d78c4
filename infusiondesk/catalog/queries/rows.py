"""What screens, papers and other slices may know of drugs, products and stability."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.catalog.queries.review import TABLES, Reviews, missing_of
from infusiondesk.catalog.queries.shipped import medicine_names
from infusiondesk.catalog.records import Drug, Product, Reviewed, Stability
from infusiondesk.catalog.rules import (
    ContainerKind,
    Draft,
    DrugDraft,
    FirstDoseRisk,
    Hazard,
    Prepared,
    ProductDraft,
    ProductForm,
    RowKind,
    StabilityDraft,
    Standing,
    Status,
    Storage,
    Vesicant,
    ndc_text,
    which_speak,
)
from infusiondesk.catalog.rules.names import names_of
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.store.unit_of_work import Reading

_IN_MG: Final = {"g": Decimal(1000), "mcg": Decimal("0.001")}


@dataclass(frozen=True)
class Reviewable:
    """What every row of the catalog tells of itself; `seal` stands for everything a signer of it signs for."""

    id: UUID
    source: str
    status: Status
    standing: Standing
    missing: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    compared_with: str
    is_retired: bool
    seal: str

    @property
    def is_usable(self) -> bool:
        """Whether it may be worked with."""
        return self.standing is Standing.SIGNED and not self.is_retired


@dataclass(frozen=True)
class DrugRow(Reviewable):
    """One drug."""

    ingredient: str
    name: str
    reference_name: str
    therapy: str
    therapy_class: str
    routes: tuple[str, ...]
    dose_unit: str
    hazard: Hazard
    controlled: str
    first_dose_risk: FirstDoseRisk
    vesicant: Vesicant
    central_only: bool
    line_note: str
    storage_text: str
    iv_ways: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    rxcuis: tuple[str, ...] = ()

    @property
    def is_hazardous(self) -> bool:
        """Whether it is handled as a hazardous drug."""
        return self.hazard is Hazard.HAZARDOUS


@dataclass(frozen=True)
class ProductRow(Reviewable):
    """One product; `per_ml` is its strength, reconstituted where it is a powder, None where that is not known."""

    drug_id: UUID
    ingredient: str
    label: str
    formulation: str
    ndc: str | None
    form: ProductForm
    container: ContainerKind
    content_amount: Decimal
    content_unit: str
    reconstitution_ml: Decimal | None
    reconstitute_with: str
    volume_ml: Decimal | None
    concentration: Decimal | None
    in_use_hours: Decimal | None
    maker_text: str
    storage: Storage

    @property
    def per_ml(self) -> Decimal | None:
        """Content units in each mL, ready to draw."""
        if self.form is ProductForm.POWDER:
            return self.concentration
        return self.content_amount / self.volume_ml if self.volume_ml else None


@dataclass(frozen=True)
class StabilityRow(Reviewable):
    """One stability."""

    drug_id: UUID
    drug: str
    formulation: str
    diluents: tuple[str, ...]
    container: str
    storage: Storage
    concentration_low: Decimal | None
    concentration_high: Decimal | None
    concentration_unit: str
    is_forbidden: bool
    hours: Decimal | None
    note: str

    @property
    def diluent(self) -> str:
        """The fluids it holds for, in words; empty where the source does not say."""
        return " or ".join(self.diluents)


def seen(rows: Iterable[Reviewable]) -> dict[UUID, str]:
    """Rows as they were on the screen, for the one who signs them: a row that differs by then is not signed unseen."""
    return {row.id: row.seal for row in rows}


@query(Area.CATALOG, is_audited=False)
def drugs(reading: Reading, *, retired: bool = False) -> Sequence[DrugRow]:
    """Every drug in use, by name; with `retired`, those that are not in use any more too."""
    chosen = sa.select(Drug) if retired else sa.select(Drug).where(Drug.retired_at.is_(None))
    reviews = Reviews(reading)
    return sorted((_drug(reviews, row) for row in reading.session.scalars(chosen)), key=lambda row: row.name.casefold())


@query(Area.CATALOG, is_audited=False)
def find_drugs(reading: Reading, *, words: str) -> Sequence[DrugRow]:
    """Drugs whose name, ingredient, therapy, brands or RxCUIs hold every one of the words."""
    wanted = words.casefold().split()
    found = []
    for row in reading.session.scalars(sa.select(Drug).where(Drug.retired_at.is_(None))):
        names = names_of(row.ingredient, medicine_names())
        told = " ".join((row.name, row.ingredient, row.therapy, *names.brands, *names.rxcuis)).casefold()
        if all(word in told for word in wanted):
            found.append(row)
    reviews = Reviews(reading)
    return sorted((_drug(reviews, row) for row in found), key=lambda row: row.name.casefold())


@query(Area.CATALOG, is_audited=False)
def drug_of(reading: Reading, *, drug_id: UUID) -> DrugRow:
    """One drug, in use or not."""
    row = reading.session.get(Drug, drug_id)
    if row is None:
        raise Refused("This drug is not in the catalog.")
    return _drug(Reviews(reading), row)


@query(Area.CATALOG, is_audited=False)
def draft_of(reading: Reading, *, kind: RowKind, row_id: UUID) -> Draft:
    """A row as its editor shows it."""
    row = reading.session.get(TABLES[kind], row_id)
    if row is None:
        raise Refused("This row is not in the catalog.")
    drafts: dict[RowKind, type[Draft]] = {RowKind.DRUG: DrugDraft, RowKind.PRODUCT: ProductDraft, RowKind.STABILITY: StabilityDraft}
    draft = drafts[kind]()
    for one in fields(draft):
        value = getattr(row, one.name)
        if isinstance(value, Enum):
            value = value.value
        elif isinstance(value, list):
            value = tuple(value)
        elif one.name == "ndc":
            value = ndc_text(value)
        setattr(draft, one.name, value)
    return draft


@query(Area.CATALOG, is_audited=False)
def products_of(reading: Reading, *, drug_id: UUID) -> Sequence[ProductRow]:
    """The products of a drug in use, smallest first."""
    chosen = sa.select(Product, Drug.ingredient).join(Drug, Drug.id == Product.drug_id).where(Product.drug_id == drug_id)
    return _products(reading, chosen.where(Product.retired_at.is_(None)))


@query(Area.CATALOG, is_audited=False)
def products(reading: Reading) -> Sequence[ProductRow]:
    """Every product in use of the drugs in use, by drug."""
    chosen = sa.select(Product, Drug.ingredient).join(Drug, Drug.id == Product.drug_id)
    chosen = chosen.where(Product.retired_at.is_(None), Drug.retired_at.is_(None))
    return sorted(_products(reading, chosen), key=lambda row: row.ingredient)


@query(Area.CATALOG, is_audited=False)
def product_of(reading: Reading, *, product_id: UUID) -> ProductRow:
    """One product, in use or not."""
    chosen = sa.select(Product, Drug.ingredient).join(Drug, Drug.id == Product.drug_id).where(Product.id == product_id)
    found = _products(reading, chosen)
    if not found:
        raise Refused("This product is not in the catalog.")
    return found[0]


@query(Area.CATALOG, is_audited=False)
def stability_of(reading: Reading, *, drug_id: UUID) -> Sequence[StabilityRow]:
    """What is known of a drug's stability, by storage, then concentration."""
    return _stability(reading, sa.select(Stability, Drug.name).join(Drug).where(Stability.drug_id == drug_id))


@query(Area.CATALOG, is_audited=False)
def stability(reading: Reading) -> Sequence[StabilityRow]:
    """All that is known of stability, by drug."""
    return _stability(reading, sa.select(Stability, Drug.name).join(Drug).where(Drug.retired_at.is_(None)))


@query(Area.CATALOG, is_audited=False)
def stability_for(reading: Reading, *, drug_id: UUID, prepared: Prepared) -> Sequence[StabilityRow]:
    """The rows that speak for a preparation, the one to go by first; empty is "unknown", and unknown gives no date.

    The caller looks at `is_forbidden`, `hours` and `is_usable` of the first.
    """
    return which_speak(stability_of(reading, drug_id=drug_id), prepared)


_About = tuple[UUID, str, Status, Standing, str | None, str | None, datetime | None, str, bool, str]


def _about(reviews: Reviews, row: Reviewed) -> _About:
    standing = reviews.standing_of(row)
    is_named = standing is Standing.SIGNED
    return (
        row.id,
        row.source,
        row.status,
        standing,
        missing_of(row),
        row.reviewed_by if is_named else None,
        reviews.reading.local(row.reviewed_at) if is_named and row.reviewed_at else None,
        reviews.compared_with(row) if is_named else "",
        row.retired_at is not None,
        reviews.seal_of(row),
    )


def _drug(reviews: Reviews, row: Drug) -> DrugRow:
    names = names_of(row.ingredient, medicine_names())
    return DrugRow(
        *_about(reviews, row),
        row.ingredient,
        row.name,
        row.reference_name,
        row.therapy,
        row.therapy_class,
        tuple(row.routes),
        row.dose_unit,
        row.hazard,
        row.controlled,
        row.first_dose_risk,
        row.vesicant,
        row.central_only,
        row.line_note,
        row.storage_text,
        tuple(row.iv_ways),
        names.brands,
        names.rxcuis,
    )


def _products(reading: Reading, chosen: sa.Select[Product, str]) -> list[ProductRow]:
    reviews = Reviews(reading)
    found = [
        ProductRow(
            *_about(reviews, row),
            row.drug_id,
            ingredient,
            row.label,
            row.formulation,
            row.ndc,
            row.form,
            row.container,
            row.content_amount,
            row.content_unit,
            row.reconstitution_ml,
            row.reconstitute_with,
            row.volume_ml,
            row.concentration,
            row.in_use_hours,
            row.maker_text,
            row.storage,
        )
        for row, ingredient in reading.session.execute(chosen)
    ]
    return sorted(found, key=lambda row: (row.content_amount * _IN_MG.get(row.content_unit, Decimal(1)), row.label))


def _stability(reading: Reading, chosen: sa.Select[Stability, str]) -> list[StabilityRow]:
    reviews = Reviews(reading)
    found = [
        StabilityRow(
            *_about(reviews, row),
            row.drug_id,
            name,
            row.formulation,
            tuple(row.diluents),
            row.container,
            row.storage,
            row.concentration_low,
            row.concentration_high,
            row.concentration_unit,
            row.is_forbidden,
            row.hours,
            row.note,
        )
        for row, name in reading.session.execute(chosen.where(Stability.retired_at.is_(None)))
    ]
    places = list(Storage)
    return sorted(
        found, key=lambda row: (row.drug.casefold(), places.index(row.storage), row.concentration_high or 0, row.container, row.id)
    )
