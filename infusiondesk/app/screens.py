"""The list of every screen: its section, its title (and manual page), how it is made, and whether it belongs to a patient's chart.

A screen that starts a journey is handed the verb here; it does not import the workflow itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import Any

from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.side_bar import Section
from infusiondesk.foundation.qtkit.screen import Screen


def _named(name: str) -> Any:
    return resolve_name(f"infusiondesk.{name}")


@dataclass(frozen=True)
class Place:
    """One screen and where it is found; named and not imported, because the first list must not wait for all the others."""

    section: str
    title: str
    screen: str
    given: Mapping[str, str] = field(default_factory=dict)
    is_chart: bool = False

    def make(self, desk: Desk) -> Screen:
        """The screen, loaded now if nobody has opened it yet."""
        made: Screen = _named(self.screen)(desk, **{name: _named(journey) for name, journey in self.given.items()})
        return made

    def load(self) -> None:
        """Load it without showing it, so that the first opening does not wait."""
        for name in (self.screen, *self.given.values()):
            _named(name)

    @property
    def slug(self) -> str:
        """The name of its manual page and of its picture."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


_EPISODE = {
    "resume": "workflows.first_dispense:resume_therapy",
    "discharge": "workflows.ending:discharge",
    "transfer": "workflows.ending:transfer",
    "death": "workflows.ending:record_death",
}
_ASSESSMENT = {
    "sign": "workflows.admission:sign_assessment",
    "settle": "workflows.admission:settle_finding",
    "findings": "workflows.admission:findings_of",
    "activate": "workflows.first_dispense:make_active",
}

