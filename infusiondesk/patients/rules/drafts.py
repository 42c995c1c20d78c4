"""What is typed about a person: demographics, a prescriber, a referral; each says in sentences what keeps it from being saved."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.npi import npi_is_valid
from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.kernel.periods import age_in_years
from infusiondesk.patients.rules.names import LONGEST_FIRST, LONGEST_LAST, dea_is_valid, name_problem, phone_digits
from infusiondesk.patients.rules.words import EMERGENCY_CLASSES, LANGUAGES, CodeStatus, Document, ReferralSource, Sex

OLDEST: Final = 120  # years, clinical 1.2 DEM01-08


@dataclass
class DemographicsDraft:
    """Who the patient is. `today` is the pharmacy's date; the verb puts its own in."""

    today: date
    first_name: str = ""
    last_name: str = ""
    preferred_name: str = ""
    born_on: date | None = None
    sex: Sex | None = None
    gender_identity: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    access_notes: str = ""
    phone: str = ""
    other_phone: str = ""
    e_mail: str = ""
    language: str = "en"
    interpreter_needed: bool = False
    contact_name: str = ""
    contact_relation: str = ""
    contact_phone: str = ""
    emergency_class: int | None = None
    code_status: CodeStatus | None = None

    def problems(self) -> list[Problem]:
        return [*self._about_the_name(), *self._about_birth(), *self._about_reaching(), *self._about_lists()]

    def _about_the_name(self) -> Iterable[Problem]:
        for name, label, longest in (
            ("last_name", "last name", LONGEST_LAST),
            ("first_name", "first name", LONGEST_FIRST),
            ("preferred_name", "preferred name", LONGEST_FIRST),
        ):
            written = getattr(self, name)
            if name == "preferred_name" and not written.strip():
                continue
            if sentence := name_problem(label, written, longest):
                yield Problem(name, sentence)

    def _about_birth(self) -> Iterable[Problem]:
        if self.born_on is None:
            yield Problem("born_on", "Enter the date of birth.")
        elif self.born_on > self.today:
            yield Problem("born_on", f"{day(self.born_on)} is in the future; enter the day of birth.")
        elif age_in_years(self.born_on, self.today) > OLDEST:
            yield Problem("born_on", f"Born {day(self.born_on)} the patient would be older than {OLDEST} years; check the year.")
        if self.sex is None:
            yield Problem("sex", "Choose the sex at birth; creatinine clearance and ideal weight need it. Unknown is an answer.")

    def _about_reaching(self) -> Iterable[Problem]:
        for name, label in (("phone", "phone"), ("other_phone", "other phone"), ("contact_phone", "contact's phone")):
            if problem := phone_problem(name, label, getattr(self, name)):
                yield problem
        if self.state.strip() and not re.fullmatch(r"[A-Za-z]{2}", self.state.strip()):
            yield Problem("state", "Enter the state as two letters, such as IL.")
        if self.postcode.strip() and not re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", self.postcode.strip()):
            yield Problem("postcode", "Enter the ZIP code as five digits, or five and four.")
        if self.e_mail.strip() and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", self.e_mail.strip()):
            yield Problem("e_mail", "Enter the e-mail address like name@example.org.")

    def _about_lists(self) -> Iterable[Problem]:
        if self.language not in LANGUAGES:
            yield Problem("language", "Choose the language from the list.")
        if self.emergency_class is not None and self.emergency_class not in EMERGENCY_CLASSES:
            yield Problem("emergency_class", "The emergency class is 1, 2 or 3.")


