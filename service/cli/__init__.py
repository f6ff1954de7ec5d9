"""The command line: a file a group of commands. Heavy modules are imported inside the commands that need them, so
that ``newsvane --help`` is quick.

    argv -> app (cyclopts) -> a command -> search | watchlist | daemon -> output
                                 any expected error -> one line on standard error, exit status 1 or 2
"""

from service.cli.app import run

__all__ = ["run"]
