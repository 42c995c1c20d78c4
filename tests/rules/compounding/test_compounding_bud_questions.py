"""The worked cases of sterile 8 and the whole contract of `ask bud`, asked as JSON and answered as JSON."""

import json
from typing import Any

import pytest

from infusiondesk.compounding.exchange import answer
from infusiondesk.foundation.kernel.questions import answered, read_json

CLEANROOM: dict[str, object] = {"category": "2", "facility": "cleanroom_suite", "stability_hours": 10_000}
SCA: dict[str, object] = {"category": "1", "facility": "sca", "stability_hours": 10_000}
CATEGORY_3: dict[str, object] = {**CLEANROOM, "category": "3", "sterility_test": "passed"}
IMMEDIATE: dict[str, object] = {"category": "immediate_use", "storage": "crt", "stability_hours": 24}
NONSTERILE: dict[str, object] = {**CLEANROOM, "starting_components": "nonsterile", "started_at": "2026-03-02T13:00"}
TERMINAL: dict[str, object] = {**CLEANROOM, "method": "terminal", "started_at": "2026-03-02T07:00"}
VIAL: dict[str, object] = {"name": "cefazolin 1 g", "container": "single_dose_vial"}


def ask(*given: dict[str, object], **more: object) -> dict[str, Any]:
    """Ask one question, JSON in and JSON out, as the command line does."""
    question = {name: value for part in given for name, value in part.items()} | more
    found, status = answered(read_json(json.dumps(question)), answer, "bud")
    assert isinstance(found, dict)
    assert status == (2 if "error" in found else 0)
    read: dict[str, Any] = json.loads(json.dumps(found))
    return read


def refused(*given: dict[str, object], **more: object) -> tuple[str, str | None]:
    """Code and field of a refusal; the result fields are absent."""
    found = ask(*given, **more)
    assert "beyond_use_at" not in found and "governed_by" not in found
    assert found["because"] and found["sources"] and found["refused_because"]["text"].endswith(".")
    return found["refused_because"]["code"], found["refused_because"]["field"]


THAWED: dict[str, object] = {**CLEANROOM, "storage": "freezer", "started_at": "2026-03-02T08:00"}
THAW: dict[str, object] = {"at": "2026-03-20T08:00", "to": "refrigerator", "stability_hours": 1000}
WARM: dict[str, object] = {"at": "2026-03-22T08:00", "to": "crt", "stability_hours": 1000}
COLD_AGAIN: dict[str, object] = {"at": "2026-03-23T08:00", "to": "refrigerator", "stability_hours": None}

