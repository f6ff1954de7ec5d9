"""Bytes of a document -> text that a parser can be given without harm.

bytes -> decode (BOM, UTF-8, HTTP charset, declaration) -> declared (UTF-8, no DOCTYPE)
      -> tidy_xml where it is not well-formed (no impossible characters and references)
      -> cut_names -> Outline (root, depth, attributes, where the last wanted item ends)
"""

import codecs
import html.entities
import re
from dataclasses import dataclass
from xml.parsers import expat

__all__ = ["Outline", "cut_names", "declared", "decode", "outline", "tidy_xml"]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
# Families of real text encodings: Python also has codecs such as "idna" and "unicode_escape".
_TEXT_CODEC = re.compile(r"(utf-?(8|16|32)|iso|latin|ascii|cp|windows|koi8|gb|big5|euc|shift|mac|tis|hz|ptcp|kz)")
# What the names mean on the web (WHATWG Encoding section 4.2).
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}


def decode(body: bytes, content_type: str | None) -> str:
    """The document's text; never raises, never lone surrogates.

    Bytes that are valid UTF-8 are UTF-8 whatever is declared: other encodings pass that test by accident only, while
    wrong declarations are common. Otherwise the HTTP charset, then the document's own declaration, then Windows-1252.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    # "<" as UTF-16 without a mark
    if body[:4:2] in (b"<?", b"<r", b"<f", b"<h", b"<!") and body[1:4:2] == b"\0\0":
        return body.decode("utf-16-le", "replace")
    if body[1:4:2] in (b"<?", b"<r", b"<f", b"<h", b"<!") and body[:4:2] == b"\0\0":
        return body.decode("utf-16-be", "replace")
    declared = [_codec(name) for name in _declared_charsets(body, content_type)]
    if ascii_like := [name for name in declared if name and name.startswith(("iso2022", "hz"))]:
        return body.decode(ascii_like[0], "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(next((name for name in declared if name), "cp1252"), "replace")


def _declared_charsets(body: bytes, content_type: str | None) -> list[str]:
    names = []
    if content_type and (match := _CHARSET.search(content_type)):
        names.append(match[1])
    found = (pattern.search(body[:4096]) for pattern in (_XML_DECLARATION, _META))
    return names + [match[1].decode("ascii") for match in found if match]


def _codec(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    # UTF-16 without a mark or zero bytes was ruled out above.
    if not _TEXT_CODEC.match(known) or known.startswith(("utf-16", "utf-32")):
        return None
    return _WIDER.get(known, known)


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# All but XML's own five and numbers that are sure to be allowed: most references need no second look.
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#(?:3[2-9]|[4-9][0-9]|[1-9][0-9]{2,3}|x[1-9a-cA-C][0-9a-fA-F]{2,3}));)"
    r"(?:#([xX]?)([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]{1,31}));"
)
_PROLOG_TOKEN = re.compile(r"<\?(?:xml\b)?|<!--|<!DOCTYPE|<[A-Za-z_]", re.IGNORECASE)
_DOCTYPE_TOKEN = re.compile(r"""<!--|-->|["'\[\]>]""")
# feedparser searches these for mail addresses at a cost that grows with the square of their length.
_LONG_NAME = re.compile(
    rb"(<(?:[\w.-]{1,40}:)?(?:author|contributor|creator|email|managingEditor|name|owner|publisher|webMaster)"
    rb"(?:\s[^<>]{0,500})?>)(?:([^<]{1000,})|<!\[CDATA\[([^\]]{1000,})\]\]>)"
)
_NAME_BYTES = 1000
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def declared(text: str) -> bytes:
    """The same XML in UTF-8, with a declaration that says so, and without its DOCTYPE.

    Entities that the document declares itself are never expanded: a reference to one makes it ill-formed."""
    return f"{_DECLARATION}{_without_prolog_declarations(text)}".encode("utf-8", "replace")


def tidy_xml(text: str) -> str:
    """The same XML without its declaration and DOCTYPE, without characters and references that XML forbids, and HTML's
    named characters as numbers: for XML that is not well-formed, as it changes nothing in XML that is. Entities that
    the document declares itself are never expanded: a reference to one stays as it is. Time is linear in the length."""
    return _outside_cdata(_without_prolog_declarations(_FORBIDDEN.sub("", text)))


def cut_names(document: bytes) -> bytes:
    """XML in UTF-8 with person names cut to 1,000 bytes."""
    return _LONG_NAME.sub(_cut_name, document)


