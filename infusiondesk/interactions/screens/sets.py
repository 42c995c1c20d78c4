"""Library, Interaction sets: our own reference and what was taken in beside it; import, compare, enable, remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from infusiondesk.foundation.kernel.ismp import counted, day, tall_man
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.forms import ChoiceField, Form, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.interactions import service
from infusiondesk.interactions.exchange.layers import ColumnChoice, FileSeen, by_our_names, look_at, read_mapped
from infusiondesk.interactions.rules.layers import LayerContent, MappingDraft, PairSet
from infusiondesk.interactions.rules.rows import OURS
from infusiondesk.interactions.screens.rules import level_tone
from infusiondesk.interactions.service.knowledge_lists import ComparedRow, Comparison, LayerRow

_NONE: Final = "none"

COLUMNS: Sequence[Column[LayerRow]] = (
    Column("Set", lambda row: row.name, strong=True, second=lambda row: row.tag or "comes with the release", stretch=3),
    Column("Rules", lambda row: f"{row.rows:,}", sort=lambda row: row.rows, right=True, width=92),
    Column(
        "Counts",
        lambda row: "enabled" if row.is_enabled else "not enabled",
        tone=lambda row: "done" if row.is_enabled else "neutral",
        shape=True,
        width=140,
    ),
    Column("Imported", lambda row: day(row.imported_at.date()) if row.imported_at else "", width=116),
)


def _level(level: str) -> str:
    return level or "not listed"


COMPARED: Sequence[Column[ComparedRow]] = (
    Column("Pair", lambda row: tall_man(row.a), second=lambda row: tall_man(row.b), stretch=2),
    Column("First", lambda row: _level(row.one), tone=lambda row: level_tone(row.one) if row.one else None, width=88),
    Column("Second", lambda row: _level(row.other), tone=lambda row: level_tone(row.other) if row.other else None, width=88),
)


@dataclass(frozen=True)
class _Read:
    """A file that was read whole, ready to be kept."""

    file_name: str
    pairs: PairSet
    content: LayerContent


class InteractionSetsScreen(Screen):
    """Layers of the knowledge."""

    stale_on = frozenset({Area.INTERACTIONS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._is_busy = False
        self.take_in = self.act("Import a set", "Ctrl+I", self.choose_file, service.import_layer)
        self.enable = self.act("Enable", "Ctrl+Return", self.enable_chosen, service.enable_layer)
        self.disable = self.act("Disable", "Ctrl+D", self.disable_chosen, service.disable_layer)
        self.remove = self.act("Remove", "Ctrl+Shift+R", self.remove_chosen, service.remove_layer)
        self.compare = self.act("Compare", "Ctrl+E", self.compare_chosen)
        self._may = {action: action.isEnabled() for action in (self.enable, self.disable, self.remove)}
        button = Button.for_action(self.take_in, icon="download-simple", dense=True)
        self.page = ListDetail("Interaction sets", "the stricter level counts", actions=[button])
        empty = EmptyState("stack", "No set here", "Import a published set, or any table of pairs.")
        self.table: RowsTable[LayerRow] = RowsTable(
            COLUMNS, name="Interaction sets", empty=empty, key=lambda row: row.tag, many=True
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Shift", "choose two to compare"), ("Ctrl+I", "import")])
        self.table.chosen_changed.connect(lambda _: self._show())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, service.layers_kept, self._arrived)

    def _arrived(self, rows: Sequence[LayerRow]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    # One set.

    def enable_chosen(self) -> None:
        """Let every screen count the set."""
        if (row := self._chosen()) is not None:
            self.desk.do(self, service.enable_layer, said=f"{row.tag} is enabled; every screen counts it.", layer_id=row.id)

    def disable_chosen(self) -> None:
        """Let no screen count the set."""
        if (row := self._chosen()) is not None:
            self.desk.do(self, service.disable_layer, said=f"{row.tag} is disabled.", layer_id=row.id)

    def remove_chosen(self) -> None:
        """Remove the set, except what a kept screening names."""
        if (row := self._chosen()) is not None:

            def said(kept: int) -> str:
                return f"{row.tag} is removed; {counted(kept, 'rule')} that a screening names stay readable."

            self.desk.do(self, service.remove_layer, said=said, layer_id=row.id)

    def _chosen(self) -> LayerRow | None:
        row = self.table.chosen()
        return row if row is not None and row.id is not None else None

    # Two sets.

    def compare_chosen(self) -> None:
        """Two chosen sets, or the chosen one with our own reference."""
        tags = [row.tag for row in self.table.all_chosen()][:2]
        if len(tags) == 1 and tags[0] != OURS:
            tags = [OURS, *tags]
        if len(tags) == 2:
            self._is_busy = True
            self.desk.ask(self, service.compare_layers, self._compared, one=tags[0], other=tags[1])

    def _compared(self, found: Comparison) -> None:
        table: RowsTable[ComparedRow] = RowsTable(
            COMPARED,
            name="Pairs that differ",
            empty=EmptyState("equals", "No difference", "Both have the same pairs at the same levels."),
        )
        table.show_rows(found.rows, found.differ + found.only_one + found.only_other)
        facts = FactList(
            [
                Fact("Same pair, same level", f"{found.same:,}"),
                Fact("Same pair, other level", f"{found.differ:,}"),
                Fact(f"Only in {found.one}", f"{found.only_one:,}"),
                Fact(f"Only in {found.other}", f"{found.only_other:,}"),
            ]
        )
        title = Text(f"{found.one} (first) and {found.other} (second)", 16, 600, wraps=True)
        close = Button("Close the comparison", "primary", key="Esc")
        close.clicked.connect(self._close)
        self.page.show_detail(holding(down(title, facts, (table, 1), gap=12)), close)
        self.page.open_drawer()
        table.choose_first()
        table.setFocus()

    # Taking a set in: read whole on the lane for long work, shown with what was repaired, kept in one transaction.

    def choose_file(self) -> None:
        """Ask for the file."""
        name, _ = QFileDialog.getOpenFileName(self, "Import a set", "", "Sets (*.csv *.txt *.xls *.xlsx);;All files (*)")
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Look at a file: a published set is offered at once, another table is mapped first."""
        self.desk.draw(self, lambda: _looked(path), lambda seen: self._seen(path, *seen))

    def _seen(self, path: Path, data: bytes, seen: FileSeen, read: _Read | None) -> None:
        self._is_busy = True
        if read is not None:
            self._offer(read)
        else:
            self._map(path, data, seen)

    def _map(self, path: Path, data: bytes, seen: FileSeen) -> None:
        form = Form(_mapping_fields(seen.columns), MappingDraft(name=path.stem))
        go_on = Button("Read the table", "primary", icon="check", key="Ctrl+S")

        def read() -> None:
            if not form.show_problems():
                draft: MappingDraft = form.draft
                self.desk.draw(self, lambda: _mapped(path.name, data, draft), self._offer)

        go_on.clicked.connect(read)
        told = Text(f"{path.name} has {counted(seen.lines, 'line')}. Say which column holds what.", 13, 400, "ink2", wraps=True)
        self._show_step(holding(down(Text("Map the columns", 20, 600), told, form, STRETCH, gap=12)), go_on)
        form.setFocus()

    def _offer(self, read: _Read) -> None:
        keep = Button("Import", "primary", icon="check", key="Ctrl+S")
        keep.clicked.connect(lambda: self._keep(read))
        facts = [
            Fact("Pairs", f"{len(read.content.listed):,}"),
            Fact("Short name", read.pairs.tag),
            Fact("Published by", read.pairs.citation),
        ]
        parts: list[QWidget] = [Text(read.pairs.name, 20, 600, wraps=True), FactList(facts), *_repairs(read.content.repairs)]
        parts.insert(1, Text("It counts for nothing until a pharmacist enables it.", 13, 400, "ink2", wraps=True))
        self._show_step(holding(down(*parts, STRETCH, gap=12)), keep)
        keep.setFocus()

    def _keep(self, read: _Read) -> None:
        said = f"{read.pairs.name} is here, not enabled."
        self.desk.do(
            self,
            service.import_layer,
            lambda _: self._close(),
            said=said,
            read=read.pairs,
            content=read.content,
            file_name=read.file_name,
        )

    def _show_step(self, widget: QWidget, primary: Button) -> None:
        cancel = Button("Cancel", key="Esc")
        cancel.clicked.connect(self._close)
        self.page.show_detail(widget, primary, cancel)
        self.page.open_drawer()

    def _close(self) -> None:
        self._is_busy = False
        self._show()

    # Showing.

    def _show(self) -> None:
        rows = self.table.all_chosen()
        one = rows[0] if len(rows) == 1 else None
        is_set = one is not None and one.id is not None
        wanted = (
            (self.enable, is_set and not (one is not None and one.is_enabled)),
            (self.disable, is_set and one is not None and one.is_enabled),
            (self.remove, is_set),
        )
        for action, is_possible in wanted:
            if self._may[action]:
                action.setEnabled(is_possible)
        self.compare.setEnabled(is_set or len(rows) == 2)
        if self._is_busy:
            return
        if one is None:
            told = "Two sets are compared pair by pair." if len(rows) == 2 else "Choose one set, or two to compare."
            detail = holding(down(Text(f"{len(rows)} sets chosen", 20, 600), Text(told, 13, wraps=True), STRETCH, gap=12))
            self.page.show_detail(detail if rows else None, *([Button.for_action(self.compare, "primary")] if rows else []))
            return
        turn = self.disable if one.is_enabled else self.enable
        buttons = [Button.for_action(turn, "secondary" if one.is_enabled else "primary"), Button.for_action(self.compare)]
        self.page.show_detail(_one(one), *([*buttons, Button.for_action(self.remove)] if is_set else []))


