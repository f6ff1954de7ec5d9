"""Where the words of a query stand, and which article answers better."""

from hypothesis import given
from hypothesis import strategies as st

from service.domain.model import Salience
from service.domain.query import ArticleView, MentionView, Query, highlight, parse, relevance
from service.domain.query.tokens import tokenize
from tests.domain.query import strategies as generated


def article(title: str, text: str = "", *mentions: MentionView) -> ArticleView:
    return ArticleView(title, text, mentions=mentions)


def marked(text: str, spans: tuple[object, ...]) -> list[tuple[str, str]]:
    return [(text[mark.start : mark.end], mark.kind) for mark in spans]  # type: ignore[attr-defined]


def shown(query: str, view: ArticleView, *names: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    found = highlight(parse(query), view, names)
    return marked(view.title, found.title), marked(found.text, found.spans)


class TestHighlight:
    def test_words_stand_where_they_were_sought(self) -> None:
        view = article("Oracle cools chips", "Oracle says that cooling, not Cooler Inc, matters.")
        assert shown("oracle cool*", view) == (
            [("Oracle", "word"), ("cools", "word")],
            [("Oracle", "word"), ("cooling", "word"), ("Cooler", "word")],
        )
        assert shown("title:oracle", view) == ([("Oracle", "word")], [])
        assert shown("body:oracle", view) == ([], [("Oracle", "word")])
        assert shown('"not cooler"', view) == ([], [("not Cooler", "word")])

    def test_what_is_denied_is_not_shown(self) -> None:
        assert shown("chips NOT oracle", article("Oracle chips")) == ([("chips", "word")], [])

    def test_a_name_goes_before_a_word_at_the_same_place(self) -> None:
        hpe = MentionView("HPE", Salience.MAIN, 1.0, (("title", 0, 3), ("text", 4, 7)))
        view = article("HPE wins", "The HPE deal", hpe)
        assert shown("hpe OR deal", view, "HPE") == ([("HPE", "name")], [("HPE", "name"), ("deal", "word")])
        assert shown("deal", view, "xAI") == ([], [("deal", "word")])

    def test_the_stretch_with_most_hits_is_shown_from_word_to_word(self) -> None:
        view = article("T", f"oracle {'filler ' * 100}deal with oracle on a deal {'filler ' * 100}")
        found = highlight(parse("oracle deal"), view, [])
        assert len(found.text) <= 240
        assert [word for word, _ in marked(found.text, found.spans)] == ["deal", "oracle", "deal"]
        assert found.text.startswith("filler ")
        assert found.text.endswith(" filler")

    def test_without_hits_the_beginning_is_shown_on_one_line(self) -> None:
        found = highlight(None, article("T", "first\nsecond " + "more " * 100), [])
        assert found.text.startswith("first second more")
        assert len(found.text) <= 240

    @given(generated.articles, st.one_of(st.none(), generated.queries))
    def test_marks_lie_in_order_inside_of_their_text(self, view: ArticleView, query: Query | None) -> None:
        found = highlight(query, view, {mention.entity for mention in view.mentions})
        assert len(found.text) <= 240
        for text, marks in ((view.title, found.title), (found.text, found.spans)):
            ends = [0, *(mark.end for mark in marks)]
            assert all(end <= mark.start < mark.end for end, mark in zip(ends, marks, strict=False))
            assert ends[-1] <= len(text)


class TestRelevance:
    def best(self, query: str, *views: ArticleView) -> int:
        found = relevance(parse(query), [(view, None) for view in views])
        return found.index(max(found))

    def test_the_title_counts_more_than_the_body(self) -> None:
        assert self.best("deal", article("Other", "a deal"), article("A deal", "other")) == 1

    def test_the_lead_counts_more_than_the_rest(self) -> None:
        filler = "filler " * 150
        assert self.best("deal", article("T", f"{filler}deal"), article("T", f"deal {filler}")) == 1

    def test_a_rare_word_counts_more_than_a_common_one(self) -> None:
        common = [article("T", "common word") for _ in range(8)]
        assert self.best("common OR rare", *common, article("T", "rare word")) == 8

    def test_more_often_is_better_but_less_and_less(self) -> None:
        texts = [article("T", " ".join(["deal"] * times + ["other"] * (10 - times))) for times in (1, 2, 9, 10)]
        one, two, nine, ten = relevance(parse("deal"), [(view, None) for view in texts])
        assert one < two < nine < ten
        assert ten - nine < two - one

    def test_a_shorter_text_is_better(self) -> None:
        assert self.best("deal", article("T", "deal " + "x " * 500), article("T", "deal here")) == 1

    def test_a_main_and_sure_mention_is_better(self) -> None:
        mentions = [
            MentionView("HPE", salience, confidence)
            for salience, confidence in ((Salience.PASSING, 1.0), (Salience.MAIN, 0.9), (Salience.MAIN, 0.5))
        ]
        assert self.best("entity:HPE", *(article("T", "", mention) for mention in mentions)) == 1

    def test_only_the_meant_mention_counts(self) -> None:
        view = article("T", "", MentionView("HPE", Salience.MAIN, 1.0), MentionView("xAI", Salience.PASSING, 1.0))
        hpe, xai = relevance(None, [(view, "HPE"), (view, "xAI")])
        assert hpe > xai

    @given(st.lists(generated.articles, max_size=5), generated.queries)
    def test_any_query_weighs_any_article(self, views: list[ArticleView], query: Query) -> None:
        found = relevance(query, [(view, None) for view in views])
        assert len(found) == len(views)
        assert all(weight >= 0 for weight in found)


def test_the_tokens_of_a_word_are_what_is_marked() -> None:
    """A run may give several terms that share its place."""
    view = article("½ cup", "½")
    assert shown("1", view) == ([("½", "word")], [("½", "word")])
    assert len(tokenize("½")) == 2
