"""Library, Stability: how long each drug stays itself, under which conditions, and who has signed for it."""

from collections.abc import Callable, Sequence
from typing import Any

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import DrugRow, StabilityRow
from infusiondesk.catalog.rules import RowKind, StabilityDraft, Status, Storage
from infusiondesk.catalog.rules.reference import DILUENTS, FLUIDS
from infusiondesk.catalog.screens.list_field import ListField
from infusiondesk.catalog.screens.reviewed import ReviewedScreen
from infusiondesk.catalog.screens.wording import concentration_of, hours_of, review_of, tone_of
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.forms import (
    ChoiceField,
    Code,
    CodeField,
    LongTextField,
    NumberField,
    TextField,
)
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.why import Why, WhyPanel
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone

CONTAINERS = ("", "bag", "elastomeric", "syringe", "cassette", "vial", "CADD", "PVC", "EasyPump", "ambulatory pump")


def _hours_tone(row: StabilityRow) -> Tone | None:
    if row.is_forbidden:
        return "danger"
    return "due" if row.hours is None else None


def _name(row: StabilityRow) -> str:
    return f"{row.drug}, {row.formulation}" if row.formulation else row.drug


def _how(row: StabilityRow) -> str:
    fluid = f"in {row.diluent}" if row.diluent else "fluid not stated"
    return ", ".join(filter(None, (fluid, concentration_of(row), row.container or "container not stated")))


COLUMNS: Sequence[Column[StabilityRow]] = (
    Column("Drug", _name, strong=True, second=_how, stretch=3),
    Column("Kept", lambda row: row.storage.words.split(",")[0], width=112),
    Column("How long", hours_of, sort=lambda row: row.hours, tone=_hours_tone, strong=True, width=124),
    Column("Rests on", lambda row: row.status.value, width=86),
    Column("Review", review_of, tone=tone_of, shape=True, width=150),
)


class StabilityScreen(ReviewedScreen[StabilityRow]):
    """Everything known of stability, and everything known to be unknown."""

    kind = RowKind.STABILITY
    rows_query = queries.stability
    enter_verb = service.enter_stability
    correct_verb = service.correct_stability
    draft_type = StabilityDraft

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Stability", COLUMNS, "hourglass")
        self.why = self.act("Why this long?", "Alt+Y", self.page.open_drawer)

    def name_of(self, row: StabilityRow) -> str:
        return _name(row)

    def detail_of(self, row: StabilityRow) -> Sequence[Any]:
        panel = WhyPanel("How long, and why?", compact=True)
        panel.show_why(_why(row))
        return (panel, FactList([Fact("Remark", row.note or "none")]))

    def fields(self, draft: Any, *, is_new: bool) -> Sequence[Field | str]:
        own = [one for one in draft.diluents if one not in DILUENTS]
        fluids = ListField(
            "diluents", "Fluids", known=(*DILUENTS, *own), short=FLUIDS, hint="divided by commas; empty: the source does not say"
        )
        drug = (CodeField("drug_id", "Drug", required=True, look_up=self.look_up_drug),) if is_new else ()
        return (*drug, fluids, *_FIELDS)

    def look_up_drug(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        """Drugs for the field, while one types."""

        def offer(rows: Sequence[DrugRow]) -> None:
            then([Code(row.name, row.therapy, row.id) for row in rows])

        self.desk.ask(self, queries.find_drugs, offer, words=words)


def _why(row: StabilityRow) -> Why:
    signed = f"{day(row.reviewed_at)} by {row.reviewed_by}" if row.reviewed_at and row.reviewed_by else ""
    if row.is_forbidden:
        sentence = "It may not be kept like this, signed or not."
    elif row.hours is None:
        sentence = "No source gives the hours, so nothing kept like this gets a beyond-use date."
    elif row.is_usable:
        sentence = "The most a beyond-use date may take from this row; the category's own limit may be shorter."
    else:
        sentence = "Gives no beyond-use date until the pharmacist in charge has signed it."
    return Why(
        "" if row.hours is None and not row.is_forbidden else hours_of(row),
        sentence,
        inputs=[
            ("Fluid", row.diluent or "not stated"),
            ("Concentration", concentration_of(row) or "not stated"),
            ("Container", row.container or "not stated"),
            ("Kept", row.storage.words),
        ],
        signed=signed,
    )


_FIELDS: Sequence[Field | str] = (
    TextField("formulation", "Formulation", hint="where brands differ"),
    NumberField("concentration_low", "Concentration from", places=4),
    NumberField("concentration_high", "to", places=4),
    TextField("concentration_unit", "Unit", hint="such as mg/mL"),
    ChoiceField("container", "Container", choices=[(one, one or "not stated") for one in CONTAINERS], spread=False),
    ChoiceField("storage", "Kept", choices=[(one.value, one.words) for one in Storage], spread=False),
    ChoiceField("is_forbidden", "May it be kept so", choices=[(False, "yes"), (True, "no")]),
    NumberField("hours", "Hours", unit="h", places=2, hint="empty while nobody knows"),
    LongTextField("note", "Remark", lines=3),
    "Where this comes from",
    ChoiceField("status", "Rests on", choices=[one.value for one in Status], spread=False),
    LongTextField("source", "Source", hint="label or study, page or date", lines=3),
)
