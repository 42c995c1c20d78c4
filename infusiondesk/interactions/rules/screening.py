"""One screen of one patient: what was understood, every alert, what was not checked, and what that one would bring."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from infusiondesk.interactions.rules.alerts import Alert, Hit, merged
from infusiondesk.interactions.rules.allergies import allergy_hits
from infusiondesk.interactions.rules.chart import Chart, KnownAllergy, Medicine, allergy_of, medicine_of
from infusiondesk.interactions.rules.conditions import PotassiumSum, condition_hits, potassium_hits, potassium_sum
from infusiondesk.interactions.rules.knowledge import Knowledge
from infusiondesk.interactions.rules.levels import Level
from infusiondesk.interactions.rules.lines import flush_hits, line_hits, lumen_hits
from infusiondesk.interactions.rules.looked_at import as_charted, looked_at, looked_up_against
from infusiondesk.interactions.rules.pairs import pair_hits
from infusiondesk.interactions.rules.profile import Allergy, Profile, Written


@dataclass(frozen=True)
class Unchecked:
    """A written name that matches nothing, the nearest name, and the alerts that one would bring if a person confirmed it."""

    name: str
    suggestion: str | None
    alerts_if_confirmed: tuple[Alert, ...] = ()
    looked_at: Mapping[str, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Screening:
    """The answer of one screen; `ingredients` is everything that its medicines count as, names that only a set has included.

    `limits_read` are the limits that a rule asked for on this profile, whether or not it spoke then.
    """

    alerts: tuple[Alert, ...]
    unchecked: tuple[Unchecked, ...]
    potassium: PotassiumSum
    because: tuple[str, ...]
    sources: tuple[str, ...]
    ingredients: tuple[str, ...] = ()
    limits_read: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """No STOP, no HOLD, and nothing left unchecked (clinical 6.0)."""
        return not self.unchecked and all(alert.level not in (Level.STOP, Level.HOLD) for alert in self.alerts)


@dataclass(frozen=True)
class _Open:
    """A name nobody understood, with what it may be."""

    name: str
    suggestion: str | None
    medicine: Medicine | None = None
    allergy: KnownAllergy | None = None


def screen(profile: Profile, knowledge: Knowledge) -> Screening:
    """Screen every medicine of the profile, home medicines included, against each other and against the patient."""
    medicines, open_names = _read_medicines(profile.medicines, knowledge)
    recognised = len(medicines)
    listed = _only_in_sets(profile.medicines, {item.name for item in open_names}, knowledge)
    medicines += _flush_medicines(medicines, knowledge)
    open_names += _unread_flushes(medicines, knowledge)
    allergies: list[KnownAllergy] = []
    for allergy in profile.allergies:
        known = allergy_of(allergy, knowledge)
        if known is not None:
            allergies.append(known)
        else:
            open_names.append(_open_allergy(allergy, knowledge))
    chart = Chart(tuple(medicines), tuple(allergies), profile, profile.access, tuple(listed))
    limits_read: set[str] = set()
    alerts = _alerts(chart, knowledge.noting(limits_read))
    unchecked = tuple(_unchecked(item, open_names, chart, knowledge) for item in open_names)
    potassium = potassium_sum(chart, knowledge)
    return Screening(
        alerts=alerts,
        unchecked=unchecked,
        potassium=potassium,
        because=(f"{recognised} of {len(profile.medicines)} medicines recognised.", *_counted(potassium), *map(_sentence, alerts)),
        sources=_sources([*alerts, *(alert for item in unchecked for alert in item.alerts_if_confirmed)]),
        ingredients=tuple(sorted({key for medicine in (*medicines, *listed) for key in medicine.keys})),
        limits_read=tuple(sorted(limits_read)),
    )


def _read_medicines(written: Iterable[Written], knowledge: Knowledge) -> tuple[list[Medicine], list[_Open]]:
    medicines: list[Medicine] = []
    open_names: list[_Open] = []
    for item in written:
        reading = knowledge.names.read(item.text)
        if reading is not None:
            medicines.append(medicine_of(item, reading, knowledge))
            continue
        near = knowledge.names.suggest(item.text)
        proposed = knowledge.names.read(near) if near else None
        if proposed is None:
            open_names.append(_Open(item.text, None))
        else:
            around = knowledge.names.around(item.text)
            fitted = replace(
                proposed,
                route=around.route,
                strength_mg=around.strength_mg,
                measures=around.measures,
                is_long_acting=around.is_long_acting,
            )
            open_names.append(_Open(item.text, proposed.name, medicine=medicine_of(item, fitted, knowledge)))
    return medicines, open_names


def _only_in_sets(written: Iterable[Written], unread: Container[str], knowledge: Knowledge) -> list[Medicine]:
    """Medicines that our own list does not know and an enabled set does: not checked, but what the set says of them is shown."""
    found = [(item, knowledge.read_in_sets(item.text)) for item in written if item.text in unread]
    return [medicine_of(item, reading, knowledge) for item, reading in found if reading is not None]


def _flush_medicines(medicines: Iterable[Medicine], knowledge: Knowledge) -> list[Medicine]:
    """Heparin in a flush is heparin; written with several orders it is still one flush."""
    for medicine in medicines:
        text = medicine.written.flush
        if text and "heparin" in knowledge.names.fluids_in(text):
            heparin = knowledge.names.read("heparin")
            assert heparin is not None  # a flush could not name it otherwise
            return [medicine_of(Written(text, is_order=True, route="flush"), heparin, knowledge)]
    return []


def _unread_flushes(medicines: Iterable[Medicine], knowledge: Knowledge) -> list[_Open]:
    texts = dict.fromkeys(medicine.written.flush for medicine in medicines)
    return [_Open(text, None) for text in texts if text and not knowledge.names.fluids_in(text)]


def _open_allergy(allergy: Allergy, knowledge: Knowledge) -> _Open:
    near = knowledge.near_allergen(allergy.substance)
    proposed = allergy_of(replace(allergy, substance=near), knowledge) if near else None
    if proposed is None:
        return _Open(allergy.substance, None)
    return _Open(allergy.substance, near, allergy=replace(proposed, allergy=allergy))


def _alerts(chart: Chart, knowledge: Knowledge) -> tuple[Alert, ...]:
    hits = [*pair_hits(chart, knowledge), *condition_hits(chart, knowledge), *potassium_hits(chart, knowledge)]
    hits += [
        *allergy_hits(chart, knowledge),
        *line_hits(chart, knowledge),
        *lumen_hits(chart, knowledge),
        *flush_hits(chart, knowledge),
    ]
    if chart.only_in_sets:
        chart = replace(chart, medicines=(*chart.medicines, *chart.only_in_sets))
        hits += _hits_of_sets(chart, knowledge)
    return tuple(
        replace(alert, charted=as_charted(alert, chart), looked_at=looked_at(alert, chart, knowledge)) for alert in merged(hits)
    )


def _hits_of_sets(chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """What sets say of the names that only they know; nothing of our own reference speaks about a name it does not know."""
    names = {medicine.name for medicine in chart.only_in_sets}
    for hit in pair_hits(chart, knowledge):
        if hit.row.layer and {hit.a, hit.b} & names and hit.written[0] != hit.written[1]:
            yield hit


def _unchecked(item: _Open, open_names: list[_Open], chart: Chart, knowledge: Knowledge) -> Unchecked:
    """The alerts that confirming this name would add, every other proposal taken as confirmed too."""
    if item.medicine is None and item.allergy is None:
        return Unchecked(item.name, item.suggestion, looked_at=looked_up_against(chart))
    others = [other for other in open_names if other is not item]
    without = {alert.pair: alert for alert in _alerts(_with(chart, others), knowledge)}
    confirmed = _alerts(_with(chart, open_names), knowledge)
    brought = tuple(alert for alert in confirmed if without.get(alert.pair) != alert)
    return Unchecked(item.name, item.suggestion, brought, looked_up_against(chart))


def _with(chart: Chart, proposed: Iterable[_Open]) -> Chart:
    items = list(proposed)
    return replace(
        chart,
        medicines=(*chart.medicines, *(item.medicine for item in items if item.medicine is not None)),
        allergies=(*chart.allergies, *(item.allergy for item in items if item.allergy is not None)),
    )


def _counted(potassium: PotassiumSum) -> tuple[str, ...]:
    if potassium.meq_day is None:
        return ()
    if not potassium.unknown:
        return (f"Potassium: {potassium.meq_day} mEq a day.",)
    return (f"Potassium: at least {potassium.meq_day} mEq a day; no amount is known for {', '.join(potassium.unknown)}.",)


def _sentence(alert: Alert) -> str:
    unsigned = ", unsigned" if alert.unsigned_rules else ""
    return f"{alert.a} and {alert.b}: {alert.level} by {', '.join(alert.rules)} ({', '.join(alert.statuses)}{unsigned})."


def _sources(alerts: Iterable[Alert]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(["clinical 6.0", *(source for alert in alerts for source in alert.sources)]))
