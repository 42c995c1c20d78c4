"""The whole way through the window, from a referral to the printed summary; on both databases.

Nothing in it is made behind the window's back but staff and catalog.
"""

from datetime import datetime
from pathlib import Path

from infusiondesk.foundation.kernel.people import Role
from tests import public_data
from tests.desk import PASSWORD
from tests.journeys.conftest import At
from tests.pharmacy import Pharmacy

VIAL, WATER, BAG = "ceftriaxone 1 g vial", "sterile water for injection 20 mL vial", "0.9% sodium chloride 100 mL bag"
# What stands on each package as a GS1 DataMatrix: the item (made-up GTINs), its expiry and its lot.
CODES = {
    VIAL: "]d2010401234500001617270831" + "10VX2209",
    WATER: "]d2010401234500002317270831" + "104F1187",
    BAG: "]d2010401234500003017270831" + "10Y448120",
}
SECOND_LOGIN = "second.pharmacist"


def pharmacist_in_charge_imports_the_codes(at: At, folder: Path) -> None:
    desk = at(Role.PHARMACIST_IN_CHARGE)
    desk.go("Library", "Codes")
    desk.answers.file = str(public_data.code_file(folder))
    desk.press("Import a CMS file")
    desk.sees(" imported")
    desk.sees("codes read")
    desk.press("Close the report")


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
    desk.fill(type="PICC", lumens="2", arm="right", vein="basilic", inserted_on="1 Mar 2026", external_cm="2",
              tip="lower SVC or cavoatrial junction",
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


def technician_enters_the_order(at: At) -> None:
    desk = at(Role.TECHNICIAN)
    desk.find("alder")
    desk.turn("Orders")
    desk.press("Enter an order")
    desk.fill(
        drug_id="ceftriaxone", prescriber_id="ZZTEST Maplewood", dose_amount="2", dose_unit="g", route="iv", interval_hours="24",
        infusion_minutes="30", method="gravity", diluent="sodium chloride 0.9%", container="bag", volume_ml="100",
        start_on="3 Mar 2026", stop_on="16 Mar 2026", indication="osteomyelitis of the right foot", had_before="yes",
        lab_protocol="L-BL", lab_reviewer="ZZTEST Maplewood", flush="sodium chloride 0.9%", received_by="fax",
        received_at="2 Mar 2026 08:00",
    )  # fmt: skip
    desk.press("Save")
    desk.sees("Entered. Another pharmacist verifies it.")


def pharmacist_verifies_the_order(at: At) -> None:
    desk = at(Role.PHARMACIST)
    desk.go("Pharmacy")
    desk.press("Screen")
    desk.sees("1 medicine, 1 recognised")
    desk.press("Answer")
    desk.fill(code="history clarified", text="Infectious diseases saw the patient on 1 Mar 2026 in the hospital.")
    desk.press("Save")
    desk.press("Verify")
    desk.sees("version 1 is verified.")
    desk.find("alder")
    desk.turn("Screening")
    desk.sees("1 medicine, 1 recognised")


def technician_receives_the_lots(at: At) -> None:
    desk = at(Role.TECHNICIAN)
    desk.go("Stock")
    for label, unit in ((VIAL, "vial"), (WATER, "vial"), (BAG, "bag")):
        desk.press("Stock a new item")
        desk.fill(product_id=label, name=label, unit=unit, gtin=CODES[label][5:19])
        desk.press("Save")
        desk.sees("Stocked.")
    desk.turn("Receive a lot")
    desk.fill(vendor="ZZTEST Wholesale", document_number="INV 30077", has_transaction="Came with it")
    desk.press("Begin")
    desk.sees("Now scan the first package.")
    for label, code in CODES.items():  # from the document on, the scanner and the digits of the count
        desk.scan(code)
        desk.scan("40")
        desk.sees("40 bags" if label == BAG else "40 vials")


def technician_plans_the_batch(at: At) -> None:
    desk = at(Role.TECHNICIAN)
    desk.go("Compounding")
    desk.choose("cefTRIAXone 2 g IV daily")
    desk.press("Plan a batch")
    desk.fill(bags="7", due_at="2 Mar 2026 16:00")
    desk.press("Save plan")
    desk.sees("Planned. A pharmacist approves the worksheet next.")


def pharmacist_approves_the_worksheet(at: At) -> None:
    desk = at(Role.PHARMACIST)
    desk.go("Compounding")
    desk.choose("cefTRIAXone 2 g IV daily")
    desk.press("Approve worksheet")
    desk.sees("is approved.")


def technician_compounds(at: At) -> None:
    desk = at(Role.TECHNICIAN)
    desk.answers.second = (SECOND_LOGIN, PASSWORD)
    desk.go("Compounding", "Worksheet")
    for code in CODES.values():
        desk.scan(code)
    desk.fill(hood="PEC-2", is_clear="yes")
    desk.press("Start compounding")
    desk.fill(proof="Syringe pull-back seen")
    desk.press("Confirm volumes")
    desk.fill(good_bags="7", looks_right="yes")
    desk.press("Sign as compounded")
    desk.fill(labels="7")
    desk.press("Confirm labels")
    desk.press("Release batch")
    desk.sees("Released. The bags can be delivered.")


def pharmacist_signs_the_assessment(at: At) -> None:
    desk = at(Role.PHARMACIST)
    desk.find("alder")
    desk.turn("Patient")
    desk.choose("NPI 1245319599")
    desk.press("Note licence check")
    desk.fill(standing="licensed, not excluded", on="2 Mar 2026")
    desk.press("Save")
    desk.turn("Assessment")
    desk.press("Start an assessment")
    desk.fill(
        caregiver_able="Yes", nurse_needed="No", has_barrier="No", phone_works="Yes", power_safe="Yes", cold_product="Yes",
        refrigerator="Yes", running_water="Yes", clean_area="Yes", danger="No", minutes_to_ed="20", emergency_services="Yes",
        followed_at_home="Yes", tolerated="Yes", consents="Treatment", decision="Accept",
    )  # fmt: skip
    desk.press("Keep answers")
    desk.press("Settle")
    desk.fill(code="Confirmed with the prescriber", text="Infectious diseases saw the patient on 1 Mar 2026 in the hospital.")
    desk.press("Settle finding")
    desk.press("Sign assessment")
    desk.sees("The assessment is signed.")


def technician_delivers(at: At, staffed: Pharmacy) -> None:
    desk = at(Role.TECHNICIAN)
    desk.go("Deliveries")
    desk.press("Begin delivery")
    for bag in range(1, 8):
        desk.scan(f"{desk.reads(r'(B-[0-9]{4}-[0-9]{4})')}-{bag:02}")
    desk.press("Close and sign")
    desk.sees("Packed and signed.")
    staffed.clock.advance(minutes=10)
    desk.press("Ship")
    staffed.clock.advance(hours=1)
    desk.press("Confirm delivery")
    desk.fill(received_by="ZZTEST Alder, Peter", relation="husband", received_at="2 Mar 2026 08:50", condition="cold, intact")
    desk.sign_by_hand()
    desk.press("Confirm delivery")
    desk.sees("Confirmed. Its drugs may be billed.")


def laboratory_sends_results(at: At, folder: Path) -> None:
    """Two messages that call themselves training are parked until a person matches them; the third finds its patient by itself."""
    desk = at(Role.PHARMACIST)
    desk.find("alder")
    mrn = desk.reads(r"MRN ([\d-]+)")
    *training, own = public_data.results_of(mrn, folder, datetime(2026, 3, 10, 6, 45))  # noqa: DTZ001
    desk.go("Labs", "Labs to review")
    for path in training:
        desk.answers.file = str(path)
        desk.press("Take in a file")
        desk.sees(f"{path.name}: 1 message: 0 filed, 1 parked.")
        desk.press("Go on")
    desk.answers.file = str(own)
    desk.press("Take in a file")
    desk.sees(f"{own.name}: 1 message: 1 filed, 0 parked.")
    desk.go("Labs", "Unmatched results")
    for _ in range(2):
        desk.sees("marked as training")
        desk.choose("ZZTEST Alder")
        desk.press("Match to a patient")
        desk.fill(patient_id=mrn)
        desk.press("File report")
        desk.sees("The report is filed and waits for review.")
    desk.go("Labs", "Labs to review")
    for _ in range(3):
        desk.choose("ZZTEST Alder")
        desk.fill(action="no change", interpretation="As expected in the second week of ceftriaxone.")
        desk.press("Sign review")
        desk.sees("The review is signed.")
    desk.sees("Nothing to review")


def nurse_makes_the_visit(at: At, staffed: Pharmacy) -> None:
    desk = at(Role.NURSE)
    desk.find("alder")
    desk.turn("Visits")
    desk.press("Plan a visit")
    desk.fill(nurse="ZZTEST Nurse", purpose="routine", window_start="11 Mar 2026 08:00", window_end="11 Mar 2026 12:00")
    desk.press("Save")
    desk.go("Nursing")
    desk.choose("ZZTEST Alder")
    desk.press("Start visit")
    desk.fill(
        two_identifiers="yes", allergies_verified="yes", temperature_c="38.4", heart_rate="78", teach_back="independent",
        supplies="10 doses", next_visit="18 Mar", patient_signed="patient",
    )  # fmt: skip
    desk.press("Keep note")
    staffed.clock.advance(minutes=45)
    desk.press("End visit")
    desk.sees("38.4")
    desk.press("Prescriber told")
    desk.press("Sign note")
    desk.sees("The note is signed.")


def biller_prints_the_summary(at: At) -> None:
    desk = at(Role.BILLER)
    desk.find("alder")
    desk.turn("Day ledger")
    desk.sees("S9500")
    desk.choose("S9500")
    desk.sees("A123")
    desk.sees("J0696")  # 250 mg each: 7 delivered bags of 2 g
    desk.sees("99601")
    desk.press("Print summary")
    desk.sees("Preview of Per-diem billing summary")


def test_from_referral_to_summary(at: At, staffed: Pharmacy, tmp_path: Path) -> None:
    pharmacist_in_charge_imports_the_codes(at, tmp_path)
    intake_takes_the_referral(at)
    intake_fills_the_chart(at)
    pharmacist_fills_the_chart(at)
    biller_enters_the_payer(at)
    pharmacist_signs_the_care_plan(at)
    technician_enters_the_order(at)
    pharmacist_verifies_the_order(at)
    technician_receives_the_lots(at)
    technician_plans_the_batch(at)
    pharmacist_approves_the_worksheet(at)
    technician_compounds(at)
    pharmacist_signs_the_assessment(at)
    technician_delivers(at, staffed)
    staffed.clock.advance(days=9)
    laboratory_sends_results(at, tmp_path)
    nurse_makes_the_visit(at, staffed)
    biller_prints_the_summary(at)
