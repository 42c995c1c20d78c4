"""The papers of a batch: facts for the labels of all bags, and for its worksheet or record. They stand here and not with the
queries, because they hand over the documents' own nouns."""

from dataclasses import dataclass
from uuid import UUID

from infusiondesk.catalog.queries import drug_of, product_of
from infusiondesk.compounding.documents import (
    BagLabel,
    Calculation,
    Component,
    CompoundingRecordPaper,
    LabelIngredient,
    QualityCheck,
)
from infusiondesk.compounding.queries import WholeBatch, batch_of
from infusiondesk.compounding.queries.batches import APPROVED, COMPOUNDED, RELEASED
from infusiondesk.compounding.queries.rows import EventRow, PartRow
from infusiondesk.compounding.rules import BatchEvent as What
from infusiondesk.compounding.rules import Facility, Limits, Storage
from infusiondesk.compounding.service.release import bag_code
from infusiondesk.foundation.kernel.ismp import amount, counted, moment, number
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, query
from infusiondesk.foundation.paper.stationery import Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.store.signatures import SignatureRow
from infusiondesk.foundation.store.unit_of_work import Reading
from infusiondesk.inventory.queries import waste_of
from infusiondesk.orders.rules import ROUTE_WORDS, Pattern, Route
from infusiondesk.orders.rules.programs import rate_words
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import printing_of

STORED = {
    Storage.CRT: "Keep at 20 to 25 °C (68 to 77 °F)",
    Storage.REFRIGERATOR: "Refrigerate, 2 to 8 °C (36 to 46 °F)",
    Storage.FREEZER: "Freeze, −25 to −10 °C (−13 to 14 °F)",
}
FACILITIES = {
    Facility.CLEANROOM_SUITE: "cleanroom suite",
    Facility.SCA: "segregated compounding area",
    Facility.C_SCA: "containment segregated area",
    Facility.UNCLASSIFIED: "unclassified area",
}


@dataclass(frozen=True)
class BagLabels:
    """The labels of all bags of a batch, and who prints them."""

    batch_id: UUID
    patient_id: UUID
    number: str
    labels: tuple[BagLabel, ...]
    printing: Printing


@dataclass(frozen=True)
class CompoundingRecord:
    """The worksheet or record of a batch, and who prints it."""

    batch_id: UUID
    patient_id: UUID
    number: str
    paper: CompoundingRecordPaper
    printing: Printing


@query(Area.COMPOUNDING)
def label_facts(reading: Reading, *, batch_id: UUID) -> BagLabels:
    """One label for each good bag; there is none before the batch is signed as compounded, as it has no beyond-use date."""
    whole = batch_of(reading, batch_id=batch_id)
    if whole.beyond_use.at is None or whole.started_at is None or whole.good_bags is None:
        raise Refused(f"{whole.row.number} has no label before it is signed as compounded: there is no beyond-use date yet.")
    return BagLabels(
        batch_id,
        whole.row.patient_id,
        whole.row.number,
        tuple(_label(reading, whole, bag) for bag in range(1, whole.good_bags + 1)),
        printing_of(reading),
    )


@query(Area.COMPOUNDING)
def record_facts(reading: Reading, *, batch_id: UUID, limits: Limits | None = None) -> CompoundingRecord:
    """Everything a compounding record holds (sterile 3.2); before the release it prints as the worksheet."""
    whole = batch_of(reading, batch_id=batch_id, limits=limits)
    return CompoundingRecord(batch_id, whole.row.patient_id, whole.row.number, _record(reading, whole), printing_of(reading))


def _label(at: Reading, whole: WholeBatch, bag: int) -> BagLabel:
    order, worksheet = whole.order, whole.worksheet
    chart = chart_facts(at, patient_id=whole.row.patient_id)
    drug = drug_of(at, drug_id=order.drug_id)
    if whole.beyond_use.at is None or whole.started_at is None or whole.good_bags is None:
        raise AssertionError("a label is asked for after the batch is dated")
    held = {one.words: one.value for one in worksheet.holds}
    diluent = next((one.words for one in worksheet.holds[1:] if "final" not in one.words), "")
    often = "continuously" if order.pattern == Pattern.CONTINUOUS else order.often
    minutes = f" over {number(order.infusion_minutes)} minutes" if order.infusion_minutes else ""
    warnings = ["Hazardous drug: wear gloves, do not crush or spill."] if drug.is_hazardous else []
    return BagLabel(
        patient_name=chart.name,
        mrn=chart.mrn,
        born_on=chart.born_on,
        rx_number=str(order.rx_number),
        prescriber=order.prescriber,
        ingredients=(LabelIngredient(order.drug, amount(order.dose_amount, order.dose_unit)),),
        vehicle=diluent or "its own fluid",
        total_volume=held["final volume"],
        concentration=held["final concentration"],
        dosage_form="Solution for infusion, compounded, single dose",
        route=f"For {ROUTE_WORDS[Route(order.route)]} use, {order.method}",
        rate=rate_words(order) or "as directed",
        directions=f"{amount(order.dose_amount, order.dose_unit)} {often}{minutes}",
        storage=STORED[whole.storage],
        beyond_use_at=whole.beyond_use.at,
        prepared_at=whole.started_at,
        batch_id=whole.row.number,
        number=bag,
        of=whole.good_bags,
        container=order.container,
        warnings=tuple(warnings),
        code=bag_code(whole.row.number, bag),
    )


