"""Filling an empty catalog from the tables that are shipped with the program; every row arrives unsigned."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from infusiondesk.catalog.queries.shipped import shipped
from infusiondesk.catalog.records import Code, Drug, Product
from infusiondesk.catalog.rules.reference import code_of, drug_of, product_of
from infusiondesk.catalog.service.writing import keep_shipped_stability, kept, with_sources
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_RELEASE: Final = re.compile(r"CMS HCPCS (\d{4})-(\d{2})")


@dataclass(frozen=True)
class Loaded:
    """How many rows came in."""

    drugs: int
    products: int
    stability: int
    codes: int


@verb(Area.CATALOG, Role.ADMINISTRATOR, Role.PHARMACIST_IN_CHARGE, does="fill the catalog from the shipped tables")
def load_reference(uow: UnitOfWork) -> Loaded:
    """Read the shipped tables into an empty catalog. Nothing may be dispensed from them before rows are signed."""
    if uow.session.scalars(sa.select(Drug.id).limit(1)).first() is not None:
        raise Refused("The catalog is filled already. Rows are entered and corrected one by one from now on.")
    by_ingredient = {}
    stability = 0
    for line in shipped("drugs"):
        drug = kept(uow, Drug(), with_sources(drug_of(line)))
        uow.session.flush()
        by_ingredient[line["ingredient"]] = drug.id
        stability += keep_shipped_stability(uow, drug)
    for line in shipped("products"):
        kept(uow, Product(), with_sources(product_of(line, by_ingredient[line["ingredient"]])))
    for line in shipped("hcpcs_codes"):
        entry = code_of(line)
        uow.add(
            Code(
                code=entry.code,
                kind=entry.kind,
                label=entry.label,
                added_on=entry.added_on,
                terminated_on=entry.terminated_on,
                source=line["source"],
                as_of=_as_of(line["source"]),
            )
        )
    done = Loaded(len(by_ingredient), len(shipped("products")), stability, len(shipped("hcpcs_codes")))
    rows = done.drugs + done.products + done.stability
    uow.record(Change("loaded", Area.CATALOG, "catalog", detail=f"{rows} rows, {done.codes} codes"))
    return done


def _as_of(source: str) -> date | None:
    """The first day of the CMS release that a code's days come from."""
    found = _RELEASE.fullmatch(source)
    return date(int(found[1]), int(found[2]), 1) if found else None
