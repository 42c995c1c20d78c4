"""Orders in the window: entered, screened, answered, verified, changed, held and printed, each as a person does it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.interactions.rules.answers import Code
from infusiondesk.orders import queries, service
from infusiondesk.orders.rules import State
from infusiondesk.orders.screens.orders import OrdersScreen
from infusiondesk.orders.screens.screening import ScreeningScreen
from infusiondesk.orders.screens.showing import state_words
from infusiondesk.orders.screens.to_verify import OrdersToVerifyScreen
from infusiondesk.workflows.verify_order import screen_order, verify_order
from tests.beginnings import Recipe
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.services.test_order_entry import weighs
from tests.services.test_verify_order import WHY, charted, takes
from tests.story import an_order, an_order_draft, order_of, the_catalog

ENTERED = {
    "dose_amount": "2", "route": "iv", "interval_hours": "24", "infusion_minutes": "30", "method": "gravity",
    "diluent": "sodium chloride 0.9%", "volume_ml": "100", "start_on": "3 Mar 2026", "stop_on": "16 Mar 2026",
    "indication": "osteomyelitis", "had_before": "yes", "received_by": "fax", "received_at": "2 Mar 2026 07:30",
}  # fmt: skip


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


@pytest.fixture
def ready(file_pharmacy: Pharmacy) -> Pharmacy:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    return file_pharmacy


@pytest.fixture
def interaction() -> PlainInteraction:
    return PlainInteraction()


Opened = Callable[..., Any]


@pytest.fixture
def opened(qtbot: QtBot, desk_of: Callable[..., Desk], interaction: PlainInteraction) -> Opened:
    """Opens a screen for somebody, of a patient where it belongs to a chart."""

    def make(kind: Callable[[Desk], Screen], who: str = Role.PHARMACIST, patient_id: UUID | None = None) -> Screen:
        screen = kind(desk_of(who, interaction))
        qtbot.addWidget(screen)
        screen.resize(1280, 800)
        if patient_id is not None:
            screen.show_patient(patient_id)
        screen.show()
        settle(qtbot, screen.desk)
        return screen

    return make


def queue(desk: Desk) -> OrdersToVerifyScreen:
    return OrdersToVerifyScreen(desk, screen_order, verify_order)


def button(screen: QWidget, words: str) -> Button:
    """A button by its accessible name or its words."""
    found = [one for one in screen.findChildren(Button) if one.isVisibleTo(screen)]
    return next(one for one in found if words in (one.accessibleName(), one.text()))


def words_on(screen: QWidget) -> list[str]:
    return [label.text() for label in screen.findChildren(QLabel) if label.text() and label.isVisibleTo(screen)]


def press(qtbot: QtBot, screen: Screen, words: str) -> None:
    button(screen, words).click()
    settle(qtbot, screen.desk)


def fill(screen: Screen, **typed: str) -> None:
    assert screen.editor is not None
    screen.editor.form.restore(typed)


def look_up(qtbot: QtBot, screen: Screen, name: str, typed: str) -> None:
    """Type into a field that looks up, and wait until it has found exactly that."""
    assert screen.editor is not None
    box = screen.editor.form.box(name)
    field = box.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, typed)
    qtbot.waitUntil(lambda: _is_found(box), timeout=5_000)
    settle(qtbot, screen.desk)


def _is_found(box: Any) -> bool:
    return box._chosen is not None


def test_empty_screens_say_what_will_be_there(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    patient_id = charted(ready)

    assert opened(queue).table.rows() == []
    assert opened(OrdersScreen, patient_id=patient_id).table.rows() == []
    screening = opened(ScreeningScreen, patient_id=patient_id)
    assert not [words for words in words_on(screening) if "recognised" in words]


def test_an_order_is_typed_reads_back_while_it_is_typed_and_is_kept(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    screen = opened(OrdersScreen, Role.TECHNICIAN, patient_id)

    press(qtbot, screen, "Enter an order")
    look_up(qtbot, screen, "drug_id", "ceftriaxone")
    look_up(qtbot, screen, "prescriber_id", "ZZTEST Maplewood")
    typed = screen.editor.form.snapshot()
    fill(screen, **{**ENTERED, "stop_on": ""})
    assert typed["dose_unit"] == "g"  # the drug's own unit
    live = next(label for label in screen.findChildren(QLabel) if label.objectName() == "derived").text()
    assert live.splitlines() == [
        "cefTRIAXone 2 g IV daily.",
        "Rate 200 mL/h, derived from volume and time.",
        "Concentration 0.02 g/mL, derived from dose and volume.",
        "Laboratory protocol of this drug: L-BL.",
        "Usual flush of this line: SASH, 0.9% sodium chloride 10 mL, heparin 10 units/mL 3 to 5 mL (from memory, unsigned).",
    ]
    unjudged = next(label for label in screen.findChildren(QLabel) if label.objectName() == "unjudged").text()
    assert unjudged.startswith("The dose of cefTRIAXone was not judged by weight, age or kidney function")
    press(qtbot, screen, "Save")
    assert ready.ask(queries.orders_of, patient_id=patient_id) == []

    fill(screen, stop_on="16 Mar 2026")
    press(qtbot, screen, "Save")

    assert interaction.said == ["Entered. Another pharmacist verifies it."]
    assert [(row.sig, row.container, row.state) for row in ready.ask(queries.orders_of, patient_id=patient_id)] == [
        ("cefTRIAXone 2 g IV daily", "", State.ENTERED)
    ]


def said_so_far(screen: Screen) -> dict[str, list[str]]:
    """What stands beside the form: what must not be passed over, and what follows."""
    labels = {label.objectName(): label for label in screen.findChildren(QLabel)}
    return {name: labels[name].text().splitlines() for name in ("amiss", "derived")}


def test_a_drip_by_weight_is_worked_out_while_it_is_typed(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    weighs(ready, patient_id, "80")
    screen = opened(OrdersScreen, Role.TECHNICIAN, patient_id)
    press(qtbot, screen, "Enter an order")
    look_up(qtbot, screen, "drug_id", "milrinone")
    look_up(qtbot, screen, "prescriber_id", "ZZTEST Maplewood")
    assert screen.editor is not None
    assert {name: screen.editor.form.snapshot()[name] for name in ("dose_unit", "ordered_unit")} == {
        "dose_unit": "mg", "ordered_unit": "mcg/kg/min",
    }  # fmt: skip

    fill(
        screen, **{**ENTERED, "dose_amount": "", "interval_hours": "", "infusion_minutes": "", "volume_ml": ""},
        pattern="continuous", ordered_dose="0.375", rate_ml_per_h="12", concentration_per_ml="0.2", lab_protocol="L-INO",
    )  # fmt: skip
    said = said_so_far(screen)
    offered = {name: [str(one) for one in screen.editor.form.box(name).field.choices] for name in ("route", "method", "pattern")}
    assert offered == {
        "route": ["iv"],
        "method": ["gravity", "elastomeric", "electric pump"],
        "pattern": ["continuous", "patient-controlled (PCA)"],
    }
    assert said["amiss"] == ["12 mL/h at 0.2 mg/mL over a day give 57.6 mg, not the 43.2 mg ordered: correct one of them."]
    assert "0.375 mcg/kg/min x 80 kg x 1,440 min = 43.2 mg a day." in said["derived"]
    press(qtbot, screen, "Save")
    assert screen.editor is not None and not interaction.said

    fill(screen, rate_ml_per_h="9", ordered_dose="375")
    assert said_so_far(screen)["amiss"][-2].startswith("375 mcg/kg/min is ten times or more outside the usual")
    fill(screen, ordered_dose="0.375")
    assert said_so_far(screen)["amiss"] == []
    press(qtbot, screen, "Save")

    assert interaction.said == ["Entered. Another pharmacist verifies it."]
    (row,) = ready.ask(queries.orders_of, patient_id=patient_id)
    assert (row.dose_amount, row.volume_ml, row.lab_protocol, row.typed) == (
        Decimal("43.2"), Decimal(216), "L-INO", ["rate_ml_per_h", "concentration_per_ml"],
    )  # fmt: skip


# The pattern, what is shown for it, what is typed, and the calendar that follows.
PATTERNS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("on days of the week", {"weekdays": "Monday\nWednesday\nFriday"}, "6 doses. Mar 2026: 4, 6, 9, 11, 13, 16."),
    ("on days of a cycle", {"cycle_days": "1, 8", "cycle_length": "21"}, "2 doses. Mar 2026: 3, 10."),
    ("in weeks from the first, then every", {"weeks": "0, 1"}, "2 doses. Mar 2026: 3, 10."),
    ("in steps (taper)", {"steps": "2 g daily for 7 days\n1 g daily"}, "14 doses, every day."),
)


@pytest.mark.parametrize(("pattern", "typed", "calendar"), PATTERNS)
def test_a_schedule_shows_its_fields_and_its_calendar(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, pattern: str, typed: dict[str, str], calendar: str
) -> None:
    patient_id = charted(ready)
    version_id = an_order(ready, patient_id)
    screen = opened(OrdersScreen, patient_id=patient_id)
    press(qtbot, screen, "Change order")
    assert screen.editor is not None
    form = screen.editor.form
    assert not form.box("interval_hours").isHidden() and form.box("caller").isHidden() and form.box("amino_acid_g").isHidden()

    fill(screen, pattern=pattern, interval_hours="", dose_amount="" if "steps" in typed else "2", received_by="verbal", **typed)
    fill(screen, received_at="2 Mar 2026 07:45", caller="ZZTEST Maplewood", receiver="ZZTEST Rowan", read_back="yes")
    fill(screen, read_back_at="2 Mar 2026 07:46")

    assert form.box("interval_hours").isHidden() and not form.box("caller").isHidden()
    assert not any(form.box(name).isHidden() for name in typed)
    assert calendar in said_so_far(screen)["derived"]
    press(qtbot, screen, "Save")
    row = next(one for one in ready.ask(queries.orders_of, patient_id=patient_id) if one.number == 2)
    assert row.pattern == pattern and row.receiver == "ZZTEST Rowan"
    screen.table.choose(lambda one: one.id != version_id)
    settle(qtbot, screen.desk)
    assert any(calendar.rstrip(".") in words for words in words_on(screen))

    press(qtbot, screen, "Change order")
    assert screen.editor is not None
    again = screen.editor.form.snapshot()
    assert {name: again[name] for name in typed} == typed
    assert (again["interval_hours"], again["received_by"], again["caller"]) == ("", "", "")


def test_a_question_stands_on_the_order_until_a_new_version_answers(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    an_order(ready, patient_id)
    interaction.reason = "prescriber's order"
    screen = opened(OrdersScreen, patient_id=patient_id)

    press(qtbot, screen, "Question")
    fill(screen, problem="1 g or 2 g", called="ZZTEST Maplewood", called_at="2 Mar 2026 07:50")
    press(qtbot, screen, "Save")

    assert interaction.said == ["Rx 700001 is in clarification; a new version answers it."]
    assert [state_words(row) for row in screen.table.rows()] == ["in clarification"]
    assert any(words.startswith("In clarification: 1 g or 2 g. Called: ZZTEST Maplewood") for words in words_on(screen))
    waiting = opened(queue)
    press(qtbot, waiting, "Screen")
    press(qtbot, waiting, "Verify")
    assert interaction.refusals[-1] == "Rx 700001 is in clarification: 1 g or 2 g. A new version answers it."

    press(qtbot, screen, "Answer with a new version")
    fill(screen, dose_amount="1", received_by="fax", received_at="2 Mar 2026 07:55")
    press(qtbot, screen, "Save")
    screen.table.choose_first()
    settle(qtbot, screen.desk)
    assert [state_words(row) for row in screen.table.rows()] == ["to verify", "never verified"]


def test_a_question_half_typed_comes_back_at_its_order(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    patient_id = charted(ready)
    an_order(ready, patient_id)
    first = opened(OrdersScreen, patient_id=patient_id)
    press(qtbot, first, "Question")
    fill(first, problem="1 g or 2")
    first.keep_draft()
    settle(qtbot, first.desk)

    second = opened(OrdersScreen, patient_id=patient_id)

    assert second.editor is not None and second.editor.form.snapshot()["problem"] == "1 g or 2"


def test_the_pharmacist_screens_answers_and_signs(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    takes(ready, patient_id, "chinese herbal mix")
    version_id = an_order(ready, patient_id, reviewed_by_infectious_diseases=False)
    screen = opened(queue)
    assert any("not screened yet" in words for words in words_on(screen))

    press(qtbot, screen, "Screen")
    verify = button(screen, "Verify")
    assert verify.reason.startswith("HOLD by R22")
    seen = words_on(screen)
    assert seen.index("2 medicines, 1 recognised") < seen.index("cefTRIAXone and order: review")
    assert "chinese herbal mix (medicine)" in seen

    press(qtbot, screen, "Answer: cefTRIAXone and order: review, R22")
    fill(screen, code=Code.CLARIFIED.value, text="too short")
    press(qtbot, screen, "Save")
    assert screen.editor is not None
    fill(screen, text=WHY)
    press(qtbot, screen, "Save")
    assert button(screen, "Verify").reason.startswith("“chinese herbal mix” was not recognised")
    press(qtbot, screen, "Review by hand: chinese herbal mix")
    fill(screen, source="Natural Medicines", text="nothing against ceftriaxone")
    press(qtbot, screen, "Save")
    press(qtbot, screen, "Verify")

    assert interaction.refusals == []
    assert interaction.said[-1] == "Rx 700001 version 1 is verified."
    assert ready.ask(queries.order_version, version_id=version_id).is_verified
    assert screen.table.rows() == []
    chart = opened(ScreeningScreen, patient_id=patient_id)
    assert any(WHY in words and "ZZTEST Pharmacist" in words for words in words_on(chart))


def test_a_screening_says_of_which_waiting_version_it_does_not_speak(ready: Pharmacy, opened: Opened) -> None:
    patient_id = charted(ready)
    first = an_order(ready, patient_id)
    ready.do(screen_order, version_id=first)
    before = words_on(opened(ScreeningScreen, patient_id=patient_id))
    draft = an_order_draft(ready, patient_id, dose_amount=Decimal(1))
    ready.do(
        service.change_order,
        by=Role.TECHNICIAN,
        order_id=order_of(ready, first),
        draft=draft,
        reasons={"orders.change": "dose by level"},
    )

    after = words_on(opened(ScreeningScreen, patient_id=patient_id))

    said = "cefTRIAXone 1 g IV daily, Rx 700001 version 2, waits to be verified and is not in this screening."
    assert said in after
    assert said not in before
    assert "No interaction, allergy or line alert." not in after


def test_a_stop_has_no_answer_and_no_signature(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    patient_id = charted(ready)
    takes(ready, patient_id, "simvastatin")
    takes(ready, patient_id, "clarithromycin")
    an_order(ready, patient_id)
    screen = opened(queue)

    press(qtbot, screen, "Screen")

    assert "A STOP takes no answer: correct the chart, or take a new order." in words_on(screen)
    assert not [one for one in screen.findChildren(Button) if one.text() == "Answer"]
    verify = button(screen, "Verify")
    assert not verify.isEnabled() and verify.reason.startswith("STOP by ONC25")


def test_what_changed_since_it_was_looked_at_is_refused_and_shown_again(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    version_id = an_order(ready, patient_id)
    screen = opened(queue)
    press(qtbot, screen, "Screen")
    takes(ready, patient_id, "omeprazole")
    takes(ready, patient_id, "pantoprazole")

    press(qtbot, screen, "Verify")

    assert interaction.refusals == ["The chart changed since this order was screened. Screen it again and look at what is new."]
    assert not ready.ask(queries.order_version, version_id=version_id).is_verified


def test_nothing_that_was_not_checked_looks_clean(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    """The prescriber's standing was never checked: no alert, yet no word of all clear."""
    an_order(ready, charted(ready))
    screen = opened(queue)

    press(qtbot, screen, "Screen")

    seen = words_on(screen)
    assert "No alert in what could be checked." in seen
    assert not [words for words in seen if words.startswith("No interaction")]
    assert "The prescriber's licence and the OIG exclusion list were not checked." in seen


