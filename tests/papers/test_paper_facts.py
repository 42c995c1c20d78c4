"""Facts for every document, and what holds for each: read back, the same twice, only our own faces, nobody named in metadata."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from infusiondesk.assessments import documents as assessments
from infusiondesk.billing import documents as billing
from infusiondesk.careplans import documents as careplans
from infusiondesk.compounding import documents as compounding
from infusiondesk.dispensing import documents as dispensing
from infusiondesk.foundation.paper.stationery import PatientBlock, Pharmacy, Printing, RecordMark, Signature, Unsigned
from infusiondesk.labs import documents as labs
from infusiondesk.orders import documents as orders
from infusiondesk.visits import documents as visits

PHARMACY = Pharmacy(
    "ZZTEST Prairie Home Infusion", ("100 Example Way", "Springfield, IL 62701"), "217-555-0100", "IL 054-000000", "217-555-0199"
)
PRINTING = Printing(PHARMACY, "ZZTEST Rowan, PharmD", "24 Nov 2026 14:05")
PATIENT = PatientBlock(
    "ZZTEST Alder, Marian", "40-118-7", date(1964, 3, 14), "penicillin, hives and throat swelling (2011); latex, rash"
)
CENTRAL = timezone(timedelta(hours=-6))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CENTRAL)


SIGNED = (
    Signature("author", "ZZTEST Rowan, PharmD", "license 051-123456", at("2026-11-24T13:58"), "a3f94c1e77d0b2c8" * 4),
    Unsigned("approved by the prescriber", "sent 24 Nov 2026, no answer yet"),
)


def days(letters: str) -> dict[int, str]:
    return {index: letter for index, letter in enumerate(letters, start=1) if letter != "."}


def line_of(
    code: str,
    modifiers: tuple[str, ...],
    description: str,
    first: str,
    last: str,
    units: int,
    rate: str | None,
    authorization: str,
    held: str = "",
) -> billing.SummaryLine:
    return billing.SummaryLine(
        code,
        modifiers,
        description,
        date.fromisoformat(first),
        date.fromisoformat(last),
        Decimal(units),
        None if rate is None else Decimal(rate),
        authorization,
        held,
    )


SUMMARY = billing.PerDiemSummary(
    record=RecordMark("PD-2611-40118", "2"),
    patient=replace(PATIENT, allergies=None),
    month=date(2026, 11, 1),
    payer="Blue Plan PPO",
    contract="2026, profile version 7",
    profile=(
        billing.ProfileField("Which days count", "every day of access (ACCESS)", False, "contract 2026, section 4"),
        billing.ProfileField("Authorization needed", "all codes", False, "contract 2026, section 9"),
        billing.ProfileField("Line crosses a month end", "yes", True),
        billing.ProfileField("Shortest span of a line", "1 day", True),
        billing.ProfileField("Admission day", "if dosed at home", True),
        billing.ProfileField("Discharge day", "if dosed at home", True),
        billing.ProfileField("Modifiers", "SH, SJ", True),
        billing.ProfileField("Catheter care", "stand alone", True),
    ),
    days=(
        billing.TherapyDays("vancomycin 1,250 mg every 12 hours", "S9501", days(".BBBBBBBBBBBBBBBBBIIBBHH")),
        billing.TherapyDays("cefTRIAXone 2 g daily", "S9500, second therapy SH", days(".BBBBBBBBBBBBBB")),
        billing.TherapyDays("Catheter care, 2 lumens", "S5501", days(".NNNNNNNNNNNNNNNNNIINNNN")),
        billing.TherapyDays("Nursing visit", "99601 and 99602", days(".B...B....B....B.......H")),
    ),
    per_diem_lines=(
        line_of("S9501", (), "vancomycin, every 12 hours", "2026-11-02", "2026-11-18", 17, "105", "PA-48213"),
        line_of("S9500", ("SH",), "cefTRIAXone, every 24 hours", "2026-11-02", "2026-11-15", 14, "95", "PA-48214"),
        line_of("S9501", (), "vancomycin, every 12 hours", "2026-11-21", "2026-11-22", 2, "105", "PA-48213"),
        line_of("S9501", (), "vancomycin, every 12 hours", "2026-11-23", "2026-11-24", 2, "105", "", "no authorization"),
    ),
    nursing_lines=(
        line_of("99601", ("SD",), "nursing visit, up to 2 hours", "2026-11-02", "2026-11-02", 1, "160", "PA-48215"),
        line_of("99602", ("SD",), "each additional hour", "2026-11-02", "2026-11-02", 1, None, "PA-48215", "no contract rate"),
        line_of(
            "99601", ("SD",), "nursing visit, up to 2 hours", "2026-11-24", "2026-11-24", 1, "160", "PA-48215", "note unsigned"
        ),
    ),
    drug_lines=(
        line_of("J3373", (), "vancomycin, 10 mg", "2026-11-02", "2026-11-18", 4250, "0.0315", "PA-48213"),
        line_of("J0696", (), "cefTRIAXone, 250 mg", "2026-11-02", "2026-11-15", 112, "1.25", "PA-48214"),
    ),
    reasons=(
        billing.DayReason(
            date(2026, 11, 19), "vancomycin", "I", "in hospital between admission 18 Nov 2026 and discharge 21 Nov 2026"
        ),
        billing.DayReason(
            date(2026, 11, 20), "vancomycin", "I", "in hospital between admission 18 Nov 2026 and discharge 21 Nov 2026"
        ),
        billing.DayReason(
            date(2026, 11, 23),
            "vancomycin",
            "H",
            "no authorization covers this day; PA-48213 ended 22 Nov 2026 with 2 units unused",
        ),
        billing.DayReason(
            date(2026, 11, 24),
            "vancomycin",
            "H",
            "no authorization covers this day; PA-48213 ended 22 Nov 2026 with 2 units unused",
        ),
        billing.DayReason(date(2026, 11, 2), "Catheter care", "N", "a therapy is open, so catheter care does not stand alone"),
    ),
    warnings=("Authorization PA-48213 ended while the therapy goes on to 13 Dec 2026.",),
    not_checked=("Whether Blue Plan PPO takes modifier 59 after SH: the profile is silent.",),
)

CARE_PLAN = careplans.CarePlanPaper(
    record=RecordMark("CP-10482", "3"),
    patient=PATIENT,
    therapy="vancomycin 1,250 mg every 12 hours, until 13 Dec 2026",
    status="active",
    effective_on=date(2026, 11, 24),
    next_review_on=date(2026, 12, 1),
    reason_for_version="Dose lowered after the level of 23 Nov 2026",
    changes=("Vancomycin from 1,500 mg to 1,250 mg every 12 hours.", "Next level brought forward to 27 Nov 2026."),
    prescriber_acknowledgement="sent 24 Nov 2026, not acknowledged yet",
    problems=(
        careplans.PlanProblem(
            1,
            "indication",
            "Osteomyelitis of the left foot related to diabetes, as evidenced by MRI and bone culture",
            "M86.172",
            date(2026, 10, 30),
            "active",
            1,
            goals=(
                careplans.PlanGoal(
                    "Afebrile",
                    "temperature",
                    "below 38 °C for 72 h",
                    "38.4 °C",
                    date(2026, 12, 1),
                    "RN",
                    "met",
                    (careplans.GoalEvaluation(date(2026, 11, 23), "37.1 °C for 5 days", "No change.", "ZZTEST Fern, RN"),),
                ),
                careplans.PlanGoal(
                    "Exposure in range", "AUC24", "400 to 600 mg·h/L", "612 mg·h/L", date(2026, 11, 27), "RPH", "in progress"
                ),
                careplans.PlanGoal("Inflammation falls", "CRP", "falls by 25% in 2 weeks", "", None, "RPH", "not started"),
            ),
            interventions=(
                careplans.PlanIntervention(
                    "Dose by AUC; infuse over at least 60 min",
                    "RPH",
                    "each level",
                    date(2026, 11, 2),
                    date(2026, 12, 13),
                    "Rx 704118 version 2",
                ),
            ),
            monitoring=(
                careplans.PlanMonitoring("Creatinine", "twice weekly", date(2026, 11, 27), "rise below 0.3 mg/dL", "RPH"),
                careplans.PlanMonitoring("Vancomycin level", "weekly", None, "10 to 20 mg/L", "RPH"),
            ),
        ),
        careplans.PlanProblem(
            2,
            "access device",
            "PICC, right basilic, 2 lumens",
            "",
            None,
            "active",
            2,
            goals=(careplans.PlanGoal("Length unchanged", "external length", "2 cm", "2 cm", None, "RN", "not met"),),
        ),
        careplans.PlanProblem(3, "knowledge", "New to home infusion; daughter helps", "", None, "active", 3),
    ),
    not_checked=('One home medicine, "chinese herbal mix", could not be matched.',),
    signatures=SIGNED,
)

ASSESSMENT = assessments.AssessmentPaper(
    record=RecordMark("AS-20931", "1"),
    patient=PATIENT,
    kind="Initial assessment",
    assessed_at=at("2026-11-01T10:20"),
    assessed_by="ZZTEST Rowan, PharmD",
    sections=(
        assessments.AssessmentSection(
            "Person",
            (
                ("Language", "Vietnamese, interpreter needed"),
                ("Caregiver", "daughter, willing and able"),
                ("Self-administers", "with help"),
                ("Weight", "71.4 kg (157 lb), 1 Nov 2026"),
            ),
        ),
        assessments.AssessmentSection(
            "Home", (("Telephone", "works"), ("Refrigerator", ""), ("Power", "reliable"), ("Emergency department", "18 min"))
        ),
    ),
    findings=(
        assessments.AssessmentFinding("R23", "STOP", "no lab orders are on file", "Get lab orders before the first dose."),
        assessments.AssessmentFinding(
            "R11b",
            "HOLD",
            "hives to penicillin; cefTRIAXone shares no side chain",
            "Clarify the history.",
            "History clarified: hives at age 47, no airway sign",
            "ZZTEST Rowan, 1 Nov 2026 10:31",
        ),
        assessments.AssessmentFinding(
            "R14",
            "WARN",
            "42 days are planned through a midline",
            "Consider a PICC.",
            "PICC placed 1 Nov 2026",
            "ZZTEST Rowan, 1 Nov 2026 10:32",
        ),
        assessments.AssessmentFinding("R99", "INFO", "next appointment 4 Nov 2026", ""),
    ),
    decision="accept with conditions",
    decision_because="lab orders by 2 Nov 2026",
    not_checked=(),
    signatures=SIGNED,
)

VERIFICATION = orders.OrderVerification(
    record=RecordMark("RX-704118", "2"),
    patient=PATIENT,
    rx_number="704118",
    medicine="vancomycin",
    order=(
        ("Medicine", "vancomycin"),
        ("Dose", "1,250 mg"),
        ("Frequency", "every 12 hours"),
        ("Route", "intravenous, PICC"),
        ("Infuse over", "90 min"),
        ("From, until", "24 Nov to 13 Dec 2026"),
        ("Prescriber", "ZZTEST Dr. Elm, NPI 1234567893"),
    ),
    clinical=(
        ("Weight", "71.4 kg (157 lb), 21 Nov 2026"),
        ("Creatinine clearance", "58 mL/min, Cockcroft-Gault"),
        ("Tip", "cavoatrial junction"),
        ("Diagnosis", "M86.172"),
    ),
    screened="8 medicines, 7 recognised",
    screened_at=at("2026-11-24T09:12"),
    alerts=(
        orders.OrderAlert(
            "ONC21, DUP3",
            "HOLD",
            "vancomycin with piperacillin-tazobactam",
            "more kidney injury together than apart",
            "clinical 6.2",
            "Pip-tazo ended 20 Nov 2026",
            "ZZTEST Rowan",
            at("2026-11-24T09:14"),
        ),
        orders.OrderAlert("N7", "WARN", "creatinine 1.3 mg/dL, was 1.0", "a rise of 0.3 mg/dL", "clinical 3.1"),
    ),
    not_checked=('"chinese herbal mix" matched no medicine.',),
    signatures=SIGNED,
)

RECORD = compounding.CompoundingRecordPaper(
    record=RecordMark("B-2611-0151", "1"),
    patient=PATIENT,
    is_final=True,
    name="vancomycin 1,250 mg in 0.9% sodium chloride 250 mL",
    strength="5 mg/mL",
    dosage_form="solution for infusion, bag",
    category="Category 2, aseptic, sterile components, not tested",
    prepared_at=at("2026-11-24T09:05"),
    batch_id="B-2611-0151",
    rx_numbers=("704118",),
    formula="MF-118, version 3",
    compounded_by="ZZTEST Birch, CPhT",
    verified_by="ZZTEST Rowan, PharmD",
    components=(
        compounding.Component(
            "vancomycin vial", "1.25 g", "14 vials", "Xanthe Labs", "00000-1250-14", "VX2209", date(2027, 8, 31), "scanned", True
        ),
        compounding.Component(
            "sterile water for injection",
            "50 mL",
            "350 mL",
            "Brunel",
            "00000-0488-50",
            "4F1187",
            date(2027, 5, 31),
            "scanned",
            True,
        ),
        compounding.Component(
            "0.9% sodium chloride",
            "250 mL bag",
            "14 bags",
            "Brunel",
            "00000-1322-02",
            "Y448120",
            date(2027, 6, 30),
            "scanned",
            True,
        ),
        compounding.Component(
            "transfer set", "single use", "2 sets", "Corvid", "", "TS-8841", None, "typed, confirmed by ZZTEST Aspen", False
        ),
    ),
    calculations=(
        compounding.Calculation("Volume of vancomycin", "1,250 mg / 50 mg/mL", "25 mL"),
        compounding.Calculation("Concentration", "1,250 mg / 250 mL after 25 mL was withdrawn", "5 mg/mL"),
    ),
    total_quantity="3,500 mL",
    planned_yield="14 bags",
    final_yield="14 bags",
    beyond_use_at=at("2026-12-04T09:05"),
    beyond_use_because="Category 2 limit of 10 days from the start is earlier than stability 14 days and every component's expiry.",
    storage="Refrigerator, 2 to 8 °C",
    quality_checks=(
        compounding.QualityCheck("Clear, no particles, no leak", "passed, 14 of 14", "ZZTEST Birch"),
        compounding.QualityCheck("Gravimetric, within 5%", "failed once, remade", "ZZTEST Rowan", False),
        compounding.QualityCheck("Label count", "", ""),
    ),
    hood="PEC-2, certified to 18 Feb 2027",
    filter="",
    sterilisation_load="",
    cleaning="daily cleaning signed 07:20",
    qualification="garbing and media fill in date, ZZTEST Birch",
    waste="1 vial, drawn up twice",
    override_reason="",
    steps=("Reconstitute each vial with 25 mL.", "Withdraw 25 mL from each bag.", "Transfer 25 mL into each bag."),
    not_checked=("Bubble point: no filter was used.",),
    signatures=(
        SIGNED[0],
        Signature("verified and released", "ZZTEST Aspen, PharmD", "license 051-654321", at("2026-11-24T10:40"), "0f" * 32),
    ),
)

BAG = compounding.BagLabel(
    patient_name="ZZTEST Alder, Marian",
    mrn="40-118-7",
    born_on=date(1964, 3, 14),
    rx_number="704118",
    prescriber="ZZTEST Dr. Elm",
    ingredients=(compounding.LabelIngredient("vancomycin", "1,250 mg"),),
    vehicle="0.9% sodium chloride",
    total_volume="250 mL",
    concentration="5 mg/mL",
    dosage_form="Solution for infusion",
    route="Intravenous, through the PICC",
    rate="167 mL/h over 90 min",
    directions="Infuse 1 bag every 12 hours. Take out of the refrigerator 2 to 4 hours before.",
    storage="Refrigerate, 2 to 8 °C. Do not freeze.",
    beyond_use_at=at("2026-12-04T09:05"),
    prepared_at=at("2026-11-24T09:05"),
    batch_id="B-2611-0151",
    number=3,
    of=14,
    container="single-dose bag",
    warnings=("Central line preferred",),
    code="B-2611-0151/03",
)
SYRINGE = compounding.SyringeLabel(
    "ZZTEST Alder, Marian",
    date(1964, 3, 14),
    "704120",
    "heparin lock flush",
    "50 units",
    "5 mL (10 units/mL)",
    "Into the PICC, last in SASH",
    "Room temperature",
    at("2026-12-01T09:05"),
    "B-2611-0152",
    2,
    28,
    "B-2611-0152/02",
)

TICKET = dispensing.DeliveryTicket(
    record=RecordMark("DT-55120", "1"),
    patient=PATIENT,
    deliver_to="ZZTEST Alder, Marian, 12 Sample Street, Springfield, IL 62701",
    place_of_care="own home",
    telephone="217-555-0142",
    window="24 Nov 2026, 13:00 to 16:00",
    carrier="own driver, ZZTEST Yew",
    packed_at=at("2026-11-24T11:10"),
    packed_by="ZZTEST Birch",
    packout="PK-4 winter, 24 h, logger 8812",
    items=(
        dispensing.DeliveryItem(
            "vancomycin 1,250 mg in 0.9% sodium chloride 250 mL",
            "704118",
            "14 bags",
            "B-2611-0151",
            "Refrigerate, 2 to 8 °C",
            beyond_use_at=at("2026-12-04T09:05"),
        ),
        dispensing.DeliveryItem(
            "0.9% sodium chloride flush 10 mL", "704119", "56 syringes", "FL-2210", "Room temperature", expires_on=date(2028, 1, 31)
        ),
        dispensing.DeliveryItem("Dressing kit", "", "2 kits", "", "Room temperature", is_supply=True),
    ),
    instructions=("Put the bags into the refrigerator at once.", "Call 217-555-0199 if a bag leaks or is cloudy."),
    confirmation=dispensing.DeliveryConfirmation("ZZTEST Alder, Linh", "daughter", at("2026-11-24T14:32"), "sealed, cold", "4 °C"),
    not_checked=("The logger was not read at the door.",),
)

LAB = labs.LabReportPaper(
    record=RecordMark("LR-88120", "2"),
    patient=PATIENT,
    accession="Q-4471",
    laboratory="ZZTEST Central Laboratory",
    ordered_by="ZZTEST Dr. Elm",
    collected_at=at("2026-11-23T08:30"),
    collection="PICC after 10 mL waste; last dose 22 Nov 2026 20:00 to 21:30",
    resulted_at=at("2026-11-23T13:02"),
    status="final, corrected",
    results=(
        labs.LabResultLine(
            "Potassium",
            "6.3",
            "mmol/L",
            "3.5 to 5.1",
            "critical",
            "critical high",
            "6.3 is at or above the critical line 6",
            "4.4",
            "up 1.9",
        ),
        labs.LabResultLine(
            "Creatinine", "1.3", "mg/dL", "0.6 to 1.2", "flag", "high", "a rise of 0.3 mg/dL since 19 Nov 2026", "1.0", "up 0.3"
        ),
        labs.LabResultLine("Vancomycin, trough", "18.2", "mg/L", "10 to 20", "normal", "", "", "15.1", "up 3.1", replaces="28.1"),
        labs.LabResultLine("Sodium", "139", "mmol/L", "", "normal", ""),
    ),
    review=labs.LabReview(
        "Dose lowered to 1,250 mg every 12 hours; potassium repeated today",
        "ZZTEST Rowan, PharmD",
        at("2026-11-23T13:40"),
        "ZZTEST Dr. Elm, 23 Nov 2026 13:35, read back",
    ),
    not_checked=("Haemolysis index was not sent.",),
    signatures=(SIGNED[0],),
)

NOTE = visits.VisitNotePaper(
    record=RecordMark("VN-30771", "1"),
    patient=PATIENT,
    kind="Routine visit",
    nurse="ZZTEST Fern, RN",
    started_at=at("2026-11-24T09:30"),
    ended_at=at("2026-11-24T10:35"),
    minutes=65,
    place="own home",
    order_version="Rx 704118 version 2",
    written="offline; tablet 24 Nov 2026 10:36, received 24 Nov 2026 12:02",
    identifiers="name and birth date",
    vitals=(
        visits.Vital("Temperature", "38.1", "°C", at("2026-11-24T09:35"), "at least 38"),
        visits.Vital("Heart rate", "88", "per minute"),
        visits.Vital("Blood pressure", "118 over 72", "mmHg"),
        visits.Vital("Weight", "71.2", "kg"),
    ),
    sections=(
        visits.VisitSection(
            "Access",
            (
                ("Device", "PICC, right basilic"),
                ("Dressing", "dry, changed today"),
                ("External length", "2 cm, as inserted"),
                ("Blood return", "brisk, both lumens"),
            ),
        ),
        visits.VisitSection("Flush", (("Sodium chloride", "10 mL before and after"), ("Heparin", "10 units/mL, 5 mL"))),
        visits.VisitSection("Infusion", (("Given", "vancomycin 1,250 mg, bag 3 of 14"), ("Rate", "167 mL/h"), ("Tolerated", ""))),
    ),
    alerts=(
        visits.VisitAlert(
            "N01", "STOP", "temperature 38.1 °C with a central line", "Prescriber called 09:41, cultures drawn from both lumens"
        ),
        visits.VisitAlert("N06", "WARN", "connector due 23 Nov 2026"),
    ),
    teaching=(visits.Taught("Signs of line infection", "spoken, return demonstration", "daughter", "independent"),),
    addenda=(visits.Addendum(at("2026-11-25T08:02"), "ZZTEST Fern, RN", "Blood cultures: no growth at 24 h."),),
    not_checked=("Refrigerator temperature was not read.",),
    signatures=SIGNED,
)


@dataclass(frozen=True)
class Paper:
    """One document with facts to draw it from."""

    name: str
    draw: Callable[[Any, Printing], bytes]
    facts: Any

    def pdf(self, printing: Printing = PRINTING) -> bytes:
        return self.draw(self.facts, printing)


PAPERS = (
    Paper("billing summary", billing.draw_per_diem_summary, SUMMARY),
    Paper("care plan", careplans.draw_care_plan, CARE_PLAN),
    Paper("assessment", assessments.draw_assessment, ASSESSMENT),
    Paper("order verification", orders.draw_order_verification, VERIFICATION),
    Paper("compounding record", compounding.draw_compounding_record, RECORD),
    Paper("bag labels", compounding.draw_bag_labels, (BAG, replace(BAG, number=4, code="B-2611-0151/04"))),
    Paper("syringe labels", compounding.draw_syringe_labels, (SYRINGE,)),
    Paper("delivery ticket", dispensing.draw_delivery_ticket, TICKET),
    Paper("lab report", labs.draw_lab_report, LAB),
    Paper("visit note", visits.draw_visit_note, NOTE),
)
each_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
SHEETS = tuple(paper for paper in PAPERS if "labels" not in paper.name)
each_sheet = pytest.mark.parametrize("paper", SHEETS, ids=lambda paper: paper.name)

DATES = re.compile(r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}")


def read_back(content: bytes) -> str:
    """The text of all pages, with one space between words."""
    return squeezed("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def picture_of(content: bytes, page: int = 0, *, scale: int = 1) -> QImage:
    """One page as a picture, 72 dots to the inch; QtPdf renders transparent, so it is laid on white."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    size = document.pagePointSize(page).toSize() * scale
    drawn = document.render(page, size)
    document.close()
    white = QImage(size, QImage.Format.Format_RGB32)
    white.fill(0xFFFFFF)
    painter = QPainter(white)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return white


