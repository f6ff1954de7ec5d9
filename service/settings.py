"""Every setting, read once from the environment, and from ``.env`` in the current folder, which the environment beats.

Each is ``NEWSVANE_`` and its name in capitals; a secret may also stand in a file named by ``NEWSVANE_..._FILE``. An
empty value is the same as none. ``.env.example`` lists them all and a test holds it to this page.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict
from pydantic_settings.sources import PydanticBaseSettingsSource

from service.domain.durations import SHORTEST_KEEP, seconds_in

__all__ = ["Settings", "SettingsError", "load_settings", "parse_duration", "read_environment"]

_PREFIX = "NEWSVANE_"
_SHORTEST_LEASE = timedelta(seconds=90)
_SECRETS = ("DATABASE_URL", "PROXY", "SMTP_URL")
_FOR_CHANNELS = ("_SECRET", "_TOKEN")
"""Names that a channel's ``secret_env`` or ``token_env`` may well have; no setting ends so."""


class SettingsError(Exception):
    """A setting cannot be used. One line: which, why, and the mend."""


def parse_duration(value: object) -> object:
    """``90``, ``90s``, ``5m``, ``2h``, ``7d`` -> seconds as a timedelta; anything else is left for others to refuse."""
    if isinstance(value, int | float):
        return timedelta(seconds=value)
    if isinstance(value, str):
        seconds = seconds_in(value)
        if seconds is None:
            raise ValueError("write a duration such as 90s, 5m, 2h or 7d")
        return timedelta(seconds=seconds)
    return value


def _networks(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _check_networks(value: tuple[str, ...]) -> tuple[str, ...]:
    for network in value:
        try:
            ip_network(network)
        except ValueError as error:
            raise ValueError(
                f"{network!r} is no network; write CIDRs such as 10.0.0.0/8, with commas between"
            ) from error
    return value


def _listen(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not (host and colon and port.isdecimal() and int(port) < 65536):
        raise ValueError("write an address and a port, such as 127.0.0.1:8780")
    return value


def _long_enough(value: timedelta) -> timedelta:
    if value < SHORTEST_KEEP:
        raise ValueError(f"is shorter than {SHORTEST_KEEP.days}d; write 90d or more, or leave it empty to keep all")
    return value


def _public_url(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        good = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or parts.username or parts.password or parts.query or parts.fragment or not value.isascii():
        raise ValueError("write the address that the internet reaches newsvane at, such as https://news.example.org")
    return value.strip().rstrip("/")


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Networks = Annotated[tuple[str, ...], BeforeValidator(_networks), AfterValidator(_check_networks)]


class Settings(BaseSettings):
    """What an operator may decide. Every field's description is its documentation."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.min_poll_interval > self.max_poll_interval:
            raise ValueError("NEWSVANE_MIN_POLL_INTERVAL: is longer than NEWSVANE_MAX_POLL_INTERVAL; swap them")
        if self.lease < _SHORTEST_LEASE:
            raise ValueError("NEWSVANE_LEASE: is shorter than 90s, which a slow receiver may need; make it longer")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is given: ``load_settings`` reads the environment, whose names it checks."""
        return (init_settings,)

    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///data/newsvane.db"),
        description="Where everything is kept: a SQLite file, or postgresql://user:password@host/name.",
    )
    watchlist: Path | None = Field(
        default=None,
        description="A watch list applied at every start: what it names is as it says then. Without it, the bundled "
        "one is applied on the first start, to what there is nothing of yet: sources, entities, rules.",
    )
    listen: Annotated[str, AfterValidator(_listen)] = Field(
        default="127.0.0.1:8780", description="Address and port of the pages and the API."
    )
    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        default=None,
        description="Where newsvane is reached from the internet (https://...): by hubs, and from links in mails.",
    )
    contact: str = Field(
        default="https://github.com/newsvane/newsvane",
        description="An address or e-mail in the User-Agent, so that a publisher can reach you. Some require it.",
    )
    poll_interval: Duration = Field(
        default=timedelta(minutes=5),
        description="Time between two polls of a source whose own rhythm is not known yet.",
    )
    min_poll_interval: Duration = Field(default=timedelta(minutes=1), description="No source is polled more often.")
    max_poll_interval: Duration = Field(
        default=timedelta(hours=6), description="A source that works is polled at least this often."
    )
    first_poll_spread: Duration = Field(
        default=timedelta(seconds=20), description="First polls of new sources are spread over this time."
    )
    first_poll_summary: bool = Field(
        default=True, description="One summary alert, at most, for what already stood in a new source's feed."
    )
    host_spacing: float = Field(default=1.0, ge=0, description="Seconds between two requests to one host.")
    host_concurrency: int = Field(default=2, ge=1, description="Requests to one host at the same time.")
    fetch_timeout: Duration = Field(
        default=timedelta(seconds=30), description="A fetch, with its redirects, is cut after this time."
    )
    max_fetch_bytes: int = Field(default=10_000_000, ge=1000, description="A larger feed or page is refused.")
    max_feed_items: int = Field(default=500, ge=1, description="Items of a feed beyond this number are left out.")
    allowed_networks: Networks = Field(
        default=(), description="CIDRs that feeds and pages may be fetched from although they are not public."
    )
    proxy: SecretStr | None = Field(
        default=None,
        description="An HTTP proxy for feeds and pages: http://proxy:3128. HTTP_PROXY is never used by itself.",
    )
    allowed_alert_networks: Networks = Field(
        default=(), description="CIDRs that webhooks may be sent to although they are not public."
    )
    poll_concurrency: int = Field(default=100, ge=1, description="Sources polled at the same time.")
    read_concurrency: int = Field(default=20, ge=1, description="Articles read at the same time.")
    delivery_concurrency: int = Field(
        default=40, ge=1, description="Deliveries sent at the same time; every channel may always send one."
    )
    channel_concurrency: int = Field(default=10, ge=1, description="Deliveries sent at the same time over one channel.")
    workers: int = Field(
        default_factory=lambda: max(1, min(4, os.cpu_count() or 1)),
        ge=1,
        description="Processes that parse feeds and pages. Without it: one a processor, at most 4.",
    )
    worker_seconds: float = Field(default=20.0, gt=0, description="A parse that takes longer is killed.")
    worker_memory_mb: int = Field(default=1024, ge=256, description="Memory a parsing process may use.")
    lease: Duration = Field(
        default=timedelta(minutes=5),
        description="After this time the work of a worker that died is given to another.",
    )
    drain: Duration = Field(
        default=timedelta(seconds=8), description="How long running work may take to finish at a stop."
    )
    keep: Annotated[Duration, AfterValidator(_long_enough)] | None = Field(
        default=None,
        description="Articles older than this are deleted each day, unless an alert or a mark needs them. None: never.",
    )
    backups: Path | None = Field(
        default=None,
        description="Folder of the backups made over HTTP. None: backups, beside an embedded database.",
    )
    smtp_url: SecretStr | None = Field(
        default=None, description="smtp://user:password@host:587 or smtps://host: where email is handed over."
    )
    email_from: str | None = Field(default=None, description="The sender of email alerts.")
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="console for people, json for machines; auto: console on a terminal."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="The least to log.")


