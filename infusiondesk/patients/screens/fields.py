"""The fields that several forms share: of a person, of a prescriber, and of a request to take a patient."""

from datetime import tzinfo
from typing import Final

from infusiondesk.foundation.qtkit.forms import CheckField, ChoiceField, DateTimeField, Field, MultiChoiceField, TextField
from infusiondesk.patients.rules.words import EMERGENCY_CLASSES, LANGUAGES, CodeStatus, Document, ReferralSource

DEMOGRAPHIC_FIELDS: Final[tuple[Field | str, ...]] = (
    TextField("preferred_name", "Preferred name"),
    TextField("gender_identity", "Gender identity"),
    TextField("phone", "Phone", hint="ten digits; without one nobody can be accepted"),
    TextField("other_phone", "Other phone"),
    TextField("street", "Street"),
    TextField("city", "City"),
    TextField("state", "State", hint="two letters"),
    TextField("postcode", "ZIP code"),
    TextField("e_mail", "E-mail"),
    TextField("access_notes", "How to get in", hint="gate, dog, floor"),
    ChoiceField("language", "Language", choices=list(LANGUAGES.items()), spread=False),
    CheckField("interpreter_needed", "Needs an interpreter"),
    "In an emergency",
    TextField("contact_name", "Emergency contact"),
    TextField("contact_relation", "Relation"),
    TextField("contact_phone", "Contact's phone"),
    ChoiceField(
        "emergency_class",
        "Emergency class",
        choices=[(one, f"{one}, {what}") for one, what in EMERGENCY_CLASSES.items()],
        spread=False,
    ),
    ChoiceField("code_status", "Code status", choices=[(one, one.value) for one in CodeStatus], spread=False),
)

PRESCRIBER_FIELDS: Final[tuple[Field, ...]] = (
    TextField("name", "Name", required=True),
    TextField("npi", "NPI", required=True, hint="ten digits, the last one checks the others"),
    TextField("phone", "Phone", required=True),
    TextField("after_hours_phone", "After hours"),
    TextField("fax", "Fax"),
    TextField("dea", "DEA number", hint="only for controlled drugs"),
)


def request_fields(zone: tzinfo | None) -> tuple[Field, ...]:
    """Where a referral comes from and what for."""
    return (
        DateTimeField("received_at", "Received", zone=zone, required=True),
        DateTimeField("start_of_care_at", "Discharge or start of care", zone=zone, required=True),
        ChoiceField("source", "From", choices=[(one, one.value) for one in ReferralSource], required=True, spread=False),
        TextField("therapy", "Therapy asked for", required=True),
        TextField("referring_person", "Who called or wrote", required=True),
        TextField("referring_phone", "Phone to call back", required=True),
        TextField("referring_fax", "Fax"),
        TextField("referring_mail", "Secure mail"),
        MultiChoiceField("documents", "Documents received", choices=[(one, one.value) for one in Document]),
    )
