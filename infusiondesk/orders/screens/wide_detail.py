"""A queue at the left and a wide detail beside it: for what is read at length before it is signed."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail

QUEUE, LEAST_DETAIL = 400, 440


class WideDetail(ListDetail):
    """The queue keeps its width, the detail takes the rest; where that is too little, the detail lies over the queue."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        QWidget.resizeEvent(self, event)
        room = self.width() - 40 - 16
        is_drawer = room - QUEUE < LEAST_DETAIL
        if is_drawer != self._is_drawer:
            self._is_drawer, self._is_open = is_drawer, False
            if is_drawer:
                self._body.removeWidget(self.detail_card)
            else:
                self._body.addWidget(self.detail_card)
            self.detail_card.setVisible(self._has_detail and not is_drawer)
        self.detail_card.setFixedWidth(min(room, 560) if is_drawer else room - QUEUE)
        self._place_drawer()
