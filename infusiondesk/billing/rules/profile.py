"""What one payer's contract says, where payers are known to differ (billing 2.6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class PayerKind(StrEnum):
    """Which way of paying for home infusion: S-codes, Medicare's benefits, or one state fee a day."""

    COMMERCIAL = "commercial"
    MEDICARE = "medicare"
    MEDICAID_DAILY_FEE = "medicaid_daily_fee"


class DayBasis(StrEnum):
    """Which days count as a per diem day (billing 2.2)."""

    ACCESS = "ACCESS"
    INFUSED = "INFUSED"
    INFUSED_OR_NURSED = "INFUSED_OR_NURSED"
    HOURS = "HOURS"


class HospitalDate(StrEnum):
    """Whether the date of an admission or a discharge counts (billing 2.4)."""

    IF_DOSED = "if_dosed"
    NEVER = "never"
    ALWAYS = "always"


class CodeStyle(StrEnum):
    """Hourly anti-infective codes, or S9494 for all of them (billing 1.4)."""

    SPECIFIC = "specific"
    GENERAL = "general"


class FallbackCode(StrEnum):
    """What an anti-infective without a code of its own is billed as (billing 1.4)."""

    S9494 = "S9494"
    S9500 = "S9500"
    HOLD = "hold"


class RankBy(StrEnum):
    """The order of the therapies of one day (billing 2.1)."""

    RATE = "rate"
    START = "start"


class ModifierScope(StrEnum):
    """Who is ranked: infusions only, or every per diem of the day (billing 2.1)."""

    INFUSION_ONLY = "infusion_only"
    ALL_PER_DIEMS = "all_per_diems"


class CatheterCare(StrEnum):
    """Whether catheter care is billed where it stands alone (billing 2.3)."""

    STAND_ALONE = "stand_alone"
    NEVER = "never"


class NursingBilling(StrEnum):
    """Visits billed with 99601 and 99602, or not by us."""

    CODES = "99601"
    NONE = "none"


class ExtraHour(StrEnum):
    """From when a further nursing hour counts (billing 2.5)."""

    MIDPOINT = "midpoint"
    WHOLE_HOUR = "whole_hour"


class NursingTime(StrEnum):
    """Which minutes of a visit count (billing 2.5)."""

    VISIT = "visit"
    VISIT_AND_PREPARATION = "visit_and_preparation"


class DrugBilling(StrEnum):
    """Whether drugs stand on the professional claim."""

    HCPCS = "hcpcs"
    NCPDP = "ncpdp"
    NONE = "none"


class DrugDates(StrEnum):
    """The date of service of a drug line (billing 4)."""

    DOSE_DAYS = "dose_days"
    DISPENSE_DATE = "dispense_date"


class DrugRounding(StrEnum):
    """Where drug units are rounded up (billing 4)."""

    LINE = "line"
    DOSE = "dose"
    PREPARATION = "preparation"


class Wastage(StrEnum):
    """Whether drug lines say what was discarded (billing 2.1)."""

    JW_JZ = "jw_jz"
    NONE = "none"


class Site(StrEnum):
    """Where the therapy is given; the suite adds SS."""

    HOME = "home"
    INFUSION_SUITE = "infusion_suite"


@dataclass(frozen=True, slots=True)
class Rate:
    """The contracted price of one unit of a code, for the days from valid_from up to and without valid_until."""

    code: str
    usd: Decimal
    valid_from: date | None = None
    valid_until: date | None = None

    def covers(self, day: date) -> bool:
        """True on the days of this rate."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class PayerProfile:
    """One payer and contract. Every default is the one of billing 2.6; a field the payer has not answered keeps it."""

    payer_kind: PayerKind = PayerKind.COMMERCIAL
    day_basis: DayBasis = DayBasis.ACCESS
    admit_day: HospitalDate = HospitalDate.IF_DOSED
    discharge_day: HospitalDate = HospitalDate.IF_DOSED
    anti_infective_code_style: CodeStyle = CodeStyle.SPECIFIC
    unlisted_interval_code: FallbackCode = FallbackCode.S9494
    continuous_anti_infective_code: FallbackCode = FallbackCode.S9494
    count_piggyback_lipid: bool = False
    rates: tuple[Rate, ...] = ()
    rank_by: RankBy = RankBy.RATE
    modifier_second: str | None = "SH"
    modifier_third: str | None = "SJ"
    modifier_scope: ModifierScope = ModifierScope.INFUSION_ONLY
    append_modifier_59: bool = False
    catheter_care: CatheterCare = CatheterCare.STAND_ALONE
    daily_fee_code: str | None = None
    # "all" is the first, a list of codes the second, "none" neither (billing 2.7).
    all_need_authorization: bool = False
    codes_needing_authorization: frozenset[str] = frozenset()
    split_month: bool = False
    min_span_days: int = 1
    nursing_billing: NursingBilling = NursingBilling.CODES
    nursing_extra_hour: ExtraHour = ExtraHour.MIDPOINT
    nursing_time: NursingTime = NursingTime.VISIT
    max_99602_per_day: int | None = None
    max_nursing_hours_per_week: Decimal | None = None
    drug_billing: DrugBilling = DrugBilling.HCPCS
    drug_dos: DrugDates = DrugDates.DOSE_DAYS
    drug_rounding: DrugRounding = DrugRounding.LINE
    solutions_in_per_diem: bool = False
    paid_beside_per_diem: frozenset[str] = frozenset()
    wastage_modifiers: Wastage = Wastage.NONE
    pos_home: str = "12"
    pos_infusion_suite: str | None = None

    def rate_on(self, code: str | None, day: date) -> Decimal | None:
        """The contracted rate of a code on a day, or None where there is no code or the contract names none for it."""
        return next((rate.usd for rate in self.rates if rate.code == code and rate.covers(day)), None)

    def needs_authorization(self, code: str) -> bool:
        """True when this payer wants an authorization for the code."""
        return self.all_need_authorization or code in self.codes_needing_authorization

    def place_of_service(self, site: Site) -> str | None:
        """The place-of-service code of a site; None where the payer has not named it."""
        return self.pos_home if site is Site.HOME else self.pos_infusion_suite
