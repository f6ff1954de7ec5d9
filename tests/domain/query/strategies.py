"""Generated queries and articles. A small vocabulary, so that they meet."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from service.domain.model import Salience
from service.domain.query import ArticleView, FactView, MentionView, Query, tokenize
from service.domain.query.syntax import (
    And,
    AtLeast,
    Compare,
    Fielded,
    Is,
    Near,
    Not,
    Or,
    Published,
    Sentence,
    Term,
    Times,
)

WORDS = ("oracle", "Oracle", "HPE", "hpe", "or", "über", "uber", "東京", "京", "한국", "data", "datum", "½", "ﬁn", "x1")
GLUE = (" ", " ", " ", "-", ", ", ". ", "\n", "", "'", "\u00ad", "。")

texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GLUE)), max_size=14).map(
    lambda pairs: "".join(word + glue for word, glue in pairs)
)
wild_texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
days = st.integers(0, 5).map(lambda days: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days))
names = st.sampled_from(["HPE", "xAI", "Oracle"])


def searchable(text: str) -> bool:
    return bool(tokenize(text))


def terms(words: st.SearchStrategy[str]) -> st.SearchStrategy[Term]:
    return st.builds(Term, words.filter(searchable), exact=st.booleans(), prefix=st.booleans())


phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join) | st.sampled_from(["da", "ora", "h"])
known_terms = terms(phrases)


def pairs(children: st.SearchStrategy[Query]) -> st.SearchStrategy[tuple[Query, ...]]:
    return st.lists(children, min_size=2, max_size=3).map(tuple)


def joined(children: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    at_least = pairs(children).flatmap(lambda cs: st.builds(AtLeast, st.integers(1, len(cs)), st.just(cs)))
    return st.builds(And, pairs(children)) | st.builds(Or, pairs(children)) | st.builds(Not, children) | at_least


def text_conditions(words: st.SearchStrategy[Term], *, named: bool = False) -> st.SearchStrategy[Query]:
    """Conditions on words, with SENTENCE and fields around them; ``named``: and on who is named there."""
    entities: st.SearchStrategy[Query] = st.builds(Is, st.just("entity"), names | st.sampled_from(["*", "hp*"]))
    either: st.SearchStrategy[Query] = words | entities if named else words
    operands: st.SearchStrategy[Query] = either | st.builds(Or, st.lists(either, min_size=2, max_size=3).map(tuple))
    near = st.builds(Near, operands, operands, st.integers(1, 4), st.booleans())
    times = st.builds(Times, st.integers(1, 3), st.lists(words, min_size=1, max_size=2).map(tuple))
    leaves: st.SearchStrategy[Query] = words | near | times
    inner = st.recursive(leaves | entities if named else leaves, joined, max_leaves=4)
    sentences = st.builds(Sentence, inner)
    fielded = st.builds(Fielded, st.sampled_from(["title", "lead", "body"]), inner | sentences)
    return st.recursive(leaves | sentences | fielded, joined, max_leaves=6)


numbers = st.floats(0, 1) | st.integers(0, 100).map(lambda n: n / 100)
operators = st.sampled_from([">=", "<=", ">", "<"])
ranges = st.tuples(days, days).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Published(*pair))
predicates: st.SearchStrategy[Query] = (
    st.builds(Is, st.just("entity"), names | st.sampled_from(["*", "hp*"]))
    | st.builds(Is, st.just("salience"), st.sampled_from([s.value for s in Salience]))
    | st.builds(Compare, st.just("confidence"), operators, numbers)
    | st.builds(Compare, st.just("amount"), operators, st.floats(0, 1e12) | st.sampled_from([1e6, 1e9, 0.1]))
    | st.builds(Is, st.just("tag"), st.sampled_from(["ai", "chips", "c*"]))
    | st.builds(Is, st.just("lang"), st.sampled_from(["en", "de", "en-gb"]))
    | st.builds(Is, st.just("kind"), st.sampled_from(["deal", "funding"]))
    | st.builds(Is, st.just("status"), st.sampled_from(["ended", "RUMOURED", "*ed"]))
    | st.builds(Is, st.just("currency"), st.sampled_from(["usd", "EUR"]))
    | st.builds(Is, st.just("party"), st.sampled_from(["hpe", "STRASSE AG", "abc", "o*"]))
    | st.builds(Published, days, st.none())
    | st.builds(Published, st.none(), days)
    | ranges
)
naming_conditions = text_conditions(known_terms, named=True)
queries = st.recursive(text_conditions(known_terms) | naming_conditions | predicates | predicates, joined, max_leaves=6)

mentions = st.lists(
    st.builds(MentionView, names, st.sampled_from(list(Salience)), numbers), max_size=3, unique_by=lambda m: m.entity
).map(tuple)
party_names = st.sampled_from(["HPE", "Oracle", "Straße AG", "ＡＢＣ"])
facts = st.lists(
    st.builds(
        FactView,
        st.sampled_from(["deal", "funding"]),
        st.none() | st.sampled_from([1e6, 1e9, 0.1]),
        currency=st.none() | st.sampled_from(["USD", "EUR"]),
        status=st.sampled_from(["ended", "rumoured"]),
        parties=st.lists(party_names, max_size=2, unique=True).map(tuple),
    ),
    max_size=3,
).map(tuple)


def named_in(article: ArticleView) -> ArticleView:
    """With the places where the mentions' names stand."""
    mentions = [
        replace(
            mention,
            places=tuple(
                (field, found.start(), found.end())
                for field, text in (("title", article.title), ("text", article.text))
                for found in re.finditer(re.escape(mention.entity), text, re.IGNORECASE)
            ),
        )
        for mention in article.mentions
    ]
    return replace(article, mentions=tuple(mentions))


articles = st.builds(
    ArticleView,
    texts,
    texts,
    tags=st.lists(st.sampled_from(["ai", "chips", "cloud"]), max_size=2).map(tuple),
    language=st.none() | st.sampled_from(["en", "en-GB", "de"]),
    published_at=st.none() | days,
    mentions=mentions,
    facts=facts,
).map(named_in)
