"""The sample world keeps its promises: what is in it, and that its gold lists agree with its texts."""

import re
from collections import Counter
from pathlib import Path

import pytest

from service.demo.world import FeedFormat, Story, WorldError, load_world
from service.demo.world.content import TRACKED, FeedFault, Layout, PageState

WORLD = load_world()
GOOD_FEEDS = [feed for outlet in WORLD.outlets for feed in outlet.feeds if feed.fault in (None, FeedFault.ILL_FORMED)]
# Every way in which a tracked company is written in this world, and what only looks like it. Not a matcher: a second,
# independent reading of the texts that a slip in a gold list must get past.
SURFACES = {
    "xAI": r"\b(xAI|XAI|xAi|Xai|X\.AI)(?![A-Za-z])",
    "HPE": r"\b(HPE|Hewlett Packard Enterprise)(?![A-Za-z])",
    "Supermicro": r"\b([Ss]upermicro|[Ss]uper [Mm]icro)(?![A-Za-z])",
    "Oracle": r"\b[Oo]racles?(?![A-Za-z])|\bOrakel",
}


def _surfaces(story: Story) -> set[str]:
    # In Japanese a company's Latin name touches the next character without a space.
    text = re.sub(r"([A-Za-z]+)", r" \1 ", story.text) if story.language == "ja" else story.text
    return {entity for entity, pattern in SURFACES.items() if re.search(pattern, text)}


def _ids(stories: tuple[Story, ...]) -> set[str]:
    return {story.id for story in stories}


def test_size() -> None:
    pages = [story for story in WORLD.stories if story.page is not PageState.MISSING]
    assert len(GOOD_FEEDS) >= 12
    assert len(pages) >= 60
    assert sum(story.phase == 2 for story in WORLD.stories) >= 20
    assert {outlet.layout for outlet in WORLD.outlets} == set(Layout)


def test_several_feeds_of_each_format() -> None:
    formats = Counter(feed.format for feed in GOOD_FEEDS)
    assert all(formats[kind] >= 2 for kind in (FeedFormat.RSS20, FeedFormat.ATOM, FeedFormat.RDF, FeedFormat.JSON))
    assert formats[FeedFormat.RSS091] == 1


def test_each_fault_once() -> None:
    faults = Counter(feed.fault for outlet in WORLD.outlets for feed in outlet.feeds if feed.fault)
    assert faults == dict.fromkeys(FeedFault, 1)


def test_phases_do_not_overlap_in_time() -> None:
    for story in WORLD.stories:
        assert story.minutes_ago > 900 if story.phase == 1 else 0 < story.minutes_ago < 120, story.id


def test_length_of_articles() -> None:
    for story in WORLD.stories:
        body = "".join(story.paragraphs)
        if story.language == "ja":
            assert 250 <= len(body) <= 1200, story.id
        else:
            assert 150 <= len(" ".join(story.paragraphs).split()) <= 400, story.id


def test_no_paragraph_is_used_twice_except_in_copies() -> None:
    count = Counter(paragraph for story in WORLD.stories for paragraph in story.paragraphs)
    repeated = {paragraph for paragraph, times in count.items() if times > 1}
    carriers = {story.id for story in WORLD.stories if repeated & set(story.paragraphs)}
    assert carriers == {"wire-hpe-x", "wire-hpe-x-sparks", "wire-talks", "wire-talks-harbour"}


@pytest.mark.parametrize("story", WORLD.stories, ids=lambda story: story.id)
def test_gold_list_agrees_with_text(story: Story) -> None:
    seen = _surfaces(story)
    assert set(story.entities) <= seen
    if not story.look_alike:
        # No name stands in the text that the gold list does not own to.
        assert seen == set(story.entities)


def test_look_alikes_name_nobody() -> None:
    look_alikes = tuple(story for story in WORLD.stories if story.look_alike)
    assert len(look_alikes) >= 14
    assert all(story.entities == () for story in look_alikes)
    # These resemble a company by what they speak of, not by a name.
    unnamed = {"colossus-from-the-road", "hp-inc-ink", "grok-the-verb"}
    assert {story.id for story in look_alikes if not _surfaces(story)} == unnamed