def test_a_technician_sees_why_he_may_not_verify(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    version_id = an_order(ready, charted(ready))
    ready.do(screen_order, version_id=version_id)

    screen = opened(queue, Role.TECHNICIAN)

    assert "you need to be a pharmacist" in button(screen, "Verify").reason
    assert "you need to be a pharmacist" in button(screen, "Screen").reason


def test_an_answer_half_typed_comes_back_at_its_alert(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    version_id = an_order(ready, charted(ready), reviewed_by_infectious_diseases=False)
    ready.do(screen_order, version_id=version_id)
    first = opened(queue)
    press(qtbot, first, "Answer: cefTRIAXone and order: review, R22")
    fill(first, text="half a senten")
    first.keep_draft()
    settle(qtbot, first.desk)

    second = opened(queue)

    assert second.editor is not None and second.editor.name == "answer"
    assert second.editor.form.snapshot()["text"] == "half a senten"


def verified(pharmacy: Pharmacy, patient_id: UUID) -> UUID:
    version_id = an_order(pharmacy, patient_id)
    pharmacy.do(verify_order, by=SECOND_PHARMACIST, version_id=version_id)
    return version_id


def test_a_change_says_what_it_changes_and_the_signed_version_stays(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    verified(ready, patient_id)
    interaction.reason = "prescriber's order"
    screen = opened(OrdersScreen, patient_id=patient_id)

    press(qtbot, screen, "Change order")
    fill(screen, interval_hours="12", received_by="fax", received_at="2 Mar 2026 07:45", start_on="10 Mar 2026")
    press(qtbot, screen, "Save")
    screen.table.choose(lambda row: row.number == 2)
    settle(qtbot, screen.desk)

    seen = words_on(screen)
    at = seen.index("Changed from version 1")
    assert seen[at + 1 : at + 6] == [
        "prescriber's order",
        "Dose",
        "cefTRIAXone 2 g IV every 12 hours; was cefTRIAXone 2 g IV daily",
        "Days",
        "10 to 16 Mar 2026; was 3 to 16 Mar 2026",
    ]
    assert [(row.number, row.is_verified) for row in screen.table.rows()] == [(2, False), (1, True)]


def test_a_waiting_change_is_withdrawn_and_stays_in_the_history(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    order_id = order_of(ready, verified(ready, patient_id))
    for dose in ("3", "1"):
        draft = an_order_draft(ready, patient_id, dose_amount=Decimal(dose))
        reasons = {"orders.change": "dose by level"}
        ready.do(service.change_order, by=Role.TECHNICIAN, order_id=order_id, draft=draft, reasons=reasons)
    interaction.reason = "prescriber took it back"
    screen = opened(OrdersScreen, patient_id=patient_id)

    def look_at(number: int) -> None:
        screen.table.choose(lambda row: row.number == number)
        settle(qtbot, screen.desk)

    assert [state_words(row) for row in screen.table.rows()] == ["to verify", "never verified", "verified"]
    look_at(2)
    assert "This version: never verified, replaced by version 3" in words_on(screen)
    assert button(screen, "Withdraw change").reason.startswith("Version 2 no longer waits for verification")
    look_at(3)
    press(qtbot, screen, "Withdraw change")

    assert interaction.said == ["Version 3 of Rx 700001 is withdrawn; the order stands as last verified."]
    assert [state_words(row) for row in screen.table.rows()] == ["withdrawn", "never verified", "verified"]
    assert "This version: withdrawn: prescriber took it back" in words_on(screen)
    assert not button(screen, "Withdraw change").isEnabled()
    look_at(1)
    assert button(screen, "Change order").isEnabled()
    assert not [one for one in screen.findChildren(Button) if one.text() == "Withdraw change" and one.isVisibleTo(screen)]


def test_an_order_is_held_resumed_and_discontinued_from_a_day(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    verified(ready, patient_id)
    ready.clock.set(ready.clock.at.replace(day=8))
    screen = opened(OrdersScreen, patient_id=patient_id)

    for name, day, state in (
        ("Hold", "8 Mar 2026", State.HELD),
        ("Resume", "9 Mar 2026", State.VERIFIED),
        ("Discontinue", "8 Mar 2026", State.DISCONTINUED),
    ):
        ready.clock.advance(minutes=1)
        press(qtbot, screen, name)
        fill(screen, effective_on=day)
        screen.editor.save.click()
        settle(qtbot, screen.desk)
        assert screen.table.rows()[0].state is state

    assert interaction.said == ["Rx 700001 is held.", "Rx 700001 is resumed.", "Rx 700001 is discontinued."]
    course = ready.ask(queries.therapy_courses, patient_id=patient_id)[0]
    assert (course.last, course.held_on) == (date(2026, 3, 8), frozenset({date(2026, 3, 8)}))


def test_an_order_that_was_never_verified_is_taken_back(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    patient_id = charted(ready)
    an_order(ready, patient_id)
    screen = opened(OrdersScreen, patient_id=patient_id)

    press(qtbot, screen, "Cancel order")

    assert screen.table.rows()[0].state is State.CANCELLED


def test_the_verification_record_prints_the_order_its_screening_and_who_answered(
    qtbot: QtBot, ready: Pharmacy, opened: Opened
) -> None:
    patient_id = charted(ready)
    verified(ready, patient_id)
    screen = opened(OrdersScreen, patient_id=patient_id)

    with qtbot.waitSignal(screen.paper_ready) as waited:
        button(screen, "Print verification").click()
    settle(qtbot, screen.desk)

    assert waited.args is not None
    paper: PaperShown = waited.args[0]
    printed = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(paper.pdf)).pages).split())
    assert paper.file_name == "verification-700001-1.pdf"
    told = ("cefTRIAXone 2 g IV daily", "200 mL/h, derived", "1 medicine, 1 recognised", "OIG exclusion list", "Second Pharmacist")
    for words in told:
        assert words in printed


def test_a_version_signed_without_the_journey_has_no_record_to_print(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    version_id = an_order(ready, patient_id)
    ready.do(service.sign_verification, by=SECOND_PHARMACIST, version_id=version_id, patient_name="ZZTEST Alder, Marian")
    screen = opened(OrdersScreen, patient_id=patient_id)

    press(qtbot, screen, "Print verification")

    assert interaction.refusals == ["This version was verified without a screening; there is no record to print."]


def test_a_change_half_typed_comes_back_at_its_order(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    patient_id = charted(ready)
    version_id = verified(ready, patient_id)
    first = opened(OrdersScreen, patient_id=patient_id)
    press(qtbot, first, "Change order")
    fill(first, nursing="twice a wee")
    first.keep_draft()
    settle(qtbot, first.desk)
    ready.do(
        service.change_order, by=Role.TECHNICIAN, order_id=order_of(ready, version_id),
        draft=an_order_draft(ready, patient_id, dose_amount=Decimal(1)), reasons={"orders.change": "prescriber's order"},
    )  # fmt: skip

    second = opened(OrdersScreen, patient_id=patient_id)

    assert second.editor is not None and second.editor.form.snapshot()["nursing"] == "twice a wee"
