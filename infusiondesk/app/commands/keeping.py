"""`verify`, `backup` and `restore`: the store checked, copied and put back."""

from argparse import Namespace
from pathlib import Path

from infusiondesk.app.bootstrap import forget_anchor, open_store
from infusiondesk.app.commands.opening import location_of, opened, unlocked
from infusiondesk.app.commands.report import Report
from infusiondesk.app.progress import Bar
from infusiondesk.app.settings import Settings
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.backup import back_up, check_copy, put_back
from infusiondesk.foundation.store.keyring import is_server

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.PHARMACIST_IN_CHARGE})


def verify(options: Namespace, report: Report) -> int:
    """Every page of the file, then every line of the audit chain."""
    with opened(options) as found:
        if not found.store.is_server:
            check_copy(Path(found.store.location), found.store.data_key)
            report.line("Every page and index of the store is whole.", pages="whole")
        chain = found.store.verify_audit()
        if chain.fault:
            raise Refused(chain.fault)
        report.line(
            f"The audit chain holds: {chain.lines:,} lines, ending in {chain.head.code()}.",
            lines=chain.lines,
            head=chain.head.code(),
        )
    return report.done()


def backup(options: Namespace, report: Report) -> int:
    """A verified, encrypted copy with its key file."""
    _file_only(location_of(options))
    with opened(options) as found:
        _keeper(found.actor.roles)
        target = back_up(Path(found.store.location), Path(options.to), found.store.data_key, Bar("backup"))
        found.store.note(found.actor, Change("backup", Area.SETTINGS, "store"))
        report.line(
            f"Copied and verified: {target.name}. Keep it on another disk; it opens with today's passwords.", copy=str(target)
        )
    return report.done()


def restore(options: Namespace, report: Report) -> int:
    """Put a verified copy in the store's place; what was there is kept under another name."""
    location = location_of(options)
    _file_only(location)
    source = Path(options.source)
    if not source.is_file():
        raise Refused(f"There is no backup {source.name} at that place.")
    if source.resolve() == Path(location).resolve():
        raise Refused("The backup and the store are the same file.")
    owner, data_key = unlocked(options, str(source))
    found = open_store(str(source), owner, data_key)
    try:
        _keeper(found.actor.roles)
    finally:
        found.store.close()
    kept = put_back(source, Path(location), data_key)
    settings = Settings.load()
    forget_anchor(location, settings)
    again = open_store(location, owner, data_key, settings=settings)
    again.store.note(again.actor, Change("restore", Area.SETTINGS, "store"))
    again.store.close()
    words = f"{source.name} was verified and put in place."
    report.line(
        words + (f" The store that was there is kept as {kept.name}." if kept else ""),
        restored=location,
        kept=str(kept) if kept else None,
    )
    return report.done()


def _file_only(location: str) -> None:
    if is_server(location):
        raise Refused("A PostgreSQL store is backed up and restored with the server's own tools; see the manual, Backup.")


def _keeper(roles: frozenset[Role]) -> None:
    if not roles & KEEPERS:
        raise Refused("To copy or restore the store you need to be an administrator or a pharmacist in charge.")
