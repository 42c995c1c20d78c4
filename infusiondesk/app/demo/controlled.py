"""The demonstration's controlled drugs: own rules, the biennial inventory, waste before a witness, a count, a zero report."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from infusiondesk.app.demo.pharmacy import DemoPharmacy, Diary
from infusiondesk.inventory.queries import biennial_inventories, controlled_items, count_sheet_of, locations, lots
from infusiondesk.inventory.rules import LocationKind
from infusiondesk.inventory.rules.biennial import BiennialDraft, FoundDraft, TakenAt
from infusiondesk.inventory.rules.controlled import DisposalDraft
from infusiondesk.inventory.rules.counts import CountSheetDraft
from infusiondesk.inventory.rules.policy import PolicyDraft
from infusiondesk.inventory.service import (
    begin_biennial,
    begin_count,
    count_biennial,
    enter_count,
    lay_out,
    set_controlled_policy,
    sign_biennial,
    sign_counted,
    witness_disposal,
)
from infusiondesk.prescriptions.queries import monitored_orders, reports
from infusiondesk.prescriptions.rules import QueryDraft, ReportDraft
from infusiondesk.prescriptions.service import make_report, record_program_query, record_report_sent

_WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Controlled:
    """What is done about them beside receiving and making."""

    pharmacy: DemoPharmacy
    last: date

    def write(self, diary: Diary, first: date) -> None:
        """What happens to them in the three months."""
        diary.write(first, time(8, 30), self._set_rules)
        diary.write(first, time(8, 35), self._take_inventory)
        diary.write(first + _WEEK, time(17, 30), self._tell_nothing)
        diary.write(self._day(18), time(14, 10), self._waste)
        diary.write(self._day(9), time(16, 20), self._count)
        diary.write(self._day(4), time(9, 40), self._ask_again)

    def _day(self, before_last: int) -> date:
        return self.last - timedelta(days=before_last)

    def _set_rules(self) -> None:
        """The numbers are made up; their check digits hold."""
        draft = PolicyDraft(dea_number="BZ1234563", program="ZZTEST state programme", program_id="ZZ-0001")
        self.pharmacy.do(set_controlled_policy, "hazel", draft=draft)

    def _take_inventory(self) -> None:
        do = self.pharmacy.do
        inventory_id = do(begin_biennial, "rowan", draft=BiennialDraft(TakenAt.OPENING.value))
        held = {
            (place.lot_number, place.location): place.on_hand + place.in_quarantine
            for row in self.pharmacy.ask(controlled_items)
            for place in row.places
        }
        for line in self.pharmacy.ask(biennial_inventories)[0].lines:
            do(count_biennial, "birch", line_id=line.id, draft=FoundDraft(held[line.lot_number, line.location]))
        do(sign_counted, "birch", inventory_id=inventory_id)
        do(sign_biennial, "rowan", inventory_id=inventory_id)

    def _tell_nothing(self) -> None:
        """A week without a fill of a controlled drug is told too."""
        today = self.pharmacy.clock.at.astimezone(self.pharmacy.clock.zone).date()
        self.pharmacy.do(make_report, "rowan", draft=ReportDraft(today - _WEEK, today))
        self.pharmacy.do(record_report_sent, "rowan", report_id=self.pharmacy.ask(reports)[0].id)

    def _waste(self) -> None:
        for row in self.pharmacy.ask(controlled_items):
            if place := next((one for one in row.places if one.on_hand >= 1), None):
                draft = DisposalDraft(place.location_id, "wasted", Decimal(1), "vial broken on the counter, wiped up and discarded")
                disposal_id = self.pharmacy.do(lay_out, "birch", lot_id=place.lot_id, draft=draft)
                self.pharmacy.clock.advance(minutes=3)
                self.pharmacy.do(witness_disposal, "rowan", disposal_id=disposal_id)
                return

    def _count(self) -> None:
        """The vault is counted, and all of it is there."""
        do, ask = self.pharmacy.do, self.pharmacy.ask
        vault = next(row for row in ask(locations) if row.kind is LocationKind.VAULT)
        held = {lot.id: sum(place.on_hand for place in lot.places if place.location_id == vault.id) for lot in ask(lots)}
        if any(held.values()):
            sheet_id = do(begin_count, "birch", draft=CountSheetDraft(vault.id))
            for line in ask(count_sheet_of, sheet_id=sheet_id).lines:
                do(enter_count, "birch", line_id=line.id, found=Decimal(held[line.lot_id]))

    def _ask_again(self) -> None:
        """A fill has left since the programme was asked: it is asked before the next one."""
        for row in self.pharmacy.ask(monitored_orders):
            if row.due and row.order.is_verified:
                draft = QueryDraft(
                    is_noted=True, seen="oxycodone 5 mg by the oncologist, known; no other pharmacy", number="ZZ-7781"
                )
                self.pharmacy.do(record_program_query, "rowan", order_id=row.id, draft=draft)
