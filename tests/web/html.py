"""What must hold for every page, whatever it shows."""

import re
from html.parser import HTMLParser

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
_ENDS_A_PARAGRAPH = frozenset(
    "article blockquote details div dl fieldset figure form h1 h2 h3 header hr nav ol p pre section table ul".split()  # noqa: SIM905
)
"""What a browser ends an open <p> before (HTML, 13.2.6.4.7), so that the page is another than the one written."""
_ADDRESS = re.compile(r"(?:https?://|/(?!/)|#|data:image/)")


class Page(HTMLParser):
    """The elements of a page in order, and its text. Raises AssertionError where markup is torn."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.titles = 0
        """Of the page: drawings have their own."""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag}: {names}"
        assert not (tag in _ENDS_A_PARAGRAPH and "p" in self._open), f"<{tag}> in <p>: {self._open[-3:]}"
        self.titles += tag == "title" and "svg" not in self._open
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> stands inside {self._open[-3:]}"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def inside(self, tag: str, text: str) -> list[str]:
        """The texts of all ``tag`` elements in ``text``, which is this page's source."""
        return [re.sub(r"<[^>]*>", "", found) for found in re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", text, re.DOTALL)]


def check(text: str) -> Page:
    """The page, after asserting that it is whole, harmless and usable with a keyboard and a screen reader."""
    page = Page(text)
    tags = [tag for tag, _ in page.elements]
    assert page.titles == 1
    assert tags.count("h1") == tags.count("main") == tags.count("header") == 1
    assert not {"style", "iframe", "object", "embed", "base", "foreignobject", "use", "image"} & set(tags)
    assert not re.search(r"<script[^>]*>[^<]", text), "a script inside the page"
    for script in page.all("script"):
        assert script.keys() == {"type", "src"}, script
        assert (script["type"], script["src"].startswith("/static/")) == ("module", True), script
    for drawing in page.all("svg"):
        assert drawing["role"] == "img", drawing
    for tag, attributes in page.elements:
        _check_element(tag, attributes)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list"):
            assert set(attributes.get(name, ids[0]).split()) <= set(ids), attributes
    labelled = {attributes["for"] for attributes in page.all("label")}
    controls = page.all("input") + page.all("select") + page.all("textarea")
    for control in controls:
        assert control.get("type") == "hidden" or "aria-label" in control or control["id"] in labelled, control
    assert tags.count("table") == tags.count("caption")
    assert not re.search("[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)
    return page


def _check_element(tag: str, attributes: dict[str, str]) -> None:
    assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
    for name in ("href", "src", "action"):
        assert _ADDRESS.match(attributes.get(name, "/")), (tag, attributes)
    if attributes.get("href", "/").startswith("http"):
        assert {"noopener", "noreferrer", "nofollow"} <= set(attributes.get("rel", "").split()), attributes
    if tag == "th":
        assert attributes.get("scope") in {"row", "col"}
    if tag == "img":
        assert "alt" in attributes
    if tag == "meta":
        assert "http-equiv" not in attributes
