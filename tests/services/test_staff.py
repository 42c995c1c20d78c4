"""People: accounts, roles, licences, on both databases."""

from datetime import date

import pytest

from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.staff import queries, service
from infusiondesk.staff.rules import LicenceDraft, PersonDraft
from tests.pharmacy import Pharmacy

GOOD = "a long winter sentence"


def test_a_new_person_signs_in_with_his_own_password(pharmacy: Pharmacy) -> None:
    draft = PersonDraft("ZZTEST Rowan", "Rowan", [Role.PHARMACIST.value], GOOD)

    person_id = pharmacy.do(service.add_person, by=Role.ADMINISTRATOR, draft=draft)

    owner, key = pharmacy.store.keys.load().unlock("rowan", GOOD)
    assert (owner, key) == (str(person_id), pharmacy.store.data_key)


def test_a_login_is_never_given_twice(pharmacy: Pharmacy) -> None:
    pharmacy.do(service.add_person, by=Role.ADMINISTRATOR, draft=PersonDraft("ZZTEST A", "rowan", ["nurse"], GOOD))

    with pytest.raises(Refused, match="never used again"):
        pharmacy.do(service.add_person, by=Role.ADMINISTRATOR, draft=PersonDraft("ZZTEST B", "ROWAN", ["nurse"], GOOD))


def test_only_the_administrator_adds_people_and_the_refusal_says_so(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="you need to be an administrator; you are signed in as technician"):
        file_pharmacy.do(service.add_person, by=Role.TECHNICIAN, draft=PersonDraft("ZZTEST A", "rowan", ["nurse"], GOOD))


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short sentence", "needs at least 15"), ("ZZTEST Infusion 2026", "others know"), ("abcabcabcabcabcabc", "repeats itself")],
)
def test_a_weak_password_is_refused_in_one_sentence(file_pharmacy: Pharmacy, password: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        file_pharmacy.do(service.add_person, by=Role.ADMINISTRATOR, draft=PersonDraft("ZZTEST A", "rowan", ["nurse"], password))


def test_the_last_administrator_stays(file_pharmacy: Pharmacy) -> None:
    administrator = file_pharmacy.people[Role.ADMINISTRATOR]

    with pytest.raises(Refused, match="last administrator"):
        file_pharmacy.do(service.change_roles, by=Role.ADMINISTRATOR, person_id=administrator.id, roles=["nurse"])


def test_taking_roles_asks_for_a_reason(pharmacy: Pharmacy) -> None:
    nurse = pharmacy.people[Role.NURSE]

    with pytest.raises(NeedsReason):
        pharmacy.do(service.change_roles, by=Role.ADMINISTRATOR, person_id=nurse.id, roles=["biller"])
    pharmacy.do(
        service.change_roles,
        by=Role.ADMINISTRATOR,
        person_id=nurse.id,
        roles=["biller"],
        reasons={"staff.roles": "moved to billing"},
    )

    assert next(row.roles for row in pharmacy.ask(queries.people) if row.id == nurse.id) == (Role.BILLER,)


def test_a_closed_account_loses_its_key_and_keeps_its_name(pharmacy: Pharmacy) -> None:
    person_id = pharmacy.do(service.add_person, by=Role.ADMINISTRATOR, draft=PersonDraft("ZZTEST Rowan", "rowan", ["nurse"], GOOD))

    pharmacy.do(service.close_account, by=Role.ADMINISTRATOR, person_id=person_id, reasons={"staff.close": "left the pharmacy"})

    with pytest.raises(Refused):
        pharmacy.store.keys.load().unlock("rowan", GOOD)
    assert [row.name for row in pharmacy.ask(queries.people) if row.is_retired] == ["ZZTEST Rowan"]


def test_a_licence_is_renewed_in_place_and_an_expired_one_refused(pharmacy: Pharmacy) -> None:
    nurse = pharmacy.people[Role.NURSE].id
    renewed = LicenceDraft("RN", "il", pharmacy.people[Role.NURSE].licences[0].number, date(2029, 5, 31))

    pharmacy.do(service.enter_licence, by=Role.ADMINISTRATOR, person_id=nurse, draft=renewed)
    with pytest.raises(Refused, match="expired"):
        pharmacy.do(
            service.enter_licence, by=Role.ADMINISTRATOR, person_id=nurse, draft=LicenceDraft("RN", "IL", "9", date(2026, 3, 1))
        )

    row = next(row for row in pharmacy.ask(queries.people) if row.id == nurse)
    assert [licence.expires_on for licence in row.licences] == [date(2029, 5, 31)]


def test_a_forgotten_password_is_renewed_with_a_reason(file_pharmacy: Pharmacy) -> None:
    person_id = file_pharmacy.do(
        service.add_person, by=Role.ADMINISTRATOR, draft=PersonDraft("ZZTEST Rowan", "rowan", ["nurse"], GOOD)
    )

    file_pharmacy.do(
        service.renew_password,
        by=Role.ADMINISTRATOR,
        person_id=person_id,
        password="another long sentence",
        reasons={"staff.password": "forgotten"},
    )

    assert file_pharmacy.store.keys.load().unlock("rowan", "another long sentence")[0] == str(person_id)
    with pytest.raises(Refused):
        file_pharmacy.store.keys.load().unlock("rowan", GOOD)
