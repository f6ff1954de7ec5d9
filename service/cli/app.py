"""The command tree, and the one place where errors become a line and an exit status."""

import asyncio
import inspect
import io
import os
import re
import sys
from collections.abc import Sequence
from importlib.metadata import version

import cyclopts
from cyclopts import App, Group

from service.cli.errors import CommandFailed, UsageError
from service.cli.output import visible

__all__ = ["app", "run"]

_LONGEST = 2000
_NO_UTF8 = re.compile("[\udc80-\udcff]")
"""How Python writes such bytes of an argument (PEP 383)."""
_READING = Group("Reading", sort_key=2)
_WATCHING = Group("What is watched", sort_key=3)
_TRYING = Group("Trying things out", sort_key=4)
_RUNNING = Group("Running", sort_key=1)

app = App(
    name="newsvane",
    help="News monitoring you run yourself: feeds in, proven mentions and alerts out.",
    version=lambda: version("newsvane"),
    version_flags=["--version"],
    help_flags=["--help", "-h"],
    result_action="return_value",
)
for name, module, help_text, group in (
    ("run", "running:run", "Run the daemon: poll, match, alert, and serve the pages.", _RUNNING),
    ("demo", "running:demo", "Show the main job offline, on bundled sample feeds.", _RUNNING),
    ("doctor", "running:doctor", "Check settings, database, watch list and channels.", _RUNNING),
    ("backup", "backups:backup", "Copy the whole database to a file, beside a running daemon.", _RUNNING),
    ("restore", "backups:restore", "Put a backup in the database's place.", _RUNNING),
    ("prune", "pruning:prune", "Delete old articles that nothing needs.", _RUNNING),
    ("migrate", "running:migrate", "Bring the database to this version's schema.", _RUNNING),
    ("token", "tokens:app", "Keys to the API and the pages.", _RUNNING),
    ("users", "users:app", "People who sign in with a password.", _RUNNING),
    ("record", "recording:record", "Poll and read, and keep what the web answers in a folder.", _RUNNING),
    ("replay", "recording:replay", "Do a recorded run again, offline, at its recorded times.", _TRYING),
    ("mentions", "mentions:app", "List mentions; mark one right or wrong.", _READING),
    ("articles", "articles:app", "List articles; show one with its edits.", _READING),
    ("facts", "facts:facts", "List deals that articles tell of, newest first.", _READING),
    ("stats", "stats:stats", "Count: share of voice, volume over time, top sources, deals.", _READING),
    ("stories", "stories:app", "List stories; merge two, or take an article out of one.", _READING),
    ("alerts", "alerts:app", "List alerts; send one again; acknowledge, snooze or resolve one.", _READING),
    ("deliveries", "deliveries:app", "List deliveries; retry one.", _READING),
    ("sql", "sql:sql", "Ask the database in SQL, read-only.", _READING),
    ("searches", "searches:app", "Queries with a name: their listings, feeds and rules.", _READING),
    ("apply", "watchlists:apply", "Make the watch list say what a YAML file says.", _WATCHING),
    ("export", "watchlists:export", "Print the whole watch list as YAML.", _WATCHING),
    ("sources", "sources:app", "The feeds that are polled.", _WATCHING),
    ("entities", "entities:app", "What is tracked.", _WATCHING),
    ("rules", "rules:app", "Which mentions raise an alert, and where it goes.", _WATCHING),
    ("silences", "silences:app", "What is muted for a time.", _WATCHING),
    ("inhibitions", "inhibitions:app", "Which alerts hold back others.", _WATCHING),
    ("channels", "channels:app", "Where alerts go.", _WATCHING),
    ("rescan", "rescanning:rescan", "Apply today's entities and rules to stored articles, quietly.", _WATCHING),
    ("rescans", "rescans:app", "List rescans and how far each is; go on with one, end one.", _WATCHING),
    ("jobs", "jobs:app", "List imports, backups and the like; go on with an import, end one.", _WATCHING),
    ("explain", "explaining:explain", "Why an article did, or did not, become a mention and an alert.", _READING),
    ("match", "trying:match", "Show what would be matched in texts, and why; stores nothing.", _TRYING),
    ("cluster", "clustering:cluster", "Say which of these articles tell the same story; stores nothing.", _TRYING),
    ("evaluate", "evaluating:evaluate", "Score the matching on passages that a person labelled.", _TRYING),
    ("extract", "trying:extract", "Show the article that would be stored for a file or an address.", _TRYING),
):
    app.command(f"service.cli.{module}", name=name, help=help_text, group=group)


