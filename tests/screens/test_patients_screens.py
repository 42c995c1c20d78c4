"""Referrals, finding and the patient's page in the window, through a real desk."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import Code
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.patients import queries, service
from infusiondesk.patients.rules.facts import Finding, Severity
from infusiondesk.patients.rules.words import Document, PatientStatus, Standing
from infusiondesk.patients.screens.find_a_patient import FindPatientScreen
from infusiondesk.patients.screens.patient import PatientScreen
from infusiondesk.patients.screens.referrals import ReferralsScreen
from infusiondesk.workflows import ending
from tests.beginnings import START
from tests.desk import PlainInteraction, settle
from tests.people import NPI, accept, activate, complete, refer
from tests.pharmacy import Pharmacy
from tests.services.test_visits import a_visit

DeskOf = Callable[..., Desk]
TYPED = {
    "received_at": "2 Mar 2026 07:30", "start_of_care_at": "3 Mar 2026 15:00", "source": "hospital", "therapy": "vancomycin",
    "referring_person": "ZZTEST Case Manager", "referring_phone": "217-555-0100", "documents": "signed order\ninsurance",
    "last_name": "ZZTEST O’Brien", "first_name": "Nora", "born_on": "3/14/1964", "sex": "female", "phone": "(217) 555-0142",
    "prescriber_name": "Dr ZZTEST Maplewood", "prescriber_npi": NPI, "prescriber_phone": "217-555-0199",
}  # fmt: skip


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


# Referrals ----------------------------------------------------------------------------------------


def test_a_referral_is_taken_in_and_walked_to_acceptance(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    interaction = PlainInteraction()
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = ReferralsScreen(desk)
    opened(qtbot, desk, screen)
    assert screen.table.empty.isVisible()

    screen.new_referral()
    assert screen.editor is not None
    screen.editor.save.click()
    assert "complete" in screen.editor.form._summary.text()
    screen.editor.form.restore(TYPED)
    press(qtbot, desk, screen, "Take in")

    (row,) = screen.table.rows()
    assert row.name == "ZZTEST O’Brien, Nora"
    assert row.received_documents == (Document.INSURANCE, Document.ORDER)
    assert screen.table.chosen() == row
    for words in ("Acknowledge", "Begin intake", "Verify benefits"):
        press(qtbot, desk, screen, words)
    assert [clock.is_done for clock in screen.table.rows()[0].clocks] == [True, True, False, False]
    press(qtbot, desk, screen, "Accept patient")
    assert interaction.refusals == [
        "The patient cannot be accepted. Allergies are not recorded, and nobody has confirmed that there are none. (ALG01)"
    ]
    file_pharmacy.do(service.confirm_no_known_allergies, by=Role.INTAKE, patient_id=row.patient_id)
    press(qtbot, desk, screen, "Accept patient")

    assert file_pharmacy.ask(queries.chart_facts, patient_id=row.patient_id).status is PatientStatus.ACCEPTED
    assert interaction.asked[-1].startswith("Open: ")
    assert "Accept patient" not in [found.text() for found in screen.findChildren(Button) if found.isVisibleTo(screen)]


def test_a_known_name_is_asked_about_and_turning_back_saves_nothing(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    refer(file_pharmacy, last_name="zztest obrien")
    interaction = PlainInteraction(reason=None)
    desk = desk_of(Role.INTAKE, interaction)
    screen = ReferralsScreen(desk)
    opened(qtbot, desk, screen)
    screen.new_referral()
    assert screen.editor is not None
    screen.editor.form.restore(TYPED)

    press(qtbot, desk, screen, "Take in")

    assert "MRN 40-001-9" in interaction.asked[0]
    assert file_pharmacy.ask(queries.find_patients).total == 1
    assert screen.editor is not None
    assert screen.editor.form.snapshot()["last_name"] == "ZZTEST O’Brien"


def test_a_known_prescriber_is_found_while_typing(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    refer(file_pharmacy)
    desk = desk_of(Role.INTAKE)
    screen = ReferralsScreen(desk)
    opened(qtbot, desk, screen)
    found: list[Code] = []

    screen._find_prescribers("maple", found.extend)
    settle(qtbot, desk)

    assert [code.words() for code in found] == [f"Dr ZZTEST Maplewood  NPI {NPI}"]


@pytest.mark.parametrize(
    ("words", "typed", "status"),
    [
        ("Mark pending", {"missing": "tip confirmation\nculture"}, PatientStatus.PENDING),
        ("Decline", {"because": "no nurse", "referrer_told_at": "2 Mar 2026 07:45"}, PatientStatus.DECLINED),
    ],
)
def test_pending_and_declined_say_why(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf, words: str, typed: dict[str, str], status: PatientStatus
) -> None:
    patient_id = refer(file_pharmacy)
    desk = desk_of(Role.INTAKE)
    screen = ReferralsScreen(desk)
    opened(qtbot, desk, screen)
    screen.table.choose_first()
    press(qtbot, desk, screen, "Begin intake")

    press(qtbot, desk, screen, words)
    assert screen.editor is not None
    screen.editor.form.restore(typed)
    press(qtbot, desk, screen, "Save")

    assert file_pharmacy.ask(queries.chart_facts, patient_id=patient_id).status is status


def test_documents_that_came_later_are_noted(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    refer(file_pharmacy, documents=(Document.ORDER,))
    desk = desk_of(Role.INTAKE)
    screen = ReferralsScreen(desk)
    opened(qtbot, desk, screen)
    screen.table.choose_first()

    press(qtbot, desk, screen, "Note documents")
    assert screen.editor is not None
    screen.editor.form.restore({"documents": "insurance"})
    press(qtbot, desk, screen, "Save")

    assert screen.table.rows()[0].received_documents == (Document.INSURANCE, Document.ORDER)


def test_intake_reads_why_it_cannot_accept_and_opens_the_chart(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = refer(file_pharmacy)
    desk = desk_of(Role.INTAKE)
    screen = ReferralsScreen(desk)
    opened(qtbot, desk, screen)
    screen.table.choose_first()
    press(qtbot, desk, screen, "Begin intake")

    assert button(screen, "Accept patient").reason.startswith("To accept a patient you need to be a pharmacist")
    with qtbot.waitSignal(screen.patient_chosen) as chosen:
        button(screen, "Open chart").click()
    assert chosen.args == [patient_id]


# Finding ------------------------------------------------------------------------------------------


def test_typing_narrows_and_enter_opens_the_only_one(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    wanted = refer(file_pharmacy, last_name="ZZTEST Nguyễn")
    refer(file_pharmacy, last_name="ZZTEST Birch")
    desk = desk_of(Role.NURSE)
    screen = FindPatientScreen(desk)
    opened(qtbot, desk, screen)
    assert len(screen.table.rows()) == 2

    QTest.keyClicks(screen.search, "nguyen")
    qtbot.waitUntil(lambda: len(screen.table.rows()) == 1)
    settle(qtbot, desk)
    with qtbot.waitSignal(screen.patient_chosen) as chosen:
        QTest.keyClick(screen.search, Qt.Key.Key_Return)
    assert chosen.args == [wanted]

    screen.search.clear()
    qtbot.waitUntil(lambda: len(screen.table.rows()) == 2)
    settle(qtbot, desk)
    QTest.keyClick(screen.search, Qt.Key.Key_Return)
    assert screen.table.chosen() is not None


def test_down_leads_into_the_list_and_enter_opens_the_chart(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    first = refer(file_pharmacy)
    desk = desk_of(Role.NURSE)
    screen = FindPatientScreen(desk)
    opened(qtbot, desk, screen)

    QTest.keyClick(screen.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(screen.patient_chosen) as chosen:
        QTest.keyClick(screen.table, Qt.Key.Key_Return)

    assert chosen.args == [first]


def test_who_left_our_care_is_found_under_everybody(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = activate(file_pharmacy)
    file_pharmacy.do(
        service.discharge_patient,
        patient_id=patient_id,
        last_day=START.date(),
        reasons={"patients.discharge": "therapy completed"},
    )
    desk = desk_of(Role.NURSE)
    screen = FindPatientScreen(desk)
    opened(qtbot, desk, screen)
    assert screen.table.rows() == []

    screen.scope.choose(1)
    screen.reload()
    settle(qtbot, desk)

    assert [row.id for row in screen.table.rows()] == [patient_id]


# The patient's page -------------------------------------------------------------------------------


def page_of(qtbot: QtBot, pharmacy: Pharmacy, desk: Desk, **given: object) -> PatientScreen:
    patient_id = refer(pharmacy, **given)
    screen = PatientScreen(
        desk, find=lambda words: [("I10", "Essential hypertension")], meaning={"I10": "Essential hypertension"}.get
    )
    screen.show_patient(patient_id)
    opened(qtbot, desk, screen)
    return screen


def choose(screen: PatientScreen, what: str) -> None:
    assert screen.table.choose(lambda line: line.what == what), what


def fill(qtbot: QtBot, desk: Desk, screen: PatientScreen, words: str, **typed: str) -> None:
    press(qtbot, desk, screen, words)
    assert screen.editor is not None
    screen.editor.form.restore(typed)
    press(qtbot, desk, screen, "Save")
    assert editing(screen) is None


def retype(screen: PatientScreen, field: str, words: str) -> None:
    """Write over what stands in a field, as a hand does: the refusal beside it goes with the first key."""
    assert screen.editor is not None
    edit = screen.editor.form.box(field).focus_widgets()[0]
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    QTest.keyClicks(edit, words)


def shown(screen: PatientScreen) -> dict[str, str]:
    return {line.what: line.value for line in screen.table.rows()}


def test_what_is_missing_stands_there_in_words(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    screen = page_of(qtbot, file_pharmacy, desk_of(Role.NURSE), phone="")

    lines = {line.what: (line.value, line.tone) for line in screen.table.rows()}
    assert lines["Allergies not recorded"] == ("dispensing is stopped", "danger")
    assert lines["Phone"] == ("not recorded", "danger")
    assert lines["Weight"] == ("not recorded", "due")
    assert lines["Access device"] == ("not recorded", "due")


def test_the_chart_is_filled_line_by_line(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    desk = desk_of(Role.NURSE)
    screen = page_of(qtbot, file_pharmacy, desk)

    press(qtbot, desk, screen, "Confirm no known allergies")
    assert shown(screen)["No known allergies"] == "confirmed 2 Mar 2026"
    choose(screen, "No known allergies")
    fill(qtbot, desk, screen, "Enter an allergy", substance="penicillin", reaction="hives", severity="severe")
    choose(screen, "Weight")
    fill(qtbot, desk, screen, "Enter a weight", value="157 lb", measured_on="2 Mar 2026", how="measured")
    choose(screen, "Weight")
    fill(qtbot, desk, screen, "Enter a height", value="168", measured_on="2 Mar 2026", how="stated")
    choose(screen, "Primary diagnosis")
    press(qtbot, desk, screen, "Enter a diagnosis")
    assert screen.editor is not None
    QTest.keyClicks(screen.editor.form.box("code").focus_widgets()[0], "i10")
    edit = screen.editor.form.box("code").focus_widgets()[0]
    assert isinstance(edit, QLineEdit)
    qtbot.waitUntil(lambda: screen.editor is not None and screen.editor.form.draft.code == "I10")
    settle(qtbot, desk)
    press(qtbot, desk, screen, "Save")
    choose(screen, "Access device")
    fill(qtbot, desk, screen, "Enter an access device", type="PICC", lumens="2", inserted_on="27 Feb 2026", external_cm="3")
    choose(screen, "PICC")
    fill(qtbot, desk, screen, "Confirm tip", tip="SVC", tip_confirmed="ECG", tip_confirmed_on="27 Feb 2026")
    choose(screen, "Home medicines")
    fill(qtbot, desk, screen, "Enter a home medicine", name="garlic", details="daily", source="patient")
    choose(screen, "Place of care")
    fill(qtbot, desk, screen, "Set the place of care", kind="own home", from_on="2 Mar 2026")
    choose(screen, "Hospital stays")
    fill(qtbot, desk, screen, "Admitted to hospital", admitted_at="1 Mar 2026 10:00", facility="ZZTEST Memorial")
    choose(screen, "ZZTEST Memorial")
    fill(qtbot, desk, screen, "Discharged from hospital", discharged_at="1 Mar 2026 20:00", home_dose_on_discharge_day="yes")

    found = shown(screen)
    assert found["penicillin"] == "hives, severe"
    assert found["Weight"] == "71.2 kg (157 lb)"
    assert found["Height"] == "168 cm"
    assert found["I10"] == "Essential hypertension"
    assert found["PICC"] == "2 lumens, tip at SVC (ECG, 27 Feb 2026)"
    assert found["garlic"] == "daily"
    assert found["Own home"] == "no details"
    assert found["ZZTEST Memorial"] == "1 Mar 2026 10:00 to 1 Mar 2026 20:00"


def test_a_refused_weight_stands_beside_its_field(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    desk = desk_of(Role.NURSE)
    screen = page_of(qtbot, file_pharmacy, desk)
    choose(screen, "Weight")
    press(qtbot, desk, screen, "Enter a weight")
    assert screen.editor is not None
    screen.editor.form.restore({"value": "800", "measured_on": "2 Mar 2026", "how": "measured"})

    press(qtbot, desk, screen, "Save")

    assert screen.editor.form.box("value").problem() == (
        "800 kg is outside what a weight can be, 0.5 to 350 kg: correct the number under Weight."
    )
    press(qtbot, desk, screen, "Cancel")
    assert editing(screen) is None
    assert shown(screen)["Weight"] == "not recorded"


def test_voided_and_corrected_stays_in_the_history(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    interaction = PlainInteraction(reason="typing mistake")
    desk = desk_of(Role.NURSE, interaction)
    screen = page_of(qtbot, file_pharmacy, desk)
    fill(qtbot, desk, screen, "Enter an allergy", substance="latex")
    choose(screen, "latex")
    press(qtbot, desk, screen, "Void allergy")
    choose(screen, "Phone")
    fill(qtbot, desk, screen, "Correct demographics", phone="217-555-0177")

    screen.scope.choose(1)
    screen._arrange()

    earlier = {line.what: (line.value, line.remark) for line in screen.table.rows() if line.group == "Earlier values"}
    assert earlier["Voided allergy"] == ("latex", "typing mistake; 2 Mar 2026 08:00, ZZTEST Nurse")
    assert earlier["Phone"] == ("2175550142, now 2175550177", "typing mistake; 2 Mar 2026 08:00, ZZTEST Nurse")
    assert [line.what for line in screen.table.rows() if line.group == "Episode"] == ["Referral"]


def test_prescribers_are_entered_chosen_and_checked(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    desk = desk_of(Role.INTAKE)
    screen = page_of(qtbot, file_pharmacy, desk)
    choose(screen, "Follows at home")
    fill(qtbot, desk, screen, "New prescriber", name="Dr ZZTEST Oak", npi="1245319599", phone="217-555-0123")
    press(qtbot, desk, screen, "Choose a prescriber")
    assert screen.editor is not None
    QTest.keyClicks(screen.editor.form.box("prescriber_id").focus_widgets()[0], "Dr ZZTEST Oak")
    qtbot.waitUntil(lambda: screen.editor is not None and screen.editor.form.draft.prescriber_id is not None)
    settle(qtbot, desk)
    screen.editor.form.restore({"follows_at_home": "follows at home"})
    press(qtbot, desk, screen, "Save")
    choose(screen, "Follows at home")
    fill(qtbot, desk, screen, "Note licence check", standing="licensed, not excluded", on="2 Mar 2026")

    line = next(line for line in screen.table.rows() if line.what == "Follows at home")
    assert (line.value, line.remark, line.tone) == (
        "Dr ZZTEST Oak, 217-555-0123",
        "NPI 1245319599, licensed, not excluded, 2 Mar 2026",
        None,
    )


def test_devices_leave_medicines_stop_and_the_second_diagnosis_becomes_primary(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf
) -> None:
    desk = desk_of(Role.NURSE)
    screen = page_of(qtbot, file_pharmacy, desk)
    assert screen.patient_id is not None
    complete(file_pharmacy, screen.patient_id)
    screen.refresh()
    settle(qtbot, desk)
    choose(screen, "M86.171")
    press(qtbot, desk, screen, "Enter a diagnosis")
    assert screen.editor is not None
    QTest.keyClicks(screen.editor.form.box("code").focus_widgets()[0], "i10")
    qtbot.waitUntil(lambda: screen.editor is not None and screen.editor.form.draft.code == "I10")
    settle(qtbot, desk)
    press(qtbot, desk, screen, "Save")
    choose(screen, "I10")
    press(qtbot, desk, screen, "Make primary")
    choose(screen, "PICC")
    fill(qtbot, desk, screen, "Note removal", on="2 Mar 2026", remark="therapy completed")
    choose(screen, "Home medicines")
    fill(qtbot, desk, screen, "Enter a home medicine", name="garlic", source="patient")
    choose(screen, "garlic")
    fill(qtbot, desk, screen, "Note as stopped", on="1 Mar 2026")

    lines = {line.what: line for line in screen.table.rows()}
    assert (lines["I10"].remark, lines["M86.171"].remark) == ("primary", "")
    assert lines["Access device"].value == "not recorded"
    assert lines["garlic"].remark.startswith("stopped 1 Mar 2026")


def test_space_opens_the_usual_form_and_a_kept_draft_comes_back(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    desk = desk_of(Role.NURSE)
    screen = page_of(qtbot, file_pharmacy, desk)
    choose(screen, "Weight")
    screen.table.used.emit(screen.table.chosen())
    assert screen.editor is not None
    screen.editor.form.restore({"value": "71.4"})
    screen.keep_draft()
    settle(qtbot, desk)

    again = PatientScreen(desk)
    assert screen.patient_id is not None
    again.show_patient(screen.patient_id)
    opened(qtbot, desk, again)
    settle(qtbot, desk)

    assert again.editor is not None
    assert again.editor.form.snapshot()["value"] == "71.4"


def test_a_form_of_one_entry_comes_back_too(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    desk = desk_of(Role.NURSE)
    screen = page_of(qtbot, file_pharmacy, desk)
    assert screen.patient_id is not None
    complete(file_pharmacy, screen.patient_id)
    screen.refresh()
    settle(qtbot, desk)
    choose(screen, "PICC")
    press(qtbot, desk, screen, "Note removal")
    assert screen.editor is not None
    screen.editor.form.restore({"remark": "fever"})
    screen.keep_draft()
    settle(qtbot, desk)

    again = PatientScreen(desk)
    again.show_patient(screen.patient_id)
    opened(qtbot, desk, again)

    assert again.editor is not None
    assert (again.editor.accessibleName(), again.editor.form.snapshot()["remark"]) == ("PICC removed", "fever")


def test_what_is_typed_never_follows_to_another_patient(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    desk = desk_of(Role.NURSE)
    screen = page_of(qtbot, file_pharmacy, desk)
    first, second = screen.patient_id, refer(file_pharmacy, last_name="ZZTEST Birch")
    assert first is not None
    choose(screen, "Weight")
    press(qtbot, desk, screen, "Enter a weight")
    assert screen.editor is not None
    screen.editor.form.restore({"value": "71.4"})

    screen.show_patient(second)
    settle(qtbot, desk)
    assert editing(screen) is None
    assert shown(screen)["Name"] == "ZZTEST Birch, Marian"

    screen.show_patient(first)
    settle(qtbot, desk)
    back = editing(screen)
    assert back is not None
    assert back.form.snapshot()["value"] == "71.4"


@pytest.mark.parametrize(
    ("words", "typed", "title"),
    [
        ("Decline", {"because": "capacity"}, "Decline ZZTEST Alder, Marian"),
        ("Correct referral", {"therapy": "cefazolin"}, "Correct the referral of ZZTEST Alder, Marian"),
    ],
)
def test_what_was_begun_about_a_referral_comes_back(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf, words: str, typed: dict[str, str], title: str
) -> None:
    refer(file_pharmacy)
    desk = desk_of(Role.INTAKE)
    screen = ReferralsScreen(desk)
    opened(qtbot, desk, screen)
    screen.table.choose_first()
    press(qtbot, desk, screen, words)
    assert screen.editor is not None
    screen.editor.form.restore(typed)
    before = screen.editor.form.snapshot()
    screen.keep_draft()
    settle(qtbot, desk)

    again = ReferralsScreen(desk)
    opened(qtbot, desk, again)

    assert again.editor is not None
    assert (again.editor.accessibleName(), again.editor.form.snapshot()) == (title, before)


def test_who_left_our_care_is_referred_again_into_the_same_chart(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = activate(file_pharmacy)
    desk = desk_of(Role.PHARMACIST)
    screen = PatientScreen(desk)
    screen.show_patient(patient_id)
    opened(qtbot, desk, screen)
    assert not any(found.text() == "Refer again" and found.isVisibleTo(screen) for found in screen.findChildren(Button))
    file_pharmacy.do(
        service.discharge_patient,
        patient_id=patient_id,
        last_day=START.date(),
        reasons={"patients.discharge": "therapy completed"},
    )
    screen.refresh()
    settle(qtbot, desk)

    request = {name: TYPED[name] for name in ("start_of_care_at", "source", "therapy", "referring_person", "referring_phone")}
    fill(qtbot, desk, screen, "Refer again", **request)

    found = file_pharmacy.ask(queries.chart_facts, patient_id=patient_id)
    assert (found.status, found.episode, found.name) == (PatientStatus.REFERRAL, 2, "ZZTEST Alder, Marian")
    assert screen.page.head.remark.text() == "episode 2, referral, vancomycin"


# The steps of the episode ----------------------------------------------------------------------------


def charted(qtbot: QtBot, desk: Desk, patient_id: UUID, what: str, **given: Any) -> PatientScreen:
    """The patient's page with one line chosen; `given` is what the app may hand in."""
    screen = PatientScreen(desk, **given)
    screen.show_patient(patient_id)
    opened(qtbot, desk, screen)
    choose(screen, what)
    return screen


