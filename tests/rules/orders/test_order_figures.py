"""Volume, concentration, rate and time from each other: what follows, what contradicts the dose, and by how much."""

from decimal import Decimal
from typing import Any

import pytest

from infusiondesk.orders.rules import OrderDraft
from infusiondesk.orders.rules.figures import CONCENTRATION, MINUTES, RATE, VOLUME, derived_sentences, figures
from infusiondesk.orders.rules.programs import rate_words

D = Decimal
# The dose, what was typed, and what follows.
DERIVED: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    ("2", "g", {VOLUME: "100", MINUTES: "30"}, {RATE: "200.0", CONCENTRATION: "0.02"}),
    ("500", "mg", {CONCENTRATION: "5", RATE: "100"}, {VOLUME: "100", MINUTES: "60"}),
    ("500", "mg", {CONCENTRATION: "5", MINUTES: "60"}, {VOLUME: "100", RATE: "100"}),
    ("500", "mg", {RATE: "100", MINUTES: "60"}, {VOLUME: "100", CONCENTRATION: "5"}),
    ("500", "mg", {VOLUME: "100", RATE: "200"}, {MINUTES: "30", CONCENTRATION: "5"}),
    ("0.05", "mg", {VOLUME: "100"}, {CONCENTRATION: "0.0005"}),
    ("1000", "mL", {MINUTES: "240"}, {VOLUME: "1000", RATE: "250"}),
    ("1000", "mL", {CONCENTRATION: "5"}, {VOLUME: "1000"}),
    ("500", "mg", {}, {}),
    ("500", "mg", {RATE: "100"}, {}),
    ("8", "mL", {MINUTES: "1440"}, {VOLUME: "8", RATE: "0.333"}),
    ("1000", "mL", {VOLUME: "1009", MINUTES: "60"}, {RATE: "1009"}),
)


@pytest.mark.parametrize(("dose", "unit", "typed", "derived"), DERIVED)
def test_what_was_typed_gives_the_rest(dose: str, unit: str, typed: dict[str, str], derived: dict[str, str]) -> None:
    given: dict[str, Any] = {name: D(value) for name, value in typed.items()}
    found = figures(D(dose), unit, **given)

    followed = {name: found.of(name) for name, figure in found.known.items() if not figure.is_typed}
    assert followed == {name: D(value) for name, value in derived.items()}
    assert found.problem() is None


def test_what_runs_all_day_takes_a_day() -> None:
    found = figures(D(50), "mg", volume_ml=D(250), is_unbroken=True)

    assert (found.of(RATE), found.of(CONCENTRATION), found.of(MINUTES)) == (D("10.4"), D("0.2"), None)
    assert derived_sentences(found) == [
        "Rate 10.4 mL/h, derived from volume and a day.",
        "Concentration 0.2 mg/mL, derived from dose and volume.",
    ]
    by_rate = figures(D(48), "mg", rate_ml_per_h=D(10), concentration_per_ml=D("0.2"), is_unbroken=True)
    assert (by_rate.of(VOLUME), by_rate.problem()) == (D(240), None)


# The dose, what was typed, the field, and the sentence; 1 % and more is refused, less is not.
MISSED: tuple[tuple[str, str, dict[str, str], bool, str, str], ...] = (
    ("550", "mg", {CONCENTRATION: "5", RATE: "100", MINUTES: "60"}, False, RATE,
     "100 mL/h at 5 mg/mL over 60 min give 500 mg, not the 550 mg ordered: correct one of them."),
    ("2", "g", {VOLUME: "100", RATE: "100", MINUTES: "30"}, False, RATE,
     "100 mL/h at 0.02 g/mL over 30 min give 1 g, not the 2 g ordered: correct one of them."),
    ("1000", "mg", {VOLUME: "100", CONCENTRATION: "5"}, False, CONCENTRATION,
     "100 mL at 5 mg/mL give 500 mg, not the 1,000 mg ordered: correct one of them."),
    ("48", "mg", {RATE: "12", CONCENTRATION: "0.2"}, True, RATE,
     "12 mL/h at 0.2 mg/mL over a day give 57.6 mg, not the 48 mg ordered: correct one of them."),
    ("1000", "mL", {RATE: "200", MINUTES: "240"}, False, RATE,
     "200 mL/h over 240 min give 800 mL, not the 1,000 mL ordered: correct one of them."),
    ("100", "mg", {VOLUME: "101", CONCENTRATION: "1"}, False, CONCENTRATION,
     "101 mL at 1 mg/mL give 101 mg, not the 100 mg ordered: correct one of them."),
    ("1000", "mL", {VOLUME: "500"}, False, VOLUME, "A dose of 1,000 mL does not fill 500 mL: correct one of them."),
    ("1000", "mL", {VOLUME: "1010"}, True, VOLUME, "A dose of 1,000 mL does not fill 1,010 mL: correct one of them."),
    ("100", "mg", {VOLUME: "100.9", CONCENTRATION: "1"}, False, "", ""),
    ("100", "mg", {VOLUME: "99.1", CONCENTRATION: "1"}, False, "", ""),
    ("1250", "mg", {VOLUME: "250", MINUTES: "90", RATE: "166.7"}, False, "", ""),
    ("1000", "mL", {RATE: "250", MINUTES: "240"}, False, "", ""),
)  # fmt: skip


