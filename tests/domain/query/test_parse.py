import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.domain.query import Query, QueryError, parse, print_query
from service.domain.query.fields import FIELDS
from service.domain.query.parse import MAX_DEPTH, MAX_LENGTH, MAX_PHRASE
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
from tests.domain.query import strategies as generated

A, B, C = Term("a"), Term("b"), Term("c")


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a b", And((A, B))),
        ("a OR b c", Or((A, And((B, C))))),  # AND binds closer than OR
        ("NOT a b", And((Not(A), B))),
        ("NOT a NEAR/3 b", Not(Near(A, B, 3))),
        ("a AND (b AND c)", And((A, And((B, C))))),
        ("((a))", A),
        ("(a OR b) ONEAR/2 c", Near(Or((A, B)), C, 2, ordered=True)),
        ('serv* "data cent"*', And((Term("serv", prefix=True), Term("data cent", prefix=True)))),
        ('=HPE ="New York"', And((Term("HPE", exact=True), Term("New York", exact=True)))),
        ("“wi-fi” AT&T", And((Term("wi-fi"), Term("AT&T")))),
        (r'"a \"b\" \\"', Term('a "b" \\')),
        ("SENTENCE(a OR b)", Sentence(Or((A, B)))),
        (
            "SENTENCE(entity:HPE NOT entity:x*)",
            Sentence(And((Is("entity", "HPE"), Not(Is("entity", "x*"))))),
        ),
        ("title:(entity:HPE) ", Fielded("title", Is("entity", "HPE"))),
        ("entity:(HPE OR xAI) NEAR/5 deal", Near(Or((Is("entity", "HPE"), Is("entity", "xAI"))), Term("deal"), 5)),
        ("ATLEAST/2(a b c)", AtLeast(2, (A, B, C))),
        ('TIMES/3(a "b")', Times(3, (A, B))),
        ("title:a Lead:(b c)", And((Fielded("title", A), Fielded("lead", And((B, C)))))),
        ('entity:* entity:"Hewlett Packard"', And((Is("entity", "*"), Is("entity", "Hewlett Packard")))),
        ("tag:(a OR b)", Or((Is("tag", "a"), Is("tag", "b")))),
        ("url:https://example.org/a salience:Main", And((Is("url", "https://example.org/a"), Is("salience", "main")))),
        ("confidence>=0.8 amount<1.5bn", And((Compare("confidence", ">=", 0.8), Compare("amount", "<", 1.5e9)))),
        ("published>=2026-01-02", Published(day(2), None)),
        ("published>2026-01-02", Published(day(3), None)),
        ("published<=2026-01-02", Published(None, day(3))),
        ("published:2026-01-02", Published(day(2), day(3))),
        ("published:2026-01-02..2026-01-03", Published(day(2), day(4))),
        ("published:..2026-01-03", Published(None, day(4))),
        ("published<2026-01-02T01:00:00+01:00", Published(None, day(2))),
        ("near field not-a-word", And((Term("near"), Term("field"), Term("not-a-word")))),
    ],
)  # fmt: skip
def test_reads(text: str, tree: Query) -> None:
    assert parse(text) == tree


PAGE = (Path(__file__).parents[3] / "docs" / "query.md").read_text(encoding="utf-8")


def test_every_query_shown_in_the_documentation_is_one() -> None:
    block = PAGE.split("## Words")[0]
    shown = [re.split(r"\s{3,}", line.strip())[0] for line in block.splitlines() if line.startswith("    ")]
    cells = [row.split(" | ")[0].strip("| ") for row in PAGE.splitlines() if row.startswith("| `")]
    shown += [quoted for cell in cells for quoted in re.findall(r"`([^`]+)`", cell) if "…" not in quoted]
    fields = re.compile(r"[a-z]+:|[a-z]*[<>]=?")
    queries = [query for query in shown if not fields.fullmatch(query)]
    assert len(queries) > 15
    for query in queries:
        assert parse(print_query(parse(query))) == parse(query)


def test_every_field_is_in_the_documentation() -> None:
    for field in FIELDS:
        assert re.search(rf"`{field}(:|>=)`", PAGE), field
    for limit in (MAX_LENGTH, MAX_DEPTH, MAX_PHRASE):
        assert f"{limit:,} " in PAGE


