"""What a command says: lines for people, or one JSON object for programs."""

import json
import sys
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """Collects facts in order; `done` prints them."""

    is_json: bool
    facts: dict[str, Any] = field(default_factory=dict)

    def line(self, words: str, **facts: Any) -> None:
        """One thing done: words for a person now, facts for the JSON later."""
        for name, value in facts.items():
            self.facts[name] = value
        if not self.is_json:
            sys.stdout.write(words + "\n")

    def refused(self, sentence: str) -> None:
        if self.is_json:
            sys.stdout.write(json.dumps({**self.facts, "refused": sentence}, ensure_ascii=False) + "\n")
        else:
            sys.stderr.write(sentence + "\n")

    def done(self, status: int = 0) -> int:
        if self.is_json:
            sys.stdout.write(json.dumps(self.facts, ensure_ascii=False, default=str) + "\n")
        return status
