"""What may be read of the catalog: drugs, products, stability, codes, and what still waits for a signature."""

from infusiondesk.catalog.queries.codes import CodeRow, CodesFound, codes, find_codes
from infusiondesk.catalog.queries.review import Between, is_signed, standing_between, unsigned_count
from infusiondesk.catalog.queries.rows import (
    DrugRow,
    ProductRow,
    Reviewable,
    StabilityRow,
    draft_of,
    drug_of,
    drugs,
    find_drugs,
    product_of,
    products,
    products_of,
    stability,
    stability_for,
    stability_of,
)

__all__ = [
    "Between",
    "CodeRow",
    "CodesFound",
    "DrugRow",
    "ProductRow",
    "Reviewable",
    "StabilityRow",
    "codes",
    "draft_of",
    "drug_of",
    "drugs",
    "find_codes",
    "find_drugs",
    "is_signed",
    "product_of",
    "products",
    "products_of",
    "stability",
    "stability_for",
    "stability_of",
    "standing_between",
    "unsigned_count",
]
