"""The demonstration's kits: two rows are edited and signed, deliveries carry what they ask for, and something is brought back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from infusiondesk.app.demo.pharmacy import DemoPharmacy, Diary
from infusiondesk.dispensing.exchange import shipped_kits
from infusiondesk.dispensing.queries import kits, seal_of, supplies_needed, tickets_of
from infusiondesk.dispensing.rules import BroughtBackDraft, HomeCountDraft, KitLineDraft
from infusiondesk.dispensing.service import bring_back, edit_kit_line, record_home_count, sign_kit_lines
from infusiondesk.inventory.queries import find_items

if TYPE_CHECKING:
    from infusiondesk.app.demo.telling import Patient

# The supply of the shipped row, the word of the order that asks for it, and the words that find the item that is sent.
_ROWS: Final = (("saline flush syringes", "SAS", "flush syringe"), ("dressing kit", "line care", "transparent dressing"))
_BACK: Final = Decimal(2)


@dataclass(frozen=True)
class Kits:
    """What goes along from the last week on."""

    pharmacy: DemoPharmacy
    last: date

    def write(self, diary: Diary, patients: Sequence["Patient"]) -> None:
        """Signed six days before the last one; counted by telephone on the evening before it, brought back that morning."""
        diary.write(self.last - timedelta(days=6), time(8, 20), self._sign)
        diary.write(self.last, time(6, 5), partial(self._bring_back, patients))
        diary.write(self.last, time(6, 10), partial(self._count, patients))

    def _sign(self) -> None:
        do, seen = self.pharmacy.do, {}
        for supply, word, words in _ROWS:
            (item,) = self.pharmacy.ask(find_items, words=words)
            line = next(one for one in shipped_kits() if (one.item, one.applies_to) == (supply, word))
            draft = replace(KitLineDraft.of(line), item_id=item.id, source="demonstration policy, compared with nothing")
            do(edit_kit_line, "rowan", line_id=line.id, draft=draft)
            seen[line.id] = ""
        seen |= {line.id: seal_of(line) for line in self.pharmacy.ask(kits, shipped=shipped_kits()) if line.id in seen}
        do(sign_kit_lines, "rowan", seen=seen)

    def _bring_back(self, patients: Sequence["Patient"]) -> None:
        """The first patient whose delivery carried supplies brings a bag and two of them back; they wait to be destroyed."""
        for patient in patients:
            for ticket in self.pharmacy.ask(tickets_of, patient_id=patient.id):
                bags = [line for line in ticket.may_come_back if line.bag is not None]
                units = [line for line in ticket.may_come_back if line.bag is None and line.quantity >= _BACK]
                if bags and units:
                    draft = BroughtBackDraft(
                        "the patient's sister", self._today(), "bag leaks; syringes of a size that does not fit the connector",
                        (str(bags[-1].id),), {str(units[0].id): _BACK},
                    )  # fmt: skip
                    self.pharmacy.do(bring_back, "birch", ticket_id=ticket.id, draft=draft)
                    return

    def _count(self, patients: Sequence["Patient"]) -> None:
        """The same patient counts by telephone what is left."""
        for patient in patients:
            through, shipped = self.last + timedelta(days=7), shipped_kits()
            for row in self.pharmacy.ask(supplies_needed, patient_id=patient.id, through=through, shipped=shipped):
                if row.item_id is not None and row.at_home:
                    draft = HomeCountDraft(max(row.at_home - 1, Decimal(0)), "the patient's sister", "call", self.pharmacy.clock.at)
                    self.pharmacy.do(
                        record_home_count, "birch", patient_id=patient.id, item=row.item, item_id=row.item_id, draft=draft
                    )
                    return

    def _today(self) -> date:
        now: datetime = self.pharmacy.clock.at
        return now.astimezone(self.pharmacy.clock.zone).date()
