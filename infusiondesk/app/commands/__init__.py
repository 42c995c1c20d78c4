"""The command line: one parser, one way to open a store, exit status 0 done, 1 refused, 2 wrong use."""

import sys
from collections.abc import Sequence

from infusiondesk.app.commands.parser import build
from infusiondesk.app.commands.report import Report
from infusiondesk.foundation.kernel.outcomes import Refused, Unavailable


def run(arguments: Sequence[str]) -> int:
    """Run one command. A refusal is one sentence on standard error (or in the JSON), never a traceback."""
    options = build().parse_args(list(arguments) or ["open"])
    report = Report(is_json=getattr(options, "json", False))
    try:
        return int(options.run(options, report))
    except (Refused, Unavailable) as refusal:
        report.refused(refusal.sentence)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was committed is kept; nothing is half done.\n")
        return 1
