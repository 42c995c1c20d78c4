"""Delivery rules: on which days and how early the pharmacy delivers, its own days, and its validated shippers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.compounding.rules import Storage
from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.queries import DayRow
from infusiondesk.dispensing.rules import WEEKDAYS, CalendarDraft, DayDraft, DeliveryCalendar, ShipperDraft, ShipperFacts
from infusiondesk.dispensing.screens.beside import edit_beside
from infusiondesk.foundation.kernel.ismp import counted, day, number
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, MultiChoiceField, NumberField, TextField, TimeField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable

RULE, SHIPPERS, DAYS = "How we deliver", "Validated shippers", "Days that are different"


@dataclass(frozen=True)
class RuleRow:
    """The rule, one shipper, or one day."""

    id: str
    group: str
    what: str
    says: str
    source: str
    shipper: ShipperFacts | None = None
    on: date | None = None
    is_open: bool | None = None


COLUMNS: Sequence[Column[RuleRow]] = (
    Column("What", lambda row: row.what, strong=True, stretch=1),
    Column("Says", lambda row: row.says, wraps=True, stretch=2),
    Column("Where it is from", lambda row: row.source, wraps=True, stretch=1),
)


def rule_rows(calendar: DeliveryCalendar, shippers: Sequence[ShipperFacts], days: Sequence[DayRow]) -> list[RuleRow]:
    """Everything that decides when and in what a delivery leaves."""
    policy = calendar.policy
    rows = [
        RuleRow("lead", RULE, "Lead before run-out", counted(policy.lead_days, "day"), policy.source),
        RuleRow("weekdays", RULE, "Delivery weekdays", ", ".join(policy.weekdays), policy.source),
        RuleRow("hour", RULE, "Doses counted from", f"{policy.first_dose:%H:%M}", policy.source),
    ]
    rows += [
        RuleRow(
            str(one.id), SHIPPERS, one.name,
            f"{one.storage.words}, months {one.first_month} to {one.last_month}, {number(one.qualified_hours)} hours",
            f"{one.source}; {f'signed by {one.signed_by}' if one.signed_by else 'not signed'}", one,
        )
        for one in shippers
    ]  # fmt: skip
    rows += [
        RuleRow(
            one.id, DAYS, day(one.on), f"{'We deliver' if one.is_open else 'No delivery'}: {one.because}",
            "entered here" if one.is_own else "public holiday of the state", on=one.on, is_open=one.is_open,
        )
        for one in days
    ]  # fmt: skip
    return rows


class DeliveryRulesScreen(Screen):
    """What the calendar and the pack-out rest on."""

    stale_on = frozenset({Area.DISPENSING})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._calendar = DeliveryCalendar()
        self._shippers: Sequence[ShipperFacts] = ()
        self._openers: dict[str, Callable[[], None]] = {
            "rule": self.set_rule, "day": self.enter_day, "shipper": self.enter_shipper,
            "correct shipper": self._correct_chosen,
        }  # fmt: skip
        self.act("Enter a day", "Ctrl+N", self.enter_day, service.enter_delivery_day)
        self.act("Enter a shipper", "Ctrl+Shift+N", self.enter_shipper, service.enter_shipper)
        self.act("Set the rule", "Ctrl+E", self.set_rule, service.set_delivery_rule)
        buttons = [Button.for_action(action, dense=True) for action in self.actions()]
        self.page = ListDetail("Delivery rules", "when and in what a delivery leaves", actions=list(buttons))
        self.table: RowsTable[RuleRow] = RowsTable(
            COLUMNS,
            name="Delivery rules",
            group=lambda row: row.group,
            empty=EmptyState("calendar", "No rules", "They are read from the store."),
        )
        self.page.set_list(self.table)
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.delivery_calendar, self._take_calendar)

    def open_editor(self, name: str) -> None:
        if name in self._openers:
            self._openers[name]()

    def set_rule(self) -> None:
        """Lead, weekdays, hour."""
        policy = self._calendar.policy
        self._edit(
            Editor(
                self.desk,
                "rule",
                "How we deliver",
                [
                    NumberField("lead_days", "Lead before run-out", unit="days", whole=True, required=True),
                    MultiChoiceField("weekdays", "Delivery weekdays", choices=WEEKDAYS, required=True),
                    TimeField("first_dose", "Doses counted from", required=True, hint="an order names no hour"),
                ],
                CalendarDraft(policy.lead_days, policy.weekdays, policy.first_dose),
                service.set_delivery_rule,
                said="The rule counts from now on.",
            )
        )

    def enter_day(self) -> None:
        """A day that is not like its weekday."""
        row = self.table.chosen()
        on = row.on if row is not None else None
        self._edit(
            Editor(
                self.desk,
                "day",
                "A day that is different",
                [
                    DateField("on", "Day", required=True),
                    ChoiceField(
                        "is_open",
                        "Deliveries",
                        required=True,
                        choices=[(False, "None on that day"), (True, "We deliver")],
                        spread=False,
                    ),
                    TextField("because", "Why", required=True, hint="inventory; we deliver on this holiday"),
                ],
                DayDraft(on),
                service.enter_delivery_day,
                said="The day is entered.",
            )
        )

    def enter_shipper(self) -> None:
        """A pack-out with its study."""
        self._edit_shipper(None)

    def _edit_shipper(self, known: ShipperFacts | None) -> None:
        """A new one, or one as it stands."""
        self._edit(
            Editor(
                self.desk,
                "correct shipper" if known else "shipper",
                f"Correct {known.name}" if known else "A shipper",
                [
                    TextField("name", "Shipper", required=True, hint="as it stands on the box"),
                    ChoiceField(
                        "storage", "Keeps", required=True, choices=[(one.value, one.words) for one in Storage], spread=False
                    ),
                    NumberField("first_month", "From month", whole=True, required=True),
                    NumberField("last_month", "To month", whole=True, required=True),
                    NumberField("qualified_hours", "Qualified for", unit="hours", required=True),
                    TextField("source", "Study that qualified it", required=True),
                ],
                ShipperDraft.of(known) if known else ShipperDraft(),
                service.correct_shipper if known else service.enter_shipper,
                given=lambda draft: {"draft": draft, **({"shipper_id": known.id} if known else {})},
                said="Kept. It is packed in when a pharmacist has signed it.",
                explanation="A winter goes over the year's end: from month 11 to month 4.",
            )
        )

    def _correct_chosen(self) -> None:
        if (row := self.table.chosen()) is not None and row.shipper is not None:
            self._edit_shipper(row.shipper)

    def _edit(self, editor: Editor) -> None:
        edit_beside(self, self.page, editor, lambda: self._show(self.table.chosen()))

    def _take_calendar(self, calendar: DeliveryCalendar) -> None:
        self._calendar = calendar
        self.desk.ask(self, queries.shippers, self._take_shippers)

    def _take_shippers(self, rows: Sequence[ShipperFacts]) -> None:
        self._shippers = rows
        self.desk.ask(self, queries.special_days, self._show_rows)

    def _show_rows(self, days: Sequence[DayRow]) -> None:
        self.table.show_rows(rule_rows(self._calendar, self._shippers, days))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    def _show(self, row: RuleRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        items = [Text(row.what, 20, 600, wraps=True), FactList([Fact("Says", row.says), Fact("From", row.source)])]
        if not any(one.signed_by for one in self._shippers):
            told = "No shipper is validated and signed: a cold delivery asks for a reason, which is printed."
            items.append(Text(told, 13, ink="due", wraps=True))
        self.page.show_detail(holding(down(*items, STRETCH, gap=10)), *(self._buttons(row.shipper) if row.shipper else ()))

    def _buttons(self, one: ShipperFacts) -> list[Button]:
        sign = Button("Sign as validated", "primary", icon="check")
        sign.clicked.connect(partial(self._sign, one.id))
        if one.signed_by:
            sign.forbid(f"{one.signed_by} has signed it.")
        correct = Button("Correct")
        correct.clicked.connect(partial(self._edit_shipper, one))
        retire = Button("Retire shipper", "danger_outline")
        retire.clicked.connect(partial(self._retire, one.id))
        for button, verb in ((sign, service.sign_shipper), (correct, service.correct_shipper), (retire, service.retire_shipper)):
            if sentence := self.desk.refusal(verb.permission):
                button.forbid(sentence)
        return [sign, correct, retire]

    def _sign(self, shipper_id: UUID) -> None:
        self.desk.do(self, service.sign_shipper, said="Signed. It may be packed in.", shipper_id=shipper_id)

    def _retire(self, shipper_id: UUID) -> None:
        self.desk.do(self, service.retire_shipper, said="Retired.", shipper_id=shipper_id)
