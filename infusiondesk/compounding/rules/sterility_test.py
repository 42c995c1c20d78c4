"""How many units of a batch a sterility test takes (sterile 2.4, after USP <71>)."""

from dataclasses import dataclass

from infusiondesk.compounding.rules.refusal import Refusal

# All four (memory), sterile 2.4: the designated person checks them against USP <71> and <797>.
LARGEST_TESTED_BATCH = 250
_LARGE_BATCH = 101
_UNITS_OF_A_LARGE_BATCH = 10
_FOUR_FROM = 40
_SOURCE = "sterile 2.4"


@dataclass(frozen=True)
class SterilitySample:
    """How many units go to the laboratory."""

    units_to_test: int
    because: tuple[str, ...]
    sources: tuple[str, ...] = (_SOURCE,)


def sterility_sample(batch_units: int) -> SterilitySample | Refusal:
    """Ten percent rounded up; at least four from 40 units on, ten above 100; a batch above 250 is not allowed."""
    if batch_units > LARGEST_TESTED_BATCH:
        text = f"A batch that is tested has at most {LARGEST_TESTED_BATCH} units; this one has {batch_units}."
        return Refusal("batch_too_large", "batch_units", text, _SOURCE)
    if batch_units >= _LARGE_BATCH:
        return SterilitySample(_UNITS_OF_A_LARGE_BATCH, (f"{batch_units} units, 101 to 250: {_UNITS_OF_A_LARGE_BATCH}.",))
    tenth = -(-batch_units // 10)
    if batch_units >= _FOUR_FROM:
        return SterilitySample(max(4, tenth), (f"{batch_units} units, 40 to 100: 10 % rounded up is {tenth}, at least 4.",))
    return SterilitySample(tenth, (f"{batch_units} units, 1 to 39: 10 % rounded up is {tenth}.",))
