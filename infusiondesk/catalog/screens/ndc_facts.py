"""What the published files say of an NDC, beside a product and under the form in which one is entered."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from infusiondesk.catalog import queries
from infusiondesk.catalog.queries import BillingRow, NdcFound, PackageRow
from infusiondesk.catalog.rules import ndc_problem, ndc_text, ndcs_in
from infusiondesk.catalog.screens.wording import breakable
from infusiondesk.foundation.kernel.ismp import day, number
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.forms import Form
from infusiondesk.foundation.qtkit.parts.arrange import clear
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text

PAUSE_MS = 200


def listing_of(row: PackageRow) -> FactList:
    """One package as its labeler listed it."""
    return FactList(
        [
            Fact("Label name", row.label_name),
            Fact("Generic name", row.generic_name),
            Fact("Strength", row.strength or "not listed"),
            Fact("Form", ", ".join(filter(None, (row.form, row.route)))),
            Fact("Labeler", row.labeler),
            Fact("Package", row.package),
            Fact("NDC", f"{row.printed}, eleven digits {ndc_text(row.ndc)}"),
            Fact("Source", breakable(row.file)),
        ]
    )


def billing_of(rows: Sequence[BillingRow]) -> FactList:
    """The code and units of an NDC; a crosswalk that does not hold today is named as such."""
    facts = [Fact(row.code, f"{number(row.units)} units in one, {number(row.units_per_package)} in the package") for row in rows]
    first = rows[0]
    if first.first_day is not None and first.last_day is not None:
        days = f"{day(first.first_day)} to {day(first.last_day)}"
        facts.append(Fact("In force", days if first.is_in_force else f"{days}, not today", None if first.is_in_force else "due"))
    return FactList([*facts, Fact("Unit", first.dosage), Fact("Source", breakable(first.file))])


def parts_of(found: Sequence[NdcFound], typed: str) -> list[QWidget]:
    """What is known of what was typed: the listing, the code, or that no file knows it."""
    if not found:
        words = f"No file that was taken in knows NDC {typed}."
        return [SectionTitle("Published files", px=14), Text(words, 13, 400, "ink2", wraps=True)]
    parts: list[QWidget] = []
    for one in found:
        if one.package is not None:
            parts += [SectionTitle("In the FDA directory", px=14), listing_of(one.package)]
        if one.billing:
            parts += [SectionTitle("Billed as", ndc_text(one.ndc), px=14), billing_of(one.billing)]
        else:
            parts.append(Text(f"No crosswalk names a code for {ndc_text(one.ndc)}.", 12, 400, "ink3", wraps=True))
    return parts


class NdcFacts(QWidget):
    """Asks for an NDC and shows what is known of it; empty while there is none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_ndc(self, text: str) -> None:
        """Look it up."""
        self.desk.ask(self, queries.look_up_ndc, lambda found: self._say(found, text), text=text)

    def _say(self, found: Sequence[NdcFound], typed: str) -> None:
        clear(self._column)
        for part in parts_of(found, typed):
            self._column.addWidget(part)


def summary_of(found: Sequence[NdcFound], typed: str) -> list[str]:
    """The same in a few lines, for above a form."""
    if not found:
        return [f"No file that was taken in knows NDC {typed}."]
    said = []
    for one in found:
        if one.package is not None:
            row = one.package
            name = " ".join(filter(None, (row.label_name, row.strength)))
            said.append(f"{ndc_text(one.ndc)}: {name}; {row.labeler}; {row.package} ({breakable(row.file)}).")
        for line in one.billing:
            units = f"{number(line.units)} units in one, {number(line.units_per_package)} in the package"
            past = "" if line.is_in_force else ", not in force today"
            said.append(f"{ndc_text(one.ndc)}: billed as {line.code}, {units} ({breakable(line.file)}{past}).")
        if not one.billing:
            said.append(f"No crosswalk names a code for {ndc_text(one.ndc)}.")
    if len(found) > 1:
        said.append("These ten digits stand for more than one code. Type the hyphens as printed.")
    return said


class NdcAid(QWidget):
    """Above the form of a product: looks its NDC up while one types or scans, and fills in what is still empty."""

    def __init__(self, desk: Desk, form: Form) -> None:
        super().__init__()
        self.desk, self.form = desk, form
        self._found: Sequence[NdcFound] = ()
        self._asked = ""
        self.told = Text("", 13, 400, "ink2", wraps=True)
        self.fill = Button("Fill in what is known", icon="download-simple", key="Ctrl+D")
        self.fill.clicked.connect(self.fill_in)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.told)
        column.addWidget(self.fill)
        self.hide()
        form.changed.connect(self._pause.start)
        self._pause.start()

    def fill_in(self) -> None:
        """Put in what is known and not typed yet; what was typed stays."""
        if fillings := self._fillings():
            self.form.restore(fillings)
        self.fill.hide()

    def _look(self) -> None:
        text = self.form.snapshot().get("ndc", "").strip()
        if text == self._asked:
            return
        self._asked = text
        if ndcs_in(text):
            self.desk.ask(self, queries.look_up_ndc, lambda found: self._show(text, found), text=text)
        else:
            self.hide()

    def _show(self, text: str, found: Sequence[NdcFound]) -> None:
        if text != self._asked:
            return
        self._found = found
        self.told.say("\n".join(summary_of(found, text)))
        self.fill.setVisible(bool(self._fillings()))
        self.show()

    def _fillings(self) -> dict[str, str]:
        """Text by field; only where one code is meant."""
        if len(self._found) != 1:
            return {}
        (found,) = self._found
        typed = self.form.snapshot()
        offered = {"ndc": ndc_text(found.ndc)} if ndc_problem(typed.get("ndc", "")) else {}
        if found.package is not None:
            name = f"{found.package.label_name} {found.package.strength.removesuffix('/1')}".strip()
            offered |= {key: words for key, words in (("label", name), ("maker_text", found.package.labeler)) if not typed.get(key)}
        return offered
