"""The prescription record, the fill log of a day, and an original as a sheet that the viewer can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from infusiondesk.foundation.kernel.ismp import counted, day, moment
from infusiondesk.foundation.kernel.outcomes import Unavailable
from infusiondesk.foundation.paper.pieces import Column, Words
from infusiondesk.foundation.paper.sheet import Sheet
from infusiondesk.foundation.paper.stationery import PatientBlock, Printing, RecordMark, Signature, Unsigned
from infusiondesk.foundation.paper.tones import Shape
from infusiondesk.orders.documents import order_facts
from infusiondesk.prescriptions.queries import DayLog, FillRow, OfferRow, OriginalRow, PrescriptionRecord, PrescriptionRow, QueryRow

_MARGIN = 36.0  # points
_FILLS = (Column("Fill", 8), Column("Left", 18), Column("What", 36), Column("Ticket", 16), Column("Released by", 22))
_DAY = (Column("Rx, fill", 16), Column("Patient", 24), Column("What", 36), Column("Released by", 24))
_ORIGINALS = (Column("Version", 10), Column("File", 30), Column("SHA-256", 40), Column("Kept", 20))
_ASKED = (Column("When", 20), Column("What was seen", 50), Column("By", 30))
_OFFERS = (Column("When", 20), Column("How and answer", 34), Column("About", 30), Column("By", 16))


@dataclass(frozen=True)
class PrescriptionPaper:
    """One prescription with the block of its patient and the names under the version that stands."""

    record: RecordMark
    patient: PatientBlock
    prescription: PrescriptionRecord
    signatures: tuple[Signature | Unsigned, ...]


@dataclass(frozen=True)
class FillLogPaper:
    """One day's fills and the names under them."""

    record: RecordMark
    log: DayLog
    signatures: tuple[Signature | Unsigned, ...]


def prescription_paper(
    found: PrescriptionRecord, patient: PatientBlock, signatures: Sequence[Signature | Unsigned]
) -> PrescriptionPaper:
    """A prescription as it is printed."""
    mark = RecordMark(f"RXR-{found.row.rx_number}", str(found.row.order.number))
    return PrescriptionPaper(mark, patient, found, tuple(signatures) or (Unsigned("verified"),))


def fill_log_paper(log: DayLog, signatures: Sequence[Signature]) -> FillLogPaper:
    """A day as it is printed; whose name is missing stands there as not signed."""
    open_ones = tuple(Unsigned("dispensed as shown", f"{one.name} has not signed yet") for one in log.to_sign)
    return FillLogPaper(RecordMark(f"FILLS-{log.day:%Y%m%d}", "1"), log, (*signatures, *open_ones))


def draw_prescription(facts: PrescriptionPaper, printing: Printing) -> bytes:
    """Draw the prescription record: the order, its terms, originals, counsel and every fill."""
    found = facts.prescription
    row = found.row
    sheet = Sheet(
        title="Prescription record", subtitle=f"Rx {row.rx_number}, {row.order.drug}", record=facts.record, printing=printing,
        patient=facts.patient,
    )  # fmt: skip
    sheet.heading("Prescription", f"version {row.order.number}, {row.order.state.value}")
    sheet.facts([*terms_words(found), *order_facts(row.order)])
    sheet.heading("Fills", counted(len(found.fills), "fill"))
    sheet.table(_FILLS, [_fill(one) for one in found.fills], empty="Nothing was dispensed yet.")
    sheet.heading("Originals", counted(len(found.originals), "file"))
    sheet.table(_ORIGINALS, [_kept(one) for one in found.originals], empty="No original is on file.")
    sheet.heading("Counsel", counted(len(found.offers), "offer"))
    sheet.table(_OFFERS, [_offer(one) for one in found.offers], empty="No offer of counsel is recorded.")
    if found.schedule:
        sheet.heading("Monitoring programme", f"asked {counted(len(found.asked), 'time')}")
        sheet.table(_ASKED, [_asked(one) for one in found.asked], empty="It was not asked for this prescription.")
    sheet.not_checked(found.missing)
    sheet.signatures(facts.signatures)
    return sheet.pdf()


