"""An alert in the words of a chat service's incoming webhook. Pure; the same alert always gives the same bytes.

What came from feeds is escaped as each service asks, so that it can neither call people (``@channel``), nor set links,
nor load images:
- Slack: ``&``, ``<`` and ``>`` as entities (https://docs.slack.dev/messaging/formatting-message-text).
- Discord: Markdown escaped, ``allowed_mentions`` empty (https://discord.com/developers/docs/resources/webhook).
- Microsoft Teams: an Adaptive Card of text runs, which know no Markdown (https://adaptivecards.io/explorer/TextRun.html).
- Mattermost: Markdown escaped, a zero width space after ``@`` (https://developers.mattermost.com/integrate/webhooks/).
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from service.notify.channel import Outgoing
from service.notify.clean import cut
from service.notify.message import MentionBlock, Page, page, subject

__all__ = ["READY_FORMATS", "ready_body"]

_SHOWN: Final = 5
"""Mentions in a chat message; it says how many more there are."""


def ready_body(message: Outgoing, name: str) -> bytes:
    """The request's body for one of READY_FORMATS; UTF-8 JSON under 20 kB. KeyError for any other name."""
    content = READY_FORMATS[name](page(message.alert), subject(message.alert))
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _slack(shown: Page, headline: str) -> dict[str, Any]:
    def linked(text: str, url: str) -> str:
        # A bar would end the address inside <address|text>.
        return f"<{_for_slack(url.replace('|', '%7C'))}|{_for_slack(text)}>" if url else _for_slack(text)

    sections = [f"*{linked(shown.title, shown.url)}*\n{_for_slack(shown.reason)}"]
    for mention in _first(shown):
        heading = f"*{_for_slack(mention.entity)}*: {linked(mention.title, mention.url)}"
        sections.append(f"{heading}\n{_for_slack(_quoted(mention))}")
    blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in sections]
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _for_slack(_footer(shown))}]})
    return {"text": _for_slack(headline), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _discord(shown: Page, headline: str) -> dict[str, Any]:
    fields = [
        {
            "name": _in_markdown(f"{mention.entity}: {cut(mention.title, 90)}", 250),
            "value": _in_markdown(_quoted(mention), 1000) or "-",
        }
        for mention in _first(shown)
    ]
    embed: dict[str, Any] = {
        "title": _in_markdown(headline, 250),
        "description": _in_markdown(shown.reason, 1000),
        "fields": fields,
        "footer": {"text": _footer(shown)},
    }
    if shown.url:
        embed["url"] = shown.url
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _teams(shown: Page, headline: str) -> dict[str, Any]:
    def runs(*inlines: dict[str, Any]) -> dict[str, Any]:
        return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **inline} for inline in inlines]}

    body = [runs({"text": headline, "weight": "Bolder", "size": "Medium"}), runs({"text": shown.reason or " "})]
    for mention in _first(shown):
        body.append(runs({"text": f"{mention.entity}: {mention.title}", "weight": "Bolder"}))
        body.append(runs({"text": _quoted(mention) or " "}))
    body.append(runs({"text": _footer(shown), "isSubtle": True, "size": "Small"}))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if shown.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the article", "url": shown.url}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _mattermost(shown: Page, headline: str) -> dict[str, Any]:
    lines = [_uncalled(shown.reason)]
    lines += [
        f"**{_uncalled(mention.entity)}**: {_uncalled(mention.title)}\n{_uncalled(_quoted(mention))}"
        for mention in _first(shown)
    ]
    attachment = {
        "fallback": _uncalled(headline),
        "title": _uncalled(headline),
        "text": "\n\n".join(lines),
        "footer": _uncalled(_footer(shown)),
    }
    if shown.url:
        attachment["title_link"] = shown.url
    return {"attachments": [attachment]}


READY_FORMATS: Final[dict[str, Callable[[Page, str], dict[str, Any]]]] = {
    "slack": _slack,
    "discord": _discord,
    "teams": _teams,
    "mattermost": _mattermost,
}


def _first(shown: Page) -> tuple[MentionBlock, ...]:
    return shown.mentions[:_SHOWN]


def _quoted(mention: MentionBlock) -> str:
    snippet = cut("".join(piece for piece, _ in mention.snippet), 240)
    return f"{snippet} ({mention.about})" if snippet and mention.about else snippet or mention.about


def _footer(shown: Page) -> str:
    more = shown.mention_count - len(_first(shown))
    return f"Rule {shown.rule}, alert {shown.alert_id}" + (f", {more} more mentions" if more > 0 else "")


def _for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _in_markdown(text: str, limit: int) -> str:
    r"""``text`` with every Markdown character behind a backslash, at most ``limit`` characters with the backslashes."""
    escaped = re.sub(r"([\\`*_{}\[\]()<>#+.!|~:-])", r"\\\1", text)
    # A cut may leave a single backslash at the end, which would swallow the ellipsis: harmless.
    return cut(escaped, limit)


def _uncalled(text: str) -> str:
    return _in_markdown(text, 1000).replace("@", "@\u200b")
