"""The volumes of one container: what to draw, how many vials, what becomes of the bag; each figure says how it came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import Enum

from infusiondesk.compounding.rules.refusal import Refusal

_SOURCES = ("clinical 4.7", "clinical 4.10", "clinical 9.3")
# Concentration times volume must give the ordered dose back within one percent (clinical 4.10).
TOLERANCE = Decimal("0.01")
# Only these may be turned into one another; mEq, mmol and units of activity are never a mass.
_SCALES: dict[str, tuple[str, Decimal]] = {
    "mcg": ("mg", Decimal("0.001")),
    "mg": ("mg", Decimal(1)),
    "g": ("mg", Decimal(1000)),
    "units": ("units", Decimal(1)),
    "million_units": ("units", Decimal(1_000_000)),
    "meq": ("meq", Decimal(1)),
    "mmol": ("mmol", Decimal(1)),
    "ml": ("ml", Decimal(1)),
}


@dataclass(frozen=True)
class Amount:
    """So much of something; `of` names the salt or ion the figure counts ("vancomycin", "phosphate", "potassium")."""

    value: Decimal
    unit: str
    of: str

    @property
    def dimension(self) -> str:
        """What is measured: mass, activity, charge, moles or volume, named by its base unit."""
        return _SCALES[self.unit][0]

    @property
    def in_base_unit(self) -> Decimal:
        """The same amount in mg, units, mEq, mmol or mL."""
        return self.value * _SCALES[self.unit][1]

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit.replace('_', ' ')} {self.of}"


class Fill(Enum):
    """How the drug meets its diluent."""

    ADDED = "added to the bag as it is"
    WITHDRAWN_FIRST = "added after its own volume is withdrawn"
    FILLED_UP_TO = "filled up with diluent to the volume of the container"


@dataclass(frozen=True)
class Diluent:
    """The bag or empty container; overfill counts only where the pharmacy's policy for this container says so."""

    name: str
    volume_ml: Decimal
    fill: Fill
    overfill_ml: Decimal = Decimal(0)
    overfill_counts: bool = False
    capacity_ml: Decimal | None = None


@dataclass(frozen=True)
class DrugProduct:
    """One product. `label` in `label_ml` is the strength printed on the vial, kept apart: it proves the calculation.

    `per_ml` is the strength after reconstitution as the maker states it; None where only the volume to add is known.
    """

    name: str
    per_vial: Amount
    label: Amount
    label_ml: Decimal
    per_ml: Amount | None = None
    reconstitute_with_ml: Decimal | None = None
    syringe_step_ml: Decimal = Decimal("0.1")


@dataclass(frozen=True)
class Ingredient:
    """What the order asks of one drug in one container."""

    dose: Amount
    doses_per_container: Decimal
    product: DrugProduct


@dataclass(frozen=True)
class Figure:
    """One number of the worksheet and its reason."""

    value: Decimal
    unit: str
    because: str


@dataclass(frozen=True)
class IngredientVolumes:
    """What one drug needs: the exact volume, the one a syringe can measure, vials for the batch, and the proof."""

    name: str
    total: Amount
    drug_ml: Figure
    drawn_ml: Figure
    vials: Figure
    reconstitution_ml: Figure | None
    proof: Figure
    concentration_per_ml: Figure


@dataclass(frozen=True)
class WorksheetVolumes:
    """The volumes of one container, ready to be frozen."""

    ingredients: tuple[IngredientVolumes, ...]
    withdrawn_ml: Figure
    diluent_ml: Figure
    final_ml: Figure
    sources: tuple[str, ...] = _SOURCES


@dataclass(frozen=True)
class _Drawn:
    total: Amount
    strength: Amount
    drug_ml: Figure
    drawn_ml: Figure
    proof: Figure


def worksheet_volumes(ingredients: Sequence[Ingredient], diluent: Diluent, *, containers: int = 1) -> WorksheetVolumes | Refusal:
    """Work out one container of a batch, and refuse what does not add up or does not fit."""
    drawn = []
    for index, ingredient in enumerate(ingredients):
        one = _drawn(ingredient, f"ingredients[{index}]")
        if isinstance(one, Refusal):
            return one
        drawn.append(one)
    drugs_ml = sum((one.drawn_ml.value for one in drawn), Decimal(0))
    base_ml = diluent.volume_ml + (diluent.overfill_ml if diluent.overfill_counts else 0)
    base = f"{plain(diluent.volume_ml)} mL {diluent.name}"
    if diluent.overfill_counts:
        base += f" and {plain(diluent.overfill_ml)} mL overfill"
    withdrawn_ml = Decimal(0) if diluent.fill is Fill.ADDED else drugs_ml
    diluent_ml = base_ml - withdrawn_ml
    if diluent_ml < 0:
        text = f"The drugs take {plain(drugs_ml)} mL, more than the {plain(base_ml)} mL of the container: no room for diluent."
        return Refusal("diluent_negative", "diluent", text, "clinical 4.7")
    final_ml = diluent_ml + drugs_ml
    if diluent.capacity_ml is not None and final_ml > diluent.capacity_ml:
        text = f"{plain(final_ml)} mL do not fit a container of {plain(diluent.capacity_ml)} mL."
        return Refusal("container_too_small", "diluent", text, "clinical 4.10")
    withdrawal = "Nothing is withdrawn or left out."
    if withdrawn_ml:
        what = "withdrawn first" if diluent.fill is Fill.WITHDRAWN_FIRST else "left out of the diluent"
        withdrawal = f"The drugs' own {plain(drugs_ml)} mL are {what}."
    return WorksheetVolumes(
        tuple(_volumes(each, one, final_ml, containers) for each, one in zip(ingredients, drawn, strict=True)),
        Figure(withdrawn_ml if diluent.fill is Fill.WITHDRAWN_FIRST else Decimal(0), "mL", withdrawal),
        Figure(diluent_ml, "mL", f"{base}, less {plain(withdrawn_ml)} mL."),
        Figure(final_ml, "mL", f"{plain(diluent_ml)} mL diluent and {plain(drugs_ml)} mL drug, {diluent.fill.value}."),
    )