def load_settings(
    environment: Mapping[str, str] | None = None,
    *,
    env_file: Path | None = Path(".env"),
    **overrides: Any,  # noqa: ANN401 - values of any field
) -> Settings:
    """Settings from the environment. Raises SettingsError with one line a person can act on."""
    written = read_environment(env_file) if environment is None else {**_dotenv(env_file), **environment}
    variables = {
        name: value for name, value in written.items() if name.startswith(_PREFIX) and not name.endswith(_FOR_CHANNELS)
    }
    fields = {_PREFIX + name.upper(): name for name in Settings.model_fields}
    files = {f"{_PREFIX}{name}_FILE": name.lower() for name in _SECRETS}
    for name in variables:
        if name not in fields and name not in files:
            raise SettingsError(f"{name} is no setting{_nearest(name, {*fields, *files})}")
    values: dict[str, Any] = {fields[name]: value for name, value in variables.items() if value and name in fields}
    for name, field in files.items():
        if variables.get(name):
            if field in values:
                raise SettingsError(f"{name} and {name.removesuffix('_FILE')} are both set; keep one of them")
            values[field] = _secret(name, Path(variables[name]))
    try:
        return Settings(**values | overrides)
    except ValidationError as error:
        first = error.errors()[0]
        problem = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:  # about several settings; the message names them
            raise SettingsError(problem) from error
        name = _PREFIX + str(first["loc"][0]).upper()
        raise SettingsError(f"{name}: {problem} (it is {str(first['input'])!r:.60})") from error


def read_environment(env_file: Path | None = Path(".env")) -> dict[str, str]:
    """All variables, those of ``.env`` included: where a channel's ``secret_env`` and ``token_env`` are looked up."""
    return {**_dotenv(env_file), **os.environ}


def _dotenv(file: Path | None) -> dict[str, str]:
    """The variables of a ``.env`` file; none where there is no file."""
    if file is None:
        return {}
    try:
        source = DotEnvSettingsSource(Settings, env_file=file, env_file_encoding="utf-8", case_sensitive=True)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from error
    return {name: value for name, value in source.env_vars.items() if value is not None}


def _secret(name: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name}: {file} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{name}: {file} is no text in UTF-8") from error


def _nearest(name: str, known: set[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else "; .env.example lists them all"
