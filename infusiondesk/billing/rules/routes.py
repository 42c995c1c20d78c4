"""The class of a therapy as it is given: a drug drips, is injected or inhaled, each with its own codes (billing 1.2 to 1.5)."""

from typing import Final

from infusiondesk.billing.rules.facts import TherapyClass

# Billing 1.5: the injections beside the infusions. What has no code of its own is a home injectable therapy.
_INJECTED: Final = {
    TherapyClass.ANTICOAGULANT_INFUSION: TherapyClass.ANTICOAGULANT_INJECTION,
    TherapyClass.ANTIEMETIC_INFUSION: TherapyClass.ANTIEMETIC_INJECTION,
}
_INFUSIONS: Final = frozenset(
    {
        TherapyClass.ANTI_INFECTIVE,
        TherapyClass.PAIN,
        TherapyClass.CHEMOTHERAPY,
        TherapyClass.DIURETIC,
        TherapyClass.ANTISPASMODIC,
        TherapyClass.CORTICOSTEROID,
        TherapyClass.TOCOLYTIC,
        TherapyClass.INSULIN,
        TherapyClass.OTHER_INFUSION,
    }
)
# Billing 1.3: S9336 and S9353 are continuous infusions; a dose now and then of the same drug is an injection.
_CONTINUOUS_ONLY: Final = frozenset({TherapyClass.ANTICOAGULANT_INFUSION, TherapyClass.INSULIN})


_INTO_MUSCLE: Final = "im"  # the routes in the words of an order
_INHALED: Final = "inhaled"


def class_as_given(known: TherapyClass, route: str, *, continuous: bool) -> TherapyClass:
    """The class that decides the code family, from the class of the drug in the catalog and the way of this order."""
    if route == _INHALED:
        return TherapyClass.AEROSOL
    if known is TherapyClass.AEROSOL:
        return class_as_given(TherapyClass.ANTI_INFECTIVE, route, continuous=continuous)  # pentamidine, and what is like it
    if route == _INTO_MUSCLE or (known in _CONTINUOUS_ONLY and not continuous):
        return _INJECTED.get(known, TherapyClass.OTHER_INJECTION if known in _INFUSIONS else known)
    if known is TherapyClass.OTHER_INJECTION and continuous:
        return TherapyClass.OTHER_INFUSION  # octreotide that runs all day is no injection
    return known
