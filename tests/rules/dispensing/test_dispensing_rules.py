"""The rules of deliveries as tables: when it is due, what may go, what proves it, what was too warm."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from infusiondesk.compounding.rules import Storage
from infusiondesk.dispensing.exchange import biologic_therapies, read_logger
from infusiondesk.dispensing.rules import (
    BagToSend,
    CalendarDraft,
    CallDraft,
    ConfirmationDraft,
    DayDraft,
    DeliveryCalendar,
    DeliveryPolicy,
    DestructionDraft,
    Happening,
    JudgementDraft,
    KeptFile,
    LeftDraft,
    OrderStanding,
    PackOutDraft,
    ProofFacts,
    ShipDraft,
    ShipperDraft,
    ShipperFacts,
    State,
    Work,
    address_refusal,
    bag_refusal,
    dose_refusal,
    doses,
    due,
    excursion,
    file_refusal,
    hours_refusal,
    instant_of,
    leave_refusal,
    order_refusal,
    place_refusal,
    proof_gaps,
    public_holidays,
    refusal_of,
    run_out,
    shipper_refusal,
    state,
    status_refusal,
    supply,
    work_of,
)
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.orders.rules import Pattern, Regimen
from tests.deliveries import png

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("start", "quantity", "per_day", "on_hand", "days", "last", "runs_out", "deliver_by"),
    [
        (date(2026, 3, 2), 21, 3, 0, 7, date(2026, 3, 8), date(2026, 3, 9), date(2026, 3, 6)),
        (date(2026, 3, 6), 14, 2, 3, 8, date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 12)),
        (date(2026, 2, 25), 7, 1, 0, 7, date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 2)),
    ],
)  # clinical 4.11
def test_days_supply_run_out_and_deliver_by(
    start: date, quantity: int, per_day: int, on_hand: int, days: int, last: date, runs_out: date, deliver_by: date
) -> None:
    found = supply(start, quantity, per_day, on_hand)

    assert (found.days, found.last_dose_day, found.run_out) == (days, last, runs_out)
    assert due(found.run_out, DeliveryCalendar()).deliver_by == deliver_by
    # The same by the calendar of the order: the day of the first dose that nothing is there for.
    regimen = Regimen(Pattern.INTERVAL, start, start + timedelta(days=30), Decimal(1), "g", Decimal(24) / per_day)
    every = list(doses(regimen, time(8), CHICAGO))
    covered = {dose.key for dose in every[: quantity + on_hand]}
    assert run_out(every, covered, datetime.combine(start, time(0), CHICAGO)) == runs_out


@pytest.mark.parametrize(
    ("runs_out", "deliver_by", "because"),
    [
        (date(2026, 11, 28), date(2026, 11, 25), "26 Nov 2026 is no delivery day (Thanksgiving Day)"),
        (date(2026, 12, 28), date(2026, 12, 24), "26 Dec 2026 is no delivery day (no deliveries on Saturday)"),
        (date(2026, 12, 26), date(2026, 12, 23), "24 Dec 2026 is no delivery day (closed early)"),
        (date(2027, 1, 3), date(2027, 1, 1), "Runs out on 3 Jan 2027"),
    ],
)
def test_a_holiday_moves_the_delivery_back_and_the_pharmacys_own_days_overrule_it(
    runs_out: date, deliver_by: date, because: str
) -> None:
    closed = {date(2026, 12, 24): "closed early"} if runs_out == date(2026, 12, 26) else {}
    calendar = DeliveryCalendar(DeliveryPolicy(), public_holidays("IL", (2026, 2027)), closed, {date(2027, 1, 1)})

    found = due(runs_out, calendar)

    assert found.deliver_by == deliver_by
    assert because in found.because
    assert (found.late_words(deliver_by), found.late_words(deliver_by + timedelta(days=3))) == ("", "late by 3 days")


def test_who_delivers_on_no_day_is_not_searched_for_ever() -> None:
    never = DeliveryCalendar(DeliveryPolicy(weekdays=()))
    assert never.on_or_before(date(2026, 3, 6)) == date(2026, 3, 6)
    assert public_holidays("nowhere", (2026,)) == public_holidays("", (2026,))
    assert public_holidays("il", (2026,)) == public_holidays("IL", (2026,))


def test_doses_leave_out_held_days_and_keep_the_hour_over_a_clock_change() -> None:
    regimen = Regimen(Pattern.INTERVAL, date(2026, 3, 6), date(2026, 3, 9), Decimal(1), "g", Decimal(12))

    found = list(doses(regimen, time(8), CHICAGO, {date(2026, 3, 7)}))

    # The clocks go forward in the night to the 8th: 08:00 stays 08:00 on the wall.
    assert [f"{one.at:%d %H %z}" for one in found] == [
        "06 08 -0600", "06 20 -0600", "08 08 -0500", "08 20 -0500", "09 08 -0500", "09 20 -0500",
    ]  # fmt: skip
    weekly = replace(regimen, pattern=Pattern.CYCLE, interval_hours=None, cycle_days=(1, 3), cycle_length=7)
    assert [one.on.day for one in doses(weekly, time(8), CHICAGO)] == [6, 8]


def test_what_was_missed_stays_missed_and_what_is_destroyed_is_due_again() -> None:
    regimen = Regimen(Pattern.INTERVAL, date(2026, 3, 2), date(2026, 3, 5), Decimal(1), "g", Decimal(24))
    every = list(doses(regimen, time(8), CHICAGO))
    on_the_third = datetime(2026, 3, 3, 12, tzinfo=CHICAGO)

    keys = [one.key for one in every]
    assert run_out(every, {keys[1]}, on_the_third) == date(2026, 3, 4), "the dose of the 2nd is past"
    assert run_out(every, {keys[1], keys[3]}, on_the_third) == date(2026, 3, 4)
    assert run_out(every, keys, on_the_third) is None


AT = datetime(2026, 3, 12, 8, tzinfo=CHICAGO)


@pytest.mark.parametrize(("until", "is_refused"), [(AT, False), (AT - timedelta(minutes=1), True), (AT + timedelta(days=1), False)])
def test_the_dose_may_begin_in_the_last_minute(until: datetime, is_refused: bool) -> None:
    assert (dose_refusal("B-1", until, AT) is not None) == is_refused
    assert dose_refusal("B-1", until, None) is None


@pytest.mark.parametrize(
    ("address", "is_box"),
    [
        ("P.O. Box 12, Springfield", True), ("PO BOX 9", True), ("p o box 7", True), ("Post Office Box 3", True), ("POB 44", True),
        ("12 Boxwood Lane", False), ("1 Pobst Street", False), ("Box Elder Road 3", False), ("", False),
    ],
)  # fmt: skip
def test_a_post_office_box_signs_for_nothing(address: str, is_box: bool) -> None:
    assert (address_refusal(address) is not None) == is_box


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (OrderStanding(7, 1, "held", "", "since 2 Mar 2026"), "Bag B-1 is of Rx 7, which is held since 2 Mar 2026."),
        (OrderStanding(7, 1, "discontinued", "", ""), "Bag B-1 is of Rx 7, which is discontinued."),
        (OrderStanding(7, 1, "verified", "replaced by version 2", ""), "version 1 of Rx 7, which was replaced by version 2."),
        (OrderStanding(7, 2, "verified", "", ""), None),
    ],
)
def test_a_bag_of_a_stopped_order_stays(standing: OrderStanding, told: str | None) -> None:
    found = order_refusal("B-1", standing)
    assert found is None if told is None else told in (found or "")


@pytest.mark.parametrize(
    ("bag", "told"),
    [
        (BagToSend("B-1", False, AT, None), "is not released"),
        (BagToSend("B-1", True, AT, "D-9"), "stands on ticket D-9"),
        (BagToSend("B-1", True, AT, None), "past its beyond-use date (12 Mar 2026 08:00)"),
        (BagToSend("B-1", True, AT + timedelta(minutes=1), None), None),
    ],
)
def test_a_bag_that_may_not_go(bag: BagToSend, told: str | None) -> None:
    found = bag_refusal(bag, AT)
    assert found is None if told is None else told in (found or "")


@pytest.mark.parametrize(
    ("place", "is_in_hospital", "told"),
    [
        ("own home", False, None), ("own home", True, "in the hospital"), (None, False, "No place of care"),
        ("skilled nursing facility", False, "which is no home"),
    ],
)  # fmt: skip
def test_where_nothing_goes(place: str | None, is_in_hospital: bool, told: str | None) -> None:
    found = place_refusal(place, is_in_hospital=is_in_hospital)
    assert found is None if told is None else told in (found or "")
    assert (status_refusal("deceased"), status_refusal("active")) == (
        "The patient is deceased. Nothing is packed or shipped.",
        None,
    )


SHIPPED, LEFT, DELIVERED = Happening.SHIPPED, Happening.LEFT, Happening.DELIVERED


@pytest.mark.parametrize(
    ("happened", "stands", "may"),
    [
        ([], State.PACKED, {SHIPPED, Happening.CANCELLED}),
        ([SHIPPED], State.ON_THE_ROAD, {LEFT, DELIVERED, Happening.REFUSED, Happening.RETURNED, Happening.CALLED}),
        (
            [SHIPPED, Happening.CALLED],
            State.ON_THE_ROAD,
            {LEFT, DELIVERED, Happening.REFUSED, Happening.RETURNED, Happening.CALLED},
        ),
        ([SHIPPED, LEFT], State.LEFT, {DELIVERED, Happening.REFUSED, Happening.RETURNED, Happening.CALLED}),
        ([SHIPPED, DELIVERED], State.CONFIRMED, {Happening.BROUGHT_BACK, Happening.DESTROYED}),
        ([SHIPPED, Happening.REFUSED], State.REFUSED, {Happening.DESTROYED}),
        ([SHIPPED, Happening.RETURNED, Happening.DESTROYED], State.RETURNED, {Happening.DESTROYED}),
        ([Happening.CANCELLED], State.CANCELLED, set()),
    ],
)
def test_where_a_ticket_stands_and_what_may_follow(happened: list[Happening], stands: State, may: set[Happening]) -> None:
    assert state(happened) is stands
    assert {one for one in Happening if refusal_of(one, stands) is None} == may


def test_before_it_is_packed_it_can_only_be_cancelled() -> None:
    now = state([], is_packed=False)
    assert now is State.PACKING
    assert [one for one in Happening if refusal_of(one, now) is None] == [Happening.CANCELLED]
    assert refusal_of(Happening.CALLED, now) == "A delivery that is being packed cannot be called about on the road."


@pytest.mark.parametrize(
    ("stands", "judge", "destroy", "work"),
    [
        (State.PACKING, False, False, Work.PACK), (State.PACKED, False, False, Work.SHIP),
        (State.ON_THE_ROAD, False, False, Work.CONFIRM), (State.LEFT, False, False, Work.CONFIRM),
        (State.CONFIRMED, True, True, Work.JUDGE), (State.CONFIRMED, False, True, Work.DESTROY),
        (State.CONFIRMED, False, False, None), (State.REFUSED, False, True, Work.DESTROY), (State.CANCELLED, False, False, None),
    ],
)  # fmt: skip
def test_what_a_ticket_waits_for(stands: State, judge: bool, destroy: bool, work: Work | None) -> None:
    assert work_of(stands, is_to_judge=judge, is_to_destroy=destroy) is work


COLD = ShipperFacts(UUID(int=1), "Box 12", 11, 4, Storage.REFRIGERATOR, Decimal(24), "study", "policy", "ZZTEST Rowan")


@pytest.mark.parametrize(
    ("shipper", "storages", "month", "told"),
    [
        (COLD, {Storage.REFRIGERATOR, Storage.CRT}, 1, None),
        (COLD, {Storage.REFRIGERATOR}, 12, None),
        (COLD, {Storage.REFRIGERATOR}, 7, "not for this season"),
        (replace(COLD, signed_by=""), {Storage.REFRIGERATOR}, 1, "is not signed by a pharmacist"),
        (COLD, {Storage.FREEZER}, 1, "qualified for refrigerator, not for freezer"),
        (replace(COLD, first_month=5, last_month=9), {Storage.REFRIGERATOR}, 5, None),
        (replace(COLD, first_month=5, last_month=9), {Storage.REFRIGERATOR}, 4, "not for this season"),
    ],
)
def test_a_shipper_is_for_its_season_and_its_temperature(
    shipper: ShipperFacts, storages: set[Storage], month: int, told: str | None
) -> None:
    found = shipper_refusal(shipper, storages, date(2026, month, 15))
    assert found is None if told is None else told in (found or "")


@pytest.mark.parametrize(
    ("storage", "low", "high", "outside"),
    [
        (Storage.REFRIGERATOR, "2", "8", ""), (Storage.REFRIGERATOR, "1.9", "8", "1.9 °C on"),
        (Storage.REFRIGERATOR, "1", "8.1", "1 °C and 8.1 °C on"), (Storage.REFRIGERATOR, None, "9", "9 °C on"),
        (Storage.FREEZER, "-25", "-10", ""), (Storage.FREEZER, "-20", "-9", "−9 °C on"),
        (Storage.CRT, "15", "30", ""), (Storage.CRT, "14", "31", "14 °C and 31 °C on"), (Storage.CRT, None, None, ""),
    ],
)  # fmt: skip
def test_what_is_outside_the_label(storage: Storage, low: str | None, high: str | None, outside: str) -> None:
    found = excursion(storage, Decimal(low) if low else None, Decimal(high) if high else None)
    assert found.startswith(outside) if outside else found == ""


def test_a_shipper_past_its_hours_is_an_excursion_too() -> None:
    assert hours_refusal(None, AT, AT + timedelta(days=9)) is None
    assert hours_refusal(Decimal(24), AT, AT + timedelta(hours=24)) is None
    told = hours_refusal(Decimal(24), AT, AT + timedelta(hours=25, minutes=30))
    assert told == "It was packed 25.5 hours before; its shipper is qualified for 24."


@pytest.mark.parametrize(
    ("schedules", "is_hazardous", "biologics", "told"),
    [
        (["", "CII"], False, [], "controlled drug (CII)"), (["CV"], False, [], "drug (CV)"), ([""], True, [], "hazardous"),
        ([""], False, ["IVIG"], "IVIG is a biologic"), ([""], False, [], None),
    ],
)  # fmt: skip
def test_what_is_never_left(schedules: list[str], is_hazardous: bool, biologics: list[str], told: str | None) -> None:
    found = leave_refusal(schedules, is_hazardous=is_hazardous, biologics=biologics)
    assert found is None if told is None else told in (found or "")


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        ("2026-03-02 09:30", "", "2026-03-02 15:30"),
        ("2026-03-02 09:30", "America/Denver", "2026-03-02 16:30"),
        ("2026-03-08 02:30", "", "it does not exist"),
        ("2026-03-08 02:30", "America/Phoenix", "2026-03-08 09:30"),
        ("2026-11-01 01:30", "", "shown twice"),
        ("2026-11-01 06:30", "UTC", "2026-11-01 06:30"),
        ("2026-11-01 02:00", "", "2026-11-01 08:00"),
        ("2026-11-01 02:00", "Mars/Base", "is no time zone"),
    ],
)
def test_a_devices_time_is_an_instant_or_nothing(wall: str, zone: str, instant: str) -> None:
    told = datetime.fromisoformat(wall)
    if not instant[0].isdigit():
        with pytest.raises(Refused, match=instant):
            instant_of(told, CHICAGO, zone)
        return
    assert instant_of(told, CHICAGO, zone) == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert instant_of(told.replace(tzinfo=UTC), CHICAGO, zone) == told.replace(tzinfo=UTC)


WHOLE = ProofFacts("ZZTEST Alder", "12 Alder Lane", 4, date(2026, 3, 2), True, "husband", "own driver", date(2026, 3, 2), "")


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (WHOLE, ()),
        (replace(WHOLE, address=" ", items=0), ("the delivery address", "the items with their quantity")),
        (replace(WHOLE, beneficiary="", delivered_on=None), ("the patient's name", "the day it was delivered")),
        (replace(WHOLE, signed=False, relation=""), ("a signature", "the relation of who signed")),
        (replace(WHOLE, signed=False, relation="", method="carrier", tracking="1Z"), ()),
        (replace(WHOLE, method="carrier", shipped_on=None), ("the day it was shipped", "the tracking number")),
    ],
)
def test_what_a_payer_misses(facts: ProofFacts, missing: tuple[str, ...]) -> None:
    assert proof_gaps(facts) == missing


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (png(), None), (b"%PDF-1.7\n%%EOF\n", None), (b"\xff\xd8\xff ... \xff\xd9", None), (b"", "empty"), (b"hello", "neither"),
        (png()[:-12], "cut off"), (b"%PDF-" + bytes(10 * 1024 * 1024), "more than 10 MB"),
    ],
)  # fmt: skip
def test_a_proof_is_a_whole_picture_or_paper(content: bytes, told: str | None) -> None:
    found = file_refusal(content)
    assert found is None if told is None else told in (found or "")


@pytest.mark.parametrize(
    ("schedules", "seen", "born", "told"),
    [
        ({""}, "", None, None), ({"CII"}, "", None, "which identity card"), ({"CII"}, "driver's license", None, "birth date"),
        ({"CII"}, "driver's license", date(2008, 3, 3), "an adult of 18"), ({"CII"}, "driver's license", date(2008, 3, 2), None),
    ],
)  # fmt: skip
def test_a_c_ii_is_handed_to_an_adult_whose_card_was_seen(
    schedules: set[str], seen: str, born: date | None, told: str | None
) -> None:
    found = ConfirmationDraft(adult_id=seen, born_on=born).adult_problem(schedules, date(2026, 3, 2))
    assert found is None if told is None else found is not None and told in found.sentence


def test_every_draft_says_what_is_missing() -> None:
    full = ConfirmationDraft("ZZTEST A", "wife", AT, "cold", low_c=Decimal(3), high_c=Decimal(2))
    wanted = {
        "received_by relation received_at condition": ConfirmationDraft().problems(),
        "low_c": full.problems(),
        "carrier tracking": ShipDraft("carrier").problems(),
        "where reason": LeftDraft().problems(),
        "spoke_with agreed": CallDraft().problems(),
        "how witness": DestructionDraft().problems(),
        "disposition because": JudgementDraft().problems(),
        "lead_days weekdays first_dose": CalendarDraft().problems(),
        "on is_open because": DayDraft().problems(),
        "name first_month last_month storage qualified_hours source": ShipperDraft().problems(),
        "": [
            *PackOutDraft().problems(), *ShipDraft().problems(), *replace(full, low_c=None).problems(),
            *CalendarDraft(0, ("Monday",), time(8)).problems(), *DayDraft(AT.date(), False, "inventory").problems(),
            *JudgementDraft("use", "the maker was called").problems(),
            *ShipperDraft("Box", 1, 12, "crt", Decimal(1), "study").problems(),
        ],
    }  # fmt: skip
    assert {" ".join(one.field for one in found) for found in wanted.values()} == set(wanted)
    assert full.signature_problem("own driver") is not None
    assert full.signature_problem("carrier") is None
    assert replace(full, paper=KeptFile("x", b"")).signature_problem("own driver") is None


@pytest.mark.parametrize(
    ("content", "low", "high", "words"),
    [
        (b"Time,Temp (C)\n1,3.1\n2,7.44\n", "3.1", "7.4", "logger, 2 readings"),
        (b"\xef\xbb\xbfserial;x\nZeit;Temperature \xc2\xb0F\n1;40\n2;\n3;50\n", "4.4", "10.0", "logger, 2 readings, 1 gap"),
        (b"t\ttemperature\n1\t-3,5\n", "-3.5", "-3.5", "logger, 1 reading, taken as °C"),
        ("Time,\N{DEGREE SIGN}C\n1,5\n".encode("cp1252"), "5.0", "5.0", "logger, 1 reading"),
    ],
)
def test_a_loggers_file_is_read_with_its_gaps(content: bytes, low: str, high: str, words: str) -> None:
    found = read_logger(content)
    assert (str(found.low), str(found.high), found.words) == (low, high, words)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no column"),
        (b"Time,Humidity\n1,40\n", "no column"),
        (b"Time,Temp\n1,\n", "no temperature"),
        (b"a,Temp\n1,900\n", "900"),
    ],
)
def test_a_file_without_temperatures_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read_logger(content)


def test_the_shipped_tables_are_read() -> None:
    assert "immune globulin" in biologic_therapies()
