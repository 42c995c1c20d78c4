"""The fields of a receipt's document and of what arrived with it."""

from collections.abc import Sequence
from typing import Final

from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field

DOCUMENT_FIELDS: Final[Sequence[Field]] = (
    TextField("vendor", "Vendor", required=True),
    TextField("document_number", "Document", required=True, hint="number of the invoice or packing slip"),
    ChoiceField("has_transaction", "Transaction data", required=True, choices=[(True, "Came with it"), (False, "None")]),
    TextField("without_because", "Why there is none", hint="supplies only, asked for, exempt product"),
    DateField("shipped_on", "Shipped on"),
    TextField("order_form", "DEA order form", hint="222 or CSOS number, for C-II"),
    TextField("supplier_dea", "Supplier's DEA number", hint="for controlled drugs; kept for the next time"),
)
ARRIVAL_FIELDS: Final[Sequence[Field]] = (
    TextField("lot_number", "Lot", required=True),
    TextField("expires", "Expires", required=True, hint="2027-08-31, or 2027-08 for a month"),
    NumberField("quantity", "How many", required=True, places=3),
)
