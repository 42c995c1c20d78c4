"""Models and pumps: what the pharmacy has, and what it decides about each model."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from infusiondesk.equipment.queries.rows import loaded, pump_named, scopes
from infusiondesk.equipment.records import Pump, PumpModel
from infusiondesk.equipment.rules import EventKind, ModelDraft, Ownership, Place, PumpDraft, serials_in, unsettled
from infusiondesk.equipment.service.happening import HANDS, PHARMACISTS, happen, pump_for, quarantine_recalled, refuse_problems
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork


@verb(Area.EQUIPMENT, *PHARMACISTS, does="add a model of pump")
def add_model(uow: UnitOfWork, *, draft: ModelDraft) -> UUID:
    """Add a model with the intervals and limits that the pharmacy sets for it."""
    refuse_problems(draft)
    facts = _facts(draft)
    _refuse_twin(uow, facts, None)
    model = uow.add(PumpModel(**facts))
    uow.record(Change("model added", Area.EQUIPMENT, "pump_model", model.id))
    return model.id


@verb(Area.EQUIPMENT, *PHARMACISTS, does="change what is decided about a model of pump")
def change_model(uow: UnitOfWork, *, model_id: UUID, draft: ModelDraft) -> None:
    """Set other intervals or limits; every pump of the model is due by them at once."""
    refuse_problems(draft)
    model, facts = uow.session.get_one(PumpModel, model_id), _facts(draft)
    changed = {name: value for name, value in facts.items() if value != getattr(model, name)}
    if not changed:
        raise Refused("Nothing was changed.")
    _refuse_twin(uow, facts, model_id)
    if {"maker", "name"} & set(changed):  # a recall knows its pumps by these
        for row in loaded(uow, Pump.model_id == model_id):
            if row.recalls:
                raise Refused(f"Pump {row.serial} is under recall {row.recalls[0].reference}. Settle it first.", field="name")
    because = uow.reason_for("equipment.model", f"Why is {model.maker} {model.name} changed?")
    told = "; ".join(f"{name} {getattr(model, name)} -> {value}" for name, value in changed.items())
    for name, value in changed.items():
        setattr(model, name, value)
    uow.record(Change("model changed", Area.EQUIPMENT, "pump_model", model.id, detail=told), reason=because)


@verb(Area.EQUIPMENT, *HANDS, does="enter a pump")
def enter_pump(uow: UnitOfWork, *, draft: PumpDraft) -> UUID:
    """Enter a pump that the pharmacy bought or rents; it is cleaned and checked before it goes out for the first time.

    One that was retired and whose vendor sends it again goes on with its history; a recall that ever hit it sets it apart.
    """
    refuse_problems(draft)
    serial = serials_in(draft.serial)[-1]
    if draft.model_id is None:
        raise AssertionError("a draft without problems has a model")
    model = uow.session.get_one(PumpModel, draft.model_id)
    for name, on in (("maintained_on", draft.maintained_on), ("certified_on", draft.certified_on)):
        if on is not None and on > uow.today():
            raise Refused("That day has not come yet.", field=name)
    is_rented = draft.ownership == Ownership.RENTED
    facts = {
        "ownership": Ownership(draft.ownership), "vendor": draft.vendor.strip(),
        "daily_rate": draft.daily_rate if is_rented else None,
    }  # fmt: skip
    details = {"maintenance": draft.maintained_on, "certification": draft.certified_on, "firmware": draft.firmware.strip()}
    if (known := pump_named(uow, serial)) is not None:
        pump, because = known, _because_again(uow, known, model)
        for name, value in facts.items():
            setattr(pump, name, value)
        happen(uow, pump.id, EventKind.CAME_AGAIN, reason=because, details=details)
    else:
        pump = uow.add(Pump(serial=serial, model_id=model.id, events=0, **facts))
        uow.session.flush()
        happen(uow, pump.id, EventKind.ENTERED, details=details)
    quarantine_recalled(uow, pump.id, unsettled(scopes(uow), (), model.maker, model.name, serial))
    return pump.id


def _because_again(uow: UnitOfWork, pump: Pump, model: PumpModel) -> str:
    (row,) = loaded(uow, Pump.id == pump.id)
    if row.place is not Place.RETIRED:
        raise Refused(f"Pump {row.serial} is on file already.", field="serial")
    if pump.model_id != model.id:
        raise Refused(f"Pump {row.serial} is on file as {row.model.label}. Look at its label.", field="model_id")
    told = f"Pump {row.serial} was retired on {day(row.status.since)}: {row.status.because}. Why is it here again?"
    return uow.reason_for("equipment.again", told, ("repaired by the vendor", "rented again", "the recall was corrected"))


@verb(Area.EQUIPMENT, *PHARMACISTS, does="retire a pump")
def retire_pump(uow: UnitOfWork, *, pump_id: UUID) -> None:
    """Take a pump out of use for good; its history stays."""
    row = pump_for(uow, pump_id, EventKind.RETIRED)
    choices = ("worn out", "beyond repair", "sold", "returned to the vendor", "lost")
    because = uow.reason_for("equipment.retire", f"Why is pump {row.serial} retired?", choices)
    happen(uow, pump_id, EventKind.RETIRED, reason=because)


def _refuse_twin(uow: UnitOfWork, facts: dict[str, Any], model_id: UUID | None) -> None:
    alike = (sa.func.lower(PumpModel.maker) == facts["maker"].lower(), sa.func.lower(PumpModel.name) == facts["name"].lower())
    twin = uow.session.scalars(sa.select(PumpModel).where(*alike)).first()
    if twin is not None and twin.id != model_id:
        raise Refused(f"{twin.maker} {twin.name} is on file already.", field="name")


def _facts(draft: ModelDraft) -> dict[str, Any]:
    return {
        "maker": draft.maker.strip(), "name": draft.name.strip(), "channels": draft.channels, "therapies": sorted(draft.therapies),
        "maintenance_months": draft.maintenance_months, "certification_months": draft.certification_months,
        "accuracy_percent": draft.accuracy_percent, "source": draft.source.strip(),
    }  # fmt: skip
