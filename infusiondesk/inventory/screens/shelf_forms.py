"""The forms of the Stock screen: an item, a location, and what is done with one lot."""

from collections.abc import Callable, Sequence
from typing import Final

from infusiondesk.foundation.kernel.ismp import counted, day, number
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, Code, CodeField, LongTextField, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.inventory import service
from infusiondesk.inventory.queries import ItemRow, LocationRow, LotRow
from infusiondesk.inventory.rules import (
    CountDraft,
    ItemDraft,
    ItemKind,
    LocationDraft,
    LocationKind,
    MoveDraft,
    SuspicionDraft,
    SuspicionEnd,
    WasteDraft,
    place_problem,
)
from infusiondesk.inventory.rules.drafts import ExpiryDraft

LookUp = Callable[[str, Callable[[Sequence[Code]], None]], None]
_KEPT_IN: Final = [(kind.value, kind.value) for kind in LocationKind]
_MORE: Final[Sequence[Field | str]] = (
    TextField("ndc", "NDC", hint="with hyphens, or eleven digits; a scan finds the item by it"),
    TextField("gtin", "GTIN or UPC", hint="of a supply or device; a scan finds the item by it"),
    TextField("maker", "Maker"),
    "When to order it",
    NumberField("reorder_point", "Reorder point", places=3),
    NumberField("order_up_to", "Order up to", places=3),
    NumberField("pack_size", "Comes in packs of", places=3, hint="what one order line brings"),
)


def new_item(desk: Desk, look_up: LookUp) -> Editor:
    """Stock something new."""
    fields: list[Field | str] = [
        ChoiceField("kind", "Kind", choices=[kind.value for kind in ItemKind], spread=False),
        CodeField("product_id", "Product of the catalog", look_up=look_up, hint="for a drug or a diluent"),
        TextField("name", "Item", required=True, hint="as its package reads"),
        TextField("unit", "Counted as", required=True, hint="vial, bag, set"),
        ChoiceField("kept_in", "Kept in", choices=[(None, "as the product says"), *_KEPT_IN], spread=False),
        *_MORE,
    ]
    return Editor(desk, "item", "Stock a new item", fields, ItemDraft(), service.stock_item, said="Stocked.")


def changed_item(desk: Desk, row: ItemRow, draft: ItemDraft) -> Editor:
    """Change an item that is stocked."""
    fields: list[Field | str] = [
        TextField("name", "Item", required=True, hint="as its package reads"),
        ChoiceField("kept_in", "Kept in", required=True, choices=_KEPT_IN, spread=False),
        *_MORE,
    ]
    return Editor(
        desk,
        "change",
        f"Change {row.name}",
        fields,
        draft,
        service.change_item,
        given=lambda typed: {"item_id": row.id, "draft": typed},
        said="Changed.",
    )


def new_location(desk: Desk) -> Editor:
    """A place more for stock."""
    fields = [
        TextField("name", "Name", required=True, hint="as the door or the shelf says"),
        ChoiceField("kind", "Kind", required=True, choices=_KEPT_IN, spread=False),
    ]
    return Editor(desk, "location", "Add a location", fields, LocationDraft(), service.add_location, said="Added.")


def renamed_location(desk: Desk, row: LocationRow) -> Editor:
    """Another name for a place."""
    return Editor(
        desk,
        "rename",
        f"Rename {row.name}",
        [TextField("name", "Name", required=True)],
        LocationDraft(row.name, row.kind.value),
        service.rename_location,
        given=lambda typed: {"location_id": row.id, "name": typed.name},
        said="Renamed.",
    )


def counted_lot(desk: Desk, row: LotRow) -> Editor:
    """Count one lot, blind."""
    return Editor(
        desk,
        "count",
        f"Count lot {row.lot_number}",
        [NumberField("found", "Counted", unit=f"{row.unit}s", places=3, required=True)],
        CountDraft(),
        service.count_lot,
        given=lambda draft: {"lot_id": row.id, "found": draft.found},
        said="Counted.",
        explanation=f"{row.item}. A difference is counted again by another person, under Counts.",
    )


def corrected_expiry(desk: Desk, row: LotRow) -> Editor:
    """The expiry as the package reads."""
    return Editor(
        desk,
        "expiry",
        f"Expiry of lot {row.lot_number}",
        [TextField("expires", "Expires", required=True, hint="2027-08-31, or 2027-08")],
        ExpiryDraft(),
        service.correct_expiry,
        given=lambda draft: {"lot_id": row.id, "draft": draft},
        said="Corrected.",
        explanation=f"{row.item}, on file with {day(row.expires_on)}. For an expiry that was typed wrong at receiving.",
    )


def wasted_lot(desk: Desk, row: LotRow) -> Editor:
    """Write some of a lot off."""
    return Editor(
        desk,
        "waste",
        f"Waste of lot {row.lot_number}",
        [NumberField("quantity", "Waste", unit=f"{row.unit}s", places=3, required=True)],
        WasteDraft(),
        service.waste_lot,
        given=lambda draft: {"lot_id": row.id, "quantity": draft.quantity},
        said="Written off.",
        explanation=f"{row.item}. {counted(row.on_hand, row.unit)} on hand.",
    )


def moved_lot(desk: Desk, row: LotRow, kept_in: LocationKind, locations: Sequence[LocationRow]) -> Editor:
    """Carry some of a lot to another location that suits it."""
    here = [(place.location_id, f"{place.location}, {number(place.on_hand)}") for place in row.places if place.on_hand]
    there = [(one.id, one.name) for one in locations if place_problem(row.item, kept_in, one.name, one.kind) is None]
    return Editor(
        desk,
        "move",
        f"Move lot {row.lot_number}",
        [
            ChoiceField("from_id", "From", required=True, choices=here, spread=False),
            ChoiceField("to_id", "To", required=True, choices=there, spread=False),
            NumberField("quantity", "How many", unit=f"{row.unit}s", places=3, required=True),
        ],
        MoveDraft(from_id=here[0][0] if here else None),
        service.move_lot,
        given=lambda draft: {"lot_id": row.id, "draft": draft},
        said="Moved.",
        explanation=f"{row.item} is kept in a {kept_in}.",
    )


def ended_investigation(desk: Desk, row: LotRow, suspicion: str) -> Editor:
    """How the investigation of a suspect lot ended."""
    return Editor(
        desk,
        "suspicion",
        f"End the investigation of lot {row.lot_number}",
        [
            ChoiceField("end", "The product is", required=True, choices=[end.value for end in SuspicionEnd]),
            LongTextField("finding", "Finding", required=True, lines=3),
            TextField("notified", "Notified", hint="FDA and trading partners, when"),
        ],
        SuspicionDraft(),
        service.end_investigation,
        given=lambda draft: {"lot_id": row.id, "draft": draft},
        said="Ended.",
        explanation=f"{row.item}. Suspected: {suspicion}.",
    )
