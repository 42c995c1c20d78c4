"""The Desk: reads and changes in the background, asks back once, audits looking, never surprises a screen that is gone."""

import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.qtkit import errands
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.staff import queries, service
from infusiondesk.staff.rules import PersonDraft
from tests.desk import PASSWORD, PlainInteraction, give_passwords, settle
from tests.pharmacy import Pharmacy

Desks = Callable[..., Desk]


def audit_actions(pharmacy: Pharmacy) -> list[str]:
    with pharmacy.store.engines.reading.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT action FROM audit ORDER BY seq")]


@verb(Area.STAFF, Role.PHARMACIST, does="sign for a test")
def sign_for_a_test(uow: UnitOfWork) -> str:
    from infusiondesk.foundation.kernel.outcomes import NeedsSignature

    if "k" not in uow.answers.proofs:
        raise NeedsSignature("k", "a test", "tested")
    uow.record(Change("tested", Area.STAFF, "test"))
    return uow.actor.name


def test_a_list_arrives_on_the_gui_thread_and_is_audited_once_a_minute(
    qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks
) -> None:
    desk, screen, seen = desk_of(Role.ADMINISTRATOR), QObject(), list[object]()

    for _ in range(3):
        desk.ask(
            screen, queries.people, lambda rows: seen.append((len(rows), threading.current_thread() is threading.main_thread()))
        )
        settle(qtbot, desk)

    assert seen == [(9, True)] * 3
    assert audit_actions(file_pharmacy) == ["query"]


def test_an_older_answer_never_overtakes_a_newer_one(qtbot: QtBot, desk_of: Desks) -> None:
    desk, screen, seen = desk_of(Role.ADMINISTRATOR), QObject(), list[object]()

    for number in range(5):
        desk.ask(screen, queries.people, partial(lambda turn, _rows: seen.append(turn), number))
    settle(qtbot, desk)

    assert seen == [4]


def test_a_verb_that_asks_for_a_reason_runs_again_with_it(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason="moved to billing")
    desk, heard = desk_of(Role.ADMINISTRATOR, interaction), list[object]()
    desk.changed.connect(heard.append)

    screen = QObject()
    desk.do(screen, service.change_roles, said="Roles changed.", person_id=file_pharmacy.people[Role.NURSE].id, roles=["intake"])
    settle(qtbot, desk)

    assert interaction.said == ["Roles changed."]
    assert heard == [frozenset({Area.STAFF})]
    assert len(interaction.asked) == 1


def test_what_is_committed_is_told_even_when_the_screen_has_gone(qtbot: QtBot, desk_of: Desks) -> None:
    desk, screen, heard, answers = desk_of(Role.ADMINISTRATOR), QObject(), list[object](), list[object]()
    desk.changed.connect(heard.append)

    desk.do(
        screen,
        service.add_person,
        answers.append,
        draft=PersonDraft("ZZTEST New", "new.person", ["nurse"], "a long winter sentence"),
    )
    shiboken6.delete(screen)
    settle(qtbot, desk)

    assert heard == [frozenset({Area.STAFF})]
    assert answers == []


