"""Chart, Patient: who this is and what is known of him, line by line, with what was there before."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, Final, NamedTuple

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.catalog.exchange import DiagnosisCodes
from infusiondesk.foundation.kernel.clock import local
from infusiondesk.foundation.kernel.ismp import tall_man
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import Code
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.paint import LOOKS
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.patients import queries, service
from infusiondesk.patients.queries import ChartPage
from infusiondesk.patients.rules.facts import (
    AllergyFacts,
    DeviceFacts,
    DiagnosisFacts,
    HomeMedicationFacts,
    MeasurementFacts,
    PlaceFacts,
    PrescriberFacts,
    StayFacts,
)
from infusiondesk.patients.rules.journey import STEPS
from infusiondesk.patients.rules.words import PatientStatus
from infusiondesk.patients.screens.editors import Forms
from infusiondesk.patients.screens.forms import FormSpec
from infusiondesk.patients.screens.late import LateScreen
from infusiondesk.patients.screens.lines import Group, Line, lines_of
from infusiondesk.patients.screens.steps import RESUME, Ending, steps_from, why_not

COLUMNS: Sequence[Column[Line]] = (
    Column("What", lambda line: line.what, strong=True, tone=lambda line: line.tone, shape=True, width=170, stretch=2),
    Column("On file", lambda line: line.value, stretch=4, width=220),
    Column("Remark", lambda line: line.remark, quiet=True, stretch=3, width=170),
)

# For each group: the words of its usual action and the form it opens.
ADDING: Final[dict[Group, tuple[str, str]]] = {
    Group.PERSON: ("Correct demographics", "demographics"),
    Group.PRESCRIBERS: ("Choose a prescriber", "prescriber"),
    Group.ALLERGIES: ("Enter an allergy", "allergy"),
    Group.MEASUREMENTS: ("Enter a weight", "measurement"),
    Group.DIAGNOSES: ("Enter a diagnosis", "diagnosis"),
    Group.ACCESS: ("Enter an access device", "device"),
    Group.MEDICINES: ("Enter a home medicine", "medicine"),
    Group.PLACE: ("Set the place of care", "place"),
    Group.HOSPITAL: ("Admitted to hospital", "admission"),
}
NAMED: Final = {form for _, form in ADDING.values()} | {"height", "new_prescriber", "again", "hold", "end", "transfer", "death"}
OF_AN_ENTRY: Final = {"check", "correction", "tip", "removal", "stop", "discharge"}
EXPLAINED: Final[dict[Group, str]] = {
    Group.STATUS: "Each step is written down for good; With history shows them all.",
    Group.EPISODE: "Each step of the way through the pharmacy is written down for good.",
    Group.EARLIER: "Corrections and voided entries stay readable with a name and a reason.",
}


class Act(NamedTuple):
    """Something that can be done with a line: its words, the verb whose permission counts, the call; why not, if not now."""

    words: str
    verb: Any
    call: Callable[[], None]
    why_not: str = ""


@cache
def _codes() -> DiagnosisCodes:
    return DiagnosisCodes()


def find_diagnoses(words: str) -> Sequence[tuple[str, str]]:
    """Codes and their meanings for what was typed: a code, or words of the meaning."""
    has_digit = len(words) > 1 and words[1].isdigit()
    found = _codes().beginning_with(words, 20) if has_digit else _codes().about(words, 20)
    return [(one.code, one.text) for one in found if one.is_billable]


def meaning_of(code: str) -> str | None:
    """What a code means; None where there is no such code that may stand on a claim."""
    found = _codes().find(code)
    return found.text if found is not None and found.is_billable else None


class PatientScreen(LateScreen):
    """Demographics, prescribers, allergies, measurements, diagnoses, access, home medicines, place of care, hospital stays."""

    stale_on = frozenset({Area.PATIENTS})

    def __init__(
        self,
        desk: Desk,
        *,
        find: Callable[[str], Sequence[tuple[str, str]]] = find_diagnoses,
        meaning: Callable[[str], str | None] = meaning_of,
        resume: Callable[..., Any] = service.resume_patient,
        discharge: Callable[..., Any] = service.discharge_patient,
        transfer: Callable[..., Any] = service.transfer_out,
        death: Callable[..., Any] = service.record_death,
    ) -> None:
        """`find` looks diagnoses up by words, `meaning` says what one code means; both read the shipped ICD-10-CM table.

        `resume`, `discharge`, `transfer` and `death` are the verbs that do so; the app hands in journeys, which also bring findings
        and end orders and visits.
        """
        super().__init__(desk)
        self._resume, self._ending = resume, Ending(discharge, transfer, death)
        self._find, self._meaning = find, meaning
        self._page: ChartPage | None = None
        self.scope = SegmentedChoice("What to show", ["On file", "With history"], chosen=0, switch=True)
        self._again = self.act("Refer again", "Ctrl+Shift+R", lambda: self.open_editor("again"), service.refer_again)
        self.page = ListDetail("Patient", "", actions=[self.scope, Button.for_action(self._again, icon="arrow-clockwise")])
        self._again.setVisible(False)
        self.table: RowsTable[Line] = RowsTable(
            COLUMNS, name="Patient's page", group=lambda line: line.group.value, empty="No patient is open", compact=True
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Space", "usual action"), ("Enter", "open")])
        self.scope.chosen_changed.connect(lambda _: self._arrange())
        self.table.chosen_changed.connect(lambda _: self._show(self.table.chosen()))
        self.table.used.connect(self._add)
        self.setFocusProxy(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, queries.chart_page, self._take, patient_id=self.patient_id)

    def _take(self, page: ChartPage) -> None:
        self._page = page
        therapy = f", {tall_man(page.therapy)}" if page.therapy else ""
        self.page.head.remark.say(f"episode {page.facts.episode}, {page.facts.status}{therapy}")
        self._again.setVisible(PatientStatus.REFERRAL in STEPS[page.facts.status])
        self._arrange()
        self.loaded()

    def forget(self) -> None:
        self._page = None
        self.table.show_rows([])
        self.page.show_detail(None)

    def _arrange(self) -> None:
        if self._page is None:
            return
        self.table.show_rows(lines_of(self._page, with_history=self.scope.chosen() == 1))
        if self.table.chosen() is None:
            self.table.choose_first()
        self._show(self.table.chosen())

    # The chosen line ----------------------------------------------------------------------------------

    def _show(self, line: Line | None) -> None:
        if self.editor is not None:
            return
        if line is None:
            self.page.show_detail(None)
            return
        items = [
            Text(line.group.value, 12, 400, "ink3"),
            Text(line.what, 20, 600, wraps=True),
            Text(line.value, 13, 600 if line.tone else 400, LOOKS[line.tone].ink if line.tone else "ink", wraps=True),
        ]
        items += [Text(words, 13, 400, "ink2", wraps=True) for words in (line.remark, EXPLAINED.get(line.group, "")) if words]
        self.page.show_detail(
            holding(down(*items, STRETCH, gap=8)), *(self._button(act, place) for place, act in enumerate(self._acts(line)))
        )

    def _button(self, act: Act, place: int) -> Button:
        button = Button(act.words, "secondary" if place else "primary", cap="" if place else "Space")
        button.clicked.connect(act.call)
        if sentence := self.desk.refusal(act.verb.permission) or act.why_not:
            button.forbid(sentence)
        return button

    def _acts(self, line: Line) -> list[Act]:
        """What can be done with a line; the usual action of its group first."""
        if line.group is Group.STATUS:
            return self._steps()
        if line.group not in ADDING or self._page is None:
            return []
        words, name = ADDING[line.group]
        verb = self._form(name).verb
        return [Act(words, verb, partial(self.open_editor, name)), *self._beside(line.group), *self._on(line.entry)]

    def _steps(self) -> list[Act]:
        """The steps of the episode; what the present status does not allow stands there too and says why."""
        if self._page is None:
            return []
        status = self._page.facts.status
        go_on = partial(self._do, self._resume, "Therapy goes on.", patient_id=self.patient_id)
        return [
            Act(one.words, one.verb, go_on if one is RESUME else partial(self.open_editor, one.name), why_not(one, status))
            for one in steps_from(status)
        ]

    def _beside(self, group: Group) -> list[Act]:
        beside: dict[Group, list[Act]] = {
            Group.PRESCRIBERS: [Act("New prescriber", service.enter_prescriber, partial(self.open_editor, "new_prescriber"))],
            Group.MEASUREMENTS: [Act("Enter a height", service.enter_measurement, partial(self.open_editor, "height"))],
            Group.ALLERGIES: [Act("Confirm no known allergies", service.confirm_no_known_allergies, self._confirm_none)],
        }
        return beside.get(group, [])

    def _on(self, entry: Any) -> list[Act]:
        """What can be done with the entry behind a line."""
        if isinstance(entry, PrescriberFacts):
            return [
                Act("Note licence check", service.check_prescriber, partial(self._open, lambda forms: forms.check(entry))),
                Act("Correct prescriber", service.correct_prescriber, partial(self._open, lambda forms: forms.correction(entry))),
            ]
        if isinstance(entry, AllergyFacts):
            return [self._voiding("Void allergy", service.void_allergy, allergy_id=entry.id)]
        if isinstance(entry, MeasurementFacts):
            return [self._voiding("Void measurement", service.void_measurement, measurement_id=entry.id)]
        if isinstance(entry, DiagnosisFacts):
            first = Act(
                "Make primary",
                service.make_primary,
                partial(self._do, service.make_primary, "Primary now.", diagnosis_id=entry.id),
            )
            return [
                *([first] if entry.rank > 1 else []),
                self._voiding("Void diagnosis", service.void_diagnosis, diagnosis_id=entry.id),
            ]
        if isinstance(entry, DeviceFacts):
            return [
                Act("Confirm tip", service.confirm_tip, partial(self._open, lambda forms: forms.tip(entry))),
                Act("Note removal", service.remove_device, partial(self._open, lambda forms: forms.removal(entry))),
                self._voiding("Void device", service.void_device, device_id=entry.id),
            ]
        if isinstance(entry, HomeMedicationFacts):
            stop = Act("Note as stopped", service.stop_home_medication, partial(self._open, lambda forms: forms.stop(entry)))
            void = self._voiding("Void medicine", service.void_home_medication, medication_id=entry.id)
            return [void] if entry.stopped_on else [stop, void]
        if isinstance(entry, PlaceFacts):
            return [self._voiding("Void place", service.void_place_of_care, place_id=entry.id)]
        if isinstance(entry, StayFacts):
            leave = Act(
                "Discharged from hospital",
                service.discharge_from_hospital,
                partial(self._open, lambda forms: forms.discharge(entry)),
            )
            void = self._voiding("Void stay", service.void_hospital_stay, stay_id=entry.id)
            return [void] if entry.discharged_at else [leave, void]
        return []

    def _voiding(self, words: str, verb: Any, **given: Any) -> Act:
        return Act(words, verb, partial(self._do, verb, "Voided; it stays in the history.", **given))

    def _do(self, verb: Any, said: str, **given: Any) -> None:
        self.desk.do(self, verb, said=said, **given)

    def _confirm_none(self) -> None:
        self._do(service.confirm_no_known_allergies, "No known allergies is confirmed.", patient_id=self.patient_id)

    def _add(self, line: Line) -> None:
        """Space: the usual action of the group."""
        if line.group in ADDING:
            self.open_editor(ADDING[line.group][1])
        elif acts := self._acts(line):
            self._button(acts[0], 0).click()

    # Forms --------------------------------------------------------------------------------------------

    def open_editor(self, name: str) -> None:
        """Open a form by its name; one that belongs to an entry is called ``tip:<id of the device>``."""
        form, _, entry_id = name.partition(":")
        if entry_id:
            line = next((line for line in self.table.rows() if line.id == entry_id and line.entry is not None), None)
            if line is not None and form in OF_AN_ENTRY:
                self._open(lambda forms: getattr(forms, form)(line.entry))
        elif form in NAMED:
            self._open(lambda forms: getattr(forms, form)())

    def _form(self, name: str) -> FormSpec:
        spec: FormSpec = getattr(self._forms(), name)()
        return spec

    def _forms(self) -> Forms:
        if self._page is None:
            raise LookupError("no patient is open")
        clock = self.desk.store.clock
        return Forms(
            self._page, local(clock, clock.now()), self._look_up_prescribers, self._look_up_diagnoses, self._meaning, self._ending
        )

    def _open(self, choose: Callable[[Forms], FormSpec]) -> None:
        if self.editor is not None or self._page is None:
            return
        spec = choose(self._forms())
        editor = self.begin(
            Editor(
                self.desk,
                spec.name,
                spec.title,
                spec.fields,
                spec.draft,
                spec.verb,
                given=spec.given,
                said=spec.said,
                explanation=spec.explanation,
            )
        )
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))
        first = next(field for field in spec.fields if not isinstance(field, str))
        editor.form.focus_field(first.name)

    def _look_up_prescribers(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        self.desk.ask(
            self, queries.prescribers, lambda found: then([Code(one.name, f"NPI {one.npi}", one.id) for one in found]), text=words
        )

    def _look_up_diagnoses(self, words: str, then: Callable[[Sequence[Code]], None]) -> None:
        self.desk.draw(self, lambda: self._find(words), lambda found: then([Code(code, text) for code, text in found]))
