"""Decisions of the catalog: what a row must hold, when it may be worked with, which stability speaks, when a code is in force."""

from infusiondesk.catalog.rules.codes import CodeEntry, CodeReport, code_problem, is_in_force
from infusiondesk.catalog.rules.drafts import Draft, DrugDraft, ProductDraft, StabilityDraft
from infusiondesk.catalog.rules.files import BillingEntry, FileEntry, FileFacts, FileKind, FileReport, PackageEntry
from infusiondesk.catalog.rules.ndc import ndc_digits, ndc_problem, ndc_readings, ndc_text, ndcs_in
from infusiondesk.catalog.rules.sources import source_group, sources_of, tags_of
from infusiondesk.catalog.rules.stability import Prepared, speaks_for, which_speak
from infusiondesk.catalog.rules.standing import product_missing, stability_missing, standing
from infusiondesk.catalog.rules.words import (
    CONTENT_UNITS,
    DOSE_UNITS,
    IV_WAYS,
    ROUTES,
    SCHEDULES,
    THERAPY_CLASSES,
    ContainerKind,
    FirstDoseRisk,
    Hazard,
    ProductForm,
    RowKind,
    Standing,
    Status,
    Storage,
    Vesicant,
)

__all__ = [
    "CONTENT_UNITS",
    "DOSE_UNITS",
    "IV_WAYS",
    "ROUTES",
    "SCHEDULES",
    "THERAPY_CLASSES",
    "BillingEntry",
    "CodeEntry",
    "CodeReport",
    "ContainerKind",
    "Draft",
    "DrugDraft",
    "FileEntry",
    "FileFacts",
    "FileKind",
    "FileReport",
    "FirstDoseRisk",
    "Hazard",
    "PackageEntry",
    "Prepared",
    "ProductDraft",
    "ProductForm",
    "RowKind",
    "StabilityDraft",
    "Standing",
    "Status",
    "Storage",
    "Vesicant",
    "code_problem",
    "is_in_force",
    "ndc_digits",
    "ndc_problem",
    "ndc_readings",
    "ndc_text",
    "ndcs_in",
    "product_missing",
    "source_group",
    "sources_of",
    "speaks_for",
    "stability_missing",
    "standing",
    "tags_of",
    "which_speak",
]
