"""The check digit of a National Provider Identifier."""

import pytest

from infusiondesk.foundation.kernel.npi import npi_is_valid


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("1234567893", True),  # the worked example of the CMS check digit standard
        ("1245319599", True),
        ("1003000126", True),
        ("2000000002", True),
        ("1234567890", False),
        ("1234567839", False),
        ("0234567893", False),
        ("3234567896", False),
        ("123456789", False),
        ("12345678933", False),
        ("123456789a", False),
        ("١٢٣٤٥٦٧٨٩٣", False),
        (" 1234567893", False),
        ("", False),
    ],
)
def test_ten_digits_with_a_fitting_check_digit(text: str, is_valid: bool) -> None:
    assert npi_is_valid(text) is is_valid


def test_any_single_wrong_digit_is_noticed() -> None:
    right = "1234567893"
    for place in range(1, 10):
        for digit in "0123456789":
            changed = right[:place] + digit + right[place + 1 :]
            assert npi_is_valid(changed) is (changed == right)
