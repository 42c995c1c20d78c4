"""A location's temperatures as a small curve: the allowed band, the lowest and highest that were read, and the same in words."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import box, smooth, text
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.inventory.rules.temperatures import Observed, StorageRange, TemperaturePolicy, degrees

_HEIGHT, _FOOT, _TOP = 150, 20, 10


class TemperatureCurve(QWidget):
    """The readings of the last 30 days; a stretch that nobody monitored is left open."""

    def __init__(self, allowed: StorageRange, readings: Sequence[Observed], policy: TemperaturePolicy) -> None:
        super().__init__()
        self._allowed, self._readings, self._policy = allowed, readings, policy
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName(self.words())

    def words(self) -> str:
        """What the curve shows, in a sentence."""
        if not self._readings:
            return "No reading in the last 30 days."
        low, high = self._ends()
        return f"Lowest {degrees(low)}, highest {degrees(high)}; allowed {self._allowed.limits()}."

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT)

    def _ends(self) -> tuple[Decimal, Decimal]:
        return min(one.low for one in self._readings), max(one.high for one in self._readings)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        box(painter, QRectF(self.rect()), 8, "sunken", "line")
        if not self._readings:
            text(painter, QRectF(self.rect()), self.words(), 13, 400, "ink3", "centre")
            return
        low, high = self._ends()
        least, most = min(low, self._allowed.excursion_low), max(high, self._allowed.excursion_high)
        label = max(width_of(degrees(value), 12) for value in (least, most, low, high)) + 16
        area = QRectF(label, _TOP, self.width() - label - 12, self.height() - _TOP - _FOOT - 4)
        first, last = self._readings[0].read_at, self._readings[-1].read_at
        whole = max((last - first).total_seconds(), 1.0)

        def x(at: datetime) -> float:
            return area.left() + area.width() * (at - first).total_seconds() / whole

        def y(value: Decimal) -> float:
            return area.bottom() - area.height() * float((value - least) / (most - least))

        top, bottom = y(self._allowed.excursion_high), y(self._allowed.excursion_low)
        painter.fillRect(QRectF(area.left(), top, area.width(), bottom - top), token("band"))
        for value in sorted({self._allowed.excursion_low, self._allowed.excursion_high}):
            text(painter, QRectF(8, y(value) - 8, label - 14, 16), degrees(value), 12, 400, "ink3", "right", keep=True)
        self._draw_runs(painter, x, y)
        for value in {low, high} - {self._allowed.excursion_low, self._allowed.excursion_high}:
            is_out = not self._allowed.excursion_low <= value <= self._allowed.excursion_high
            place = QRectF(area.left() + 6, y(value) - (18 if value == low and not is_out else -2), area.width() - 12, 16)
            text(
                painter,
                place,
                f"{'lowest' if value == low else 'highest'} {degrees(value)}",
                12,
                600,
                "danger" if is_out else "ink2",
            )
        foot = QRectF(area.left(), self.height() - _FOOT, area.width(), _FOOT - 4)
        text(painter, foot, day(first.date()), 12, 400, "ink3")
        if last.date() != first.date():
            text(painter, foot, day(last.date()), 12, 400, "ink3", "right")

    def _draw_runs(self, painter: QPainter, x: Callable[[datetime], float], y: Callable[[Decimal], float]) -> None:
        """Bars from lowest to highest, and a line through what was shown, broken where nobody looked."""
        ink: QColor = token("accent")
        run: list[QPointF] = []
        before: Observed | None = None
        for one in self._readings:
            if before is not None and not self._policy.is_watched(before, one):
                painter.drawPolyline(QPolygonF(run))
                run = []
            is_out = not self._allowed.excursion_low <= one.low <= one.high <= self._allowed.excursion_high
            painter.setPen(QPen(token("danger") if is_out else ink, 2))
            painter.drawLine(QPointF(x(one.read_at), y(one.low)), QPointF(x(one.read_at), y(one.high)))
            painter.drawEllipse(QPointF(x(one.read_at), y(one.celsius)), 2.0, 2.0)
            painter.setPen(QPen(ink, 1.5))
            run.append(QPointF(x(one.read_at), y(one.celsius)))
            before = one
        painter.drawPolyline(QPolygonF(run))
