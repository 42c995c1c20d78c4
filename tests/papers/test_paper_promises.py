"""The report of promises, read back from its PDF and looked at as a picture."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from infusiondesk.foundation.kernel.people import Role
from infusiondesk.tasks.documents import PromisesPaper, draw_promises, promises_paper
from infusiondesk.tasks.queries import PromiseRow
from infusiondesk.tasks.rules import Event, EventKind, Kind, judge
from tests.papers.test_paper_facts import CENTRAL, PRINTING, is_blank, pages_of, picture_of, read_back

TODAY = date(2026, 3, 10)
FIRST = date(2025, 12, 11)
CAME = (Event(EventKind.RESULT, date(2026, 3, 4), "Potassium 4.1 mmol/L"),)
LATE = (Event(EventKind.CALL, date(2026, 3, 8), "spoke with ZZTEST Alder: no palpitations"),)
OVER = (Event(EventKind.NOT_NEEDED, date(2026, 3, 3), "discharged"),)


def a_row(
    number: int, due_on: date, happened: Sequence[Event] = (), *, rule: str = "R22", made: str = "2026-03-02T09:00"
) -> PromiseRow:
    return PromiseRow(
        id=UUID(int=number), patient_id=UUID(int=100 + number), patient=f"ZZTEST Alder, Marian {number}", mrn=f"40-{number:03}-1",
        order_version_id=UUID(int=200 + number), rule=rule, subject="cefTRIAXone and order: review", kind=Kind.LAB,
        awaited="potassium", words="potassium", owner=Role.PHARMACIST, due_on=due_on,
        made_at=datetime.fromisoformat(made).replace(tzinfo=CENTRAL), made_by="ZZTEST Rowan",
        judged=judge(due_on, happened, TODAY), history=(),
    )  # fmt: skip


ROWS = (
    a_row(1, date(2026, 3, 5), CAME),
    a_row(2, date(2026, 3, 6), LATE),
    a_row(3, date(2026, 3, 7), rule="ONC21"),
    a_row(4, date(2026, 3, 12)),
    a_row(5, date(2026, 3, 5), OVER),
    a_row(6, date(2025, 12, 1), made="2025-11-20T09:00"),
)
NUMBERS = {UUID(int=200 + number): 700000 + number for number in range(1, 6)}


def the_paper(first: date | None = FIRST, rows: Sequence[PromiseRow] = ROWS) -> PromisesPaper:
    return promises_paper(rows, NUMBERS, first, TODAY)


def test_each_promise_stands_under_its_state_with_order_day_and_what_came() -> None:
    text = read_back(draw_promises(the_paper(), PRINTING))

    broken, rest = text.split(" Open 1 promise ")
    still_open, rest = rest.split(" Kept 1 promise ")
    kept, rest = rest.split(" Not needed any more 1 promise ")
    assert "made 11 Dec 2025 to 10 Mar 2026" in broken and "Broken 2 promises" in broken
    for words in ("Rx 700002", "Rx 700003", "Nothing came by 7 Mar 2026", "ONC21", "on 8 Mar 2026: spoke with"):
        assert words in broken, words
    for words in ("Rx 700004", "Potassium by 12 Mar 2026", "promised 2 Mar 2026, ZZTEST Rowan", "Nothing yet", "pharmacist"):
        assert words in still_open, words
    for words in ("Rx 700001", "ZZTEST Alder, Marian 1", "40-001-1", "4 Mar 2026: Potassium 4.1 mmol/L", "review, R22"):
        assert words in kept, words
    assert "Rx 700005" in rest and "3 Mar 2026: discharged" in rest
    assert "R22 4 1 1 1 1" in rest and "ONC21 1 1 0 0 0" in rest


def test_what_is_awaited_from_before_the_days_is_said_and_with_all_days_it_is_there() -> None:
    text = read_back(draw_promises(the_paper(), PRINTING))
    assert "1 promise made before 11 Dec 2025 is still awaited and not listed here." in text
    assert "Marian 6" not in text

    everything = read_back(draw_promises(the_paper(None), PRINTING))

    assert "made up to 10 Mar 2026" in everything and "Marian 6" in everything and "Rx not known" in everything
    assert "not listed here" not in everything


def test_a_promise_of_the_first_day_counts_and_one_of_the_day_before_does_not() -> None:
    rows = [a_row(1, TODAY, made="2026-02-02T00:00"), a_row(2, TODAY, made="2026-02-01T23:59")]

    paper = the_paper(date(2026, 2, 2), rows)

    assert [row.id for row in paper.promises] == [UUID(int=1)]
    assert [count.made for count in paper.rules] == [1]


def test_days_without_a_promise_say_so_in_every_part() -> None:
    text = read_back(draw_promises(the_paper(rows=()), PRINTING))

    assert text.count("None of these days.") == 4 and "No promise was made." in text


def test_the_same_promises_give_the_same_bytes_and_another_order_of_them_too() -> None:
    assert draw_promises(the_paper(), PRINTING) == draw_promises(the_paper(rows=ROWS[::-1]), PRINTING)


@pytest.mark.usefixtures("qapp")
def test_many_promises_run_over_pages_and_stay_inside_the_margins() -> None:
    rows = [a_row(number, TODAY + timedelta(days=number % 40 - 20)) for number in range(1, 60)]

    content = draw_promises(the_paper(rows=rows), PRINTING)

    pages = pages_of(content)
    assert len(pages) > 2 and all(f"{number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    for number in range(len(pages)):
        picture = picture_of(content, number)
        high = range(picture.height())
        assert not is_blank(picture, range(36, picture.width() - 36), high)
        assert is_blank(picture, range(25), high) and is_blank(picture, range(picture.width() - 25, picture.width()), high)
