"""The forms of a delivery's steps: shipped another way, confirmed, left, called about, judged, destroyed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from infusiondesk.dispensing import service
from infusiondesk.dispensing.queries import TicketRow
from infusiondesk.dispensing.rules import (
    BoxDraft,
    BroughtBackDraft,
    CallDraft,
    ConfirmationDraft,
    DestructionDraft,
    Disposition,
    JudgementDraft,
    KeptFile,
    LeftDraft,
    Method,
    ShipDraft,
)
from infusiondesk.dispensing.screens.ticket_detail import FILES, LOGS, choose_file, read_file
from infusiondesk.foundation.kernel.clock import today
from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Verb
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import (
    ChoiceField,
    Code,
    CodeField,
    DateField,
    DateTimeField,
    Field,
    LongTextField,
    MultiChoiceField,
    NumberField,
    TextField,
)
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, across, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.signature_pad import SignaturePad
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.patients.queries import FoundPatients, find_patients


def confirmation_fields(zone: ZoneInfo) -> list[Field | str]:
    """What a confirmation asks for; the time is the device's, so it is read bare and placed in the device's zone."""
    return [
        TextField("received_by", "Received by", required=True),
        TextField("relation", "Relation to the patient", required=True, hint="patient, wife, aide"),
        DateTimeField("received_at", "Received, by the device", required=True),
        TextField("device_zone", "Zone of the device", hint=f"empty: {zone.key}"),
        TextField("condition", "Condition on arrival", required=True, hint="cold, intact"),
        "Temperature on the way",
        NumberField("low_c", "Lowest", unit="°C", places=1),
        NumberField("high_c", "Highest", unit="°C", places=1),
        "C-II only",
        TextField("adult_id", "Identity card seen", hint="driver's license"),
        DateField("born_on", "Born, by the card"),
    ]


class ConfirmationEditor(Editor):
    """The proof of a delivery: the fields, the signature, the files."""

    def __init__(self, desk: Desk, ticket: TicketRow) -> None:
        self.pad = SignaturePad("Signature of who received it")
        self.paper: KeptFile | None = None
        self.logger: KeptFile | None = None
        super().__init__(
            desk,
            "confirmation",
            f"Confirm {ticket.number}",
            confirmation_fields(desk.store.clock.zone),
            ConfirmationDraft(),
            service.confirm_delivery,
            given=lambda draft: {
                "ticket_id": ticket.id,
                "draft": replace(draft, signature=self.pad.png(), paper=self.paper, logger=self.logger),
            },
            said="Confirmed. Its drugs may be billed.",
            save="Confirm delivery",
        )
        self._kept = Text("", 13, ink="ink2", wraps=True)
        wipe = Button("Sign again", "ghost", dense=True)
        wipe.clicked.connect(self.pad.wipe)
        paper = Button("Add signed paper", dense=True, icon="paperclip")
        paper.clicked.connect(partial(self._ask, "Add the signed paper", FILES, self.add_paper))
        logger = Button("Read logger file", dense=True, icon="thermometer")
        logger.clicked.connect(partial(self._ask, "Read a logger's file", LOGS, self.add_logger))
        column = self.layout()
        assert column is not None
        column.addWidget(self.pad)
        column.addWidget(holding(across(wipe, STRETCH, gap=8)))
        column.addWidget(holding(across(paper, STRETCH, gap=8)))
        column.addWidget(holding(across(logger, STRETCH, gap=8)))
        column.addWidget(self._kept)

    def add_paper(self, file: KeptFile) -> None:
        """The signed paper stands in for a signature on the screen."""
        self.paper = file
        self._say_kept()

    def add_logger(self, file: KeptFile) -> None:
        """The logger's readings count instead of those typed."""
        self.logger = file
        self._say_kept()

    def _say_kept(self) -> None:
        self._kept.say("Added: " + ", ".join(file.name for file in (self.paper, self.logger) if file is not None))

    def _ask(self, title: str, kinds: str, then: Callable[[KeptFile], None]) -> None:
        if (path := choose_file(self, title, kinds)) is not None:
            self.desk.draw(self, partial(read_file, path), then)


