# ruff: noqa: E501 - running text
"""All of one story in one question: versions, spread, deals, alerts; by its id or that of one that was merged."""

from datetime import timedelta

from service.domain.alerting import AlertDraft
from service.domain.model import MatchResult
from service.search import one
from service.store import alerts, articles, stories
from service.store.engine import Database
from tests.store.steps import NOW, add_source, claim_articles, counted_ids, entry, fresh, mention, poll, reading, rows

ORDER = (
    "HPE has won an order for servers worth more than $1.3 billion from X, people familiar with the matter said on Monday. "
    "Dell and Supermicro had bid, too, but their prices were 4.5 percent higher. A spokesman for X, Paul Jensen, declined "
    "to comment. The order is the largest since 2019 for the division in Houston, which employs 2,300 people."
)
STRIKE = (
    "Workers of HPE in Aguadilla walked out on Thursday after talks about pay had failed, the union UTIER said. "
    "Maria Ortiz, who leads it, spoke of 870 people at the gates and asked for 6.2 percent more."
)


async def publish(db: Database, *told: tuple[str, str, float]) -> list[int | None]:
    """(title, text, hours before now), one after the other; their stories."""
    await add_source(db)
    await poll(db, fresh(*(entry(n) for n in range(len(told)))))
    for job, (title, text, hours) in zip(await claim_articles(db), told, strict=True):
        async with db.write() as session:
            page = reading(job, title=title, text=text, published_at=NOW - timedelta(hours=hours))
            await articles.save_reading(session, job, page, MatchResult((mention("HPE"),)), now=NOW)
    return [article.story_id for article in await rows(db, "articles")]


async def test_a_story_tells_who_carried_it_and_in_what_they_differ(db: Database) -> None:
    cut = ORDER[: ORDER.index("A spokesman")] + "Shares of HPE rose 7.8 percent in Frankfurt."
    first, *_ = await publish(
        db, ("HPE wins order", ORDER, 5), ("Order for HPE", cut, 3), ("HPE wins order", ORDER + " More.", 1)
    )
    line = await one(db, "story", str(first))
    assert line is not None
    assert (line["id"], line["article"], line["copies"]) == (first, 1, 3)
    head, shorter, same = line["timeline"]
    assert (head["article"], head["head"], head["differences"]) == (1, True, None)
    assert [version["at"] for version in line["timeline"]] == sorted(version["at"] for version in line["timeline"])
    assert shorter["differences"]["other_title"]
    assert 0.4 < shorter["differences"]["of_head"] < 0.8
    assert 0.05 < shorter["differences"]["own"] < 0.4
    assert shorter["differences"]["adds"] == ["7.8", "Frankfurt"]
    assert shorter["differences"]["leaves_out"] == ["Paul", "Jensen", "2019", "Houston", "2,300"]
    assert (same["differences"]["other_title"], same["differences"]["of_head"], same["differences"]["adds"]) == (
        False,
        1.0,
        [],
    )
    (outlet,) = line["by_outlet"]
    assert (outlet["articles"], outlet["first_at"]) == ([1, 2, 3], line["first_seen"])
    assert [(point["copies"], point["outlets"]) for point in line["spread"]] == [(1, 1), (2, 1), (3, 1)]
    assert line["mentions"][0]["entity"] == "HPE"
    assert line["mentions"][0]["articles"] == 3
    assert (line["merged"], line["arranged_at"]) == ([], None)


async def test_the_id_of_a_merged_story_leads_to_what_it_is_part_of(db: Database) -> None:
    """An alert of the emptied story does, too."""
    first, second = await publish(db, ("HPE wins order", ORDER, 5), ("HPE on strike", STRIKE, 3))
    assert first != second
    story = {"id": second, "title": "", "url": ""}
    draft = AlertDraft("hpe", "mention", (), f"story:{second}", "T", "", "why", ("HPE",), story, ())
    async with db.write() as session:
        alert = await alerts.raise_alert(session, draft, [2], now=NOW, new_id=counted_ids())
        await stories.merge(session, first or 0, [second or 0])
    assert alert
    told = await one(db, "alert", alert)
    by_old, by_new = await one(db, "story", str(second)), await one(db, "story", str(first))
    assert told is not None
    assert by_old is not None
    assert told["story"] == by_old["id"] == first
    assert by_old == by_new
    assert (by_old["merged"], [raised["id"] for raised in by_old["alerts"]]) == ([second], [alert])
    assert [version["article"] for version in by_old["timeline"]] == [1, 2]


async def test_a_chain_of_merges_leads_to_its_end(db: Database) -> None:
    other = STRIKE.replace("Aguadilla", "Lima").replace("870", "12").replace("Workers", "Lawyers").replace("6.2", "9.9")
    one_, two, three = await publish(db, ("HPE wins order", ORDER, 5), ("HPE on strike", STRIKE, 3), ("Lima", other, 2))
    assert len({one_, two, three}) == 3
    async with db.write() as session:
        await stories.merge(session, two or 0, [three or 0])
    async with db.write() as session:
        await stories.merge(session, one_ or 0, [two or 0])
    line = await one(db, "story", str(three))
    assert line is not None
    assert (line["id"], line["merged"]) == (one_, [two, three])


async def test_there_is_no_such_story(db: Database) -> None:
    assert [await one(db, "story", identity) for identity in ("1", "x", "9" * 40, "\0")] == [None] * 4
