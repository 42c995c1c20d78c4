"""The library's screens through a real desk: found, signed, corrected, imported, and never a decision of their own."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import GroupedRow
from infusiondesk.catalog.queries.review import TABLES, facts_of
from infusiondesk.catalog.rules import (
    ContainerKind,
    FirstDoseRisk,
    Hazard,
    ProductDraft,
    ProductForm,
    RowKind,
    Standing,
    Status,
    Storage,
    Vesicant,
)
from infusiondesk.catalog.rules.reference import DILUENTS, FLUIDS
from infusiondesk.catalog.screens.codes import CodesScreen
from infusiondesk.catalog.screens.drugs import DrugsScreen, line_of
from infusiondesk.catalog.screens.list_field import ListField
from infusiondesk.catalog.screens.ndc_directory import NdcDirectoryScreen
from infusiondesk.catalog.screens.products import ProductsScreen
from infusiondesk.catalog.screens.review import ROW_COLUMNS, CatalogReviewScreen, said_by
from infusiondesk.catalog.screens.reviewed import ReviewedScreen
from infusiondesk.catalog.screens.stability import StabilityScreen
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.forms.reading import Unreadable
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables.delegate import cell_of
from tests.beginnings import Recipe, staff_only
from tests.desk import PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy
from tests.story import the_catalog

Desks = Callable[..., Desk]
PIC = Role.PHARMACIST_IN_CHARGE
SCREENS = [DrugsScreen, ProductsScreen, StabilityScreen, CodesScreen, CatalogReviewScreen]
EVERY_SCREEN = [*SCREENS, NdcDirectoryScreen]
LIBRARY = "code,kind,short,long,add_date,effective_date,termination_date,action"


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def opened(qtbot: QtBot, desk: Desk, make: Callable[[Desk], Any], width: int = 1280) -> Any:
    """The screen on the glass, with its rows."""
    screen = make(desk)
    qtbot.addWidget(screen)
    screen.resize(width, 720)
    screen.show()
    settle(qtbot, desk)
    return screen


def button(screen: QWidget, words: str) -> Button:
    return next(one for one in screen.findChildren(Button) if one.isVisible() and words in one.accessibleName() + one.text())


@pytest.mark.parametrize("begins_with", [staff_only])
@pytest.mark.parametrize("make", SCREENS)
@pytest.mark.parametrize("who", [PIC, Role.NURSE])
def test_each_screen_opens_full_and_empty(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, make: Any, who: Role, begins_with: Recipe
) -> None:
    interaction = PlainInteraction()
    desk = desk_of(who, interaction)
    screen = opened(qtbot, desk, make)
    assert screen.table.rows() == []

    file_pharmacy.do(service.load_reference, by=Role.ADMINISTRATOR)
    screen.refresh()
    settle(qtbot, desk)

    assert len(screen.table.rows()) > 10
    assert screen.table.chosen() is not None
    assert (interaction.refusals, interaction.bugs) == ([], [])


@pytest.mark.parametrize("make", EVERY_SCREEN)
@pytest.mark.parametrize("width", [1280, 1060, 800])
def test_no_screen_pushes_the_window_wider(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, make: Any, width: int) -> None:
    screen = opened(qtbot, desk_of(PIC), make, width)

    assert screen.minimumSizeHint().width() <= 800
    assert screen.width() == width


@pytest.mark.parametrize("make", EVERY_SCREEN)
def test_actions_and_controls_have_names(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, make: Any) -> None:
    screen: Screen = opened(qtbot, desk_of(PIC), make)

    shortcuts = [action.shortcut().toString() for action in screen.actions()]
    assert all(action.text() for action in screen.actions())
    assert all(shortcuts)
    assert len(set(shortcuts)) == len(shortcuts)
    controls = [one for kind in (Button, QLineEdit, QPushButton) for one in screen.findChildren(kind) if one.isVisible()]
    assert [one for one in controls if not one.accessibleName() and not getattr(one, "text", str)()] == []


def test_the_pharmacist_in_charge_signs_many_rows_from_the_keyboard(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, PIC)
    interaction = PlainInteraction(reason="current package insert")
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, DrugsScreen)
    before = file_pharmacy.ask(queries.standing_between)
    assert screen.page.head.remark.text() == f"{before.rows} catalog rows to sign"

    screen.table.setFocus()
    QTest.keyClick(screen.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    screen.sign.trigger()
    settle(qtbot, desk)

    count = before.drugs
    assert interaction.asked[0].startswith(f"{count} of these {count} rows rest on memory or policy")
    assert interaction.asked[1] == f"ZZTEST Pharmacist In Charge signs {count} drug rows: reviewed"
    assert interaction.said == [f"{count} drug rows signed."]
    assert file_pharmacy.ask(queries.standing_between).drugs == 0
    settle(qtbot, desk)
    assert {row.standing for row in screen.table.rows()} == {Standing.SIGNED}
    assert not screen.sign.isEnabled()
    assert "signed and unchanged" in screen.sign.whatsThis()


def test_who_may_not_sign_reads_why(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    screen = opened(qtbot, desk_of(Role.TECHNICIAN), StabilityScreen)

    for action in (screen.sign, screen.correct, screen.enter, screen.retire):
        assert not action.isEnabled()
        assert "you need to be" in action.whatsThis()


def test_the_scope_shows_what_waits_and_what_is_missing(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    desk = desk_of(PIC)
    screen = opened(qtbot, desk, ProductsScreen)

    screen.scope.choose(2)
    screen.scope.chosen_changed.emit(2)
    assert {row.standing for row in screen.table.rows()} == {Standing.INCOMPLETE}
    screen.table.choose(lambda row: row.label.startswith("factor VIII"))
    assert not screen.sign.isEnabled()
    assert "the volume to add and the strength after reconstitution not entered" in screen.sign.whatsThis()
    screen.scope.choose(1)
    screen.scope.chosen_changed.emit(1)
    assert len(screen.table.rows()) == file_pharmacy.ask(queries.standing_between).products


def test_a_word_narrows_the_list(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    screen = opened(qtbot, desk_of(PIC), DrugsScreen)

    QTest.keyClicks(screen.search, "ertap")
    assert [row.ingredient for row in screen.table.rows()] == ["ertapenem"]
    screen.search.clear()
    QTest.keyClicks(screen.search, "vanco")

    # The notes on the screen are looked through as well: these two are not given with vancomycin.
    assert [row.ingredient for row in screen.table.rows()] == ["ceftriaxone", "foscarnet", "vancomycin"]


def test_the_detail_of_a_drug_names_its_products_and_stability(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    desk = desk_of(PIC)
    screen = opened(qtbot, desk, DrugsScreen)

    screen.table.choose(lambda row: row.ingredient == "vancomycin")
    settle(qtbot, desk)
    settle(qtbot, desk)

    words = shown(screen)
    assert {"vancomycin 1 g vial", "50 mg/mL ready to draw", "17 days", "14 days", "yellow vesicant", "high risk"} <= words


def test_a_missing_value_is_corrected_in_the_editor(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    interaction = PlainInteraction()
    desk = desk_of(Role.PHARMACIST, interaction)
    screen = opened(qtbot, desk, ProductsScreen)
    screen.table.choose(lambda row: row.label.startswith("methylPRED"))

    screen.correct.trigger()
    settle(qtbot, desk)
    editor = screen.editor
    assert editor is not None
    editor.form.restore({"reconstitution_ml": "16", "concentration": "6250"})
    editor.save.click()
    settle(qtbot, desk)
    assert "cannot give 6,250 mg/mL" in editor.form.problems()[0].sentence
    editor.form.restore({"concentration": "62.5"})
    editor.save.click()
    settle(qtbot, desk)

    assert interaction.said == ["Corrected. The row waits for the pharmacist in charge."]
    assert screen.editor is None
    row = next(row for row in file_pharmacy.ask(queries.products) if row.label.startswith("methylPRED"))
    assert (str(row.per_ml), row.standing) == ("62.5000", Standing.UNSIGNED)


@pytest.mark.parametrize("make", [DrugsScreen, ProductsScreen, StabilityScreen])
def test_every_row_opens_in_its_editor_without_a_problem(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, make: Any) -> None:
    desk = desk_of(PIC)
    screen: ReviewedScreen[Any] = opened(qtbot, desk, make)
    for row in [*screen.table.rows()][::9]:
        draft = file_pharmacy.ask(queries.draft_of, kind=screen.kind, row_id=row.id)
        screen._correct(row.id, draft)
        assert screen.editor is not None
        assert screen.editor.form.problems() == []
        screen.editor.cancel.click()


def test_a_new_stability_is_entered_for_a_drug_that_is_looked_up(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    interaction = PlainInteraction()
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, StabilityScreen)
    offered: list[Any] = []
    screen.look_up_drug("imiglu", offered.extend)
    settle(qtbot, desk)

    screen.enter.trigger()
    editor = screen.editor
    assert editor is not None
    editor.form.box("drug_id").show_value(offered[0])
    editor.form.restore({"hours": "24", "source": "label in hand", "diluents": "NS"})
    editor.form.box("drug_id").edited.emit()
    editor.form.box("drug_id").show_value(offered[0])
    editor.form.box("drug_id").edited.emit()
    editor.save.click()
    settle(qtbot, desk)

    assert interaction.said == ["Entered, unsigned."]
    (row,) = file_pharmacy.ask(queries.stability_of, drug_id=offered[0].value)
    assert (row.hours, row.diluent) == (Decimal(24), "0.9% sodium chloride")


@pytest.mark.parametrize(
    ("typed", "words", "echo"),
    [
        ("NS, d5w", ("0.9% sodium chloride", "5% dextrose"), "0.9% sodium chloride, 5% dextrose"),
        ("5% dextrose", ("5% dextrose",), ""),
        ("NS, 0.9% sodium chloride,", ("0.9% sodium chloride",), "0.9% sodium chloride"),
        ("", (), ""),
    ],
)
def test_fluids_are_typed_short_and_written_out(typed: str, words: tuple[str, ...], echo: str) -> None:
    fluids = ListField("diluents", "Fluids", known=DILUENTS, short=FLUIDS)

    assert (fluids.read(typed), fluids.echo(typed)) == (words, echo)
    assert fluids.read(fluids.write(words)) == words


def test_a_fluid_that_nobody_knows_is_not_taken() -> None:
    fluids = ListField("diluents", "Fluids", known=DILUENTS, short=FLUIDS)

    with pytest.raises(Unreadable, match="“tea” is none of"):
        fluids.read("NS, tea")
    assert fluids.echo("tea") == ""


def test_typing_is_kept_and_comes_back(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    desk = desk_of(PIC)
    screen = opened(qtbot, desk, DrugsScreen)
    row = next(row for row in screen.table.rows() if row.ingredient == "vancomycin")
    screen._correct(row.id, file_pharmacy.ask(queries.draft_of, kind=RowKind.DRUG, row_id=row.id))
    assert screen.editor is not None
    screen.editor.form.restore({"storage_text": "in the cold"})
    screen.keep_draft()
    settle(qtbot, desk)

    again = opened(qtbot, desk, DrugsScreen)

    assert again.editor is not None
    assert again.editor.name == f"correct {row.id}"
    assert again.editor.form.draft.storage_text == "in the cold"


def test_retiring_asks_why_and_the_row_is_gone(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason="not stocked any more")
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, ProductsScreen)
    screen.table.choose(lambda row: row.label == "vancomycin 500 mg vial")

    screen.retire.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert interaction.said == ["Taken out of use."]
    assert "vancomycin 500 mg vial" not in [row.label for row in screen.table.rows()]


def test_no_drug_with_a_note_is_called_one_for_any_line(file_pharmacy: Pharmacy) -> None:
    """Clinical 5.2: treprostinil into a vein by a central line only; the note says so, and no shorter word takes its place."""
    rows = {row.ingredient: row for row in file_pharmacy.ask(queries.drugs)}

    assert line_of(rows["treprostinil"]) == "Never stopped suddenly. Intravenous by a central line only."
    assert line_of(rows["epoprostenol"]) == "central line only"
    assert line_of(rows["vancomycin"]) == "yellow vesicant"
    assert line_of(rows["cefoxitin"]) == "any line"
    assert [name for name, row in rows.items() if row.line_note and line_of(row) == "any line"] == []


def test_codes_are_found_while_one_types(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    desk = desk_of(Role.BILLER)
    screen = opened(qtbot, desk, CodesScreen)

    QTest.keyClicks(screen.search, "vancomycin")
    qtbot.waitUntil(lambda: len(screen.table.rows()) == 6)
    screen.scope.choose(1)
    screen.scope.chosen_changed.emit(1)
    settle(qtbot, desk)

    assert [row.code for row in screen.table.rows()] == ["J3373", "J3374", "J3375"]


def test_a_code_file_is_taken_in_with_a_report(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path) -> None:
    desk = desk_of(Role.BILLER)
    screen = opened(qtbot, desk, CodesScreen)
    lines = [f"J9{number:03},procedure,test drug {number},long,20260101,20260101,,A" for number in range(600)]
    lines += ["J3373,procedure,Vancomycin,long,20250701,20250701,20261231,D", "99601,procedure,nursing,long,20200101,20200101,,A"]
    path = tmp_path / "HCPC2026_JAN.csv"
    path.write_text("\n".join([LIBRARY, *lines]), "utf-8")

    screen.import_file(path)
    qtbot.waitUntil(lambda: "HCPC2026_JAN.csv imported" in shown(screen), timeout=20_000)
    settle(qtbot, desk)

    words = shown(screen)
    assert any(text.startswith("601 codes read: ") and " 1 ended" in text for text in words)
    assert any("belongs to the AMA (CPT)" in text for text in words)
    assert not screen.take_in.isEnabled()
    button(screen, "Close the report").click()
    assert screen.take_in.isEnabled()
    (ended,) = file_pharmacy.ask(queries.codes, text="J3373")
    assert ended.terminated_on is not None
    assert ended.source == "HCPC2026_JAN"


PACKAGE = (
    '{ten},5-4-1,HUMAN PRESCRIPTION DRUG,Testomycin,testomycin,"INJECTION, POWDER",INTRAVENOUS,NDA1,ZZTEST Labs,TESTOMYCIN,1,g/1,,'
    "1 VIAL in 1 CARTON,x,{eleven},"
)
DIRECTORY = (
    "NDC,FORMAT,PRODUCTTYPENAME,PROPRIETARYNAME,NONPROPRIETARYNAME,DOSAGEFORMNAME,ROUTENAME,APPLICATIONNUMBER,LABELERNAME,"
    "SUBSTANCENAME,ACTIVE_NUMERATOR_STRENGTH,ACTIVE_INGRED_UNIT,PHARM_CLASSES,PACKAGEDESCRIPTION,NINE_DIGIT_NDC,ELEVEN_DIGIT_NDC,RXCUI"
)
CROSSWALK = (
    "Effective January 1, 2026 through March 31, 2026,,\n"
    "_2026_CODE,Short Description,LABELER NAME,NDC2,Drug Name,HCPCS dosage,PKG SIZE,PKG QTY,BILLUNITS,BILLUNITSPKG,,,\n"
    "J3373,x,ZZTEST Labs,54321-0000-01,Testomycin,10 MG,1,10,100,1000,,,\n"
)


def a_directory(folder: Path, count: int) -> Path:
    """A directory of so many packages, 54321-0000-1 and on."""
    lines = [PACKAGE.format(ten=f"54321{number:04}1", eleven=f"54321{number:04}01") for number in range(count)]
    path = folder / "directory.csv"
    path.write_text("\n".join([DIRECTORY, *lines]), "utf-8")
    return path


def take(qtbot: QtBot, screen: Any, path: Path, words: str) -> None:
    screen.files.take(path)
    qtbot.waitUntil(lambda: f"{path.name} {words}" in shown(screen), timeout=20_000)


def test_an_import_that_is_stopped_says_nothing_and_begins_again(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path
) -> None:
    desk = desk_of(Role.BILLER)
    screen = opened(qtbot, desk, NdcDirectoryScreen)
    path = a_directory(tmp_path, 9000)

    screen.import_file(path)
    qtbot.waitUntil(lambda: any(one.isVisible() and "Stop" in one.text() for one in screen.findChildren(Button)), timeout=20_000)
    button(screen, "Stop").click()
    qtbot.waitUntil(lambda: "directory.csv stopped" in shown(screen), timeout=20_000)
    assert any("None of them speaks" in text for text in shown(screen))
    button(screen, "Close the report").click()
    assert file_pharmacy.ask(queries.find_packages).total == 0

    take(qtbot, screen, path, "imported")
    button(screen, "Close the report").click()
    settle(qtbot, desk)

    assert len(screen.table.rows()) == 500
    assert screen.page.head.remark.text() == "directory.csv, taken in 2 Mar 2026"
    assert file_pharmacy.ask(queries.find_packages).total == 9000


def test_the_same_file_again_says_when_it_came(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path) -> None:
    screen = opened(qtbot, desk_of(Role.BILLER), NdcDirectoryScreen)
    path = a_directory(tmp_path, 3)
    take(qtbot, screen, path, "imported")
    button(screen, "Close the report").click()

    take(qtbot, screen, path, "is here already")

    assert "This file was taken in on 2 Mar 2026 by ZZTEST Biller, as directory.csv. Nothing was changed." in shown(screen)


def test_a_refused_part_is_told_and_nothing_speaks(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path) -> None:
    interaction = PlainInteraction()
    screen = opened(qtbot, desk_of(Role.NURSE, interaction), NdcDirectoryScreen)
    assert not screen.take_in.isEnabled()

    take(qtbot, screen, a_directory(tmp_path, 3), "was not taken in")

    assert "import a published file" in interaction.refusals[0]
    assert file_pharmacy.ask(queries.find_packages).total == 0


def test_an_import_ends_whatever_goes_wrong(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interaction = PlainInteraction()
    desk = desk_of(Role.BILLER, interaction)
    screen = opened(qtbot, desk, NdcDirectoryScreen)
    path = a_directory(tmp_path, 3)
    with monkeypatch.context() as broken:
        broken.setattr(desk.store, "write", _breaks)
        take(qtbot, screen, path, "was not taken in")
    assert len(interaction.bugs) == 1
    button(screen, "Close the report").click()
    assert screen.take_in.isEnabled()

    take(qtbot, screen, path, "imported")
    assert file_pharmacy.ask(queries.find_packages).total == 3


def _breaks(*_: Any) -> None:
    raise ValueError("a row that the store cannot keep")


def test_a_package_is_found_and_tells_its_billing(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path) -> None:
    desk = desk_of(PIC)
    screen = opened(qtbot, desk, NdcDirectoryScreen)
    assert screen.page.head.remark.text() == "no FDA NDC directory taken in yet"
    crosswalk = tmp_path / "crosswalk.csv"
    crosswalk.write_text(CROSSWALK, "latin-1")
    for path in (a_directory(tmp_path, 3), crosswalk):
        take(qtbot, screen, path, "imported")
        button(screen, "Close the report").click()

    QTest.keyClicks(screen.search, "testo 54321-0000-1")
    qtbot.waitUntil(lambda: [row.ndc for row in screen.table.rows()] == ["54321000001"])
    settle(qtbot, desk)

    assert {"Testomycin 1 g/1", "ZZTEST Labs", "54321-0000-1, eleven digits 54321-0000-01", "J3373"} <= shown(screen)
    assert "100 units in one, 1,000 in the package" in shown(screen)
    assert "1 Jan 2026 to 31 Mar 2026" in shown(screen)


def test_an_ndc_is_looked_up_while_a_product_is_entered(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path
) -> None:
    desk = desk_of(PIC)
    screen = opened(qtbot, desk, ProductsScreen)
    take(qtbot, screen, a_directory(tmp_path, 3), "imported")
    button(screen, "Close the report").click()
    settle(qtbot, desk)

    screen.enter.trigger()
    editor = screen.editor
    assert editor is not None
    editor.form.restore({"ndc": "5432100001", "maker_text": "typed by hand"})
    qtbot.waitUntil(lambda: any(one.isVisible() and "Fill in" in one.text() for one in screen.findChildren(Button)))
    listed = "54321-0000-01: Testomycin 1 g/1; ZZTEST Labs; 1 VIAL in 1 CARTON (directory.csv)."
    assert f"{listed}\nNo crosswalk names a code for 54321-0000-01." in shown(screen)
    button(screen, "Fill in").click()

    typed = editor.form.snapshot()
    assert (typed["ndc"], typed["label"], typed["maker_text"]) == ("54321-0000-01", "Testomycin 1 g", "typed by hand")
    editor.form.restore({"ndc": "99999-9999-9"})
    qtbot.waitUntil(lambda: "No file that was taken in knows NDC 99999-9999-9." in shown(screen))
    editor.form.restore({"ndc": "no number"})
    qtbot.waitUntil(lambda: not any("No file that" in text for text in shown(screen)))


def test_a_form_and_an_import_never_push_each_other_out(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path
) -> None:
    interaction = PlainInteraction()
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, ProductsScreen)
    screen.enter.trigger()
    form = screen.editor
    screen.take_in.trigger()
    screen.enter.trigger()
    assert screen.editor is form
    assert interaction.refusals == ["Save or cancel what is open in the form first."] * 2
    form.cancel.click()

    take(qtbot, screen, a_directory(tmp_path, 3), "imported")
    screen.enter.trigger()
    screen.correct.trigger()

    assert screen.editor is None
    assert interaction.refusals[2:] == ["A file is being taken in. Wait for its report and close it first."] * 2
    assert "directory.csv imported" in shown(screen)


def test_a_product_with_an_ndc_tells_what_the_files_know(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path
) -> None:
    row = next(row for row in file_pharmacy.ask(queries.products) if row.label == "vancomycin 1 g vial")
    draft = file_pharmacy.ask(queries.draft_of, kind=RowKind.PRODUCT, row_id=row.id)
    assert isinstance(draft, ProductDraft)
    file_pharmacy.do(service.correct_product, row_id=row.id, draft=replace(draft, ndc="54321-0000-01"))
    desk = desk_of(PIC)
    screen = opened(qtbot, desk, ProductsScreen)
    crosswalk = tmp_path / "crosswalk.csv"
    crosswalk.write_text(CROSSWALK, "latin-1")
    take(qtbot, screen, crosswalk, "imported")
    button(screen, "Close the report").click()

    screen.show_record(row.id)
    qtbot.waitUntil(lambda: "Billed as" in shown(screen), timeout=5_000)

    assert {"J3373", "100 units in one, 1,000 in the package", "crosswalk.csv"} <= shown(screen)
    assert screen.table.chosen().id == row.id


# One row of each kind with something in every column, and what another value of a column is.
_ANOTHER: dict[str, Any] = {
    "routes": ("epidural",), "iv_ways": ("push",), "diluents": ("lactated Ringer's",), "hazard": Hazard.HAZARDOUS,
    "vesicant": Vesicant.RED, "first_dose_risk": FirstDoseRisk.LOW, "form": ProductForm.SOLUTION, "storage": Storage.FREEZER,
    "central_only": True, "is_forbidden": True, "ndc": "00409653399", "status": Status.POLICY, "container": ContainerKind.BOTTLE,
}  # fmt: skip
_FULL: dict[RowKind, dict[str, Any]] = {
    RowKind.DRUG: {"hazard": Hazard.NONE, "vesicant": Vesicant.NONE, "first_dose_risk": FirstDoseRisk.HIGH, "central_only": False},
    RowKind.PRODUCT: {
        "reconstitution_ml": Decimal(20), "volume_ml": Decimal(21), "concentration": Decimal(50), "in_use_hours": Decimal(6),
        "form": ProductForm.POWDER, "storage": Storage.CRT, "ndc": "00409653301",
    },
    RowKind.STABILITY: {
        "concentration_low": Decimal(1), "concentration_high": Decimal(5), "concentration_unit": "mg/mL", "hours": Decimal(24),
        "is_forbidden": False, "storage": Storage.CRT, "diluents": ("5% dextrose",),
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", RowKind)
def test_a_row_under_review_says_everything_that_its_signer_signs_for(file_pharmacy: Pharmacy, kind: RowKind) -> None:
    """A signed fact that is changed must change what is read; a column that is added later has to be shown as well."""
    lists: dict[RowKind, Any] = {
        RowKind.DRUG: queries.drugs,
        RowKind.PRODUCT: queries.products,
        RowKind.STABILITY: queries.stability,
    }
    row = replace(file_pharmacy.ask(lists[kind])[0], **_FULL[kind])
    with Session(file_pharmacy.store.engines.reading) as session:
        signed = facts_of(session.scalars(sa.select(TABLES[kind]).limit(1)).one()).keys() - {"id"}

    unsaid = set()
    for fact in signed:
        shown_as = {("product", "drug_id"): "ingredient", ("stability", "drug_id"): "drug"}.get((kind.value, fact), fact)
        value = getattr(row, shown_as)
        other = _ANOTHER.get(shown_as, value + 1 if isinstance(value, Decimal) else f"other {value}")
        if read_of(replace(row, **{shown_as: other})) == read_of(row):
            unsaid.add(fact)

    assert signed and unsaid == set()


def read_of(row: Any) -> tuple[str, ...]:
    """What the reviewer reads of a row: its group's status, its name, and what it says."""
    return row.status.value, queries.name_of(row), said_by(row)


