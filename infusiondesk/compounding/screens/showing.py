"""How both screens show a batch: its tones, its why panel, its papers."""

from functools import partial
from typing import Final
from uuid import UUID

from infusiondesk.compounding import service
from infusiondesk.compounding.documents import draw_bag_labels, draw_compounding_record
from infusiondesk.compounding.exchange import reviewed_limits
from infusiondesk.compounding.queries import BatchRow, WholeBatch
from infusiondesk.compounding.queries.beyond_use import shown
from infusiondesk.compounding.rules import BatchState, Category, Storage
from infusiondesk.compounding.service import BagLabels, CompoundingRecord
from infusiondesk.compounding.service.papers import FACILITIES
from infusiondesk.foundation.kernel.ismp import counted, moment
from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.parts.why import Limit, Why
from infusiondesk.foundation.qtkit.screen import PaperShown, Screen
from infusiondesk.foundation.qtkit.tokens import Tone

TONES: Final[dict[BatchState, Tone]] = {
    BatchState.PLANNED: "due",
    BatchState.WORKSHEET_APPROVED: "accent",
    BatchState.STAGED: "accent",
    BatchState.COMPOUNDING: "accent",
    BatchState.CHECKED: "accent",
    BatchState.LABELLED: "due",
    BatchState.RELEASED: "done",
    BatchState.DISPENSED: "done",
    BatchState.REJECTED: "danger",
    BatchState.QUARANTINED: "danger",
    BatchState.RECALLED: "danger",
    BatchState.DESTROYED: "neutral",
}
CATEGORIES: Final = [(Category.ONE.value, "Category 1"), (Category.TWO.value, "Category 2")]
PLACES: Final = [(place.value, words[:1].upper() + words[1:]) for place, words in FACILITIES.items()]
STORED: Final = {
    Storage.CRT: "Room temperature, 20 to 25 °C",
    Storage.REFRIGERATOR: "Refrigerator, 2 to 8 °C",
    Storage.FREEZER: "Freezer, −25 to −10 °C",
}
STORAGES: Final = [(storage.value, words) for storage, words in STORED.items()]


def state_tone(row: BatchRow) -> Tone:
    """Late is late, whatever the state."""
    return "danger" if row.is_late else TONES[row.state]


def bags_of(row: BatchRow) -> str:
    """How many bags a batch makes: 1 bag, 14 bags."""
    return counted(row.bags, "bag")


def why_of(whole: WholeBatch) -> Why:
    """The derivation of the beyond-use date; without a date the sentence says what is missing."""
    bud = whole.beyond_use
    sources = ", ".join(dict.fromkeys(limit.source for limit in bud.limits))
    return Why(
        moment(bud.at) if bud.at else "",
        f"{STORED[whole.storage]}. {bud.sentence}" if bud.at else bud.sentence,
        inputs=[] if bud.at else [("Storage", STORED[whole.storage])],
        limits=[Limit(limit.title, shown(limit), limit.detail, limit.share, limit.wins) for limit in bud.limits],
        rule=sources,
        source=whole.worksheet.stability.rstrip("."),
        signed=whole.worksheet.stability_signed,
        stale="Only a preview: the date is set when the work is finished." if bud.at and bud.is_preview else "",
    )


def print_labels(screen: Screen, batch_id: UUID) -> None:
    """Show the labels of all bags in the viewer."""
    screen.desk.ask(screen, service.label_facts, partial(_draw_labels, screen), batch_id=batch_id)


def print_record(screen: Screen, batch_id: UUID) -> None:
    """Show the worksheet, or the record of a released batch, in the viewer."""
    screen.desk.ask(screen, service.record_facts, partial(_draw_record, screen), batch_id=batch_id, limits=reviewed_limits())


def _draw_labels(screen: Screen, facts: BagLabels) -> None:
    screen.desk.draw(
        screen,
        partial(draw_bag_labels, facts.labels, facts.printing),
        lambda pdf: _show(screen, pdf, "Bag labels", "labels", facts),
    )


def _draw_record(screen: Screen, facts: CompoundingRecord) -> None:
    title = "Compounding record" if facts.paper.is_final else "Compounding worksheet"
    screen.desk.draw(
        screen,
        partial(draw_compounding_record, facts.paper, facts.printing),
        lambda pdf: _show(screen, pdf, title, "record" if facts.paper.is_final else "worksheet", facts),
    )


def _show(screen: Screen, pdf: bytes, title: str, kind: str, facts: BagLabels | CompoundingRecord) -> None:
    name = f"{facts.number}-{kind}.pdf"
    screen.paper_ready.emit(PaperShown(title, pdf, name, "batch", facts.batch_id, facts.patient_id, Area.COMPOUNDING))
