"""The form of an order: its fields as on a prescription, those that apply; what follows while they are typed; the next version."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from infusiondesk.catalog.queries import DrugRow, find_drugs
from infusiondesk.catalog.rules.words import CONTENT_UNITS
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.qtkit.forms import (
    CheckField,
    ChoiceField,
    Code,
    CodeField,
    DateField,
    DateTimeField,
    Field,
    Form,
    LongTextField,
    MultiChoiceField,
    NumberField,
    TextField,
)
from infusiondesk.foundation.qtkit.forms.controls import PickerBox
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.interactions.rules import Knowledge
from infusiondesk.orders.exchange import lab_protocols, order_parts
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import (
    Body,
    FlushMethod,
    Method,
    OrderDraft,
    Pattern,
    ReceivedBy,
    Rounding,
    Route,
    Weekday,
    WeightUsed,
    Working,
    calendar_words,
    how_often,
    sig,
)
from infusiondesk.orders.rules.applying import what_applies
from infusiondesk.orders.rules.figures import derived_sentences
from infusiondesk.orders.rules.parts import proposed
from infusiondesk.orders.rules.ways import Ways, judge_way, methods_offered, patterns_offered, routes_offered
from infusiondesk.orders.rules.work_out import work_out
from infusiondesk.orders.rules.working import NUTRIENTS, ORDERED_UNITS
from infusiondesk.patients.queries import prescribers
from infusiondesk.patients.rules.facts import PatientFacts, PrescriberFacts

CONTAINERS = ["bag", "elastomeric device", "syringe", "cassette", "vial"]
# How a change came is asked anew; what was derived is derived anew.
_ANEW: Final = ("written_on", "received_by", "received_at", "caller", "receiver", "read_back", "read_back_at")
_DERIVED: Final = ("dose_amount", "infusion_minutes", "rate_ml_per_h", "volume_ml", "concentration_per_ml")


@dataclass(frozen=True)
class Medicine:
    """What the form needs to know of the chosen drug."""

    name: str
    ingredient: str
    therapy_class: str
    ways: Ways

    @classmethod
    def of(cls, row: DrugRow) -> "Medicine":
        """A drug of the catalog."""
        return cls(row.name, row.ingredient, row.therapy_class, Ways(row.name, row.routes, row.iv_ways, row.reviewed_by or ""))


@dataclass(frozen=True)
class Around:
    """What stands beside the form: the drug that was chosen, the patient, size and kidney function, the knowledge once read."""

    medicine: Medicine | None
    patient: PatientFacts | None
    body: Body | None
    knowledge: Knowledge | None = None
    clearance: Decimal | None = None


@dataclass(frozen=True)
class Told:
    """What the form says while it is typed: what must not be passed over, what nobody judged, and what follows."""

    amiss: tuple[str, ...]
    derived: tuple[str, ...]
    unjudged: tuple[str, ...] = ()


def live_words(draft: OrderDraft, around: Around) -> Told:
    """The order as it reads so far, how its dose came about, its days, and what follows from volume, time and rate."""
    draft = draft.as_it_applies(around.medicine.therapy_class if around.medicine else "")
    working = _working(draft, around)
    dose = working.dose_amount if working else draft.dose_amount
    figures = draft.figures(dose)
    lines = working.lines if working else []
    problems = [working.problem if working else None, figures.problem()]
    return Told(
        (
            *(f"{line.level}: {line.words}" for line in lines if line.level),
            *(doubt.question for doubt in (working.doubts if working else ())),
            *(problem.sentence for problem in problems if problem),
        ),
        tuple(
            words
            for words in (
                *_read_so_far(draft, around, dose),
                *(line.words for line in lines if not line.level),
                *(derived_sentences(figures) if draft.dose_unit else ()),
                *_laboratory_and_flush(draft, around),
            )
            if words
        ),
        tuple(working.gaps) if working and around.knowledge else (),
    )


def _read_so_far(draft: OrderDraft, around: Around, dose: Decimal | None) -> Iterator[str]:
    """The order in one line, and its calendar where its days are known."""
    often = days = ""
    if regimen := draft.schedule():
        regimen = replace(regimen, dose=dose or regimen.dose)
        often, days = how_often(regimen), f"{calendar_words(regimen)}."
    is_known = often or draft.is_unbroken or draft.interval_hours
    if around.medicine and dose and draft.dose_unit and draft.route and is_known:
        yield f"{sig(around.medicine.name, dose, draft.dose_unit, draft.route, draft.interval_hours, often)}."
    yield days


def _laboratory_and_flush(draft: OrderDraft, around: Around) -> Iterator[str]:
    """What the protocol asks for, or which one names the drug; the usual flush of the line while none is ordered."""
    if protocol := lab_protocols().get((draft.lab_protocol or "").strip().upper()):
        yield f"{protocol.code}: {protocol.words()}."
    elif around.medicine and not draft.lab_protocol:
        codes = [one.code for one in lab_protocols().values() if around.medicine.ingredient in one.drugs]
        yield f"Laboratory protocol of this drug: {', '.join(codes)}." if codes else ""
    if around.patient and not draft.flush_method:
        devices = [device.type.value for device in around.patient.devices if device.removed_on is None]
        usual = [line for device in devices for line in proposed(order_parts(), "flush", device)]
        yield f"Usual flush of this line: {'; '.join(usual)} (from memory, unsigned)." if usual else ""


def _working(draft: OrderDraft, around: Around) -> Working | None:
    if around.medicine is None or around.body is None:
        return None
    try:
        known = around.knowledge
        ingredient = known.ingredient_of(around.medicine.ingredient) if known else around.medicine.ingredient
        usual = known.doses if known else ()
        working = work_out(
            draft, around.body, ingredient, around.medicine.therapy_class, usual, around.clearance, around.medicine.ingredient
        )
    except Refused:
        return None
    judge_way(working, draft, around.medicine.ways)
    return working


def show_what_applies(form: Form, therapy_class: str) -> None:
    """Only the fields that this order needs: of its pattern, of a dose by weight, of nutrition, of its flush, of a verbal order."""
    for name, applies in what_applies(form.draft, therapy_class).items():
        if form.box(name).isHidden() == applies:
            form.show_field(name, applies)


def offer_ways(form: Form, ways: Ways) -> None:
    """Offer only what the row of the drug says; what was chosen before stays, and is held at the verification."""
    route = form.draft.route or Route.INTRAVENOUS.value
    offers: dict[str, Sequence[StrEnum]] = {
        "route": routes_offered(ways),
        "method": methods_offered(ways, route),
        "pattern": patterns_offered(ways, route),
    }
    for name, offered in offers.items():
        box, chosen = form.box(name), getattr(form.draft, name)
        if isinstance(box, PickerBox) and offered:
            box.offer([*(one.value for one in offered), *([chosen] if chosen and chosen not in offered else [])])


def units_of(dose_unit: str) -> dict[str, str]:
    """The unit that a drug of the catalog brings; one by weight and minute is that of the order, the day's dose is in mg."""
    return {"ordered_unit": dose_unit, "dose_unit": "mg"} if "/" in dose_unit else {"dose_unit": dose_unit}