def dose_drawn(drawn_ml: Decimal, label: Amount, label_ml: Decimal) -> Decimal:
    """The other way round, from the syringe and the printed label alone: what was really drawn, in the label's unit."""
    return drawn_ml * label.value / label_ml


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros."""
    return f"{value.normalize():f}"


def _strength(product: DrugProduct) -> tuple[Amount, str]:
    if product.per_ml is not None:
        return product.per_ml, f"{product.per_ml} in each mL"
    ml = product.reconstitute_with_ml or product.label_ml
    words = f"{product.per_vial} in {plain(ml)} mL" + (", no displacement stated" if product.reconstitute_with_ml else "")
    return Amount(product.per_vial.value / ml, product.per_vial.unit, product.per_vial.of), words


def _drawn(ingredient: Ingredient, path: str) -> _Drawn | Refusal:
    """The volume of one drug, or why its product does not answer the order."""
    product, dose = ingredient.product, ingredient.dose
    if min(dose.value, ingredient.doses_per_container, product.per_vial.value, product.label.value, product.label_ml) <= 0:
        return Refusal("not_positive", f"{path}.dose", f"Dose, vial and label of {product.name} must be above 0.", "clinical 4.7")
    total = Amount(dose.value * ingredient.doses_per_container, dose.unit, dose.of)
    strength, words = _strength(product)
    for other in (strength, product.per_vial, product.label):
        if other.of != dose.of:
            text = f"The order counts {dose.of}, {product.name} counts {other.of}: the two are not turned into one another."
            return Refusal("different_salt", f"{path}.product", text, "clinical 4.7")
        if other.dimension != dose.dimension:
            text = f"The order is in {dose.unit}, {product.name} in {other.unit}: the two are not turned into one another."
            return Refusal("different_unit", f"{path}.dose", text, "clinical 4.7")
    exact = total.in_base_unit / strength.in_base_unit
    measured = (exact / product.syringe_step_ml).to_integral_value(ROUND_HALF_UP) * product.syringe_step_ml
    printed = f"{plain(measured)} mL at the label's {product.label} in {plain(product.label_ml)} mL"
    got = Amount(dose_drawn(measured, product.label, product.label_ml), product.label.unit, dose.of)
    off = abs(got.in_base_unit / total.in_base_unit - 1)
    if off > TOLERANCE:
        text = f"{printed} is {got}, {plain(round(off * 100, 1))} % off the ordered {total}; at most 1 % is allowed."
        return Refusal("back_calculation_differs", f"{path}.product", text, "clinical 4.10")
    return _Drawn(
        total,
        strength,
        Figure(exact, "mL", f"{total} at {words}."),
        Figure(measured, "mL", f"{plain(round(exact, 4))} mL, measured in steps of {plain(product.syringe_step_ml)} mL."),
        Figure(got.value, got.unit, f"{printed}, {plain(round(off * 100, 2))} % off the order."),
    )


def _volumes(ingredient: Ingredient, drawn: _Drawn, final_ml: Decimal, containers: int) -> IngredientVolumes:
    product = ingredient.product
    vial_ml = product.per_vial.in_base_unit / drawn.strength.in_base_unit
    batch_ml = drawn.drawn_ml.value * containers
    batch = f"{plain(batch_ml)} mL for {containers} containers at {plain(round(vial_ml, 2))} mL a vial; whole vials."
    vials = (batch_ml / vial_ml).to_integral_value(ROUND_CEILING)
    reconstitution = None
    if product.reconstitute_with_ml is not None:
        words = f"{plain(vials)} vials with {plain(product.reconstitute_with_ml)} mL each."
        reconstitution = Figure(vials * product.reconstitute_with_ml, "mL", words)
    return IngredientVolumes(
        name=product.name,
        total=drawn.total,
        drug_ml=drawn.drug_ml,
        drawn_ml=drawn.drawn_ml,
        vials=Figure(vials, "vials", batch),
        reconstitution_ml=reconstitution,
        proof=drawn.proof,
        concentration_per_ml=Figure(
            drawn.total.value / final_ml, f"{drawn.total.unit}/mL", f"{drawn.total} in {plain(final_ml)} mL."
        ),
    )
