"""Payers, the rules: profile fields, coverage, authorizations."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.patients.rules.banner import Words
from infusiondesk.payers.rules.coverage import (
    AuthorizationDraft,
    AuthorizationFacts,
    CoverageDraft,
    PayerDraft,
    authorization_words,
    overlap,
    used_first,
)
from infusiondesk.payers.rules.profile import BY_NAME, FIELDS, FieldDraft, PayerKind, auth_is_required, default_of, field_of
from infusiondesk.payers.rules.values import Codes, Number, OneCode, OneOf, Places, Rates, Wrong, YesNo, typed_words

TODAY = date(2026, 11, 24)


def wrong(call: Callable[[], Any]) -> str:
    with pytest.raises(Wrong) as caught:
        call()
    return caught.value.sentence


# Profile fields -----------------------------------------------------------------------------------


def test_the_fields_are_those_of_billing_2_6_with_their_defaults() -> None:
    assert {field.name: field.default for field in FIELDS} == {
        "payer_kind": "commercial",
        "day_basis": "ACCESS",
        "admit_day": "if_dosed",
        "discharge_day": "if_dosed",
        "anti_infective_code_style": "specific",
        "unlisted_interval_code": "S9494",
        "continuous_anti_infective_code": "S9494",
        "count_piggyback_lipid": False,
        "rates": [],
        "rank_by": "rate",
        "modifier_second": "SH",
        "modifier_third": "SJ",
        "modifier_scope": "infusion_only",
        "append_modifier_59": False,
        "catheter_care": "stand_alone",
        "daily_fee_code": None,
        "auth_required": "none",
        "split_month": False,
        "min_span_days": 1,
        "nursing_billing": "99601",
        "nursing_extra_hour": "midpoint",
        "nursing_time": "visit",
        "max_99602_per_day": None,
        "max_nursing_hours_per_week": None,
        "drug_billing": "hcpcs",
        "drug_dos": "dose_days",
        "drug_rounding": "line",
        "solutions_in_per_diem": False,
        "paid_beside_per_diem": [],
        "wastage_modifiers": "none",
        "place_of_service": {"home": "12", "infusion_suite": None},
    }


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_default_is_a_value_of_its_field_and_can_be_typed(field: Any) -> None:
    assert field.kind.checked(field.default) == field.default
    assert field.kind.read(typed_words(field.kind, field.default)) == field.default
    assert field.said(field.default)
    assert field.meaning.endswith(".")
    assert field.where.startswith("billing ")
    assert field.kind.hint
    assert "_" not in field.label


def test_words_of_a_list_are_said_without_underscores() -> None:
    assert BY_NAME["catheter_care"].said("stand_alone") == "stand alone"
    assert typed_words(BY_NAME["catheter_care"].kind, "stand_alone") == "stand_alone"
    assert BY_NAME["anti_infective_code_style"].label == "anti-infective code style"


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (FieldDraft("day_basis", "HOURS", "contract", TODAY), []),
        (FieldDraft("day_basis", "WEEKS"), ["typed", "source", "effective_on"]),
        (FieldDraft("min_span_days", None, "contract", TODAY), ["typed"]),
        (FieldDraft("max_99602_per_day", None, "contract", TODAY), []),
    ],
)
def test_an_answer_needs_a_value_a_source_and_a_day(draft: FieldDraft, found: list[str]) -> None:
    assert [problem.field for problem in draft.problems()] == found


def test_an_unknown_field_is_wrong() -> None:
    assert wrong(lambda: field_of("per_diem_mood")) == "“per_diem_mood” is no field of a payer profile."
    assert field_of("rates") is BY_NAME["rates"]


def test_the_payers_kind_answers_the_first_question() -> None:
    assert default_of(BY_NAME["payer_kind"], PayerKind.MEDICARE) == "medicare"
    assert default_of(BY_NAME["day_basis"], PayerKind.MEDICARE) == "ACCESS"
    assert [kind.words for kind in PayerKind] == ["Commercial", "Medicare", "Medicaid, daily fee"]


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (OneOf(("a", "b")), "c", "It must be one of a, b."),
        (OneOf(("SH", None)), "XX", "It must be one of SH, none."),
        (YesNo(), "yes", "It must be yes or no."),
        (YesNo(), None, "It must be yes or no."),
        (Number(Decimal(1)), 0, "It must be a whole number of at least 1."),
        (Number(), True, "It must be a whole number of at least 0."),
        (Number(), None, "It must be a whole number of at least 0."),
        (Number(), Decimal("1.5"), "It must be a whole number of at least 0."),
        (Number(whole=False, may_be_empty=True), -1, "It must be a number of at least 0, or none."),
        (OneCode(), "S95", "“S95” is not a HCPCS or CPT code."),
        (OneCode(), 99601, "“99601” is not a HCPCS or CPT code."),
        (Codes(("none", "all")), "some", "It must be none, or all, or codes separated by commas."),
        (Codes(), "all", "It must be codes separated by commas."),
        (Codes(), 5, "It must be codes separated by commas."),
        (Codes(), ["S9500", "x"], "“x” is not a HCPCS or CPT code."),
        (Rates(), "S9500", "Rates are a list of codes with dollars."),
        (Rates(), 5, "Rates are a list of codes with dollars."),
        (Rates(), ["S9500"], "A rate has a code, dollars, and perhaps from and until."),
        (Rates(), [{"code": "S9500", "usd": 1, "euro": 2}], "A rate has a code, dollars, and perhaps from and until."),
        (Rates(), {"S9500": "much"}, "“much” is not a number."),
        (Rates(), {"S9500": "NaN"}, "“NaN” is not a number."),
        (Rates(), {"S9500": Decimal("1.005")}, "1.005 is no price; dollars with at most two places for cents."),
        (Rates(), {"S9500": -1}, "-1 is no price; dollars with at most two places for cents."),
        (Rates(), [{"code": "S9500", "usd": 1, "from": "2026-02-30"}], "“2026-02-30” is not a day; write it like 2026-01-31."),
        (
            Rates(),
            [{"code": "S9500", "usd": 1, "from": "2026-02-01", "until": "2026-02-01"}],
            "The rate of S9500 ends before it begins.",
        ),
        (
            Rates(),
            [{"code": "S9500", "usd": 1}, {"code": "S9500", "usd": 2, "from": "2026-02-01"}],
            "S9500 has two prices for one day; give the first an end.",
        ),
        (Places(), "12", "It must name the codes of home and infusion_suite."),
        (Places(), {"office": "11"}, "It must name the codes of home and infusion_suite."),
        (Places(), {"home": "1"}, "The place-of-service code of home has two digits, not “1”."),
    ],
)
def test_what_a_field_does_not_hold(kind: Any, value: Any, sentence: str) -> None:
    assert wrong(lambda: kind.checked(value)) == sentence


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (OneOf(("SH", None)), None, None),
        (YesNo(), True, True),
        (Number(), Decimal("2.0"), 2),
        (Number(may_be_empty=True), None, None),
        (Number(whole=False), Decimal("12.5"), "12.5"),
        (OneCode(), "", None),
        (OneCode(), "S9379", "S9379"),
        (Codes(("none", "all")), "all", "all"),
        (Codes(), ("S9501", "S9500", "S9500", "99601"), ["99601", "S9500", "S9501"]),
        (Rates(), {"S9500": 130}, [{"code": "S9500", "usd": "130", "from": None, "until": None}]),
        (Places(), {"infusion_suite": 49}, {"home": None, "infusion_suite": "49"}),
    ],
)
def test_how_a_value_is_kept(kind: Any, given: Any, kept: Any) -> None:
    assert kind.checked(given) == kept


def test_rates_may_follow_each_other() -> None:
    rates = Rates().checked(
        [
            {"code": "S9500", "usd": 135, "from": date(2026, 7, 1)},
            {"code": "S9500", "usd": 130, "until": "2026-07-01"},
            {"code": "S9501", "usd": 90},
        ]
    )

    assert [(rate["usd"], rate["from"], rate["until"]) for rate in rates] == [
        ("130", None, "2026-07-01"),
        ("135", "2026-07-01", None),
        ("90", None, None),
    ]
    assert Rates().said(rates) == "S9500 $130.00 until 1 Jul 2026; S9500 $135.00 from 1 Jul 2026; S9501 $90.00"
    assert Rates().read(Rates().typed(rates)) == rates


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (OneOf(("SH", "SJ", None)), " none ", None),
        (OneOf(("SH", "SJ", None)), "SJ", "SJ"),
        (YesNo(), "Yes", True),
        (Number(), "1,250", 1250),
        (Number(may_be_empty=True), "", None),
        (Number(whole=False, may_be_empty=True), "12.5", "12.5"),
        (OneCode(), "s9500", "S9500"),
        (Codes(("none", "all")), "All", "all"),
        (Codes(), "a4222, s9500", ["A4222", "S9500"]),
        (Codes(), "", []),
        (Rates(), "s9500 $130.50\n\n S9501 90 from 2026-01-01 until 2027-01-01 ", [
            {"code": "S9500", "usd": "130.50", "from": None, "until": None},
            {"code": "S9501", "usd": "90", "from": "2026-01-01", "until": "2027-01-01"},
        ]),
        (Places(), "home 12, infusion_suite 49", {"home": "12", "infusion_suite": "49"}),
    ],
)  # fmt: skip
def test_what_is_typed_is_read(kind: Any, typed: str, value: Any) -> None:
    assert kind.read(typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (YesNo(), "perhaps", "It must be yes or no."),
        (Number(), "many", "“many” is not a number."),
        (Number(), "none", "It must be a whole number of at least 0."),
        (Rates(), "S9500", "“S9500” is no rate; write it like S9500 130.50 from 2026-01-01."),
        (Places(), "home", "Write it like home 12, infusion_suite 49."),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(kind: Any, typed: str, sentence: str) -> None:
    assert wrong(lambda: kind.read(typed)) == sentence


def test_values_are_said_in_words() -> None:
    assert YesNo().said(True) == "yes"
    assert Number().said(1250) == "1,250"
    assert Number(may_be_empty=True).said(None) == "no limit"
    assert OneOf((None,)).said(None) == "none"
    assert OneCode().said(None) == "none"
    assert Codes().said(["A4222"]) == "A4222"
    assert Places().said({"home": "12"}) == "home 12, infusion suite unknown"
    assert typed_words(Number(), 1250) == "1250"


@pytest.mark.parametrize(
    ("value", "codes", "needed"),
    [
        ("none", frozenset(), False),
        ("all", frozenset(), True),
        (["S9500"], frozenset(), True),
        ([], frozenset(), False),
        (["S9500"], frozenset({"S9501"}), False),
        (["S9500"], frozenset({"S9500", "S9501"}), True),
    ],
)
def test_whether_an_authorization_is_needed(value: Any, codes: frozenset[str], needed: bool) -> None:
    assert auth_is_required(value, codes) is needed


# Drafts -------------------------------------------------------------------------------------------

COVERAGE = CoverageDraft(UUID(int=1), "ABC123", "", "", 1, date(2026, 1, 1), None)
AUTHORIZATION = AuthorizationDraft("A123", "s9500", date(2026, 6, 1), date(2026, 6, 14), 14)


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (PayerDraft("Blue Plan", PayerKind.COMMERCIAL), []),
        (PayerDraft(), ["name", "kind"]),
        (COVERAGE, []),
        (replace(COVERAGE, ends_on=date(2026, 1, 1)), []),
        (CoverageDraft(), ["payer_id", "member_id", "rank", "starts_on"]),
        (replace(COVERAGE, rank=4), ["rank"]),
        (replace(COVERAGE, ends_on=date(2025, 12, 31)), ["ends_on"]),
        (AUTHORIZATION, []),
        (AuthorizationDraft(), ["number", "code", "starts_on", "ends_on", "units"]),
        (replace(AUTHORIZATION, ends_on=date(2026, 5, 31)), ["ends_on"]),
        (replace(AUTHORIZATION, units=0, code="S9500, S9501"), ["code", "units"]),
    ],
)
def test_what_keeps_a_draft_from_being_saved(draft: Any, found: list[str]) -> None:
    assert [problem.field for problem in draft.problems()] == found


def test_an_authorization_that_ends_before_it_starts_says_both_days() -> None:
    assert replace(AUTHORIZATION, ends_on=date(2026, 5, 31)).problems()[0].sentence == (
        "The authorization cannot end on 31 May 2026, before it starts on 1 Jun 2026."
    )


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (("2026-01-01", "2026-01-31"), ("2026-01-31", "2026-02-28"), True),
        (("2026-01-01", "2026-01-31"), ("2026-02-01", None), False),
        (("2026-01-01", None), ("2026-02-01", None), True),
        (("2026-03-01", None), ("2026-02-01", "2026-02-28"), False),
    ],
)
def test_spans_that_share_a_day(one: tuple[str, str | None], other: tuple[str, str | None], shared: bool) -> None:
    days = [date.fromisoformat(text) if text else None for text in (*one, *other)]

    assert overlap(days[0] or TODAY, days[1], days[2] or TODAY, days[3]) is shared


# Authorizations -----------------------------------------------------------------------------------


def authorization(
    number: int, start: tuple[int, int], end: tuple[int, int], code: str = "S9500", units: int = 40
) -> AuthorizationFacts:
    return AuthorizationFacts(
        UUID(int=number), UUID(int=99), "Blue Plan", f"A{number}", code, date(2026, *start), date(2026, *end), units
    )


def test_the_authorization_that_ends_first_is_used_first() -> None:
    late, early, other = (
        authorization(1, (11, 1), (12, 31)),
        authorization(2, (11, 1), (11, 30)),
        authorization(3, (12, 1), (12, 31)),
    )

    assert used_first([late, early, other], "S9500", TODAY) == [early, late]
    assert used_first([late], "S9501", TODAY) == []
    assert [early.days_left(day) for day in (TODAY, date(2026, 10, 1), date(2026, 12, 1))] == [7, 30, 0]


@pytest.mark.parametrize(
    ("authorizations", "is_required", "used", "words"),
    [
        ([], False, None, None),
        ([], True, None, Words("none on file, and this payer requires it", "due")),
        ([authorization(1, (11, 1), (11, 22))], False, None, Words("ended 22 Nov 2026, 0 days left", "due")),
        ([authorization(1, (11, 25), (12, 22))], False, None, Words("begins 25 Nov 2026", "due")),
        ([authorization(1, (11, 1), (12, 1))], False, None, Words("8 days left, ends 1 Dec 2026", "plain")),
        ([authorization(1, (11, 1), (11, 30))], False, None, Words("7 days left, ends 30 Nov 2026", "due")),
        ([authorization(1, (11, 1), (11, 24))], False, None, Words("1 day left, ends 24 Nov 2026", "due")),
        (
            [authorization(1, (11, 1), (11, 26)), authorization(2, (11, 20), (12, 20))],
            False,
            None,
            Words("27 days left, ends 20 Dec 2026", "plain"),
        ),
        (
            [authorization(1, (11, 1), (12, 20)), authorization(2, (11, 1), (11, 28), "S9501")],
            False,
            None,
            Words("5 days left, ends 28 Nov 2026", "due"),
        ),
        (
            [authorization(1, (11, 1), (12, 20))],
            True,
            {UUID(int=1): 23},
            Words("27 days left, ends 20 Dec 2026, 17 units left", "plain"),
        ),
        (
            [authorization(1, (11, 1), (12, 20))],
            True,
            {UUID(int=1): 39},
            Words("27 days left, ends 20 Dec 2026, 1 unit left", "due"),
        ),
        (
            [authorization(1, (11, 1), (12, 20))],
            True,
            {UUID(int=1): 41},
            Words("27 days left, ends 20 Dec 2026, 0 units left", "due"),
        ),
    ],
)
def test_how_an_authorization_stands_in_the_banner(
    authorizations: list[AuthorizationFacts], is_required: bool, used: dict[UUID, int] | None, words: Words | None
) -> None:
    assert authorization_words(authorizations, TODAY, is_required=is_required, used=used) == words
