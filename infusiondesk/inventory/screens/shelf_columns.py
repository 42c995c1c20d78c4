"""The columns of the Stock screen's three lists, and the words in them."""

from collections.abc import Mapping, Sequence
from typing import Final

from infusiondesk.catalog.rules import ndc_text
from infusiondesk.foundation.kernel.ismp import counted, day, number
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.inventory.queries import ItemRow, LocationRow, LotRow
from infusiondesk.inventory.rules import Freshness

TONES: Final[Mapping[Freshness, Tone]] = {Freshness.GOOD: "done", Freshness.SOON: "due", Freshness.EXPIRED: "danger"}


def left(row: ItemRow) -> str:
    return counted(row.on_hand, row.unit) if row.on_hand else "none"


def apart(row: ItemRow) -> str:
    told = [(row.expired, "expired"), (row.in_quarantine, "in quarantine")]
    return ", ".join(f"{number(count)} {words}" for count, words in told if count)


def item_tone(row: ItemRow) -> Tone | None:
    return "due" if not row.on_hand else None


def lot_words(row: LotRow) -> str:
    if row.in_quarantine:
        return f"{number(row.in_quarantine)} in quarantine"
    return row.freshness.value


def lot_tone(row: LotRow) -> Tone:
    return "danger" if row.in_quarantine else TONES[row.freshness]


ITEM_COLUMNS: Sequence[Column[ItemRow]] = (
    Column("Item", lambda row: row.name, strong=True, second=lambda row: row.kind.value, stretch=2),
    Column("On hand", left, sort=lambda row: row.on_hand, tone=item_tone, strong=True),
    Column(
        "Next expiry",
        lambda row: day(row.next_expiry) if row.next_expiry else "",
        sort=lambda row: row.next_expiry,
        tone=lambda row: TONES[row.freshness] if row.freshness is Freshness.SOON else None,
        shape=True,
        width=140,
    ),
    Column("Set apart", apart, tone=lambda row: "danger", stretch=1),
    Column("NDC", lambda row: ndc_text(row.ndc) or "not entered", hidden=True),
)
LOT_COLUMNS: Sequence[Column[LotRow]] = (
    Column("Item", lambda row: row.item, strong=True, second=lambda row: f"lot {row.lot_number}", stretch=2),
    Column("On hand", lambda row: counted(row.on_hand, row.unit), sort=lambda row: row.on_hand, strong=True),
    Column("Expires", lambda row: day(row.expires_on), sort=lambda row: row.expires_on, width=110),
    Column("State", lot_words, tone=lot_tone, shape=True, stretch=1),
    Column("Lies in", lambda row: row.where),
)


LOCATION_COLUMNS: Sequence[Column[LocationRow]] = (
    Column("Location", lambda row: row.name, strong=True, stretch=2),
    Column("Kind", lambda row: row.kind.value, stretch=1),
    Column("Lots", lambda row: str(row.lots), sort=lambda row: row.lots, right=True, width=80),
)
