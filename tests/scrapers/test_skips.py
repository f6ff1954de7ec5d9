"""skipHours and skipDays, as feeds write them."""

import pytest

from scrapers.feed import parse_feed


def skips(head: str, items: str = "<item><title>One</title></item>") -> tuple[list[int], list[int]]:
    rss = f"<rss version='2.0'><channel><title>News</title>{head}{items}</channel></rss>"
    feed = parse_feed(rss.encode(), url="https://news.example/feed", content_type="application/rss+xml")
    return sorted(feed.skip_hours), sorted(feed.skip_days)


def hours(*values: object) -> str:
    return "<skipHours>" + "".join(f"<hour>{value}</hour>" for value in values) + "</skipHours>"


def days(*values: str) -> str:
    return "<skipDays>" + "".join(f"<day>{value}</day>" for value in values) + "</skipDays>"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", ([], [])),
        (hours(0, 1, 23) + days("Saturday", "Sunday"), ([0, 1, 23], [5, 6])),
        # 24 is what RSS 0.91 called midnight
        (hours(24), ([0], [])),
        # as people write it
        ("<skiphours>\n <hour> 07\n</hour></skiphours>" + days(" MONDAY "), ([7], [0])),
        # what is no hour and no day
        (hours(25, -1, "noon", "", "1.5", "9" * 5000, "\u0663") + days("Someday", ""), ([], [])),
        # all of them cannot be meant
        (hours(*range(24)) + days("Monday", "Tuesday"), ([], [0, 1])),
        (days("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), ([], [])),
        # only the first hundred values are looked at
        (hours(*[3] * 100, 4), ([3], [])),
        # other places
        ("<hour>5</hour><day>Monday</day>", ([], [])),
    ],
)
def test_hours_and_days_to_be_skipped(head: str, expected: tuple[list[int], list[int]]) -> None:
    assert skips(head) == expected


def test_what_an_item_says_is_no_wish_of_the_feed() -> None:
    item = f"<item><title>One</title>{hours(5)}<description><![CDATA[{hours(6)}]]></description></item>"
    assert skips("", item) == ([], [])
    assert skips("", item + hours(7)) == ([7], []), "behind the items it is"


def test_a_feed_that_breaks_off_keeps_what_it_said_before() -> None:
    body = f"<rss version='2.0'><channel>{hours(5)}<item><title>One</title></item><item><title>Tw".encode()
    feed = parse_feed(body, url="https://news.example/feed", content_type="application/rss+xml")
    assert feed.skip_hours == {5}
