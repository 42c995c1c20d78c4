"""The day ledger: from therapies, stays, visits and authorizations to the lines of a claim, each with its reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from infusiondesk.billing.rules.codes import Warn
from infusiondesk.billing.rules.days import Claim, DayStatus, LedgerDay, runs
from infusiondesk.billing.rules.drugs import Bond, DrugLine, drug_lines
from infusiondesk.billing.rules.facts import Case, days
from infusiondesk.billing.rules.hospital import dosed_at_home
from infusiondesk.billing.rules.lines import Caution, Line, lines
from infusiondesk.billing.rules.medicare import MedicareLines, medicare_lines
from infusiondesk.billing.rules.nursing import NursingLine, nursing_lines
from infusiondesk.billing.rules.per_diem import PerDiems, per_diems
from infusiondesk.billing.rules.profile import PayerKind, PayerProfile
from infusiondesk.billing.rules.reference import Reference
from infusiondesk.billing.rules.schedule import Course, courses

CATHETER_CARE = "Catheter care"
NURSING = "Nursing"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every day with its status and reason, the lines that follow from the days, and what a biller should look at.

    `days` is keyed by therapy id and date; catheter care and nursing have rows of their own. Medicare has only `medicare`.
    """

    days: Mapping[tuple[str, date], LedgerDay]
    catheter_days: Mapping[date, LedgerDay]
    nursing_days: Mapping[date, LedgerDay]
    lines: tuple[Line, ...]
    drug_lines: tuple[DrugLine, ...]
    nursing_lines: tuple[NursingLine, ...]
    medicare: MedicareLines | None
    warnings: tuple[Caution, ...]
    because: tuple[str, ...]
    sources: tuple[str, ...]

    def rows(self) -> Iterator[tuple[str, dict[date, LedgerDay]]]:
        """The rows of a day grid: each therapy by its id, then catheter care, then nursing."""
        yield from _by_therapy(self.days).items()
        yield CATHETER_CARE, dict(self.catheter_days)
        yield NURSING, dict(self.nursing_days)


def keep_ledger(case: Case, profile: PayerProfile, reference: Reference, as_of: date | None = None) -> Ledger:
    """The ledger of one patient under one payer; days after `as_of` are planned and stand on no line."""
    lived = courses(case.therapies)
    if profile.payer_kind is PayerKind.MEDICARE:
        return _medicare(case, lived, profile, reference, as_of)
    diems = per_diems(case, lived, profile, reference)
    sent, cautions = lines(diems.claims, profile, as_of)
    at_home = partial(dosed_at_home, stays=case.stays)
    drugs, drug_cautions, drug_because = drug_lines(lived, profile, reference, _bonds(diems), at_home, as_of)
    nursed = nursing_lines(case.visits, profile)
    cells = _cells(case, diems, as_of)
    catheter = dict(diems.idle_catheter) | {claim.day: claim.cell(as_of) for claim in diems.claims if claim.order_id is None}
    every = [*cells.values(), *catheter.values()]
    sources = {source for cell in every for source in cell.sources}
    sources |= {"billing 4"} if drugs else set()
    sources |= {"billing 2.5"} if nursed else set()
    return Ledger(
        days=cells,
        catheter_days=dict(sorted(catheter.items())),
        nursing_days=_nursing_days(nursed),
        lines=tuple(sent),
        drug_lines=tuple(drugs),
        nursing_lines=tuple(nursed),
        medicare=None,
        warnings=(*_code_cautions(diems.claims), *cautions, *drug_cautions),
        because=(
            *_summary(cells, catheter),
            *(line.because for line in drugs),
            *drug_because,
            *(line.because for line in nursed),
        ),
        sources=tuple(sorted(sources, key=_section)),
    )


def _medicare(case: Case, lived: tuple[Course, ...], profile: PayerProfile, reference: Reference, as_of: date | None) -> Ledger:
    found = medicare_lines(case, lived, profile, reference, as_of)
    said = ("S-codes are never on a Medicare Part B claim (X11)",)
    cells = {
        (course.order.id, day): LedgerDay(day, DayStatus.NOT_COVERED, said, ("billing 1.6",))
        for course in lived
        for day in days(course.first, course.last)
    }
    because = (*said, *found.because)
    sources = ("billing 1.6", "billing 3.1", "billing 3.2", "billing 3.3", "billing 3.4", "billing 4")
    return Ledger(cells, {}, {}, (), (), (), found, found.cautions, because, sources)


def _cells(case: Case, diems: PerDiems, as_of: date | None) -> dict[tuple[str, date], LedgerDay]:
    """All cells in the order of the therapies, then of the days."""
    cells = dict(diems.idle) | {
        (claim.order_id, claim.day): claim.cell(as_of) for claim in diems.claims if claim.order_id is not None
    }
    place = {therapy.id: index for index, therapy in enumerate(case.therapies)}
    return dict(sorted(cells.items(), key=lambda item: (place[item[0][0]], item[0][1])))


def _bonds(diems: PerDiems) -> dict[str, dict[date, Bond]]:
    """How the per diem of each day binds the drugs of the orders counted in it."""
    bonds: dict[str, dict[date, Bond]] = {}
    for claim in diems.claims:
        for order_id in claim.members:
            bonds.setdefault(order_id, {})[claim.day] = (claim.authorization, claim.drug_held_because)
    return bonds


def _nursing_days(nursed: list[NursingLine]) -> dict[date, LedgerDay]:
    found: dict[date, LedgerDay] = {}
    for line in nursed:
        status = DayStatus.BILLABLE if line.held_because is None else DayStatus.HELD
        before = found.get(line.day)
        said = (*before.because, line.because) if before else (line.because,)
        worst = DayStatus.HELD if before and before.status is DayStatus.HELD else status
        found[line.day] = LedgerDay(line.day, worst, said, ("billing 2.5",), code=line.code if before is None else before.code)
    return found


def _code_cautions(claims: tuple[Claim, ...]) -> list[Caution]:
    """One warning for each therapy and kind: the code that was chosen asks for a payer's word or for a description."""
    found: dict[tuple[Warn, str | None], Caution] = {}
    for claim in claims:
        if claim.warning is not None:
            caution = Caution(claim.warning, claim.order_id, f"{claim.code}: {claim.because[0]}")
            found.setdefault((claim.warning, claim.order_id), caution)
    return list(found.values())


def _by_therapy(cells: Mapping[tuple[str, date], LedgerDay]) -> dict[str, dict[date, LedgerDay]]:
    rows: dict[str, dict[date, LedgerDay]] = {}
    for (therapy, day), cell in cells.items():
        rows.setdefault(therapy, {})[day] = cell
    return rows


def _summary(cells: Mapping[tuple[str, date], LedgerDay], catheter: Mapping[date, LedgerDay]) -> list[str]:
    """One sentence for each run of days that say the same."""
    said = []
    for title, row in [*_by_therapy(cells).items(), (CATHETER_CARE, catheter)]:
        for first, last, cell in runs(row):
            span = f"{first}" if first == last else f"{first} to {last}"
            said.append(f"{title} {span}, {cell.status.name.lower().replace('_', ' ')}: {'; '.join(cell.because)}.")
    return said


def _section(source: str) -> tuple[int, ...]:
    """Sections in the order of the rule book: billing 1.10 after billing 1.9."""
    return tuple(int(part) for part in source.removeprefix("billing ").split("."))
