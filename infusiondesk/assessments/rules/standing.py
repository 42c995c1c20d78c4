"""How the gate stands for all orders of a patient: each finding once, who settled it, and what keeps a signature back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from infusiondesk.assessments.rules.answers import AssessmentDraft
from infusiondesk.assessments.rules.findings import Finding
from infusiondesk.assessments.rules.gate import Disposition, PrescriberContact, may_dispense
from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.kernel.people import Role
from infusiondesk.interactions.rules import Level


@dataclass(frozen=True)
class Case:
    """The patient with one order version, and what the gate found; no order leaves `order_version` empty."""

    order_version: str
    subject: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class StandingFinding:
    """A finding as screen, paper and signature know it; the same words for two orders stand once."""

    rule: str
    level: str
    because: str
    resolution: str
    about: str
    missing: tuple[str, ...]
    subjects: tuple[str, ...]
    needs_prescriber_contact: bool
    refusal: str = ""
    disposition: str = ""
    settled_by: str = ""

    @property
    def is_open(self) -> bool:
        """It keeps the gate shut."""
        return bool(self.refusal)

    def to_json(self) -> dict[str, Any]:
        """As an assessment keeps it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "StandingFinding":
        """As it was kept."""
        values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
        return cls(**values)


@dataclass(frozen=True)
class GateView:
    """Everything the screen shows beside the answers."""

    findings: tuple[StandingFinding, ...]
    may_become_active: bool = False

    @property
    def not_known(self) -> tuple[str, ...]:
        """What nobody has stated yet, each once, in the order of the findings that ask for it."""
        return tuple(dict.fromkeys(one for finding in self.findings if finding.is_open for one in finding.missing))


def standing(cases: Sequence[Case], dispositions: Collection[Disposition], *, patient: str) -> tuple[StandingFinding, ...]:
    """Every finding once, the strictest first; it is open while it is open for one of its orders."""
    grouped: dict[tuple[str, str, str, str], list[tuple[Case, Finding]]] = {}
    for case in cases:
        for finding in case.findings:
            grouped.setdefault((finding.level.value, *key_of(finding)), []).append((case, finding))
    found = sorted(grouped.values(), key=lambda pairs: pairs[0][1].rank)
    return tuple(_standing(pairs, dispositions, patient) for pairs in found)


def _standing(pairs: list[tuple[Case, Finding]], dispositions: Collection[Disposition], patient: str) -> StandingFinding:
    finding = pairs[0][1]
    leaves = [may_dispense([one], dispositions, patient=patient, order_version=case.order_version) for case, one in pairs]
    refusals = [because for leave in leaves for because in leave.because]
    versions = {case.order_version for case, _ in pairs}
    given = [one for one in dispositions if (one.rule, one.about, one.because) == key_of(finding) and one.order_version in versions]
    told = given[-1] if given and not refusals and finding.level is Level.HOLD else None
    return StandingFinding(
        finding.rule, finding.level.value, finding.because, finding.resolution, finding.about, finding.missing,
        tuple(dict.fromkeys(case.subject for case, _ in pairs)), finding.needs_prescriber_contact, refusals[0] if refusals else "",
        _words(told) if told else "", told.by if told else "",
    )  # fmt: skip


def _words(given: Disposition) -> str:
    contact = given.prescriber_contact
    told = f"; {contact.name}, {moment(contact.at)}{', read back' if contact.is_read_back else ''}" if contact else ""
    return f"{given.code}: {given.text}{told}"


def key_of(finding: Finding) -> tuple[str, str, str]:
    """What a reason answers: the rule, what it is about, and its very sentence (clinical 0.2)."""
    return finding.rule, finding.about, finding.because


def obstacle(draft: AssessmentDraft, findings: Iterable[StandingFinding]) -> str | None:
    """What keeps the assessment from being signed, in one sentence, or None. To decline, nothing has to be settled."""
    if problems := draft.problems():
        return problems[0].sentence
    if draft.decision is None:
        return "Choose the decision: accept, accept with conditions, or decline."
    names = list(dict.fromkeys(f"{one.level} {one.rule}" for one in findings if one.is_open))
    if not draft.is_accepted or not names:
        return None
    return f"Open: {', '.join(names)}; a STOP yields only to other facts, a HOLD to a pharmacist's reason."


def kept_disposition(given: Disposition) -> dict[str, Any]:
    """A reason as an assessment keeps it."""
    kept = asdict(given) | {"roles": sorted(role.value for role in given.roles)}
    if given.prescriber_contact is not None:
        kept["prescriber_contact"]["at"] = given.prescriber_contact.at.isoformat()
    return kept


def read_disposition(kept: Mapping[str, Any]) -> Disposition:
    """A reason as it was kept."""
    contact = kept["prescriber_contact"]
    told = PrescriberContact(contact["name"], datetime.fromisoformat(contact["at"]), contact["is_read_back"]) if contact else None
    return Disposition(**{**kept, "roles": frozenset(map(Role, kept["roles"])), "prescriber_contact": told})
