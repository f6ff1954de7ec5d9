"""The normalised address of a page: equal for two addresses that lead to one page, different for all others.

    address -> unwrapped from caches and wrappers -> host as a desktop asks it -> path without its forms (AMP, print,
    index, trailing slash) -> parameters that choose a page -> key

What might choose another page is kept, so that two pages never become one; where that leaves two keys to one page, its
canonical link or its redirect tells (identity.py). Rules of RFC 3986 section 6.2 (case, percent-encoding, dot segments,
default ports) hold throughout.
"""

import hashlib
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

__all__ = ["address_key", "host_of", "short_key", "without_credentials"]

_LONGEST_KEY = 1000
"""In bytes: no database keeps keys of any length in an index (PostgreSQL: 2.7 kB)."""
_MOST_WRAPPERS = 3

# Only parameters that never choose a page: a parameter dropped in error would make two articles one.
_TRACKING = frozenset(
    {
        "__twitter_impression", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "at_campaign", "at_custom1", "at_custom2",
        "at_custom3", "at_custom4", "at_medium", "cmpid", "dclid", "ef_id", "epik", "fb_action_ids", "fb_action_types",
        "fb_source", "fbclid", "feedname", "feedtype", "gad_campaignid", "gad_source", "gbraid", "gclid", "gclsrc",
        "guccounter", "guce_referrer", "guce_referrer_sig", "igsh", "igshid", "ito", "li_fat_id", "mc_cid", "mc_eid",
        "mkt_tok", "msclkid", "ncid", "ocid", "partnerref", "ref_src", "ref_url", "s_kwcid", "smid", "smtyp",
        "spm_id_from", "sr_share", "srsltid", "taid", "ttclid", "twclid", "wbraid", "wickedid", "wt_mc", "xtor",
        "yclid", "ysclid", "zanpid",
    }
)  # fmt: skip
_TRACKING_PREFIXES = ("utm_", "hsa_", "pk_", "piwik_", "mtm_", "matomo_", "vero_", "oly_", "ns_mchannel", "ns_campaign")
# These may choose a page ("?source=7"), but not with such a value ("?source=rss").
_ORIGINS = frozenset({"ref", "source", "src", "from", "via", "origin", "medium", "campaign", "partner", "feed", "cmp"})
_CHANNELS = frozenset(
    {"rss", "rss2", "rssfeed", "feed", "atom", "twitter", "facebook", "linkedin", "email", "newsletter", "whatsapp"}
)
# The same page in another form: a parameter and the values that ask for the form.
_YES = frozenset({"", "1", "true", "yes", "on"})
_FORMS: dict[str, frozenset[str] | None] = {
    "amp": _YES | {"amp"},
    "print": _YES | {"print"},
    "printable": _YES,
    "printview": _YES,
    "view": frozenset({"print", "amp"}),
    "output": frozenset({"amp", "print"}),
    "outputtype": frozenset({"amp"}),
    "amp_js_v": None,
    "amp_gsa": None,
    "amp_lite": None,
    "usqp": None,
}
_FORM_HOST = re.compile(r"(?:www\d?|amp|m|mobile)\.")
# "en.m.wikipedia.org": a language before the form.
_LANGUAGE_HOST = re.compile(r"([a-z]{2,3})\.m\.(?=[^.]+\.[^.]+$)")
_PUBLIC_SECOND = frozenset({"ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"})
_INDEX = re.compile(r"/(?:index\.(?:html?|xhtml|shtml|php|aspx?|jsp)|default\.(?:aspx?|html?))$", re.IGNORECASE)
# A form is cut off the path of an article only, known by a hyphen or digit in its name: "/wiki/amp" is a page.
_FORM_PATH = re.compile(r"(/[^/]*(?:[0-9]|[^/-]-)[^/]*)/(?:amp|print)$")
_FORM_ENDING = re.compile(r"([^/])\.amp(\.html?)?$")
_GOOGLE = re.compile(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/:@!$&'()*+,;=~%"


def host_of(url: str) -> str:
    """The host in lower case without ``www.``, or an empty string."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def address_key(url: str) -> str:
    """The normalised address: equal for two addresses of one page. What is no address is its own key.

    >>> address_key("http://www.Example.org/a/?utm_source=x&b=2&a=1#top")
    'example.org/a?a=1&b=2'
    >>> address_key("https://www.google.com/amp/s/amp.example.org/news/two-words/amp/")
    'example.org/news/two-words'
    """
    url = url.strip()
    try:
        parts = urlsplit(_unwrapped(url))
        port, host = parts.port, _desktop_host(parts.hostname or "")
    except ValueError:
        return short_key(url)
    if not host:
        return short_key(url)
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    query = _page_parameters(parts.query)
    return short_key(f"{host}{_page_path(parts.path)}" + (f"?{query}" if query else ""))


def without_credentials(url: str) -> str:
    """The address as it may be logged: no user name, no password."""
    scheme, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{slash}{path}"


def short_key(text: str) -> str:
    """``text`` itself, or its hash when it is too long for an index."""
    data = text.encode()
    return text if len(data) <= _LONGEST_KEY else "blake2b:" + hashlib.blake2b(data, digest_size=32).hexdigest()


def _unwrapped(url: str) -> str:
    """The address that an AMP cache or a search engine's link carries in its own."""
    for _ in range(_MOST_WRAPPERS):
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        inner = None
        if host == "cdn.ampproject.org" or host.endswith(".cdn.ampproject.org"):
            # https://developers.google.com/amp/cache/overview: a letter for the kind, "s" where the origin has TLS
            inner = re.fullmatch(r"/(?:c|v|wp)/(?:s/)?([^/]+\.[^/]+.*)", parts.path)
        elif _GOOGLE.fullmatch(host) or host.removeprefix("www.") == "bing.com":
            inner = re.fullmatch(r"/amp/(?:s/)?([^/]+\.[^/]+.*)", parts.path)
            carried = _carried(host, parts.path, parts.query)
            if carried:
                url = carried
                continue
        if inner is None:
            return url
        url = f"https://{inner[1]}" + (f"?{parts.query}" if parts.query else "")
    return url


def _carried(host: str, path: str, query: str) -> str | None:
    """What the links of Google Alerts and Bing News say they lead to."""
    is_link = path == "/url" if _GOOGLE.fullmatch(host) else path.lower() == "/news/apiclick.aspx"
    parameters = dict(parse_qsl(query, max_num_fields=100)) if is_link else {}
    found = parameters.get("url") or parameters.get("q") or ""
    return found if found.startswith(("http://", "https://")) else None


def _desktop_host(host: str) -> str:
    """Without ``www.``, ``m.``, ``mobile.`` and ``amp.``, where a site's own name is left behind them."""
    host = ".".join(_ascii(label) for label in host.rstrip(".").split("."))
    while (match := _FORM_HOST.match(host)) and _is_site(host[match.end() :]):
        host = host[match.end() :]
    return _LANGUAGE_HOST.sub(r"\1.", host)


def _is_site(host: str) -> bool:
    """Is this more than a public suffix? ("m.co.uk" is a site named m.)"""
    labels = host.split(".")
    return len(labels) > 1 and not (len(labels) == 2 and labels[0] in _PUBLIC_SECOND and len(labels[1]) == 2)


def _ascii(label: str) -> str:
    try:
        return label if label.isascii() else "xn--" + label.encode("punycode").decode()
    except UnicodeError:
        return label


def _page_path(path: str) -> str:
    path = _without_dots(quote(_ESCAPE.sub(_tidy_escape, path), safe=_PATH_SAFE, errors="surrogatepass"))
    before = None
    while before != path:
        before = path
        path = _INDEX.sub("", path.rstrip("/"))
        path = _FORM_PATH.sub(r"\1", path)
        path = _FORM_ENDING.sub(lambda match: match[1] + (match[2] or ""), path)
    return path


def _tidy_escape(match: re.Match[str]) -> str:
    char = chr(int(match[0][1:], 16))
    return char if char in _UNRESERVED else match[0].upper()


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


def _page_parameters(query: str) -> str:
    """Sorted. Bytes that are no UTF-8 stay apart: an address may be encoded as its site likes."""
    parameters = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
        if _chooses_page(name.lower(), value.lower())
    ]
    return urlencode(sorted(parameters), errors="surrogateescape")


def _chooses_page(name: str, value: str) -> bool:
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return False
    if name in _ORIGINS and value in _CHANNELS:
        return False
    if name in _FORMS:
        values = _FORMS[name]
        return values is not None and value not in values
    return True
