"""Brings published lists in: the code file of CMS, its NDC crosswalk, the FDA directory, and the shipped ICD-10-CM table."""

from infusiondesk.catalog.exchange.codes import ACTIONS, COLUMNS, CodesRead, PublishedCode, read_codes
from infusiondesk.catalog.exchange.diagnoses import ICD10CM, Diagnosis, DiagnosisCodes, dotted
from infusiondesk.catalog.exchange.plain import MOST_BYTES, RefusedLine
from infusiondesk.catalog.exchange.published import Published, read_file, read_published

__all__ = [
    "ACTIONS",
    "COLUMNS",
    "ICD10CM",
    "MOST_BYTES",
    "CodesRead",
    "Diagnosis",
    "DiagnosisCodes",
    "Published",
    "PublishedCode",
    "RefusedLine",
    "dotted",
    "read_codes",
    "read_file",
    "read_published",
]