@pytest.mark.parametrize("query", ["titel:x", "oracle or xai", "oracle AND (xai"])
def test_errors_are_shown_in_the_documentation_as_they_are(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert f"    {caught.value}\n" in PAGE


# text, place (from 1), words of the message, words of the mend
ERRORS = [
    ("", 1, "empty", "entity:*"),
    ("  ", 1, "empty", "entity:*"),
    ("titel:x", 1, "unknown field 'titel'", "did you mean title:?"),
    ("oracle AND (xai", 12, "never closed", "add )"),
    ("oracle)", 7, "closes nothing", "remove it"),
    ("()", 2, "word was due", "add"),
    ('a "b', 3, "never closed", 'closing "'),
    ("NEAR/5 b", 1, "nothing before", "a NEAR/5 b"),
    ("a NEAR/5", 9, "ends where a word was due", "operator"),
    ("a NEAR b", 3, "number", "a NEAR/5 b"),
    ("a near/5 b", 3, "capitals", "a NEAR/5 b"),
    ("a NEAR/5 b NEAR/5 c", 12, "cannot follow", "AND"),
    ("a NEAR/5 tag:b", 10, "joins words", "title:(a NEAR/5 b)"),
    ("a or b", 3, "small letters", "write OR"),
    ("a OR", 5, "ends", "operator"),
    ("OR a", 1, "nothing before", 'quote the word: "OR"'),
    ("a -b", 3, "no operator", "NOT b"),
    ("a && b", 3, "no operator", "AND"),
    ("a --- b", 3, "no operator", "quote"),
    ("a … b", 3, "no letter", "remove"),
    ("title: a", 7, "nothing behind", "title:word"),
    ("entity: a", 8, "no value", "without a space"),
    ("confidence >= 0.8", 12, "no field", "confidence>=0.8"),
    ("confidence:0.8", 12, "compared", "confidence>=0.8"),
    ("confidence>=80", 13, "between 0 and 1", "0.8"),
    ("amount>=lots", 9, "no number", "1.5bn"),
    ("entity>=HPE", 9, "cannot be compared", "entity:HPE"),
    ("entity=HPE", 1, "not followed by =", "entity:"),
    ("salience:big", 10, "no salience", "salience:main"),
    ("published>=yesterday", 12, "no date", "2026-01-31"),
    ("published>=9999-12-31", 12, "no date", "2026-01-31"),
    ("published:2026-02-01..2026-01-01", 11, "ends before", "earlier"),
    ("published:..", 11, "missing", "2026-01-31"),
    ("*", 1, "only end", "entity:*"),
    ("se*er", 3, "only end", "serv*"),
    ("SENTENCE a", 1, "bracket", "SENTENCE(a b)"),
    ("SENTENCE(tag:a)", 10, "inside SENTENCE", "outside"),
    ("title:(lead:a)", 8, "inside title:", "outside"),
    ("ATLEAST/3(a b)", 1, "never hold", "TIMES/3"),
    ("ATLEAST/2(a OR b)", 13, "list", "brackets"),
    ("ATLEAST/2 a b", 1, "brackets", "ATLEAST/2(a b c)"),
    ("TIMES/2(a tag:b)", 11, "list of words", "TIMES/3"),
    ("tag:(a b)", 8, "only OR", "tag:(a OR b)"),
    ("(" * 50 + "a", 41, "levels", "fewer"),
    ("NOT " * 50 + "a", 161, "levels", "fewer"),
    ("a" * 10_001, 10_001, "longer", "split"),
    ("-" * 5 + "a", 1, "no operator", "NOT"),
    ('"' + "a " * 61 + '"', 1, "60 words", "shorter"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message", "mend"), ERRORS)
def test_names_the_place_and_the_mend(text: str, place: int, message: str, mend: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    line = str(caught.value)
    assert line.startswith(f"at character {place}: ")
    assert message in caught.value.message
    assert mend in caught.value.mend
    assert "\n" not in line
    assert caught.value.position == place - 1


@settings(deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from(
    ["a", "(", ")", "AND", "OR", "NOT", "NEAR/2", "SENTENCE(", "TIMES/2(", "ATLEAST/1(", "title:", "tag:", "=", "*",
    '"',
     "amount>=", "1", "published:", "2026-01-01", "..", "\\", "1e99", "/"]), max_size=12).map(" ".join)
    | st.lists(st.sampled_from(["a", "(", ")", "tag:", "=", "*", '"', "title:", "\\", "NEAR/2", "é"])).map("".join)
)  # fmt: skip
@example("\ud800 \x00")
def test_any_text_is_a_query_or_an_error_with_its_place(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        refusal: QueryError | None = error
    else:
        refusal = None
        assert parse(print_query(tree)) == tree
    assert refusal is None or (0 <= refusal.position <= len(text) and bool(refusal.mend))


any_terms = generated.terms(
    st.text(max_size=12) | st.sampled_from(["AND", "near/5", "title:x", "=a", "-a", "a*", "OR\n"])
)
any_values = st.builds(Is, st.sampled_from(["entity", "source", "url", "party"]), st.text(min_size=1).filter(str.strip))
any_numbers = st.builds(Compare, st.just("amount"), generated.operators, st.floats(0, 1e30))
any_trees = st.recursive(
    generated.text_conditions(any_terms) | any_values | any_numbers | generated.predicates,
    generated.joined,
    max_leaves=8,
)


@settings(deadline=None)
@given(any_trees)
def test_printing_and_parsing_give_the_same_tree(tree: Query) -> None:
    assert parse(print_query(tree)) == tree


@settings(deadline=None)
@given(generated.queries)
def test_printing_is_stable(tree: Query) -> None:
    assert print_query(parse(print_query(tree))) == print_query(tree)
