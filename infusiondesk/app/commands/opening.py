"""Opening a store from the command line: a name with a prompt or a password file, or the published key of a DEMO store."""

import getpass
import os
import stat
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infusiondesk.app.bootstrap import Opened, must_exist, open_store, remember_anchor
from infusiondesk.app.settings import Settings, default_store
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.store.keyring import DEMO, is_server, keys_of


def location_of(options: Namespace) -> str:
    """The store that is meant: `--store`, or this workstation's own."""
    return str(options.store or default_store())


def unlocked(options: Namespace, location: str) -> tuple[str, bytes]:
    """(owner, data key) for the options; never a password on the command line, where every process could read it."""
    must_exist(location)
    keys = keys_of(location)
    keyring = keys.load()
    if options.user is None:
        if not keyring.is_demo:
            raise Refused("Say who you are with --user NAME; the password is asked, or read with --password-file.")
        return DEMO, keyring.unlock_demo()
    return keyring.unlock(options.user, _password(options, location))


@contextmanager
def opened(options: Namespace) -> Iterator[Opened]:
    """The store, opened as somebody, closed in any case; the anchor is kept up to date."""
    location = location_of(options)
    owner, data_key = unlocked(options, location)
    settings = Settings.load()
    found = open_store(location, owner, data_key, settings=settings)
    try:
        yield found
        remember_anchor(location, settings, found.store)
    finally:
        found.store.close()


def _password(options: Namespace, location: str) -> str:
    if options.password_file is None:
        try:
            return getpass.getpass(f"Password of {options.user}: ")
        except EOFError as error:
            raise Refused("Nobody is there to type the password. Read it with --password-file.") from error
    path = Path(options.password_file)
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Refused(f"The password file {path.name} can be read by others. Set its mode to 0600.")
        if not is_server(location) and path.resolve().parent == Path(location).resolve().parent:
            raise Refused(f"The password file {path.name} lies beside the store, where it protects nothing. Keep it elsewhere.")
        return path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The password file {path.name} cannot be read.") from error
