"""Library, Drugs: what is ordered, with its therapy, its handling, its products and what is known of its stability."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import shiboken6
from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import DrugRow, ProductRow, StabilityRow
from infusiondesk.catalog.rules import (
    DOSE_UNITS,
    IV_WAYS,
    ROUTES,
    SCHEDULES,
    THERAPY_CLASSES,
    DrugDraft,
    FirstDoseRisk,
    Hazard,
    RowKind,
    Status,
    Vesicant,
)
from infusiondesk.catalog.screens.list_field import ListField
from infusiondesk.catalog.screens.reviewed import ReviewedScreen
from infusiondesk.catalog.screens.wording import concentration_of, hours_of, review_of, strength_of, tone_of, ways_words
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.forms import ChoiceField, LongTextField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.parts.arrange import across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Mark
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone

VESICANT_TONES: dict[Vesicant, Tone] = {Vesicant.RED: "danger", Vesicant.YELLOW: "due"}


def words_of(term: str) -> str:
    """A class of the billing rules as people read it."""
    if term == "flush":
        return "never a per diem"
    return term.replace("_", " ").replace("tpn", "parenteral nutrition").replace("anti infective", "anti-infective")


def line_of(row: DrugRow) -> str:
    """What a leak does and which line it needs; where nothing of that is kept, the note, which may hold for one route only."""
    said = {Vesicant.RED: "red vesicant", Vesicant.YELLOW: "yellow vesicant", Vesicant.IRRITANT: "irritant"}.get(row.vesicant, "")
    return ", ".join(filter(None, (said, "central line only" if row.central_only else ""))) or row.line_note or "any line"


def _ways_of(row: DrugRow) -> tuple[str, Tone | None]:
    """How it may go into a vein; that nobody has said so is told, for an order is not judged by it then."""
    return (ways_words(row.iv_ways), None) if row.iv_ways else ("nobody has said how; no order is judged by it", "due")


def _risk_of(row: DrugRow) -> str:
    risk = row.first_dose_risk
    return risk.value if risk is FirstDoseRisk.NOT_JUDGED else f"{risk.value} risk"


COLUMNS: Sequence[Column[DrugRow]] = (
    Column("Drug", lambda row: row.name, strong=True, second=lambda row: row.therapy, stretch=2),
    Column("Per-diem class", lambda row: words_of(row.therapy_class), hidden=True),
    Column("Line", line_of, tone=lambda row: VESICANT_TONES.get(row.vesicant), wraps=True, stretch=2),
    Column("First dose", lambda row: row.first_dose_risk.value, hidden=True),
    Column("Rests on", lambda row: row.status.value, width=86),
    Column("Review", review_of, tone=tone_of, shape=True, width=160),
    Column("Brands", lambda row: ", ".join(row.brands), wraps=True, hidden=True),
    Column("Source", lambda row: row.source, wraps=True, hidden=True),
)


class DrugsScreen(ReviewedScreen[DrugRow]):
    """Every drug in use."""

    kind = RowKind.DRUG
    rows_query = queries.drugs
    enter_verb = service.enter_drug
    correct_verb = service.correct_drug
    draft_type = DrugDraft

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Drugs", COLUMNS, "books")
        self._beside = QVBoxLayout()
        self._shown: UUID | None = None

    def name_of(self, row: DrugRow) -> str:
        return row.name

    def fields(self, draft: Any, *, is_new: bool) -> Sequence[Field | str]:
        return DRUG_FIELDS

    def detail_of(self, row: DrugRow) -> Sequence[Any]:
        self._shown = row.id
        self._beside = QVBoxLayout()
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(8)
        self.desk.ask(self, queries.products_of, lambda rows: self._show_products(row.id, rows), drug_id=row.id)
        line = line_of(row)
        facts = [
            Fact("Brands", ", ".join(row.brands) or "none known here"),
            Fact("RxCUI", ", ".join(row.rxcuis) or "none known here"),
            Fact("Therapy", f"{row.therapy}, {words_of(row.therapy_class)}"),
            Fact("Route", " or ".join(row.routes) or "not given alone"),
            *([Fact("Into a vein", *_ways_of(row))] if "intravenous" in row.routes else []),
            Fact("Ordered in", row.dose_unit),
            Fact("First dose", _risk_of(row)),
            Fact("Line", line, VESICANT_TONES.get(row.vesicant)),
            *([Fact("How it is given", row.line_note or "nothing noted")] if line != row.line_note else []),
            Fact("Keeping", row.storage_text or "nothing noted"),
        ]
        if row.is_hazardous:
            facts.append(Fact("Hazardous", "handle with gloves, hazardous waste", "due"))
        if row.controlled:
            facts.append(Fact("Controlled", f"schedule {row.controlled.removeprefix('C')}"))
        return (FactList(facts), self._beside)

    def _show_products(self, drug_id: UUID, rows: Sequence[ProductRow]) -> None:
        if drug_id != self._shown or not shiboken6.isValid(self._beside):
            return
        clear(self._beside)
        self._beside.addWidget(SectionTitle("Products", f"{len(rows)}" if rows else "none entered", px=14))
        for row in rows:
            mark = Mark(*_SIGNS[row.is_usable], row.standing.value, 11)
            words = down(Text(row.label, 13, 600, wraps=True), Text(f"{strength_of(row)} ready to draw", 12, 400, "ink3"), gap=0)
            self._beside.addWidget(holding(across(mark, (words, 1), gap=8)))
        self.desk.ask(self, queries.stability_of, lambda found: self._show_stability(drug_id, found), drug_id=drug_id)

    def _show_stability(self, drug_id: UUID, rows: Sequence[StabilityRow]) -> None:
        if drug_id != self._shown or not shiboken6.isValid(self._beside):
            return
        self._beside.addWidget(SectionTitle("Stability", f"{len(rows)}" if rows else "none: no beyond-use date", px=14))
        for row in rows:
            mark = Mark(*_SIGNS[row.is_usable], row.standing.value, 11)
            where = ", ".join(filter(None, (row.storage.words, row.diluent, concentration_of(row), row.container)))
            words = down(Text(hours_of(row), 13, 600), Text(where, 12, 400, "ink3", wraps=True), gap=0)
            self._beside.addWidget(holding(across(mark, (words, 1), gap=8)))


_SIGNS: dict[bool, tuple[Any, Any]] = {True: ("check", "done"), False: ("triangle", "due")}

DRUG_FIELDS: Sequence[Field | str] = (
    TextField("ingredient", "Ingredient", required=True, hint="lower case, as billing and screening know it"),
    TextField("name", "Name", required=True, hint="on screens and labels, with tall-man letters"),
    TextField("reference_name", "Name in the stability table", hint="empty: the ingredient"),
    TextField("therapy", "Therapy", required=True, hint="such as antibiotic"),
    ChoiceField(
        "therapy_class", "Per-diem class", required=True, choices=[(term, words_of(term)) for term in THERAPY_CLASSES], spread=False
    ),
    ListField("routes", "Routes", known=ROUTES, hint="divided by commas; a diluent has none"),
    ListField("iv_ways", "Into a vein", known=IV_WAYS, hint="push, intermittent, continuous; empty: nobody has said"),
    ChoiceField("dose_unit", "Ordered in", choices=DOSE_UNITS, spread=False),
    "Handling",
    ChoiceField("first_dose_risk", "First dose risk", choices=[one.value for one in FirstDoseRisk], spread=False),
    ChoiceField("vesicant", "When it leaks", choices=[one.value for one in Vesicant], spread=False),
    ChoiceField("central_only", "Line", choices=[(False, "not central only"), (True, "central only")]),
    ChoiceField("hazard", "Hazard", choices=[one.value for one in Hazard]),
    ChoiceField("controlled", "Controlled", choices=[(one, one or "not controlled") for one in SCHEDULES], spread=False),
    LongTextField("line_note", "How it is given", lines=3),
    LongTextField("storage_text", "Keeping", lines=2),
    "Where this comes from",
    ChoiceField("status", "Rests on", choices=[one.value for one in Status], spread=False),
    LongTextField("source", "Source", required=True, hint="label or study, page or date", lines=3),
)
