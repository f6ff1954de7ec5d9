"""What one pass over a page says of its shape."""

import pytest

from scrapers.page import Page, scan_page

STORY = "<p>HPE has won a contract for servers that is worth more than a billion dollars.</p>" * 6
NOTICE = "<p>We and our partners store information on your device to show you what fits you.</p>" * 3
BUTTONS = "<button>Accept all</button><button>Manage options</button>"


def scan(body: str) -> Page:
    return scan_page(f"<html><head><title>T</title></head><body>{body}</body></html>")


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        # a consent page, a login, a challenge
        (f"<div role='dialog'>{NOTICE}{BUTTONS}</div>", True),
        (f"<form action='/consent'>{NOTICE}<input type='hidden' name='x'><button>Agree</button></form>", True),
        (f"<header>News</header><dialog open>{NOTICE}{BUTTONS}</dialog><footer>Imprint</footer>", True),
        (f"<div aria-modal='true'><form>{NOTICE}{BUTTONS}</form></div>", True),
        # never closed
        (f"<div role='dialog'>{NOTICE}{BUTTONS}", True),
        # a dialog over an article
        (f"<div role='dialog'>{NOTICE}{BUTTONS}</div><article>{STORY}{STORY}</article>", False),
        # old frameworks wrap the whole page in one form
        (f"<form id='aspnetForm'><nav>Menu</nav><article>{STORY}</article><input name='q'></form>", False),
        # nothing can be answered
        (f"<form>{NOTICE}</form>", False),
        (f"<form>{NOTICE}<input type='hidden' name='x'></form>", False),
        # scripts are no text
        (f"<script>{'x' * 5000}</script><div role='dialog'>{NOTICE}{BUTTONS}</div>", True),
        (STORY, False),
        ("", False),
    ],
)
def test_a_page_that_only_asks(body: str, asks: bool) -> None:
    assert scan(body).only_asks == asks


def test_scripts_of_linked_data_are_kept_and_bounded() -> None:
    one = '<script type="application/ld+json">{"a": 1}</script>'
    assert scan(one).scripts == ['{"a": 1}']
    assert len(scan(one * 50).scripts) == 20
    assert len(scan(one.replace("1", "1" * 3_000_000)).scripts[0]) <= 3_000_010
    assert scan("<script>var a = 1</script>").scripts == []


def test_dialogs_in_dialogs_cost_little() -> None:
    page = scan("<div role='dialog'>" * 150 + NOTICE + BUTTONS + "</div>" * 150 + "<nav>n</nav>" * 5000)
    assert page.controls == 2
    assert page.asked <= page.letters
