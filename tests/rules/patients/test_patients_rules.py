"""Patients, the rules: names, drafts, plausibility, acceptance, clocks, banner."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusiondesk.patients.rules import banner as words_of
from infusiondesk.patients.rules.banner import Words, banner
from infusiondesk.patients.rules.clocks import ClockState, IntakePolicy, Times, business_due, clocks_of, next_clock, span_text
from infusiondesk.patients.rules.drafts import DemographicsDraft, PrescriberDraft, ReferralDraft
from infusiondesk.patients.rules.entries import (
    AllergyDraft,
    DeviceDraft,
    DiagnosisDraft,
    HomeMedicationDraft,
    HospitalDischargeDraft,
    PlaceDraft,
    StayDraft,
    TipDraft,
    overlaps,
    removal_problem,
)
from infusiondesk.patients.rules.facts import (
    AllergyFacts,
    DeviceFacts,
    DiagnosisFacts,
    MeasurementFacts,
    PatientFacts,
    PlaceFacts,
    PrescriberFacts,
    Severity,
    StayFacts,
)
from infusiondesk.patients.rules.journey import STEPS, ReferralFacts, acceptance_findings, intake_problem, step_problem
from infusiondesk.patients.rules.names import (
    check_digit,
    dea_is_valid,
    folded,
    name_problem,
    phone_digits,
    phone_text,
    record_number,
    record_number_digits,
    search_key,
    search_words,
    typed_date,
)
from infusiondesk.patients.rules.plausibility import MeasurementDraft, doubt_about, out_of_range, size_findings
from infusiondesk.patients.rules.words import (
    AllergySeverity,
    CodeStatus,
    DeviceType,
    MeasuredHow,
    MeasurementKind,
    MedicationSource,
    PatientStatus,
    PlaceKind,
    ReferralSource,
    Sex,
    Standing,
    TipConfirmation,
    TipLocation,
)

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ID = UUID(int=1)
WEIGHT, HEIGHT = MeasurementKind.WEIGHT, MeasurementKind.HEIGHT


def fields(draft: Any) -> list[str]:
    return [problem.field for problem in draft.problems()]


# Names and numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("O’Brien", "obrien"),
        ("O'Brien-Smith Jr.", "obriensmithjr"),
        ("Nguyễn Thị", "nguyenthi"),
        ("Łukasz Ørsted", "lukaszorsted"),
        ("Straße", "strasse"),
        ("İlker Y\u0131ld\u0131z", "ilkeryildiz"),
        ("Ελένη", "ελενη"),
        ("Юлия", "юлия"),
        ("Æsa Þór", "aesathor"),
    ],
)
def test_a_name_is_folded(name: str, key: str) -> None:
    assert folded(name) == key


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    "name", ["O’Brien", "De la Cruz-Núñez", "St. John", "Nguyễn", "王小明", "श्री", "Nguye\u0302\u0303n", "D'Arcy"]
)
def test_any_letters_make_a_name(name: str) -> None:
    assert name_problem("last name", name, 60) is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter the last name."),
        ("  ", "Enter the last name."),
        ("Smith3", "The last name may hold letters, apostrophe, hyphen, space and period, but not “3”."),
        ("Smith, Jr", "The last name may hold letters, apostrophe, hyphen, space and period, but not “,”."),
        ("-", "The last name needs a letter."),
        ("x" * 61, "The last name has 61 characters; at most 60 fit on claims and labels."),
    ],
)
def test_what_is_no_name_says_why(name: str, sentence: str) -> None:
    assert name_problem("last name", name, 60) == sentence


def test_composed_and_decomposed_letters_count_once() -> None:
    assert name_problem("first name", "e\u0301" * 35, 35) is None


def test_search_keys_hold_every_name() -> None:
    assert search_key(("O’Brien", "Mary Ann", "")) == "obrien maryann"
    assert search_words(" O'brien,  mary - ") == ("obrien", "mary")


def test_the_check_digit_is_damms() -> None:
    assert check_digit("572") == "4"  # the published example


@given(st.integers(min_value=0, max_value=99_999), st.data())
def test_a_record_number_catches_one_wrong_digit_and_one_swap(serial: int, data: st.DataObject) -> None:
    digits = record_number(serial).replace("-", "")
    place = data.draw(st.integers(0, len(digits) - 2))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[place]]))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

    assert record_number_digits(record_number(serial)) == digits
    assert record_number_digits(digits[:place] + other + digits[place + 1 :]) is None
    assert swapped == digits or record_number_digits(swapped) is None


def test_a_record_number_grows_beyond_five_digits() -> None:
    assert record_number(123_456).startswith("123-456-")
    assert record_number_digits("abc") is None


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("312-555-0142", "3125550142"),
        ("(312) 555 0142", "3125550142"),
        ("+1 312.555.0142", "3125550142"),
        ("555-0142", None),
        ("22 312 555 0142", None),
        ("312-555-014x", None),
    ],
)
def test_telephone_numbers_have_ten_digits(typed: str, digits: str | None) -> None:
    assert phone_digits(typed) == digits


def test_a_telephone_number_is_shown_in_groups() -> None:
    assert (phone_text("3125550142"), phone_text("")) == ("312-555-0142", "")


@pytest.mark.parametrize(
    ("number", "valid"), [("AB1234563", True), ("AB1234564", False), ("A91234563", True), ("ab1234563", False), ("", False)]
)
def test_a_dea_number_is_checked(number: str, valid: bool) -> None:
    assert dea_is_valid(number) is valid


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1964-03-14", date(1964, 3, 14)),
        (" 3/14/1964 ", date(1964, 3, 14)),
        ("14 mar 1964", date(1964, 3, 14)),
        ("14 March 1964", date(1964, 3, 14)),
        ("14 foo 1964", None),
        ("2/30/1964", None),
        ("1964", None),
    ],
)
def test_a_day_is_recognised_in_a_search(typed: str, day: date | None) -> None:
    assert typed_date(typed) == day


# Drafts -------------------------------------------------------------------------------------------


def person(**changes: Any) -> DemographicsDraft:
    return replace(DemographicsDraft(TODAY, "Marian", "ZZTEST Alder", born_on=date(1964, 3, 14), sex=Sex.FEMALE), **changes)


def test_a_name_a_birth_date_and_a_sex_are_enough() -> None:
    assert person().problems() == []


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"last_name": ""}, "last_name", "Enter the last name."),
        ({"first_name": "x" * 36}, "first_name", "The first name has 36 characters; at most 35 fit on claims and labels."),
        ({"preferred_name": "M4ri"}, "preferred_name", "not “4”"),
        ({"born_on": None}, "born_on", "Enter the date of birth."),
        ({"born_on": date(2026, 11, 25)}, "born_on", "25 Nov 2026 is in the future"),
        ({"born_on": date(1905, 11, 24)}, "born_on", "older than 120 years"),
        ({"sex": None}, "sex", "Choose the sex at birth"),
        ({"phone": "555-0142"}, "phone", "Enter the phone with ten digits"),
        ({"contact_phone": "x"}, "contact_phone", "Enter the contact's phone with ten digits"),
        ({"state": "Illinois"}, "state", "two letters"),
        ({"postcode": "627"}, "postcode", "ZIP code"),
        ({"e_mail": "me"}, "e_mail", "name@example.org"),
        ({"language": "xx"}, "language", "Choose the language"),
        ({"emergency_class": 4}, "emergency_class", "1, 2 or 3"),
    ],
)
def test_a_problem_of_demographics_stands_at_its_field(changes: dict[str, Any], field: str, sentence: str) -> None:
    (problem,) = person(**changes).problems()

    assert problem.field == field
    assert sentence in problem.sentence


def test_born_today_and_120_years_ago_are_possible() -> None:
    assert person(born_on=TODAY).problems() == []
    assert person(born_on=date(1905, 11, 25)).problems() == []


def test_everything_that_is_filled_in_rightly_is_taken() -> None:
    filled = person(
        preferred_name="Mary", state="il", postcode="62701-1234", e_mail="a@example.org", phone="217-555-0142",
        language="vi", emergency_class=1, code_status=CodeStatus.DNR,
    )  # fmt: skip

    assert filled.problems() == []


def request(**changes: Any) -> ReferralDraft:
    given: dict[str, Any] = {
        **vars(person()),
        "now": NOW,
        "received_at": NOW - timedelta(hours=1),
        "source": ReferralSource.HOSPITAL,
        "referring_person": "ZZTEST Clerk",
        "referring_phone": "217-555-0100",
        "start_of_care_at": NOW + timedelta(days=1),
        "therapy": "vancomycin",
    }
    return ReferralDraft(**(given | changes))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"received_at": None}, "received_at", "Enter when"),
        ({"received_at": NOW + timedelta(minutes=1)}, "received_at", "future"),
        ({"source": None}, "source", "Choose who sent"),
        ({"referring_person": " "}, "referring_person", "who called"),
        ({"referring_phone": ""}, "referring_phone", "call back"),
        ({"referring_phone": "12"}, "referring_phone", "ten digits"),
        ({"referring_fax": "12"}, "referring_fax", "ten digits"),
        ({"start_of_care_at": None}, "start_of_care_at", "start of care"),
        ({"start_of_care_at": NOW - timedelta(days=1)}, "start_of_care_at", "cannot lie before"),
        ({"therapy": ""}, "therapy", "Enter the therapy"),
        ({"last_name": ""}, "last_name", "Enter the last name"),
        (
            {"prescriber_name": "Dr ZZTEST Oak", "prescriber_phone": "217-555-0111"},
            "prescriber_npi",
            "Enter the NPI",
        ),
        (
            {"prescriber_name": "Dr ZZTEST Oak", "prescriber_phone": "217-555-0111", "prescriber_npi": "1234567890"},
            "prescriber_npi",
            "1234567890 is not a valid NPI: it has ten digits, and the last one checks the others (R20).",
        ),
    ],
)
def test_a_problem_of_a_referral_stands_at_its_field(changes: dict[str, Any], field: str, sentence: str) -> None:
    (problem,) = request(**changes).problems()

    assert problem.field == field
    assert sentence in problem.sentence


def test_care_may_start_on_the_day_of_referral_and_a_chosen_prescriber_is_not_new() -> None:
    draft = request(start_of_care_at=NOW - timedelta(hours=2), prescriber_id=ID, prescriber_name="typed before")

    assert draft.problems() == []
    assert draft.prescriber is None
    assert request(received_at=None, now=None).problems()[0].field == "received_at"
    assert request(now=None).problems() == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"name": ""}, ["name"]),
        ({"phone": ""}, ["phone"]),
        ({"fax": "1"}, ["fax"]),
        ({"after_hours_phone": "1"}, ["after_hours_phone"]),
        ({"dea": "AB1234564"}, ["dea"]),
        ({"dea": "ab1234563"}, []),
    ],
)
def test_a_prescriber_needs_a_name_a_valid_npi_and_a_phone(changes: dict[str, str], found: list[str]) -> None:
    assert fields(replace(PrescriberDraft("Dr ZZTEST Oak", "1234567893", "217-555-0111"), **changes)) == found


# Entries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("substance", "is_one"),
    [("penicillin", True), ("", False), ("none", False), (" NKDA. ", False), ("No known  allergies", False)],
)
def test_none_is_no_substance(substance: str, is_one: bool) -> None:
    assert (AllergyDraft(substance).problems() == []) is is_one


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (DiagnosisDraft(TODAY, "m86.171"), []),
        (DiagnosisDraft(TODAY, "I10", started_on=TODAY), []),
        (DiagnosisDraft(TODAY, "osteomyelitis"), ["code"]),
        (DiagnosisDraft(TODAY, "I10", started_on=date(2026, 11, 25)), ["started_on"]),
        (DeviceDraft(TODAY), ["type"]),
        (DeviceDraft(TODAY, DeviceType.PIV, lumens=0), ["lumens"]),
        (DeviceDraft(TODAY, DeviceType.PIV, inserted_on=date(2026, 11, 25)), ["inserted_on"]),
        (DeviceDraft(TODAY, DeviceType.PICC, external_cm=Decimal(31)), ["external_cm"]),
        (DeviceDraft(TODAY, DeviceType.PICC, external_cm=Decimal(-1)), ["external_cm"]),
        (DeviceDraft(TODAY, DeviceType.PICC, external_cm=Decimal(6), total_cm=Decimal(5)), ["external_cm"]),
        (DeviceDraft(TODAY, DeviceType.PICC, external_cm=Decimal(5), total_cm=Decimal(45), lumens=2, inserted_on=TODAY), []),
        (DeviceDraft(TODAY, DeviceType.PICC, tip_confirmed=TipConfirmation.ECG), ["tip", "tip_confirmed_on"]),
        (DeviceDraft(TODAY, DeviceType.PICC, tip_confirmed_on=TODAY), ["tip_confirmed"]),
        (TipDraft(TODAY), ["tip", "tip_confirmed_on", "tip_confirmed"]),
        (TipDraft(TODAY, TODAY, TipLocation.SVC, TipConfirmation.ECG, TODAY), []),
        (TipDraft(TODAY, None, TipLocation.SVC, TipConfirmation.ECG, TODAY), []),
        (TipDraft(TODAY, None, TipLocation.SVC, TipConfirmation.ECG, date(2026, 11, 25)), ["tip_confirmed_on"]),
        (TipDraft(TODAY, TODAY, TipLocation.SVC, TipConfirmation.ECG, date(2026, 11, 23)), ["tip_confirmed_on"]),
        (HomeMedicationDraft(), ["name", "source"]),
        (HomeMedicationDraft("garlic", source=MedicationSource.PATIENT), []),
        (PlaceDraft(), ["kind", "from_on"]),
        (PlaceDraft(PlaceKind.MOTEL, "", TODAY), []),
        (StayDraft(NOW), ["admitted_at", "facility"]),
        (StayDraft(NOW, NOW + timedelta(minutes=1), "ZZTEST Memorial"), ["admitted_at"]),
        (StayDraft(NOW, NOW, "ZZTEST Memorial"), []),
        (HospitalDischargeDraft(NOW, NOW), ["discharged_at"]),
        (HospitalDischargeDraft(NOW, NOW, NOW + timedelta(minutes=1)), ["discharged_at"]),
        (HospitalDischargeDraft(NOW, NOW, NOW - timedelta(minutes=1)), ["discharged_at"]),
        (HospitalDischargeDraft(NOW, NOW - timedelta(days=1), NOW), []),
    ],
)
def test_what_keeps_an_entry_from_being_saved(draft: Any, found: list[str]) -> None:
    assert fields(draft) == found


@pytest.mark.parametrize(
    ("removed", "inserted", "sentence"),
    [
        (None, None, "Enter the day of removal."),
        (date(2026, 11, 25), None, "in the future"),
        (date(2026, 11, 1), date(2026, 11, 2), "before it was inserted on 2 Nov 2026"),
        (date(2026, 11, 2), date(2026, 11, 2), None),
        (date(2026, 11, 2), None, None),
    ],
)
def test_a_device_leaves_after_it_came(removed: date | None, inserted: date | None, sentence: str | None) -> None:
    found = removal_problem(removed, inserted, TODAY)

    assert found is None if sentence is None else sentence in (found or "")


def test_stays_may_touch_but_not_overlap() -> None:
    def at(hour: int) -> datetime:
        return NOW + timedelta(hours=hour)

    assert not overlaps(at(0), at(2), [(at(2), at(4)), (at(-4), at(0))])
    assert overlaps(at(0), at(3), [(at(2), at(4))])
    assert overlaps(at(0), None, [(at(2), at(4))])
    assert overlaps(at(5), at(6), [(at(2), None)])
    assert not overlaps(at(0), at(1), [(at(2), None)])


# Measurements -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (WEIGHT, "0.5", None),
        (WEIGHT, "350", None),
        (WEIGHT, "0.49", "0.49 kg is outside what a weight can be, 0.5 to 350 kg: correct the number under Weight."),
        (WEIGHT, "800", "800 kg is outside what a weight can be, 0.5 to 350 kg: correct the number under Weight."),
        (HEIGHT, "30", None),
        (HEIGHT, "250", None),
        (HEIGHT, "5.8", "5.8 cm is outside what a height can be, 30 to 250 cm: correct the number under Height."),
        (
            MeasurementKind.DRY_WEIGHT,
            "351",
            "351 kg is outside what a dry weight can be, 0.5 to 350 kg: correct the number under Dry weight.",
        ),
    ],
)
def test_limits_of_a_human_being(kind: MeasurementKind, value: str, sentence: str | None) -> None:
    assert out_of_range(kind, Decimal(value)) == sentence


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (MeasurementDraft(TODAY, WEIGHT, Decimal(70), TODAY, MeasuredHow.STATED), []),
        (MeasurementDraft(TODAY, None), ["kind"]),
        (MeasurementDraft(TODAY), ["value", "measured_on", "how"]),
        (MeasurementDraft(TODAY, WEIGHT, Decimal(800), date(2026, 11, 25), MeasuredHow.STATED), ["value", "measured_on"]),
    ],
)
def test_what_a_measurement_needs(draft: MeasurementDraft, found: list[str]) -> None:
    assert fields(draft) == found


def weight(kg: str, on: date = date(2026, 11, 1)) -> MeasurementFacts:
    return MeasurementFacts(ID, WEIGHT, Decimal(kg), on, MeasuredHow.MEASURED)


@pytest.mark.parametrize(
    ("before", "now", "key"),
    [
        ("70", "139.9", "patients.weight_change"),
        ("70", "140", "patients.pounds"),
        ("70", "168", "patients.pounds"),
        ("70", "168.1", "patients.weight_change"),
        ("70", "77", None),
        ("70", "77.1", "patients.weight_change"),
        ("70", "63", None),
        ("70", "62.9", "patients.weight_change"),
    ],
)
def test_a_weight_far_from_the_last_one_is_asked_back(before: str, now: str, key: str | None) -> None:
    doubt = doubt_about(WEIGHT, Decimal(now), weight(before))

    assert (doubt.key if doubt else None) == key


def test_the_question_says_how_much_it_changed() -> None:
    less, more = doubt_about(WEIGHT, Decimal(60), weight("70")), doubt_about(WEIGHT, Decimal(80), weight("70"))

    assert less is not None
    assert more is not None
    assert less.question.startswith("60 kg is 14.3% less than the last weight, 70 kg on 1 Nov 2026.")
    assert more.question.startswith("80 kg is 14.3% more")


def test_a_first_weight_and_a_height_raise_no_doubt() -> None:
    assert doubt_about(WEIGHT, Decimal(70), None) is None
    assert doubt_about(HEIGHT, Decimal(170), MeasurementFacts(ID, HEIGHT, Decimal(80), TODAY, MeasuredHow.STATED)) is None


@pytest.mark.parametrize(
    ("has", "asked", "found"),
    [
        ((None, None), {"by_weight": True, "by_height": True}, [("R39", "STOP"), ("R39", "STOP")]),
        ((None, None), {"by_weight": False}, []),
        ((weight("70", date(2026, 10, 25)), None), {"by_weight": True}, []),
        ((weight("70", date(2026, 10, 24)), None), {"by_weight": True}, [("CLN03", "WARN")]),
        ((weight("70", date(2026, 11, 17)), None), {"by_weight": True, "watched_closely": True}, []),
        ((weight("70", date(2026, 11, 16)), None), {"by_weight": True, "watched_closely": True}, [("CLN03", "WARN")]),
    ],
)
def test_a_dose_by_weight_needs_a_fresh_weight(
    has: tuple[MeasurementFacts | None, MeasurementFacts | None], asked: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert [(one.rule, one.severity.value) for one in size_findings(*has, TODAY, **asked)] == found


# The way through the pharmacy ---------------------------------------------------------------------

OAK = PrescriberFacts(ID, "Dr ZZTEST Oak", "1234567893", "217-555-0111", "", "", "", Standing.GOOD, TODAY)
PICC = DeviceFacts(
    ID, DeviceType.PICC, 2, None, "", "right", "basilic", TipLocation.CAVOATRIAL, TipConfirmation.CHEST_XRAY,
    date(2026, 11, 1), date(2026, 11, 1), "", None, None, "", None,
)  # fmt: skip
PATIENT = PatientFacts(
    id=ID,
    mrn="40-118-7",
    first_name="Marian",
    last_name="ZZTEST Alder",
    preferred_name="",
    born_on=date(1964, 3, 14),
    sex=Sex.FEMALE,
    status=PatientStatus.INTAKE,
    episode=1,
    phone="217-555-0142",
    address="12 Elm Street, Springfield, IL 62701",
    language="English",
    interpreter_needed=False,
    emergency_contact="ZZTEST Alder, Paul",
    emergency_class=2,
    code_status=CodeStatus.FULL,
    prescriber=OAK,
    followed_by=OAK,
    no_known_allergies_on=date(2026, 11, 21),
    allergies=(),
    weight=weight("71.4", date(2026, 11, 21)),
    height=None,
    dry_weight=None,
    diagnoses=(DiagnosisFacts(ID, "M86.171", "Other acute osteomyelitis", 1, None),),
    devices=(PICC,),
    home_medications=(),
    place=PlaceFacts(ID, PlaceKind.OWN_HOME, "", date(2026, 11, 1)),
    stays=(),
)
REFERRAL = ReferralFacts(ReferralSource.HOSPITAL, "vancomycin", (), benefits_verified=True)


def allergy(substance: str, severity: AllergySeverity | None = None, reaction: str = "rash", occurred: str = "") -> AllergyFacts:
    return AllergyFacts(ID, substance, reaction, severity, occurred, "", "", TODAY, "ZZTEST Nurse")


def test_a_complete_patient_may_be_accepted() -> None:
    assert acceptance_findings(PATIENT, REFERRAL) == ()


@pytest.mark.parametrize(
    ("patient", "referral", "found"),
    [
        ({"phone": ""}, {}, [("R02", "STOP")]),
        ({"no_known_allergies_on": None}, {}, [("ALG01", "STOP")]),
        ({"no_known_allergies_on": None, "allergies": (allergy("latex"),)}, {}, []),
        ({"prescriber": None}, {}, [("R20", "STOP")]),
        ({"prescriber": replace(OAK, npi="1234567890")}, {}, [("R20", "STOP")]),
        ({"prescriber": replace(OAK, standing=Standing.EXCLUDED)}, {}, [("R20", "STOP")]),
        ({"prescriber": replace(OAK, standing=Standing.NOT_LICENSED)}, {}, [("R20", "STOP")]),
        ({"followed_by": replace(OAK, standing=Standing.NOT_CHECKED)}, {}, [("R20", "WARN")]),
        ({"followed_by": None}, {}, [("R21", "HOLD")]),
        ({"followed_by": None}, {"source": ReferralSource.CLINIC}, []),
        ({"address": ""}, {}, [("DEM01", "HOLD")]),
        ({"emergency_contact": ""}, {}, [("CON01", "HOLD")]),
        ({"diagnoses": ()}, {}, [("CLN01", "HOLD")]),
        ({"devices": ()}, {}, [("VAD01", "HOLD")]),
        ({"place": None}, {}, [("HOM01", "HOLD")]),
        ({}, {"benefits_verified": False}, [("T2", "HOLD")]),
        ({}, {"missing_documents": ("culture",)}, [("REF04", "WARN")]),
        (
            {"address": "", "phone": "", "followed_by": replace(OAK, standing=Standing.NOT_CHECKED)},
            {},
            [("R02", "STOP"), ("DEM01", "HOLD"), ("R20", "WARN")],
        ),
    ],
)
def test_what_stands_before_acceptance(patient: dict[str, Any], referral: dict[str, Any], found: list[tuple[str, str]]) -> None:
    findings = acceptance_findings(replace(PATIENT, **patient), replace(REFERRAL, **referral))

    assert [(one.rule, one.severity.value) for one in findings] == found
    assert all(isinstance(one.severity, Severity) and one.because.endswith((".", "decline.")) for one in findings)


def test_intake_needs_prescriber_and_therapy() -> None:
    assert intake_problem(PATIENT, "vancomycin") is None
    assert "therapy first" in (intake_problem(PATIENT, " ") or "")
    assert "prescriber first" in (intake_problem(replace(PATIENT, prescriber=None), "vancomycin") or "")


@pytest.mark.parametrize("before", PatientStatus)
def test_every_step_is_either_allowed_or_refused_with_what_may_follow(before: PatientStatus) -> None:
    for after in PatientStatus:
        sentence = step_problem(before, after)
        assert (sentence is None) is (after in STEPS[before])
        assert sentence is None or ("possible now" in sentence) is bool(STEPS[before])


def test_refusals_of_a_step_read_as_sentences() -> None:
    assert step_problem(PatientStatus.INTAKE, PatientStatus.DISCHARGED) == (
        "The patient is in intake and cannot be discharged; possible now: marked as pending, accepted, declined, "
        "recorded as deceased, transferred out."
    )
    assert step_problem(PatientStatus.DECEASED, PatientStatus.ACTIVE) == "The patient is deceased; nothing follows after that."


# Clocks -------------------------------------------------------------------------------------------

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("Mon 08:00", "Mon 10:00"),
        ("Mon 15:00", "Mon 17:00"),
        ("Mon 16:00", "Tue 09:00"),
        ("Mon 06:00", "Mon 10:00"),
        ("Mon 18:00", "Tue 10:00"),
        ("Fri 16:30", "Mon+ 09:30"),
        ("Sat 12:00", "Mon+ 10:00"),
    ],
)
def test_two_business_hours(received: str, due: str) -> None:
    def at(text: str) -> datetime:
        day, clock = text.split()
        return datetime.combine(
            (MONDAY + timedelta(days=["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon+"].index(day))).date(),
            time.fromisoformat(clock),
            tzinfo=UTC,
        )

    assert business_due(at(received)) == at(due)


def test_the_decision_is_due_after_a_day_or_at_discharge() -> None:
    received = MONDAY + timedelta(hours=8)

    def decide_by(start: timedelta) -> datetime:
        return clocks_of(Times(received, received + start), received)[2].due_at

    assert decide_by(timedelta(days=3)) == received + timedelta(hours=24)
    assert decide_by(timedelta(hours=5)) == received + timedelta(hours=5)
    assert decide_by(timedelta(hours=-5)) == received


def test_clocks_wait_warn_are_late_and_done() -> None:
    received = MONDAY + timedelta(hours=8)
    times = Times(received, received + timedelta(days=2), acknowledged_at=received + timedelta(hours=1))
    now = received + timedelta(hours=22)
    clocks = clocks_of(times, now)

    assert [(one.name, one.state) for one in clocks] == [
        ("acknowledged", ClockState.DONE),
        ("benefits verified", ClockState.SOON),
        ("accepted", ClockState.SOON),
        ("first dose", ClockState.WAITING),
    ]
    upcoming = next_clock(clocks)
    assert upcoming is not None
    assert upcoming.name == "benefits verified"
    assert upcoming.distance(now) == "in 2 h"
    late = clocks_of(times, now + timedelta(hours=2, minutes=21))[1]
    assert (late.state, late.distance(now + timedelta(hours=2, minutes=21))) == (ClockState.LATE, "21 min late")
    assert clocks[0].distance(now) == ""
    done = replace(times, benefits_verified_at=now, accepted_at=now, first_dose_at=now)
    assert next_clock(clocks_of(done, now)) is None


def test_the_policy_can_be_changed() -> None:
    received = MONDAY + timedelta(hours=8)
    policy = IntakePolicy(acknowledge_business_hours=1, decide_hours=4)

    assert [one.due_at - received for one in clocks_of(Times(received, received + timedelta(days=9)), received, policy)[:2]] == [
        timedelta(hours=1),
        timedelta(hours=4),
    ]


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(minutes=21), "21 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(minutes=149), "2 h 29 min"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(hours=48), "2 days"),
    ],
)
def test_how_long_in_words(span: timedelta, text: str) -> None:
    assert span_text(span) == text


# Banner -------------------------------------------------------------------------------------------


def test_the_banner_of_a_patient() -> None:
    shown = banner(
        replace(PATIENT, status=PatientStatus.ACTIVE),
        TODAY,
        therapies=["vancomycin, day 23 of 42"],
        payer="Blue Plan PPO",
        authorization=Words("ended 22 Nov 2026, 0 days left", "due"),
    )

    assert shown.as_text() == (
        "ZZTEST Alder, Marian. MRN 40-118-7. born 14 Mar 1964 (62 years). female. weight 71.4 kg (157 lb), 21 Nov 2026. Active. "
        "No known allergies, confirmed 21 Nov 2026. Emergency class 2: dose critical within 24 hours. Full code. "
        "access PICC, right basilic, 2 lumens, tip at lower SVC or cavoatrial junction (chest X-ray, 1 Nov 2026). "
        "vancomycin, day 23 of 42. Blue Plan PPO. ended 22 Nov 2026, 0 days left"
    )
    assert [shown.status.tone, shown.allergies[0].tone, shown.access.tone, shown.emergency.tone] == [
        "done",
        "done",
        "plain",
        "plain",
    ]


def test_the_banner_says_what_is_not_recorded() -> None:
    bare = replace(
        PATIENT, weight=None, no_known_allergies_on=None, devices=(), emergency_class=None, code_status=None,
        similar_names=("ZZTEST Alder, Mary (40-002-4)",),
    )  # fmt: skip
    shown = banner(bare, TODAY)

    assert shown.weight == "not recorded"
    assert shown.allergies == (Words("Allergies not recorded: dispensing is stopped", "danger"),)
    assert (shown.access, shown.emergency, shown.code_status) == (
        Words("not recorded", "due"),
        Words("Emergency class not set", "due"),
        Words("Code status unknown"),
    )
    assert shown.similar_name == Words("Similar name: ZZTEST Alder, Mary (40-002-4)", "due")
    assert words_of.code_status_words(CodeStatus.UNKNOWN) == Words("Code status unknown")
    assert words_of.code_status_words(CodeStatus.DNR) == Words("DNR or POLST on file")


def test_the_worst_allergy_stands_first_and_each_is_red() -> None:
    patient = replace(
        PATIENT,
        no_known_allergies_on=None,
        allergies=(
            allergy("latex", AllergySeverity.MILD),
            allergy("sulfa", None, ""),
            allergy("penicillin", AllergySeverity.ANAPHYLAXIS, "throat swelling", "2011"),
            allergy("phenytoin", AllergySeverity.SEVERE_SKIN, ""),
            allergy("peanut", AllergySeverity.ANAPHYLAXIS, "Anaphylaxis"),
        ),
    )

    assert words_of.allergy_words(patient) == (
        Words("Allergy: peanut, Anaphylaxis", "danger"),
        Words("Penicillin, anaphylaxis: throat swelling (2011)", "danger"),
        Words("Phenytoin, SJS, TEN or DRESS", "danger"),
        Words("Sulfa, reaction not recorded", "danger"),
        Words("Latex, rash", "danger"),
    )


def test_an_allergy_wins_over_an_old_statement_that_there_are_none() -> None:
    assert words_of.allergy_words(replace(PATIENT, allergies=(allergy("latex"),))) == (Words("Allergy: latex, rash", "danger"),)


def test_a_central_line_with_an_unseen_tip_is_red() -> None:
    picc = replace(PICC, tip=None, tip_confirmed=None, tip_confirmed_on=None)
    piv = replace(picc, type=DeviceType.PIV, lumens=None, arm="left", vein="")

    assert words_of.access_words(replace(PATIENT, devices=(picc, piv))) == Words(
        "PICC, right basilic, 2 lumens, tip not confirmed; peripheral IV, left", "danger"
    )
    assert words_of.access_words(replace(PATIENT, devices=(piv,))).tone == "plain"
    assert replace(PICC, tip=None, tip_confirmed_on=None).text() == "PICC, right basilic, 2 lumens, tip confirmed (chest X-ray)"


STAY = StayFacts(ID, "ZZTEST Memorial", NOW, None, "", None, None, None, None)


@pytest.mark.parametrize(
    ("status", "stays", "text", "tone"),
    [
        (PatientStatus.ACTIVE, (), "Active", "done"),
        (PatientStatus.ON_HOLD, (STAY,), "In hospital", "hosp"),
        (PatientStatus.ON_HOLD, (replace(STAY, discharged_at=NOW),), "On hold", "due"),
        (PatientStatus.DECEASED, (STAY,), "Deceased", "plain"),
        (PatientStatus.TRANSFERRED_OUT, (), "Transferred out", "plain"),
    ],
)
def test_the_status_pill(status: PatientStatus, stays: tuple[StayFacts, ...], text: str, tone: str) -> None:
    shown = words_of.status_words(replace(PATIENT, status=status, stays=stays))

    assert (shown.text, shown.tone) == (text, tone)


@pytest.mark.parametrize(
    ("born", "text"),
    [
        (date(1964, 3, 14), "62 years"),
        (date(1964, 11, 25), "61 years"),
        (date(2024, 11, 24), "2 years"),
        (date(2024, 11, 25), "23 months"),
        (date(2026, 9, 24), "2 months"),
        (date(2026, 9, 25), "60 days"),
        (date(2026, 11, 23), "1 day"),
        (date(2026, 11, 24), "0 days"),
    ],
)
def test_age_in_the_unit_that_matters(born: date, text: str) -> None:
    assert words_of.age_text(born, TODAY) == text


def test_places_and_ages_answer_for_the_slices_above() -> None:
    assert PATIENT.age_on(date(2026, 3, 13)) == 61
    assert PlaceFacts(ID, PlaceKind.INFUSION_SUITE, "", TODAY).is_suite
    assert not PlaceFacts(ID, PlaceKind.SNF, "", TODAY).is_home_for_medicare
    assert PlaceFacts(ID, PlaceKind.FAMILY, "", TODAY).is_home_for_medicare
