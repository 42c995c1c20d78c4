"""Library, Catalog review: rows by where their facts come from; a source is compared, then its rows are signed together."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import Between, DrugRow, GroupedRow, ProductRow, SourceGroup, StabilityRow
from infusiondesk.catalog.rules import RowKind, Status, ndc_text
from infusiondesk.catalog.screens.wording import (
    concentration_of,
    hours_of,
    reconstitution_of,
    review_of,
    search_line,
    strength_of,
    tone_of,
    ways_words,
)
from infusiondesk.foundation.kernel.ismp import amount, day
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone

SCOPES = ("To sign", "All")
PLACES = {RowKind.DRUG: "Drugs", RowKind.PRODUCT: "Products", RowKind.STABILITY: "Stability"}
RESTS_ON = {Status.LABEL: "a label that was read", Status.STUDY: "a study", Status.UNKNOWN: "nothing: it is unknown"}


def _counts(group: SourceGroup) -> str:
    missing = f"{group.incomplete} without a value" if group.incomplete else ""
    return ", ".join(filter(None, (f"{group.signed} signed" if group.signed else "", missing)))


def _waiting(group: SourceGroup) -> str:
    return f"{len(group.to_sign)}"


def _tone(group: SourceGroup) -> Tone:
    return "due" if group.to_sign else "done" if group.signed else "neutral"


COLUMNS: Sequence[Column[SourceGroup]] = (
    Column("Source", lambda group: group.source or "no source", wraps=True, strong=True, stretch=3),
    Column("Rests on", lambda group: group.status.value, width=86),
    Column(
        "To sign", lambda group: f"{len(group.to_sign)}", sort=lambda group: len(group.to_sign), tone=_tone, shape=True, width=96
    ),
    Column("The others", _counts, wraps=True, stretch=1),
)


def said_by(row: GroupedRow) -> str:
    """What a row says, in the words that are held against its source: everything that a signer of it signs for."""
    if isinstance(row, StabilityRow):
        said = _stability_said(row)
    elif isinstance(row, ProductRow):
        said = _product_said(row)
    else:
        said = _drug_said(row)
    return "; ".join((*(words.rstrip(".") for words in said if words), f"source: {row.source or 'none'}"))


def _drug_said(row: DrugRow) -> Sequence[str]:
    line = "central line only" if row.central_only else ""
    return (
        f"ingredient {row.ingredient}",
        f"stability under {row.reference_name}" if row.reference_name != row.ingredient else "",
        f"{row.therapy}, billed as {row.therapy_class.replace('_', ' ')}",
        f"{' or '.join(row.routes) or 'not given alone'}, ordered in {row.dose_unit}",
        f"into a vein by {ways_words(row.iv_ways)}" if row.iv_ways else "",
        ", ".join(filter(None, (f"first dose {row.first_dose_risk}", f"leak {row.vesicant}", line))),
        ", ".join(filter(None, ("hazardous" if row.is_hazardous else "", row.controlled))),
        row.line_note,
        row.storage_text,
    )


def _product_said(row: ProductRow) -> Sequence[str]:
    volume = f" in {amount(row.volume_ml, 'mL')}" if row.volume_ml is not None else ""
    in_use = amount(row.in_use_hours, "h") if row.in_use_hours is not None else "the general limit"
    return (
        f"{row.ingredient}, {row.formulation}" if row.formulation else row.ingredient,
        f"{row.form.value}, {row.container.words}, holds {amount(row.content_amount, row.content_unit)}{volume}",
        f"add {reconstitution_of(row)}, gives {strength_of(row)}",
        f"unopened: {row.storage.words}, once opened: {in_use}",
        f"NDC {ndc_text(row.ndc) or 'not entered'}",
        f"maker {row.maker_text}" if row.maker_text else "",
    )


def _stability_said(row: StabilityRow) -> Sequence[str]:
    fluid = f"in {row.diluent}" if row.diluent else "fluid not stated"
    where = (row.storage.words, fluid, concentration_of(row), row.container or "container not stated")
    return (f"{hours_of(row)}: {', '.join(filter(None, where))}", row.note)


def _read(row: GroupedRow) -> str:
    """What a row says, and how it was reviewed where it was."""
    if not row.reviewed_by:
        return said_by(row)
    compared = f", compared with {row.compared_with}" if row.compared_with else ""
    return f"{said_by(row)}. {review_of(row).capitalize()} by {row.reviewed_by}{compared}"


ROW_COLUMNS: Sequence[Column[GroupedRow]] = (
    Column("", lambda row: "", tone=tone_of, shape=True, width=40),
    Column("Row", queries.name_of, strong=True, second=_read, whole=True, stretch=1),
)


class CatalogReviewScreen(Screen):
    """Sources beside their rows: one is compared, its rows are signed under one signature."""

    stale_on = frozenset({Area.CATALOG})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._all: Sequence[SourceGroup] = ()
        self.sign = self.act("Sign these rows", "Ctrl+Return", self.sign_group, service.sign_source)
        self.open = self.act("Open the row", "Ctrl+O", self.open_row)
        self._may_sign = self.sign.isEnabled()
        self.search = search_line("Find a source")
        self.scope = SegmentedChoice("Show", SCOPES, chosen=0, switch=True)
        self.page = ListDetail("Catalog review", "", actions=[self.search, self.scope])
        empty = EmptyState("check", "Nothing waits here", "Every complete row is signed. All shows what was signed, and by whom.")
        self.table: RowsTable[SourceGroup] = RowsTable(
            COLUMNS, name="Sources", group=lambda group: PLACES[group.kind], empty=empty, key=lambda group: group.id
        )
        self.rows: RowsTable[GroupedRow] | None = None
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+Enter", "sign"), ("Ctrl+O", "open the row")])
        self.search.textChanged.connect(self.table.narrow)
        self.scope.chosen_changed.connect(lambda _: self._arrange())
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.source_groups, self._arrived)
        self.desk.ask(self, queries.standing_between, self._say_between)

    def sign_group(self) -> None:
        """Sign the rows of the chosen source that were on the screen."""
        if (group := self.table.chosen()) is not None:
            seen = queries.seen(group.to_sign)
            words = "1 row signed." if len(seen) == 1 else f"{len(seen)} rows signed."
            self.desk.do(self, service.sign_source, said=words, kind=group.kind, seen=seen)

    def open_row(self) -> None:
        """Go to the chosen row where it can be corrected."""
        group, row = self.table.chosen(), self.rows.chosen() if self.rows is not None else None
        if group is not None and row is not None:
            self._open(group.kind, row.id)

    def _open(self, kind: RowKind, row_id: UUID) -> None:
        self.record_asked.emit(PLACES[kind], row_id)

    def _arrived(self, groups: Sequence[SourceGroup]) -> None:
        is_first, self._all = not self._all, groups
        if is_first and not any(group.to_sign for group in groups):
            self.scope.choose(SCOPES.index("All"))  # nothing waits: what was signed is worth more than an empty page
        self._arrange()

    def _arrange(self) -> None:
        is_all = SCOPES[self.scope.chosen() or 0] == "All"
        self.table.show_rows([group for group in self._all if is_all or group.to_sign])
        if self.table.chosen() is None:
            self.table.choose_first()

    def _say_between(self, between: Between) -> None:
        self.page.head.remark.say(between.text() or "every complete row is signed")

    def _show(self, group: SourceGroup | None) -> None:
        self.rows = None
        self.open.setEnabled(group is not None)
        if self._may_sign:
            self.sign.setEnabled(group is not None and bool(group.to_sign))
            self.sign.setWhatsThis("" if group is None or group.to_sign else "Every complete row of this source is signed.")
        if group is None:
            self.page.show_detail(None)
            return
        self.page.show_detail(
            self._detail(group), Button.for_action(self.sign, "primary", icon="check"), Button.for_action(self.open)
        )

    def _detail(self, group: SourceGroup) -> QWidget:
        self.rows = RowsTable(ROW_COLUMNS, name="Rows of this source", compact=True)
        self.rows.show_rows(sorted(group.rows, key=lambda row: row not in group.to_sign))
        kind = group.kind
        self.rows.activated_row.connect(lambda row: self._open(kind, row.id))
        self.rows.choose_first()
        ready = len(group.to_sign)
        pills = [Pill(f"{ready} to sign" if ready else "signed", _tone(group))]
        if group.incomplete:
            pills.append(Pill(f"{group.incomplete} without a value", "neutral"))
        told = f"Rests on {RESTS_ON.get(group.status, group.status.value)}."
        if last := group.signed_last:
            told += f" Last signed {day(last[0])} by {last[1]}."
        if ready:
            told += " Hold each line against the source; you will be asked what you compared with."
        title = Text(group.source or "No source", 20, 600, wraps=True)
        return holding(down(across(*pills, STRETCH), title, Text(told, 13, 400, "ink2", wraps=True), (self.rows, 1), gap=12))
