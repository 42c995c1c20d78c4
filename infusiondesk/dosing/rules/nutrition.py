"""Parenteral nutrition: energy, sugar rate, osmolarity, calcium with phosphate, the cycle, the stocks (clinical 4.7)."""

from dataclasses import dataclass
from decimal import Decimal

from infusiondesk.dosing.rules.calculation import (
    ABOVE_ZERO,
    ADULT_WEIGHT_KG,
    FROM_ZERO,
    PERCENT,
    Calculation,
    Caution,
    HardRange,
    NotCalculated,
    Value,
    from_section,
    hard_range,
    known,
    plain,
    shown,
    within,
)

_DAY_H = hard_range("0.000001", "24", "it must be above 0")
# One hour up and one hour down: a shorter cycle has no plateau.
_CYCLE_H = hard_range("2", "24", "a cycle has one hour up and one hour down")
_SOME_PERCENT = HardRange(ABOVE_ZERO.low, PERCENT.high, ABOVE_ZERO.why_below)
_KCAL_PER_G = {"dextrose": Decimal("3.4"), "amino acids": Decimal(4), "lipid 20 %": Decimal(10)}
_AMINO_ACID_PER_NITROGEN = Decimal("6.25")
_LIPID_ML_PER_G = Decimal(5)
# mOsm for each gram, and for each mEq of the salts (memory for the salts; every equation underestimates what is measured).
_OSM_PER_G = {"amino acids": Decimal(10), "dextrose": Decimal(5), "lipid": Decimal("0.71")}
_OSM_PER_MEQ = {"sodium and potassium": Decimal(2), "magnesium": Decimal(1), "calcium": Decimal("1.4")}
_CENTRAL_ABOVE_MOSM_L = 900
# Strictly above: adult sugar rate in mg/kg/min (memory), calcium x phosphate in mEq/L x mmol/L (policy).
_SUGAR_LEVELS = ((Decimal(7), "STOP"), (Decimal(5), "HOLD"), (Decimal(4), "WARN"))
_PRODUCT_LEVELS = ((Decimal(200), "STOP"), (Decimal(150), "WARN"))
# What a three-in-one needs to hold together (memory, ASPEN 2014): least percents, most calcium and magnesium in mEq/L.
_LEAST_PERCENT = {"amino acids": Decimal(4), "dextrose": Decimal(10), "lipid": Decimal(2)}
_MOST_DIVALENT_MEQ_L = 20
_LIPID_G_PER_KG = 1
# Stocks of clinical 4.7, per mL: mEq, or mmol for phosphate; vitamins and trace elements in mL.
_SODIUM_CHLORIDE, _SODIUM_ACETATE, _POTASSIUM_CHLORIDE = Decimal(4), Decimal(2), Decimal(2)
_MAGNESIUM_SULFATE, _CALCIUM_GLUCONATE, _PHOSPHATE = Decimal("4.06"), Decimal("0.465"), Decimal(3)
_VITAMINS_ML, _TRACE_ML = Decimal(10), Decimal(1)
_OLD_POTASSIUM_PHOSPHATE = Decimal("4.4")
_INSULIN_UNITS_PER_ML = 100
_LEAST_SYRINGE_ML = Decimal("0.1")


@dataclass(frozen=True)
class Stock:
    """The stock solutions that differ between pharmacies; the acetate is a part of the ordered sodium."""

    amino_acid_percent: Decimal | None = None
    dextrose_percent: Decimal | None = None
    sodium_acetate_meq: Decimal | None = Decimal(0)
    potassium_meq_per_3_mmol_phosphate: Decimal | None = _OLD_POTASSIUM_PHOSPHATE


@dataclass(frozen=True)
class _Bag:
    """An order whose figures are known and in range."""

    weight_kg: Decimal
    volume_ml: Decimal
    infusion_h: Decimal
    amino_acid_g: Decimal
    dextrose_g: Decimal
    lipid_g: Decimal
    sodium_meq: Decimal
    potassium_meq: Decimal
    magnesium_meq: Decimal
    calcium_meq: Decimal
    phosphate_mmol: Decimal

    @property
    def liters(self) -> Decimal:
        return self.volume_ml / 1000

    def percent(self, grams: Decimal) -> Decimal:
        """Grams in 100 mL of the final bag."""
        return grams / self.volume_ml * 100


