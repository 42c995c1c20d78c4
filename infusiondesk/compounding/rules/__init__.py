"""Decisions of the clean room: beyond-use dates, in-use limits, worksheet volumes, the life of a batch, who may release it."""

from infusiondesk.compounding.rules.batch import STEPS, BatchEvent, BatchState, Step, next_step
from infusiondesk.compounding.rules.beyond_use import BeyondUse, Considered, Move, Preparation, beyond_use_date, home_addition
from infusiondesk.compounding.rules.containers import Component, InUse, Opened, in_use_limit
from infusiondesk.compounding.rules.drafts import (
    LARGEST_BATCH,
    FinishDraft,
    LabelDraft,
    PlanDraft,
    ProofDraft,
    StartDraft,
    VolumeProof,
)
from infusiondesk.compounding.rules.kinetic_temperature import kinetic_reading
from infusiondesk.compounding.rules.limits import (
    Category,
    CategoryLimit,
    ContainerKind,
    Facility,
    Limits,
    Method,
    StartingComponents,
    SterilityTest,
    Storage,
)
from infusiondesk.compounding.rules.refusal import Refusal
from infusiondesk.compounding.rules.release import BatchForRelease, Release, ReleasePolicy, may_release
from infusiondesk.compounding.rules.sterility_test import SterilitySample, sterility_sample
from infusiondesk.compounding.rules.wall_clock import WallClock, last_full_day
from infusiondesk.compounding.rules.worksheet import (
    Amount,
    Diluent,
    DrugProduct,
    Figure,
    Fill,
    Ingredient,
    IngredientVolumes,
    WorksheetVolumes,
    worksheet_volumes,
)

__all__ = [
    "LARGEST_BATCH",
    "STEPS",
    "Amount",
    "BatchEvent",
    "BatchForRelease",
    "BatchState",
    "BeyondUse",
    "Category",
    "CategoryLimit",
    "Component",
    "Considered",
    "ContainerKind",
    "Diluent",
    "DrugProduct",
    "Facility",
    "Figure",
    "Fill",
    "FinishDraft",
    "InUse",
    "Ingredient",
    "IngredientVolumes",
    "LabelDraft",
    "Limits",
    "Method",
    "Move",
    "Opened",
    "PlanDraft",
    "Preparation",
    "ProofDraft",
    "Refusal",
    "Release",
    "ReleasePolicy",
    "StartDraft",
    "StartingComponents",
    "Step",
    "SterilitySample",
    "SterilityTest",
    "Storage",
    "VolumeProof",
    "WallClock",
    "WorksheetVolumes",
    "beyond_use_date",
    "home_addition",
    "in_use_limit",
    "kinetic_reading",
    "last_full_day",
    "may_release",
    "next_step",
    "sterility_sample",
    "worksheet_volumes",
]
