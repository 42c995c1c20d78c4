"""What is done with prescriptions: an original is kept, counsel is offered, a day's fills are signed for."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from infusiondesk.foundation.kernel.ismp import counted, day
from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.foundation.kernel.people import Area, Role, verb
from infusiondesk.foundation.store.audit import Change
from infusiondesk.foundation.store.unit_of_work import UnitOfWork
from infusiondesk.orders.records import Order, OrderVersion
from infusiondesk.prescriptions.queries import fills_on, log_facts, signed_fills
from infusiondesk.prescriptions.records import CounselOffer, FillLog, Original
from infusiondesk.prescriptions.rules import CounselDraft, How, Reply, media_type, original_refusal

_PHARMACISTS = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)


@verb(Area.ORDERS, Role.INTAKE, Role.TECHNICIAN, *_PHARMACISTS, does="keep an original")
def keep_original(uow: UnitOfWork, *, version_id: UUID, name: str, content: bytes) -> UUID:
    """Keep the prescription as it came, an image or PDF, with its SHA-256; it cannot be changed or taken out again."""
    version = uow.session.get_one(OrderVersion, version_id)
    order = uow.session.get_one(Order, version.order_id)
    code = sha256(content).hexdigest()
    known = uow.session.scalars(
        sa.select(Original.sha256)
        .join(OrderVersion, OrderVersion.id == Original.order_version_id)
        .where(OrderVersion.order_id == order.id)
    )
    kind = media_type(content)
    if (sentence := original_refusal(content, known, code)) or kind is None:
        raise Refused(f"{name}: {sentence}")
    kept = uow.add(
        Original(
            order_version_id=version.id, name=name, media_type=kind, sha256=code, size=len(content), content=content,
            added_by_id=uow.actor.id, added_by=uow.actor.name, added_at=uow.clock.now(),
        )
    )  # fmt: skip
    detail = f"Rx {order.rx_number} version {version.number}, SHA-256 {code[:12].upper()}"
    uow.record(Change("original kept", Area.ORDERS, "original", kept.id, order.patient_id, detail=detail))
    return kept.id


@verb(Area.ORDERS, *_PHARMACISTS, Role.TECHNICIAN, does="record an offer of counsel")
def offer_counsel(uow: UnitOfWork, *, version_id: UUID, draft: CounselDraft) -> UUID:
    """Write down that a pharmacist's advice was offered, and what the answer was; only a pharmacist counsels."""
    if problems := draft.problems():
        raise Refused(problems[0].sentence, field=problems[0].field)
    if draft.reply == Reply.ACCEPTED and not uow.actor.roles & set(_PHARMACISTS):
        raise Refused("Only a pharmacist counsels. Record that it was offered, and let a pharmacist call.", field="reply")
    version = uow.session.get_one(OrderVersion, version_id)
    order = uow.session.get_one(Order, version.order_id)
    kept = uow.add(
        CounselOffer(
            order_id=order.id, order_version_id=version.id, how=How(draft.how), reply=Reply(draft.reply),
            with_whom=draft.with_whom.strip(), about=draft.about.strip(),
            offered_by_id=uow.actor.id, offered_by=uow.actor.name, offered_at=uow.clock.now(),
        )
    )  # fmt: skip
    detail = f"Rx {order.rx_number} version {version.number}, {draft.reply}"
    uow.record(Change("counsel offered", Area.ORDERS, "counsel_offer", kept.id, order.patient_id, detail=detail))
    return kept.id


@verb(Area.ORDERS, *_PHARMACISTS, does="sign the fills of a day")
def sign_fill_log(uow: UnitOfWork, *, on: date, seen: Sequence[Mapping[str, Any]]) -> UUID:
    """Put one's name under the fills of a day that one released, as they were `seen`; again, when more left after the signature."""
    if on > uow.today():
        raise Refused("That day has not come yet.", field="on")
    fills = signed_fills(fills_on(uow, on), uow.actor.id)
    if not fills:
        raise Refused(f"You released nothing that left on {day(on)}.")
    if fills != list(seen):
        raise Refused("These fills are not what you saw: more has left since. Look at the day again, then sign.")
    uow.require_licence("sign for fills")
    mine = sa.select(FillLog).where(FillLog.day == on, FillLog.pharmacist_id == uow.actor.id).order_by(FillLog.number.desc())
    newest = uow.session.scalars(mine).first()
    if newest is not None and newest.fills == fills:
        raise Refused(f"You have signed for all your fills of {day(on)} already.")
    number = newest.number + 1 if newest else 1
    log = FillLog(
        # Made from what is signed and not by chance: the signature is asked for in one try and given in the next.
        id=uuid5(uow.actor.id, f"{on.isoformat()} {number}"),
        day=on,
        pharmacist_id=uow.actor.id,
        pharmacist=uow.actor.name,
        number=number,
        fills=fills,
    )
    uow.add(log)
    uow.sign(
        log,
        log_facts(log),
        subject=f"{counted(len(fills), 'fill')} of {day(on)}",
        meaning="dispensed as shown",
        area=Area.ORDERS,
        patient_id=None,
    )
    return log.id