_MENDS = (
    ("unable to open database file", "the file's folder must be there and writable; NEWSVANE_DATABASE_URL names it"),
    ("readonly database", "this user may not write to the file that NEWSVANE_DATABASE_URL names, or not to its folder"),
    ("disk I/O error", "is the disk full, or broken?"),
    ("disk is full", "make room on the disk"),
    ("database is locked", "another program holds it: try again"),
    ("not a database", "NEWSVANE_DATABASE_URL names a file of another kind"),
)
"""What SQLite says, and what to do about it."""


def run(arguments: Sequence[str]) -> int:
    """The exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter must not stop a listing
            stream.reconfigure(errors="backslashreplace")
    try:
        command, bound, _ = app.parse_args(arguments, print_error=False, exit_on_error=False)
        result = command(*bound.args, **bound.kwargs)
        if inspect.isawaitable(result):
            result = asyncio.run(_awaited(result))
        sys.stdout.flush()  # a reader that went away is noticed here, not while the interpreter ends
    except cyclopts.CycloptsError as error:
        return _say(_one_line(error), 2)
    except UsageError as error:
        return _say(str(error), 2)
    except CommandFailed as error:
        return _say(str(error), 1)
    except KeyboardInterrupt:
        return _say("interrupted", 130)
    except (BrokenPipeError, SystemExit):
        # The reader of our output went away (``| head``): that is no failure of ours. Rich raises SystemExit for it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UnicodeEncodeError:
        if not any(_NO_UTF8.search(argument) for argument in arguments):
            raise
        return _say("an argument holds bytes that are no text in UTF-8; write it anew", 2)
    except Exception as error:  # noqa: BLE001 - unknown ones are raised again
        return _say_known(error)
    return result if isinstance(result, int) else 0


async def _awaited(result: object) -> object:
    return await result  # type: ignore[misc]


def _say_known(error: Exception) -> int:
    """Errors of the layers below, told in one line; anything else is a bug and keeps its traceback."""
    from service.desk.errors import Refused, Unknown, Wrong, listing_of
    from service.domain.matching import DefinitionError
    from service.search import AskError
    from service.settings import SettingsError
    from service.store.exclusive import DatabaseInUse
    from service.store.migrate import SchemaTooNew
    from service.watchlist import WatchListError

    if isinstance(error, Unknown):
        command = listing_of(error.kind)
        hint = f"`newsvane {command}` lists them" if command in app else ""
        join = " " if str(error).endswith("?") else "; "
        return _say(f"{error}{join}{hint}" if hint else str(error), 1)
    if isinstance(error, Refused):
        return _say(str(error), 2 if isinstance(error, Wrong) else 1)
    if isinstance(error, SettingsError | WatchListError | AskError | DefinitionError):
        return _say(str(error), 2)
    if isinstance(error, DatabaseInUse | SchemaTooNew):
        return _say(str(error), 1)
    if isinstance(error, OSError) and error.filename is not None:
        return _say(f"{error.filename}: {error.strerror}", 1)
    from sqlalchemy.exc import DBAPIError, OperationalError

    if isinstance(error, OperationalError | DBAPIError):
        problem = str(error.orig).splitlines()[0]
        mend = next((f" ({mend})" for part, mend in _MENDS if part in problem), "")
        return _say(f"the database cannot be used: {problem}{mend}", 1)
    raise error


def _one_line(error: cyclopts.CycloptsError) -> str:
    if isinstance(error, cyclopts.UnusedCliTokensError):
        return _too_much(list(error.unused_tokens or ()), list(error.command_chain or ()))
    return " ".join(str(error).split()) + " Try --help."


def _too_much(words: Sequence[str], chain: Sequence[str]) -> str:
    """Most likely a mistyped command, or a text without its quotes."""
    from difflib import get_close_matches

    within = app
    for name in chain:
        within = within[name]
    known = [name for name in within if not name.startswith("-")]
    close = get_close_matches(words[0], known, n=1)
    place = f"`{' '.join(('newsvane', *chain))}`"
    if close:
        return f'{place} has no command "{words[0]}"; did you mean "{close[0]}"? Try --help.'
    also = f"; its commands are {', '.join(sorted(known))}" if known else ""
    return f'{place} takes no "{words[0]}" there: put what belongs together into quotes{also}. Try --help.'


def _say(message: str, status: int) -> int:
    """One line that can be read, whatever is in it: parts of it may come from the web. The mend stands at its end."""
    line = visible(" ".join(message.split()))
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 2 :]}"
    print(f"newsvane: {line}", file=sys.stderr)
    return status
