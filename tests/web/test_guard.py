"""Who is answered, and with which headers."""

import pytest

from service.web.guard import is_ours
from tests.web.serving import Site


@pytest.mark.parametrize(
    ("host", "listen"),
    [
        ("127.0.0.1:8780", "127.0.0.1:8780"),
        ("127.0.0.1", "127.0.0.1:8780"),
        ("127.8.8.8:1", "127.0.0.1:8780"),  # all of 127/8 is this machine
        ("localhost:9000", "127.0.0.1:8780"),  # the port may have been mapped
        ("LOCALHOST", "127.0.0.1:8780"),
        ("[::1]:8780", "127.0.0.1:8780"),
        ("[0:0:0:0:0:0:0:1]", "[::1]:8780"),
        ("10.1.2.3:8780", "10.1.2.3:8780"),
        ("news.example.org:8780", "news.example.org:8780"),
        ("192.168.1.9:8780", "0.0.0.0:8780"),  # all addresses: rebinding needs a name
        ("[2001:db8::9]:8780", "[::]:8780"),
        ("localhost", "0.0.0.0:8780"),
    ],
)
def test_our_own_names_are_answered(host: str, listen: str) -> None:
    assert is_ours(host, listen)


@pytest.mark.parametrize(
    ("host", "listen"),
    [
        ("evil.example", "127.0.0.1:8780"),
        ("evil.example", "0.0.0.0:8780"),  # a name, wherever we listen
        ("localhost.evil.example", "127.0.0.1:8780"),
        ("127.0.0.1.evil.example:8780", "127.0.0.1:8780"),
        ("evil.example@127.0.0.1", "127.0.0.1:8780"),
        ("127.0.0.1:8780@evil.example", "127.0.0.1:8780"),
        ("10.1.2.3", "127.0.0.1:8780"),
        ("0.0.0.0:8780", "127.0.0.1:8780"),
        ("2130706433", "127.0.0.1:8780"),  # 127.0.0.1 as one number: no browser sends that
        ("[::ffff:10.0.0.1]", "127.0.0.1:8780"),
        ("", "127.0.0.1:8780"),
        (":8780", "127.0.0.1:8780"),
        ("127.0.0.1:8780, evil.example", "127.0.0.1:8780"),
        ("[::1", "127.0.0.1:8780"),
        ("localhost\x00", "127.0.0.1:8780"),
    ],
)
def test_other_names_are_not(host: str, listen: str) -> None:
    assert not is_ours(host, listen)


@pytest.mark.parametrize("path", ["/", "/api/v1/mentions", "/healthz", "/static/newsvane.css", "/nothing"])
async def test_a_request_that_was_rebound_here_learns_nothing(site: Site, path: str) -> None:
    await site.desk.publish("HPE wins a deal", names={"HPE": ["HPE"]})
    answer = await site.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert "open http://127.0.0.1:8780/" in answer.text
    assert "wins" not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/sources", 200),
        ("/api/v1/mentions", 200),
        ("/healthz", 200),
        ("/nothing", 404),
        ("/stream?q=(", 400),
    ],
)
async def test_every_answer_carries_the_headers(site: Site, path: str, status: int) -> None:
    answer = await site.get(path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


async def test_refusals_carry_them_too(site: Site) -> None:
    answer = await site.get("/", headers={"Host": "evil.example"})
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_an_error_of_ours_is_told_without_its_insides(site: Site) -> None:
    file = site.db.file
    assert file is not None
    async with site.db.write() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("DROP TABLE alert_mentions")
        await connection.exec_driver_sql("ALTER TABLE mentions RENAME TO elsewhere")
    page = await site.get("/stream")
    assert page.status_code == 500
    assert "its log says more" in page.text
    assert "no such table" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    problem = await site.get("/api/v1/mentions")
    assert (problem.status_code, problem.headers["content-type"]) == (500, "application/problem+json")


@pytest.mark.parametrize("path", ["/stream", "/healthz", "/api/v1/stats"])
async def test_head_is_get_without_the_body(site: Site, path: str) -> None:
    answer = await site.client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len((await site.get(path)).content)


@pytest.mark.parametrize("module", ["times.js", "keys.js", "triage.js", "live.js", "complete.js", "brush.js"])
async def test_modules_are_served_as_such(site: Site, module: str) -> None:
    answer = await site.get(f"/static/{module}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")


async def test_static_files_may_be_kept_and_nothing_else_is_served(site: Site) -> None:
    style = await site.get("/static/newsvane.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["cache-control"]
    for path in ("/static/../app.py", "/static/%2e%2e%2fapp.py", "/static/app.py", "/static/"):
        assert (await site.get(path)).status_code == 404
