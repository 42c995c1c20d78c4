"""A large field to sign in with pen, finger or mouse; what was drawn is kept as a picture.

pad = SignaturePad("Signature of who received it")
pad.drawn.connect(...)          after every stroke
pad.png()                       the bytes of a PNG, dark on white whatever the theme; empty while nothing is drawn
pad.wipe()                      begin again (also the Delete key)
"""

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.paint import focus_ring, smooth, text
from infusiondesk.foundation.qtkit.theme import token

_TALL = 150
_PICTURE = QSize(640, 200)
_PEN = 3.0


class SignaturePad(QWidget):
    """One signature as it is drawn."""

    drawn = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._strokes: list[list[QPointF]] = []
        self.setObjectName("signature")
        self.setAccessibleName(label)
        self.setFixedHeight(_TALL)
        self.setMinimumWidth(240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._describe()

    def is_empty(self) -> bool:
        """Nothing is drawn."""
        return not self._strokes

    def wipe(self) -> None:
        """Begin again."""
        self._strokes = []
        self._describe()
        self.update()

    def png(self) -> bytes:
        """What was drawn, as a picture."""
        if self.is_empty():
            return b""
        image = QImage(_PICTURE, QImage.Format.Format_Grayscale8)
        image.fill(255)
        painter = smooth(QPainter(image))
        self._paint_strokes(painter, QRectF(0, 0, _PICTURE.width(), _PICTURE.height()), QPen(Qt.GlobalColor.black))
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, Qt wants text
        return bytes(buffer.data().data())

    def sizeHint(self) -> QSize:
        return QSize(320, _TALL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position())
        elif event.type() == QEvent.Type.TabletMove and event.pressure() > 0:
            self._go_on(event.position())
        elif event.type() == QEvent.Type.TabletRelease:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """One finger draws; more are a palm, and ignored."""
        if isinstance(event, QTouchEvent):
            point = event.points()[0].position()
            if event.type() == QEvent.Type.TouchBegin:
                self._begin(point)
            elif event.type() == QEvent.Type.TouchUpdate:
                self._go_on(point)
            elif event.type() == QEvent.Type.TouchEnd:
                self._end()
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.wipe()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(token("control"), 1))
        painter.setBrush(token("surface"))
        painter.drawRoundedRect(area, 8, 8)
        painter.fillRect(QRectF(16, _TALL - 40, self.width() - 32, 1), token("line2"))
        if self.is_empty():
            text(painter, QRectF(16, 44, self.width() - 32, 34), "Sign here", 16, 400, "ink3", "centre")
        text(painter, QRectF(16, _TALL - 34, self.width() - 32, 18), self._label, 12, 400, "ink2")
        self._paint_strokes(painter, QRectF(self.rect()), QPen(token("ink")))
        if self.hasFocus():
            focus_ring(painter, area, 8)

    def _begin(self, point: QPointF) -> None:
        self._strokes.append([self._place(point)])
        self.update()

    def _go_on(self, point: QPointF) -> None:
        if self._strokes:
            self._strokes[-1].append(self._place(point))
            self.update()

    def _end(self) -> None:
        if self._strokes:
            self._describe()
            self.drawn.emit()

    def _place(self, point: QPointF) -> QPointF:
        return QPointF(min(1.0, max(0.0, point.x() / max(1, self.width()))), min(1.0, max(0.0, point.y() / max(1, self.height()))))

    def _describe(self) -> None:
        self.setAccessibleDescription("not signed yet" if self.is_empty() else "signed")

    def _paint_strokes(self, painter: QPainter, area: QRectF, pen: QPen) -> None:
        pen.setWidthF(_PEN)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            points = [QPointF(area.x() + area.width() * one.x(), area.y() + area.height() * one.y()) for one in stroke]
            path = QPainterPath(points[0])
            for point in points[1:] or [points[0] + QPointF(0.5, 0.5)]:
                path.lineTo(point)
            painter.drawPath(path)
