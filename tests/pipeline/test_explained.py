"""What ``explain`` says of articles of different fates is what became of them, on both databases."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from service.search import Ask, explained, page
from service.store import silences, watchlist
from service.store.tables import ArticleRow
from tests.pipeline.telling import news
from tests.pipeline.tools import Tools
from tests.store.steps import NOW, add_rule

QUIET = {"from": "00:00", "to": "23:59"}


async def fates(desk: Tools, title: str) -> dict[str, dict[str, Any]]:
    """By rule: whether it is met, its alert, because of what, and what waits. Of the last article of this title."""
    async with desk.db.read() as session:
        same = select(col(ArticleRow.id)).where(col(ArticleRow.title) == title).order_by(col(ArticleRow.id).desc())
        number = (await session.execute(same.limit(1))).scalar_one()
    told = await explained(desk.db, str(number))
    assert told is not None
    return {rule["name"]: rule for rule in told["rules"]}


async def test_each_rule_says_what_became_of_an_article(desk: Tools) -> None:
    policies: dict[str, dict[str, Any]] = {
        "plain": {},
        "digest": {"digest": "daily 09:00"},
        "gathered": {"group_wait": "1h"},
        "quiet": {"quiet_hours": QUIET},
        "throttled": {"throttle": "1/day"},
        "later": {"active": {"from": "2030-01-01"}},
        "muted": {},
    }
    for name, options in policies.items():
        await add_rule(desk.db, name, "entity:*", "hook", **options)
    async with desk.db.write() as session:
        made = await silences.add(
            session,
            query=None,
            rule="muted",
            channel=None,
            starts=NOW,
            ends=NOW + timedelta(hours=1),
            author="",
            comment="",
            now=NOW,
            new_id=desk.new_id,
        )
        await watchlist.touch(session)
    await news(desk, 1, "xAI at first")
    await news(desk, 2, "HPE wins")
    told = await fates(desk, "HPE wins")
    because = {name: rule["because"] for name, rule in told.items()}
    assert because["plain"] == "this article is told of in it"
    assert because["digest"].startswith("it waits until 2026-11-22T09:00:00.000Z: ")
    assert {name for name, rule in told.items() if rule["waits"]} == {"digest", "gathered", "quiet", "throttled"}
    assert [line["why"] for line in told["throttled"]["waits"]] == ["more than 1/day"]
    assert because["later"] == "the rule is active from 2030-01-01 to further notice, and it was read on 2026-11-22"
    assert because["muted"] == f"it tells of this article to nobody: silence {made}"
    assert told["muted"]["alert"] is not None

    await news(desk, 3, "HPE wins")
    again = await fates(desk, "HPE wins")
    assert again["plain"]["because"].startswith("story 2 had raised it: ")
    assert again["plain"]["alert"] == told["plain"]["alert"]
    assert [line["why"] for line in again["plain"]["not_told"]] == [
        f"its story was told by alert {told['plain']['alert']}"
    ]
    assert [line["why"] for line in again["digest"]["waits"]] == ["its story waits already (digest)"]
    assert again["muted"]["because"] == f"story 2 was muted before, by silence {made}"

    desk.now = NOW + timedelta(hours=1)
    await desk.compose()
    await news(desk, 4, "HPE wins")
    after = await fates(desk, "HPE wins")
    assert after["digest"]["because"] == "story 2 had raised it: in “Digest “digest”: 3 mentions in 2 stories”"
    assert after["digest"]["waits"] == []
    await add_rule(desk.db, "new", "entity:*", "hook")
    desk.now = NOW - timedelta(days=1)
    assert (await fates(desk, "HPE wins"))["new"]["because"] == "rule or entity have changed since it was read"


async def test_what_was_withdrawn_is_listed_only_when_asked_for(desk: Tools) -> None:
    from tests.pipeline.past import define, rescan

    await news(desk, 1, "HPE wins a prize")
    await news(desk, 2, "xAI wins a prize")
    await define(desk.db, "HPE", masks=["HPE wins"])
    assert (await rescan(desk.db))["withdrawn"] == 1
    standing = await page(desk.db, "mentions", Ask(), now=desk.now)
    gone = await page(desk.db, "mentions", Ask("entity:HPE AND prize", withdrawn=True), now=desk.now)
    assert [line["entity"] for line in standing.lines] == ["xAI"]
    assert [(line["entity"], "part of “HPE wins”" in line["withdrawn_reason"]) for line in gone.lines] == [
        ("HPE", True)
    ]
    assert (await page(desk.db, "mentions", Ask("entity:xAI", withdrawn=True), now=desk.now)).lines == []
