"""What our own addresses hold must not be written down; everything else stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.redaction import Redactor

FEED = "https://ann:hunter2@news.example/feed?token=a1b2c3&page=2"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FEED, "https://news.example/feed?token=redacted-1&page=2"),  # the address itself
        ("https://news.example/?x=1&token=a1b2c3", "https://news.example/?x=1&token=redacted-1"),  # in another
        ("https://x.example/?to=token%3Da1b2c3", "https://x.example/?to=token=redacted-1"),  # inside a parameter
        ('{"url": "https://ann:hunter2@news.example/2"}', '{"url": "https://news.example/2"}'),  # in a line
        ("https://news.example/?token=a1b2c3d4", "https://news.example/?token=a1b2c3d4"),  # another, longer value
        ("https://news.example/?mytoken=a1b2c3", "https://news.example/?mytoken=a1b2c3"),  # another name
        ("Ann said: the token of a1b2c3 was hunter2", "Ann said: the token of a1b2c3 was hunter2"),  # prose
        ("page=2", "page=2"),  # lets nobody in
    ],
)
def test_a_secret_has_one_stand_in_wherever_it_stands_in_an_address(text: str, told: str) -> None:
    redactor = Redactor([FEED])
    assert redactor.text(text) == told
    assert redactor.data(text.encode()) == told.encode()


@pytest.mark.parametrize("name", ["api_key", "apikey", "access-token", "sig", "PASSWORD", "X-Amz-Signature", "key"])
def test_names_of_what_lets_somebody_in(name: str) -> None:
    assert Redactor([f"https://h.example/?{name}=s3cret"]).text(f"?{name}=s3cret") == f"?{name}=redacted-1"


def test_two_secrets_stay_two() -> None:
    redactor = Redactor(["https://h.example/?key=one", "https://h.example/?key=two"])
    assert redactor.text("?key=one ?key=two") == "?key=redacted-1 ?key=redacted-2"


@given(st.text(), st.text(alphabet=st.characters(codec="ascii", exclude_characters="/?#@[] \t\r\n"), min_size=8))
def test_without_secrets_nothing_changes_and_a_password_never_stays(text: str, password: str) -> None:
    assert Redactor().text(text) == Redactor(["https://h.example/a?b=c"]).text(text) == text
    address = f"https://u:{password}@h.example/feed"
    assert Redactor([address]).text(f"see {address}") == "see https://h.example/feed"
