"""What is shown of a chosen location, and of a lot that an excursion left to be judged."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.inventory.queries.temperatures import ExcursionLotRow, LeftRow, TemperatureRow
from infusiondesk.inventory.rules.monitors import Monitor
from infusiondesk.inventory.rules.recalls import ReachLine
from infusiondesk.inventory.rules.temperatures import Kinetic, degrees
from infusiondesk.inventory.screens.temperature_curve import TemperatureCurve
from infusiondesk.inventory.screens.temperature_rows import TemperatureLine

Act = Callable[[Monitor], None]


def place_detail(row: TemperatureLine, place: TemperatureRow, verify: Act | None, take_down: Act | None, *more: Button) -> QWidget:
    """A location: its curve, its means, its monitors, and whose numbers it is judged by."""
    limit = place.allowed.mean_kinetic_limit
    facts = [
        Fact("Range", place.allowed.words()),
        Fact("Quarantine beyond", place.allowed.limits()),
        Fact("Mean kinetic, 24 hours", _mean(place.day)),
        Fact("Mean kinetic, 7 days", _mean(place.week)),
        Fact("Mean kinetic, 30 days", _mean(place.month), "danger" if place.is_over_mean else None),
        Fact("Mean kinetic at most", degrees(limit) if limit is not None else "the chapter gives none"),
        Fact("Range by", place.allowed.whose),
        Fact("Watched by", place.policy.whose),
    ]
    curve = TemperatureCurve(place.allowed, place.readings, place.policy)
    name = down(Text(place.location, 20, 600, wraps=True), Text(curve.words(), 13, ink="ink2", wraps=True), gap=2)
    body: list[QWidget | QLayout] = [
        across(Pill(*row.state), STRETCH),
        name,
        curve,
        FactList(facts),
        Text("Monitors", 16, 600),
    ]
    body += [_monitor(monitor, place, verify, take_down) for monitor in place.monitors]
    if not place.monitors:
        body.append(Text(place.lapse, 13, 600, "due", wraps=True))
    return Scroll(holding(down(*body, *(across(button, STRETCH) for button in more), STRETCH, gap=12)))


def _monitor(monitor: Monitor, place: TemperatureRow, verify: Act | None, take_down: Act | None) -> QLayout:
    buttons = []
    for words, act in (("Enter a certificate", verify), ("Take down", take_down)):
        if act is not None:
            button = Button(words, dense=True)
            button.setAccessibleName(f"{words}: monitor {monitor.serial}")
            button.clicked.connect(partial(act, monitor))
            buttons.append(button)
    due = next((words for words in place.due.split(", ") if f"monitor {monitor.serial} " in words), "")
    told = (
        f"Verified {day(monitor.verified_on)}, next by {day(monitor.due_on)}; certificate {monitor.certificate}."
        if monitor.verified_on and monitor.due_on
        else "Never verified."
    )
    return down(
        Text(monitor.serial, 13, 600, wraps=True),
        Text(told, 13, ink="due" if due else "ink2", wraps=True),
        across(*buttons, STRETCH, gap=8),
        gap=4,
    )


def lot_detail(row: TemperatureLine, lot: ExcursionLotRow, left: Sequence[LeftRow], reach: Sequence[ReachLine]) -> QWidget:
    """A lot: what it went through, who judged it, and who has what left before it was found."""
    facts = [
        Fact("Location", lot.location),
        Fact("Read", f"{degrees(lot.lowest)} to {degrees(lot.highest)}; allowed {lot.allowed}"),
        Fact("Mean kinetic of the excursion", _mean(lot.kinetic)),
        Fact("Last good reading", moment(lot.last_good_at) if lot.last_good_at else "none: when it began is unknown", "due"),
        Fact("Found", moment(lot.found_at)),
        Fact("Back in range", moment(lot.ended_at) if lot.ended_at else "not yet", None if lot.ended_at else "danger"),
        Fact("To be known", lot.remark or "nothing", "due" if lot.remark else None),
        Fact("Quarantined", counted(lot.quantity, lot.unit)),
        Fact("Expires", day(lot.expires_on)),
    ]
    if lot.disposition:
        facts += [Fact("Disposition", lot.disposition), Fact("Because", lot.source), Fact("Signed", lot.signed_by)]
    has = [
        Fact(
            line.patient or line.kind.value,
            ", ".join(filter(None, (line.what, f"lot {line.lots}", line.kind.value, line.phone))),
            "due",
        )
        for line in reach
    ]
    gone = [
        Fact(f"{one.item}, lot {one.lot_number}", f"{counted(one.quantity, one.unit)} {one.kind}, {moment(one.moved_at)}")
        for one in left
    ]
    body: list[QWidget | QLayout] = [
        across(Pill(*row.state), STRETCH),
        down(Text(lot.item, 20, 600, wraps=True), Text(f"lot {lot.lot_number}", 13, ink="ink2"), gap=2),
        FactList(facts),
        Text("Left before it was found", 16, 600),
        FactList(gone) if gone else Text("Nothing left the location meanwhile.", 13, ink="ink2", wraps=True),
    ]
    if has:
        body += [Text("Who has it", 16, 600), FactList(has)]
    return Scroll(holding(down(*body, STRETCH, gap=12)))


def _mean(mean: Kinetic) -> str:
    told = degrees(mean.celsius) if mean.celsius is not None else "unknown"
    return f"{told}, {mean.not_monitored}" if mean.not_monitored else told