@pytest.mark.parametrize(("dose", "unit", "typed", "is_unbroken", "field", "sentence"), MISSED)
def test_rate_and_concentration_that_miss_the_dose_by_one_percent_are_refused(
    dose: str, unit: str, typed: dict[str, str], is_unbroken: bool, field: str, sentence: str
) -> None:
    given: dict[str, Any] = {name: D(value) for name, value in typed.items()}
    found = figures(D(dose), unit, is_unbroken=is_unbroken, **given).problem()

    assert (found.field if found else "", found.sentence if found else "") == (field, sentence)


@pytest.mark.parametrize(
    ("ml_a_day", "rate"), [("1", "0.042"), ("8.4", "0.35"), ("239.99", "10.000"), ("240", "10.0"), ("241", "10.0"), ("242", "10.1")]
)
def test_a_slow_rate_keeps_what_a_tenth_would_lose(ml_a_day: str, rate: str) -> None:
    assert figures(D(1), "mg", volume_ml=D(ml_a_day), is_unbroken=True).of(RATE) == D(rate)


def test_a_cycle_has_no_one_rate() -> None:
    cycle = figures(D(1800), "mL", volume_ml=D(1800), infusion_minutes=D(720), is_cycled=True)
    typed = figures(D(1800), "mL", infusion_minutes=D(720), rate_ml_per_h=D(150), is_cycled=True).problem()

    assert (cycle.of(RATE), cycle.problem()) == (None, None)
    assert typed is not None and typed.field == RATE
    assert typed.sentence.startswith("A cycle has no one rate")


@pytest.mark.parametrize(
    ("rated", "words"),
    [
        (OrderDraft(rate_ml_per_h=D("0.350")), "0.35 mL/h"),
        (OrderDraft(), ""),
        (
            OrderDraft(is_cycled=True, volume_ml=D(1800), infusion_minutes=D(720), rate_ml_per_h=D(150)),
            "plateau 163.64 mL/h, first and last hour 81.82 mL/h",
        ),
        (OrderDraft(is_cycled=True, volume_ml=D(1800), rate_ml_per_h=D(150)), ""),
        (OrderDraft(is_cycled=True, volume_ml=D(1800), infusion_minutes=D(60)), ""),
    ],
)
def test_what_the_pump_is_set_to_is_never_the_average_of_a_cycle(rated: OrderDraft, words: str) -> None:
    assert rate_words(rated) == words


def test_without_a_dose_nothing_is_contradicted() -> None:
    assert figures(None, "mg", rate_ml_per_h=D(1), infusion_minutes=D(60), concentration_per_ml=D(1)).problem() is None


def test_what_was_typed_is_kept_as_typed_and_what_was_derived_is_rounded() -> None:
    found = figures(D(1250), "mg", volume_ml=D(250), infusion_minutes=D("90.005"))

    assert found.of(MINUTES) == D("90.005") and found.of(RATE) == D("166.7")
    assert found.typed == [VOLUME, MINUTES]
    assert derived_sentences(figures(D(1000), "mL", infusion_minutes=D(60))) == ["Rate 1,000 mL/h, derived from volume and time."]