@from_section("clinical 4.7")
def parenteral_nutrition(
    *,
    weight_kg: Decimal | None,
    volume_ml: Decimal | None,
    infusion_h: Decimal | None,
    cycled: bool = False,
    amino_acid_g: Decimal | None,
    dextrose_g: Decimal | None,
    lipid_g: Decimal | None = Decimal(0),
    sodium_meq: Decimal | None = Decimal(0),
    potassium_meq: Decimal | None = Decimal(0),
    magnesium_meq: Decimal | None = Decimal(0),
    calcium_meq: Decimal | None = Decimal(0),
    phosphate_mmol: Decimal | None = Decimal(0),
    stock: Stock | None = None,
) -> Calculation:
    """Judge one bag of a day; with the stocks also what to draw of each, and the water."""
    bag = _Bag(
        within("weight_kg", weight_kg, ADULT_WEIGHT_KG),
        within("volume_ml", volume_ml, ABOVE_ZERO),
        within("infusion_h", infusion_h, _CYCLE_H if cycled else _DAY_H),
        within("amino_acid_g", amino_acid_g, FROM_ZERO),
        within("dextrose_g", dextrose_g, FROM_ZERO),
        within("lipid_g", lipid_g, FROM_ZERO),
        within("sodium_meq", sodium_meq, FROM_ZERO),
        within("potassium_meq", potassium_meq, FROM_ZERO),
        within("magnesium_meq", magnesium_meq, FROM_ZERO),
        within("calcium_meq", calcium_meq, FROM_ZERO),
        within("phosphate_mmol", phosphate_mmol, FROM_ZERO),
    )
    if bag.lipid_g * _LIPID_ML_PER_G >= bag.volume_ml:
        text = f"{plain(bag.lipid_g)} g lipid are {plain(bag.lipid_g * _LIPID_ML_PER_G)} mL of 20 %: more than the bag holds."
        raise NotCalculated("out_of_range", "lipid_g", text)
    because: list[str] = []
    cautions: list[Caution] = []
    values = _energy(bag, because) | _sugar_rate(bag, cycled, because) | _osmolarity(bag, because) | _precipitation(bag, because)
    _three_in_one(bag, because, cautions)
    if cycled:
        plateau = _plateau(bag.volume_ml, bag.infusion_h)
        values |= {"plateau_ml_h": plateau, "ramp_ml_h": plateau / 2}
    if stock is not None:
        values |= _stock_volumes(bag, stock, because)
    return Calculation(values, tuple(because), tuple(cautions))


@from_section("clinical 4.7")
def pn_insulin(*, units_per_g_dextrose: Decimal | None, dextrose_g: Decimal | None) -> Calculation:
    """Regular insulin by the gram of dextrose, from U-100."""
    rate = within("units_per_g_dextrose", units_per_g_dextrose, ABOVE_ZERO)
    dextrose = within("dextrose_g", dextrose_g, ABOVE_ZERO)
    units = rate * dextrose
    volume = units / _INSULIN_UNITS_PER_ML
    because = (f"{plain(rate)} units/g x {plain(dextrose)} g = {plain(units)} units = {plain(volume)} mL of U-100.",)
    cautions: tuple[Caution, ...] = ()
    if volume < _LEAST_SYRINGE_ML:
        cautions = (Caution("needs_dilution", f"{plain(volume)} mL is below 0.1 mL: dilute before drawing."),)
    return Calculation({"insulin_units": units, "volume_ml": volume}, because, cautions)


@from_section("clinical 4.7")
def pn_cycle(*, volume_ml: Decimal | None, infusion_h: Decimal | None) -> Calculation:
    """One hour up and one hour down at half the rate of the plateau."""
    volume, hours = within("volume_ml", volume_ml, ABOVE_ZERO), within("infusion_h", infusion_h, _CYCLE_H)
    plateau = _plateau(volume, hours)
    because = f"{plain(volume)} mL / ({plain(hours)} h - 1) = {shown(plateau)} mL/h; first and last hour {shown(plateau / 2)} mL/h."
    return Calculation({"plateau_ml_h": plateau, "ramp_ml_h": plateau / 2}, (because,))


@from_section("clinical 4.7")
def pn_heparin(
    *,
    units_per_ml: Decimal | None,
    volume_ml: Decimal | None,
    stock_units_per_ml: Decimal | None,
    lipid: bool,
    calcium: bool,
    hit: bool,
) -> Calculation:
    """Heparin in a two-in-one; never in a three-in-one with calcium (policy), never after heparin-induced thrombocytopenia."""
    rate, volume = within("units_per_ml", units_per_ml, ABOVE_ZERO), within("volume_ml", volume_ml, ABOVE_ZERO)
    stock = within("stock_units_per_ml", stock_units_per_ml, ABOVE_ZERO)
    if hit:
        raise NotCalculated("heparin_forbidden", "hit", "Heparin is forbidden after heparin-induced thrombocytopenia.")
    if lipid and calcium:
        raise NotCalculated(
            "heparin_forbidden", "lipid", "Heparin is forbidden in a three-in-one with calcium: the emulsion breaks."
        )
    units = rate * volume
    because = (
        f"{plain(rate)} units/mL x {plain(volume)} mL = {plain(units)} units.",
        f"{shown(units / stock)} mL of {plain(stock)} units/mL.",
    )
    return Calculation({"heparin_units": units, "volume_ml": units / stock}, because)


