"""The profile once its words are understood: medicines with everything they count as, allergies with what they stand for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto

from infusiondesk.interactions.rules.knowledge import AllergyClass, Knowledge
from infusiondesk.interactions.rules.names import Reading, words_of
from infusiondesk.interactions.rules.profile import Access, Allergy, Profile, Severity, Written

# What any source is called in an alert, whatever it comes in (ask 5).
POTASSIUM = "potassium"
CALCIUM = "calcium"
# Abbreviations only in capitals ("ten days" is no TEN), and nothing that the chart denies ("no anaphylaxis").
_NOT_DENIED = r"(?<!\bno )(?<!\bnot )(?<!\bwithout )(?<!\bdenies )"
_NON_IGE_SHORT = re.compile(_NOT_DENIED + r"\b(?:SJS|TEN|DRESS|AIN)\b")
_NON_IGE = re.compile(
    _NOT_DENIED
    + r"\b(?:sjs|stevens.johnson|toxic epidermal|interstitial nephritis|serum sickness|ha?emolytic an(?:a)?emia|hepatitis)",
    re.IGNORECASE,
)
_ANAPHYLAXIS = re.compile(_NOT_DENIED + r"\banaphyla", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"(.+?)\s*\((.+)\)\Z")
_HIT = re.compile(r"\bhitt?\b|thrombocytop|low platelets", re.IGNORECASE)


class Reaction(Enum):
    """The column of the allergy table that a reaction is read in (clinical 6.3)."""

    SEVERE = auto()
    NON_IGE = auto()
    UNCLEAR = auto()
    INTOLERANCE = auto()


@dataclass(frozen=True)
class Medicine:
    """A recognised medicine of this patient."""

    written: Written
    name: str
    keys: frozenset[str]
    carriers: frozenset[str]
    route: str | None
    is_long_acting: bool | None
    strength_mg: Decimal | None
    measures: dict[str, Decimal]
    is_continuous: bool

    @property
    def is_stopped(self) -> bool:
        """Stopped yesterday or earlier; only a washout keeps it in view."""
        return self.written.stopped_days_ago is not None and self.written.stopped_days_ago > 0

    @property
    def is_infusion(self) -> bool:
        """An order that runs through the line; a flush does not count, it has its own rules."""
        return self.written.is_order and self.route == "iv"

    def shown_for(self, key: str) -> str:
        """How an alert prints this medicine when a rule met it under this key."""
        return key if key in (POTASSIUM, CALCIUM) else self.name


@dataclass(frozen=True)
class KnownAllergy:
    """An allergy whose substance was understood."""

    allergy: Allergy
    allergens: frozenset[str]
    keys: frozenset[str]
    reaction: Reaction
    named: AllergyClass | None = None  # the class that the substance is called by; none where it is a medicine

    @property
    def side(self) -> str:
        return f"allergy:{self.allergy.substance}"


@dataclass(frozen=True)
class Chart:
    """What the rules look at; `only_in_sets` are unrecognised medicines whose name a set has, seen by the pairs of sets alone."""

    medicines: tuple[Medicine, ...]
    allergies: tuple[KnownAllergy, ...]
    profile: Profile
    access: Access | None
    only_in_sets: tuple[Medicine, ...] = ()

    @property
    def taken(self) -> tuple[Medicine, ...]:
        """Everything that is still taken or about to be."""
        return tuple(medicine for medicine in self.medicines if not medicine.is_stopped)

    @property
    def infusions(self) -> tuple[Medicine, ...]:
        return tuple(medicine for medicine in self.medicines if medicine.is_infusion)

    def result(self, analyte: str) -> Decimal | None:
        return self.profile.results.get(analyte)


def medicine_of(written: Written, reading: Reading, knowledge: Knowledge) -> Medicine:
    """A written medicine with its reading: which sources of potassium and calcium it brings, and by which route it goes in."""
    route = written.route or reading.route or ("iv" if written.is_order else reading.at_home)
    if route == "sc" and "ivig" in reading.keys:
        reading = replace(reading, name="scig", keys=reading.keys - {"ivig"} | {"scig"})  # some brands go in by both routes
    keys = set(reading.keys)
    is_nutrition = "pn" in keys
    amounts = {POTASSIUM: written.potassium_meq_day, CALCIUM: written.calcium_meq_day}
    for source, amount in amounts.items():
        if amount is None and is_nutrition:
            keys.add(source)  # nobody said that this bag holds none
        elif amount is not None:
            (keys.add if amount > 0 else keys.discard)(source)
    if written.penicillin_million_units_day is not None and reading.keys == {"penicillin g"}:
        keys.add(POTASSIUM)  # million units are given to count the potassium of an unnamed salt
    lasting = knowledge.group("inotrope") | knowledge.group("prostacyclin") | {"pn"}
    return Medicine(
        written=written,
        name=reading.name,
        keys=frozenset(keys),
        carriers=reading.carriers,
        route=route,
        is_long_acting=reading.is_long_acting,
        strength_mg=reading.strength_mg,
        measures=dict(reading.measures),
        is_continuous=bool(keys & lasting) if written.is_continuous is None else written.is_continuous,
    )


def allergy_of(allergy: Allergy, knowledge: Knowledge) -> KnownAllergy | None:
    """What a substance stands for: a class of the table, else a medicine; None where it is not understood."""
    known = _known(allergy, knowledge)
    if known is not None or not (split := _IN_BRACKETS.match(allergy.substance)):
        return known
    reaction = "; ".join(filter(None, (split[2], allergy.reaction)))  # "heparin (HIT)", "amoxicillin (rash)"
    known = _known(replace(allergy, substance=split[1], reaction=reaction), knowledge)
    return None if known is None else replace(known, allergy=allergy)


def _known(allergy: Allergy, knowledge: Knowledge) -> KnownAllergy | None:
    said = words_of(allergy.substance)
    named = knowledge.allergens.get(said) or knowledge.allergens.get(
        tuple(word for word in said if word not in ("allergy", "antibiotics"))
    )
    if named is not None:
        keys = knowledge.spread(named.members)
        return KnownAllergy(allergy, frozenset({named.allergen}) | _hit_in(keys, allergy), keys, _reaction(allergy), named)
    reading = knowledge.names.read(allergy.substance)
    if reading is None:
        return None
    keys = reading.keys if reading.name == POTASSIUM else reading.keys - {POTASSIUM}
    classes = {of.allergen for of in knowledge.tables.allergy_classes if of.crosses and keys & knowledge.spread(of.members)}
    return KnownAllergy(allergy, keys | classes | _hit_in(keys, allergy), keys, _reaction(allergy))


def _hit_in(named: Iterable[str], allergy: Allergy) -> frozenset[str]:
    """Heparin with a fall of platelets is heparin-induced thrombocytopenia, under whatever heading it was written."""
    is_heparin = any("heparin" in name for name in named)
    return frozenset({"hit"}) if is_heparin and _HIT.search(allergy.reaction or "") else frozenset()


def _reaction(allergy: Allergy) -> Reaction:
    said = allergy.reaction or ""
    if allergy.severity is Severity.SEVERE_NON_IGE or _NON_IGE.search(said) or _NON_IGE_SHORT.search(said):
        return Reaction.NON_IGE
    if allergy.severity in (Severity.SEVERE, Severity.ANAPHYLAXIS) or _ANAPHYLAXIS.search(said):
        return Reaction.SEVERE
    return Reaction.INTOLERANCE if allergy.severity is Severity.INTOLERANCE else Reaction.UNCLEAR
