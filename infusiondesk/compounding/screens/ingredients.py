"""The ingredient table of the worksheet: what is needed, what was taken, from which lot."""

from collections.abc import Sequence

from infusiondesk.compounding.queries import PartRow
from infusiondesk.foundation.kernel.ismp import counted, day, number
from infusiondesk.foundation.qtkit.tables import Column
from infusiondesk.foundation.qtkit.tokens import Tone


def _tone(row: PartRow) -> Tone:
    if not row.is_complete:
        return "due" if row.entries else "neutral"
    return "done" if all(entry.is_scanned for entry in row.entries) else "accent"


def _lots(row: PartRow) -> str:
    return ", ".join(entry.lot_number for entry in row.entries)


def _expiries(row: PartRow) -> str:
    return "expires " + ", ".join(dict.fromkeys(day(entry.expires_on) for entry in row.entries)) if row.entries else ""


def _how(row: PartRow) -> str:
    typed = [entry.text() for entry in row.entries if not entry.is_scanned]
    return f"{typed[0][:1].upper()}{typed[0][1:]}" if typed else row.part.detail


COLUMNS: Sequence[Column[PartRow]] = (
    Column("", lambda row: "", tone=_tone, shape=True, width=34),
    Column("Ingredient", lambda row: row.part.name, second=_how, strong=True, stretch=3, width=110),
    Column("Needed", lambda row: counted(row.part.count, row.part.unit), second=lambda row: row.part.each, right=True, width=92),
    Column("Taken", lambda row: number(row.taken), right=True, strong=True, width=56),
    Column("Lot and expiry", _lots, second=_expiries, strong=True, stretch=2, width=112),
)
