"""The seven steps of the worksheet: how each is headed, and what it asks the person to enter."""

from typing import Final

from infusiondesk.compounding.rules import FinishDraft, LabelDraft, ProofDraft, StartDraft, VolumeProof
from infusiondesk.foundation.qtkit.forms import CheckField, ChoiceField, Field, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.form import Draft

APPROVE, SCAN, START, VOLUMES, FINISH, LABEL, RELEASE = range(7)
TITLES: Final = {
    APPROVE: "A pharmacist approves these figures",
    SCAN: "Scan ingredients",
    START: "Clear the hood, then start",
    VOLUMES: "Show the volumes to a second person",
    FINISH: "Inspect, count, sign",
    LABEL: "Label every bag",
    RELEASE: "Another pharmacist looks and releases",
}
_PROOFS: Final = [(proof.value, proof.value.capitalize()) for proof in VolumeProof]


def form_of(step: int) -> tuple[list[Field | str], Draft] | None:
    """The fields of a step and an empty draft for them; None where nothing is entered."""
    forms: dict[int, tuple[list[Field | str], Draft]] = {
        START: (
            [
                TextField("hood", "Hood", required=True, hint="as PEC-2"),
                CheckField("is_clear", "Certified, cleaned today, readings in range, bench clear, garbed"),
            ],
            StartDraft(),
        ),
        VOLUMES: ([ChoiceField("proof", "How the volumes were seen", required=True, choices=_PROOFS, spread=False)], ProofDraft()),
        FINISH: (
            [
                NumberField("good_bags", "Good bags", required=True, whole=True),
                CheckField("looks_right", "Every bag is clear, of the right color, without leak or particles"),
            ],
            FinishDraft(),
        ),
        LABEL: ([NumberField("labels", "Labels on bags", required=True, whole=True)], LabelDraft()),
    }
    return forms.get(step)
