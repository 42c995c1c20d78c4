"""An order as it is read: its state in one word, its facts, what a version changed in the one before."""

from infusiondesk.foundation.qtkit.parts.arrange import Item, across
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.orders.documents import order_facts
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.rules import State

TONES: dict[State, Tone] = {
    State.ENTERED: "due",
    State.CLARIFICATION: "danger",
    State.VERIFIED: "done",
    State.HELD: "due",
    State.COMPLETED: "neutral",
    State.DISCONTINUED: "neutral",
    State.CANCELLED: "neutral",
}


def state_words(row: OrderRow) -> str:
    """The order's state for the version in force; what a waiting one is, or one that no longer counts, else."""
    if row.set_aside:
        return row.set_aside.state
    if row.question:
        return State.CLARIFICATION.value
    return State.ENTERED.value if _waits(row) else row.state.value


def state_tone(row: OrderRow) -> Tone:
    """The tone of those words."""
    if row.set_aside:
        return "neutral"
    if row.question:
        return TONES[State.CLARIFICATION]
    return TONES[State.ENTERED] if _waits(row) else TONES[row.state]


def _waits(row: OrderRow) -> bool:
    """A change that nobody has verified yet, on an order that goes on meanwhile."""
    return not row.is_verified and row.state in (State.VERIFIED, State.HELD, State.COMPLETED)


def order_items(row: OrderRow) -> list[Item]:
    """An order, whole: what changed, then what, how, when, for what, by whom."""
    items = [*head_items(row), facts_of(row, 1)]
    items += [Text(one.text(), 13, 600, "done" if one.holds else "danger", wraps=True) for one in row.signatures]
    return items


def head_items(row: OrderRow) -> list[Item]:
    """The order in one line, its state, and what the version changes."""
    words = f"Rx {row.rx_number}, version {row.number}"
    items: list[Item] = [
        across(Pill(state_words(row).capitalize(), state_tone(row)), (Text(words, 13, ink="ink2"), 1)),
        Text(row.sig, 20, 600, wraps=True),
    ]
    if row.question:
        items.append(Text(f"In clarification: {row.question} No dose until a new version answers.", 13, 600, "danger", wraps=True))
    if row.set_aside:
        items.append(Text(f"This version: {row.set_aside.words}", 13, 600, "ink2", wraps=True))
    return items if row.replaces is None else [*items, _difference_card(row, row.replaces)]


def facts_of(row: OrderRow, first: int, until: int | None = None) -> FactList:
    """A stretch of the order's facts, label by label."""
    facts = [Fact(label, value, _tone(row, label)) for label, value in order_facts(row)]
    if row.last_event:
        facts.append(Fact("Last", row.last_event))
    return FactList(facts[first:until])


def key_facts(row: OrderRow) -> int:
    """How many facts are read before the findings: the dose with its working, the days, the rate and the concentration."""
    return [label for label, _ in order_facts(row)].index("Calendar of doses") + 1


def differences(row: OrderRow, before: OrderRow) -> list[tuple[str, str, str]]:
    """What a version changes in the one before: label, old words, new words."""
    old, new = dict(order_facts(before)), dict(order_facts(row))
    labels = [*new, *(label for label in old if label not in new)]
    return [(label, old.get(label, "none"), new.get(label, "none")) for label in labels if old.get(label) != new.get(label)]


def _difference_card(row: OrderRow, before: OrderRow) -> Card:
    card = Card(f"Changed from version {before.number}", kind="sunken", padding=12, gap=4, title_px=14)
    if row.reason:
        card.add(Text(row.reason, 13, ink="ink2", wraps=True))
    card.add(FactList([Fact(label, f"{new}; was {old}") for label, old, new in differences(row, before)], dense=True))
    return card


def _tone(row: OrderRow, label: str) -> Tone | None:
    needs_a_look = {
        "Had it before": not row.had_before,
        "Infectious diseases": row.therapy_class == "anti_infective" and not row.reviewed_by_infectious_diseases,
        "Laboratory work": not (row.lab_protocol and row.lab_reviewer),
    }
    return "due" if needs_a_look.get(label, False) else None