def order_fields(screen: Screen, zone: Any, drugs: dict[UUID, DrugRow]) -> list[Field | str]:
    """The fields of an order in the order they stand on a prescription; every drug that was found is kept in `drugs`."""
    return [*_drug_fields(screen, drugs), *_schedule_fields(), *_giving_fields(), *_around_fields(), *_coming_fields(zone)]


def _drug_fields(screen: Screen, drugs: dict[UUID, DrugRow]) -> list[Field | str]:
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
        "Dose",
        NumberField("dose_amount", "Dose, per day where continuous", places=4, hint="empty where it is worked out"),
        ChoiceField("dose_unit", "Unit", choices=[(unit, unit) for unit in CONTENT_UNITS], required=True, spread=False),
        NumberField("ordered_dose", "By weight or surface", places=4, hint="such as 8 for 8 mg/kg"),
        ChoiceField("ordered_unit", "By", choices=["", *ORDERED_UNITS], spread=False),
        NumberField(
            "desired_rise_percent", "Rise wanted", unit="%", places=2, hint="factor VIII or IX: units follow from the weight"
        ),
        ChoiceField("weight_used", "Weight", choices=[one.value for one in WeightUsed], spread=False),
        NumberField("round_to", "Round to vials of", places=4, hint="in the unit of the dose; empty: not rounded"),
        ChoiceField("rounding", "Rounded", choices=[one.value for one in Rounding], spread=False),
        *(NumberField(name, label, unit=unit, places=3) for name, (label, unit) in NUTRIENTS.items()),
        TextField("additives", "Additives", hint="vitamins, trace elements, insulin, with amount and unit"),
        CheckField("is_cycled", "Cycled, one hour up and one hour down"),
    ]


