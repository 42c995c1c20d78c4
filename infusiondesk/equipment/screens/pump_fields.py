"""The fields of everything that is entered about a pump."""

from collections.abc import Sequence
from typing import Final

from infusiondesk.equipment.rules import FAILS, SERVES, WORKS, Asked, Outcome, Ownership, Use
from infusiondesk.foundation.qtkit.forms import ChoiceField, CodeField, DateField, MultiChoiceField, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field, LookUp

WORKS_OR_FAILS: Final = ((WORKS, "Works"), (FAILS, "Fails"))

MODEL: Final[Sequence[Field | str]] = (
    TextField("maker", "Maker", required=True),
    TextField("name", "Model", required=True, hint="as its label reads"),
    NumberField("channels", "Channels", whole=True, required=True),
    MultiChoiceField("therapies", "Serves", choices=list(SERVES.items()), required=True),
    "What this pharmacy decides",
    NumberField("maintenance_months", "Maintenance every", unit="months", whole=True, required=True),
    NumberField("certification_months", "Certification every", unit="months", whole=True, hint="empty: none"),
    NumberField("accuracy_percent", "Volume may be off by", unit="%", places=2, required=True),
    TextField("source", "Where this stands", required=True, hint="manual with edition, or policy"),
)
CLEANING: Final[Sequence[Field | str]] = (
    TextField("agent", "Cleaned with", required=True, hint="as its label reads"),
    NumberField("label_minutes", "Contact time on the label", unit="min", places=1, required=True),
    NumberField("contact_minutes", "Stayed wet for", unit="min", places=1, required=True),
)
CHECK: Final[Sequence[Field | str]] = (
    ChoiceField("alarms", "Alarms: door, air, occlusion, end", choices=WORKS_OR_FAILS, required=True),
    ChoiceField("battery", "Battery", choices=WORKS_OR_FAILS, required=True),
    ChoiceField("cord", "Cord and charger", choices=WORKS_OR_FAILS, required=True),
    ChoiceField("casing", "Casing", choices=WORKS_OR_FAILS, required=True),
    NumberField("deviation_percent", "Volume off by", unit="%", places=2, required=True, hint="minus where it was too little"),
)
RETURN: Final[Sequence[Field | str]] = (
    TextField("brought_by", "Brought by", required=True, hint="driver, nurse, carrier, patient"),
    TextField("fault", "Fault", hint="empty: none was told; a fault puts it into quarantine"),
)
ASK: Final[Sequence[Field | str]] = (
    ChoiceField("how", "How", choices=[one.value for one in Asked], required=True, spread=False),
    TextField("with_whom", "With whom", required=True),
    DateField("pick_up_on", "Picked up on", hint="where a pick-up is arranged"),
)
SEND: Final[Sequence[Field | str]] = (
    TextField("to_whom", "To whom", required=True, hint="in house counts too"),
    TextField("why", "What is to be done", required=True),
)
BACK: Final[Sequence[Field | str]] = (
    TextField("report", "Report", required=True, hint="its number, or what was done"),
    DateField("maintained_on", "Maintained on", hint="the day in the report"),
    DateField("certified_on", "Certified on", hint="the day in the report"),
    TextField("firmware", "Firmware or library", hint="as it reads now"),
)
RECALL: Final[Sequence[Field | str]] = (
    TextField("reference", "Notice", required=True, hint="its number or date"),
    TextField("maker", "Maker", required=True, hint="as his pumps are entered"),
    TextField("model", "Model", hint="empty: every model of the maker"),
    TextField("serial_from", "Serials from", hint="empty: from the first"),
    TextField("serial_to", "Serials to", hint="empty: to the last"),
    TextField("reason", "What is wrong", required=True, wide=True),
)


def pump_fields(look_up_model: LookUp) -> Sequence[Field | str]:
    """A pump that is entered."""
    return (
        TextField("serial", "Serial", required=True, hint="scan it"),
        CodeField("model_id", "Model", required=True, look_up=look_up_model),
        ChoiceField("ownership", "Whose", choices=[one.value for one in Ownership], required=True),
        TextField("vendor", "Vendor"),
        NumberField("daily_rate", "Vendor asks a day", unit="USD", places=2, fixed=True, hint="where it is rented"),
        TextField("firmware", "Firmware or library", hint="as it reads on the pump"),
        DateField("maintained_on", "Last maintained on", hint="as its papers say; without it it may not go out"),
        DateField("certified_on", "Last certified on", hint="where its model is certified"),
    )


def give_fields(look_up_order: LookUp) -> Sequence[Field | str]:
    """A pump that is given to a patient."""
    return (
        CodeField("order_id", "Patient and order", required=True, look_up=look_up_order, hint="name, Rx number or drug", wide=True),
        ChoiceField("use", "For", choices=[one.value for one in Use], required=True),
    )


def continue_fields(orders: Sequence[tuple[object, str]]) -> Sequence[Field | str]:
    """The order of the same patient with which his pump goes on."""
    return (
        ChoiceField("order_id", "Order", choices=orders, required=True, spread=False),
        ChoiceField("use", "For", choices=[one.value for one in Use], required=True),
    )


def settle_fields(waiting: Sequence[tuple[object, str]]) -> Sequence[Field | str]:
    """What became of one recalled pump, chosen among those that wait."""
    return (
        ChoiceField("pump_id", "Pump", choices=waiting, required=True, spread=False),
        ChoiceField("outcome", "What became of it", choices=[one.value for one in Outcome], required=True, spread=False),
        TextField("note", "How it is proved", required=True, hint="return number, new serial, what was checked", wide=True),
    )
