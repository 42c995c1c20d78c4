"""Laboratory messages for tests, as a laboratory would send them."""

from collections.abc import Sequence

ALDER = "ZZTEST Alder^Marian", "19640314", "F"


def obx(number: int, code: str, name: str, value: str, unit: str, *, limits: str = "", flag: str = "", status: str = "F") -> str:
    return f"OBX|{number}|NM|{code}^{name}^LN||{value}|{unit}|{limits}|{flag}|||{status}"


POTASSIUM_HIGH = obx(1, "2823-3", "Potassium", "6.4", "mmol/L", limits="3.5-5.1", flag="HH")
CREATININE = obx(2, "2160-0", "Creatinine", "1.4", "mg/dL", limits="0.6-1.3", flag="H")
SODIUM = obx(3, "2951-2", "Sodium", "139", "mmol/L", limits="136-145")
GLUCOSE_SI = obx(4, "2345-7", "Glucose", "5.5", "mmol/L")


def message(
    mrn: str,
    *lines: str,
    control: str = "C-1",
    order: str = "FO-500",
    drawn: str = "20260302060500-0600",
    person: Sequence[str] = ALDER,
    processing: str = "P",
    after: Sequence[str] = (),
) -> bytes:
    """One ORU^R01 of one patient and one order."""
    name, born, sex = person
    segments = [
        f"MSH|^~\\&|LABSYS|ZZTEST LAB|DESK|PHARMACY|20260302073000-0600||ORU^R01^ORU_R01|{control}|{processing}|2.5.1",
        f"PID|1||{mrn}^^^ZZTEST^MR||{name}||{born}|{sex}",
        f"OBR|1||{order}|24320-4^Basic metabolic panel^LN|||{drawn}|||||||||||||||20260302071500-0600|||F",
        *after,
        *lines,
    ]
    return ("\r".join(segments) + "\r").encode()
