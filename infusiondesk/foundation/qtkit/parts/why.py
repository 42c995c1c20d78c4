"""Why a number is what it is: the answer, one sentence, the inputs, the limits with the one that wins, rule and signer.

panel = WhyPanel("Beyond-use date, why?")
panel.show_why(Why("4 Dec 2026 09:05", "The earliest limit wins.",
                   inputs=[("Storage", "refrigerator")],
                   limits=[Limit("Category 2 limit, 10 days", "4 Dec 2026 09:05", "aseptic, no test", 0.55, wins=True)],
                   rule="USP 797, version 5", signed="3 Aug 2026 by ZZTEST Rowan"))
panel.show_nothing("Choose a row to see why it is here.")
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.icons import Icon
from infusiondesk.foundation.qtkit.paint import box, text, wrapped
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.facts import FactList
from infusiondesk.foundation.qtkit.parts.pill import KeyCap, Mark
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text


@dataclass(frozen=True)
class Limit:
    """One limit that was considered; `share` (0 to 1) is how long its bar is, the winner stands out."""

    title: str
    value: str
    detail: str = ""
    share: float | None = None
    wins: bool = False


@dataclass(frozen=True)
class Why:
    """A derivation in words. An empty answer means unknown, and the sentence says what is missing."""

    answer: str
    sentence: str
    inputs: Sequence[tuple[str, str]] = field(default=())
    limits: Sequence[Limit] = field(default=())
    rule: str = ""
    source: str = ""
    signed: str = ""
    stale: str = ""


class WhyPanel(Card):
    """The card that answers Alt+Y; small panels (`compact`) sit inside a detail card."""

    def __init__(self, title: str = "Why?", *, compact: bool = False, parent: QWidget | None = None) -> None:
        padding, gap = (12, 4) if compact else (16, 6)
        super().__init__(kind="sunken" if compact else "plain", padding=padding, gap=gap, parent=parent)
        self._compact = compact
        self._title = Text(title, 13, 600)
        self.body.addLayout(across(Icon("question", "accent"), self._title, STRETCH, KeyCap("Alt+Y"), gap=8))
        self._content = QVBoxLayout()
        self._content.setContentsMargins(0, 0, 0, 0)
        self._content.setSpacing(6)
        if compact:
            self.body.addLayout(self._content)
        else:  # a long derivation scrolls; it never makes the window higher
            self.body.addWidget(Scroll(holding(down(self._content, STRETCH))), 1)
        self.setAccessibleName(title)
        if compact:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_nothing(self, sentence: str = "") -> None:
        """Nothing is chosen; the sentence says what would be explained here."""
        clear(self._content)
        if sentence:
            self._content.addWidget(Text(sentence, 13, 400, "ink2", wraps=True))
        self.setAccessibleDescription(sentence)

    def show_why(self, why: Why) -> None:
        """Show a derivation."""
        clear(self._content)
        if why.answer:
            self._content.addWidget(Text(why.answer, 16 if self._compact else 26, 600, wraps=True))
        elif not self._compact:
            self._content.addWidget(Text("Unknown", 26, 600, "due"))
        self._content.addWidget(Text(why.sentence, 13, 400, "ink", wraps=True))
        if why.inputs:
            self._content.addWidget(FactList(list(why.inputs), label_width=104, dense=True))
        for limit in why.limits:
            self._content.addWidget(_LimitRow(limit))
        if why.stale:
            remark = Text(why.stale, 12, 600, "due", wraps=True)
            self._content.addLayout(across(Mark("triangle", "due", "Old source"), (remark, 1), gap=6))
        parts = (why.rule and f"Rule {why.rule}", why.source, why.signed and f"signed {why.signed}")
        source = ", ".join(part for part in parts if part)
        if source:
            self._content.addWidget(Text(source, 12, 400, "ink3", wraps=True))
        told = [why.answer or "Unknown", why.sentence, *(f"{name}: {value}" for name, value in why.inputs)]
        told += [f"{limit.title}: {limit.value}{', this one decides' if limit.wins else ''}" for limit in why.limits]
        self.setAccessibleDescription(". ".join(part for part in (*told, why.stale, source) if part))


class _LimitRow(QWidget):
    """One limit: title, value, detail and a bar; what does not fit breaks into lines."""

    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self._limit = limit
        self._is_stacked = False
        self._detail: list[str] = []
        self._lay_out()
        self.setAccessibleName(f"{limit.title}, {limit.value}{', decides' if limit.wins else ''}")

    def _lay_out(self) -> None:
        limit, room = self._limit, self.width() - 20
        title, value = width_of(limit.title, 13, 600), width_of(limit.value, 13, 600 if limit.wins else 400)
        self._is_stacked = title + 8 + value > room
        is_short = width_of(limit.detail, 12) <= room
        self._detail = [limit.detail] if is_short else wrapped(limit.detail, room, 12, 400, most=3)
        bar = 14 if limit.share is not None else 0
        self.setFixedHeight(46 + bar + 16 * (len(self._detail) - 1) + (18 if self._is_stacked else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        limit, area = self._limit, QRectF(self.rect())
        if limit.wins:
            box(painter, area, 6, "sel", "softline")
        inner = area.adjusted(10, 0, -10, 0)
        text(painter, QRectF(inner.x(), 6, inner.width(), 18), limit.title, 13, 600)
        y = 24 if self._is_stacked else 6
        text(painter, QRectF(inner.x(), y, inner.width(), 18), limit.value, 13, 600 if limit.wins else 400,
             "ink" if limit.wins else "ink2", "left" if self._is_stacked else "right", keep=True)  # fmt: skip
        y += 18
        for line in self._detail:
            text(painter, QRectF(inner.x(), y, inner.width(), 16), line, 12, 400, "ink2" if limit.wins else "ink3")
            y += 16
        if limit.share is not None:
            bar = QRectF(inner.x(), y + 6, inner.width(), 4)
            box(painter, bar, 2, "line")
            bar.setWidth(max(4.0, inner.width() * min(1.0, max(0.0, limit.share))))
            box(painter, bar, 2, "accent" if limit.wins else "line2")