def _plateau(volume_ml: Decimal, hours: Decimal) -> Decimal:
    return volume_ml / (hours - 1)


def _level(value: Decimal, levels: tuple[tuple[Decimal, str], ...]) -> str:
    """The first level whose limit the value is strictly above."""
    return next((level for limit, level in levels if value > limit), "none")


def _energy(bag: _Bag, because: list[str]) -> dict[str, Value]:
    lipid_kcal = bag.lipid_g * _KCAL_PER_G["lipid 20 %"]
    dextrose_kcal = bag.dextrose_g * _KCAL_PER_G["dextrose"]
    kcal = dextrose_kcal + lipid_kcal + bag.amino_acid_g * _KCAL_PER_G["amino acids"]
    nitrogen = bag.amino_acid_g / _AMINO_ACID_PER_NITROGEN
    told = (
        f"{plain(bag.dextrose_g)} g x 3.4 + {plain(bag.amino_acid_g)} g x 4 + {plain(bag.lipid_g)} g x 10 = {shown(kcal, 1)} kcal"
    )
    because.append(f"{told}, {shown(kcal / bag.weight_kg)} kcal/kg; nitrogen {shown(nitrogen)} g.")
    return {
        "kcal": kcal,
        "kcal_per_kg": kcal / bag.weight_kg,
        "nitrogen_g": nitrogen,
        "npc_per_g_nitrogen": (dextrose_kcal + lipid_kcal) / nitrogen if nitrogen else None,
    }


def _sugar_rate(bag: _Bag, cycled: bool, because: list[str]) -> dict[str, Value]:
    """Judged at the peak: in a cycle the plateau, in which the day's volume runs in one hour less."""
    per_kg = bag.dextrose_g * 1000 / bag.weight_kg / 60
    mean = per_kg / bag.infusion_h
    peak = per_kg / (bag.infusion_h - 1) if cycled else mean
    level = _level(peak, _SUGAR_LEVELS)
    because.append(
        f"Dextrose {shown(mean)} mg/kg/min on average, {shown(peak)} at the peak: {level} (above 4 WARN, 5 HOLD, 7 STOP)."
    )
    return {"gir_mean_mg_kg_min": mean, "gir_mg_kg_min": peak, "gir_level": level}


def _osmolarity(bag: _Bag, because: list[str]) -> dict[str, Value]:
    nutrients = (
        bag.amino_acid_g * _OSM_PER_G["amino acids"] + bag.dextrose_g * _OSM_PER_G["dextrose"] + bag.lipid_g * _OSM_PER_G["lipid"]
    )
    salts = (
        (bag.sodium_meq + bag.potassium_meq) * _OSM_PER_MEQ["sodium and potassium"]
        + bag.magnesium_meq * _OSM_PER_MEQ["magnesium"]
        + bag.calcium_meq * _OSM_PER_MEQ["calcium"]
    )
    osmolarity = (nutrients + salts) / bag.liters
    is_central = osmolarity > _CENTRAL_ABOVE_MOSM_L
    line = "central line only" if is_central else "a peripheral line is allowed"
    because.append(
        f"({shown(nutrients)} + {shown(salts)} mOsm) / {plain(bag.liters)} L = {shown(osmolarity, 1)} mOsm/L: {line} (limit 900)."
    )
    return {"osmolarity_mosm_l": osmolarity, "central_line_only": is_central}


def _precipitation(bag: _Bag, because: list[str]) -> dict[str, Value]:
    """Calcium x phosphate in the final volume, and in the smaller one when calcium goes in before the lipid; the larger decides."""
    calcium, phosphate = bag.calcium_meq / bag.liters, bag.phosphate_mmol / bag.liters
    before_lipid = bag.liters - bag.lipid_g * _LIPID_ML_PER_G / 1000
    final, at_calcium = calcium * phosphate, bag.calcium_meq * bag.phosphate_mmol / before_lipid**2
    level = _level(max(final, at_calcium), _PRODUCT_LEVELS)
    amino_acid_percent = bag.percent(bag.amino_acid_g)
    told = f"Calcium x phosphate {shown(final, 1)} in the final volume, {shown(at_calcium, 1)} when calcium is added"
    if amino_acid_percent < Decimal("2.5") and calcium > 10 and phosphate > 10:
        level = "STOP"
        told += f"; amino acids {shown(amino_acid_percent)} % are below 2.5 % with both above 10"
    because.append(f"{told}: {level} (above 150 WARN, 200 STOP). A screen, no proof of safety.")
    return {"ca_p_final": final, "ca_p_at_calcium": at_calcium, "ca_p_level": level}


