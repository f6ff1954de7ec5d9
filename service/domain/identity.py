"""Which page an article is: what its final address, its canonical link and its AMP link are believed.

An article is known by its normalised addresses (addresses.py). Its own address, the one where its redirects end, and a
canonical or AMP link within its site are believed. A canonical link to another site is only a claim: it counts when the
article there says the same. An address where different articles end (a consent wall, a log-in page) is nobody's.
"""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

from service.domain.addresses import address_key

__all__ = [
    "canonical_key",
    "claimed_key",
    "is_stopover",
    "same_site_key",
    "same_words",
    "shares_title",
]

_MOST_PARAMETERS = 100
# A parameter that tells where the reader came from, not where he is to be sent on.
_REFERRER = re.compile(r"ref|referr?er|source|src|utm_\w+", re.IGNORECASE)
_RUN = 3
_AGREEMENT = 0.8
_LENGTHS = 2


def same_site_key(page_url: str, link: str | None) -> str | None:
    """The key of a link if it leads to another address of the page's own site, other than its front page."""
    if not link:
        return None
    key, own = address_key(link), address_key(page_url)
    return key if key != own and _site(key) == _site(own) and not _is_front_page(key) else None


def canonical_key(page_url: str, canonical_url: str | None) -> str | None:
    """The key of a page's canonical link if it can be believed: same site, and not merely the site's front page."""
    return same_site_key(page_url, canonical_url)


def claimed_key(page_url: str, canonical_url: str | None) -> str | None:
    """The key of a canonical link to another site: to be believed when the article there says the same."""
    if not canonical_url:
        return None
    key = address_key(canonical_url)
    return key if _site(key) != _site(address_key(page_url)) and not _is_front_page(key) else None


def is_stopover(asked_url: str, final_url: str) -> bool:
    """Did a redirect lead to a page that stands before the article (consent, log-in) or instead of it (front page)?

    Told by structure: a stop on the way keeps the way back, so its address carries the one that was asked for.
    """
    asked, final = address_key(asked_url), address_key(final_url)
    if asked == final:
        return False
    if _is_front_page(final) and _site(final) == _site(asked):
        return True
    try:
        parameters = parse_qsl(urlsplit(final_url).query, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return False
    return any(_leads_back(value, asked_url, asked) for name, value in parameters if not _REFERRER.fullmatch(name))


def shares_title(one: str, other: str) -> bool:
    """Do two titles have at least half of the shorter one's words in common? Enough to tell the title of an article's
    page, edited or with the site's name, from that of a log-in page."""
    words, others = (set(re.findall(r"\w+", title.casefold())) for title in (one, other))
    return bool(words and others) and len(words & others) * 2 >= min(len(words), len(others))


def same_words(one: str, other: str) -> bool:
    """Do two texts say the same, but for a tenth or so? Linear in their lengths."""
    runs, others = _runs(one), _runs(other)
    smaller, larger = sorted((len(runs), len(others)))
    return bool(smaller) and larger <= smaller * _LENGTHS and len(runs & others) >= _AGREEMENT * smaller


def _leads_back(value: str, asked_url: str, asked: str) -> bool:
    if value.startswith("/"):
        try:
            value = urljoin(asked_url, value)
        except ValueError:
            return False
    return value.startswith(("http://", "https://")) and address_key(value) == asked


def _site(key: str) -> str:
    return re.split("[/?]", key, maxsplit=1)[0]


def _is_front_page(key: str) -> bool:
    return "/" not in key and "?" not in key


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every run of three words."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + _RUN]) for start in range(max(len(words) - _RUN + 1, 0))}
