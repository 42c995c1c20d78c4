"""The one viewer of papers: what we drew opens, what came from elsewhere and cannot be shown says so and is handed out whole."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from infusiondesk.app.paper_viewer import PaperViewer
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.screen import PaperShown
from infusiondesk.prescriptions.documents import draw_fill_log, fill_log_paper
from infusiondesk.prescriptions.queries import DayLog
from tests.beginnings import START
from tests.papers.test_paper_facts import PRINTING
from tests.services.test_prescriptions import PDF


def viewer(qtbot: QtBot, desk: Desk, pdf: bytes) -> PaperViewer:
    shown = PaperViewer(desk, PaperShown("Original", pdf, "original.pdf", "original", None, None, Area.ORDERS))
    qtbot.addWidget(shown)
    return shown


def test_a_paper_of_ours_opens_and_prints(qtbot: QtBot, desk_of: Callable[..., Desk]) -> None:
    paper = draw_fill_log(fill_log_paper(DayLog(START.date(), (), (), ()), ()), PRINTING)

    shown = viewer(qtbot, desk_of(Role.PHARMACIST), paper)

    assert (shown.remark.text(), shown.print.isEnabled()) == ("1 page", True)


def test_an_original_that_cannot_be_shown_says_so_and_can_still_be_saved(qtbot: QtBot, desk_of: Callable[..., Desk]) -> None:
    shown = viewer(qtbot, desk_of(Role.PHARMACIST), PDF)

    assert shown.remark.text().startswith("This PDF has a password or is damaged and cannot be shown.")
    assert (shown.print.isEnabled(), shown.save.isEnabled()) == (False, True)
