"""Ideal and adjusted weight, body-mass index, body surface area, and which weight the kidneys are judged by (clinical 4.1, 4.2)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from infusiondesk.dosing.rules.calculation import (
    ADULT_AGE_YEARS,
    ADULT_HEIGHT_CM,
    ADULT_WEIGHT_KG,
    ANY_HEIGHT_CM,
    ANY_WEIGHT_KG,
    Calculation,
    Caution,
    Height,
    NotCalculated,
    Sex,
    from_section,
    known,
    optional,
    plain,
    shown,
    tall,
    within,
)

# Devine: kilograms at 60 inches, and for each inch more (or less, as the formula goes).
_AT_60_INCHES = {Sex.M: Decimal(50), Sex.F: Decimal("45.5")}
_PER_INCH = Decimal("2.3")
_EXCESS_SHARE = Decimal("0.4")
_EDGE = Decimal("1.2")
_NEAR_EDGE = Decimal("0.02")
_OBESE_INDEX = 30
_USUAL_INDEX = (Decimal(12), Decimal(80))


class WeightRule(StrEnum):
    """Sources differ on the weight in Cockcroft-Gault, so it is a setting of the pharmacy (clinical 4.1)."""

    IBW120 = "IBW120"
    BMI30 = "BMI30"
    TBW120 = "TBW120"


@dataclass(frozen=True)
class ChosenWeight:
    """The weight a formula uses, its name (`ideal`, `adjusted`, `total`), why, and whether the rule nearly chose another."""

    name: str
    kg: Decimal
    because: str
    cautions: tuple[Caution, ...]


def devine(sex: Sex, height: Height) -> tuple[Decimal, tuple[Caution, ...]]:
    """Ideal body weight; below 60 inches the formula is used as it stands, with a caution."""
    ideal = _AT_60_INCHES[sex] + _PER_INCH * (height.inches - 60)
    if height.inches >= 60:
        return ideal, ()
    return ideal, (Caution("devine_not_validated", "The formula of Devine is not validated below 60 in (152.4 cm)."),)


def adjusted(ideal: Decimal, weight_kg: Decimal) -> Decimal:
    """Ideal weight and 40 % of what is above it."""
    return ideal + _EXCESS_SHARE * (weight_kg - ideal)


def mass_index(height: Height, weight_kg: Decimal) -> Decimal:
    """Kilograms per square metre."""
    return weight_kg / (height.cm / 100) ** 2


def surface(height: Height, weight_kg: Decimal) -> Decimal:
    """Body surface area by Mosteller 1987 (memory), square metres."""
    return (height.cm * weight_kg / 3600).sqrt()


def choose_weight(sex: Sex, height: Height, weight_kg: Decimal, rule: WeightRule) -> ChosenWeight:
    """Choose the weight by the rule; within 2 % of 1.2 x ideal say that the rule jumps there, and what it would have been."""
    ideal, cautions = devine(sex, height)
    edge = _EDGE * ideal
    options = {"ideal": ideal, "adjusted": adjusted(ideal, weight_kg), "total": weight_kg}
    below, above = ("total" if rule is WeightRule.TBW120 else "ideal"), "adjusted"
    is_above = mass_index(height, weight_kg) > _OBESE_INDEX if rule is WeightRule.BMI30 else weight_kg > edge
    name = "total" if weight_kg < ideal else above if is_above else below
    if options[name] <= 0:
        text = f"At {shown(height.cm)} cm the formula of Devine gives {shown(ideal)} kg, a weight nobody has."
        raise NotCalculated("out_of_range", height.field, text)
    told = f"Rule {rule}: {plain(weight_kg)} kg, ideal {shown(ideal)} kg, body-mass index {shown(mass_index(height, weight_kg), 1)}"
    because = f"{told}: {name} weight, {shown(options[name])} kg."
    if rule is not WeightRule.BMI30 and abs(weight_kg - edge) <= _NEAR_EDGE * edge:
        text = (
            f"{plain(weight_kg)} kg is within 2 % of 1.2 x ideal ({shown(edge)} kg), where the rule jumps from {below} "
            f"({shown(options[below])} kg) to adjusted ({shown(options[above])} kg)."
        )
        cautions = (*cautions, Caution("near_weight_rule_edge", text))
    return ChosenWeight(name, options[name], because, cautions)


@from_section("clinical 4.1")
def ideal_body_weight(*, sex: Sex | None, height: Height | None, age_years: Decimal | None = None) -> Calculation:
    """Ideal body weight after Devine."""
    told_sex, told_height = known("sex", sex), tall(height, ADULT_HEIGHT_CM)
    optional("age_years", age_years, ADULT_AGE_YEARS)
    ideal, cautions = devine(told_sex, told_height)
    because = f"{_AT_60_INCHES[told_sex]} + 2.3 x ({shown(told_height.inches)} in - 60) = {shown(ideal)} kg (Devine)."
    return Calculation({"ideal_body_weight_kg": ideal}, (because,), cautions)


@from_section("clinical 4.1")
def adjusted_body_weight(
    *, sex: Sex | None, height: Height | None, weight_kg: Decimal | None, age_years: Decimal | None = None
) -> Calculation:
    """Adjusted body weight: the ideal one and 40 % of the rest."""
    told_sex, told_height = known("sex", sex), tall(height, ADULT_HEIGHT_CM)
    weight = within("weight_kg", weight_kg, ADULT_WEIGHT_KG)
    optional("age_years", age_years, ADULT_AGE_YEARS)
    ideal, cautions = devine(told_sex, told_height)
    found = adjusted(ideal, weight)
    because = f"{shown(ideal)} kg ideal + 0.4 x ({plain(weight)} - {shown(ideal)}) = {shown(found)} kg."
    return Calculation({"adjusted_body_weight_kg": found}, (because,), cautions)


@from_section("clinical 4.2")
def body_mass_index(*, height: Height | None, weight_kg: Decimal | None) -> Calculation:
    """Weight by the square of the height."""
    told_height, weight = tall(height, ANY_HEIGHT_CM), within("weight_kg", weight_kg, ANY_WEIGHT_KG)
    index = mass_index(told_height, weight)
    low, high = _USUAL_INDEX
    cautions = (
        () if low <= index <= high else (Caution("bmi_unusual", f"{shown(index, 1)} is outside {low} to {high}: check both."),)
    )
    because = f"{plain(weight)} kg / ({shown(told_height.cm)} cm / 100)^2 = {shown(index)} kg/m2."
    return Calculation({"body_mass_index_kg_m2": index}, (because,), cautions)


@from_section("clinical 4.2")
def body_surface_area(*, height: Height | None, weight_kg: Decimal | None) -> Calculation:
    """Body surface area after Mosteller."""
    told_height, weight = tall(height, ANY_HEIGHT_CM), within("weight_kg", weight_kg, ANY_WEIGHT_KG)
    area = surface(told_height, weight)
    because = f"Square root of ({shown(told_height.cm)} cm x {plain(weight)} kg / 3600) = {shown(area, 3)} m2 (Mosteller)."
    return Calculation({"body_surface_area_m2": area}, (because,))
