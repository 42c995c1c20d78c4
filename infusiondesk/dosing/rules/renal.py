"""How well the kidneys clear: Cockcroft-Gault for dosing, CKD-EPI 2021 beside it (clinical 4.1, 4.3)."""

from decimal import Decimal

from infusiondesk.dosing.rules.body_size import WeightRule, choose_weight, surface
from infusiondesk.dosing.rules.calculation import (
    ADULT_AGE_YEARS,
    ADULT_HEIGHT_CM,
    ADULT_WEIGHT_KG,
    CREATININE_MG_DL,
    Calculation,
    Height,
    Sex,
    Value,
    from_section,
    known,
    optional,
    plain,
    shown,
    tall,
    within,
)

_WOMEN = Decimal("0.85")
_KAPPA = {Sex.F: Decimal("0.7"), Sex.M: Decimal("0.9")}
_ALPHA = {Sex.F: Decimal("-0.241"), Sex.M: Decimal("-0.302")}
_SEX_FACTOR = {Sex.F: Decimal("1.012"), Sex.M: Decimal(1)}
_STANDARD_SURFACE_M2 = Decimal("1.73")


@from_section("clinical 4.1")
def creatinine_clearance(
    *,
    age_years: Decimal | None,
    sex: Sex | None,
    height: Height | None,
    weight_kg: Decimal | None,
    creatinine_mg_dl: Decimal | None,
    weight_rule: WeightRule = WeightRule.IBW120,
) -> Calculation:
    """Creatinine clearance after Cockcroft and Gault; the creatinine is never rounded up."""
    age = within("age_years", age_years, ADULT_AGE_YEARS)
    told_sex, told_height = known("sex", sex), tall(height, ADULT_HEIGHT_CM)
    weight = within("weight_kg", weight_kg, ADULT_WEIGHT_KG)
    creatinine = within("creatinine_mg_dl", creatinine_mg_dl, CREATININE_MG_DL)
    chosen = choose_weight(told_sex, told_height, weight, weight_rule)
    clearance = (140 - age) * chosen.kg / (72 * creatinine) * (_WOMEN if told_sex is Sex.F else 1)
    factor = " x 0.85" if told_sex is Sex.F else ""
    formula = f"(140 - {plain(age)}) x {shown(chosen.kg)} / (72 x {plain(creatinine)}){factor} = {shown(clearance)} mL/min."
    values: dict[str, Value] = {
        "creatinine_clearance_ml_min": clearance,
        "weight_used": chosen.name,
        "weight_used_kg": chosen.kg,
    }
    validity = "Not valid with unstable creatinine (0.3 mg/dL or more in 48 h), dialysis, pregnancy or amputation."
    return Calculation(values, (chosen.because, formula, validity), chosen.cautions)


@from_section("clinical 4.3")
def egfr_ckd_epi_2021(
    *,
    age_years: Decimal | None,
    sex: Sex | None,
    creatinine_mg_dl: Decimal | None,
    height: Height | None = None,
    weight_kg: Decimal | None = None,
) -> Calculation:
    """Estimated filtration rate, CKD-EPI 2021 without race; with height and weight also for this very body."""
    age, told_sex = within("age_years", age_years, ADULT_AGE_YEARS), known("sex", sex)
    creatinine = within("creatinine_mg_dl", creatinine_mg_dl, CREATININE_MG_DL)
    told_height = None if height is None else tall(height, ADULT_HEIGHT_CM)
    weight = optional("weight_kg", weight_kg, ADULT_WEIGHT_KG)
    ratio = creatinine / _KAPPA[told_sex]
    rate = 142 * min(ratio, Decimal(1)) ** _ALPHA[told_sex] * max(ratio, Decimal(1)) ** Decimal("-1.2")
    rate *= Decimal("0.9938") ** age * _SEX_FACTOR[told_sex]
    because = [f"CKD-EPI 2021 at {plain(creatinine)} mg/dL, {plain(age)} years, {told_sex}: {shown(rate)} mL/min/1.73 m2."]
    values: dict[str, Value] = {"egfr_ml_min_1_73m2": rate}
    if told_height is not None and weight is not None:
        area = surface(told_height, weight)
        values["egfr_absolute_ml_min"] = rate * area / _STANDARD_SURFACE_M2
        because.append(f"x {shown(area, 3)} m2 / 1.73 = {shown(rate * area / _STANDARD_SURFACE_M2)} mL/min.")
    return Calculation(values, tuple(because))
