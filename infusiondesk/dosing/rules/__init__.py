"""Every calculator of the pharmacy, by name: pure, unrounded, each with its reason and its section of the rule book."""

from collections.abc import Callable, Mapping

from infusiondesk.dosing.rules.albumin_corrections import corrected_calcium, corrected_phenytoin
from infusiondesk.dosing.rules.aminoglycosides import aminoglycoside, aminoglycoside_extended
from infusiondesk.dosing.rules.body_size import adjusted_body_weight, body_mass_index, body_surface_area, ideal_body_weight
from infusiondesk.dosing.rules.calculation import Calculation, Caution, Height, NotCalculated, Sex
from infusiondesk.dosing.rules.immune_globulin import ivig_rate, ivig_time, scig_from_ivig
from infusiondesk.dosing.rules.infusion_rates import gravity_drip, weight_based_drip
from infusiondesk.dosing.rules.nutrition import Stock, parenteral_nutrition, pn_cycle, pn_insulin
from infusiondesk.dosing.rules.pumps import elastomeric_fill, pump_fill, reservoir_life
from infusiondesk.dosing.rules.renal import creatinine_clearance, egfr_ckd_epi_2021
from infusiondesk.dosing.rules.single_doses import absolute_neutrophil_count, dose_per_kg, factor_dose
from infusiondesk.dosing.rules.supply import days_supply
from infusiondesk.dosing.rules.vancomycin import vancomycin_population, vancomycin_two_level
from infusiondesk.dosing.rules.visit_units import home_visit_units, medicare_visit_units

CALCULATORS: Mapping[str, Callable[..., Calculation]] = {
    calculator.__name__: calculator
    for calculator in (
        ideal_body_weight,
        adjusted_body_weight,
        creatinine_clearance,
        body_mass_index,
        body_surface_area,
        egfr_ckd_epi_2021,
        vancomycin_two_level,
        vancomycin_population,
        aminoglycoside,
        aminoglycoside_extended,
        corrected_calcium,
        corrected_phenytoin,
        parenteral_nutrition,
        pn_insulin,
        pn_cycle,
        gravity_drip,
        weight_based_drip,
        ivig_rate,
        ivig_time,
        scig_from_ivig,
        pump_fill,
        reservoir_life,
        elastomeric_fill,
        days_supply,
        factor_dose,
        absolute_neutrophil_count,
        dose_per_kg,
        home_visit_units,
        medicare_visit_units,
    )
}

__all__ = ["CALCULATORS", "Calculation", "Caution", "Height", "NotCalculated", "Sex", "Stock"]
