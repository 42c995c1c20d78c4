"""Every verb says who may, every query says what it opens, and the manual prints both."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import infusiondesk
from infusiondesk.foundation.kernel.people import Query, Role, Verb
from infusiondesk.foundation.store.unit_of_work import Reading, UnitOfWork


def modules(room: str) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(infusiondesk.__path__, "infusiondesk."):
        parts = info.name.split(".")
        if len(parts) >= 3 and parts[2] == room and parts[1] not in ("foundation", "app", "workflows"):
            yield importlib.import_module(info.name)


def verbs() -> list[Verb[Any, ..., Any]]:
    found = [value for room in modules("service") for value in vars(room).values() if isinstance(value, Verb)]
    return list({verb.permission.name: verb for verb in found}.values())


def test_there_are_verbs_in_every_slice_with_a_service() -> None:
    assert {verb.permission.name.split(".")[0] for verb in verbs()} == {room.__name__.split(".")[1] for room in modules("service")}


def test_every_public_function_of_a_service_is_a_verb_or_an_inner_step() -> None:
    """A public function that takes a unit of work is declared with its permission, or says `No permission of its own` and why."""
    silent = [
        f"{room.__name__}.{name}"
        for room in modules("service")
        for name, value in vars(room).items()
        if inspect.isfunction(value) and value.__module__ == room.__name__ and not name.startswith("_")
        if next(iter(inspect.signature(value).parameters), "") == "uow"
        if "No permission of its own" not in (value.__doc__ or "")
    ]

    assert silent == []


def test_every_query_declares_what_it_opens() -> None:
    undeclared = [
        f"{room.__name__}.{name}"
        for room in modules("queries")
        for name, value in vars(room).items()
        if inspect.isfunction(value) and value.__module__ == room.__name__ and not name.startswith("_")
        if next(iter(inspect.signature(value).parameters), "") == "reading"
    ]

    assert undeclared == []


def test_what_a_verb_does_reads_as_a_sentence() -> None:
    for verb in verbs():
        assert verb.permission.roles, verb.permission.name
        assert verb.permission.does[0].islower(), verb.permission.name
        assert not verb.permission.does.endswith("."), verb.permission.name


def test_the_administrator_has_no_clinical_signature() -> None:
    """Accounts and settings are his; nothing that a pharmacist or a nurse signs (clinical specification, roles)."""
    clinical = {"assessments", "careplans", "orders", "interactions", "labs", "compounding", "visits"}
    names = [verb.permission.name for verb in verbs() if Role.ADMINISTRATOR in verb.permission.roles]
    guilty = [name for name in names if name.split(".")[0] in clinical]

    assert guilty == []


def test_verbs_and_queries_are_handed_the_right_thing() -> None:
    for verb in verbs():
        first = next(iter(inspect.signature(verb.function).parameters.values()))
        assert first.annotation is UnitOfWork, verb.permission.name
    for room in modules("queries"):
        for value in vars(room).values():
            if isinstance(value, Query):
                first = next(iter(inspect.signature(value.function).parameters.values()))
                assert first.annotation is Reading, value.name
