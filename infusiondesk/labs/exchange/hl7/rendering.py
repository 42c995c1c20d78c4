"""Writes an ORU^R01 from values: for tests of the reader and for showing a parked message again."""

from collections.abc import Iterable
from dataclasses import replace

from infusiondesk.labs.exchange.hl7.segments import Delimiters, escape
from infusiondesk.labs.exchange.hl7.values import Coded, Message, PatientAsWritten, Report, Result, Specimen


def render(message: Message, delimiters: Delimiters = Delimiters()) -> bytes:  # noqa: B008 a frozen value
    """The message as bytes in UTF-8, whatever stands in its texts: reading it gives the same message back."""
    pen = _Pen(delimiters)
    signs = delimiters.component + delimiters.repetition + delimiters.escape + delimiters.subcomponent
    msh = pen.line(
        "MSH",
        {
            3: pen.text(message.application),
            4: pen.text(message.facility),
            7: pen.text(message.sent.written),
            9: delimiters.component.join(("ORU", "R01", "ORU_R01")),
            10: pen.text(message.control_id),
            11: pen.text(message.processing),
            12: pen.text(message.version),
            18: "UNICODE UTF-8",
        },
    )
    # MSH-1 is the field separator itself, so the header has one separator less than its numbers say.
    lines = [f"MSH{delimiters.field}{signs}{msh[5:]}"]
    for each in message.patients:
        lines += [pen.patient(each.patient), *pen.comments(each.patient.comments)]
        for number, report in enumerate(each.reports):
            # Lines that stood under no order can only be the first of their patient.
            under_no_order = number == 0 and replace(report, results=(), specimens=(), comments=()) == Report()
            lines += pen.report(report)[1 if under_no_order else 0 :]
    return "\r".join([*lines, ""]).encode("utf-8")


class _Pen:
    """Writes segments with one set of delimiters."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters

    def text(self, text: str) -> str:
        return escape(text, self.delimiters)

    def components(self, parts: Iterable[str]) -> str:
        return self.delimiters.component.join(self.text(each) for each in parts).rstrip(self.delimiters.component)

    def coded(self, coded: Coded) -> str:
        return self.components((coded.code, coded.text, coded.system, coded.other_code, coded.other_text, coded.other_system))

    def repeated(self, written: Iterable[str]) -> str:
        return self.delimiters.repetition.join(written)

    def line(self, name: str, fields: dict[int, str]) -> str:
        last = max((number for number, written in fields.items() if written), default=0)
        return self.delimiters.field.join([name, *(fields.get(number, "") for number in range(1, last + 1))])

    def patient(self, patient: PatientAsWritten) -> str:
        ids = [self.components((each.value, "", "", each.authority, each.kind)) for each in patient.ids]
        name = self.components((patient.family, patient.given, patient.middle))
        return self.line("PID", {3: self.repeated(ids), 5: name, 7: self.text(patient.birth.written), 8: self.text(patient.sex)})

    def comments(self, comments: Iterable[str]) -> list[str]:
        return [self.line("NTE", {1: str(number), 3: self.text(each)}) for number, each in enumerate(comments, 1)]

    def report(self, report: Report) -> list[str]:
        heading = {
            2: self.text(report.placer_order),
            3: self.text(report.filler_order),
            4: self.coded(report.service),
            7: self.text(report.observed.written),
            22: self.text(report.reported.written),
            25: self.text(report.status),
        }
        lines = [self.line("OBR", heading), *self.comments(report.comments)]
        for result in report.results:
            lines += [self.result(result), *self.comments(result.comments)]
        return [*lines, *(self.specimen(each) for each in report.specimens)]

    def result(self, result: Result) -> str:
        return self.line(
            "OBX",
            {
                1: self.text(result.set_id),
                2: self.text(result.value_type),
                3: self.coded(result.code),
                4: self.text(result.sub_id),
                5: self.repeated(self.components(each) for each in result.values),
                6: self.coded(result.unit),
                7: self.text(result.reference_range),
                8: self.repeated(self.text(each) for each in result.flags),
                11: self.text(result.status),
                14: self.text(result.observed.written),
                19: self.text(result.analysed.written),
                23: self.text(result.laboratory),
            },
        )

    def specimen(self, specimen: Specimen) -> str:
        return self.line(
            "SPM",
            {
                4: self.coded(specimen.kind),
                17: self.text(specimen.collected.written),
                18: self.text(specimen.received.written),
                21: self.text(specimen.rejected_because),
            },
        )