def test_what_is_signed_for_is_never_cut_on_the_screen(qtbot: QtBot, file_pharmacy: Pharmacy) -> None:
    column = ROW_COLUMNS[1]
    rows: list[GroupedRow] = [*file_pharmacy.ask(queries.drugs), *file_pharmacy.ask(queries.stability)]
    for row in rows:
        _, second = cell_of(column, row, two=True, recedes=False).lines(300)
        assert " ".join(second).split() == said_by(row).split()
        assert max(width_of(line, 12) for line in second) <= 300


def test_a_source_is_compared_and_signed_from_the_keyboard(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, PIC)
    interaction = PlainInteraction(reason="current package insert")
    desk = desk_of(PIC, interaction)
    screen = opened(qtbot, desk, CatalogReviewScreen)
    before = file_pharmacy.ask(queries.standing_between)
    assert screen.page.head.remark.text() == before.text()
    group = screen.table.chosen()
    assert screen.rows is not None
    assert len(screen.rows.rows()) == len(group.rows)

    screen.sign.trigger()
    settle(qtbot, desk)
    settle(qtbot, desk)

    assert interaction.said == [f"{len(group.to_sign)} rows signed."]
    assert interaction.asked[0].startswith(f"What did you compare these {len(group.to_sign)} drug rows with?")
    assert file_pharmacy.ask(queries.standing_between).drugs == before.drugs - len(group.to_sign)
    assert group.id not in [one.id for one in screen.table.rows()]
    screen.scope.choose(1)
    screen.scope.chosen_changed.emit(1)
    screen.table.choose(lambda one: one.id == group.id)
    settle(qtbot, desk)
    assert not screen.sign.isEnabled()
    assert any("Last signed 2 Mar 2026 by ZZTEST Pharmacist In Charge." in text for text in shown(screen))


