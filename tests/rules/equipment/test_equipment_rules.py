"""Upkeep, safety checks, recalls, back-ups and the drafts of pumps, as tables."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.equipment.exchange import backup_rules, shipped_policy
from infusiondesk.equipment.rules import (
    WORKS,
    AskDraft,
    BackDraft,
    BackupDraft,
    BackupRule,
    CheckDraft,
    CheckFindings,
    CleaningDraft,
    Duty,
    DutyDue,
    GiveDraft,
    Had,
    ModelDraft,
    Place,
    PumpDraft,
    RecallDraft,
    RecallScope,
    ReturnDraft,
    RulesDraft,
    SendDraft,
    SettleDraft,
    Status,
    Use,
    check_failures,
    duties,
    give_refusal,
    in_force,
    keeps_back,
    missing,
    months_later,
    natural,
    need_of,
    serials_in,
    shown_place,
    spellings,
    unsettled,
)

TODAY = date(2026, 3, 2)
GOOD = CheckFindings(alarms=True, battery=True, cord=True, casing=True, deviation_percent=D(-5))


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
    ],
)
def test_months_end_where_the_day_is_missing(on: date, months: int, expected: date) -> None:
    assert months_later(on, months) == expected


@pytest.mark.parametrize(
    ("due_on", "recalls", "sentence"),
    [
        (date(2026, 3, 2), [], None),
        (date(2026, 3, 1), [], "Pump A1 may not go out: its certification was due on 1 Mar 2026."),
        (None, [], "Pump A1 may not go out: its certification was never recorded."),
        (None, ["N-77", "N-78"], "Pump A1 is recalled (N-77, N-78) and not settled yet."),
    ],
)
def test_what_keeps_a_checked_pump_back(due_on: date | None, recalls: list[str], sentence: str | None) -> None:
    owed = [DutyDue(Duty.CERTIFICATION, None, due_on)]
    assert keeps_back("A1", owed, recalls, TODAY) == sentence
    checked = Status(Place.CHECKED, TODAY, "")
    assert give_refusal("A1", checked, sentence) == sentence
    assert shown_place(checked, sentence) is (Place.AVAILABLE if sentence is None else Place.CHECKED)
    assert owed[0].words() == ("certification never recorded" if due_on is None else f"certification due {due_on.day} Mar 2026")


def test_a_duty_without_an_interval_is_none() -> None:
    assert [one.duty for one in duties({Duty.MAINTENANCE: 12, Duty.CERTIFICATION: None}, [])] == [Duty.MAINTENANCE]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"deviation_percent": D("5.1")}, ["it delivers 5.1% too much, 5% is the limit"]),
        ({"deviation_percent": D("-5.1")}, ["it delivers 5.1% too little, 5% is the limit"]),
        ({"alarms": False, "cord": False}, ["the alarms failed", "the cord failed"]),
        ({"battery": False, "casing": False}, ["the battery failed", "the casing failed"]),
    ],
)
def test_a_safety_check_names_everything_that_is_wrong(change: dict[str, Any], wrong: list[str]) -> None:
    assert check_failures(replace(GOOD, **change), D(5)) == wrong


@pytest.mark.parametrize(
    ("maker", "model", "serial", "is_hit"),
    [
        ("ZZTEST Medical", "ambulator 2", "A99", True),
        ("zztest medical", "Ambulator 2", "A100", True),
        ("zztest medical", "Ambulator 2", "A250", True),
        ("zztest medical", "Ambulator 2", "A98", False),
        ("zztest medical", "Ambulator 2", "A251", False),
        ("zztest medical", "Ambulator 2", "B100", False),
        ("zztest medical", "Ambulator 3", "A100", False),
        ("other", "Ambulator 2", "A100", False),
    ],
)
def test_a_recall_hits_by_maker_model_and_counted_serials(maker: str, model: str, serial: str, is_hit: bool) -> None:
    scope = RecallScope(UUID(int=1), "N-77", "ZZTEST Medical", "Ambulator 2", "A99", "A250")
    assert scope.hits(maker, model, serial) is is_hit
    assert unsettled([scope], [], maker, model, serial) == ([scope] if is_hit else [])
    assert unsettled([scope], [scope.id], maker, model, serial) == []


@pytest.mark.parametrize(
    ("scope", "words", "hits"),
    [
        (("M",), "M every model, all serials", ["A1", "B9"]),
        (("M", "X", "A5"), "M X, serials from A5", ["B9"]),
        (("M", "X", "", "A5"), "M X, serials to A5", ["A1"]),
        (("M", "X", "A1", "A5"), "M X, serials from A1 to A5", ["A1"]),
    ],
)
def test_an_open_end_runs_on(scope: tuple[str, ...], words: str, hits: list[str]) -> None:
    named = RecallScope(UUID(int=1), "N", *scope)
    assert named.words() == words
    assert [serial for serial in ("A1", "B9") if named.hits("m", "x", serial)] == hits
    assert natural("a 9") < natural("A10")


@pytest.mark.parametrize(
    ("therapy_class", "runs", "pumps"),
    [
        ("inotrope", "continuous", 2),
        ("uninterrupted", "continuous", 2),
        ("tpn", "every so many hours", 2),
        ("pain", "every so many hours", 1),
        ("anti_infective", "continuous", 1),
    ],
)
def test_what_is_life_sustaining_needs_two(therapy_class: str, runs: str, pumps: int) -> None:
    need = need_of(backup_rules(), therapy_class, runs)
    assert (need.pumps, need.is_life_sustaining) == (pumps, pumps == 2)


def test_a_policy_that_nobody_signed_proposes_and_does_not_alarm() -> None:
    need = need_of(backup_rules(), "pain", "patient-controlled (PCA)")
    assert (need.pumps, need.is_life_sustaining, need.remark) == (2, False, "row not signed")
    assert missing(need, [A]) == "1 of 2 pumps in the home, back-up missing; row not signed"
    own = [BackupRule("pain", "continuous", pumps, "we decided", "policy 3", "signed", "ZZTEST Rowan", TODAY) for pumps in (2, 1)]
    signed = need_of(in_force(backup_rules(), own[:1]), "pain", "continuous")
    assert (signed.is_life_sustaining, signed.remark) == (True, "")
    assert signed.because == "we decided (signed by ZZTEST Rowan, 2 Mar 2026)"
    none = need_of(in_force(backup_rules(), own[1:]), "pain", "continuous")
    assert (none.pumps, none.is_life_sustaining) == (1, False)
    assert need_of(in_force(backup_rules(), own), "inotrope", "continuous").pumps == 2, "the rest of the table stays"


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (RulesDraft.of(shipped_policy()), []),
        (RulesDraft(D(-1), None), ["due_days", "return_days"]),
        (BackupDraft.of(backup_rules()[-1]), []),
        (BackupDraft("gardening", (), D(10)), ["therapy_class", "pumps", "why", "source"]),
    ],
)
def test_what_keeps_a_rule_from_being_signed(draft: RulesDraft | BackupDraft, fields: list[str]) -> None:
    assert [problem.field for problem in draft.problems()] == fields
    assert shipped_policy().said_by == "this pharmacy's policy, row not signed"
    assert replace(shipped_policy(), signed_by="ZZTEST Rowan", signed_on=TODAY).said_by == "signed by ZZTEST Rowan, 2 Mar 2026"


@pytest.mark.parametrize(
    ("serial", "is_hit"),
    [("A-150", True), ("A150", True), ("A\u2011150", True), ("A-99", False), ("A-251", False), ("B-150", False), ("A1-50", False)],
)
def test_a_hyphen_after_the_letters_is_no_difference(serial: str, is_hit: bool) -> None:
    for first, last in (("A100", "A250"), ("A-100", "A-250")):
        assert RecallScope(UUID(int=1), "N", "M", "", first, last).hits("m", "x", serial) is is_hit


@pytest.mark.parametrize(
    ("serial", "written"),
    [("a-150", ("A-150", "A150")), ("A150", ("A150", "A-150")), ("12-3", ("12-3",)), ("AB1C2", ("AB1C2", "AB-1C2"))],
)
def test_how_a_serial_may_be_written(serial: str, written: tuple[str, ...]) -> None:
    assert spellings(serial) == written


A, B, RECALLED = Had("A1", Use.MAIN, False), Had("B2", Use.BACKUP, False), Had("C3", Use.BACKUP, True)


@pytest.mark.parametrize(
    ("therapy_class", "had", "words"),
    [
        ("inotrope", [], "no pump in the home, 2 needed"),
        ("inotrope", [A], "1 of 2 pumps in the home, back-up missing"),
        ("inotrope", [A, B], ""),
        ("inotrope", [A, RECALLED], "1 of 2 pumps in the home, back-up missing; recalled: C3"),
        ("hydration", [], "no pump in the home"),
        ("hydration", [RECALLED], "no pump in the home that may be used; recalled: C3"),
        ("hydration", [A], ""),
    ],
)
def test_what_is_missing_is_said(therapy_class: str, had: list[Had], words: str) -> None:
    assert missing(need_of(backup_rules(), therapy_class, "continuous"), had) == words


@pytest.mark.parametrize(
    ("code", "serials"),
    [
        ("a 100", ("A100",)),
        ("21ABC", ("21ABC",)),
        ("(01)00304096533016(21)abc1", ("(01)00304096533016(21)ABC1", "ABC1")),
        ("010030409653301621ABC1", ("010030409653301621ABC1", "ABC1")),
        ("0100304096533016", ("0100304096533016",)),
        ("(01)00304096533016(21)A100(17)270101", ("(01)00304096533016(21)A100(17)270101", "A100")),
    ],
)
def test_a_scan_means_the_code_itself_or_the_serial_in_it(code: str, serials: tuple[str, ...]) -> None:
    assert serials_in(code) == serials


MODEL = ModelDraft("M", "X", 1, ("pain",), 12, 6, D(5), "manual")
PUMP = PumpDraft("A1", UUID(int=1), "rented", "ZZTEST Rentals", D(4))
CLEAN = CleaningDraft("wipe", D(3), D(3))
CHECK = CheckDraft(WORKS, WORKS, WORKS, WORKS, D(0))
DRAFTS: list[tuple[Any, dict[str, Any], list[str]]] = [
    (MODEL, {}, []),
    (MODEL, {"certification_months": None}, []),
    (
        ModelDraft(channels=None),
        {},
        ["maker", "name", "channels", "therapies", "maintenance_months", "accuracy_percent", "source"],
    ),
    (MODEL, {"channels": 9, "therapies": ("magic",), "maintenance_months": 0}, ["channels", "therapies", "maintenance_months"]),
    (MODEL, {"certification_months": 121, "accuracy_percent": D(21)}, ["certification_months", "accuracy_percent"]),
    (PUMP, {}, []),
    (PumpDraft(), {}, ["serial", "model_id"]),
    (PUMP, {"ownership": "stolen"}, ["ownership"]),
    (PUMP, {"vendor": " ", "daily_rate": None}, ["vendor", "daily_rate"]),
    (PUMP, {"daily_rate": D(-1)}, ["daily_rate"]),
    (GiveDraft(UUID(int=1)), {}, []),
    (GiveDraft(use="toy"), {}, ["order_id", "use"]),
    (AskDraft("call", "ZZTEST Paul"), {}, []),
    (AskDraft(), {}, ["how", "with_whom"]),
    (AskDraft("pick-up arranged", "ZZTEST Paul"), {}, ["pick_up_on"]),
    (ReturnDraft("driver"), {}, []),
    (ReturnDraft(), {}, ["brought_by"]),
    (CLEAN, {}, []),
    (CleaningDraft(), {}, ["agent", "label_minutes", "contact_minutes"]),
    (CLEAN, {"contact_minutes": D("2.5")}, ["contact_minutes"]),
    (CLEAN, {"label_minutes": None}, ["label_minutes"]),
    (CHECK, {}, []),
    (CheckDraft(), {}, ["alarms", "battery", "cord", "casing", "deviation_percent"]),
    (CHECK, {"deviation_percent": D(-101)}, ["deviation_percent"]),
    (SendDraft("ZZTEST Biomed", "yearly"), {}, []),
    (SendDraft(), {}, ["to_whom", "why"]),
    (BackDraft("R-1"), {}, []),
    (BackDraft(), {}, ["report"]),
    (SettleDraft("returned to the maker", "RMA"), {}, []),
    (SettleDraft(), {}, ["outcome", "note"]),
    (RecallDraft("N", "M", reason="free flow"), {}, []),
    (RecallDraft(), {}, ["reference", "maker", "reason"]),
    (RecallDraft("N", "M", "X", "A100", "A99", "free flow"), {}, ["serial_to"]),
]


@pytest.mark.parametrize(("draft", "change", "fields"), DRAFTS)
def test_a_draft_says_what_it_lacks(draft: Any, change: dict[str, Any], fields: list[str]) -> None:
    assert [problem.field for problem in replace(draft, **change).problems()] == fields
