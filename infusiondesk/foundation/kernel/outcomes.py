"""What may come of a wish: done, refused, or asked back; each with one sentence a person can act on."""

from collections.abc import Sequence
from dataclasses import dataclass


class Refused(Exception):
    """A rule of the pharmacy says no. The message is the sentence that the person reads."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NeedsReason(Exception):
    """Allowed, but only with a reason; the Desk asks once and runs the same verb again with the answer."""

    def __init__(self, key: str, question: str, choices: Sequence[str] = (), *, least_characters: int = 3) -> None:
        super().__init__(question)
        self.key = key
        self.question = question
        self.choices = tuple(choices)
        self.least_characters = least_characters


class NeedsSignature(Exception):
    """Allowed, but only signed; the Desk asks the person to authenticate again and runs the same verb with the proof."""

    def __init__(self, key: str, subject: str, meaning: str) -> None:
        super().__init__(subject)
        self.key = key
        self.subject = subject
        self.meaning = meaning


class Unavailable(Exception):
    """The world is away (store locked, disk full, printer off). Nothing is lost; it can be tried again."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a draft from being saved, in a sentence, beside the field it belongs to."""

    field: str
    sentence: str
