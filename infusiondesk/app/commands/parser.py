"""What can be typed after `main.py`, in one place."""

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import date

from infusiondesk import VERSION
from infusiondesk.app.commands.report import Report

Command = Callable[[Namespace, Report], int]


def build() -> ArgumentParser:
    """The parser; wrong use ends with status 2, as argparse does."""
    parser = ArgumentParser(prog="main.py", description="InfusionDesk: the desk of a home-infusion pharmacy.")
    parser.add_argument("--version", action="version", version=f"InfusionDesk {VERSION}")
    commands = parser.add_subparsers(title="commands", required=True)
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument("--store", metavar="PATH-or-URL", help="the store; without it, this workstation's own")
    store.add_argument("--user", metavar="NAME", help="sign in as; the password is asked (a DEMO store opens without)")
    store.add_argument("--password-file", metavar="PATH", help="read the password from a file of mode 0600 that lies elsewhere")
    store.add_argument("--json", action="store_true", help="answer in JSON")

    _add(commands, "open", "open the window (the default)", _open, store)
    demo = _add(commands, "demo", "make a demonstration pharmacy DIR/demo.idesk", _demo)
    demo.add_argument("--into", metavar="DIR", required=True)
    demo.add_argument("--patients", metavar="N", type=_between(1, 500), default=12)
    demo.add_argument("--seed", metavar="N", type=int, default=1)
    demo.add_argument("--until", metavar="YYYY-MM-DD", type=_day, help="the demo's last day; today by default")
    demo.add_argument("--json", action="store_true", help="answer in JSON")

    taking = _add(commands, "import", "take in lab results, or the code, crosswalk and NDC files", _import, store)
    taking.add_argument("what", choices=("labs", "codes"))
    taking.add_argument("paths", metavar="PATH", nargs="+")
    bill = _add(commands, "bill", "print the per-diem summaries of a month", _bill, store)
    bill.add_argument("--month", metavar="YYYY-MM", required=True, type=_month)
    bill.add_argument("--out", metavar="DIR", required=True)
    asking = _add(commands, "ask", "let the rules answer a question file; no store is needed", _ask)
    asking.add_argument("kind", choices=("per-diem", "bud", "calc", "screen", "judge"))
    asking.add_argument("file", metavar="FILE.json", help="a file, or - for standard input")
    asking.add_argument("--store", metavar="PATH-or-URL", help="screen: by this store's corrected and signed rows, not the shipped")
    asking.add_argument("--user", metavar="NAME", help="sign in to the store as; a DEMO store opens without")
    asking.add_argument("--password-file", metavar="PATH", help="read the password from a file of mode 0600 that lies elsewhere")
    _add(commands, "verify", "check every page and the whole audit chain", _verify, store)
    backup = _add(commands, "backup", "make a verified copy", _backup, store)
    backup.add_argument("to", metavar="TO")
    restore = _add(commands, "restore", "put a verified copy in the store's place", _restore, store)
    restore.add_argument("source", metavar="FROM")
    pictures = _add(commands, "pictures", "draw every screen to PNG and every paper to PDF", _pictures, store)
    pictures.add_argument("--into", metavar="DIR", required=True)
    return parser


def _add(
    commands: "argparse._SubParsersAction[ArgumentParser]", name: str, words: str, run: Command, *parents: ArgumentParser
) -> ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".", parents=list(parents))
    parser.set_defaults(run=run)
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date (YYYY-MM-DD): {text}") from None


def _month(text: str) -> str:
    _day(f"{text}-01")
    return text


def _between(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"not a number from {least} to {most}: {text}")
        return int(text)

    return parse


# Each command is imported only when it runs: `ask` alone needs no database, `open` no papers before the password.


def _open(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.opening_window import open_window

    return open_window(options, report)


def _demo(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.demonstrating import demo

    return demo(options, report)


def _import(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.importing import take_in

    return take_in(options, report)


def _bill(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.billing_month import bill

    return bill(options, report)


def _ask(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.asking import ask

    return ask(options, report)


def _verify(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.keeping import verify

    return verify(options, report)


def _backup(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.keeping import backup

    return backup(options, report)


def _restore(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.keeping import restore

    return restore(options, report)


def _pictures(options: Namespace, report: Report) -> int:
    from infusiondesk.app.commands.picturing import pictures

    return pictures(options, report)
