"""The catalog on both databases: pharmacy, corrected, signed, asked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from infusiondesk.catalog import queries, service
from infusiondesk.catalog.queries import DrugRow, ProductRow
from infusiondesk.catalog.rules import (
    CodeEntry,
    DrugDraft,
    Prepared,
    ProductDraft,
    RowKind,
    StabilityDraft,
    Standing,
    Status,
    Storage,
)
from infusiondesk.foundation.kernel.outcomes import NeedsReason, Refused
from infusiondesk.foundation.kernel.people import Area, Role
from tests.beginnings import Recipe, staff_only
from tests.pharmacy import Pharmacy
from tests.story import the_catalog

PIC = Role.PHARMACIST_IN_CHARGE
COMPARED = {"catalog.compared": "current package insert"}
DUPLEX = DrugDraft(
    "label", "label", "cefepime duplex", "cefepime in Duplex", "cefepime", "antibiotic", "anti_infective", ("intravenous",), "g"
)


@pytest.fixture
def begins_with() -> Recipe:
    return the_catalog


def drug(pharmacy: Pharmacy, ingredient: str) -> DrugRow:
    return next(row for row in pharmacy.ask(queries.drugs) if row.ingredient == ingredient)


def product(pharmacy: Pharmacy, label: str) -> ProductRow:
    return next(row for row in pharmacy.ask(queries.products) if row.label == label)


def sign(pharmacy: Pharmacy, kind: RowKind, *ids: UUID) -> int:
    return pharmacy.do(service.sign_rows, by=PIC, reasons=COMPARED, kind=kind, seen=seen(pharmacy, kind, *ids))


def seen(pharmacy: Pharmacy, kind: RowKind, *ids: UUID) -> dict[UUID, str]:
    """Rows as a list shows them now; one that is out of use is in no list."""
    lists: dict[RowKind, Any] = {
        RowKind.DRUG: queries.drugs,
        RowKind.PRODUCT: queries.products,
        RowKind.STABILITY: queries.stability,
    }
    return dict.fromkeys(ids, "") | queries.seen(row for row in pharmacy.ask(lists[kind]) if row.id in ids)


@pytest.mark.parametrize("begins_with", [staff_only])
def test_the_shipped_tables_fill_an_empty_catalog_and_every_row_is_unsigned(pharmacy: Pharmacy, begins_with: Recipe) -> None:
    done = pharmacy.do(service.load_reference, by=Role.ADMINISTRATOR)
    between = pharmacy.ask(queries.standing_between)

    assert pharmacy.areas[-1] == {Area.CATALOG}
    assert len(pharmacy.ask(queries.drugs)) == done.drugs == between.drugs > 100
    lacking = [row for row in pharmacy.ask(queries.products) if row.missing is not None]
    assert len(pharmacy.ask(queries.products)) == done.products == between.products + len(lacking)
    assert len(pharmacy.ask(queries.stability)) == done.stability
    assert between.incomplete == done.products + done.stability - between.products - between.stability
    assert between.rows == pharmacy.ask(queries.unsigned_count) > 100
    assert len(pharmacy.ask(queries.codes)) == done.codes
    assert {row.standing for row in pharmacy.ask(queries.drugs)} == {Standing.UNSIGNED}
    assert between.text() == f"{between.rows} rows stand between this store and its first dispense."


def test_a_full_catalog_is_not_filled_again(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="filled already"):
        file_pharmacy.do(service.load_reference, by=Role.ADMINISTRATOR)


@pytest.mark.parametrize("begins_with", [staff_only])
def test_an_empty_catalog_has_nothing_to_say(pharmacy: Pharmacy, begins_with: Recipe) -> None:
    assert pharmacy.ask(queries.unsigned_count) == 0
    assert [*pharmacy.ask(queries.drugs), *pharmacy.ask(queries.products), *pharmacy.ask(queries.stability)] == []
    assert not pharmacy.ask(queries.is_signed, kind=RowKind.DRUG, row_id=UUID(int=1))
    with pytest.raises(Refused, match="not in the catalog"):
        pharmacy.ask(queries.drug_of, drug_id=UUID(int=1))
    with pytest.raises(Refused, match="not in the catalog"):
        pharmacy.ask(queries.product_of, product_id=UUID(int=1))


def test_what_comes_out_is_what_the_tables_say(pharmacy: Pharmacy) -> None:
    row = drug(pharmacy, "hydromorphone")
    vial = product(pharmacy, "vancomycin 1 g vial")

    assert (row.name, row.controlled, row.routes, row.therapy_class) == (
        "HYDROmorphone",
        "CII",
        ("intravenous", "subcutaneous"),
        "pain",
    )
    assert pharmacy.ask(queries.drug_of, drug_id=row.id) == row
    assert (vial.content_amount, vial.per_ml, vial.ndc, vial.status) == (Decimal(1000), Decimal(50), None, Status.MEMORY)
    assert product(pharmacy, "milrinone 20 mg in 20 mL vial").per_ml == 1
    assert product(pharmacy, "factor VIII 1,000 units vial").per_ml is None
    labels = [one.label for one in pharmacy.ask(queries.products_of, drug_id=vial.drug_id)]
    assert labels == ["vancomycin 500 mg vial", "vancomycin 1 g vial", "vancomycin 10 g pharmacy bulk package"]
    assert [found.ingredient for found in pharmacy.ask(queries.find_drugs, words="anti FLIX")] == ["infliximab"]


def test_a_signed_row_may_be_used_and_names_its_signer(pharmacy: Pharmacy) -> None:
    row = drug(pharmacy, "vancomycin")

    assert not pharmacy.ask(queries.is_signed, kind=RowKind.DRUG, row_id=row.id)
    assert sign(pharmacy, RowKind.DRUG, row.id) == 1

    signed = drug(pharmacy, "vancomycin")
    assert pharmacy.ask(queries.is_signed, kind=RowKind.DRUG, row_id=row.id)
    assert (signed.is_usable, signed.reviewed_by) == (True, "ZZTEST Pharmacist In Charge")
    assert signed.reviewed_at == pharmacy.clock.now()
    assert signed.compared_with == "current package insert"


def test_many_rows_are_signed_at_once_and_the_count_falls(pharmacy: Pharmacy) -> None:
    before = pharmacy.ask(queries.standing_between)
    ids = [row.id for row in pharmacy.ask(queries.stability) if row.standing is Standing.UNSIGNED]

    assert sign(pharmacy, RowKind.STABILITY, *ids) == before.stability
    after = pharmacy.ask(queries.standing_between)
    assert (after.stability, after.drugs, after.incomplete) == (0, before.drugs, before.incomplete)


def test_what_stands_before_a_dispense_is_what_the_rows_say(pharmacy: Pharmacy) -> None:
    """The database counts; the rows, each looked at, agree with it: also when a drug and so its products are out of use."""
    vancomycin = drug(pharmacy, "vancomycin")
    sign(pharmacy, RowKind.DRUG, vancomycin.id, drug(pharmacy, "cefazolin").id)
    sign(pharmacy, RowKind.PRODUCT, product(pharmacy, "vancomycin 1 g vial").id)
    ceftriaxone = drug(pharmacy, "ceftriaxone").id
    pharmacy.do(service.retire_row, reasons={"catalog.retire": "not stocked any more"}, kind=RowKind.DRUG, row_id=ceftriaxone)

    between = pharmacy.ask(queries.standing_between)

    rows = (pharmacy.ask(queries.drugs), pharmacy.ask(queries.products), pharmacy.ask(queries.stability))
    waiting = [sum(row.standing is Standing.UNSIGNED for row in kind) for kind in rows]
    assert [between.drugs, between.products, between.stability] == waiting
    assert between.incomplete == sum(row.standing is Standing.INCOMPLETE for kind in rows for row in kind)
    assert between.ready == 1
    assert between.text() == f"{between.rows} rows of the catalog wait for the pharmacist in charge; 1 drug may be dispensed."


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 0, 3, 2), ""),
        ((1, 0, 0, 0, 0), "1 row stands between this store and its first dispense."),
        ((0, 1_200, 1, 0, 0), "1,201 rows stand between this store and its first dispense."),
        ((1, 0, 0, 0, 2), "1 row of the catalog waits for the pharmacist in charge; 2 drugs may be dispensed."),
    ],
)
def test_what_stands_before_a_dispense_is_one_sentence(counts: tuple[int, ...], sentence: str) -> None:
    assert queries.Between(*counts).text() == sentence


def test_rows_of_one_source_stand_together(file_pharmacy: Pharmacy) -> None:
    groups = file_pharmacy.ask(queries.source_groups)

    assert sum(len(group.rows) for group in groups) == sum(
        len(file_pharmacy.ask(query)) for query in (queries.drugs, queries.products, queries.stability)
    )
    assert len({group.id for group in groups}) == len(groups)
    order = [list(RowKind).index(group.kind) for group in groups]
    assert order == sorted(order)
    directory = next(group for group in groups if group.source.startswith("FDA NDC directory"))
    assert directory.source.endswith("as labelers listed them; professional knowledge, no page read")
    assert (directory.kind, directory.status) == (RowKind.PRODUCT, Status.MEMORY)
    assert (directory.signed, directory.signed_last) == (0, None)
    assert len(directory.to_sign) + directory.incomplete == len(directory.rows) > 60


def test_a_source_is_signed_together_and_every_row_keeps_what_it_was_compared_with(pharmacy: Pharmacy) -> None:
    group = next(group for group in pharmacy.ask(queries.source_groups) if group.kind is RowKind.STABILITY and group.to_sign)
    on_screen = queries.seen(group.to_sign)
    ids = list(on_screen)
    with pytest.raises(NeedsReason, match=f"What did you compare these {len(ids)} stability rows with"):
        pharmacy.do(service.sign_source, by=PIC, kind=RowKind.STABILITY, seen=seen(pharmacy, RowKind.STABILITY, *ids))

    assert pharmacy.do(
        service.sign_source, by=PIC, reasons=COMPARED, kind=RowKind.STABILITY, seen=seen(pharmacy, RowKind.STABILITY, *ids)
    ) == len(ids)

    again = next(one for one in pharmacy.ask(queries.source_groups) if one.id == group.id)
    assert (again.to_sign, again.signed) == ((), len(ids))
    assert again.signed_last == (pharmacy.clock.now(), "ZZTEST Pharmacist In Charge")
    signed = [row for row in again.rows if row.id in ids]
    assert {row.compared_with for row in signed} == {"current package insert"}
    assert all(row.reviewed_by and row.reviewed_at for row in signed)
    with pytest.raises(Refused, match="signed already"):
        pharmacy.do(
            service.sign_source, by=PIC, reasons=COMPARED, kind=RowKind.STABILITY, seen=seen(pharmacy, RowKind.STABILITY, ids[0])
        )


def test_a_source_that_was_read_is_offered_as_what_it_was_compared_with(file_pharmacy: Pharmacy) -> None:
    row = next(
        row for row in file_pharmacy.ask(queries.stability) if row.status is Status.LABEL and row.standing is Standing.UNSIGNED
    )

    with pytest.raises(NeedsReason, match="this stability row") as asked:
        file_pharmacy.do(service.sign_source, by=PIC, kind=RowKind.STABILITY, seen=queries.seen([row]))
    assert asked.value.choices[0] == row.source


def test_rows_of_two_sources_are_not_signed_in_one_go(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    first, second = [group for group in pharmacy.ask(queries.source_groups) if group.kind is RowKind.STABILITY and group.to_sign][
        :2
    ]
    ids = [first.to_sign[0].id, second.to_sign[0].id]

    with pytest.raises(Refused, match="more than one source"):
        pharmacy.do(
            service.sign_source, by=PIC, reasons=COMPARED, kind=RowKind.STABILITY, seen=seen(pharmacy, RowKind.STABILITY, *ids)
        )
    with pytest.raises(Refused, match="pharmacist in charge"):
        pharmacy.do(service.sign_source, by=Role.PHARMACIST, kind=RowKind.STABILITY, seen=seen(pharmacy, RowKind.STABILITY, ids[0]))
    with pytest.raises(Refused, match="Choose the rows"):
        pharmacy.do(service.sign_source, by=PIC, kind=RowKind.STABILITY, seen={})


def test_a_drug_is_found_by_its_brand_and_its_rxcui(pharmacy: Pharmacy) -> None:
    row = drug(pharmacy, "ertapenem")

    assert "Invanz" in row.brands
    assert [found.ingredient for found in pharmacy.ask(queries.find_drugs, words="invanz")] == ["ertapenem"]
    assert [found.ingredient for found in pharmacy.ask(queries.find_drugs, words=row.rxcuis[0])] == ["ertapenem"]
    assert drug(pharmacy, "privigen").brands == ("Privigen",)
    assert drug(pharmacy, "vedolizumab").rxcuis == ()


def test_memory_is_signed_only_with_what_it_was_compared_with(file_pharmacy: Pharmacy) -> None:
    row = drug(file_pharmacy, "vancomycin")

    with pytest.raises(NeedsReason) as asked:
        file_pharmacy.do(service.sign_rows, by=PIC, kind=RowKind.DRUG, seen=queries.seen([row]))
    assert "rests on memory or policy. What did you compare with?" in asked.value.question


def test_a_label_that_was_read_is_signed_without_that_question(file_pharmacy: Pharmacy) -> None:
    row = next(
        row for row in file_pharmacy.ask(queries.stability) if row.status is Status.LABEL and row.standing is Standing.UNSIGNED
    )

    assert file_pharmacy.do(service.sign_rows, by=PIC, kind=RowKind.STABILITY, seen=queries.seen([row])) == 1


@pytest.mark.parametrize("verb", [service.sign_rows, service.sign_source])
def test_a_row_that_was_corrected_after_it_was_seen_is_not_signed_unseen(file_pharmacy: Pharmacy, verb: Any) -> None:
    pharmacy = file_pharmacy
    vial, other = product(pharmacy, "vancomycin 1 g vial"), product(pharmacy, "vancomycin 500 mg vial")
    on_screen = queries.seen([vial, other])
    draft = pharmacy.ask(queries.draft_of, kind=RowKind.PRODUCT, row_id=vial.id)
    assert isinstance(draft, ProductDraft)
    pharmacy.do(service.correct_product, row_id=vial.id, draft=replace(draft, reconstitution_ml=Decimal(19)))

    with pytest.raises(Refused) as refused:
        pharmacy.do(verb, by=PIC, reasons=COMPARED, kind=RowKind.PRODUCT, seen=on_screen)

    assert refused.value.sentence == "vancomycin 1 g vial was changed after you saw it. Nothing was signed; look at it again."
    assert product(pharmacy, "vancomycin 500 mg vial").standing is Standing.UNSIGNED
    pharmacy.do(verb, by=PIC, reasons=COMPARED, kind=RowKind.PRODUCT, seen=seen(pharmacy, RowKind.PRODUCT, vial.id, other.id))
    assert product(pharmacy, "vancomycin 1 g vial").is_usable


def test_a_stability_that_was_changed_behind_the_program_is_named_by_its_drug(file_pharmacy: Pharmacy) -> None:
    row = next(row for row in file_pharmacy.ask(queries.stability) if row.hours == 336 and row.drug == "vancomycin")
    with file_pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.text("UPDATE stability SET hours = 99900 WHERE hours = 33600"))

    with pytest.raises(Refused, match=r"^vancomycin, .*refrigerator.* was changed after you saw it"):
        file_pharmacy.do(service.sign_rows, by=PIC, reasons=COMPARED, kind=RowKind.STABILITY, seen=queries.seen([row]))


@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.ADMINISTRATOR, Role.TECHNICIAN])
def test_nobody_but_the_pharmacist_in_charge_signs(file_pharmacy: Pharmacy, role: Role) -> None:
    with pytest.raises(Refused, match="pharmacist in charge"):
        file_pharmacy.do(service.sign_rows, by=role, kind=RowKind.DRUG, seen=queries.seen([drug(file_pharmacy, "vancomycin")]))


def test_a_lapsed_licence_signs_nothing(file_pharmacy: Pharmacy) -> None:
    lapsed = replace(file_pharmacy.people[PIC], licences=())

    with pytest.raises(Refused, match="licence that has not expired"):
        file_pharmacy.do(service.sign_rows, by=lapsed, kind=RowKind.DRUG, seen=queries.seen([drug(file_pharmacy, "vancomycin")]))


def test_what_cannot_be_signed_says_why(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    lacking = product(pharmacy, "factor VIII 1,000 units vial")
    vancomycin = drug(pharmacy, "vancomycin")
    sign(pharmacy, RowKind.DRUG, vancomycin.id)

    with pytest.raises(Refused, match="factor VIII 1,000 units vial cannot be signed: the volume to add and the strength"):
        sign(pharmacy, RowKind.PRODUCT, lacking.id)
    with pytest.raises(Refused, match="vancomycin is signed already by ZZTEST Pharmacist In Charge"):
        sign(pharmacy, RowKind.DRUG, vancomycin.id)
    with pytest.raises(Refused, match="Choose the rows"):
        sign(pharmacy, RowKind.DRUG)


def test_a_missing_value_is_filled_in_and_then_signed(pharmacy: Pharmacy) -> None:
    lacking = product(pharmacy, "methylPREDNISolone sodium succinate 1 g vial")
    draft = pharmacy.ask(queries.draft_of, kind=RowKind.PRODUCT, row_id=lacking.id)
    assert isinstance(draft, ProductDraft)
    draft = replace(draft, reconstitution_ml=Decimal(16), concentration=Decimal("62.5"), source="label in hand", status="label")

    pharmacy.do(service.correct_product, row_id=lacking.id, draft=draft)

    assert product(pharmacy, lacking.label).standing is Standing.UNSIGNED
    sign(pharmacy, RowKind.PRODUCT, lacking.id)
    assert product(pharmacy, lacking.label).is_usable


def test_a_corrected_row_is_unsigned_again_and_asks_why(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    row = drug(pharmacy, "vancomycin")
    sign(pharmacy, RowKind.DRUG, row.id)
    draft = pharmacy.ask(queries.draft_of, kind=RowKind.DRUG, row_id=row.id)
    assert isinstance(draft, DrugDraft)
    changed = replace(draft, storage_text="Room temperature.")

    with pytest.raises(NeedsReason, match="has signed this drug"):
        pharmacy.do(service.correct_drug, row_id=row.id, draft=changed)
    pharmacy.do(service.correct_drug, row_id=row.id, draft=changed, reasons={"catalog.correct": "new label"})

    after = drug(pharmacy, "vancomycin")
    assert (after.standing, after.reviewed_by, after.storage_text) == (Standing.UNSIGNED, None, "Room temperature.")
    sign(pharmacy, RowKind.DRUG, row.id)
    assert drug(pharmacy, "vancomycin").is_usable


def test_a_row_changed_behind_the_programs_back_is_not_signed_any_more(file_pharmacy: Pharmacy) -> None:
    pharmacy = file_pharmacy
    row = next(row for row in pharmacy.ask(queries.stability) if row.hours == 336 and row.drug == "vancomycin")
    sign(pharmacy, RowKind.STABILITY, row.id)

    with pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.text("UPDATE stability SET hours = 99900 WHERE hours = 33600"))

    found = next(one for one in pharmacy.ask(queries.stability) if one.id == row.id)
    assert (found.hours, found.standing, found.reviewed_by) == (Decimal(999), Standing.CHANGED, None)
    assert not pharmacy.ask(queries.is_signed, kind=RowKind.STABILITY, row_id=row.id)
    sign(pharmacy, RowKind.STABILITY, row.id)
    assert pharmacy.ask(queries.is_signed, kind=RowKind.STABILITY, row_id=row.id)


def test_a_review_with_a_broken_signature_signs_nothing(file_pharmacy: Pharmacy) -> None:
    row = drug(file_pharmacy, "vancomycin")
    sign(file_pharmacy, RowKind.DRUG, row.id)
    file_pharmacy.store.seal_key = bytes(32)

    assert drug(file_pharmacy, "vancomycin").standing is Standing.CHANGED


def test_a_signed_review_cannot_be_changed_in_the_database(pharmacy: Pharmacy) -> None:
    sign(pharmacy, RowKind.DRUG, drug(pharmacy, "vancomycin").id)

    with pytest.raises(sa.exc.DBAPIError, match="signed"), pharmacy.store.engines.writing.begin() as connection:
        connection.execute(sa.text("UPDATE review_batch SET compared_with = 'nothing'"))


def test_a_new_drug_brings_the_shipped_stability_with_it(pharmacy: Pharmacy) -> None:
    drug_id = pharmacy.do(service.enter_drug, draft=DUPLEX)

    rows = pharmacy.ask(queries.stability_of, drug_id=drug_id)
    assert {row.storage for row in rows} == {Storage.CRT, Storage.REFRIGERATOR, Storage.FREEZER, Storage.PUMP}
    assert pharmacy.do(service.enter_product, draft=_vial(drug_id)) in [row.id for row in pharmacy.ask(queries.products)]
    with pytest.raises(Refused, match="cefepime duplex is in the catalog already"):
        pharmacy.do(service.enter_drug, draft=DUPLEX)


def test_drafts_with_a_problem_are_refused_at_their_field(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused) as refused:
        file_pharmacy.do(service.enter_drug, draft=replace(DUPLEX, routes=()))
    assert refused.value.field == "routes"


def test_an_ndc_belongs_to_one_product(pharmacy: Pharmacy) -> None:
    vancomycin = drug(pharmacy, "vancomycin")
    pharmacy.do(service.enter_product, draft=replace(_vial(vancomycin.id), ndc="0409-6533-01"))

    with pytest.raises(Refused, match="NDC 00409-6533-01 belongs to test 1 g vial"):
        pharmacy.do(service.enter_product, draft=replace(_vial(vancomycin.id), ndc="00409653301"))
    row = product(pharmacy, "test 1 g vial")
    pharmacy.do(service.correct_product, row_id=row.id, draft=replace(_vial(vancomycin.id), ndc="00409-6533-01", maker_text="A"))
    assert product(pharmacy, "test 1 g vial").maker_text == "A"


def test_a_stability_is_entered_and_corrected_by_a_pharmacist_only(pharmacy: Pharmacy) -> None:
    draft = StabilityDraft(
        "study of 2026", "study", drug(pharmacy, "imiglucerase").id, hours=Decimal(24), diluents=("0.9% sodium chloride",)
    )
    row_id = pharmacy.do(service.enter_stability, draft=draft)

    pharmacy.do(service.correct_stability, row_id=row_id, draft=replace(draft, hours=Decimal(12)))

    (row,) = pharmacy.ask(queries.stability_of, drug_id=draft.drug_id)
    assert (row.hours, row.diluent, row.status) == (Decimal(12), "0.9% sodium chloride", Status.STUDY)
    assert pharmacy.ask(queries.draft_of, kind=RowKind.STABILITY, row_id=row_id) == replace(draft, hours=Decimal(12))
    with pytest.raises(Refused, match="pharmacist"):
        pharmacy.do(service.enter_stability, by=Role.TECHNICIAN, draft=draft)


def test_a_retired_row_is_out_of_use_but_not_gone(pharmacy: Pharmacy) -> None:
    row = product(pharmacy, "vancomycin 500 mg vial")
    with pytest.raises(NeedsReason):
        pharmacy.do(service.retire_row, kind=RowKind.PRODUCT, row_id=row.id)

    pharmacy.do(service.retire_row, kind=RowKind.PRODUCT, row_id=row.id, reasons={"catalog.retire": "not stocked any more"})

    assert row.label not in [one.label for one in pharmacy.ask(queries.products)]
    assert pharmacy.ask(queries.product_of, product_id=row.id).is_retired
    with pytest.raises(Refused, match="out of use"):
        sign(pharmacy, RowKind.PRODUCT, row.id)
    with pytest.raises(Refused, match="out of use"):
        pharmacy.do(service.correct_product, row_id=row.id, draft=_vial(row.drug_id))
    pharmacy.do(service.retire_row, kind=RowKind.DRUG, row_id=row.drug_id, reasons={"catalog.retire": "not stocked any more"})
    assert drug_names(pharmacy, retired=True) - drug_names(pharmacy, retired=False) == {"vancomycin"}
    with pytest.raises(Refused, match="vancomycin is out of use already"):
        pharmacy.do(service.enter_drug, draft=replace(DUPLEX, ingredient="vancomycin"))


def test_which_stability_speaks_for_a_bag(pharmacy: Pharmacy) -> None:
    vancomycin = drug(pharmacy, "vancomycin").id
    bag = Prepared("0.9% sodium chloride", "bag", Storage.REFRIGERATOR, Decimal(4))

    (label,) = pharmacy.ask(queries.stability_for, drug_id=vancomycin, prepared=bag)
    assert (label.hours, label.is_usable) == (Decimal(336), False)
    at_five = pharmacy.ask(queries.stability_for, drug_id=vancomycin, prepared=replace(bag, concentration=Decimal(5)))
    assert [row.hours for row in at_five] == [Decimal(1512), Decimal(336)]
    sign(pharmacy, RowKind.STABILITY, label.id)
    at_five = pharmacy.ask(queries.stability_for, drug_id=vancomycin, prepared=replace(bag, concentration=Decimal(5)))
    assert [(row.hours, row.is_usable) for row in at_five] == [(Decimal(336), True), (Decimal(1512), False)]


def test_codes_are_found_with_their_days(pharmacy: Pharmacy) -> None:
    before = {row.code: row.is_in_force for row in pharmacy.ask(queries.codes, text="vancomycin", on=date(2025, 6, 30))}
    after = {row.code: row.is_in_force for row in pharmacy.ask(queries.codes, text="VANCO", on=date(2025, 7, 1))}

    assert before == {"J3370": True, "J3371": True, "J3372": True, "J3373": False, "J3374": False, "J3375": False}
    assert {code: not now for code, now in before.items()} == after
    assert [row.code for row in pharmacy.ask(queries.codes, text="s9500")] == ["S9500"]
    assert pharmacy.ask(queries.codes, text="100%_") == []
    found = pharmacy.ask(queries.find_codes, text="vancomycin", in_force_only=True, first=2)
    assert ([row.code for row in found.rows], found.total) == (["J3373", "J3374"], 3)


def test_a_code_file_adds_ends_and_changes_codes(pharmacy: Pharmacy) -> None:
    rows = [
        CodeEntry("J0696", "drug", "Ceftriaxone sodium injection", date(1990, 1, 1), None),
        CodeEntry("J3373", "drug", "Vancomycin, 10 mg", date(2025, 7, 1), date(2026, 12, 31)),
        CodeEntry("J3370", "drug", "Vancomycin, 500 mg", date(1986, 1, 1), date(2025, 7, 31)),
        CodeEntry("J9998", "drug", "something new", date(2026, 1, 1), None),
        CodeEntry("bad", "drug", "", None, None),
    ]

    report = pharmacy.do(service.import_codes, by=Role.BILLER, rows=rows, source="CMS HCPCS 2026-01")

    assert report.text() == "5 codes read: 1 new, 1 ended, 1 changed, 1 as before, 1 not taken."
    assert (report.added, report.ended, report.changed, set(report.refused or {})) == (("J9998",), ("J3373",), ("J3370",), {"bad"})
    (ended,) = pharmacy.ask(queries.codes, text="J3373")
    assert (ended.terminated_on, ended.label, ended.source) == (date(2026, 12, 31), "vancomycin, 10 mg", "CMS HCPCS 2026-01")
    again = pharmacy.do(service.import_codes, by=Role.BILLER, rows=rows, source="CMS HCPCS 2026-01")
    assert (again.unchanged, again.added) == (4, ())


def test_a_nurse_imports_no_codes(file_pharmacy: Pharmacy) -> None:
    with pytest.raises(Refused, match="import billing codes"):
        file_pharmacy.do(service.import_codes, by=Role.NURSE, rows=[], source="")


def drug_names(pharmacy: Pharmacy, *, retired: bool) -> set[str]:
    return {row.name for row in pharmacy.ask(queries.drugs, retired=retired)}


def _vial(drug_id: UUID, **changed: Any) -> ProductDraft:
    draft = ProductDraft("label in hand", "label", drug_id, "test 1 g vial", content_amount=Decimal(1), content_unit="g")
    return replace(draft, **changed)
