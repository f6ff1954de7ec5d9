"""Addresses of one page have one key; whatever may choose another page keeps its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.addresses import address_key, without_credentials

BASE = "https://news.example/world/story-1"


@pytest.mark.parametrize(
    "same",
    [
        # AMP and mobile forms, on the site itself
        f"{BASE}/amp",
        f"{BASE}/amp/",
        f"{BASE}?amp=1",
        f"{BASE}?amp",
        f"{BASE}?outputType=amp",
        f"{BASE}.amp",
        "https://amp.news.example/world/story-1",
        "https://m.news.example/world/story-1",
        "https://mobile.news.example/world/story-1",
        "https://www.m.news.example/world/story-1",
        # in caches
        "https://news-example.cdn.ampproject.org/c/s/news.example/world/story-1",
        "https://news-example.cdn.ampproject.org/v/s/amp.news.example/world/story-1/amp?amp_js_v=0.1&usqp=mq",
        "https://cdn.ampproject.org/c/news.example/world/story-1",
        "https://www.google.com/amp/s/news.example/world/story-1",
        "https://www.google.co.uk/amp/news.example/world/story-1/amp/",
        "https://www.bing.com/amp/s/news.example/world/story-1",
        # links that carry their target
        "https://www.google.com/url?rct=j&sa=t&url=https://news.example/world/story-1&ct=ga",
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fnews.example%2fworld%2fstory-1",
        # to print
        f"{BASE}?print=1",
        f"{BASE}?view=print",
        f"{BASE}/print/",
        # spelt otherwise
        "http://news.example:80/world/./x/../story-1/index.html",
        "https://news.example./world/%73tory%2D1",
        f"{BASE}?source=rss&ref=rss&via=twitter",
        f"{BASE}?mc_cid=1&_hsenc=2&at_campaign=3&MTM_Source=4",
    ],
)
def test_one_page_in_many_forms(same: str) -> None:
    assert address_key(same) == address_key(BASE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://wiki.example/wiki/amp", "https://wiki.example/wiki"),  # a page about it
        ("https://shop.example/print", "https://shop.example/"),
        ("https://m.co.uk/story-1", "https://co.uk/story-1"),  # a site named m
        ("https://amp.dev/story-1", "https://dev/story-1"),
        (f"{BASE}?print=2", BASE),  # a number of a page
        (f"{BASE}?view=2", BASE),
        (f"{BASE}?source=7", f"{BASE}?source=8"),
        (f"{BASE}?page=2", BASE),
        ("https://news.example/a%2Fb", "https://news.example/a/b"),  # an escaped slash is no slash
        ("https://news.example/a?b=1%26c=2", "https://news.example/a?b=1&c=2"),
        ("https://www.google.com/url?url=javascript:1", "https://www.google.com/url?url=javascript:2"),
        ("https://cdn.ampproject.org.example/c/s/news.example/world/story-1", BASE),
        ("https://straße.example/1", "https://strasse.example/1"),
    ],
)
def test_pages_that_only_look_alike(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_names_in_other_scripts() -> None:
    assert address_key("https://bücher.example/é") == address_key("https://xn--bcher-kva.example/%c3%a9")
    assert address_key("https://de.m.wiki.example/wiki/Amp") == address_key("https://de.wiki.example/wiki/Amp")


segments = st.text("abcdefgh0123456789-_.~é", min_size=1, max_size=10).filter(lambda text: text.strip("."))
names = st.text("abcdefgh", min_size=1, max_size=4)
values = st.text("xyz0123456789 é&=%/", max_size=6)
pages = st.builds(
    lambda path, slug, parameters: ("/".join([*path, slug]), tuple(sorted(parameters.items()))),
    st.lists(segments, max_size=3),
    segments.map(lambda text: f"{text}-x7"),
    st.dictionaries(names.map(lambda name: f"{name}_id"), values, max_size=3),
)


def address(page: tuple[str, tuple[tuple[str, str], ...]], form: str = "{host}{path}{query}") -> str:
    from urllib.parse import quote, urlencode

    path, parameters = page
    query = urlencode(parameters)
    return form.format(
        host="news.example",
        path=f"/{quote(path)}",
        query=f"?{query}" if query else "",
        more=f"&{query}" if query else "",
    )


FORMS = [
    "http://{host}{path}{query}",
    "https://www.{host}:443{path}/{query}",
    "https://amp.{host}{path}{query}#part",
    "https://m.{host}{path}/amp/{query}",
    "https://mobile.{host}{path}/index.html{query}",
    "https://{host}{path}/print?utm_source=a{more}",
    "https://{host}{path}?amp=1&fbclid=b{more}",
    "https://news-example.cdn.ampproject.org/c/s/{host}{path}{query}",
    "https://www.google.com/amp/s/{host}{path}?usqp=c{more}",
]


@given(pages, st.sampled_from(FORMS))
def test_forms_of_any_page_have_its_key(page: tuple[str, tuple[tuple[str, str], ...]], form: str) -> None:
    assert address_key(address(page, form)) == address_key(address(page, "https://{host}{path}{query}"))


@given(pages, pages, st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_any_two_pages_have_two_keys(
    one: tuple[str, tuple[tuple[str, str], ...]],
    other: tuple[str, tuple[tuple[str, str], ...]],
    form: str,
    other_form: str,
) -> None:
    assert (address_key(address(one, form)) == address_key(address(other, other_form))) == (one == other)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.sampled_from(FORMS))
def test_a_key_is_its_own_key(text: str, form: str) -> None:
    key = address_key(form.format(host="news.example", path=f"/{text}", query="", more=""))
    assert address_key(f"https://{key}") == key


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:open-sesame@a.example:8443/feed?x=1", "https://a.example:8443/feed?x=1"),
        ("https://me:pass@word@a.example", "https://a.example"),
        ("https://a.example/@name/feed", "https://a.example/@name/feed"),
    ],
)
def test_what_is_logged_of_an_address_holds_no_credentials(url: str, shown: str) -> None:
    assert without_credentials(url) == shown
