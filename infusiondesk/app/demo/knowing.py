"""What the demonstration knows: a made-up NDC directory, and a rule that was corrected after orders had relied on it."""

from dataclasses import replace
from hashlib import sha256

from infusiondesk.app.demo.pharmacy import DemoPharmacy
from infusiondesk.catalog.rules import FileFacts, FileKind, PackageEntry
from infusiondesk.catalog.service import take_file
from infusiondesk.interactions.rules.rows import RowKind
from infusiondesk.interactions.service import correct_rule, rule_history, rules_found

_LABELER = "ZZTEST Demonstration Labs"


def take_directory(pharmacy: DemoPharmacy) -> None:
    """A directory of made-up packages, so that an NDC can be looked up before a real one is taken in."""
    made = (
        ("vancomycin", "VANCOMYCIN HYDROCHLORIDE", "1 g/1", "10 VIAL, SINGLE-DOSE in 1 CARTON"),
        ("ceftriaxone", "CEFTRIAXONE SODIUM", "2 g/1", "10 VIAL, SINGLE-DOSE in 1 CARTON"),
        ("micafungin", "MICAFUNGIN SODIUM", "100 mg/1", "1 VIAL, SINGLE-DOSE in 1 CARTON"),
        ("morphine sulfate", "MORPHINE SULFATE", "10 mg/mL", "25 VIAL, SINGLE-DOSE in 1 CARTON"),
    )
    rows = [
        PackageEntry(
            f"99999{number:04}01", f"99999-{number:04}-1", f"ZZTEST {name}", name, "INJECTION", "INTRAVENOUS", _LABELER, substance,
            strength, package,
        )
        for number, (name, substance, strength, package) in enumerate(made, 1)
    ]  # fmt: skip
    digest = sha256("\n".join(map(repr, rows)).encode()).hexdigest()
    facts = FileFacts("zztest-directory.txt", FileKind.DIRECTORY, digest, len(rows))
    pharmacy.do(take_file, "hazel", file=facts, first=0, rows=rows)


def correct_a_rule(pharmacy: DemoPharmacy) -> None:
    """The words of the rule that spoke most are changed; what relied on the old ones waits to be closed."""
    spoke = [row for row in pharmacy.ask(rules_found, scope="speaking").rows if row.kind is RowKind.PAIR]
    for row in spoke[:1]:
        draft = pharmacy.ask(rule_history, row_key=row.id).draft
        changed = replace(draft, advice=f"{draft.advice}; compared with the label again")
        pharmacy.do(correct_rule, "hazel", row_key=row.id, draft=changed)
