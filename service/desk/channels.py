"""Trying a channel out: a real message marked as a test, or what would be sent; and who left it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Conflict, Unknown
from service.desk.outside import Outside
from service.domain.alerting import rfc3339
from service.domain.model import ChannelSpec
from service.domain.sending import Copy
from service.notify import ChannelError, DeliveryError, Outgoing
from service.notify.clean import one_line
from service.store import alerts, outbox, unsubscribed, watchlist
from service.store.engine import Database

__all__ = ["Tested", "kept_back", "preview", "resubscribe", "send_test", "too_large"]

_MOST_MENTIONS = 20
"""In an alert, as docs/formats.md has it."""
_EXCERPT = 300
_REFUSED_US = "It does not know us: check the secret or the token, or whether the address is still valid."
_LOGIN = "The user or the password is wrong: check NEWSVANE_SMTP_URL, and start newsvane again."
_MENDS = {
    401: _REFUSED_US,
    403: _REFUSED_US,
    404: "Nothing takes messages at this address: copy it again from where it was made.",
    405: "This address is a page to look at, it takes no messages: copy the webhook's own.",
    410: "This address was closed: make a new one there.",
    530: _LOGIN,
    534: _LOGIN,
    535: _LOGIN,
}
"""By the receiver's status: of HTTP (RFC 9110 section 15.5), of SMTP (RFC 4954 section 6)."""


@dataclass(slots=True)
class Tested:
    """The conversation, without secrets. ``problem``: why nothing was sent, and a mend; None when the receiver took it.
    ``status``: what the receiver answered, of either; None where it did not come so far."""

    lines: list[str] = field(default_factory=list)
    problem: str | None = None
    status: int | None = None
    said: str = ""
    copies: list[Copy] = field(default_factory=list)
    """How it went with each recipient of a mail."""


async def send_test(
    db: Database, outside: Outside, name: str, *, now: datetime, tell: Callable[[str], None] = lambda line: None
) -> Tested:
    """Send a real message over a channel; ``tell`` hears each line at once. Raises Unknown."""
    channel = await _find(db, name)
    found = Tested()

    def note(line: str) -> None:
        found.lines.append(line)
        tell(line)

    async def mark(copy: Copy, _more: bool) -> None:
        found.copies.append(copy)

    message = Outgoing(f"msg_{outside.new_id()}", _test_alert(name, outside.new_id(), now), now, mark=mark)
    async with outside.open_channels(await _link_key(db, outside)) as open_channel:
        try:
            receipt = await open_channel(channel, note).send(message, now=now)
        except (ChannelError, DeliveryError) as error:
            found.problem, found.status = _problem(error), getattr(error, "status", None)
            return found
    found.status, found.said = receipt.status, receipt.excerpt
    return found


def _problem(error: ChannelError | DeliveryError) -> str:
    """What went wrong, what the receiver said of it, and what mends it as often as not."""
    said = one_line(getattr(error, "excerpt", ""), _EXCERPT)
    told = f"It said: {said.rstrip('.')}." if said and said not in str(error) else ""
    text = str(error) if str(error).endswith((".", "!", "?")) else f"{error}."
    return " ".join(filter(None, [text, told, _MENDS.get(getattr(error, "status", None) or 0)]))


async def preview(db: Database, outside: Outside, name: str, alert: str | None = None, *, now: datetime) -> str:
    """What would be sent over a channel: a stored alert, or else a test message. Raises Unknown, and Conflict for a
    channel that cannot send."""
    channel, made = await _find(db, name), now
    content: Mapping[str, Any] = _test_alert(name, outside.new_id(), now)
    if alert is not None:
        async with db.read() as session:
            stored = await alerts.stored_alert(session, alert)
        if stored is None:
            raise Unknown("alert", alert)
        content, made = stored
    async with outside.open_channels(await _link_key(db, outside)) as open_channel:
        try:
            return open_channel(channel, None).preview(Outgoing(f"msg_{outside.new_id()}", content, made))
        except (ChannelError, DeliveryError) as error:
            raise Conflict(str(error)) from error


