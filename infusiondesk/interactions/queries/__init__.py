"""What screens, papers and journeys may read of screenings and of the knowledge behind them."""

from infusiondesk.interactions.queries.screenings import (
    AlertRow,
    AnswerRow,
    ScreeningRow,
    UncheckedRow,
    last_screening,
    screening,
    screening_at_verification,
    screening_of,
)

__all__ = [
    "AlertRow",
    "AnswerRow",
    "ScreeningRow",
    "UncheckedRow",
    "last_screening",
    "screening",
    "screening_at_verification",
    "screening_of",
]
