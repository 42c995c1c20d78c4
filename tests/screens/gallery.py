"""Sheets of the kit as pictures, to be held against the drawings of the look: python -m tests.screens.gallery FOLDER."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import shiboken6
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPixmap, QRegion
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from infusiondesk.foundation.kernel.outcomes import Problem
from infusiondesk.foundation.qtkit.forms import (
    CheckField,
    ChoiceField,
    CodeField,
    DateField,
    DateTimeField,
    Form,
    LongTextField,
    MultiChoiceField,
    NumberField,
    TextField,
    TimeField,
)
from infusiondesk.foundation.qtkit.frame.dialogs import CoSignDialog, ReasonDialog, SignDialog
from infusiondesk.foundation.qtkit.frame.foot import StatusItem
from infusiondesk.foundation.qtkit.frame.frame import Frame
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail, TitleRow
from infusiondesk.foundation.qtkit.frame.palette import Found, Palette
from infusiondesk.foundation.qtkit.frame.side_bar import Section
from infusiondesk.foundation.qtkit.parts.actions import ActionColumn
from infusiondesk.foundation.qtkit.parts.alert import AlertInline
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, Rule, across, down, holding
from infusiondesk.foundation.qtkit.parts.banner import AllergyFact, BannerFacts
from infusiondesk.foundation.qtkit.parts.button import Button, Kind
from infusiondesk.foundation.qtkit.parts.card import Card
from infusiondesk.foundation.qtkit.parts.choice import SegmentedChoice
from infusiondesk.foundation.qtkit.parts.day_grid import DayCell, DayGrid, DayLegend, DayRow, Letter
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.message_bar import MessageBar
from infusiondesk.foundation.qtkit.parts.picker import Picker
from infusiondesk.foundation.qtkit.parts.pill import KeyCap, Pill
from infusiondesk.foundation.qtkit.parts.quantity import QuantityField
from infusiondesk.foundation.qtkit.parts.scan import ScanField
from infusiondesk.foundation.qtkit.parts.scroll import Scroll
from infusiondesk.foundation.qtkit.parts.signature import SignatureBox
from infusiondesk.foundation.qtkit.parts.steps import Step, StepList
from infusiondesk.foundation.qtkit.parts.tabs import Tabs
from infusiondesk.foundation.qtkit.parts.text import SectionTitle, Text
from infusiondesk.foundation.qtkit.parts.why import Limit, Why, WhyPanel
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.theme import apply_theme
from infusiondesk.foundation.qtkit.tokens import Tone

SECTIONS = [
    Section("Today"), Section("Intake"), Section("Patients"), Section("Pharmacy"), Section("Compounding"), Section("Clean room"),
    Section("Stock"), Section("Deliveries"), Section("Labs"), Section("Nursing"), Section("Billing"), Section("Quality", rule=True),
    Section("Library"), Section("Settings"),
]  # fmt: skip

MARIAN = BannerFacts(
    name="ZZTEST Alder, Marian",
    mrn="40-118-7",
    born="14 Mar 1964",
    age="62 years",
    sex="female",
    weight="71.4 kg (157 lb), 21 Nov 2026",
    status="Active",
    allergies=(AllergyFact("Allergy: penicillin, hives and throat swelling (2011)"), AllergyFact("Latex, rash")),
    emergency_class="Emergency class 2: dose critical within 24 hours",
    code_status="Full code",
    access="PICC, right basilic, 2 lumens, tip at cavoatrial junction (chest X-ray, 1 Nov)",
    therapy="vancomycin, day 23 of 42",
    payer="Blue Plan PPO",
    authorization="ended 22 Nov 2026, 0 days left",
    authorization_tone="due",
)


@dataclass(frozen=True)
class Work:
    """A row of a worklist."""

    id: int
    group: str
    tone: Tone
    due: str
    distance: str
    what: str
    who: str
    because: str
    action: str


WORK = [
    Work(1, "Could harm now", "danger", "08:10", "21 min late", "Pump stopped 6 minutes, milrinone", "ZZTEST Cedar, Ruth",
         "Life-sustaining infusion, emergency class 1. Pump exchange is not confirmed.", "Open call"),
    Work(2, "Could harm now", "danger", "08:52", "in 21 min", "Vancomycin trough 27.4 mg/L", "ZZTEST Alder, Marian",
         "Above the critical limit of 25 mg/L. Call the prescriber within 60 minutes of receipt.", "Review lab"),
    Work(3, "Could harm now", "danger", "10:00", "in 1 h 29 min", "Screening stop: ertapenem", "ZZTEST Elm, Oscar",
         "Contraindicated with valproate. Needs a new order from the prescriber.", "Settle"),
    Work(4, "Due before 12:00", "due", "08:30", "1 min late", "Final check, batch B-2611-0147", "ZZTEST Hawthorn, Ines",
         "6 syringes of ceFAZolin 2 g waiting since 08:12. Courier leaves 10:30.", "Check batch"),
    Work(5, "Due before 12:00", "due", "11:00", "in 2 h 29 min", "Verify new order: cefTRIAXone 2 g daily", "ZZTEST Fir, Daniel",
         "First dose today at 16:00, and the compounding cut-off is 11:00.", "Verify"),
    Work(6, "Due before 12:00", "due", "11:00", "in 2 h 29 min", "Verify change: DAPTOmycin 500 mg daily", "ZZTEST Juniper, Lee",
         "Creatine kinase rose to 1,180 units/L since the last dispense; statin on the list.", "Verify"),
    Work(7, "Later today", "neutral", "14:00", "today", "Return from hospital", "ZZTEST Maple, Victor",
         "Discharged 23 Nov. Full reassessment is required before the next dispense.", "Reassess"),
    Work(8, "Later today", "neutral", "15:00", "today", "Weekly labs not received", "ZZTEST Olive, Grace",
         "Creatinine and blood count due 22 Nov; 48 hours have passed.", "Call lab"),
    Work(9, "Later today", "done", "07:55", "done 08:04", "Refill review: immune globulin 40 g", "ZZTEST Poplar, Ken",
         "Ships 25 Nov. Authorization has 3 days left.", "Review"),
]  # fmt: skip

WORK_COLUMNS: Sequence[Column[Work]] = (
    Column("", lambda row: "", tone=lambda row: row.tone, shape=True, width=40),
    Column(
        "Due",
        lambda row: row.due,
        second=lambda row: row.distance,
        strong=True,
        tone=lambda row: row.tone,
        width=110,
        second_tone=lambda row: row.tone if "late" in row.distance else None,
    ),
    Column("What and who", lambda row: row.what, second=lambda row: row.who, strong=True, stretch=6),
    Column("Why it is here", lambda row: row.because, wraps=True, stretch=5),
    Column("Usual action", lambda row: row.action, right=True, quiet=True, key="Space"),
)


@dataclass(frozen=True)
class Line:
    """A billing line."""

    id: int
    tone: Tone
    code: str
    modifier: str
    what: str
    dates: str
    units: int
    authorization: str
    status: str


LINES = [
    Line(1, "done", "S9501", "", "vancomycin, every 12 hours", "2 to 18 Nov", 17, "PA-48213", "Ready"),
    Line(2, "done", "S9501", "", "vancomycin, every 12 hours", "21 to 22 Nov", 2, "PA-48213", "Ready"),
    Line(3, "due", "S9501", "", "vancomycin, every 12 hours", "23 to 24 Nov", 2, "none", "Held: no authorization"),
    Line(4, "done", "S9500", "SH", "cefTRIAXone, every 24 hours", "2 to 15 Nov", 14, "PA-48214", "Ready"),
    Line(5, "due", "99601", "SD", "nursing visit, 24 Nov", "24 Nov", 1, "PA-48215", "Held: note unsigned"),
]

LINE_COLUMNS: Sequence[Column[Line]] = (
    Column("", lambda row: "", tone=lambda row: row.tone, shape=True, width=36),
    Column("HCPCS", lambda row: row.code, strong=True),
    Column("Modifiers", lambda row: row.modifier or "none", quiet=True),
    Column("Description", lambda row: row.what, stretch=1),
    Column("Dates of service", lambda row: row.dates),
    Column("Units", lambda row: str(row.units), sort=lambda row: row.units, right=True, strong=True),
    Column("Authorization", lambda row: row.authorization, tone=lambda row: "due" if row.authorization == "none" else None),
    Column("Status", lambda row: row.status, tone=lambda row: row.tone),
)


@dataclass
class ReferralDraft:
    """What is typed into the sample form."""

    family_name: str = ""
    born_on: date | None = None
    weight_kg: Decimal | None = None
    sex: str | None = None
    payer: str | None = None
    received_at: object = None
    from_time: object = None
    draws: bool = False
    drug: object = None
    needs: tuple[str, ...] = field(default=())
    note: str = ""

    def problems(self) -> list[Problem]:
        """The weight of an adult is plausible."""
        if self.weight_kg is not None and self.weight_kg < 20:
            return [Problem("weight_kg", "Below 20 kg. Check the unit.")]
        return []


def referral_form(draft: ReferralDraft | None = None) -> Form:
    """A form with every kind of field."""
    return Form(
        [
            TextField("family_name", "Family name", required=True, hint="as on the insurance card"),
            DateField("born_on", "Born", required=True, hint="like 24 Nov 2026"),
            NumberField("weight_kg", "Weight", unit="kg", places=1, also="lb"),
            ChoiceField("sex", "Sex", choices=[("F", "Female"), ("M", "Male"), ("X", "Other")], required=True),
            "Coverage and start",
            ChoiceField(
                "payer", "Payer", choices=["Blue Plan PPO", "Medicare Part B", "Medicaid", "TRICARE", "Self pay"], required=True
            ),
            DateTimeField("received_at", "Referral received"),
            TimeField("from_time", "Can be called from"),
            CheckField("draws", "Draws labs at the visit"),
            CodeField("drug", "Drug", look_up=lambda words, then: then([])),
            MultiChoiceField("needs", "Needs", choices=["Interpreter", "Large print", "Wheelchair access", "Reader"]),
            LongTextField("note", "Note", lines=3),
        ],
        draft or ReferralDraft(),
    )


def work_table() -> RowsTable[Work]:
    """A grouped worklist."""
    table: RowsTable[Work] = RowsTable(
        WORK_COLUMNS, name="Today", group=lambda row: row.group, recedes=lambda row: row.tone == "done"
    )
    table.show_rows(WORK, total=17)
    table.choose(lambda row: row.id == 2)
    return table


def today() -> QWidget:
    """The list with its detail, in the frame."""
    page = ListDetail(
        "Today",
        "Tuesday 24 Nov 2026, 08:31",
        [
            SegmentedChoice("Scope", ["My list", "Whole pharmacy", "Done (12)"], chosen=0, switch=True),
            Button("Filter", icon="funnel", dense=True),
        ],
    )
    page.set_list(work_table())
    page.set_foot_keys([("Up Down", "move"), ("Enter", "open"), ("Space", "usual action"), ("Alt+Y", "why")])
    why = WhyPanel("Why it is here", compact=True)
    why.show_why(
        Why(
            "",
            "Trough above 25 mg/L is critical. Received 07:52, so the call is due 08:52. Creatinine rose from 1.1 to 1.6 mg/dL.",
            rule="LAB-VAN-2, policy 4.1",
            signed="3 Aug 2026 by ZZTEST Rowan",
        )
    )
    facts = FactList(
        [
            Fact("Linked order", "vancomycin 1,250 mg IV every 12 hours, day 23 of 42"),
            Fact("Doses today", "08:00 not reported yet; 20:00 bag is in the home", "due"),
            Fact("Drawn", "24 Nov 2026 05:50, before the 08:00 dose"),
            Fact("Prescriber", ""),
        ]
    )
    detail = down(
        across(Pill("Critical lab", "danger"), STRETCH, Text("2 of 17", 12, ink="ink3")),
        Text("Vancomycin trough 27.4 mg/L", 20, 600, wraps=True),
        Text("ZZTEST Alder, Marian   MRN 40-118-7   62 years, female", ink="ink2", wraps=True),
        why, Rule(), facts, STRETCH, gap=8,
    )  # fmt: skip
    page.show_detail(
        holding(detail),
        Button("Review lab and call prescriber", "primary", icon="phone", cap="Enter", height=40),
        Button("Hold next dose", "danger_outline", icon="hand", cap="H"),
        Button("Open chart", cap="O"),
    )
    return page


def framed(screen: QWidget, section: str, patient: BannerFacts | None = None) -> Frame:
    """A screen in the frame."""
    frame = Frame(SECTIONS)
    for name, count, critical in (
        ("Today", 17, True), ("Intake", 4, False), ("Pharmacy", 6, False), ("Compounding", 5, False), ("Labs", 9, True),
        ("Billing", 1023, False),
    ):  # fmt: skip
        frame.set_count(name, count, critical)
    frame.show_section(section)
    frame.show_person("ZZTEST Rowan", "Pharmacist")
    frame.show_status([StatusItem("Database connected"), StatusItem("Backup 24 Nov 2026 07:00"), StatusItem("HL7 stopped", "due")])
    frame.show_demo(True)
    frame.show_news(3)
    frame.message.done("Order Rx 704118 verified and sent to compounding. Label queued.", "Resume", lambda: None)
    frame.show_screen(screen)
    frame.show_patient(patient)
    return frame


def cells(days: str) -> tuple[DayCell, ...]:
    """A row of the day grid from its letters, a point for nothing."""
    letters: dict[str, Letter] = {"B": "B", "H": "H", "I": "I", "N": "N", "P": "P", ".": ""}
    return tuple(DayCell(letters[sign], by_hand=place == 10) for place, sign in enumerate(days))


def ledger() -> QWidget:
    """The day ledger: grid above, lines and reason below."""
    grid = DayGrid("Day ledger")
    grid.show_days(
        date(2026, 11, 1),
        [
            DayRow("vancomycin 1,250 mg every 12 hours", "S9501", cells(".BBBBBBBBBBBBBBBBBIIBBHHPPPPPP"), "19"),
            DayRow("cefTRIAXone 2 g daily", "S9500, second therapy SH", cells(".BBBBBBBBBBBBBB..............."), "14"),
            DayRow("Catheter care, 2 lumens", "S5501", cells(".NNNNNNNNNNNNNNNNNIINNNN......"), "0"),
            DayRow("Nursing visit", "99601 and 99602", cells(".B...B....B....B....N..H..P..."), "4"),
        ],
        today=date(2026, 11, 24),
    )
    grid.choose(0, 22)
    contract = Text("each day of access counts; one line per authorization", 13, 400, "ink2")
    head = across(Text("Blue Plan PPO, contract 2026", 13, 600), 6, (contract, 1), DayLegend(), gap=4)
    top = Card(padding=16, gap=6)
    top.body.setContentsMargins(16, 8, 16, 8)
    top.add(holding(head, height=32))
    top.add(grid)
    table: RowsTable[Line] = RowsTable(LINE_COLUMNS, name="Resulting lines")
    table.show_rows(LINES)
    table.choose(lambda row: row.id == 3)
    build = Button("Build claim", "primary", icon="arrow-right", key="Ctrl+Enter", dense=True)
    lines = Card("Resulting lines", "37 of 40 units ready", right=[build], padding=16, gap=4)
    lines.add(table, 1)
    why = WhyPanel("Held, why?")
    why.show_why(
        Why(
            "Monday 23 Nov",
            "No authorization covers this day. PA-48213 ended 22 Nov 2026 with 2 units unused; the end date binds first.",
            inputs=[("Access to therapy", "yes, ordered 2 Nov to 13 Dec"), ("Inpatient", "no, discharged 21 Nov")],
            rule="AUTH-2, Blue Plan profile v7",
        )
    )
    why.add(ActionColumn(Button("Request extension", icon="paper-plane-tilt")))
    why.setFixedWidth(312)
    title = TitleRow(
        "Day ledger",
        "",
        [
            Button("November 2026", icon="calendar-blank", dense=True),
            SegmentedChoice("Part", ["Per diem days", "Drugs", "Nursing"], chosen=0, switch=True),
            Button("Print summary", icon="printer", dense=True),
        ],
    )
    tabs = Tabs("Chart", ["Overview", "Assessment", "Care plan", "Orders", "Screening", "Labs and trends", "Doses and deliveries",
                          "Visits", "Education", "Billing", "Documents", "History"])  # fmt: skip
    tabs.set_count("Labs and trends", 2, "danger")
    tabs.set_count("Billing", 1, "due")
    tabs.choose("Billing")
    body = down(title, top, (holding(across((lines, 1), why, gap=12)), 1), gap=10, margins=(20, 12, 20, 12))
    return holding(down(tabs, (holding(body), 1), gap=0))


def batch() -> QWidget:
    """The worksheet: steps, scan field, why of the date."""
    steps = StepList("Worksheet")
    steps.show_steps(
        [
            Step("Clear the hood, garb", "08:58, ZZTEST Birch", "done"), Step("Scan ingredients", "4 of 4 entered", "current"),
            Step("Confirm volumes", "2 people"), Step("Reconstitute, transfer", "14 bags", "held"),
            Step("Inspect, count yield", "", "stopped"), Step("Label", "14 labels"),
        ]
    )  # fmt: skip
    left = Card("Worksheet, step 2 of 7", padding=8, title_px=13)
    left.add(steps)
    left.add(STRETCH)
    left.setFixedWidth(216)
    ready, matched, refused = ScanField("Scan the next item"), ScanField("Scan"), ScanField("Scan")
    matched.show_matched("sterile water for injection", "lot 4F1187, matched, 7 of 7")
    refused.show_refused("0.45% sodium chloride 250 mL", "Not in this batch. Set it aside.")
    work = Card("Scan ingredients", padding=20)
    for part in (ready, matched, refused):
        work.add(part)
    work.add(AlertInline("Out by 2 cm since insertion: do not infuse", "Confirm the tip before the next dose. Tell the pharmacist.",
                         answers=["Request X-ray"], answer_kind="danger_outline", height=44))  # fmt: skip
    work.add(AlertInline("Trough was drawn early", "Draw 30 minutes before the dose.", tone="due", answers=["Yes", "No"]))
    settled = AlertInline("Fever with a central line", "Chills, or fever after a flush?", answers=["Yes", "No"])
    settled.settle("Yes, prescriber told, ZZTEST Hazel 09:42")
    work.add(settled)
    work.add(STRETCH)
    why = WhyPanel("Beyond-use date, why?")
    why.show_why(
        Why(
            "4 Dec 2026 09:05",
            "The earliest limit wins, counted from the start of preparation, 24 Nov 2026 09:05.",
            limits=[
                Limit("Category 2 limit, 10 days", "4 Dec 2026 09:05", "aseptic, sterile components, no test", 0.55, wins=True),
                Limit("Stability, 14 days", "8 Dec 2026 09:05", "5 mg/mL in 0.9% sodium chloride, label", 0.78),
                Limit("Earliest component expiry", "31 May 2027", "sterile water for injection, lot 4F1187", 1.0),
            ],
            rule="USP 797, official 1 Nov 2023",
            signed="3 Aug 2026 by ZZTEST Rowan",
            stale="The stability row is older than its review date.",
        )
    )
    why.setFixedWidth(324)
    stop = Button("Stop batch", "danger_outline", icon="hand", height=44)
    go_on = Button("Confirm, go to volumes", "primary", icon="arrow-right", cap="Enter", height=60, px=18)
    bar = Card(padding=12)
    bar.add(across(SectionTitle("4 of 4 ingredients", "3 scanned, 1 typed and confirmed"), STRETCH, stop, go_on))
    upper = holding(across(left, (work, 1), why, gap=12))
    return holding(down((upper, 1), bar, gap=12, margins=(20, 12, 20, 12)))


def visit() -> QWidget:
    """Tablet density: sections, quantities, choices, signatures."""
    sections = StepList("Visit note", free=True)
    sections.show_steps(
        [
            Step("Arrival and identity", "complete", "done", share=1), Step("Vital signs", "complete", "done", share=1, alarm=True),
            Step("Access device", "6 of 8", "current", share=0.75, alarm=True), Step("Pump", "not started", "todo", share=0),
        ]
    )  # fmt: skip
    side = Card(padding=8)
    side.add(sections)
    side.add(STRETCH)
    side.setFixedWidth(236)
    fever = QuantityField("Temperature", "°C", places=1, also="°F", tablet=True)
    fever.show_value(Decimal("38.2"))
    fever.refuse("Fever")
    pulse = QuantityField("Pulse", "per min", places=0, tablet=True)
    pulse.show_value(Decimal(96))
    weight = QuantityField("Weight", "kg", places=1, also="lb", tablet=True)
    weight.show_value(Decimal("66.2"))
    weight.warn("7.3% below the last weight")
    length = QuantityField("External length, baseline 3 cm", "cm", places=1, step=Decimal(1), tablet=True)
    length.show_value(Decimal(5))
    vital = Card("Vital signs", right=[Text("09:38", 13, ink="ink2")])
    vital.add(across((fever, 1), (pulse, 1), (weight, 1), gap=14))
    blood = SegmentedChoice("Blood return, lumen 2", ["Brisk", "Sluggish", "None"], height=52)
    answered = holding(down(Text("Blood return, lumen 2", 13, ink="ink2"), blood, STRETCH, gap=4))
    vital.add(across((length, 1), (answered, 1), gap=14))
    vital.add(SegmentedChoice("Phlebitis scale", ["0", "1", "2", "3", "4"], chosen=1, height=52))
    plain = QuantityField("Weight", "kg", places=1, also="lb")
    plain.show_value(Decimal("71.4"))
    plain.note("measured 21 Nov 2026")
    off = QuantityField("Weight", "kg", places=1)
    off.forbid("Not needed for this therapy")
    vital.add(across((plain, 1), (off, 1), (Picker("Payer", ["Blue Plan PPO"]), 1), gap=14))
    vital.add(STRETCH)
    sign = Card("Before you sign")
    patient = SignatureBox("Patient or caregiver", by_hand=True)
    patient.show_signed("ZZTEST Alder, Marian, 27 Nov 2026 10:12", [[(0.1, 0.6), (0.2, 0.3), (0.3, 0.7), (0.45, 0.35), (0.7, 0.6)]])
    nurse = SignatureBox("Nurse, signs last", "ZZTEST Hazel, RN, license ZZ-20417")
    nurse.lock("Opens when the red items are settled")
    refused = SignatureBox("Caregiver")
    refused.refuse("hand in a splint")
    for box in (patient, nurse, refused):
        sign.add(box)
    sign.add(STRETCH)
    finish = Button("Sign and finish", "primary", icon="pen-nib", height=56, px=16)
    finish.forbid("2 red items to settle before signing.")
    sign.add(ActionColumn(finish))
    sign.setFixedWidth(296)
    return Scroll(holding(across(side, (vital, 1), sign, gap=12, margins=(16, 12, 16, 12))))


def components() -> QWidget:
    """Buttons, pills, bars, empty states."""
    kinds: tuple[tuple[Kind, str], ...] = (
        ("primary", "Verify"), ("secondary", "Open chart"), ("ghost", "Details"), ("danger", "Stop batch"),
        ("danger_outline", "Hold dose"),
    )  # fmt: skip
    grid = QGridLayout()
    for row, (kind, words) in enumerate(kinds):
        grid.addWidget(Button(words, kind), row, 0)
        grid.addWidget(Button(words, kind, icon="check", cap="Ctrl+Enter"), row, 1)
        off = Button(words, kind)
        off.forbid("Nothing is chosen.")
        grid.addWidget(off, row, 2)
    grid.setColumnStretch(3, 1)
    left = Card("Buttons")
    left.add(grid)
    tones: tuple[tuple[str, Tone], ...] = (
        ("Critical lab", "danger"), ("Due 11:00", "due"), ("Active", "done"), ("In progress", "accent"), ("Waiting", "neutral"),
        ("In hospital", "hosp"), ("Day 23 of 42", "plain"),
    )  # fmt: skip
    left.add(across(*(Pill(words, tone) for words, tone in tones), KeyCap("Ctrl+K"), STRETCH))
    bars = [MessageBar(framed=True) for _ in range(4)]
    bars[0].done("Order verified. Label queued.", "Undo", lambda: None)
    bars[1].progress("Importing price file, row 4,120 of 9,800", 0.42, lambda: None)
    bars[2].due("Server lost 08:31. 2 drafts are safe on this computer.", "Retry", lambda: None)
    bars[3].danger("Not saved: the order changed at 08:30. Your text is kept.", "Compare", lambda: None)
    for bar in bars:
        left.add(bar)
    left.add(STRETCH)
    empty = EmptyState("test-tube", "No results to review", "New results appear here by themselves.", "Add a result")
    failed = EmptyState("test-tube", "No results", action="Add")
    failed.show_failed("The database did not answer. Nothing that was typed is lost; it is kept on this computer.")
    loading = EmptyState("test-tube", "No results")
    loading.show_loading()
    right = Card("Empty states")
    for part in (empty, failed, loading):
        right.add(part)
    right.add(STRETCH)
    return holding(across((left, 3), (right, 2), gap=16, margins=(20, 14, 20, 14)))


def form() -> QWidget:
    """Every field, some of them wrong."""
    made = referral_form()
    made.restore(
        {"weight_kg": "157 lb", "born_on": "31 Feb 2026", "family_name": "ZZTEST Alder", "received_at": "11/24/2026 14:05"}
    )
    made.show_problems()
    card = Card("New referral", "nothing is saved yet")
    card.add(made)
    card.add(STRETCH)
    card.add(across(STRETCH, Button("Cancel", cap="Esc"), Button("Save", "primary", icon="check", cap="Ctrl+S")))
    return holding(down((Scroll(card), 1), margins=(20, 12, 20, 12)))


def palette() -> QWidget:
    """The palette over the ledger."""
    found = [
        Found(
            "hand", "Hold vancomycin dose", "today 20:00, asks for a reason", 1, "For this patient, ZZTEST Alder, Marian", "hold"
        ),
        Found(
            "test-tube",
            "Review vancomycin trough 27.4 mg/L",
            "critical, received 07:52",
            2,
            "For this patient, ZZTEST Alder, Marian",
        ),
        Found("user", "ZZTEST Vance, Ora", "MRN 40-121-3, born 2 Feb 1951, immune globulin", 3, "Everywhere"),
        Found("package", "Lot VX2209, vancomycin 1.25 g vial", "41 on hand, expires 31 Aug 2027", 4, "Everywhere"),
        Found("calculator", "Calculator: vancomycin exposure, two levels", "opens with this patient's values", 5, "Everywhere"),
    ]
    frame = framed(ledger(), "Billing", MARIAN)
    frame.resize(1280, 800)
    Palette(frame, lambda words, then: then(found)).open("vanc")
    return frame


def dialogs() -> QWidget:
    """The three dialogs side by side, as plain widgets."""
    reason = ReasonDialog(
        None, "Trough 27.4 mg/L is critical. What was done?", ["Prescriber called", "Dose held", "Repeat ordered"]
    )
    sign = SignDialog(None, subject="vancomycin 1,250 mg every 12 hours, Rx 703902", meaning="I verified this order.",
                      person="ZZTEST Rowan", licence="RPh ZZ-1042", verify=lambda password, then: then("no"))  # fmt: skip
    sign.show_trouble("That is not the password. 4 tries are left.")
    cosign = CoSignDialog(None, subject="Waste 2 mL of HYDROmorphone 10 mg/mL", meaning="I saw the waste.",
                          first_person="ZZTEST Birch", verify=lambda name, password, then: then(""))  # fmt: skip
    return holding(across(*(down(dialog, STRETCH) for dialog in (reason, sign, cosign)), margins=(10, 10, 10, 10)))


SHEETS: dict[str, Callable[[], QWidget]] = {
    "today": lambda: framed(today(), "Today"),
    "ledger": lambda: framed(ledger(), "Billing", MARIAN),
    "batch": lambda: framed(batch(), "Compounding"),
    "visit": lambda: framed(visit(), "Nursing", MARIAN),
    "components": components,
    "form": lambda: framed(form(), "Intake"),
    "palette": palette,
    "dialogs": dialogs,
}


def picture(widget: QWidget, size: QSize, ratio: float = 1.0) -> QPixmap:
    """The widget at a size, drawn at a pixel ratio as on a scaled screen."""
    widget.resize(size)
    widget.show()
    for _ in range(3):
        QApplication.processEvents()
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(widget.palette().window().color())
    widget.render(made, QPoint(0, 0), QRegion(widget.rect()))
    return made


def draw(app: QApplication, folder: Path) -> list[Path]:
    """Every sheet, light and dark at 1280 x 800, at 150 % and on a narrow window."""
    written = []
    for dark in (False, True):
        apply_theme(app, dark)
        for name, make in SHEETS.items():
            sheet = make()
            wide = 1560 if name == "dialogs" else 1280
            views = [("", QSize(wide, 800), 1.0)]
            if not dark:
                views += [("-150", QSize(wide, 800), 1.5), ("-narrow", QSize(max(960, sheet.minimumSizeHint().width()), 640), 1.0)]
            for suffix, size, ratio in views:
                path = folder / f"{name}{'-dark' if dark else ''}{suffix}.png"
                picture(sheet, size, ratio).save(str(path))
                written.append(path)
            sheet.close()
            shiboken6.delete(sheet)  # no event loop runs here that would do it later
    apply_theme(app, False)
    return written


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    draw(QApplication([]), target)