def _one(row: LayerRow) -> QWidget:
    pill = Pill("Enabled" if row.is_enabled else "Not enabled", "done" if row.is_enabled else "neutral")
    facts = [Fact("Rules", f"{row.rows:,}"), Fact("Published by", row.citation)]
    if row.imported_at is not None:
        facts.append(Fact("Imported", f"{day(row.imported_at.date())} by {row.imported_by}, from {row.file_name}"))
    if row.enabled_by:
        facts.append(Fact("Enabled by", row.enabled_by))
    if row.id is None:
        told = "Edited, signed and switched off row by row under Interactions; as a whole it is always on."
    else:
        told = "Its rules stand under Interactions beside our own while it is enabled."
    parts = [Text(row.name, 20, 600, wraps=True), Text(told, 13, 400, "ink2", wraps=True), FactList(facts), *_repairs(row.repairs)]
    return holding(down(across(pill, STRETCH), *parts, STRETCH, gap=12))


def _repairs(repairs: Sequence[str]) -> list[QWidget]:
    if not repairs:
        return []
    return [SectionTitle("Read and repaired", f"{len(repairs)}", px=14), *(Text(one, 13, wraps=True) for one in repairs)]


def _mapping_fields(columns: Sequence[str]) -> Sequence[TextField | ChoiceField | str]:
    return (
        TextField("name", "Name of the set", required=True),
        TextField("tag", "Short name", required=True, hint="two to twelve capital letters; its rules are called by it"),
        TextField("citation", "Published by", required=True, hint="who, where, when"),
        "Columns",
        ChoiceField("side_a", "One medicine", required=True, choices=list(columns), spread=False),
        ChoiceField("side_b", "Other medicine", required=True, choices=list(columns), spread=False),
        ChoiceField("level", "Level", required=True, choices=list(columns), spread=False),
        ChoiceField("text", "Text", choices=[_NONE, *columns], spread=False),
        ChoiceField("source", "Source", choices=[_NONE, *columns], spread=False),
    )


def _looked(path: Path) -> tuple[bytes, FileSeen, _Read | None]:
    try:
        data = path.read_bytes()
    except OSError:
        raise Refused(f"{path.name} cannot be read. Copy it to this computer and try again.") from None
    seen = look_at(path.name, data)
    return data, seen, _Read(path.name, seen.known, by_our_names(seen.known)) if seen.known else None


def _mapped(name: str, data: bytes, draft: MappingDraft) -> _Read:
    chosen = [draft.side_a or "", draft.side_b or "", draft.level or ""]
    chosen += ["" if one in (None, _NONE) else str(one) for one in (draft.text, draft.source)]
    pairs = read_mapped(name, data, ColumnChoice(draft.name, draft.tag.strip().upper(), draft.citation, *chosen))
    return _Read(name, pairs, by_our_names(pairs))
