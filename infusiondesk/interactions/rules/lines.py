"""Medicine against line: what a vein bears, whether the tip is known, what shares a lumen, and which flush a medicine stands."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from infusiondesk.interactions.rules.alerts import Hit
from infusiondesk.interactions.rules.chart import CALCIUM, POTASSIUM, Chart, Medicine
from infusiondesk.interactions.rules.knowledge import ANYTHING, FlushRule, Incompatibility, Knowledge, LineRule, Row
from infusiondesk.interactions.rules.levels import Level
from infusiondesk.interactions.rules.profile import VENOUS_ROUTES, Access, Place

_ROW = Row("clinical 6.6")
_GATE_ROW = Row("clinical 1.3")
_MIX_ROW = Row("clinical 6.4")
_STOPS = {"RED": "a vesicant of high risk", "CENTRAL": "for a central line only"}
_HOLDS = {
    "YELLOW": "a vesicant of intermediate risk",
    "IRRITANT": "an irritant given continuously",
}
_OSMOLARITY = ("osmolarity_peripheral_mosm_l",)
_PH = ("ph_low", "ph_high", "ph_days")
_SPACES = {Place.SUBCUTANEOUS: "sc", Place.INTRATHECAL: "it", Place.EPIDURAL: "epidural"}


def line_hits(chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """Everything about the line itself; without a line on file nothing is said here, the gate asks for one."""
    access = chart.access
    if access is None:
        return
    for medicine in chart.infusions:
        if access.place in (Place.PERIPHERAL, Place.UNKNOWN):
            yield from _peripheral_hits(medicine, access, knowledge)
        if access.device in ("midline", "piv"):
            yield from _duration_hits(medicine, access, knowledge)
        if access.lumens == 1 and medicine.keys & knowledge.group("inotrope"):
            text = "an inotrope needs a lumen in reserve: second lumen"
            for rule, row in (("V07", _ROW), ("R35", _GATE_ROW)):
                yield Hit(
                    medicine.name, "access:single lumen", Level.HOLD, rule, text, row, (medicine.written.text, access.written)
                )
    yield from _device_hits(chart, access)


def _device_hits(chart: Chart, access: Access) -> Iterator[Hit]:
    if access.place is Place.CENTRAL and access.is_tip_confirmed is not True:
        for rule, row in (("V04", _ROW), ("R13", _GATE_ROW)):
            text = "nobody has confirmed where the tip lies: confirmation report"
            yield Hit("patient", "access:tip not confirmed", Level.STOP, rule, text, row, ("patient", access.written))
    if access.device == "hd":
        text = "haemodialysis catheter: only with an order of nephrology, none is on file"
        yield Hit("patient", f"access:{access.written}", Level.STOP, "V08", text, _ROW, ("patient", access.written))
    for medicine in chart.medicines:
        if medicine.written.is_order and _is_wrong_space(medicine.route, access):
            text = "the route of the order is not the space of this line: check line, label and colour"
            yield Hit(
                medicine.name, f"access:{access.written}", Level.STOP, "V05", text, _ROW, (medicine.written.text, access.written)
            )


def _is_wrong_space(route: str | None, access: Access) -> bool:
    """A spinal order through a vein, or anything but its own route through a spinal or subcutaneous line."""
    space = _SPACES.get(access.place)
    if space is None:
        return route in ("it", "epidural")
    return route != space and (route in VENOUS_ROUTES or route in _SPACES.values())


def _peripheral_hits(medicine: Medicine, access: Access, knowledge: Knowledge) -> Iterator[Hit]:
    for level, rule, text, row, limits in _burdens(medicine, access, knowledge):
        beside = knowledge.limit_rows(*limits)
        written = (medicine.written.text, access.written)
        for name, from_row in ((rule, row), ("R12", _GATE_ROW)):
            yield Hit(medicine.name, f"access:{access.written}", level, name, text, from_row, written, beside=beside)


def _burdens(medicine: Medicine, access: Access, knowledge: Knowledge) -> Iterator[tuple[Level, str, str, Row, tuple[str, ...]]]:
    """What speaks against a vein: level, rule, words, row, and the limits it was decided by."""
    limit = knowledge.limits["osmolarity_peripheral_mosm_l"]
    osmolarity = medicine.written.osmolarity_mosm_l
    if osmolarity is not None and osmolarity > limit:
        yield Level.STOP, "V01", f"{osmolarity} mOsm/L is over {limit}: central line", _ROW, _OSMOLARITY
    if osmolarity is None and "pn" in medicine.keys:
        text = f"nutrition of unknown osmolarity: central line, or at most {limit} mOsm/L shown"
        yield Level.STOP, "V01", text, _ROW, _OSMOLARITY
    for rule in knowledge.tables.lines:
        if _burdens_vein(rule, medicine, knowledge):
            if rule.grade in _STOPS:
                yield Level.STOP, "V01", f"{_STOPS[rule.grade]}: central line", rule.row, ()
            else:
                text = f"{_holds(rule.grade, knowledge)}: central line, or a pharmacist's reason"
                yield Level.HOLD, "V02", text, rule.row, _PH if rule.grade == "PH" else ()
    if access.device == "midline" and "vancomycin" in medicine.keys:
        yield Level.HOLD, "V03", "vancomycin by midline, however short: central line, or a pharmacist's reason", _ROW, ()


def _holds(grade: str, knowledge: Knowledge) -> str:
    """Why a vein does not bear it; a pH in the words of the limits."""
    if grade != "PH":
        return _HOLDS[grade]
    low, high, days = (knowledge.limits[name] for name in _PH)
    return f"pH outside {low} to {high} for more than {'a day' if days == 1 else f'{days} days'}"


def _burdens_vein(rule: LineRule, medicine: Medicine, knowledge: Knowledge) -> bool:
    own = medicine.keys - {POTASSIUM, CALCIUM} if "pn" in medicine.keys else medicine.keys
    if not own & knowledge.spread(rule.drugs) or own & frozenset(rule.exceptions):
        return False
    if rule.only_continuous and not medicine.is_continuous:
        return False
    if rule.grade == "PH":
        return _is_extreme(rule, medicine, knowledge)
    if not rule.measure:
        return True
    strength = medicine.measures.get(rule.measure)
    if strength is None:
        return rule.counts_when_unknown
    return _is_from(strength, rule) and (rule.below is None or strength < rule.below)


def _is_from(strength: Decimal, rule: LineRule) -> bool:
    assert rule.from_ is not None  # a row with a measure has a number
    return strength >= rule.from_ if rule.from_is_included else strength > rule.from_


def _is_extreme(rule: LineRule, medicine: Medicine, knowledge: Knowledge) -> bool:
    """The whole pH range lies outside 5 to 9, and the therapy is longer than a day or nobody said how long."""
    limits = knowledge.limits
    assert rule.ph_low is not None and rule.ph_high is not None  # a pH row has both
    days = medicine.written.planned_days
    is_long = days is None or days > limits["ph_days"]
    return is_long and (rule.ph_high < limits["ph_low"] or rule.ph_low > limits["ph_high"])


def _duration_hits(medicine: Medicine, access: Access, knowledge: Knowledge) -> Iterator[Hit]:
    name = "midline_days" if access.device == "midline" else "piv_days"
    limit = knowledge.limits[name]
    days = medicine.written.planned_days
    if days is not None and days > limit:
        text = f"{days} days are planned, over {limit} for this device: plan a longer-lasting line"
        written = (medicine.written.text, access.written)
        beside = knowledge.limit_rows(name)
        yield Hit(medicine.name, f"access:{access.written}", Level.WARN, "R14", text, _GATE_ROW, written, beside=beside)


def lumen_hits(chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """Infusions that would meet in one lumen: incompatible, unknown, or beside nutrition (clinical 6.4, 6.6)."""
    access = chart.access
    if access is None or access.place in _SPACES:
        return
    is_one_lumen = access.lumens == 1
    for one, other in combinations(chart.infusions, 2):
        if _is_nutrition_with_its_lipid(one, other):
            continue
        written = (one.written.text, other.written.text)
        clash = _clash(one, other, knowledge)
        if clash is not None:
            rule, (a, b) = clash
            if is_one_lumen and (one.is_continuous or other.is_continuous):
                text = "incompatible in one lumen and one of them runs on: second lumen or peripheral line"
                yield Hit(a, b, Level.STOP, "Y02", text, rule.row, written)
                if _interrupts(one, other, knowledge) or _interrupts(other, one, knowledge):
                    yield Hit(a, b, Level.STOP, "V06", text, _ROW, written)
            else:
                yield Hit(a, b, Level.WARN, "Y03", "incompatible: separate lumen, or flush between", rule.row, written)
        elif is_one_lumen:
            yield Hit(one.name, other.name, Level.INFO, "Y05", "no data for this pair: not run together", _MIX_ROW, written)
        if is_one_lumen and "pn" in one.keys | other.keys:
            yield Hit(one.name, other.name, Level.HOLD, "V09", "the nutrition lumen is shared: its own lumen", _ROW, written)


def _interrupts(dose: Medicine, running: Medicine, knowledge: Knowledge) -> bool:
    """An intermittent dose into a running inotrope or nutrition."""
    return running.is_continuous and not dose.is_continuous and bool(running.keys & (knowledge.group("inotrope") | {"pn"}))


def _is_nutrition_with_its_lipid(one: Medicine, other: Medicine) -> bool:
    return ("pn" in one.keys and "lipid emulsion" in other.keys) or ("pn" in other.keys and "lipid emulsion" in one.keys)


def _clash(one: Medicine, other: Medicine, knowledge: Knowledge) -> tuple[Incompatibility, tuple[str, str]] | None:
    for rule in knowledge.tables.incompatibilities:
        for first, second in ((one, other), (other, one)):
            met = _met(rule, first, second, knowledge)
            if met is not None:
                return rule, met
    return None


def _met(rule: Incompatibility, first: Medicine, second: Medicine, knowledge: Knowledge) -> tuple[str, str] | None:
    """The two names under which a row holds, or None; an excepted product or fluid takes the row away."""
    mine = first.keys & knowledge.spread(rule.drugs_a)
    excepted = knowledge.spread(rule.exceptions)
    if not mine or (first.keys | second.keys) & excepted:
        return None
    if rule.drugs_b == (ANYTHING,):
        return first.name, second.name
    theirs = sorted(second.keys & knowledge.spread(rule.drugs_b))
    return (first.shown_for(min(mine)), second.shown_for(theirs[0])) if theirs else None


def flush_hits(chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """Flush or diluent against the medicine it goes with (Y04); needs no line on file."""
    common = [medicine for medicine in chart.medicines if medicine.written.is_order and medicine.route == "flush"]
    for medicine in chart.infusions:
        fluids = [(text, knowledge.names.fluids_in(text)) for text in (medicine.written.flush,) if text]
        fluids += [(carrier, frozenset({carrier})) for carrier in sorted(medicine.carriers)]
        if not medicine.written.flush:
            fluids += [(flush.written.text, flush.keys) for flush in common]
        for text, keys in fluids:
            for rule in knowledge.tables.flushes:
                if _does_not_bear(medicine, keys, rule, knowledge):
                    side = f"flush:{text}"
                    advice = f"not compatible with this fluid: order {rule.instead}"
                    yield Hit(medicine.name, side, Level.STOP, "Y04", advice, rule.row, (medicine.written.text, text))


def _does_not_bear(medicine: Medicine, fluids: frozenset[str], rule: FlushRule, knowledge: Knowledge) -> bool:
    is_named = bool(medicine.keys & knowledge.spread(rule.drugs)) and not medicine.keys & frozenset(rule.exceptions)
    return is_named and bool(fluids & frozenset(rule.fluids))