@dataclass
class PrescriberDraft:
    """Who orders the therapy."""

    name: str = ""
    npi: str = ""
    phone: str = ""
    after_hours_phone: str = ""
    fax: str = ""
    dea: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", "Enter the prescriber's name."))
        if sentence := npi_problem(self.npi):
            found.append(Problem("npi", sentence))
        for name, label in (("phone", "phone"), ("after_hours_phone", "after-hours phone"), ("fax", "fax")):
            if problem := phone_problem(name, label, getattr(self, name)):
                found.append(problem)
        if not self.phone.strip():
            found.append(Problem("phone", "Enter the prescriber's phone; a critical result cannot wait."))
        if self.dea.strip() and not dea_is_valid(self.dea.strip().upper()):
            found.append(Problem("dea", "This is not a DEA number: its check digit does not fit."))
        return found


@dataclass
class RequestDraft:
    """A request to take a patient: where it comes from and what for. `now` is the present instant; the verb puts its own in."""

    now: datetime | None = None
    received_at: datetime | None = None
    source: ReferralSource | None = None
    referring_person: str = ""
    referring_phone: str = ""
    referring_fax: str = ""
    referring_mail: str = ""
    start_of_care_at: datetime | None = None
    therapy: str = ""
    documents: tuple[Document, ...] = ()

    def problems(self) -> list[Problem]:
        return [*self._about_the_times(), *self._about_the_referrer()]

    def _about_the_times(self) -> Iterable[Problem]:
        if self.received_at is None:
            yield Problem("received_at", "Enter when the referral was received; the clocks start there.")
        elif self.now is not None and self.received_at > self.now:
            yield Problem("received_at", "The referral cannot have been received in the future.")
        if self.start_of_care_at is None:
            yield Problem("start_of_care_at", "Enter the expected discharge or start of care.")
        elif self.received_at is not None and self.start_of_care_at.date() < self.received_at.date():
            yield Problem("start_of_care_at", "The start of care cannot lie before the day on which the referral was received.")

    def _about_the_referrer(self) -> Iterable[Problem]:
        if self.source is None:
            yield Problem("source", "Choose who sent the patient.")
        if not self.referring_person.strip():
            yield Problem("referring_person", "Enter who called or wrote.")
        if not self.referring_phone.strip():
            yield Problem("referring_phone", "Enter the telephone number to call back.")
        for name, label in (("referring_phone", "phone"), ("referring_fax", "fax")):
            if problem := phone_problem(name, label, getattr(self, name)):
                yield problem
        if not self.therapy.strip():
            yield Problem("therapy", "Enter the therapy that is asked for.")


@dataclass
class ReferralDraft(RequestDraft, DemographicsDraft):
    """A new referral: the request, the patient, and the prescriber (known, or new)."""

    prescriber_id: UUID | None = None
    prescriber_name: str = ""
    prescriber_npi: str = ""
    prescriber_phone: str = ""
    prescriber_after_hours_phone: str = ""

    def problems(self) -> list[Problem]:
        found = [*RequestDraft.problems(self), *DemographicsDraft.problems(self)]
        if self.prescriber is not None:
            found += [Problem(f"prescriber_{problem.field}", problem.sentence) for problem in self.prescriber.problems()]
        return found

    @property
    def prescriber(self) -> PrescriberDraft | None:
        """The new prescriber that was typed, None when nothing was or a known one is chosen."""
        typed = (self.prescriber_name, self.prescriber_npi, self.prescriber_phone, self.prescriber_after_hours_phone)
        if self.prescriber_id is not None or not any(part.strip() for part in typed):
            return None
        return PrescriberDraft(*typed)


def phone_problem(field: str, label: str, typed: str) -> Problem | None:
    """Why this is no US telephone number; an empty one is no problem here (REF02: ten digits)."""
    if not typed.strip() or phone_digits(typed) is not None:
        return None
    return Problem(field, f"Enter the {label} with ten digits, like 312-555-0142.")


def npi_problem(typed: str) -> str | None:
    """Why this cannot be a National Provider Identifier (PRE01, R20)."""
    npi = typed.strip()
    if not npi:
        return "Enter the NPI, ten digits."
    if not npi_is_valid(npi):
        return f"{npi} is not a valid NPI: it has ten digits, and the last one checks the others (R20)."
    return None
