"""The pharmacy's own laboratory tables: whole, consistent, and refused by name and line where they are wrong."""

from fractions import Fraction

import pytest

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.labs.exchange.ask import ANALYTES
from infusiondesk.labs.exchange.reference import REFERENCE, own_tables, read_tables
from infusiondesk.labs.rules import Schedule, Tables
from infusiondesk.labs.rules.limits import words_of
from infusiondesk.labs.rules.units import convert, plain, unit_of, units_known

NAMES = ("analytes.csv", "analyte_limits.csv", "lab_protocols.csv")
PROTOCOLS = (
    "L-VAN L-TLV L-ORI L-DAL L-BL L-PEN L-CARB L-DAP L-AG L-LZD L-TGC L-TET L-TMX L-CLI L-MTZ L-AMB L-ECH L-AZ L-GCV L-ACV L-FOS "
    "L-PN L-HYD L-INO L-IG L-BIO L-F8 L-PCA L-CHEMO L-DFO L-A1"
)


def texts() -> dict[str, str]:
    return {name: (REFERENCE / name).read_text("utf-8") for name in NAMES}


def read(**changed: str) -> Tables:
    found = texts() | {f"{name}.csv": text for name, text in changed.items()}
    return read_tables(*(found[name] for name in NAMES))


def test_all_rows_of_the_specification_are_there() -> None:
    tables = own_tables()

    assert set(ANALYTES) <= tables.analytes.keys()
    assert set(tables.protocols) == set(PROTOCOLS.split())
    assert tables.protocols["L-VAN"].schedule[0] == Schedule("bmp", 1, 7)


def test_every_table_says_where_it_comes_from() -> None:
    for text in texts().values():
        head = [line for line in text.splitlines() if line.startswith("#")]
        assert any("source:" in line and "version" in line for line in head)
        assert any("status:" in line or "memory" in line for line in head)


def test_every_code_is_one_analyte_and_checks() -> None:
    """LOINC codes end with a Luhn check digit, and none means two things."""
    codes = [(code, status) for analyte in own_tables().analytes.values() for code, status in analyte.codes.items()]

    assert len({code for code, _ in codes}) == len(codes)
    assert {status for _, status in codes} == {"seen", "memory"}
    for code, _ in codes:
        digits, check = code.split("-")
        doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
        assert (10 - sum(sum(divmod(digit, 10)) for digit in doubled)) % 10 == int(check), code


def test_every_limit_reads_as_words_and_every_unit_is_its_own() -> None:
    tables = own_tables()

    for analyte, limits in tables.limits.items():
        assert analyte in tables.analytes
        for limit in limits:
            assert words_of(limit).startswith(limit.level)
            assert limit.source in ("clinical 3.1", "clinical 3.2")
    for analyte_row in tables.analytes.values():
        for unit in units_known(analyte_row):
            assert unit_of(unit) == unit, unit
            assert plain(unit) == plain(plain(unit))
            assert convert(analyte_row, Fraction(1), unit) is not None


@pytest.mark.parametrize(
    ("table", "old", "new", "sentence"),
    [
        ("analyte_limits", "bun,flag", "urea,flag", "analyte_limits.csv, line 16: urea is not in analytes.csv."),
        ("analyte_limits", "bun,flag,value", "bun,flag,worth", "analyte_limits.csv, line 16: kind worth is not one of"),
        ("analyte_limits", "bun,flag,value,>", "bun,flag,value,", "analyte_limits.csv, line 16: sign empty is not one of"),
        ("analyte_limits", "bun,flag,value,>,40", "bun,flag,value,>,forty", "line 16: it does not fit the columns."),
        ("analyte_limits", "bun,flag", "bun,loud", "analyte_limits.csv, line 16: 'loud' is not a valid Level."),
        ("analyte_limits", "L-INO,,", "L-XYZ,,", "L-XYZ is not in lab_protocols.csv."),
        ("analyte_limits", "new_anuria", "new_hat", "condition new_hat is not known."),
        ("analyte_limits", "total_bilirubin>2,", "lipase>2,", "condition lipase>2 is not known."),
        ("analytes", ",number,mg/dL,2160-0 seen", ",vector,mg/dL,2160-0 seen", "analytes.csv, line 6: kind vector is neither"),
        ("analytes", "2160-0 seen", "2160-0", "analytes.csv, line 6: code 2160-0 is neither seen nor memory."),
        ("lab_protocols", "bmp 1/7; cbc", "bmp weekly; cbc", "line 7: schedule bmp weekly is not like bmp 2/7."),
        ("lab_protocols", "call; AUC", 'call"; AUC', "lab_protocols.csv, line 7:"),
    ],
)
def test_a_wrong_line_is_refused_by_name_and_number(table: str, old: str, new: str, sentence: str) -> None:
    text = texts()[f"{table}.csv"]
    assert old in text

    with pytest.raises(Refused) as caught:
        read(**{table: text.replace(old, new, 1)})

    assert sentence in caught.value.sentence