# case, question, beyond-use date, the limit that governs
DATES: list[tuple[str, dict[str, object], str, str]] = [
    ("B1", {**SCA, "storage": "crt", "started_at": "2026-03-02T09:30"}, "2026-03-02T21:30", "category"),
    ("B2", {**SCA, "storage": "refrigerator", "started_at": "2026-03-02T09:30"}, "2026-03-03T09:30", "category"),
    (
        "B3",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-02T10:15", "stability_hours": 168},
        "2026-03-06T10:15",
        "category",
    ),
    (
        "B4",
        {**CLEANROOM, "storage": "refrigerator", "started_at": "2026-03-02T10:15", "stability_hours": 336},
        "2026-03-12T10:15",
        "category",
    ),
    (
        "B5",
        {**CLEANROOM, "storage": "refrigerator", "started_at": "2026-03-02T10:15", "stability_hours": 72},
        "2026-03-05T10:15",
        "stability",
    ),
    ("B6 room", {**NONSTERILE, "storage": "crt"}, "2026-03-03T13:00", "category"),
    ("B6 fridge", {**NONSTERILE, "storage": "refrigerator"}, "2026-03-06T13:00", "category"),
    ("B6 freezer", {**NONSTERILE, "storage": "freezer"}, "2026-04-16T13:00", "category"),
    (
        "B7",
        {
            **CLEANROOM,
            "storage": "refrigerator",
            "started_at": "2026-03-02T08:00",
            "components": [{"name": "saline", "expires": "2026-03-08"}],
        },
        "2026-03-08T23:59",
        "component_expiry",
    ),
    ("B8 room", {**TERMINAL, "storage": "crt"}, "2026-03-16T07:00", "category"),
    ("B8 fridge", {**TERMINAL, "storage": "refrigerator"}, "2026-03-30T07:00", "category"),
    (
        "B9 passed",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-02T09:00", "sterility_test": "passed"},
        "2026-04-01T09:00",
        "category",
    ),
    (
        "B9 pending",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-02T09:00", "sterility_test": "pending"},
        "2026-03-06T09:00",
        "category",
    ),
    ("B10 aseptic", {**CATEGORY_3, "storage": "refrigerator", "started_at": "2026-03-02T09:00"}, "2026-05-31T09:00", "category"),
    (
        "B10 terminal",
        {**CATEGORY_3, "storage": "freezer", "started_at": "2026-03-02T09:00", "method": "terminal", "stability_hours": 4320},
        "2026-08-29T09:00",
        "category",
    ),
    ("B11 frozen", THAWED, "2026-04-16T08:00", "category"),
    ("B11 thawed", {**THAWED, "moves": [THAW]}, "2026-03-30T08:00", "move"),
    ("B11 warmed", {**THAWED, "moves": [THAW, WARM]}, "2026-03-26T08:00", "move"),
    ("B11 cold again", {**THAWED, "moves": [THAW, WARM, COLD_AGAIN]}, "2026-03-26T08:00", "move"),
    (
        "B12 with vitamins",
        {**CLEANROOM, "storage": "refrigerator", "started_at": "2026-03-02T11:00", "stability_hours": 24},
        "2026-03-03T11:00",
        "stability",
    ),
    (
        "B12 without",
        {**CLEANROOM, "storage": "refrigerator", "started_at": "2026-03-02T11:00", "stability_hours": 216},
        "2026-03-11T11:00",
        "stability",
    ),
    ("B14", {**IMMEDIATE, "started_at": "2026-03-02T14:20"}, "2026-03-02T18:20", "category"),
    (
        "B15",
        {
            **CLEANROOM,
            "storage": "crt",
            "started_at": "2026-03-02T18:00",
            "components": [{**VIAL, "punctured_at": "2026-03-02T07:30"}],
        },
        "2026-03-06T18:00",
        "category",
    ),
    (
        "B16 spring",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-07T14:00", "time_zone": "America/Chicago"},
        "2026-03-11T14:00-05:00",
        "category",
    ),
    (
        "B16 autumn",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-10-30T08:00", "time_zone": "America/Chicago"},
        "2026-11-03T07:00-06:00",
        "category",
    ),
    # Beyond the worked cases: every other thing that may govern, and every way of telling a time.
    ("cap", {**SCA, "storage": "crt", "started_at": "2026-03-02T09:30", "cap_hours": 6}, "2026-03-02T15:30", "cap"),
    (
        "component's date",
        {
            **CLEANROOM,
            "storage": "crt",
            "started_at": "2026-03-02T10:00",
            "components": [{"name": "stock bag", "beyond_use_at": "2026-03-03T08:00"}],
        },
        "2026-03-03T08:00",
        "component_bud",
    ),
    (
        "expiry of a month is its last day",
        {
            **CLEANROOM,
            "category": "2",
            "storage": "freezer",
            "started_at": "2026-02-20T10:00",
            "components": [{"name": "bag", "expires": "2026-02"}],
        },
        "2026-02-28T23:59",
        "component_expiry",
    ),
    (
        "expiry of a leap month",
        {
            **CLEANROOM,
            "storage": "freezer",
            "started_at": "2028-02-20T10:00",
            "components": [{"expires": "2028-02"}],
        },
        "2028-02-29T23:59",
        "component_expiry",
    ),
    (
        "a component that never expires",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-02T10:00-06:00", "components": [{"expires": "9999-12"}]},
        "2026-03-06T10:00-06:00",
        "category",
    ),
    (
        "a tie goes to the table",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-02T10:00", "stability_hours": 96, "cap_hours": 96},
        "2026-03-06T10:00",
        "category",
    ),
    (
        "an offset and no zone",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-07T14:00-06:00"},
        "2026-03-11T14:00-06:00",
        "category",
    ),
    (
        "an offset in a zone",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-07T20:00Z", "time_zone": "America/Chicago"},
        "2026-03-11T14:00-05:00",
        "category",
    ),
    (
        "the first of a time shown twice",
        {**SCA, "storage": "crt", "started_at": "2026-11-01T01:30", "time_zone": "America/Chicago"},
        "2026-11-01T12:30-06:00",
        "category",
    ),
    (
        "category 1 with a nonsterile component",
        {**SCA, "storage": "crt", "started_at": "2026-03-02T09:30", "starting_components": "nonsterile"},
        "2026-03-02T21:30",
        "category",
    ),
    (
        "category 1 in an unclassified area",
        {**SCA, "facility": "unclassified", "storage": "crt", "started_at": "2026-03-02T09:30"},
        "2026-03-02T21:30",
        "category",
    ),
    (
        "a component punctured on the way",
        {
            **CLEANROOM,
            "storage": "crt",
            "started_at": "2026-03-02T18:00",
            "components": [{"container": "ampule", "punctured_at": "2026-03-02T18:05"}, {"container": "ampule"}],
        },
        "2026-03-06T18:00",
        "category",
    ),
    (
        "at the very end of the in-use limit and of its own dates",
        {
            **CLEANROOM,
            "storage": "crt",
            "started_at": "2026-03-02T19:30",
            "components": [
                {**VIAL, "punctured_at": "2026-03-02T07:30", "expires": "2026-03-02", "beyond_use_at": "2026-03-02T19:30"}
            ],
        },
        "2026-03-02T19:30",
        "component_bud",
    ),
    (
        "immediate use from a vial opened outside ISO 5",
        {
            **IMMEDIATE,
            "started_at": "2026-03-02T14:20",
            "sterile_products": 3,
            "components": [{**VIAL, "punctured_at": "2026-03-02T14:00", "in_iso5": False}],
        },
        "2026-03-02T18:20",
        "category",
    ),
    (
        "frozen for the first time wins nothing",
        {
            **CLEANROOM,
            "storage": "refrigerator",
            "started_at": "2026-03-02T08:00",
            "moves": [{"at": "2026-03-03T08:00", "to": "freezer"}],
        },
        "2026-03-12T08:00",
        "category",
    ),
    (
        "stability of the new place",
        {
            **CLEANROOM,
            "storage": "refrigerator",
            "started_at": "2026-03-02T08:00",
            "moves": [{"at": "2026-03-03T08:00", "to": "crt", "stability_hours": 12}],
        },
        "2026-03-03T20:00",
        "move",
    ),
    ("moves are taken in time order", {**THAWED, "moves": [COLD_AGAIN, WARM, THAW]}, "2026-03-26T08:00", "move"),
    (
        "moved at the last minute",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-02T08:00", "moves": [{"at": "2026-03-06T08:00", "to": "crt"}]},
        "2026-03-06T08:00",
        "category",
    ),
    (
        "a stability of ages is ample",
        {**CLEANROOM, "storage": "crt", "started_at": "2026-03-02T08:00", "stability_hours": 1e300},
        "2026-03-06T08:00",
        "category",
    ),
]


