"""Deliveries as screens and papers show them: frozen rows, times on the pharmacy's wall clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from infusiondesk.compounding.queries import BagRow
from infusiondesk.compounding.rules import Storage
from infusiondesk.dispensing.rules import Delivered, Due, InBox, Method, State, Work, reading_words, still_needed
from infusiondesk.foundation.kernel.ismp import counted, day, number
from infusiondesk.foundation.store.signatures import SignatureRow


@dataclass(frozen=True)
class LineRow:
    """One thing on a ticket; `bag` None for units of a lot or a pump, which `description` names.

    `lot_number`, `expires_on`, `unit` and `kept` are of a lot, `serial` and `order_id` of a pump.
    """

    id: UUID
    bag: BagRow | None
    lot_id: UUID | None
    pump_id: UUID | None
    quantity: Decimal
    description: str
    dose_on: date | None
    dose_at: datetime | None
    scanned_at: datetime | None
    scanned_by: str
    was_typed: bool
    taken_off: str
    lot_number: str = ""
    expires_on: date | None = None
    unit: str = ""
    kept: Storage | None = None
    serial: str = ""
    order_id: UUID | None = None
    came_back: Decimal = Decimal(0)
    destroyed: Decimal = Decimal(0)
    is_unusable: bool = False
    item_id: UUID | None = None

    @property
    def is_gone(self) -> bool:
        """The patient has nothing of it: it was brought back whole, or a pharmacist has judged that it may not be used."""
        return self.is_unusable or self.came_back >= self.quantity

    @property
    def delivered(self) -> Delivered:
        """What the rules of returns need of it."""
        return Delivered(
            self.id, self.what, "bag" if self.bag else self.unit or "unit", self.quantity, self.came_back, self.destroyed,
            is_pump=self.pump_id is not None, is_unusable=self.is_unusable,
        )  # fmt: skip

    @property
    def is_scanned(self) -> bool:
        return self.scanned_at is not None

    @property
    def what(self) -> str:
        return self.bag.name if self.bag else self.description

    @property
    def amount(self) -> str:
        return self.many(self.quantity)

    def many(self, quantity: Decimal) -> str:
        """So many of it, in its unit."""
        unit = "bag" if self.bag else "pump" if self.pump_id else self.unit
        return counted(quantity, unit) if unit else number(quantity)

    @property
    def mark(self) -> str:
        """What tells it from another one: the barcode, the lot of the maker, the serial."""
        if self.bag is not None:
            return self.bag.barcode
        return f"serial {self.serial}" if self.serial else self.lot_number


@dataclass(frozen=True)
class FileRow:
    """One kept proof without its content."""

    id: UUID
    kind: str
    name: str
    media_type: str
    sha256: str
    size: int
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class JudgementRow:
    """What a pharmacist decided after an excursion."""

    lines: tuple[UUID, ...]
    disposition: str
    because: str
    names: tuple[SignatureRow, ...]


@dataclass(frozen=True)
class ReturnRow:
    """What was brought back after the delivery was confirmed."""

    line_id: UUID
    what: str
    brought_by: str
    came_on: date
    because: str
    by: str

    @property
    def words(self) -> str:
        return f"{self.what}, on {day(self.came_on)} by {self.brought_by}: {self.because}"


@dataclass(frozen=True)
class CallRow:
    """The driver was called."""

    at: datetime
    spoke_with: str
    agreed: str
    by: str


@dataclass(frozen=True)
class TicketRow:
    """One delivery with what is in it and where it stands; times on the pharmacy's wall clock.

    `alarms` is what has changed since it was begun and speaks against its way; `proof_gaps` what of a payer's proof is missing.
    `needs` is what was proposed of supplies when it was begun. `to_judge` and `to_destroy` name lines.
    """

    id: UUID
    number: str
    patient_id: UUID
    patient: str
    mrn: str
    phone: str
    place_of_care: str
    deliver_to: str
    begun_by: str
    begun_at: datetime
    packed_by: str
    packed_at: datetime | None
    state: State
    work: Work | None
    lines: tuple[LineRow, ...]
    deliver_by: date | None
    deliver_because: str
    late: str
    supply: tuple[dict[str, Any], ...]
    needs: tuple[dict[str, Any], ...]
    returns: tuple[ReturnRow, ...]
    shipper: str
    no_shipper_because: str
    no_backup_because: str
    logger_serial: str
    method: Method | None
    carrier: str
    tracking: str
    shipped_at: datetime | None
    shipped_by: str
    received_by: str
    relation: str
    received_at: datetime | None
    device_zone: str
    entered_at: datetime | None
    entered_by: str
    condition: str
    adult_id: str
    low_c: Decimal | None
    high_c: Decimal | None
    read_how: str
    left: str
    reason: str
    destroyed: str
    calls: tuple[CallRow, ...]
    files: tuple[FileRow, ...]
    excursions: tuple[str, ...]
    to_judge: tuple[UUID, ...]
    to_destroy: Mapping[UUID, Decimal]
    judgements: tuple[JudgementRow, ...]
    alarms: tuple[str, ...]
    proof_gaps: tuple[str, ...]
    names: tuple[SignatureRow, ...]
    route: str

    @property
    def bags(self) -> tuple[BagRow, ...]:
        """The bags on it, the one to use first first."""
        return tuple(line.bag for line in self.lines if line.bag is not None)

    @property
    def unusable(self) -> frozenset[UUID]:
        """Lines that a pharmacist has judged to be replaced and destroyed."""
        return frozenset(line.id for line in self.lines if line.is_unusable)

    @property
    def destroy_because(self) -> str:
        """Why something of it is to be destroyed."""
        if self.unusable & set(self.to_destroy):
            return "Judged unusable"
        backs = [back.because for back in self.returns if back.line_id in self.to_destroy]
        return f"Brought back: {backs[-1]}" if backs else f"{self.state.value.capitalize()}: {self.reason}"

    @property
    def may_come_back(self) -> tuple[LineRow, ...]:
        """What was delivered and could still be brought back."""
        return tuple(line for line in self.lines if line.delivered.still_there > 0) if self.state is State.CONFIRMED else ()

    def things(self, lines: Collection[UUID]) -> str:
        """``3 bags and 1 package`` of these lines."""
        chosen = [line for line in self.lines if line.id in set(lines)]
        bags = sum(line.bag is not None for line in chosen)
        told = (counted(bags, "bag") if bags else "", counted(len(chosen) - bags, "package") if len(chosen) > bags else "")
        return " and ".join(filter(None, told))

    @property
    def pumps(self) -> tuple[LineRow, ...]:
        return tuple(line for line in self.lines if line.pump_id is not None)

    @property
    def storages(self) -> set[Storage]:
        """How what is in the box is kept."""
        return {bag.kept for bag in self.bags} | {line.kept for line in self.lines if line.kept is not None}

    @property
    def still_needed(self) -> tuple[str, ...]:
        """Of the supplies that were proposed for it what is not in the box; where no number is known, what nothing of is in it."""
        own = [line for line in self.lines if line.bag is None and line.pump_id is None]
        return still_needed(self.needs, [InBox(str(line.item_id), line.description, line.quantity) for line in own])

    @property
    def holds(self) -> tuple[str, ...]:
        """Supplies that the patient needs and must not get, each with its reason."""
        return tuple(one["hold"] for one in self.needs if one["hold"])

    @property
    def left_to_scan(self) -> int:
        return sum(not line.is_scanned for line in self.lines)

    @property
    def temperature(self) -> str:
        return reading_words(self.low_c, self.high_c, self.read_how)

    @property
    def is_signed(self) -> bool:
        return any(file.kind in ("signature", "signed paper") for file in self.files)


@dataclass(frozen=True)
class ToSendRow:
    """A patient with released bags that stand on no ticket. `obstacle` keeps all here, `cannot` single bags; `fit` may go."""

    id: UUID
    patient: str
    mrn: str
    bags: tuple[BagRow, ...]
    due: Due | None
    late: str
    obstacle: str
    cannot: tuple[str, ...]
    fit: tuple[UUID, ...]

    @property
    def first_beyond_use_at(self) -> datetime:
        return min(bag.beyond_use_at for bag in self.bags)


@dataclass(frozen=True)
class PickRow:
    """What to take from where for one delivery."""

    id: UUID
    where: str
    patient: str
    mrn: str
    what: str
    many: str
    bags: int
    barcodes: tuple[str, ...]
    beyond_use_at: datetime
    ticket: str
    due: str

    @property
    def words(self) -> str:
        return f"{self.many} of {self.what}"


@dataclass(frozen=True)
class Scanned:
    """What a scan was: shown at once, large. A bag has a beyond-use date; units of a lot and a pump have a line to count on."""

    ticket_id: UUID
    barcode: str
    what: str
    lot: str
    beyond_use_at: datetime | None
    dose_at: datetime | None
    left: int
    line_id: UUID | None = None
    quantity: Decimal = Decimal(1)
    unit: str = ""
    expires_on: date | None = None
    serial: str = ""


@dataclass(frozen=True)
class DeliveredDoses:
    """Confirmed bags of one order version on one day: what a drug line may count."""

    version_id: UUID
    order_id: UUID
    on: date
    bags: int


@dataclass(frozen=True)
class Unbilled:
    """Bags of a confirmed delivery that no drug line counts, and why; `on` is the day on which they were received."""

    ticket: str
    on: date
    bags: int
    because: str


@dataclass(frozen=True)
class StopRow:
    """One stop of a day: on a driver's route, or (driver empty) on none yet."""

    id: UUID
    driver: str
    place: int
    ticket: TicketRow
    access_notes: str

    @property
    def keep(self) -> str:
        return ", ".join(sorted({bag.storage for bag in self.ticket.bags}))


@dataclass(frozen=True)
class DayRow:
    """A day that is not like its weekday: the pharmacy's own, or a public holiday."""

    id: str
    on: date
    because: str
    is_open: bool
    is_own: bool
