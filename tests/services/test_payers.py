"""Payers, profiles, coverage and authorizations through the verbs, on both databases."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.foundation.kernel.periods import Period
from infusiondesk.foundation.store.records import AuditLine
from infusiondesk.patients import queries as patient_queries
from infusiondesk.payers import queries, service
from infusiondesk.payers.records import CoverageChange, PayerProfile
from infusiondesk.payers.rules.coverage import AuthorizationDraft, CoverageDraft, PayerDraft
from infusiondesk.payers.rules.profile import FIELDS, PayerKind
from infusiondesk.payers.service import Answer
from tests.people import refer
from tests.pharmacy import Pharmacy

TODAY = date(2026, 3, 2)
WRONG = {"payers.void": "typing mistake"}


def payer(pharmacy: Pharmacy, name: str = "Blue Plan PPO", kind: PayerKind = PayerKind.COMMERCIAL) -> UUID:
    return pharmacy.do(service.add_payer, by=Role.BILLER, draft=PayerDraft(name, kind))


def answer(pharmacy: Pharmacy, payer_id: UUID, on: date = TODAY, reasons: dict[str, str] | None = None, **values: Any) -> int:
    return pharmacy.do(
        service.set_profile,
        by=Role.BILLER,
        payer_id=payer_id,
        effective_on=on,
        answers={name: Answer(value, "contract, page 3") for name, value in values.items()},
        reasons=reasons,
    )


def cover(
    pharmacy: Pharmacy, patient_id: UUID, payer_id: UUID, rank: int = 1, start: date = date(2026, 1, 1), end: date | None = None
) -> UUID:
    draft = CoverageDraft(payer_id, "ABC123", "", "", rank, start, end)
    return pharmacy.do(service.add_coverage, by=Role.BILLER, patient_id=patient_id, draft=draft)


def authorize(
    pharmacy: Pharmacy, coverage_id: UUID, number: str = "A123", start: date = TODAY, end: date = date(2026, 3, 31)
) -> UUID:
    draft = AuthorizationDraft(number, "s9500", start, end, 30)
    return pharmacy.do(service.enter_authorization, by=Role.BILLER, coverage_id=coverage_id, draft=draft)


# Payers and profiles ------------------------------------------------------------------------------


def test_a_payer_is_entered_once_corrected_and_closed(pharmacy: Pharmacy) -> None:
    blue = payer(pharmacy)
    payer(pharmacy, "Aetna")

    with pytest.raises(Refused, match="Blue Plan PPO is on the list already"):
        payer(pharmacy, "BLUE  PLAN-PPO")
    draft = PayerDraft("Blue Plan HMO", PayerKind.COMMERCIAL, "60054", "217-555-0100")
    with pytest.raises(NeedsReason):
        pharmacy.do(service.correct_payer, by=Role.BILLER, payer_id=blue, draft=draft)
    reasons = {"payers.correction": "the payer changed its name", "payers.close": "contract ended"}
    pharmacy.do(service.correct_payer, by=Role.BILLER, payer_id=blue, draft=draft, reasons=reasons)
    with pytest.raises(Refused, match="Nothing was changed"):
        pharmacy.do(service.correct_payer, by=Role.BILLER, payer_id=blue, draft=draft, reasons=reasons)
    assert [(row.name, row.electronic_id) for row in pharmacy.ask(queries.payers)] == [("Aetna", ""), ("Blue Plan HMO", "60054")]
    assert "name was Blue Plan PPO" in str(pharmacy.ask(lambda reading: list(reading.session.scalars(sa.select(AuditLine.detail)))))

    pharmacy.do(service.close_payer, by=Role.BILLER, payer_id=blue, reasons=reasons)
    with pytest.raises(Refused, match="closed already"):
        pharmacy.do(service.close_payer, by=Role.BILLER, payer_id=blue, reasons=reasons)
    assert [row.name for row in pharmacy.ask(queries.payers, open_only=True)] == ["Aetna"]
    with pytest.raises(Refused, match="Blue Plan HMO is closed"):
        cover(pharmacy, refer(pharmacy), blue)


def test_an_incomplete_payer_is_refused(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="Choose how this payer pays"):
        file_pharmacy.do(service.add_payer, by=Role.BILLER, draft=PayerDraft("Blue Plan"))
    with pytest.raises(Refused, match="To enter a payer you need to be"):
        file_pharmacy.do(service.add_payer, by=Role.NURSE, draft=PayerDraft("Blue Plan", PayerKind.COMMERCIAL))


def test_without_answers_everything_is_default_and_said_to_be(file_pharmacy: Pharmacy) -> None:
    state = payer(file_pharmacy, "State Medicaid", PayerKind.MEDICAID_DAILY_FEE)

    row = file_pharmacy.ask(queries.profile_on, payer_id=state, day=TODAY)

    assert len(row.unanswered) == len(FIELDS)
    assert (row.value("payer_kind"), row.value("day_basis"), row.number, row.effective_on) == (
        "medicaid_daily_fee",
        "ACCESS",
        0,
        None,
    )


def test_an_answer_carries_its_source_and_who_set_it(pharmacy: Pharmacy) -> None:
    blue = payer(pharmacy)

    answer(pharmacy, blue, day_basis="INFUSED", rates={"S9500": 130})

    row = pharmacy.ask(queries.profile_on, payer_id=blue, day=TODAY)
    found = {one.id: one for one in row.fields}
    assert (found["day_basis"].value, found["day_basis"].is_default) == ("INFUSED", False)
    assert (found["day_basis"].source, found["day_basis"].set_by, found["day_basis"].set_on) == (
        "contract, page 3",
        "ZZTEST Biller",
        "2026-03-02",
    )
    assert found["rates"].said == "S9500 $130.00"
    assert (found["rank_by"].is_default, found["rank_by"].default_said) == (True, "rate")
    assert "day_basis" not in row.unanswered
    (listed,) = pharmacy.ask(queries.payers)
    assert (listed.answered, listed.questions, listed.effective_on) == (2, len(FIELDS), TODAY)


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"day_basis": Answer("WEEKLY", "contract")}, "day_basis", "Day basis: It must be one of ACCESS"),
        ({"mood": Answer("good", "contract")}, "mood", "is no field of a payer profile"),
        ({"split_month": Answer(True, " ")}, "source", "Split month: enter where the payer says so"),
    ],
)
def test_an_answer_that_is_none_is_refused(file_pharmacy: Pharmacy, answers: dict[str, Answer], field: str, sentence: str) -> None:
    blue = payer(file_pharmacy)

    with pytest.raises(Refused, match=sentence) as refused:
        file_pharmacy.do(service.set_profile, by=Role.BILLER, payer_id=blue, effective_on=TODAY, answers=answers)

    assert refused.value.field == field


def test_profiles_are_dated_and_a_later_one_takes_over_what_stands(pharmacy: Pharmacy) -> None:
    blue = payer(pharmacy)
    answer(pharmacy, blue, day_basis="INFUSED", min_span_days=7)
    answer(pharmacy, blue, date(2026, 4, 10), min_span_days=1)
    pharmacy.do(
        service.set_profile,
        by=Role.BILLER,
        payer_id=blue,
        effective_on=date(2026, 4, 20),
        answers={},
        withdrawn=["day_basis"],
    )

    def at(on: date) -> tuple[object, object]:
        row = pharmacy.ask(queries.profile_on, payer_id=blue, day=on)
        return row.value("day_basis"), row.value("min_span_days")

    assert at(date(2026, 3, 1)) == ("ACCESS", 1)
    assert at(TODAY) == ("INFUSED", 7)
    assert at(date(2026, 4, 10)) == ("INFUSED", 1)
    assert at(date(2026, 4, 20)) == ("ACCESS", 1)
    april = Period(date(2026, 4, 1), date(2026, 5, 1))
    assert [
        (str(span.start), str(span.until), row.number)
        for span, row in pharmacy.ask(queries.profiles_in, payer_id=blue, period=april)
    ] == [
        ("2026-04-01", "2026-04-10", 1),
        ("2026-04-10", "2026-04-20", 2),
        ("2026-04-20", "2026-05-01", 3),
    ]
    assert [(row.number, row.answered) for row in pharmacy.ask(queries.profile_versions, payer_id=blue)] == [(3, 1), (2, 2), (1, 2)]


def test_a_profile_of_the_past_asks_why_and_an_empty_change_is_refused(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    blue = payer(pharmacy)

    with pytest.raises(NeedsReason, match="From 1 Feb 2026 on, which is past"):
        answer(pharmacy, blue, date(2026, 2, 1), day_basis="INFUSED")
    answer(pharmacy, blue, date(2026, 2, 1), {"payers.backdated": "entered too late"}, day_basis="INFUSED")
    with pytest.raises(Refused, match="Nothing was changed"):
        answer(pharmacy, blue, day_basis="INFUSED")
    with pytest.raises(Refused, match="Split month has no answer that could be withdrawn"):
        pharmacy.do(service.set_profile, by=Role.BILLER, payer_id=blue, effective_on=TODAY, answers={}, withdrawn=["split_month"])

    assert pharmacy.ask(queries.profile_versions, payer_id=blue)[0].reason == "entered too late"


def test_a_profile_is_never_rewritten(pharmacy: Pharmacy) -> None:
    blue = payer(pharmacy)
    answer(pharmacy, blue, day_basis="INFUSED")

    def forge(uow: Any) -> None:
        uow.session.scalars(sa.select(PayerProfile)).one().effective_on = date(2020, 1, 1)

    with pytest.raises(Refused):
        pharmacy.do(forge)
    assert pharmacy.ask(queries.profile_versions, payer_id=blue)[0].effective_on == TODAY


def test_a_payer_that_is_not_there_is_said(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="This payer is not in the store"):
        file_pharmacy.ask(queries.profile_on, payer_id=file_pharmacy.people[Role.NURSE].id, day=TODAY)


# Coverage -----------------------------------------------------------------------------------------


def test_coverage_of_one_rank_does_not_share_a_day(pharmacy: Pharmacy) -> None:
    patient_id, blue, green = refer(pharmacy), payer(pharmacy), payer(pharmacy, "Green Plan")
    old = cover(pharmacy, patient_id, blue, end=date(2026, 1, 31))

    with pytest.raises(Refused, match="Another primary coverage runs from 1 Jan 2026 to 31 Jan 2026; end that one first"):
        cover(pharmacy, patient_id, green, start=date(2026, 1, 31))
    new = cover(pharmacy, patient_id, green, start=date(2026, 2, 1))
    second = cover(pharmacy, patient_id, blue, rank=2)
    with pytest.raises(Refused, match="without an end"):
        cover(pharmacy, patient_id, blue, rank=2, start=date(2027, 1, 1))

    rows = pharmacy.ask(queries.coverage_of, patient_id=patient_id)
    assert [(row.id, row.rank_words, row.is_current) for row in rows] == [
        (new, "primary", True),
        (second, "secondary", True),
        (old, "primary", False),
    ]
    assert [rows[2].covers(on) for on in (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 1))] == [False, True, False]
    assert rows[0].covers(date(2030, 1, 1))


def test_an_incomplete_coverage_is_refused(file_pharmacy: Pharmacy) -> None:
    patient_id, blue = refer(file_pharmacy), payer(file_pharmacy)
    draft = CoverageDraft(blue, "ABC123", "", "", 1, date(2026, 1, 1), date(2025, 12, 31))

    with pytest.raises(Refused, match="cannot end on 31 Dec 2025, before it starts on 1 Jan 2026"):
        file_pharmacy.do(service.add_coverage, by=Role.BILLER, patient_id=patient_id, draft=draft)
    with pytest.raises(Refused, match="Choose the payer"):
        file_pharmacy.do(service.add_coverage, by=Role.BILLER, patient_id=patient_id, draft=replace(draft, payer_id=None))


def test_coverage_ends_after_it_starts_and_a_corrected_end_keeps_the_old_one(pharmacy: Pharmacy) -> None:
    patient_id, blue = refer(pharmacy), payer(pharmacy)
    plan = cover(pharmacy, patient_id, blue)

    def end(on: date | None, **given: Any) -> None:
        pharmacy.do(service.end_coverage, by=Role.BILLER, coverage_id=plan, ends_on=on, **given)

    with pytest.raises(Refused, match="Enter the last day"):
        end(None)
    with pytest.raises(Refused, match="cannot end on 31 Dec 2025"):
        end(date(2025, 12, 31))
    end(date(2026, 2, 28))
    with pytest.raises(Refused, match="ends on 28 Feb 2026 already"):
        end(date(2026, 2, 28))
    with pytest.raises(NeedsReason):
        end(date(2026, 3, 31))
    end(date(2026, 3, 31), reasons={"payers.correction": "the payer said otherwise"})

    changes = pharmacy.ask(
        lambda reading: [
            (one.before, one.after, one.reason)
            for one in reading.session.scalars(sa.select(CoverageChange).order_by(CoverageChange.id))
        ]
    )
    assert sorted(changes, key=lambda one: one[1]["ends_on"]) == [
        ({"ends_on": None}, {"ends_on": "2026-02-28"}, "ended"),
        ({"ends_on": "2026-02-28"}, {"ends_on": "2026-03-31"}, "the payer said otherwise"),
    ]


def test_the_order_of_coverage_is_corrected_with_a_reason(pharmacy: Pharmacy) -> None:
    patient_id, blue, green = refer(pharmacy), payer(pharmacy), payer(pharmacy, "Medicare", PayerKind.MEDICARE)
    first, second = cover(pharmacy, patient_id, blue), cover(pharmacy, patient_id, green, rank=2)

    def order(*plans: UUID, **given: Any) -> None:
        pharmacy.do(service.reorder_coverage, by=Role.BILLER, patient_id=patient_id, order=plans, **given)

    with pytest.raises(Refused, match="Name every plan that covers today"):
        order(second)
    with pytest.raises(Refused, match="in this order already"):
        order(first, second)
    with pytest.raises(NeedsReason):
        order(second, first)
    order(second, first, reasons={"payers.order": "the payers said so"})

    assert [(row.id, row.rank) for row in pharmacy.ask(queries.coverage_of, patient_id=patient_id)] == [(second, 1), (first, 2)]


def test_an_order_that_would_meet_a_later_plan_is_refused(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id, blue, green = refer(pharmacy), payer(pharmacy), payer(pharmacy, "Green Plan")
    first = cover(pharmacy, patient_id, blue, end=date(2026, 6, 30))
    second = cover(pharmacy, patient_id, green, rank=2)
    cover(pharmacy, patient_id, blue, start=date(2026, 7, 1))

    with pytest.raises(Refused, match="Another primary coverage runs from 1 Jul 2026 without an end"):
        pharmacy.do(
            service.reorder_coverage,
            by=Role.BILLER,
            patient_id=patient_id,
            order=[second, first],
            reasons={"payers.order": "the payers said so"},
        )


def test_a_voided_coverage_takes_its_authorizations_along_and_stays_readable(pharmacy: Pharmacy) -> None:
    patient_id, blue = refer(pharmacy), payer(pharmacy)
    plan = cover(pharmacy, patient_id, blue)
    authorize(pharmacy, plan)

    with pytest.raises(NeedsReason, match="Why is the coverage by Blue Plan PPO wrong"):
        pharmacy.do(service.void_coverage, by=Role.BILLER, coverage_id=plan)
    pharmacy.do(service.void_coverage, by=Role.BILLER, coverage_id=plan, reasons=WRONG)

    assert pharmacy.ask(queries.coverage_of, patient_id=patient_id) == []
    assert pharmacy.ask(queries.authorizations_of, patient_id=patient_id) == []
    assert [(row.text, row.void_reason) for row in pharmacy.ask(queries.voided_coverage_of, patient_id=patient_id)] == [
        ("Blue Plan PPO, member ABC123", "typing mistake")
    ]
    with pytest.raises(Refused, match="voided this coverage already: typing mistake"):
        authorize(pharmacy, plan)
    with pytest.raises(Refused, match="This coverage is not in the store"):
        authorize(pharmacy, blue)
    cover(pharmacy, patient_id, blue)


# Authorizations -----------------------------------------------------------------------------------


def test_authorizations_are_entered_once_and_voided_with_a_reason(pharmacy: Pharmacy) -> None:
    patient_id, blue = refer(pharmacy), payer(pharmacy)
    plan = cover(pharmacy, patient_id, blue, end=date(2026, 12, 31))
    one = authorize(pharmacy, plan)

    with pytest.raises(Refused, match="A123 for S9500 is entered already"):
        authorize(pharmacy, plan, start=date(2026, 3, 31), end=date(2026, 4, 30))
    authorize(pharmacy, plan, start=date(2026, 4, 1), end=date(2026, 4, 30))
    with pytest.raises(Refused, match="outside the days of this coverage"):
        authorize(pharmacy, plan, "B", start=date(2027, 1, 1), end=date(2027, 1, 31))
    with pytest.raises(Refused, match="before it starts"):
        authorize(pharmacy, plan, "B", start=date(2026, 3, 31), end=date(2026, 3, 1))
    with pytest.raises(NeedsReason, match="Why is authorization A123 void"):
        pharmacy.do(service.void_authorization, by=Role.BILLER, authorization_id=one)
    pharmacy.do(service.void_authorization, by=Role.BILLER, authorization_id=one, reasons=WRONG)
    with pytest.raises(Refused, match="voided this authorization already"):
        pharmacy.do(service.void_authorization, by=Role.BILLER, authorization_id=one, reasons=WRONG)

    assert [(row.payer, row.code, row.starts_on) for row in pharmacy.ask(queries.authorizations_of, patient_id=patient_id)] == [
        ("Blue Plan PPO", "S9500", date(2026, 4, 1))
    ]
    assert [row.text for row in pharmacy.ask(queries.voided_coverage_of, patient_id=patient_id)] == ["authorization A123, S9500"]


def test_the_banner_and_the_findings_follow_payer_and_authorization(pharmacy: Pharmacy) -> None:
    patient_id, blue = refer(pharmacy), payer(pharmacy)

    def findings() -> list[str]:
        return [one.because for one in pharmacy.ask(queries.coverage_findings, patient_id=patient_id)]

    def shown() -> tuple[str, str]:
        found = pharmacy.ask(queries.payer_banner_of, patient_id=patient_id)
        return found.payer, found.authorization.text if found.authorization else ""

    assert (findings(), shown()) == (["No coverage of today is recorded."], ("", ""))
    plan = cover(pharmacy, patient_id, blue)
    assert (findings(), shown()) == ([], ("Blue Plan PPO", ""))
    answer(pharmacy, blue, auth_required="all")
    assert findings() == ["Blue Plan PPO requires an authorization, and none is on file from 2 Mar 2026."]
    assert shown() == ("Blue Plan PPO", "none on file, and this payer requires it")
    one = authorize(pharmacy, plan)
    assert (findings(), shown()) == ([], ("Blue Plan PPO", "30 days left, ends 31 Mar 2026"))
    counted = pharmacy.ask(queries.payer_banner_of, patient_id=patient_id, used={one: 25}).authorization
    assert counted is not None
    assert counted.text == "30 days left, ends 31 Mar 2026, 5 units left"
    banner = pharmacy.ask(patient_queries.banner_of, patient_id=patient_id, payer=shown()[0], authorization=counted)
    assert (banner.payer, banner.authorization) == ("Blue Plan PPO", counted)
