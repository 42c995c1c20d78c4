"""Which authorization pays which day: units are used by day, then by rank within the day (billing 2.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from infusiondesk.billing.rules.facts import Authorization
from infusiondesk.billing.rules.holds import Held, Hold
from infusiondesk.billing.rules.profile import PayerProfile

_SOURCE = "billing 2.7"


@dataclass(frozen=True, slots=True)
class Grant:
    """What the authorizations say of one day's code: a number, or the reason why it waits, or nothing to say."""

    number: str | None
    hold: Hold | None
    because: str | None


def draw(asked: Sequence[tuple[date, str | None]], authorizations: Sequence[Authorization], profile: PayerProfile) -> list[Grant]:
    """Use the units in the order in which they are asked for; where two cover a day, the one that ends first is used."""
    left = [authorization.units for authorization in authorizations]
    by_end = sorted(range(len(authorizations)), key=lambda place: authorizations[place].last)
    grants = []
    for day, code in asked:
        if code is None or not profile.needs_authorization(code):
            grants.append(Grant(None, None, None))
            continue
        windows = [
            place
            for place in by_end
            if authorizations[place].code == code and authorizations[place].first <= day <= authorizations[place].last
        ]
        open_ones = [place for place in windows if left[place] > 0]
        if open_ones:
            chosen = authorizations[open_ones[0]]
            left[open_ones[0]] -= 1
            window = f"{chosen.first} to {chosen.last}, {chosen.units} units"
            grants.append(Grant(chosen.number, None, f"authorization {chosen.number} for {code} ({window})"))
        elif windows:
            numbers = ", ".join(authorizations[place].number for place in windows)
            sentence = f"the units of authorization {numbers} for {code} are used up"
            grants.append(Grant(None, Hold(Held.AUTHORIZATION_UNITS_EXHAUSTED, sentence, _SOURCE), None))
        else:
            grants.append(Grant(None, Hold(Held.NO_AUTHORIZATION, f"no authorization for {code} covers this day", _SOURCE), None))
    return grants