def _cut_name(match: re.Match[bytes]) -> bytes:
    opening, plain, cdata = match.groups()
    kept: bytes = (cdata if plain is None else plain)[:_NAME_BYTES]
    kept = kept.decode("utf-8", "ignore").encode()  # no half character
    if plain is None:
        return b"%b<![CDATA[%b]]>" % (opening, kept)
    cut_reference = kept.rfind(b"&") > kept.rfind(b";")
    return opening + (kept[: kept.rfind(b"&")] if cut_reference else kept)


def _outside_cdata(text: str) -> str:
    """References made safe, but in CDATA sections, where they are no references."""
    pieces = []
    position = 0
    while True:
        start = text.find("<![CDATA[", position)
        end = text.find("]]>", start) if start >= 0 else -1
        if end < 0:
            pieces.append(_REFERENCE.sub(_safe_reference, text[position:]))
            return "".join(pieces)
        pieces.append(_REFERENCE.sub(_safe_reference, text[position:start]))
        pieces.append(text[start:end])
        position = end


def _safe_reference(match: re.Match[str]) -> str:
    base, digits, name = match.groups()
    if name is not None:
        char = html.entities.html5.get(f"{name};")
        return match[0] if char is None else "".join(f"&#{ord(c)};" for c in char)
    number = int(digits, 16 if base else 10) if len(digits) < 12 and (base or digits.isdecimal()) else -1
    valid = (
        number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0xFFFF < number < 0x110000
    )
    return match[0] if valid else "\ufffd"


def _without_prolog_declarations(text: str) -> str:
    """Drop ``<?xml ...?>`` and ``<!DOCTYPE ...>`` with its internal subset, before the first element."""
    pieces = []
    position = 0
    while token := _PROLOG_TOKEN.search(text, position):
        opener = token[0].lower()
        if opener == "<!doctype":
            end = _doctype_end(text, token.end())
        elif opener == "<!--":
            end = text.find("-->", token.end()) + 3
        elif opener.startswith("<?"):
            end = text.find("?>", token.end()) + 2
        else:
            break
        if end < token.end():  # never closed
            return text[token.start() :] if opener != "<!doctype" else ""
        if opener not in ("<!doctype", "<?xml"):
            pieces.append(text[token.start() : end])
        position = end
    else:
        return text[position:]
    pieces.append(text[token.start() :])
    return "".join(pieces)


def _doctype_end(text: str, position: int) -> int:
    """Just behind the ``>`` that closes a DOCTYPE; -1 if nothing does."""
    in_subset = False
    while token := _DOCTYPE_TOKEN.search(text, position):
        position = token.end()
        match token[0]:
            case '"' | "'":
                position = text.find(token[0], position) + 1
            case "<!--":
                position = text.find("-->", position) + 3
            case "[":
                in_subset = True
            case "]":
                in_subset = False
            case ">" if not in_subset:
                return position
        if position < token.end():
            return -1
    return -1


@dataclass(frozen=True, slots=True)
class Outline:
    """What a cheap pass over a document saw. ``well_formed`` False: everything else holds up to the fault."""

    well_formed: bool
    root: str
    """Local name in lower case; empty when there is no element."""
    depth: int
    attributes: int
    """Most on one element."""
    items: int
    wanted: bytes
    """The document with at most the wanted number of items."""


class _Scan:
    def __init__(self, max_items: int) -> None:
        self.max_items = max_items
        self.stack: list[str] = []
        self.root = ""
        self.depth = 0
        self.attributes = 0
        self.items = 0
        self.cut_at: int | None = None
        self.open_at_cut: tuple[str, ...] = ()
        self.parser = expat.ParserCreate("utf-8")
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, name: str, attributes: list[str]) -> None:
        self.stack.append(name)
        if not self.root:
            self.root = _local(name)
        self.depth = max(self.depth, len(self.stack))
        self.attributes = max(self.attributes, len(attributes) // 2)
        if _local(name) in ("item", "entry"):
            self.items += 1
            if self.items == self.max_items + 1:
                self.cut_at = self.parser.CurrentByteIndex
                self.open_at_cut = tuple(self.stack[:-1])

    def end(self, name: str) -> None:
        self.stack.pop()


def outline(document: bytes, max_items: int) -> Outline:
    """Scan tidied XML (UTF-8). Items behind the first ``max_items`` are cut off, their parents closed."""
    scan = _Scan(max_items)
    try:
        scan.parser.Parse(document, True)
        well_formed = True
    except expat.ExpatError:
        well_formed = False
    wanted = document
    if scan.cut_at is not None:
        closers = "".join(f"</{name}>" for name in reversed(scan.open_at_cut))
        wanted = document[: scan.cut_at] + closers.encode()
    return Outline(well_formed, scan.root, scan.depth, scan.attributes, scan.items, wanted)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