def _schedule_fields() -> list[Field | str]:
    return [
        "How often",
        ChoiceField("pattern", "Pattern", choices=[one.value for one in Pattern], required=True, spread=False),
        NumberField("interval_hours", "Every", unit="hours", places=2),
        MultiChoiceField("weekdays", "On", choices=[one.value for one in Weekday]),
        TextField("cycle_days", "On day", hint="such as 1, 8, 15"),
        NumberField("cycle_length", "Days of a cycle", whole=True),
        TextField("weeks", "In week", hint="such as 0, 2, 6"),
        NumberField("then_every_weeks", "Then every", unit="weeks", whole=True),
        LongTextField("steps", "Steps, one a line", lines=4, hint="60 mg daily for 5 days"),
        NumberField("pca_basal", "Basal, per hour", places=4),
        NumberField("pca_bolus", "Bolus", places=4),
        NumberField("pca_lockout_minutes", "Lockout", unit="min", places=2),
        NumberField("pca_hour_limit", "Limit in an hour", places=4),
        DateField("start_on", "First day", required=True),
        DateField("stop_on", "Last day", required=True),
    ]


def _giving_fields() -> list[Field | str]:
    return [
        "How it is given",
        ChoiceField("route", "Route", choices=[(one.value, one.value) for one in Route], required=True, spread=False),
        ChoiceField("method", "Given by", choices=[(one.value, one.value) for one in Method], required=True, spread=False),
        TextField("diluent", "Diluent", hint="full name: sodium chloride 0.9%"),
        ChoiceField("container", "Container", choices=[(one, one) for one in CONTAINERS], spread=False),
        NumberField("volume_ml", "Volume", unit="mL", places=3, hint="of a day where continuous"),
        NumberField("concentration_per_ml", "Concentration, per mL", places=6),
        NumberField("infusion_minutes", "Over", unit="min", places=2),
        NumberField("rate_ml_per_h", "Rate", unit="mL/h", places=3),
        LongTextField("rate_steps", "Rate in steps, one a line", lines=4, hint="0.5 mL/kg/h for 30 min; the last one: to the end"),
    ]


def _around_fields() -> list[Field | str]:
    parts = order_parts()
    return [
        "Around the dose",
        TextField("indication", "For", required=True),
        CheckField("had_before", "Had this drug before, tolerated"),
        CheckField("anaphylaxis_kit", "Anaphylaxis kit ordered"),
        MultiChoiceField("kit", "In the kit", choices=proposed(parts, "kit")),
        CheckField("reviewed_by_infectious_diseases", "Reviewed by infectious diseases"),
        CodeField("lab_protocol", "Laboratory protocol", hint="such as L-BL", look_up=_look_up_protocol, must_choose=False),
        TextField("lab_reviewer", "Who reviews the results"),
        ChoiceField("flush_method", "Flushing", choices=[one.value for one in FlushMethod], spread=False),
        TextField("flush", "Flush", hint="the fluid: sodium chloride 0.9%"),
        NumberField("flush_ml", "Each flush", unit="mL", places=2),
        NumberField("heparin_units_per_ml", "Heparin", unit="units/mL", places=2),
        NumberField("heparin_ml", "Heparin volume", unit="mL", places=2),
        MultiChoiceField("line_care", "Line care", choices=proposed(parts, "line care")),
        ChoiceField("visits", "Nursing visits", choices=proposed(parts, "visits"), spread=False),
        TextField("nursing", "Nursing"),
    ]


def _coming_fields(zone: Any) -> list[Field | str]:
    return [
        "How it came",
        DateField("written_on", "Written on"),
        NumberField("refills", "Refills", whole=True, hint="empty: as often as needed until the last day"),
        ChoiceField("received_by", "Came by", choices=[(one.value, one.value) for one in ReceivedBy], required=True, spread=False),
        DateTimeField("received_at", "When", zone=zone, required=True),
        TextField("caller", "Caller", hint="who gave the order"),
        TextField("receiver", "Taken by", hint="who wrote it down"),
        CheckField("read_back", "Read back to the caller"),
        DateTimeField("read_back_at", "Read back at", zone=zone),
    ]


def _look_up_protocol(words: str, then: Callable[[Sequence[Code]], None]) -> None:
    wanted = words.casefold().strip()
    found = [
        one
        for one in lab_protocols().values()
        if wanted in one.code.casefold() or wanted in one.therapy.casefold() or any(wanted in drug for drug in one.drugs)
    ]
    then([Code(one.code, one.therapy, one.code) for one in found])


def draft_of(row: OrderRow) -> OrderDraft:
    """An order as the beginning of its next version: what was typed stays, what was derived is derived anew."""
    names = [one.name for one in fields(OrderDraft) if hasattr(row, one.name) and one.name not in _ANEW]
    values = {name: getattr(row, name) for name in names if name not in _DERIVED or name in row.typed}
    values |= {name: tuple(values[name]) for name in ("weekdays", "kit", "line_care")}
    if row.pattern != Pattern.INTERVAL:
        values["interval_hours"] = None
    return OrderDraft(**values)
