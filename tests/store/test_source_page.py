"""Sources a page at a time: those in trouble first, none twice and none left out."""

from service.store.engine import Database
from service.store.source_page import STATES, After, counted, source_page
from service.store.tables import SourceRow
from tests.store.steps import NOW


async def keep(db: Database, *sources: tuple[str, str, bool]) -> None:
    """Title, status, and whether it is on; without a title its address stands for it."""
    async with db.write() as session:
        for title, status, enabled in sources:
            url = f"https://{title.lower() or 'nameless'}.example/feed"
            row = SourceRow(url=url, title=title, status=status, enabled=enabled, created_at=NOW, next_poll_at=NOW)
            session.add(row)


async def test_trouble_comes_first_and_then_titles(db: Database) -> None:
    await keep(
        db,
        ("beta", "ok", True),
        ("Alpha", "ok", True),
        ("", "ok", True),  # https://nameless..., between the two
        ("Gone", "failing", False),
        ("Late", "retrying", True),
        ("Down", "failing", True),
        ("Fresh", "new", True),
    )
    async with db.read() as session:
        found = await source_page(session, STATES, most=10)
        numbers = await counted(session)
        trouble = await source_page(session, ("retrying", "failing"), most=10)
    titles = [line["title"] for line in found.lines]
    assert titles == ["Down", "Late", "Fresh", "Alpha", "beta", "", "Gone"]
    assert found.after is None
    assert numbers == {"failing": 1, "retrying": 1, "new": 1, "ok": 3, "off": 1}
    assert [line["title"] for line in trouble.lines] == ["Down", "Late"]


async def test_pages_meet_without_gap_or_repeat_while_sources_come(db: Database) -> None:
    names = [f"S{number:02}" for number in range(7)]
    await keep(db, *((name, "failing" if name < "S03" else "ok", True) for name in names))
    await keep(db, ("Same", "off", False))
    seen: list[str] = []
    after: After | None = None
    for turn in range(20):
        async with db.read() as session:
            found = await source_page(session, STATES, after=after, most=2)
        assert len(found.lines) <= 2
        seen += [line["title"] for line in found.lines]
        after = found.after
        if after is None:
            break
        if turn == 1:
            await keep(db, ("S00b", "failing", True), ("S03b", "ok", True))  # behind us, and ahead
    assert seen == ["S00", "S01", "S02", "S03", "S03b", "S04", "S05", "S06", "Same"]


async def test_a_page_behind_what_was_removed_goes_on(db: Database) -> None:
    await keep(db, ("A", "ok", True), ("B", "ok", True))
    async with db.read() as session:
        found = await source_page(session, STATES, after=After("ok", "aa", 99), most=5)
    assert [line["title"] for line in found.lines] == ["B"]
