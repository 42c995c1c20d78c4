"""What a screening found, as it is read before an order is signed: what was not checked first, then the alerts by level."""

from collections.abc import Callable, Sequence
from typing import Final

from infusiondesk.foundation.kernel.ismp import moment
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Item, across
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.pill import Pill
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.interactions.queries import AlertRow, AnswerRow, ScreeningRow, UncheckedRow
from infusiondesk.interactions.rules import Level

TONES: Final[dict[Level, Tone]] = {Level.STOP: "danger", Level.HOLD: "due", Level.WARN: "plain", Level.INFO: "neutral"}
_TIERS: Final = (
    ("Stops the order", (Level.STOP,)),
    ("To answer before it is signed", (Level.HOLD,)),
    ("To know", (Level.WARN, Level.INFO)),
)
ToAnswer = Callable[[AlertRow], None]
ToReview = Callable[[UncheckedRow], None]


def finding_items(
    found: ScreeningRow, answer: ToAnswer | None = None, review: ToReview | None = None, left_out: Sequence[str] = ()
) -> list[Item]:
    """The whole screening as cards; without `answer` and `review` it is only read. `left_out` says what it does not speak of."""
    is_complete = found.is_complete and not left_out
    items: list[Item] = [Text(found.headline, 16, 600, "ink" if is_complete else "due", wraps=True)]
    items += [_unchecked_card(name, review) for name in found.unchecked]
    if gaps_here := (*left_out, *found.gaps):
        gaps = Card("Not checked", kind="plain", padding=12, gap=4, title_px=14)
        for gap in gaps_here:
            gaps.add(Text(gap, 13, ink="due", wraps=True))
        items.append(gaps)
    for title, levels in _TIERS:
        alerts = [alert for level in levels for alert in found.at(level)]
        if alerts:
            items.append(SectionTitle(title, f"{len(alerts)}", px=14))
        items += [_alert_card(alert, answer) for alert in alerts]
    if not found.alerts:
        words = "No interaction, allergy or line alert." if is_complete else "No alert in what could be checked."
        items.append(Text(words, 13, 600, "done" if is_complete else "due", wraps=True))
    made = f"Screening {found.number} of this patient, {moment(found.made_at)}, {found.made_by}; reference {found.knowledge}"
    items.append(Text(made, 12, ink="ink2", wraps=True))
    return items


def why_words(alert: AlertRow) -> str:
    """Which rules speak, from which source, and which of them nobody signed."""
    words = f"By {', '.join(alert.rules)}; source: {', '.join(alert.sources) or 'none named'}"
    return f"{words}; not signed by this pharmacy: {', '.join(alert.unsigned_rules)}" if alert.unsigned_rules else words


def answered_words(answer: AnswerRow) -> str:
    """Who answered what, when."""
    return f"{answer.words()} ({answer.by}, {moment(answer.at)})"


def _alert_card(alert: AlertRow, answer: ToAnswer | None) -> Card:
    card = Card(kind="plain" if alert.level in (Level.STOP, Level.HOLD) else "sunken", padding=12, gap=4)
    card.setAccessibleName(f"{alert.level}: {alert.subject}")
    head: list[Item] = [Pill(alert.level.value, TONES[alert.level]), (Text(f"by {alert.rules[0]}", 12, ink="ink2"), 1)]
    if answer is not None and alert.answer is None and alert.level in (Level.HOLD, Level.WARN):
        words = "Answer" if alert.level is Level.HOLD else "Acknowledge"
        button = Button(words, dense=True)
        button.setAccessibleName(f"{words}: {alert.subject}, {alert.rules[0]}")
        button.clicked.connect(lambda: answer(alert))
        head.append(button)
    card.add(across(*head))
    card.add(Text(alert.subject, 14, 600, wraps=True))
    card.add(Text(alert.text, 13, wraps=True))
    card.add(Text(why_words(alert), 12, ink="ink2", wraps=True))
    if alert.answer is not None:
        card.add(Text(answered_words(alert.answer), 13, 600, "done", wraps=True))
    elif alert.level is Level.STOP:
        card.add(Text("A STOP takes no answer: correct the chart, or take a new order.", 13, 600, "danger", wraps=True))
    return card


def _unchecked_card(name: UncheckedRow, review: ToReview | None) -> Card:
    card = Card(padding=12, gap=4)
    card.setAccessibleName(f"Not recognised: {name.name}")
    head: list[Item] = [Pill("Not recognised", "due"), STRETCH]
    if review is not None and name.is_open:
        button = Button("Review by hand", dense=True)
        button.setAccessibleName(f"Review by hand: {name.name}")
        button.clicked.connect(lambda: review(name))
        head.append(button)
    card.add(across(*head))
    card.add(Text(f"{name.name} ({name.kind})", 14, 600, wraps=True))
    words = f"Did somebody mean {name.suggestion}?" if name.suggestion else "Nothing in the reference resembles it."
    card.add(Text(f"It was not screened. {words}", 13, wraps=True))
    for alert in name.if_confirmed:
        card.add(Text(f"If so: {alert.level}, {alert.subject}. {alert.text}", 13, ink="ink2", wraps=True))
    if name.answer is not None:
        card.add(Text(answered_words(name.answer), 13, 600, "done", wraps=True))
    return card
