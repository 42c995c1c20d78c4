"""Imports every records module, so that the whole metadata is known (to migrations, and to tests)."""

import infusiondesk.assessments.records
import infusiondesk.careplans.records
import infusiondesk.catalog.records
import infusiondesk.compounding.records
import infusiondesk.dispensing.records
import infusiondesk.equipment.records
import infusiondesk.interactions.records
import infusiondesk.inventory.records
import infusiondesk.labs.records
import infusiondesk.orders.records
import infusiondesk.patients.records
import infusiondesk.payers.records
import infusiondesk.prescriptions.records
import infusiondesk.staff.records
import infusiondesk.tasks.records
import infusiondesk.visits.records
from infusiondesk.foundation.store.records import Base

METADATA = Base.metadata
__all__ = ["METADATA", "infusiondesk"]
