"""The forms of controlled drugs: laying out, resolving a discrepancy, the pharmacy's own rules."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import number
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, LongTextField, MultiChoiceField, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.inventory import service
from infusiondesk.inventory.queries import ControlledRow, DiscrepancyRow
from infusiondesk.inventory.rules.controlled import DISPOSALS, DisposalDraft, schedule_words
from infusiondesk.inventory.rules.discrepancies import ResolutionDraft
from infusiondesk.inventory.rules.policy import LEVELS, SCHEDULES, ControlledPolicy, PolicyDraft
from infusiondesk.inventory.rules.words import DiscrepancyEnd

_LEVELS: Final = {"STOP": "Stops the order", "HOLD": "Holds it until a reason is given"}
_RULES: Final[tuple[Field | str, ...]] = (
    ChoiceField(
        "fax_is_original",
        "A fax is the original of a C-II",
        required=True,
        choices=[(False, "No"), (True, "If compounded to infuse")],
        hint="of what is compounded to be infused or injected: 21 CFR 1306.11(e)",
    ),
    "Monitoring programme",
    MultiChoiceField("monitored", "Asked before an order is verified", choices=[(one, schedule_words(one)) for one in SCHEDULES]),
    ChoiceField("level", "Where it was not asked", required=True, choices=[(one, _LEVELS[one]) for one in LEVELS], spread=False),
    NumberField("query_days", "An answer counts for", unit="days", whole=True),
    ChoiceField("each_fill", "Asked again after each fill", required=True, choices=[(True, "Yes"), (False, "No")]),
    TextField("program", "Name of the programme"),
    TextField("program_id", "The pharmacy's number there"),
    "Registration",
    TextField("dea_number", "DEA number of the pharmacy"),
    TextField("ncpdp_number", "NCPDP number of the pharmacy"),
    "Biennial inventory",
    NumberField("inventory_months", "Taken again within", unit="months", whole=True, required=True),
)


@dataclass
class _Typed:
    """What is typed to lay out; lot and location are chosen together."""

    where: tuple[UUID, UUID]
    kind: str = DISPOSALS[0].value
    quantity: Decimal | None = None
    because: str = ""

    def draft(self) -> DisposalDraft:
        return DisposalDraft(self.where[1], self.kind, self.quantity, self.because)

    def problems(self) -> list[Problem]:
        return self.draft().problems()


_WORDS: Final = {"wasted": "Wasted, from on hand", "destroyed": "Destroyed, from quarantine"}


def disposal_editor(desk: Desk, item: ControlledRow) -> Editor:
    """What of an item is wasted or destroyed."""
    places = {(place.lot_id, place.location_id): place for place in item.places}
    choices = [
        (key, f"lot {one.lot_number}, {one.location}: {number(one.on_hand)} on hand, {number(one.in_quarantine)} in quarantine")
        for key, one in places.items()
    ]
    return Editor(
        desk,
        "disposal",
        f"Waste or destroy {item.item}",
        [
            ChoiceField("where", "Lot and place", required=True, choices=choices, spread=False),
            ChoiceField("kind", "What happens", required=True, choices=[(kind.value, _WORDS[kind.value]) for kind in DISPOSALS]),
            NumberField("quantity", "Quantity", unit=f"{item.unit}s", places=3, required=True),
            LongTextField("because", "How and why", required=True),
        ],
        _Typed(choices[0][0]),
        service.lay_out,
        given=lambda typed: {"lot_id": typed.where[0], "draft": typed.draft()},
        said="Laid out. It waits for a witness.",
        save="Lay out",
        explanation="The balance changes when another licensed person has signed here with an own name and password.",
    )


def resolution_editor(desk: Desk, odd: DiscrepancyRow) -> Editor:
    """What was found out about a discrepancy."""
    discrepancy_id = odd.id
    editor = Editor(
        desk,
        "resolution",
        f"{odd.item}, {odd.difference_words}",
        [
            ChoiceField("end", "Result", required=True, choices=[(one.value, one.value) for one in DiscrepancyEnd], spread=False),
            LongTextField("explanation", "What was found out", required=True),
            LongTextField("circumstances", "Circumstances of the loss"),
            LongTextField("police", "Police report"),
        ],
        ResolutionDraft(),
        service.resolve_discrepancy,
        given=lambda draft: {"discrepancy_id": discrepancy_id, "draft": draft},
        said="Resolved and signed.",
        save="Resolve",
    )

    def shape() -> None:
        for name in ("circumstances", "police"):
            editor.form.show_field(name, editor.form.draft.end == DiscrepancyEnd.LOSS)

    editor.form.changed.connect(shape)
    shape()
    return editor


def policy_editor(desk: Desk, policy: ControlledPolicy) -> Editor:
    """The rules in force, to be signed anew."""
    return Editor(
        desk, "rules", "Rules for controlled drugs", list(_RULES), PolicyDraft.of(policy), service.set_controlled_policy,
        said="Signed. These rules are in force from now on.", save="Sign", explanation=f"In force now: {policy.source}.",
    )  # fmt: skip
