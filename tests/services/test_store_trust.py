"""What the store promises: append-only audit, fixed signed records, a chain that shows tampering, keys that open nothing else."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.store.audit import Change, Head
from infusiondesk.foundation.store.backup import back_up, check_copy, put_back
from infusiondesk.foundation.store.columns import ExactDecimal, UtcDateTime
from infusiondesk.foundation.store.engine import connect, migrating
from infusiondesk.foundation.store.keyring import DEMO_PASSWORD, KeyFile, Keyring, derived, new_recovery_code
from infusiondesk.foundation.store.records import AuditLine, Signature
from infusiondesk.staff import service
from infusiondesk.staff.rules import PersonDraft
from tests.pharmacy import Pharmacy


def looked(pharmacy: Pharmacy, times: int) -> None:
    for _ in range(times):
        pharmacy.store.note(pharmacy.people[Role.NURSE], Change("view", Area.PATIENTS, "patient"))


def raw(pharmacy: Pharmacy, statement: str) -> None:
    """Run SQL behind the service's back, as a bug or a person with the key might."""
    with pharmacy.store.engines.writing.begin() as connection:
        connection.exec_driver_sql(statement)


def test_the_chain_of_a_day_verifies(pharmacy: Pharmacy) -> None:
    looked(pharmacy, 5)

    report = pharmacy.store.verify_audit()

    assert (report.fault, report.lines) == (None, 5)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET reason = 'x' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM signature",
        "UPDATE signature SET meaning = 'x'",
    ],
)
def test_audit_lines_and_signatures_are_append_only(pharmacy: Pharmacy, statement: str) -> None:
    looked(pharmacy, 3)
    put_a_signature(pharmacy)

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        raw(pharmacy, statement)


def test_replacing_a_line_is_refused_too(pharmacy: Pharmacy) -> None:
    """INSERT OR REPLACE deletes the guarded row without the delete trigger, unless recursive triggers are on."""
    if pharmacy.store.is_server:
        looked(pharmacy, 2)
        with pytest.raises(sa.exc.DBAPIError):
            raw(pharmacy, "TRUNCATE audit")
        return
    looked(pharmacy, 2)
    with pytest.raises(sa.exc.DBAPIError, match=r"append-only|chain break"):
        raw(pharmacy, "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1")


def without_guards(pharmacy: Pharmacy, statement: str) -> None:
    trigger = "DROP TRIGGER audit_no_change ON audit" if pharmacy.store.is_server else "DROP TRIGGER audit_no_update"
    raw(pharmacy, trigger)
    if not pharmacy.store.is_server:
        raw(pharmacy, "DROP TRIGGER audit_no_delete")
    raw(pharmacy, statement)


def test_an_edited_line_is_named(pharmacy: Pharmacy) -> None:
    looked(pharmacy, 5)
    without_guards(pharmacy, "UPDATE audit SET actor_name = 'somebody else' WHERE seq = 3")

    assert pharmacy.store.verify_audit().fault == "Audit line 3 was changed after it was written."


def test_a_missing_line_is_named(pharmacy: Pharmacy) -> None:
    looked(pharmacy, 5)
    without_guards(pharmacy, "DELETE FROM audit WHERE seq = 3")

    assert pharmacy.store.verify_audit().fault == "Audit lines are missing between 2 and 4."


def test_a_cut_tail_is_seen_by_the_anchor_alone(pharmacy: Pharmacy) -> None:
    looked(pharmacy, 5)
    anchor = pharmacy.store.audit_head()
    without_guards(pharmacy, "DELETE FROM audit WHERE seq > 3")

    assert pharmacy.store.verify_audit().fault is None
    assert "cut or set back" in str(pharmacy.store.verify_audit(anchor).fault)
    assert "cut or set back" in str(pharmacy.store.verify_audit(Head(2, b"another store" + bytes(19))).fault)


def put_a_signature(pharmacy: Pharmacy) -> Signature:
    def sign(uow: Any) -> Signature:
        signature = Signature(
            id=uow.new_id(), entity="nothing", entity_id=uow.new_id(), digest=bytes(32), meaning="tested", signer_id=uow.actor.id,
            signer_name=uow.actor.name, signer_role="", licence="", signed_at=uow.clock.now(), seal=bytes(32),
        )  # fmt: skip
        uow.session.add(signature)
        return signature

    return pharmacy.do(sign)


