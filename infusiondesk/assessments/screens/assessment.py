"""Chart, Assessment: what is asked on the left, what the gate says of it on the right; kept, settled, signed, printed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from infusiondesk.assessments import queries, service
from infusiondesk.assessments.documents import assessment_paper, draw_assessment
from infusiondesk.assessments.queries import AssessmentRow
from infusiondesk.assessments.rules.answers import SECTIONS, AssessmentDraft, Kind, Question, SettleCode, SettleDraft
from infusiondesk.assessments.rules.standing import GateView, StandingFinding, obstacle
from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.people import Area, Query, Verb
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import (
    ChoiceField,
    DateTimeField,
    Field,
    Form,
    LongTextField,
    MultiChoiceField,
    NumberField,
    TextField,
)
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Mark, Pill
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.signature import SignatureBox
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.patients.queries.paper import patient_block
from infusiondesk.staff.queries import paper_signatures, printing_of

STATES: dict[str, Tone] = {"draft": "due", "current": "done", "superseded": "neutral"}
_YES_NO = ((True, "Yes"), (False, "No"))
_LOOK_AFTER_MS = 250  # the gate is asked when typing pauses, not at each key
_EMPTY, _FORM, _SIGNED = range(3)


def field_of(question: Question) -> Field:
    """The control that answers a question."""
    name, label, hint = question.name, question.label, question.hint
    if question.kind is Kind.TEXT:
        return TextField(name, label, hint=hint)
    if question.kind is Kind.NUMBER:
        return NumberField(name, label, hint=hint, unit=question.unit, whole=True)
    if question.kind is Kind.SOME:
        return MultiChoiceField(name, label, hint=hint, choices=question.choices)
    if question.kind is Kind.ONE:
        return ChoiceField(name, label, hint=hint, choices=[(one, one.capitalize()) for one in question.choices])
    return ChoiceField(name, label, hint=hint, choices=_YES_NO)


def fields_of_all() -> list[Field | str]:
    """Every question under its heading."""
    found: list[Field | str] = []
    for section in SECTIONS:
        found += [section.title, *map(field_of, section.questions)]
    return found


class AssessmentScreen(Screen):
    """The assessments of the open patient, the newest to work on; what crosses the slices is handed in."""

    stale_on = frozenset({Area.ASSESSMENTS, Area.PATIENTS, Area.ORDERS, Area.INTERACTIONS})

    def __init__(
        self,
        desk: Desk,
        *,
        sign: Verb[Any, ..., UUID],
        settle: Verb[Any, ..., None],
        findings: Query[Any, ..., GateView],
        activate: Verb[Any, ..., None] | None = None,
    ) -> None:
        super().__init__(desk)
        self._sign, self._settle, self._findings, self._activate = sign, settle, findings, activate
        self._rows: Sequence[AssessmentRow] = ()
        self._view: GateView | None = None
        self._block: PatientBlock | None = None
        self._seen = AssessmentDraft()
        self._shown: UUID | None = None
        self._is_typed = False
        self._restored: dict[str, Any] | None = None
        self._print = self.act("Print assessment", "Ctrl+P", self.print_assessment)
        self.page = ListDetail("Assessment", actions=[Button.for_action(self._print, icon="printer")], detail_width=460)
        self.empty = EmptyState(
            "clipboard-text",
            "No assessment yet",
            "Nothing is dispensed before a pharmacist has signed one.",
            "Start an assessment",
        )
        self.empty.asked.connect(self.start)
        self.form = Form(fields_of_all(), AssessmentDraft(), summary=False)
        self.form.changed.connect(self._typed)
        self._answers = down(gap=8)
        self.stack = QStackedWidget()
        for page in (self.empty, _scrolling(self.form), _scrolling(holding(self._answers))):
            self.stack.addWidget(page)
        self.page.set_list(self.stack)
        self.page.set_foot_keys([("Tab", "next question"), ("Ctrl+S", "keep"), ("Ctrl+Enter", "sign"), ("Ctrl+P", "print")])
        self._soon = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._soon.timeout.connect(self._look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def show_patient(self, patient_id: UUID) -> None:
        if patient_id != self.patient_id:
            self.keep_draft()
            self._rows, self._view, self._block, self._shown = (), None, None, None
            self._is_typed, self._restored, self._kept, self.editor = False, None, None, None
        super().show_patient(patient_id)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, patient_block, self._take_block, patient_id=self.patient_id)
            self.desk.ask(self, queries.assessments_of, self._show_rows, patient_id=self.patient_id)

    # What is typed survives a lock ---------------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any] | None:
        if not self._is_typed or not self._rows:
            return None
        return {"assessment": str(self._rows[0].id), "typed": self.form.snapshot()}

    def restore_draft(self, kept: dict[str, Any]) -> None:
        self._restored = kept
        self._put_back()

    def _put_back(self) -> None:
        """Answers that were typed and not kept, if they belong to the assessment that is still open."""
        if self._restored is None or self._shown is None:
            return
        kept, self._restored = self._restored, None
        if kept.get("assessment") == str(self._shown):
            self.form.restore(kept["typed"])

    # What is done --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.desk.do(self, service.start_assessment, said="Started. Every question left open is named on the right.",
                     patient_id=self.patient_id)  # fmt: skip

    def keep(self, then: Callable[[], None] | None = None) -> None:
        """Keep the answers as they stand; `then` goes on once they are kept."""
        if self.form.show_problems():
            return

        def kept(_: object) -> None:
            self._rest()
            if then is not None:
                then()

        self.desk.do(
            self, service.keep_answers, kept, said="Kept.", when_refused=lambda no: self.form.refuse(no.sentence, no.field),
            assessment_id=self._newest.id, draft=replace(self.form.draft), seen=self._seen,
        )  # fmt: skip

    def sign(self) -> None:
        if self.form.show_problems():
            return
        self.desk.do(
            self, self._sign, lambda _: self._rest(), said="The assessment is signed.",
            assessment_id=self._newest.id, draft=replace(self.form.draft),
        )  # fmt: skip

    def settle(self, finding: StandingFinding) -> None:
        """A reason under one HOLD; what is typed on the left is kept first, for the reason answers that."""
        if self._is_typed:
            self.keep(partial(self._open_settling, finding))
        else:
            self._open_settling(finding)

    def make_active(self) -> None:
        if self._activate is not None:
            self.desk.do(self, self._activate, said="The patient is active.", patient_id=self.patient_id)

    def print_assessment(self) -> None:
        if self._rows and self._block is not None:
            self.desk.ask(self, printing_of, self._draw)

    def _open_settling(self, finding: StandingFinding) -> None:
        codes = [(one.value, one.value.capitalize()) for one in SettleCode]
        fields: list[Field | str] = [
            ChoiceField("code", "Kind of reason", choices=codes, required=True),
            LongTextField("text", "What was done, and why that is enough", lines=4, required=True),
        ]
        if finding.needs_prescriber_contact:
            fields += [
                TextField("prescriber_name", "Prescriber reached", required=True),
                DateTimeField("prescriber_told_at", "Reached", zone=self.desk.store.clock.zone, required=True),
                ChoiceField("read_back", "Answer read back", choices=_YES_NO, required=True),
            ]
        given = {"assessment_id": self._newest.id, "rule": finding.rule, "about": finding.about, "because": finding.because}
        editor = self.begin(
            Editor(
                self.desk, "settle", f"Settle {finding.rule}", fields, SettleDraft(), self._settle,
                given=lambda draft: {**given, "draft": draft}, said=f"{finding.rule} is settled.", save="Settle finding",
                explanation=f"{_sentence(finding.because)} {_sentence(finding.resolution)}",
            )
        )  # fmt: skip
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.form.focus_field("code")
        editor.saved.connect(lambda _: self._look())
        editor.cancelled.connect(self._show_detail)

    # What is shown -------------------------------------------------------------------------------------------------------

    @property
    def _newest(self) -> AssessmentRow:
        return self._rows[0]

    def _typed(self) -> None:
        self._is_typed = True
        self._soon.start()

    def _rest(self) -> None:
        """Nothing is typed that is not kept."""
        self._is_typed = False
        self.keep_draft()

    def _take_block(self, block: PatientBlock) -> None:
        self._block = block

    def _show_rows(self, rows: Sequence[AssessmentRow]) -> None:
        self._rows = rows
        self._print.setEnabled(bool(rows))
        if not rows:
            self.stack.setCurrentIndex(_EMPTY)
            self.page.head.remark.say("")
            self.page.show_detail(None)
            return
        row = self._newest
        self.page.head.remark.say(f"number {row.number}, {row.state}")
        if row.state == "draft":
            if row.id != self._shown or not self._is_typed:
                self._seen = row.answers
                self.form.fresh(replace(row.answers))
            self._shown = row.id
            self.stack.setCurrentIndex(_FORM)
            self._put_back()
        else:
            self._shown = None
            self._show_answers(row)
            self.stack.setCurrentIndex(_SIGNED)
        self._look()

    def _show_answers(self, row: AssessmentRow) -> None:
        clear(self._answers)
        for section in SECTIONS:
            self._answers.addWidget(SectionTitle(section.title, px=14))
            self._answers.addWidget(
                FactList([Fact(one.label, row.answers.words(one)) for one in section.questions], label_width=260)
            )
        self._answers.addStretch(1)

    def _look(self) -> None:
        """Ask the gate: of a draft, with what is typed."""
        draft = replace(self.form.draft) if self._rows and self._newest.state == "draft" else None
        self.desk.ask(self, self._findings, self._take_view, patient_id=self.patient_id, draft=draft)

    def _take_view(self, view: GateView) -> None:
        self._view = view
        self._show_detail()

    def _show_detail(self) -> None:
        if self.editor is not None or self._view is None or not self._rows:
            return
        row = self._newest
        is_draft = row.state == "draft"
        items: list[Item] = [Pill(row.state.capitalize(), STATES[row.state]), Text(f"{row.kind} {row.number}", 20, 600, wraps=True)]
        if row.reason:
            items.append(Text(f"Assessed again because: {row.reason}", 13, ink="ink2", wraps=True))
        items += [self._signature(one.meaning, one) for one in row.signatures]
        if self._view.not_known and is_draft:
            items += [Text("Not known yet", 14, 600), Text(_sentence(", ".join(self._view.not_known)), 13, ink="due", wraps=True)]
        found = self._view.findings if is_draft else row.findings
        again = [one for one in self._view.findings if one.is_open] if row.state == "current" and row.answers.is_accepted else []
        if again:
            items.append(Text("Open since it was signed: start a reassessment", 14, 600, "danger", wraps=True))
            items += [self._finding(one, may_settle=False) for one in again]
        items.append(Text("Findings", 14, 600))
        items += [self._finding(one, may_settle=is_draft) for one in found]
        if not found:
            items.append(Text("No rule found anything.", 13, ink="ink2"))
        buttons = self._draft_buttons(found) if is_draft else self._signed_buttons()
        self.page.show_detail(holding(down(*items, STRETCH, gap=8)), *buttons)

    def _finding(self, finding: StandingFinding, *, may_settle: bool) -> QWidget:
        title = f"{finding.level} {finding.rule}"
        if not finding.is_open:
            words = f"{finding.disposition} ({finding.settled_by})" if finding.disposition else finding.because
            mark = Mark("check", "done", title) if finding.disposition else Mark("dot", "ink3", title)
            return holding(across(mark, (Text(f"{title}: {_sentence(words)}", 12, ink="ink2", wraps=True), 1)))
        is_hold = finding.level == "HOLD"
        answers = ["Settle"] if is_hold and may_settle else []
        sentence = f"{_sentence(finding.because)} What opens it: {_sentence(finding.resolution, capital=False)}"
        if len({subject for one in (self._view.findings if self._view else ()) for subject in one.subjects}) > 1:
            sentence += f" For {'; '.join(finding.subjects)}."
        alert = AlertInline(title, sentence, tone="due" if is_hold else "danger", answers=answers)
        for button in alert.buttons:
            button.setObjectName(f"settle-{finding.rule}-{finding.about}".rstrip("-"))
            button.setAccessibleName(f"Settle {finding.rule} {finding.about}".strip())
            if refusal := self.desk.refusal(self._settle.permission):
                button.forbid(refusal)
        alert.answered.connect(lambda _: self.settle(finding))
        return alert

    def _signature(self, meaning: str, signature: Any) -> QWidget:
        if not signature.holds:
            return Text(signature.text(), 13, 600, "danger", wraps=True)
        box = SignatureBox(meaning.capitalize())
        when = moment(signature.at.astimezone(self.desk.store.clock.zone))
        box.show_signed(signature.name)
        told = ", ".join(part for part in (signature.licence, when) if part)
        return holding(down(box, Text(told, 12, ink="ink2", wraps=True), gap=2))

    def _draft_buttons(self, findings: Sequence[StandingFinding]) -> list[Button]:
        sign = self._button("Sign assessment", self.sign, self._sign, "primary", icon="pen-nib", key="Ctrl+Return")
        sentence = obstacle(self.form.draft, findings)
        if sentence and not sign.reason:
            sign.forbid(sentence)
        return [sign, self._button("Keep answers", self.keep, service.keep_answers, icon="floppy-disk", key="Ctrl+S")]

    def _signed_buttons(self) -> list[Button]:
        again = self._button("Start reassessment", self.start, service.start_assessment, "secondary", icon="arrow-clockwise")
        if self._activate is None or self._view is None or not self._view.may_become_active:
            return [again]
        return [self._button("Make active", self.make_active, self._activate, "primary", icon="check"), again]

    def _button(
        self, words: str, call: Callable[[], None], verb: Verb[Any, ..., Any], kind: Any = "secondary", *, icon: str = "",
        key: str = "",
    ) -> Button:  # fmt: skip
        button = Button(words, kind, icon=icon, key=key)
        button.clicked.connect(lambda: call())
        if sentence := self.desk.refusal(verb.permission):
            button.forbid(sentence)
        return button

    def _draw(self, printing: Printing) -> None:
        row, block = self._newest, self._block
        if block is None or self._view is None:
            return
        signatures = paper_signatures(row.signatures, self.desk.store.clock.zone)
        facts = assessment_paper(row, self._view.findings if row.state == "draft" else row.findings, block, signatures)
        self.desk.draw(self, partial(draw_assessment, facts, printing), self._show_paper)

    def _show_paper(self, pdf: bytes) -> None:
        row = self._newest
        name = f"assessment-{row.id.hex[-8:]}-{row.number}.pdf"
        self.paper_ready.emit(PaperShown(row.kind, pdf, name, "assessment", row.id, self.patient_id, Area.ASSESSMENTS))


def _scrolling(content: QWidget) -> Scroll:
    return Scroll(holding(down(content, STRETCH, margins=(20, 12, 20, 16))))


def _sentence(words: str, *, capital: bool = True) -> str:
    text = words[:1].upper() + words[1:] if capital else words
    return text if text.endswith((".", "!", "?")) else f"{text}."
