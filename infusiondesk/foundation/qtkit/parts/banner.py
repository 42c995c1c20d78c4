"""One patient, one banner: who this is, what harms them, what runs; nothing of it ever scrolls or wraps out of sight.

    banner.show_patient(BannerFacts(name="ZZTEST Alder, Marian", mrn="40-118-7", born="14 Mar 1964", age="62 years",
        sex="female", weight="71.4 kg (157 lb), 21 Nov 2026", status="Active", status_tone="done",
        allergies=(AllergyFact("Allergy: penicillin, hives (2011)"), AllergyFact("Latex, rash")),
        emergency_class="Emergency class 2: dose critical within 24 hours", code_status="Full code",
        access="PICC, right basilic, 2 lumens", therapy="vancomycin, day 23 of 42", payer="Blue Plan PPO",
        authorization="ended 22 Nov 2026, 0 days left", authorization_tone="due"))
    banner.show_patient(None)          no patient: the banner is absent

No allergies given means not recorded, which is red and says what it stops; "no known allergies" is a fact of its own:
AllergyFact("No known allergies, confirmed 21 Nov 2026", "done").
"""

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from infusiondesk.foundation.qtkit.fonts import width_of
from infusiondesk.foundation.qtkit.paint import LOOKS, box, pill, pill_width, shape, smooth, text, wrapped
from infusiondesk.foundation.qtkit.theme import token
from infusiondesk.foundation.qtkit.tokens import Token, Tone

NOT_RECORDED = "Allergies not recorded: dispensing is stopped"


class AllergyFact(NamedTuple):
    """One allergy with its reaction, as the banner says it."""

    words: str
    tone: Tone = "danger"


@dataclass(frozen=True)
class BannerFacts:
    """What the banner says, in words made elsewhere; the banner decides nothing."""

    name: str
    mrn: str
    born: str
    age: str
    sex: str
    weight: str
    status: str
    status_tone: Tone = "done"
    allergies: tuple[AllergyFact, ...] = ()
    emergency_class: str = ""
    code_status: str = ""
    access: str = ""
    therapy: str = ""
    payer: str = ""
    authorization: str = ""
    authorization_tone: Tone | None = None
    remark: str = ""
    """A record that is restricted, a patient who was discharged: one more pill, amber."""


@dataclass(frozen=True)
class _Piece:
    """Something to place: a label with its value, or a pill."""

    label: str
    words: str
    px: int = 13
    weight: int = 400
    tone: Tone | None = None
    is_pill: bool = False

    def width(self) -> float:
        if self.is_pill:
            return pill_width(self.words, self.tone or "plain")
        lead = width_of(self.label, 12) + 6 if self.label else 0
        return lead + (15 if self.tone else 0) + width_of(self.words, self.px, self.weight)


class _Placed(NamedTuple):
    piece: _Piece
    area: QRectF


_MARGIN = 20


