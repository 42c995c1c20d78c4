"""Medicine against allergy: beta-lactams by class and side chain, other medicines by ingredient and class, excipients by table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from infusiondesk.interactions.rules.alerts import Hit
from infusiondesk.interactions.rules.chart import Chart, KnownAllergy, Medicine, Reaction
from infusiondesk.interactions.rules.knowledge import Beside, Knowledge, Row
from infusiondesk.interactions.rules.levels import Level

NOBODY = "patient"
_ROW = Row("clinical 6.3")
_GATE_ROW = Row("clinical 1.3")
_SIDE_CHAINS = ("side chain a", "side chain b", "side chain c", "side chain d")
_INFUSION_REACTION = re.compile(r"red.?man|red.?neck|flush|infusion reaction", re.IGNORECASE)
_STRICT = {
    Reaction.SEVERE: Level.STOP,
    Reaction.NON_IGE: Level.STOP,
    Reaction.UNCLEAR: Level.HOLD,
    Reaction.INTOLERANCE: Level.INFO,
}
_LOOSE = {Reaction.SEVERE: Level.WARN, Reaction.UNCLEAR: Level.WARN, Reaction.INTOLERANCE: Level.INFO}


@dataclass(frozen=True)
class _Lactams:
    """The beta-lactams of one side, sorted into classes and side-chain groups."""

    keys: frozenset[str]
    penicillins: frozenset[str]
    cephalosporins: frozenset[str]
    carbapenems: frozenset[str]
    monobactams: frozenset[str]
    chains: frozenset[str]
    group_c: frozenset[str]

    @classmethod
    def of(cls, keys: frozenset[str], knowledge: Knowledge) -> "_Lactams":
        def within(group: str) -> frozenset[str]:
            return keys & knowledge.group(group)

        return cls(
            keys=within("beta-lactam"),
            penicillins=within("penicillin"),
            cephalosporins=within("cephalosporin"),
            carbapenems=within("carbapenem"),
            monobactams=within("monobactam"),
            chains=frozenset(chain for chain in _SIDE_CHAINS if within(chain)),
            group_c=within("side chain c"),
        )


def allergy_hits(chart: Chart, knowledge: Knowledge) -> Iterator[Hit]:
    """Every medicine still taken against every allergy; an empty list that nobody confirmed is itself a finding (ALG01)."""
    if not chart.profile.allergies and not chart.profile.has_no_known_drug_allergies:
        text = "no allergy is listed and nobody has said that there is none: ask"
        yield Hit(NOBODY, "allergy:none recorded", Level.STOP, "ALG01", text, Row("clinical 1.2"), (NOBODY, "none recorded"))
    if not chart.allergies:
        return
    taken = [(medicine, _Lactams.of(medicine.keys, knowledge)) for medicine in chart.taken]
    for allergy in chart.allergies:
        theirs = _Lactams.of(allergy.keys, knowledge)
        for medicine, mine in taken:
            yield from _medicine_hits(medicine, allergy, mine, theirs, knowledge)


def _medicine_hits(
    medicine: Medicine, allergy: KnownAllergy, mine: "_Lactams", theirs: "_Lactams", knowledge: Knowledge
) -> Iterator[Hit]:
    yield from _table_hits(medicine, allergy, knowledge)
    if mine.keys and theirs.keys:
        chains = sorted(mine.chains & theirs.chains & knowledge.tables.chain_rows.keys())
        beside = tuple(("side chain", knowledge.tables.chain_rows[chain]) for chain in chains)
        yield from (replace(hit, beside=(*hit.beside, *beside)) for hit in _lactam_hits(medicine, allergy, mine, theirs))
    if _is_of_class(medicine.keys - mine.keys, allergy.keys - theirs.keys, knowledge):
        crossed = _crossed(medicine.keys - mine.keys, allergy.keys - theirs.keys, knowledge)
        if _is_infusion_reaction(allergy):
            yield _hit(
                medicine,
                allergy,
                Level.INFO,
                "A12",
                "an infusion reaction to vancomycin is no allergy: slower, antihistamine before",
                _ROW,
            )
        else:
            gate = _gate(medicine, allergy)
            yield replace(gate, beside=tuple(dict.fromkeys((*gate.beside, *crossed))))


def _hit(medicine: Medicine, allergy: KnownAllergy, level: Level, rule: str, text: str, row: Row) -> Hit:
    """The class by which the substance is named stands beside the rule: it says which medicines the allergy is about."""
    written = (medicine.written.text, allergy.allergy.substance)
    beside = (("class", allergy.named.row),) if allergy.named is not None else ()
    return Hit(medicine.name, allergy.side, level, rule, text, row, written, beside=beside)


def _gate(medicine: Medicine, allergy: KnownAllergy) -> Hit:
    """R11 for a severe reaction to the medicine or its class, R11b for any other (clinical 1.3)."""
    level = _STRICT[allergy.reaction]
    if level is Level.STOP:
        return _hit(
            medicine,
            allergy,
            level,
            "R11",
            "severe allergy to this medicine or its class: new order, or a documented clearance",
            _GATE_ROW,
        )
    if level is Level.HOLD:
        return _hit(
            medicine,
            allergy,
            level,
            "R11b",
            "allergy to this medicine or its class: clarify the history, call the prescriber",
            _GATE_ROW,
        )
    return _hit(medicine, allergy, level, "R11b", "not tolerated before, no allergy: know of it", _GATE_ROW)


def _lactam_hits(medicine: Medicine, allergy: KnownAllergy, drug: _Lactams, known: _Lactams) -> Iterator[Hit]:
    """Clinical 6.3, A01 to A08: the rules of one class bring the gate rule R11 with them, the loose ones do not."""
    if allergy.reaction is Reaction.NON_IGE:
        yield _hit(medicine, allergy, Level.STOP, "A08", "severe reaction, not IgE, to a beta-lactam: no beta-lactam at all", _ROW)
        yield _gate(medicine, allergy)
        return
    strict = _strict_rules(drug, known)
    level = _STRICT[allergy.reaction]
    for rule, text in strict:
        yield _hit(medicine, allergy, level, rule, text, _ROW)
    if not strict and not drug.keys & known.keys:
        for rule, text in _loose_rules(drug, known):
            yield _hit(medicine, allergy, _LOOSE[allergy.reaction], rule, text, _ROW)
    elif not strict or level is not Level.INFO:
        yield _gate(medicine, allergy)


def _strict_rules(drug: _Lactams, known: _Lactams) -> list[tuple[str, str]]:
    found = []
    shares_chain = bool(drug.chains & known.chains)
    if known.penicillins and drug.penicillins:
        found.append(("A01", "penicillins are one class"))
    if (
        (known.penicillins or known.cephalosporins)
        and drug.cephalosporins
        and (shares_chain or drug.cephalosporins & known.cephalosporins)
    ):
        found.append(("A02", "same side chain or same cephalosporin"))
    if known.cephalosporins and drug.penicillins and shares_chain and not known.penicillins:
        found.append(("A03", "penicillin with the side chain of that cephalosporin"))
    if known.group_c and drug.group_c - known.group_c:
        found.append(("A04", "ceftazidime, cefiderocol and aztreonam share one side chain"))
    if known.carbapenems and drug.carbapenems:
        found.append(("A07", "carbapenems are one class"))
    return found


def _loose_rules(drug: _Lactams, known: _Lactams) -> list[tuple[str, str]]:
    found = []
    if (known.penicillins or known.cephalosporins) and (drug.penicillins or drug.cephalosporins):
        found.append(("A05", "another side chain: crossing is unlikely, watch the first dose"))
    if (known.penicillins or known.cephalosporins) and (drug.carbapenems or drug.monobactams):
        found.append(("A06", "another beta-lactam class: crossing in under 1 %, watch the first dose"))
    if known.carbapenems and drug.keys - drug.carbapenems:
        found.append(("A06", "another beta-lactam class: watch the first dose"))
    return found


def _is_of_class(drug: frozenset[str], known: frozenset[str], knowledge: Knowledge) -> bool:
    """The same ingredient, or two members of a class that crosses."""
    return bool(drug & known or _crossed(drug, known, knowledge))


def _crossed(drug: frozenset[str], known: frozenset[str], knowledge: Knowledge) -> Beside:
    """The classes that both are of and that cross; none where it is the same ingredient."""
    if drug & known:
        return ()
    return tuple(("class", of.row) for of, members in knowledge.crossing if drug & members and known & members)


def _is_infusion_reaction(allergy: KnownAllergy) -> bool:
    """Clinical 6.3 A12: flushing with a fast infusion of vancomycin, unless it was severe."""
    is_severe = allergy.reaction in (Reaction.SEVERE, Reaction.NON_IGE)
    return "vancomycin" in allergy.keys and not is_severe and bool(_INFUSION_REACTION.search(allergy.allergy.reaction or ""))


def _table_hits(medicine: Medicine, allergy: KnownAllergy, knowledge: Knowledge) -> Iterator[Hit]:
    for rule in knowledge.tables.allergy_rules:
        if not (allergy.allergens & frozenset(rule.allergens)) or medicine.keys & frozenset(rule.exceptions):
            continue
        if medicine.keys & knowledge.spread(rule.drugs):
            is_fixed = rule.rule == "A11"  # thrombosis and anti-IgA are no matter of how mild it was
            level = Level.INFO if allergy.reaction is Reaction.INTOLERANCE and not is_fixed else rule.level
            for name in (rule.rule, *rule.also):
                yield _hit(medicine, allergy, level, name, f"{rule.mechanism}: {rule.advice}", rule.row)
