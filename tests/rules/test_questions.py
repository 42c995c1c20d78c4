"""Reading questions from JSON: strict, exact about the field, and one bad question never spoils the list."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from infusiondesk.foundation.kernel.questions import (
    Fields,
    Malformed,
    a_date,
    a_list,
    a_time,
    answered,
    boolean,
    integer,
    json_ready,
    number,
    one_of,
    read_json,
    text,
)


def echo(fields: Fields) -> dict[str, object]:
    """Reads one of everything."""
    inner = fields.object("inner")
    found: dict[str, object] = {
        "n": fields.read("n", number, None),
        "when": fields.read("when", a_date, None),
        "at": fields.read("at", a_time, None),
        "many": fields.many("many", integer),
        "rows": [row.read("x", number) for row in fields.objects("rows")],
        "inner": inner.read("flag", boolean) if inner else None,
        "kind": fields.read("kind", one_of(("a", "b")), "a"),
        "there": fields.has("n"),
    }
    fields.finish()
    return found


@pytest.mark.parametrize(
    ("question", "field", "message"),
    [
        ('{"n": NaN}', "n", "not a number: NaN"),
        ('{"n": -Infinity}', "n", "not a number: -Infinity"),
        ('{"n": true}', "n", "not a number: true"),
        ('{"n": "1"}', "n", 'not a number: "1"'),
        ('{"when": "2026-02-30"}', "when", "not a date: 2026-02-30"),
        ('{"when": "20260230"}', "when", "not a date: 20260230"),
        ('{"when": 5}', "when", "not a date: 5"),
        ('{"at": "2026-02-28 10:00"}', "at", "not a time: 2026-02-28 10:00"),
        ('{"at": "2026-02-30T10:00"}', "at", "not a time: 2026-02-30T10:00"),
        ('{"at": 5}', "at", "not a time: 5"),
        ('{"many": [1, 2.5]}', "many[1]", "not a whole number: 2.5"),
        ('{"many": {"a": 1}}', "many", 'not a list: {"a": 1}'),
        ('{"many": [false]}', "many[0]", "not a whole number: false"),
        ('{"rows": [{"x": 1}, {}]}', "rows[1].x", "required"),
        ('{"rows": [5]}', "rows[0]", "not an object: 5"),
        ('{"inner": {"flag": 1}}', "inner.flag", "not true or false: 1"),
        ('{"kind": "c"}', "kind", "not one of a, b: c"),
        ('{"kind": 7}', "kind", "not text: 7"),
        ('{"unheard": 7}', "unheard", "unknown field"),
        ("7", None, "not an object: 7"),
        ('{"id": 7}', "id", "not text: 7"),
    ],
)
def test_a_malformed_question_names_its_field(question: str, field: str | None, message: str) -> None:
    answer, status = answered(read_json(question), echo, "echo")

    assert status == 2
    assert isinstance(answer, dict)
    assert (answer["error"]["field"], answer["error"]["message"]) == (field, message)


def test_a_malformed_question_is_answered_in_its_place() -> None:
    answer, status = answered(read_json('[{"id": "q1", "n": 1.50}, {"id": "q2", "n": NaN}, {"id": "q3"}]'), echo, "echo")

    assert status == 2
    assert isinstance(answer, list)
    assert [one.get("n", "error") for one in answer] == [1.5, "error", None]
    assert [one["id"] for one in answer] == ["q1", "q2", "q3"]
    assert answer[1]["error"] == {"index": 1, "field": "n", "message": "not a number: NaN"}


def test_decimals_arrive_exactly_and_leave_as_numbers() -> None:
    assert read_json("0.1") == Decimal("0.1")
    assert json_ready({"a": [Decimal("2.0"), Decimal("0.5")], "b": (date(2026, 1, 2), datetime(2026, 1, 2, 3, 4))}) == {  # noqa: DTZ001
        "a": [2, 0.5],
        "b": ["2026-01-02", "2026-01-02T03:04"],
    }


def test_a_good_question_is_answered() -> None:
    question = '{"id": "a", "n": 2, "when": "2026-02-28", "at": "2026-02-28T10:00Z", "many": [1], "rows": [{"x": 3}]}'
    answer, status = answered(read_json(question), echo, "echo")

    assert status == 0
    assert isinstance(answer, dict)
    assert answer.pop("id") == "a"
    assert answer == {
        "kind": "a",
        "n": 2,
        "when": "2026-02-28",
        "at": "2026-02-28T10:00+00:00",
        "many": [1],
        "rows": [3],
        "inner": None,
        "there": True,
    }


@pytest.mark.parametrize("words", ["{", '{"a": 1, "a": 2}', "[" * 100_000, "nonsense", "9" * 5000])
def test_what_is_no_json_is_refused(words: str) -> None:
    with pytest.raises(Malformed):
        read_json(words)


def test_long_values_are_cut_in_messages() -> None:
    with pytest.raises(ValueError, match=r"\.\.\.$"):
        number("x" * 100)
    assert text("x") == "x"
    assert a_list([1]) == [1]


def test_a_missing_field_without_a_default_is_required() -> None:
    with pytest.raises(Malformed, match="required"):
        Fields.of({}).read("x", number)
    answer, _ = answered(read_json('{"inner": {"flag": true}}'), echo, "echo")
    assert isinstance(answer, dict)
    assert answer["inner"] is True
