"""The beyond-use date of a preparation: every limit that was considered, and the earliest of them (sterile 2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from infusiondesk.compounding.rules.containers import NAMES, Component, in_use_limit, spent_before
from infusiondesk.compounding.rules.limits import (
    Category,
    ContainerKind,
    Facility,
    Limits,
    Method,
    StartingComponents,
    SterilityTest,
    Storage,
)
from infusiondesk.compounding.rules.refusal import Refusal
from infusiondesk.compounding.rules.wall_clock import NEVER_CHANGED, WallClock, in_words

_CATEGORIES = {
    Category.IMMEDIATE_USE: "Immediate use",
    Category.ONE: "Category 1",
    Category.TWO: "Category 2",
    Category.THREE: "Category 3",
}
_PLACES = {
    Facility.CLEANROOM_SUITE: "a cleanroom suite",
    Facility.SCA: "a segregated compounding area",
    Facility.C_SCA: "a containment segregated compounding area",
    Facility.UNCLASSIFIED: "an unclassified area",
}
_COMPONENTS = {StartingComponents.STERILE_ONLY: "sterile components", StartingComponents.NONSTERILE: "a nonsterile component"}


@dataclass(frozen=True)
class Move:
    """The preparation goes to another storage; `stability_hours` is the drug's there, None where nobody knows."""

    at: datetime
    to: Storage
    stability_hours: Decimal | None = None


@dataclass(frozen=True)
class Preparation:
    """What a beyond-use date depends on. Instants are UTC; the limits run from the start of preparation (sterile 2.4)."""

    category: Category
    storage: Storage
    started_at: datetime
    facility: Facility | None = None
    stability_hours: Decimal | None = None
    method: Method = Method.ASEPTIC
    starting_components: StartingComponents = StartingComponents.STERILE_ONLY
    sterility_test: SterilityTest = SterilityTest.NONE
    sterile_products: int = 1
    cap_hours: Decimal | None = None
    components: Sequence[Component] = ()
    moves: Sequence[Move] = ()
    wall: WallClock = NEVER_CHANGED


@dataclass(frozen=True)
class Considered:
    """One limit that was looked at: its kind, the sentence that derives it, the instant, and the rule it rests on."""

    kind: str
    sentence: str
    at: datetime
    source: str


@dataclass(frozen=True)
class BeyondUse:
    """The date, the limit that set it, and every other one for whoever asks why."""

    governing: Considered
    considered: tuple[Considered, ...]
    wall: WallClock

    @property
    def beyond_use_at(self) -> datetime:
        """By when administration must have started (UTC)."""
        return self.governing.at

    @property
    def governed_by(self) -> str:
        """Kind of the limit that set the date."""
        return self.governing.kind

    @property
    def because(self) -> tuple[str, ...]:
        """One sentence for each limit, then the one that governs."""
        shown = self.wall.shown(self.beyond_use_at)
        last = f"The earliest of them governs ({self.governed_by.replace('_', ' ')}): {shown}."
        return (*(limit.sentence for limit in self.considered), last)

    @property
    def sources(self) -> tuple[str, ...]:
        """The rules behind it, each once."""
        return tuple(dict.fromkeys(limit.source for limit in self.considered))


