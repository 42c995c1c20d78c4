"""Data Matrix (ISO/IEC 16022, ECC 200) small enough for a syringe label; reportlab's own is always 44 modules wide.

Square symbols with a single data region, 10 to 26 modules, hold up to 44 letters or 88 digits in ASCII encodation.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

Modules = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True)
class _Symbol:
    """One row of ISO/IEC 16022 table 7: modules on a side, codewords of data and of error correction."""

    side: int
    data: int
    correction: int


_SYMBOLS: Final = (
    _Symbol(10, 3, 5),
    _Symbol(12, 5, 7),
    _Symbol(14, 8, 10),
    _Symbol(16, 12, 12),
    _Symbol(18, 18, 14),
    _Symbol(20, 22, 18),
    _Symbol(22, 30, 20),
    _Symbol(24, 36, 24),
    _Symbol(26, 44, 28),
)
_PAD: Final = 129
_FIELD_POLYNOMIAL: Final = 301  # x^8 + x^5 + x^3 + x^2 + 1, the field of ECC 200


def modules(text: str) -> Modules:
    """The dark and light modules, from the top row down; ASCII only, ValueError where it does not fit."""
    words = codewords(text)
    for symbol in _SYMBOLS:
        if len(words) <= symbol.data:
            padded = _padded(words, symbol.data)
            return _framed(_placed([*padded, *correction(padded, symbol.correction)], symbol.side - 2))
    raise ValueError(f"{len(words)} codewords do not fit into a symbol of {_SYMBOLS[-1].data}")


def codewords(text: str) -> list[int]:
    """ASCII encodation: two digits in one codeword, any other character in one."""
    if not text.isascii():
        raise ValueError("a record id is ASCII")
    words, index = [], 0
    while index < len(text):
        pair = text[index : index + 2]
        if len(pair) == 2 and pair.isdigit():
            words.append(int(pair) + 130)
            index += 2
        else:
            words.append(ord(text[index]) + 1)
            index += 1
    return words


def _padded(words: list[int], length: int) -> list[int]:
    """Fill up: the first pad stands as it is, the others are scrambled by their place (ISO/IEC 16022 annex B.1)."""
    filled = list(words)
    if len(filled) < length:
        filled.append(_PAD)
    while len(filled) < length:
        scrambled = _PAD + (149 * (len(filled) + 1)) % 253 + 1
        filled.append(scrambled if scrambled <= 254 else scrambled - 254)
    return filled


@lru_cache(maxsize=1)
def _field() -> tuple[list[int], list[int]]:
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value <<= 1
        if value > 255:
            value ^= _FIELD_POLYNOMIAL
    logs = [0] * 256
    for exponent, power in enumerate(powers):
        logs[power] = exponent
    return powers, logs


def _product(first: int, second: int) -> int:
    powers, logs = _field()
    return powers[(logs[first] + logs[second]) % 255] if first and second else 0


@lru_cache(maxsize=16)
def _generator(length: int) -> tuple[int, ...]:
    """The coefficients of (x - a)(x - a^2)...(x - a^length), highest power first, without the leading 1."""
    powers, _ = _field()
    polynomial = [1]
    for exponent in range(1, length + 1):
        shifted = [*polynomial, 0]
        for index, coefficient in enumerate(polynomial):
            shifted[index + 1] ^= _product(coefficient, powers[exponent])
        polynomial = shifted
    return tuple(polynomial[1:])


def correction(words: list[int], length: int) -> list[int]:
    """The Reed-Solomon codewords that let a scanner read a scratched label."""
    remainder = [0] * length
    for word in words:
        factor = word ^ remainder[0]
        remainder = [*remainder[1:], 0]
        for index, coefficient in enumerate(_generator(length)):
            remainder[index] ^= _product(coefficient, factor)
    return remainder


# The eight modules of a codeword, most significant bit first, around its lowest right module; and the four shapes that a
# codeword takes in a corner (ISO/IEC 16022 annex F). Negative places count from the far edge.
_UTAH: Final = ((-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0))
_CORNERS: Final = (
    ((-1, 0), (-1, 1), (-1, 2), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)),
    ((-3, 0), (-2, 0), (-1, 0), (0, -4), (0, -3), (0, -2), (0, -1), (1, -1)),
    ((-3, 0), (-2, 0), (-1, 0), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)),
    ((-1, 0), (-1, -1), (0, -3), (0, -2), (0, -1), (1, -3), (1, -2), (1, -1)),
)


def _placed(words: list[int], side: int) -> list[list[bool]]:
    """Lay the codewords along the diagonals of the data region."""
    grid: list[list[bool | None]] = [[None] * side for _ in range(side)]
    remaining = iter(words)

    def put(places: list[tuple[int, int]]) -> None:
        word = next(remaining)
        for bit, (row, column) in enumerate(places):
            grid[row][column] = bool(word >> (7 - bit) & 1)

    def corner(row: int, column: int) -> None:
        special = {
            (side, 0): 0,
            (side - 2, 0): 1 if side % 4 else (2 if side % 8 == 4 else None),
            (side + 4, 2): 3 if side % 8 == 0 else None,
        }.get((row, column))
        if special is not None:
            put([(down % side, right % side) for down, right in _CORNERS[special]])

    def step(row: int, column: int) -> None:
        if 0 <= row < side and 0 <= column < side and grid[row][column] is None:
            put([_wrapped(row + down, column + right, side) for down, right in _UTAH])

    row, column = 4, 0
    while row < side or column < side:
        corner(row, column)
        while row >= 0 and column < side:
            step(row, column)
            row, column = row - 2, column + 2
        row, column = row + 1, column + 3
        while row < side and column >= 0:
            step(row, column)
            row, column = row + 2, column - 2
        row, column = row + 3, column + 1
    if grid[-1][-1] is None:  # what no codeword reaches carries a fixed pattern
        grid[-1][-1] = grid[-2][-2] = True
    return [[bool(cell) for cell in line] for line in grid]


def _wrapped(row: int, column: int, side: int) -> tuple[int, int]:
    """A codeword that leaves the region at the top or left comes back at the other side, shifted (annex F)."""
    shift = 4 - (side + 4) % 8
    if row < 0:
        row, column = row + side, column + shift
    if column < 0:
        row, column = row + shift, column + side
    return row, column


def _framed(data: list[list[bool]]) -> Modules:
    """Put the finder around it: solid left and bottom, dotted top and right."""
    side = len(data) + 2
    top = tuple(column % 2 == 0 for column in range(side))
    middle = [(True, *row, index % 2 == 0) for index, row in enumerate(data)]
    return (top, *middle, (True,) * side)
