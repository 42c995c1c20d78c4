"""Calcium and phenytoin, corrected for a low albumin (clinical 4.6)."""

from decimal import Decimal

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    ALBUMIN_G_DL,
    FROM_ZERO,
    Calculation,
    Caution,
    from_section,
    optional,
    plain,
    shown,
    within,
)

# All (memory), clinical 4.6.
_NORMAL_ALBUMIN = Decimal("4.0")
_CALCIUM_PER_ALBUMIN = Decimal("0.8")
_FAILING_CLEARANCE = 10


@from_section("clinical 4.6")
def corrected_calcium(*, calcium_mg_dl: Decimal | None, albumin_g_dl: Decimal | None) -> Calculation:
    """Calcium as it would be at an albumin of 4.0; from there on the measured value is reported."""
    calcium = within("calcium_mg_dl", calcium_mg_dl, ABOVE_ZERO)
    albumin = within("albumin_g_dl", albumin_g_dl, ALBUMIN_G_DL)
    formula = calcium + _CALCIUM_PER_ALBUMIN * (_NORMAL_ALBUMIN - albumin)
    because = [f"{plain(calcium)} + 0.8 x (4.0 - {plain(albumin)}) = {shown(formula)} mg/dL. An ionised calcium is better."]
    if albumin < _NORMAL_ALBUMIN:
        return Calculation({"reported_mg_dl": formula, "formula_mg_dl": formula}, tuple(because))
    text = f"Albumin {plain(albumin)} g/dL is 4.0 or more: the measured value stands, the formula does not apply."
    return Calculation({"reported_mg_dl": calcium, "formula_mg_dl": formula}, (*because, text), (Caution("not_applicable", text),))


@from_section("clinical 4.6")
def corrected_phenytoin(
    *, phenytoin_mg_l: Decimal | None, albumin_g_dl: Decimal | None, creatinine_clearance_ml_min: Decimal | None = None
) -> Calculation:
    """Phenytoin after Sheiner and Tozer; the slope is halved when the kidneys fail."""
    level = within("phenytoin_mg_l", phenytoin_mg_l, FROM_ZERO)
    albumin = within("albumin_g_dl", albumin_g_dl, ALBUMIN_G_DL)
    clearance = optional("creatinine_clearance_ml_min", creatinine_clearance_ml_min, FROM_ZERO)
    slope = Decimal("0.1") if clearance is not None and clearance < _FAILING_CLEARANCE else Decimal("0.2")
    found = level / (slope * albumin + Decimal("0.1"))
    because = f"{plain(level)} / ({slope} x {plain(albumin)} + 0.1) = {shown(found)} mg/L. Not valid with valproate."
    return Calculation({"corrected_mg_l": found}, (because,))
