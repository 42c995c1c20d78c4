"""`main.py import labs|codes` in a process of its own: what is taken, what is refused in one sentence, and the exit status."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.stores import PASSWORD, a_store_with_a_patient
from tests.lab_messages import POTASSIUM_HIGH, SODIUM, message

ROOT = Path(__file__).parents[2]
MRN = "40-001-9"  # of the first patient of a store
CODES = (
    "code,kind,short,long,add_date,effective_date,termination_date,action\n"
    "S9494,procedure,Home infusion antibiotic,Home infusion therapy antibiotic,20020101,20020101,,N\n"
)
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one patient, made once: each test runs on a copy of it."""
    return Path(a_store_with_a_patient(tmp_path_factory.mktemp("made")))


@pytest.fixture
def run(tmp_path: Path, made: Path) -> Run:
    """Runs `import` on a store with one patient, signed in by a password file that lies elsewhere."""
    (tmp_path / "files").mkdir()
    location = str(shutil.copytree(made.parent, tmp_path / "store") / made.name)
    secret = tmp_path / "password"
    secret.write_text(PASSWORD, "utf-8")
    secret.chmod(0o600)
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}

    def call(*words: str) -> "subprocess.CompletedProcess[str]":
        signed_in = ["--store", location, "--user", "rowan", "--password-file", str(secret)]
        return subprocess.run(
            [sys.executable, str(ROOT / "main.py"), "import", *words, *signed_in],
            env=environment, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path / "files",
        )  # fmt: skip

    return call


def test_good_files_are_taken_in_and_a_refused_one_is_named(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "good.hl7").write_bytes(message(MRN, POTASSIUM_HIGH) + message("H-1", SODIUM, control="C-2", order="FO-2"))
    (folder / "bad.hl7").write_bytes(b"%PDF-1.7")
    (folder / "late.hl7").write_bytes(message(MRN, SODIUM, control="C-3", order="FO-3"))

    done = run("labs", "good.hl7", "bad.hl7", "gone.hl7", "late.hl7")

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "good.hl7: 2 messages: 1 filed, 1 parked, 1 with a critical value.",
        "late.hl7: 1 message: 1 filed, 0 parked.",
    ]
    assert done.stderr.splitlines() == [
        "bad.hl7: An HL7 message begins with MSH; this is a PDF.",
        "gone.hl7: it cannot be read (No such file or directory).",
    ]


def test_the_same_file_again_says_so_and_is_no_failure(run: Run, tmp_path: Path) -> None:
    (tmp_path / "files" / "good.hl7").write_bytes(message(MRN, POTASSIUM_HIGH))
    assert run("labs", "good.hl7").returncode == 0

    again = run("labs", "good.hl7", "--json")

    assert (again.returncode, again.stderr) == (0, "")
    (file,) = json.loads(again.stdout)["files"]
    assert (file["messages"], file["filed"], file["repeated"]) == (1, 0, 1)
    assert "taken in on" in file["notes"][0]


def test_json_carries_the_refused_files_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "files" / "bad.hl7").write_bytes(b"")

    done = run("labs", "bad.hl7", "--json")

    assert (done.returncode, done.stderr) == (1, "")
    said = json.loads(done.stdout)
    assert said["files"] == []
    assert said["refused"] == ["bad.hl7: There is no HL7 message in it."]


def test_codes_are_taken_in_and_no_code_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "files" / "hcpcs.csv").write_text(CODES, "utf-8")
    (tmp_path / "files" / "letter.txt").write_text("Dear pharmacist", "utf-8")

    done = run("codes", "letter.txt", "hcpcs.csv")

    assert done.returncode == 1
    assert done.stdout.startswith("hcpcs.csv: 1 code read: 1 new")
    assert done.stderr.startswith("letter.txt: This is neither a CMS code file")


CROSSWALK = (
    "Effective January 1, 2026 through March 31, 2026,,\n"
    "_2026_CODE,Short Description,LABELER NAME,NDC2,Drug Name,HCPCS dosage,PKG SIZE,PKG QTY,BILLUNITS,BILLUNITSPKG,,,\n"
    "J3373,x,ZZTEST Labs,54321-0000-01,Testomycin,10 MG,1,10,100,1000,,,\n"
    "J3373,x,ZZTEST Labs,888867413689,Testomycin,10 MG,1,10,100,1000,,,\n"
)
DIRECTORY = (
    "NDC,FORMAT,PROPRIETARYNAME,NONPROPRIETARYNAME,DOSAGEFORMNAME,ROUTENAME,LABELERNAME,SUBSTANCENAME,ACTIVE_NUMERATOR_STRENGTH,"
    "ACTIVE_INGRED_UNIT,PACKAGEDESCRIPTION,ELEVEN_DIGIT_NDC\n"
    "5432100001,5-4-1,Testomycin,testomycin,POWDER,INTRAVENOUS,ZZTEST Labs,TESTOMYCIN,1,g/1,1 VIAL in 1 CARTON,54321000001\n"
)


def test_files_are_told_apart_by_what_is_in_them_and_the_second_time_says_so(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "one").write_text(CROSSWALK, "latin-1")
    (folder / "two").write_bytes(gzip.compress(DIRECTORY.encode()))
    (folder / "three").write_text(CODES, "utf-8")

    done = run("codes", "one", "two", "three", "two")

    assert (done.returncode, done.stderr) == (0, "")
    *said, again = done.stdout.splitlines()
    assert said == [
        "one: NDC-HCPCS crosswalk of CMS: 1 line taken in.",
        "one: Line 4, 888867413689: it has no NDC of eleven digits.",
        "two: FDA NDC directory: 1 package taken in.",
        "three: 1 code read: 1 new, 0 ended, 0 changed, 0 as before.",
    ]
    assert again.startswith("two: taken in on ")
    assert again.endswith(", as two; nothing was changed.")
