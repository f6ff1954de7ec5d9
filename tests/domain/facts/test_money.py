"""Amounts as people write them, and what only looks like one."""

import pytest

from service.domain.facts.cjk import cjk_money
from service.domain.facts.money import find_money
from service.domain.facts.plain import plain


@pytest.mark.parametrize(
    ("written", "amount", "currency", "bound"),
    [
        ("worth more than $1 billion to", 1e9, "USD", "min"),
        ("up to $200B of capacity", 2e11, "USD", "max"),
        ("a €500m round", 5e8, "EUR", "exact"),
        ("about $14bn in cash", 1.4e10, "USD", "about"),
        ("nearly $5 billion", 5e9, "USD", "about"),
        ("no less than £2bn", 2e9, "GBP", "min"),
        ("less than $3 million", 3e6, "USD", "max"),
        ("$1bn or more", 1e9, "USD", "min"),
        ("$1bn-plus", 1e9, "USD", "min"),
        ("as high as $1.5 million", 1.5e6, "USD", "max"),
        ("at a$300B valuation", 3e11, "USD", "exact"),
        ("400億台幣の", 4e10, "TWD", "exact"),
        ("a 7.4 billion Australian dollar bid", 7.4e9, "AUD", "exact"),
        ("$450,000,000", 4.5e8, "USD", "exact"),
        ("A$90 million", 9e7, "AUD", "exact"),
        ("US$ 1.2 trillion", 1.2e12, "USD", "exact"),
        ("39 billion Danish crowns", 3.9e10, "DKK", "exact"),
        ("13 billion Norwegian crowns", 1.3e10, "NOK", "exact"),
        ("3 billion kroner", 3e9, None, "exact"),  # of three countries
        ("under a £750m contract", 7.5e8, "GBP", "exact"),  # within it, not less than it
        ("under $500 mln deal", 5e8, "USD", "exact"),
        ("CHF 40 million", 4e7, "CHF", "exact"),
        ("40 million Canadian dollars", 4e7, "CAD", "exact"),
        ("a 10-million-dollar deal", 1e7, "USD", "exact"),
        ("half a billion dollars", 5e8, "USD", "exact"),
        ("$Three billion", 3e9, "USD", "exact"),
        # a lakh is 100,000, a crore 10 million
        ("Rs 1,200 crore", 1.2e10, "INR", "exact"),
        ("50 lakh rupees", 5e6, "INR", "exact"),
        ("₹1,20,000 crore", 1.2e12, "INR", "exact"),
        # the comma before the decimals, the point between thousands
        ("3 Milliarden Euro", 3e9, "EUR", "exact"),
        ("2,5 Mrd. Dollar", 2.5e9, "USD", "exact"),
        ("bis zu 1.500 Mio. Euro", 1.5e9, "EUR", "max"),
        ("mehr als 20.000 Euro", 2e4, "EUR", "min"),
        # "Auftrag über": an order for so much, not for more
        ("ein Auftrag über 15 Millionen Euro", 1.5e7, "EUR", "exact"),
        ("über 15 Millionen Euro", 1.5e7, "EUR", "min"),
        ("près de 4,25 milliards d’euros", 4.25e9, "EUR", "about"),
        ("410 M€", 4.1e8, "EUR", "exact"),
        ("más de 1.440 millones de dólares", 1.44e9, "USD", "min"),
        ("R$ 6,1 bilhões", 6.1e9, "BRL", "exact"),
        ("2,4 mil milhões de euros", 2.4e9, "EUR", "exact"),
        ("circa 10 miliardi di dollari", 1e10, "USD", "about"),
        ("ruim 60 miljoen euro", 6e7, "EUR", "min"),
        ("１０億ドル", 1e9, "USD", "exact"),
        ("最大400億ドル", 4e10, "USD", "max"),
        ("1兆2000億円", 1.2e12, "JPY", "exact"),
        ("10億ドル超の契約", 1e9, "USD", "min"),
        ("超过100亿美元", 1e10, "USD", "min"),
        ("5.2亿元人民币", 5.2e8, "CNY", "exact"),
        ("약 3조 5000억 원", 3.5e12, "KRW", "about"),
        # nothing names the currency
        ("por más de 7.000 millones.", 7e9, None, "min"),
    ],
)
def test_amounts(written: str, amount: float, currency: str | None, bound: str) -> None:
    (money,) = find_money(plain(written))
    assert (money.amount, money.currency, str(money.bound)) == (amount, currency, bound)


@pytest.mark.parametrize(
    ("written", "amount", "upper"),
    [
        ("between $1 billion and $1.5 billion", 1e9, 1.5e9),
        ("between 1 and 1.5 billion euros", 1e9, 1.5e9),
        ("from 200 to 300 million dollars", 2e8, 3e8),
        ("$1-1.5 billion", 1e9, 1.5e9),
        ("$30,000 to $40,000 apiece", 3e4, 4e4),
        ("zwischen 2 und 3 Milliarden Euro", 2e9, 3e9),
        ("entre 20 et 30 millions d'euros", 2e7, 3e7),
    ],
)
def test_ranges(written: str, amount: float, upper: float) -> None:
    (money,) = find_money(plain(written))
    assert (money.amount, money.upper, str(money.bound)) == (amount, upper, "range")


@pytest.mark.parametrize(
    "written",
    [
        "On 12 March 2024 it moved 3,000 staff.",
        "Version 2.1 of the X13 board fixes 14 bugs.",
        "sales rose 4.2 percent",
        "several hundred million dollars",
        "1 million GPUs and 40 million users",
        "Room 1,200 on floor 5",
        "股价上涨了5.2",
        "千亿级市场",
    ],
)
def test_what_is_no_money(written: str) -> None:
    assert find_money(plain(written)) == []


@pytest.mark.parametrize(
    ("written", "currency"),
    [("$58 million won by HPE", "USD"), ("try 500 million times.", None), ("58 million won", "KRW")],
)
def test_a_verb_is_no_currency(written: str, currency: str | None) -> None:
    assert {money.currency for money in find_money(written)} <= {currency}


def test_two_amounts_stay_two() -> None:
    found = find_money("$5 billion for chips and $200 million for land")
    assert [money.amount for money in found] == [5e9, 2e8]


def test_a_scale_behind_the_second_counts_for_the_first() -> None:
    (money,) = find_money("it will pay between $500 and $600 million to settle")
    assert (money.amount, money.upper, money.bound) == (5e8, 6e8, "range")
    assert [money.amount for money in find_money("a fee of $500 and a loan of $600 million")] == [500, 6e8]


def test_the_place_holds_bound_words() -> None:
    text = "a deal worth more than $1 billion to supply servers"
    (money,) = find_money(text)
    assert text[money.start : money.end] == "more than $1 billion"


def test_latin_texts_are_not_searched_for_myriads() -> None:
    assert list(cjk_money("$1 billion")) == []
