"""Which prescription may go to another pharmacy or be taken from one, and what must be said of it."""

from dataclasses import replace
from datetime import date

import pytest

from infusiondesk.prescriptions.rules.transfers import Direction, TransferDraft, transfer_refusal

TODAY = date(2026, 3, 2)
OUT = TransferDraft(Direction.OUT.value, "ZZTEST Pharmacy", "1 ZZTEST Street", "ZZTEST Rowan", "RZ1234563", TODAY)
IN = replace(OUT, direction=Direction.IN.value)


@pytest.mark.parametrize(
    ("draft", "schedule", "before", "left", "field", "words"),
    [
        (OUT, "", (), None, "", ""),
        (OUT, "CIV", (), 3, "", ""),
        (IN, "CIV", (), 0, "", ""),
        (OUT, "", (Direction.IN.value,), 2, "", ""),
        (OUT, "CIV", (Direction.IN.value,), 2, "direction", "A C-IV prescription is transferred once only"),
        (OUT, "CII", (), 0, "direction", "A C-II prescription has no refill"),
        (OUT, "", (Direction.OUT.value,), 0, "direction", "given to another pharmacy already"),
        (IN, "", (Direction.IN.value,), 2, "direction", "written down already"),
        (OUT, "", (), 0, "direction", "No refill is left to transfer"),
        (replace(OUT, dea=" "), "CV", (), 2, "dea", "Enter the DEA number"),
        (replace(OUT, address=""), "CIII", (), 2, "address", "Enter the address"),
        (replace(OUT, on=date(2026, 3, 3)), "", (), 2, "on", "cannot lie in the future"),
    ],
)
def test_what_may_be_transferred(
    draft: TransferDraft, schedule: str, before: tuple[str, ...], left: int | None, field: str, words: str
) -> None:
    found = transfer_refusal(draft, schedule=schedule, before=before, refills_left=left, today=TODAY)

    assert (found is None) is (not words)
    if found is not None:
        assert found[0] == field and words in found[1]


def test_a_transfer_says_to_whom_by_whom_and_when() -> None:
    assert [problem.field for problem in TransferDraft().problems()] == ["pharmacy", "pharmacist", "on"]
    assert OUT.problems() == []
