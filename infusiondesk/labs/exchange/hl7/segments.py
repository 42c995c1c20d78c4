"""HL7 version 2 as it travels: bytes to messages of segments, with the place of everything that is wrong.

Read here rather than by the `hl7` package: that one knows carriage returns only, fails on unfinished headers and escapes, keeps a
byte-order mark, cannot tell where an error is, turns letters beyond Latin-1 into escapes it cannot read back, and logs the field
it failed on, which may be a name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from infusiondesk.foundation.kernel.outcomes import Refused

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_SEGMENT_BYTES: Final = 64 * 1024
_BOM: Final = b"\xef\xbb\xbf"
_NAME: Final = re.compile(r"[A-Z][A-Z0-9]{2}\Z")
# HL7 table 0211, as codecs. What is not here is read as UTF-8, else as Windows-1252, and the message says so.
_CODECS: Final = {
    **{f"8859/{part}": f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc-kr",
    "BIG-5": "big5",
}
_TEXT_COMMANDS: Final = {".br": "\n", ".sp": "\n", ".ce": "\n", ".sk": " ", ".in": "", ".ti": "", ".fi": "", ".nf": ""}
_TEXT_COMMAND: Final = re.compile(r"(\.(?:br|sp|ce|sk|in|ti|fi|nf))([+-]?\d{1,2})?\Z")
_HEX: Final = re.compile(r"X((?:[0-9A-Fa-f]{2})+)\Z")


class Unreadable(Refused):
    """Something from outside cannot be taken. One sentence says what, and where."""

    def __init__(self, sentence: str, *, segment: int | None = None, field: str | None = None) -> None:
        super().__init__(sentence, field=field)
        self.segment = segment


@dataclass(frozen=True)
class Delimiters:
    """The characters that a message separates with, from its own header; an empty one is not used."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    def letters(self) -> dict[str, str]:
        """Escape letter of each delimiter, HL7 2.5.1 section 2.7.1."""
        pairs = {"F": self.field, "S": self.component, "R": self.repetition, "E": self.escape, "T": self.subcomponent}
        return {letter: sign for letter, sign in pairs.items() if sign}


@dataclass(frozen=True)
class Segment:
    """One segment, its number in the message (MSH is 1) and its raw fields, counted as HL7 counts them."""

    name: str
    number: int
    fields: tuple[str, ...]
    delimiters: Delimiters
    codec: str = "utf-8"

    def raw(self, number: int) -> str:
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> list[str]:
        """The raw repetitions of a field that hold anything."""
        return [each for each in _split(self.raw(number), self.delimiters.repetition) if each]

    def text(self, number: int, component: int = 1, repetition: int = 0) -> str:
        """One component of a field, unescaped; empty where it is absent."""
        repetitions = self.repetitions(number)
        return self.part(repetitions[repetition], component) if repetition < len(repetitions) else ""

    def part(self, repetition: str, component: int) -> str:
        """One component of one repetition, its first subcomponent, unescaped."""
        components = _split(repetition, self.delimiters.component)
        raw = components[component - 1] if component <= len(components) else ""
        return self.unescaped(_split(raw, self.delimiters.subcomponent)[0])

    def parts(self, repetition: str) -> tuple[str, ...]:
        """All components, unescaped, subcomponents left together, empty ones at the end dropped."""
        found = [self.unescaped(each) for each in _split(repetition, self.delimiters.component)]
        while found and not found[-1]:
            found.pop()
        return tuple(found)

    def whole(self, number: int) -> str:
        """A field of free text as one piece, unescaped, even where the sender forgot to escape a delimiter in it."""
        return self.unescaped(self.raw(number))

    def unescaped(self, raw: str) -> str:
        return unescape(raw, self.delimiters, self.codec)


@dataclass(frozen=True)
class RawMessage:
    """One message: its segments, MSH first, and what was doubtful in reading it."""

    segments: tuple[Segment, ...]
    notes: tuple[str, ...] = ()

    @property
    def header(self) -> Segment:
        return self.segments[0]


