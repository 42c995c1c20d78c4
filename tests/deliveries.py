"""Builders of deliveries for tests: begun, scanned and packed, on the road, confirmed with a signature; all by the services."""

import struct
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from infusiondesk.dispensing import queries, service
from infusiondesk.dispensing.rules import ConfirmationDraft, PackOutDraft, ShipDraft
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.patients import service as patients
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.rules.entries import PlaceDraft
from infusiondesk.patients.rules.words import PlaceKind
from tests.pharmacy import Pharmacy

TECH = Role.TECHNICIAN
NO_SHIPPER = {"dispensing.shipper": "short way, cooler with gel packs"}


def png(shade: int = 0) -> bytes:
    """A picture of one dot: enough to be one; each shade is another file."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def at_home(pharmacy: Pharmacy, patient_id: UUID) -> None:
    """The patient is cared for at home, unless a place is known."""
    if pharmacy.ask(chart_facts, patient_id=patient_id).place is None:
        place = PlaceDraft(PlaceKind.OWN_HOME, "", date(2026, 3, 2))
        pharmacy.do(patients.set_place_of_care, by=Role.INTAKE, patient_id=patient_id, draft=place)


def packed(
    pharmacy: Pharmacy,
    patient_id: UUID,
    bag_ids: Sequence[UUID] | None = None,
    *,
    begin: Callable[..., UUID] = service.begin_ticket,
    out: PackOutDraft | None = None,
) -> UUID:
    """A ticket begun, every bag scanned, the box closed and signed."""
    ticket_id = pharmacy.do(begin, by=TECH, patient_id=patient_id, bag_ids=bag_ids)
    for bag in pharmacy.ask(queries.ticket_of, ticket_id=ticket_id).bags:
        pharmacy.do(service.scan_bag, by=TECH, ticket_id=ticket_id, text=bag.barcode)
    pharmacy.do(service.finish_packing, by=TECH, ticket_id=ticket_id, draft=out, reasons=NO_SHIPPER)
    return ticket_id


def shipped(pharmacy: Pharmacy, ticket_id: UUID, **how: Any) -> UUID:
    """It is on the road."""
    pharmacy.do(service.ship_ticket, by=TECH, ticket_id=ticket_id, draft=ShipDraft(**how))
    return ticket_id


def received(pharmacy: Pharmacy, **more: Any) -> ConfirmationDraft:
    """What the driver brings back: a husband signed for it just now."""
    told: dict[str, Any] = {
        "received_by": "ZZTEST Alder, Paul", "relation": "husband", "received_at": pharmacy.clock.now(),
        "condition": "cold, intact", "signature": png(),
    }  # fmt: skip
    return ConfirmationDraft(**{**told, **more})


def confirmed(pharmacy: Pharmacy, ticket_id: UUID, **more: Any) -> UUID:
    """Forty minutes later it is there."""
    pharmacy.clock.advance(minutes=40)
    pharmacy.do(service.confirm_delivery, by=TECH, ticket_id=ticket_id, draft=received(pharmacy, **more))
    return ticket_id
