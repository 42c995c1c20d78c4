"""Column types that mean the same on SQLite and PostgreSQL, and refuse what would lose digits or zones."""

import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)
_ARITHMETIC = {operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod}


class Key(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite (not 32 characters), native on PostgreSQL."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.Uuid() if dialect.name == "postgresql" else sa.LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return value if value is None or isinstance(value, UUID) else UUID(bytes=bytes(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, UTC coming out; a naive time is refused, as it names no instant."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone names no instant: {value}")
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal of fixed places, kept as a whole number: doses and money lose nothing and sort right.

    `sum`, `max` and comparisons work in SQL; arithmetic on the column would be off by the scale, so it raises: do it in Python.
    A value with more places than the column keeps is refused, never rounded.
    """

    impl = sa.BigInteger
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[Decimal]):
        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
            if op in _ARITHMETIC:
                raise TypeError("arithmetic on an exact decimal in SQL is off by its scale: do it in Python")
            return super().operate(op, *other, **kwargs)

    comparator_factory: Callable[..., Any] = Comparator

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimal places")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


def choice(words: type[E], name: str) -> sa.Enum:
    """A column of one of a StrEnum's words, kept as text with a CHECK named after the column."""
    return sa.Enum(
        words, name=name, native_enum=False, create_constraint=True, length=40, values_callable=lambda e: [w.value for w in e]
    )