class LeftEditor(Editor):
    """Left at a door, with a photo if there is one."""

    def __init__(self, desk: Desk, ticket: TicketRow) -> None:
        self.photo: KeptFile | None = None
        super().__init__(
            desk,
            "left",
            f"Left without a person: {ticket.number}",
            [
                TextField("where", "Where it was left", required=True, hint="back porch"),
                TextField("reason", "Why nobody took it", required=True, hint="asked for it by telephone"),
            ],
            LeftDraft(),
            service.leave_delivery,
            given=lambda draft: {"ticket_id": ticket.id, "draft": replace(draft, photo=self.photo)},
            said="Recorded as left. It is not billed until somebody confirms it.",
            save="Record as left",
            explanation="Controlled, hazardous and biologic drugs are never left.",
        )
        self._kept = Text("", 13, ink="ink2", wraps=True)
        photo = Button("Add photo", dense=True, icon="paperclip")
        photo.clicked.connect(self._ask)
        column = self.layout()
        assert column is not None
        column.addWidget(holding(across(photo, (self._kept, 1), gap=8)))

    def _ask(self) -> None:
        if (path := choose_file(self, "Add a photo", FILES)) is not None:
            self.desk.draw(self, partial(read_file, path), self.add_photo)

    def add_photo(self, file: KeptFile) -> None:
        """A photo of where it lies."""
        self.photo = file
        self._kept.say(f"Added: {file.name}")


def ship_editor(desk: Desk, ticket: TicketRow) -> Editor:
    """Another way than the own driver."""
    return Editor(
        desk,
        "ship",
        f"Ship {ticket.number}",
        [
            ChoiceField("method", "How it travels", required=True, choices=[one.value for one in Method], spread=False),
            TextField("carrier", "Carrier"),
            TextField("tracking", "Tracking number", hint="scan it from the label"),
        ],
        ShipDraft(method=Method.CARRIER.value),
        service.ship_ticket,
        given=lambda draft: {"ticket_id": ticket.id, "draft": draft},
        said="On the road.",
        save="Ship it",
    )  # fmt: skip


def call_editor(desk: Desk, ticket: TicketRow) -> Editor:
    """The driver or carrier was called."""
    return Editor(
        desk,
        "call",
        f"Call about {ticket.number}",
        [
            TextField("spoke_with", "Spoke with", required=True, hint="the driver's name"),
            TextField("agreed", "What was agreed", required=True, hint="brings it back"),
        ],
        CallDraft(),
        service.record_call,
        given=lambda draft: {"ticket_id": ticket.id, "draft": draft},
        said="The call is recorded.",
        save="Record call",
    )


def judge_editor(desk: Desk, ticket: TicketRow) -> Editor:
    """A pharmacist judges what was too warm or too cold."""
    choices: list[Any] = [
        (Disposition.USE.value, "Use: they may be given"),
        (Disposition.REPLACE.value, "Replace and destroy: they are not billed"),
    ]
    return Editor(
        desk,
        "judgement",
        f"Judge {ticket.things(ticket.to_judge)} of {ticket.number}",
        [
            ChoiceField("disposition", "What happens to them", required=True, choices=choices, spread=False),
            LongTextField("because", "On what this rests", required=True, lines=3),
        ],
        JudgementDraft(),
        service.judge_bags,
        given=lambda draft: {"ticket_id": ticket.id, "draft": draft},
        said="Judged and signed.",
        save="Sign judgement",
        explanation=" ".join(ticket.excursions),
    )


def destroy_editor(desk: Desk, ticket: TicketRow) -> Editor:
    """What came back is destroyed."""
    return Editor(
        desk,
        "destruction",
        f"Destroy what came back of {ticket.number}",
        [
            TextField("how", "How it was destroyed", required=True, hint="incinerated, drug waste container 12"),
            TextField("witness", "Who saw it", required=True),
        ],
        DestructionDraft(),
        service.destroy_bags,
        given=lambda draft: {"ticket_id": ticket.id, "draft": draft},
        said="Destroyed. Nothing of it is billed.",
        save="Record destruction",
        explanation="What left the pharmacy never goes back on a shelf.",
    )


