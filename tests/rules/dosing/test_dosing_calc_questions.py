"""The worked rows of clinical 4 and the whole contract of `ask calc`, asked as JSON and answered as JSON."""

import json
import math
from typing import Any

import pytest

from infusiondesk.dosing.exchange import answer
from infusiondesk.dosing.rules import CALCULATORS
from infusiondesk.foundation.kernel.questions import answered, read_json

Inputs = dict[str, object]
Expected = dict[str, float | int | str | bool | None]


def ask(calc: str, inputs: Inputs) -> dict[str, Any]:
    """Ask one question, JSON in and JSON out, as the command line does."""
    found, status = answered(read_json(json.dumps({"id": "q", "calc": calc, "inputs": inputs})), answer, "calc")
    assert isinstance(found, dict)
    assert status == (2 if "error" in found else 0)
    read: dict[str, Any] = json.loads(json.dumps(found, allow_nan=False))
    return read


def row(age: int, sex: str, inches: float, weight: float, creatinine: float) -> Inputs:
    return {"age_years": age, "sex": sex, "height_in": inches, "weight_kg": weight, "creatinine_mg_dl": creatinine}


def two_levels(
    dose: int, tau: int, infused: float, first: tuple[float, float], second: tuple[float, float], **more: object
) -> Inputs:
    return {
        "dose_mg": dose,
        "interval_h": tau,
        "infusion_h": infused,
        "level_1_mg_l": first[0],
        "level_1_h": first[1],
        "level_2_mg_l": second[0],
        "level_2_h": second[1],
        **more,
    }


PN_1: Inputs = {
    "weight_kg": 70,
    "volume_ml": 2000,
    "infusion_h": 24,
    "amino_acid_g": 90,
    "dextrose_g": 250,
    "lipid_g": 50,
    "sodium_meq": 150,
    "potassium_meq": 80,
    "magnesium_meq": 16,
    "calcium_meq": 10,
    "phosphate_mmol": 30,
    "stock": {"amino_acid_percent": 10, "dextrose_percent": 70, "sodium_acetate_meq": 50},
}
PN_2: Inputs = {
    "weight_kg": 60,
    "volume_ml": 1800,
    "infusion_h": 12,
    "cycled": True,
    "amino_acid_g": 85,
    "dextrose_g": 220,
    "lipid_g": 45,
    "sodium_meq": 140,
    "potassium_meq": 60,
    "magnesium_meq": 12,
    "calcium_meq": 12,
    "phosphate_mmol": 24,
    "stock": {"amino_acid_percent": 10, "dextrose_percent": 70},
}
PN_3: Inputs = {
    "weight_kg": 55,
    "volume_ml": 1500,
    "infusion_h": 24,
    "amino_acid_g": 45,
    "dextrose_g": 75,
    "lipid_g": 50,
    "sodium_meq": 60,
    "potassium_meq": 30,
    "magnesium_meq": 8,
    "calcium_meq": 5,
    "phosphate_mmol": 10,
    "stock": {"amino_acid_percent": 10, "dextrose_percent": 70},
}

