"""The papers of deliveries: ticket with its proof, packing list, pick list, route sheet, cold-chain record."""

from infusiondesk.dispensing.documents.papers import (
    TicketPaper,
    cold_chain,
    draw_cold_chain,
    draw_packing_list,
    draw_pick_list,
    draw_route_sheet,
    packing_list,
)
from infusiondesk.dispensing.documents.ticket import (
    DeliveryConfirmation,
    DeliveryItem,
    DeliveryTicket,
    delivery_ticket,
    draw_delivery_ticket,
)

__all__ = [
    "DeliveryConfirmation",
    "DeliveryItem",
    "DeliveryTicket",
    "TicketPaper",
    "cold_chain",
    "delivery_ticket",
    "draw_cold_chain",
    "draw_delivery_ticket",
    "draw_packing_list",
    "draw_pick_list",
    "draw_route_sheet",
    "packing_list",
]
