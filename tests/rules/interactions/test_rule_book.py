"""The rule book is printed from the tables; a page that is not what the tables say fails here.

Print it anew with: python -m tests.rules.interactions.test_rule_book
"""

from itertools import pairwise
from pathlib import Path

from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.exchange.reference import shipped_rows
from infusiondesk.interactions.rules.rule_book import rule_book

PAGE = Path(__file__).parents[3] / "resources" / "manual" / "rule-book.md"


def printed() -> str:
    return rule_book(shipped_rows(), reference_knowledge().groups)


def test_the_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text("utf-8") == printed(), "stale: python -m tests.rules.interactions.test_rule_book"


def test_every_row_of_the_clinical_tables_stands_in_it() -> None:
    wanted = [f"P{number:02}" for number in range(1, 83)] + [f"Q{number:02}" for number in range(1, 10)]
    wanted += [f"ONC{number:02}" for number in (3, 4, 6, 8, 11, 16, 20, 21, 22, 23, 25, 27, 28, 30, 31)]
    wanted += [f"D{number:02}" for number in range(1, 18) if number != 12]  # D12 needs the volume of a day; the page says so
    rules = {row.rule for row in shipped_rows()}
    assert [rule for rule in wanted if rule not in rules] == []


def test_every_line_of_the_tables_is_a_line_of_the_page() -> None:
    page = printed().splitlines()
    heads = {line for line, under in pairwise(page) if under.startswith("|---")}
    lines = [line for line in page if line.startswith("| ") and line not in heads]
    assert len(lines) == len(shipped_rows()) + len(reference_knowledge().groups)


if __name__ == "__main__":
    PAGE.write_text(printed(), "utf-8")
