"""Library, Products: each vial, ampule and bag, how it is reconstituted, and what is not known of it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import DrugRow, ProductRow
from infusiondesk.catalog.rules import CONTENT_UNITS, ContainerKind, ProductDraft, ProductForm, RowKind, Status, Storage, ndc_text
from infusiondesk.catalog.screens.importing import FileImport
from infusiondesk.catalog.screens.ndc_facts import NdcAid, NdcFacts
from infusiondesk.catalog.screens.reviewed import ReviewedScreen
from infusiondesk.catalog.screens.wording import reconstitution_of, review_of, strength_of, tone_of
from infusiondesk.foundation.kernel.ismp import amount
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, Code, CodeField, LongTextField, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone


def _strength_tone(row: ProductRow) -> Tone | None:
    return "due" if row.per_ml is None else None


def _added(row: ProductRow) -> str:
    return "a solution" if row.form is ProductForm.SOLUTION else reconstitution_of(row)


COLUMNS: Sequence[Column[ProductRow]] = (
    Column("Product", lambda row: row.label, strong=True, second=lambda row: row.container.words, stretch=2),
    Column("Ready to draw", strength_of, tone=_strength_tone, stretch=1),
    Column("Add", _added, wraps=True, stretch=1),
    Column("NDC", lambda row: ndc_text(row.ndc) or "not entered", hidden=True),
    Column("Rests on", lambda row: row.status.value, width=86),
    Column("Review", review_of, tone=tone_of, shape=True, width=160),
)


class ProductsScreen(ReviewedScreen[ProductRow]):
    """Every product in use."""

    kind = RowKind.PRODUCT
    rows_query = queries.products
    enter_verb = service.enter_product
    correct_verb = service.correct_product
    draft_type = ProductDraft

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Products", COLUMNS, "package")
        self.take_in = self.act("Import a file", "Ctrl+I", self.choose_file, service.take_file)
        keys = [("Up Down", "move"), ("Ctrl+Enter", "sign"), ("Ctrl+I", "import a file of NDCs")]
        self.page.set_foot_keys(keys)
        self.files = FileImport(desk, self.page, self.take_in, self._show)

    def choose_file(self) -> None:
        """Take a published file in, where no form is open."""
        if self.files is not None and self.is_free():
            self.files.choose_file()

    def name_of(self, row: ProductRow) -> str:
        return row.label

    def detail_of(self, row: ProductRow) -> Sequence[Any]:
        facts = [
            Fact("Drug", row.ingredient),
            Fact("Holds", amount(row.content_amount, row.content_unit)),
            Fact("Container", row.container.words),
            Fact("Add", reconstitution_of(row), _strength_tone(row)),
            Fact("Ready to draw", strength_of(row), _strength_tone(row)),
            Fact("Unopened", row.storage.words),
            Fact("Once opened", f"maker: {amount(row.in_use_hours, 'h')}" if row.in_use_hours else "the general limit"),
            Fact("NDC", ndc_text(row.ndc) or "not entered"),
        ]
        if row.formulation:
            facts.insert(1, Fact("Formulation", row.formulation))
        if row.maker_text:
            facts.append(Fact("Maker", row.maker_text))
        published = NdcFacts(self.desk)
        if row.ndc:
            published.show_ndc(ndc_text(row.ndc))
        return (FactList(facts), published)

    def prepare(self, editor: Editor) -> None:
        layout = editor.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(1, NdcAid(self.desk, editor.form))

    def fields(self, draft: Any, *, is_new: bool) -> Sequence[Field | str]:
        return (CodeField("drug_id", "Drug", required=True, look_up=self.look_up_drug), *_FIELDS) if is_new else _FIELDS

    def look_up_drug(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        """Drugs for the field, while one types."""

        def offer(rows: Sequence[DrugRow]) -> None:
            then([Code(row.name, row.therapy, row.id) for row in rows])

        self.desk.ask(self, queries.find_drugs, offer, words=words)


_FIELDS: Sequence[Field | str] = (
    TextField("ndc", "NDC", hint="scanned, with hyphens, or eleven digits"),
    TextField("label", "Product", required=True, hint="as its label reads"),
    ChoiceField("form", "Form", choices=[one.value for one in ProductForm]),
    ChoiceField("container", "Container", choices=[(one.value, one.words) for one in ContainerKind], spread=False),
    NumberField("content_amount", "One holds", required=True, places=4),
    ChoiceField("content_unit", "Unit", choices=CONTENT_UNITS, spread=False),
    NumberField("volume_ml", "Volume, of a solution", unit="mL", places=3),
    NumberField("reconstitution_ml", "Add, to a powder", unit="mL", places=3),
    TextField("reconstitute_with", "Add what"),
    NumberField("concentration", "Strength then, a mL", places=4, hint="content units in each mL"),
    TextField("formulation", "Formulation", hint="where brands differ, as in the stability table"),
    TextField("maker_text", "Maker"),
    ChoiceField("storage", "Unopened", choices=[(one.value, one.words) for one in list(Storage)[:3]], spread=False),
    NumberField("in_use_hours", "Maker's limit once opened", unit="h", places=2),
    "Where this comes from",
    ChoiceField("status", "Rests on", choices=[one.value for one in Status], spread=False),
    LongTextField("source", "Source", required=True, hint="label in hand, date or page", lines=3),
)
