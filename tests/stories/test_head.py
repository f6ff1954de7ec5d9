"""Which of a story's articles is the original."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.stories.head import Copy, head_of, outlets

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def copy(
    number: int, source: str = "", *, host: str = "", canonical: str | None = None, hours: float | None = 0
) -> Copy:
    """An article that was published so many hours ago; None: nobody says when."""
    url = f"https://{host or f'paper{number}.example'}/{number}"
    published = None if hours is None else NOW - timedelta(hours=hours)
    return Copy(number, url, canonical, source, published, NOW)


@pytest.mark.parametrize(
    ("copies", "head"),
    [
        # the earliest
        ([copy(1, hours=1), copy(2, hours=5), copy(3, hours=2)], 2),
        # of equals, the first that was found
        ([copy(2), copy(1)], 1),
        # without a time of its own, the time at which it was found
        ([copy(1, hours=None), copy(2, hours=1)], 2),
        # an agency, although its page was found later
        ([copy(1, hours=5), copy(2, "Reuters: World")], 2),
        ([copy(1, hours=5), copy(2, host="www.prnewswire.com")], 2),
        ([copy(1, hours=5), copy(2, host="notreuters.example")], 1),
        # what others name as the original, whatever is known of it
        ([copy(1, hours=5), copy(2, "Reuters"), copy(3, canonical="https://paper4.example/4"), copy(4)], 4),
        # naming oneself says nothing
        ([copy(1, hours=5), copy(2, canonical="https://paper2.example/2")], 1),
    ],
)  # fmt: skip
def test_the_original_is_found(copies: list[Copy], head: int) -> None:
    assert head_of(copies).id == head
    assert head_of(copies[::-1]).id == head


def test_outlets_are_named_once_the_earliest_first() -> None:
    assert outlets([copy(1, "Post"), copy(2, "Mail", hours=3), copy(3, "Post", hours=2), copy(4)]) == [
        "Mail", "Post", "paper4.example",
    ]  # fmt: skip
