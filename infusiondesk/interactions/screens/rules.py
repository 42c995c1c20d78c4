"""Library, Interactions: every rule of the screen, who signed it, and what became of its alerts."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from infusiondesk.foundation.kernel.ismp import counted, day, tall_man
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.fonts import font
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.picker import Picker
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.interactions import service
from infusiondesk.interactions.rules.editing import RuleDraft
from infusiondesk.interactions.rules.rows import RowKind, between
from infusiondesk.interactions.screens.rule_fields import rule_fields
from infusiondesk.interactions.service.knowledge_lists import LayerRow, RuleHistory, RuleRow, RulesFound
from infusiondesk.tasks.queries import RuleCount, promises_by_rule

SCOPES: Final = ("All", "Unsigned", "Speaking", "Changed", "Off")
PAUSE_MS: Final = 150
_STATUSES: Final = {"label": "a label that was read", "study": "a study", "published": "a published list"}
_SHORT: Final = frozenset(
    ("acei", "arb", "cyp", "doac", "jak", "maoi", "mmr", "nsaid", "onc", "ppi", "qt", "snri", "ssri", "tca", "tnf")
)
_LEVELS: Final[Mapping[str, Tone]] = {"STOP": "danger", "HOLD": "due", "WARN": "accent", "INFO": "neutral"}


def sides_of(row: RuleRow) -> str:
    """Both sides as a pharmacist reads them; a group wears its name."""
    return between(row.kind, _plain(row.side_a), _plain(row.side_b))


def _plain(side: str) -> str:
    names = [part.strip() for part in side.split(";")]
    return ", ".join(
        f"any {group_words(name[1:]).removeprefix('any ')}" if name.startswith("@") else tall_man(name) for name in names
    )


def group_words(name: str) -> str:
    """The name of a group with its abbreviations in capitals."""
    return " ".join(word.upper() if word in _SHORT else word for word in name.split())


def level_tone(level: str) -> Tone:
    """The tone of a level; the strictest of several counts. What is no level (a limit, a class) is neutral."""
    return _LEVELS.get(level.split()[0], "neutral")


def standing_tone(row: RuleRow) -> Tone:
    """Signed is done, unsigned is due, off is neutral."""
    if row.is_off:
        return "neutral"
    return "done" if row.signed_by else "due"


def _spoken(row: RuleRow) -> str:
    evidence = row.evidence
    if not evidence.alerted:
        return ""
    return f"{evidence.alerted:,}" + (f", {evidence.share} passed" if evidence.held else "")


COLUMNS: Sequence[Column[RuleRow]] = (
    Column("Rule", lambda row: row.rule, strong=True, second=lambda row: row.layer_words, width=108),
    Column("Between", lambda row: _plain(row.side_a), second=lambda row: _plain(row.side_b), stretch=3),
    Column("Level", lambda row: row.level, tone=lambda row: level_tone(row.level), shape=True, width=96),
    Column("Spoke", _spoken, sort=lambda row: row.evidence.alerted, right=True, width=96),
    Column("Standing", lambda row: row.standing, tone=standing_tone, shape=True, width=124),
    Column("What happens", lambda row: row.text, hidden=True),
    Column("Kind", lambda row: row.kind.value, hidden=True),
    Column("Source", lambda row: row.source, hidden=True),
)


class InteractionsScreen(Screen):
    """Rules of our own reference and of the enabled sets."""

    stale_on = frozenset({Area.INTERACTIONS, Area.TASKS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._promises: Mapping[str, RuleCount] = {}
        self._layers: Sequence[LayerRow] = ()
        self.enter = self.act("Enter a pair", "Ctrl+N", self.enter_pair, service.enter_pair)
        self.dose = self.act("Enter a dose range", "Ctrl+D", self.enter_dose, service.enter_dose)
        self.sign = self.act("Sign selected rules", "Ctrl+Return", self.sign_selected, service.sign_rules)
        self.correct = self.act("Correct", "Ctrl+E", self.correct_rule, service.correct_rule)
        self.off = self.act("Switch off", "Ctrl+Shift+R", self.switch_off, service.switch_rule_off)
        self.on = self.act("Switch on", "Ctrl+Shift+N", self.switch_on, service.switch_rule_on)
        self._may = {action: action.isEnabled() for action in (self.enter, self.sign, self.correct, self.off, self.on)}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a medicine, rule or word")
        self.search.setAccessibleName("Find in interactions")
        self.search.setFont(font(13))
        self.search.setFixedHeight(36)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(200)
        self.layer = Picker("Set", ["Every set"])
        self.layer.setFixedWidth(128)
        self.layer.choose(0)
        self.scope = SegmentedChoice("Show", SCOPES, chosen=0, switch=True)
        self.kind = Picker("Kind", ["Every kind", *(kind.value.capitalize() for kind in RowKind)])
        self.kind.setFixedWidth(128)
        self.kind.choose(0)
        # One button to enter, for the kind that is looked at; a set is only chosen where there is one beside our own.
        self.layer.hide()
        self._enters = [Button.for_action(action, icon="plus", dense=True) for action in (self.enter, self.dose)]
        self._enters[1].hide()
        actions = [self.search, self.kind, self.layer, self.scope, *self._enters]
        self.page = ListDetail("Interactions", "", actions=actions)
        empty = EmptyState("shield-check", "No rule here", "Try another word, or another set.")
        self.table: RowsTable[RuleRow] = RowsTable(COLUMNS, name="Interactions", empty=empty, many=True)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Shift", "choose many"), ("Ctrl+Enter", "sign")])
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.scope.chosen_changed.connect(lambda _: self._ask())
        self.layer.chosen_changed.connect(lambda _: self._ask())
        self.kind.chosen_changed.connect(lambda _: self._ask())
        self.table.chosen_changed.connect(lambda _: self._show())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    # Reading.

    def reload(self) -> None:
        self.desk.ask(self, service.layers_kept, self._layers_arrived)
        self.desk.ask(self, promises_by_rule, self._promises_arrived)
        self._ask()

    def _promises_arrived(self, counts: Sequence[RuleCount]) -> None:
        self._promises = {count.rule: count for count in counts}
        self._show()

    def _layers_arrived(self, layers: Sequence[LayerRow]) -> None:
        enabled = [layer for layer in layers if layer.is_enabled]
        if [layer.tag for layer in enabled] == [layer.tag for layer in self._layers]:
            return
        self._layers = enabled
        self.layer.setVisible(len(enabled) > 1)
        self.layer.blockSignals(True)
        self.layer.offer(["Every set", *(layer.tag or layer.name for layer in enabled)])
        self.layer.choose(0)
        self.layer.blockSignals(False)

    def _ask(self) -> None:
        place = self.layer.chosen() or 0
        layer = self._layers[place - 1].tag if 0 < place <= len(self._layers) else None
        scope = SCOPES[self.scope.chosen() or 0].casefold()
        kind = [None, *RowKind][self.kind.chosen() or 0]
        for button, is_shown in zip(self._enters, (kind is not RowKind.DOSE, kind is RowKind.DOSE), strict=True):
            button.setVisible(is_shown)
        asked: dict[str, Any] = {"text": self.search.text(), "layer": layer, "kind": kind}
        asked["scope"] = "" if scope == "all" else scope
        self.desk.ask(self, service.rules_found, self._arrived, **asked)

    def _arrived(self, found: RulesFound) -> None:
        self.table.show_rows(found.rows, found.total if found.total > len(found.rows) else None)
        self.page.head.remark.say(f"{found.unsigned:,} to sign" if found.unsigned else "all signed")
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show()

    # Doing.

    def sign_selected(self) -> None:
        """Sign what is chosen and may be signed."""
        seen = [(row.id, row.version) for row in self.table.all_chosen() if _may_be_signed(row)]
        self.desk.do(self, service.sign_rules, said=f"{counted(len(seen), 'rule')} signed.", seen=seen)

    def switch_off(self) -> None:
        """The chosen rule falls silent."""
        if (row := self.table.chosen()) is not None:
            self.desk.do(self, service.switch_rule_off, said=f"{row.rule} is off.", row_key=row.id)

    def switch_on(self) -> None:
        """The chosen rule speaks again."""
        if (row := self.table.chosen()) is not None:
            self.desk.do(self, service.switch_rule_on, said=f"{row.rule} is on.", row_key=row.id)

    def enter_pair(self) -> None:
        """Open an empty editor."""
        said = "Entered, in force and unsigned."
        self._edit(Editor(self.desk, "new", "Enter a pair", rule_fields(RowKind.PAIR), RuleDraft(), service.enter_pair, said=said))

    def enter_dose(self) -> None:
        """Open an empty editor for the usual range of a dose."""
        said, draft = "Entered, in force and unsigned.", RuleDraft(kind=RowKind.DOSE, status="label")
        told = "Only what a source says; the program ships almost none. Orders are judged by it at once."
        title, fields = "Enter a dose range", rule_fields(RowKind.DOSE)
        self._edit(Editor(self.desk, "dose", title, fields, draft, service.enter_dose, said=said, explanation=told))

    def correct_rule(self) -> None:
        """Open the chosen rule in an editor."""
        if (row := self.table.chosen()) is not None:
            self.desk.ask(self, service.rule_history, lambda whole: self._correct(row.id, whole.draft), row_key=row.id)

    def open_editor(self, name: str) -> None:
        if name == "new":
            self.enter_pair()
        elif name == "dose":
            self.enter_dose()
        else:
            kind, _, rest = name.removeprefix("correct ").partition(" ")
            row_key, _, began = rest.rpartition(" ")
            self._correct(row_key, RuleDraft(kind=RowKind[kind], began=began))

    def _correct(self, row_key: str, draft: RuleDraft) -> None:
        editor = Editor(
            self.desk,
            f"correct {draft.kind.name} {row_key} {draft.began}",
            f"Correct {draft.about}" if draft.about else "Correct this rule",
            rule_fields(draft.kind),
            draft,
            service.correct_rule,
            given=lambda typed: {"row_key": row_key, "draft": typed},
            said="Corrected, in force and unsigned. See Recall of knowledge for what relied on it.",
            explanation="A corrected rule counts at once, marked unsigned until the pharmacist in charge has seen it.",
        )
        self._edit(editor)

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show())
        editor.cancelled.connect(self._show)

    # Showing.

    def _show(self) -> None:
        if self.editor is not None:
            return
        rows = self.table.all_chosen()
        self._judge_actions(rows)
        if len(rows) == 1:
            self._open(rows[0], None)
            self.desk.ask(self, service.rule_history, partial(self._open, rows[0]), row_key=rows[0].id)
        elif rows:
            ready = sum(map(_may_be_signed, rows))
            told = f"{ready} can be signed now." if ready else "None of them can be signed."
            memory = sum(row.status not in _STATUSES for row in rows if _may_be_signed(row))
            if memory:
                told += f" {memory} rest on memory or policy: you will be asked what you compared with."
            title = Text(f"{len(rows)} rules chosen", 20, 600)
            said = holding(down(title, _counts(rows), Text(told, 13, 400, "ink2", wraps=True), STRETCH, gap=12))
            self.page.show_detail(said, Button.for_action(self.sign, "primary", icon="check"))
        else:
            self.page.show_detail(None)

    def _judge_actions(self, rows: Sequence[RuleRow]) -> None:
        one = rows[0] if len(rows) == 1 else None
        wanted = (
            (self.correct, one is not None and not one.is_off),
            (self.off, one is not None and not one.is_off and not one.off_refusal),
            (self.on, one is not None and one.is_off),
            (self.sign, any(map(_may_be_signed, rows))),
        )
        for action, is_possible in wanted:
            if self._may[action]:
                action.setEnabled(is_possible)
        if self._may[self.sign]:
            self.off.setWhatsThis((one.off_refusal or "") if one is not None else "")
            is_ready = self.sign.isEnabled() or not rows
            self.sign.setWhatsThis("" if is_ready else f"{rows[0].rule} is {rows[0].standing}.")

    def _open(self, row: RuleRow, whole: RuleHistory | None) -> None:
        now = self.table.all_chosen()
        if self.editor is not None or [one.id for one in now] != [row.id]:
            return
        turn = self.on if row.is_off else self.off
        buttons = [Button.for_action(self.sign, "primary", icon="check"), Button.for_action(self.correct, icon="pencil-simple")]
        if not row.off_refusal:
            buttons.append(Button.for_action(turn))
        self.page.show_detail(_one(row, whole, self._promises.get(row.rule)), *buttons)


def _may_be_signed(row: RuleRow) -> bool:
    return not row.signed_by and not row.is_off


def _counts(rows: Sequence[RuleRow]) -> QWidget:
    by_level: dict[str, int] = {}
    for row in rows:
        by_level[row.level] = by_level.get(row.level, 0) + 1
    return FactList([Fact(level, str(count)) for level, count in by_level.items()])


def _one(row: RuleRow, whole: RuleHistory | None, promised: RuleCount | None) -> QWidget:
    head = across(Pill(row.level, level_tone(row.level)), Pill(row.standing.capitalize(), standing_tone(row)), STRETCH)
    title = sides_of(row) if row.is_fact else f"{row.rule}: {sides_of(row)}"
    parts: list[QWidget] = [Text(title, 16, 600, wraps=True), *([Text(row.text, 13, wraps=True)] if row.text else [])]
    about = [Fact("Set", row.layer_words), Fact("Kind", row.kind.value), Fact("Source", row.source)]
    about.append(Fact("Rests on", _STATUSES.get(row.status, row.status)))
    evidence = row.evidence
    spoke = f"in {counted(evidence.alerted, 'order')}" if evidence.alerted else "never in a kept screening"
    about.append(Fact("Spoke", spoke))
    if row.off_refusal:
        about.append(Fact("Always on", row.off_refusal))
    if evidence.held:
        about.append(Fact("Passed with a reason", f"{evidence.overridden} of {evidence.held} times it held ({evidence.share})"))
    if promised is not None:
        told = (
            (promised.kept, "kept"),
            (promised.broken, "broken"),
            (promised.open, "open"),
            (promised.not_needed, "not needed any more"),
        )
        words = ", ".join(f"{count} {word}" for count, word in told if count)
        about.append(Fact("Promises under it", words, "due" if promised.broken else None))
    if whole is not None:
        about += _more(whole)
    parts.append(FactList(about))
    if whole is not None and whole.changes:
        parts.append(SectionTitle("Versions made here", f"{len(whole.changes)}", px=14))
        for change in whole.changes:
            because = f": {change.reason}" if change.reason else ""
            parts.append(Text(f"{change.what.capitalize()} {day(change.at.date())} by {change.by}{because}", 13, 600, wraps=True))
            if change.has_lapsed:
                ended = "Ended by itself: the rule does not say any more what was switched off."
                parts.append(Text(ended, 12, 400, "ink2", wraps=True))
            if change.what in ("corrected", "entered"):
                said = f"Before: {change.before}" if change.before else f"Says: {change.said}"
                parts.append(Text(said, 12, 400, "ink2", wraps=True))
    return holding(down(head, *parts, STRETCH, gap=12))


def _more(whole: RuleHistory) -> list[Fact]:
    draft = whole.draft
    told = [
        ("Only if", draft.condition if draft.kind is RowKind.PAIR else ""),
        ("But not", draft.exceptions.replace("; ", ", ")),
        ("Routes", " and ".join(filter(None, (draft.route_a, draft.route_b)))),
        ("Counts after the last dose", " / ".join(f"{days} days" for days in (draft.washout_a, draft.washout_b) if days)),
        ("Compared with", whole.compared_with),
        *((f"Any {group_words(name)}", members) for name, members in whole.groups),
    ]
    return [Fact(label, value) for label, value in told if value]