# calculator, inputs, values (within 0.01, small ones within 0.0001), warnings; the section of clinical 4 in the comments
WORKED: list[tuple[str, Inputs, Expected, list[str]]] = [
    # 4.1
    ("ideal_body_weight", {"sex": "M", "height_in": 70}, {"ideal_body_weight_kg": 73.0}, []),
    ("ideal_body_weight", {"sex": "F", "height_cm": 162.56, "age_years": 62}, {"ideal_body_weight_kg": 54.7}, []),
    ("ideal_body_weight", {"sex": "F", "height_in": 62}, {"ideal_body_weight_kg": 50.1}, []),
    ("ideal_body_weight", {"sex": "F", "height_in": 58}, {"ideal_body_weight_kg": 40.9}, ["devine_not_validated"]),
    ("ideal_body_weight", {"sex": "M", "height_in": 60}, {"ideal_body_weight_kg": 50}, []),
    ("adjusted_body_weight", {"sex": "M", "height_in": 70, "weight_kg": 75}, {"adjusted_body_weight_kg": 73.8}, []),
    ("adjusted_body_weight", {"sex": "F", "height_in": 64, "weight_kg": 98}, {"adjusted_body_weight_kg": 72.02}, []),
    ("adjusted_body_weight", {"sex": "F", "height_in": 62, "weight_kg": 44}, {"adjusted_body_weight_kg": 47.66}, []),
    (
        "creatinine_clearance",
        row(45, "M", 70, 75, 1.0),
        {"creatinine_clearance_ml_min": 96.32, "weight_used": "ideal", "weight_used_kg": 73.0},
        [],
    ),
    (
        "creatinine_clearance",
        row(62, "F", 64, 98, 1.2),
        {"creatinine_clearance_ml_min": 55.2653, "weight_used": "adjusted", "weight_used_kg": 72.02},
        [],
    ),
    (
        "creatinine_clearance",
        row(80, "F", 62, 44, 0.8),
        {"creatinine_clearance_ml_min": 38.96, "weight_used": "total", "weight_used_kg": 44},
        [],
    ),
    # At 1.2 x ideal exactly (87.6 kg) the ideal weight is used, and the edge is near.
    (
        "creatinine_clearance",
        row(45, "M", 70, 87.6, 1.0),
        {"weight_used": "ideal", "weight_used_kg": 73},
        ["near_weight_rule_edge"],
    ),
    (
        "creatinine_clearance",
        row(45, "M", 70, 87.7, 1.0),
        {"weight_used": "adjusted", "weight_used_kg": 78.88},
        ["near_weight_rule_edge"],
    ),
    ("creatinine_clearance", row(45, "M", 70, 85.8, 1.0), {"weight_used": "ideal"}, []),
    ("creatinine_clearance", row(45, "M", 70, 89.4, 1.0), {"weight_used": "adjusted"}, []),
    (
        "creatinine_clearance",
        {**row(45, "M", 70, 75, 1.0), "weight_rule": "TBW120"},
        {"weight_used": "total", "weight_used_kg": 75},
        [],
    ),
    ("creatinine_clearance", {**row(62, "F", 64, 98, 1.2), "weight_rule": "TBW120"}, {"weight_used": "adjusted"}, []),
    ("creatinine_clearance", {**row(45, "M", 70, 87.6, 1.0), "weight_rule": "BMI30"}, {"weight_used": "ideal"}, []),
    ("creatinine_clearance", {**row(62, "F", 64, 98, 1.2), "weight_rule": "BMI30"}, {"weight_used": "adjusted"}, []),
    ("creatinine_clearance", {**row(80, "F", 62, 44, 0.8), "weight_rule": "BMI30"}, {"weight_used": "total"}, []),
    ("creatinine_clearance", row(45, "F", 58, 45, 1.0), {"weight_used": "ideal"}, ["devine_not_validated"]),
    (
        "creatinine_clearance",
        {"age_years": 45, "sex": "F", "height_cm": 100, "weight_kg": 20, "creatinine_mg_dl": 1},
        {"weight_used": "adjusted", "weight_used_kg": 6.83},
        ["devine_not_validated"],
    ),
    # Creatinine is never rounded up; the limits themselves are allowed.
    ("creatinine_clearance", row(18, "M", 70, 73, 0.2), {"creatinine_clearance_ml_min": 618.4722}, []),
    # 4.2
    ("body_mass_index", {"height_in": 70, "weight_kg": 75}, {"body_mass_index_kg_m2": 23.72}, []),
    ("body_mass_index", {"height_in": 64, "weight_kg": 98}, {"body_mass_index_kg_m2": 37.09}, []),
    ("body_mass_index", {"height_in": 62, "weight_kg": 44}, {"body_mass_index_kg_m2": 17.74}, []),
    ("body_mass_index", {"height_cm": 178, "weight_kg": 82}, {"body_mass_index_kg_m2": 25.88}, []),
    ("body_mass_index", {"height_cm": 165, "weight_kg": 60}, {"body_mass_index_kg_m2": 22.04}, []),
    ("body_mass_index", {"height_cm": 150, "weight_kg": 110}, {"body_mass_index_kg_m2": 48.89}, []),
    ("body_mass_index", {"height_cm": 100, "weight_kg": 12}, {"body_mass_index_kg_m2": 12}, []),
    ("body_mass_index", {"height_cm": 100, "weight_kg": 11.9}, {"body_mass_index_kg_m2": 11.9}, ["bmi_unusual"]),
    ("body_mass_index", {"height_cm": 100, "weight_kg": 81}, {"body_mass_index_kg_m2": 81}, ["bmi_unusual"]),
    ("body_surface_area", {"height_in": 70, "weight_kg": 75}, {"body_surface_area_m2": 1.925}, []),
    ("body_surface_area", {"height_cm": 178, "weight_kg": 82}, {"body_surface_area_m2": 2.014}, []),
    ("body_surface_area", {"height_cm": 165, "weight_kg": 60}, {"body_surface_area_m2": 1.658}, []),
    ("body_surface_area", {"height_cm": 150, "weight_kg": 110}, {"body_surface_area_m2": 2.141}, []),
    ("body_surface_area", {"height_cm": 30, "weight_kg": 0.5}, {"body_surface_area_m2": 0.0645}, []),
    # 4.3
    ("egfr_ckd_epi_2021", row(45, "M", 70, 75, 1.0), {"egfr_ml_min_1_73m2": 94.59, "egfr_absolute_ml_min": 105.23}, []),
    ("egfr_ckd_epi_2021", row(62, "F", 64, 98, 1.2), {"egfr_ml_min_1_73m2": 51.18, "egfr_absolute_ml_min": 62.23}, []),
    ("egfr_ckd_epi_2021", row(80, "F", 62, 44, 0.8), {"egfr_ml_min_1_73m2": 74.44, "egfr_absolute_ml_min": 59.70}, []),
    ("egfr_ckd_epi_2021", {"age_years": 30, "sex": "F", "creatinine_mg_dl": 0.6}, {"egfr_ml_min_1_73m2": 123.76}, []),
    (
        "egfr_ckd_epi_2021",
        {"age_years": 55, "sex": "M", "creatinine_mg_dl": 1.4, "height_cm": 170},
        {"egfr_ml_min_1_73m2": 59.36},
        [],
    ),
    (
        "egfr_ckd_epi_2021",
        {"age_years": 71, "sex": "F", "creatinine_mg_dl": 2.8, "weight_kg": 70},
        {"egfr_ml_min_1_73m2": 17.51},
        [],
    ),
    # 4.4
    (
        "vancomycin_two_level",
        two_levels(1000, 12, 1, (30, 2), (12, 11.5)),
        {
            "ke_per_h": 0.0965,
            "half_life_h": 7.19,
            "peak_mg_l": 33.04,
            "trough_mg_l": 11.44,
            "auc24_trap": 492.4,
            "volume_l": 42.08,
            "clearance_l_h": 4.06,
            "daily_dose_mg": 2031,
        },
        [],
    ),
    (
        "vancomycin_two_level",
        two_levels(1500, 24, 1.5, (36, 3), (10, 23.5), weight_kg=80),
        {
            "ke_per_h": 0.0625,
            "half_life_h": 11.09,
            "peak_mg_l": 39.54,
            "trough_mg_l": 9.69,
            "auc24_trap": 514.6,
            "volume_l": 46.62,
            "clearance_l_h": 2.91,
            "daily_dose_mg": 1458,
        },
        [],
    ),
    (
        "vancomycin_two_level",
        two_levels(1250, 12, 1.5, (42, 2.5), (22, 11.5)),
        {
            "ke_per_h": 0.0718,
            "half_life_h": 9.65,
            "peak_mg_l": 45.13,
            "trough_mg_l": 21.22,
            "auc24_trap": 765.0,
            "volume_l": 45.45,
            "clearance_l_h": 3.27,
            "daily_dose_mg": 1634,
        },
        ["auc24_over_650"],
    ),
    ("vancomycin_two_level", two_levels(1000, 12, 1, (30, 2), (12, 12), target_auc24=400), {"trough_mg_l": 12}, []),
    (
        "vancomycin_two_level",
        two_levels(1000, 12, 1, (30, 2), (29, 11.5)),
        {"ke_per_h": 0.00357},
        ["ke_out_of_range", "auc24_over_650"],
    ),
    ("vancomycin_two_level", two_levels(1000, 12, 1, (30, 2), (0.1, 11.5)), {"ke_per_h": 0.6004}, ["ke_out_of_range"]),
    (
        "vancomycin_two_level",
        two_levels(1000, 12, 1, (30, 2), (12, 11.5), weight_kg=20),
        {"volume_l": 42.08},
        ["volume_out_of_range"],
    ),
    (
        "vancomycin_two_level",
        two_levels(1000, 12, 1, (30, 2), (12, 11.5), weight_kg=200),
        {"volume_l": 42.08},
        ["volume_out_of_range"],
    ),
    ("vancomycin_two_level", two_levels(3500, 12, 1, (30, 2), (12, 11.5)), {"daily_dose_mg": 7107.74}, []),
    (
        "vancomycin_population",
        {"creatinine_clearance_ml_min": 80, "weight_kg": 75, "dose_mg": 1000, "interval_h": 12, "infusion_h": 1},
        {
            "ke_per_h": 0.0708,
            "volume_l": 52.5,
            "clearance_l_h": 3.717,
            "daily_dose_mg": 1858.5,
            "peak_mg_l": 32.13,
            "trough_mg_l": 14.74,
            "auc24_dose_over_cl": 538.1,
        },
        [],
    ),
    (
        "vancomycin_population",
        {"creatinine_clearance_ml_min": 45, "weight_kg": 98, "dose_mg": 1250, "interval_h": 24, "infusion_h": 1.5},
        {
            "ke_per_h": 0.04175,
            "volume_l": 68.6,
            "clearance_l_h": 2.864,
            "daily_dose_mg": 1432.0,
            "peak_mg_l": 27.91,
            "trough_mg_l": 10.91,
            "auc24_dose_over_cl": 436.4,
        },
        [],
    ),
    (
        "vancomycin_population",
        {"creatinine_clearance_ml_min": 110, "weight_kg": 60, "dose_mg": 1000, "interval_h": 12, "infusion_h": 1},
        {
            "ke_per_h": 0.0957,
            "volume_l": 42.0,
            "clearance_l_h": 4.019,
            "daily_dose_mg": 2009.7,
            "peak_mg_l": 33.25,
            "trough_mg_l": 11.60,
            "auc24_dose_over_cl": 497.6,
        },
        [],
    ),
    (
        "vancomycin_population",
        {"creatinine_clearance_ml_min": 80, "weight_kg": 75, "volume_l_per_kg": 0.6, "target_auc24": 400},
        {"ke_per_h": 0.0708, "volume_l": 45, "clearance_l_h": 3.186, "daily_dose_mg": 1274.4},
        [],
    ),
    (
        "vancomycin_population",
        {
            "creatinine_clearance_ml_min": 5,
            "weight_kg": 75,
            "volume_l_per_kg": 2,
            "dose_mg": 3500,
            "interval_h": 24,
            "infusion_h": 24,
        },
        {"ke_per_h": 0.00855},
        ["ke_out_of_range", "volume_out_of_range", "auc24_over_650"],
    ),
    # 4.5
    (
        "aminoglycoside",
        {"creatinine_clearance_ml_min": 80, "dosing_weight_kg": 70, "peak_mg_l": 8, "trough_mg_l": 0.5, "infusion_h": 0.5},
        {
            "ke_per_h": 0.2484,
            "volume_l": 19.6,
            "interval_raw_h": 11.66,
            "interval_h": 12,
            "dose_mg": 158.3,
            "rounded_dose_mg": 160,
        },
        [],
    ),
    (
        "aminoglycoside",
        {"creatinine_clearance_ml_min": 45, "dosing_weight_kg": 62, "peak_mg_l": 8, "trough_mg_l": 0.8, "infusion_h": 0.5},
        {
            "ke_per_h": 0.14585,
            "volume_l": 17.36,
            "interval_raw_h": 16.29,
            "interval_h": 12,
            "dose_mg": 119.0,
            "rounded_dose_mg": 120,
        },
        ["trough_above_goal"],
    ),
    (
        "aminoglycoside",
        {"creatinine_clearance_ml_min": 120, "dosing_weight_kg": 80, "peak_mg_l": 10, "trough_mg_l": 0.5, "infusion_h": 1},
        {
            "ke_per_h": 0.3656,
            "volume_l": 22.4,
            "interval_raw_h": 9.19,
            "interval_h": 8,
            "dose_mg": 253.1,
            "rounded_dose_mg": 260,
        },
        ["trough_above_goal"],
    ),
    (
        "aminoglycoside",
        {"creatinine_clearance_ml_min": 5, "dosing_weight_kg": 80, "peak_mg_l": 10, "trough_mg_l": 0.5, "infusion_h": 1},
        {"interval_h": 48},
        ["trough_above_goal"],
    ),
    (
        "aminoglycoside_extended",
        {"creatinine_clearance_ml_min": 60, "dosing_weight_kg": 70},
        {"dose_mg": 490, "interval_h": 24},
        [],
    ),
    (
        "aminoglycoside_extended",
        {"creatinine_clearance_ml_min": 59.99, "dosing_weight_kg": 62, "drug": "tobramycin"},
        {"dose_mg": 434, "interval_h": 36},
        [],
    ),
    (
        "aminoglycoside_extended",
        {"creatinine_clearance_ml_min": 39.9, "dosing_weight_kg": 80},
        {"dose_mg": 560, "interval_h": 48},
        [],
    ),
    (
        "aminoglycoside_extended",
        {"creatinine_clearance_ml_min": 20, "dosing_weight_kg": 80, "drug": "amikacin"},
        {"dose_mg": 1200, "interval_h": 48},
        [],
    ),
    # 4.6
    ("corrected_calcium", {"calcium_mg_dl": 7.9, "albumin_g_dl": 2.5}, {"reported_mg_dl": 9.1, "formula_mg_dl": 9.1}, []),
    (
        "corrected_calcium",
        {"calcium_mg_dl": 9.8, "albumin_g_dl": 4.2},
        {"reported_mg_dl": 9.8, "formula_mg_dl": 9.64},
        ["not_applicable"],
    ),
    ("corrected_calcium", {"calcium_mg_dl": 10.6, "albumin_g_dl": 2.0}, {"reported_mg_dl": 12.2, "formula_mg_dl": 12.2}, []),
    (
        "corrected_calcium",
        {"calcium_mg_dl": 9.0, "albumin_g_dl": 4.0},
        {"reported_mg_dl": 9, "formula_mg_dl": 9},
        ["not_applicable"],
    ),
    ("corrected_phenytoin", {"phenytoin_mg_l": 8, "albumin_g_dl": 2.0}, {"corrected_mg_l": 16}, []),
    (
        "corrected_phenytoin",
        {"phenytoin_mg_l": 12, "albumin_g_dl": 3.5, "creatinine_clearance_ml_min": 10},
        {"corrected_mg_l": 15},
        [],
    ),
    (
        "corrected_phenytoin",
        {"phenytoin_mg_l": 6, "albumin_g_dl": 2.2, "creatinine_clearance_ml_min": 5},
        {"corrected_mg_l": 18.75},
        [],
    ),
    # 4.7
    (
        "parenteral_nutrition",
        PN_1,
        {
            "kcal": 1710,
            "kcal_per_kg": 24.43,
            "nitrogen_g": 14.4,
            "npc_per_g_nitrogen": 93.75,
            "gir_mean_mg_kg_min": 2.48,
            "gir_mg_kg_min": 2.48,
            "gir_level": "none",
            "osmolarity_mosm_l": 1337.75,
            "central_line_only": True,
            "ca_p_final": 75.0,
            "ca_p_at_calcium": 97.96,
            "ca_p_level": "none",
            "potassium_chloride_ml": 18,
            "additives_ml": 1621.59,
            "sterile_water_ml": 378.41,
        },
        [],
    ),
    (
        "parenteral_nutrition",
        PN_2,
        {
            "kcal": 1538,
            "kcal_per_kg": 25.63,
            "npc_per_g_nitrogen": 88.1,
            "gir_mean_mg_kg_min": 5.09,
            "gir_mg_kg_min": 5.56,
            "gir_level": "HOLD",
            "osmolarity_mosm_l": 1339.3,
            "central_line_only": True,
            "ca_p_final": 88.9,
            "ca_p_at_calcium": 116.1,
            "ca_p_level": "none",
            "plateau_ml_h": 163.64,
            "ramp_ml_h": 81.82,
            "potassium_chloride_ml": 12.4,
            "additives_ml": 1484.45,
            "sterile_water_ml": 315.55,
        },
        [],
    ),
    (
        "parenteral_nutrition",
        PN_3,
        {
            "kcal": 935,
            "kcal_per_kg": 17.0,
            "npc_per_g_nitrogen": 104.9,
            "gir_mg_kg_min": 0.94697,
            "gir_level": "none",
            "osmolarity_mosm_l": 703.7,
            "central_line_only": False,
            "ca_p_final": 22.22,
            "ca_p_at_calcium": 32.0,
            "potassium_chloride_ml": 7.67,
            "additives_ml": 856.87,
            "sterile_water_ml": 643.13,
        },
        ["three_in_one_stability"],
    ),
    ("pn_insulin", {"units_per_g_dextrose": 0.1, "dextrose_g": 250}, {"insulin_units": 25, "volume_ml": 0.25}, []),
    ("pn_insulin", {"units_per_g_dextrose": 0.05, "dextrose_g": 220}, {"insulin_units": 11, "volume_ml": 0.11}, []),
    ("pn_insulin", {"units_per_g_dextrose": 0.1, "dextrose_g": 75}, {"insulin_units": 7.5, "volume_ml": 0.075}, ["needs_dilution"]),
    ("pn_insulin", {"units_per_g_dextrose": 0.1, "dextrose_g": 100}, {"insulin_units": 10, "volume_ml": 0.1}, []),
    ("pn_cycle", {"volume_ml": 1800, "infusion_h": 12}, {"plateau_ml_h": 163.6364, "ramp_ml_h": 81.8182}, []),
    # 4.8
    (
        "gravity_drip",
        {"volume_ml": 1000, "minutes": 480, "drops_per_ml": 15},
        {"drops_per_min_exact": 31.25, "drops_per_min": 31},
        [],
    ),
    (
        "gravity_drip",
        {"volume_ml": 250, "minutes": 60, "drops_per_ml": 20},
        {"drops_per_min_exact": 83.3333, "drops_per_min": 83},
        [],
    ),
    ("gravity_drip", {"volume_ml": 50, "minutes": 30, "drops_per_ml": 60}, {"drops_per_min_exact": 100, "drops_per_min": 100}, []),
    ("gravity_drip", {"volume_ml": 45, "minutes": 60, "drops_per_ml": 10}, {"drops_per_min_exact": 7.5, "drops_per_min": 8}, []),
    (
        "weight_based_drip",
        {"dose_mcg_kg_min": 0.375, "weight_kg": 80, "concentration_mcg_ml": 200},
        {"rate_ml_h": 9, "pump_rate_ml_h": 9, "dose_mg_day": 43.2},
        [],
    ),
    (
        "weight_based_drip",
        {"dose_mcg_kg_min": 0.5, "weight_kg": 68, "concentration_mcg_ml": 200},
        {"rate_ml_h": 10.2, "pump_rate_ml_h": 10.2, "dose_mg_day": 48.96},
        [],
    ),
    (
        "weight_based_drip",
        {"dose_mcg_kg_min": 0.25, "weight_kg": 92.5, "concentration_mcg_ml": 400},
        {"rate_ml_h": 3.46875, "pump_rate_ml_h": 3.5, "dose_mg_day": 33.3},
        ["below_label_range"],
    ),
    (
        "weight_based_drip",
        {"dose_mcg_kg_min": 5, "weight_kg": 70, "concentration_mcg_ml": 4000},
        {"rate_ml_h": 5.25, "pump_rate_ml_h": 5.3},
        [],
    ),
    ("weight_based_drip", {"dose_mcg_kg_min": 2.5, "weight_kg": 84, "concentration_mcg_ml": 2000}, {"rate_ml_h": 6.3}, []),
    (
        "weight_based_drip",
        {"dose_mcg_kg_min": 7.5, "weight_kg": 60, "concentration_mcg_ml": 4000},
        {"rate_ml_h": 6.75, "pump_rate_ml_h": 6.8},
        [],
    ),
    (
        "weight_based_drip",
        {"dose_mcg_kg_min": 0.5, "weight_kg": 2.5, "concentration_mcg_ml": 200},
        {"rate_ml_h": 0.375, "pump_rate_ml_h": 0.4},
        ["rounding_changes_dose"],
    ),
    # 4.9
    ("ivig_rate", {"rate_mg_kg_min": 0.5}, {"rate_ml_kg_h": 0.3}, []),
    ("ivig_rate", {"rate_mg_kg_min": 0.8}, {"rate_ml_kg_h": 0.48}, []),
    ("ivig_rate", {"rate_mg_kg_min": 8}, {"rate_ml_kg_h": 4.8}, []),
    (
        "ivig_time",
        {"volume_ml": 300, "weight_kg": 70, "steps_ml_kg_h": [0.5, 1, 2, 3, 4], "step_minutes": 30},
        {"total_minutes": 135.5357},
        [],
    ),
    (
        "ivig_time",
        {"volume_ml": 400, "weight_kg": 80, "steps_ml_kg_h": [0.3, 0.6, 1.2, 2.4, 4.8], "step_minutes": 30},
        {"total_minutes": 154.375},
        [],
    ),
    (
        "ivig_time",
        {"volume_ml": 600, "weight_kg": 60, "steps_ml_kg_h": [0.3, 0.6, 1.2, 2.4], "step_minutes": 30},
        {"total_minutes": 313.75},
        [],
    ),
    (
        "ivig_time",
        {"volume_ml": 10, "weight_kg": 70, "steps_ml_kg_h": [0.5, 1], "step_minutes": 30},
        {"total_minutes": 17.1429},
        [],
    ),
    ("ivig_time", {"volume_ml": 70, "weight_kg": 70, "steps_ml_kg_h": [0.5], "step_minutes": 30}, {"total_minutes": 120}, []),
    (
        "scig_from_ivig",
        {"ivig_g": 30, "ivig_interval_weeks": 4, "concentration_g_ml": 0.1, "ml_per_site": 30},
        {"weekly_g": 10.275, "weekly_ml": 102.75, "sites": 4},
        [],
    ),
    (
        "scig_from_ivig",
        {"ivig_g": 60, "ivig_interval_weeks": 3, "concentration_g_ml": 0.1, "ml_per_site": 20, "factor": 1.5},
        {"weekly_g": 30, "weekly_ml": 300, "sites": 15},
        [],
    ),
    # 4.10
    (
        "pump_fill",
        {
            "basal_ml_h": 0.5,
            "bolus_ml": 0.2,
            "boluses_per_day": 96,
            "days": 7,
            "residual_ml": 5,
            "concentration_mg_ml": 1,
            "reservoir_ml": 250,
        },
        {"need_ml": 218.4, "fill_ml": 223.4, "drug_mg": 223.4},
        [],
    ),
    (
        "pump_fill",
        {"basal_ml_h": 9, "days": 1, "residual_ml": 5, "prime_ml": 2, "concentration_mg_ml": 0.2, "reservoir_ml": 223},
        {"need_ml": 216, "fill_ml": 223, "drug_mg": 44.6},
        [],
    ),
    (
        "elastomeric_fill",
        {"dose_mg_m2": 2400, "body_surface_area_m2": 1.9, "concentration_mg_ml": 50, "infusion_h": 46, "device_rate_ml_h": 2},
        {"dose_mg": 4560, "drug_ml": 91.2, "rate_ml_h": 1.9826, "diluent_ml": 0.8},
        [],
    ),
    (
        "reservoir_life",
        {"reservoir_ml": 100, "residual_ml": 5, "basal_ml_h": 1.2, "bolus_ml": 0.5, "boluses_per_day": 6},
        {"days": 2.9874},
        [],
    ),
    ("reservoir_life", {"reservoir_ml": 5, "residual_ml": 5, "basal_ml_h": 1.2}, {"days": 0}, []),
    # 4.11
    (
        "days_supply",
        {"start_date": "2026-03-02", "quantity": 21, "doses_per_day": 3},
        {"days_supply": 7, "last_dose_date": "2026-03-08", "run_out_date": "2026-03-09", "deliver_by_date": "2026-03-06"},
        [],
    ),
    (
        "days_supply",
        {"start_date": "2026-03-06", "quantity": 14, "doses_per_day": 2, "on_hand": 3},
        {"days_supply": 8, "last_dose_date": "2026-03-13", "run_out_date": "2026-03-14", "deliver_by_date": "2026-03-12"},
        [],
    ),
    (
        "days_supply",
        {"start_date": "2026-02-25", "quantity": 7, "doses_per_day": 1},
        {"days_supply": 7, "last_dose_date": "2026-03-03", "run_out_date": "2026-03-04", "deliver_by_date": "2026-03-02"},
        [],
    ),
    (
        "days_supply",
        {"start_date": "2026-02-25", "quantity": 7, "doses_per_day": 1, "holidays": ["2026-03-02", "2026-02-27"]},
        {"deliver_by_date": "2026-02-26"},
        [],
    ),
    (
        "days_supply",
        {"start_date": "2026-02-25", "quantity": 7, "doses_per_day": 1, "delivery_weekdays": ["Sun", "Sat"], "lead_days": 0},
        {"deliver_by_date": "2026-03-01"},
        [],
    ),
    (
        "days_supply",
        {"start_date": "2026-03-02", "quantity": 2, "doses_per_day": 3},
        {"days_supply": 0, "last_dose_date": None, "run_out_date": "2026-03-02", "deliver_by_date": "2026-02-27"},
        [],
    ),
    # 4.12
    ("factor_dose", {"factor": 8, "weight_kg": 70, "desired_rise_percent": 100}, {"dose_iu": 3500}, []),
    ("factor_dose", {"factor": 8, "weight_kg": 82, "desired_rise_percent": 50}, {"dose_iu": 2050}, []),
    ("factor_dose", {"factor": 8, "weight_kg": 24, "desired_rise_percent": 40}, {"dose_iu": 480}, []),
    ("factor_dose", {"factor": 9, "weight_kg": 70, "desired_rise_percent": 60}, {"dose_iu": 4200}, []),
    ("absolute_neutrophil_count", {"wbc_10e3_ul": 2.1, "segs_percent": 40, "bands_percent": 2}, {"anc_per_ul": 882}, []),
    ("absolute_neutrophil_count", {"wbc_10e3_ul": 0.9, "segs_percent": 50, "bands_percent": 5}, {"anc_per_ul": 495}, []),
    ("absolute_neutrophil_count", {"wbc_10e3_ul": 6.4, "segs_percent": 62, "bands_percent": 1}, {"anc_per_ul": 4032}, []),
    ("absolute_neutrophil_count", {"wbc_10e3_ul": 6, "segs_percent": 50}, {"anc_per_ul": 3000}, []),
    ("dose_per_kg", {"dose_mg_kg": 6, "weight_kg": 82, "concentration_mg_ml": 50}, {"dose_mg": 492, "volume_ml": 9.84}, []),
    ("dose_per_kg", {"dose_mg_kg": 40, "weight_kg": 50, "concentration_mg_ml": 95}, {"dose_mg": 2000, "volume_ml": 21.0526}, []),
    ("dose_per_kg", {"dose_mg_kg": 60, "weight_kg": 75}, {"dose_mg": 4500}, []),
    # billing 2.5 and 3.3
    ("home_visit_units", {"minutes": 120}, {"units_99601": 1, "units_99602": 0}, []),
    ("home_visit_units", {"minutes": 150}, {"units_99601": 1, "units_99602": 0}, []),
    ("home_visit_units", {"minutes": 151}, {"units_99601": 1, "units_99602": 1}, []),
    ("home_visit_units", {"minutes": 170}, {"units_99601": 1, "units_99602": 1}, []),
    ("home_visit_units", {"minutes": 210}, {"units_99601": 1, "units_99602": 1}, []),
    ("home_visit_units", {"minutes": 211}, {"units_99601": 1, "units_99602": 2}, []),
    ("home_visit_units", {"minutes": 20}, {"units_99601": 1, "units_99602": 0}, []),
    ("home_visit_units", {"minutes": 170, "extra_hour": "whole_hour"}, {"units_99601": 1, "units_99602": 0}, []),
    ("home_visit_units", {"minutes": 240, "extra_hour": "whole_hour"}, {"units_99601": 1, "units_99602": 2}, []),
    ("medicare_visit_units", {"minutes": 5}, {"units": 1}, []),
    ("medicare_visit_units", {"minutes": 22}, {"units": 1}, []),
    ("medicare_visit_units", {"minutes": 23}, {"units": 2}, []),
    ("medicare_visit_units", {"minutes": 37}, {"units": 2}, []),
    ("medicare_visit_units", {"minutes": 38}, {"units": 3}, []),
    ("medicare_visit_units", {"minutes": 170}, {"units": 11}, []),
]