def test_turning_away_from_a_question_changes_nothing(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    interaction = PlainInteraction(reason=None)
    desk, screen = desk_of(Role.ADMINISTRATOR, interaction), QObject()

    desk.do(screen, service.change_roles, person_id=file_pharmacy.people[Role.NURSE].id, roles=["biller"])
    settle(qtbot, desk)

    assert audit_actions(file_pharmacy) == []


def test_a_refusal_is_one_sentence(qtbot: QtBot, desk_of: Desks) -> None:
    interaction = PlainInteraction()
    desk, screen = desk_of(Role.NURSE, interaction), QObject()

    desk.do(screen, service.add_person, draft=PersonDraft())
    settle(qtbot, desk)

    assert interaction.refusals == ["To add a person you need to be an administrator; you are signed in as nurse."]


def test_signing_asks_for_the_password_and_a_wrong_one_signs_nothing(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    wrong, right = PlainInteraction(password="not the password!"), PlainInteraction()
    screen = QObject()

    for interaction in (wrong, right):
        desk = desk_of(Role.PHARMACIST, interaction)
        desk.do(screen, sign_for_a_test, said="Signed.")
        settle(qtbot, desk)

    assert wrong.said == []
    assert wrong.refusals == ["Name or password is wrong. Nothing was opened; try again."]
    assert right.said == ["Signed."]


def test_a_second_person_acts_in_his_own_transaction_and_name(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, Role.PHARMACIST)
    interaction = PlainInteraction(second=("pharmacist", PASSWORD))
    desk, screen, names = desk_of(Role.TECHNICIAN, interaction), QObject(), list[object]()

    desk.do_as_second_person(screen, sign_for_a_test, names.append)
    settle(qtbot, desk)

    assert names == ["ZZTEST Pharmacist"]
    assert interaction.asked == ["sign for a test"]


def test_a_second_person_who_may_not_is_refused_by_name_of_the_role(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    give_passwords(file_pharmacy, Role.NURSE)
    interaction = PlainInteraction(second=("nurse", PASSWORD))
    desk, screen = desk_of(Role.TECHNICIAN, interaction), QObject()

    desk.do_as_second_person(screen, sign_for_a_test)
    settle(qtbot, desk)

    assert interaction.refusals == ["To sign for a test you need to be a pharmacist; you are signed in as nurse."]


def test_a_bug_gives_a_reference_and_an_absent_store_can_be_tried_again(qtbot: QtBot, desk_of: Desks, caplog: Any) -> None:
    interaction = PlainInteraction()
    desk, screen = desk_of(Role.NURSE, interaction), QObject()

    def broken(uow: UnitOfWork) -> None:
        raise ZeroDivisionError

    def away(uow: UnitOfWork) -> None:
        raise Unavailable("The store is away.")

    desk.do(screen, broken)
    desk.do(screen, away)
    settle(qtbot, desk)

    assert len(interaction.bugs) == 1
    assert interaction.refusals == ["The store is away."]


def test_a_draft_comes_back(qtbot: QtBot, file_pharmacy: Pharmacy, desk_of: Desks) -> None:
    desk = desk_of(Role.NURSE)

    desk.keep_draft("VisitScreen:", {"note": "half a sente"})
    settle(qtbot, desk)

    assert file_pharmacy.store.kept_draft(desk.actor, "VisitScreen:") == {"note": "half a sente"}


def test_a_screen_that_asks_after_the_end_is_left_unanswered(qtbot: QtBot, desk_of: Desks) -> None:
    desk, seen = desk_of(Role.ADMINISTRATOR), list[object]()
    desk.finish()

    desk.ask(QObject(), queries.people, seen.append)
    qtbot.wait(50)

    assert desk.is_idle()
    assert not seen


def test_a_worker_holds_neither_the_work_nor_who_waits_for_it(qtbot: QtBot) -> None:
    """Whoever lets go of a widget last destroys it: that is never a worker."""
    going, asked = threading.Event(), QWidget()
    watched = weakref.ref(asked)
    lane = ThreadPoolExecutor(1)
    heard = list[object]()
    errands.send(lane, partial(_wait_for, going, asked), lambda done: heard.append((done.result(), threading.current_thread())))
    del asked

    going.set()
    lane.shutdown(wait=True)
    assert watched() is not None  # the worker is gone, the errand is not
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.waitUntil(lambda: watched() is None)
    assert heard == [("gone on", threading.main_thread())]


def _wait_for(going: threading.Event, _: QWidget) -> str:
    going.wait(5)
    return "gone on"


def test_garbage_is_collected_where_the_window_lives(qtbot: QtBot) -> None:
    parent, where = QObject(), list[object]()

    class Cyclic:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            where.append(threading.current_thread())

    errands.collect_here(parent)
    try:
        assert not gc.isenabled()
        Cyclic()
        crowd = [[number] for number in range(2_000)]
        qtbot.waitUntil(lambda: bool(where), timeout=3 * errands.COLLECT_EVERY_MS)
        assert where == [threading.main_thread()]
        assert len(crowd) == 2_000
    finally:
        parent.deleteLater()
