"""Stock, Pump rules: the pharmacy's days for pumps, and the therapies that need more than one; whose name is under each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.equipment import queries, service
from infusiondesk.equipment.exchange import backup_rules, shipped_policy
from infusiondesk.equipment.rules import SERVES, BackupDraft, BackupRule, EquipmentPolicy, RulesDraft
from infusiondesk.foundation.kernel.ismp import counted
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import CheckField, ChoiceField, MultiChoiceField, NumberField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.orders.rules import Pattern

DAYS, THERAPIES = "Days", "Pumps in the home"
_DAYS: Final = (
    NumberField("due_days", "Upkeep is listed as due", unit="days before", whole=True, required=True),
    NumberField("return_days", "A pump should be back", unit="days after", whole=True, required=True, hint="the end of its order"),
    CheckField("counts_day_back", "The day on which it comes back is a rental day"),
)
_BACKUP: Final = (
    ChoiceField("therapy_class", "Therapy", choices=list(SERVES.items()), required=True, spread=False),
    MultiChoiceField("runs", "Where it runs", choices=[one.value for one in Pattern], hint="none chosen: however it runs"),
    NumberField("pumps", "Pumps in the home", whole=True, required=True, hint="1: it needs no back-up"),
    TextField("why", "Why", required=True, wide=True),
    TextField("source", "Where this stands", required=True, wide=True, hint="your policy, the manual"),
)


@dataclass(frozen=True)
class RuleRow:
    """One decision, with the words of who decided it."""

    id: str
    group: str
    what: str
    says: str
    source: str
    is_signed: bool
    backup: BackupRule | None = None


COLUMNS: Sequence[Column[RuleRow]] = (
    Column("What", lambda row: row.what, strong=True, stretch=1, wraps=True),
    Column("Says", lambda row: row.says, wraps=True, stretch=2),
    Column("Where it is from", lambda row: row.source, wraps=True, stretch=1),
    Column(
        "State",
        lambda row: "signed" if row.is_signed else "not signed",
        tone=lambda row: "done" if row.is_signed else "due",
        shape=True,
        width=120,
    ),
)


def rule_rows(policy: EquipmentPolicy, table: Sequence[BackupRule]) -> list[RuleRow]:
    """Everything that is decided about pumps: what nobody signed first in each group."""
    signed = policy.signed_on is not None
    says = "is a rental day" if policy.counts_day_back else "is no rental day"
    rows = [
        RuleRow("due", DAYS, "Upkeep is due", f"{counted(policy.due_within.days, 'day')} before", policy.said_by, signed),
        RuleRow(
            "back", DAYS, "A pump should be back", f"{counted(policy.return_within.days, 'day')} after the end of its order",
            policy.said_by, signed,
        ),
        RuleRow("rental", DAYS, "The day on which it comes back", says, policy.said_by, signed),
    ]  # fmt: skip
    lines = [
        RuleRow(
            f"{rule.therapy_class} {rule.runs}", THERAPIES, SERVES[rule.therapy_class], _says(rule), rule.said_by,
            rule.signed_on is not None, rule,
        )
        for rule in table
    ]  # fmt: skip
    return rows + sorted(lines, key=lambda row: row.is_signed)


def _says(rule: BackupRule) -> str:
    runs = f", {' or '.join(rule.ways)}" if rule.ways else ""
    return f"{counted(rule.pumps, 'pump')}{runs}: {rule.why}"


class PumpRulesScreen(Screen):
    """What due lists, rental days and missing back-ups rest on."""

    stale_on = frozenset({Area.EQUIPMENT})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._policy = shipped_policy()
        self.backup = self.act("Decide for a therapy", "Ctrl+N", self.new_backup, service.set_backup)
        self.days = self.act("Set the days", "Ctrl+E", self.set_days, service.set_equipment_policy)
        buttons = [Button.for_action(action, dense=True) for action in self.actions()]
        self.page = ListDetail("Pump rules", "what is due, what should be back, who needs two", actions=list(buttons))
        self.table: RowsTable[RuleRow] = RowsTable(
            COLUMNS, name="Pump rules", group=lambda row: row.group,
            empty=EmptyState("package", "No rules", "They are read from the store."),
        )  # fmt: skip
        self.page.set_list(self.table)
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.equipment_policy, self._policy_arrived, shipped=shipped_policy())

    def _policy_arrived(self, policy: EquipmentPolicy) -> None:
        self._policy = policy
        self.desk.ask(self, queries.backup_table, self._arrived, table=backup_rules())

    def _arrived(self, table: Sequence[BackupRule]) -> None:
        self.table.show_rows(rule_rows(self._policy, table))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def open_editor(self, name: str) -> None:
        {"days": self.set_days}.get(name, self.new_backup)()

    def set_days(self) -> None:
        """Sign the pharmacy's days."""
        explanation = "They count from now on, for every pump."
        self._edit(
            Editor(
                self.desk, "days", "Days for pumps", _DAYS, RulesDraft.of(self._policy), service.set_equipment_policy,
                said="Signed. The days count from now on.", save="Sign", explanation=explanation,
            )
        )  # fmt: skip

    def new_backup(self) -> None:
        """Sign how many pumps another therapy needs."""
        self._edit_backup(BackupDraft())

    def change_backup(self, rule: BackupRule) -> None:
        """Sign the chosen line, as it is or changed."""
        self._edit_backup(BackupDraft.of(rule))

    def _edit_backup(self, draft: BackupDraft) -> None:
        explanation = "It stands in the place of every line of that therapy, and counts for every order at once."
        self._edit(
            Editor(
                self.desk, "backup", "Pumps in the home", _BACKUP, draft, service.set_backup, said="Signed. It counts at once.",
                save="Sign", explanation=explanation,
            )
        )  # fmt: skip

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))

    def _show(self, row: RuleRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        pill = Pill("signed" if row.is_signed else "not signed", "done" if row.is_signed else "due")
        facts = FactList([Fact("Says", row.says), Fact("From", row.source)])
        items: list[Item] = [across(pill, STRETCH), Text(row.what, 20, 600, wraps=True), facts]
        change = Button("Change or sign", "primary", icon="check")
        verb = service.set_equipment_policy if row.backup is None else service.set_backup
        change.clicked.connect(self.set_days if row.backup is None else partial(self.change_backup, row.backup))
        if sentence := self.desk.refusal(verb.permission):
            change.forbid(sentence)
        if not row.is_signed and row.backup is not None and not row.backup.is_decided:
            items.append(Text("A proposal: until somebody signs it, a missing pump is no alarm.", 13, ink="due", wraps=True))
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), change)