@pytest.mark.parametrize(("calc", "inputs", "expected", "warnings"), WORKED)
def test_worked_rows(calc: str, inputs: Inputs, expected: Expected, warnings: list[str]) -> None:
    found = ask(calc, inputs)
    assert "refused_because" not in found, found
    assert (found["id"], found["kind"], found["calc"]) == ("q", "calc", calc)
    for name, value in expected.items():
        got = found["values"][name]
        if isinstance(value, float):
            # The tables print cut figures: 0.01 is allowed (clinical 4), more only where they print fewer digits.
            allowed = 0.0001 if abs(value) < 1 else 0.5 if abs(value) > 1000 else 0.05 if abs(value) > 75 else 0.01
            assert math.isclose(got, value, abs_tol=allowed), (name, got, value)
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 1000:
            assert abs(got - value) <= 0.5, (name, got, value)
        else:
            assert got == value, (name, got, value)
    assert [warning["code"] for warning in found["warnings"]] == warnings
    assert all(warning["text"].endswith(".") for warning in found["warnings"])
    assert found["because"] and found["sources"]


def test_every_calculator_has_a_worked_row() -> None:
    assert {calc for calc, _, _, _ in WORKED} == set(CALCULATORS)


# What each calculator gives, to the letter of the contract: names, and which of them depend on the question.
NAMES: list[tuple[str, Inputs, str]] = [
    ("ideal_body_weight", {"sex": "M", "height_in": 70}, "ideal_body_weight_kg"),
    ("creatinine_clearance", row(45, "M", 70, 75, 1.0), "creatinine_clearance_ml_min weight_used weight_used_kg"),
    ("egfr_ckd_epi_2021", {"age_years": 30, "sex": "F", "creatinine_mg_dl": 0.6, "height_cm": 160}, "egfr_ml_min_1_73m2"),
    (
        "vancomycin_two_level",
        two_levels(1000, 12, 1, (30, 2), (12, 11.5)),
        "ke_per_h half_life_h peak_mg_l trough_mg_l auc24_trap volume_l clearance_l_h daily_dose_mg",
    ),
    (
        "vancomycin_population",
        {"creatinine_clearance_ml_min": 80, "weight_kg": 75},
        "ke_per_h volume_l clearance_l_h daily_dose_mg",
    ),
    (
        "parenteral_nutrition",
        {name: value for name, value in PN_2.items() if name not in ("stock", "cycled")},
        """kcal kcal_per_kg nitrogen_g npc_per_g_nitrogen gir_mean_mg_kg_min gir_mg_kg_min gir_level osmolarity_mosm_l
        central_line_only ca_p_final ca_p_at_calcium ca_p_level""",
    ),
    ("dose_per_kg", {"dose_mg_kg": 60, "weight_kg": 75}, "dose_mg"),
]


