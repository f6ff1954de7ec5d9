"""``python -m tests.bench [NAME...]``: runs ``main()`` of every module here that has one. Figures, not tests."""

import importlib
import pkgutil
import sys

import tests.bench


def run(names: list[str]) -> None:
    for module in pkgutil.iter_modules(tests.bench.__path__):
        if module.name == "__main__" or (names and module.name not in names):
            continue
        main = getattr(importlib.import_module(f"tests.bench.{module.name}"), "main", None)
        if main is not None:
            print(f"\n== {module.name}")
            main()


if __name__ == "__main__":
    run(sys.argv[1:])
