"""What a screening found, as it is read before an order is signed: what was not checked first, then what interrupts, then the rest.

Three tiers: a STOP and a HOLD interrupt, each as a card with what can be done; WARN and INFO are folded behind their number.
"""

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
from infusiondesk.orders.queries import OrderRow
from infusiondesk.orders.screens.folding import Fold
from infusiondesk.tasks.queries import PromiseRow
from infusiondesk.tasks.rules import Standing

TONES: Final[dict[Level, Tone]] = {Level.STOP: "danger", Level.HOLD: "due", Level.WARN: "plain", Level.INFO: "neutral"}
PROMISE_TONES: Final[dict[Standing, Tone]] = {
    Standing.OPEN: "due", Standing.KEPT: "done", Standing.BROKEN: "danger", Standing.NOT_NEEDED: "neutral",
}  # fmt: skip
_INTERRUPTING: Final = (("Stops the order", Level.STOP), ("To answer before it is signed", Level.HOLD))
_QUIET: Final = (Level.WARN, Level.INFO)
ToAnswer = Callable[[AlertRow], None]
ToReview = Callable[[UncheckedRow], None]


def finding_items(
    found: ScreeningRow,
    answer: ToAnswer | None = None,
    review: ToReview | None = None,
    left_out: Sequence[str] = (),
    *,
    is_unfolded: bool = False,
    unfolded: Callable[[bool], None] = lambda _: None,
) -> list[Item]:
    """The whole screening as cards; without `answer` and `review` it is only read. `left_out` says what it does not speak of."""
    is_complete = found.is_complete and not left_out
    items: list[Item] = [Text(found.headline, 16, 600, "ink" if is_complete else "due", wraps=True)]
    items += _not_checked(found, review, left_out)
    for title, level in _INTERRUPTING:
        alerts = found.at(level)
        if alerts:
            items.append(SectionTitle(title, f"{len(alerts)}", px=14))
        items += [_alert_card(alert, answer) for alert in alerts]
    quiet = [alert for level in _QUIET for alert in found.at(level)]
    if not found.alerts:
        words = "No interaction, allergy or line alert." if is_complete else "No alert in what could be checked."
        items.append(Text(words, 13, 600, "done" if is_complete else "due", wraps=True))
    elif len(quiet) == len(found.alerts):
        words = "Nothing interrupts." if is_complete else "Nothing in what could be checked interrupts."
        items.append(Text(words, 13, 600, "done" if is_complete else "due", wraps=True))
    if quiet:
        cards = [_alert_card(alert, answer) for alert in quiet]
        items.append(Fold(f"{len(quiet)} more, not interrupting", cards, is_open=is_unfolded, told=unfolded))
    made = f"Screening {found.number} of this patient, {moment(found.made_at)}, {found.made_by}; reference {found.knowledge}"
    items.append(Text(made, 12, ink="ink2", wraps=True))
    return items


def rule_words(alert: AlertRow) -> str:
    """Which rules speak and from which source."""
    return f"By {', '.join(alert.rules)}; source: {', '.join(alert.sources) or 'none named'}"


def signed_words(alert: AlertRow) -> str:
    """Who signed the rows behind an alert; nobody is said as loudly as a name."""
    signers: dict[str, list[str]] = {}
    for one in alert.used:
        signers.setdefault(one.signed_by or "nobody", []).append(one.rule)
    if not signers and alert.unsigned_rules:
        signers["nobody"] = list(alert.unsigned_rules)
    if not signers:
        return "A rule of the program; there is no row to sign."
    told = [f"{who} ({', '.join(dict.fromkeys(rules))})" for who, rules in signers.items()]
    return f"Row signed by {'; '.join(told)}."


def answered_words(answer: AnswerRow) -> str:
    """Who answered what, when."""
    return f"{answer.words()} ({answer.by}, {moment(answer.at)})"


def promise_item(promise: PromiseRow) -> Item:
    """A promise in one line, with the shape of where it stands."""
    words = f"{promise.text[:1].upper()}{promise.text[1:]}; {promise.owner.value} looks after it"
    return across(Pill(promise.standing.value.capitalize(), PROMISE_TONES[promise.standing]), (Text(words, 13, wraps=True), 1))


def earlier_promises(promised: Sequence[PromiseRow], row: OrderRow) -> list[Item]:
    """What was promised with the versions before this one; its own promises stand on their alerts."""
    before = row.replaces
    versions = set()
    while before is not None:
        versions.add(before.id)
        before = before.replaces
    return promise_items([one for one in promised if one.order_version_id in versions])


def promise_items(promised: Sequence[PromiseRow]) -> list[Item]:
    """Promises under their heading; nothing where nothing was promised."""
    return [SectionTitle("Promised", f"{len(promised)}", px=14), *map(promise_item, promised)] if promised else []


def _not_checked(found: ScreeningRow, review: ToReview | None, left_out: Sequence[str]) -> list[Item]:
    items: list[Item] = [_unchecked_card(name, review) for name in found.unchecked]
    if gaps_here := (*left_out, *found.gaps):
        gaps = Card("Not checked", kind="plain", padding=12, gap=4, title_px=14)
        for gap in gaps_here:
            gaps.add(Text(gap, 13, ink="due", wraps=True))
        items.append(gaps)
    return items


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
    for item in said_items(alert):
        card.add(item)
    if alert.answer is not None:
        card.add(Text(answered_words(alert.answer), 13, 600, "done", wraps=True))
        if alert.answer.promise is not None:
            card.add(promise_item(alert.answer.promise))
    elif alert.level is Level.STOP:
        card.add(Text("A STOP takes no answer: correct the chart, or take a new order.", 13, 600, "danger", wraps=True))
    return card


def said_items(alert: AlertRow) -> list[Item]:
    """Both sides as the patient has them, why they must not meet, what to do, the source, who signed the row."""
    mechanism, _, advice = alert.text.partition(": ")
    items: list[Item] = []
    if any(alert.charted):
        items.append(Text(f"In the chart: {'; '.join(dict.fromkeys(filter(None, alert.charted)))}", 13, ink="ink2", wraps=True))
    items.append(Text(f"Why: {mechanism}", 13, wraps=True))
    if advice:
        items.append(Text(f"What to do: {advice}", 13, 600, wraps=True))
    items.append(Text(f"{rule_words(alert)}. {signed_words(alert)}", 12, ink="ink2", wraps=True))
    return items


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
