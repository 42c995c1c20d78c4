"""The serial of a pump in what a scanner reads."""

import re
from typing import Final

import biip

from infusiondesk.equipment.rules.recalls import serial_text

_ITEM: Final = "01"  # GS1 General Specifications: application identifiers of a GTIN and of a serial number
_SERIAL: Final = "21"
_BRACKET: Final = re.compile(r"\x1d?\((\d{2,4})\)")


def serials_in(scanned: str) -> tuple[str, ...]:
    """The serials that a code can mean: the code itself, as on our own label, and that of a maker's GS1 code with its GTIN."""
    typed = scanned.strip()
    # As a scanner would send it: a separator before each part, so that one ends where the next begins.
    raw = _BRACKET.sub("\x1d\\1", typed).lstrip("\x1d") if typed.startswith("(01)") else typed
    message = biip.parse(raw).gs1_message
    found = message.element_strings.get(ai=_SERIAL) if message and message.element_strings.get(ai=_ITEM) else None
    return (serial_text(typed), serial_text(found.value)) if found else (serial_text(typed),)
