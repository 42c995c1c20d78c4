"""The compounding worksheet and record, and the labels of the bags and syringes that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.foundation.paper import label as labels
from infusiondesk.foundation.paper.pieces import Column, Text, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape, Tone


@dataclass(frozen=True)
class Component:
    """One component as it was taken (sterile 3.2, 5 to 8); `entry` says how it was identified: scanned, or typed and confirmed."""

    name: str
    strength: str
    amount: str
    vendor: str
    ndc: str
    lot: str
    expires: date | None
    entry: str
    is_scanned: bool


@dataclass(frozen=True)
class Calculation:
    """One calculation with its working, so that a second person can do it again."""

    what: str
    working: str
    result: str


@dataclass(frozen=True)
class QualityCheck:
    """One check of the finished preparation; an empty result is one that is still owed."""

    check: str
    result: str
    checked_by: str
    is_passed: bool = True


@dataclass(frozen=True)
class CompoundingRecordPaper:
    """Everything a compounding record holds (sterile 3.2); `is_final` tells the record from the worksheet that precedes it."""

    record: RecordMark
    patient: PatientBlock | None
    is_final: bool
    name: str
    strength: str
    dosage_form: str
    category: str
    prepared_at: datetime | None
    batch_id: str
    rx_numbers: tuple[str, ...]
    formula: str
    compounded_by: str
    verified_by: str
    components: tuple[Component, ...]
    calculations: tuple[Calculation, ...]
    total_quantity: str
    planned_yield: str
    final_yield: str
    beyond_use_at: datetime | None
    beyond_use_because: str
    storage: str
    quality_checks: tuple[QualityCheck, ...]
    hood: str
    filter: str
    sterilisation_load: str
    cleaning: str
    qualification: str
    waste: str
    override_reason: str
    steps: tuple[str, ...]
    not_checked: tuple[str, ...]
    signatures: tuple[Signature | Unsigned, ...]


_COMPONENTS = (
    Column("Component", 30),
    Column("Measured", 14, is_number=True),
    Column("Vendor and NDC", 24),
    Column("Lot and expiry", 20),
    Column("Identified", 22),
)
_CALCULATIONS = (Column("Calculation", 26), Column("Working", 48), Column("Result", 20, is_number=True))
_QUALITY = (Column("Check", 40), Column("Result", 34), Column("By", 24))
_NONE = Words("none", tone=Tone.LABEL)


def draw_compounding_record(facts: CompoundingRecordPaper, printing: Printing) -> bytes:
    """Draw the record, or the worksheet while the work is not released."""
    title = "Compounding record" if facts.is_final else "Compounding worksheet"
    sheet = Sheet(
        title=title, subtitle=f"{facts.name}, batch {facts.batch_id}", record=facts.record, printing=printing, patient=facts.patient
    )
    _draw_what(sheet, facts)
    sheet.heading("Components", f"{len(facts.components)} listed")
    sheet.table(_COMPONENTS, [_component(one) for one in facts.components], empty="No component is listed.")
    if facts.calculations:
        sheet.heading("Calculations")
        sheet.table(
            _CALCULATIONS,
            [[Words(one.what, strong=True), one.working, Words(one.result, strong=True)] for one in facts.calculations],
        )
    if facts.steps:
        sheet.heading("Steps")
        sheet.steps(facts.steps)
    sheet.heading("Quality checks")
    sheet.table(_QUALITY, [_quality(one) for one in facts.quality_checks], empty="No check is recorded.")
    sheet.heading("Where and with what")
    sheet.facts(
        [
            ("Hood", facts.hood),
            ("Filter", facts.filter or _NONE),
            ("Sterilization load", facts.sterilisation_load or _NONE),
            ("Cleaning", facts.cleaning),
            ("Qualification", facts.qualification),
            ("Waste", facts.waste or _NONE),
        ]
    )
    if facts.override_reason:
        sheet.words(Words(f"Override: {facts.override_reason}", strong=True, shape=Shape.TRIANGLE))
    sheet.not_checked(facts.not_checked)
    sheet.signatures(facts.signatures)
    return sheet.pdf()


def _draw_what(sheet: Sheet, facts: CompoundingRecordPaper) -> None:
    """What was made, by whom, how much came out, and until when it may be used."""
    blank = "" if facts.is_final else "to be recorded"
    sheet.facts(
        [
            ("Preparation", Words(facts.name, strong=True)),
            ("Strength", Words(facts.strength, strong=True)),
            ("Dosage form", facts.dosage_form),
            ("Category", facts.category),
            ("Prepared", moment(facts.prepared_at) if facts.prepared_at else blank),
            ("Batch", Words(facts.batch_id, strong=True)),
            ("Rx", ", ".join(facts.rx_numbers)),
            ("Formula", facts.formula),
            ("Compounded by", facts.compounded_by or blank),
            ("Verified by", facts.verified_by or blank),
            ("Total quantity", facts.total_quantity or blank),
            ("Yield", Words(facts.final_yield or "to be counted", strong=True, second=f"planned {facts.planned_yield}")),
        ]
    )
    sheet.heading("Beyond-use date and storage")
    sheet.facts(
        [
            (
                "Beyond-use date",
                Words(moment(facts.beyond_use_at), strong=True, size=11.5)
                if facts.beyond_use_at
                else Words("none can be given", strong=True, shape=Shape.OCTAGON),
            ),
            ("Storage", Words(facts.storage, strong=True)),
            ("Because", facts.beyond_use_because),
        ],
        columns=1,
    )


def _component(one: Component) -> list[Text]:
    return [
        Words(one.name, strong=True, second=one.strength),
        Words(one.amount, strong=True),
        Words(one.vendor, second=f"NDC {one.ndc}" if one.ndc else ""),
        Words(
            one.lot or "lot not recorded",
            strong=bool(one.lot),
            shape=Shape.NONE if one.lot else Shape.TRIANGLE,
            second=f"expires {day(one.expires)}" if one.expires else "expiry not recorded",
        ),
        Words(one.entry, shape=Shape.CHECK if one.is_scanned else Shape.RING),
    ]


def _quality(one: QualityCheck) -> list[Text]:
    if not one.result:
        return [one.check, Words("to be recorded", shape=Shape.RING), one.checked_by]
    return [one.check, Words(one.result, shape=Shape.CHECK if one.is_passed else Shape.OCTAGON), one.checked_by]


@dataclass(frozen=True)
class LabelIngredient:
    """One active ingredient and how much of it the container holds."""

    name: str
    amount: str


@dataclass(frozen=True)
class BagLabel:
    """What stands on one bag (sterile 3.3 and the prescription items of the state). Names arrive with their tall-man letters."""

    patient_name: str
    mrn: str
    born_on: date
    rx_number: str
    prescriber: str
    ingredients: tuple[LabelIngredient, ...]
    vehicle: str
    total_volume: str
    concentration: str
    dosage_form: str
    route: str
    rate: str
    directions: str
    storage: str
    beyond_use_at: datetime
    prepared_at: datetime
    batch_id: str
    number: int
    of: int
    container: str
    warnings: tuple[str, ...]
    code: str


def draw_bag_labels(bags: Sequence[BagLabel], printing: Printing) -> bytes:
    """Labels of 4 by 3 inches, in order; what does not fit goes on a further label of the same bag."""
    return labels.labels_pdf([_bag(bag, printing) for bag in bags])


def _bag(bag: BagLabel, printing: Printing) -> labels.Label:
    made = labels.Label(labels.BAG, record_id=bag.batch_id, code=bag.code, is_demo=printing.is_demo, reprint=printing.reprint)
    pharmacy = printing.pharmacy
    made.head += [
        labels.pair(Words(pharmacy.name, strong=True, size=8.25), Words(pharmacy.phone, strong=True, size=8.25), 0.7),
        labels.line(Words(", ".join(pharmacy.address), tone=Tone.QUIET), 7.25),
        labels.rule(4, 0),
        labels.pair(Words(bag.patient_name, strong=True, size=13), Words(f"Rx {bag.rx_number}", strong=True, size=10.5), 0.7),
        labels.pair(f"Born {day(bag.born_on)}, MRN {bag.mrn}", Words(f"Bag {bag.number} of {bag.of}", strong=True, size=10.5), 0.7),
        labels.gap(3),
    ]
    made.body += [*_ingredients(bag.ingredients), labels.line(_vehicle(bag), 9.5), labels.gap(3)]
    made.body += [labels.line(f"{bag.route}. Rate {bag.rate}.", 11, strong=True), labels.line(bag.directions, 9.5), labels.gap(2)]
    made.body += [labels.line(Words(warning, strong=True, shape=Shape.TRIANGLE, tone=Tone.INK), 8.75) for warning in bag.warnings]
    made.closing += [
        labels.boxed(
            Words(f"Use before {moment(bag.beyond_use_at)}", strong=True, size=11), Words(bag.storage, strong=True, size=9.25), 0.58
        ),
        labels.gap(3),
    ]
    made.foot += [
        labels.line(f"{bag.dosage_form}, {bag.container}", 8),
        labels.line(f"Compounded {moment(bag.prepared_at)}, batch {bag.batch_id}", 8),
        labels.line(f"Prescriber {bag.prescriber}", 8),
    ]
    return made


def _ingredients(ingredients: Sequence[LabelIngredient]) -> list[labels.Piece]:
    """One or two stand large; a nutrition bag's list goes in two columns, read across."""
    lines = [f"{one.name} {one.amount}" for one in ingredients]
    if len(lines) <= 3:
        return [labels.line(words, 16 if len(lines) == 1 else 12, strong=True) for words in lines]
    cells = [Words(words, strong=True, size=9.5) for words in lines] + [Words("")] * (len(lines) % 2)
    return [labels.columns(cells[index], cells[index + 1]) for index in range(0, len(cells), 2)]


