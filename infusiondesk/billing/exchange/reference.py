"""Reads the reviewed code tables of db/reference once, for whoever keeps a ledger."""

from functools import cache
from pathlib import Path

from infusiondesk.billing.rules.reference import Reference, read_reference

_TABLES = Path(__file__).resolve().parents[3] / "db" / "reference"


@cache
def shipped_reference() -> Reference:
    """The HCPCS and drug code tables that came with this version."""
    codes = (_TABLES / "hcpcs_codes.csv").read_text(encoding="utf-8")
    return read_reference(codes, (_TABLES / "drug_codes.csv").read_text(encoding="utf-8"))
