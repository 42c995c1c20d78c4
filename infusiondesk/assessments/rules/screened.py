"""What the screen of the medicines says to the gate: its STOPs and HOLDs, names that were not understood, the line."""

from collections.abc import Iterator

from infusiondesk.assessments.rules.facts import Facts
from infusiondesk.assessments.rules.findings import Finding
from infusiondesk.interactions.rules import Alert, Level, Unchecked

_NOT_THROUGH_A_LINE = frozenset({"po", "sc", "im", "topical", "inhaled"})


def screened_findings(facts: Facts) -> Iterator[Finding]:
    """Every alert as a finding of the gate; without a screen nothing may go out."""
    if facts.screening is None:
        text = "the medicines have not been screened"
        yield Finding(
            "R26", Level.STOP, text, "screen the order against everything the patient takes", ("clinical 1.3 R26",), ("screening",)
        )
    else:
        yield from map(_of_alert, facts.screening.alerts)
        yield from map(_of_unchecked, facts.screening.unchecked)
    if facts.access is None and facts.therapy.route not in _NOT_THROUGH_A_LINE:
        for rule, missing in (("R12", "access device"), ("R13", "tip of the access device")):
            text = f"nobody has stated the {missing}"
            yield Finding(rule, Level.STOP, text, "record the device and its confirmation", (f"clinical 1.3 {rule}",), (missing,))


def _of_alert(alert: Alert) -> Finding:
    """An alert under its rule of clinical 1.3 where it has one; else R26 for a STOP and its own rule for the rest."""
    gate_rules = [rule for rule in alert.rules if rule.startswith("R")]
    own = "R26" if alert.level is Level.STOP else alert.rule
    return Finding(
        rule=gate_rules[0] if gate_rules else own,
        level=alert.level,
        because=f"{alert.a} and {alert.b} ({', '.join(alert.rules)}): {alert.text}",
        resolution="a new order, or other data" if alert.level is Level.STOP else "a pharmacist's reason",
        sources=alert.sources,
        about=" and ".join(sorted((alert.a, alert.b))),
        needs_prescriber_contact="R11b" in alert.rules and alert.level is Level.HOLD,
    )


def _of_unchecked(item: Unchecked) -> Finding:
    """R27: one disposition for each name, so that none is waved through with another."""
    near = f"; it may be {item.suggestion}" if item.suggestion else ""
    return Finding(
        rule="R27",
        level=Level.HOLD,
        because=f"{item.name} was not checked, nothing matches it{near}",
        resolution="match it, or review it by hand with source and reason",
        sources=("clinical 1.3 R27", "clinical 6.0"),
        missing=(item.name,),
        about=item.name,
    )
