"""The rules for controlled drugs: what is shipped, what may be typed, and when the monitoring programme is asked again."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from infusiondesk.inventory.exchange import shipped_policy
from infusiondesk.inventory.rules.policy import ControlledPolicy, PolicyDraft, query_due, registration_gaps

ASKED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 12)
SHIPPED = ControlledPolicy()


def test_what_is_shipped_asks_always_and_takes_no_fax() -> None:
    assert shipped_policy() == SHIPPED
    assert "not signed" in SHIPPED.source
    assert replace(SHIPPED, signed_by="ZZTEST Rowan", signed_on=TODAY).source == "signed by ZZTEST Rowan, 12 Mar 2026"
    assert PolicyDraft.of(SHIPPED).problems() == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"monitored": ("CI",)}, "monitored"),
        ({"level": "WARN"}, "level"),
        ({"query_days": Decimal(0)}, "query_days"),
        ({"inventory_months": None}, "inventory_months"),
        ({"inventory_months": 25}, "inventory_months"),
        ({"dea_number": "AB1234567"}, "dea_number"),
        ({"ncpdp_number": "12345"}, "ncpdp_number"),
        ({"dea_number": "ab1234563", "ncpdp_number": "1234567", "query_days": Decimal(30)}, None),
    ],
)
def test_what_may_be_typed(typed: dict[str, object], field: str | None) -> None:
    found = replace(PolicyDraft(), **typed).problems()  # type: ignore[arg-type]  # a table of single fields
    assert [one.field for one in found] == ([field] if field else [])


@pytest.mark.parametrize(
    ("policy", "schedule", "asked_at", "filled_at", "said"),
    [
        (SHIPPED, None, None, None, ""),
        (replace(SHIPPED, monitored=("CII",)), "CIV", None, None, ""),
        (SHIPPED, "CIV", None, None, "has not been asked"),
        (SHIPPED, "CII", ASKED, None, ""),
        (SHIPPED, "CII", ASKED, datetime(2026, 3, 1, 9, 0, tzinfo=UTC), ""),
        (
            SHIPPED,
            "CII",
            ASKED,
            datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
            "A fill has left since the monitoring programme was asked on 2 Mar 2026",
        ),
        (replace(SHIPPED, each_fill=False), "CII", ASKED, datetime(2026, 3, 3, 9, 0, tzinfo=UTC), ""),
        (replace(SHIPPED, query_days=10), "CII", ASKED, None, ""),
        (replace(SHIPPED, query_days=9), "CII", ASKED, None, "last asked on 2 Mar 2026; its answer counts for 9 days"),
    ],
)
def test_when_it_is_asked_again(
    policy: ControlledPolicy, schedule: str | None, asked_at: datetime | None, filled_at: datetime | None, said: str
) -> None:
    found = query_due(policy, schedule, asked_at, filled_at, TODAY)
    assert said in found
    assert bool(said) == bool(found)


def test_what_of_the_registration_is_missing_is_named() -> None:
    assert len(registration_gaps(SHIPPED, "1")) == 3
    assert registration_gaps(replace(SHIPPED, dea_number="AB1234563", program_id="IL-1"), "1245319599") == []
