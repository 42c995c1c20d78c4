"""From a draft to a version: checked against itself, the catalog and the chart, with all that follows from it."""

from dataclasses import dataclass, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from infusiondesk.catalog.queries import drug_of
from infusiondesk.catalog.records import Drug
from infusiondesk.catalog.rules import Hazard
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.interactions.service import knowledge_in_force
from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.queries import controlled_policy
from infusiondesk.orders.exchange import lab_protocols, order_parts, prescription_limits
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.orders.rules import (
    ROUTE_WORDS,
    Body,
    Method,
    OrderDraft,
    Pattern,
    ReceivedBy,
    Regimen,
    Route,
    Working,
    refills_problem,
    regimen_of,
    shortest_interval,
)
from infusiondesk.orders.rules.figures import CONCENTRATION, MINUTES, RATE, VOLUME, Figures
from infusiondesk.orders.rules.gate import c2_refusal
from infusiondesk.orders.rules.parts import supplies
from infusiondesk.orders.rules.ways import Ways, judge_way, routes_offered
from infusiondesk.orders.rules.work_out import work_out
from infusiondesk.orders.rules.working import Line
from infusiondesk.patients.queries import chart_facts

_CONFIRMED = ("confirmed with the prescriber", "the prescriber wrote it so", "checked against the package insert")


def _check(uow: UnitOfWork, draft: OrderDraft) -> None:
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.received_at is not None and draft.received_at > uow.clock.now():
        raise Refused("An order cannot have come in the future.", field="received_at")
    if draft.written_on and draft.received_at and draft.written_on > uow.local(draft.received_at).date():
        raise Refused("A prescription cannot be written after it came.", field="written_on")


@dataclass(frozen=True)
class Told:
    """What follows from a draft for this patient and this drug, as it is kept with the version; `draft` is what applies of it."""

    draft: OrderDraft
    dose: Decimal
    figures: Figures
    regimen: Regimen
    working: Working
    lab_work: str
    supplies: list[str]


def prepared(uow: UnitOfWork, patient_id: UUID, draft: OrderDraft, clearance: Decimal | None) -> Told:
    """Check a draft against itself, the catalog and the chart, and work out what follows; refuses or asks back in one sentence.

    No permission of its own: the verbs that enter and change an order carry it.
    """
    _check(uow, draft)
    drug = uow.session.get_one(Drug, draft.drug_id)
    _check_drug(uow, drug, draft)
    draft = draft.as_it_applies(drug.therapy_class)
    regimen = regimen_of(draft)
    told = replace(draft, dose_amount=max(step.dose for step in regimen.steps)) if regimen.steps else draft
    body = Body.of(chart_facts(uow, patient_id=patient_id), uow.today())
    knowledge = knowledge_in_force(uow).knowledge
    ingredient = knowledge.ingredient_of(drug.ingredient)
    working = work_out(told, body, ingredient, drug.therapy_class, knowledge.doses, clearance, drug.ingredient)
    row = drug_of(uow, drug_id=drug.id)
    judge_way(working, draft, Ways(drug.name, drug.routes, drug.iv_ways, row.reviewed_by or ""))
    if working.problem is not None:
        raise Refused(working.problem.sentence, field=working.problem.field)
    dose = working.dose_amount
    if dose is None:
        raise Refused("Enter the dose.", field="dose_amount")
    found = draft.figures(dose)
    if contradiction := found.problem():
        raise Refused(contradiction.sentence, field=contradiction.field)
    for doubt in working.doubts:
        because = uow.reason_for(doubt.key, doubt.question, _CONFIRMED)
        working.lines.append(Line(f"Asked back and confirmed: {because}", "WARN"))
    words = [draft.method, draft.route, draft.flush_method]
    words += [word for word, holds in (
        ("line care", draft.line_care),
        ("kit", draft.anaphylaxis_kit),
        ("PCA", draft.pattern == Pattern.PCA),
        ("hazardous", drug.hazard is Hazard.HAZARDOUS),
    ) if holds]  # fmt: skip
    return Told(draft, dose, found, replace(regimen, dose=dose), working, _lab_work(draft), supplies(order_parts(), words))


