"""What must hold of every ledger: units equal spans, nothing twice or lost, one first therapy a day, no hospital day billed."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from infusiondesk.billing.exchange import shipped_reference
from infusiondesk.billing.rules.codes import INFUSIONS
from infusiondesk.billing.rules.days import DayStatus
from infusiondesk.billing.rules.facts import (
    Authorization,
    Case,
    Catheter,
    Delivery,
    DeviceKind,
    Dose,
    DoseUnit,
    HospitalStay,
    Therapy,
    TherapyClass,
    Visit,
    days,
)
from infusiondesk.billing.rules.hospital import dosed_at_home
from infusiondesk.billing.rules.ledger import Ledger, keep_ledger
from infusiondesk.billing.rules.profile import (
    DayBasis,
    DrugRounding,
    FallbackCode,
    HospitalDate,
    ModifierScope,
    PayerProfile,
    RankBy,
    Rate,
)

REFERENCE = shipped_reference()
NEW_YEAR = date(2025, 12, 20)
DRUGS = ["cefazolin", "vancomycin", "ertapenem", "milrinone", "privigen", "gentamicin", "zztestomycin"]
CODES = sorted(code for code in REFERENCE.codes if code.startswith(("S9", "S5")))
near = st.integers(0, 45).map(lambda number: NEW_YEAR + timedelta(days=number))


@st.composite
def therapies(draw: st.DrawFn, name: str) -> Therapy:
    start = draw(near)
    return Therapy(
        id=name,
        drug=draw(st.sampled_from(DRUGS)),
        therapy_class=draw(st.sampled_from(TherapyClass)),
        start=start,
        stop=start + timedelta(days=draw(st.integers(0, 25))),
        interval_hours=draw(st.none() | st.sampled_from([4, 6, 8, 12, 16, 24, 36, 48, 72, 96, 168]).map(Decimal)),
        weekdays=draw(st.just(frozenset[int]()) | st.frozensets(st.integers(0, 6), min_size=1)),
        continuous=draw(st.booleans()),
        volume_l=draw(st.none() | st.decimals("0.2", "3.5", places=1)),
        infusion_hours=draw(st.none() | st.integers(1, 100).map(Decimal)),
        delivery=draw(st.none() | st.sampled_from(Delivery)),
        order_group=draw(st.none() | st.sampled_from(["g", "h"])),
        bag=draw(st.none() | st.sampled_from(["x", "y"])),
        dose=draw(st.none() | st.builds(Dose, st.integers(1, 3000).map(Decimal), st.sampled_from(DoseUnit))),
        containers=draw(st.integers(0, 9)),
        on_hold=draw(st.frozensets(near, max_size=3)),
        not_given=draw(st.frozensets(near, max_size=3)),
    )


@st.composite
def stays(draw: st.DrawFn) -> HospitalStay:
    admitted = draw(near)
    discharged = draw(st.none() | st.integers(0, 9).map(lambda number: admitted + timedelta(days=number)))
    return HospitalStay(admitted, discharged, *draw(st.tuples(*[st.booleans()] * 4)))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    orders = tuple(draw(therapies(f"T{number}")) for number in range(draw(st.integers(0, 5))))
    catheters = draw(
        st.lists(st.builds(Catheter, st.sampled_from(DeviceKind), st.none() | st.integers(0, 3), near, near), max_size=2)
    )
    allowed = st.builds(Authorization, st.sampled_from("PQR"), st.sampled_from(CODES), near, near, st.integers(0, 20))
    return Case(
        therapies=orders,
        stays=tuple(draw(st.lists(stays(), max_size=3))),
        catheters=tuple(catheters),
        authorizations=tuple(draw(st.lists(allowed, max_size=4))),
        visits=tuple(draw(st.lists(st.builds(Visit, near, st.integers(0, 400).map(Decimal)), max_size=6))),
    )


@st.composite
def profiles(draw: st.DrawFn) -> PayerProfile:
    rated = draw(st.sets(st.sampled_from(CODES)) | st.just(set(CODES)))
    return PayerProfile(
        day_basis=draw(st.sampled_from(DayBasis)),
        admit_day=draw(st.sampled_from(HospitalDate)),
        discharge_day=draw(st.sampled_from(HospitalDate)),
        unlisted_interval_code=draw(st.sampled_from(FallbackCode)),
        rates=tuple(Rate(code, Decimal(draw(st.integers(0, 3)))) for code in sorted(rated)),
        rank_by=draw(st.sampled_from(RankBy)),
        modifier_scope=draw(st.sampled_from(ModifierScope)),
        all_need_authorization=draw(st.booleans()),
        split_month=draw(st.booleans()),
        min_span_days=draw(st.integers(1, 8)),
        drug_rounding=draw(st.sampled_from(DrugRounding)),
        max_99602_per_day=draw(st.none() | st.integers(0, 3)),
        max_nursing_hours_per_week=draw(st.none() | st.integers(0, 12).map(Decimal)),
    )


def claimed(ledger: Ledger) -> set[tuple[str | None, date]]:
    """Every therapy and day (None: catheter care) that stands on a line by its cell."""
    on = (DayStatus.BILLABLE, DayStatus.HELD)
    found: set[tuple[str | None, date]] = {key for key, cell in ledger.days.items() if cell.status in on}
    return found | {(None, day) for day, cell in ledger.catheter_days.items() if cell.status in on}


@given(cases(), profiles())
@settings(max_examples=80, deadline=None)
def test_units_equal_spans_and_nothing_is_billed_twice_or_lost(case: Case, profile: PayerProfile) -> None:
    ledger = keep_ledger(case, profile, REFERENCE)
    for line in ledger.lines:
        assert line.units == (line.last - line.first).days + 1
        assert not profile.split_month or (line.first.year, line.first.month) == (line.last.year, line.last.month)
    on_lines = Counter((line.key, day) for line in ledger.lines for day in days(line.first, line.last))
    assert all(count == 1 for count in on_lines.values())
    assert sum(line.units for line in ledger.lines) == len(claimed(ledger))
    held = sum(line.units for line in ledger.lines if line.held_because)
    cells = [*ledger.days.values(), *ledger.catheter_days.values()]
    assert held == sum(cell.status is DayStatus.HELD for cell in cells)
    assert all(cell.because and cell.sources for cell in cells)


@given(cases(), profiles())
@settings(max_examples=80, deadline=None)
def test_exactly_one_ranked_line_of_a_day_is_unmodified(case: Case, profile: PayerProfile) -> None:
    ledger = keep_ledger(case, profile, REFERENCE)
    ranks: dict[date, list[tuple[int, str]]] = {}
    for (_, day), cell in ledger.days.items():
        if cell.rank is not None:
            ranks.setdefault(day, []).append((cell.rank, " ".join(cell.modifiers)))
            assert profile.modifier_scope is ModifierScope.ALL_PER_DIEMS or cell.code in INFUSIONS
        else:
            assert cell.modifiers == ()
    for standing in ranks.values():
        assert [modifier for _, modifier in sorted(standing)] == ["", "SH", *["SJ"] * len(standing)][: len(standing)]


@given(cases(), profiles())
@settings(max_examples=60, deadline=None)
def test_hospital_days_are_never_billed_under_never(case: Case, profile: PayerProfile) -> None:
    strict = replace(profile, admit_day=HospitalDate.NEVER, discharge_day=HospitalDate.NEVER)
    ledger = keep_ledger(case, strict, REFERENCE)
    for line in ledger.lines:
        for day in days(line.first, line.last):
            for stay in case.stays:
                inside = stay.admitted_on <= day and (stay.discharged_on is None or day <= stay.discharged_on)
                assert not inside or stay.admitted_on == stay.discharged_on


@given(cases(), profiles())
@settings(max_examples=60, deadline=None)
def test_authorized_units_are_never_overdrawn(case: Case, profile: PayerProfile) -> None:
    numbered = tuple(replace(one, number=f"P{place}") for place, one in enumerate(case.authorizations))
    ledger = keep_ledger(replace(case, authorizations=numbered), replace(profile, all_need_authorization=True), REFERENCE)
    for authorization in numbered:
        lines = [line for line in ledger.lines if line.authorization == authorization.number]
        assert sum(line.units for line in lines) <= authorization.units
        assert all(line.code == authorization.code for line in lines)
        assert all(authorization.first <= line.first and line.last <= authorization.last for line in lines)
    for line in ledger.lines:
        assert line.authorization is not None or line.held_because is not None


@given(cases(), profiles())
@settings(max_examples=60, deadline=None)
def test_drug_lines_begin_and_end_on_dose_days_at_home(case: Case, profile: PayerProfile) -> None:
    ledger = keep_ledger(case, profile, REFERENCE)
    orders = {order.id: order for order in case.therapies}
    for line in ledger.drug_lines:
        order = orders[line.order_id]
        assert line.units > 0 and order.start <= line.first <= line.last <= order.stop
        assert all(dosed_at_home(day, case.stays) and day not in order.on_hold for day in (line.first, line.last))


@given(cases(), profiles(), near)
@settings(max_examples=60, deadline=None)
def test_what_is_planned_is_on_no_line_and_the_past_does_not_change(case: Case, profile: PayerProfile, today: date) -> None:
    whole = keep_ledger(case, profile, REFERENCE)
    until = keep_ledger(case, profile, REFERENCE, as_of=today)
    assert all(line.last <= today for line in until.lines) and all(line.last <= today for line in until.drug_lines)
    for key, cell in until.days.items():
        before = whole.days[key]
        if cell.status is DayStatus.PLANNED:
            assert key[1] > today and before.status in (DayStatus.BILLABLE, DayStatus.HELD)
        else:
            assert cell == before


@given(cases(), profiles())
@settings(max_examples=60, deadline=None)
def test_nursing_units_are_all_there_within_the_ceilings(case: Case, profile: PayerProfile) -> None:
    free = keep_ledger(case, replace(profile, max_99602_per_day=None, max_nursing_hours_per_week=None), REFERENCE).nursing_lines
    found = keep_ledger(case, profile, REFERENCE).nursing_lines
    assert sum(line.units for line in free) == sum(line.units for line in found)
    assert all(line.units > 0 for line in found)
    most = profile.max_99602_per_day
    sent = [line for line in found if line.held_because is None]
    assert most is None or all(line.units <= most for line in sent if line.code == "99602")
    hours: Counter[date] = Counter()
    for line in sent:
        hours[line.day - timedelta(days=line.day.isoweekday() % 7)] += line.units * (2 if line.code == "99601" else 1)
        assert line.code == "99601" or any(other.day == line.day and other.code == "99601" for other in sent)
    week = profile.max_nursing_hours_per_week
    assert week is None or all(used <= week for used in hours.values())
