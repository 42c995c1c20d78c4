"""Building the demonstration pharmacy: its first day, its patients' stories, three months lived in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID

from infusiondesk.app.demo import knowing, laboratory, road
from infusiondesk.app.demo.controlled import Controlled
from infusiondesk.app.demo.kits import Kits
from infusiondesk.app.demo.making import Bench
from infusiondesk.app.demo.opening import open_pharmacy
from infusiondesk.app.demo.pharmacy import DemoPharmacy, Diary
from infusiondesk.app.demo.pumping import Pumps
from infusiondesk.app.demo.shelf import Shelf
from infusiondesk.app.demo.stocking import enter_payers, fill_catalog, product_ids, receive, stock
from infusiondesk.app.demo.stories import PRESCRIBERS, STORIES
from infusiondesk.app.demo.telling import Around, Patient, tell
from infusiondesk.foundation.kernel.npi import npi_is_valid
from infusiondesk.patients.rules.drafts import PrescriberDraft
from infusiondesk.patients.rules.words import Standing
from infusiondesk.patients.service import check_prescriber, enter_prescriber

DAYS = 92
_DELIVERIES = (60, 30)  # days before the last one on which the wholesaler comes again


@dataclass(frozen=True)
class Built:
    """What was built."""

    patients: tuple[str, ...]
    signed_rows: int
    audit_lines: int
    first: date
    last: date


def build(location: Path, count: int, seed: int, last: date, watch: Callable[[int, int], None]) -> Built:
    """Make the store and live three months in it, up to the early morning of the last day."""
    first = last - timedelta(days=DAYS)
    pharmacy = open_pharmacy(location, seed, first, last)
    try:
        signed = fill_catalog(pharmacy)
        payers = enter_payers(pharmacy, first)
        products = product_ids(pharmacy)
        makings = [therapy.making for story in STORIES for therapy in story.therapies if therapy.making is not None]
        labels = {label for making in makings for label in (making.product, making.fluid, making.diluent) if label}
        items = stock(pharmacy, labels, products)
        quantity = 60 * (count + 2)
        bench = Bench(pharmacy, products, receive(pharmacy, items, 1, quantity, last))
        around = Around(last, payers, _prescribers(pharmacy, first), bench)
        patients = [Patient(pharmacy, around, STORIES[number % len(STORIES)], number, Random(seed * 1000 + number))
                    for number in range(count)]  # fmt: skip
        diary = Diary(pharmacy)
        for number, before in enumerate(_DELIVERIES, 2):
            diary.write(last - timedelta(days=before), time(7), partial(_restock, bench, items, number, quantity, last))
        Shelf(pharmacy, items, last).write(diary, first)
        Controlled(pharmacy, last).write(diary, first)
        Pumps(pharmacy, last).write(diary, first, patients)
        road.write_shipper(diary, bench, last)
        Kits(pharmacy, last).write(diary, patients)
        for patient in patients:
            tell(patient, diary)
        diary.write(last, time(6, 15), partial(_restock, bench, items, len(_DELIVERIES) + 2, quantity, last))
        diary.write(last, time(6, 30), partial(laboratory.unmatched, pharmacy, patients[0]))
        diary.write(first, time(9), partial(knowing.take_directory, pharmacy))
        diary.write(last - timedelta(days=1), time(19, 30), partial(knowing.correct_a_rule, pharmacy))
        diary.live(watch)
        lines = pharmacy.store.audit_head().seq
        return Built(tuple(patient.name for patient in patients), signed, lines, first, last)
    finally:
        pharmacy.store.close()


def _restock(bench: Bench, items: dict[str, UUID], number: int, quantity: int, last: date) -> None:
    bench.lots |= receive(bench.pharmacy, items, number, quantity, last)


def _prescribers(pharmacy: DemoPharmacy, on: date) -> tuple[UUID, ...]:
    """Made-up prescribers with numbers whose check digits fit, looked up on the first day."""
    found = []
    for number, name in enumerate(PRESCRIBERS):
        npi = next(f"12453{number:04}{digit}" for digit in range(10) if npi_is_valid(f"12453{number:04}{digit}"))
        draft = PrescriberDraft(name, npi, f"217-555-{190 + number:04}", f"217-555-{195 + number:04}", "", "AB1234563")
        prescriber_id = pharmacy.do(enter_prescriber, "maple", draft=draft)
        pharmacy.do(check_prescriber, "maple", prescriber_id=prescriber_id, standing=Standing.GOOD, checked_on=on)
        found.append(prescriber_id)
    return tuple(found)
