"""The binder: typed text to typed values, each problem beside its field and not before its time, nothing typed is lost."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.qtkit.forms import (
    CheckField,
    ChoiceField,
    Code,
    CodeField,
    DateField,
    DateTimeField,
    Field,
    Form,
    LongTextField,
    MultiChoiceField,
    NumberField,
    TextField,
    TimeField,
)
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.theme import apply_theme


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[None]:
    """Every form is drawn in the light theme."""
    apply_theme(qapp, False)
    yield


@dataclass
class Draft:
    """What is typed."""

    name: str = ""
    born_on: date | None = None
    weight_kg: Decimal | None = None
    sex: str | None = None
    payer: int | None = None
    received_at: datetime | None = None
    from_time: time | None = None
    draws: bool = False
    drug: object = None
    needs: tuple[str, ...] = field(default=())
    note: str = ""

    def problems(self) -> list[Problem]:
        """A child is weighed elsewhere."""
        if self.weight_kg is not None and self.weight_kg < 20:
            return [Problem("weight_kg", "Below 20 kg. Check the unit.")]
        return []


DRUGS = [Code("1191", "aspirin"), Code("11124", "vancomycin", 42), Code("11125", "vancomycin oral", 43)]


def look_up(words: str, then: Callable[[Sequence[Code]], None]) -> None:
    """Answers at once."""
    then([drug for drug in DRUGS if words.casefold() in f"{drug.code} {drug.meaning}"])


FIELDS: list[Field | str] = [
    TextField("name", "Family name", required=True),
    DateField("born_on", "Born", required=True),
    NumberField("weight_kg", "Weight", unit="kg", places=1, also="lb"),
    ChoiceField("sex", "Sex", choices=[("F", "Female"), ("M", "Male")], required=True),
    "Coverage",
    ChoiceField(
        "payer", "Payer", choices=[(1, "Blue Plan PPO"), (2, "Medicare Part B"), (3, "Medicaid"), (4, "TRICARE"), (5, "Self pay")]
    ),
    DateTimeField("received_at", "Referral received"),
    TimeField("from_time", "Can be called from"),
    CheckField("draws", "Draws labs at the visit"),
    CodeField("drug", "Drug", look_up=look_up),
    MultiChoiceField("needs", "Needs", choices=["Interpreter", "Large print"]),
    LongTextField("note", "Note"),
]


def shown(qtbot: QtBot, draft: Draft | None = None, width: int = 900) -> Form:
    """A form on screen."""
    form = Form(FIELDS, draft or Draft())
    qtbot.addWidget(form)
    form.resize(width, 800)
    form.show()
    QApplication.processEvents()
    return form


def line(form: Form, name: str) -> QLineEdit:
    """The line of a field."""
    found = form.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def write(qtbot: QtBot, form: Form, name: str, words: str) -> None:
    """Type into a field as a person does."""
    edit = line(form, name)
    edit.setFocus()
    edit.selectAll()
    if words:
        QTest.keyClicks(edit, words)
    else:
        QTest.keyClick(edit, Qt.Key.Key_Delete)


def test_typed_text_becomes_typed_values(qtbot: QtBot) -> None:
    form = shown(qtbot)
    write(qtbot, form, "name", "  ZZTEST Alder ")
    write(qtbot, form, "born_on", "11/04/1964")
    write(qtbot, form, "weight_kg", "157 lb")
    write(qtbot, form, "received_at", "24 Nov 2026 14:05")
    write(qtbot, form, "from_time", "8:30")
    sex = form.findChild(SegmentedChoice, "sex")
    assert isinstance(sex, SegmentedChoice)
    sex.choose(0)
    payer = form.findChild(QComboBox, "payer")
    assert isinstance(payer, QComboBox)
    payer.setCurrentIndex(1)
    draft = form.draft
    assert (draft.name, draft.born_on, draft.weight_kg, draft.sex, draft.payer) == (
        "ZZTEST Alder", date(1964, 11, 4), Decimal("71.2"), "F", 2,
    )  # fmt: skip
    assert draft.received_at == datetime(2026, 11, 24, 14, 5)  # noqa: DTZ001 - the field was given no zone
    assert draft.from_time == time(8, 30)
    assert form.is_ready()


def test_the_form_shows_what_the_draft_holds(qtbot: QtBot) -> None:
    form = shown(
        qtbot, Draft("ZZTEST Alder", date(1964, 3, 14), Decimal("71.40"), "M", 3, draws=True, needs=("Large print",), note="a")
    )
    assert form.snapshot() == {
        "name": "ZZTEST Alder", "born_on": "14 Mar 1964", "weight_kg": "71.4", "sex": "Male", "payer": "Medicaid",
        "received_at": "", "from_time": "", "draws": "yes", "drug": "", "needs": "Large print", "note": "a",
    }  # fmt: skip
    assert form.is_ready()


def test_a_problem_waits_until_the_field_was_left(qtbot: QtBot) -> None:
    form = shown(qtbot)
    write(qtbot, form, "weight_kg", "7.1")
    assert not form.is_ready()
    assert form.box("weight_kg").problem() == "", "nobody is corrected while typing"
    line(form, "name").setFocus()
    assert form.box("weight_kg").problem() == "Below 20 kg. Check the unit."
    assert form.box("born_on").problem() == "", "a field that was not reached is not blamed"
    write(qtbot, form, "weight_kg", "71")
    assert form.box("weight_kg").problem() == ""


def test_trying_to_save_shows_everything_and_goes_to_the_first(qtbot: QtBot) -> None:
    form = shown(qtbot)
    write(qtbot, form, "name", "ZZTEST Alder")
    write(qtbot, form, "born_on", "31 Feb 1964")
    assert form.show_problems()
    assert form.box("born_on").problem() == "There is no such day in the calendar."
    assert form.box("sex").problem() == "Sex is needed."
    assert QApplication.focusWidget() is line(form, "born_on")
    assert [problem.field for problem in form.problems()] == ["born_on", "sex"]


def test_unreadable_text_is_kept_and_the_old_value_does_not_pass_for_it(qtbot: QtBot) -> None:
    form = shown(qtbot, Draft("ZZTEST Alder", date(1964, 3, 14), sex="F"))
    assert form.is_ready()
    write(qtbot, form, "born_on", "14 Marhc 1964")
    assert not form.is_ready()
    assert form.snapshot()["born_on"] == "14 Marhc 1964"
    write(qtbot, form, "born_on", "14 March 1964")
    assert form.is_ready()


def test_what_is_missing_is_summed_up(qtbot: QtBot) -> None:
    form = shown(qtbot)
    assert "3 to complete: Family name, Born, Sex." in [
        label.text() for label in form.findChildren(QWidget) if hasattr(label, "text")
    ]


def test_a_refusal_stands_at_its_field_until_that_is_edited(qtbot: QtBot) -> None:
    form = shown(qtbot, Draft("ZZTEST Alder", date(1964, 3, 14), sex="F"))
    form.refuse("There is already a patient of that name and birth date.", "name")
    assert form.box("name").problem().startswith("There is already")
    assert not form.is_ready()
    write(qtbot, form, "name", "ZZTEST Elder")
    assert form.is_ready()


def test_a_snapshot_survives_as_json_with_what_cannot_be_read(qtbot: QtBot) -> None:
    form = shown(qtbot)
    write(qtbot, form, "born_on", "31 Feb")
    write(qtbot, form, "weight_kg", "157 lb")
    kept = json.loads(json.dumps(form.snapshot()))
    again = shown(qtbot)
    with qtbot.waitSignal(again.changed, timeout=1000):
        again.restore({**kept, "a field of an older version": "x"})
    assert again.snapshot() == form.snapshot()
    assert again.draft.weight_kg == Decimal("71.2")
    assert again.box("born_on").problem() != ""


def test_a_fresh_draft_starts_untouched(qtbot: QtBot) -> None:
    form = shown(qtbot)
    form.show_problems()
    form.fresh(Draft())
    assert all(form.box(name).problem() == "" for name in ("name", "born_on", "sex"))
    draft = Draft()
    form.fresh(draft)
    write(qtbot, form, "name", "ZZTEST Fir")
    assert draft.name == "ZZTEST Fir"


def test_a_code_is_looked_up_and_its_value_taken(qtbot: QtBot) -> None:
    form = shown(qtbot)
    write(qtbot, form, "drug", "vanc")
    qtbot.wait(200)
    assert vars(form.draft)["drug"] is None, "nothing was chosen yet"
    assert any(problem.sentence == "Choose one from the list." for problem in form.problems())
    edit = line(form, "drug")
    completer = edit.completer()
    assert completer is not None
    assert completer.completionModel().rowCount() == 2
    completer.activated.emit("11124  vancomycin")
    assert form.draft.drug == 42
    assert edit.text() == "11124  vancomycin"
    write(qtbot, form, "drug", "")
    assert form.draft.drug is None
    popup = completer.popup()
    assert popup is not None
    popup.hide()


def test_a_code_typed_in_full_is_chosen(qtbot: QtBot) -> None:
    form = shown(qtbot)
    write(qtbot, form, "drug", "1191")
    qtbot.waitUntil(lambda: form.draft.drug == "1191", timeout=1000)
    completer = line(form, "drug").completer()
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    popup.hide()


def test_every_control_is_named_by_label_and_attribute(qtbot: QtBot) -> None:
    form = shown(qtbot)
    for one in FIELDS:
        if isinstance(one, Field):
            found = form.findChild(QWidget, one.name)
            assert isinstance(found, QWidget), one.name
            assert found.accessibleName() == one.label
            assert "needed" in found.accessibleDescription() or not one.required


def test_tab_follows_the_reading_order(qtbot: QtBot) -> None:
    form = shown(qtbot)
    form.focus_field("name")
    order = []
    for _ in range(12):
        focused = QApplication.focusWidget()
        assert focused is not None
        order.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == [
        "Family name", "Born", "Weight", "Sex", "Payer", "Referral received", "Can be called from", "Draws labs at the visit",
        "Drug", "Interpreter", "Large print", "Note",
    ]  # fmt: skip


def test_a_field_that_does_not_apply_is_not_missed(qtbot: QtBot) -> None:
    form = shown(qtbot, Draft("ZZTEST Alder", date(1964, 3, 14)))
    assert not form.is_ready()
    form.show_field("sex", False)
    assert form.is_ready()
    form.show_field("sex", True)
    assert not form.is_ready()


def test_two_columns_become_one(qtbot: QtBot) -> None:
    form = shown(qtbot)
    assert form.box("born_on").y() == form.box("name").y()
    form.resize(460, 900)
    QApplication.processEvents()
    assert form.box("born_on").y() > form.box("name").y()
    assert form.minimumSizeHint().width() <= 460


def test_changed_is_told_for_edits_only(qtbot: QtBot) -> None:
    form = shown(qtbot)
    with qtbot.assertNotEmitted(form.changed):
        form.fresh(Draft("ZZTEST Alder"))
    with qtbot.waitSignal(form.changed, timeout=1000):
        write(qtbot, form, "name", "x")


def test_the_wheel_never_changes_an_answer(qtbot: QtBot) -> None:
    form = shown(qtbot, Draft(payer=2))
    payer = form.findChild(QComboBox, "payer")
    assert isinstance(payer, QComboBox)
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    turn = QWheelEvent(QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
                       Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(payer, turn)
    assert form.draft.payer == 2
