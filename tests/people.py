"""Patients for tests: a referral that has everything it needs, and short ways to bring a patient into each state."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from infusiondesk.foundation.kernel.clock import local, today
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.patients import service
from infusiondesk.patients.rules.drafts import ReferralDraft
from infusiondesk.patients.rules.entries import DeviceDraft, DiagnosisDraft, PlaceDraft
from infusiondesk.patients.rules.words import DeviceType, Document, PlaceKind, ReferralSource, Sex, TipConfirmation, TipLocation
from tests.pharmacy import Pharmacy

NPI = "1234567893"


def referral(pharmacy: Pharmacy, **changes: Any) -> ReferralDraft:
    """A referral of ZZTEST Alder, Marian, received an hour ago for tomorrow."""
    now = local(pharmacy.clock, pharmacy.clock.now())
    given: dict[str, Any] = {
        "today": today(pharmacy.clock),
        "now": now,
        "first_name": "Marian",
        "last_name": "ZZTEST Alder",
        "born_on": datetime(1964, 3, 14).date(),  # noqa: DTZ001 - a birthday has no zone
        "sex": Sex.FEMALE,
        "street": "12 Elm Street",
        "city": "Springfield",
        "state": "IL",
        "postcode": "62701",
        "phone": "217-555-0142",
        "contact_name": "ZZTEST Alder, Paul",
        "contact_relation": "husband",
        "contact_phone": "217-555-0143",
        "emergency_class": 2,
        "received_at": now - timedelta(hours=1),
        "source": ReferralSource.HOSPITAL,
        "referring_person": "ZZTEST Case Manager",
        "referring_phone": "217-555-0100",
        "start_of_care_at": now + timedelta(days=1),
        "therapy": "vancomycin",
        "documents": tuple(Document),
        "prescriber_name": "Dr ZZTEST Maplewood",
        "prescriber_npi": NPI,
        "prescriber_phone": "217-555-0199",
    }
    return ReferralDraft(**(given | changes))


def refer(pharmacy: Pharmacy, **changes: Any) -> UUID:
    """A patient as referred."""
    reasons = {"patients.different_person": "different person: twin or relative"}
    return pharmacy.do(service.receive_referral, by=Role.INTAKE, reasons=reasons, draft=referral(pharmacy, **changes))


def complete(pharmacy: Pharmacy, patient_id: UUID) -> None:
    """Everything that acceptance asks for: allergies, diagnosis, device, place, benefits, prescriber at home."""
    on = today(pharmacy.clock)
    pharmacy.do(service.confirm_no_known_allergies, by=Role.INTAKE, patient_id=patient_id)
    diagnosis = DiagnosisDraft(on, "M86.171", "Other acute osteomyelitis, right ankle and foot", is_primary=True)
    pharmacy.do(service.enter_diagnosis, by=Role.INTAKE, patient_id=patient_id, draft=diagnosis)
    device = DeviceDraft(
        on,
        type=DeviceType.PICC,
        lumens=2,
        arm="right",
        vein="basilic",
        inserted_on=on - timedelta(days=3),
        tip=TipLocation.CAVOATRIAL,
        tip_confirmed=TipConfirmation.CHEST_XRAY,
        tip_confirmed_on=on - timedelta(days=3),
    )
    pharmacy.do(service.enter_device, by=Role.INTAKE, patient_id=patient_id, draft=device)
    place = PlaceDraft(PlaceKind.OWN_HOME, "", on)
    pharmacy.do(service.set_place_of_care, by=Role.INTAKE, patient_id=patient_id, draft=place)
    pharmacy.do(service.verify_benefits, by=Role.INTAKE, patient_id=patient_id)


def accept(pharmacy: Pharmacy, **changes: Any) -> UUID:
    """A patient whom the pharmacist accepted."""
    patient_id = refer(pharmacy, **changes)
    complete(pharmacy, patient_id)
    pharmacy.do(service.begin_intake, by=Role.INTAKE, patient_id=patient_id)
    because = {"patients.accept": "the surgeon follows until the community physician takes over"}
    pharmacy.do(service.accept_patient, patient_id=patient_id, reasons=because)
    return patient_id


def activate(pharmacy: Pharmacy, **changes: Any) -> UUID:
    """A patient on therapy."""
    patient_id = accept(pharmacy, **changes)
    pharmacy.do(service.activate_patient, patient_id=patient_id)
    return patient_id
