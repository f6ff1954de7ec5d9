"""SQL that a person writes: it reads what was found, on both engines, and can do nothing else."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from service.domain.facts import Bound, Fact, Kind, Party, Status
from service.store.engine import Database
from service.store.readonly import VIEWS, SqlError, open_answer
from tests.web.desk import Desk

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
FOREVER = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n WHERE x < 0"


@pytest.fixture
async def filled(db: Database) -> Database:
    """Two mentions of one article with a deal, and an alert; an article without any."""
    desk = Desk(db)
    deal = Fact(
        Kind.LEASE,
        Status.AGREED,
        (Party("Oracle", tracked=True), Party("HPE", tracked=True)),
        "HPE leases a hall.",
        1e9,
        "USD",
        Bound.MIN,
    )
    saved = await desk.publish(
        "HPE and Oracle", "HPE leases a hall of Oracle.", names={"HPE": ["HPE"], "Oracle": ["Oracle"]}, facts=[deal]
    )
    await desk.alert("everything", saved)
    await desk.publish("Rain", "It rains.")
    return db


async def asked(db: Database, statement: str, seconds: float = 60) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
    times = iter(range(10_000_000))
    async with open_answer(db, statement, seconds=seconds, clock=lambda: next(times) / 1000) as answer:
        return answer.columns, [row async for batch in answer.rows() for row in batch]


async def test_every_view_answers(filled: Database) -> None:
    counts = {view: (await asked(filled, f"SELECT count(*) FROM {view}"))[1][0][0] for view in VIEWS}  # noqa: S608
    assert counts == {"articles_v": 2, "mentions_v": 2, "stories_v": 2, "alerts_v": 1, "facts_v": 1}


def examples(engine: str) -> list[str]:
    """The queries that the page gives for that engine."""
    given = re.findall(r"^    -- [^\n]*\((\w+)\)\n((?:    \S[^\n]*\n)+)", PAGE, re.MULTILINE)
    assert len(given) >= 2
    return [statement for dialect, statement in given if dialect == engine]


async def test_the_examples_of_the_page_answer(filled: Database) -> None:
    for statement in examples("SQLite" if filled.is_sqlite else "PostgreSQL"):
        _, rows = await asked(filled, statement.replace("now', '-7", "2026-11-22', '-7"))
        assert rows, statement


async def test_a_role_as_the_page_makes_it_reads_the_views_alone(filled: Database) -> None:
    if filled.is_sqlite:
        pytest.skip("SQLite has no roles")
    made = [line.strip() for line in PAGE.splitlines() if line.startswith(("    CREATE ROLE", "    GRANT"))]
    assert len(made) == 2
    async with filled.read() as session:  # which leaves no role behind
        for statement in (*made, "SET LOCAL ROLE analyst"):
            await session.execute(text(statement))
        for view in VIEWS:
            assert (await session.execute(text(f"SELECT count(*) FROM {view}"))).scalar_one() > 0  # noqa: S608
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(text("SELECT * FROM tokens"))


async def test_views_join_and_say_what_the_lines_say(filled: Database) -> None:
    columns, rows = await asked(
        filled,
        "SELECT m.entity, m.title, f.amount, a.rule, a.state, a.mention_count, s.articles FROM mentions_v AS m "
        "JOIN facts_v AS f ON f.article_id = m.article_id JOIN stories_v AS s ON s.id = m.story_id "
        "JOIN alerts_v AS a ON a.story_id = s.id ORDER BY m.entity;",
    )
    assert columns == ("entity", "title", "amount", "rule", "state", "mention_count", "articles")
    assert [tuple(row) for row in rows] == [
        ("HPE", "HPE and Oracle", 1e9, "everything", "open", 2, 1),
        ("Oracle", "HPE and Oracle", 1e9, "everything", "open", 2, 1),
    ]


async def test_the_parties_of_a_deal_stand_in_reading_order(filled: Database) -> None:
    _, [[parties]] = await asked(filled, "SELECT parties FROM facts_v")
    assert parties in ('["Oracle","HPE"]', ["Oracle", "HPE"])  # text on SQLite, JSON on PostgreSQL


async def test_withdrawn_mentions_are_left_out(filled: Database) -> None:
    async with filled.write() as session:
        await session.execute(text("UPDATE mentions SET withdrawn_at = discovered_at WHERE entity = 'HPE'"))
    assert [tuple(row) for row in (await asked(filled, "SELECT entity FROM mentions_v"))[1]] == [("Oracle",)]


async def test_a_column_that_comes_twice_gets_a_number(filled: Database) -> None:
    assert (await asked(filled, "SELECT 1 AS a, 2 AS a, 3 AS b"))[0] == ("a", "a_2", "b")


async def test_more_rows_than_one_batch(filled: Database) -> None:
    numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1234) SELECT x FROM n"
    assert [row[0] for row in (await asked(filled, numbers))[1]] == list(range(1, 1235))


@pytest.mark.parametrize(
    ("statement", "mend"),
    [
        ("", "write a query"),
        ("   ", "write a query"),
        ("DELETE FROM articles", "."),
        ("UPDATE articles SET title = 'x'", "."),
        ("INSERT INTO meta VALUES ('a', 'b')", "."),
        ("DROP VIEW articles_v", "."),
        ("CREATE TABLE mine (x INTEGER)", "."),
        ("WITH gone AS (DELETE FROM articles RETURNING id) SELECT * FROM gone", "."),
        ("SELECT 1; DELETE FROM articles", "."),
        ("SELECT 1; SELECT 2", "one statement"),
        ("COMMIT; DELETE FROM articles", "."),
        ("COMMIT", "."),
        ("PRAGMA query_only = OFF", "."),
        ("ATTACH DATABASE 'other.db' AS other", "."),
        ("COPY (SELECT 1) TO '/somewhere'", "."),
        ("SET default_transaction_read_only = off", "."),
        ("SELECT colour FROM articles_v", r"docs/sql\.md"),
        ("SELECT * FROM nowhere", r"docs/sql\.md"),
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM channels", "channels cannot be read here; there are articles_v"),
        ("SELECT * FROM tokens", "tokens cannot be read here"),
        ("SELECT (SELECT password FROM users) FROM articles_v", "users cannot be read here"),
        ("SELECT count(*) FROM articles_v WHERE id IN (SELECT id FROM searches)", "searches cannot be read here"),
    ],
)
async def test_nothing_else_can_be_done(filled: Database, statement: str, mend: str) -> None:
    with pytest.raises(SqlError, match=mend) as refused:
        await asked(filled, statement)
    assert "\n" not in str(refused.value)
    _, [[left]] = await asked(filled, "SELECT count(*) FROM articles_v")
    assert left == 2


async def test_what_never_ends_is_ended(filled: Database) -> None:
    with pytest.raises(SqlError, match=r"not done after 0\.2 s"):
        await asked(filled, FOREVER, seconds=0.2)


async def test_the_documented_columns_are_those_of_the_views(db: Database) -> None:
    documented = {
        view: re.findall(r"^\| `(\w+)` ", PAGE.split(f"## {view}\n")[1].split("\n## ")[0], re.MULTILINE)
        for view in VIEWS
    }
    async with db.read() as session:
        connection = await session.connection()
        there = await connection.run_sync(
            lambda sync: {view: [column["name"] for column in inspect(sync).get_columns(view)] for view in VIEWS}
        )
        views = await connection.run_sync(lambda sync: inspect(sync).get_view_names())
    assert there == documented
    assert set(views) == set(VIEWS)


@pytest.mark.parametrize(
    "statement",
    [
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT count(*) FROM n",
        "WITH n AS (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) SELECT count(*) FROM n",
        "SELECT count(*) FROM (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS n",
    ],
)
async def test_rows_of_names_that_the_query_gives_can_be_counted(filled: Database, statement: str) -> None:
    assert [tuple(row) for row in (await asked(filled, statement))[1]] == [(3,)]


@pytest.mark.parametrize("table", ["channels", "tokens", "users"])
async def test_rows_of_closed_tables_cannot(filled: Database, table: str) -> None:
    with pytest.raises(SqlError, match=f"{table} cannot be read here"):
        await asked(filled, f"SELECT count(*) FROM {table}")  # noqa: S608 - names from here
