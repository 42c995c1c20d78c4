"""The lines of the patient's page in their groups: what is on file, and in red or amber what is not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from infusiondesk.foundation.kernel.ismp import amount, day, moment, number, tall_man, weight
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.patients.queries import ChartPage, StepRow
from infusiondesk.patients.rules.banner import STATUS_TONES, allergy_words, code_status_words, emergency_words, worst_first
from infusiondesk.patients.rules.facts import DeviceFacts, PatientFacts, PrescriberFacts, StayFacts
from infusiondesk.patients.rules.journey import CLOSED
from infusiondesk.patients.rules.words import Standing


class Group(StrEnum):
    """The parts of the page in their order: what can harm first."""

    ALLERGIES = "Allergies"
    MEASUREMENTS = "Measurements"
    ACCESS = "Access"
    DIAGNOSES = "Diagnoses"
    MEDICINES = "Home medicines"
    STATUS = "Status"
    PERSON = "Person"
    PRESCRIBERS = "Prescribers"
    PLACE = "Place of care"
    HOSPITAL = "Hospital"
    EPISODE = "Episode"
    EARLIER = "Earlier values"


@dataclass(frozen=True)
class Line:
    """One line: what it is about, what is on file, and what lies behind it."""

    id: str
    group: Group
    what: str
    value: str
    remark: str = ""
    tone: Tone | None = None
    entry: Any = None


_NOTHING: Final = "not recorded"


def lines_of(page: ChartPage, *, with_history: bool) -> Sequence[Line]:
    """Every line of the page; with its history, also what was corrected and voided."""
    facts = page.facts
    found = [*_allergies(facts), *_measurements(facts), *_access(facts), *_diagnoses(facts), *_medicines(facts)]
    found += [*_status(page), *_person(page), *_prescribers(facts), *_place(facts), *_hospital(facts)]
    return [*found, *_episode(page), *_earlier(page)] if with_history else found


def _status(page: ChartPage) -> Iterable[Line]:
    status, newest = page.facts.status, page.steps[0]
    since = f", recorded {day(newest.at)}" if status in CLOSED else f" since {day(newest.at)}"
    remark = ", ".join(filter(None, (_step_remark(newest), f"by {newest.by}")))
    said = f"{status.value.capitalize()}{since}"
    yield Line("status", Group.STATUS, f"Episode {page.facts.episode}", said, remark, STATUS_TONES[status])


def _person(page: ChartPage) -> Iterable[Line]:
    facts, typed = page.facts, page.demographics
    emergency, code = emergency_words(facts.emergency_class), code_status_words(facts.code_status)
    name = f"{facts.name} ({facts.preferred_name})" if facts.preferred_name else facts.name
    others = ", ".join(part for part in (typed.other_phone, typed.e_mail) if part)
    interpreter = "needs an interpreter" if facts.interpreter_needed else ""
    similar = f"similar name: {'; '.join(facts.similar_names)}" if facts.similar_names else ""
    yield Line("name", Group.PERSON, "Name", name, similar, "due" if similar else None)
    yield Line("born", Group.PERSON, "Born", day(facts.born_on), ", ".join(filter(None, (facts.sex, typed.gender_identity))))
    yield _or_missing("phone", Group.PERSON, "Phone", facts.phone, others, "danger")
    yield _or_missing("address", Group.PERSON, "Address", facts.address, typed.access_notes, "due")
    yield Line("language", Group.PERSON, "Language", facts.language, interpreter)
    yield _or_missing("contact", Group.PERSON, "Emergency contact", facts.emergency_contact, "", "due")
    yield Line(
        "emergency", Group.PERSON, "Emergency class", emergency.text.removeprefix("Emergency class "), tone=_amber(emergency.tone)
    )
    yield Line("code", Group.PERSON, "Code status", code.text.removeprefix("Code status ").capitalize())


def _amber(tone: Tone) -> Tone | None:
    return tone if tone == "due" else None


def _or_missing(key: str, group: Group, what: str, value: str, remark: str, tone: Tone) -> Line:
    return Line(key, group, what, value, remark) if value else Line(key, group, what, _NOTHING, remark, tone)


def _prescribers(facts: PatientFacts) -> Iterable[Line]:
    for key, what, one in (("prescriber", "Orders", facts.prescriber), ("followed_by", "Follows at home", facts.followed_by)):
        if one is None:
            yield Line(key, Group.PRESCRIBERS, what, _NOTHING, tone="danger" if key == "prescriber" else "due")
        else:
            yield Line(key, Group.PRESCRIBERS, what, f"{one.name}, {one.phone}", _standing(one), _standing_tone(one), one)


def _standing(one: PrescriberFacts) -> str:
    checked = f", {day(one.standing_on)}" if one.standing_on else ""
    after = f"; after hours {one.after_hours_phone}" if one.after_hours_phone else ""
    return f"NPI {one.npi}, {one.standing}{checked}{after}"


def _standing_tone(one: PrescriberFacts) -> Tone | None:
    tones: dict[Standing, Tone] = {Standing.NOT_CHECKED: "due", Standing.NOT_LICENSED: "danger", Standing.EXCLUDED: "danger"}
    return tones.get(one.standing)


def _allergies(facts: PatientFacts) -> Iterable[Line]:
    for one in worst_first(facts.allergies):
        said = ", ".join(filter(None, (one.reaction or "reaction not recorded", one.severity, one.occurred)))
        remark = ", ".join(filter(None, (one.mechanism, one.source, f"entered {day(one.noted_on)} by {one.noted_by}")))
        yield Line(str(one.id), Group.ALLERGIES, one.substance, said, remark, "danger", one)
    if not facts.allergies:
        words = allergy_words(facts)[0]
        what, _, value = words.text.partition(", " if facts.no_known_allergies_on else ": ")
        yield Line("allergies", Group.ALLERGIES, what, value, tone=words.tone)


def _measurements(facts: PatientFacts) -> Iterable[Line]:
    for what, one in (("Weight", facts.weight), ("Dry weight", facts.dry_weight), ("Height", facts.height)):
        if one is None:
            if what != "Dry weight":
                yield Line(what, Group.MEASUREMENTS, what, _NOTHING, tone="due")
            continue
        value = amount(one.value, "cm") if what == "Height" else weight(one.value)
        remark = f"{one.how}, {day(one.measured_on)}{f'; {one.confirmed_because}' if one.confirmed_because else ''}"
        yield Line(str(one.id), Group.MEASUREMENTS, what, value, remark, entry=one)


def _diagnoses(facts: PatientFacts) -> Iterable[Line]:
    for one in facts.diagnoses:
        remark = ", ".join(
            filter(None, ("primary" if one.rank == 1 else "", f"since {day(one.started_on)}" if one.started_on else ""))
        )
        yield Line(str(one.id), Group.DIAGNOSES, one.code, one.label, remark, entry=one)
    if not any(one.rank == 1 for one in facts.diagnoses):
        yield Line("diagnosis", Group.DIAGNOSES, "Primary diagnosis", _NOTHING, tone="due")


def _access(facts: PatientFacts) -> Iterable[Line]:
    for one in facts.devices:
        value = one.text().removeprefix(f"{one.type}, ") if one.text() != one.type else ""
        tone: Tone | None = "danger" if one.waits_for_tip else None
        yield Line(str(one.id), Group.ACCESS, one.type.value, value or "no details", _device_remark(one), tone, one)
    if not facts.devices:
        yield Line("device", Group.ACCESS, "Access device", _NOTHING, tone="due")


def _device_remark(one: DeviceFacts) -> str:
    french = f"{number(one.french)} Fr" if one.french is not None else ""
    outside = f"{amount(one.external_cm, 'cm')} outside" if one.external_cm is not None else ""
    length = f"{amount(one.total_cm, 'cm')} long" if one.total_cm is not None else ""
    put_in = f"inserted {day(one.inserted_on)}" if one.inserted_on else "insertion not recorded"
    return ", ".join(filter(None, (put_in, one.inserted_by, one.brand, french, length, outside, one.needle)))


def _medicines(facts: PatientFacts) -> Iterable[Line]:
    for one in facts.home_medications:
        stopped = f"stopped {day(one.stopped_on)}" if one.stopped_on else ""
        said = f"said by {one.source}" if one.source != "patient" else "said by the patient"
        remark = ", ".join(
            filter(None, (stopped, f"last taken {one.last_taken}" if one.last_taken else "", said, day(one.noted_on)))
        )
        tone: Tone | None = "neutral" if one.stopped_on else None
        yield Line(str(one.id), Group.MEDICINES, tall_man(one.name), one.details or "dose not recorded", remark, tone, one)
    if not facts.home_medications:
        yield Line("medicine", Group.MEDICINES, "Home medicines", "none recorded", tone="due")


def _place(facts: PatientFacts) -> Iterable[Line]:
    if facts.place is None:
        yield Line("place", Group.PLACE, "Place of care", _NOTHING, tone="due")
        return
    yield Line(str(facts.place.id), Group.PLACE, facts.place.kind.value.capitalize(), facts.place.detail or "no details",
               f"since {day(facts.place.from_on)}", entry=facts.place)  # fmt: skip


def _hospital(facts: PatientFacts) -> Iterable[Line]:
    for one in reversed(facts.stays):
        tone: Tone | None = "hosp" if one.discharged_at is None else None
        yield Line(str(one.id), Group.HOSPITAL, one.facility, _stay_days(one), _stay_remark(one), tone, one)
    if not facts.stays:
        yield Line("hospital", Group.HOSPITAL, "Hospital stays", "none recorded")


def _stay_days(one: StayFacts) -> str:
    return f"{moment(one.admitted_at)} to {moment(one.discharged_at) if one.discharged_at else 'now'}"


def _stay_remark(one: StayFacts) -> str:
    answers = (
        ("home dose on the day of admission", one.home_dose_on_admit_day),
        ("home dose on the day of discharge", one.home_dose_on_discharge_day if one.discharged_at else None),
    )
    said = [f"{what}: {'yes' if answer else 'no'}" for what, answer in answers if answer is not None]
    return ", ".join(filter(None, (one.because, *said)))


def _episode(page: ChartPage) -> Iterable[Line]:
    for one in page.steps:
        yield Line(str(one.id), Group.EPISODE, one.after.capitalize(), f"{moment(one.at)}, {one.by}", _step_remark(one))


def _step_remark(one: StepRow) -> str:
    details = "; ".join(
        f"{name}: {value if isinstance(value, str) else '; '.join(map(str, value))}" for name, value in one.details.items()
    )
    return ", ".join(filter(None, (one.code, one.reason, details)))


def _earlier(page: ChartPage) -> Iterable[Line]:
    for change in page.corrections:
        yield Line(
            f"{change.id}{change.field}", Group.EARLIER, change.field.replace("_", " ").capitalize(),
            f"{change.before}, now {change.after}", f"{change.reason}; {moment(change.at)}, {change.by}",
        )  # fmt: skip
    for entry in page.entries:
        if entry.voided_at is not None:
            yield Line(
                str(entry.id), Group.EARLIER, f"Voided {entry.kind}", entry.text,
                f"{entry.void_reason}; {moment(entry.voided_at)}, {entry.voided_by}", "neutral",
            )  # fmt: skip
