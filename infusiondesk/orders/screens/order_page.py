"""The page of orders: list and detail; while an order is typed its form takes the list's place, what follows from it beside it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.actions import ActionColumn
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, clear, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.orders.screens.order_form import Told

BESIDE = 360


class SoFar(Card):
    """The order as it reads so far: what must not be passed over on top, then what was not judged, then what follows."""

    def __init__(self) -> None:
        super().__init__("The order so far", kind="sunken", padding=12)
        self.amiss, self.derived = Text("", 13, 600, "danger", wraps=True), Text("", 13, 400, "ink2", wraps=True)
        self.amiss.setObjectName("amiss")
        self.derived.setObjectName("derived")
        self.unjudged = Text("", 13, 400, "due", wraps=True)
        self.unjudged.setObjectName("unjudged")
        self.not_judged = holding(down(Text("Not judged", 12, 600, "ink2"), self.unjudged, gap=2))
        self.add(Scroll(holding(down(self.amiss, self.not_judged, self.derived, STRETCH, gap=8))), 1)

    def say(self, told: Told) -> None:
        """What is said of the order as it is typed now."""
        self.amiss.say("\n".join(told.amiss), "danger")
        self.amiss.setVisible(bool(told.amiss))
        self.unjudged.say("\n".join(told.unjudged), "due")
        self.not_judged.setVisible(bool(told.unjudged))
        self.derived.say("\n".join(told.derived))


class OrderPage(ListDetail):
    """List and detail, or one form with what follows from it."""

    _is_whole = False

    def show_form(self, editor: Editor, so_far: SoFar) -> None:
        """The form of an order in the list's place; its buttons stand under what follows from it, and never scroll away."""
        self.show_detail(None)
        self._is_whole, self._has_detail = True, True
        self.list_card.setVisible(False)
        form = Scroll(holding(across((editor, 1), margins=(20, 16, 20, 12))))
        beside = holding(down((so_far, 1), ActionColumn(editor.save, editor.cancel), gap=12, margins=(0, 16, 16, 16)))
        beside.setFixedWidth(BESIDE)
        self._detail.addWidget(holding(across((form, 1), beside)), 1)
        self.detail_card.setVisible(True)
        self._arrange()

    def show_detail(self, content: QWidget | None, *buttons: Button) -> None:
        self._is_whole = False
        clear(self._detail)
        self.list_card.setVisible(True)
        super().show_detail(content, *buttons)
        self._arrange()

    def _arrange(self) -> None:
        QApplication.sendEvent(self, QResizeEvent(self.size(), QSize()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_whole:
            return
        if self._is_drawer:
            self._is_drawer = False
            self._body.addWidget(self.detail_card)
        self.detail_card.setVisible(True)
        self.detail_card.setFixedWidth(self.width() - 40)