def is_blank(picture: QImage, columns: range, rows: range) -> bool:
    """Nothing was drawn into these columns and rows of pixels."""
    return all(picture.pixel(x, y) == 0xFFFFFFFF for x in columns for y in rows)


def pages_of(content: bytes) -> list[str]:
    """The text of each page, with one space between words."""
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def facts_in(value: Any) -> list[str]:
    """Every text that some facts hold, however deep."""
    if isinstance(value, str):
        return [squeezed(value)] if value.strip() else []
    if isinstance(value, tuple):
        return [text for one in value for text in facts_in(one)]
    if is_dataclass(value) and not isinstance(value, type):
        return [
            text
            for one in fields(value)
            if one.name not in {"code", "letter", "urgency", "digest"}
            for text in facts_in(getattr(value, one.name))
        ]
    return []


@each_paper
def test_every_fact_can_be_read_back(paper: Paper) -> None:
    text = read_back(paper.pdf()).lower()
    assert [fact for fact in facts_in(paper.facts) if fact.lower() not in text] == []


@each_paper
def test_the_same_facts_give_the_same_bytes_and_other_facts_give_others(paper: Paper) -> None:
    assert paper.pdf() == paper.pdf()
    assert paper.pdf() != paper.pdf(replace(PRINTING, reprint=1))


