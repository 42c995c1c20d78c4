"""Connections: an encrypted SQLite file through SQLCipher, or PostgreSQL, each with one writing and one reading engine.

Why two engines on SQLite: we own BEGIN (IMMEDIATE for writers), since the driver's own transactions leave DDL half done and
deferred ones fail at once under a second writer; a mere SELECT on the writing engine would hold the write lock.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlcipher3
import sqlcipher3.dbapi2
from sqlalchemy import event
from sqlalchemy.pool import NullPool, QueuePool

from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.store.keyring import is_server, plain_url

LEAST_SQLITE = (3, 51, 3)  # older ones can corrupt a WAL database when it is reset
_PLAIN_HEADER = b"SQLite format 3\0"
_NETWORK_FILESYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ncpfs"}


@dataclass(frozen=True)
class Engines:
    """The two ways into one store."""

    writing: sa.Engine
    reading: sa.Engine

    def dispose(self) -> None:
        self.writing.dispose()
        self.reading.dispose()


def connect(location: str, data_key: bytes) -> Engines:
    """Engines for a store's path or address. Raises `Refused` for what is no store of ours, `Unavailable` when it is away."""
    if is_server(location):
        return Engines(_server(location, read_only=False), _server(location, read_only=True))
    check_file(Path(location))
    return Engines(_file(Path(location), data_key, read_only=False), _file(Path(location), data_key, read_only=True))


def migrating(location: str, data_key: bytes) -> sa.Engine:
    """The engine for schema changes: foreign keys off, so that a rebuilt table does not take its children with it."""
    if is_server(location):
        return _server(location, read_only=False, pooled=False)
    return _file(Path(location), data_key, read_only=False, foreign_keys=False, pooled=False)


def check_file(path: Path) -> None:
    """Refuse, before any key is tried, what can be no store: a plain SQLite file, another kind of file, a network drive."""
    if sqlcipher3.dbapi2.sqlite_version_info < LEAST_SQLITE:
        raise Refused("The database library is too old to be trusted with records. Install the versions of requirements.lock.")
    if not path.exists():
        return
    if path.is_dir():
        raise Refused(f"{path.name} is a folder, not a store.")
    if _filesystem(path) in _NETWORK_FILESYSTEMS:
        raise Refused(f"{path.name} lies on a network drive, where a file store can be destroyed. Use a local disk or PostgreSQL.")
    with path.open("rb") as file:
        head = file.read(16)
    if head == _PLAIN_HEADER:
        raise Refused(f"{path.name} is an unencrypted database and not a store of InfusionDesk. It was left as it is.")
    if 0 < path.stat().st_size < 4096 or path.stat().st_size % 4096:
        raise Refused(f"{path.name} is not a store of InfusionDesk, or it is cut short. It was left as it is.")


def open_encrypted(path: Path, data_key: bytes, *, read_only: bool = False, foreign_keys: bool = True) -> Any:
    """One keyed SQLCipher connection with the settings that every connection needs."""
    connection = sqlcipher3.dbapi2.connect(str(path), timeout=5, check_same_thread=False)
    try:
        connection.isolation_level = None
        connection.execute(f"PRAGMA key=\"x'{data_key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
        if connection.execute("PRAGMA cipher_version").fetchone() is None:
            raise Refused("The database library does not encrypt. Install the versions of requirements.lock.")
        connection.execute("PRAGMA journal_mode=wal")
        for setting in ("synchronous=full", "recursive_triggers=on", "trusted_schema=off"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute(f"PRAGMA foreign_keys={'on' if foreign_keys else 'off'}")
        if read_only:
            connection.execute("PRAGMA query_only=on")
    except sqlcipher3.dbapi2.DatabaseError as error:
        connection.close()
        raise translated(error, path.name) from error
    return connection


def translated(error: Exception, what: str) -> Refused | Unavailable:
    """A driver's error as a sentence."""
    words = str(error).lower()
    if "not a database" in words or "malformed" in words:
        return Refused(f"{what} is damaged or is not the store of this key file. Restore the newest backup.")
    if "locked" in words or "busy" in words:
        return Unavailable("The store is busy on another desk. What you typed is kept; try again.")
    if "full" in words:
        return Unavailable("The disk is full. What you typed is kept; free some space and try again.")
    if "readonly" in words or "unable to open" in words:
        return Unavailable(f"{what} cannot be written here. Check the folder's permissions and try again.")
    return Unavailable("The store does not answer. What you typed is kept; try again.")


def _file(path: Path, data_key: bytes, *, read_only: bool, foreign_keys: bool = True, pooled: bool = True) -> sa.Engine:
    def creator() -> Any:
        return open_encrypted(path, data_key, read_only=read_only, foreign_keys=foreign_keys)

    engine = sa.create_engine(
        "sqlite+pysqlite://",
        module=sqlcipher3.dbapi2,
        creator=creator,
        poolclass=QueuePool if pooled else NullPool,
        hide_parameters=True,
    )
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _server(location: str, *, read_only: bool, pooled: bool = True) -> sa.Engine:
    url = sa.make_url(plain_url(location)).set(drivername="postgresql+psycopg")
    keep_alive = {
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": 6000,
        "connect_timeout": 5,
    }
    engine = sa.create_engine(
        url, poolclass=QueuePool if pooled else NullPool, pool_pre_ping=True, hide_parameters=True, connect_args=keep_alive
    )
    if read_only:

        @event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    return engine


def _filesystem(path: Path) -> str:
    """The kind of filesystem a path lies on, as far as Linux tells; empty elsewhere."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    where = str(path.resolve())
    for line in mounts.read_text("utf-8").splitlines():
        _, point, name, *_ = line.split(" ")
        if (where == point or where.startswith(point.rstrip("/") + "/")) and len(point) >= len(best):
            best, kind = point, name
    return kind