def test_every_entity_has_a_look_alike_and_several_mentions() -> None:
    for entity in TRACKED:
        assert sum(entity in story.entities for story in WORLD.stories) >= 10
        assert any(entity in _surfaces(story) and story.look_alike for story in WORLD.stories)


@pytest.mark.parametrize(
    ("news", "main", "absent"),
    [
        ("hpe-x", {"xAI", "HPE", "Supermicro"}, "Oracle"),
        ("xai-oracle", {"xAI", "Oracle"}, "HPE"),
    ],
)
def test_big_news_at_several_outlets(news: str, main: set[str], absent: str) -> None:
    stories = [story for story in WORLD.stories if story.news == news]
    assert len({story.outlet for story in stories}) >= 6
    assert len({story.text for story in stories}) >= 6
    for story in stories:
        assert story.phase == 2
        assert main <= set(story.entities)
        assert absent not in story.entities


def test_languages_with_true_mentions() -> None:
    for language in ("de", "fr", "es", "ja"):
        assert any(story.language == language and story.entities for story in WORLD.stories)


def test_odd_spellings_and_curly_possessives() -> None:
    texts = "\n".join(story.text for story in WORLD.stories if story.entities)
    for written in ("xAi", "XAI", "X.AI", "HPE’s", "Supermicro’s", "Oracle’s", "SMCI", "ORCL"):
        assert written in texts


def test_same_article_in_two_feeds_and_only_one_with_tracking() -> None:
    meridian = WORLD.outlet("meridian")
    tracked, plain = meridian.feeds
    assert tracked.tracking
    assert not plain.tracking
    shared = _ids(WORLD.items_of(meridian, tracked)) & _ids(WORLD.items_of(meridian, plain))
    assert {"x-hpe-contract", "oracle-xai-talks-collapse"} <= shared


OUTLETS = """
outlets:
  - id: paper
    title: Paper
    tagline: A paper
    layout: blog
    address: "/{id}"
    feeds: [{path: /feed, format: atom, title: Paper, sections: [news]}]
"""
STORY = "{id: one, outlet: paper, section: news, phase: 1, minutes_ago: 5, title: One, entities: [], text: A text.}"


@pytest.mark.parametrize(
    ("story", "complaint"),
    [
        (STORY.replace("paper", "pamphlet"), "there is no outlet 'pamphlet'"),
        (STORY.replace("section: news", "section: sport"), "no feed of paper carries the section 'sport'"),
        (STORY.replace("entities: []", "entities: [Dell]"), "not 'Dell'"),
        (STORY.replace("minutes_ago", "minutes"), "unknown key 'minutes'"),
        (STORY.replace("title: One, ", ""), "the key 'title' is missing"),
        (STORY.replace("phase: 1", "phase: 3"), "phase must be 1 or 2"),
        (STORY.replace("text: A text.", "copy_of: two"), "copy_of names 'two'"),
        (STORY.replace("text: A text.", "text: ''"), "no text"),
        (STORY.replace("text: A text.", "text: A text., page: gone"), "'gone' is not one of served, missing, moved"),
        (f"{STORY}\n  - {STORY}", "story one: written twice"),
    ],
)
def test_a_slip_in_a_file_is_told_with_its_place(tmp_path: Path, story: str, complaint: str) -> None:
    (tmp_path / "stories").mkdir()
    (tmp_path / "outlets.yaml").write_text(OUTLETS, encoding="utf-8")
    (tmp_path / "stories" / "news.yaml").write_text(f"stories:\n  - {story}\n", encoding="utf-8")
    with pytest.raises(WorldError, match=re.escape(complaint)):
        load_world(tmp_path)


def test_a_small_world_of_ones_own_loads(tmp_path: Path) -> None:
    (tmp_path / "stories").mkdir()
    (tmp_path / "outlets.yaml").write_text(OUTLETS, encoding="utf-8")
    (tmp_path / "stories" / "news.yaml").write_text(f"stories:\n  - {STORY}\n", encoding="utf-8")
    (story,) = load_world(tmp_path).stories
    assert (story.id, story.text, story.number) == ("one", "One\nA text.", 1)
