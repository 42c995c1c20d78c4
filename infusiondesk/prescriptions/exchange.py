"""The dispensing report as a monitoring programme reads it: ASAP 4.2B, facts to text.

The layout is from memory; each programme's own guide decides. So a file can be made as a test, and the programme's checker is asked
before the first real one.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from infusiondesk.prescriptions.rules import Dispensed, Status

VERSION: Final = "4.2B"
_FIELD, _END = "*", "~"
_COMPOUND: Final = "06"  # DSP07: what is dispensed was compounded; its ingredients follow in CDI segments
_COMPOUND_ID: Final = "99999999999"  # DSP08 of a compound
_ML, _EACH = "02", "01"  # DSP11, CDI05
_NDC: Final = "01"  # CDI02
_HUMAN: Final = "01"  # PAT20
_AT: Final = {
    "PAT": {"last_name": 7, "first_name": 8, "street": 12, "city": 14, "state": 15, "postcode": 16, "phone": 17, "born_on": 18,
            "sex": 19},
    "DSP": {"rx": 2, "written_on": 3, "refills": 4, "filled_on": 5, "refill": 6, "quantity_ml": 9, "days": 10, "origin": 12,
            "portion": 13, "licence": 15, "payment": 16, "sig": 23},
    "PRE": {"prescriber_npi": 1, "prescriber_dea": 2, "prescriber_last": 5, "prescriber_first": 6},
    "AIR": {"pharmacist": 9},
}  # fmt: skip
_LENGTH: Final = {"DSP": 23, "PAT": 20, "PRE": 6, "CDI": 5, "AIR": 9, "PHA": 10, "IS": 3, "TH": 9}


@dataclass(frozen=True)
class Sender:
    """The pharmacy as the programme knows it."""

    program_id: str
    name: str
    npi: str
    ncpdp: str
    dea: str
    street: str
    city: str
    state: str
    postcode: str
    phone: str


def report_text(
    sender: Sender,
    number: int,
    made_at: datetime,
    fills: Sequence[tuple[Status, Dispensed]],
    first: date,
    last: date,
    *,
    is_test: bool = False,
) -> tuple[str, int]:
    """The whole file and how many segments it has; without fills it says that nothing was dispensed between two days."""
    control = f"{number:010d}"
    message = "" if fills else f"#{first:%Y%m%d}#-#{last:%Y%m%d}#"
    detail = [
        _segment("PHA", {1: sender.npi, 2: sender.ncpdp, 3: sender.dea, 4: sender.name, 5: sender.street, 7: sender.city,
                         8: sender.state, 9: sender.postcode, 10: sender.phone}),
        *(segment for status, one in fills for segment in _fill(status, one)),
        *([] if fills else _nothing(last)),
    ]  # fmt: skip
    head = [
        _segment("TH", {1: VERSION, 2: control, 3: "01", 5: f"{made_at:%Y%m%d}", 6: f"{made_at:%H%M%S}",
                        7: "T" if is_test else "P", 9: _END}),
        _segment("IS", {1: sender.program_id, 2: sender.name, 3: message}),
    ]  # fmt: skip
    in_detail = len(detail) + 1  # the PHA and the TP are counted with what stands between them
    whole = len(head) + in_detail + 1
    trailer = [f"TP{_FIELD}{in_detail}{_END}", f"TT{_FIELD}{control}{_FIELD}{whole}{_END}"]
    return "\n".join([*head, *detail, *trailer]) + "\n", whole


def _fill(status: Status, one: Dispensed) -> Iterator[str]:
    told = {name: {at: str(getattr(one, attribute)) for attribute, at in places.items()} for name, places in _AT.items()}
    yield _segment("PAT", {**told["PAT"], 20: _HUMAN})
    yield _segment("DSP", {**told["DSP"], 1: status.value, 7: _COMPOUND, 8: _COMPOUND_ID, 11: _ML})
    yield _segment("PRE", told["PRE"])
    for place, part in enumerate(one.ingredients, 1):
        unit = _ML if part.unit == "mL" else _EACH
        yield _segment("CDI", {1: f"{place}", 2: _NDC, 3: part.ndc, 4: part.quantity, 5: unit})
    yield _segment("AIR", told["AIR"])


def _nothing(last: date) -> Sequence[str]:
    """The segments of a zero report: a patient of that name, and the last of its days."""
    empty = [f"{name}{_FIELD}{_END}" for name in ("PRE", "CDI", "AIR")]
    return [_segment("PAT", {7: "REPORT", 8: "ZERO"}), _segment("DSP", {5: f"{last:%Y%m%d}"}), *empty]


def _segment(name: str, values: dict[int, str]) -> str:
    """One segment; what would break it is taken out of what is told."""
    fields = [_plain(values.get(at, "")) if values.get(at) != _END else _END for at in range(1, _LENGTH[name] + 1)]
    return f"{_FIELD.join([name, *fields])}{_END}"


def _plain(text: str) -> str:
    """ASCII on one line without the signs that part fields and segments."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(ascii_text.replace(_FIELD, " ").replace(_END, " ").split())