def _vehicle(bag: BagLabel) -> str:
    concentration = f", {bag.concentration}" if bag.concentration else ""
    return f"in {bag.vehicle}, total volume {bag.total_volume}{concentration}"


@dataclass(frozen=True)
class SyringeLabel:
    """What stands on one syringe, where there is room for little: whose, what, how much, until when."""

    patient_name: str
    born_on: date
    rx_number: str
    medicine: str
    amount: str
    volume: str
    route: str
    storage: str
    beyond_use_at: datetime
    batch_id: str
    number: int
    of: int
    code: str


def draw_syringe_labels(syringes: Sequence[SyringeLabel], printing: Printing) -> bytes:
    """Labels of 2 by 1 inches, in order."""
    return labels.labels_pdf([_syringe(syringe, printing) for syringe in syringes])


def _syringe(syringe: SyringeLabel, printing: Printing) -> labels.Label:
    made = labels.Label(
        labels.SYRINGE, record_id=syringe.batch_id, code=syringe.code, is_demo=printing.is_demo, reprint=printing.reprint
    )
    name, rx = Words(syringe.patient_name, strong=True, size=8.25), Words(f"Rx {syringe.rx_number}", size=7)
    made.head.append(labels.pair(name, rx, 0.7))
    made.body += [
        labels.line(Words(f"{syringe.medicine} {syringe.amount} in {syringe.volume}", strong=True), 9),
        labels.line(f"{syringe.route}. Born {day(syringe.born_on)}", 7),
    ]
    made.foot += [
        labels.line(Words(f"Use before {moment(syringe.beyond_use_at)}", strong=True), 7.5),
        labels.line(f"{syringe.storage}\n{syringe.batch_id}, {syringe.number} of {syringe.of}", 6.75),
    ]
    return made
