"""Promises in the window: made with an answer, shown on order and alert, closed by a noted call; and the tiers of alerts."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.interactions.queries import last_screening
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.answers import Code
from infusiondesk.orders import queries as orders
from infusiondesk.orders.screens.orders import OrdersScreen
from infusiondesk.prescriptions.queries import rx_numbers
from infusiondesk.tasks import queries
from infusiondesk.tasks.rules import Standing
from infusiondesk.tasks.screens.promises import PromisesScreen
from infusiondesk.workflows.verify_order import screen_order
from tests.beginnings import Recipe
from tests.desk import PlainInteraction, give_passwords, settle
from tests.papers.test_paper_facts import read_back
from tests.pharmacy import Pharmacy
from tests.screens.test_orders_screens import Opened, button, fill, press, queue, words_on
from tests.services.test_promises import comes, promised, the_promise
from tests.services.test_verify_order import WHY, charted, takes
from tests.story import an_order, the_catalog

HOLD = "Answer: cefTRIAXone and order: review, R22"


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


def shown(screen: Any, name: str) -> bool:
    return not screen.editor.form.box(name).isHidden()


def test_watching_asks_for_the_promise_and_the_order_and_its_alert_show_it(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    version_id = an_order(ready, patient_id, reviewed_by_infectious_diseases=False)
    ready.do(screen_order, version_id=version_id)
    screen = opened(queue)

    press(qtbot, screen, HOLD)
    fill(screen, code=Code.CLARIFIED.value, text=WHY)
    assert not shown(screen, "awaited") and not shown(screen, "due_on")
    fill(screen, code=Code.MONITORED.value)
    assert shown(screen, "awaited") and shown(screen, "owner") and shown(screen, "due_on")
    press(qtbot, screen, "Save")
    assert screen.editor is not None  # nothing is awaited yet
    fill(screen, awaited="Potassium", owner="pharmacist", due_on="5 Mar 2026")
    press(qtbot, screen, "Save")

    told = "Promised: potassium by 5 Mar 2026, open; pharmacist looks after it"
    assert told in words_on(screen)
    press(qtbot, screen, "Verify")
    assert interaction.refusals == []
    assert told in words_on(opened(OrdersScreen, patient_id=patient_id))
    ready.clock.set(datetime(2026, 3, 6, 15, 0, tzinfo=UTC))
    late = words_on(opened(OrdersScreen, patient_id=patient_id))
    assert any("broken (nothing came by 5 Mar 2026)" in words for words in late)


def test_only_stop_and_hold_interrupt_and_the_rest_opens_from_the_keyboard(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    for name in ("omeprazole", "pantoprazole"):
        takes(ready, patient_id, name)
    an_order(ready, patient_id, reviewed_by_infectious_diseases=False)
    screen = opened(queue)
    press(qtbot, screen, "Screen")

    found = ready.ask(last_screening, patient_id=patient_id)
    assert found is not None
    (warning,) = found.at(Level.WARN)
    quiet = warning.subject
    folded = words_on(screen)
    assert "cefTRIAXone and order: review" in folded and quiet not in folded
    assert "Show 1 more, not interrupting" in [one.text() for one in screen.findChildren(type(button(screen, "Verify")))]
    screen.activateWindow()
    button(screen, "Show 1 more, not interrupting").setFocus()
    QTest.keyClick(button(screen, "Show 1 more, not interrupting"), Qt.Key.Key_Return)
    settle(qtbot, screen.desk)
    assert quiet in words_on(screen)

    press(qtbot, screen, f"Acknowledge: {quiet}, {warning.rules[0]}")
    fill(screen, code=Code.TOLERATED.value)
    press(qtbot, screen, "Save")

    seen = words_on(screen)
    assert quiet in seen  # what was unfolded stays so
    assert any(words.startswith(Code.TOLERATED.value) for words in seen)
    button(screen, "Hide 1 more, not interrupting").click()
    assert quiet not in words_on(screen)


def test_an_alert_has_both_sides_as_charted_why_what_to_do_the_source_and_who_signed(
    qtbot: QtBot, ready: Pharmacy, opened: Opened
) -> None:
    patient_id = charted(ready)
    takes(ready, patient_id, "Zocor", "40 mg at bedtime")
    takes(ready, patient_id, "clarithromycin", "500 mg twice daily")
    an_order(ready, patient_id)
    screen = opened(queue)
    press(qtbot, screen, "Screen")

    seen = words_on(screen)
    at = next(place for place, words in enumerate(seen) if words.startswith("In the chart: "))
    charts, why, do, source = seen[at : at + 4]
    assert "Zocor 40 mg at bedtime (home medicine)" in charts and "clarithromycin 500 mg twice daily (home medicine)" in charts
    assert why.startswith("Why: ") and do.startswith("What to do: ")
    assert "ONC25" in source and "source: " in source and "Row signed by nobody (ONC25" in source


def test_what_was_not_checked_stands_before_every_alert(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    patient_id = charted(ready)
    takes(ready, patient_id, "chinese herbal mix")
    an_order(ready, patient_id, reviewed_by_infectious_diseases=False)
    screen = opened(queue)
    press(qtbot, screen, "Screen")

    seen = words_on(screen)
    assert seen.index("chinese herbal mix (medicine)") < seen.index("Not checked") < seen.index("cefTRIAXone and order: review")


def test_answer_next_opens_one_finding_after_the_other_and_says_when_there_is_none(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = charted(ready)
    takes(ready, patient_id, "chinese herbal mix")
    version_id = an_order(ready, patient_id, reviewed_by_infectious_diseases=False)
    ready.do(screen_order, version_id=version_id)
    screen = opened(queue)

    screen.answer_next()
    settle(qtbot, screen.desk)
    assert screen.editor is not None and screen.editor.name == "hand-review"
    fill(screen, source="Natural Medicines", text="nothing against ceftriaxone")
    press(qtbot, screen, "Save")
    screen.answer_next()
    settle(qtbot, screen.desk)
    assert screen.editor is not None and screen.editor.name == "answer"
    fill(screen, code=Code.CLARIFIED.value, text=WHY)
    press(qtbot, screen, "Save")
    screen.answer_next()
    settle(qtbot, screen.desk)

    assert screen.editor is None and interaction.said[-1] == "Nothing waits for an answer."
    press(qtbot, screen, "Verify")
    assert ready.ask(orders.order_version, version_id=version_id).is_verified


def opened_promises(opened: Callable[..., Any], who: str = Role.NURSE) -> PromisesScreen:
    screen: PromisesScreen = opened(partial(PromisesScreen, rx_numbers=rx_numbers), who)
    return screen


def test_a_promised_call_is_noted_and_a_promised_result_is_not(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    patient_id = promised(ready, "call:patient")
    ready.clock.advance(minutes=60)
    screen = opened_promises(opened)
    assert [row.words for row in screen.table.rows()] == ["call to the patient"]

    press(qtbot, screen, "Note a call")
    fill(screen, name="ZZTEST Alder", at="2 Mar 2026 08:30", said="no palpitations")
    press(qtbot, screen, "Save")

    assert the_promise(ready, patient_id).standing is Standing.KEPT
    assert screen.table.rows() == []
    screen.scope.choose(2)
    assert [row.standing for row in screen.table.rows()] == [Standing.KEPT]


def test_a_result_has_no_button_and_its_key_says_why(
    qtbot: QtBot, ready: Pharmacy, opened: Opened, interaction: PlainInteraction
) -> None:
    promised(ready)
    screen = opened_promises(opened, Role.PHARMACIST)

    screen.note_call()

    assert screen.editor is None
    assert interaction.refusals == ["It waits for Potassium; nobody closes it by hand."]
    assert "Nobody closes this by hand: it closes when what is awaited arrives." in words_on(screen)


def test_a_call_half_typed_comes_back_at_its_promise(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    promised(ready, "call:patient")
    first = opened_promises(opened)
    press(qtbot, first, "Note a call")
    fill(first, said="half a senten")
    first.keep_draft()
    settle(qtbot, first.desk)

    second = opened_promises(opened)

    assert second.editor is not None and second.editor.form.snapshot()["said"] == "half a senten"


def test_promises_are_counted_rule_by_rule_and_one_is_opened_by_its_key(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    patient_id = promised(ready, due_on=date(2026, 3, 2))
    ready.clock.set(datetime(2026, 3, 6, 15, 0, tzinfo=UTC))
    screen = opened_promises(opened)

    screen.scope.choose(4)
    assert [(row.rule, row.made, row.broken) for row in screen.rules.rows()] == [("R22", 1, 1)]

    record: UUID = the_promise(ready, patient_id).id
    screen.show_record(record)
    settle(qtbot, screen.desk)
    chosen = screen.table.chosen()
    assert chosen is not None and chosen.id == record
    assert ready.ask(queries.awaited_promises)[0].id == record


def test_the_chosen_days_are_printed_whatever_the_list_shows(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    promised(ready)
    ready.clock.set(datetime(2026, 4, 15, 15, 0, tzinfo=UTC))
    screen = opened_promises(opened)
    screen.scope.choose(2)
    assert screen.table.rows() == []

    with qtbot.waitSignal(screen.paper_ready) as shown:
        press(qtbot, screen, "Print promises")

    paper: PaperShown = shown.args[0]
    assert (paper.title, paper.file_name) == ("Promises", "promises-2026-04-15.pdf")
    text = read_back(paper.pdf)
    assert "Rx 700001" in text and "made 16 Jan to 15 Apr 2026" in text

    screen.stretch.choose(0)
    with qtbot.waitSignal(screen.paper_ready) as shown:
        press(qtbot, screen, "Print promises")
    fewer = read_back(shown.args[0].pdf)
    assert "Rx 700001" not in fewer and "1 promise made before 17 Mar 2026 is still awaited and not listed here." in fewer


def test_a_kept_promise_stands_on_the_order_with_what_kept_it(qtbot: QtBot, ready: Pharmacy, opened: Opened) -> None:
    patient_id = promised(ready)
    ready.clock.advance(minutes=60)
    comes(ready, patient_id, drawn="20260302083000")

    screen = opened(OrdersScreen, patient_id=patient_id)

    (told,) = [words for words in words_on(screen) if words.startswith("Promised: potassium")]
    assert told.startswith("Promised: potassium by 5 Mar 2026, kept (2 Mar 2026: ") and "4.1 mmol/L" in told
    assert "Kept" in [pill.accessibleName() for pill in screen.findChildren(Pill)]
