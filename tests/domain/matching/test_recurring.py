"""A name in a line that recurs on the host's pages is no mention, says why, and tells nothing of other places."""

from service.domain.matching import Matcher, entity_from_mapping
from service.domain.model import Document, Field, MatchResult

REASON = "recurs on this host's pages"
WEAK = {"name": "Oracle", "aliases": [{"text": "Oracle", "strength": "weak"}, {"text": "Oracle Corporation"}]}
MATCHER = Matcher([entity_from_mapping(WEAK), entity_from_mapping({"name": "Supermicro"})])


def match(*lines: str, recurring: tuple[int, ...] = (), title: str = "") -> MatchResult:
    """``recurring``: numbers of the lines."""
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    stretches = tuple((starts[number], starts[number] + len(lines[number])) for number in recurring)
    return MATCHER.match(Document(title, "\n".join(lines), recurring=stretches))


def test_only_the_places_outside_count() -> None:
    result = match("Supermicro wins an order", "Today Supermicro shipped racks.", recurring=(0,))
    (mention,) = result.mentions
    assert (mention.entity, mention.count, mention.spans[0].start) == ("Supermicro", 1, 31)
    (rejected,) = result.rejected
    assert (rejected.entity, rejected.span.start, rejected.reason) == ("Supermicro", 0, REASON)


def test_nothing_but_recurring_places_is_no_mention() -> None:
    result = match("News of the day.", "Supermicro wins an order", recurring=(1,))
    assert result.mentions == ()
    assert [rejected.reason for rejected in result.rejected] == [REASON]


def test_spans_are_of_the_stored_text_whatever_it_is_made_of() -> None:
    """Characters that matching folds shift its own offsets."""
    lines = ("\ufb01rst\u2003\u2003 \u200bline …", "Supermicro wins", "\u2014 ﬁ Supermicro ships.")
    result = match(*lines, recurring=(1,))
    text = "\n".join(lines)
    spans = [span for mention in result.mentions for span in mention.spans]
    assert [text[span.start : span.end] for span in spans] == ["Supermicro"]
    assert spans[0].start > text.index("\u2014")


def test_a_certain_name_there_lifts_no_doubtful_one() -> None:
    doubtful = "The Oracle spoke of days to come."
    assert match("Oracle Corporation is hiring", doubtful).mentions, "without knowledge of the host it does"
    assert match("Oracle Corporation is hiring", doubtful, recurring=(0,)).mentions == ()


def test_titles_are_never_beside_the_article() -> None:
    result = match("Supermicro wins an order", title="Supermicro wins an order", recurring=(0,))
    assert [span.field for mention in result.mentions for span in mention.spans] == [Field.TITLE]