@each_paper
def test_only_our_own_faces_are_listed_and_they_are_embedded(paper: Paper) -> None:
    pages: list[Any] = list(PdfReader(BytesIO(paper.pdf())).pages)
    faces = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    assert faces
    for face in faces:
        assert re.fullmatch(r"/[A-Z]{6}\+InfusionDesk(Sans|Fallback)-(Regular|SemiBold)", face["/BaseFont"])
        assert "/FontFile2" in face["/FontDescriptor"].get_object()


@each_paper
def test_the_metadata_names_nobody(paper: Paper) -> None:
    reader = PdfReader(BytesIO(paper.pdf()))
    assert reader.metadata is not None
    assert {key: value for key, value in reader.metadata.items() if "Date" not in key} == {
        "/Title": "InfusionDesk document",
        "/Author": "InfusionDesk",
        "/Creator": "InfusionDesk",
        "/Producer": "InfusionDesk",
        "/Subject": "",
        "/Keywords": "",
        "/Trapped": "/False",
    }
    assert reader.xmp_metadata is None


@each_paper
def test_a_reprint_and_a_demo_paper_say_so(paper: Paper) -> None:
    first, again = read_back(paper.pdf()), read_back(paper.pdf(replace(PRINTING, reprint=2, is_demo=True)))
    assert "REPRINT" not in first
    assert "DEMO" not in first
    assert "REPRINT 2" in again
    assert "DEMO" in again


