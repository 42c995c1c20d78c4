"""What screens, papers and the rules above may know of patients: frozen rows, never records."""

from infusiondesk.patients.queries.board import DOCUMENTS_WANTED, IntakeRow, patient_board
from infusiondesk.patients.queries.chart import (
    ChartPage,
    banner_of,
    chart_facts,
    chart_page,
    charts_of,
    demographics_of,
    hospital_stays_of,
    outpatient_infusions_of,
    place_on,
    prescribers,
)
from infusiondesk.patients.queries.find import FoundPatients, PatientRow, find_patients
from infusiondesk.patients.queries.past import ChangeRow, EntryRow, StepRow, corrections_of, entries_of, steps_of

__all__ = [
    "DOCUMENTS_WANTED",
    "ChangeRow",
    "ChartPage",
    "EntryRow",
    "FoundPatients",
    "IntakeRow",
    "PatientRow",
    "StepRow",
    "banner_of",
    "chart_facts",
    "chart_page",
    "charts_of",
    "corrections_of",
    "demographics_of",
    "entries_of",
    "find_patients",
    "hospital_stays_of",
    "outpatient_infusions_of",
    "patient_board",
    "place_on",
    "prescribers",
    "steps_of",
]