@pytest.mark.parametrize(("question", "expected", "governed_by"), [row[1:] for row in DATES], ids=[row[0] for row in DATES])
def test_dates(question: dict[str, object], expected: str, governed_by: str) -> None:
    found = ask(question)
    assert (found["beyond_use_at"], found["governed_by"]) == (expected, governed_by)
    assert len(found["because"]) > 1 and found["sources"]


def test_example_1() -> None:
    found = ask(
        id="q", category="2", facility="cleanroom_suite", storage="refrigerator", started_at="2026-03-02T10:15", stability_hours=72
    )
    assert found == {
        "id": "q",
        "kind": "bud",
        "beyond_use_at": "2026-03-05T10:15",
        "governed_by": "stability",
        "because": [
            "Category 2, aseptic, sterile components, untested, refrigerator: 10 d = 2026-03-12 10:15.",
            "Stability from the start: 3 d = 2026-03-05 10:15.",
            "The earliest of them governs (stability): 2026-03-05 10:15.",
        ],
        "sources": ["sterile 2.2", "sterile 2.4"],
    }


def test_example_2() -> None:
    found = ask(category="1", facility="sca", storage="freezer", started_at="2026-03-02T09:30", stability_hours=720)
    assert found == {
        "id": None,
        "kind": "bud",
        "refused_because": {"code": "storage_not_allowed", "field": "storage", "text": "Category 1 has no limit for the freezer."},
        "because": ["sterile 2.1: Category 1 has no limit for the freezer."],
        "sources": ["sterile 2.1"],
    }


