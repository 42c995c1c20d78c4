"""The digest that binds a signature to exactly what was signed."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID


def canonical(facts: Mapping[str, object]) -> bytes:
    """Facts as canonical JSON: sorted keys, no spaces, instants in UTC microseconds, decimals as plain text.

    5 and 5.0 are the same dose, so trailing zeros do not count; a naive time is refused, as it names no instant.
    """
    return json.dumps(_plain(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(facts: Mapping[str, object]) -> bytes:
    """SHA-256 of the canonical facts, 32 bytes."""
    return hashlib.sha256(canonical(facts)).digest()


def seal(key: bytes, facts: Mapping[str, object]) -> bytes:
    """HMAC-SHA256 over the canonical facts: only the store's own key makes it, so a copied row does not verify."""
    return hmac.digest(key, canonical(facts), "sha256")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted(str(_plain(inner)) for inner in value)
    return _plain_scalar(value)


def _plain_scalar(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return "0" if value == 0 else format(value.normalize(), "f")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be signed: {value}")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no canonical form")
