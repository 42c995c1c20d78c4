"""Where the facts of a row come from: short tags written out with what was read there, and the sources of a row without it."""

from collections.abc import Mapping
from typing import Final

_BETWEEN: Final = "; "
_DETAIL: Final = ": "


def tags_of(written: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each tag with what was read there, from "ML: page 4 (rate); memory" or, where nothing is said of them, "ML, HID"."""
    found: list[tuple[str, str]] = []
    for entry in filter(None, (piece.strip() for piece in written.split(";"))):
        tag, _, detail = entry.partition(_DETAIL)
        if tag in names or detail:
            found.append((tag, detail))
        else:
            found += [(piece.strip(), "") for piece in entry.split(",")]
    return found


def sources_of(written: str, names: Mapping[str, str]) -> str:
    """Short tags of sources written out; one that is not known stays as it is."""
    return _BETWEEN.join(
        names.get(tag, tag) + (f"{_DETAIL}{detail}" if detail else "") for tag, detail in tags_of(written, names)
    )  # fmt: skip


def source_group(source: str) -> str:
    """The sources of a row without what was read there: rows of the same ones are compared in one sitting."""
    entries = (entry.partition(_DETAIL)[0].strip() for entry in source.split(";"))
    return _BETWEEN.join(dict.fromkeys(filter(None, entries)))
