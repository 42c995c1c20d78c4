"""Public files that nobody here wrote, read where they lie; where they are absent, messages and codes of our own stand in."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

from tests.lab_messages import CREATININE, GLUCOSE_SI, SODIUM, message

PUBLIC = Path(os.environ.get("INFUSIONDESK_PUBLIC_DATA", Path(__file__).parents[2] / "shared" / "data"))
CMS_CODES = PUBLIC / "hcpcs" / "hcpcs_2025_oct_codes_and_dates.csv"
ORU_FILES = tuple(PUBLIC / "hl7v2" / "ms_fhir_converter" / f"{name}.hl7" for name in ("LAB-ORU-1", "LAB-ORU-2", "ORU-R01-RMGEAD"))
_TIME = re.compile(rb"(?<=\|)(\d{8})(\d{4,6})(?=[+|-])")
_OWN_CODES = (
    "code,kind,short,long,add_date,effective_date,termination_date,action\n"
    "S9500,procedure,Antibiotic daily,Antibiotic therapy every 24 hours,20020101,20020101,,N\n"
    "J0696,procedure,Ceftriaxone 250 mg,Ceftriaxone per 250 mg,20000101,20000101,,N\n"
)


def is_here() -> bool:
    """Whether the public files are there."""
    return CMS_CODES.exists() and all(path.exists() for path in ORU_FILES)


def what_is_read() -> str:
    """One line for the head of a test run."""
    if is_here():
        return "public data: read (HL7 messages and the CMS code file)"
    return "public data: absent, the journeys run on messages and codes of our own (set INFUSIONDESK_PUBLIC_DATA)"


def code_file(folder: Path) -> Path:
    """The CMS code file as it was published, or one of our own in its form."""
    if is_here():
        return CMS_CODES
    own = folder / "codes of our own.csv"
    own.write_text(_OWN_CODES)
    return own


def results_of(mrn: str, folder: Path, drawn: datetime) -> list[Path]:
    """Three messages for one patient: PID rewritten, all times of a message moved by one constant to `drawn`."""
    found = [path.read_bytes() for path in ORU_FILES] if is_here() else _own_results(mrn)
    paths = []
    for number, data in enumerate(found, 1):
        path = folder / f"result-{number}.hl7"
        path.write_bytes(_moved(_for_patient(data, mrn), drawn))
        paths.append(path)
    return paths


def _for_patient(data: bytes, mrn: str) -> bytes:
    pid = f"PID|1||{mrn}^^^ZZTEST^MR||ZZTEST Alder^Marian||19640314|F".encode()
    return re.sub(rb"PID\|[^\r\n]*", pid, data)


def _moved(data: bytes, drawn: datetime) -> bytes:
    """The first time of a message becomes `drawn`; every other keeps its distance from it."""
    times = [datetime.strptime((day + clock[:4]).decode(), "%Y%m%d%H%M") for day, clock in _TIME.findall(data)]  # noqa: DTZ007
    constant: timedelta = drawn.replace(tzinfo=None) - times[0]

    def move(found: re.Match[bytes]) -> bytes:
        day, clock = found.groups()
        at = datetime.strptime((day + clock[:4]).decode(), "%Y%m%d%H%M") + constant  # noqa: DTZ007
        return f"{at:%Y%m%d%H%M}".encode() + clock[4:]

    return _TIME.sub(move, data)


def _own_results(mrn: str) -> list[bytes]:
    return [
        message(mrn, SODIUM, control="T-1", order="FO-501", processing="T"),
        message(mrn, CREATININE, control="T-2", order="FO-502", processing="T"),
        message(mrn, GLUCOSE_SI, control="P-3", order="FO-503"),
    ]
