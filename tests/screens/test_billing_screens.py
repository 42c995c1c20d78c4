"""The day ledger and the month end in the window: a cell and its line choose each other, months turn, the summary is printed."""

import argparse
import io
import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pypdf
import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from infusiondesk.app.bootstrap import Opened
from infusiondesk.app.commands import billing_month
from infusiondesk.app.commands.report import Report
from infusiondesk.billing.screens.day_ledger import DayLedgerScreen
from infusiondesk.billing.screens.month_end import MonthEndScreen
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.store.records import AuditLine
from infusiondesk.patients.queries import chart_facts
from tests.beginnings import Recipe
from tests.desk import settle
from tests.pharmacy import Pharmacy
from tests.services.test_billing_month import authorized, covered, in_hospital, vancomycin, visited
from tests.story import a_patient, a_verified_order, the_signed_catalog

TODAY = datetime(2026, 3, 24, 14, 0, tzinfo=UTC)


@pytest.fixture
def begins_with() -> Recipe:
    return the_signed_catalog


@pytest.fixture
def alder(file_pharmacy: Pharmacy) -> UUID:
    """Two therapies, a stay in hospital, an authorization that ends before the therapy, and a visit."""
    patient_id = a_patient(file_pharmacy)
    coverage_id = covered(file_pharmacy, patient_id, auth_required=["S9501"])
    authorized(file_pharmacy, coverage_id, "S9501", date(2026, 3, 2), date(2026, 3, 22))
    vancomycin(file_pharmacy, patient_id, date(2026, 3, 3), date(2026, 4, 13))
    a_verified_order(file_pharmacy, patient_id)
    visited(file_pharmacy, patient_id, 170)
    file_pharmacy.clock.set(TODAY)
    in_hospital(file_pharmacy, patient_id, date(2026, 3, 18), date(2026, 3, 21))
    return patient_id


def shown(qtbot: QtBot, desk: Desk, screen: Screen, patient_id: UUID | None = None) -> None:
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    if patient_id is not None:
        screen.show_patient(patient_id)
    screen.show()
    settle(qtbot, desk)


@pytest.fixture
def ledger(qtbot: QtBot, desk_of: Callable[..., Desk], alder: UUID) -> DayLedgerScreen:
    desk = desk_of(Role.BILLER)
    screen = DayLedgerScreen(desk)
    shown(qtbot, desk, screen, alder)
    return screen


def said(screen: Screen) -> str:
    return "\n".join(found.text() for found in screen.findChildren(Text) if found.isVisibleTo(screen))


