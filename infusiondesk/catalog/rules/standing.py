"""What a row still needs before it may be worked with: a value, then the pharmacist in charge's name."""

from decimal import Decimal

from infusiondesk.catalog.rules.words import ProductForm, Standing


def product_missing(form: ProductForm, reconstitution_ml: Decimal | None, concentration: Decimal | None) -> str | None:
    """What a product lacks for a worksheet, in words, or None."""
    if form is ProductForm.SOLUTION:
        return None
    lacks = [
        words
        for value, words in ((reconstitution_ml, "the volume to add"), (concentration, "the strength after reconstitution"))
        if value is None
    ]
    return f"{' and '.join(lacks)} not entered" if lacks else None


def stability_missing(is_forbidden: bool, hours: Decimal | None) -> str | None:
    """What a stability lacks for a beyond-use date; "not to be stored so" is complete without hours."""
    return "hours not known: no beyond-use date" if hours is None and not is_forbidden else None


def standing(*, missing: str | None, is_reviewed: bool, still_matches: bool) -> Standing:
    """Where a row stands: incomplete before all, then unsigned, then changed since, then signed."""
    if missing is not None:
        return Standing.INCOMPLETE
    if not is_reviewed:
        return Standing.UNSIGNED
    return Standing.SIGNED if still_matches else Standing.CHANGED
