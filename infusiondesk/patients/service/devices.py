"""Access devices: inserted, tip confirmed, removed."""

from dataclasses import fields, replace
from datetime import date
from uuid import UUID

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.patients.queries.loading import patient_record
from infusiondesk.patients.records import AccessDevice
from infusiondesk.patients.rules.entries import DeviceDraft, TipDraft, removal_problem
from infusiondesk.patients.rules.words import DeviceType, TipConfirmation, TipLocation
from infusiondesk.patients.service.writing import (
    CHARTING,
    CLINICAL,
    authorship,
    differences,
    enter,
    keep_correction,
    line_of,
    refuse_first,
    void,
)


@verb(Area.PATIENTS, *CHARTING, does="enter an access device")
def enter_device(uow: UnitOfWork, *, patient_id: UUID, draft: DeviceDraft) -> UUID:
    """Keep a catheter or port."""
    patient = patient_record(uow.session, patient_id)
    draft = replace(draft, today=uow.today())
    refuse_first(draft.problems())
    if draft.inserted_on is not None and draft.inserted_on < patient.born_on:
        raise Refused(f"{day(draft.inserted_on)} lies before the patient's birth; enter the day of insertion.", field="inserted_on")
    columns = {one.name: getattr(draft, one.name) for one in fields(DeviceDraft) if one.name != "today"}
    columns = {name: value.strip() if isinstance(value, str) else value for name, value in columns.items()}
    columns |= {
        "type": DeviceType(draft.type or ""),
        "tip": TipLocation(draft.tip) if draft.tip else None,
        "tip_confirmed": TipConfirmation(draft.tip_confirmed) if draft.tip_confirmed else None,
    }
    return enter(uow, AccessDevice(patient_id=patient_id, **columns, **authorship(uow)))


@verb(Area.PATIENTS, *CLINICAL, does="confirm the tip of a device")
def confirm_tip(uow: UnitOfWork, *, device_id: UUID, draft: TipDraft) -> None:
    """Say where the tip lies and who saw it there (R13)."""
    device = line_of(uow, AccessDevice, device_id)
    draft = replace(draft, today=uow.today(), inserted_on=device.inserted_on)
    refuse_first(draft.problems())
    wanted: dict[str, object] = {
        "tip": TipLocation(draft.tip or ""),
        "tip_confirmed": TipConfirmation(draft.tip_confirmed or ""),
        "tip_confirmed_on": draft.tip_confirmed_on,
    }
    changed = differences(device, wanted)
    if not changed:
        raise Refused("The tip is confirmed so already.")
    reason = "confirmed"
    if device.tip_confirmed is not None:
        reason = uow.reason_for("patients.tip", "Why is the tip confirmed anew?", ("new X-ray", "entered wrongly", "tip moved"))
    for name, value in wanted.items():
        setattr(device, name, value)
    keep_correction(uow, device.patient_id, "access_device", device.id, changed, reason)


@verb(Area.PATIENTS, *CHARTING, does="note the removal of a device")
def remove_device(uow: UnitOfWork, *, device_id: UUID, removed_on: date | None, because: str = "") -> None:
    """The device is out; it stays in the chart."""
    device = line_of(uow, AccessDevice, device_id)
    if device.removed_on is not None:
        raise Refused(f"The device was removed on {day(device.removed_on)} already.")
    if sentence := removal_problem(removed_on, device.inserted_on, uow.today()):
        raise Refused(sentence, field="removed_on")
    device.removed_on, device.removed_because = removed_on, because.strip()
    uow.record(Change("removed", Area.PATIENTS, "access_device", device.id, device.patient_id))


@verb(Area.PATIENTS, *CLINICAL, does="void an access device")
def void_device(uow: UnitOfWork, *, device_id: UUID) -> None:
    """Take a device that was entered wrongly out of account."""
    device = line_of(uow, AccessDevice, device_id)
    void(uow, device, device.type.value)
