"""The wraps that open the store: one random data key, sealed once for each person by Argon2id of the password.

This module is all that the locked screen needs, so it imports neither SQLAlchemy nor reportlab. A wrap is bound to its owner
(AES-GCM associated data), so one moved to another person's line does not open. Parameters: Argon2id 64 MiB, t = 3, p = 1.
"""

import base64
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable

VERSION = 1
KEY_BYTES = 32
MEMORY_KIB, PASSES, LANES = 65536, 3, 1
RECOVERY, DEMO = "recovery", "demo"
DEMO_PASSWORD = "demonstration only"  # published on purpose: it opens nothing but stores marked DEMO
LEAST_PASSWORD, MOST_PASSWORD = 15, 256  # NIST SP 800-63B-4: at least 15 where the password is the only factor
WRONG_PASSWORD = "Name or password is wrong. Nothing was opened; try again."
_RECOVERY_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


@dataclass(frozen=True)
class Wrap:
    """The data key sealed for one owner: a person's id, or the words `recovery` and `demo`."""

    owner: str
    login: str
    salt: bytes
    nonce: bytes
    sealed: bytes
    memory_kib: int = MEMORY_KIB
    passes: int = PASSES
    lanes: int = LANES

    def opened_with(self, password: str) -> bytes | None:
        """The data key, or None when the password is not the one."""
        key = _stretched(password, self.salt, self.memory_kib, self.passes, self.lanes)
        try:
            return AESGCM(key).decrypt(self.nonce, self.sealed, _bound_to(self.owner))
        except InvalidTag:
            return None


@dataclass(frozen=True)
class Keyring:
    """All wraps of a store, with failed attempts since the last success."""

    store: str
    wraps: tuple[Wrap, ...] = ()
    failures: Mapping[str, int] = field(default_factory=dict)

    def enrolled(self, owner: str, login: str, password: str, data_key: bytes) -> "Keyring":
        """The keyring with this owner's wrap made new; a changed password is a new wrap, never a new data key."""
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        sealed = AESGCM(_stretched(password, salt, MEMORY_KIB, PASSES, LANES)).encrypt(nonce, data_key, _bound_to(owner))
        return replace(self, wraps=(*(w for w in self.wraps if w.owner != owner), Wrap(owner, folded(login), salt, nonce, sealed)))

    def without(self, owner: str) -> "Keyring":
        """The keyring after a person has left."""
        return replace(self, wraps=tuple(wrap for wrap in self.wraps if wrap.owner != owner))

    def unlock(self, login: str, password: str) -> tuple[str, bytes]:
        """(owner, data key) for a name and password; `Refused` never tells which of the two was wrong."""
        wrap = next((wrap for wrap in self.wraps if wrap.login == folded(login)), None)
        if wrap is None:
            _stretched(password, b"\0" * 16, MEMORY_KIB, PASSES, LANES)  # an unknown name takes as long as a wrong password
            raise Refused(WRONG_PASSWORD, field="password")
        key = wrap.opened_with(password)
        if key is None:
            raise Refused(WRONG_PASSWORD, field="password")
        return wrap.owner, key

    @property
    def is_demo(self) -> bool:
        return any(wrap.owner == DEMO for wrap in self.wraps)

    def unlock_demo(self) -> bytes:
        """The data key of a DEMO store by its published password; a real store has no such wrap."""
        for wrap in self.wraps:
            if wrap.owner == DEMO and (key := wrap.opened_with(DEMO_PASSWORD)) is not None:
                return key
        raise Refused("This is not a DEMO store: sign in with a name and a password.")

    def failed(self, login: str) -> "Keyring":
        """One more failed attempt; names that nobody has share one counter, so that guessing names fills no table."""
        known = folded(login) if any(wrap.login == folded(login) for wrap in self.wraps) else "?"
        return replace(self, failures={**self.failures, known: self.failures.get(known, 0) + 1})

    def wait_seconds(self, login: str) -> int:
        """How long this name has to wait after its failures: 1, 2, 4 … 60 seconds from the third on."""
        known = folded(login) if any(wrap.login == folded(login) for wrap in self.wraps) else "?"
        count = self.failures.get(known, 0)
        return 0 if count < 3 else min(60, 2 ** (count - 3))

    def to_json(self) -> str:
        wraps = [
            {"owner": w.owner, "login": w.login, "salt": _b64(w.salt), "nonce": _b64(w.nonce), "sealed": _b64(w.sealed),
             "memory_kib": w.memory_kib, "passes": w.passes, "lanes": w.lanes}
            for w in self.wraps
        ]  # fmt: skip
        return json.dumps({"version": VERSION, "store": self.store, "wraps": wraps, "failures": dict(self.failures)}, indent=1)

    @classmethod
    def from_json(cls, text: str, where: str) -> "Keyring":
        """Read a keyring; a damaged or newer one is refused in one sentence."""
        try:
            data = json.loads(text)
            if data["version"] > VERSION:
                raise Refused(f"The key file {where} was made by a newer InfusionDesk. Install that version and try again.")
            wraps = tuple(
                Wrap(w["owner"], w["login"], _unb64(w["salt"]), _unb64(w["nonce"]), _unb64(w["sealed"]),
                     _within(w["memory_kib"], 8, 1 << 20), _within(w["passes"], 1, 16), _within(w["lanes"], 1, 8))
                for w in data["wraps"]
            )  # fmt: skip
            return cls(str(data["store"]), wraps, {str(name): int(count) for name, count in data["failures"].items()})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(f"The key file {where} is damaged. Restore it from the newest backup.") from error


