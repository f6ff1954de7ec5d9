"""What reaches the log of a daemon, and what must not."""

import json

import pytest
import structlog

from service import logs

SECRET = "the-mail-server-s-password"


@pytest.fixture(params=["console", "json"])
def logged(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> str:
    """What a bug is told as, that had a secret at hand and met a text from the web."""

    def meet(text: str) -> None:
        password = SECRET
        raise ValueError(text * len(password[:1]))

    was = structlog.get_config()
    logs.configure(request.param, "info")
    try:
        meet("\x1b[2J\u202egnp.exe")
    except ValueError:
        structlog.get_logger("test").exception("it failed", title="\x1b[31m")
    finally:
        structlog.configure(**was)
    return capsys.readouterr().err


def test_a_traceback_says_where_and_why_without_the_values_of_variables(logged: str) -> None:
    assert "it failed" in logged
    assert "in meet" in logged
    assert "ValueError" in logged
    assert "gnp.exe" in logged
    assert SECRET not in logged


def test_nothing_steers_the_terminal(logged: str) -> None:
    assert [char for char in logged if not char.isprintable() and char != "\n"] == []


def test_a_line_for_programs_is_one_object(logged: str) -> None:
    lines = logged.splitlines()
    if lines[0].startswith("{"):
        assert [json.loads(line)["event"] for line in lines] == ["it failed"]
    else:
        assert len(lines) > 3
