"""From the days to the lines of a claim: consecutive days that carry the same are one line (billing 2.2, 2.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from infusiondesk.billing.rules.codes import Warn
from infusiondesk.billing.rules.days import Claim
from infusiondesk.billing.rules.holds import Held
from infusiondesk.billing.rules.profile import PayerProfile
from infusiondesk.billing.rules.schedule import Key


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a biller should look at; `therapy` is the id of the order it is about."""

    code: Warn
    therapy: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One per-diem line: consecutive days, so units always equal the span."""

    key: Key
    order_id: str | None
    code: str | None
    modifiers: tuple[str, ...]
    units: int
    first: date
    last: date
    authorization: str | None
    held_because: Held | None
    place_of_service: str | None
    usd_per_unit: Decimal | None
    # True while the span is shorter than the payer wants and the following days can still lengthen it.
    waits: bool = False


def lines(claims: Iterable[Claim], profile: PayerProfile, as_of: date | None) -> tuple[list[Line], list[Caution]]:
    """The lines up to as_of in claim order, with the spans that are shorter than this payer wants."""
    found: list[Line] = []
    warnings: list[Caution] = []
    for span in _spans(claims, profile):
        sent = [claim for claim in span if as_of is None or claim.day <= as_of]
        if not sent:
            continue
        line = _line(sent, profile, can_grow=len(sent) < len(span))
        found.append(line)
        if _is_short(line, profile) and not line.waits and line.held_because is None and not sent[0].weekly:
            text = f"{line.code} {line.first} to {line.last} has {line.units} of at least {profile.min_span_days} days"
            warnings.append(Caution(Warn.SPAN_UNDER_MINIMUM, line.order_id, text))
    return sorted(found, key=_claim_order), warnings


def _spans(claims: Iterable[Claim], profile: PayerProfile) -> list[list[Claim]]:
    spans: list[list[Claim]] = []
    for claim in sorted(claims, key=lambda one: (one.key, one.day)):
        if spans and _continues(spans[-1][-1], claim, profile):
            spans[-1].append(claim)
        else:
            spans.append([claim])
    return spans


def _continues(before: Claim, claim: Claim, profile: PayerProfile) -> bool:
    if profile.split_month and before.day.month != claim.day.month:
        return False
    same = (before.key, _carried(before)) == (claim.key, _carried(claim))
    return same and claim.day.toordinal() - before.day.toordinal() == 1


def _carried(claim: Claim) -> tuple[object, ...]:
    return claim.code, claim.usd_per_unit, claim.modifiers, claim.authorization, claim.held_because, claim.site


def _line(span: Sequence[Claim], profile: PayerProfile, *, can_grow: bool) -> Line:
    head = span[0]
    short = len(span) < profile.min_span_days
    return Line(
        key=head.key,
        order_id=head.order_id,
        code=head.code,
        modifiers=head.modifiers,
        units=len(span),
        first=head.day,
        last=span[-1].day,
        authorization=head.authorization,
        held_because=head.held_because,
        place_of_service=profile.place_of_service(head.site),
        usd_per_unit=head.usd_per_unit,
        waits=short and can_grow and not head.weekly,
    )


def _is_short(line: Line, profile: PayerProfile) -> bool:
    return line.units < profile.min_span_days


def _claim_order(line: Line) -> tuple[date, bool, str, tuple[str, ...], date]:
    """By first day, then the line without SH or SJ, then code (ask 2): some payers take the first billed as the primary."""
    return line.first, "SH" in line.modifiers or "SJ" in line.modifiers, line.code or "", line.modifiers, line.last