_BAGS, _UNITS = "bags_of_", "units_of_"


class _Counting(BroughtBackDraft):
    """What was brought back while it is being counted: bags of each batch and units of each package in fields of their own."""

    def counted(self) -> Mapping[UUID, Decimal]:
        typed = vars(self)
        self.bags = tuple(bag for name, bags in typed.items() if name.startswith(_BAGS) for bag in bags)
        self.units = {name.removeprefix(_UNITS): many for name, many in typed.items() if name.startswith(_UNITS)}
        return super().counted()


def bring_back_editor(desk: Desk, ticket: TicketRow) -> Editor:
    """Some of a confirmed delivery was brought back later."""
    draft = _Counting(came_on=today(desk.store.clock))
    fields: list[Field | str] = [
        TextField("brought_by", "Brought back by", required=True, hint="the patient's wife, our driver"),
        DateField("came_on", "On", required=True),
        TextField("because", "Why", required=True, hint="therapy changed, wrong size"),
        "What came back",
    ]
    by_batch: dict[str, list[tuple[str, str]]] = {}
    for line in ticket.may_come_back:
        if line.bag is not None:
            batch, _, number = line.mark.rpartition("-")
            by_batch.setdefault(batch, []).append((str(line.id), number))
    for place, (batch, bags) in enumerate(by_batch.items()):
        setattr(draft, name := f"{_BAGS}{place}", ())
        fields.append(MultiChoiceField(name, f"Bags of {batch}", choices=bags))
    for line in ticket.may_come_back:
        if line.bag is None:
            setattr(draft, name := f"{_UNITS}{line.id}", None)
            fields.append(NumberField(name, f"{line.what}, lot {line.mark}", unit=line.unit, whole=True, hint=line.amount))
    return Editor(
        desk,
        "bring back",
        f"Brought back of {ticket.number}",
        fields,
        draft,
        service.bring_back,
        given=lambda typed: {
            "ticket_id": ticket.id,
            "draft": BroughtBackDraft(
                typed.brought_by, typed.came_on, typed.because, bags=(),
                units={str(line): many for line, many in typed.counted().items()},
            ),
        },
        said="Recorded. It is to destroy, and its bags are not billed.",
        save="Record it",
        explanation="Count what is on the table. Nothing of it goes back on a shelf. A pump is taken back under Pumps.",
    )  # fmt: skip


def box_editor(desk: Desk, verb: Verb[Any, ..., UUID]) -> Editor:
    """A delivery without bags is begun."""

    def look_up(words: str, then: Callable[[Sequence[Code]], None]) -> None:
        def found(patients: FoundPatients) -> None:
            then([Code(row.mrn, f"{row.name}, born {day(row.born_on)}", row.id) for row in patients.rows])

        desk.ask(editor, find_patients, found, text=words, most=10)

    editor = Editor(
        desk,
        "box",
        "A delivery without bags",
        [
            CodeField("patient_id", "Patient", required=True, hint="name, record number or birth date", look_up=look_up),
            TextField("what_for", "What for", required=True, hint="a second pump, flushes, a package of the shelf"),
            DateField("deliver_by", "Deliver by"),
            DateField("through", "Supplies through", hint="empty: a week from today"),
        ],
        BoxDraft(),
        verb,
        said="Scan what goes into the box.",
        save="Begin delivery",
        explanation="The supplies that the patient still needs are proposed; a pump or a package is scanned.",
    )
    return editor


EDITORS: dict[str, Callable[[Desk, TicketRow], Editor]] = {
    "confirmation": ConfirmationEditor,
    "left": LeftEditor,
    "ship": ship_editor,
    "call": call_editor,
    "judgement": judge_editor,
    "destruction": destroy_editor,
    "bring back": bring_back_editor,
}
