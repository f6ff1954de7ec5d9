"""Names that everybody knows: given names and titles of persons, and companies as a list of peers has them.

They tell what stands *beside* a name. None of them is looked for, and none proves anything about an entity by itself.
"""

from functools import cache
from importlib.resources import files

__all__ = ["TITLES", "is_given_name", "is_known_company"]

TITLES = frozenset(
    "mr mrs mister dr prof professor sir dame lord lady judge justice senator sen rep governor gov mayor "  # noqa: SIM905
    "sheriff captain capt sergeant lieutenant colonel chancellor secretary detective herr frau "
    "rev reverend rabbi imam archbishop bishop monsieur madame señor señora signor signora".split()
)
"""What stands before a person's surname, in small letters and without a dot."""


@cache
def _given_names() -> frozenset[str]:
    return frozenset(_text("given_names.txt").split())


@cache
def _companies() -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in _text("known_companies.txt").split(","))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def is_given_name(word: str) -> bool:
    """Whether ``word`` (any case) is a usual given name, and no everyday word or place that may begin a sentence."""
    return word.casefold() in _given_names()


def is_known_company(name: str) -> bool:
    """Whether ``name`` (any case, hyphens as spaces) is a company that most readers of news know."""
    return name.casefold().replace("-", " ") in _companies()
