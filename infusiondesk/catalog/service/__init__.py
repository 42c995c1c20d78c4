"""What is done about the catalog: reading the shipped tables, entering and correcting rows, signing them, taking a code file in."""

from infusiondesk.catalog.service.codes import import_codes
from infusiondesk.catalog.service.entries import (
    correct_drug,
    correct_product,
    correct_stability,
    enter_drug,
    enter_product,
    enter_stability,
    retire_row,
)
from infusiondesk.catalog.service.files import part_of, take_file
from infusiondesk.catalog.service.reference import load_reference
from infusiondesk.catalog.service.review import sign_rows, sign_source

__all__ = [
    "correct_drug",
    "correct_product",
    "correct_stability",
    "enter_drug",
    "enter_product",
    "enter_stability",
    "import_codes",
    "load_reference",
    "part_of",
    "retire_row",
    "sign_rows",
    "sign_source",
    "take_file",
]