@dataclass
class Envelope:
    """A file taken apart: the lines of each message, and what the batch trailers say that does not fit."""

    messages: list[list[bytes]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def open_envelope(content: bytes) -> Envelope:
    """Take a file, a batch or an MLLP block apart into messages; refuse what is no HL7 at all."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file has {len(content):,} bytes; at most {MOST_BYTES:,} are read.")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = _from_utf16(content)
    if b"\0" in content:
        raise Unreadable(f"Byte {content.index(0) + 1:,} is NUL, so this is not an HL7 text.")
    envelope = Envelope()
    in_batch = 0
    for line in _lines(content):
        name = line[:3]
        if name == b"MSH":
            envelope.messages.append([line])
            in_batch += 1
        elif name in (b"FHS", b"BHS", b"FTS"):
            in_batch = 0 if name == b"BHS" else in_batch
        elif name == b"BTS":
            _count_batch(line, in_batch, envelope)
        elif envelope.messages:
            envelope.messages[-1].append(line)
        else:
            raise Unreadable(f"An HL7 message begins with MSH; this {_other_form(line)}.", segment=1)
    if not envelope.messages:
        raise Unreadable("There is no HL7 message in it.")
    return envelope


def read_header(lines: Sequence[bytes]) -> Segment:
    """The MSH of a message alone: enough to say what kind of message it is, however broken the rest may be."""
    return _segment(lines[0].decode("latin-1"), 1, _delimiters(lines[0]), "latin-1")


def read_segments(lines: Sequence[bytes]) -> RawMessage:
    """The segments of one message, by the delimiters and the character set that its header states."""
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_SEGMENT_BYTES:
            words = f"Segment {number} has {len(line):,} bytes; at most {MOST_SEGMENT_BYTES:,} are read."
            raise Unreadable(words, segment=number)
    delimiters = _delimiters(lines[0])
    codec, notes = _codec(lines, delimiters)
    segments = [_segment(line.decode(codec), number, delimiters, codec) for number, line in enumerate(lines, 1)]
    return RawMessage(tuple(segments), notes)


def unescape(raw: str, delimiters: Delimiters, codec: str = "utf-8") -> str:
    """Text as it was meant. A sequence that is not known, or not finished, stays as it is written."""
    escape = delimiters.escape
    if not escape or escape not in raw:
        return raw
    found: list[str] = []
    at = 0
    while (start := raw.find(escape, at)) >= 0:
        end = raw.find(escape, start + 1)
        meaning = None if end < 0 else _meaning(raw[start + 1 : end], delimiters, codec)
        found.append(raw[at:start] + (escape if meaning is None else meaning))
        at = start + 1 if meaning is None else end + 1
    return "".join([*found, raw[at:]])


def escape(text: str, delimiters: Delimiters) -> str:
    """Text as it may travel: delimiters and control characters as escape sequences, so that `unescape` gives it back."""
    signs = {sign: letter for letter, sign in delimiters.letters().items()}
    mark = delimiters.escape

    def travelling(letter: str) -> str:
        if letter in signs:
            return f"{mark}{signs[letter]}{mark}"
        return f"{mark}X{ord(letter):02X}{mark}" if letter < " " or letter == "\x7f" else letter

    return "".join(travelling(letter) for letter in text)


def _meaning(sequence: str, delimiters: Delimiters, codec: str) -> str | None:
    if sequence in ("H", "N"):  # highlighting on and off
        return ""
    if sequence in delimiters.letters():
        return delimiters.letters()[sequence]
    if command := _TEXT_COMMAND.match(sequence):
        return _TEXT_COMMANDS[command[1]] * max(1, int(command[2] or 1))
    if code := _HEX.match(sequence):
        try:
            return bytes.fromhex(code[1]).decode(codec)
        except UnicodeDecodeError:
            return None
    return None


def _split(raw: str, sign: str) -> list[str]:
    return raw.split(sign) if sign else [raw]


def _lines(content: bytes) -> Iterator[bytes]:
    """Segments end with a carriage return; files also have line feeds or both. MLLP frames and byte-order marks fall away."""
    for line in content.replace(b"\n", b"\r").split(b"\r"):
        bare = line.removeprefix(_BOM).strip(b"\x0b\x1c").lstrip(b" \t").removeprefix(_BOM)
        if bare.strip():
            yield bare


def _from_utf16(content: bytes) -> bytes:
    try:
        return content.decode("utf-16").encode("utf-8")
    except UnicodeError:
        raise Unreadable("The file says that it is UTF-16, but it is not.") from None


def _count_batch(line: bytes, found: int, envelope: Envelope) -> None:
    stated = re.match(rb"BTS[^0-9A-Za-z]\s*(\d{1,9})\b", line)
    if stated and int(stated[1]) != found:
        envelope.notes.append(f"The batch says it has {int(stated[1])} messages; {found} came.")


def _delimiters(header: bytes) -> Delimiters:
    text = header.decode("latin-1")
    sign = text[3:4]
    chars = text[4:].split(sign, 1)[0] if sign else ""
    signs = [sign, *chars]
    if not chars or len(chars) > 5 or len(set(signs)) < len(signs) or any(_cannot_delimit(each) for each in signs):
        raise Unreadable("Segment 1, field MSH-2: it does not state usable encoding characters.", segment=1, field="MSH-2")
    return Delimiters(sign, chars[0], chars[1:2], chars[2:3], chars[3:4])


def _cannot_delimit(sign: str) -> bool:
    return sign.isalnum() or sign.isspace() or not "!" <= sign <= "~"


def _codec(lines: Sequence[bytes], delimiters: Delimiters) -> tuple[str, tuple[str, ...]]:
    fields = lines[0].decode("latin-1").split(delimiters.field)
    stated = _split(fields[17], delimiters.repetition)[0].strip().upper() if len(fields) > 17 else ""
    if all(line.isascii() for line in lines):
        return "utf-8", ()
    if known := _CODECS.get(stated):
        if trouble := _undecodable(lines, known):
            words = f"Segment {trouble} is not {stated}, the character set of MSH-18."
            raise Unreadable(words, segment=trouble, field="MSH-18")
        return known, ()
    if not _undecodable(lines, "utf-8"):
        return "utf-8", ()
    if trouble := _undecodable(lines, "cp1252"):
        raise Unreadable(f"Segment {trouble} is in no character set that can be told.", segment=trouble, field="MSH-18")
    return "cp1252", ("MSH-18 names no character set that is known; read as Windows-1252.",)


def _undecodable(lines: Sequence[bytes], codec: str) -> int:
    """The number of the first segment that is not in this character set; 0 where all are."""
    for number, line in enumerate(lines, 1):
        try:
            line.decode(codec)
        except UnicodeDecodeError:
            return number
    return 0


def _segment(text: str, number: int, delimiters: Delimiters, codec: str) -> Segment:
    name, sign, rest = text.partition(delimiters.field)
    name = name.rstrip()
    if not _NAME.match(name):
        # What stands there instead may be a piece of a name, so it is not repeated.
        raise Unreadable(f"Segment {number} does not begin with a segment name.", segment=number)
    fields = rest.split(delimiters.field) if sign else []
    head = (name, sign) if name == "MSH" else (name,)
    return Segment(name, number, (*head, *fields), delimiters, codec)


def _other_form(line: bytes) -> str:
    known = {b"ISA": "is X12", b"PK": "is a zip archive", b"%PDF": "is a PDF", b"{": "looks like JSON", b"<": "looks like XML"}
    return next((words for start, words in known.items() if line.startswith(start)), "does not")
