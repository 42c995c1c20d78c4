"""The beyond-use date of a batch: asked of the rules with the lots that were taken, and put into rows that explain it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from infusiondesk.compounding.queries.rows import BeyondUseRow, LimitRow
from infusiondesk.compounding.rules import (
    BeyondUse,
    Category,
    Component,
    Facility,
    Limits,
    Preparation,
    Refusal,
    Storage,
    WallClock,
    beyond_use_date,
)
from infusiondesk.foundation.kernel.ismp import day, moment

_TITLES = {"stability": "Stability", "component_expiry": "Component expiry", "cap": "Policy cap"}
_SPARE = 1.8  # the winner's bar leaves room for the longer limits beside it


def dated(
    *,
    category: Category,
    facility: Facility,
    storage: Storage,
    hours: Decimal | None,
    started_at: datetime,
    lots: Iterable[tuple[str, date]],
    limits: Limits,
    zone: ZoneInfo,
) -> BeyondUse | Refusal:
    """The earliest limit, counted from the start; only sterile components, aseptic, no sterility test (what this desk makes)."""
    preparation = Preparation(
        category=category,
        storage=storage,
        started_at=started_at,
        facility=facility,
        stability_hours=hours,
        components=[Component(name, expires_on) for name, expires_on in lots],
        wall=WallClock(zone),
    )
    return beyond_use_date(preparation, limits)


def derivation_of(found: BeyondUse, category: Category) -> list[dict[str, Any]]:
    """The limits as a batch keeps them."""
    kept = []
    for limit in found.considered:
        told, _, _ = limit.sentence.rpartition(" = ")
        detail, _, span = told.rpartition(": ")
        title = f"Category {category.value} limit" if limit.kind == "category" else _TITLES.get(limit.kind, limit.kind)
        if span:
            title = f"{title}, {span.replace(' d', ' days').replace(' h', ' hours')}"
            detail = detail.partition(", ")[2] or detail
        else:
            detail = limit.sentence.partition(" expires ")[0]
        kept.append(
            {
                "kind": limit.kind,
                "title": title,
                "detail": detail,
                "at": limit.at.isoformat(),
                "wins": limit is found.governing,
                "source": limit.source,
            }
        )
    return kept


def limit_rows(kept: Sequence[dict[str, Any]], started_at: datetime, zone: ZoneInfo) -> tuple[LimitRow, ...]:
    """The limits as a screen shows them, the winner first, then by time."""
    found = [(datetime.fromisoformat(limit["at"]), limit) for limit in kept]
    longest = min((at for at, limit in found if limit["wins"]), default=started_at) - started_at
    rows = [
        LimitRow(
            limit["kind"],
            limit["title"],
            limit["detail"],
            at.astimezone(zone),
            limit["wins"],
            limit["source"],
            min(1.0, (at - started_at) / longest / _SPARE) if longest else 1.0,
        )
        for at, limit in found
    ]
    return tuple(sorted(rows, key=lambda row: (not row.wins, row.at)))


def shown(limit: LimitRow) -> str:
    """An expiry is a day, every other limit an instant."""
    return day(limit.at) if limit.kind == "component_expiry" else moment(limit.at)


def fixed(kept: Sequence[dict[str, Any]], at: datetime, started_at: datetime, zone: ZoneInfo) -> BeyondUseRow:
    """The date that stands on the labels."""
    sentence = f"Start use by this time. The earliest limit wins, counted from the start of preparation, {_wall(started_at, zone)}."
    return BeyondUseRow(at.astimezone(zone), sentence, limit_rows(kept, started_at, zone), is_preview=False)


def preview(
    found: BeyondUse | Refusal, category: Category, started_at: datetime, zone: ZoneInfo, *, is_begun: bool
) -> BeyondUseRow:
    """The date as it would be."""
    if isinstance(found, Refusal):
        return BeyondUseRow(None, found.text, (), is_preview=not is_begun)
    anchor = f"the start of preparation, {_wall(started_at, zone)}" if is_begun else "now, as if the work began"
    sentence = f"Start use by this time. The earliest limit wins, counted from {anchor}."
    rows = limit_rows(derivation_of(found, category), started_at, zone)
    return BeyondUseRow(found.beyond_use_at.astimezone(zone), sentence, rows, is_preview=True)


def _wall(instant: datetime, zone: ZoneInfo) -> str:
    return moment(instant.astimezone(zone))
