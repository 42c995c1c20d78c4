"""The fields of a receipt, the same wherever a lot is received."""

from collections.abc import Sequence
from typing import Final

from infusiondesk.foundation.qtkit.forms import NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field

RECEIPT_FIELDS: Final[Sequence[Field]] = (
    TextField("lot_number", "Lot", required=True, hint="as printed"),
    TextField("expires", "Expires", required=True, hint="2027-08-31, or 2027-08 where only a month is printed"),
    NumberField("quantity", "How many", required=True, places=3),
    TextField("vendor", "Vendor", required=True),
)
