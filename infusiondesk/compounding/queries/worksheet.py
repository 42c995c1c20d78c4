"""The worksheet of a batch: every figure with its reason, worked out of the order, the products and the stability row."""

from dataclasses import asdict, dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any
from uuid import UUID

from infusiondesk.catalog.queries import DrugRow, ProductRow, StabilityRow, drug_of, product_of, stability_for
from infusiondesk.catalog.rules import ContainerKind, Prepared
from infusiondesk.catalog.rules import Storage as CatalogStorage
from infusiondesk.compounding.rules import (
    Amount,
    Diluent,
    DrugProduct,
    Figure,
    Fill,
    Ingredient,
    Refusal,
    Storage,
    WorksheetVolumes,
    worksheet_volumes,
)
from infusiondesk.foundation.kernel.ismp import amount, number
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.orders.queries import OrderRow

DRUG, FLUID, DILUENT = "drug", "fluid", "diluent"
# As a label prints them: a quotient without end is no figure.
_ML, _STRENGTH = Decimal("0.01"), Decimal("0.001")
_BASE_UNITS = {"mg": "mg", "units": "units", "meq": "mEq", "mmol": "mmol", "ml": "mL"}
_SYRINGES = "draw with a syringe, no more than it holds"
_NOT_CHECKED = (
    "The strength printed on the vial: the worksheet knows the catalog's. Compare it with the vial in hand.",
    "Vials opened before: every batch takes unopened containers.",
    "The hood, the day's cleaning and readings, and who is qualified: the technician attests them.",
)


@dataclass(frozen=True)
class Part:
    """One thing that goes in: which product, how many containers of it, and why so many."""

    key: str
    product_id: str
    name: str
    detail: str
    needed: str
    unit: str
    each: str
    because: str

    @property
    def count(self) -> Decimal:
        """How many containers are needed."""
        return Decimal(self.needed)


@dataclass(frozen=True)
class FigureRow:
    """One number and its reason."""

    what: str
    value: str
    because: str


@dataclass(frozen=True)
class Held:
    """One thing that each bag will hold, as it stands large on the screen."""

    value: str
    words: str


