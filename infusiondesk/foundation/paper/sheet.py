"""A letter-size sheet: head, patient and page number on every page, then what the document puts on it; the same bytes twice."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any, Final

from reportlab.lib.pagesizes import letter
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, NextPageTemplate, PageTemplate, Spacer

from infusiondesk.foundation.paper import pieces
from infusiondesk.foundation.paper.head import FOOT, MARGIN, WIDTH, Head
from infusiondesk.foundation.paper.ink import REGULAR, Ink, log_missing
from infusiondesk.foundation.paper.pieces import Column, Text
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape

Piece = Callable[[Ink], list[Flowable]]

# Neutral on purpose: metadata travels further than the page, and may name no patient.
NEUTRAL: Final[dict[str, Any]] = {
    "title": "InfusionDesk document",
    "subject": "",
    "author": "InfusionDesk",
    "creator": "InfusionDesk",
    "producer": "InfusionDesk",
}
# The same bytes for the same facts, and no face but ours (reportlab would list an unembedded Helvetica).
SETTINGS: Final[dict[str, Any]] = {
    "invariant": 1,
    "pageCompression": 1,
    "lang": "en-US",
    "initialFontName": REGULAR,
    "initialFontSize": pieces.BODY,
}


class Sheet:
    """Put pieces on it in reading order, then ask for the bytes.

    It is laid out twice: the first time counts the pages, so that each can say "page n of m".
    """

    def __init__(
        self, *, title: str, record: RecordMark, printing: Printing, patient: PatientBlock | None = None, subtitle: str = ""
    ) -> None:
        self.title, self.subtitle, self.record, self.printing, self.patient = title, subtitle, record, printing, patient
        self._pieces: list[Piece] = []

    def heading(self, text: str, aside: Text = "") -> None:
        """A section begins; it is not left alone at the foot of a page."""
        self.draw(lambda ink: [CondPageBreak(90), *pieces.heading(text, ink, WIDTH, aside)])

    def words(self, text: Text) -> None:
        """One paragraph."""
        self.draw(lambda ink: [pieces.paragraph(text, ink), Spacer(1, 4)])

    def facts(self, pairs: Sequence[tuple[str, Text]], columns: int = 2) -> None:
        """Labels and values, read across in 1, 2 or 3 columns; an empty value prints "not recorded"."""
        self.draw(lambda ink: [*pieces.facts(pairs, ink, WIDTH, columns), Spacer(1, 4)])

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Text]],
        *,
        totals: Sequence[Sequence[Text]] = (),
        empty: str = "Nothing to list.",
    ) -> None:
        """A table that may run over pages; its headings are repeated."""
        self.draw(lambda ink: pieces.table(columns, rows, ink, WIDTH, totals=totals, empty=empty))

    def points(self, sentences: Sequence[Text], shape: Shape = Shape.NONE) -> None:
        """Sentences one under the other."""
        self.draw(lambda ink: pieces.points(sentences, ink, shape))

    def steps(self, sentences: Sequence[Text]) -> None:
        """Sentences in an order that matters, numbered."""
        self.draw(lambda ink: pieces.steps(sentences, ink))

    def not_checked(self, sentences: Sequence[str]) -> None:
        """What this paper does not vouch for."""
        self.draw(lambda ink: pieces.not_checked(sentences, ink, WIDTH))

    def signatures(self, signed: Sequence[Signature | Unsigned], title: str = "Signatures", aside: str = "") -> None:
        """The signature blocks under their heading, two beside each other, never torn apart."""
        self.draw(lambda ink: pieces.signatures(signed, ink, WIDTH, title, aside))

    def draw(self, piece: Piece) -> None:
        """Anything else: a function from ink to flowables, called once for each layout."""
        self._pieces.append(piece)

    def pdf(self) -> bytes:
        """The finished paper; the same facts give the same bytes."""
        pages, missing, _ = self._laid_out()
        _, _, content = self._laid_out(total=pages, missing=missing)
        log_missing(self.record.id, missing)
        return content

    def _laid_out(self, total: int = 0, missing: int = 0) -> tuple[int, int, bytes]:
        ink = Ink()
        story = [NextPageTemplate("later"), *(flowable for piece in self._pieces for flowable in piece(ink)), Spacer(1, 0.1)]
        head = Head(
            ink,
            title=self.title,
            subtitle=self.subtitle,
            record=self.record,
            printing=self.printing,
            patient=self.patient,
            pages=total,
            missing=missing,
        )
        buffer = BytesIO()
        document = BaseDocTemplate(buffer, pagesize=letter, **SETTINGS, **NEUTRAL)
        document.addPageTemplates(
            [
                PageTemplate("first", [_frame(head.first_height)], onPage=head.draw_first),
                PageTemplate("later", [_frame(head.later_height)], onPage=head.draw_later),
            ]
        )
        document.build(story)
        return document.page, len(ink.missing), buffer.getvalue()


def _frame(head_height: float) -> Frame:
    return Frame(MARGIN, FOOT, WIDTH, letter[1] - head_height - FOOT, leftPadding=0, rightPadding=0, topPadding=6, bottomPadding=6)
