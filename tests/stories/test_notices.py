# ruff: noqa: E501 - running text
"""What a site puts where the text should be: the same words under every title tell no news."""

import pytest

from service.domain.stories import StoriesInMemory

READ_ON = "Read the full article on our site. Subscribe to The Example Courier and get the day's news in your inbox, or sign in with your account. Questions? Write to our reporters at The Example Courier, Springfield."
PAYWALL = "This content is for subscribers of Chip Herald Premium only. Already a member? Log in. Choose a plan from $4.99 a month, cancel any time. © 2026 Chip Herald Media Group, London. All rights reserved."
LETTER = "Welcome to the Courier Weekly, the letter of The Example Courier for people who read between the lines. This week our reporters looked at {}, and asked {} what comes next. Thank you for reading. Forward it to a friend, tell us what you think, or change how often you hear from us. You receive this letter because you subscribed at The Example Courier."
GERMAN = "Diesen Artikel lesen Sie mit einem Abonnement der Beispiel-Zeitung. Testen Sie vier Wochen lang alle Inhalte, jederzeit kündbar. Sie haben schon ein Konto? Hier geht es zur Anmeldung."
JAPANESE = "この記事は会員限定です。続きをお読みいただくには、会員登録またはログインしてください。有料会員になると、すべての記事をお読みいただけます。"
WIRE = "HPE has won an order for servers worth more than $1 billion from X, people familiar with the matter said on Monday. Dell and Supermicro had bid, too, but their prices were 4.5 percent higher."


def joined(*articles: tuple[str, str]) -> bool:
    """Whether two articles are one story, in this order and in the other."""
    found = set()
    for order in (articles, articles[::-1]):
        index = StoriesInMemory()
        for title, text in order:
            index.add(title, text)
        found.add(len(set(index.stories())) == 1)
    assert len(found) == 1, "the order of arrival decides"
    return found.pop()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("HPE wins a server order from X", READ_ON), ("Nokia cuts 14,000 jobs", READ_ON)),
        # a word in common
        (("HPE wins a server order", READ_ON), ("HPE sues a former supplier", READ_ON)),
        # common words in both titles and the notice
        (("Your day: what the ruling means for HPE", READ_ON), ("Read this before the Nokia news", READ_ON)),
        # with a figure and a year
        (("HPE wins a server order from X", PAYWALL), ("Nokia cuts jobs in Finland", PAYWALL)),
        # a notice alone, and a text that ends with it
        (("Nokia cuts jobs in Finland", READ_ON), ("HPE wins a server order from X", f"{WIRE} {READ_ON}")),
        # two texts with the same notice
        (("Nokia cuts jobs in Espoo", f"Nokia will cut 14,000 jobs, it said in Espoo. {PAYWALL}"), ("HPE wins order", f"{WIRE} {PAYWALL}")),
        # a letter from a template
        (("The Courier Weekly: chips", LETTER.format("the shortage of chips", "three makers")), ("The Courier Weekly: power", LETTER.format("the price of power", "two suppliers"))),
        # other languages
        (("HPE gewinnt Auftrag von X", GERMAN), ("Nokia streicht 14.000 Stellen", GERMAN)),
        (("トヨタ、純利益が過去最高", JAPANESE), ("ソニー、新型機を発表", JAPANESE)),
    ],
)  # fmt: skip
def test_a_notice_joins_no_two_titles(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not joined(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # another headline over the same news, with and without the outlets' notices
        (("HPE wins order", WIRE), ("Houston firm beats Dell to billion-dollar deal", WIRE)),
        (("HPE wins order", f"{WIRE} {READ_ON}"), ("Houston firm beats Dell to deal", f"{WIRE} {PAYWALL}")),
        # a brief without a figure, whose words the title takes up
        (("Fire closes market hall", "A fire has closed the market hall in Leeds. Nobody was hurt when flames reached the roof on Sunday, the fire brigade said."),
         ("Market hall in Leeds shut after blaze", "A fire has closed the market hall in Leeds. Nobody was hurt when flames reached the roof on Sunday, the fire brigade said.")),
        # one item under one title, twice
        (("HPE wins a server order from X", READ_ON), ("HPE wins a server order from X", READ_ON)),
    ],
)  # fmt: skip
def test_a_short_report_still_finds_its_copy(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert joined(one, other)
