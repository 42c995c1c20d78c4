"""The fields of a payer profile (billing 2.6): what each may hold, what holds until the payer answers, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.payers.rules.values import Codes, Kind, Number, OneCode, OneOf, Places, Rates, Wrong, YesNo


class PayerKind(StrEnum):
    """Which way of paying for home infusion (billing 2.6)."""

    COMMERCIAL = "commercial"
    MEDICARE = "medicare"
    MEDICAID_DAILY_FEE = "medicaid_daily_fee"

    @property
    def words(self) -> str:
        return {"commercial": "Commercial", "medicare": "Medicare", "medicaid_daily_fee": "Medicaid, daily fee"}[self.value]


@dataclass(frozen=True)
class ProfileField:
    """One question to a payer."""

    name: str
    group: str
    kind: Kind
    default: Any
    meaning: str
    where: str

    @property
    def label(self) -> str:
        """The name as a person reads it."""
        return self.name.replace("_", " ").replace("anti infective", "anti-infective")

    def said(self, value: Any) -> str:
        return self.kind.said(value)


_HOSPITAL: Final = OneOf(("if_dosed", "never", "always"))
_FALLBACK: Final = OneOf(("S9494", "S9500", "hold"))
_MODIFIER: Final = OneOf(("SH", "SJ", None))

FIELDS: Final[tuple[ProfileField, ...]] = (
    ProfileField(
        "payer_kind", "Days", OneOf(tuple(kind.value for kind in PayerKind)), "commercial",
        "commercial takes S-codes, also for Medicare Advantage and Medicaid plans that take them; medicare follows Medicare's own "
        "benefits; medicaid_daily_fee pays one state fee a day.", "billing 2.6",
    ),
    ProfileField(
        "day_basis", "Days", OneOf(("ACCESS", "INFUSED", "INFUSED_OR_NURSED", "HOURS")), "ACCESS",
        "Which days count: every day with access to therapy, only days with an infusion, those and days with a nurse, or hours.",
        "billing 2.2",
    ),
    ProfileField("admit_day", "Days", _HOSPITAL, "if_dosed", "Whether the day of admission to a hospital counts.", "billing 2.4"),
    ProfileField("discharge_day", "Days", _HOSPITAL, "if_dosed", "Whether the day of discharge from it counts.", "billing 2.4"),
    ProfileField("split_month", "Days", YesNo(), False, "Whether no line may cross the end of a month.", "billing 2.4"),
    ProfileField("min_span_days", "Days", Number(Decimal(1)), 1, "The fewest days that a line may cover.", "billing 2.4"),
    ProfileField(
        "anti_infective_code_style", "Codes", OneOf(("specific", "general")), "specific",
        "Codes by interval for anti-infectives, or S9494 for all of them.", "billing 1.4",
    ),
    ProfileField(
        "unlisted_interval_code", "Codes", _FALLBACK, "S9494",
        "What an interval without a code of its own is billed as; S9494 warns, hold keeps the line back.", "billing 1.4",
    ),
    ProfileField(
        "continuous_anti_infective_code", "Codes", _FALLBACK, "S9494",
        "What a truly continuous anti-infective infusion is billed as.", "billing 1.4",
    ),
    ProfileField(
        "count_piggyback_lipid", "Codes", YesNo(), False,
        "Whether a lipid that is hung apart counts in the volume of parenteral nutrition.", "billing 1.3",
    ),
    ProfileField(
        "catheter_care", "Codes", OneOf(("stand_alone", "never")), "stand_alone",
        "Whether catheter care is billed on days when nothing else runs.", "billing 2.3",
    ),
    ProfileField(
        "daily_fee_code", "Codes", OneCode(), None,
        "The state's code for one day; without it a daily fee is kept back.", "billing 3.4",
    ),
    ProfileField(
        "rates", "Rates and ranking", Rates(), [],
        "Dollars for one unit of a code, for ranking and price; a code without a rate is kept back.", "billing 2.1",
    ),
    ProfileField(
        "rank_by", "Rates and ranking", OneOf(("rate", "start")), "rate",
        "Which of several therapies of a day comes first: the dearer, or the one that began earlier.", "billing 2.1",
    ),
    ProfileField(
        "modifier_second", "Rates and ranking", _MODIFIER, "SH",
        "The modifier of the second therapy of a day; none where the payer takes none.", "billing 2.1",
    ),
    ProfileField(
        "modifier_third", "Rates and ranking", _MODIFIER, "SJ",
        "The modifier of the third and every further therapy; none where the payer takes none.", "billing 2.1",
    ),
    ProfileField(
        "modifier_scope", "Rates and ranking", OneOf(("infusion_only", "all_per_diems")), "infusion_only",
        "Which lines are ranked among each other.", "billing 2.1",
    ),
    ProfileField(
        "append_modifier_59", "Rates and ranking", YesNo(), False, "Whether 59 follows SH or SJ.", "billing 2.1",
    ),
    ProfileField(
        "auth_required", "Authorization", Codes(("none", "all")), "none",
        "Which codes need an authorization: none, all, or those listed.", "billing 2.7",
    ),
    ProfileField(
        "nursing_billing", "Nursing", OneOf(("99601", "none")), "99601",
        "Whether visits are billed with 99601 and 99602, or not by us.", "billing 2.5",
    ),
    ProfileField(
        "nursing_extra_hour", "Nursing", OneOf(("midpoint", "whole_hour")), "midpoint",
        "When a further hour counts: from its 31st minute, or when it is full.", "billing 2.5",
    ),
    ProfileField(
        "nursing_time", "Nursing", OneOf(("visit", "visit_and_preparation")), "visit",
        "Which minutes count: those of the visit, or preparation and travel too.", "billing 2.5",
    ),
    ProfileField(
        "max_99602_per_day", "Nursing", Number(may_be_empty=True), None, "The most further hours of one day.", "billing 2.5",
    ),
    ProfileField(
        "max_nursing_hours_per_week", "Nursing", Number(whole=False, may_be_empty=True), None,
        "The most nursing hours of one week, Sunday to Saturday.", "billing 2.5",
    ),
    ProfileField(
        "drug_billing", "Drugs", OneOf(("hcpcs", "ncpdp", "none")), "hcpcs",
        "Drugs on the professional claim, on a pharmacy claim, or not by us.", "billing 4",
    ),
    ProfileField(
        "drug_dos", "Drugs", OneOf(("dose_days", "dispense_date")), "dose_days",
        "The date of service of a drug line: the days of the doses, or the day of dispensing.", "billing 4",
    ),
    ProfileField(
        "drug_rounding", "Drugs", OneOf(("line", "dose", "preparation")), "line",
        "Where drug units are rounded up.", "billing 4",
    ),
    ProfileField(
        "solutions_in_per_diem", "Drugs", YesNo(), False,
        "Whether diluents and hydration solutions are in the per diem and not billed apart.", "billing 2.3",
    ),
    ProfileField(
        "paid_beside_per_diem", "Drugs", Codes(), [],
        "Supplies that are paid beside the per diem by exception, such as A4222.", "billing 2.3",
    ),
    ProfileField(
        "wastage_modifiers", "Drugs", OneOf(("jw_jz", "none")), "none",
        "Whether drug lines say what was discarded; for Medicare they always do.", "billing 2.6",
    ),
    ProfileField(
        "place_of_service", "Drugs", Places(), {"home": "12", "infusion_suite": None},
        "The place-of-service code of each site; the suite adds the modifier SS.", "billing 2.6",
    ),
)  # fmt: skip
BY_NAME: Final[Mapping[str, ProfileField]] = {field.name: field for field in FIELDS}


def field_of(name: str) -> ProfileField:
    """The field of this name; an unknown one is wrong."""
    if name not in BY_NAME:
        raise Wrong(f"“{name}” is no field of a payer profile.")
    return BY_NAME[name]


def default_of(field: ProfileField, kind: PayerKind) -> Any:
    """What holds until the payer answers; the payer's own kind answers the first question."""
    return kind.value if field.name == "payer_kind" else field.default


@dataclass
class FieldDraft:
    """One answer of a payer being entered: the field, what was typed for it, where it is written, and from which day it holds."""

    name: str = ""
    typed: str | None = ""
    source: str = ""
    effective_on: date | None = None

    def problems(self) -> list[Problem]:
        found = []
        try:
            self.value()
        except Wrong as wrong:
            found.append(Problem("typed", wrong.sentence))
        if not self.source.strip():
            found.append(Problem("source", "Enter where the payer says so, such as the contract and its page."))
        if self.effective_on is None:
            found.append(Problem("effective_on", "Enter the day from which it holds."))
        return found

    def value(self) -> Any:
        """The value that was typed; raises Wrong."""
        return field_of(self.name).kind.read(self.typed or "")


def auth_is_required(value: Any, codes: frozenset[str] = frozenset()) -> bool:
    """Whether the payer wants an authorization: for anything at all, or for one of these codes."""
    if isinstance(value, str):
        return value == "all"
    return bool(codes & set(value)) if codes else bool(value)
