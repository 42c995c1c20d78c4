"""Forms: declared fields, a plain draft behind them, every problem in a sentence beside its field.

    @dataclass
    class PatientDraft:
        family_name: str = ""
        born_on: date | None = None
        weight_kg: Decimal | None = None
        sex: str | None = None
        def problems(self) -> list[Problem]: ...

    form = Form([
        TextField("family_name", "Family name", required=True),
        DateField("born_on", "Born", required=True),
        NumberField("weight_kg", "Weight", unit="kg", places=1, also="lb"),
        ChoiceField("sex", "Sex", choices=[("F", "Female"), ("M", "Male")]),
        "Coverage",                                              a heading
        MultiChoiceField("needs", "Needs", choices=["Interpreter", "Large print"]),
        LongTextField("note", "Note"),
    ], PatientDraft())
    form.changed.connect(lambda: save.setEnabled(form.is_ready()))
    if not form.show_problems(): self.desk.do(self, service.admit, **vars(form.draft))
    form.refuse(refused.sentence, refused.field)                 when the rules say no
    kept = form.snapshot(); form.restore(kept)                   what was typed, readable or not

Every control's accessible name is its label and its object name the draft's attribute; Tab follows the reading order.
"""

from infusiondesk.foundation.qtkit.forms.fields import (
    CheckField,
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
    TimeField,
)
from infusiondesk.foundation.qtkit.forms.form import Form
from infusiondesk.foundation.qtkit.forms.reading import Unreadable

__all__ = [
    "CheckField",
    "ChoiceField",
    "Code",
    "CodeField",
    "DateField",
    "DateTimeField",
    "Field",
    "Form",
    "LongTextField",
    "MultiChoiceField",
    "NumberField",
    "TextField",
    "TimeField",
    "Unreadable",
]
