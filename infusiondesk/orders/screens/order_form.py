"""The form of an order: its fields as on a prescription, what follows from them while they are typed, the next version."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from infusiondesk.catalog.queries import DrugRow, find_drugs
from infusiondesk.catalog.rules.words import DOSE_UNITS
from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.qtkit.forms import (
    CheckField,
    ChoiceField,
    Code,
    CodeField,
    DateField,
    DateTimeField,
    Field,
    NumberField,
    TextField,
)
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import Method, OrderDraft, ReceivedBy, Route, concentration_per_ml, rate_ml_per_h, sig
from infusiondesk.patients.queries import prescribers
from infusiondesk.patients.rules.facts import PrescriberFacts

CONTAINERS = ["bag", "elastomeric device", "syringe", "cassette", "vial"]


def live_words(draft: OrderDraft, drug: str) -> str:
    """The order as it reads so far, with the rate and the concentration that follow from it."""
    told = []
    if drug and draft.dose_amount and draft.dose_unit and draft.route and (draft.continuous or draft.interval_hours):
        told.append(f"{sig(drug, draft.dose_amount, draft.dose_unit, draft.route, draft.interval_hours)}.")
    if rate := rate_ml_per_h(draft.volume_ml, draft.infusion_minutes):
        told.append(f"Rate {number(rate)} mL/h, derived from volume and time.")
    if strength := concentration_per_ml(draft.dose_amount, draft.volume_ml):
        told.append(f"Concentration {number(strength)} {draft.dose_unit}/mL, derived from dose and volume.")
    return " ".join(told)


def order_fields(screen: Screen, zone: Any, drugs: dict[UUID, DrugRow]) -> list[Field | str]:
    """The fields of an order in the order they stand on a prescription; every drug that was found is kept in `drugs`."""

    def look_up_drug(words: str, then: Callable[[Sequence[Code]], None]) -> None:
        def offer(rows: Sequence[DrugRow]) -> None:
            drugs.update({row.id: row for row in rows})
            then([Code(row.name, row.therapy, row.id) for row in rows])

        screen.desk.ask(screen, find_drugs, offer, words=words)

    def look_up_prescriber(words: str, then: Callable[[Sequence[Code]], None]) -> None:
        def offer(rows: Sequence[PrescriberFacts]) -> None:
            then([Code(row.name, f"NPI {row.npi}", row.id) for row in rows])

        screen.desk.ask(screen, prescribers, offer, text=words)

    return [
        CodeField("drug_id", "Drug", required=True, look_up=look_up_drug),
        CodeField("prescriber_id", "Prescriber", required=True, look_up=look_up_prescriber),
        NumberField("dose_amount", "Dose, per day where continuous", required=True, places=4),
        ChoiceField("dose_unit", "Unit", choices=[(unit, unit) for unit in DOSE_UNITS], required=True, spread=False),
        ChoiceField("route", "Route", choices=[(one.value, one.value) for one in Route], required=True, spread=False),
        CheckField("continuous", "Runs continuously"),
        NumberField("interval_hours", "Every", unit="hours", places=2),
        NumberField("infusion_minutes", "Over", unit="min", places=2),
        ChoiceField("method", "Given by", choices=[(one.value, one.value) for one in Method], required=True, spread=False),
        TextField("diluent", "Diluent", hint="full name: sodium chloride 0.9%"),
        ChoiceField("container", "Container", choices=[(one, one) for one in CONTAINERS], spread=False),
        NumberField("volume_ml", "Volume", unit="mL", places=3),
        DateField("start_on", "First day", required=True),
        DateField("stop_on", "Last day", required=True),
        TextField("indication", "For", required=True),
        CheckField("had_before", "Had this drug before, tolerated"),
        CheckField("anaphylaxis_kit", "Anaphylaxis kit ordered"),
        CheckField("reviewed_by_infectious_diseases", "Reviewed by infectious diseases"),
        TextField("lab_protocol", "Laboratory protocol", hint="such as L-BL"),
        TextField("lab_reviewer", "Who reviews the results"),
        TextField("flush", "Flush"),
        TextField("nursing", "Nursing"),
        "How it came",
        DateField("written_on", "Written on"),
        NumberField("refills", "Refills", whole=True, hint="empty: as often as needed until the last day"),
        ChoiceField("received_by", "Came by", choices=[(one.value, one.value) for one in ReceivedBy], required=True, spread=False),
        DateTimeField("received_at", "When", zone=zone, required=True),
        TextField("caller", "Caller", hint="for a verbal order"),
        CheckField("read_back", "Read back to the caller"),
    ]


def draft_of(row: OrderRow) -> OrderDraft:
    """An order as the beginning of its next version; how the change came is asked anew."""
    same = (
        "prescriber_id",
        "drug_id", "dose_amount", "dose_unit", "route", "interval_hours", "infusion_minutes", "method", "diluent", "container",
        "volume_ml", "start_on", "stop_on", "indication", "had_before", "anaphylaxis_kit", "lab_protocol", "lab_reviewer", "flush",
        "nursing", "reviewed_by_infectious_diseases", "refills",
    )  # fmt: skip
    values = {name: getattr(row, name) for name in same}
    return OrderDraft(continuous=row.interval_hours is None, **values)
