"""The demonstration's pumps: one model, four pumps, who has which, and a recall that was settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from infusiondesk.app.demo.pharmacy import DemoPharmacy, Diary
from infusiondesk.equipment.rules import (
    WORKS,
    CheckDraft,
    CleaningDraft,
    GiveDraft,
    ModelDraft,
    Outcome,
    Ownership,
    PumpDraft,
    RecallDraft,
    SettleDraft,
)
from infusiondesk.equipment.service import (
    add_model,
    check_pump,
    clean_pump,
    close_recall,
    enter_pump,
    give_pump,
    open_recall,
    settle_pump,
)
from infusiondesk.orders.queries import order_version
from infusiondesk.orders.rules import Method

if TYPE_CHECKING:
    from infusiondesk.app.demo.telling import Patient

_MAKER, _MODEL = "ZZTEST Pumps", "Demo 1"
_SERVES = ("anti_infective", "hydration", "pain", "inotrope", "tpn")
_OWNED, _RENTED, _NEVER_MAINTAINED, _RECALLED = "ZZP1001", "ZZP1002", "ZZP1003", "ZZP2001"
# Whose pump it is first: an inotrope's is the one that wants a back-up, and none is left for it.
_WHO_FIRST = ("milrinone", "morphine", "acyclovir")


@dataclass
class Pumps:
    """The pumps by serial."""

    pharmacy: DemoPharmacy
    last: date
    ids: dict[str, UUID] = field(default_factory=dict)

    def write(self, diary: Diary, first: date, patients: Sequence["Patient"]) -> None:
        """They are entered, cleaned and checked on the first day, go out with a therapy; one is recalled."""
        diary.write(first, time(8, 40), partial(self._enter, first))
        wanted = [
            (patient, therapy)
            for name in _WHO_FIRST
            for patient in patients
            for therapy in patient.story.therapies
            if therapy.ingredient == name and therapy.method is Method.ELECTRIC_PUMP
        ]
        for serial, (patient, therapy) in zip((_OWNED, _RENTED), wanted, strict=False):
            diary.write(patient.day(therapy.first), time(17, 5), partial(self._give, serial, patient, therapy.ingredient))
        diary.write(self.last - timedelta(days=15), time(9, 20), self._recall)

    def _enter(self, first: date) -> None:
        do = self.pharmacy.do
        source = "demonstration policy, no manual: invented for the demonstration"
        draft = ModelDraft(_MAKER, _MODEL, 1, _SERVES, 12, None, Decimal(5), source)
        model_id = do(add_model, "rowan", draft=draft)
        maintained = first - timedelta(days=60)
        for draft_of_one in (
            PumpDraft(_OWNED, model_id, firmware="1.4", maintained_on=maintained),
            PumpDraft(_RENTED, model_id, Ownership.RENTED.value, "ZZTEST Rentals", Decimal("12.50"), "1.4", maintained),
            PumpDraft(_NEVER_MAINTAINED, model_id, firmware="1.4"),
            PumpDraft(_RECALLED, model_id, firmware="1.2", maintained_on=maintained),
        ):
            pump_id = self.ids[draft_of_one.serial] = do(enter_pump, "birch", draft=draft_of_one)
            do(clean_pump, "birch", pump_id=pump_id, draft=CleaningDraft("ZZTEST disinfectant wipe", Decimal(2), Decimal(3)))
            do(check_pump, "birch", pump_id=pump_id, draft=CheckDraft(WORKS, WORKS, WORKS, WORKS, Decimal("1.2")))

    def _give(self, serial: str, patient: "Patient", ingredient: str) -> None:
        order = self.pharmacy.ask(order_version, version_id=patient.versions[ingredient])
        self.pharmacy.do(give_pump, "birch", pump_id=self.ids[serial], draft=GiveDraft(order.order_id))

    def _recall(self) -> None:
        do = self.pharmacy.do
        draft = RecallDraft("ZZTEST 26-07", _MAKER, _MODEL, _RECALLED, _RECALLED, "the alarm may be silent with firmware 1.2")
        recall_id = do(open_recall, "rowan", draft=draft)
        settled = SettleDraft(Outcome.RETURNED.value, "sent back to the maker, RMA 26-0012")
        do(settle_pump, "birch", recall_id=recall_id, pump_id=self.ids[_RECALLED], draft=settled)
        do(close_recall, "rowan", recall_id=recall_id)