def beyond_use_date(preparation: Preparation, limits: Limits) -> BeyondUse | Refusal:
    """Find the earliest of all limits, or say which rule allows no date at all.

    Of several refusals the first in this order is given: category and facility, test, storage, components, stability, moves.
    """
    wall, start = preparation.wall, preparation.started_at
    refused = _category_and_facility(preparation, limits) or _sterility_test(preparation)
    if refused:
        return refused
    table = _table_limit(preparation, limits, preparation.storage, start)
    if isinstance(table, Refusal):
        return replace(table, field="storage")
    spent = _first_unusable_component(preparation, limits)
    if spent:
        return spent
    if preparation.stability_hours is None:
        text = f"Stability in the storage asked for ({preparation.storage}) is unknown: no beyond-use date, not the table's."
        return Refusal("stability_unknown", "stability_hours", text, "sterile 2.4")
    considered = [table, _counted("stability", "Stability from the start", start, preparation.stability_hours, wall)]
    for component in preparation.components:
        if component.expires_on:
            at = wall.end_of(component.expires_on)
            sentence = f"{component.name} expires {component.expires_on}: {wall.shown(at)}."
            considered.append(Considered("component_expiry", sentence, at, "sterile 2.4"))
    for component in preparation.components:
        if component.beyond_use_at:
            at = component.beyond_use_at
            sentence = f"Beyond-use date of {component.name}: {wall.shown(at)}."
            considered.append(Considered("component_bud", sentence, at, "sterile 2.4"))
    if preparation.cap_hours is not None:
        considered.append(_counted("cap", "State, payer or policy cap from the start", start, preparation.cap_hours, wall))
    return _after_moves(preparation, limits, considered)


def home_addition(
    original: datetime, added_at: datetime, *, stability_hours: Decimal | None, limits: Limits, wall: WallClock
) -> BeyondUse | Refusal:
    """The second limit of one bag to which a vitamin or insulin is added at home (sterile 2.4)."""
    if added_at > original:
        text = f"The bag's beyond-use date {wall.shown(original)} had passed before the addition at {wall.shown(added_at)}."
        return Refusal("component_past_bud", "added_at", text, "sterile 2.4")
    considered = [
        Considered("bag", f"The bag's own beyond-use date: {wall.shown(original)}.", original, "sterile 2.4"),
        _counted("addition", "From the addition at home", added_at, limits.home_addition_hours, wall),
    ]
    if stability_hours is not None:
        considered.append(_counted("stability", "Stability from the addition", added_at, stability_hours, wall))
    return _earliest(considered, wall)


def _earliest(considered: Sequence[Considered], wall: WallClock) -> BeyondUse:
    return BeyondUse(min(considered, key=lambda limit: limit.at), tuple(considered), wall)


def _counted(kind: str, what: str, anchor: datetime, hours: Decimal, wall: WallClock, source: str = "sterile 2.4") -> Considered:
    at = wall.later(anchor, hours)
    return Considered(kind, f"{what}: {in_words(hours)} = {wall.shown(at)}.", at, source)


def _category_and_facility(preparation: Preparation, limits: Limits) -> Refusal | None:
    category, facility = preparation.category, preparation.facility
    if category is Category.IMMEDIATE_USE and preparation.sterile_products > limits.most_sterile_products:
        most = limits.most_sterile_products
        text = f"Immediate use takes at most {most} sterile products; here are {preparation.sterile_products}."
        return Refusal("too_many_products", "sterile_products", text, "sterile 1.1")
    if category in (Category.TWO, Category.THREE) and facility is not Facility.CLEANROOM_SUITE:
        place = _PLACES[facility] if facility else "a place without a name"
        text = f"{_CATEGORIES[category]} needs a cleanroom suite; in {place} only Category 1 can be made."
        return Refusal("cleanroom_required", "facility", text, "sterile 1", offer_category=Category.ONE)
    return None


def _sterility_test(preparation: Preparation) -> Refusal | None:
    test = preparation.sterility_test
    if test is SterilityTest.FAILED:
        text = "The sterility test failed: no beyond-use date; quarantine, and recall what was released."
        return Refusal("test_failed", "sterility_test", text, "sterile 2.4")
    if preparation.category is Category.THREE and test is not SterilityTest.PASSED:
        text = f"Category 3 needs a sterility test that passed; this one is: {test}."
        return Refusal("test_not_passed", "sterility_test", text, "sterile 2.4")
    return None


