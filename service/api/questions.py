"""What may be asked of a listing. An unknown parameter is refused: a misspelt filter would show everything."""

from typing import Annotated, Any, Literal, Self

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from service.search import Ask
from service.store.triage import Triage, View

__all__ = [
    "MAX_ID",
    "MAX_LIMIT",
    "AlertQuestion",
    "AlertQuestions",
    "DeliveryQuestions",
    "Identity",
    "MentionQuestion",
    "MentionQuestions",
    "Narrowing",
    "Own",
    "OwnQuestion",
    "OwnQuestions",
    "Text",
    "WithdrawnQuestions",
]

MAX_LIMIT = 500
"""Lines in one answer. Articles come with their text, and the answer is built in memory."""

Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
MAX_ID = 2**63 - 1
Identity = Annotated[int, Path(ge=1, le=MAX_ID)]


class Narrowing(BaseModel):
    """Everything is optional and narrows the listing down."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    q: Text | None = None
    """A query in the language of rules: `entity:HPE confidence>=0.8`."""
    entity: Text | None = None
    """The name of an entity, exactly."""
    source: Text | None = None
    """A source, by title or address, exactly."""
    since: Text | None = None
    """Found at or after this time: `2026-11-22T08:00:00Z`, `2026-11-22`, or before now: `90m`, `7d`."""
    until: Text | None = None
    """Found before this time; written as `since` is."""
    search: Text | None = None
    """The name of a saved search, which must hold as well."""

    @model_validator(mode="before")
    @classmethod
    def _known_parameters(cls, given: Any) -> Any:  # noqa: ANN401 - raw, not yet validated
        if isinstance(given, dict) and (unknown := sorted(set(given) - set(cls.model_fields))):
            known = ", ".join(cls.model_fields)
            raise ValueError(f"unknown parameter {unknown[0]!r}; this listing takes {known}")
        return given

    def ask(self: Self, reader: str = "") -> Ask:
        """``reader``: the key of who asks, whose triage counts."""
        given = self.model_dump()
        view = given.pop("triage", None)
        return Ask(query=given.pop("q"), triage=Triage(reader, view) if view else None, **given)


class Own(BaseModel):
    """Of what who asks has gone through."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    triage: View | None = None
    """Only what you (this token, or this user) are not done with (`open`), have neither read nor done (`unread`), have
    `starred`, or are `done` with."""


class MentionQuestion(Narrowing):
    """A page of a listing."""

    limit: int = Field(default=50, ge=1, le=MAX_LIMIT)
    """At most so many items."""
    cursor: Text | None = None
    """`next` of the page before."""


class OwnQuestion(Own, MentionQuestion):
    """A page of what can be gone through."""


class WithdrawnQuestion(OwnQuestion):
    withdrawn: bool = False
    """Mentions that a rescan or an edit took out, instead of those that stand."""


class AlertQuestion(MentionQuestion):
    rule: Text | None = None
    """The name of a rule, exactly."""


class DeliveryQuestion(AlertQuestion):
    status: Literal["pending", "sent", "retrying", "dead", "suppressed"] | None = None
    """What became of the delivery so far."""


MentionQuestions = Annotated[MentionQuestion, Query()]
OwnQuestions = Annotated[OwnQuestion, Query()]
WithdrawnQuestions = Annotated[WithdrawnQuestion, Query()]
AlertQuestions = Annotated[AlertQuestion, Query()]
DeliveryQuestions = Annotated[DeliveryQuestion, Query()]
