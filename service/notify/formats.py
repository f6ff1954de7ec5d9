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
from service.notify.chat import Part, more_of, parts_of
from service.notify.clean import cut
from service.notify.message import Page, page
from service.notify.subject import subject

__all__ = ["READY_FORMATS", "ready_body"]

_LONGEST_NAME: Final = 150
_LONGEST_FIELD: Final = 480
"""Characters. Discord takes 6,000 in all: seven fields, the headline, the reason and the footer."""


def ready_body(message: Outgoing, name: str) -> bytes:
    """The request's body for one of READY_FORMATS; UTF-8 JSON under 20 kB. KeyError for any other name."""
    content = READY_FORMATS[name](page(message.alert), subject(message.alert))
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _slack(shown: Page, headline: str) -> dict[str, Any]:
    def linked(text: str, url: str) -> str:
        # A bar would end the address inside <address|text>.
        return f"<{_for_slack(url.replace('|', '%7C'))}|{_for_slack(text)}>" if url else _for_slack(text)

    sections = [f"*{linked(shown.title, shown.url)}*\n{_for_slack(shown.reason)}"]
    for part in parts_of(shown):
        heading = _labelled(f"*{_for_slack(part.label)}*" if part.label else "", linked(*part.head))
        sections.append("\n".join([heading, *(_bullet(part, linked(*line)) for line in part.lines)]))
    blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in sections]
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _for_slack(_footer(shown))}]})
    return {"text": _for_slack(headline), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _discord(shown: Page, headline: str) -> dict[str, Any]:
    fields = [
        {
            "name": _in_markdown(_labelled(part.label, cut(part.head[0], 90)), _LONGEST_NAME),
            "value": _field([_bullet(part, _markdown_link(*line, _LONGEST_FIELD - 2)) for line in part.lines]),
        }
        for part in parts_of(shown)
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
    for part in parts_of(shown):
        body.append(runs({"text": _labelled(part.label, part.head[0]), "weight": "Bolder"}))
        lines = [_run(_bullet(part, text), url) for text, url in part.lines]
        body += [runs(line) for line in lines] or [runs({"text": " "})]
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
    for part in parts_of(shown):
        label = f"**{_uncalled(part.label)}**" if part.label else ""
        told = [_bullet(part, _uncalled_link(*line)) for line in part.lines]
        lines.append("\n".join([_labelled(label, _uncalled_link(*part.head)), *told]))
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


def _labelled(label: str, head: str) -> str:
    return f"{label}: {head}" if label else head


def _bullet(part: Part, line: str) -> str:
    """Of several lines each has a mark; a lone one is the text itself."""
    return f"• {line}" if len(part.lines) > 1 else line


def _footer(shown: Page) -> str:
    more = more_of(shown)
    return f"Rule {shown.rule}, alert {shown.alert_id}" + (f", {more}" if more else "")


def _run(text: str, url: str) -> dict[str, Any]:
    return {"text": text or " "} | ({"selectAction": {"type": "Action.OpenUrl", "url": url}} if url else {})


def _field(lines: list[str]) -> str:
    """As many whole lines as Discord has room for: a cut link would be none."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) <= _LONGEST_FIELD:
            kept.append(line)
    return "\n".join(kept) or "-"


def _markdown_link(text: str, url: str, limit: int) -> str:
    # A bracket would end the address inside [text](address).
    address = url.replace("(", "%28").replace(")", "%29")
    return f"[{_in_markdown(text, limit)}]({address})" if url else _in_markdown(text, limit)


def _for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _in_markdown(text: str, limit: int) -> str:
    r"""``text`` with every Markdown character behind a backslash, at most ``limit`` characters with the backslashes."""
    escaped = re.sub(r"([\\`*_{}\[\]()<>#+.!|~:-])", r"\\\1", text)
    # A cut may leave a single backslash at the end, which would swallow the ellipsis: harmless.
    return cut(escaped, limit)


def _uncalled(text: str) -> str:
    return _in_markdown(text, 1000).replace("@", "@\u200b")


def _uncalled_link(text: str, url: str) -> str:
    return _markdown_link(text, url.replace("@", "%40"), 1000).replace("@", "@\u200b")
