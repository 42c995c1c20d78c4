"""The numbers behind a beyond-use date, as the pharmacy's reviewed table hands them in; none is buried in code."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Category(StrEnum):
    """How a preparation was made and how long it may be dated (sterile 1)."""

    IMMEDIATE_USE = "immediate_use"
    ONE = "1"
    TWO = "2"
    THREE = "3"


class Facility(StrEnum):
    """Where the ISO 5 hood stands (sterile 1)."""

    CLEANROOM_SUITE = "cleanroom_suite"
    SCA = "sca"
    C_SCA = "c_sca"
    UNCLASSIFIED = "unclassified"


class Storage(StrEnum):
    """A storage condition of USP <659> (sterile 7), coldest first."""

    FREEZER = "freezer"
    REFRIGERATOR = "refrigerator"
    CRT = "crt"

    @property
    def words(self) -> str:
        """The place as a sentence names it."""
        return "controlled room temperature" if self is Storage.CRT else str(self)

    def is_warmer_than(self, other: "Storage") -> bool:
        """True where the preparation warms up on its way here."""
        places = list(Storage)
        return places.index(self) > places.index(other)


class Method(StrEnum):
    """How sterility is achieved."""

    ASEPTIC = "aseptic"
    TERMINAL = "terminal"


class StartingComponents(StrEnum):
    """`NONSTERILE`: at least one starting component is not sterile."""

    STERILE_ONLY = "sterile_only"
    NONSTERILE = "nonsterile"


class SterilityTest(StrEnum):
    """State of the test of USP <71>; a pending test counts as none (sterile 2.4)."""

    NONE = "none"
    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"


class ContainerKind(StrEnum):
    """What a component is drawn from (sterile 2.5)."""

    SINGLE_DOSE_VIAL = "single_dose_vial"
    MULTI_DOSE_VIAL = "multi_dose_vial"
    PHARMACY_BULK_PACKAGE = "pharmacy_bulk_package"
    AMPULE = "ampule"
    COMPOUNDED_STOCK = "compounded_stock"
    MULTI_DOSE_CSP = "multi_dose_csp"


@dataclass(frozen=True)
class CategoryLimit:
    """One row of sterile 1, 2.1 to 2.3; a condition of None means "any", hours of None "no limit exists, so no date"."""

    category: Category
    hours: Decimal | None
    source: str
    method: Method | None = None
    tested: bool | None = None
    components: StartingComponents | None = None
    storage: Storage | None = None


@dataclass(frozen=True)
class Limits:
    """Everything a beyond-use date is measured against, besides what is known of the preparation itself."""

    categories: tuple[CategoryLimit, ...]
    in_use: Mapping[ContainerKind, Decimal]
    most_sterile_products: Decimal
    home_addition_hours: Decimal

    def of(
        self, category: Category, method: Method, tested: bool, components: StartingComponents, storage: Storage
    ) -> CategoryLimit | None:
        """The first row that fits, if any does."""
        asked = (category, method, tested, components, storage)
        for row in self.categories:
            told = (row.category, row.method, row.tested, row.components, row.storage)
            if all(here is None or here == wanted for here, wanted in zip(told, asked, strict=True)):
                return row
        return None
