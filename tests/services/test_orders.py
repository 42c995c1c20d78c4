"""Orders in versions: entered by one person, verified by another, changed, held, ended; on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.orders import queries, service
from infusiondesk.orders.rules import State
from infusiondesk.workflows.verify_order import verify_order
from tests.beginnings import Recipe
from tests.pharmacy import Pharmacy
from tests.story import a_patient, a_verified_order, an_order, an_order_draft, order_of, the_catalog


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def test_an_order_waits_for_another_person_to_verify_it(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = an_order(pharmacy, patient_id)

    waiting = pharmacy.ask(queries.orders_to_verify)
    assert [(row.id, row.state) for row in waiting] == [(version_id, State.ENTERED)]
    assert waiting[0].sig == "cefTRIAXone 2 g IV daily"
    assert waiting[0].rate_ml_per_h == Decimal("200.0")

    own = pharmacy.do(service.enter_order, patient_id=patient_id, draft=an_order_draft(pharmacy, patient_id))
    with pytest.raises(Refused, match="another pharmacist verifies it"):
        pharmacy.do(service.sign_verification, version_id=own, patient_name="ZZTEST Alder")


def test_a_verified_version_is_fixed_and_its_signature_holds(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = a_verified_order(pharmacy, patient_id)

    row = pharmacy.ask(queries.order_version, version_id=version_id)
    assert (row.state, row.is_verified) == (State.VERIFIED, True)
    assert [(s.name, s.meaning, s.holds) for s in row.signatures] == [("ZZTEST Second Pharmacist", "verified", True)]
    with pytest.raises(sa.exc.DBAPIError, match="signed"), pharmacy.store.engines.writing.begin() as connection:
        connection.exec_driver_sql("UPDATE order_version SET dose_amount = 1")


def test_a_change_is_the_next_version_and_the_old_one_ends_the_day_before(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    first = a_verified_order(pharmacy, patient_id)
    draft = an_order_draft(pharmacy, patient_id, interval_hours=Decimal(12), start_on=date(2026, 3, 10))

    with pytest.raises(NeedsReason):
        pharmacy.do(service.change_order, by=Role.TECHNICIAN, order_id=order_of(pharmacy, first), draft=draft)
    second = pharmacy.do(
        service.change_order,
        by=Role.TECHNICIAN,
        order_id=order_of(pharmacy, first),
        draft=draft,
        reasons={"orders.change": "prescriber's order"},
    )
    assert [(c.first, c.last) for c in pharmacy.ask(queries.therapy_courses, patient_id=patient_id)] == [
        (date(2026, 3, 3), date(2026, 3, 16))
    ]
    pharmacy.do(service.sign_verification, version_id=second, patient_name="ZZTEST Alder")

    found = pharmacy.ask(queries.therapy_courses, patient_id=patient_id)
    assert [(c.number, c.first, c.last) for c in found] == [
        (1, date(2026, 3, 3), date(2026, 3, 9)),
        (2, date(2026, 3, 10), date(2026, 3, 16)),
    ]


def test_a_wrong_change_is_replaced_by_the_next_one(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    first_id = a_verified_order(pharmacy, patient_id)
    order_id = order_of(pharmacy, first_id)
    changes = [
        pharmacy.do(
            service.change_order,
            by=Role.TECHNICIAN,
            order_id=order_id,
            draft=an_order_draft(pharmacy, patient_id, dose_amount=Decimal(dose)),
            reasons={"orders.change": f"dose {dose} g"},
        )
        for dose in (3, 1)
    ]

    waiting = pharmacy.ask(queries.orders_to_verify)
    assert [(row.id, row.number, row.reason) for row in waiting] == [(changes[1], 3, "dose 1 g")]
    assert waiting[0].replaces is not None
    assert waiting[0].replaces.id == first_id, "what changes is what is in force, not what was never verified"
    with pytest.raises(Refused, match=r"can no longer be verified \(never verified, replaced by version 3\)"):
        pharmacy.do(service.sign_verification, version_id=changes[0], patient_name="ZZTEST Alder, Marian")
    with pytest.raises(Refused, match=r"Version 2 of Rx \d+ can no longer be verified: never verified, replaced by version 3"):
        pharmacy.do(verify_order, version_id=changes[0])
    assert [course.number for course in pharmacy.ask(queries.therapy_courses, patient_id=patient_id)] == [1]


def changed(pharmacy: Pharmacy, patient_id: UUID, version_id: UUID, dose: str) -> UUID:
    return pharmacy.do(
        service.change_order,
        by=Role.TECHNICIAN,
        order_id=order_of(pharmacy, version_id),
        draft=an_order_draft(pharmacy, patient_id, dose_amount=Decimal(dose)),
        reasons={"orders.change": "dose by level"},
    )


def test_a_change_is_withdrawn_and_the_order_stands_as_last_verified(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    first = a_verified_order(pharmacy, patient_id)
    second = changed(pharmacy, patient_id, first, "3")
    third = changed(pharmacy, patient_id, first, "1")
    why = {"orders.withdrawn": "prescriber took it back"}

    with pytest.raises(NeedsReason, match="Why is version 3 of Rx 700001 withdrawn"):
        pharmacy.do(service.withdraw_change, by=Role.TECHNICIAN, version_id=third)
    pharmacy.do(service.withdraw_change, by=Role.TECHNICIAN, version_id=third, reasons=why)

    rows = pharmacy.ask(queries.orders_of, patient_id=patient_id)
    assert [(row.id, row.is_current, row.state, row.set_aside.words if row.set_aside else "", row.last_event) for row in rows] == [
        (third, False, State.VERIFIED, "withdrawn: prescriber took it back", ""),
        (second, False, State.VERIFIED, "never verified, replaced by version 3", ""),
        (first, True, State.VERIFIED, "", ""),
    ]
    assert pharmacy.ask(queries.orders_to_verify) == []
    assert [c.version_id for c in pharmacy.ask(queries.therapy_courses, patient_id=patient_id)] == [first]
    with pytest.raises(Refused, match=r"can no longer be verified \(withdrawn: prescriber took it back\)"):
        pharmacy.do(service.sign_verification, version_id=third, patient_name="ZZTEST Alder")
    with pytest.raises(Refused, match="Version 3 no longer waits for verification"):
        pharmacy.do(service.withdraw_change, version_id=third, reasons=why)

    fourth = changed(pharmacy, patient_id, first, "4")
    waiting = pharmacy.ask(queries.orders_to_verify)
    assert [(row.id, row.number, row.replaces.id if row.replaces else None) for row in waiting] == [(fourth, 4, first)]


def test_a_change_that_was_verified_meanwhile_is_not_withdrawn(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    second = changed(pharmacy, patient_id, a_verified_order(pharmacy, patient_id), "3")
    pharmacy.do(service.sign_verification, version_id=second, patient_name="ZZTEST Alder")

    with pytest.raises(Refused, match="A verified version is changed or discontinued"):
        pharmacy.do(service.withdraw_change, version_id=second, reasons={"orders.withdrawn": "entered by mistake"})

    assert pharmacy.ask(queries.order_version, version_id=second).is_current


def test_an_order_that_was_never_verified_is_changed_or_cancelled_not_withdrawn(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    first = an_order(pharmacy, patient_id)
    second = changed(pharmacy, patient_id, first, "3")

    with pytest.raises(Refused, match="cancel the order instead"):
        pharmacy.do(service.withdraw_change, version_id=second, reasons={"orders.withdrawn": "entered by mistake"})

    assert [(row.id, row.state) for row in pharmacy.ask(queries.orders_to_verify)] == [(second, State.ENTERED)]


def test_hold_resume_discontinue_each_with_a_reason(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    order_id = order_of(pharmacy, a_verified_order(pharmacy, patient_id))
    on = date(2026, 3, 8)
    pharmacy.clock.set(datetime(2026, 3, 8, 14, 0, tzinfo=UTC))

    pharmacy.do(service.hold_order, order_id=order_id, effective_on=on, reasons={"orders.held": "laboratory result"})
    assert pharmacy.ask(queries.orders_of, patient_id=patient_id)[0].state is State.HELD
    with pytest.raises(Refused, match="held cannot be held"):
        pharmacy.do(service.hold_order, order_id=order_id, effective_on=on, reasons={"orders.held": "again"})
    pharmacy.clock.advance(minutes=1)
    pharmacy.do(service.resume_order, order_id=order_id, effective_on=on, reasons={"orders.resumed": "cause resolved"})
    pharmacy.clock.advance(minutes=1)
    pharmacy.do(
        service.discontinue_order, order_id=order_id, effective_on=on, reasons={"orders.discontinued": "prescriber's order"}
    )

    assert pharmacy.ask(queries.orders_of, patient_id=patient_id)[0].state is State.DISCONTINUED
    assert [c.last for c in pharmacy.ask(queries.therapy_courses, patient_id=patient_id)] == [on]


def test_an_order_without_a_stop_date_is_refused_and_nothing_is_saved(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)

    with pytest.raises(Refused, match="without a stop date") as refused:
        pharmacy.do(service.enter_order, patient_id=patient_id, draft=an_order_draft(pharmacy, patient_id, stop_on=None))

    assert refused.value.field == "stop_on"
    assert pharmacy.ask(queries.orders_of, patient_id=patient_id) == []


def test_an_order_from_the_future_is_refused(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)

    with pytest.raises(Refused, match="in the future"):
        an_order(pharmacy, patient_id, received_at=datetime(2027, 1, 1, tzinfo=UTC))


def test_a_cancelled_order_no_longer_waits(pharmacy: Pharmacy) -> None:
    patient_id = a_patient(pharmacy)
    version_id = an_order(pharmacy, patient_id)

    pharmacy.do(service.cancel_order, order_id=order_of(pharmacy, version_id), reasons={"orders.cancelled": "duplicate"})

    assert pharmacy.ask(queries.orders_to_verify) == []
    with pytest.raises(Refused, match="cancelled and cannot be verified"):
        pharmacy.do(service.sign_verification, version_id=version_id, patient_name="ZZTEST Alder")
