"""What comes to the laboratory slice in somebody's format: questions, the pharmacy's own tables, HL7 results."""

from infusiondesk.labs.exchange.ask import answer

__all__ = ["answer"]
