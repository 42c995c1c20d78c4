"""The journey of verifying an order: everything the screen finds flows through, and nothing open is ever signed; both databases."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions import queries as interactions
from infusiondesk.interactions.queries import ScreeningRow
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.answers import AnswerDraft, Code, HandReviewDraft
from infusiondesk.interactions.service import dispose_unrecognised, settle_alert
from infusiondesk.labs.service import take_in
from infusiondesk.orders import queries as orders
from infusiondesk.orders import service as order_service
from infusiondesk.orders.rules import Method
from infusiondesk.patients import service as patients
from infusiondesk.patients.queries import chart_facts
from infusiondesk.patients.rules.entries import AllergyDraft, DeviceDraft, HomeMedicationDraft
from infusiondesk.patients.rules.words import AllergySeverity, DeviceType, MedicationSource, TipConfirmation, TipLocation
from infusiondesk.workflows.verify_order import screen_order, verify_order
from tests.beginnings import Recipe
from tests.lab_messages import message, obx
from tests.pharmacy import SECOND_PHARMACIST, Pharmacy
from tests.story import a_patient, an_order, an_order_draft, order_of, the_catalog

WHY = "levels twice a week, renal panel ordered"


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def charted(pharmacy: Pharmacy, *, device: DeviceType | None = DeviceType.PICC, tip: bool = True, nkda: bool = True) -> UUID:
    """A patient with a line and a said allergy list."""
    patient_id = a_patient(pharmacy)
    if nkda:
        pharmacy.do(patients.confirm_no_known_allergies, by=Role.INTAKE, patient_id=patient_id)
    if device is not None:
        on = date(2026, 3, 1)
        draft = DeviceDraft(on, type=device, lumens=2, inserted_on=on)
        if tip:
            draft.tip, draft.tip_confirmed, draft.tip_confirmed_on = TipLocation.SVC, TipConfirmation.CHEST_XRAY, on
        pharmacy.do(patients.enter_device, by=Role.INTAKE, patient_id=patient_id, draft=draft)
    return patient_id


def takes(pharmacy: Pharmacy, patient_id: UUID, name: str, details: str = "") -> None:
    draft = HomeMedicationDraft(name, details, source=MedicationSource.PATIENT)
    pharmacy.do(patients.enter_home_medication, by=Role.INTAKE, patient_id=patient_id, draft=draft)


def screened(pharmacy: Pharmacy, version_id: UUID, **more: Any) -> ScreeningRow:
    pharmacy.do(screen_order, version_id=version_id, **more)
    row = pharmacy.ask(interactions.screening_of, order_version_id=version_id)
    assert row is not None
    return row


def settled(pharmacy: Pharmacy, row: ScreeningRow) -> None:
    """Every HOLD answered and every name reviewed by hand."""
    for alert in row.at(Level.HOLD):
        draft = AnswerDraft(Code.MONITORED, WHY, awaited="lab:potassium", owner="pharmacist", due_on=date(2026, 3, 9))
        pharmacy.do(settle_alert, screening_id=row.id, key=alert.key, draft=draft)
    for name in row.unchecked:
        review = HandReviewDraft("Natural Medicines", "no interaction found there")
        pharmacy.do(dispose_unrecognised, screening_id=row.id, key=name.key, draft=review)


def rules_of(row: ScreeningRow) -> set[str]:
    return {rule for alert in row.alerts for rule in alert.rules}


def test_a_quiet_profile_is_verified_and_its_screening_is_kept(pharmacy: Pharmacy) -> None:
    version_id = an_order(pharmacy, charted(pharmacy))

    screening_id = pharmacy.do(verify_order, version_id=version_id)

    order = pharmacy.ask(orders.order_version, version_id=version_id)
    kept = pharmacy.ask(interactions.screening_at_verification, order_version_id=version_id)
    assert order.is_verified and [name.name for name in order.signatures] == ["ZZTEST Pharmacist"]
    assert kept is not None and kept.id == screening_id
    assert (kept.headline, kept.alerts, kept.unchecked) == ("1 medicine, 1 recognised", (), ())
    assert kept.gaps == (
        "The prescriber's licence and the OIG exclusion list were not checked.",
        "The dose of cefTRIAXone was not judged by weight, age or kidney function: no range with a source is on file.",
    )
    assert not kept.is_complete
    with pytest.raises(Refused, match="verified already"):
        pharmacy.do(verify_order, version_id=version_id)


def test_only_a_pharmacist_screens_and_verifies_and_never_his_own_entry(pharmacy: Pharmacy) -> None:
    patient_id = charted(pharmacy)
    version_id = an_order(pharmacy, patient_id)

    for journey in (screen_order, verify_order):
        with pytest.raises(Refused, match="you need to be a pharmacist"):
            pharmacy.do(journey, by=Role.TECHNICIAN, version_id=version_id)
    own = pharmacy.do(order_service.enter_order, patient_id=patient_id, draft=an_order_draft(pharmacy, patient_id))
    with pytest.raises(Refused):
        pharmacy.do(verify_order, version_id=own)


# Where nobody may clear it, the journey ends: one row for each way in which a STOP reaches the pharmacist.
Chart = Callable[[Pharmacy], UUID]


def _with_home(*names: str) -> Chart:
    def chart(pharmacy: Pharmacy) -> UUID:
        patient_id = charted(pharmacy)
        for name in names:
            takes(pharmacy, patient_id, name)
        return patient_id

    return chart


def _penicillin_anaphylaxis(pharmacy: Pharmacy) -> UUID:
    patient_id = charted(pharmacy, nkda=False)
    draft = AllergyDraft("ceftriaxone", "throat swelling", AllergySeverity.ANAPHYLAXIS)
    pharmacy.do(patients.enter_allergy, by=Role.INTAKE, patient_id=patient_id, draft=draft)
    return patient_id


STOPS: dict[str, tuple[Chart, str, dict[str, Any]]] = {
    # The fifteen pairs of the ONC list, as two home medicines beside an order (or an order and one home medicine).
    "ONC03": (_with_home("methylphenidate", "phenelzine"), "ceftriaxone", {}),
    "ONC04": (_with_home("atazanavir", "omeprazole"), "ceftriaxone", {}),
    "ONC06": (_with_home("azathioprine", "febuxostat"), "ceftriaxone", {}),
    "ONC08": (_with_home("sertraline", "tranylcypromine"), "ceftriaxone", {}),
    "ONC11": (_with_home("irinotecan", "ketoconazole"), "ceftriaxone", {}),
    "ONC16": (_with_home("tramadol", "isocarboxazid"), "ceftriaxone", {}),
    "ONC20": (_with_home("amitriptyline", "phenelzine"), "ceftriaxone", {}),
    "ONC22": (_with_home("ramelteon", "fluvoxamine"), "ceftriaxone", {}),
    "ONC23": (_with_home("darunavir", "rifampin"), "ceftriaxone", {}),
    "ONC25": (_with_home("simvastatin", "clarithromycin"), "ceftriaxone", {}),
    "ONC27": (_with_home("ergotamine", "clarithromycin"), "ceftriaxone", {}),
    "ONC28": (_with_home("tizanidine", "ciprofloxacin"), "ceftriaxone", {}),
    "ONC30": (_with_home("tranylcypromine", "procarbazine"), "ceftriaxone", {}),
    "ONC31": (_with_home("sumatriptan", "phenelzine"), "ceftriaxone", {}),
    # Allergy, line, flush, the list that nobody asked for, and the gate of the order itself.
    "R11": (_penicillin_anaphylaxis, "ceftriaxone", {}),
    "ALG01": (lambda pharmacy: charted(pharmacy, nkda=False), "ceftriaxone", {}),
    "V04": (lambda pharmacy: charted(pharmacy, tip=False), "ceftriaxone", {}),
    "Y04": (charted, "ertapenem", {"diluent": "dextrose 5%", "dose_amount": Decimal(1)}),
    "R10": (charted, "ceftriaxone", {"had_before": False}),
    "R23": (charted, "ceftriaxone", {"lab_protocol": ""}),
}


@pytest.mark.parametrize("rule", STOPS)
def test_a_stop_is_refused_by_name_and_takes_no_answer(pharmacy: Pharmacy, rule: str) -> None:
    chart, ingredient, more = STOPS[rule]
    version_id = an_order(pharmacy, chart(pharmacy), ingredient, **more)

    row = screened(pharmacy, version_id)
    stop = next(alert for alert in row.at(Level.STOP) if rule in alert.rules)
    with pytest.raises(Refused, match="cleared by nobody until the data changes"):
        pharmacy.do(settle_alert, screening_id=row.id, key=stop.key, draft=AnswerDraft(Code.BENEFIT, WHY))
    with pytest.raises(Refused, match=rf"^STOP by {row.alerts[0].rules[0]}, .*cleared by nobody"):
        pharmacy.do(verify_order, version_id=version_id)

    assert not pharmacy.ask(orders.order_version, version_id=version_id).is_verified


def test_onc21_is_a_hold_and_a_stop_once_the_last_potassium_is_low(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    takes(pharmacy, patient_id, "methadone")
    takes(pharmacy, patient_id, "ondansetron")
    version_id = an_order(pharmacy, patient_id)

    row = screened(pharmacy, version_id)
    assert ["ONC21" in alert.rules for alert in row.at(Level.HOLD)] == [True]
    settled(pharmacy, row)
    with pytest.raises(Refused, match="STOP by ONC21"):
        pharmacy.do(verify_order, version_id=version_id, results={"potassium": Decimal("3.1")})
    pharmacy.do(verify_order, version_id=version_id)


def test_the_latest_results_of_the_chart_are_used_and_only_a_missing_one_that_matters_is_named(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    takes(pharmacy, patient_id, "methadone")
    takes(pharmacy, patient_id, "ondansetron")
    version_id = an_order(pharmacy, patient_id)
    before = screened(pharmacy, version_id)
    assert [gap for gap in before.gaps if gap.endswith("could be stricter.")] == [
        "No potassium is on file; with one, an alert could be stricter.",
        "No magnesium is on file; with one, an alert could be stricter.",
        "No QTc is on file; with one, an alert could be stricter.",
    ]

    mrn = pharmacy.ask(orders.order_version, version_id=version_id).mrn
    low = obx(1, "2823-3", "Potassium", "3.1", "mmol/L", limits="3.5-5.1", flag="L")
    pharmacy.do(take_in, by=Role.TECHNICIAN, name="results.hl7", data=message(mrn, low))

    after = screened(pharmacy, version_id)
    assert ["ONC21" in alert.rules for alert in after.at(Level.STOP)] == [True]
    assert not any("potassium" in gap for gap in after.gaps)
    with pytest.raises(Refused, match="STOP by ONC21"):
        pharmacy.do(verify_order, version_id=version_id)


def test_a_hold_needs_a_reason_and_fifteen_characters_and_only_a_pharmacist_gives_them(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    version_id = an_order(pharmacy, charted(pharmacy), reviewed_by_infectious_diseases=False)
    row = screened(pharmacy, version_id)
    hold = row.at(Level.HOLD)[0]
    assert hold.rules == ("R22",)

    with pytest.raises(Refused, match=r"^HOLD by R22, .*Answer it first"):
        pharmacy.do(verify_order, version_id=version_id)
    for draft, field in ((AnswerDraft(None, WHY), "code"), (AnswerDraft(Code.BENEFIT, "fourteen chars"), "text")):
        with pytest.raises(Refused) as refused:
            pharmacy.do(settle_alert, screening_id=row.id, key=hold.key, draft=draft)
        assert refused.value.field == field
    with pytest.raises(Refused, match="you need to be a pharmacist"):
        pharmacy.do(settle_alert, by=Role.NURSE, screening_id=row.id, key=hold.key, draft=AnswerDraft(Code.BENEFIT, WHY))
    pharmacy.do(settle_alert, screening_id=row.id, key=hold.key, draft=AnswerDraft(Code.BENEFIT, WHY))
    pharmacy.do(verify_order, version_id=version_id)

    kept = pharmacy.ask(interactions.screening_at_verification, order_version_id=version_id)
    assert kept is not None
    answer = kept.at(Level.HOLD)[0].answer
    assert answer is not None and (answer.words(), answer.by) == (f"{Code.BENEFIT}; {WHY}", "ZZTEST Pharmacist")


def test_an_unclear_allergy_asks_for_the_prescriber_with_name_time_and_read_back(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy, nkda=False)
    draft = AllergyDraft("ceftriaxone", "rash as a child", AllergySeverity.MILD)
    pharmacy.do(patients.enter_allergy, by=Role.INTAKE, patient_id=patient_id, draft=draft)
    row = screened(pharmacy, an_order(pharmacy, patient_id))
    hold = row.at(Level.HOLD)[0]
    assert "R11b" in hold.rules

    with pytest.raises(Refused, match="which prescriber"):
        pharmacy.do(settle_alert, screening_id=row.id, key=hold.key, draft=AnswerDraft(Code.CLARIFIED, WHY))
    told = AnswerDraft(Code.CLARIFIED, WHY, "Dr ZZTEST Maplewood", pharmacy.clock.now(), read_back=True)
    pharmacy.do(settle_alert, screening_id=row.id, key=hold.key, draft=told)

    again = pharmacy.ask(interactions.screening_of, order_version_id=row.order_version_id)
    assert again is not None and again.at(Level.HOLD)[0].answer is not None
    assert again.at(Level.HOLD)[0].answer.prescriber == "Dr ZZTEST Maplewood, 2 Mar 2026 08:00, read back"  # type: ignore[union-attr]


def test_what_was_not_recognised_is_counted_proposed_and_reviewed_by_hand(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    takes(pharmacy, patient_id, "chinese herbal mix")
    takes(pharmacy, patient_id, "clarithromicin")
    takes(pharmacy, patient_id, "simvastatin")
    version_id = an_order(pharmacy, patient_id)

    row = screened(pharmacy, version_id)
    names = {name.name: name for name in row.unchecked}
    assert (row.headline, row.is_complete) == ("4 medicines, 2 recognised", False)
    assert (names["chinese herbal mix"].suggestion, names["chinese herbal mix"].kind) == ("", "medicine")
    assert names["clarithromicin"].suggestion == "clarithromycin"
    assert ["ONC25" in alert.rules for alert in names["clarithromicin"].if_confirmed] == [True]
    with pytest.raises(Refused, match="was not recognised and nobody has reviewed it by hand"):
        pharmacy.do(verify_order, version_id=version_id)
    with pytest.raises(Refused, match="Name the source"):
        pharmacy.do(dispose_unrecognised, screening_id=row.id, key=row.unchecked[0].key, draft=HandReviewDraft("", WHY))
    settled(pharmacy, row)
    pharmacy.do(verify_order, version_id=version_id)


def test_an_answer_counts_for_its_order_version_and_its_pair_only(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    version_id = an_order(pharmacy, patient_id, reviewed_by_infectious_diseases=False)
    settled(pharmacy, screened(pharmacy, version_id))
    pharmacy.do(verify_order, version_id=version_id)

    draft = an_order_draft(pharmacy, patient_id, interval_hours=Decimal(12), reviewed_by_infectious_diseases=False)
    second = pharmacy.do(
        order_service.change_order, by=Role.TECHNICIAN, order_id=order_of(pharmacy, version_id), draft=draft,
        reasons={"orders.change": "prescriber's order"},
    )  # fmt: skip
    with pytest.raises(Refused, match="HOLD by R22"):
        pharmacy.do(verify_order, version_id=second)
    with pytest.raises(Refused, match="has a newer version"):
        pharmacy.do(screen_order, version_id=version_id)


def test_news_rearms_exactly_the_rules_that_it_touches(file_pharmacy: Pharmacy) -> None:
    """Clinical 0.2: a QT pair reads potassium, magnesium and QTc; a beta-lactam allergy reads that allergy and nothing else."""
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy, nkda=False)
    told: dict[str, Any] = {"prescriber_name": "Dr ZZTEST Maplewood", "prescriber_told_at": pharmacy.clock.now(), "read_back": True}
    rash = AllergyDraft("ceftriaxone", "rash as a child", AllergySeverity.MILD)
    pharmacy.do(patients.enter_allergy, by=Role.INTAKE, patient_id=patient_id, draft=rash)
    takes(pharmacy, patient_id, "methadone")
    takes(pharmacy, patient_id, "ondansetron")
    version_id = an_order(pharmacy, patient_id)
    row = screened(pharmacy, version_id)
    for alert in row.at(Level.HOLD):
        pharmacy.do(settle_alert, screening_id=row.id, key=alert.key, draft=AnswerDraft(Code.CLARIFIED, WHY, **told))
    mrn = pharmacy.ask(orders.order_version, version_id=version_id).mrn

    def open_after(news: Callable[[], object]) -> set[str]:
        """The holds that ask again once this is known; answered holds stay answered by it."""
        news()
        return {alert.rules[0] for alert in screened(pharmacy, version_id).at(Level.HOLD) if alert.answer is None}

    def comes(code: str, name: str, value: str, unit: str) -> None:
        pharmacy.do(take_in, by=Role.TECHNICIAN, name="r.hl7", data=message(mrn, obx(1, code, name, value, unit)))

    redness = AllergyDraft("adhesive", "redness", AllergySeverity.MILD)
    assert {alert.rules[0] for alert in row.at(Level.HOLD)} == {"ONC21", "A02"}
    assert open_after(lambda: None) == set()
    assert open_after(lambda: comes("777-3", "Platelets", "210", "10*3/uL")) == set()
    assert open_after(lambda: pharmacy.do(patients.enter_allergy, by=Role.INTAKE, patient_id=patient_id, draft=redness)) == set()
    assert open_after(lambda: takes(pharmacy, patient_id, "acetaminophen")) == set()
    assert open_after(lambda: comes("2823-3", "Potassium", "4.2", "mmol/L")) == {"ONC21"}


def test_another_device_asks_about_the_line_again_and_about_nothing_else(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy, device=DeviceType.MIDLINE, tip=False)
    takes(pharmacy, patient_id, "methadone")
    takes(pharmacy, patient_id, "ondansetron")
    version_id = an_order(pharmacy, patient_id, "vancomycin", dose_amount=Decimal(1), lab_protocol="L-VAN")
    before = {alert.rules[0]: alert.key for alert in screened(pharmacy, version_id).alerts}
    again = DeviceDraft(date(2026, 3, 2), type=DeviceType.MIDLINE, lumens=1, inserted_on=date(2026, 3, 2))
    (device,) = pharmacy.ask(chart_facts, patient_id=patient_id).devices
    pharmacy.do(patients.remove_device, device_id=device.id, removed_on=date(2026, 3, 2))
    pharmacy.do(patients.enter_device, by=Role.INTAKE, patient_id=patient_id, draft=again)

    after = {alert.rules[0]: alert.key for alert in screened(pharmacy, version_id).alerts}

    assert {"V02", "ONC21"} <= before.keys()
    assert {rule for rule in before if before[rule] != after.get(rule)} == {"V02"}


def test_signing_what_changed_since_it_was_looked_at_is_refused(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    version_id = an_order(pharmacy, patient_id)
    seen = screened(pharmacy, version_id)
    takes(pharmacy, patient_id, "warfarin")
    takes(pharmacy, patient_id, "aspirin")

    with pytest.raises(Refused, match="changed since this order was screened"):
        pharmacy.do(verify_order, version_id=version_id, seen=seen.id)
    assert pharmacy.ask(interactions.screening_at_verification, order_version_id=version_id) is None


def test_an_older_screening_takes_no_answer(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    version_id = an_order(pharmacy, charted(pharmacy), reviewed_by_infectious_diseases=False)
    old = screened(pharmacy, version_id)
    screened(pharmacy, version_id)

    with pytest.raises(Refused, match="screened again meanwhile"):
        pharmacy.do(settle_alert, screening_id=old.id, key=old.alerts[0].key, draft=AnswerDraft(Code.BENEFIT, WHY))


def test_a_warning_may_be_acknowledged_and_blocks_nothing(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy)
    takes(pharmacy, patient_id, "omeprazole")
    takes(pharmacy, patient_id, "pantoprazole")
    version_id = an_order(pharmacy, patient_id)
    row = screened(pharmacy, version_id)
    warning = row.at(Level.WARN)[0]

    pharmacy.do(settle_alert, screening_id=row.id, key=warning.key, draft=AnswerDraft(Code.TOLERATED))
    pharmacy.do(verify_order, version_id=version_id, seen=row.id)

    assert pharmacy.ask(orders.order_version, version_id=version_id).is_verified


def test_the_whole_profile_counts_other_orders_lines_and_washouts(file_pharmacy: Pharmacy) -> None:
    """Vancomycin by midline is a HOLD; a discontinued order stays in view for its washout, a cancelled one does not."""
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy, device=DeviceType.MIDLINE, tip=False)
    vancomycin = an_order(
        pharmacy, patient_id, "vancomycin", dose_amount=Decimal(1000), dose_unit="mg", infusion_minutes=Decimal(90)
    )
    row = screened(pharmacy, vancomycin)
    assert "V02" in rules_of(row) and "R12" in rules_of(row)
    cancelled = an_order(pharmacy, patient_id, "ertapenem", dose_amount=Decimal(1))
    pharmacy.do(order_service.cancel_order, order_id=order_of(pharmacy, cancelled), reasons={"orders.cancelled": "duplicate"})

    assert screened(pharmacy, vancomycin).medicines == 1
    assert "R14" not in rules_of(row)
    other = an_order(pharmacy, patient_id, "ertapenem", dose_amount=Decimal(1), method=Method.GRAVITY.value)
    assert screened(pharmacy, vancomycin).headline == "2 medicines, 2 recognised"
    settled(pharmacy, screened(pharmacy, other))
    pharmacy.do(verify_order, by=SECOND_PHARMACIST, version_id=other)
    pharmacy.do(
        order_service.discontinue_order, order_id=order_of(pharmacy, other), effective_on=date(2026, 3, 2),
        reasons={"orders.discontinued": "prescriber's order"},
    )  # fmt: skip
    assert screened(pharmacy, vancomycin).medicines == 2


def test_an_intravenous_order_without_a_device_is_judged_as_peripheral_and_says_so(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    patient_id = charted(pharmacy, device=None)
    vancomycin = an_order(pharmacy, patient_id, "vancomycin", dose_amount=Decimal(1000), dose_unit="mg")

    row = screened(pharmacy, vancomycin)

    assert any("no device on file" in alert.subject for alert in row.alerts)
    assert row.gaps[0].startswith("No access device is on file")


def test_every_drug_of_the_catalog_is_understood_by_the_screen(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    from infusiondesk.catalog.queries import drugs
    from infusiondesk.interactions.exchange import reference_knowledge

    names = reference_knowledge().names
    assert [drug.ingredient for drug in pharmacy.ask(drugs) if names.read(drug.ingredient) is None] == []
