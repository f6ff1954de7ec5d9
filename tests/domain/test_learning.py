from hypothesis import given
from hypothesis import strategies as st

from service.domain.learning import Marked, alias_precision, suggest_against


def marked(right: bool, *aliases: str, nearby: str = "") -> Marked:
    return Marked(right, aliases, nearby)


def test_an_alias_is_as_good_as_its_marks_and_the_worst_comes_first() -> None:
    marks = [marked(True, "HPE"), marked(True, "HPE", "Hewlett Packard Enterprise"), marked(False, "HPE")]
    found = alias_precision(marks)
    assert [(one.alias, one.right, one.wrong) for one in found] == [
        ("HPE", 2, 1),
        ("Hewlett Packard Enterprise", 1, 0),
    ]
    assert found[0].precision == 2 / 3


def test_an_alias_counts_once_a_mention() -> None:
    assert alias_precision([marked(False, "HPE", "HPE", "HPE")])[0].wrong == 1


def test_words_that_set_wrong_mentions_apart_are_suggested() -> None:
    wrong = [marked(False, "HPE", nearby="pose estimation of the human body") for _ in range(4)]
    right = [marked(True, "HPE", nearby="servers of the company, a human touch") for _ in range(4)]
    words = [one.word for one in suggest_against([*wrong, *right])]
    assert {"pose", "estimation", "body"} <= set(words)
    assert "the" not in words
    assert "human" not in words, "it stands near right mentions as often"


def test_two_wrong_mentions_teach_nothing_yet() -> None:
    assert suggest_against([marked(False, "HPE", nearby="pose estimation")] * 2) == []


@given(st.lists(st.tuples(st.booleans(), st.text(alphabet="abc ", max_size=30)), max_size=30))
def test_suggestions_are_always_better_than_chance(sample: list[tuple[bool, str]]) -> None:
    marks = [marked(right, "x", nearby=text) for right, text in sample]
    wrong_total = sum(not right for right, _ in sample)
    right_total = len(sample) - wrong_total
    for one in suggest_against(marks):
        assert one.near_wrong >= 3
        assert one.near_wrong * max(right_total, 1) > one.near_right * wrong_total
