"""Intake, Referrals: the board of those who are on their way to us, with its clocks, and the form for a new one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout

from infusiondesk.foundation.kernel.clock import local, today
from infusiondesk.foundation.kernel.ismp import moment, tall_man
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import (
    ChoiceField,
    Code,
    CodeField,
    DateField,
    DateTimeField,
    Field,
    LongTextField,
    MultiChoiceField,
    TextField,
)
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.patients import queries, service
from infusiondesk.patients.queries import IntakeRow
from infusiondesk.patients.queries.request import request_of
from infusiondesk.patients.rules.banner import STATUS_TONES
from infusiondesk.patients.rules.clocks import ClockState, IntakeClock
from infusiondesk.patients.rules.drafts import ReferralDraft, RequestDraft
from infusiondesk.patients.rules.facts import PrescriberFacts
from infusiondesk.patients.rules.words import DeclineReason, Document, PatientStatus, Sex
from infusiondesk.patients.screens.fields import DEMOGRAPHIC_FIELDS, request_fields
from infusiondesk.patients.screens.late import LateScreen

TONES: Final[dict[ClockState, Tone]] = {
    ClockState.LATE: "danger",
    ClockState.SOON: "due",
    ClockState.WAITING: "neutral",
    ClockState.DONE: "done",
}
GROUPS: Final = {ClockState.LATE: "Late", ClockState.SOON: "Due soon", ClockState.WAITING: "In time", ClockState.DONE: "Kept"}


def _clock_column(title: str, name: str) -> Column[IntakeRow]:
    return Column(
        title,
        lambda row: _clock_words(row, row.clock(name)),
        sort=lambda row: row.clock(name).due_at,
        second=lambda row: _clock_time(row.clock(name)),
        tone=lambda row: TONES[row.clock(name).state],
        shape=True,
        width=118,
    )


def _clock_words(row: IntakeRow, clock: IntakeClock) -> str:
    return "done" if clock.is_done else row.distance_of(clock)


def _clock_time(clock: IntakeClock) -> str:
    return f"{clock.done_at or clock.due_at:%H:%M}, {_short_day(clock.done_at or clock.due_at)}"


def _short_day(at: datetime) -> str:
    return moment(at).rsplit(" ", 1)[0].rsplit(" ", 1)[0]


def _group(row: IntakeRow) -> str:
    return GROUPS[row.next.state if row.next else ClockState.DONE]


def _therapy_words(row: IntakeRow) -> str:
    return f"{tall_man(row.therapy)}, {row.status}"


COLUMNS: Sequence[Column[IntakeRow]] = (
    Column("Patient", lambda row: row.name, strong=True, second=_therapy_words, stretch=1, width=170),
    Column("Received", lambda row: moment(row.received_at), sort=lambda row: row.received_at, hidden=True),
    Column("From", lambda row: row.source, second=lambda row: row.referring_person, hidden=True),
    _clock_column("Acknowledged", "acknowledged"),
    _clock_column("Benefits verified", "benefits verified"),
    _clock_column("Accepted", "accepted"),
    _clock_column("First dose", "first dose"),
)


@dataclass
class _DocumentsDraft:
    documents: tuple[Document, ...] = ()

    def problems(self) -> list[Problem]:
        return [] if self.documents else [Problem("documents", "Choose what came.")]


@dataclass
class _DeclineDraft:
    because: DeclineReason | None = None
    referrer_told_at: datetime | None = None

    def problems(self) -> list[Problem]:
        return []


@dataclass
class _PendingDraft:
    missing: str = ""

    def problems(self) -> list[Problem]:
        return []


class ReferralsScreen(LateScreen):
    """Referrals with their clocks; a new one is taken in here, and one is walked to acceptance."""

    stale_on = frozenset({Area.PATIENTS})

    def __init__(self, desk: Desk, *, accept: Callable[..., Any] = service.accept_patient) -> None:
        """`accept` is the verb that takes a patient; the app hands in the journey that also looks at coverage and assessment."""
        super().__init__(desk)
        self._accept = accept
        self._new = self.act("New referral", "Ctrl+N", self.new_referral, service.receive_referral)
        self.page = ListDetail("Referrals", "until the first dose", actions=[Button.for_action(self._new, icon="plus")])
        self.table: RowsTable[IntakeRow] = RowsTable(
            COLUMNS,
            name="Referrals",
            group=_group,
            empty=EmptyState("tray", "No referral is waiting", "New ones stand here with their clocks.", "New referral"),
        )
        self.table.empty.asked.connect(self.new_referral)
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Space", "usual action"), ("Ctrl+N", "new referral")])
        self.table.used.connect(lambda row: self._buttons(row)[0].click())
        self.table.chosen_changed.connect(lambda _: self._show(self.table.chosen()))
        self.setFocusProxy(self.table)
        self._form_place = QVBoxLayout()
        self._form_place.setContentsMargins(20, 12, 20, 12)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.page)
        self._stack.addWidget(holding(self._form_place))

    def reload(self) -> None:
        self.desk.ask(self, queries.patient_board, self._show_board)

    def open_editor(self, name: str) -> None:
        form, _, patient_id = name.partition(":")
        row = next((row for row in self.table.rows() if str(row.patient_id) == patient_id), None)
        openers = {"documents": self.note_documents, "pending": self.mark_pending, "decline": self.decline}
        openers["correction"] = self.correct_referral
        if form == "referral":
            self.new_referral()
        elif row is not None and form in openers:
            self.table.choose(lambda one: one.id == row.id)
            openers[form](row)

    def new_referral(self) -> None:
        """The form over the whole screen: a referral is long, and people read it to us on the telephone."""
        if self.editor is not None:
            return
        clock = self.desk.store.clock
        draft = ReferralDraft(today(clock), received_at=local(clock, clock.now()))
        editor = self.begin(
            Editor(
                self.desk,
                "referral",
                "New referral",
                self._referral_fields(),
                draft,
                service.receive_referral,
                said="The referral is on the board.",
                save="Take in",
                explanation="A person of the same last name and birth date is asked about before anything is saved.",
            )
        )
        card = Card(padding=1, gap=0)
        card.add(Scroll(holding(across((editor, 1), margins=(20, 16, 20, 12)))), 1)
        buttons = holding(across(STRETCH, editor.cancel, editor.save, margins=(20, 8, 20, 16)))
        card.add(buttons)
        self._form_place.addWidget(card)
        self._stack.setCurrentIndex(1)
        editor.form.focus_field("received_at")

        def over(patient_id: UUID | None) -> None:
            self._stack.setCurrentIndex(0)
            card.deleteLater()
            self.refresh()
            self._wanted = patient_id

        editor.saved.connect(over)
        editor.cancelled.connect(lambda: over(None))

    _wanted: UUID | None = None

    def _referral_fields(self) -> Sequence[Field | str]:
        zone = self.desk.store.clock.zone
        return (
            "Request",
            *request_fields(zone),
            "Patient",
            TextField("last_name", "Last name", required=True, hint="as on the insurance card"),
            TextField("first_name", "First name", required=True),
            DateField("born_on", "Born", required=True),
            ChoiceField("sex", "Sex at birth", choices=[(one, one.value) for one in Sex], required=True),
            *DEMOGRAPHIC_FIELDS,
            "Prescriber",
            CodeField(
                "prescriber_id",
                "Known prescriber",
                look_up=self._find_prescribers,
                wide=True,
                hint="name or NPI; or a new one below",
            ),
            TextField("prescriber_name", "New prescriber's name"),
            TextField("prescriber_npi", "NPI", hint="ten digits"),
            TextField("prescriber_phone", "Prescriber's phone"),
            TextField("prescriber_after_hours_phone", "After hours"),
        )

    def _find_prescribers(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        def offer(found: Sequence[PrescriberFacts]) -> None:
            then([Code(one.name, f"NPI {one.npi}", one.id) for one in found])

        self.desk.ask(self, queries.prescribers, offer, text=words)

    # The board ----------------------------------------------------------------------------------------

    def _show_board(self, rows: Sequence[IntakeRow]) -> None:
        self.table.show_rows(rows)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.table.choose(lambda row: row.patient_id == wanted)
        self._show(self.table.chosen())
        self.loaded()

    def _show(self, row: IntakeRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        missing = ", ".join(one.value for one in row.missing_documents)
        facts = FactList(
            [
                Fact("Therapy", tall_man(row.therapy)),
                Fact("Received", f"{moment(row.received_at)}, from {row.source}"),
                Fact("Asked by", f"{row.referring_person}, {row.referring_phone}"),
                Fact("Start of care", moment(row.start_of_care_at)),
                Fact("Not received", missing or "nothing is missing", "due" if missing else None),
            ]
        )
        pill = across(Pill(row.status.value.capitalize(), STATUS_TONES[row.status]), STRETCH)
        name = Text(row.name, 20, 600, wraps=True)
        mrn = Text(f"MRN {row.mrn}", 13, 400, "ink2")
        self.page.show_detail(holding(down(pill, name, mrn, 4, facts, STRETCH, gap=6)), *self._buttons(row))

    def _buttons(self, row: IntakeRow) -> list[Button]:
        """What can be done now, the next step first."""
        steps: list[tuple[str, str, Any, Callable[[], None], bool]] = [
            (
                "Acknowledge",
                "phone",
                service.acknowledge_referral,
                lambda: self._acknowledge(row),
                not row.clock("acknowledged").is_done,
            ),
            ("Begin intake", "play", service.begin_intake, lambda: self._begin(row), row.status is PatientStatus.REFERRAL),
            (
                "Verify benefits",
                "shield-check",
                service.verify_benefits,
                lambda: self._verify(row),
                not row.clock("benefits verified").is_done,
            ),
            (
                "Accept patient",
                "check",
                service.accept_patient,
                lambda: self._take(row),
                row.status in (PatientStatus.INTAKE, PatientStatus.PENDING),
            ),
            ("Open chart", "user", None, lambda: self.patient_chosen.emit(row.patient_id), True),
            ("Note documents", "files", service.receive_documents, lambda: self.note_documents(row), bool(row.missing_documents)),
            ("Correct referral", "pencil-simple", service.correct_referral, lambda: self.correct_referral(row), True),
            ("Mark pending", "hourglass", service.mark_pending, lambda: self.mark_pending(row), row.status is PatientStatus.INTAKE),
            ("Decline", "prohibit", service.decline_patient, lambda: self.decline(row), row.status is not PatientStatus.ACCEPTED),
        ]
        buttons: list[Button] = []
        for words, icon, verb, call, is_possible in steps:
            if not is_possible:
                continue
            button = Button(words, "secondary" if buttons else "primary", icon=icon, cap="" if buttons else "Space")
            button.clicked.connect(call)
            if verb is not None and (sentence := self.desk.refusal(verb.permission)):
                button.forbid(sentence)
            buttons.append(button)
        return buttons

    def _acknowledge(self, row: IntakeRow) -> None:
        self.desk.do(self, service.acknowledge_referral, said="The referrer is answered.", patient_id=row.patient_id)

    def _begin(self, row: IntakeRow) -> None:
        self.desk.do(self, service.begin_intake, said="Intake has begun.", patient_id=row.patient_id)

    def _verify(self, row: IntakeRow) -> None:
        self.desk.do(self, service.verify_benefits, said="Benefits are verified.", patient_id=row.patient_id)

    def _take(self, row: IntakeRow) -> None:
        self.desk.do(self, self._accept, said=f"{row.name} is accepted.", patient_id=row.patient_id)

    def note_documents(self, row: IntakeRow) -> None:
        """More documents came."""
        missing = MultiChoiceField("documents", "What came", choices=[(one, one.value) for one in row.missing_documents])
        self._edit(
            row, "documents", f"Documents of {row.name}", [missing], _DocumentsDraft(), service.receive_documents,
            lambda draft: {"documents": draft.documents}, "Noted.",
        )  # fmt: skip

    def correct_referral(self, row: IntakeRow) -> None:
        """What was noted of the referral is wrong: the form opens with what is on file, once that is read."""
        if self.editor is None:
            self.desk.ask(self, request_of, partial(self._correct, row), patient_id=row.patient_id)

    def _correct(self, row: IntakeRow, request: RequestDraft) -> None:
        self.table.choose(lambda one: one.id == row.id)
        editor = self._edit(
            row, "correction", f"Correct the referral of {row.name}", request_fields(self.desk.store.clock.zone), request,
            service.correct_referral, lambda draft: {"draft": draft}, "Corrected; the earlier values stay in the history.",
        )  # fmt: skip
        if editor is not None and self._kept is not None and self._kept["editor"] == editor.name:
            editor.restore(self._kept)  # what was being typed when the window closed had to wait for the form

    def mark_pending(self, row: IntakeRow) -> None:
        """Something is missing before the decision."""
        lines = LongTextField("missing", "What is missing", required=True, hint="one thing a line")
        self._edit(
            row, "pending", f"{row.name} is pending", [lines], _PendingDraft(), service.mark_pending,
            lambda draft: {"missing": draft.missing.splitlines()}, "Pending.",
        )  # fmt: skip

    def decline(self, row: IntakeRow) -> None:
        """We do not take the patient."""
        fields: list[Field | str] = [
            ChoiceField("because", "Why", choices=[(one, one.value) for one in DeclineReason], required=True, spread=False),
            DateTimeField("referrer_told_at", "Referrer told", zone=self.desk.store.clock.zone, required=True),
        ]
        self._edit(
            row, "decline", f"Decline {row.name}", fields, _DeclineDraft(), service.decline_patient,
            lambda draft: {"because": draft.because, "referrer_told_at": draft.referrer_told_at}, "Declined.",
        )  # fmt: skip

    def _edit(
        self,
        row: IntakeRow,
        name: str,
        title: str,
        fields: Sequence[Field | str],
        draft: Any,
        verb: Any,
        given: Callable[[Any], dict[str, Any]],
        said: str,
    ) -> Editor | None:
        """Open a form about a row; None where another form is open already."""
        if self.editor is not None:
            return None
        whole = lambda typed: {"patient_id": row.patient_id, **given(typed)}  # noqa: E731 - it belongs to this call alone
        editor = self.begin(Editor(self.desk, f"{name}:{row.patient_id}", title, fields, draft, verb, given=whole, said=said))
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))
        return editor
