"""The ingredient table of the worksheet: what is needed, what was taken, from which lot."""

from collections.abc import Sequence

from infusiondesk.compounding.queries import PartRow
from infusiondesk.foundation.kernel.ismp import day, number
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone


def _tone(row: PartRow) -> Tone:
    return "done" if row.is_complete else "due" if row.entries else "neutral"


def _lots(row: PartRow) -> str:
    return ", ".join(entry.lot_number for entry in row.entries)


def _expiries(row: PartRow) -> str:
    return "expires " + ", ".join(dict.fromkeys(day(entry.expires_on) for entry in row.entries)) if row.entries else ""


def _how(row: PartRow) -> str:
    typed = [entry.text().capitalize() for entry in row.entries if not entry.is_scanned]
    return typed[0] if typed else row.part.detail


COLUMNS: Sequence[Column[PartRow]] = (
    Column("", lambda row: "", tone=_tone, shape=True, width=40),
    Column("Ingredient", lambda row: row.part.name, second=_how, strong=True, stretch=3, width=120),
    Column("Needed", lambda row: f"{row.part.needed} {row.part.unit}s", second=lambda row: row.part.each, right=True, width=112),
    Column("Taken", lambda row: number(row.taken), right=True, strong=True, width=60),
    Column("Lot and expiry", _lots, second=_expiries, strong=True, stretch=2, width=120),
)
