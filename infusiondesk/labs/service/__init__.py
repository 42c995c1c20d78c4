"""What is done with laboratory results: taken in, matched by hand, judged again, reviewed."""

from infusiondesk.labs.service.deciding import judge_again, match_report, review_report
from infusiondesk.labs.service.taking import TakenIn, take_in

__all__ = ["TakenIn", "judge_again", "match_report", "review_report", "take_in"]