@dataclass(frozen=True)
class Worksheet:
    """All of it, in plain words and numbers, so that it can be frozen as it was approved. `missing` keeps it from approval."""

    name: str
    parts: tuple[Part, ...]
    figures: tuple[FigureRow, ...]
    holds: tuple[Held, ...]
    steps: tuple[str, ...]
    stability_id: str
    stability_hours: str
    stability: str
    stability_signed: str
    missing: tuple[str, ...]
    not_checked: tuple[str, ...] = _NOT_CHECKED

    @property
    def hours(self) -> Decimal | None:
        """How long the preparation stays itself; None is unknown."""
        return Decimal(self.stability_hours) if self.stability_hours else None

    def to_json(self) -> dict[str, Any]:
        """As it is kept and signed."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Worksheet":
        """As it was kept."""
        more = {
            "parts": tuple(Part(**part) for part in kept["parts"]),
            "figures": tuple(FigureRow(**figure) for figure in kept["figures"]),
            "holds": tuple(Held(**held) for held in kept["holds"]),
            **{name: tuple(kept[name]) for name in ("steps", "missing", "not_checked")},
        }
        return cls(**{**kept, **more})


@dataclass(frozen=True)
class _Choice:
    """The products that a batch is made from."""

    drug: DrugRow
    product: ProductRow
    fluid: ProductRow | None
    diluent: ProductRow | None
    diluent_name: str


def worksheet_for(
    at: Reading,
    *,
    order: OrderRow,
    bags: int,
    product_id: UUID,
    fluid_id: UUID | None,
    diluent_id: UUID | None,
    storage: Storage,
) -> Worksheet:
    """Work the batch out as things stand now; what cannot be worked out is said under `missing`."""
    product = product_of(at, product_id=product_id)
    diluent = product_of(at, product_id=diluent_id) if diluent_id else None
    choice = _Choice(
        drug_of(at, drug_id=order.drug_id),
        product,
        product_of(at, product_id=fluid_id) if fluid_id else None,
        diluent,
        drug_of(at, drug_id=diluent.drug_id).name if diluent else order.diluent,
    )
    name = f"{order.drug} {amount(order.dose_amount, order.dose_unit)}"
    if order.volume_ml is not None:
        name += f" in {choice.diluent_name or 'its own volume'} {amount(order.volume_ml, 'mL')}"
    volumes = _volumes(order, choice, bags)
    if isinstance(volumes, str):
        return Worksheet(name, (), (), (), (), "", "", "Not worked out.", "", (volumes,))
    row = _stability(at, order, choice, storage, volumes)
    words, hours = _stability_words(row, order, storage)
    used = row if row is not None and hours is not None else None
    return Worksheet(
        name,
        _parts(choice, volumes, bags, order),
        _figures(choice, volumes, bags),
        _holds(order, choice, volumes),
        _steps(order, choice, volumes, bags),
        str(row.id) if row else "",
        str(hours) if hours is not None else "",
        words,
        f"by {used.reviewed_by}" if used is not None and used.reviewed_by else "",
        tuple(_missing(order, choice, volumes, words if hours is None else "")),
    )


def _volumes(order: OrderRow, choice: _Choice, bags: int) -> WorksheetVolumes | str:
    """The volumes, or the sentence that says why there are none."""
    product = choice.product
    if product.drug_id != order.drug_id:
        return f"{product.label} is not {order.drug}."
    if product.missing is not None or product.per_ml is None:
        return f"{product.label}: {product.missing or 'the volume is not known'}. Complete it in the catalog."
    if order.diluent.strip() and choice.diluent is None:
        return f"The order names {order.diluent}; choose the container it comes in."
    if choice.diluent is not None and order.volume_ml is None:
        return "The order names no volume for its diluent."
    of, strength = order.ingredient, product.per_ml
    try:
        vial = _amount(product.content_amount, product.content_unit, of)
        drug = DrugProduct(
            name=product.label,
            per_vial=vial,
            label=vial,
            label_ml=product.volume_ml or (product.content_amount / strength).quantize(_ML),
            per_ml=_amount(strength, product.content_unit, of),
            reconstitute_with_ml=product.reconstitution_ml,
        )
        dose = _amount(order.dose_amount, order.dose_unit, of)
    except KeyError as unit:
        return f"A worksheet cannot be worked out in {unit.args[0]}."
    found = worksheet_volumes([Ingredient(dose, Decimal(1), drug)], _diluent(order, choice), containers=bags)
    return found.text if isinstance(found, Refusal) else found


def _amount(value: Decimal, unit: str, of: str) -> Amount:
    made = Amount(value, unit.lower().replace(" ", "_"), of)
    if not made.dimension:
        raise KeyError(unit)
    return made


def _diluent(order: OrderRow, choice: _Choice) -> Diluent:
    """The order's volume is the final one: from a bag the drug's own volume is taken out first, another container is filled up."""
    if choice.diluent is None or order.volume_ml is None:
        return Diluent("no diluent", Decimal(0), Fill.ADDED)
    fill = Fill.WITHDRAWN_FIRST if _is_bag(order) else Fill.FILLED_UP_TO
    return Diluent(choice.diluent_name, order.volume_ml, fill)


def _is_bag(order: OrderRow) -> bool:
    return "bag" in order.container.casefold()


def _parts(choice: _Choice, volumes: WorksheetVolumes, bags: int, order: OrderRow) -> tuple[Part, ...]:
    one = volumes.ingredients[0]
    parts = [_part(DRUG, choice.product, one.vials.value, f"{number(one.drawn_ml.value)} mL a bag", one.vials.because)]
    if one.reconstitution_ml is not None and choice.fluid is not None and choice.fluid.volume_ml:
        needed = (one.reconstitution_ml.value / choice.fluid.volume_ml).to_integral_value(ROUND_CEILING)
        because = f"{one.reconstitution_ml.because} {number(one.reconstitution_ml.value)} mL in all."
        parts.append(
            _part(FLUID, choice.fluid, needed, f"{number(choice.product.reconstitution_ml or Decimal(0))} mL a vial", because)
        )
    if choice.diluent is not None and choice.diluent.volume_ml:
        each = volumes.diluent_ml.value
        needed, because = Decimal(bags), f"One {_unit(choice.diluent)} becomes one bag."
        if not _is_bag(order):
            needed = (each * bags / choice.diluent.volume_ml).to_integral_value(ROUND_CEILING)
            because = f"{number(each)} mL for each of {bags}, {number(each * bags)} mL in all."
        parts.append(_part(DILUENT, choice.diluent, needed, f"{number(each)} mL a bag", because))
    return tuple(parts)


def _part(key: str, product: ProductRow, needed: Decimal, each: str, because: str) -> Part:
    detail = ", ".join(filter(None, (product.maker_text, f"NDC {product.ndc}" if product.ndc else "no NDC entered")))
    return Part(key, str(product.id), product.label, detail, f"{needed:f}", _unit(product), each, because)


def _unit(product: ProductRow) -> str:
    words = {ContainerKind.SINGLE_DOSE_VIAL: "vial", ContainerKind.MULTI_DOSE_VIAL: "vial"}
    return words.get(product.container, "package" if "package" in product.container else product.container.words)


def _figures(choice: _Choice, volumes: WorksheetVolumes, bags: int) -> tuple[FigureRow, ...]:
    one = volumes.ingredients[0]
    named: list[tuple[str, Figure | None]] = [
        ("Drug volume, exact", one.drug_ml),
        ("Drug volume, drawn", one.drawn_ml),
        ("Proof from the label", one.proof),
        ("Vials", one.vials),
        (f"{choice.product.reconstitute_with.capitalize() or 'Reconstitution'}", one.reconstitution_ml),
        ("Withdrawn from the bag", volumes.withdrawn_ml if volumes.withdrawn_ml.value else None),
        ("Diluent in each bag", volumes.diluent_ml if volumes.diluent_ml.value else None),
        ("Final volume", volumes.final_ml),
        ("Final concentration", one.concentration_per_ml),
    ]
    return tuple(FigureRow(what, _shown(figure), figure.because) for what, figure in named if figure is not None)


def _shown(figure: Figure) -> str:
    return amount(figure.value.quantize(_STRENGTH), figure.unit.replace("_", " ").replace("meq", "mEq"))


def _holds(order: OrderRow, choice: _Choice, volumes: WorksheetVolumes) -> tuple[Held, ...]:
    one = volumes.ingredients[0]
    held = [Held(amount(order.dose_amount, order.dose_unit), f"{order.drug}, as {number(one.drawn_ml.value)} mL")]
    if choice.diluent is not None:
        held.append(Held(amount(volumes.diluent_ml.value, "mL"), choice.diluent_name))
    held.append(Held(amount(volumes.final_ml.value, "mL"), "final volume"))
    held.append(Held(_shown(one.concentration_per_ml), "final concentration"))
    return tuple(held)


def _steps(order: OrderRow, choice: _Choice, volumes: WorksheetVolumes, bags: int) -> tuple[str, ...]:
    one, found = volumes.ingredients[0], []
    if one.reconstitution_ml is not None:
        each = number(choice.product.reconstitution_ml or Decimal(0))
        vials = number(one.vials.value)
        found.append(f"Reconstitute {vials} vials with {each} mL {choice.product.reconstitute_with} each; wait until it is clear.")
    if volumes.withdrawn_ml.value:
        found.append(f"Take {number(volumes.withdrawn_ml.value)} mL out of each bag and discard it.")
    elif choice.diluent is not None:
        found.append(f"Fill each {order.container} with {number(volumes.diluent_ml.value)} mL {choice.diluent_name}.")
    found.append(f"Add {number(one.drawn_ml.value)} mL {order.drug} to each of {bags}: {_SYRINGES}.")
    found.append("Mix, look against the light, seal.")
    return tuple(found)


def _stability(at: Reading, order: OrderRow, choice: _Choice, storage: Storage, volumes: WorksheetVolumes) -> StabilityRow | None:
    """The row that speaks for the finished container, if one does."""
    dose = _amount(order.dose_amount, order.dose_unit, order.ingredient)
    final_ml = volumes.final_ml.value
    prepared = Prepared(
        diluent=choice.diluent_name or choice.product.reconstitute_with,
        container=order.container.strip().casefold(),
        storage=CatalogStorage(storage.value),
        concentration=dose.in_base_unit / final_ml if final_ml else None,
        concentration_unit=f"{_BASE_UNITS[dose.dimension]}/mL",
        formulation=choice.product.formulation,
    )
    return next(iter(stability_for(at, drug_id=order.drug_id, prepared=prepared)), None)


def _stability_words(row: StabilityRow | None, order: OrderRow, storage: Storage) -> tuple[str, Decimal | None]:
    """What is known, in one sentence, and the hours that may be used."""
    if row is None:
        return f"No stability row speaks for this preparation of {order.drug} ({storage.words}): no beyond-use date.", None
    source = f"({row.source})"
    if row.is_forbidden:
        return f"{order.drug} is not to be kept so {source}: no beyond-use date.", None
    if row.hours is None:
        return f"How long {order.drug} keeps so is not known {source}: no beyond-use date.", None
    if not row.is_usable:
        return f"The stability row of {order.drug} {source} is not signed by the pharmacist in charge: no beyond-use date.", None
    silent = "" if row.container else "; the source does not name the container"
    return f"Stable for {number(row.hours)} hours, {row.storage.words} {source}{silent}.", row.hours


def _missing(order: OrderRow, choice: _Choice, volumes: WorksheetVolumes, stability: str) -> list[str]:
    """Everything that keeps the worksheet from being approved."""
    found = [stability] if stability else []
    if not order.container.strip():
        found.append("The order names no container.")
    told = [(row.label, row) for row in (choice.product, choice.fluid, choice.diluent) if row is not None]
    found += [
        f"{label} is {row.standing.value} in the catalog; the pharmacist in charge signs it first."
        for label, row in (*told, (choice.drug.name, choice.drug))
        if not row.is_usable
    ]
    powder = volumes.ingredients[0].reconstitution_ml is not None
    if powder and choice.fluid is None:
        found.append(f"Choose the {choice.product.reconstitute_with or 'fluid'} for reconstitution.")
    if choice.fluid is not None and not choice.fluid.volume_ml:
        found.append(f"{choice.fluid.label} has no volume in the catalog.")
    diluent = choice.diluent
    if diluent is not None and _is_bag(order) and diluent.volume_ml != order.volume_ml:
        found.append(f"The order asks for {number(order.volume_ml or Decimal(0))} mL; {diluent.label} is another size.")
    return found
