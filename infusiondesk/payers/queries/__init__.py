"""What screens, billing and papers may know of payers, coverage and authorizations."""

from infusiondesk.payers.queries.coverage import (
    CoveragePage,
    CoverageRow,
    PayerBanner,
    VoidedRow,
    authorizations_of,
    coverage_findings,
    coverage_of,
    coverage_page,
    payer_banner_of,
    voided_coverage_of,
)
from infusiondesk.payers.queries.profiles import (
    FieldRow,
    PayerRow,
    ProfileRow,
    VersionRow,
    payers,
    profile_on,
    profile_versions,
    profiles_in,
)

__all__ = [
    "CoveragePage",
    "CoverageRow",
    "FieldRow",
    "PayerBanner",
    "PayerRow",
    "ProfileRow",
    "VersionRow",
    "VoidedRow",
    "authorizations_of",
    "coverage_findings",
    "coverage_of",
    "coverage_page",
    "payer_banner_of",
    "payers",
    "profile_on",
    "profile_versions",
    "profiles_in",
    "voided_coverage_of",
]
