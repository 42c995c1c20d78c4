"""The life of a report (clinical 9.5), what follows what (HL7 table 0085) and what is missing (due and 48 hours)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from infusiondesk.labs.exchange.reference import own_tables
from infusiondesk.labs.rules import (
    ACTIONS,
    STEPS,
    Expected,
    LabResult,
    Line,
    ReportState,
    StepVerdict,
    Succession,
    TurnAround,
    missing,
    refill_holds,
    succession,
    take_step,
)

DUE = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
LINE = Line("F-1", "2823-3", "", "F", "4.1", "mmol/L")


def test_every_state_is_reached_and_every_step_leads_somewhere() -> None:
    reached = {step.to for step in STEPS} | {ReportState.NEW}

    assert reached == set(ReportState)
    assert len({step.event for step in STEPS}) == len(STEPS)


# event, from -> to, role, what is final (X in clinical 9.5)
TABLE = """
order          new        ordered   RPH     -
overdue        ordered    missing   SYSTEM  -
draw           missing    collected RN      -
receive        collected  resulted  LAB     X
rules          resulted   flagged   SYSTEM  -
review         flagged    reviewed  RPH     X
finish         reviewed   closed    RPH     -
correct        closed     flagged   LAB     X
reject         collected  rejected  RPH     X
wrong_patient  reviewed   misfiled  RPH     X
"""


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_each_step(row: str) -> None:
    event, origin, to, role, final = row.split()
    step = next(step for step in STEPS if step.event == event)

    verdict = take_step(ReportState(origin), event, role=role, given=step.required)

    assert verdict.to == ReportState(to)
    assert verdict.because
    assert step.is_final == (final == "X")
    assert take_step(ReportState(origin), event, role="DRIVER", given=step.required).to is None
    assert take_step(ReportState(origin), event, role=role, given=()).to is None


def test_refusals_are_sentences() -> None:
    closed = take_step(ReportState.CLOSED, "draw", role="RN", given=())
    assert closed == StepVerdict(None, "A report that is closed has no step “draw”.")
    assert take_step(ReportState.FLAGGED, "review", role="RN", given=()).because == "The step “review” belongs to RPH."


def test_a_critical_result_needs_the_prescriber_and_nutrition_the_dietitian() -> None:
    given = ("interpretation", "action")

    plain = take_step(ReportState.FLAGGED, "review", role="RPH", given=given)
    critical = take_step(ReportState.FLAGGED, "review", role="RPH", given=given, circumstances=("critical",))
    nutrition = take_step(ReportState.FLAGGED, "review", role="RPH", given=given, circumstances=("parenteral_nutrition",))

    assert plain.to is ReportState.REVIEWED
    assert critical.because == "The step “review” needs contact name, contacted at, read back, response."
    assert nutrition.because == "The step “review” needs dietitian."


def test_turn_around_and_actions_are_content() -> None:
    assert TurnAround().critical == timedelta(minutes=60)
    assert "contact prescriber" in ACTIONS


@pytest.mark.parametrize(
    ("earlier", "new", "follows"),
    [
        (LINE, LINE, Succession.REPEATED),
        (replace(LINE, status="P"), LINE, Succession.COMPLETED),
        (replace(LINE, status="P", value="4.0"), LINE, Succession.COMPLETED),
        (replace(LINE, status="I", value=""), LINE, Succession.COMPLETED),
        (LINE, replace(LINE, value="4.2"), Succession.CORRECTED),
        (LINE, replace(LINE, unit="mEq/L"), Succession.CORRECTED),
        (LINE, replace(LINE, status="C"), Succession.CORRECTED),
        (LINE, replace(LINE, status="W"), Succession.TAKEN_BACK),
        (LINE, replace(LINE, order="F-2"), None),
        (LINE, replace(LINE, code="2951-2"), None),
        (replace(LINE, order=" "), replace(LINE, order=""), None),
    ],
)
def test_what_a_new_line_does_to_the_one_before(earlier: Line, new: Line, follows: Succession | None) -> None:
    assert succession(earlier, new) is follows


def drawn(hours_before_due: float, **changed: str) -> LabResult:
    return LabResult(
        changed.get("analyte", "ck"),
        Decimal(100),
        "U/L",
        DUE - timedelta(hours=hours_before_due),
        status=changed.get("status", "F"),
    )


class TestMissing:
    """Missing from due and 48 elapsed hours; one drawn up to 72 hours early counts."""

    EXPECTED = (Expected("ck", DUE),)

    def at(self, hours_past_due: float, *results: LabResult, expected: tuple[Expected, ...] = EXPECTED) -> list[str]:
        return [each.because for each in missing(expected, results, DUE + timedelta(hours=hours_past_due))]

    def test_not_before_48_hours(self) -> None:
        assert self.at(47.9) == []
        assert self.at(48) == ["no ck since 72 h before 2026-03-09 12:00; 48 h past due, missing from 48 h"]

    def test_the_window(self) -> None:
        assert self.at(60, drawn(72)) == []
        assert len(self.at(60, drawn(72.1))) == 1
        assert self.at(60, drawn(100), expected=(Expected("ck", DUE, Decimal(100)),)) == []

    def test_a_late_result_ends_the_wait(self) -> None:
        assert self.at(100, drawn(-90)) == []

    def test_what_does_not_count(self) -> None:
        assert len(self.at(60, drawn(1, analyte="creatinine"))) == 1
        assert len(self.at(60, drawn(1, status="I"))) == 1
        assert len(self.at(60, drawn(-61))) == 1  # dated in the future
        assert len(self.at(60, replace(drawn(1), collected_at=None))) == 1
        assert len(self.at(60, replace(drawn(1), id="a"), replace(drawn(200), corrects="a"))) == 1

    def test_48_hours_are_elapsed_hours_across_the_clock_change(self) -> None:
        home = ZoneInfo("America/Chicago")
        due = datetime(2026, 3, 7, 8, 0, tzinfo=home).astimezone(UTC)  # clocks go forward on 8 March
        expected = [Expected("ck", due)]

        assert missing(expected, [], datetime(2026, 3, 9, 8, 0, tzinfo=home).astimezone(UTC)) == []
        assert len(missing(expected, [], datetime(2026, 3, 9, 9, 0, tzinfo=home).astimezone(UTC))) == 1

    def test_some_protocols_hold_the_refill(self) -> None:
        found = missing(self.EXPECTED, [], DUE + timedelta(hours=50))
        protocols = own_tables().protocols

        assert refill_holds(found, protocols, {"L-DAP", "L-BL", "L-??"}) == ["L-DAP: ck missing, so the refill is held"]
        assert refill_holds([], protocols, {"L-DAP"}) == []
        holding = {code for code, protocol in protocols.items() if protocol.holds_refill}
        assert holding == {"L-VAN", "L-AG", "L-AMB", "L-DAP", "L-GCV", "L-FOS", "L-PN"}