def test_a_refused_verb_leaves_nothing_behind(pharmacy: Pharmacy) -> None:
    def half(uow: Any) -> None:
        service.add_person(uow, draft=PersonDraft("ZZTEST Half", "half", ["nurse"], "a long winter sentence"))
        raise Refused("No, after all.")

    with pytest.raises(Refused):
        pharmacy.do(half, by=Role.ADMINISTRATOR)

    with Session(pharmacy.store.engines.reading) as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(AuditLine)).one() == 0
    with pytest.raises(Refused):
        pharmacy.store.keys.load().unlock("half", "a long winter sentence")


def test_the_reading_side_cannot_write(pharmacy: Pharmacy) -> None:
    with pytest.raises(sa.exc.DBAPIError), pharmacy.store.engines.reading.begin() as connection:
        connection.exec_driver_sql("DELETE FROM person_licence")


# The encrypted file ------------------------------------------------------------------------------------------------


def test_no_name_stands_readable_in_the_file(file_pharmacy: Pharmacy) -> None:
    path = Path(file_pharmacy.store.location)
    file_pharmacy.do(
        service.add_person,
        by=Role.ADMINISTRATOR,
        draft=PersonDraft("ZZTEST Canary Wren", "canary", ["nurse"], "a long winter sentence"),
    )

    for part in path.parent.iterdir():
        assert b"ZZTEST Canary" not in part.read_bytes(), part.name


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"SQLite format 3\0" + bytes(8176), "unencrypted database"),
        (b"a letter to my aunt", "is not a store of InfusionDesk"),
        (bytes(range(256)) * 32, "damaged or is not the store"),
        (b"%PDF-1.7" + bytes(8184), "damaged or is not the store"),
    ],
)
def test_what_is_no_store_is_refused_in_a_sentence_and_left_alone(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "foreign.idesk"
    path.write_bytes(content)

    with pytest.raises(Refused, match=sentence):
        connect(str(path), bytes(32)).reading.connect()

    assert path.read_bytes() == content


def test_a_flipped_bit_never_reads_as_data(file_pharmacy: Pharmacy) -> None:
    looked(file_pharmacy, 200)
    location, key = Path(file_pharmacy.store.location), file_pharmacy.store.data_key
    file_pharmacy.store.close()
    whole = location.read_bytes()
    for place in range(4096 + 100, len(whole), len(whole) // 40):
        damaged = location.with_name("damaged.idesk")
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(Refused):
            check_copy(damaged, key)


def test_a_backup_is_whole_and_a_second_never_writes_over_it(file_pharmacy: Pharmacy, tmp_path: Path) -> None:
    looked(file_pharmacy, 50)
    store, key = Path(file_pharmacy.store.location), file_pharmacy.store.data_key
    (tmp_path / "safe").mkdir()

    copy = back_up(store, tmp_path / "safe", key)

    assert KeyFile.beside(copy).load().store == "test"
    engine = migrating(str(copy), key)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit").scalar() == 50
    engine.dispose()
    with pytest.raises(Refused, match="exists already"):
        back_up(store, tmp_path / "safe", key)


def test_restoring_keeps_what_was_there(file_pharmacy: Pharmacy, tmp_path: Path) -> None:
    store, key = Path(file_pharmacy.store.location), file_pharmacy.store.data_key
    copy = back_up(store, tmp_path / "copy.idesk", key)
    looked(file_pharmacy, 3)
    file_pharmacy.store.close()

    kept = put_back(copy, store, key)

    assert kept is not None
    counts = []
    for path in (store, kept):
        engine = migrating(str(path), key)
        with engine.connect() as connection:
            counts.append(connection.exec_driver_sql("SELECT count(*) FROM audit").scalar())
        engine.dispose()
    assert counts == [0, 3]


def test_a_damaged_backup_is_not_put_back(file_pharmacy: Pharmacy, tmp_path: Path) -> None:
    store, key = Path(file_pharmacy.store.location), file_pharmacy.store.data_key
    copy = back_up(store, tmp_path / "copy.idesk", key)
    file_pharmacy.store.close()
    copy.write_bytes(copy.read_bytes()[:8192] + bytes(4096) + copy.read_bytes()[12288:])
    before = store.read_bytes()

    with pytest.raises(Refused):
        put_back(copy, store, key)

    assert store.read_bytes() == before


# Keys ------------------------------------------------------------------------------------------------------------------


def test_a_wrap_opens_for_its_owner_alone() -> None:
    ring = (
        Keyring("s")
        .enrolled("a", "Rowan", "a long winter sentence", bytes(32))
        .enrolled("b", "birch", "a long summer sentence", bytes(32))
    )

    assert ring.unlock("ROWAN ", "a long winter sentence") == ("a", bytes(32))
    with pytest.raises(Refused, match="Name or password is wrong"):
        ring.unlock("birch", "a long winter sentence")
    with pytest.raises(Refused, match="Name or password is wrong"):
        ring.unlock("nobody", "a long winter sentence")
    moved = Keyring("s", (replace(ring.wraps[0], owner="b", login="birch"),))
    with pytest.raises(Refused):
        moved.unlock("birch", "a long winter sentence")


def test_accents_may_be_typed_either_way() -> None:
    ring = Keyring("s").enrolled("a", "ana", "contraseña larga uno", bytes(32))

    assert ring.unlock("ana", "contrasen\u0303a larga uno")[0] == "a"


def test_only_a_demo_store_opens_by_the_published_key() -> None:
    with pytest.raises(Refused, match="not a DEMO store"):
        Keyring("s").enrolled("a", "ana", "contraseña larga uno", bytes(32)).unlock_demo()
    assert Keyring("s").enrolled("demo", "demo", DEMO_PASSWORD, b"k" * 32).unlock_demo() == b"k" * 32


def test_waiting_grows_with_failures_and_guessed_names_share_one_counter() -> None:
    ring = Keyring("s").enrolled("a", "ana", "contraseña larga uno", bytes(32))
    for number in range(12):
        ring = ring.failed(f"guess-{number}")

    assert ring.failures == {"?": 12}
    assert ring.wait_seconds("another guess") == 60
    assert ring.wait_seconds("ana") == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 1}', '{"version": 1, "store": "s", "wraps": [{}], "failures": {}}', "not json"]
)
def test_a_damaged_key_file_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.keyring.json").write_text(text)

    with pytest.raises(Refused, match="damaged"):
        KeyFile.beside(tmp_path / "p.idesk").load()


