"""The prescriptions of the demonstration: the fax as it came, counsel offered with the first delivery, each day's fills signed."""

from datetime import date
from io import BytesIO
from uuid import UUID

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from infusiondesk.app.demo.pharmacy import DemoPharmacy
from infusiondesk.foundation.kernel.ismp import day, moment
from infusiondesk.orders.queries import order_version
from infusiondesk.prescriptions.queries import fill_log, signed_fills
from infusiondesk.prescriptions.rules import CounselDraft, How, Reply
from infusiondesk.prescriptions.service import keep_original, offer_counsel, sign_fill_log


def keep_fax(pharmacy: DemoPharmacy, version_id: UUID) -> None:
    """A sheet that says what was ordered, kept as the original of this version."""
    order = pharmacy.ask(order_version, version_id=version_id)
    lines = [
        "DEMO: this sheet was made for a demonstration and is no prescription.",
        f"Received {moment(order.received_at)} by {order.received_by}",
        f"For {order.patient}",
        f"{order.sig}, {day(order.start_on)} to {day(order.stop_on)}",
        f"For {order.indication}",
        f"{order.prescriber}, NPI {order.prescriber_npi}",
    ]
    content = BytesIO()
    canvas = Canvas(content, pagesize=letter, invariant=True)
    for number, words in enumerate(lines):
        canvas.drawString(72, 700 - 24 * number, words)
    canvas.showPage()
    canvas.save()
    name = f"rx-{order.rx_number}-version-{order.number}.pdf"
    pharmacy.do(keep_original, "birch", version_id=version_id, name=name, content=content.getvalue())


def counsel(pharmacy: DemoPharmacy, version_id: UUID) -> None:
    """A pharmacist calls on the evening of the first delivery."""
    order = pharmacy.ask(order_version, version_id=version_id)
    draft = CounselDraft(How.TELEPHONE, Reply.ACCEPTED, order.patient, "storage, how the dose is given, when to call")
    pharmacy.do(offer_counsel, "rowan", version_id=version_id, draft=draft)


def sign_day(pharmacy: DemoPharmacy, on: date) -> None:
    """Who released the bags signs for what left."""
    seen = signed_fills(pharmacy.ask(fill_log, day=on).fills, pharmacy.people["hazel"].id)
    pharmacy.do(sign_fill_log, "hazel", on=on, seen=seen)
