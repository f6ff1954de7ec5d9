"""The watch list's form of an entity: plain mappings in, Entity out, and back. See docs/entities.md for every key."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import re2

from service.domain.matching.derive import default_alias, derive_entity
from service.domain.model import Alias, CaseRule, Context, Entity, Form, Reach, Strength

__all__ = ["DefinitionError", "entity_from_mapping", "entity_to_mapping"]

_KEYS = ("name", "aliases", "for", "against", "masks", "tickers", "domains", "kind", "enabled", "peers", "products",
         "product_names_maker", "parent", "names_parent")  # fmt: skip
_ALIAS_KEYS = ("text", "expression", "strength", "case", "forms", "language")
_CONTEXT_KEYS = ("text", "reach")
_MAX_TEXT = 200
_MAX_EXPRESSION_MEMORY = 1 << 20

E_ = TypeVar("E_", Strength, CaseRule, Form, Reach)
T = TypeVar("T")


class DefinitionError(ValueError):
    """An entity's definition is wrong. ``where`` names the place, ``str()`` place, fault and mend in one sentence."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where
        self.message = message


def entity_from_mapping(data: Mapping[str, Any], where: str = "") -> Entity:
    """Read one entity. ``where`` is its place in the file ("entities[2]"). Raises DefinitionError."""
    if not isinstance(data, Mapping):
        raise DefinitionError(where, "an entity must be a mapping with at least a name, such as {name: Acme}.")
    _only(data, _KEYS, where)
    name = _text(data.get("name"), _at(where, "name"))
    aliases = _each(data, "aliases", where, _alias)
    entity = Entity(
        name=name,
        aliases=aliases or derive_entity(name)[0].aliases,
        contexts_for=_each(data, "for", where, _context),
        contexts_against=_each(data, "against", where, _context),
        masks=_each(data, "masks", where, _text),
        tickers=_each(data, "tickers", where, _ticker),
        domains=_each(data, "domains", where, _domain),
        kind=_text(data.get("kind", "company"), _at(where, "kind")),
        enabled=_flag(data, "enabled", True, where),
        peers=_each(data, "peers", where, _text),
        products=_each(data, "products", where, _text),
        product_names_maker=_flag(data, "product_names_maker", False, where),
        parent=None if data.get("parent") is None else _text(data["parent"], _at(where, "parent")),
        names_parent=_flag(data, "names_parent", False, where),
    )
    if entity.names_parent and entity.parent is None:
        raise DefinitionError(_at(where, "names_parent"), "there is no parent to name: add “parent”.")
    return entity


def entity_to_mapping(entity: Entity) -> dict[str, Any]:
    """The mapping that ``entity_from_mapping`` reads back as an equal entity; defaults are left out.

    An entity without aliases comes back with the derived ones.
    """
    data: dict[str, Any] = {"name": entity.name}
    if entity.aliases:
        data["aliases"] = [_alias_mapping(alias) for alias in entity.aliases]
    for key, contexts in (("for", entity.contexts_for), ("against", entity.contexts_against)):
        if contexts:
            data[key] = [_context_mapping(context) for context in contexts]
    for key in ("masks", "tickers", "domains", "peers", "products"):
        if getattr(entity, key):
            data[key] = list(getattr(entity, key))
    if entity.kind != "company":
        data["kind"] = entity.kind
    if entity.parent is not None:
        data["parent"] = entity.parent
    for key in ("product_names_maker", "names_parent"):
        if getattr(entity, key):
            data[key] = True
    if not entity.enabled:
        data["enabled"] = False
    return data


def _alias_mapping(alias: Alias) -> str | dict[str, Any]:
    if alias == default_alias(alias.text):
        return alias.text
    data: dict[str, Any] = {"expression" if alias.expression else "text": alias.text}
    data["strength"] = alias.strength.value
    if alias.forms:
        data["forms"] = [form.value for form in alias.forms]
    if alias.case is CaseRule.ANY or not alias.forms:
        data["case"] = alias.case.value
    if alias.language is not None:
        data["language"] = alias.language
    return data


def _context_mapping(context: str | Context) -> str | dict[str, str]:
    if isinstance(context, str):
        return context
    return {"text": context.text, "reach": context.reach.value}