def test_a_newer_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.keyring.json").write_text('{"version": 99}')

    with pytest.raises(Refused, match="newer InfusionDesk"):
        KeyFile.beside(tmp_path / "p.idesk").load()


def test_keys_for_different_purposes_differ() -> None:
    assert len({derived(bytes(32), purpose) for purpose in ("audit", "signatures", "drafts")}) == 3


def test_a_recovery_code_has_160_bits() -> None:
    code = new_recovery_code()

    assert len(code.replace("-", "")) == 35
    assert len({new_recovery_code() for _ in range(20)}) == 20


# Column types ------------------------------------------------------------------------------------------------------------


def test_a_decimal_keeps_every_digit_and_refuses_more() -> None:
    column = ExactDecimal(4)
    dialect = sa.create_engine("sqlite://").dialect

    assert column.process_result_value(column.process_bind_param(Decimal("0.1001"), dialect), dialect) == Decimal("0.1001")
    with pytest.raises(ValueError, match="more than 4 decimal places"):
        column.process_bind_param(Decimal("0.00001"), dialect)
    with pytest.raises(TypeError, match="do it in Python"):
        sa.column("dose", column) * 2


def test_a_time_without_a_zone_is_refused() -> None:
    dialect = sa.create_engine("sqlite://").dialect

    with pytest.raises(ValueError, match="names no instant"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001
    assert UtcDateTime().process_result_value(datetime(2026, 1, 1), dialect) == datetime(2026, 1, 1, tzinfo=UTC)  # noqa: DTZ001


def test_a_copied_live_file_is_not_how_backups_are_made(file_pharmacy: Pharmacy, tmp_path: Path) -> None:
    """The control: a plain file copy of a live WAL store misses what is only in the log."""
    looked(file_pharmacy, 20)
    copied = tmp_path / "copied.idesk"
    shutil.copy(file_pharmacy.store.location, copied)

    engine = migrating(str(copied), file_pharmacy.store.data_key)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit").scalar() != 20
    engine.dispose()
