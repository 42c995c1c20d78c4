"""Inventory: what is on the shelf, lot by lot, and every movement that brought it there or took it away.

Item: something that is stocked: a product of the catalog, or a bag, set or supply without one.
Lot: one batch of the maker of an item, with its expiry; recalls are by lot.
Movement: so many units received, used, wasted, adjusted after a count, put into quarantine or cleared from it.
On hand: what may be taken now; the sum of all movements. Quarantined units are not on hand.
Expiry: the last day on which the maker vouches for the lot; a month means its last day.
First expired, first out: the lot that expires first is taken first.
"""