def reasons(screen: PatientScreen) -> dict[str, str]:
    """Why each step cannot be taken; nothing where it can."""
    return {words: button(screen, words).reason for words in ("Hold", "Resume", "Discharge", "Transfer out", "Record death")}


def newest(pharmacy: Pharmacy, patient_id: UUID) -> queries.StepRow:
    return pharmacy.ask(queries.steps_of, patient_id=patient_id)[0]


def test_the_status_allows_its_steps_and_says_why_not_the_others(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    desk = desk_of(Role.PHARMACIST)
    screen = charted(qtbot, desk, refer(file_pharmacy), "Episode 1")
    only = "Status referral: only Transfer out and Record death can follow here."
    assert shown(screen)["Episode 1"] == "Referral since 2 Mar 2026"
    assert reasons(screen) == {"Hold": only, "Resume": only, "Discharge": only, "Transfer out": "", "Record death": ""}

    screen.table.used.emit(screen.table.chosen())
    assert screen.editor is None, "Space does not open what is forbidden"

    screen.show_patient(activate(file_pharmacy, last_name="ZZTEST Birch"))
    settle(qtbot, desk)
    choose(screen, "Episode 1")
    assert shown(screen)["Episode 1"] == "Active since 2 Mar 2026"
    only = "Status active: only Hold, Discharge, Transfer out and Record death can follow here."
    assert {words: why for words, why in reasons(screen).items() if why} == {"Resume": only}


def test_a_step_needs_the_person_who_may_take_it(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    screen = charted(qtbot, desk_of(Role.NURSE), activate(file_pharmacy), "Episode 1")

    why = reasons(screen)
    assert why["Discharge"].startswith("To discharge a patient you need to be a pharmacist")
    assert (why["Hold"], why["Record death"]) == ("", "")


def test_therapy_is_put_on_hold_with_its_reason_and_resumed(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = activate(file_pharmacy)
    desk = desk_of(Role.PHARMACIST)
    screen = charted(qtbot, desk, patient_id, "Episode 1")
    screen.table.used.emit(screen.table.chosen())
    assert screen.editor is not None
    screen.editor.save.click()
    assert screen.editor.form.box("because").problem() != ""
    assert newest(file_pharmacy, patient_id).after == "active"
    screen.editor.form.restore({"because": "travel", "from_on": "1 Mar 2026", "facility": "ZZTEST Lake House"})
    press(qtbot, desk, screen, "Save")

    held = newest(file_pharmacy, patient_id)
    assert (held.after, held.code, held.details) == ("on hold", "travel", {"from": "1 Mar 2026", "facility": "ZZTEST Lake House"})
    line = next(line for line in screen.table.rows() if line.what == "Episode 1")
    assert (line.value, line.tone) == ("On hold since 2 Mar 2026", "due")
    assert line.remark == "travel, from: 1 Mar 2026; facility: ZZTEST Lake House, by ZZTEST Pharmacist"
    assert [words for words, why in reasons(screen).items() if why] == ["Hold"]

    press(qtbot, desk, screen, "Resume")
    assert newest(file_pharmacy, patient_id).code == "resumed"
    assert shown(screen)["Episode 1"] == "Active since 2 Mar 2026"


def test_nobody_is_resumed_in_hospital(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = activate(file_pharmacy)
    interaction = PlainInteraction()
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = charted(qtbot, desk, patient_id, "Hospital stays")
    fill(qtbot, desk, screen, "Admitted to hospital", admitted_at="1 Mar 2026 10:00", facility="ZZTEST Memorial")
    choose(screen, "Episode 1")

    press(qtbot, desk, screen, "Resume")

    assert interaction.refusals == ["The patient is in ZZTEST Memorial since 1 Mar 2026 10:00; enter the discharge first."]
    assert newest(file_pharmacy, patient_id).after == "on hold"


def test_what_the_slices_above_find_stops_resuming_and_discharge(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    """The app may hand in journeys; their findings reach the verb, and its question is asked."""
    patient_id = activate(file_pharmacy)
    stop = Finding("9.1", Severity.STOP, "No new orders are signed.")
    bags = Finding("8.6", Severity.HOLD, "Two bags are still in the home.")
    interaction = PlainInteraction(reason="the family destroys both bags")
    desk = desk_of(Role.PHARMACIST, interaction)
    given = {
        "resume": partial(service.resume_patient, findings=[stop]),
        "discharge": partial(service.discharge_patient, findings=[bags]),
    }
    screen = charted(qtbot, desk, patient_id, "Episode 1", **given)
    fill(qtbot, desk, screen, "Hold", because="order hold")

    press(qtbot, desk, screen, "Resume")
    assert interaction.refusals == ["The patient cannot be resumed. No new orders are signed. (9.1)"]
    fill(qtbot, desk, screen, "Discharge")

    assert interaction.asked[0].startswith("Open: Two bags are still in the home. (8.6)")
    assert newest(file_pharmacy, patient_id).details["cleared"] == "the family destroys both bags"
    assert shown(screen)["Episode 1"] == "Discharged, recorded 2 Mar 2026"


def test_a_discharge_asks_why_and_turning_back_changes_nothing(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = activate(file_pharmacy)
    interaction = PlainInteraction(reason=None)
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = charted(qtbot, desk, patient_id, "Episode 1")

    press(qtbot, desk, screen, "Discharge")
    assert screen.editor is not None
    screen.editor.form.restore({"last_day": "3 Mar 2026"})
    press(qtbot, desk, screen, "Save")
    assert screen.editor.form.box("last_day").problem() == (
        "The last day of therapy lies between the referral, 2 Mar 2026, and today."
    )
    retype(screen, "last_day", "2 Mar 2026")
    press(qtbot, desk, screen, "Save")
    assert interaction.asked == ["Why is the patient discharged?"]
    assert newest(file_pharmacy, patient_id).after == "active"

    interaction.reason = "therapy completed"
    press(qtbot, desk, screen, "Save")
    step = newest(file_pharmacy, patient_id)
    assert (step.after, step.reason, step.details) == ("discharged", "therapy completed", {"last day": "2 Mar 2026"})
    assert reasons(screen)["Hold"] == "Status discharged: only Record death can follow here."


def test_what_ends_with_an_episode_is_said_with_it(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = activate(file_pharmacy)
    a_visit(file_pharmacy, patient_id=patient_id)
    interaction = PlainInteraction()
    desk = desk_of(Role.NURSE, interaction)
    screen = charted(qtbot, desk, patient_id, "Episode 1", death=ending.record_death)

    fill(qtbot, desk, screen, "Record death", died_on="2 Mar 2026", source="daughter")

    assert interaction.said == ["The death is recorded. 1 planned visit is cancelled."]


def test_another_pharmacy_goes_on(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = accept(file_pharmacy)
    desk = desk_of(Role.PHARMACIST)
    screen = charted(qtbot, desk, patient_id, "Episode 1")
    press(qtbot, desk, screen, "Transfer out")
    press(qtbot, desk, screen, "Save")
    assert screen.editor is not None
    assert screen.editor.form.box("pharmacy").problem() != ""
    screen.editor.form.restore({"pharmacy": "ZZTEST Other Pharmacy"})

    press(qtbot, desk, screen, "Save")

    step = newest(file_pharmacy, patient_id)
    assert (step.after, step.details) == ("transferred out", {"last day": "2 Mar 2026", "record sent to": "ZZTEST Other Pharmacy"})


def test_a_refused_day_of_death_stands_beside_its_field_and_the_rest_stays_typed(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf
) -> None:
    patient_id = activate(file_pharmacy)
    desk = desk_of(Role.NURSE)
    screen = charted(qtbot, desk, patient_id, "Episode 1")
    press(qtbot, desk, screen, "Record death")
    assert screen.editor is not None
    screen.editor.form.restore({"died_on": "3 Mar 2026", "source": "daughter, by telephone"})

    press(qtbot, desk, screen, "Save")
    assert screen.editor.form.box("died_on").problem() == "The day of death must lie between birth and today."
    assert screen.editor.form.snapshot()["source"] == "daughter, by telephone"

    retype(screen, "died_on", "28 Feb 2026")
    press(qtbot, desk, screen, "Save")
    step = newest(file_pharmacy, patient_id)
    assert (step.after, step.details) == ("deceased", {"died": "28 Feb 2026", "source": "daughter, by telephone"})
    assert shown(screen)["Episode 1"] == "Deceased, recorded 2 Mar 2026"
    assert reasons(screen)["Record death"] == "Status deceased: nothing follows."


def test_a_step_that_was_begun_comes_back(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = activate(file_pharmacy)
    desk = desk_of(Role.NURSE)
    screen = charted(qtbot, desk, patient_id, "Episode 1")
    press(qtbot, desk, screen, "Record death")
    assert screen.editor is not None
    screen.editor.form.restore({"source": "daughter"})
    screen.keep_draft()
    settle(qtbot, desk)

    again = PatientScreen(desk)
    again.show_patient(patient_id)
    opened(qtbot, desk, again)

    assert again.editor is not None
    assert (again.editor.accessibleName(), again.editor.form.snapshot()["source"]) == ("Record death", "daughter")


# Corrections --------------------------------------------------------------------------------------


def test_a_referral_is_corrected_from_its_row_and_keeps_what_is_not_touched(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf
) -> None:
    patient_id = refer(file_pharmacy, referring_fax="217-555-0111", referring_mail="zztest@example.org")
    interaction = PlainInteraction(reason="typing mistake")
    desk = desk_of(Role.INTAKE, interaction)
    screen = ReferralsScreen(desk)
    opened(qtbot, desk, screen)
    screen.table.choose_first()

    press(qtbot, desk, screen, "Correct referral")
    assert screen.editor is not None
    assert screen.editor.form.snapshot()["referring_fax"] == "217-555-0111"
    press(qtbot, desk, screen, "Save")
    assert "Nothing was changed." in interaction.refusals
    screen.editor.form.restore({"received_at": "3 Mar 2026 07:00"})
    press(qtbot, desk, screen, "Save")
    assert screen.editor.form.box("received_at").problem() == "The referral cannot have been received in the future."
    screen.editor.form.restore({"received_at": "2 Mar 2026 06:30", "therapy": "cefazolin"})
    press(qtbot, desk, screen, "Save")

    (row,) = screen.table.rows()
    assert (row.therapy, f"{row.received_at:%H:%M}") == ("cefazolin", "06:30")
    assert interaction.asked == ["Why is the referral corrected?"]
    changed = {one.field: (one.before, one.after) for one in file_pharmacy.ask(queries.corrections_of, patient_id=patient_id)}
    assert set(changed) == {"received_at", "therapy"}
    assert changed["therapy"] == ("vancomycin", "cefazolin")


def test_a_prescriber_is_corrected_and_a_new_npi_is_unchecked(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    patient_id = refer(file_pharmacy)
    interaction = PlainInteraction(reason="the office told us")
    desk = desk_of(Role.INTAKE, interaction)
    screen = charted(qtbot, desk, patient_id, "Orders")
    fill(qtbot, desk, screen, "Note licence check", standing="licensed, not excluded", on="2 Mar 2026")
    press(qtbot, desk, screen, "Correct prescriber")
    assert screen.editor is not None
    screen.editor.form.restore({"npi": "1234567890"})
    press(qtbot, desk, screen, "Save")
    assert "is not a valid NPI" in screen.editor.form.box("npi").problem()
    screen.editor.form.restore({"npi": "1245319599", "fax": "217-555-0112"})

    press(qtbot, desk, screen, "Save")

    found = file_pharmacy.ask(queries.chart_facts, patient_id=patient_id).prescriber
    assert found is not None
    assert (found.name, found.npi, found.phone, found.fax) == ("Dr ZZTEST Maplewood", "1245319599", "217-555-0199", "217-555-0112")
    assert found.standing is Standing.NOT_CHECKED
    assert interaction.asked == ["Why is the prescriber corrected?"]


def test_a_biller_reads_but_does_not_write_into_the_chart(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: DeskOf) -> None:
    screen = page_of(qtbot, file_pharmacy, desk_of(Role.BILLER))

    assert button(screen, "Enter an allergy").reason.startswith("To enter an allergy you need to be")