@pytest.mark.parametrize(("calc", "inputs", "names"), NAMES)
def test_names_of_the_values(calc: str, inputs: Inputs, names: str) -> None:
    assert list(ask(calc, inputs)["values"]) == names.split()


CLEARANCE = row(45, "M", 70, 75, 1.0)
LEVELS = two_levels(1000, 12, 1, (30, 2), (12, 11.5))
POPULATION: Inputs = {"creatinine_clearance_ml_min": 80, "weight_kg": 75}
GENTAMICIN: Inputs = {
    "creatinine_clearance_ml_min": 80,
    "dosing_weight_kg": 70,
    "peak_mg_l": 8,
    "trough_mg_l": 0.5,
    "infusion_h": 0.5,
}
STOCK: Inputs = {"amino_acid_percent": 10, "dextrose_percent": 70}
FILL: Inputs = {"basal_ml_h": 9, "days": 1, "concentration_mg_ml": 0.2}
SUPPLY: Inputs = {"start_date": "2026-03-02", "quantity": 21, "doses_per_day": 3}

# calculator, inputs, code, field
REFUSED: list[tuple[str, Inputs, str, str | None]] = [
    ("ideal_body_weight", {"height_in": 70}, "missing", "sex"),
    ("ideal_body_weight", {"sex": "M"}, "missing", "height_cm"),
    ("ideal_body_weight", {"sex": "M", "height_cm": None}, "missing", "height_cm"),
    ("ideal_body_weight", {"sex": "M", "height_cm": 99.9}, "out_of_range", "height_cm"),
    ("ideal_body_weight", {"sex": "M", "height_in": 99}, "out_of_range", "height_in"),
    ("ideal_body_weight", {"sex": "M", "height_in": 70, "age_years": 17.9}, "out_of_range", "age_years"),
    ("adjusted_body_weight", {"sex": "M", "height_in": 70}, "missing", "weight_kg"),
    ("creatinine_clearance", {**CLEARANCE, "age_years": 121}, "out_of_range", "age_years"),
    ("creatinine_clearance", {**CLEARANCE, "age_years": None}, "missing", "age_years"),
    ("creatinine_clearance", {**CLEARANCE, "weight_kg": 19.9}, "out_of_range", "weight_kg"),
    ("creatinine_clearance", {**CLEARANCE, "weight_kg": 350.1}, "out_of_range", "weight_kg"),
    ("creatinine_clearance", {**CLEARANCE, "creatinine_mg_dl": 0.19}, "out_of_range", "creatinine_mg_dl"),
    ("creatinine_clearance", {**CLEARANCE, "creatinine_mg_dl": 20.1}, "out_of_range", "creatinine_mg_dl"),
    ("creatinine_clearance", {**CLEARANCE, "creatinine_mg_dl": None}, "missing", "creatinine_mg_dl"),
    (
        "creatinine_clearance",
        {"age_years": 45, "sex": "F", "height_cm": 100, "weight_kg": 20, "creatinine_mg_dl": 1, "weight_rule": "BMI30"},
        "out_of_range",
        "height_cm",
    ),
    ("body_mass_index", {"height_cm": 29, "weight_kg": 20}, "out_of_range", "height_cm"),
    ("body_surface_area", {"height_cm": 170, "weight_kg": 0.4}, "out_of_range", "weight_kg"),
    ("egfr_ckd_epi_2021", {**CLEARANCE, "weight_kg": 500}, "out_of_range", "weight_kg"),
    ("vancomycin_two_level", {**LEVELS, "dose_mg": None}, "missing", "dose_mg"),
    ("vancomycin_two_level", {**LEVELS, "dose_mg": 0}, "out_of_range", "dose_mg"),
    ("vancomycin_two_level", {**LEVELS, "level_2_h": None}, "missing", "level_2_h"),
    ("vancomycin_two_level", {**LEVELS, "level_2_mg_l": 30}, "levels_invalid", "level_2_mg_l"),
    ("vancomycin_two_level", {**LEVELS, "level_2_mg_l": 0}, "levels_invalid", "level_2_mg_l"),
    ("vancomycin_two_level", {**LEVELS, "level_1_h": 1.9}, "level_times_invalid", "level_1_h"),
    ("vancomycin_two_level", {**LEVELS, "level_2_h": 2}, "level_times_invalid", "level_2_h"),
    ("vancomycin_two_level", {**LEVELS, "level_2_h": 12.1}, "level_times_invalid", "level_2_h"),
    ("vancomycin_two_level", {**LEVELS, "target_auc24": None}, "missing", "target_auc24"),
    ("vancomycin_two_level", {**LEVELS, "weight_kg": 5}, "out_of_range", "weight_kg"),
    ("vancomycin_two_level", two_levels(1000, 500000, 1, (1e9, 400000), (1, 400000.001)), "out_of_range", None),
    ("vancomycin_two_level", two_levels(1000, 500, 1, (1e9, 2), (1, 2.5)), "out_of_range", None),
    ("vancomycin_population", {**POPULATION, "dose_mg": 1000}, "missing", "interval_h"),
    ("vancomycin_population", {**POPULATION, "interval_h": 12, "infusion_h": 1}, "missing", "dose_mg"),
    ("vancomycin_population", {**POPULATION, "dose_mg": 1000, "interval_h": 12, "infusion_h": 13}, "out_of_range", "infusion_h"),
    ("vancomycin_population", {**POPULATION, "creatinine_clearance_ml_min": -1}, "out_of_range", "creatinine_clearance_ml_min"),
    ("aminoglycoside", {**GENTAMICIN, "trough_mg_l": 8}, "levels_invalid", "trough_mg_l"),
    ("aminoglycoside", {**GENTAMICIN, "trough_mg_l": 0}, "levels_invalid", "trough_mg_l"),
    ("aminoglycoside", {**GENTAMICIN, "peak_mg_l": None}, "missing", "peak_mg_l"),
    (
        "aminoglycoside_extended",
        {"creatinine_clearance_ml_min": 19.99, "dosing_weight_kg": 70},
        "clearance_below_20",
        "creatinine_clearance_ml_min",
    ),
    ("corrected_calcium", {"calcium_mg_dl": 8, "albumin_g_dl": 0.4}, "out_of_range", "albumin_g_dl"),
    ("corrected_calcium", {"calcium_mg_dl": 8, "albumin_g_dl": 6.6}, "out_of_range", "albumin_g_dl"),
    ("corrected_phenytoin", {"phenytoin_mg_l": 8}, "missing", "albumin_g_dl"),
    ("parenteral_nutrition", {**PN_1, "weight_kg": None}, "missing", "weight_kg"),
    ("parenteral_nutrition", {**PN_1, "potassium_meq": None}, "missing", "potassium_meq"),
    ("parenteral_nutrition", {**PN_1, "dextrose_g": -1}, "out_of_range", "dextrose_g"),
    ("parenteral_nutrition", {**PN_1, "infusion_h": 25}, "out_of_range", "infusion_h"),
    ("parenteral_nutrition", {**PN_2, "infusion_h": 1.5}, "out_of_range", "infusion_h"),
    ("parenteral_nutrition", {**PN_1, "lipid_g": 400}, "out_of_range", "lipid_g"),
    ("parenteral_nutrition", {**PN_1, "stock": {}}, "missing", "stock.amino_acid_percent"),
    ("parenteral_nutrition", {**PN_1, "stock": {**STOCK, "dextrose_percent": 101}}, "out_of_range", "stock.dextrose_percent"),
    ("parenteral_nutrition", {**PN_1, "stock": {**STOCK, "sodium_acetate_meq": 151}}, "out_of_range", "stock.sodium_acetate_meq"),
    ("parenteral_nutrition", {**PN_1, "volume_ml": 1600, "stock": STOCK}, "water_negative", "volume_ml"),
    ("parenteral_nutrition", {**PN_1, "potassium_meq": 43}, "phosphate_salt_exceeds_order", "potassium_meq"),
    (
        "parenteral_nutrition",
        {**PN_1, "potassium_meq": 46, "stock": {**STOCK, "potassium_meq_per_3_mmol_phosphate": 4.7}},
        "phosphate_salt_exceeds_order",
        "potassium_meq",
    ),
    ("pn_insulin", {"units_per_g_dextrose": 0.1, "dextrose_g": 0}, "out_of_range", "dextrose_g"),
    ("pn_cycle", {"volume_ml": 1800, "infusion_h": 1}, "out_of_range", "infusion_h"),
    ("gravity_drip", {"volume_ml": 1000, "minutes": 0, "drops_per_ml": 15}, "out_of_range", "minutes"),
    ("weight_based_drip", {"weight_kg": 80, "concentration_mcg_ml": 200}, "missing", "dose_mcg_kg_min"),
    ("ivig_rate", {}, "missing", "rate_mg_kg_min"),
    ("ivig_time", {"volume_ml": 300, "weight_kg": 70, "step_minutes": 30}, "missing", "steps_ml_kg_h"),
    ("ivig_time", {"volume_ml": 300, "weight_kg": 70, "steps_ml_kg_h": [], "step_minutes": 30}, "missing", "steps_ml_kg_h"),
    (
        "ivig_time",
        {"volume_ml": 300, "weight_kg": 70, "steps_ml_kg_h": [1, 0], "step_minutes": 30},
        "out_of_range",
        "steps_ml_kg_h",
    ),
    ("scig_from_ivig", {"ivig_g": 30, "ivig_interval_weeks": 4, "concentration_g_ml": 0.1}, "missing", "ml_per_site"),
    ("pump_fill", {**FILL, "reservoir_ml": 215.9}, "reservoir_too_small", "reservoir_ml"),
    ("pump_fill", {**FILL, "days": None}, "missing", "days"),
    ("reservoir_life", {"reservoir_ml": 4, "residual_ml": 5, "basal_ml_h": 1}, "out_of_range", "residual_ml"),
    ("reservoir_life", {"reservoir_ml": 40, "residual_ml": 5, "basal_ml_h": 0}, "out_of_range", "basal_ml_h"),
    (
        "elastomeric_fill",
        {"dose_mg_m2": 2400, "body_surface_area_m2": 2, "concentration_mg_ml": 50, "infusion_h": 46, "device_rate_ml_h": 2},
        "water_negative",
        "device_rate_ml_h",
    ),
    ("days_supply", {**SUPPLY, "start_date": None}, "missing", "start_date"),
    ("days_supply", {**SUPPLY, "start_date": "0001-01-01"}, "out_of_range", "start_date"),
    ("days_supply", {**SUPPLY, "doses_per_day": 0}, "out_of_range", "doses_per_day"),
    ("days_supply", {**SUPPLY, "quantity": 1e6}, "out_of_range", "quantity"),
    ("days_supply", {**SUPPLY, "lead_days": -1}, "out_of_range", "lead_days"),
    ("days_supply", {**SUPPLY, "delivery_weekdays": []}, "out_of_range", "delivery_weekdays"),
    ("factor_dose", {"weight_kg": 70, "desired_rise_percent": 100}, "missing", "factor"),
    ("absolute_neutrophil_count", {"wbc_10e3_ul": 2, "segs_percent": 60, "bands_percent": 41}, "out_of_range", "bands_percent"),
    ("absolute_neutrophil_count", {"wbc_10e3_ul": 2, "segs_percent": 101}, "out_of_range", "segs_percent"),
    ("dose_per_kg", {"dose_mg_kg": 6, "weight_kg": 82, "concentration_mg_ml": 0}, "out_of_range", "concentration_mg_ml"),
    ("dose_per_kg", {"dose_mg_kg": 1e9, "weight_kg": 82, "concentration_mg_ml": 1e-6}, "out_of_range", None),
    ("home_visit_units", {"minutes": 0}, "out_of_range", "minutes"),
    ("medicare_visit_units", {}, "missing", "minutes"),
]