BENCH: dict[str, object] = {**CLEANROOM, "storage": "crt", "started_at": "2026-03-02T21:00"}


def with_component(**fields: object) -> dict[str, object]:
    return {**BENCH, "components": [{"name": "fine", "expires": "2027-01"}, fields]}


REFUSALS: list[tuple[str, dict[str, object], str, str]] = [
    ("Category 2 in an SCA", {**BENCH, "facility": "sca"}, "cleanroom_required", "facility"),
    ("Category 3 in a C-SCA", {**BENCH, "category": "3", "facility": "c_sca"}, "cleanroom_required", "facility"),
    (
        "four products",
        {**IMMEDIATE, "started_at": "2026-03-02T14:20", "sterile_products": 4},
        "too_many_products",
        "sterile_products",
    ),
    (
        "Category 3 untested",
        {**CATEGORY_3, **BENCH, "category": "3", "sterility_test": "none"},
        "test_not_passed",
        "sterility_test",
    ),
    (
        "Category 3 pending",
        {**CATEGORY_3, **BENCH, "category": "3", "sterility_test": "pending"},
        "test_not_passed",
        "sterility_test",
    ),
    ("Category 3 failed", {**BENCH, "category": "3", "sterility_test": "failed"}, "test_failed", "sterility_test"),
    ("failed in Category 1 too", {**BENCH, **SCA, "sterility_test": "failed"}, "test_failed", "sterility_test"),
    ("frozen Category 1", {**BENCH, **SCA, "storage": "freezer"}, "storage_not_allowed", "storage"),
    ("expired", with_component(expires="2026-03-01"), "component_expired", "components[1].expires"),
    ("expired month", with_component(expires="2026-02"), "component_expired", "components[1].expires"),
    ("its date passed", with_component(beyond_use_at="2026-03-02T20:59"), "component_past_bud", "components[1].beyond_use_at"),
    (
        "punctured 13 h ago",
        with_component(container="single_dose_vial", punctured_at="2026-03-02T08:00"),
        "component_past_in_use",
        "components[1].punctured_at",
    ),
    (
        "13 h ago for immediate use",
        {
            **IMMEDIATE,
            "started_at": "2026-03-02T21:00",
            "components": [{"container": "single_dose_vial", "punctured_at": "2026-03-02T08:00"}],
        },
        "component_past_in_use",
        "components[0].punctured_at",
    ),
    (
        "6 h ago outside ISO 5 for immediate use",
        {
            **IMMEDIATE,
            "started_at": "2026-03-02T21:00",
            "components": [{"container": "single_dose_vial", "punctured_at": "2026-03-02T15:00", "in_iso5": False}],
        },
        "component_past_in_use",
        "components[0].punctured_at",
    ),
    (
        "outside ISO 5",
        with_component(container="single_dose_vial", punctured_at="2026-03-02T20:00", in_iso5=False),
        "iso5_required",
        "components[1].in_iso5",
    ),
    (
        "bulk package outside ISO 5 even for immediate use",
        {
            **IMMEDIATE,
            "started_at": "2026-03-02T21:00",
            "components": [{"container": "pharmacy_bulk_package", "punctured_at": "2026-03-02T20:30", "in_iso5": False}],
        },
        "iso5_required",
        "components[0].in_iso5",
    ),
    (
        "an ampule that was kept",
        with_component(container="ampule", punctured_at="2026-03-02T20:59"),
        "never_stored",
        "components[1].container",
    ),
    ("stability unknown", {**BENCH, "stability_hours": None}, "stability_unknown", "stability_hours"),
    (
        "stability unknown for immediate use",
        {**IMMEDIATE, "started_at": "2026-03-02T14:20", "stability_hours": None},
        "stability_unknown",
        "stability_hours",
    ),
    ("moved too late", {**BENCH, "moves": [{"at": "2026-03-06T21:01", "to": "crt"}]}, "moved_after_bud", "moves[0].at"),
    (
        "frozen again",
        {**THAWED, "moves": [THAW, {"at": "2026-03-21T08:00", "to": "freezer", "stability_hours": 900}]},
        "refreezing",
        "moves[1].to",
    ),
    (
        "frozen late, thawed, frozen again",
        {
            **CLEANROOM,
            "storage": "refrigerator",
            "started_at": "2026-03-02T08:00",
            "moves": [
                {"at": "2026-03-03T08:00", "to": "freezer"},
                {"at": "2026-03-04T08:00", "to": "freezer"},
                {"at": "2026-03-05T08:00", "to": "crt", "stability_hours": 99},
                {"at": "2026-03-05T09:00", "to": "freezer"},
            ],
        },
        "refreezing",
        "moves[3].to",
    ),
    (
        "Category 1 into the freezer",
        {**BENCH, **SCA, "moves": [{"at": "2026-03-02T22:00", "to": "freezer"}]},
        "storage_not_allowed",
        "moves[0].to",
    ),
    (
        "warmed with unknown stability",
        {**THAWED, "moves": [THAW, {"at": "2026-03-21T08:00", "to": "crt"}]},
        "stability_unknown",
        "moves[1].stability_hours",
    ),
]


