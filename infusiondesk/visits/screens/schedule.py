"""Nursing, Schedule: the visits that still ask for something; started, written, ended and signed here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import CheckField, ChoiceField, Field, LongTextField, NumberField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.visits import queries, service
from infusiondesk.visits.queries import VisitRow
from infusiondesk.visits.rules import VITALS, Alert, Baseline, NoteDraft, State, alerts, answer_key

ANSWERS = ("Prescriber told", "Pharmacist told", "Done as written")
TONES: dict[State, Tone] = {State.SCHEDULED: "neutral", State.IN_PROGRESS: "accent", State.TO_SIGN: "due"}
TEACH_BACK = ["independent", "needs help", "unable", "no teaching"]
RETURN = ["brisk", "sluggish", "none", "not tried"]
KIT = ["present, in date", "missing or expired", "not needed"]

COLUMNS: Sequence[Column[VisitRow]] = (
    Column("Expected", lambda row: moment(row.window_start), sort=lambda row: row.window_start, width=150),
    Column("Patient", lambda row: row.patient, second=lambda row: row.purpose, strong=True, stretch=2),
    Column("Nurse", lambda row: row.nurse, stretch=1),
    Column("State", lambda row: row.state.value, tone=lambda row: TONES[row.state], shape=True, width=120),
)


def note_fields() -> list[Field | str]:
    """The note's fields in the order of a visit."""
    vitals = [NumberField(name, title, unit=limits.unit, places=1) for name, (title, limits) in VITALS.items()]
    return [
        "Who and what changed",
        CheckField("two_identifiers", "Patient confirmed by two identifiers"),
        CheckField("allergies_verified", "Allergies verified with the patient"),
        TextField("changes_since", "Changes since the last visit"),
        "Readings",
        *vitals,
        "Line and infusion",
        ChoiceField("blood_return", "Blood return", choices=[(one, one) for one in RETURN]),
        NumberField("site_grade", "Site grade, 0 to 4", whole=True),
        TextField("dressing", "Dressing"),
        TextField("flush", "Flush"),
        TextField("infusion", "Infusion given"),
        ChoiceField("kit_present", "Anaphylaxis kit", choices=[(one, one) for one in KIT]),
        "Teaching, supplies, plan",
        TextField("teaching", "Taught"),
        ChoiceField("teach_back", "Teach-back", choices=[(one, one) for one in TEACH_BACK]),
        TextField("supplies", "On hand"),
        LongTextField("progress", "Progress", lines=2),
        TextField("next_visit", "Next visit"),
        TextField("patient_signed", "Signed by patient or caregiver, or why not"),
    ]


class ScheduleScreen(Screen):
    """Visits to make, to end, to sign."""

    stale_on = frozenset({Area.VISITS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._baseline = Baseline()
        self._open_visit: UUID | None = None
        self.page = ListDetail("Schedule", "visits to make, to end, to sign", detail_width=560)
        self.table: RowsTable[VisitRow] = RowsTable(
            COLUMNS,
            name="Visits",
            empty=EmptyState(
                "first-aid-kit", "No visit waits", "Visits are planned in a patient's chart and wait here until they are signed."
            ),
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+S", "keep the note")])
        self.table.chosen_changed.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.schedule, self._show_rows)

    def draft(self) -> dict[str, Any] | None:
        kept = super().draft()
        return {**kept, "visit": str(self._open_visit)} if kept is not None else None

    def restore_draft(self, kept: dict[str, Any]) -> None:
        visit_id = UUID(kept["visit"])
        self.table.choose(lambda row: row.id == visit_id)
        if self.editor is not None:
            self.editor.restore(kept)

    def _show_rows(self, rows: Sequence[VisitRow]) -> None:
        self.table.show_rows(rows)
        if self.table.chosen() is None:
            self.table.choose_first()
        self._choose(self.table.chosen())

    def _choose(self, row: VisitRow | None) -> None:
        self.editor = None
        self._open_visit = row.id if row else None
        if row is None:
            self.page.show_detail(None)
            return
        self.desk.ask(self, queries.baseline_of, lambda found: self._show(row, found), patient_id=row.patient_id)

    def _show(self, row: VisitRow, baseline: Baseline) -> None:
        if row.id != self._open_visit:
            return
        self._baseline = replace(baseline, is_first_dose=row.purpose == "first dose")
        if row.state is State.SCHEDULED:
            self._show_planned(row)
        else:
            self._show_note(row)

    def _show_planned(self, row: VisitRow) -> None:
        facts = FactList(
            [
                Fact("Expected", f"{moment(row.window_start)} to {moment(row.window_end)}"),
                Fact("Nurse", row.nurse),
                Fact("Why", row.purpose),
                Fact("Remark", row.remark or "none"),
            ]
        )
        self.page.show_detail(
            holding(down(Pill("Scheduled", "neutral"), Text(row.patient, 20, 600), facts, STRETCH, gap=10)),
            self._button(row, "Start visit", service.start_visit, "The visit has begun.", "primary"),
            self._button(row, "Record missed", service.miss_visit, "Recorded as missed."),
        )

    def _show_note(self, row: VisitRow) -> None:
        note = row.note or NoteDraft()
        editor = Editor(
            self.desk,
            "note",
            f"Visit note, {row.patient}",
            note_fields(),
            note,
            service.keep_note,
            given=lambda draft: {"visit_id": row.id, "draft": draft, "baseline": self._baseline},
            said="The note is kept.",
            save="Keep note",
        )
        self.begin(editor)
        open_alerts = [alert for alert in alerts(note, self._baseline) if answer_key(alert) not in note.answers]
        raised: list[Item] = [self._alert(row, note, alert) for alert in open_alerts]
        buttons = [editor.save]
        if row.state is State.IN_PROGRESS:
            buttons.append(
                self._button(row, "End visit", service.end_visit, "The visit has ended. Sign the note when it is complete.")
            )
        else:
            buttons.append(self._sign_button(row))
        state = Pill(row.state.value.capitalize(), TONES[row.state])
        self.page.show_detail(holding(down(state, *raised, editor, gap=10)), *buttons)

    def _alert(self, row: VisitRow, note: NoteDraft, alert: Alert) -> AlertInline:
        is_stop = alert.level == "STOP"
        inline = AlertInline(f"{alert.rule}: {alert.because}", alert.do, tone="danger" if is_stop else "due", answers=ANSWERS)

        def answered(which: int) -> None:
            told = replace(note, answers={**note.answers, answer_key(alert): ANSWERS[which]})
            self.desk.do(self, service.keep_note, said="Answered.", visit_id=row.id, draft=told, baseline=self._baseline)

        inline.answered.connect(answered)
        return inline

    def _sign_button(self, row: VisitRow) -> Button:
        button = self._plain("Sign note", service.sign_note, key="Ctrl+Return")
        button.clicked.connect(
            lambda: self.desk.do(
                self,
                service.sign_note,
                said="The note is signed.",
                visit_id=row.id,
                patient_name=row.patient,
                baseline=self._baseline,
            )
        )
        return button

    def _button(self, row: VisitRow, words: str, verb: Any, said: str, kind: Any = "secondary") -> Button:
        button = self._plain(words, verb, kind)
        button.clicked.connect(lambda: self.desk.do(self, verb, said=said, visit_id=row.id))
        return button

    def _plain(self, words: str, verb: Any, kind: Any = "secondary", *, key: str = "") -> Button:
        button = Button(words, kind, key=key)
        if sentence := self.desk.refusal(verb.permission):
            button.forbid(sentence)
        return button
