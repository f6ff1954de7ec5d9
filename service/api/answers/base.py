"""What all shapes have in common."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, WithJsonSchema

__all__ = ["Answer", "Items", "Time"]

Item = TypeVar("Item")
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


class Answer(BaseModel):
    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)


class Items(BaseModel, Generic[Item]):
    """One page of a listing, newest first; the watch list comes whole."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"description": "A page of a listing."})

    items: list[Item]
    next: str | None
    """Give it as `cursor` to get the page behind this one; null on the last page."""
