"""The list of every screen: its section, its title (and manual page), how it is made, and whether it belongs to a patient's chart.

A screen that starts a journey is handed the verb here; it does not import the workflow itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from infusiondesk.assessments.screens.assessment import AssessmentScreen
from infusiondesk.billing.screens.day_ledger import DayLedgerScreen
from infusiondesk.billing.screens.month_end import MonthEndScreen
from infusiondesk.careplans.screens.care_plan import CarePlanScreen
from infusiondesk.catalog.screens.codes import CodesScreen
from infusiondesk.catalog.screens.drugs import DrugsScreen
from infusiondesk.catalog.screens.products import ProductsScreen
from infusiondesk.catalog.screens.stability import StabilityScreen
from infusiondesk.compounding.screens.batches import BatchesScreen
from infusiondesk.compounding.screens.worksheet import WorksheetScreen
from infusiondesk.dispensing.screens.deliveries import DeliveriesScreen, DeliveryHistoryScreen
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.side_bar import Section
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.inventory.screens.receive import ReceiveScreen
from infusiondesk.inventory.screens.stock import StockScreen
from infusiondesk.labs.screens.results import LabsScreen
from infusiondesk.labs.screens.reviewing import LabsToReviewScreen
from infusiondesk.labs.screens.unmatched import UnmatchedResultsScreen
from infusiondesk.orders.screens.orders import OrdersScreen
from infusiondesk.orders.screens.screening import ScreeningScreen
from infusiondesk.orders.screens.to_verify import OrdersToVerifyScreen
from infusiondesk.patients.screens.find_a_patient import FindPatientScreen
from infusiondesk.patients.screens.patient import PatientScreen
from infusiondesk.patients.screens.referrals import ReferralsScreen
from infusiondesk.payers.screens.coverage import CoverageScreen
from infusiondesk.payers.screens.payer_profiles import PayerProfilesScreen
from infusiondesk.staff.screens.people import PeopleScreen
from infusiondesk.visits.screens.schedule import ScheduleScreen
from infusiondesk.visits.screens.visits import VisitsScreen
from infusiondesk.workflows.admission import findings_of, settle_finding, sign_assessment
from infusiondesk.workflows.first_dispense import make_active, pack_delivery
from infusiondesk.workflows.verify_order import screen_order, verify_order


@dataclass(frozen=True)
class Place:
    """One screen and where it is found."""

    section: str
    title: str
    make: Callable[[Desk], Screen]
    is_chart: bool = False

    @property
    def slug(self) -> str:
        """The name of its manual page and of its picture."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


_ASSESSMENT = partial(AssessmentScreen, sign=sign_assessment, settle=settle_finding, findings=findings_of, activate=make_active)

PLACES: tuple[Place, ...] = (
    Place("Intake", "Referrals", ReferralsScreen),
    Place("Patients", "Find a patient", FindPatientScreen),
    Place("Patients", "Patient", PatientScreen, is_chart=True),
    Place("Patients", "Coverage", CoverageScreen, is_chart=True),
    Place("Patients", "Assessment", _ASSESSMENT, is_chart=True),
    Place("Patients", "Care plan", CarePlanScreen, is_chart=True),
    Place("Patients", "Orders", OrdersScreen, is_chart=True),
    Place("Patients", "Screening", ScreeningScreen, is_chart=True),
    Place("Patients", "Labs", LabsScreen, is_chart=True),
    Place("Patients", "Delivery history", DeliveryHistoryScreen, is_chart=True),
    Place("Patients", "Visits", VisitsScreen, is_chart=True),
    Place("Patients", "Day ledger", DayLedgerScreen, is_chart=True),
    Place("Pharmacy", "Orders to verify", partial(OrdersToVerifyScreen, screen_one=screen_order, sign=verify_order)),
    Place("Compounding", "Batches", BatchesScreen),
    Place("Compounding", "Worksheet", WorksheetScreen),
    Place("Stock", "Stock", StockScreen),
    Place("Stock", "Receive a lot", ReceiveScreen),
    Place("Deliveries", "Deliveries", partial(DeliveriesScreen, pack=pack_delivery)),
    Place("Labs", "Labs to review", LabsToReviewScreen),
    Place("Labs", "Unmatched results", UnmatchedResultsScreen),
    Place("Nursing", "Schedule", ScheduleScreen),
    Place("Billing", "Month end", MonthEndScreen),
    Place("Library", "Drugs", DrugsScreen),
    Place("Library", "Products", ProductsScreen),
    Place("Library", "Stability", StabilityScreen),
    Place("Library", "Codes", CodesScreen),
    Place("Library", "Payer profiles", PayerProfilesScreen),
    Place("Settings", "Staff", PeopleScreen),
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