class Banner(QWidget):
    """The banner of the open patient."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: BannerFacts | None = None
        self._placed: list[_Placed] = []
        self._room = 1200  # until it was laid out; its own first width of 100 would make it, and the window, far too high
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(92)
        self.setVisible(False)

    def show_patient(self, facts: BannerFacts | None) -> None:
        """Show a patient, or nobody."""
        self._facts = facts
        self.setVisible(facts is not None)
        self.setAccessibleName(f"Patient {facts.name}" if facts else "No patient")
        self.setAccessibleDescription(self._in_words())
        self._place()
        self.update()

    def facts(self) -> BannerFacts | None:
        """Who is shown."""
        return self._facts

    def _lines(self, facts: BannerFacts) -> tuple[list[_Piece], list[_Piece], list[_Piece]]:
        born = f"{facts.born} ({facts.age})" if facts.age else facts.born
        first = [
            _Piece("", facts.name, 20, 600),
            _Piece("MRN", facts.mrn, 13, 600),
            _Piece("Born", born or "not recorded"),
            _Piece("Sex", facts.sex or "not recorded"),
            _Piece(
                "Weight", facts.weight or "not recorded", tone=None if facts.weight else "due", weight=400 if facts.weight else 600
            ),
        ]
        allergies = facts.allergies or (AllergyFact(NOT_RECORDED),)
        second = [_Piece("", allergy.words, tone=allergy.tone, is_pill=True) for allergy in allergies]
        second += [_Piece("", words, tone="plain", is_pill=True) for words in (facts.emergency_class, facts.code_status) if words]
        if facts.remark:
            second.append(_Piece("", facts.remark, tone="due", is_pill=True))
        authorization = _Piece(
            "Authorization", facts.authorization, 12, 600 if facts.authorization_tone else 400, facts.authorization_tone
        )
        third = [
            _Piece("Access", facts.access, 12),
            _Piece("Therapy", facts.therapy, 12),
            _Piece("Payer", facts.payer, 12),
            authorization,
        ]
        return first, second, [piece for piece in third if piece.words]

    def _in_words(self) -> str:
        if self._facts is None:
            return ""
        told = [f"{piece.label} {piece.words}".strip() for line in self._lines(self._facts) for piece in line]
        return ". ".join([*told, f"Status {self._facts.status}"])

    def _place(self) -> None:
        """Flow each line into as many rows as the width needs, and take exactly that height."""
        self._placed = []
        if self._facts is None:
            return
        first, second, third = self._lines(self._facts)
        status = pill_width(self._facts.status, self._facts.status_tone) + 16
        y = self._flow(first, 9.0, 24, 18, 24, spared=status)
        y = self._flow(second, y + 7, 22, 6, 26)
        y = self._flow(third, y + 4, 20, 20, 20) if third else y
        self.setFixedHeight(max(92, int(y + 6)))

    def _flow(self, pieces: list[_Piece], y: float, height: int, gap: int, step: int, spared: int = 0) -> float:
        width = max(200, self._room)
        x = float(_MARGIN)
        right = width - _MARGIN - spared
        for piece in pieces:
            wide = piece.width()
            if x > _MARGIN and x + wide > right:
                x, y, right = float(_MARGIN), y + step, width - _MARGIN
            whole = right - _MARGIN
            tall = height
            if wide > whole:
                lines = len(self._broken(piece, whole))
                wide, tall = whole, height + 16 * (lines - 1)
            self._placed.append(_Placed(piece, QRectF(x, y, wide, tall)))
            x += wide + gap
            y += tall - height
        return y + height

    @staticmethod
    def _broken(piece: _Piece, width: float) -> list[str]:
        if piece.is_pill:
            return wrapped(piece.words, width - 34, 12, 600, most=9)
        return wrapped(piece.words, width - (width_of(piece.label, 12) + 22 if piece.label else 0), piece.px, piece.weight, most=9)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room = self.width()
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(800, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth(QPainter(self))
        painter.fillRect(self.rect(), token("surface"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), token("line"))
        painter.fillRect(QRectF(0, 0, 4, self.height()), token("accent"))
        if self._facts is None:
            return
        for piece, area in self._placed:
            if piece.is_pill:
                self._paint_pill(painter, piece, area)
            else:
                self._paint_value(painter, piece, area)
        wide = pill_width(self._facts.status, self._facts.status_tone)
        pill(painter, self.width() - _MARGIN - wide, 22, self._facts.status, self._facts.status_tone)

    def _paint_pill(self, painter: QPainter, piece: _Piece, area: QRectF) -> None:
        tone = piece.tone or "plain"
        if area.height() <= 22:
            pill(painter, area.x(), area.center().y(), piece.words, tone, width=area.width())
            return
        look = LOOKS[tone]
        box(painter, area, 4, look.soft, look.line)
        shape(painter, look.shape, QRectF(area.x() + 8, area.y() + 6, 10, 10), look.ink)
        for number, line in enumerate(self._broken(piece, area.width())):
            text(painter, QRectF(area.x() + 24, area.y() + 2 + number * 16, area.width() - 30, 18), line, 12, 600, look.ink)

    def _paint_value(self, painter: QPainter, piece: _Piece, area: QRectF) -> None:
        x = area.x()
        if piece.label:
            lead = width_of(piece.label, 12)
            text(painter, QRectF(x, area.y(), lead + 2, min(area.height(), 24)), piece.label, 12, 400, "ink3", keep=True)
            x += lead + 6
        ink: Token = "ink"
        if piece.tone:
            ink = LOOKS[piece.tone].ink
            shape(painter, LOOKS[piece.tone].shape, QRectF(x, area.y() + area.height() / 2 - 5, 10, 10), ink)
            x += 15
        one = area.height() <= 24
        lines = [piece.words] if one else self._broken(piece, area.width())
        for number, line in enumerate(lines):
            row = QRectF(x, area.y() + number * 16, area.right() - x + 2, area.height() if one else 20)
            text(painter, row, line, piece.px, piece.weight, ink, keep=one)