def test_a_row_of_a_source_opens_where_it_is_corrected(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    screen = opened(qtbot, desk_of(PIC), CatalogReviewScreen)
    asked: list[tuple[str, Any]] = []
    screen.record_asked.connect(lambda title, record: asked.append((title, record)))
    screen.table.choose(lambda group: group.kind is RowKind.STABILITY)
    assert screen.rows is not None

    screen.open.trigger()
    screen.rows.activated_row.emit(screen.rows.rows()[1])

    assert asked == [("Stability", screen.rows.rows()[0].id), ("Stability", screen.rows.rows()[1].id)]


def test_who_may_not_sign_a_source_reads_why(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    screen = opened(qtbot, desk_of(Role.PHARMACIST), CatalogReviewScreen)

    assert not screen.sign.isEnabled()
    assert "pharmacist in charge" in screen.sign.whatsThis()


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "cannot be read"), (b"PK\x03\x04", "zip or an Excel file"), (b"hello", "neither")]
)
def test_a_file_that_is_no_code_file_is_refused_in_one_sentence(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    interaction = PlainInteraction()
    desk = desk_of(Role.BILLER, interaction)
    screen = opened(qtbot, desk, CodesScreen)
    path = tmp_path / "codes.txt"
    if content is not None:
        path.write_bytes(content)

    screen.import_file(path)
    settle(qtbot, desk)

    assert len(interaction.refusals) == 1
    assert interaction.refusals[0].startswith("codes.txt")
    assert sentence in interaction.refusals[0]
    assert screen.take_in.isEnabled()


def shown(screen: QWidget) -> set[str]:
    """The words on the glass."""
    from infusiondesk.foundation.qtkit.parts.text import Text

    return {label.text().replace("\u200b", "") for label in screen.findChildren(Text) if label.isVisible()}
