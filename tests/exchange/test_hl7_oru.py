"""Laboratory messages: read whole or refused in one sentence, whatever the sender does."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infusiondesk.labs.exchange.hl7 import (
    Coded,
    Delimiters,
    Message,
    MessagesRead,
    Moment,
    PatientAsWritten,
    PatientId,
    PatientReports,
    Report,
    Result,
    Specimen,
    Unreadable,
    lab_results,
    line_of,
    read_message,
    read_messages,
    render,
    written_person,
)
from infusiondesk.labs.exchange.hl7.segments import MOST_BYTES, MOST_SEGMENT_BYTES, escape, unescape
from infusiondesk.labs.exchange.reference import own_tables
from infusiondesk.labs.rules import Candidate, Facts, Finding, Level, Succession, judge, match, succession

SAMPLES = Path(__file__).parent / "samples"
PUBLIC = Path(os.environ.get("INFUSIONDESK_PUBLIC_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "hl7v2"
CENTRAL = timezone(timedelta(hours=-6))
HOME = ZoneInfo("America/Chicago")
HEADER = "MSH|^~\\&|LAB|ZZTEST|||20260309101500-0600||ORU^R01|C1|P|2.5.1"
PID = "PID|1||42^^^ZZTEST^MR||ZZTEST^ANA||19510402|F"
OBX = "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|||||F"


def sample() -> Message:
    return read_message((SAMPLES / "oru_final.hl7").read_bytes())


def of(*lines: str, end: str = "\r") -> Message:
    return read_message((end.join(lines) + end).encode())


def only(message: Message) -> Result:
    return message.patients[0].reports[0].results[0]


def refusal(*lines: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        of(*lines)
    is_one_sentence(caught.value.sentence)
    return caught.value


def is_one_sentence(text: str) -> None:
    assert text.endswith(".")
    assert "\n" not in text
    assert 10 < len(text) < 200


def judged(message: Message) -> dict[str, Finding]:
    reports = [report for patient in message.patients for report in patient.reports]
    return {each.analyte: each for each in judge(lab_results(reports, own_tables(), HOME), Facts(), own_tables()).findings}


class TestWhatIsRead:
    """Our own sample has what laboratories send: orders in ORC, comments, comparators, coded values, pending lines, specimens."""

    def test_the_message_and_the_patient(self) -> None:
        message = sample()

        assert (message.control_id, message.processing, message.version) == ("C-1001", "P", "2.5.1")
        assert (message.application, message.facility) == ("LABSYS", "ZZTEST LAB")
        assert message.sent.at == datetime(2026, 3, 9, 10, 15, tzinfo=CENTRAL)
        patient = message.patients[0].patient
        assert patient.ids == (PatientId("MRN-0042", "ZZTEST HOSPITAL", "MR"), PatientId("998877", "ZZTEST LAB", "PI"))
        assert (patient.family, patient.given, patient.middle, patient.sex) == ("ZZTEST-Muñoz", "Ana", "María", "F")
        assert patient.birth.on == date(1951, 4, 2)

    def test_the_report_and_its_comments(self) -> None:
        report = sample().patients[0].reports[0]

        assert (report.placer_order, report.filler_order, report.status) == ("PO-77", "FO-500", "F")
        assert report.comments == ("Specimen slightly lipaemic.",)
        assert report.specimens[0].kind.text == "Serum"
        assert report.specimens[0].collected.at == datetime(2026, 3, 9, 7, 0, tzinfo=CENTRAL)
        assert report.results[0].comments == ("Delta check: previous 1.0 & confirmed by repeat.\nCall 24 h.",)

    def test_the_lines(self) -> None:
        creatinine, potassium, vancomycin, culture, sodium, comment = sample().patients[0].reports[0].results

        assert (creatinine.number, creatinine.unit_written, creatinine.reference_range) == (Decimal("1.4"), "mg/dL", "0.6-1.3")
        assert creatinine.code == Coded("2160-0", "Creatinine", "LN", "CREA", "Creatinine", "L")
        assert creatinine.laboratory == "ZZTEST Reference Laboratory"
        assert potassium.flags == ("HH",)
        assert (vancomycin.comparator, vancomycin.number, vancomycin.written) == ("<", Decimal(4), "<^4")
        assert (culture.words, culture.number, culture.status) == ("Positive", None, "P")
        assert (sodium.is_empty, sodium.status) == (True, "X")
        assert comment.written == "second line of ^free^ text"

    def test_what_the_rules_say(self) -> None:
        findings = judged(sample())

        assert {analyte: finding.level.value for analyte, finding in findings.items() if "COMMENT" not in analyte} == {
            "creatinine": "flag",
            "potassium": "critical",
            "vancomycin_trough": "flag",
            "blood_culture": "critical",
            "sodium": "not_evaluated",
        }
        assert findings["creatinine"].because.startswith("the laboratory marks it H (high); no limit is passed")
        assert findings["blood_culture"].because.endswith("(preliminary)")
        assert findings["potassium"].result.collected_at == datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
        assert findings["COMMENT (COMMENT)"].because == "COMMENT (COMMENT) is not in the analyte table"

    def test_who_it_may_be(self) -> None:
        ours = Candidate("p1", ("mrn 0042",), "zztest munoz", "ANA", date(1951, 4, 2), "F")

        assert match(written_person(sample().patients[0].patient), [ours]).key == "p1"

    @pytest.mark.parametrize(
        ("value_type", "written", "comparator", "number"),
        [
            ("NM", "4.1", "", "4.1"),
            ("NM", "-3", "", "-3"),
            ("NM", " <0.5 ", "<", "0.5"),
            ("ST", ">= 90", ">=", "90"),
            ("ST", "≤5", "<=", "5"),
            ("SN", "^182", "", "182"),
            ("SN", "=^182", "", "182"),
            ("SN", ">^100", ">", "100"),
            ("SN", "^1^:^128", "", None),
            ("SN", "^10^-^20", "", None),
            ("SN", "", "", None),
            ("NM", "4,1", "", None),
            ("NM", "1e5", "", None),
            ("NM", "27~25", "", None),
            ("NM", "4^1", "", None),
            ("NM", "4^^", "", "4"),
            ("CE", "4^four", "", None),
            ("TX", "not done", "", None),
        ],
    )
    def test_numbers(self, value_type: str, written: str, comparator: str, number: str | None) -> None:
        result = only(of(HEADER, PID, "OBR|1", f"OBX|1|{value_type}|1^a^L||{written}|mg/dL"))

        assert result.number == (None if number is None else Decimal(number))
        assert result.comparator == comparator

    @pytest.mark.parametrize(
        ("written", "at"),
        [
            ("20260309", datetime(2026, 3, 9, tzinfo=CENTRAL)),
            ("202603", datetime(2026, 3, 1, tzinfo=CENTRAL)),
            ("202603090705", datetime(2026, 3, 9, 7, 5, tzinfo=CENTRAL)),
            ("20260309070512.25+0000", datetime(2026, 3, 9, 7, 5, 12, 250000, tzinfo=UTC)),
            ("20260309070512-0215", datetime(2026, 3, 9, 9, 20, 12, tzinfo=UTC)),
            ("20260230", None),
            ("2026-03-09", None),
            ("20260309-9900", None),
            ("20260309-0099", None),
            ("yesterday", None),
            ("", None),
        ],
    )
    def test_times_take_the_offset_of_the_message(self, written: str, at: datetime | None) -> None:
        observed = of(HEADER, PID, f"OBR|1||||||{written}").patients[0].reports[0].observed

        assert observed.at == at

    def test_a_birth_year_is_no_birth_date(self) -> None:
        assert Moment("1951").on is None
        assert Moment("19510402").is_whole_day
        assert not Moment("195104020000").is_whole_day
        assert Moment("x").offset == ""

    def test_the_day_of_collection_by_specimen_then_line_then_order(self) -> None:
        spm = "SPM|1||||||||||||||||202603090701"
        obx = OBX.replace("|||||F", "|||||F|||202603090702")

        def collected(*lines: str) -> datetime | None:
            [result] = lab_results(of(HEADER.replace("-0600", ""), PID, *lines).patients[0].reports, own_tables(), HOME)
            return result.collected_at

        assert collected("OBR|1||||||202603090703", obx, spm) == datetime(2026, 3, 9, 7, 1, tzinfo=HOME)
        assert collected("OBR|1||||||202603090703", obx, spm, spm) == datetime(2026, 3, 9, 7, 2, tzinfo=HOME)
        assert collected("OBR|1||||||202603090703", OBX) == datetime(2026, 3, 9, 7, 3, tzinfo=HOME)
        assert collected("OBR|1", OBX) is None

    def test_a_laboratorys_own_code_is_explained_by_the_pharmacys_list_only(self) -> None:
        reports = of(HEADER, PID, "OBR|1", "OBX|1|NM|KALIUM^Potassium^99LAB||6.9|mmol/L").patients[0].reports

        [guessed] = lab_results(reports, own_tables(), HOME)
        [listed] = lab_results(reports, own_tables(), HOME, {("99LAB", "KALIUM"): "potassium"})

        assert guessed.analyte == "KALIUM (Potassium)"
        assert listed.analyte == "potassium"

    def test_the_second_coding_may_be_loinc(self) -> None:
        reports = of(HEADER, PID, "OBR|1", "OBX|1|NM|K^Potassium^L^2823-3^Potassium^LN||6.9|mmol/L").patients[0].reports

        assert lab_results(reports, own_tables(), HOME)[0].analyte == "potassium"


class TestHowItTravels:
    """Separators, line ends, encodings, frames, batches."""

    @pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n\n"])
    def test_line_ends(self, end: str) -> None:
        assert only(of(HEADER, PID, "OBR|1", OBX, end=end)).number == Decimal("4.1")

    def test_separators_come_from_the_header(self) -> None:
        message = of("MSH*:;!%*LAB*Z***20260309**ORU:R01*C1*P*2.3", "PID*1**42:::ZZTEST%9:MR;7**ZZTEST:ANA!S!!F!:X")

        patient = message.patients[0].patient
        assert patient.ids == (PatientId("42", "ZZTEST", "MR"), PatientId("7"))
        assert patient.given == "ANA:*"

    def test_few_separators_mean_no_escapes(self) -> None:
        message = of("MSH|^|LAB|Z|||20260309||ORU^R01|C1|P|2.3", "PID|1||42||ZZTEST^A~B\\T\\&C")

        assert message.patients[0].patient.given == "A~B\\T\\&C"

    def test_frames_marks_and_spaces_fall_away(self) -> None:
        content = b"\x0b\xef\xbb\xbf" + "\r".join([HEADER, "", "  ", " " + PID, "OBR|1", OBX]).encode() + b"\r\x1c\r"

        assert only(read_message(content)).number == Decimal("4.1")

    @pytest.mark.parametrize(
        ("charset", "codec", "noted"),
        [
            ("UNICODE UTF-8", "utf-8", False),
            ("8859/1", "latin-1", False),
            ("8859/2~ISO IR87", "iso8859-2", False),
            ("", "utf-8", False),
            ("ASCII", "utf-8", False),
            ("", "cp1252", True),
            ("KLINGON", "cp1252", True),
        ],
    )
    def test_character_sets(self, charset: str, codec: str, noted: bool) -> None:
        content = "\r".join([f"{HEADER}||||||{charset}", PID.replace("ANA", "Böé")]).encode(codec)

        message = read_message(content)

        assert message.patients[0].patient.given == "Böé"
        assert bool(message.notes) == noted

    @pytest.mark.parametrize("codec", ["utf-16", "utf-16-be"])
    def test_utf_16(self, codec: str) -> None:
        content = "\r".join([HEADER, PID.replace("ANA", "Böé")]).encode(codec)
        marked = content if codec == "utf-16" else b"\xfe\xff" + content

        assert read_message(marked).patients[0].patient.given == "Böé"

    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
            (r"one\.br\two\.sp2\three\.in+4\\.sk3\four", "one\ntwo\n\nthree   four"),
            (r"\H\loud\N\ ", "loud "),
            (r"\X41C3A9\ ", "Aé "),
            (r"\XFF\ ", "\\XFF\\ "),
            (r"C:\temp\F\x", "C:\\temp|x"),
            (r"\Zown\ \C2842\ \\ end\ ", "\\Zown\\ \\C2842\\ \\\\ end\\ "),
            (r"\.sp999999\ ", "\\.sp999999\\ "),
        ],
    )
    def test_escapes(self, raw: str, text: str) -> None:
        assert unescape(raw, Delimiters()) == text

    def test_several_messages_and_batches_in_one_file(self) -> None:
        good, other = f"{HEADER}\r{PID}\r", HEADER.replace("ORU^R01", "ADT^A01")
        content = f"FHS|^~\\&\rBHS|^~\\&\r{good}{good}{other}\rBTS|4\rFTS|1\r".encode()

        done = read_messages(content)

        assert [message.control_id for message in done.messages] == ["C1", "C1"]
        assert [(each.message, each.control_id, each.field) for each in done.refusals] == [(3, "C1", "MSH-9")]
        assert done.notes == ("The batch says it has 4 messages; 3 came.",)
        assert read_messages(content.replace(b"BTS|4", b"BTS|3")).notes == ()
        assert read_messages(content.replace(b"BTS|4", b"BTS|")).notes == ()

    def test_each_message_has_its_own_separators(self) -> None:
        content = f"{HEADER}\r{PID}\rMSH*:~\\&*LAB*Z***20260309**ORU:R01*C2*P*2.3\rPID*1**42**ZZTEST:EVA\r".encode()

        assert [each.patients[0].patient.given for each in read_messages(content).messages] == ["ANA", "EVA"]

    def test_several_patients_and_orders(self) -> None:
        other = PID.replace("42", "43").replace("ANA", "EVA")
        message = of(HEADER, PID, "ORC|RE|P1|F1", "OBR|1", OBX, "OBR|2||F2", OBX, OBX, other, "OBX|1|NM|1^a^L||5", "NTE|1||late")

        assert [len(each.reports) for each in message.patients] == [2, 1]
        assert [(report.filler_order, len(report.results)) for report in message.patients[0].reports] == [("F1", 1), ("F2", 2)]
        assert message.patients[1].reports[0] == Report(results=message.patients[1].reports[0].results)
        assert message.patients[1].reports[0].results[0].comments == ("late",)

    def test_names_and_numbers_in_older_places(self) -> None:
        message = of(HEADER, "NTE|1||before anybody", "PID|1|7^^^A||8|^^^^^^L~ZZTEST&van^ANA", "NTE|1||speaks Polish", "SPM|1")

        patient = message.patients[0].patient
        assert patient.ids == (PatientId("7", "A"), PatientId("8"))
        assert (patient.family, patient.given, patient.comments) == ("ZZTEST", "ANA", ("speaks Polish",))
        assert len(message.patients[0].reports[0].specimens) == 1


class TestRefusals:
    """One sentence, with what and where."""

    def test_what_is_no_message_at_all(self) -> None:
        foreign = [b"", b" \r\n", b"PK\x03\x04zip", b"ISA*00*", b"%PDF-1.7", b"{}", b"<a/>", PID.encode()]
        for content in (*foreign, b"MSH|^~\\&|\0", b"\xff\xfeM"):
            with pytest.raises(Unreadable) as caught:
                read_messages(content)
            is_one_sentence(caught.value.sentence)

    def test_limits(self) -> None:
        with pytest.raises(Unreadable, match="at most 52,428,800"):
            read_messages(b"M" * (MOST_BYTES + 1))
        assert refusal(HEADER, PID, f"NTE|1||{'x' * MOST_SEGMENT_BYTES}").segment == 3

    def test_exactly_one_message_for_a_listener(self) -> None:
        with pytest.raises(Unreadable, match="2 came"):
            read_message(f"{HEADER}\r{PID}\r{HEADER}\r{PID}".encode())

    @pytest.mark.parametrize(
        "header",
        ["MSH", "MSH|", "MSH||", "MSHA^~\\&A", "MSH|^^\\&|", "MSH|ab|", "MSH|^~\\&#!|", "MSH é^|", "MSH|^ |"],
    )
    def test_unusable_separators(self, header: str) -> None:
        assert (refusal(header).segment, refusal(header).field) == (1, "MSH-2")

    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            ("ADT^A01^ADT_A01", "it is ADT^A01 (patient administration), not ORU^R01 (results)."),
            ("OUL^R22", "it is OUL^R22 (specimen-oriented laboratory results), not ORU^R01 (results)."),
            ("ORU^R30", "it is ORU^R30, not ORU^R01 (results)."),
            ("ACK", "it is ACK (an acknowledgement), not ORU^R01 (results)."),
            ("", "it does not say what it is, not ORU^R01 (results)."),
        ],
    )
    def test_other_messages_are_named(self, kind: str, said: str) -> None:
        refused = refusal(HEADER.replace("ORU^R01", kind), "broken on purpose")

        assert refused.sentence == f"Segment 1, field MSH-9: {said}"

    def test_an_event_may_be_left_out(self) -> None:
        assert of(HEADER.replace("ORU^R01", "ORU"), PID).control_id == "C1"

    def test_nobody_knows_whose(self) -> None:
        assert refusal(HEADER, "OBR|1", OBX, PID).segment == 2
        assert refusal(HEADER).field == "PID"

    def test_a_line_that_is_no_segment(self) -> None:
        refused = refusal(HEADER, PID, "ZZTEST ANA had a fall|")

        assert refused.segment == 3
        assert "ZZTEST" not in refused.sentence

    def test_a_character_set_that_does_not_hold(self) -> None:
        for charset, byte in (("UNICODE UTF-8", b"\xff"), ("", b"\x81")):
            content = f"{HEADER}||||||{charset}\r{PID}".encode() + byte
            with pytest.raises(Unreadable) as caught:
                read_message(content)
            assert (caught.value.segment, caught.value.field) == (2, "MSH-18")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
some = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
coded = st.builds(Coded, texts, texts, texts, texts, texts, texts)
comments = st.lists(some, max_size=2).map(tuple)


def _no_empty_end(parts: list[str]) -> tuple[str, ...]:
    return (*parts[:-1], parts[-1] or "x")


moments = st.builds(Moment, texts | st.datetimes().map(lambda at: f"{at:%Y%m%d%H%M%S}-0500"), st.just("-0600"))
births = st.builds(Moment, texts)
results = st.builds(
    Result,
    texts,
    st.sampled_from(["NM", "SN", "ST", "CE", "CWE", "TX"]) | texts,
    coded,
    texts,
    st.lists(st.lists(texts, min_size=1, max_size=4).map(_no_empty_end), max_size=3).map(tuple),
    coded,
    texts,
    st.lists(some, max_size=2).map(tuple),
    texts,
    moments,
    moments,
    texts,
    comments,
)
reasons = texts.filter(lambda text: not text or bool(text.strip()))
reports = st.builds(
    Report,
    some,
    texts,
    coded,
    moments,
    moments,
    texts,
    st.lists(st.builds(Specimen, coded, moments, moments, reasons), max_size=2).map(tuple),
    st.lists(results, max_size=3).map(tuple),
    comments,
)


def _patient(
    ids: tuple[PatientId, ...],
    name: tuple[str, str, str],
    birth: Moment,
    sex: str,
    said: tuple[str, ...],
    told: tuple[Report, ...],
) -> PatientReports:
    return PatientReports(PatientAsWritten(ids, name[0], name[1], name[2], birth, sex, said), told)


names = st.tuples(some, texts, texts) | st.just(("", "", ""))
patients = st.builds(
    _patient,
    st.lists(st.builds(PatientId, some, texts, texts), max_size=2).map(tuple),
    names,
    births,
    texts,
    comments,
    st.lists(reports, max_size=2).map(tuple),
)
messages = st.builds(
    Message,
    texts,
    st.just(Moment("20260309101500-0600")),
    texts,
    texts,
    texts,
    texts,
    st.lists(patients, min_size=1, max_size=2).map(tuple),
)
# Other work on the same machine may make one example slow; that is no failure.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
delimiters = st.sampled_from([Delimiters(), Delimiters("*", ":", ";", "!", "%"), Delimiters("#", "@", "?", "$", "/")])


class TestRoundTrip:
    """What is written comes back, delimiters and control characters inside the data included."""

    @unhurried
    @given(messages, delimiters)
    def test_a_message_comes_back(self, message: Message, signs: Delimiters) -> None:
        assert read_message(render(message, signs)) == message

    @unhurried
    @given(texts, delimiters)
    def test_a_text_comes_back(self, text: str, signs: Delimiters) -> None:
        travelling = escape(text, signs)

        assert unescape(travelling, signs) == text
        assert not set(travelling) & {"\r", "\n", signs.field, signs.component, signs.repetition, signs.subcomponent}

    @unhurried
    @given(st.binary(max_size=400) | st.text("MSHPIDOBX|^~\\&\r\n 12<>.", max_size=300).map(str.encode))
    def test_noise_is_refused_and_nothing_else(self, noise: bytes) -> None:
        self.never_breaks(noise)
        self.never_breaks(f"{HEADER}\r{PID}\r".encode() + noise)

    @unhurried
    @given(st.integers(0, 2000), st.binary(max_size=6))
    def test_a_damaged_message_is_read_or_refused(self, at: int, damage: bytes) -> None:
        content = (SAMPLES / "oru_final.hl7").read_bytes()

        self.never_breaks(content[:at] + damage + content[at + len(damage) :])
        self.never_breaks(content[:at])

    @staticmethod
    def never_breaks(content: bytes) -> None:
        try:
            done = read_messages(content)
        except Unreadable as error:
            is_one_sentence(error.sentence)
            return
        for message in done.messages:
            judged(message)
        for refused in done.refusals:
            is_one_sentence(refused.sentence)


def public_files() -> list[Path]:
    return sorted(PUBLIC.rglob("*.hl7"))


def read_public(name: str) -> Message:
    path = next((path for path in public_files() if path.name == name), None)
    if path is None:
        pytest.skip(f"public message {name} is not here: set INFUSIONDESK_PUBLIC_DATA")
    return read_message(path.read_bytes())


class TestPublicMessages:
    """Messages nobody here wrote; where they are absent these tests say so and our own samples stand in."""

    def test_every_public_message_is_read_or_refused_in_one_sentence(self) -> None:
        if not public_files():
            pytest.skip(f"no public HL7 messages under {PUBLIC}: set INFUSIONDESK_PUBLIC_DATA")
        read, refused = 0, 0
        for path in public_files():
            try:
                done = read_messages(path.read_bytes())
            except Unreadable as error:
                is_one_sentence(error.sentence)
                refused += 1
                continue
            for message in done.messages:
                assert read_message(render(message)) == message, path.name
                judged(message)
            for each in done.refusals:
                is_one_sentence(each.sentence)
                assert "ORU" not in path.name.upper() or each.field == "MSH-9", path.name
            read, refused = read + len(done.messages), refused + len(done.refusals)
        assert read >= 20
        assert refused >= 100

    def test_a_pending_line_has_no_value_and_a_final_follows_a_preliminary(self) -> None:
        first, second = (read_public(f"LAB-ORU-{number}.hl7").patients[0].reports for number in (1, 2))

        before = {line.identity: line for report in first for line in (line_of(report, each) for each in report.results)}
        after = [line_of(report, each) for report in second for each in report.results]
        follows = {line.code: succession(before[line.identity], line) for line in after}

        assert follows["11156-7"] is Succession.COMPLETED  # was pending, status I
        assert follows["20570-8"] is Succession.COMPLETED  # was preliminary, another value
        assert follows["11125-2"] is Succession.CORRECTED  # was already final, 221, and is 220 now

    def test_a_unit_that_cannot_be_meant_is_not_evaluated(self) -> None:
        finding = judged(read_public("LAB-ORU-2.hl7"))["hemoglobin"]

        assert (finding.level, finding.value, finding.unit) == (Level.NOT_EVALUATED, Decimal("13.4"), "g/l-1")
        assert finding.because.startswith("unit g/l-1 is not understood for Hemoglobin; understood: g/dL, g/L")

    def test_hemoglobin_in_grams_a_millilitre_is_not_evaluated_either(self) -> None:
        findings = judged(read_public("LRI_2.0-NG_CBC_Typ_Message.hl7"))

        assert findings["hemoglobin"].level is Level.NOT_EVALUATED
        assert (findings["wbc"].level, findings["wbc"].value) == (Level.CRITICAL, Decimal("105.6"))
        assert findings["anc"].level is Level.CRITICAL  # by the laboratory's own HH

    def test_a_structured_number_with_an_odd_range(self) -> None:
        [finding] = judged(read_public("ORU-R01-RMGEAD.hl7")).values()

        assert (finding.level, finding.value) == (Level.NOT_EVALUATED, Decimal(182))  # 1554-5, no coding system: never guessed
        assert finding.because.endswith("the laboratory marks it H (high)")
        assert finding.result.lab_range == "70_105"


def test_read_counts_are_complete() -> None:
    """Every message of a file is in exactly one of the two lists."""
    good = f"{HEADER}\r{PID}\r"
    done = read_messages((good + HEADER + "\r" + good).encode())

    assert isinstance(done, MessagesRead)
    assert (len(done.messages), len(done.refusals)) == (2, 1)
    assert replace(done.messages[0], notes=("x",)) == done.messages[1]