def texts(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_cell_chooses_its_line_and_says_why(qtbot: QtBot, ledger: DayLedgerScreen) -> None:
    assert ledger.grid.chosen() == (0, 23)  # today
    line = ledger.table.chosen()
    assert line is not None
    assert (line.code, line.first, line.last, line.units, line.held) == (
        "S9501", date(2026, 3, 23), date(2026, 3, 24), 2, "no authorization covers these days",
    )  # fmt: skip
    assert "held: no authorization for S9501 covers this day" in said(ledger)
    assert "Held 2 per-diem units, not on the claim" in said(ledger)

    ledger.grid.setFocus()
    for _ in range(4):
        QTest.keyClick(ledger.grid, Qt.Key.Key_Left)
    settle(qtbot, ledger.desk)

    assert ledger.grid.chosen() == (0, 19)
    assert "in hospital since 18 Mar 2026, until 21 Mar 2026" in said(ledger)
    assert ledger.table.chosen() is None  # a day in hospital stands on no line


def test_a_line_chooses_its_first_day_and_stays_chosen(qtbot: QtBot, ledger: DayLedgerScreen) -> None:
    ledger.table.choose(lambda row: row.code == "S9500")
    settle(qtbot, ledger.desk)

    assert ledger.grid.chosen() == (1, 2)
    assert "ranked 2 of 2 by rate: S9501 (105), S9500 (95)" in said(ledger)
    ledger.table.choose(lambda row: row.code == "99602")
    settle(qtbot, ledger.desk)
    line = ledger.table.chosen()
    assert line is not None
    assert (line.code, ledger.grid.chosen()) == ("99602", (2, 1))


def test_months_turn_by_key_and_days_to_come_are_planned(qtbot: QtBot, ledger: DayLedgerScreen) -> None:
    QTest.keyClick(ledger, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, ledger.desk)

    assert "Apr 2026" in said(ledger)
    assert {cell.letter for cell in ledger.grid.day_model.rows[0].cells} == {"P", ""}
    assert ledger.table.rows() == []
    QTest.keyClick(ledger, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, ledger.desk)
    assert len(ledger.table.rows()) == 6


def test_the_summary_is_printed_without_allergies_and_named_by_number(qtbot: QtBot, ledger: DayLedgerScreen) -> None:
    with qtbot.waitSignal(ledger.paper_ready, timeout=20_000) as ready:
        next(one for one in ledger.findChildren(Button) if one.text() == "Print summary").click()
    settle(qtbot, ledger.desk)

    assert ready.args is not None
    paper: PaperShown = ready.args[0]
    assert "ZZTEST" not in paper.file_name
    assert paper.file_name.endswith("-2026-03.pdf")
    words = texts(paper.pdf)
    assert "Held: no authorization covers these days" in words
    assert "Allergies" not in words
    assert "no delivery is confirmed, so no drug line stands here" in words


def test_an_empty_month_says_so(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(Role.BILLER)
    screen = DayLedgerScreen(desk)
    shown(qtbot, desk, screen, a_patient(file_pharmacy))

    assert "No therapy has a day in this month." in said(screen)
    assert screen.table.rows() == []


def test_month_end_lists_opens_and_prints(qtbot: QtBot, desk_of: Callable[..., Desk], alder: UUID) -> None:
    desk = desk_of(Role.BILLER)
    screen = MonthEndScreen(desk)
    shown(qtbot, desk, screen)

    assert [(row.patient, row.payer, len(row.therapies)) for row in screen.table.rows()] == [
        ("ZZTEST Alder, Marian", "Blue Plan PPO", 2)
    ]
    screen.table.setFocus()
    with qtbot.waitSignal(screen.patient_chosen) as opened:
        QTest.keyClick(screen.table, Qt.Key.Key_Return)
    assert opened.args == [alder]
    with qtbot.waitSignal(screen.paper_ready, timeout=20_000):
        next(one for one in screen.findChildren(Button) if one.text() == "Print summary").click()
    settle(qtbot, desk)
    screen.turn(2)
    screen.turn(2)
    settle(qtbot, desk)
    assert screen.table.rows() == []


@pytest.fixture
def billing(file_pharmacy: Pharmacy, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, object]]:
    """Runs `bill` on the open store as somebody and returns the facts it reports."""

    def call(folder: Path, month: str = "2026-03", who: str = Role.BILLER) -> dict[str, object]:
        found = Opened(file_pharmacy.store, file_pharmacy.people[who], "ZZTEST Infusion", is_demo=False, was_upgraded=False)
        monkeypatch.setattr(billing_month, "opened", lambda options: nullcontext(found))
        report = Report(is_json=True)
        assert billing_month.bill(argparse.Namespace(month=month, out=str(folder)), report) == 0
        facts: dict[str, object] = json.loads(json.dumps(report.facts))
        return facts

    return call


def test_bill_writes_one_paper_a_patient_and_audits_it(
    billing: Callable[..., dict[str, object]], file_pharmacy: Pharmacy, alder: UUID, tmp_path: Path
) -> None:
    mrn = file_pharmacy.ask(chart_facts, patient_id=alder).mrn
    folder = tmp_path / "new" / "summaries"

    first, second = billing(folder), billing(folder)

    name = f"per-diem-{mrn}-2026-03.pdf"
    assert [one.name for one in folder.iterdir()] == [name]
    assert "Per-diem billing summary" in texts((folder / name).read_bytes())
    totals = {"mrn": mrn, "billable": 30, "held": 2, "file": name}
    assert first["summaries"] == [{**totals, "written": "first"}]
    assert second["summaries"] == [{**totals, "written": "anew"}]
    with Session(file_pharmacy.store.engines.reading) as session:
        exports = session.scalars(sa.select(AuditLine).where(AuditLine.action == "export")).all()
    assert [(one.patient_id, one.detail) for one in exports] == [(alder, "2026-03")] * 2


def test_bill_is_for_billers_and_an_empty_month_is_told(
    billing: Callable[..., dict[str, object]], alder: UUID, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="you need to be a biller or a pharmacist in charge"):
        billing(tmp_path, who=Role.NURSE)
    assert billing(tmp_path, "2026-07", Role.PHARMACIST_IN_CHARGE)["summaries"] == []


def test_bill_prints_a_table_of_totals(
    billing: Callable[..., dict[str, object]],
    alder: UUID,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    billing(tmp_path)
    capsys.readouterr()
    billing_month.bill(argparse.Namespace(month="2026-03", out=str(tmp_path)), Report(is_json=False))

    heading, line, last = capsys.readouterr().out.splitlines()
    assert heading.split() == ["MRN", "Billable", "Held", "Summary"]
    assert line.split()[1:3] == ["30", "2"]
    assert line.endswith(", written anew")
    assert last.startswith("1 summary of 2026-03 in ")