@pytest.mark.parametrize(("question", "code", "field"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_refusals(question: dict[str, object], code: str, field: str) -> None:
    assert refused(question) == (code, field)


def test_a_cleanroom_refusal_offers_category_1() -> None:
    found = ask(BENCH, facility="unclassified")
    assert found["offer"] == found["refused_because"]["offer"] == {"category": "1"}
    assert "offer" not in ask(BENCH, stability_hours=None)


def test_refusals_come_in_the_order_of_the_contract() -> None:
    # Everything is wrong at first; each line puts right what was refused and the next refusal appears.
    spent = {"expires": "2026-01", "beyond_use_at": "2026-03-01T00:00", "container": "ampule", "punctured_at": "2026-03-01T00:00"}
    question: dict[str, object] = {
        **BENCH,
        "facility": "sca",
        "sterility_test": "failed",
        "storage": "freezer",
        "stability_hours": None,
        "components": [spent],
        "moves": [{"at": "2027-01-01T00:00", "to": "crt"}],
    }
    repairs: list[tuple[str, dict[str, object]]] = [
        ("cleanroom_required", {"category": "1"}),
        ("test_failed", {"sterility_test": "none"}),
        ("storage_not_allowed", {"storage": "crt"}),
        ("component_expired", {"components": [spent | {"expires": "2026-12"}]}),
        ("component_past_bud", {"components": [spent | {"expires": "2026-12", "beyond_use_at": "2026-04-01T00:00"}]}),
        ("never_stored", {"components": []}),
        ("stability_unknown", {"stability_hours": 99}),
        ("moved_after_bud", {"moves": []}),
    ]
    for code, repair in repairs:
        assert refused(question)[0] == code
        question |= repair
    assert ask(question)["beyond_use_at"] == "2026-03-03T09:00"


PUNCTURED: dict[str, object] = {"question": "container", "punctured_at": "2026-03-02T08:05"}
# container, more of the question, the last entry (B13 first)
CONTAINERS: list[tuple[str, dict[str, object], str]] = [
    ("single_dose_vial", {}, "2026-03-02T20:05"),
    ("multi_dose_vial", {}, "2026-03-30T08:05"),
    ("pharmacy_bulk_package", {"punctured_at": "2026-03-02T09:10"}, "2026-03-02T13:10"),
    ("pharmacy_bulk_package", {"punctured_at": "2026-03-02T09:10", "maker_hours": 10}, "2026-03-02T19:10"),
    ("single_dose_vial", {"maker_hours": 24}, "2026-03-02T20:05"),
    ("single_dose_vial", {"maker_hours": 2}, "2026-03-02T10:05"),
    ("single_dose_vial", {"state_cap_hours": 6}, "2026-03-02T14:05"),
    ("single_dose_vial", {"maker_days": 3, "maker_hours": 7.5}, "2026-03-02T15:35"),
    ("single_dose_vial", {"maker_days": 0}, "2026-03-02T08:05"),
    ("multi_dose_vial", {"maker_days": 42}, "2026-04-13T08:05"),
    ("multi_dose_vial", {"maker_days": 14}, "2026-03-16T08:05"),
    ("multi_dose_vial", {"maker_days": 42, "state_cap_hours": 24}, "2026-03-03T08:05"),
    ("multi_dose_vial", {"in_iso5": False}, "2026-03-30T08:05"),
    ("multi_dose_vial", {"expires": "2026-03-10"}, "2026-03-10T23:59"),
    ("multi_dose_vial", {"expires": "2026-03"}, "2026-03-30T08:05"),
    ("compounded_stock", {}, "2026-03-02T20:05"),
    ("compounded_stock", {"beyond_use_at": "2026-03-02T12:00"}, "2026-03-02T12:00"),
    ("compounded_stock", {"beyond_use_at": "2026-03-05T12:00"}, "2026-03-02T20:05"),
    ("single_dose_vial", {"punctured_at": "2026-03-02T08:05-06:00"}, "2026-03-02T20:05-06:00"),
]


@pytest.mark.parametrize(("container", "more", "expected"), CONTAINERS)
def test_containers(container: str, more: dict[str, object], expected: str) -> None:
    found = ask(PUNCTURED, more, container=container)
    assert found["beyond_use_at"] == expected
    assert found["because"] and found["sources"] == ["sterile 2.5"]


@pytest.mark.parametrize(
    ("container", "more", "code", "field"),
    [
        ("ampule", {}, "never_stored", "container"),
        ("single_dose_vial", {"in_iso5": False}, "iso5_required", "in_iso5"),
        ("pharmacy_bulk_package", {"in_iso5": False, "maker_hours": 10}, "iso5_required", "in_iso5"),
        ("multi_dose_vial", {"expires": "2026-03-01"}, "component_expired", "expires"),
        ("compounded_stock", {"beyond_use_at": "2026-03-02T08:00"}, "component_past_bud", "beyond_use_at"),
    ],
)
def test_containers_that_may_not_be_kept(container: str, more: dict[str, object], code: str, field: str) -> None:
    assert refused(PUNCTURED, more, container=container) == (code, field)


@pytest.mark.parametrize(
    ("units", "to_test"), [(1, 1), (10, 1), (11, 2), (31, 4), (39, 4), (40, 4), (41, 5), (100, 10), (101, 10), (250, 10)]
)
def test_units_to_test(units: int, to_test: int) -> None:
    assert ask(question="test_units", batch_units=units)["units_to_test"] == to_test


def test_a_batch_that_is_too_large() -> None:
    assert refused(question="test_units", batch_units=251) == ("batch_too_large", "batch_units")


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([(22, 20), (29, 4)], 23.59),
        ([(5, 22), (12, 2)], 5.87),
        ([(5, 20), (14, 4)], 7.33),
        ([(25, 1)], 25),
        ([(-80.5, 3), (25, 0)], -80.5),
        ([(-272, 1), (20, 1)], 14.16),
    ],
)
def test_mean_kinetic_temperature(readings: list[tuple[float, float]], expected: float) -> None:
    told = [{"celsius": celsius, "hours": hours} for celsius, hours in readings]
    found = ask(question="mean_kinetic_temperature", readings=told)
    assert found["mean_kinetic_temperature_c"] == expected
    assert found["sources"] == ["sterile 7"]


