"""Keeps None alive: PySide6 6.12 on Python 3.11 gives back one reference to it too many with every call that returns nothing.

Measured: `QPainter.save()`, `QObject.setObjectName(...)` and every other void call lower None's reference count by one,
so the interpreter ends with "none_dealloc: deallocating None" after a few thousand calls, a minute of painting. From
Python 3.12 on None is immortal (PEP 683) and nothing has to be done; here the same is reached by raising its count once
beyond what a session could ever use up. Imported by `fonts`, so by everything that draws; `lend` is harmless to repeat.
"""

import ctypes
import sys

PLENTY = 1 << 48


def lend() -> None:
    """Raise None's reference count, once, where Python does not protect it itself."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    if sys.getrefcount(None) < PLENTY // 2:
        # The reference count is the first field of every object of a release build of CPython 3.11.
        ctypes.c_ssize_t.from_address(id(None)).value += PLENTY


lend()
