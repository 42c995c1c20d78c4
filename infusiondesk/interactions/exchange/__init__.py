"""Screen questions somebody wrote as JSON, and the reviewed tables as CSV, turned into values for the rules."""

from infusiondesk.interactions.exchange.ask import answer
from infusiondesk.interactions.exchange.reference import read_tables, reference_knowledge

__all__ = ["answer", "read_tables", "reference_knowledge"]
