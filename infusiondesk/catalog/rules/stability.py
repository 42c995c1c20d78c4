"""Which stability speaks for a preparation: formulation, diluent, container, concentration and storage must all agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol, TypeVar

from infusiondesk.catalog.rules.words import Storage

OTHER_FLUIDS: Final = "other fluids"
# A worksheet's concentration is a quotient; it is compared as far as a label prints one.
_AS_PRINTED: Final = Decimal("0.01")


class Stability(Protocol):
    """What of a row decides whether it speaks; an empty word or None is "the source does not say"."""

    @property
    def formulation(self) -> str: ...
    @property
    def diluents(self) -> tuple[str, ...]: ...
    @property
    def container(self) -> str: ...
    @property
    def storage(self) -> Storage: ...
    @property
    def concentration_low(self) -> Decimal | None: ...
    @property
    def concentration_high(self) -> Decimal | None: ...
    @property
    def concentration_unit(self) -> str: ...
    @property
    def is_forbidden(self) -> bool: ...
    @property
    def hours(self) -> Decimal | None: ...
    @property
    def is_usable(self) -> bool: ...


S = TypeVar("S", bound=Stability)


@dataclass(frozen=True)
class Prepared:
    """What is to be dated; the concentration is that of the finished container."""

    diluent: str
    container: str
    storage: Storage
    concentration: Decimal | None
    concentration_unit: str = "mg/mL"
    formulation: str = ""


def speaks_for(row: Stability, prepared: Prepared) -> bool:
    """Whether a row is about this preparation.

    A row for one container never speaks for another: copying a vial's life to an elastomeric is not allowed (clinical 5.0). Where a
    source does not say its container it speaks for all but the vial; the caller sees that it was silent.
    """
    return (
        row.storage is prepared.storage
        and row.formulation in ("", prepared.formulation)
        and _same_fluid(row.diluents, prepared.diluent)
        and (row.container == prepared.container or (not row.container and prepared.container != "vial"))
        and _holds(row, prepared)
    )


def which_speak(rows: Iterable[S], prepared: Prepared) -> list[S]:
    """The rows about this preparation, the one to go by first.

    "Not to be stored so" goes before everything, then what may be used, then the row whose source names the container, then the
    narrower range of concentrations; of equals the shorter life is the safer. "Other fluids" are those that no row names.
    """
    known = list(rows)
    is_named = any(prepared.diluent in row.diluents for row in known)
    found = [row for row in known if speaks_for(row, prepared) and not (is_named and row.diluents == (OTHER_FLUIDS,))]
    return sorted(found, key=lambda row: _rank(row, prepared))


def _rank(row: Stability, prepared: Prepared) -> tuple[bool, bool, bool, bool, Decimal, Decimal]:
    low, high = row.concentration_low, row.concentration_high
    width = (high - (low or 0)) if high is not None else Decimal("Infinity")
    return (
        not row.is_forbidden,
        not row.is_usable,
        row.hours is None,
        row.container != prepared.container,
        width,
        row.hours if row.hours is not None else Decimal("Infinity"),
    )


def _same_fluid(diluents: tuple[str, ...], asked: str) -> bool:
    return not diluents or asked in diluents or diluents == (OTHER_FLUIDS,)


def _holds(row: Stability, prepared: Prepared) -> bool:
    low, high = row.concentration_low, row.concentration_high
    if low is None and high is None:
        return True
    if prepared.concentration is None or row.concentration_unit != prepared.concentration_unit:
        return False
    has = prepared.concentration.quantize(_AS_PRINTED)
    return (low is None or low <= has) and (high is None or has <= high)
