"""An item or a receipt while it is typed, and what keeps it from being saved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from infusiondesk.catalog.rules import ndc_problem
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.inventory.rules.movements import ItemKind
from infusiondesk.inventory.rules.scan import expiry_of


@dataclass
class ItemDraft:
    """Something to stock."""

    product_id: UUID | None = None
    name: str = ""
    ndc: str = ""
    unit: str = "vial"
    kind: str = ItemKind.DRUG.value

    def problems(self) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", "Enter the item as its package reads."))
        if not self.unit.strip():
            found.append(Problem("unit", "Enter what is counted, as one of it: vial, bag, set."))
        if self.kind not in set(ItemKind):
            found.append(Problem("kind", "Choose one of the list."))
        elif self.kind == ItemKind.DRUG and self.product_id is None:
            found.append(Problem("product_id", "Choose the product of the catalog; without it no worksheet can use the drug."))
        if sentence := ndc_problem(self.ndc):
            found.append(Problem("ndc", sentence))
        return found


@dataclass
class CountDraft:
    """A count being entered."""

    found: Decimal | None = None

    def problems(self) -> list[Problem]:
        return [Problem("found", "Enter how many you counted; 0 if none.")] if self.found is None or self.found < 0 else []


@dataclass
class WasteDraft:
    """Units being written off."""

    quantity: Decimal | None = None

    def problems(self) -> list[Problem]:
        return [Problem("quantity", "Enter how many, above 0.")] if self.quantity is None or self.quantity <= 0 else []


@dataclass
class ReceiptDraft:
    """A lot being received; the expiry is typed as it is printed, a day or a month."""

    item_id: UUID | None = None
    lot_number: str = ""
    expires: str = ""
    quantity: Decimal | None = None
    vendor: str = ""

    @property
    def expires_on(self) -> date | None:
        """The last good day."""
        return expiry_of(self.expires)

    def problems(self) -> list[Problem]:
        found = []
        if self.item_id is None:
            found.append(Problem("item_id", "Choose the item, or scan its package."))
        if not self.lot_number.strip():
            found.append(Problem("lot_number", "Enter the lot number as printed."))
        if self.expires_on is None:
            found.append(Problem("expires", "Enter the expiry as 2027-08-31, or as 2027-08 where only a month is printed."))
        if self.quantity is None or self.quantity <= 0:
            found.append(Problem("quantity", "Enter how many were received, above 0."))
        if not self.vendor.strip():
            found.append(Problem("vendor", "Enter the vendor; a recall goes back to him."))
        return found