@each_sheet
def test_every_page_names_the_patient_the_record_and_the_page(paper: Paper) -> None:
    reader = PdfReader(BytesIO(paper.pdf()))
    for number, page in enumerate(reader.pages, start=1):
        text = squeezed(page.extract_text())
        assert "ZZTEST Alder, Marian" in text
        assert "MRN 40-118-7, born 14 Mar 1964" in text
        assert f"Record {paper.facts.record.id}, version {paper.facts.record.version}" in text
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "Printed by ZZTEST Rowan, PharmD, 24 Nov 2026 14:05" in text


@each_sheet
def test_a_hostile_name_is_printed_letter_for_letter(paper: Paper, caplog: pytest.LogCaptureFixture) -> None:
    hostile = 'ZZTEST <b>Bold</b> & </para> <img src="file:///etc"/> &amp; {x} %s'
    text = read_back(replace(paper, facts=replace(paper.facts, patient=replace(PATIENT, name=hostile))).pdf())
    assert hostile in text
    assert caplog.text == ""


@each_sheet
def test_what_was_not_checked_is_said_even_when_it_is_nothing(paper: Paper) -> None:
    assert "nothing was skipped" in read_back(replace(paper, facts=replace(paper.facts, not_checked=())).pdf())
    text = read_back(replace(paper, facts=replace(paper.facts, not_checked=("ZZTEST herb could not be read.",))).pdf())
    assert "Not checked ZZTEST herb could not be read." in text
    assert "nothing was skipped" not in text


@each_paper
def test_every_date_on_paper_has_its_month_in_letters(paper: Paper) -> None:
    text = read_back(paper.pdf())
    assert not re.search(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b", text)
    assert DATES.search(text)


@pytest.mark.usefixtures("qapp")
@each_sheet
def test_nothing_stands_in_the_margins(paper: Paper) -> None:
    content = paper.pdf()
    for page in range(len(PdfReader(BytesIO(content)).pages)):
        picture = picture_of(content, page)
        assert is_blank(picture, range(36), range(792))
        assert is_blank(picture, range(576, 612), range(792))
        assert not is_blank(picture, range(40, 572), range(40, 740))