@pytest.mark.parametrize(("calc", "inputs", "code", "field"), REFUSED)
def test_refusals(calc: str, inputs: Inputs, code: str, field: str | None) -> None:
    found = ask(calc, inputs)
    assert "values" not in found and found["calc"] == calc
    assert (found["refused_because"]["code"], found["refused_because"]["field"]) == (code, field)
    assert found["refused_because"]["text"].endswith(".")
    assert found["because"] and found["sources"] and found["sources"][0].startswith(("clinical 4", "billing "))


def test_a_child_is_told_why() -> None:
    found = ask("creatinine_clearance", {**CLEARANCE, "age_years": 12})
    assert "paediatric formula is not implemented" in found["refused_because"]["text"]


# peak of dextrose, amount of calcium and phosphate, level: strictly above each limit
LEVELS_OF_SUGAR = [(403.2, "none"), (403.3, "WARN"), (504, "WARN"), (504.1, "HOLD"), (705.6, "HOLD"), (705.7, "STOP")]
TWO_IN_ONE: Inputs = {"weight_kg": 70, "volume_ml": 2000, "infusion_h": 24, "amino_acid_g": 90, "dextrose_g": 250}


@pytest.mark.parametrize(("dextrose_g", "level"), LEVELS_OF_SUGAR)
def test_levels_of_the_sugar_rate(dextrose_g: float, level: str) -> None:
    assert ask("parenteral_nutrition", {**TWO_IN_ONE, "dextrose_g": dextrose_g})["values"]["gir_level"] == level


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({"calcium_meq": 20, "phosphate_mmol": 30}, "none"),  # 10 x 15 = 150
        ({"calcium_meq": 20, "phosphate_mmol": 30.1}, "WARN"),
        ({"calcium_meq": 20, "phosphate_mmol": 40}, "WARN"),  # 200
        ({"calcium_meq": 20, "phosphate_mmol": 40.1}, "STOP"),
        ({"calcium_meq": 20, "phosphate_mmol": 29, "lipid_g": 50}, "WARN"),  # 145, but 189.4 when calcium is added
        ({"calcium_meq": 21, "phosphate_mmol": 21, "amino_acid_g": 49}, "STOP"),  # 110, amino acids 2.45 %
        ({"calcium_meq": 21, "phosphate_mmol": 21, "amino_acid_g": 50}, "none"),
        ({"calcium_meq": 20, "phosphate_mmol": 21, "amino_acid_g": 49}, "none"),
        ({"calcium_meq": 21, "phosphate_mmol": 20, "amino_acid_g": 49}, "none"),
    ],
)
def test_levels_of_calcium_and_phosphate(more: Inputs, level: str) -> None:
    assert ask("parenteral_nutrition", {**TWO_IN_ONE, **more})["values"]["ca_p_level"] == level


