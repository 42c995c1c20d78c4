"""What is typed at the shelf, and what keeps it from being saved: locations, items, receipts, what arrived, counts, waste."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from infusiondesk.catalog.rules import ndc_problem
from infusiondesk.foundation.kernel.outcomes import Problem, Refused
from infusiondesk.inventory.rules.scan import expiry_of, gtin_problem
from infusiondesk.inventory.rules.words import ItemKind, LocationKind, SuspicionEnd
from infusiondesk.patients.rules.names import dea_is_valid


def refuse_first(problems: list[Problem]) -> None:
    """A verb refuses a draft by the first of its problems."""
    if problems:
        raise Refused(problems[0].sentence, field=problems[0].field)


@dataclass
class LocationDraft:
    """A place for stock."""

    name: str = ""
    kind: str = LocationKind.ROOM.value

    def problems(self) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", "Enter what the door or the shelf says."))
        if self.kind not in set(LocationKind):
            found.append(Problem("kind", "Choose one of the list."))
        return found


@dataclass
class ItemDraft:
    """Something to stock. Where it is kept follows from its product unless one says otherwise."""

    product_id: UUID | None = None
    name: str = ""
    ndc: str = ""
    unit: str = "vial"
    kind: str = ItemKind.DRUG.value
    maker: str = ""
    gtin: str = ""
    kept_in: str | None = None
    reorder_point: Decimal | None = None
    order_up_to: Decimal | None = None
    pack_size: Decimal | None = None

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
        if sentence := gtin_problem(self.gtin):
            found.append(Problem("gtin", sentence))
        if self.kept_in and self.kept_in not in set(LocationKind):
            found.append(Problem("kept_in", "Choose one of the list."))
        return [*found, *self._order_problems()]

    def _order_problems(self) -> list[Problem]:
        point, up_to = self.reorder_point, self.order_up_to
        if (point is not None and point < 0) or (up_to is not None and up_to <= 0):
            return [Problem("reorder_point" if point is not None and point < 0 else "order_up_to", "Enter a number above 0.")]
        if self.pack_size is not None and self.pack_size <= 0:
            return [Problem("pack_size", "Enter how many come in one pack, above 0.")]
        if up_to is not None and point is None:
            return [Problem("reorder_point", "Enter below how many it is ordered.")]
        if point is not None and up_to is not None and up_to <= point:
            return [Problem("order_up_to", "Enter more than the reorder point, or nothing would be ordered.")]
        return []


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
class ExpiryDraft:
    """The expiry of a lot as its package reads, where it was typed wrong."""

    expires: str = ""

    def problems(self) -> list[Problem]:
        told = "Enter the expiry as 2027-08-31, or as 2027-08 where only a month is printed."
        return [] if expiry_of(self.expires) else [Problem("expires", told)]


@dataclass
class MoveDraft:
    """Units on their way to another location."""

    quantity: Decimal | None = None
    from_id: UUID | None = None
    to_id: UUID | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.from_id is None:
            found.append(Problem("from_id", "Choose where it lies."))
        if self.to_id is None or self.to_id == self.from_id:
            found.append(Problem("to_id", "Choose another location."))
        if self.quantity is None or self.quantity <= 0:
            found.append(Problem("quantity", "Enter how many, above 0."))
        return found


@dataclass
class ReceiptDraft:
    """The document that came with a delivery. DSCSA: every change of ownership of a drug comes with its transaction data."""

    vendor: str = ""
    document_number: str = ""
    has_transaction: bool | None = None
    without_because: str = ""
    shipped_on: date | None = None
    order_form: str = ""
    supplier_dea: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.vendor.strip():
            found.append(Problem("vendor", "Enter the vendor; a recall goes back to him."))
        if not self.document_number.strip():
            found.append(Problem("document_number", "Enter the number of the invoice or packing slip."))
        if self.has_transaction is None:
            found.append(Problem("has_transaction", "Say whether transaction information and statement came with it."))
        elif not self.has_transaction and len(self.without_because.strip()) < 3:
            found.append(Problem("without_because", "Say why there is none: supplies only, asked for, exempt product."))
        if self.supplier_dea.strip() and not dea_is_valid(self.supplier_dea.strip().upper()):
            found.append(Problem("supplier_dea", "This is not a DEA number: its check digit does not fit."))
        return found


@dataclass
class ArrivalDraft:
    """So many of one lot that arrived; the expiry is typed as it is printed, a day or a month."""

    item_id: UUID | None = None
    lot_number: str = ""
    expires: str = ""
    quantity: Decimal | None = None
    location_id: UUID | None = None
    serials: list[str] = field(default_factory=list)

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
        return found


@dataclass
class SuspicionDraft:
    """How an investigation of a suspect product ended."""

    end: str = ""
    finding: str = ""
    notified: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if self.end not in set(SuspicionEnd):
            found.append(Problem("end", "Choose cleared or illegitimate."))
        if len(self.finding.strip()) < 15:
            found.append(Problem("finding", "Write what was looked at and what it showed (15 characters or more)."))
        if self.end == SuspicionEnd.ILLEGITIMATE and not self.notified.strip():
            found.append(
                Problem("notified", "Name whom you told and when: the FDA (Form FDA 3911) and trading partners, in 24 hours.")
            )
        return found


@dataclass
class ReturnedDraft:
    """What came back to the pharmacy and was destroyed."""

    what: str = ""
    lot_number: str = ""
    quantity: Decimal | None = None
    unit: str = "bag"
    because: str = ""
    destroyed_how: str = ""
    witnessed_by: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.what.strip():
            found.append(Problem("what", "Enter what came back, as its label reads."))
        if self.quantity is None or self.quantity <= 0:
            found.append(Problem("quantity", "Enter how many came back, above 0."))
        for name, sentence in (
            ("because", "Say why it came back."),
            ("destroyed_how", "Say how it was destroyed."),
            ("witnessed_by", "Name who saw it destroyed."),
        ):
            if not getattr(self, name).strip():
                found.append(Problem(name, sentence))
        return found
