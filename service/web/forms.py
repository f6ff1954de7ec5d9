"""What a person typed into a form, and what is wrong with it, field by field.

    request -> read() -> Form -> (a mapping as the watch list has it) -> checked -> saved, then 303
                                                                      -> WatchListError -> placed() -> the form again

A form that is shown again holds everything the person wrote; each mistake stands beside its field and in a summary.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile

from service.notify.clean import plain

__all__ = ["WHERE", "Form", "placed", "read"]

WHERE = "form"
"""What a checked mapping is called in the errors of ``service.watchlist``; ``placed`` takes it off again."""

_LONGEST = 50_000
_MOST_FIELDS = 2_000
_PLACE = re.compile(rf"{WHERE}: \w+\[\d+\](?:\.(?P<key>\w+)[\w.]*)?: (?P<problem>.*)", re.DOTALL)
_NAMED = re.compile(r"channel '.*?': '(?P<key>\w+)'")


@dataclass(frozen=True, slots=True)
class Form:
    """``values``: all that came with a name, in order. ``mistakes``: field -> a sentence; the empty name is the whole
    form. ``files``: uploaded bytes."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Form":
        """A form that is filled in: texts, numbers, lists of them; True for a box that is ticked."""
        return cls({key: tuple(_texts(value)) for key, value in values.items()})

    def text(self, name: str) -> str:
        """Trimmed; empty where there is none."""
        return next(iter(self.values.get(name, ())), "").strip()

    def all(self, name: str) -> list[str]:
        """All values of that name that are not blank, each once."""
        return list(dict.fromkeys(value.strip() for value in self.values.get(name, ()) if value.strip()))

    def lines(self, name: str) -> list[str]:
        """The lines, or the parts between commas, of a text."""
        parts = re.split(r"[\n,]", self.text(name))
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def on(self, name: str) -> bool:
        return bool(self.values.get(name))

    def has(self, name: str, value: str) -> bool:
        return value in self.values.get(name, ())

    def mistake(self, name: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        return self.mistakes.get(name, "")

    def wrong(self, mistakes: Mapping[str, str]) -> "Form":
        return replace(self, mistakes={**self.mistakes, **mistakes})


async def read(request: Request) -> Form:
    """The body of a POST, urlencoded or multipart. Raises HTTPException for what no page of ours sends."""
    values: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as given:
        for name, value in given.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            elif len(value) > _LONGEST:
                raise HTTPException(413, f"{name} is longer than {_LONGEST} characters; shorten it")
            else:
                values[name] = (*values.get(name, ()), plain(value))
    return Form(values, files=files)


def placed(error: Exception, known: Iterable[str] | Mapping[str, str]) -> dict[str, str]:
    """The field of which an error of ``service.watchlist`` speaks, and what is wrong there. ``known``: the fields, or
    which of the watch list's keys stands in which field."""
    text = str(error)
    found = _PLACE.fullmatch(text)
    key, problem = (found["key"] or "", found["problem"]) if found else ("", text)
    channel = _NAMED.match(problem)
    if not key and channel:
        key, problem = channel["key"], problem.partition(": ")[2].removeprefix(f"'{channel['key']}': ")
    fields = known if isinstance(known, Mapping) else {name: name for name in known}
    return {fields.get(key, ""): problem}


def _texts(value: Any) -> list[str]:  # noqa: ANN401 - whatever a definition holds
    if value is None or value is False:
        return []
    if isinstance(value, list | tuple):
        return [plain(str(part)) for part in value]
    return ["yes" if value is True else plain(str(value))]
