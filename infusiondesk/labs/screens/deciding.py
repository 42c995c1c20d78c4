"""The panel in which a pharmacist decides on one report: whom to call, the decision, and its signature."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.forms import CheckField, ChoiceField, DateTimeField, Field, Form, LongTextField, TextField
from infusiondesk.foundation.qtkit.parts.actions import ActionColumn
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.tokens import Token
from infusiondesk.labs import service
from infusiondesk.labs.queries import OpenReport
from infusiondesk.labs.rules import ACTIONS, Level
from infusiondesk.labs.rules.review import MODES, ReviewDraft
from infusiondesk.labs.screens.showing import TONES, WORDS


class DecisionPanel(Card):
    """One report's decision; built anew for each report, its typing kept by the screen."""

    def __init__(self, desk: Desk, opened: OpenReport, due: str, is_late: bool, judge_again: Callable[[], None]) -> None:
        super().__init__(padding=0, gap=0)
        self.desk, self.opened = desk, opened
        report = opened.report
        is_critical = report.level is Level.CRITICAL
        draft = ReviewDraft(is_critical=is_critical, needs_dietitian=report.needs_dietitian)
        self.form = Form(self._fields(is_critical=is_critical), draft, columns=1)
        if not report.needs_dietitian:
            self.form.show_field("dietitian", False)
        self._blank = self.form.snapshot()
        self.sign = Button("Sign review", "primary", icon="pen-nib", key="Ctrl+Return")
        self.sign.clicked.connect(self._sign)
        self.again = Button("Judge again")
        self.again.clicked.connect(judge_again)
        for button, verb in ((self.sign, service.review_report), (self.again, service.judge_again)):
            if sentence := desk.refusal(verb.permission):
                button.forbid(sentence)
        tone: Token = "danger" if is_critical or is_late else "due" if report.level in (Level.RED, Level.FLAG) else "ink2"
        items: list[Item] = [
            across(Pill(WORDS[report.level], TONES[report.level]), STRETCH, Text(due, 13, 600, tone, keeps=True)),
            Text(f"{opened.prescriber or 'No prescriber'}, {opened.prescriber_phone or 'no telephone'}", 13, 600, wraps=True),
        ]
        if opened.after_hours_phone:
            items.append(Text(f"After hours {opened.after_hours_phone}", 12, ink="ink2"))
        items += [Text(therapy, 13, wraps=True) for therapy in opened.therapies]
        count = len(report.not_checked)
        if count:
            words = f"{count} thing{'' if count == 1 else 's'} could not be checked, see the report."
            items.append(Text(words, 12, ink="due", wraps=True))
        items.append(self.form)
        items += self._earlier()
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Scroll(holding(down(*items, STRETCH, gap=8, margins=(16, 14, 16, 12)))), 1)
        buttons = ActionColumn(self.sign, self.again)
        column.addWidget(holding(across((buttons, 1), margins=(16, 4, 16, 14))))
        self.body.addLayout(column, 1)

    def typed(self) -> dict[str, str] | None:
        """What is being typed; None while the form is untouched."""
        found = self.form.snapshot()
        return None if found == self._blank else found

    def _fields(self, *, is_critical: bool) -> Sequence[Field | str]:
        zone = self.desk.store.clock.zone
        return [
            ChoiceField("action", "Decision", choices=list(ACTIONS), required=True),
            LongTextField("interpretation", "What the results mean", lines=3, required=True),
            TextField("dietitian", "Dietitian who reviewed too", required=True),
            "Prescriber contact, needed" if is_critical else "Prescriber contact",
            TextField("contact_name", "Reached", hint="name of the prescriber or nurse", required=is_critical),
            DateTimeField("contacted_at", "At", zone=zone, required=is_critical),
            ChoiceField("contact_mode", "By", choices=list(MODES), spread=False, required=is_critical),
            TextField("response", "Answer", required=is_critical),
            CheckField("read_back", "The result was read back to me"),
        ]

    def _earlier(self) -> list[Item]:
        if not self.opened.earlier_decisions:
            return []
        facts = [Fact(day(one.at), f"{one.action}, {one.lead}") for one in self.opened.earlier_decisions]
        return [SectionTitle("Earlier decisions", px=14), FactList(facts, label_width=88, dense=True)]

    def _sign(self) -> None:
        if self.form.show_problems():
            return
        self.desk.do(
            self,
            service.review_report,
            said="The review is signed.",
            when_refused=self._refused,
            report_id=self.opened.report.id,
            draft=self.form.draft,
        )

    def _refused(self, refusal: Refused) -> None:
        self.form.refuse(refusal.sentence, refusal.field)
