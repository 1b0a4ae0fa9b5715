"""Whether a column's values are likely to be about people: checksums, forms and names, with the reason."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
# After 00 a separator must follow somewhere: codes are padded with zeros too.
PHONE = re.compile(r"(\+|00(?=\d+[ ()/.-]))\d[\d ()/.-]{6,18}\d")
LIKELY_SHARE = 0.5
PERSON_NAMES = frozenset(
    {"firstname", "lastname", "surname", "givenname", "familyname", "fullname", "vorname", "nachname", "prenom"}
)


def personal_data(name: str, values: Sequence[str]) -> dict[str, object] | None:
    """The kind, the confidence (0 to 1) and the reason; None where nothing speaks for it."""
    filled = [value.strip() for value in values if value.strip()]
    for kind, (fits, why) in FORMS.items():
        share = sum(map(fits, filled)) / len(filled) if filled else 0.0
        if share >= LIKELY_SHARE:
            return {"kind": kind, "confidence": round(share, 2), "reason": f"{share:.0%} of the values seen {why}."}
    if re.sub(r"[\W_]", "", name).casefold() in PERSON_NAMES:
        return {"kind": "person_name", "confidence": 0.6, "reason": "The column is named like a person's name."}
    return None


def is_iban(text: str) -> bool:
    """Whether the check digits are right (ISO 13616, modulo 97)."""
    packed = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", packed):
        return False
    return int("".join(str(int(letter, 36)) for letter in packed[4:] + packed[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """Whether the check digit of a card number of 13 to 19 digits is right (Luhn)."""
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"[3-6][0-9]{12,18}", digits):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def is_address(text: str) -> bool:
    """Whether the text is an internet address, version 4 or 6."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "iban": (is_iban, "have an account number's right check digits"),
    "card_number": (is_card, "have a card number's right check digit"),
    "email": (lambda text: EMAIL.fullmatch(text) is not None, "are e-mail addresses"),
    "ip_address": (is_address, "are internet addresses"),
    "phone": (lambda text: PHONE.fullmatch(text) is not None, "are international phone numbers"),
}