def _alias(value: object, where: str) -> Alias:
    if isinstance(value, str):
        return default_alias(_text(value, where))
    if not isinstance(value, Mapping):
        raise DefinitionError(where, "an alias is a text, or a mapping with “text”.")
    _only(value, _ALIAS_KEYS, where)
    if ("text" in value) == ("expression" in value):
        raise DefinitionError(where, "give either “text” or “expression”.")
    strength = _choice(value.get("strength", "strong"), Strength, _at(where, "strength"))
    language = None if value.get("language") is None else _language(value["language"], _at(where, "language"))
    forms = tuple(_each(value, "forms", where, lambda v, w: _choice(v, Form, w)))
    case = None if "case" not in value else _choice(value["case"], CaseRule, _at(where, "case"))
    if "expression" in value:
        text = _expression(value["expression"], _at(where, "expression"))
        if forms:
            raise DefinitionError(_at(where, "forms"), "an expression takes “case: exact” or “case: any” instead.")
        return Alias(text, strength, case or CaseRule.EXACT, language, (), True)
    text = _text(value["text"], _at(where, "text"))
    if forms:
        return Alias(text, strength, case or CaseRule.EXACT, language, forms)
    if case is None:
        return default_alias(text, strength, language)
    return Alias(text, strength, case, language)


def _context(value: object, where: str) -> str | Context:
    if isinstance(value, str):
        return _words(value, where)
    if not isinstance(value, Mapping):
        raise DefinitionError(where, "a context is a text, or a mapping with “text” and “reach”.")
    _only(value, _CONTEXT_KEYS, where)
    text = _words(value.get("text"), _at(where, "text"))
    return Context(text, _choice(value.get("reach", "paragraph"), Reach, _at(where, "reach")))


def _words(value: object, where: str) -> str:
    """A context's text, which may hold signs only beside ``{}`` ("{} =")."""
    text = _text(value, where, bare=True)
    if not text.replace("{}", "").strip(" *") or text.count("{}") > 1:
        raise DefinitionError(where, "a context needs words of its own, and at most one {} for the name.")
    return text


def _text(value: object, where: str, *, bare: bool = False) -> str:
    if not isinstance(value, str):
        kind = "nothing" if value is None else type(value).__name__
        raise DefinitionError(where, f"a text is needed here, not {kind}; put it in quotes.")
    text = " ".join(value.split())
    if not bare and not any(character.isalnum() for character in text):
        raise DefinitionError(where, "the text holds no letter or digit.")
    if len(text) > _MAX_TEXT:
        raise DefinitionError(where, f"the text is longer than {_MAX_TEXT} characters; shorten it.")
    return text


def _expression(value: object, where: str) -> str:
    text = _text(value, where)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_EXPRESSION_MEMORY
    try:
        compiled = re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise DefinitionError(where, f"not an expression in RE2 syntax ({reason}).") from error
    if compiled.match("") is not None:
        raise DefinitionError(where, "the expression matches nothing at all; make it need at least one character.")
    return text


def _ticker(value: object, where: str) -> str:
    text = _text(value, where)
    symbol = text.rpartition(":")[2].strip()
    if not symbol or " " in symbol or symbol != symbol.upper():
        raise DefinitionError(where, "a ticker is written like “ACME” or “NYSE:ACME”, in capitals.")
    return text


def _domain(value: object, where: str) -> str:
    text = _text(value, where).lower()
    if "/" in text or " " in text or "." not in text.strip("."):
        raise DefinitionError(where, "a domain is written like “example.com”, without “https://” or a path.")
    return text


def _language(value: object, where: str) -> str:
    if not isinstance(value, str) or len(value) != 2 or not value.isalpha():
        raise DefinitionError(where, "a language is two letters, such as “de” (in quotes for “no”).")
    return value.lower()


def _choice(value: object, kind: type[E_], where: str) -> E_:
    for member in kind:
        if member.value == value:
            return member
    known = ", ".join(f"“{member.value}”" for member in kind)
    raise DefinitionError(where, f"“{value}” is not known here; use one of {known}.")


def _flag(data: Mapping[str, Any], key: str, default: bool, where: str) -> bool:
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise DefinitionError(_at(where, key), "use true or false.")
    return value


def _each(data: Mapping[str, Any], key: str, where: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    values = data.get(key)
    if values is None:
        return ()
    place = _at(where, key)
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise DefinitionError(place, "a list is needed here, such as [one, two].")
    return tuple(read(value, f"{place}[{index}]") for index, value in enumerate(values))


def _only(data: Mapping[Any, Any], known: Sequence[str], where: str) -> None:
    for key in data:
        if key not in known:
            raise DefinitionError(_at(where, str(key)), f"unknown key; known are {', '.join(known)}.")


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
