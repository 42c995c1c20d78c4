"""What is shown beside the shelf: an item, a lot, its lots, its doubts, and all that happened to it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.ismp import counted, day, moment, number
from infusiondesk.foundation.qtkit.parts.arrange import across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.facts import Fact
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.inventory.queries import InvestigationRow, ItemRow, LotRow, MovementRow
from infusiondesk.inventory.rules import Freshness
from infusiondesk.inventory.screens.shelf_columns import TONES, apart, item_tone, left, lot_tone, lot_words


def fill(column: QVBoxLayout, items: Iterable[QWidget]) -> None:
    """Show these in a column instead of what it holds."""
    clear(column)
    for item in items:
        column.addWidget(item)


def item_facts(row: ItemRow) -> list[Fact]:
    """What an item is, and how much of it there is."""
    none = "" if row.gtin else "none: a scan cannot find it"
    facts = [
        Fact("On hand", left(row), item_tone(row)),
        Fact("Kind", ", ".join(filter(None, (row.kind.value, row.controlled)))),
        Fact("Kept in", row.kept_in.value),
        Fact("Maker", row.maker),
        Fact("NDC", ndc_text(row.ndc) or none, None if row.ndc or row.gtin else "due"),
        Fact("GTIN", row.gtin or ""),
        Fact("Reorder point", number(row.reorder_point) if row.reorder_point is not None else "not set"),
        Fact("Comes in packs of", number(row.pack_size) if row.pack_size is not None else "not set"),
    ]
    set_apart = apart(row)
    return [*facts, Fact("Set apart", set_apart, "danger")] if set_apart else facts


def lot_facts(row: LotRow) -> list[Fact]:
    """Where a lot lies and until when it is good."""
    lying = ", ".join(f"{place.location} {number(place.on_hand)}" for place in row.places if place.on_hand)
    facts = [
        Fact("On hand", counted(row.on_hand, row.unit)),
        Fact("Expires", day(row.expires_on), None if row.freshness is Freshness.GOOD else TONES[row.freshness]),
        Fact("Lies in", lying or row.where),
        Fact("Maker", row.maker),
    ]
    return [*facts, Fact("In quarantine", counted(row.in_quarantine, row.unit), "danger")] if row.in_quarantine else facts


def lot_items(rows: Sequence[LotRow], *, by_item: bool) -> Iterable[QWidget]:
    """Lots in the order in which they are taken."""
    yield SectionTitle("Lots, take in this order", px=14)
    for row in rows:
        words = down(
            Text(f"{row.lot_number}, {counted(row.on_hand, row.unit)}", 13, 600),
            Text(f"{row.item if by_item else row.where}, expires {day(row.expires_on)}", 12, 400, "ink3", wraps=True),
            gap=0,
        )
        yield holding(across((words, 1), Pill(lot_words(row), lot_tone(row)), gap=8))
    if not rows:
        yield Text("None on the shelf. Receive a lot.", 13, 400, "ink2", wraps=True)


def doubt_items(rows: Sequence[InvestigationRow]) -> Iterable[QWidget]:
    """Every investigation of a lot."""
    for row in rows:
        if row.end is None:
            told, why = f"Suspect: {row.suspicion}", f"since {moment(row.opened_at)}, reported by {row.opened_by}"
        else:
            told = f"{row.end.value.capitalize()}: {row.finding}"
            why = ", ".join(filter(None, (f"suspected: {row.suspicion}", row.notified, row.closed_by)))
        yield holding(down(Text(told, 13, 600, wraps=True), Text(why, 12, 400, "ink3", wraps=True), gap=0))


def movement_items(rows: Sequence[MovementRow]) -> Iterable[QWidget]:
    """All that happened to a lot, the newest first."""
    yield SectionTitle("What happened to it", px=14)
    for row in rows:
        told = f"{'+' if row.quantity > Decimal(0) else ''}{number(row.quantity)} {row.kind.value}"
        if row.quantity == 0:
            told = f"{number(row.quarantined)} of quarantine {row.kind.value}"
        seen = f"seen by {row.witnessed_by}" if row.witnessed_by else ""
        why = ", ".join(filter(None, (row.location, row.because, row.moved_by, seen, moment(row.moved_at))))
        yield holding(down(Text(told, 13, 600), Text(why, 12, 400, "ink3", wraps=True), gap=0))
