"""When two addresses are one page, and when they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.addresses import address_key, host_of, short_key
from service.domain.identity import canonical_key, claimed_key, is_stopover, same_words, shares_title

BASE = "https://news.example/world/story-1"


@pytest.mark.parametrize(
    "same",
    [
        "http://news.example/world/story-1",
        "https://www.news.example/world/story-1",
        "https://NEWS.example/world/story-1",
        "https://news.example:443/world/story-1",
        "https://news.example/world/story-1/",
        "https://news.example/world/story-1#comments",
        "https://news.example/world/story-1?",
        "https://news.example/world/story-1?utm_source=rss&utm_medium=feed",
        "https://news.example/world/story-1?UTM_Source=rss&fbclid=abc&gclid=d",
        "  https://news.example/world/story-1\n",
    ],
)
def test_one_page_under_many_addresses(same: str) -> None:
    assert address_key(same) == address_key(BASE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BASE, "https://news.example/world/story-2"),
        (BASE, "https://news.example/World/Story-1"),  # paths tell capitals apart
        (BASE, "https://blog.news.example/world/story-1"),
        (BASE, "https://news.example:8443/world/story-1"),
        (BASE, f"{BASE}?id=1"),
        (f"{BASE}?id=1", f"{BASE}?id=2"),
        (f"{BASE}?id=", f"{BASE}"),
        (f"{BASE}?ref=1", f"{BASE}?ref=2"),  # may choose a page: kept
        # letters in an encoding of the site's own, which are no UTF-8
        (f"{BASE}?q=%E9", f"{BASE}?q=%E8"),
        (f"{BASE}?q=%E9", f"{BASE}?q=%EF%BF%BD"),
    ],
)
def test_two_pages_stay_two(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_the_order_of_parameters_does_not_matter() -> None:
    assert address_key(f"{BASE}?b=2&a=1&a=0") == address_key(f"{BASE}?a=0&utm_term=x&a=1&b=2")
    assert address_key(f"{BASE}?a=1%202") == address_key(f"{BASE}?a=1+2")


@pytest.mark.parametrize("broken", ["http://[", "http://host:port/", "", "no address"])
def test_what_is_no_address_is_its_own_key(broken: str) -> None:
    assert address_key(broken) == broken


words = st.text("abcdefghijklmnop0123456789-_é", min_size=1, max_size=12)


@given(
    st.lists(words, max_size=4),
    st.lists(st.tuples(words, words), max_size=4),
    st.sampled_from(["utm_source", "fbclid"]),
)
def test_what_tracks_never_changes_a_key(path: list[str], parameters: list[tuple[str, str]], tracker: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in parameters)
    address = f"https://news.example/{'/'.join(path)}"
    tracked = f"{address}/?{query}&{tracker}=somewhere#part" if path else f"{address}?{tracker}=x&{query}"
    assert address_key(tracked) == address_key(f"{address}?{query}")
    assert address_key(f"http://{address_key(address)}") == address_key(address)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=3000))
def test_keys_fit_into_an_index(text: str) -> None:
    assert len(short_key(text * 3).encode()) <= 1000
    assert len(address_key(f"https://news.example/{text}").encode()) <= 1000


def test_long_keys_are_told_apart() -> None:
    assert short_key("x" * 1000) == "x" * 1000
    assert len({short_key("x" * length) for length in range(1000, 1010)}) == 10


@pytest.mark.parametrize(
    ("canonical", "believed"),
    [
        (f"{BASE}-canonical", "news.example/world/story-1-canonical"),
        ("https://www.news.example/c/1?utm_source=x", "news.example/c/1"),
        ("https://news.example/?p=17", "news.example?p=17"),
        # says nothing new
        (BASE, None),
        (None, None),
        ("", None),
        # another site may not say whose page this is
        ("https://thief.example/world/story-1", None),
        ("https://blog.news.example/world/story-1", None),
        # the front page: a mistake that many sites make
        ("https://news.example/", None),
        ("https://news.example", None),
    ],
)
def test_a_canonical_link_is_believed_within_its_site(canonical: str | None, believed: str | None) -> None:
    assert canonical_key(BASE, canonical) == believed


@pytest.mark.parametrize(
    ("url", "host"),
    [(BASE, "news.example"), ("https://WWW.News.Example:8080/x", "news.example"), ("http://[", ""), ("", "")],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("canonical", "claimed"),
    [
        ("https://wire.example/story-1?utm_source=x", "wire.example/story-1"),
        ("https://blog.news.example/story-1", "blog.news.example/story-1"),
        # its own site says so itself
        (f"{BASE}-canonical", None),
        ("https://amp.news.example/world/story-1", None),
        # no page
        ("https://wire.example/", None),
        (None, None),
    ],
)
def test_a_canonical_link_to_another_site_is_a_claim(canonical: str | None, claimed: str | None) -> None:
    assert claimed_key(BASE, canonical) == claimed


@pytest.mark.parametrize(
    ("final", "stopover"),
    [
        # carries the way back
        ("https://consent.example/collect?continue=https%3A%2F%2Fnews.example%2Fworld%2Fstory-1&hl=en", True),
        ("https://news.example/login?next=/world/story-1", True),
        ("https://news.example/login?next=/world/story-1/%3Futm_source%3Drss", True),
        # the article is gone
        ("https://news.example/", True),
        # the article
        (BASE, False),
        (f"{BASE}/amp?utm_source=x", False),
        ("https://news.example/world/2026/story-1", False),
        ("https://news.example/other?next=/world/story-2", False),
        # tells where the reader came from
        (f"https://other.example/story-1?ref={BASE}", False),
        # an address shortener that serves one whole site
        ("https://other.example/", False),
        ("http://[?next=/world/story-1", False),
    ],
)
def test_a_stop_on_the_way_is_not_the_article(final: str, stopover: bool) -> None:
    assert is_stopover(BASE, final) == stopover


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("HPE wins a deal", "HPE wins a deal | The News", True),
        ("HPE wins a deal", "HPE loses that deal", True),
        ("HPE wins a deal", "Before you continue", False),
        ("", "Before you continue", False),
        ("", "", False),
    ],
)
def test_titles_of_one_page(one: str, other: str, same: bool) -> None:
    assert shares_title(one, other) == same


TEXT = " ".join(f"word{number}" for number in range(100))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (TEXT, True),
        (TEXT.replace("word50", "other"), True),
        (f"{TEXT} and a line of the outlet's own", True),
        (TEXT[:300], False),  # a teaser
        (" ".join(reversed(TEXT.split())), False),
        ("", False),
    ],
)
def test_texts_that_agree(other: str, same: bool) -> None:
    assert same_words(TEXT, other) == same
