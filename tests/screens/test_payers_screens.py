"""Coverage and payer profiles in the window, through a real desk."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.payers import queries, service
from infusiondesk.payers.rules.coverage import CoverageDraft, PayerDraft
from infusiondesk.payers.rules.profile import PayerKind
from infusiondesk.payers.screens.coverage import CoverageScreen
from infusiondesk.payers.screens.payer_profiles import PayerProfilesScreen
from tests.desk import PlainInteraction, settle
from tests.people import refer
from tests.pharmacy import Pharmacy

DeskOf = Callable[..., Desk]


def opened(qtbot: QtBot, desk: Desk, screen: Screen) -> None:
    qtbot.addWidget(screen)
    screen.resize(1240, 700)
    screen.show()
    settle(qtbot, desk)


def button(screen: QWidget, words: str) -> Button:
    QApplication.processEvents()  # what was just put into the detail is shown in the next turn
    return next(found for found in screen.findChildren(Button) if found.text() == words and found.isVisibleTo(screen))


def editing(screen: Screen) -> Editor | None:
    """The open editor, asked anew: mypy would remember an earlier answer."""
    return screen.editor


def press(qtbot: QtBot, desk: Desk, screen: QWidget, words: str) -> None:
    button(screen, words).click()
    settle(qtbot, desk)


def fill(qtbot: QtBot, desk: Desk, screen: Screen, words: str, **typed: str) -> None:
    press(qtbot, desk, screen, words)
    assert screen.editor is not None
    screen.editor.form.restore(typed)
    press(qtbot, desk, screen, "Save")
    assert editing(screen) is None


def test_plans_and_authorizations_are_entered_ordered_ended_and_voided(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf
) -> None:
    for name, kind in (("Blue Plan PPO", PayerKind.COMMERCIAL), ("Medicare Part B", PayerKind.MEDICARE)):
        file_pharmacy.do(service.add_payer, by=Role.BILLER, draft=PayerDraft(name, kind))
    patient_id = refer(file_pharmacy)
    desk = desk_of(Role.BILLER)
    screen = CoverageScreen(desk)
    screen.show_patient(patient_id)
    opened(qtbot, desk, screen)

    def lines() -> list[tuple[str, str, str]]:
        return [(line.group.value, line.what, line.state) for line in screen.table.rows()]

    fill(qtbot, desk, screen, "Enter a plan", payer_id="Blue Plan PPO", member_id="ABC123", starts_on="1 Jan 2026")
    fill(qtbot, desk, screen, "Enter a plan", payer_id="Medicare Part B", member_id="1EG4", starts_on="1 Jan 2026")
    assert lines() == [("Plans", "Blue Plan PPO", "primary"), ("Plans", "Medicare Part B", "secondary")]
    screen.table.choose(lambda line: line.what == "Medicare Part B")
    press(qtbot, desk, screen, "Move up")
    assert lines() == [("Plans", "Medicare Part B", "primary"), ("Plans", "Blue Plan PPO", "secondary")]
    fill(
        qtbot, desk, screen, "Enter an authorization",
        number="A123", code="s9500", starts_on="1 Mar 2026", ends_on="5 Mar 2026", units="5",
    )  # fmt: skip
    assert ("Authorizations", "S9500, 5 units", "4 days left") in lines()
    screen.table.choose(lambda line: line.what.startswith("S9500"))
    press(qtbot, desk, screen, "Void authorization")
    assert ("Voided", "authorization A123, S9500", "void") in lines()
    screen.table.choose(lambda line: line.what == "Blue Plan PPO")
    fill(qtbot, desk, screen, "Set the last day", ends_on="28 Feb 2026")
    assert ("Plans", "Blue Plan PPO", "not today") in lines()
    screen.table.choose(lambda line: line.what == "Blue Plan PPO")
    press(qtbot, desk, screen, "Void plan")
    assert [row.payer for row in file_pharmacy.ask(queries.coverage_of, patient_id=patient_id)] == ["Medicare Part B"]


def test_without_a_plan_an_authorization_is_refused_in_a_sentence(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    interaction = PlainInteraction()
    desk = desk_of(Role.BILLER, interaction)
    screen = CoverageScreen(desk)
    screen.show_patient(refer(file_pharmacy))
    opened(qtbot, desk, screen)
    assert screen.table.empty.isVisible()

    screen.open_editor("authorization")
    assert interaction.refusals == ["Enter a plan first; an authorization belongs to one."]
    screen.open_editor("plan")
    assert screen.editor is not None
    settle(qtbot, desk)
    assert screen.editor.isVisible()


def test_an_authorization_that_was_begun_comes_back_to_its_patient(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    payer_id = file_pharmacy.do(service.add_payer, by=Role.BILLER, draft=PayerDraft("Blue Plan PPO", PayerKind.COMMERCIAL))
    patient_id, other = refer(file_pharmacy), refer(file_pharmacy, last_name="ZZTEST Birch")
    plan = CoverageDraft(payer_id, "ABC123", "", "", 1, date(2026, 1, 1))
    file_pharmacy.do(service.add_coverage, by=Role.BILLER, patient_id=patient_id, draft=plan)
    desk = desk_of(Role.BILLER)
    screen = CoverageScreen(desk)
    screen.show_patient(patient_id)
    opened(qtbot, desk, screen)
    press(qtbot, desk, screen, "Enter an authorization")
    assert screen.editor is not None
    screen.editor.form.restore({"number": "A123"})

    screen.show_patient(other)
    settle(qtbot, desk)
    assert editing(screen) is None
    assert screen.table.rows() == []
    screen.show_patient(patient_id)
    settle(qtbot, desk)

    back = editing(screen)
    assert back is not None
    assert back.form.snapshot()["number"] == "A123"


def test_a_profile_is_set_field_by_field_with_its_source(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    desk = desk_of(Role.BILLER)
    screen = PayerProfilesScreen(desk)
    opened(qtbot, desk, screen)
    assert screen.table.empty.isVisible()

    fill(qtbot, desk, screen, "Enter a payer", name="Blue Plan PPO", kind="Commercial")
    (payer,) = file_pharmacy.ask(queries.payers)
    screen.table.choose(lambda row: row.id == "day_basis")
    fill(qtbot, desk, screen, "Set field", typed="INFUSED OR NURSED", source="manual, chapter 4")
    screen.table.choose(lambda row: row.id == "rates")
    press(qtbot, desk, screen, "Set field")
    assert screen.editor is not None
    screen.editor.form.restore({"typed": "S9500 many", "source": "contract"})
    press(qtbot, desk, screen, "Save")
    assert screen.editor.form.box("typed").problem() == "“many” is not a number."
    screen.editor.form.restore({"typed": "S9500 130\nS9501 105"})
    press(qtbot, desk, screen, "Save")

    profile = file_pharmacy.ask(queries.profile_on, payer_id=payer.id, day=date(2026, 3, 2))
    assert profile.value("day_basis") == "INFUSED_OR_NURSED"
    assert [(rate["code"], rate["usd"]) for rate in profile.value("rates")] == [("S9500", "130"), ("S9501", "105")]
    assert screen.page.head.remark.text() == "Commercial, 2 of 31 answered, from 2 Mar 2026"
    screen.table.choose(lambda row: row.id == "rates")
    press(qtbot, desk, screen, "Withdraw answer")
    assert "rates" in file_pharmacy.ask(queries.profile_on, payer_id=payer.id, day=date(2026, 3, 2)).unanswered
    fill(qtbot, desk, screen, "Correct payer", name="Blue Plan HMO")
    press(qtbot, desk, screen, "Close payer")
    assert screen.picker.currentText() == "Blue Plan HMO (closed)"


def test_another_payer_shows_its_own_profile_and_a_nurse_only_reads(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    for name, kind in (("Blue Plan PPO", PayerKind.COMMERCIAL), ("State Medicaid", PayerKind.MEDICAID_DAILY_FEE)):
        file_pharmacy.do(service.add_payer, by=Role.BILLER, draft=PayerDraft(name, kind))
    desk = desk_of(Role.NURSE)
    screen = PayerProfilesScreen(desk)
    opened(qtbot, desk, screen)

    screen.picker.choose(1)
    settle(qtbot, desk)

    assert screen.table.rows()[0].value == "medicaid_daily_fee"
    assert button(screen, "Set field").reason.startswith("To set a payer's profile you need to be")


def test_a_field_that_was_begun_comes_back_to_its_payer(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    for name in ("Blue Plan PPO", "Green Plan"):
        file_pharmacy.do(service.add_payer, by=Role.BILLER, draft=PayerDraft(name, PayerKind.COMMERCIAL))
    desk = desk_of(Role.BILLER)
    screen = PayerProfilesScreen(desk)
    opened(qtbot, desk, screen)
    screen.picker.choose(1)
    settle(qtbot, desk)
    screen.table.choose(lambda row: row.id == "min_span_days")
    press(qtbot, desk, screen, "Set field")
    assert screen.editor is not None
    screen.editor.form.restore({"typed": "7"})
    screen.picker.choose(0)
    assert screen.picker.currentText() == "Green Plan"
    screen.keep_draft()
    settle(qtbot, desk)

    again = PayerProfilesScreen(desk)
    opened(qtbot, desk, again)
    qtbot.waitUntil(lambda: again.editor is not None)

    assert again.editor is not None
    assert (again.editor.accessibleName(), again.editor.form.snapshot()["typed"]) == ("Min span days", "7")
    assert again.picker.currentText() == "Green Plan"
