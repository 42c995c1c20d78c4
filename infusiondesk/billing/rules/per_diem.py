"""Which days of which therapy are a per diem, in what rank, and what holds them (billing 2.1 to 2.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from infusiondesk.billing.rules.authorizations import draw
from infusiondesk.billing.rules.codes import CodeChoice, catheter_code, choose_code, conflicts, is_ranked, plain, volume_code
from infusiondesk.billing.rules.days import Claim, DayStatus, LedgerDay
from infusiondesk.billing.rules.facts import Case, Catheter, TherapyClass, days
from infusiondesk.billing.rules.holds import Held, Hold
from infusiondesk.billing.rules.hospital import HospitalDay, hospital_day
from infusiondesk.billing.rules.profile import CatheterCare, DayBasis, PayerKind, PayerProfile, RankBy, Site
from infusiondesk.billing.rules.reference import Reference
from infusiondesk.billing.rules.schedule import Course, never_a_per_diem
from infusiondesk.billing.rules.slots import Slot, one_fee, slots_on, volume_on

# An order renewed once a year has no more hours than this (365 days and a day of grace): more is a slip of the pen.
_MOST_HOURS = Decimal(24 * 366)


@dataclass(frozen=True, slots=True)
class PerDiems:
    """The claims of every day, the cells of the days without one, and the cells of catheter care."""

    claims: tuple[Claim, ...]
    idle: Mapping[tuple[str, date], LedgerDay]
    idle_catheter: Mapping[date, LedgerDay]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One slot of one day with what decides whether it counts."""

    slot: Slot
    hospital: HospitalDay
    counts: bool
    because: tuple[str, ...]
    source: str
    choice: CodeChoice