PLACES: tuple[Place, ...] = (
    Place("Today", "Today", "today.screens.today:TodayScreen"),
    Place("Intake", "Referrals", "patients.screens.referrals:ReferralsScreen"),
    Place("Patients", "Find a patient", "patients.screens.find_a_patient:FindPatientScreen"),
    Place(
        "Patients",
        "Patient",
        "patients.screens.patient:PatientScreen",
        _EPISODE,
        is_chart=True,
    ),
    Place("Patients", "Coverage", "payers.screens.coverage:CoverageScreen", is_chart=True),
    Place("Patients", "Assessment", "assessments.screens.assessment:AssessmentScreen", _ASSESSMENT, is_chart=True),
    Place("Patients", "Care plan", "careplans.screens.care_plan:CarePlanScreen", is_chart=True),
    Place(
        "Patients",
        "Orders",
        "orders.screens.orders:OrdersScreen",
        {
            "enter": "workflows.order_entry:enter_order",
            "change": "workflows.order_entry:change_order",
            "clearance": "workflows.order_entry:clearance_on_file",
        },
        is_chart=True,
    ),
    Place("Patients", "Screening", "orders.screens.screening:ScreeningScreen", is_chart=True),
    Place("Patients", "Labs", "labs.screens.results:LabsScreen", is_chart=True),
    Place("Patients", "Delivery history", "dispensing.screens.history:DeliveryHistoryScreen", is_chart=True),
    Place(
        "Patients",
        "Supplies at home",
        "dispensing.screens.supplies:SuppliesScreen",
        {"box": "workflows.first_dispense:pack_without_bags"},
        is_chart=True,
    ),
    Place("Patients", "Pumps at home", "equipment.screens.home_pumps:HomePumpsScreen", is_chart=True),
    Place("Patients", "Visits", "visits.screens.visits:VisitsScreen", is_chart=True),
    Place("Patients", "Day ledger", "billing.screens.day_ledger:DayLedgerScreen", is_chart=True),
    Place(
        "Pharmacy",
        "Orders to verify",
        "orders.screens.to_verify:OrdersToVerifyScreen",
        {"screen_one": "workflows.verify_order:screen_order", "sign": "workflows.verify_order:verify_order"},
    ),
    Place("Pharmacy", "Prescriptions", "prescriptions.screens.prescriptions:PrescriptionsScreen"),
    Place("Pharmacy", "Fill log", "prescriptions.screens.fill_log:FillLogScreen"),
    Place("Pharmacy", "Monitoring programme", "prescriptions.screens.monitoring:MonitoringScreen"),
    Place("Pharmacy", "Promises", "tasks.screens.promises:PromisesScreen", {"rx_numbers": "prescriptions.queries:rx_numbers"}),
    Place(
        "Pharmacy",
        "Recall of knowledge",
        "interactions.screens.recall:RecallScreen",
        {"lines": "workflows.recall_knowledge:recall_lines", "close": "workflows.recall_knowledge:close_line"},
    ),
    Place(
        "Pharmacy",
        "Census",
        "interactions.screens.census:CensusScreen",
        {"patients": "workflows.census:patients_to_screen", "some": "workflows.census:screen_some"},
    ),
    Place("Compounding", "Batches", "compounding.screens.batches:BatchesScreen"),
    Place("Compounding", "Worksheet", "compounding.screens.worksheet:WorksheetScreen"),
    Place("Stock", "Stock", "inventory.screens.stock:StockScreen"),
    Place("Stock", "Receive a lot", "inventory.screens.receive:ReceiveScreen"),
    Place("Stock", "Counts", "inventory.screens.counts:CountsScreen"),
    Place(
        "Stock",
        "Controlled drugs",
        "inventory.screens.controlled:ControlledScreen",
        {"names": "prescriptions.queries:reference_names"},
    ),
    Place("Stock", "Biennial inventory", "inventory.screens.biennial:BiennialScreen"),
    Place("Stock", "Reorder", "inventory.screens.reorder:ReorderScreen", {"rows": "workflows.reordering:to_reorder"}),
    Place(
        "Stock",
        "Recalls of stock",
        "inventory.screens.recalls:RecallsScreen",
        {
            "reach": "workflows.recall_stock:recall_reach",
            "settle": "workflows.recall_stock:settle_line",
            "close": "workflows.recall_stock:close_recall",
        },
    ),
    Place(
        "Stock",
        "Temperatures",
        "inventory.screens.temperatures:TemperaturesScreen",
        {"reach": "workflows.excursion_reach:excursion_reach"},
    ),
    Place("Stock", "Pumps", "equipment.screens.pumps:PumpsScreen"),
    Place("Stock", "Recalls of pumps", "equipment.screens.recalls:PumpRecallsScreen"),
    Place("Stock", "Rental days", "equipment.screens.rentals:RentalsScreen"),
    Place("Stock", "Pump rules", "equipment.screens.pump_rules:PumpRulesScreen"),
    Place(
        "Deliveries",
        "Deliveries",
        "dispensing.screens.deliveries:DeliveriesScreen",
        {"pack": "workflows.first_dispense:pack_delivery", "box": "workflows.first_dispense:pack_without_bags"},
    ),
    Place("Deliveries", "Routes", "dispensing.screens.routes:RoutesScreen"),
    Place("Deliveries", "Kits", "dispensing.screens.kits:KitsScreen"),
    Place("Deliveries", "Delivery rules", "dispensing.screens.delivery_rules:DeliveryRulesScreen"),
    Place("Labs", "Labs to review", "labs.screens.reviewing:LabsToReviewScreen"),
    Place("Labs", "Unmatched results", "labs.screens.unmatched:UnmatchedResultsScreen"),
    Place("Nursing", "Schedule", "visits.screens.schedule:ScheduleScreen"),
    Place("Billing", "Month end", "billing.screens.month_end:MonthEndScreen"),
    Place("Library", "Drugs", "catalog.screens.drugs:DrugsScreen"),
    Place("Library", "Products", "catalog.screens.products:ProductsScreen"),
    Place("Library", "Stability", "catalog.screens.stability:StabilityScreen"),
    Place("Library", "Interactions", "interactions.screens.rules:InteractionsScreen"),
    Place("Library", "Interaction sets", "interactions.screens.sets:InteractionSetsScreen"),
    Place("Library", "Codes", "catalog.screens.codes:CodesScreen"),
    Place("Library", "NDC directory", "catalog.screens.ndc_directory:NdcDirectoryScreen"),
    Place("Library", "Catalog review", "catalog.screens.review:CatalogReviewScreen"),
    Place("Library", "Payer profiles", "payers.screens.payer_profiles:PayerProfilesScreen"),
    Place("Settings", "Staff", "staff.screens.people:PeopleScreen"),
)

_ORDER = (
    "Today", "Intake", "Patients", "Pharmacy", "Compounding", "Clean room", "Stock", "Deliveries", "Labs", "Nursing", "Billing",
    "Quality", "Library", "Settings",
)  # fmt: skip


def sections() -> list[Section]:
    """The side bar's sections: those that have a screen, in the order of the work."""
    known = {place.section for place in PLACES}
    return [Section(name, rule=name == "Library") for name in _ORDER if name in known]


def places_of(section: str, *, chart: bool) -> list[Place]:
    """The pages of a section, or of the open chart."""
    return [place for place in PLACES if place.section == section and place.is_chart == chart]


def place_of(title: str) -> Place:
    return next(place for place in PLACES if place.title == title)
