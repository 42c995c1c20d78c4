"""A progress bar for the command line, on standard error so that standard output stays clean."""

import sys
from typing import TextIO

WIDTH = 30


class Bar:
    """Shows how far a long work is; silent where nobody watches."""

    def __init__(self, words: str, out: TextIO | None = None) -> None:
        self.words = words
        self.out = out or sys.stderr
        self.shown = -1

    def __call__(self, done: int, total: int) -> None:
        percent = 100 if total <= 0 else min(100, done * 100 // total)
        if percent == self.shown or not self.out.isatty():
            return
        self.shown = percent
        filled = WIDTH * percent // 100
        self.out.write(f"\r{self.words} [{'#' * filled}{'.' * (WIDTH - filled)}] {percent} %")
        self.out.flush()
        if percent == 100:
            self.out.write("\n")