class _Days:
    """The decisions of one case under one profile; built once, asked day by day."""

    def __init__(self, case: Case, courses: Sequence[Course], profile: PayerProfile, reference: Reference) -> None:
        self.case = case
        self.profile = profile
        self.reference = reference
        self.by_fee = profile.payer_kind is PayerKind.MEDICAID_DAILY_FEE
        self.basis = DayBasis.ACCESS if self.by_fee else profile.day_basis
        self.hours = {course.order.id: self._hours_days(course) for course in courses if self.basis is DayBasis.HOURS}
        self.courses = [self._as_long_as_it_ran(course) for course in courses]
        open_days = sorted({day for course in self.courses for day in days(course.first, course.last)})
        self.slots = {day: self._slots(day) for day in open_days}
        self.volumes = self._volume_choices()
        self.visits = frozenset(visit.on for visit in case.visits)

    def _hours_days(self, course: Course) -> tuple[frozenset[date], Hold | None]:
        """HOURS: max(1, floor(hours / 24)) days from the start day on, hospital days left out (billing 2.2)."""
        stated, hold = course.order.infusion_hours, None
        if stated is None and course.order.continuous:
            hours = Decimal(24 * ((course.last - course.first).days + 1))
        elif stated is not None and 0 < stated <= _MOST_HOURS:
            hours = stated
        else:
            said = "not stated" if stated is None else f"{plain(stated)}, which is no length of an infusion"
            hold = Hold(Held.PAYER_RULE_REQUIRED, f"the total infusion hours are {said}", "billing 2.2")
            hours = Decimal(0)
        units = max(1, int(hours // 24))
        in_hospital = sum((stay.discharged_on - stay.admitted_on).days + 1 for stay in self.case.stays if stay.discharged_on)
        end = min(course.first.toordinal() + units + in_hospital, (course.replaced_on or date.max).toordinal())
        span = (date.fromordinal(number) for number in range(course.first.toordinal(), end))
        counted = [day for day in span if not hospital_day(day, self.case.stays, self.profile).excluded]
        return frozenset(counted[:units]), hold

    def _as_long_as_it_ran(self, course: Course) -> Course:
        """Under HOURS an infusion may run on after the day of its last ordered dose."""
        if self.basis is not DayBasis.HOURS or course.weekly:
            return course
        counted, _ = self.hours[course.order.id]
        return replace(course, last=max(course.last, *counted)) if counted else course

    def _slots(self, day: date) -> list[Slot]:
        found = slots_on(day, self.courses)
        return one_fee(day, found) if self.by_fee else found

    def _volume_choices(self) -> dict[tuple[TherapyClass, date], CodeChoice]:
        """X9: the sum of the day; a day without an infusion takes the code of the infusion day before, at the start of the next."""
        choices: dict[tuple[TherapyClass, date], CodeChoice] = {}
        waiting: dict[TherapyClass, list[date]] = {}
        before: dict[TherapyClass, CodeChoice] = {}
        for day, slots in self.slots.items():
            for slot in slots:
                family = slot.family
                if family is None:
                    continue
                if any(day in course.due for course in slot.members):
                    before[family] = volume_code(family, volume_on(slot, day, self.profile))
                    choices |= {(family, early): before[family] for early in waiting.pop(family, [])}
                if family in before:
                    choices[family, day] = before[family]
                else:
                    waiting.setdefault(family, []).append(day)
        choices |= {(family, day): volume_code(family, None) for family, early in waiting.items() for day in early}
        return choices

    def choice(self, slot: Slot, day: date) -> CodeChoice:
        """The code of a slot on a day; a code that is not in force that day waits for the payer."""
        if self.by_fee:
            return self._fee()
        chosen = choose_code(slot.carrier.order, self.profile) if slot.family is None else self.volumes[slot.family, day]
        life = self.reference.codes.get(chosen.code) if chosen.code is not None else None
        if life is not None and not life.in_force(day):
            sentence = f"{chosen.code} is not in force on this day"
            return replace(chosen, holds=(*chosen.holds, Hold(Held.PAYER_RULE_REQUIRED, sentence, "billing 1.5")))
        return chosen

    def _fee(self) -> CodeChoice:
        code = self.profile.daily_fee_code
        if code is not None:
            return CodeChoice(code, f"the state's fee code {code}, one unit per day with an open therapy", "billing 3.4")
        hold = Hold(Held.PAYER_RULE_REQUIRED, "the payer profile names no daily fee code", "billing 2.6")
        return CodeChoice(None, "one unit per day with an open therapy", "billing 3.4", (hold,))

    def asked(self, slot: Slot, day: date) -> _Asked:
        """Whether a slot counts on a day, nursing days aside."""
        hospital = hospital_day(day, self.case.stays, self.profile)
        counts, sentence, source = self._counts(slot, day)
        if self.by_fee and day in self.case.outpatient_infusion_dates:
            counts, sentence, source = False, "an infusion was received in a hospital outpatient department", "billing 3.4"
        because = tuple(filter(None, (hospital.because, sentence)))
        return _Asked(slot, hospital, counts and not hospital.excluded, because, source, self.choice(slot, day))

    def _counts(self, slot: Slot, day: date) -> tuple[bool, str | None, str]:
        if slot.weekly:
            given = slot.is_infused(day)
            sentence = "one unit per infusion day, outside the per-diem structure" if given else "no infusion on this day"
            return given, f"dosed less often than every 72 h: {sentence}", "billing 2.2"
        if self.basis is DayBasis.ACCESS:
            return True, None, "billing 2.2"
        if self.basis is DayBasis.HOURS:
            counted = any(day in self.hours[course.order.id][0] for course in slot.members)
            return counted, "HOURS: whole 24 h of infusion, dated from the start day", "billing 2.2"
        given = slot.is_infused(day)
        return given, f"{self.basis}: {'an' if given else 'no'} infusion started or ran on this day", "billing 2.2"

    def nursed(self, asked: list[_Asked], day: date) -> list[_Asked]:
        """INFUSED_OR_NURSED: a visit without any infusion goes to the highest-ranked open therapy only (billing 2.2)."""
        if self.basis is not DayBasis.INFUSED_OR_NURSED or day not in self.visits or any(one.slot.is_infused(day) for one in asked):
            return asked
        may = [one for one in asked if not one.slot.weekly and not one.hospital.excluded]
        if not may:
            return asked
        drafts = [_claim(one, day, self.profile) for one in may]
        first = may[min(range(len(drafts)), key=lambda place: _standing(drafts[place], self.profile))]
        sentence = "INFUSED_OR_NURSED: a nursing visit without an infusion counts for the highest-ranked open therapy"
        return [replace(one, counts=True, because=(sentence,)) if one is first else one for one in asked]

    def holds(self, one: _Asked, day: date) -> list[Hold]:
        """What holds a claim by itself: its code, its hours, its missing rate."""
        found = list(one.choice.holds)
        if self.basis is DayBasis.HOURS and not one.slot.weekly:
            hours_hold = self.hours[one.slot.carrier.order.id][1]
            found += [hours_hold] if hours_hold is not None else []
        return [*found, *rate_hold(one.choice.code, self.profile.rate_on(one.choice.code, day))]

    def catheter_care(self, catheter: Catheter, day: date) -> Claim | LedgerDay:
        """Catheter care of one day: only where it stands alone (billing 2.3)."""
        source = "billing 2.3"
        if self.by_fee or self.profile.catheter_care is CatheterCare.NEVER:
            return LedgerDay(day, DayStatus.NOT_COVERED, ("this payer pays no catheter care of its own",), (source,))
        open_one = next((slot for slot in self.slots.get(day, []) if not slot.weekly or slot.is_infused(day)), None)
        if open_one is not None:
            order = open_one.carrier.order
            sentence = f"not alone: {order.id} ({order.drug}) is open, and its per diem includes the catheter's care"
            return LedgerDay(day, DayStatus.NOT_COVERED, (sentence,), (source,))
        hospital = hospital_day(day, self.case.stays, self.profile, line_care=True)
        if hospital.excluded:
            return LedgerDay(day, DayStatus.INPATIENT, (hospital.because,), ("billing 2.4",))
        choice = catheter_code(catheter)
        said = tuple(filter(None, (f"catheter care stands alone: {choice.because}", hospital.because)))
        key = ("catheter", catheter.device.value)
        usd = self.profile.rate_on(choice.code, day)
        draft = Claim(day, key, None, (), len(self.courses), catheter.first, choice.code, usd, said, (source, choice.source))
        return draft.held(*rate_hold(choice.code, usd))


def rate_hold(code: str | None, usd: Decimal | None) -> list[Hold]:
    """A code without a contracted rate is held; without a code there is nothing to price."""
    if code is None or usd is not None:
        return []
    return [Hold(Held.RATE_MISSING, f"the contract names no rate for {code}", "billing 2.1")]


def per_diems(case: Case, courses: Sequence[Course], profile: PayerProfile, reference: Reference) -> PerDiems:
    """Every day of every therapy and of catheter care: claimed, or idle with the reason."""
    ledger = _Days(case, courses, profile, reference)
    claims: list[Claim] = []
    idle = _replaced(courses)
    for day, slots in ledger.slots.items():
        asked = ledger.nursed([ledger.asked(slot, day) for slot in slots], day)
        claims += _ranked([_claim(one, day, profile).held(*ledger.holds(one, day)) for one in asked if one.counts], profile)
        for one in asked:
            idle |= _idle(one, day)
    for course in ledger.courses:
        if never_a_per_diem(course.order):
            sentence = "flushing a device is inside the per diem and never one of its own (X8)"
            cell = (DayStatus.NOT_COVERED, (sentence,), ("billing 1.6", "billing 2.3"))
            idle |= {(course.order.id, day): LedgerDay(day, *cell) for day in days(course.first, course.last)}
    idle_catheter: dict[date, LedgerDay] = {}
    # Of two devices in place on a day, one is cared for by the per diem: the first listed.
    devices = {day: device for device in reversed(case.catheters) for day in days(device.first, device.last)}
    for day, device in sorted(devices.items(), key=lambda item: item[0]):
        care = ledger.catheter_care(device, day)
        if isinstance(care, Claim):
            claims.append(care)
        else:
            idle_catheter[day] = care
    return PerDiems(_authorized(claims, case, profile), idle, idle_catheter)


def _replaced(courses: Sequence[Course]) -> dict[tuple[str, date], LedgerDay]:
    cells = {}
    for course in courses:
        if course.replaced_on is not None:
            said = (f"replaced by the later order of its group from {course.replaced_on}",)
            for day in days(max(course.first, course.replaced_on), course.order.stop):
                cells[course.order.id, day] = LedgerDay(day, DayStatus.NOT_COVERED, said, ("billing 2.4",))
    return cells


def _idle(one: _Asked, day: date) -> dict[tuple[str, date], LedgerDay]:
    """The cells of the orders of a slot that carry no claim that day."""
    said = dict(one.slot.absorbed)
    if not one.counts:
        status = DayStatus.INPATIENT if one.hospital.excluded else DayStatus.NOT_COVERED
        because = (one.hospital.because,) if one.hospital.excluded else one.because
        source = "billing 2.4" if one.hospital.excluded else one.source
        return {(course.order.id, day): LedgerDay(day, status, because, (source,)) for course in one.slot.members}
    return {(order, day): LedgerDay(day, DayStatus.NOT_COVERED, (why,), ("billing 2.1",)) for order, why in said.items()}


def _claim(one: _Asked, day: date, profile: PayerProfile) -> Claim:
    order = one.slot.carrier.order
    return Claim(
        day=day,
        key=one.slot.key,
        order_id=order.id,
        members=tuple(course.order.id for course in one.slot.members),
        place=one.slot.carrier.index,
        began=one.slot.began,
        code=one.choice.code,
        usd_per_unit=profile.rate_on(one.choice.code, day),
        because=(f"{order.drug}: {one.choice.because}", *one.because),
        sources=(one.choice.source, one.source),
        warning=one.choice.warning,
        weekly=one.slot.weekly,
        site=order.site,
        modifiers=("SS",) if order.site is Site.INFUSION_SUITE else (),
    )


def _standing(claim: Claim, profile: PayerProfile) -> tuple[bool, bool, Decimal | int, date, str, int]:
    """The order of the therapies of a day: by rate, tie earlier start, then lower code; no rate ranks last (billing 2.1)."""
    usd = claim.usd_per_unit
    worth = -usd if usd is not None and profile.rank_by is RankBy.RATE else 0
    return not is_ranked(claim.code, profile), usd is None, worth, claim.began, claim.code or "", claim.place


def _ranked(claims: Sequence[Claim], profile: PayerProfile) -> list[Claim]:
    """The claims of one day with their conflicts, ranks and modifiers; a held claim keeps its rank."""
    held = [claim.held(*holds) for claim, holds in zip(claims, conflicts([claim.code for claim in claims]), strict=True)]
    standing = [claim for claim in held if not claim.weekly and is_ranked(claim.code, profile)]
    standing.sort(key=lambda claim: _standing(claim, profile))
    order = ", ".join(_priced(claim) for claim in standing)
    done = [claim for claim in held if claim not in standing]
    for rank, claim in enumerate(standing):
        modifier = (None, profile.modifier_second, profile.modifier_third)[min(rank, 2)]
        concurrency = () if modifier is None else (modifier, "59") if profile.append_modifier_59 else (modifier,)
        ranked = replace(claim, rank=rank, modifiers=(*concurrency, *claim.modifiers))
        if len(standing) > 1:
            ranked = ranked.says(f"ranked {rank + 1} of {len(standing)} by {profile.rank_by}: {order}", "billing 2.1")
        done.append(ranked)
    return done


def _priced(claim: Claim) -> str:
    return f"{claim.code or 'no code'} ({'no rate' if claim.usd_per_unit is None else plain(claim.usd_per_unit)})"


def _authorized(claims: Sequence[Claim], case: Case, profile: PayerProfile) -> tuple[Claim, ...]:
    in_turn = sorted(claims, key=lambda claim: (claim.day, claim.rank is None, claim.rank or 0, claim.place))
    grants = draw([(claim.day, claim.code) for claim in in_turn], case.authorizations, profile)
    done = []
    for claim, grant in zip(in_turn, grants, strict=True):
        granted = replace(claim, authorization=grant.number)
        if grant.because is not None:
            granted = granted.says(grant.because, "billing 2.7")
        done.append(granted if grant.hold is None else granted.held(grant.hold))
    return tuple(done)
