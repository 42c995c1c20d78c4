"""The forms of temperatures: a reading, a judgement, a monitor and its certificate, a range, the policy."""

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, LongTextField, NumberField, TextField
from infusiondesk.foundation.qtkit.forms.fields import Field
from infusiondesk.inventory.queries.temperatures import ExcursionLotRow, TemperatureRow
from infusiondesk.inventory.rules.monitors import Monitor, MonitorDraft, RangeDraft, TemperaturePolicyDraft, VerificationDraft
from infusiondesk.inventory.rules.temperatures import Disposition, DispositionDraft, ReadingDraft, degrees
from infusiondesk.inventory.service.monitors import add_monitor, set_storage_range, set_temperature_policy, verify_monitor
from infusiondesk.inventory.service.temperatures import judge_excursion_lot, note_temperature


def _certificate() -> list[Field]:
    return [
        DateField("verified_on", "Verified on"),
        DateField("due_on", "Next due"),
        TextField("certificate", "Certificate", hint="number, and who issued it"),
    ]


def reading_editor(desk: Desk, place: TemperatureRow) -> Editor:
    """What the thermometer of a location shows."""
    fields: list[Field | str] = [
        ChoiceField("scale", "Scale", required=True, choices=[("C", "Celsius"), ("F", "Fahrenheit")]),
        NumberField("value", "Now", unit="°", places=2, required=True),
        NumberField("lowest", "Lowest since the last reading", unit="°", places=2),
        NumberField("highest", "Highest since the last reading", unit="°", places=2),
    ]
    if len(place.monitors) > 1:
        choices = [(one.id, one.serial) for one in place.monitors]
        fields.append(ChoiceField("monitor_id", "Monitor", required=True, choices=choices, spread=False))
    told = f"Allowed {place.allowed.limits()}. Outside it everything here goes into quarantine at once."
    return Editor(
        desk,
        "reading",
        f"{place.location}, now",
        fields,
        ReadingDraft(),
        note_temperature,
        given=lambda draft: {"location_id": place.id, "draft": draft},
        said="Noted. Reset the thermometer's memory." + (f" {place.lapse}" if place.lapse else ""),
        explanation=f"{told} {place.lapse}".strip(),
    )


def judgement_editor(desk: Desk, lot: ExcursionLotRow) -> Editor:
    """What becomes of a lot after an excursion; signed."""
    fields = [
        ChoiceField("disposition", "Disposition", required=True, choices=[(one.value, one.capitalize()) for one in Disposition]),
        LongTextField("source", "Maker's statement, or why it is destroyed", required=True, lines=3),
        DateField("expires_on", "Use until"),
    ]
    span = f"{lot.location}: {degrees(lot.lowest)} to {degrees(lot.highest)}, allowed {lot.allowed}"
    editor = Editor(
        desk,
        "disposition",
        f"{lot.item}, lot {lot.lot_number}",
        fields,
        DispositionDraft(),
        judge_excursion_lot,
        given=lambda draft: {"line_id": lot.id, "draft": draft},
        said="Judged.",
        save="Sign",
        explanation=f"{span}. Expires {day(lot.expires_on)}. {lot.remark}".strip(),
    )

    def shape() -> None:
        editor.form.show_field("expires_on", editor.form.draft.disposition == Disposition.SHORTEN)

    editor.form.changed.connect(shape)
    shape()
    return editor


def monitor_editor(desk: Desk, place: TemperatureRow) -> Editor:
    """A monitor hung up at a location."""
    return Editor(
        desk,
        "monitor",
        f"A monitor for {place.location}",
        [TextField("serial", "Serial number", required=True), "Its certificate", *_certificate()],
        MonitorDraft(),
        add_monitor,
        given=lambda draft: {"location_id": place.id, "draft": draft},
        said="Added.",
        explanation=f"Without a next day it is due {place.policy.verification_months} months after it was verified.",
    )


def verification_editor(desk: Desk, place: TemperatureRow, monitor: Monitor) -> Editor:
    """A new certificate of a monitor."""
    last = f"Last: {day(monitor.verified_on)}, {monitor.certificate}. " if monitor.verified_on else ""
    return Editor(
        desk,
        "verification",
        f"Monitor {monitor.serial} verified",
        _certificate(),
        VerificationDraft(),
        verify_monitor,
        given=lambda draft: {"monitor_id": monitor.id, "draft": draft},
        said="Entered.",
        explanation=f"{last}Without a next day it is due {place.policy.verification_months} months after.",
    )


def range_editor(desk: Desk, place: TemperatureRow) -> Editor:
    """The temperatures of a kind of location, to be signed as they are or otherwise."""
    known, kind = place.allowed, place.kind.value
    return Editor(
        desk,
        "range",
        f"Storage range: every {kind}",
        [
            NumberField("low", "Lowest", unit="°C", places=3, required=True),
            NumberField("high", "Highest", unit="°C", places=3, required=True),
            NumberField("excursion_low", "Quarantine below", unit="°C", places=3, required=True),
            NumberField("excursion_high", "Quarantine above", unit="°C", places=3, required=True),
            NumberField("mean_kinetic_limit", "Mean kinetic at most", unit="°C", places=2),
            TextField("source", "Source", required=True),
        ],
        RangeDraft.of(known),
        set_storage_range,
        given=lambda draft: {"kind": kind, "draft": draft},
        said="Signed. Readings from now on are judged by it.",
        save="Sign",
        explanation=f"In force now: {known.whose}. What is on file stays as it was judged.",
    )


def policy_editor(desk: Desk, place: TemperatureRow) -> Editor:
    """How often temperatures are read and monitors verified, to be signed."""
    return Editor(
        desk,
        "policy",
        "How temperatures are watched",
        [
            NumberField("reading_hours", "Between two readings by hand at most", unit="hours", whole=True, required=True),
            NumberField("gap_minutes", "Between two lines of a logger at most", unit="minutes", whole=True, required=True),
            NumberField("verification_months", "A monitor is verified within", unit="months", whole=True, required=True),
            NumberField("notice_days", "Its verification is said to be due so early", unit="days", whole=True, required=True),
            TextField("source", "Source", required=True),
        ],
        TemperaturePolicyDraft.of(place.policy),
        set_temperature_policy,
        said="Signed. It is in force from now on.",
        save="Sign",
        explanation=f"In force now: {place.policy.whose}. Longer without a reading is not monitored, and not judged.",
    )
