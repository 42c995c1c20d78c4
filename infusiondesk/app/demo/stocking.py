"""What the demonstration pharmacy has before its first patient: a signed catalog, payers with contracts, and a full shelf."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from infusiondesk.app.demo.pharmacy import DemoPharmacy
from infusiondesk.catalog import queries as catalog
from infusiondesk.catalog.rules import RowKind
from infusiondesk.catalog.service import load_reference, sign_rows
from infusiondesk.inventory.rules import ArrivalDraft, ItemDraft, ReceiptDraft
from infusiondesk.inventory.service import begin_receipt, receive_lot, stock_item
from infusiondesk.payers.rules.coverage import PayerDraft
from infusiondesk.payers.rules.profile import PayerKind
from infusiondesk.payers.service import Answer, add_payer, set_profile

BLUE, MEDICARE, MEDICAID = "ZZTEST Blue Plan PPO", "ZZTEST Medicare", "ZZTEST State Medicaid"
AT_A_TIME = 8  # rows under one signature: every use of a row checks the whole of what was signed with it
CONTRACT = "invented for the demonstration; no payer pays so"

# Dollars invented for the demonstration, so that summaries have totals.
RATES = {
    "S9500": "130.00", "S9501": "150.00", "S9502": "165.00", "S9503": "175.00", "S9504": "185.00", "S9494": "120.00",
    "S9326": "140.00", "S9330": "155.00", "S9338": "95.00", "S9346": "90.00", "S9348": "160.00", "S9355": "100.00",
    "S9357": "98.00", "S9359": "105.00", "S9345": "85.00", "S9365": "240.00", "S9366": "255.00", "S9367": "270.00",
    "S9368": "290.00", "S9373": "75.00", "S9374": "75.00", "S9375": "85.00", "S9376": "95.00", "S9377": "105.00",
    "S9490": "80.00", "S5498": "20.00", "S5501": "25.00", "S5502": "18.00", "99601": "165.00", "99602": "75.00",
    "J0696": "1.10", "J3373": "0.06", "J3374": "0.06", "J3370": "2.90", "J0133": "0.08",
}  # fmt: skip


def fill_catalog(pharmacy: DemoPharmacy) -> int:
    """Load the shipped tables and sign every row that can be signed; how many were. Only a DEMO store comes signed."""
    pharmacy.do(load_reference, "hazel")
    drugs = pharmacy.ask(catalog.drugs)
    signed = 0
    kinds: tuple[tuple[RowKind, list[catalog.Reviewable]], ...] = (
        (RowKind.DRUG, list(drugs)),
        (RowKind.PRODUCT, list(pharmacy.ask(catalog.products))),
        (RowKind.STABILITY, [row for drug in drugs for row in pharmacy.ask(catalog.stability_of, drug_id=drug.id)]),
    )
    for kind, rows in kinds:
        whole = [row for row in rows if row.missing is None]
        for start in range(0, len(whole), AT_A_TIME):
            signed += pharmacy.do(sign_rows, "hazel", kind=kind, seen=catalog.seen(whole[start : start + AT_A_TIME]))
    return signed


def enter_payers(pharmacy: DemoPharmacy, on: date) -> dict[str, UUID]:
    """Three payers, one of each kind, each with a contract from the first day on."""
    found = {}
    for name, kind in ((BLUE, PayerKind.COMMERCIAL), (MEDICARE, PayerKind.MEDICARE), (MEDICAID, PayerKind.MEDICAID_DAILY_FEE)):
        found[name] = pharmacy.do(add_payer, "sorrel", draft=PayerDraft(name, kind, "", "217-555-0180"))
    answers = {
        "rates": Answer(RATES, CONTRACT),
        "day_basis": Answer("ACCESS", CONTRACT),
        "auth_required": Answer([code for code in RATES if code.startswith("S9")], CONTRACT),
    }
    pharmacy.do(set_profile, "sorrel", payer_id=found[BLUE], effective_on=on, answers=answers)
    fee = {
        "daily_fee_code": Answer("S9379", CONTRACT),
        "rates": Answer({"S9379": "88.00", "99601": "120.00", "99602": "60.00"}, CONTRACT),
    }
    pharmacy.do(set_profile, "sorrel", payer_id=found[MEDICAID], effective_on=on, answers=fee)
    pharmacy.do(
        set_profile, "sorrel", payer_id=found[MEDICARE], effective_on=on, answers={"day_basis": Answer("INFUSED", CONTRACT)}
    )
    return found


def product_ids(pharmacy: DemoPharmacy) -> dict[str, UUID]:
    """The catalog's products by their labels."""
    return {row.label: row.id for row in pharmacy.ask(catalog.products)}


def stock(pharmacy: DemoPharmacy, labels: Iterable[str], products: dict[str, UUID]) -> dict[str, UUID]:
    """Items for these products, by label."""
    units = (("bag", "bag"), ("syringe", "syringe"), ("package", "package"))
    found = {}
    for label in sorted(labels):
        unit = next((unit for word, unit in units if label.endswith(word)), "vial")
        found[label] = pharmacy.do(stock_item, "birch", draft=ItemDraft(products[label], label, unit=unit))
    return found


def receive(pharmacy: DemoPharmacy, items: dict[str, UUID], delivery: int, quantity: int, last: date) -> dict[str, str]:
    """One wholesaler's delivery of everything; the lot number of each label."""
    lots = {}
    document = ReceiptDraft(
        "ZZTEST Wholesale", f"INV-{delivery}", has_transaction=True, order_form=f"26ZZ{delivery:05}", supplier_dea="RZ1234563"
    )
    receipt_id = pharmacy.do(begin_receipt, "birch", draft=document)
    for number, (label, item_id) in enumerate(sorted(items.items()), 1):
        lots[label] = f"ZZ{delivery}{number:03}"
        expires = last + timedelta(days=240 + 30 * (number % 7))
        draft = ArrivalDraft(item_id, lots[label], expires.isoformat(), Decimal(quantity))
        pharmacy.do(receive_lot, "birch", receipt_id=receipt_id, draft=draft)
    return lots
