"""What is typed while a batch is planned, started and finished, and what keeps it from being taken."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from infusiondesk.compounding.rules.limits import Category, Facility, Storage
from infusiondesk.foundation.kernel.outcomes import Problem

# A batch above 250 units is not made: the sampling table ends there (sterile 2.4).
LARGEST_BATCH = 250


class VolumeProof(StrEnum):
    """How the second person saw that the right volumes went in (clinical 9.3)."""

    PULL_BACK = "syringe pull-back seen"
    PHOTOGRAPH = "photograph"
    GRAVIMETRIC = "weighed"


@dataclass
class PlanDraft:
    """A batch being planned: so many bags of one order version, from which products, made where, kept where."""

    order_version_id: UUID | None = None
    bags: int | None = None
    due_at: datetime | None = None
    product_id: UUID | None = None
    fluid_id: UUID | None = None
    diluent_id: UUID | None = None
    category: str = Category.TWO.value
    facility: str = Facility.CLEANROOM_SUITE.value
    storage: str = Storage.REFRIGERATOR.value

    def problems(self) -> list[Problem]:
        """What is missing or out of range; whether it makes a worksheet is told by the worksheet."""
        wanted = (
            ("order_version_id", self.order_version_id is not None, "Choose the verified order."),
            ("bags", self.bags is not None, "Enter how many bags are made."),
            ("bags", self.bags is None or 1 <= self.bags <= LARGEST_BATCH, f"A batch has 1 to {LARGEST_BATCH} bags."),
            ("due_at", self.due_at is not None, "Enter when the batch is needed."),
            ("product_id", self.product_id is not None, "Choose the product of the drug."),
            ("category", self.category in (Category.ONE, Category.TWO), "Choose category 1 or 2."),
            ("facility", self.facility in set(Facility), "Choose where it is made."),
            ("storage", self.storage in set(Storage), "Choose how it is kept."),
        )
        return [Problem(name, sentence) for name, is_right, sentence in wanted if not is_right]


@dataclass
class StartDraft:
    """What the technician attests before the first bag."""

    hood: str = ""
    is_clear: bool = False

    def problems(self) -> list[Problem]:
        """The hood has a name, and everything that clinical 9.3 asks for was looked at."""
        found = []
        if not self.hood.strip():
            found.append(Problem("hood", "Enter the hood."))
        if not self.is_clear:
            sentence = "Look at all of it first: hood certified, cleaned today, readings in range, bench clear, garbed."
            found.append(Problem("is_clear", sentence))
        return found


@dataclass
class FinishDraft:
    """What came out: good bags, and that each was looked at."""

    good_bags: int | None = None
    looks_right: bool = False

    def problems(self) -> list[Problem]:
        """The count and the look are both owed."""
        found = []
        if self.good_bags is None or self.good_bags < 1:
            found.append(Problem("good_bags", "Count the good bags; where there is none, a pharmacist rejects the batch."))
        if not self.looks_right:
            found.append(Problem("looks_right", "Look at every bag against the light: clear, right color, no leak, no particles."))
        return found


@dataclass
class ProofDraft:
    """How the second person saw the volumes."""

    proof: str | None = None

    def problems(self) -> list[Problem]:
        """One of the ways is named."""
        return [] if self.proof in set(VolumeProof) else [Problem("proof", "Say how the volumes were seen.")]


@dataclass
class LabelDraft:
    """How many labels were put on."""

    labels: int | None = None

    def problems(self) -> list[Problem]:
        """Somebody counted."""
        return [] if self.labels is not None else [Problem("labels", "Count the labels on the bags.")]