def _table_limit(
    preparation: Preparation, limits: Limits, storage: Storage, anchor: datetime, moved: bool = False
) -> Considered | Refusal:
    """What the table of the chapter allows in this storage from this instant on."""
    tested = preparation.sterility_test is SterilityTest.PASSED
    row = limits.of(preparation.category, preparation.method, tested, preparation.starting_components, storage)
    name = _CATEGORIES[preparation.category]
    if row is None or row.hours is None:
        source = row.source if row else "sterile 2"
        return Refusal("storage_not_allowed", None, f"{name} has no limit for the {storage.words}.", source)
    words = [name, row.method, row.components and _COMPONENTS[row.components]]
    if row.tested is not None:
        words.append("sterility test passed" if tested else "untested")
    words += [row.storage and storage.words, f"from the move at {preparation.wall.shown(anchor)}" if moved else None]
    what = ", ".join(word for word in words if word)
    return _counted("move" if moved else "category", what, anchor, row.hours, preparation.wall, row.source)


def _first_unusable_component(preparation: Preparation, limits: Limits) -> Refusal | None:
    for index, component in enumerate(preparation.components):
        path = f"components[{index}]."
        refused = spent_before(component, preparation.started_at, "the start", preparation.wall, path)
        refused = refused or _past_in_use(preparation, limits, component, path)
        if refused:
            return refused
    return None


def _past_in_use(preparation: Preparation, limits: Limits, component: Component, path: str) -> Refusal | None:
    """An in-use limit only says whether the container may be entered at the start; it does not cap what is made from it."""
    opened, start, wall = component.opened, preparation.started_at, preparation.wall
    if opened is None or (opened.kind is ContainerKind.AMPULE and opened.punctured_at >= start):
        return None
    immediate = preparation.category is Category.IMMEDIATE_USE
    row = limits.of(preparation.category, preparation.method, False, preparation.starting_components, preparation.storage)
    limit = in_use_limit(opened, limits=limits, wall=wall, immediate_use_hours=row.hours if row and immediate else None)
    if isinstance(limit, Refusal):
        return replace(limit, field=f"{path}{limit.field}", text=f"{component.name}: {limit.text}")
    if start <= limit.beyond_use_at:
        return None
    text = (
        f"{component.name}: the {NAMES[opened.kind]} punctured at {wall.shown(opened.punctured_at)} could be entered until "
        f"{wall.shown(limit.beyond_use_at)}; the start is {wall.shown(start)}."
    )
    return Refusal("component_past_in_use", f"{path}punctured_at", text, "sterile 2.5")


def _after_moves(preparation: Preparation, limits: Limits, considered: list[Considered]) -> BeyondUse | Refusal:
    """Warmer: the limits of the new place run from the move; colder: nothing is won; they never add up (sterile 2.4)."""
    wall, here = preparation.wall, preparation.storage
    was_frozen = here is Storage.FREEZER
    for index, move in sorted(enumerate(preparation.moves), key=lambda numbered: numbered[1].at):
        path, when = f"moves[{index}].", wall.shown(move.at)
        bud = min(limit.at for limit in considered)
        if move.at > bud:
            text = f"Moved at {when}, after the beyond-use date {wall.shown(bud)}."
            return Refusal("moved_after_bud", f"{path}at", text, "sterile 2.4")
        if move.to is Storage.FREEZER and here is not Storage.FREEZER and was_frozen:
            return Refusal("refreezing", f"{path}to", f"Thawed before and put into the freezer again at {when}.", "sterile 2.4")
        table = _table_limit(preparation, limits, move.to, move.at, moved=True)
        if isinstance(table, Refusal):
            return replace(table, field=f"{path}to")
        if move.to.is_warmer_than(here):
            if move.stability_hours is None:
                text = f"Stability in the {move.to.words} is unknown, so the move at {when} is refused."
                return Refusal("stability_unknown", f"{path}stability_hours", text, "sterile 2.4")
            considered.append(table)
        if move.stability_hours is not None:
            what = f"Stability in the {move.to.words} from the move at {when}"
            considered.append(_counted("move", what, move.at, move.stability_hours, wall))
        here, was_frozen = move.to, was_frozen or move.to is Storage.FREEZER
    return _earliest(considered, wall)
