"""When two addresses are one page.

An article is known by its normalised address: scheme, ``www.``, fragment, tracking parameters, the order of parameters
and a trailing slash do not tell pages apart. A canonical link is believed only within the same site.
"""

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

__all__ = ["address_key", "canonical_key", "host_of", "short_key", "without_credentials"]

_LONGEST_KEY = 1000
"""In bytes: no database keeps keys of any length in an index (PostgreSQL: 2.7 kB)."""

# Only parameters that never choose a page: a parameter dropped in error would make two articles one.
_TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "cmpid",
        "ncid",
        "ocid",
        "smid",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "__twitter_impression",
        "amp_js_v",
        "usqp",
        "xtor",
        "at_medium",
        "at_campaign",
        "ref_src",
    ]
)
_TRACKING_PREFIXES = ("utm_", "hsa_", "pk_", "mtm_", "vero_", "oly_")


def without_credentials(url: str) -> str:
    """The address as it may be logged: no user name, no password."""
    scheme, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}"


def host_of(url: str) -> str:
    """The host in lower case without ``www.``, or an empty string."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def address_key(url: str) -> str:
    """The normalised address: equal for two addresses of one page.

    >>> address_key("http://www.Example.org/a/?utm_source=x&b=2&a=1#top")
    'example.org/a?a=1&b=2'
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return short_key(url.strip())
    host = host_of(url)
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    # Bytes that are no UTF-8 stay apart: an address may be encoded as its site likes.
    parameters = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
        if name.lower() not in _TRACKING and not name.lower().startswith(_TRACKING_PREFIXES)
    ]
    query = urlencode(sorted(parameters), errors="surrogateescape")
    path = parts.path.rstrip("/")
    return short_key(f"{host}{path}" + (f"?{query}" if query else ""))


def short_key(text: str) -> str:
    """``text`` itself, or its hash when it is too long for an index."""
    data = text.encode()
    return text if len(data) <= _LONGEST_KEY else "blake2b:" + hashlib.blake2b(data, digest_size=32).hexdigest()


def canonical_key(page_url: str, canonical_url: str | None) -> str | None:
    """The key of a page's canonical link if it can be believed: same host, and not merely the site's front page."""
    if not canonical_url or host_of(canonical_url) != host_of(page_url):
        return None
    key, own = address_key(canonical_url), address_key(page_url)
    is_front_page = "/" not in key and "?" not in key
    return None if key == own or is_front_page else key
