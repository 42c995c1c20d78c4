"""The demonstration's shelf: supplies at every kind of location, counts, a suspect product, a lot that was recalled."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from infusiondesk.app.demo.pharmacy import DemoPharmacy, Diary
from infusiondesk.inventory.queries import count_sheet_of, locations, lots
from infusiondesk.inventory.rules import ArrivalDraft, ItemDraft, LocationKind, ReceiptDraft, SuspicionDraft
from infusiondesk.inventory.rules.counts import CountSheetDraft
from infusiondesk.inventory.rules.recalls import ReachDraft, RecallDraft, RecallEndDraft
from infusiondesk.inventory.service import (
    begin_count,
    begin_receipt,
    end_investigation,
    enter_count,
    open_recall,
    receive_lot,
    return_to_vendor,
    stock_item,
    suspect_lot,
)
from infusiondesk.workflows.recall_stock import close_recall, recall_reach, settle_line

_ROOM, _COLD, _FROZEN = LocationKind.ROOM, LocationKind.REFRIGERATOR, LocationKind.FREEZER
# Name, unit, where it is kept, ordered below how many, up to how many, how many came, days after the last one on which it expires.
_SUPPLIES = (
    ("0.9% sodium chloride flush syringe 10 mL", "syringe", _ROOM, 100, 300, 80, 400),
    ("extension set with needleless connector", "set", _ROOM, 40, 120, 36, 700),
    ("transparent dressing 10 cm x 12 cm", "dressing", _ROOM, 30, 90, 90, 21),
    ("gel pack, refrigerated", "pack", _COLD, 20, 60, 24, 900),
    ("gel pack, frozen", "pack", _FROZEN, 20, 60, 16, 900),
)
_RECALLED, _SUSPECT = "vancomycin 500 mg vial", "cefTRIAXone 2 g vial"


@dataclass(frozen=True)
class Shelf:
    """What lies in the pharmacy besides what the clean room takes."""

    pharmacy: DemoPharmacy
    items: dict[str, UUID]
    last: date

    def write(self, diary: Diary, first: date) -> None:
        """What happens to it in the three months."""
        diary.write(first, time(8, 20), self._receive_supplies)
        diary.write(self._day(20), time(7, 40), self._doubt)
        diary.write(self._day(19), time(10, 15), self._clear)
        diary.write(self._day(12), time(10), self._recall)
        diary.write(self._day(6), time(16, 10), partial(self._count, _COLD, settles=True))
        diary.write(self.last, time(6, 40), partial(self._count, _FROZEN, settles=False))

    def _day(self, before_last: int) -> date:
        return self.last - timedelta(days=before_last)

    def _receive_supplies(self) -> None:
        do = self.pharmacy.do
        document = ReceiptDraft("ZZTEST Medical Supply", "PS-1001", has_transaction=False, without_because="supplies only")
        receipt_id = do(begin_receipt, "birch", draft=document)
        for number, (name, unit, kept_in, point, up_to, came, lasts) in enumerate(_SUPPLIES, 1):
            draft = ItemDraft(
                None,
                name,
                unit=unit,
                kind="supply",
                kept_in=kept_in.value,
                reorder_point=Decimal(point),
                order_up_to=Decimal(up_to),
            )
            item_id = do(stock_item, "birch", draft=draft)
            arrival = ArrivalDraft(item_id, f"ZZP{number:03}", (self.last + timedelta(days=lasts)).isoformat(), Decimal(came))
            do(receive_lot, "birch", receipt_id=receipt_id, draft=arrival)

    def _doubt(self) -> None:
        """A carton whose label looks wrong is set aside as it comes."""
        do = self.pharmacy.do
        document = ReceiptDraft("ZZTEST Wholesale", "INV-17", has_transaction=True)
        receipt_id = do(begin_receipt, "birch", draft=document)
        expires = (self.last + timedelta(days=300)).isoformat()
        draft = ArrivalDraft(self.items[_SUSPECT], "ZZS001", expires, Decimal(10))
        lot_id = do(receive_lot, "birch", receipt_id=receipt_id, draft=draft)
        do(suspect_lot, "birch", lot_id=lot_id)

    def _clear(self) -> None:
        finding = "Lot and serial numbers compared with the wholesaler's transaction data; the maker confirms the new label."
        self.pharmacy.do(end_investigation, "hazel", lot_id=self._lot("ZZS001"), draft=SuspicionDraft("cleared", finding))

    def _recall(self) -> None:
        """The lot that was used until a month ago is recalled: who has it is told, what is left goes back, the recall is closed."""
        do, ask = self.pharmacy.do, self.pharmacy.ask
        number = f"ZZ2{sorted(self.items).index(_RECALLED) + 1:03}"
        draft = RecallDraft(
            item_id=self.items[_RECALLED],
            lot_numbers=number,
            notice="ZZTEST notice 26-118",
            because="particles seen in single vials",
        )
        recall_id = do(open_recall, "hazel", draft=draft)
        for line in ask(recall_reach, recall_id=recall_id):
            told = ReachDraft(line.id, "Patient and prescriber called: every bag of it was used weeks ago, no harm seen.")
            do(settle_line, "rowan", recall_id=recall_id, draft=told)
        do(return_to_vendor, "hazel", lot_id=self._lot(number))
        closing = "Everybody reached, what was left went back to ZZTEST Wholesale, the maker was told."
        do(close_recall, "hazel", recall_id=recall_id, draft=RecallEndDraft(closing))

    def _count(self, kind: LocationKind, *, settles: bool) -> None:
        """A location is counted blind and one is missing; a second person counts again, or that still waits."""
        do, ask = self.pharmacy.do, self.pharmacy.ask
        location = next(row for row in ask(locations) if row.kind is kind)
        sheet_id = do(begin_count, "birch", draft=CountSheetDraft(location.id))
        held = {lot.id: sum(place.on_hand for place in lot.places if place.location_id == location.id) for lot in ask(lots)}
        for number, line in enumerate(ask(count_sheet_of, sheet_id=sheet_id).lines):
            found = Decimal(held[line.lot_id]) - (number == 0)
            do(enter_count, "birch", line_id=line.id, found=found)
            if number == 0 and settles:
                self.pharmacy.clock.advance(minutes=12)
                do(enter_count, "hazel", line_id=line.id, found=found)

    def _lot(self, number: str) -> UUID:
        return next(row.id for row in self.pharmacy.ask(lots) if row.lot_number == number)