class Keys(Protocol):
    """Where a store keeps its keyring."""

    def load(self) -> Keyring: ...

    def save(self, keyring: Keyring) -> None: ...


@dataclass(frozen=True)
class KeyFile:
    """``NAME.keyring.json`` beside an encrypted SQLite store."""

    path: Path

    @classmethod
    def beside(cls, store: Path) -> "KeyFile":
        return cls(store.with_name(store.name.removesuffix(".idesk") + ".keyring.json"))

    def load(self) -> Keyring:
        try:
            return Keyring.from_json(self.path.read_text("utf-8"), self.path.name)
        except FileNotFoundError:
            raise Refused(
                f"The key file {self.path.name} is missing beside the store. Restore it from the newest backup."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(f"The key file {self.path.name} cannot be read. Check the folder and try again.") from error

    def save(self, keyring: Keyring) -> None:
        """Write beside and rename, so that a power cut leaves the old file or the new one."""
        beside = self.path.with_name(self.path.name + ".new")
        try:
            beside.touch(mode=0o600)
            beside.write_text(keyring.to_json(), "utf-8")
            beside.replace(self.path)
        except OSError as error:
            raise Unavailable(f"The key file {self.path.name} cannot be written. Check the disk and try again.") from error


@dataclass(frozen=True)
class KeyTable:
    """The table `keyring` of a PostgreSQL store, read with psycopg alone."""

    url: str

    def load(self) -> Keyring:
        import psycopg

        try:
            with psycopg.connect(self.url, connect_timeout=5) as connection:
                row = connection.execute("SELECT body FROM keyring WHERE id = 1").fetchone()
        except psycopg.errors.UndefinedTable:
            raise Refused("This database holds no InfusionDesk store. Check the address, or set it up first.") from None
        except psycopg.Error as error:
            raise Unavailable("The database server does not answer. Check the network and try again.") from error
        if row is None:
            raise Refused("This database holds no InfusionDesk store. Check the address, or set it up first.")
        return Keyring.from_json(str(row[0]), "of the database")

    def save(self, keyring: Keyring) -> None:
        import psycopg

        try:
            with psycopg.connect(self.url, connect_timeout=5) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS keyring (id integer PRIMARY KEY CHECK (id = 1), body text NOT NULL)")
                connection.execute(
                    "INSERT INTO keyring (id, body) VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body",
                    (keyring.to_json(),),
                )
        except psycopg.Error as error:
            raise Unavailable("The database server does not answer. Check the network and try again.") from error


def keys_of(location: str) -> Keys:
    """The keyring's place for a store's path or ``postgresql://`` address."""
    if is_server(location):
        return KeyTable(plain_url(location))
    return KeyFile.beside(Path(location))


def is_server(location: str) -> bool:
    return location.startswith(("postgresql://", "postgres://", "postgresql+psycopg://"))


def plain_url(location: str) -> str:
    """The address as libpq wants it."""
    return "postgresql://" + location.split("://", 1)[1]


def new_data_key() -> bytes:
    """256 random bits: the key of the file and the root of the audit and signature keys."""
    return secrets.token_bytes(KEY_BYTES)


def new_recovery_code() -> str:
    """A code of 160 bits for a sealed envelope, in groups of five (33 letters and digits, without look-alikes)."""
    letters = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(35))
    return "-".join(letters[start : start + 5] for start in range(0, 35, 5))


def derived(data_key: bytes, purpose: str) -> bytes:
    """A separate key for one purpose (audit, signatures, drafts) by HKDF-SHA256."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"infusiondesk {purpose} v1".encode()).derive(data_key)


def folded(login: str) -> str:
    """A login name as it is compared: one spelling for all ways to type it."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def password_problem(password: str, *forbidden: str) -> str | None:
    """Why a new password cannot be taken, or None. Length counts code points; no rule of composition (NIST SP 800-63B-4)."""
    text = unicodedata.normalize("NFC", password)
    if len(text) < LEAST_PASSWORD:
        return f"The password needs at least {LEAST_PASSWORD} characters; this has {len(text)}. A short sentence is fine."
    if len(text) > MOST_PASSWORD:
        return f"The password may have at most {MOST_PASSWORD} characters."
    bare = "".join(letter for letter in text.casefold() if letter.isalnum())
    for word in ("infusiondesk", "infusion desk", DEMO_PASSWORD, *forbidden):
        known = "".join(letter for letter in word.casefold() if letter.isalnum())
        if len(known) >= 4 and bare.replace(known, "").strip("0123456789") == "":
            return "The password is only a name that others know. Use a sentence of your own."
    if len(set(bare)) < 5 or _repeats(bare):
        return "The password repeats itself. Use a sentence of your own."
    return None


def _repeats(text: str) -> bool:
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 3 + 1)) if text else True


def _stretched(password: str, salt: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    secret = unicodedata.normalize("NFC", password).encode()
    return hash_secret_raw(
        secret, salt, time_cost=passes, memory_cost=memory_kib, parallelism=lanes, hash_len=KEY_BYTES, type=Type.ID
    )


def _bound_to(owner: str) -> bytes:
    return f"infusiondesk wrap of {owner} v1".encode()


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _unb64(value: str) -> bytes:
    return base64.b64decode(value, validate=True)


def _within(value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise ValueError(f"{value} is outside {least} to {most}")
    return value