MALFORMED: list[tuple[dict[str, object], str | None]] = [
    ({}, "started_at"),
    ({**BENCH, "category": 2}, "category"),
    ({**BENCH, "category": "4"}, "category"),
    ({**BENCH, "facility": None}, "facility"),
    ({**BENCH, "facility": "garage"}, "facility"),
    ({**BENCH, "storage": "shelf"}, "storage"),
    ({**BENCH, "storage": None}, "storage"),
    ({**BENCH, "started_at": "2026-02-30T08:00"}, "started_at"),
    ({**BENCH, "started_at": "2026-03-02"}, "started_at"),
    ({**BENCH, "started_at": "0001-01-01T00:00+14:00"}, "started_at"),
    ({**BENCH, "started_at": 5}, "started_at"),
    ({**BENCH, "time_zone": "Mars/Olympus"}, "time_zone"),
    ({**BENCH, "time_zone": "America"}, "time_zone"),
    ({**BENCH, "time_zone": "../etc"}, "time_zone"),
    ({**BENCH, "time_zone": 6}, "time_zone"),
    ({**BENCH, "started_at": "2026-03-08T02:30", "time_zone": "America/Chicago"}, "started_at"),
    ({**BENCH, "stability_hours": -1}, "stability_hours"),
    ({**BENCH, "stability_hours": "72"}, "stability_hours"),
    ({**BENCH, "stability_hours": True}, "stability_hours"),
    ({**BENCH, "cap_hours": -0.5}, "cap_hours"),
    ({**BENCH, "sterile_products": 0}, "sterile_products"),
    ({**BENCH, "sterile_products": 1.5}, "sterile_products"),
    ({**BENCH, "method": "boiling"}, "method"),
    ({**BENCH, "starting_components": "both"}, "starting_components"),
    ({**BENCH, "sterility_test": "maybe"}, "sterility_test"),
    ({**BENCH, "colour": "red"}, "colour"),
    ({**BENCH, "batch_units": 3}, "batch_units"),
    ({**BENCH, "question": "guess"}, "question"),
    ({**BENCH, "components": {}}, "components"),
    ({**BENCH, "components": [3]}, "components[0]"),
    ({**BENCH, "components": [{"expires": "2026-13"}]}, "components[0].expires"),
    ({**BENCH, "components": [{"expires": "2026-02-30"}]}, "components[0].expires"),
    ({**BENCH, "components": [{"expires": "0000-05"}]}, "components[0].expires"),
    ({**BENCH, "components": [{"expires": 2026}]}, "components[0].expires"),
    ({**BENCH, "components": [{"name": "a"}, {"lot": "b"}]}, "components[1].lot"),
    ({**BENCH, "components": [{"container": "bucket"}]}, "components[0].container"),
    ({**BENCH, "components": [{"container": "multi_dose_csp"}]}, "components[0].container"),
    ({**BENCH, "components": [{"punctured_at": "2026-03-02T08:00"}]}, "components[0].container"),
    ({**BENCH, "components": [{"in_iso5": "yes"}]}, "components[0].in_iso5"),
    ({**BENCH, "components": [{"beyond_use_at": "2026-03-02T08:00Z"}]}, "components[0].beyond_use_at"),
    ({**BENCH, "moves": [{"at": "2026-03-03T08:00"}]}, "moves[0].to"),
    ({**BENCH, "moves": [{"to": "crt"}]}, "moves[0].at"),
    ({**BENCH, "moves": [{"at": "2026-03-02T20:59", "to": "crt"}]}, "moves[0].at"),
    ({**BENCH, "moves": [{"at": "2026-03-03T08:00", "to": "crt", "by": "me"}]}, "moves[0].by"),
    ({"question": "container", "container": "ampule"}, "punctured_at"),
    ({"question": "container", "punctured_at": "2026-03-02T08:00"}, "container"),
    ({**PUNCTURED, "container": "single_dose_vial", "storage": "crt"}, "storage"),
    ({"question": "test_units"}, "batch_units"),
    ({"question": "test_units", "batch_units": 0}, "batch_units"),
    ({"question": "test_units", "batch_units": 10.5}, "batch_units"),
    ({"question": "mean_kinetic_temperature"}, "readings"),
    ({"question": "mean_kinetic_temperature", "readings": []}, "readings"),
    ({"question": "mean_kinetic_temperature", "readings": [{"celsius": 5, "hours": 0}]}, "readings"),
    ({"question": "mean_kinetic_temperature", "readings": [{"celsius": 5, "hours": -1}]}, "readings[0].hours"),
    ({"question": "mean_kinetic_temperature", "readings": [{"celsius": -300, "hours": 1}]}, "readings[0].celsius"),
    ({"question": "mean_kinetic_temperature", "readings": [{"celsius": 5}]}, "readings[0].hours"),
]


@pytest.mark.parametrize(("question", "field"), MALFORMED)
def test_malformed(question: dict[str, object], field: str | None) -> None:
    found = ask({"id": "q7"}, question)
    assert found["id"] == "q7"
    assert found["error"]["field"] == field and found["error"]["message"]
