"""What a rule would have told over the last days, before it is saved: a definition in, figures out. Reads only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import yaml

from service.domain.alerting import CompiledRule
from service.domain.alerting_policy import policy_of
from service.domain.model import Rule
from service.domain.preview import Preview
from service.domain.query import parse
from service.pipeline.preview import Asked, preview_rule
from service.store import silences, watchlist
from service.store.engine import Database
from service.watchlist import parse_watchlist

__all__ = ["forecast"]


async def forecast(
    db: Database, item: Mapping[str, Any], was: str, *, now: datetime, where: str, first_poll_summary: bool
) -> Preview | None:
    """Of the rule that ``item`` defines, beside the one of the name ``was``; None for a rule on newsvane itself.

    Raises WatchListError.
    """
    (rule,) = parse_watchlist(yaml.safe_dump({"rules": [dict(item)]}), where).rules
    if rule.watch:
        return None
    async with db.read() as session:
        stands = next((one for one in await watchlist.rules(session) if one.name == was and not one.watch), None)
        standing = await silences.standing(session)
    asked = Asked(now, lambda _: None, first_poll_summary)
    return await preview_rule(db, _compiled(rule), _compiled(stands) if stands else None, standing, asked)


def _compiled(rule: Rule) -> CompiledRule:
    return CompiledRule(rule, parse(rule.query), policy_of(rule.options))
