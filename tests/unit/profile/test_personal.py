"""Personal data is told by checksums and names, and look-alikes are left alone."""

from __future__ import annotations

import pytest

from lakebook.profile.personal import is_card, is_iban, personal_data


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("iban", ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"]),
        ("card_number", ["4111 1111 1111 1111", "378282246310005"]),
        ("email", ["ada@example.org", "b.c@mail.example.com"]),
        ("ip_address", ["192.0.2.7", "2001:db8::1"]),
        ("phone", ["+49 30 123456", "0044 20 7946 0958"]),
    ],
    ids=["iban", "card", "email", "ip", "phone"],
)
def test_a_form_is_recognised_with_confidence_and_reason(kind: str, values: list[str]) -> None:
    found = personal_data("x", values)
    assert found is not None
    assert (found["kind"], found["confidence"]) == (kind, 1.0)
    assert "100%" in str(found["reason"])


@pytest.mark.parametrize("place", range(16))
def test_one_wrong_digit_is_no_card(place: int) -> None:
    number = "4111111111111111"
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert is_card(number)
    assert not is_card(wrong)


@pytest.mark.parametrize("place", range(2, 22))
def test_one_wrong_digit_is_no_account(place: int) -> None:
    number = "DE89370400440532013000"
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert is_iban(number)
    assert not is_iban(wrong)


@pytest.mark.parametrize(
    "values",
    [[], [" "], ["536365", "536366"], ["12.50", "3.99"], ["2011-12-09"], ["85123A"], ["4111111111111112"]],
    ids=["none", "blank", "invoices", "prices", "dates", "codes", "bad-card"],
)
def test_look_alikes_are_left_alone(values: list[str]) -> None:
    assert personal_data("code", values) is None


def test_half_the_values_are_enough_and_less_is_not() -> None:
    found = personal_data("x", ["a@b.org", "none"])
    assert found is not None
    assert found["confidence"] == 0.5
    assert personal_data("x", ["a@b.org", "none", "none"]) is None


def test_a_name_alone_speaks_for_a_person_with_less_confidence() -> None:
    found = personal_data("First_Name", ["Ada", "Grace"])
    assert found is not None
    assert (found["kind"], found["confidence"]) == ("person_name", 0.6)
    assert personal_data("product_name", ["Ada"]) is None
