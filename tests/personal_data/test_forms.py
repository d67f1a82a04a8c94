"""Numbers as people type them, and how they look to others."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from portal.personal_data.forms import BankCardField, IdentityNumberField, PhoneField
from portal.personal_data.masking import masked_bank_card, masked_name
from portal.personal_data.typed_numbers import passes_luhn, plain_number
from tests.factories.people import IDENTITY_NUMBERS

NUMBER, PHONE, CARD = IDENTITY_NUMBERS[0], "13900000077", "6200000000000000018"
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


class Form(forms.Form):
    identity_number = IdentityNumberField()
    phone = PhoneField()
    card = BankCardField()


def with_check_character(digits: str) -> str:
    return digits + ric.calc_check_digit(digits + "0")


def said(field: forms.Field, value: str) -> str:
    """Return what a field says in Chinese of a value it refuses."""
    with override("zh-hans"), pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages[0]


SPELLINGS = st.sampled_from(["", " ", "-", "　", "－", "\u200b", "–", " - "])


@given(st.sampled_from([NUMBER, PHONE, CARD]), st.data())
def test_every_spelling_of_a_number_is_the_same_number(number: str, data: Any) -> None:
    typed = "".join(
        data.draw(SPELLINGS) + (letter.translate(WIDE) if data.draw(st.booleans()) else letter)
        for letter in number
    )
    assert plain_number(typed) == number
    assert plain_number(plain_number(typed)) == number


@pytest.mark.parametrize("number", IDENTITY_NUMBERS)
def test_identity_numbers_are_taken(number: str) -> None:
    field = IdentityNumberField()
    for typed in (number, number.translate(WIDE), f"{number[:6]} {number[6:14]}-{number[14:]}"):
        assert field.clean(typed) == number


def test_the_check_character_may_be_a_small_x() -> None:
    digits = next(
        f"1400001985031200{tail:01d}"
        for tail in range(10)
        if ric.calc_check_digit(f"1400001985031200{tail:01d}" + "0") == "X"
    )
    assert IdentityNumberField().clean(digits + "x") == digits + "X"
    assert IdentityNumberField().clean(digits + "ｘ") == digits + "X"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("140000850312001", "15 位"),
        (NUMBER[:-1] + "1", "校验位"),
        (NUMBER[:-1], "18"),
        ("abc", "18"),
        (with_check_character("14000019850231001"), "出生日期"),
        (with_check_character("99000019850312001"), "地区"),
        ("１４００００８５０３１２００１", "15 位"),
        ("A" + NUMBER[1:], "数字"),
    ],
)
def test_a_wrong_identity_number_is_told_why(typed: str, words: str) -> None:
    assert words in said(IdentityNumberField(), typed)


@time_machine.travel("2026-11-22 12:00+08:00", tick=False)
def test_nobody_is_born_tomorrow() -> None:
    today, field = datetime.date(2026, 11, 22), IdentityNumberField()
    born_today = with_check_character(f"140000{today:%Y%m%d}001")
    assert field.clean(born_today) == born_today
    tomorrow = with_check_character("14000020261123001")
    assert "今天之后" in said(field, tomorrow)


def test_every_change_of_one_character_is_found() -> None:
    """ISO 7064 MOD 11-2 finds every single error and every swap of neighbours."""
    field = IdentityNumberField()
    wrong = [
        NUMBER[:place] + digit + NUMBER[place + 1 :]
        for place in range(18)
        for digit in "0123456789"
        if digit != NUMBER[place]
    ]
    wrong += [
        NUMBER[:place] + NUMBER[place + 1] + NUMBER[place] + NUMBER[place + 2 :]
        for place in range(17)
        if NUMBER[place] != NUMBER[place + 1]
    ]
    for number in wrong:
        with pytest.raises(ValidationError):
            field.clean(number)


@pytest.mark.parametrize(
    "typed",
    [
        PHONE,
        PHONE.translate(WIDE),
        "139 0000 0077",
        "139-0000-0077",
        "+86 139 0000 0077",
        "008613900000077",
        "86 13900000077",
        "（+86）".replace("（", "").replace("）", "") + PHONE,
    ],
)
def test_phones_are_taken(typed: str) -> None:
    assert PhoneField().clean(typed) == PHONE


@pytest.mark.parametrize("typed", ["12900000077", "1390000007", "139000000777", "010-88888888"])
def test_a_wrong_phone_is_told_how_it_looks(typed: str) -> None:
    assert "11 位" in said(PhoneField(), typed)


def test_a_card_that_fails_luhn_is_only_warned_of() -> None:
    form = Form({"identity_number": NUMBER, "phone": PHONE, "card": "6200 0000 0000 0000 019"})
    assert form.is_valid()
    assert form.cleaned_data["card"] == "6200000000000000019"
    with override("zh-hans"):
        assert "核对" in str(form.fields["card"].warning)  # type: ignore[attr-defined]
    right = Form({"identity_number": NUMBER, "phone": PHONE, "card": CARD.translate(WIDE)})
    assert right.is_valid()
    assert not right.fields["card"].warning  # type: ignore[attr-defined]
    # A warning of one form is not shown in another.
    assert not Form().fields["card"].warning  # type: ignore[attr-defined]


@pytest.mark.parametrize("typed", ["1" * 15, "1" * 20, "62000000000000000１X"])
def test_what_is_no_card_is_refused(typed: str) -> None:
    assert "16" in said(BankCardField(), typed)


@given(st.from_regex(r"[0-9]{15,18}", fullmatch=True))
def test_luhn_knows_exactly_one_last_digit(digits: str) -> None:
    assert sum(passes_luhn(digits + last) for last in "0123456789") == 1


def test_optional_numbers_may_be_empty() -> None:
    for field in (IdentityNumberField, PhoneField, BankCardField):
        assert field(required=False).clean("  ") == ""
        assert said(field(), " ").startswith("请填写")


def test_a_phone_shows_the_right_keyboard() -> None:
    html = str(Form())
    assert html.count('inputmode="numeric"') == 1
    assert html.count('inputmode="tel"') == 1
    assert 'autocomplete="tel"' in html


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("梁启岳", "梁**"),
        ("欧阳修", "欧阳*"),
        ("欧阳文忠", "欧阳**"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("", ""),
        (" 张 三 ", "张*"),
    ],
)
def test_a_masked_name_shows_the_surname_only(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_a_masked_card_shows_four_digits() -> None:
    assert masked_bank_card(CARD) == "**** **** **** 0018"
    assert masked_bank_card("62000018") == "**** **** **** ****"
    assert masked_bank_card("") == ""