def test_a_bag_without_amino_acids_has_no_ratio() -> None:
    assert ask("parenteral_nutrition", {**TWO_IN_ONE, "amino_acid_g": 0})["values"]["npc_per_g_nitrogen"] is None


def test_900_mosm_are_still_peripheral() -> None:
    # 10 x 90 + 5 x 180 = 1800 mOsm in 2 L
    values = ask("parenteral_nutrition", {**TWO_IN_ONE, "dextrose_g": 180})["values"]
    assert (values["osmolarity_mosm_l"], values["central_line_only"]) == (900, False)


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ({}, False),
        ({"amino_acid_g": 79}, True),
        ({"dextrose_g": 199}, True),
        ({"lipid_g": 39}, True),
        ({"magnesium_meq": 31}, True),
        ({"lipid_g": 0, "amino_acid_g": 40}, False),
    ],
)
def test_what_breaks_an_emulsion(more: Inputs, warned: bool) -> None:
    bag = {**TWO_IN_ONE, "lipid_g": 60, "calcium_meq": 10, **more}
    assert bool(ask("parenteral_nutrition", bag)["warnings"]) == warned


def test_more_lipid_than_a_gram_per_kilogram_is_said() -> None:
    found = ask("parenteral_nutrition", {**TWO_IN_ONE, "lipid_g": 71})
    assert any("above 1 g/kg" in sentence for sentence in found["because"])