def _three_in_one(bag: _Bag, because: list[str], cautions: list[Caution]) -> None:
    if not bag.lipid_g:
        return
    percents = {
        "amino acids": bag.percent(bag.amino_acid_g),
        "dextrose": bag.percent(bag.dextrose_g),
        "lipid": bag.percent(bag.lipid_g),
    }
    weak = [
        f"{name} {shown(percent)} % (least {_LEAST_PERCENT[name]})"
        for name, percent in percents.items()
        if percent < _LEAST_PERCENT[name]
    ]
    divalent = (bag.calcium_meq + bag.magnesium_meq) / bag.liters
    if divalent > _MOST_DIVALENT_MEQ_L:
        weak.append(f"calcium and magnesium {shown(divalent)} mEq/L (most {_MOST_DIVALENT_MEQ_L})")
    if weak:
        cautions.append(Caution("three_in_one_stability", f"The emulsion may break: {', '.join(weak)}."))
    if bag.lipid_g / bag.weight_kg > _LIPID_G_PER_KG:
        because.append(f"Lipid {shown(bag.lipid_g / bag.weight_kg)} g/kg is above 1 g/kg a day.")


def _stock_volumes(bag: _Bag, stock: Stock, because: list[str]) -> dict[str, Value]:
    amino_acid_percent = within(
        "stock.amino_acid_percent", known("stock.amino_acid_percent", stock.amino_acid_percent), _SOME_PERCENT
    )
    dextrose_percent = within("stock.dextrose_percent", stock.dextrose_percent, _SOME_PERCENT)
    acetate = within("stock.sodium_acetate_meq", stock.sodium_acetate_meq, FROM_ZERO)
    salt = within("stock.potassium_meq_per_3_mmol_phosphate", stock.potassium_meq_per_3_mmol_phosphate, FROM_ZERO)
    if acetate > bag.sodium_meq:
        text = f"Sodium acetate {plain(acetate)} mEq is more than the ordered sodium, {plain(bag.sodium_meq)} mEq."
        raise NotCalculated("out_of_range", "stock.sodium_acetate_meq", text)
    by_phosphate = bag.phosphate_mmol / 3 * salt
    if by_phosphate > bag.potassium_meq:
        text = (
            f"Potassium phosphate brings {shown(by_phosphate)} mEq potassium, but {plain(bag.potassium_meq)} mEq are ordered: "
            "use sodium phosphate."
        )
        raise NotCalculated("phosphate_salt_exceeds_order", "potassium_meq", text)
    potassium_chloride = (bag.potassium_meq - by_phosphate) / _POTASSIUM_CHLORIDE
    volumes = {
        "amino acids": bag.amino_acid_g / amino_acid_percent * 100,
        "dextrose": bag.dextrose_g / dextrose_percent * 100,
        "lipid": bag.lipid_g * _LIPID_ML_PER_G,
        "sodium chloride": (bag.sodium_meq - acetate) / _SODIUM_CHLORIDE,
        "sodium acetate": acetate / _SODIUM_ACETATE,
        "potassium phosphate": bag.phosphate_mmol / _PHOSPHATE,
        "potassium chloride": potassium_chloride,
        "magnesium sulfate": bag.magnesium_meq / _MAGNESIUM_SULFATE,
        "calcium gluconate": bag.calcium_meq / _CALCIUM_GLUCONATE,
        "vitamins": _VITAMINS_ML,
        "trace elements": _TRACE_ML,
    }
    total = sum(volumes.values(), Decimal(0))
    water = bag.volume_ml - total
    told = ", ".join(f"{name} {shown(volume)}" for name, volume in volumes.items() if volume)
    if water < 0:
        text = f"The stocks need {shown(total)} mL ({told}), more than the {plain(bag.volume_ml)} mL ordered."
        raise NotCalculated("water_negative", "volume_ml", text)
    because.append(f"Stocks in mL: {told}; together {shown(total)}, water {shown(water)}.")
    return {"potassium_chloride_ml": potassium_chloride, "additives_ml": total, "sterile_water_ml": water}
