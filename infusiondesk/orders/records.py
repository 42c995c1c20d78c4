"""Tables of orders, their versions and what happened to them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from infusiondesk.foundation.store.columns import ExactDecimal, choice
from infusiondesk.foundation.store.records import Base, Record, Signed
from infusiondesk.orders.rules import EventKind, Method, Pattern, ReceivedBy, Route


class Order(Record, Base):
    """One prescription; everything about it hangs on its versions."""

    __tablename__ = "rx_order"
    __table_args__ = (sa.UniqueConstraint("rx_number"),)

    patient_id: Mapped[UUID] = mapped_column(sa.ForeignKey("patient.id"), index=True)
    rx_number: Mapped[int]


class OrderVersion(Signed, Base):
    """What is to be given; fixed from the pharmacist's verification on.

    `typed` names what of dose, volume, time, rate and concentration somebody typed: the rest was derived. `working` keeps how the
    dose came about, with the weight it was worked out for.
    """

    __tablename__ = "order_version"
    __table_args__ = (sa.UniqueConstraint("order_id", "number"),)

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"))
    number: Mapped[int]
    reason: Mapped[str | None]
    drug_id: Mapped[UUID] = mapped_column(sa.ForeignKey("drug.id"))
    prescriber_id: Mapped[UUID] = mapped_column(sa.ForeignKey("prescriber.id"))
    dose_amount: Mapped[Decimal] = mapped_column(ExactDecimal(4))
    dose_unit: Mapped[str]
    ordered_dose: Mapped[Decimal | None] = mapped_column(ExactDecimal(4))
    ordered_unit: Mapped[str]
    desired_rise_percent: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    weight_used: Mapped[str]
    round_to: Mapped[Decimal | None] = mapped_column(ExactDecimal(4))
    rounding: Mapped[str]
    worked_kg: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    worked_on: Mapped[date | None]
    working: Mapped[list[dict[str, Any]]]
    typed: Mapped[list[str]]
    route: Mapped[Route] = mapped_column(choice(Route, "route"))
    pattern: Mapped[Pattern] = mapped_column(choice(Pattern, "pattern"))
    interval_hours: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    weekdays: Mapped[list[str]]
    cycle_days: Mapped[str]
    cycle_length: Mapped[int | None]
    weeks: Mapped[str]
    then_every_weeks: Mapped[int | None]
    steps: Mapped[str]
    pca_basal: Mapped[Decimal | None] = mapped_column(ExactDecimal(4))
    pca_bolus: Mapped[Decimal | None] = mapped_column(ExactDecimal(4))
    pca_lockout_minutes: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    pca_hour_limit: Mapped[Decimal | None] = mapped_column(ExactDecimal(4))
    infusion_minutes: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    rate_ml_per_h: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    rate_steps: Mapped[str]
    rate_plan: Mapped[str]
    method: Mapped[Method] = mapped_column(choice(Method, "method"))
    diluent: Mapped[str]
    container: Mapped[str]
    volume_ml: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    concentration_per_ml: Mapped[Decimal | None] = mapped_column(ExactDecimal(6))
    amino_acid_g: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    dextrose_g: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    lipid_g: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    sodium_meq: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    potassium_meq: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    magnesium_meq: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    calcium_meq: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    phosphate_mmol: Mapped[Decimal | None] = mapped_column(ExactDecimal(3))
    additives: Mapped[str]
    is_cycled: Mapped[bool]
    osmolarity_mosm_l: Mapped[Decimal | None] = mapped_column(ExactDecimal(1))
    start_on: Mapped[date]
    stop_on: Mapped[date]
    indication: Mapped[str]
    had_before: Mapped[bool]
    anaphylaxis_kit: Mapped[bool]
    kit: Mapped[list[str]]
    lab_protocol: Mapped[str]
    lab_work: Mapped[str]
    lab_reviewer: Mapped[str]
    flush_method: Mapped[str]
    flush: Mapped[str]
    flush_ml: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    heparin_units_per_ml: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    heparin_ml: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    line_care: Mapped[list[str]]
    visits: Mapped[str]
    nursing: Mapped[str]
    supplies: Mapped[list[str]]
    written_on: Mapped[date | None]
    refills: Mapped[int | None]
    received_by: Mapped[ReceivedBy] = mapped_column(choice(ReceivedBy, "received_by"))
    received_at: Mapped[datetime]
    caller: Mapped[str]
    receiver: Mapped[str]
    read_back: Mapped[bool]
    read_back_at: Mapped[datetime | None]
    reviewed_by_infectious_diseases: Mapped[bool]
    entered_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class OrderEvent(Record, Base):
    """A hold, a resumption, a discontinuation or a cancellation; or what happened to one version, then with its number.

    A version is withdrawn, or questioned: then `reason` is the question and `contact` who was called about it.
    """

    __tablename__ = "order_event"

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("rx_order.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    version_number: Mapped[int | None]
    effective_on: Mapped[date]
    reason: Mapped[str]
    contact: Mapped[str]
    happened_at: Mapped[datetime]
    done_by: Mapped[str]
