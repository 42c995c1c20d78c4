"""A logger's file before it is taken: what it says, what is wrong with it, and the choices that change how it is read."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.foundation.qtkit.parts.arrange import down, holding
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.inventory.exchange import shipped_temperatures
from infusiondesk.inventory.queries.logger import LoggerPreview, preview_logger
from infusiondesk.inventory.queries.temperatures import TemperatureRow
from infusiondesk.inventory.rules.logger import DAY_FIRST, MONTH_FIRST, PHARMACY, UTC_ZONE, WINTER, LoggerDraft
from infusiondesk.inventory.service.logger import take_logger_file

KINDS = "Logger files (*.csv *.txt *.tsv);;All files (*)"


class LoggerEditor(Editor):
    """The file is read anew whenever a choice changes; it can be taken only while nothing is wrong."""

    def __init__(self, desk: Desk, place: TemperatureRow, name: str, content: bytes) -> None:
        fields: list[Field | str] = []
        if len(place.monitors) > 1:
            choices = [(one.id, one.serial) for one in place.monitors]
            fields.append(ChoiceField("monitor_id", "Monitor", choices=choices, spread=False))
        own = getattr(desk.store.clock.zone, "key", "the pharmacy's zone")
        zones = [(PHARMACY, own), (WINTER, f"{own}, winter time all year"), (UTC_ZONE, "UTC")]
        fields += [
            ChoiceField("zone", "The logger's clock runs in", required=True, choices=zones, spread=False),
            ChoiceField("order", "Dates", choices=[("", "as the file shows"), DAY_FIRST, MONTH_FIRST], spread=False),
            ChoiceField(
                "scale", "Scale, where the file does not say", choices=[("", "as the file shows"), ("C", "°C"), ("F", "°F")]
            ),
        ]
        super().__init__(
            desk,
            "logger",
            f"{place.location}: {name}",
            fields,
            LoggerDraft(name, content),
            take_logger_file,
            given=lambda draft: {"location_id": place.id, "draft": draft},
            said=f"{name} is taken.",
            save="Take the file",
            explanation="Nothing is kept until it is taken. It is taken whole or not at all.",
        )
        self._place = place
        self._shown: QWidget | None = None
        self._read: tuple[object, ...] = ()
        self.save.forbid("The file is being read.")
        self.form.changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        draft: LoggerDraft = self.form.draft
        choices = (draft.monitor_id, draft.zone, draft.order, draft.scale)
        if choices == self._read:
            return
        self._read = choices
        self.save.forbid("The file is being read.")
        given = LoggerDraft(
            draft.name, draft.content, draft.monitor_id, draft.zone or PHARMACY, draft.order or "", draft.scale or ""
        )
        self.desk.ask(self, preview_logger, self._show, location_id=self._place.id, draft=given, shipped=shipped_temperatures())

    def _show(self, found: LoggerPreview) -> None:
        if self._shown is not None:
            self._shown.setParent(None)
            self._shown.deleteLater()
        if found.refusal:
            self.save.forbid(found.refusal)
            self._shown = Text(found.refusal, 13, 600, "danger", wraps=True)
        else:
            self.save.allow()
            facts = [Fact(label, words, "danger" if label == "Excursion" else None) for label, words in found.summary]
            facts += [Fact("Monitor", found.monitor, "due" if found.lapse else None)]
            told = " ".join(filter(None, (*found.said, found.lapse)))
            self._shown = holding(
                down(Text("What will be taken", 16, 600), FactList(facts), Text(told, 13, ink="ink2", wraps=True), gap=8)
            )
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.count() - 1, self._shown)


def choose_logger_file(parent: QWidget) -> Path | None:
    """Which file? Qt's own dialog: it looks the same everywhere and takes a typed name."""
    dialog = QFileDialog(parent, "Take a logger's file", "", KINDS)
    dialog.setObjectName("choose-logger-file")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None
