"""Chart, Screening: what the newest screen over the open patient's profile found, and what was answered."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.people import Area
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.frame.list_detail import TitleRow
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, add, clear, down, holding
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.interactions.queries import ScreeningRow, last_screening
from infusiondesk.orders.queries import OrderRow, orders_of
from infusiondesk.orders.rules import State
from infusiondesk.orders.screens.findings import finding_items

_WAITS = (State.ENTERED, State.VERIFIED, State.HELD)


class ScreeningScreen(Screen):
    """The last screening of the open patient, to be read; it is answered where the order is verified."""

    stale_on = frozenset({Area.INTERACTIONS, Area.ORDERS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._card = Card(padding=0)
        self._card.body.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(12)
        column.addWidget(TitleRow("Screening", "interactions, allergies, line; the newest run"))
        column.addWidget(self._card, 1)

    def reload(self) -> None:
        if self.patient_id is not None:
            self.desk.ask(self, orders_of, self._take_orders, patient_id=self.patient_id)

    def _take_orders(self, rows: Sequence[OrderRow]) -> None:
        self.desk.ask(self, last_screening, partial(self._show, rows), patient_id=self.patient_id)

    def _show(self, rows: Sequence[OrderRow], found: ScreeningRow | None) -> None:
        clear(self._card.body)
        if found is None:
            sentence = "The profile is screened when an order is to be verified."
            self._card.add(EmptyState("shield-check", "Never screened", sentence))
            return
        items = [Text(found.subject, 20, 600, wraps=True), *finding_items(found, left_out=_left_out(rows, found)), STRETCH]
        add(self._card.body, (Scroll(holding(down(*items, gap=10, margins=(16, 14, 16, 12)))), 1))


def _left_out(rows: Sequence[OrderRow], found: ScreeningRow) -> list[str]:
    """Versions that wait to be verified and that this run was not made for."""
    return [
        f"{row.sig}, Rx {row.rx_number} version {row.number}, waits to be verified and is not in this screening."
        for row in rows
        if row.is_current and not row.is_verified and row.state in _WAITS and row.id != found.order_version_id
    ]
