"""What a rule asks for and nobody tracks: such a rule can never be met, and looks like one that was not met yet."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from service.domain.model import Rule
from service.domain.query import QueryError, entities_in, parse
from service.domain.query.values import is_value

__all__ = ["untracked"]


def untracked(rule: Rule, tracked: Mapping[str, bool]) -> Iterator[str]:
    """A sentence for each entity that the rule names and that is not looked for, with the mend.

    ``tracked``: the names of all entities, and whether each is switched on. A pattern (``entity:*``) names nobody.
    """
    if rule.watch or not rule.enabled:
        return
    try:
        asked = dict.fromkeys(entities_in(parse(rule.query)))
    except QueryError:  # said where queries are checked
        return
    for name in asked:
        fits = [one for one in tracked if is_value(name, one)]
        if "*" in name or any(tracked[one] for one in fits):
            continue
        if fits:
            yield f"rule {rule.name!r} asks for the entity {fits[0]!r}, which is switched off"
            continue
        close = get_close_matches(name, tracked, n=1)
        mend = f"did you mean {close[0]!r}?" if close else "add it, or nothing will be found for it"
        yield f"rule {rule.name!r} asks for the entity {name!r}, which is not tracked: {mend}"
