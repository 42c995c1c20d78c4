"""Inventory: what lies where, lot by lot, and every movement that brought it there or took it away.

Location: a room, a refrigerator, a freezer or a controlled vault in which stock lies.
Item: something that is stocked: a product of the catalog, or a bag, set or supply without one. It is kept in one kind of location.
Lot: one batch of the maker of an item, with its expiry; recalls are by lot, item or maker.
Holding: what is left of a lot at one location, on hand and in quarantine; a lot's count is the sum of its holdings.
Movement: so many units received, used, sent, wasted, moved, adjusted after a count, quarantined, cleared, destroyed, returned.
On hand: what may be taken now; the sum of all movements. Quarantined units are not on hand.
Receipt: one delivery of a vendor with its document; its lines are the movements that name it.
Suspect product: a lot that is looked into (DSCSA); it stays in quarantine until it is cleared, destroyed or returned.
Count sheet: what lies at a location, counted blind; a difference is counted again by another person, then adjusted.
Expiry: the last day on which the maker vouches for the lot; a month means its last day.
First expired, first out: the lot that expires first is taken first, wherever it lies.
Returned goods: what left the pharmacy and came back; it is destroyed, never put on the shelf.
"""
