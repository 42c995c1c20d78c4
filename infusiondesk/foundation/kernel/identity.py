"""Keys made by the client: UUIDv7 from an injected clock and injected randomness, so that nothing collides when it merges."""

import secrets
from collections.abc import Callable
from datetime import datetime
from random import Random
from uuid import UUID

Entropy = Callable[[int], bytes]


def system_entropy(count: int) -> bytes:
    """Randomness of the operating system."""
    return secrets.token_bytes(count)


def seeded_entropy(seed: int) -> Entropy:
    """Repeatable randomness, for the demo pharmacy and for tests; never for a key that protects anything."""
    return Random(seed).randbytes


def uuid7(at: datetime, entropy: Entropy) -> UUID:
    """A version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds << 80) | (int.from_bytes(entropy(10), "big") & ((1 << 80) - 1))
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