def _check_drug(uow: UnitOfWork, drug: Drug, draft: OrderDraft) -> None:
    """What the catalog says of the drug decides by which route it may be given, how it may come, and how often it is filled."""
    if sentence := refills_problem(draft.refills, prescription_limits().get(drug.controlled)):
        raise Refused(sentence, field="refills")
    allowed = routes_offered(Ways(drug.name, drug.routes, drug.iv_ways))
    if Route(draft.route) not in allowed:
        known = ", ".join(ROUTE_WORDS[route] for route in allowed) or "no route: it is never given alone"
        words = ROUTE_WORDS[Route(draft.route)]
        raise Refused(f"{drug.name} is not given {words}: the catalog allows {known}.", field="route")
    fax_is_original = controlled_policy(uow, shipped=shipped_policy()).fax_is_original
    if drug.controlled == "CII" and (way := c2_refusal(draft.received_by, fax_is_original=fax_is_original)):
        raise Refused(f"{drug.name} is C-II: its prescription {way} (R25).", field="received_by")


def _lab_work(draft: OrderDraft) -> str:
    """What the protocol that was ordered asks for; a text that is no protocol of the table stands for itself."""
    code = (draft.lab_protocol or "").strip()
    protocol = lab_protocols().get(code.upper())
    if protocol is None and code.upper().startswith("L-"):
        raise Refused(f"{code} is no protocol of the laboratory table.", field="lab_protocol")
    return protocol.words() if protocol else ""


# What a version has under the same name as the draft; the rest is worked out, or comes from the person who enters it.
_DERIVED: Final = {"dose_amount", "interval_hours", "infusion_minutes", "rate_ml_per_h", "volume_ml", "concentration_per_ml"}
_SAME: Final = [
    field.name for field in fields(OrderDraft) if field.name in OrderVersion.__table__.columns and field.name not in _DERIVED
]


def kept_version(uow: UnitOfWork, order: Order, number: int, told: Told, reason: str | None) -> OrderVersion:
    """Keep what follows from a draft as a version. No permission of its own: the verbs that enter and change an order carry it."""
    draft = told.draft
    same = {name: getattr(draft, name) for name in _SAME}
    same |= {name: list(same[name]) for name in ("weekdays", "kit", "line_care")}
    same |= {
        name: same[name] or ""
        for name in ("container", "lab_protocol", "ordered_unit", "weight_used", "rounding", "flush_method", "visits")
    }
    same |= {name: told.figures.of(name) for name in (VOLUME, MINUTES, RATE, CONCENTRATION)}
    if told.working.rate_minutes is not None:
        same["infusion_minutes"] = told.working.rate_minutes
    enums = {
        "route": Route(draft.route),
        "method": Method(draft.method),
        "pattern": Pattern(draft.pattern),
        "received_by": ReceivedBy(draft.received_by),
    }
    return uow.add(
        OrderVersion(
            **{**same, **enums},
            order_id=order.id,
            number=number,
            reason=reason,
            dose_amount=told.dose,
            interval_hours=shortest_interval(told.regimen),
            typed=[*(["dose_amount"] if draft.dose_amount is not None else []), *told.figures.typed],
            working=told.working.kept(),
            rate_plan=told.working.rate_plan,
            worked_kg=told.working.weight_kg,
            worked_on=told.working.weight_on,
            osmolarity_mosm_l=_tenth(told.working.osmolarity_mosm_l),
            lab_work=told.lab_work,
            supplies=told.supplies,
            entered_by_id=uow.actor.id,
            entered_by=uow.actor.name,
            entered_at=uow.clock.now(),
        )
    )


def _tenth(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.1"), ROUND_HALF_UP)
