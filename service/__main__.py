"""``newsvane`` and ``python -m service``."""

import sys

__all__ = ["main"]


def main() -> None:
    """Exit status: 0 done, 1 failed, 2 used wrongly (docs/commands.md)."""
    from service.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
