"""The whole way through the window, from a referral to the printed summary; on both databases.

Nothing in it is made behind the window's back but staff and catalog.
"""

from infusiondesk.foundation.kernel.people import Role
from tests.journeys.conftest import At

PATIENT = "ZZTEST Alder, Marian"


def intake_takes_the_referral(at: At) -> None:
    desk = at(Role.INTAKE)
    desk.go("Intake")
    desk.press("New referral")
    desk.fill(
        start_of_care_at="3 Mar 2026 09:00", source="hospital", therapy="antibiotic", referring_person="ZZTEST Birch",
        referring_phone="2175550100", last_name="ZZTEST Alder", first_name="Marian", born_on="14 Mar 1964", sex="female",
        phone="2175550142", street="22 Elm St", city="Springfield", state="IL", postcode="62704",
        prescriber_name="ZZTEST Maplewood", prescriber_npi="1245319599", prescriber_phone="2175550199",
    )  # fmt: skip
    desk.press("Take in")
    desk.sees("The referral is on the board.")
    desk.press("Acknowledge")
    desk.press("Begin intake")
    desk.press("Verify benefits")
    desk.press("Open chart")
    desk.sees("Allergies not recorded")


def intake_fills_the_chart(at: At) -> None:
    desk = at(Role.INTAKE)
    desk.find("alder")
    desk.turn("Patient")
    desk.choose("Place of care")
    desk.press("Set the place of care")
    desk.fill(kind="own home", from_on="2 Mar 2026")
    desk.press("Save")


def pharmacist_fills_the_chart(at: At) -> None:
    desk = at(Role.PHARMACIST)
    desk.find("alder")
    desk.turn("Patient")
    desk.choose("Allergies not recorded")
    desk.press("Confirm no known allergies")
    desk.sees("No known allergies")
    desk.choose("Weight")
    desk.press("Enter a weight")
    desk.fill(value="800", measured_on="2 Mar 2026", how="measured")
    desk.press("Save")
    desk.sees("350")  # refused beside its field; what was typed is still there
    desk.fill(value="71.4")
    desk.press("Save")
    desk.press("Enter a height")
    desk.fill(value="165", measured_on="2 Mar 2026", how="measured")
    desk.press("Save")
    desk.choose("Primary diagnosis")
    desk.press("Enter a diagnosis")
    desk.fill(code="M86.171")
    desk.press("Save")
    desk.choose("Access device")
    desk.press("Enter an access device")
    desk.fill(type="PICC", lumens="2", arm="right", vein="basilic", inserted_on="1 Mar 2026", external_cm="2", tip="lower SVC or cavoatrial junction",
              tip_confirmed="chest X-ray", tip_confirmed_on="1 Mar 2026")  # fmt: skip
    desk.press("Save")
    desk.sees("PICC, right basilic, 2 lumens")


def biller_enters_the_payer(at: At) -> None:
    desk = at(Role.BILLER)
    desk.go("Library", "Payer profiles")
    desk.press("Enter a payer")
    desk.fill(name="ZZTEST Blue Plan", kind="Commercial")
    desk.press("Save")
    for field, value in (("rates", "S9500 95\nS9501 105"), ("auth_required", "all")):
        desk.choose(FIELD_WORDS[field])
        desk.press("Set field")
        desk.fill(typed=value, source="contract 2026", effective_on="1 Jan 2026")
        desk.press("Save")
    desk.find("alder")
    desk.turn("Coverage")
    desk.press("Enter a plan")
    desk.fill(payer_id="ZZTEST Blue Plan", member_id="MBR000111222", starts_on="1 Jan 2026")
    desk.press("Save")
    desk.press("Enter an authorization")
    desk.fill(number="A123", code="S9500", starts_on="3 Mar 2026", ends_on="16 Mar 2026", units="14")
    desk.press("Save")
    desk.sees("number A123")


FIELD_WORDS = {"rates": "rates", "auth_required": "auth"}


def pharmacist_signs_the_care_plan(at: At) -> None:
    desk = at(Role.PHARMACIST)
    desk.find("alder")
    desk.turn("Care plan")
    desk.press("Start a plan")
    desk.fill(template="Outpatient parenteral antibiotic, beta-lactam")
    desk.press("Save")
    desk.press("Sign plan")
    desk.sees("The plan is signed and active.")


def test_from_referral_to_summary(at: At) -> None:
    intake_takes_the_referral(at)
    intake_fills_the_chart(at)
    pharmacist_fills_the_chart(at)
    biller_enters_the_payer(at)
    pharmacist_signs_the_care_plan(at)
