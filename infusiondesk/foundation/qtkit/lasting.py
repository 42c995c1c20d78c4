"""Keeps None, True and False alive: PySide6 6.12 on Python 3.11 gives back one reference to them too many.

Measured by `sys.getrefcount` over thousands of calls: every call that returns nothing lowers None's count by one, every
`Signal.emit`, `connect` and `setProperty` lowers True's, so the interpreter ends with "none_dealloc" or "bool_dealloc" after a few
minutes of work. From Python 3.12 on they are immortal (PEP 683) and nothing has to be done; here the same is reached by raising
their counts once beyond what a session could ever use up. Imported by everything that draws; `lend` is harmless to repeat.
"""

import ctypes
import sys

PLENTY = 1 << 48
LASTING = (None, True, False)


def lend() -> None:
    """Raise their reference counts, once, where Python does not protect them itself."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for lasting in LASTING:
        if sys.getrefcount(lasting) < PLENTY // 2:
            # The reference count is the first field of every object of a release build of CPython 3.11.
            ctypes.c_ssize_t.from_address(id(lasting)).value += PLENTY


lend()
