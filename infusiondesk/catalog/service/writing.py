"""The inner steps of every verb that writes a row: from a draft to a record, and the shipped stability of a drug."""

from dataclasses import fields
from typing import Final, TypeVar

from infusiondesk.catalog.queries.shipped import shipped
from infusiondesk.catalog.records import Drug, Reviewed, Stability
from infusiondesk.catalog.rules import Draft, DrugDraft, ProductDraft, StabilityDraft, Status, ndc_digits, sources_of
from infusiondesk.catalog.rules.reference import stability_lines_of, stability_of
from infusiondesk.catalog.rules.words import ContainerKind, FirstDoseRisk, Hazard, ProductForm, Storage, Vesicant
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.store.unit_of_work import UnitOfWork

_WORDS: Final = {
    "status": Status,
    "hazard": Hazard,
    "first_dose_risk": FirstDoseRisk,
    "vesicant": Vesicant,
    "form": ProductForm,
    "container": ContainerKind,
    "storage": Storage,
}
R = TypeVar("R", bound=Reviewed)
D = TypeVar("D", DrugDraft, ProductDraft, StabilityDraft)


def refuse_first_problem(draft: Draft) -> None:
    """Refuse a draft with a problem, at its field."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)


def filled(record: R, draft: Draft) -> R:
    """Put what was typed into a record; what was signed before is unsigned now."""
    for one in fields(draft):
        value = getattr(draft, one.name)
        if one.name == "ndc":
            value = ndc_digits(value)
        elif one.name in _WORDS and not (one.name == "container" and isinstance(draft, StabilityDraft)):
            value = _WORDS[one.name](value)
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, str):
            value = value.strip()
        setattr(record, one.name, value)
    if isinstance(record, Drug):
        record.reference_name = record.reference_name or record.ingredient
    record.reviewed_at = record.reviewed_by = record.review_id = None
    return record


def kept(uow: UnitOfWork, record: R, draft: Draft) -> R:
    """Keep a draft as a new record. No permission of its own: the verb that calls it has one."""
    refuse_first_problem(draft)
    record.retired_at = None
    return uow.add(filled(record, draft))


def keep_shipped_stability(uow: UnitOfWork, drug: Drug) -> int:
    """Give a drug the stability rows that the shipped table has for it. No permission of its own: part of entering a drug."""
    lines = stability_lines_of(drug.reference_name, shipped("stability"))
    for line in lines:
        kept(uow, Stability(), with_sources(stability_of(line, drug.id)))
    return len(lines)


def with_sources(draft: D) -> D:
    """A shipped draft with the tags of its sources written out."""
    draft.source = sources_of(draft.source, {line["tag"]: line["name"] for line in shipped("sources")})
    return draft
