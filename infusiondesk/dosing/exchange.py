"""Calculator questions somebody wrote as JSON: every input is read by the type its calculator declares, then it answers."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from inspect import Parameter, signature
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from infusiondesk.dosing.rules import CALCULATORS, Calculation, Height, NotCalculated, Sex, Stock
from infusiondesk.dosing.rules.aminoglycosides import Aminoglycoside
from infusiondesk.dosing.rules.body_size import WeightRule
from infusiondesk.dosing.rules.single_doses import ClottingFactor
from infusiondesk.dosing.rules.supply import Weekday
from infusiondesk.dosing.rules.visit_units import ExtraHour
from infusiondesk.foundation.kernel.questions import Fields, a_date, a_list, boolean, integer, number, one_of

T = TypeVar("T")
S = TypeVar("S", bound=StrEnum)
# No figure of a patient comes near; what does is a product of nonsense, and JSON cannot carry the largest of them.
_LARGEST = Decimal(10) ** 15


def answer(question: Fields) -> dict[str, object]:
    """Answer one `calc` question; a figure that is missing or out of range is refused by name."""
    name = question.read("calc", one_of(CALCULATORS))
    inputs = question.object("inputs")
    if inputs is None:
        raise question.wrong("inputs", "required")
    question.finish()
    given = _given(inputs, CALCULATORS[name])
    inputs.finish()
    try:
        found = _believable(CALCULATORS[name], given)
    except NotCalculated as refused:
        told = {"code": refused.code, "field": refused.field, "text": refused.sentence}
        return {"calc": name, "refused_because": told, "because": [refused.sentence], "sources": refused.sources}
    return {
        "calc": name,
        "values": found.values,
        "warnings": [{"code": caution.code, "text": caution.text} for caution in found.cautions],
        "because": found.because,
        "sources": found.sources,
    }


def _believable(calculator: Callable[..., Calculation], given: dict[str, Any]) -> Calculation:
    """What the calculator says, unless figures that are each in range together lead beyond all numbers."""
    sentence = "These figures together give no number a patient could have."
    try:
        found = calculator(**given)
    except ArithmeticError:
        raise NotCalculated("out_of_range", None, sentence, ("clinical 4",)) from None
    if any(isinstance(value, Decimal) and abs(value) > _LARGEST for value in found.values.values()):
        raise NotCalculated("out_of_range", None, sentence, found.sources)
    return found


def _given(inputs: Fields, described: Callable[..., object]) -> dict[str, Any]:
    """Read each parameter by its type. An absent one takes its default; null is "unknown", never the default of a figure."""
    hints = get_type_hints(described)
    given: dict[str, Any] = {}
    for name, parameter in signature(described).parameters.items():
        kinds = get_args(hints[name])
        is_nullable = NoneType in kinds
        kind = kinds[0] if is_nullable else hints[name]
        is_unknown = parameter.default is Parameter.empty or (is_nullable and name in inputs.values)
        given[name] = _READERS[kind](inputs, name, None if is_unknown else parameter.default)
    return given


def _plain(parse: Callable[[object], T]) -> Callable[[Fields, str, object], object]:
    return lambda inputs, name, default: inputs.read(name, parse, default)


def _member(kind: type[S]) -> Callable[[Fields, str, object], object]:
    parse = one_of([each.value for each in kind])
    return _plain(lambda value: kind(parse(value)))


def _several(parse: Callable[[object], T]) -> Callable[[Fields, str, object], object]:
    def read(inputs: Fields, name: str, default: object) -> object:
        return default if inputs.read(name, a_list, None) is None else inputs.many(name, parse)

    return read


def _height(inputs: Fields, name: str, default: object) -> object:
    """`height_cm` or `height_in`, not both."""
    cm, inches = inputs.read("height_cm", number, None), inputs.read("height_in", number, None)
    if cm is not None and inches is not None:
        raise inputs.wrong("height_in", "give height_cm or height_in, not both")
    if cm is not None:
        return Height(cm)
    return default if inches is None else Height.of_inches(inches)


def _stock(inputs: Fields, name: str, default: object) -> object:
    fields = inputs.object(name)
    if fields is None:
        return default
    stock = Stock(**_given(fields, Stock))
    fields.finish()
    return stock


def _clotting_factor(value: object) -> ClottingFactor:
    told = integer(value)
    if told not in list(ClottingFactor):
        raise ValueError(f"not 8 or 9: {told}")
    return ClottingFactor(told)


def _weekday(value: object) -> Weekday:
    return Weekday(one_of([day.value for day in Weekday])(value))


_READERS: dict[object, Callable[[Fields, str, object], object]] = {
    Decimal: _plain(number),
    int: _plain(integer),
    bool: _plain(boolean),
    date: _plain(a_date),
    Sex: _member(Sex),
    WeightRule: _member(WeightRule),
    Aminoglycoside: _member(Aminoglycoside),
    ExtraHour: _member(ExtraHour),
    ClottingFactor: _plain(_clotting_factor),
    Sequence[Decimal]: _several(number),
    Collection[Weekday]: _several(_weekday),
    Collection[date]: _several(a_date),
    Height: _height,
    Stock: _stock,
}
