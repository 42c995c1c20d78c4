"""The form of one rule: the fields that its kind has, in the order in which a pharmacist reads a rule."""

from collections.abc import Mapping, Sequence
from typing import Final

from infusiondesk.foundation.qtkit.forms import ChoiceField, LongTextField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.doses import DOSE_ROUTES
from infusiondesk.interactions.rules.editing import HISTORIES, RISKS, ROUTES, STATUSES
from infusiondesk.interactions.rules.rows import COLUMNS, GRADES, YES, RowKind

_LISTED: Final = "divided by semicolons; @ before the name of a group"
_WRITTEN: Final = "other names that people write, divided by semicolons"
_SIDES: Final[Mapping[RowKind, tuple[str, str]]] = {
    RowKind.PAIR: ("One side", "Other side"),
    RowKind.CONDITION: ("Medicines", ""),
    RowKind.ALLERGY: ("Medicines", "Allergic to"),
    RowKind.LINE: ("Medicines", ""),
    RowKind.FLUSH: ("Medicines", "Do not bear"),
    RowKind.MIX: ("One side", "Other side"),
    RowKind.CLASS: ("Medicines it holds", "Also written"),
    RowKind.CHAIN: ("Medicines that share it", ""),
    RowKind.FIRST_DOSE: ("Medicines", ""),
    RowKind.DOSE: ("Medicine", ""),
}
_NONE: Final = ("", "")
_ADVICE: Final = {RowKind.FLUSH: "Order instead", RowKind.MIX: "Remark"}


def rule_fields(kind: RowKind) -> Sequence[Field | str]:
    """The fields of one kind."""
    one, other = _SIDES.get(kind, _NONE)
    is_class, is_history, is_dose = kind is RowKind.CLASS, kind is RowKind.FIRST_DOSE, kind is RowKind.DOSE
    has = COLUMNS[kind]
    known: dict[str, Field] = {
        "side_a": TextField("side_a", one, required=True, hint="one, as our list calls it")
        if is_dose
        else LongTextField("side_a", one, required=not is_class, lines=2, hint=_LISTED),
        "side_b": LongTextField("side_b", other, required=not is_class, lines=2, hint=_WRITTEN if is_class else _LISTED),
        "exceptions": TextField("exceptions", "But not"),
        "level": ChoiceField("level", "Level", required=True, choices=[level.value for level in Level]),
        "grade": ChoiceField("grade", "The vein bears it", required=True, choices=list(GRADES), spread=False),
        "risk": ChoiceField("risk", "A first dose at home is of risk", required=True, choices=list(RISKS)),
        "crosses": ChoiceField(
            "crosses", "Who reacts to one", choices=[("", "is screened for that one"), (YES, "is screened for all")]
        ),
        "condition": ChoiceField("condition", "For a patient who", choices=[(one, one or "any") for one in HISTORIES], spread=False)
        if is_history
        else TextField("condition", "Only if", hint="in the words of the screen, such as creatinine_clearance < 30"),
        "up_to": TextField("up_to", "Up to a dose of, mg/kg", hint="empty where the dose does not matter"),
        "amount": TextField("amount", "Months" if kind is RowKind.INTERVAL else "Value", required=True),
        "measure": TextField("measure", "Strength in", hint="percent, meq_per_l or mg_per_ml"),
        "at_least": TextField("at_least", "from", hint="such as >=12.5"),
        "below": TextField("below", "below"),
        "low": TextField("low", "Lowest usual dose", required=True),
        "high": TextField("high", "Highest usual dose", required=True),
        "unit": TextField("unit", "Unit", required=True, hint="mg/kg is per dose; mg/kg/day, mcg/kg/min"),
        "mechanism": TextField("mechanism", "What happens", required=True),
        "advice": LongTextField("advice", _ADVICE.get(kind, "What to do"), required=kind is not RowKind.MIX, lines=2),
        "route_a": ChoiceField("route_a", "Route", choices=[(one, one or "any") for one in DOSE_ROUTES], spread=False)
        if is_dose
        else ChoiceField("route_a", "Route of one side", choices=[(one, one or "any") for one in ROUTES], spread=False),
        "route_b": ChoiceField("route_b", "Route of the other", choices=[(one, one or "any") for one in ROUTES], spread=False),
        "age_from": TextField("age_from", "From age, years", hint="empty: any age"),
        "age_below": TextField("age_below", "Below age, years"),
        "clearance_from": TextField("clearance_from", "From creatinine clearance, mL/min", hint="empty: whatever it is"),
        "clearance_below": TextField("clearance_below", "Below creatinine clearance, mL/min"),
        "washout_a": TextField("washout_a", "Counts after its last dose, days", hint="14; fluoxetine=35"),
        "washout_b": TextField("washout_b", "The other side, days"),
    }
    return (
        *(field for name, field in known.items() if name in has),
        "Where this comes from",
        ChoiceField("status", "Rests on", choices=list(STATUSES), spread=False),
        LongTextField("source", "Source", required=True, lines=2, hint="label or reference, with its date"),
    )