async def too_large(db: Database, outside: Outside, name: str, *, now: datetime) -> str | None:
    """What would happen to the largest alert there can be, when a channel cannot send that; None when it can.

    A template of the operator's own may do well with a test, and fail on the day of the great news. Raises Unknown.
    """
    channel = await _find(db, name)
    if "template" not in channel.config:
        return None  # everything else is brought down to what may be sent
    async with outside.open_channels(await _link_key(db, outside)) as open_channel:
        try:
            open_channel(channel, None).preview(Outgoing(f"msg_{outside.new_id()}", _large_alert(now), now))
        except ChannelError:
            return None  # nothing can be sent at all, which is told already
        except DeliveryError as error:
            return f"An alert of {_MOST_MENTIONS} mentions with long texts would not be sent. {error}"
    return None


async def kept_back(session: AsyncSession, name: str) -> int:
    """How many deliveries were not even tried while the channel was off: retrying them is a decision of its own."""
    return await outbox.kept_back(session, name)


async def resubscribe(session: AsyncSession, name: str, address: str) -> None:
    """Send mails of a channel again to an address that had unsubscribed. Raises Unknown."""
    if not await unsubscribed.come_back(session, name, address):
        raise Unknown("address", address, f"{address} has not unsubscribed from channel {name!r}")


async def _link_key(db: Database, outside: Outside) -> bytes:
    """A test before the first start has the links that all mails will have."""
    async with db.read() as session:
        key = await unsubscribed.link_key(session)
    if key is not None:
        return key
    async with db.write() as session:
        return await unsubscribed.made_link_key(session, bytes.fromhex(outside.new_id() + outside.new_id()))


async def _find(db: Database, name: str) -> ChannelSpec:
    async with db.read() as session:
        for channel in await watchlist.channels(session):
            if channel.name == name:
                return channel
    raise Unknown("channel", name)


def _large_alert(moment: datetime) -> dict[str, Any]:
    """All that a template may ask for, and much of it."""
    text, at = "News about a company and all that it has announced. " * 10, rfc3339(moment)
    url = "https://news.example.org/" + "a" * 150
    story = {"id": 1, "title": text[:200], "url": url}
    mention = {
        "id": 1,
        "entity": "A Company",
        "title": text[:200],
        "url": url,
        "canonical_url": url,
        "source": "A source",
        "article": 1,
        "story": 1,
        "language": "en",
        "published_at": at,
        "discovered_at": at,
        "snippet": text[:400],
        "confidence": 0.9,
        "salience": "main",
        "count": 3,
        "backfilled": False,
        "names": ["A Company"],
        "evidence": [text[:120]] * 3,
        "facts": [],
        "spans": [],
    }
    fact = {
        "kind": "contract",
        "status": "announced",
        "parties": ["A Company", "Another"],
        "roles": [],
        "amount": 1_000_000.0,
        "upper": None,
        "currency": "USD",
        "bound": "exact",
        "quantities": [],
        "reported_by": None,
        "sentence": text[:300],
    }
    return _test_alert("large", "0" * 32, moment) | {
        "kind": "group",
        "url": url,
        "story": story,
        "entities": ["A Company"] * 10,
        "mentions": [mention] * _MOST_MENTIONS,
        "mention_count": _MOST_MENTIONS,
        "facts": [fact] * _MOST_MENTIONS,
        "how": {"delivery": "group", "group_by": "story", "priority": "normal"},
    }


def _test_alert(name: str, identity: str, moment: datetime) -> dict[str, Any]:
    return {
        "id": f"alt_{identity}",
        "rule": "test",
        "kind": "notice",
        "title": f"Test of channel “{name}”",
        "url": "",
        "reason": "Somebody asked newsvane to test this channel. Nothing happened in the news.",
        "created_at": rfc3339(moment),
        "story": None,
        "entities": [],
        "mentions": [],
        "mention_count": 0,
        "facts": [],
    }
