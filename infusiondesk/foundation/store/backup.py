"""Copies of a store that are opened and verified before they count, and the way back."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2

from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable
from infusiondesk.foundation.store.engine import check_file, open_encrypted, translated
from infusiondesk.foundation.store.keyring import KeyFile

Progress = Callable[[int, int], None]


def copy_file(store: Path, to: Path, data_key: bytes, progress: Progress | None = None) -> None:
    """Copy a live store page by page through SQLite's own backup, encrypted to encrypted; never by copying the file.

    The copy is written beside its place, checked, then renamed, so that a half one never stands there.
    """
    beside = to.with_name(to.name + ".part")
    beside.unlink(missing_ok=True)
    source = open_encrypted(store, data_key, read_only=True)
    try:
        target = open_encrypted(beside, data_key)
        try:
            source.backup(target, pages=256, progress=(lambda _s, left, total: progress(total - left, total)) if progress else None)
            target.execute("PRAGMA journal_mode=delete")
        finally:
            target.close()
        check_copy(beside, data_key)
        beside.replace(to)
    except sqlcipher3.dbapi2.DatabaseError as error:
        raise translated(error, store.name) from error
    finally:
        source.close()
        for leftover in ("", "-wal", "-shm"):
            beside.with_name(beside.name + leftover).unlink(missing_ok=True)


def check_copy(path: Path, data_key: bytes) -> None:
    """Open a store and check every page and every index; `Refused` says what is wrong."""
    connection: Any = open_encrypted(path, data_key)
    try:
        faults = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check").fetchall()]
        faults += [row[0] for row in connection.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    except sqlcipher3.dbapi2.DatabaseError as error:
        raise translated(error, path.name) from error
    finally:
        connection.close()
    if faults:
        raise Refused(f"{path.name} is damaged ({len(faults)} faults). Use another copy.")


def back_up(store: Path, to: Path, data_key: bytes, progress: Progress | None = None) -> Path:
    """A verified copy of a file store and its key file in a folder or under a name; returns the copy's path."""
    target = to / store.name if to.is_dir() else to
    if target.exists():
        raise Refused(f"{target.name} exists already there. Choose another name; a backup never writes over another.")
    if not target.parent.is_dir():
        raise Refused(f"The folder {target.parent.name} does not exist. Make it first.")
    try:
        copy_file(store, target, data_key, progress)
        KeyFile.beside(target).save(KeyFile.beside(store).load())
    except OSError as error:
        raise Unavailable("The backup could not be written. Check the disk and try again; the store is untouched.") from error
    return target


def put_back(source: Path, store: Path, data_key: bytes) -> Path | None:
    """Put a verified copy in the store's place; the store that was there is kept under another name, which is returned."""
    if not source.exists():
        raise Refused(f"There is no backup {source.name}.")
    check_file(source)
    check_copy(source, data_key)
    kept = None
    if store.exists():
        kept = _free_name(store)
        for suffix in ("-wal", "-shm"):
            extra = store.with_name(store.name + suffix)
            if extra.exists():
                extra.replace(kept.with_name(kept.name + suffix))
        keyring = KeyFile.beside(store).path
        if keyring.exists():
            shutil.copy2(keyring, KeyFile.beside(kept).path)
        store.replace(kept)
    copy_file(source, store, data_key)
    KeyFile.beside(store).save(KeyFile.beside(source).load())
    return kept


def _free_name(store: Path) -> Path:
    stem = store.name.removesuffix(".idesk")
    number = 1
    while (candidate := store.with_name(f"{stem}.replaced-{number}.idesk")).exists():
        number += 1
    return candidate
