"""What every published file goes through first: its size, its wrapping, its letters; and how a line that is not taken is named."""

import zlib
from dataclasses import dataclass
from typing import Final

from infusiondesk.foundation.kernel.outcomes import Refused

MOST_BYTES: Final = 50 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True)
class RefusedLine:
    """A line that was not taken, and why."""

    line: int
    code: str
    sentence: str


def text_of(content: bytes) -> str:
    """The text of a file, unpacked where it is gzip: UTF-8, else the Windows-1252 that CMS uses; line ends of any kind."""
    content = _unpacked(content)
    if len(content) > MOST_BYTES:
        raise Refused(f"The file has {len(content):,} bytes; at most {MOST_BYTES:,} are read.")
    if content.startswith(b"PK"):
        raise Refused("This is a zip or an Excel file; unpack it and choose the text file inside.")
    if b"\0" in content:
        raise Refused(f"Byte {content.index(0) + 1:,} is NUL, so this is not a text file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unpacked(content: bytes) -> bytes:
    """One byte more than is read at most, so that a file which unpacks without end is refused and fills no memory.

    A gzip file may have several members, one behind the other (RFC 1952, 2.2): all of them are the text.
    """
    if not content.startswith(_GZIP) or len(content) > MOST_BYTES:
        return content
    text, rest = b"", content
    while rest and len(text) <= MOST_BYTES:
        if not rest.startswith(_GZIP):
            raise Refused(f"Behind the text of this gzip file stand {len(rest):,} bytes that are none of it.")
        try:
            unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
            text += unpacking.decompress(rest, MOST_BYTES + 1 - len(text))
        except zlib.error as error:
            raise Refused("This gzip file is damaged.") from error
        if not unpacking.eof and len(text) <= MOST_BYTES:
            raise Refused("This gzip file ends too early.")
        rest = unpacking.unused_data
    return text
