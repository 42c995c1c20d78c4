"""What is shown beside a list about a pump or a patient's pumps: what happened, what is in the home, what an order needs."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.equipment.queries import NeedRow, PatientPumps, WholePump
from infusiondesk.foundation.kernel.ismp import counted, moment
from infusiondesk.foundation.qtkit.parts.arrange import clear, down, holding
from infusiondesk.foundation.qtkit.parts.facts import Fact
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.tokens import Tone


def fill(column: QVBoxLayout, items: Iterable[QWidget]) -> None:
    """Show these in a column instead of what it holds."""
    clear(column)
    for item in items:
        column.addWidget(item)


def history_items(found: WholePump) -> Iterable[QWidget]:
    """What happened to a pump, the newest first."""
    yield SectionTitle("What happened to it", f"{len(found.events)}", px=14)
    for event in reversed(found.events):
        who = f"{event.holder.patient}, Rx {event.holder.rx_number}" if event.holder else ""
        signed = "signed" if event.signatures else ""
        told = ", ".join(filter(None, (who, event.words, event.by, signed, moment(event.at))))
        yield holding(down(Text(event.kind.value, 13, 600), Text(told, 12, 400, "ink3", wraps=True), gap=0))


def home_items(found: PatientPumps) -> Iterable[QWidget]:
    """The pumps a patient has, and those he had."""
    for title, rows in (("Pumps in the home", found.here), ("Pumps he had", found.earlier)):
        if rows or rows is found.here:
            yield SectionTitle(title, f"{len(rows)}", px=14)
        for row in rows:
            told = row.place.value if row.stay is None or rows is found.earlier else row.stay.holder.use.value
            told = ", ".join([row.model.label, told, *(f"recall {one.reference}" for one in row.recalls)])
            yield holding(down(Text(row.serial, 13, 600), Text(told, 12, 400, "ink3", wraps=True), gap=0))


def need_tone(row: NeedRow) -> Tone:
    """How much it presses that something is missing."""
    return "done" if not row.missing else "danger" if row.need.is_life_sustaining else "due"


def need_pill(row: NeedRow) -> Pill:
    """Whether an order lacks a pump."""
    return Pill("pump missing" if row.missing else "nothing missing", need_tone(row))


def need_facts(row: NeedRow) -> list[Fact]:
    """What an order needs and why."""
    facts = [
        Fact("Order", f"Rx {row.rx_number} {row.drug}"),
        Fact("Needs", counted(row.need.pumps, "pump")),
        Fact("Because", row.need.because),
    ]
    return [Fact("Missing", row.missing, need_tone(row)), *facts] if row.missing else facts