MALFORMED: list[tuple[Inputs, str | None]] = [
    ({"inputs": {}}, "calc"),
    ({"calc": "guess", "inputs": {}}, "calc"),
    ({"calc": "ideal_body_weight"}, "inputs"),
    ({"calc": "ideal_body_weight", "inputs": []}, "inputs"),
    ({"calc": "ideal_body_weight", "inputs": {"sex": "M", "height_in": 70}, "by": "me"}, "by"),
    ({"calc": "ideal_body_weight", "inputs": {"sex": "male", "height_in": 70}}, "inputs.sex"),
    ({"calc": "ideal_body_weight", "inputs": {"sex": "M", "height_in": "70"}}, "inputs.height_in"),
    ({"calc": "ideal_body_weight", "inputs": {"sex": "M", "height_in": 70, "height_cm": 178}}, "inputs.height_in"),
    ({"calc": "ideal_body_weight", "inputs": {"sex": "M", "height_in": 70, "weight_kg": 80}}, "inputs.weight_kg"),
    ({"calc": "creatinine_clearance", "inputs": {**CLEARANCE, "weight_rule": "XYZ"}}, "inputs.weight_rule"),
    ({"calc": "creatinine_clearance", "inputs": {**CLEARANCE, "age_years": True}}, "inputs.age_years"),
    # Malformed comes before refused: nobody is told of a missing weight while a field is misspelt.
    ({"calc": "dose_per_kg", "inputs": {"dose_mgkg": 6}}, "inputs.dose_mgkg"),
    ({"calc": "dose_per_kg", "inputs": {"dose_mg_kg": "six", "weight_kg": 900}}, "inputs.dose_mg_kg"),
    ({"calc": "factor_dose", "inputs": {"factor": 10, "weight_kg": 70, "desired_rise_percent": 5}}, "inputs.factor"),
    ({"calc": "factor_dose", "inputs": {"factor": "8", "weight_kg": 70, "desired_rise_percent": 5}}, "inputs.factor"),
    ({"calc": "aminoglycoside_extended", "inputs": {"drug": "vancomycin"}}, "inputs.drug"),
    ({"calc": "home_visit_units", "inputs": {"minutes": 170, "extra_hour": "half"}}, "inputs.extra_hour"),
    ({"calc": "ivig_time", "inputs": {"steps_ml_kg_h": [1, "2"]}}, "inputs.steps_ml_kg_h[1]"),
    ({"calc": "ivig_time", "inputs": {"steps_ml_kg_h": 2}}, "inputs.steps_ml_kg_h"),
    ({"calc": "parenteral_nutrition", "inputs": {**PN_1, "cycled": "yes"}}, "inputs.cycled"),
    ({"calc": "parenteral_nutrition", "inputs": {**PN_1, "stock": {"water": 1}}}, "inputs.stock.water"),
    ({"calc": "parenteral_nutrition", "inputs": {**PN_1, "stock": {"dextrose_percent": "70"}}}, "inputs.stock.dextrose_percent"),
    ({"calc": "days_supply", "inputs": {**SUPPLY, "start_date": "2026-02-30"}}, "inputs.start_date"),
    ({"calc": "days_supply", "inputs": {**SUPPLY, "lead_days": 1.5}}, "inputs.lead_days"),
    ({"calc": "days_supply", "inputs": {**SUPPLY, "delivery_weekdays": ["Mon", "Monday"]}}, "inputs.delivery_weekdays[1]"),
    ({"calc": "days_supply", "inputs": {**SUPPLY, "holidays": ["25 December"]}}, "inputs.holidays[0]"),
]


@pytest.mark.parametrize(("question", "field"), MALFORMED)
def test_malformed(question: Inputs, field: str | None) -> None:
    found, status = answered(read_json(json.dumps(question | {"id": "q9"})), answer, "calc")
    assert isinstance(found, dict)
    assert status == 2 and found["id"] == "q9"
    assert found["error"]["field"] == field


def test_null_is_the_default_where_a_word_is_chosen() -> None:
    assert ask("creatinine_clearance", {**CLEARANCE, "weight_rule": None})["values"]["weight_used"] == "ideal"
    assert ask("days_supply", {**SUPPLY, "holidays": None})["values"]["deliver_by_date"] == "2026-03-06"
    assert (
        ask("parenteral_nutrition", {**PN_1, "stock": None})["values"].keys()
        == ask("parenteral_nutrition", {name: value for name, value in PN_1.items() if name != "stock"})["values"].keys()
    )
