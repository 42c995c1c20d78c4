"""Who counts as one therapy on a day: a bag, a volume family, one drug (billing 2.1, 2.4, 1.6 X9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from infusiondesk.billing.rules.codes import VOLUME_FAMILIES
from infusiondesk.billing.rules.facts import TherapyClass
from infusiondesk.billing.rules.profile import PayerProfile
from infusiondesk.billing.rules.schedule import Course, Key, never_a_per_diem

_LIPIDS = ("lipid", "fat emulsion", "omegaven", "clinolipid", "nutrilipid")


@dataclass(frozen=True, slots=True)
class Slot:
    """One therapy of one day as the payer sees it: who carries the line, and who is counted with it and why."""

    key: Key
    carrier: Course
    members: tuple[Course, ...]
    began: date
    absorbed: tuple[tuple[str, str], ...] = ()

    @property
    def weekly(self) -> bool:
        """True for a therapy outside the per-diem structure."""
        return self.carrier.weekly

    @property
    def family(self) -> TherapyClass | None:
        """The volume family of the slot, if it has one."""
        found = self.carrier.order.therapy_class
        return found if found in VOLUME_FAMILIES else None

    def is_infused(self, day: date) -> bool:
        """True when any order of the slot was infused that day."""
        return any(course.is_infused(day) for course in self.members)


def slots_on(day: date, courses: Iterable[Course]) -> list[Slot]:
    """The therapies of one day, in the order of the question; flushes are none."""
    live = [course for course in courses if course.is_open(day) and not never_a_per_diem(course.order)]
    return _one_per_drug(_one_per_family(day, _one_per_bag(live)))


def _one_per_bag(live: Sequence[Course]) -> list[Slot]:
    bags: dict[Key, list[Course]] = {}
    for course in live:
        bags.setdefault(course.key, []).append(course)
    slots = []
    for key, members in bags.items():
        first = members[0]
        reason = f"mixed in the bag of {first.order.id} ({first.order.drug}) and counted there"
        absorbed = tuple((course.order.id, reason) for course in members[1:])
        slots.append(Slot(key, first, tuple(members), min(course.began for course in members), absorbed))
    return slots


def _one_per_family(day: date, slots: Sequence[Slot]) -> list[Slot]:
    """At most one volume code of a family per day (X9): the orders of a family are one therapy."""
    merged: list[Slot] = [slot for slot in slots if slot.family is None]
    for family in VOLUME_FAMILIES:
        kin = [slot for slot in slots if slot.family is family]
        if kin:
            carrier = min(kin, key=lambda slot: (slot.weekly, _is_lipid(slot.carrier), not slot.is_infused(day)))
            merged.append(_merge(("family", family.value), carrier, kin, "counted in the volume of"))
    return sorted(merged, key=lambda slot: slot.carrier.index)


def _one_per_drug(slots: Sequence[Slot]) -> list[Slot]:
    """Never two codes of one family on one day for one drug: the later order has the day (billing 2.4)."""
    kept: list[Slot] = []
    for slot in slots:
        twin = next((other for other in kept if _same_drug(slot, other)), None)
        if twin is None:
            kept.append(slot)
            continue
        later = max(twin, slot, key=lambda one: (one.carrier.order.start, one.carrier.index))
        kept[kept.index(twin)] = _merge(later.key, later, [twin, slot], "one drug has one code a day, that of the later order")
    return kept


def one_fee(day: date, slots: Sequence[Slot]) -> list[Slot]:
    """One fee per day with an open therapy, however many (3.4 c); a weekly therapy opens only its infusion days."""
    paying = [slot for slot in slots if not slot.weekly or slot.is_infused(day)]
    resting = [slot for slot in slots if slot not in paying]
    return [_merge(("fee", "daily"), paying[0], paying, "one fee a day, carried by"), *resting] if paying else resting


def _same_drug(slot: Slot, other: Slot) -> bool:
    one, two = slot.carrier.order, other.carrier.order
    daily = not slot.weekly and not other.weekly and slot.family is None
    return daily and one.therapy_class is two.therapy_class and one.drug == two.drug


def _merge(key: Key, carrier: Slot, kin: Sequence[Slot], why: str) -> Slot:
    members = sorted((course for slot in kin for course in slot.members), key=lambda course: course.index)
    before = tuple(pair for slot in kin for pair in slot.absorbed)
    reason = f"{why} {carrier.carrier.order.id} ({carrier.carrier.order.drug})"
    now = tuple((slot.carrier.order.id, reason) for slot in kin if slot is not carrier)
    return replace(carrier, key=key, members=tuple(members), began=min(slot.began for slot in kin), absorbed=before + now)


def is_piggyback_lipid(course: Course, members: Sequence[Course]) -> bool:
    """A lipid hung apart from the nutrition bag; in one bag with it, it is all-in-one."""
    return _is_lipid(course) and not any(
        not _is_lipid(other) and course.order.bag is not None and other.order.bag == course.order.bag for other in members
    )


def _is_lipid(course: Course) -> bool:
    return course.order.therapy_class is TherapyClass.TPN and any(word in course.order.drug for word in _LIPIDS)


def volume_on(slot: Slot, day: date, profile: PayerProfile) -> Decimal | None:
    """The sum of the volumes of the family prescribed for the day (X9, 1.3); None where none of its orders states one."""
    kin = [course for course in slot.members if course.order.therapy_class is slot.family and day in course.due]
    if not profile.count_piggyback_lipid:
        kin = [course for course in kin if not is_piggyback_lipid(course, slot.members)] or kin
    stated = [course.order.volume_l for course in kin if course.order.volume_l is not None]
    return sum(stated, Decimal(0)) if stated else None
