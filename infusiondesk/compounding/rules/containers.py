"""Until when a component may be used: its own dates, and how long its punctured container may still be entered (sterile 2.5)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from infusiondesk.compounding.rules.limits import ContainerKind, Limits
from infusiondesk.compounding.rules.refusal import Refusal
from infusiondesk.compounding.rules.wall_clock import WallClock, in_words

# For these two the maker's time replaces the chapter's, longer or shorter; for all others it can only shorten (sterile 2.5).
_THE_LABEL_GOVERNS = frozenset({ContainerKind.MULTI_DOSE_VIAL, ContainerKind.PHARMACY_BULK_PACKAGE})
NAMES = {
    ContainerKind.SINGLE_DOSE_VIAL: "single-dose vial",
    ContainerKind.MULTI_DOSE_VIAL: "multiple-dose vial",
    ContainerKind.PHARMACY_BULK_PACKAGE: "pharmacy bulk package",
    ContainerKind.AMPULE: "ampule",
    ContainerKind.COMPOUNDED_STOCK: "compounded stock",
    ContainerKind.MULTI_DOSE_CSP: "multiple-dose preparation",
}


@dataclass(frozen=True)
class Opened:
    """A container that was punctured, and what its maker and the state say about keeping it."""

    kind: ContainerKind
    punctured_at: datetime
    in_iso5: bool = True
    maker_hours: Decimal | None = None
    maker_days: Decimal | None = None
    state_cap_hours: Decimal | None = None


@dataclass(frozen=True)
class Component:
    """One component: its expiry, its own beyond-use date where it was compounded, and its container where that is open."""

    name: str
    expires_on: date | None = None
    beyond_use_at: datetime | None = None
    opened: Opened | None = None


@dataclass(frozen=True)
class InUse:
    """The last instant at which a container may be entered, and how each limit came about."""

    beyond_use_at: datetime
    because: tuple[str, ...]
    sources: tuple[str, ...] = ("sterile 2.5",)


def in_use_limit(
    opened: Opened,
    *,
    limits: Limits,
    wall: WallClock,
    component: Component | None = None,
    immediate_use_hours: Decimal | None = None,
) -> InUse | Refusal:
    """Say until when a punctured container may be entered, or why it may not be kept at all.

    With a `component` its expiry and beyond-use date count too. `immediate_use_hours` is given where the container serves immediate
    use: the only work for which a single-dose vial opened outside ISO 5 may serve.
    """
    name = NAMES[opened.kind]
    if opened.kind is ContainerKind.AMPULE:
        return Refusal("never_stored", "container", "What is left in an opened ampule is never stored.", "sterile 2.5")
    hours = limits.in_use[opened.kind]
    if not opened.in_iso5 and opened.kind is ContainerKind.PHARMACY_BULK_PACKAGE:
        return Refusal("iso5_required", "in_iso5", "A pharmacy bulk package is entered in ISO 5 only.", "sterile 2.5")
    if not opened.in_iso5 and opened.kind is ContainerKind.SINGLE_DOSE_VIAL:
        if immediate_use_hours is None:
            text = "A single-dose vial opened outside ISO 5 serves immediate use only and is then discarded."
            return Refusal("iso5_required", "in_iso5", text, "sterile 2.5")
        hours = min(hours, immediate_use_hours)
    spent = spent_before(component, opened.punctured_at, "it was punctured", wall) if component else None
    if spent:
        return spent
    makers = [told for told in (opened.maker_hours, opened.maker_days and opened.maker_days * 24) if told is not None]
    told = [(each, f"In-use time of the maker, {name}") for each in makers]
    if not makers or opened.kind not in _THE_LABEL_GOVERNS:
        told.insert(0, (hours, f"A {name} after the first puncture"))
    if opened.state_cap_hours is not None:
        told.append((opened.state_cap_hours, "In-use cap of the state"))
    found = [(wall.later(opened.punctured_at, each), f"{why}: {in_words(each)}") for each, why in told]
    if component and component.expires_on:
        found.append((wall.end_of(component.expires_on), f"Expiry {component.expires_on}"))
    if component and component.beyond_use_at:
        found.append((component.beyond_use_at, "Its own beyond-use date"))
    because = tuple(f"{why} = {wall.shown(at)}." for at, why in found)
    return InUse(min(at for at, _ in found), because if len(because) == 1 else (*because, "The earliest governs."))


def spent_before(component: Component, moment: datetime, what: str, wall: WallClock, path: str = "") -> Refusal | None:
    """Refuse what had expired, or whose own beyond-use date had passed, at the moment it was used."""
    if component.expires_on and wall.end_of(component.expires_on) < moment:
        text = f"{component.name} expired on {component.expires_on}, before {what} at {wall.shown(moment)}."
        return Refusal("component_expired", f"{path}expires", text, "sterile 2.4")
    if component.beyond_use_at and component.beyond_use_at < moment:
        passed = wall.shown(component.beyond_use_at)
        text = f"The beyond-use date of {component.name}, {passed}, had passed before {what} at {wall.shown(moment)}."
        return Refusal("component_past_bud", f"{path}beyond_use_at", text, "sterile 2.4")
    return None
