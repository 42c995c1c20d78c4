"""The launcher: keeps a window open across locks. Locking ends the whole process, so that nothing of the store stays in memory.

Only the standard library is imported here; the child process is the one that opens anything.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LOCKED = 75  # exit status of a window that locked itself and wants to be started again
CHILD = "INFUSIONDESK_WINDOW"
LOCKED_AS = "INFUSIONDESK_LOCKED_AS"
MAIN = Path(__file__).parents[2] / "main.py"


def main(arguments: Sequence[str]) -> int:
    """Run a command; `open` (the default) runs in a child that is started again whenever it locks."""
    if is_window(arguments) and CHILD not in os.environ:
        return _watch(arguments)
    from infusiondesk.app.commands import run

    return run(arguments)


def is_window(arguments: Sequence[str]) -> bool:
    """True for `open`, with or without the word, but not for a plea for help."""
    if any(word in ("-h", "--help", "--version") for word in arguments):
        return False
    return not arguments or arguments[0] == "open" or arguments[0].startswith("--")


def _watch(arguments: Sequence[str]) -> int:
    environment = {**os.environ, CHILD: "1"}
    while True:
        status = subprocess.run([sys.executable, str(MAIN), *arguments], env=environment, check=False).returncode
        if status != LOCKED:
            return status
        environment[LOCKED_AS] = "1"
