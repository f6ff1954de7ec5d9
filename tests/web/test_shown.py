"""How lines become what a page shows."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.query import QueryError, parse
from service.search import AskError
from service.web import shown
from service.web.render import percent, until
from tests.web.desk import START


def mention(text: str, *names: str, **other: object) -> dict[str, Any]:
    return {"snippet": text, "names": list(names), "spans": [], **other}


def marked(pieces: list[shown.Piece]) -> str:
    """``[a name] (a look-alike) text``."""
    signs = {"name": "[{}]", "look-alike": "({})", "": "{}"}
    return "".join(signs[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("HPE and HPE’s deal", ["HPE"], "[HPE] and [HPE]’s deal"),
        ("Dell Technologies, or Dell", ["Dell", "Dell Technologies"], "[Dell Technologies], or [Dell]"),
        ("X and Xerox on X.", ["X"], "[X] and Xerox on [X]."),  # not inside a longer word
        ("xAI2 is not xAI", ["xAI"], "xAI2 is not [xAI]"),
        ("HPE는 계약을", ["HPE"], "[HPE]는 계약을"),  # a particle is glued to the name
        ("日本の東京電力は", ["東京電力"], "日本の[東京電力]は"),
        ("C++ and (x.ai)", ["x.ai", "C++"], "[C++] and ([x.ai])"),  # signs are no patterns
        ("nobody", ["HPE"], "nobody"),
        ("", ["HPE"], ""),
        ("HPE", [], "HPE"),
        ("HPE", [""], "HPE"),
    ],
)
def test_names_are_marked_in_a_snippet(text: str, names: list[str], expected: str) -> None:
    assert marked(shown.snippet(mention(text, *names))) == expected


@given(st.text(alphabet="aXé日 .<", max_size=30), st.lists(st.text(alphabet="aXé日.", max_size=4), max_size=4))
def test_marking_loses_no_letter(text: str, names: list[str]) -> None:
    pieces = shown.snippet(mention(text, *names))
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text in names for piece in pieces if piece.kind)


def span(text: str, start: int, words: str, field: str = "text") -> dict[str, Any]:
    return {"field": field, "start": start, "end": start + len(words), "text": words}


def article(text: str, names: list[dict[str, Any]], rejected: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "title": text,
        "text": text,
        "mentions": [mention("", spans=names)],
        "rejected": [{"entity": "X", "span": one, "reason": "another"} for one in rejected or []],
    }


class TestProof:
    def test_each_paragraph_has_its_own_marks(self) -> None:
        text = "HPE won.\nDell lost to HPE."
        found = shown.paragraphs(article(text, [span(text, 0, "HPE"), span(text, 22, "HPE")], [span(text, 9, "Dell")]))
        assert [marked(pieces) for pieces in found] == ["[HPE] won.", "(Dell) lost to [HPE]."]

    def test_a_name_counts_before_a_look_alike_at_the_same_place(self) -> None:
        text = "Oracle Park"
        found = shown.paragraphs(article(text, [span(text, 0, "Oracle")], [span(text, 0, "Oracle Park")]))
        assert [marked(pieces) for pieces in found] == ["[Oracle] Park"]

    def test_a_span_that_does_not_fit_the_text_is_left_out(self) -> None:
        found = shown.paragraphs(article("Short.", [span("", 2, "HPE"), span("", 500, "HPE")]))
        assert [marked(pieces) for pieces in found] == ["Short."]

    def test_a_name_may_run_over_a_line_break(self) -> None:
        found = shown.paragraphs(article("Super\nMicro", [span("", 0, "Super\nMicro")]))
        assert [marked(pieces) for pieces in found] == ["[Super]", "[Micro]"]

    def test_the_title_has_the_titles_marks_only(self) -> None:
        line = article("HPE won", [span("", 0, "HPE", "title"), span("", 4, "won", "text")])
        assert marked(shown.title(line)) == "[HPE] won"

    @given(
        st.text(alphabet="ab\n", max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=6)
    )
    def test_the_whole_text_is_shown_whatever_the_spans(self, text: str, places: list[tuple[int, int]]) -> None:
        spans = [span("", start, text[start : start + length]) for start, length in places]
        found = shown.paragraphs(article(text, spans[::2], spans[1::2]))
        assert "\n".join("".join(piece.text for piece in pieces) for pieces in found) == text


def test_mentions_of_one_article_are_one_entry_with_the_most_telling_first() -> None:
    lines = [
        {"id": number, "article": article, "salience": salience, "confidence": confidence}
        for number, article, salience, confidence in [
            (5, 2, "passing", 0.99),
            (4, 2, "main", 0.7),
            (3, 2, "main", 0.9),
            (2, 1, "passing", 0.6),
        ]
    ]
    found = shown.entries(lines)
    assert [[mention["id"] for mention in entry.mentions] for entry in found] == [[3, 4, 5], [2]]


def test_a_mistake_is_shown_at_its_place() -> None:
    query = "HPE or Dell"
    with pytest.raises(QueryError) as found:
        parse(query)
    error = AskError(f"query: {found.value}")
    error.__cause__ = found.value
    mistake = shown.mistake(error, query)
    assert (mistake.before, mistake.at, mistake.after) == ("HPE ", "o", "r Dell")
    assert mistake.message.startswith("at character 5: ")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "now"),
        (0, "now"),
        (20, "in 20 s"),
        (61, "in 2 min"),
        (3600, "in 60 min"),
        (7201, "in 3 h"),
        (172801, "in 3 d"),
    ],
)
def test_a_next_try_in_words(seconds: int, words: str) -> None:
    assert until(START + timedelta(seconds=seconds), START) == words


@pytest.mark.parametrize(("share", "words"), [(1.0, "100 %"), (0.999, "99 %"), (0.29, "29 %"), (0.0, "0 %")])
def test_only_what_is_certain_is_a_hundred_percent(share: float, words: str) -> None:
    assert percent(share) == words
