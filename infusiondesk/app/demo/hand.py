"""A made-up hand for the demonstration: a few waves as a picture, so that every delivery has a signature of its own."""

import math
import struct
import zlib

_WIDE, _TALL, _MARGIN = 240, 72, 16


def a_signature(number: int) -> bytes:
    """A PNG of a wavy line; every number writes differently. Only a drawing: no figure of it is used anywhere."""
    rows = [bytearray(b"\xff" * _WIDE) for _ in range(_TALL)]
    for step in range((_WIDE - 2 * _MARGIN) * 8):
        across = step / 8
        along = _TALL / 2 + 18 * math.sin(across / (7 + number % 5)) * math.cos(across / (23 + number % 7))
        for offset in (0, 1):
            rows[int(along) + offset][_MARGIN + int(across)] = 0x20
    body = zlib.compress(b"".join(b"\x00" + bytes(row) for row in rows), 9)
    head = struct.pack(">IIBBBBB", _WIDE, _TALL, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
