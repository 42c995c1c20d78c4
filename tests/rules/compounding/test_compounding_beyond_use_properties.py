"""What must hold of every beyond-use date: it is after no limit, stability never lengthens it, a move never extends it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.rules import (
    BeyondUse,
    Category,
    Component,
    Facility,
    Method,
    Move,
    Preparation,
    Refusal,
    StartingComponents,
    SterilityTest,
    Storage,
    WallClock,
    beyond_use_date,
    home_addition,
    last_full_day,
)
from infusiondesk.compounding.rules.containers import Opened, in_use_limit
from infusiondesk.compounding.rules.limits import ContainerKind, Limits

LIMITS = reviewed_limits()
ZONES = ["America/Chicago", "America/New_York", "America/Phoenix", "Australia/Lord_Howe", "America/St_Johns"]
walls = st.sampled_from(ZONES).map(lambda name: WallClock(ZoneInfo(name))) | st.just(WallClock())
instants = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
hours = st.decimals("0", "3000", places=2)
components = st.builds(
    Component,
    name=st.just("component"),
    expires_on=st.none() | st.dates(date(2025, 6, 1), date(2030, 1, 1)),
    beyond_use_at=st.none() | instants,
)


@st.composite
def preparations(draw: st.DrawFn) -> Preparation:
    started_at = draw(instants)
    moves = draw(st.lists(st.tuples(st.decimals("0", "200", places=1), st.sampled_from(Storage), hours), max_size=4))
    return Preparation(
        category=draw(st.sampled_from(Category)),
        facility=Facility.CLEANROOM_SUITE,
        storage=draw(st.sampled_from(Storage)),
        started_at=started_at,
        stability_hours=draw(hours),
        method=draw(st.sampled_from(Method)),
        starting_components=draw(st.sampled_from(StartingComponents)),
        sterility_test=draw(st.sampled_from([SterilityTest.NONE, SterilityTest.PENDING, SterilityTest.PASSED])),
        cap_hours=draw(st.none() | hours),
        components=draw(st.lists(components, max_size=3)),
        moves=[Move(started_at + timedelta(hours=float(after)), to, stability) for after, to, stability in moves],
        wall=draw(walls),
    )


def dated(preparation: Preparation) -> datetime | None:
    found = beyond_use_date(preparation, LIMITS)
    return found.beyond_use_at if isinstance(found, BeyondUse) else None


@given(preparations())
def test_the_date_is_after_no_limit_and_says_all_of_them(preparation: Preparation) -> None:
    found = beyond_use_date(preparation, LIMITS)
    if isinstance(found, Refusal):
        assert found.text in found.because[0]
        return
    start, wall = preparation.started_at, preparation.wall
    assert found.beyond_use_at == min(limit.at for limit in found.considered)
    assert found.governing in found.considered and len(found.because) == len(found.considered) + 1
    assert start <= found.beyond_use_at
    assert preparation.stability_hours is not None
    for allowed in [preparation.stability_hours] + ([] if preparation.cap_hours is None else [preparation.cap_hours]):
        assert found.beyond_use_at <= start + timedelta(hours=float(allowed), seconds=1)
    for component in preparation.components:
        assert component.beyond_use_at is None or found.beyond_use_at <= component.beyond_use_at
        assert component.expires_on is None or wall.local(found.beyond_use_at).date() <= component.expires_on


@given(preparations(), hours)
def test_stability_never_lengthens(preparation: Preparation, stability: Decimal) -> None:
    ample = dated(replace(preparation, stability_hours=Decimal(100_000), moves=()))
    given_stability = dated(replace(preparation, stability_hours=stability, moves=()))
    assert (ample is None) == (given_stability is None)
    assert ample is None or given_stability is None or given_stability <= ample


@given(preparations())
def test_a_move_never_extends(preparation: Preparation) -> None:
    unmoved, moved = dated(replace(preparation, moves=())), dated(preparation)
    assert moved is None or (unmoved is not None and moved <= unmoved)


@given(instants, st.decimals("0", "5000", places=2), walls)
def test_a_clock_change_only_ever_shortens(anchor: datetime, span: Decimal, wall: WallClock) -> None:
    end = wall.later(anchor, span)
    elapsed = timedelta(microseconds=int(span * 3_600_000_000))
    assert anchor <= end <= anchor + elapsed
    # A zone without change, or no zone, leaves elapsed time alone; a change takes away an hour at the most.
    assert end >= anchor + elapsed - timedelta(hours=1)
    if wall.zone is None or str(wall.zone) == "America/Phoenix":
        assert end == anchor + elapsed
    wall_end = wall.local(anchor).replace(tzinfo=None) + elapsed
    if wall.exists(wall_end):
        assert wall.local(end).replace(tzinfo=None) <= wall_end


@pytest.mark.parametrize(
    ("started", "span", "expected"),
    [
        ("2026-03-07T14:00", 96, "2026-03-11T14:00-05:00"),
        ("2026-10-30T08:00", 96, "2026-11-03T07:00-06:00"),
        ("2026-03-07T22:00", 12, "2026-03-08T10:00-05:00"),
        ("2026-10-31T22:00", 12, "2026-11-01T09:00-06:00"),
        ("2026-03-04T02:30", 96, "2026-03-08T03:30-05:00"),  # 02:30 does not exist that night: the elapsed time is shown
        ("2026-10-28T01:30", 96, "2026-11-01T01:30-05:00"),  # the first of the two 01:30
        ("2026-11-01T06:30+00:00", 1, "2026-11-01T01:30-06:00"),
        ("2026-11-01T07:30+00:00", "0.25", "2026-11-01T01:45-06:00"),
    ],
)
def test_both_nights_in_chicago(started: str, span: int | str, expected: str) -> None:
    wall = WallClock(ZoneInfo("America/Chicago"))
    end = wall.later(wall.instant(datetime.fromisoformat(started)), Decimal(span))
    assert wall.local(end).isoformat(timespec="minutes") == expected


def test_a_sentence_carries_the_zone() -> None:
    wall = WallClock(ZoneInfo("America/Chicago"))
    assert wall.shown(datetime(2026, 3, 11, 19, 0, tzinfo=UTC)) == "2026-03-11 14:00 CDT"


@pytest.mark.parametrize(
    ("local", "day"),
    [
        ("2026-03-06T18:00", date(2026, 3, 5)),
        ("2026-03-08T23:59", date(2026, 3, 8)),
        ("2026-03-01T00:00", date(2026, 2, 28)),
    ],
)
def test_a_label_without_room_prints_the_last_full_day(local: str, day: date) -> None:
    assert last_full_day(datetime.fromisoformat(local)) == day


BAG_ENDS = datetime(2026, 3, 11, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("added_at", "stability", "expected", "governed_by"),
    [
        (datetime(2026, 3, 9, 18, tzinfo=UTC), None, datetime(2026, 3, 10, 18, tzinfo=UTC), "addition"),  # B12, third part
        (datetime(2026, 3, 9, 18, tzinfo=UTC), Decimal(12), datetime(2026, 3, 10, 6, tzinfo=UTC), "stability"),
        (datetime(2026, 3, 11, 9, tzinfo=UTC), None, BAG_ENDS, "bag"),
    ],
)
def test_an_addition_at_home(added_at: datetime, stability: Decimal | None, expected: datetime, governed_by: str) -> None:
    found = home_addition(BAG_ENDS, added_at, stability_hours=stability, limits=LIMITS, wall=WallClock())
    assert isinstance(found, BeyondUse)
    assert (found.beyond_use_at, found.governed_by) == (expected, governed_by)


def test_nothing_is_added_to_a_bag_past_its_date() -> None:
    late = BAG_ENDS + timedelta(minutes=1)
    found = home_addition(BAG_ENDS, late, stability_hours=None, limits=LIMITS, wall=WallClock())
    assert isinstance(found, Refusal) and found.code == "component_past_bud"


def test_our_own_multiple_dose_preparation_keeps_28_days() -> None:
    opened = Opened(ContainerKind.MULTI_DOSE_CSP, datetime(2026, 3, 2, 8, tzinfo=UTC))
    found = in_use_limit(opened, limits=LIMITS, wall=WallClock())
    assert not isinstance(found, Refusal) and found.beyond_use_at == datetime(2026, 3, 30, 8, tzinfo=UTC)


BARE = Preparation(Category.TWO, Storage.CRT, datetime(2026, 3, 2, 8, tzinfo=UTC), stability_hours=Decimal(99))


def test_a_preparation_without_a_place_is_not_in_a_cleanroom() -> None:
    found = beyond_use_date(BARE, LIMITS)
    assert isinstance(found, Refusal) and found.offer_category == "1"


def test_a_table_without_the_row_gives_no_date() -> None:
    empty = Limits((), LIMITS.in_use, LIMITS.most_sterile_products, LIMITS.home_addition_hours)
    found = beyond_use_date(replace(BARE, facility=Facility.CLEANROOM_SUITE), empty)
    assert isinstance(found, Refusal)
    assert (found.code, found.sources) == ("storage_not_allowed", ("sterile 2",))
    opened = Component("vial", opened=Opened(ContainerKind.SINGLE_DOSE_VIAL, BARE.started_at, in_iso5=False))
    found = beyond_use_date(replace(BARE, category=Category.IMMEDIATE_USE, components=[opened]), empty)
    assert isinstance(found, Refusal) and found.code == "storage_not_allowed"


def test_the_shipped_table_says_where_each_number_comes_from() -> None:
    combinations = [(category, storage) for category in (Category.ONE, Category.TWO, Category.THREE) for storage in Storage]
    for category, storage in combinations:
        for method in Method:
            for tested in (False, True):
                for starting in StartingComponents:
                    row = LIMITS.of(category, method, tested, starting, storage)
                    if category is Category.THREE and not tested:
                        assert row is None
                        continue
                    assert row is not None and row.source.startswith("sterile 2.")
                    assert (row.hours is None) == (category is Category.ONE and storage is Storage.FREEZER)
