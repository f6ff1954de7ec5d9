"""Lines that recur over a host's articles are learned; what an article merely repeats is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.recurrence import (
    EDGE_ARTICLES,
    LINE_ARTICLES,
    MOST_BLOCKS,
    MOST_TEXTS,
    PARAGRAPH_ARTICLES,
    Memory,
    blocks,
    learn,
    moved,
    recurring,
    sight,
    stands_elsewhere,
    without,
)

MENU = "Supermicro wins an order"
PARAGRAPH = "The dispute began when HPE bought the firm, which its founder had valued at eleven billion dollars."


def after(count: int, *lines: str, memory: Memory | None = None, start: int = 0, middle: bool = False) -> Memory:
    """So many articles more, each with these lines below (or amid) sentences of its own."""
    memory = memory or Memory()
    for number in range(start, start + count):
        own = [f"This is sentence {n} of article {number}, and of no other." for n in range(12)]
        text = "\n".join([*own[:6], *lines, *own[6:]] if middle else [*own, *lines])
        memory = learn(memory, sight("news.example", f"Title {number}", [text]), number)
    return memory


def recurs(memory: Memory, line: str) -> bool:
    text = f"Something new stands here.\n{line}\nAnd here."
    return [text[start:end] for start, end in recurring(memory, text)] == [line]


@pytest.mark.parametrize(
    ("line", "count", "learned"),
    [
        (MENU, LINE_ARTICLES - 1, False),
        (MENU, LINE_ARTICLES, True),
        # background that follow-ups repeat: twice, thrice, and still it is the article's
        (PARAGRAPH, PARAGRAPH_ARTICLES - 1, False),
        (PARAGRAPH, PARAGRAPH_ARTICLES, True),
        # a long line without an end mark is no entry of a menu
        ("word " * 30, LINE_ARTICLES, False),
        ("1 234 | 5.6 %", 20, False),
    ],
)
def test_a_line_is_learned_after_so_many_articles(line: str, count: int, learned: bool) -> None:
    assert recurs(after(count, line), line) == learned


def test_a_paragraph_in_every_fourth_article_is_background() -> None:
    memory = Memory()
    for round_ in range(10):
        memory = after(3, memory=memory, start=round_ * 4)
        memory = after(1, PARAGRAPH, memory=memory, start=round_ * 4 + 3, middle=True)
    assert not recurs(memory, PARAGRAPH)


def test_a_heading_that_a_column_uses_now_and_then_is_the_articles() -> None:
    memory = Memory()
    for round_ in range(6):
        memory = after(9, memory=memory, start=round_ * 10)
        memory = after(1, "What HPE does", memory=memory, start=round_ * 10 + 9, middle=True)
    assert not recurs(memory, "What HPE does")


def test_a_paragraph_that_always_stands_last_is_learned_in_the_end() -> None:
    """An author's own lines below every fourth article."""
    memory = Memory()
    for round_ in range(EDGE_ARTICLES):
        memory = after(3, memory=memory, start=round_ * 4)
        memory = after(1, PARAGRAPH, memory=memory, start=round_ * 4 + 3)
    assert recurs(memory, PARAGRAPH)


def test_spacing_case_and_punctuation_do_not_hide_a_line() -> None:
    memory = after(LINE_ARTICLES, MENU)
    assert recurs(memory, "»  SUPERMICRO wins — an order")
    assert not recurs(memory, f"{MENU} today")


def test_an_article_counts_once() -> None:
    """It is read again when it was edited."""
    memory = Memory()
    for edit in range(10):
        memory = learn(memory, sight("h", "Title", [f"Edit {edit}.\n{MENU}"]), 7)
    assert (memory.articles, recurs(memory, MENU)) == (1, False)


def test_copies_under_their_title_count_once() -> None:
    """The same article at its AMP address, in another section, and printed."""
    memory = Memory()
    for number in range(10):
        memory = learn(memory, sight("h", "HPE wins", [f"HPE has won a deal.\n{MENU}"]), number)
    assert (memory.articles, recurs(memory, MENU)) == (1, False)


def test_a_text_at_another_address_is_known_by_its_title() -> None:
    memory = learn(Memory(), sight("h", "HPE wins", ["Agree to go on."]), 1)
    assert stands_elsewhere(memory, "Oracle loses", "Agree  to go on!")
    assert not stands_elsewhere(memory, "HPE WINS", "Agree to go on.")
    assert not stands_elsewhere(memory, "Oracle loses", "Something else.")


def test_what_is_no_longer_shown_is_forgotten_before_what_is() -> None:
    memory = after(400, MENU, memory=after(LINE_ARTICLES, "Old menu"), start=LINE_ARTICLES)
    assert recurs(memory, MENU)
    assert not recurs(memory, "Old menu")


def test_what_was_seen_often_outlives_a_flood_of_lines_seen_once() -> None:
    memory = after(10, MENU)
    for number in range(10, 25):
        text = "\n".join(f"Line {line} of article {number}." for line in range(60))
        memory = learn(memory, sight("h", f"Title {number}", [text]), number)
    assert recurs(memory, MENU)


def test_memory_is_bounded() -> None:
    memory = Memory()
    for number in range(10):
        text = "\n".join(f"Line {line} of article {number}." for line in range(5000))
        memory = learn(memory, sight("h", f"Title {number}", [text]), number)
    assert len(memory.blocks) <= MOST_BLOCKS
    assert len(after(MOST_TEXTS * 2).texts) == MOST_TEXTS


@settings(max_examples=50)
@given(st.lists(st.lists(st.sampled_from([MENU, PARAGRAPH, "a", "b.", "", "7", "日本"]), max_size=6), max_size=12))
def test_stretches_are_whole_lines_in_order(pages: list[list[str]]) -> None:
    memory = Memory()
    for number, lines in enumerate(pages):
        text = "\n".join(lines)
        stretches = recurring(memory, text)
        assert sorted(stretches) == list(stretches)
        assert {text[start:end] for start, end in stretches} <= set(lines)
        assert stretches == () or number >= LINE_ARTICLES
        assert {(block.start, block.end) for block in blocks(text)} >= set(stretches)
        memory = learn(memory, sight("h", f"{number}", [text]), number)


@given(st.text("ab\n", max_size=20), st.lists(st.integers(0, 20), max_size=6), st.integers(0, 20), st.integers(1, 3))
def test_places_move_with_the_text_that_is_left(text: str, cuts: list[int], start: int, length: int) -> None:
    marks = sorted(min(cut, len(text)) for cut in cuts)
    stretches = list(zip(marks[::2], marks[1::2], strict=False))
    left = without(text, stretches)
    for place in moved([(start, start + length)], text, stretches):
        assert left[place[0] : place[1]] == text[start : start + length]
    plain = text.strip("\n")
    if not stretches and start + length <= len(plain):
        first = text.index(plain) if plain else 0
        assert moved([(first + start, first + start + length)], text, []) == [(start, start + length)]