def draw_fill_log(facts: FillLogPaper, printing: Printing) -> bytes:
    """Draw a day's fills, each with the pharmacist who released it, and the names under them."""
    log = facts.log
    sheet = Sheet(title="Daily fill log", subtitle=day(log.day), record=facts.record, printing=printing, patient=None)
    sheet.heading("Fills", counted(len(log.fills), "fill"))
    rows = [
        [
            Words(f"{one.rx_number}, fill {one.number}", strong=True, second=f"{one.left_at:%H:%M}, {one.ticket}"),
            Words(one.patient, strong=True, second=one.mrn),
            Words(f"{counted(one.bags, 'bag')} {one.what}", second="; ".join(one.lots)),
            _names(one) or Words("nobody named", shape=Shape.RING),
        ]
        for one in log.fills
    ]
    sheet.table(_DAY, rows, empty="Nothing left on this day.")
    sheet.signatures(facts.signatures, aside="each pharmacist signs for the fills he released")
    return sheet.pdf()


def terms_words(found: PrescriptionRecord) -> list[tuple[str, str]]:
    """Its schedule, when it expires and what refills are left, in words; what is not known says so."""
    row = found.row
    expires = day(row.terms.expires_on) if row.terms.expires_on else "not known"
    return [
        ("Schedule", found.schedule.replace("C", "C-", 1) if found.schedule else "not controlled"),
        ("Expires", expires),
        ("Fills", counted(row.fills, "fill")),
        ("Refills left", refills_words(row)),
        *(("Transferred", f"{one.words}; {one.details}") for one in found.transfers),
    ]


def refills_words(row: PrescriptionRow) -> str:
    """How often it may still be filled after the first time."""
    if row.is_transferred:
        return "none: given to another pharmacy"
    if (until := row.terms.portions_until) is not None:
        return f"none; in portions until {day(until)}"
    left = row.refills_left
    return "until the last day" if left is None else f"{left} of {row.terms.most_refills}"


def original_pdf(media_type: str, content: bytes) -> bytes:
    """The original as a PDF: one that came as PDF is left as it is, an image stands alone on a sheet.

    Raises Unavailable for an image that cannot be drawn; the file itself is kept as it came.
    """
    if media_type == "application/pdf":
        return content
    try:
        return _image_sheet(content)
    except Exception as error:  # what an image library raises for a damaged file is not of one kind
        raise Unavailable("This image is damaged and cannot be shown. It is kept as it came; ask for it again.") from error


def _image_sheet(content: bytes) -> bytes:
    image = ImageReader(BytesIO(content))
    wide, high = image.getSize()
    width, height = letter
    scale = min((width - 2 * _MARGIN) / wide, (height - 2 * _MARGIN) / high)
    kept = BytesIO()
    canvas = Canvas(kept, pagesize=letter, invariant=True)
    left, bottom = (width - wide * scale) / 2, height - _MARGIN - high * scale
    canvas.drawImage(image, left, bottom, wide * scale, high * scale, mask="auto")
    canvas.showPage()
    canvas.save()
    return kept.getvalue()


def fill_log_name(on: date) -> str:
    """The file name of a day's log: no patient stands in it."""
    return f"fill-log-{on.isoformat()}.pdf"


def _fill(one: FillRow) -> list[Words | str]:
    what = Words(f"{counted(one.bags, 'bag')} {one.what}", strong=True, second="; ".join(one.lots))
    return [f"{one.number}", moment(one.left_at), what, Words(one.ticket, second=one.state), _names(one)]


def _names(one: FillRow) -> str:
    return ", ".join(pharmacist.name for pharmacist in one.released_by)


def _asked(one: QueryRow) -> list[Words | str]:
    return [moment(one.asked_at), Words(one.words, second=", ".join(filter(None, (one.program, one.number)))), one.asked_by]


def _offer(one: OfferRow) -> list[Words | str]:
    how = f"{one.how}, {one.with_whom}" if one.with_whom else one.how
    return [moment(one.at), Words(one.reply, strong=True, second=how), one.about, one.by]


def _kept(one: OriginalRow) -> list[Words | str]:
    return [f"{one.version}", Words(one.name, strong=True), one.sha256, f"{moment(one.added_at)}, {one.added_by}"]
