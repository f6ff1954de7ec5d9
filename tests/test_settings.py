"""Settings: what the environment may say, what it is told when it is wrong, and that ``.env.example`` lists all."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from service.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ("DATABASE_URL", "PROXY", "SMTP_URL")
_LINE = re.compile(r"# (?P<name>NEWSVANE_\w+)=(?P<value>.*)")


def loaded(env_file: Path | None = None, /, **environment: str) -> Settings:
    return load_settings({f"NEWSVANE_{name}": value for name, value in environment.items()}, env_file=env_file)


def problem(env_file: Path | None = None, /, **environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(env_file, **environment)
    return str(caught.value)


def example_lines() -> Iterator[tuple[str, str, str]]:
    """Name, value and the comment above it, of every setting in ``.env.example``."""
    comment: list[str] = []
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if found := _LINE.fullmatch(line):
            yield found["name"], found["value"], " ".join(comment)
            comment = []
        elif line.startswith("# "):
            comment.append(line[2:])
        else:
            assert not line, f".env.example sets something by itself: {line}"
            comment = []


def as_written(value: object) -> str:
    """A default as a person writes it; one that depends on the machine is left empty."""
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        units = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
        return next(f"{seconds // size}{unit}" for unit, size in units.items() if seconds % size == 0)
    return str(value)


class TestTheExample:
    def test_it_lists_every_setting_with_its_description_and_default_and_nothing_else(self) -> None:
        wanted = {
            f"NEWSVANE_{name.upper()}": (as_written(field.default), field.description)
            for name, field in Settings.model_fields.items()
        }
        for name in SECRETS:
            wanted[f"NEWSVANE_{name}_FILE"] = ("", "The same, from a file that holds nothing else.")
        assert {name: (value, comment) for name, value, comment in example_lines()} == wanted

    def test_no_setting_is_listed_twice(self) -> None:
        names = [name for name, _, _ in example_lines()]
        assert len(names) == len(set(names))

    def test_every_secret_of_the_settings_has_its_file(self) -> None:
        secret = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
        assert secret == set(SECRETS)

    def test_taken_as_it_stands_it_changes_nothing(self, tmp_path: Path) -> None:
        env = tmp_path / "env"
        env.write_text("".join(f"{name}={value}\n" for name, value, _ in example_lines()), encoding="utf-8")
        assert loaded(env) == loaded()

    def test_the_documentation_leads_to_it(self) -> None:
        assert ".env.example" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


class TestValues:
    def test_a_value_of_each_kind(self) -> None:
        settings = loaded(
            DATABASE_URL="postgresql://me@db/news",
            WATCHLIST="lists/mine.yaml",
            POLL_INTERVAL="90",
            FIRST_POLL_SUMMARY="false",
            HOST_SPACING="0.5",
            WORKERS="3",
            ALLOWED_NETWORKS=" 10.0.0.0/8, fd00::/8 ,",
            LOG_LEVEL="debug",
        )
        assert settings.database_url.get_secret_value() == "postgresql://me@db/news"
        assert settings.watchlist == Path("lists/mine.yaml")
        assert settings.poll_interval == timedelta(seconds=90)
        assert settings.first_poll_summary is False
        assert (settings.host_spacing, settings.workers) == (0.5, 3)
        assert settings.allowed_networks == ("10.0.0.0/8", "fd00::/8")
        assert settings.log_level == "debug"

    @given(st.integers(0, 10_000), st.sampled_from([("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)]))
    def test_a_duration_is_a_number_and_a_unit(self, number: int, unit: tuple[str, int]) -> None:
        assert loaded(POLL_INTERVAL=f"{number}{unit[0]}").poll_interval == timedelta(seconds=number * unit[1])

    def test_a_public_address_may_have_a_path_and_loses_its_last_slash(self) -> None:
        assert loaded(PUBLIC_URL=" https://example.org:8443/news/ ").public_url == "https://example.org:8443/news"

    def test_an_empty_value_is_the_same_as_none(self) -> None:
        assert loaded(WATCHLIST="", SMTP_URL="", WORKERS="", SMTP_URL_FILE="", LISTEN="") == loaded()

    def test_only_the_given_environment_counts(self) -> None:
        assert load_settings({"PATH": "somewhere", "NEWSVANELISTEN": "x"}, env_file=None) == loaded()

    def test_what_a_caller_lays_down_beats_the_environment(self) -> None:
        assert load_settings({"NEWSVANE_WORKERS": "3"}, env_file=None, workers=2).workers == 2

    def test_secrets_are_not_shown(self) -> None:
        settings = loaded(DATABASE_URL="postgresql://me:open-sesame@db/news", SMTP_URL="smtp://me:open-sesame@mail")
        assert "open-sesame" not in f"{settings!r} {settings}"


class TestDotEnv:
    def test_the_file_is_read_and_the_environment_beats_it(self, tmp_path: Path) -> None:
        env = tmp_path / ".env"
        env.write_text("# mine\nNEWSVANE_WORKERS=3\nNEWSVANE_LOG_LEVEL=error\nOTHER=1\n", encoding="utf-8")
        settings = loaded(env, LOG_LEVEL="debug")
        assert (settings.workers, settings.log_level) == (3, "debug")

    def test_its_names_are_checked_too(self, tmp_path: Path) -> None:
        env = tmp_path / ".env"
        env.write_text("NEWSVANE_WORKER=3\n", encoding="utf-8")
        assert problem(env) == "NEWSVANE_WORKER is no setting; did you mean NEWSVANE_WORKERS?"

    def test_a_secret_file_may_be_named_in_it(self, tmp_path: Path) -> None:
        secret, env = tmp_path / "smtp", tmp_path / ".env"
        secret.write_text("smtp://mail\n", encoding="utf-8")
        env.write_text(f"NEWSVANE_SMTP_URL_FILE={secret}\n", encoding="utf-8")
        smtp_url = loaded(env).smtp_url
        assert smtp_url is not None
        assert smtp_url.get_secret_value() == "smtp://mail"

    def test_no_such_file_is_no_trouble(self, tmp_path: Path) -> None:
        assert loaded(tmp_path / "none") == loaded()

    def test_a_file_that_is_no_text(self, tmp_path: Path) -> None:
        env = tmp_path / ".env"
        env.write_bytes(b"NEWSVANE_WORKERS=\xff\n")
        assert problem(env).startswith(f"{env} cannot be read: ")


class TestErrors:
    @pytest.mark.parametrize(
        ("name", "value", "line"),
        [
            # a name that is nearly right is told the right one
            ("LISTENN", "x", "NEWSVANE_LISTENN is no setting; did you mean NEWSVANE_LISTEN?"),
            ("POLL_INTERVALS", "5m", "NEWSVANE_POLL_INTERVALS is no setting; did you mean NEWSVANE_POLL_INTERVAL?"),
            # a secret's file is a name of its own
            ("SMTP_FILE", "x", "NEWSVANE_SMTP_FILE is no setting; did you mean NEWSVANE_SMTP_URL_FILE?"),
            # far from everything
            (
                "XYZZY_PLUGH_42_FROBOZZ_GRUE",
                "x",
                "NEWSVANE_XYZZY_PLUGH_42_FROBOZZ_GRUE is no setting; .env.example lists them all",
            ),
            # durations
            ("LEASE", "5 minutes", "NEWSVANE_LEASE: write a duration such as 90s, 5m, 2h or 7d (it is '5 minutes')"),
            ("LEASE", "-5m", "NEWSVANE_LEASE: write a duration such as 90s, 5m, 2h or 7d (it is '-5m')"),
            ("LEASE", "1.5h", "NEWSVANE_LEASE: write a duration such as 90s, 5m, 2h or 7d (it is '1.5h')"),
            # more than can be counted
            (
                "LEASE",
                "99999999999w",
                "NEWSVANE_LEASE: write a duration such as 90s, 5m, 2h or 7d (it is '99999999999w')",
            ),
            # networks: one wrong among right ones is named
            (
                "ALLOWED_NETWORKS",
                "10.0.0.0/8,10.0.0.0/33",
                "NEWSVANE_ALLOWED_NETWORKS: '10.0.0.0/33' is no network; "
                "write CIDRs such as 10.0.0.0/8, with commas between (it is '10.0.0.0/8,10.0.0.0/33')",
            ),
            # a network with host bits is more likely a slip than a wish
            (
                "ALLOWED_ALERT_NETWORKS",
                "10.0.0.1/8",
                "NEWSVANE_ALLOWED_ALERT_NETWORKS: '10.0.0.1/8' is no network; "
                "write CIDRs such as 10.0.0.0/8, with commas between (it is '10.0.0.1/8')",
            ),
            # addresses to listen on
            (
                "LISTEN",
                "8780",
                "NEWSVANE_LISTEN: write an address and a port, such as 127.0.0.1:8780 (it is '8780')",
            ),
            (
                "LISTEN",
                "localhost:http",
                "NEWSVANE_LISTEN: write an address and a port, such as 127.0.0.1:8780 (it is 'localhost:http')",
            ),
            (
                "LISTEN",
                "127.0.0.1:65536",
                "NEWSVANE_LISTEN: write an address and a port, such as 127.0.0.1:8780 (it is '127.0.0.1:65536')",
            ),
            # an address that hubs are to reach
            *(
                (
                    "PUBLIC_URL",
                    value,
                    "NEWSVANE_PUBLIC_URL: write the address that the internet reaches newsvane at, "
                    f"such as https://news.example.org (it is {value!r})",
                )
                for value in (
                    "news.example.org",
                    "ftp://x/",
                    "https://u:p@x/",
                    "https://x/?a",
                    "https://x:0/",
                    "https://",
                )
            ),
            # numbers with bounds
            ("WORKERS", "0", "NEWSVANE_WORKERS: Input should be greater than or equal to 1 (it is '0')"),
            ("HOST_SPACING", "nan", "NEWSVANE_HOST_SPACING: Input should be greater than or equal to 0 (it is 'nan')"),
            # one of a few words
            (
                "LOG_LEVEL",
                "loud",
                "NEWSVANE_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error' (it is 'loud')",
            ),
        ],
    )
    def test_one_line_says_which_why_and_the_mend(self, name: str, value: str, line: str) -> None:
        assert problem(**{name: value}) == line

    def test_settings_that_contradict_each_other_are_both_named(self) -> None:
        said = problem(MIN_POLL_INTERVAL="2h", MAX_POLL_INTERVAL="1h")
        assert said == "NEWSVANE_MIN_POLL_INTERVAL: is longer than NEWSVANE_MAX_POLL_INTERVAL; swap them"
        assert problem(LEASE="5s").startswith("NEWSVANE_LEASE: is shorter than 90s")

    def test_a_channels_secret_may_have_a_name_like_ours(self) -> None:
        assert loaded(TEAM_HOOK_SECRET="s", CHAT_TOKEN="t") == loaded()

    @given(st.sampled_from(sorted(Settings.model_fields)), st.text(max_size=200))
    def test_any_value_is_taken_or_refused_in_one_line_of_bearable_length(self, name: str, value: str) -> None:
        try:
            loaded(**{name.upper(): value})
        except SettingsError as error:
            line = str(error)
            assert re.match(r"NEWSVANE_[A-Z_]+: ", line)
            assert f"NEWSVANE_{name.upper()}" in line
            assert "\n" not in line
            assert len(line) < 700


class TestSecretFiles:
    @pytest.mark.parametrize("name", SECRETS)
    def test_a_secret_may_stand_in_a_file(self, tmp_path: Path, name: str) -> None:
        file = tmp_path / "secret"
        file.write_text("sqlite:///from-the-file.db\n", encoding="utf-8")
        secret = getattr(loaded(**{f"{name}_FILE": str(file)}), name.lower())
        assert secret.get_secret_value() == "sqlite:///from-the-file.db"

    @pytest.mark.parametrize("name", SECRETS)
    def test_a_missing_file_is_named(self, tmp_path: Path, name: str) -> None:
        file = tmp_path / "none"
        line = f"NEWSVANE_{name}_FILE: {file} cannot be read (No such file or directory)"
        assert problem(**{f"{name}_FILE": str(file)}) == line

    def test_a_file_that_is_no_text(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_bytes(b"\xff\xfe")
        assert problem(SMTP_URL_FILE=str(file)) == f"NEWSVANE_SMTP_URL_FILE: {file} is no text in UTF-8"

    def test_both_ways_at_once_is_a_question_that_only_the_operator_can_answer(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_text("smtp://one", encoding="utf-8")
        line = "NEWSVANE_SMTP_URL_FILE and NEWSVANE_SMTP_URL are both set; keep one of them"
        assert problem(SMTP_URL="smtp://two", SMTP_URL_FILE=str(file)) == line