def _record(at: Reading, whole: WholeBatch) -> CompoundingRecordPaper:
    order, worksheet, row = whole.order, whole.worksheet, whole.row
    by = {event.what: event for event in whole.events}
    bud, held = whole.beyond_use, {one.words: one.value for one in worksheet.holds}
    names = [*whole.approvals, *whole.names]
    released = next((name for name in whole.names if name.meaning == RELEASED), None)
    dated = bud.at is not None and not bud.is_preview
    because = bud.sentence if dated or bud.at is None else f"Set when the work is finished; if it began now, {moment(bud.at)}."
    limits = "; ".join(f"{limit.title} ({limit.detail})" for limit in bud.limits)
    return CompoundingRecordPaper(
        record=RecordMark(row.number, str(len(whole.events))),
        patient=patient_block(at, patient_id=row.patient_id),
        is_final=released is not None,
        name=worksheet.name,
        strength=held.get("final concentration", ""),
        dosage_form="Solution for infusion, single dose",
        category=f"Category {whole.category.value}, {FACILITIES[whole.facility]}",
        prepared_at=whole.started_at,
        batch_id=row.number,
        rx_numbers=(f"{order.rx_number} version {order.number}",),
        formula=f"for one patient, from the order; {worksheet.stability}",
        compounded_by=whole.compounded_by,
        verified_by=released.name if released else "",
        components=tuple(component for part in whole.parts for component in _components(at, part)),
        calculations=tuple(Calculation(figure.what, figure.because, figure.value) for figure in worksheet.figures),
        total_quantity=f"{whole.good_bags} × {held.get('final volume', '')}" if whole.good_bags else "",
        planned_yield=counted(row.bags, "bag"),
        final_yield=_yield(whole),
        beyond_use_at=bud.at if dated else None,
        beyond_use_because=f"{because} {limits}".strip(),
        storage=STORED[whole.storage],
        quality_checks=_checks(whole, by),
        hood=whole.hood,
        filter="",
        sterilisation_load="",
        cleaning="attested at the start" if What.START in by else "",
        qualification="attested at the start" if What.START in by else "",
        waste="; ".join(filter(None, (_waste(whole), *(one.words for one in waste_of(at, reference_id=whole.row.id))))),
        override_reason="",
        steps=worksheet.steps,
        not_checked=(*worksheet.not_checked, *worksheet.missing),
        signatures=tuple(_signature(at, names, meaning) for meaning in (APPROVED, COMPOUNDED, RELEASED)),
    )


def _components(at: Reading, part: PartRow) -> list[Component]:
    """A line for each lot; before anything is taken one line without a lot."""
    product = product_of(at, product_id=UUID(part.part.product_id))
    strength = amount(product.content_amount, product.content_unit)
    needed = counted(part.part.count, part.part.unit)
    if not part.entries:
        return [Component(part.part.name, strength, needed, "", product.ndc or "", "", None, "not taken yet", is_scanned=False)]
    return [
        Component(
            part.part.name, strength, f"{counted(entry.quantity, part.part.unit)}, {part.part.each}", entry.vendor,
            entry.ndc or product.ndc or "", entry.lot_number, entry.expires_on, entry.text(), entry.is_scanned,
        )
        for entry in part.entries
    ]  # fmt: skip


def _waste(whole: WholeBatch) -> str:
    if not whole.good_bags or not whole.yield_reason:
        return ""
    return f"{counted(whole.row.bags - whole.good_bags, 'bag')}: {whole.yield_reason}"


def _yield(whole: WholeBatch) -> str:
    return f"{whole.good_bags} of {counted(whole.row.bags, 'bag')}" if whole.good_bags is not None else ""


def _checks(whole: WholeBatch, by: dict[What, EventRow]) -> tuple[QualityCheck, ...]:
    volumes, labels = by.get(What.CHECK), by.get(What.LABEL)
    looked = "every bag clear, right color, no leak, no particles" if whole.finished_at else ""
    return (
        QualityCheck("Volumes seen by a second person", volumes.detail if volumes else "", volumes.by if volumes else ""),
        QualityCheck("Looked at against the light", looked, whole.compounded_by),
        QualityCheck("Labels and bags counted", labels.detail if labels else "", labels.by if labels else ""),
    )


def _signature(at: Reading, names: list[SignatureRow], meaning: str) -> Signature | Unsigned:
    name = next((one for one in reversed(names) if one.meaning == meaning), None)
    if name is None:
        return Unsigned(meaning)
    return Signature(meaning, name.name, name.licence, at.local(name.at), name.code, name.holds)
