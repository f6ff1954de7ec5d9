"""What no database holds, what is no character, what is far too long: refused in words at every route, never a 5xx."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from service.domain.access import Scope
from tests.api.test_access import KEY, bearing, make_token
from tests.api.test_description import description
from tests.web.serving import Site

TEXTS = {
    "NUL": "a\x00b",
    "half a pair": "a\ud800b",
    "long": "x" * 10_000,
    "more digits than int() takes": "9" * 5_000 + "d",
    "an address with more bytes than an index of PostgreSQL takes": "https://e.example/"
    + "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(1_900)),
}
"""Where text is expected."""
ANYTHING = (*TEXTS.values(), json.loads("[" * 400 + "]" * 400), 10**400, None)
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # it refuses more than SQLite
PARTS = {"identity": "1", "name": "HPE", "noun": "mentions", "form": "csv", "address": "a@b.example"}
WHOLE: Mapping[str, dict[str, Any]] = {
    "/api/v1/entities/{name}": {
        "aliases": [{"text": "Acme", "strength": "weak", "case": "exact", "language": "en", "forms": "any"}],
        "for": [{"text": "chips", "reach": "near"}],
        "masks": ["Acme Park"],
        "tickers": ["NYSE:ACM"],
        "domains": ["acme.example"],
        "peers": ["HPE"],
        "parent": "Holding",
    },
    "/api/v1/rules/{name}": {
        "query": "entity:HPE",
        "channels": ["desk"],
        "digest": "daily 08:00",
        "timezone": "Europe/Berlin",
        "throttle": {"most": 3, "per": "1h"},
        "volume": {"kind": "spike", "over": "6h", "minimum": 5},
        "quiet_hours": [{"days": ["mon"], "from": "20:00", "to": "08:00"}],
    },
    "/api/v1/channels/{name}": {
        "type": "webhook",
        "url": "https://example.org/in",
        "secret": "s",
        "headers": {"A": "b"},
    },
    "/api/v1/inhibitions/{name}": {"source": {"kind": ["spike"]}, "target": {"rule": ["*"]}, "for": "1d"},
    "/api/v1/searches/{name}": {"query": "entity:HPE", "lists": "articles"},
    "/api/v1/sources": {"url": "https://e.example/f", "title": "t", "tags": ["a"], "language": "en", "interval": "5m"},
}
"""Things of the watch list with most of their keys, right or wrong: what matters is what happens to each."""


def example(described: dict[str, Any], shape: dict[str, Any]) -> Any:
    """A body as the description shows it."""
    for one in (shape, *shape.get("anyOf", [])):
        if "$ref" in one:
            shape = described["components"]["schemas"][one["$ref"].rpartition("/")[2]]
    if "properties" in shape:
        return {name: example(described, field) for name, field in shape["properties"].items()}
    if "examples" in shape:
        return shape["examples"][0]
    if "items" in shape:
        return [example(described, shape["items"])]
    return shape.get("default")


def spoilt(value: Any) -> Iterator[Any]:
    """The value with one part after the other replaced, and with odd keys."""
    yield from ANYTHING
    if isinstance(value, dict):
        for key in value:
            yield from ({**value, key: other} for other in spoilt(value[key]))
        yield {**value, "".join(TEXTS.values()): "x"}
    elif isinstance(value, list) and value:
        yield from ([other] for other in spoilt(value[0]))


def requests(described: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(Method, address, body, if any) with one thing wrong in each."""
    for path, methods in described["paths"].items():
        plain = path.format(**PARTS)
        for method, route in methods.items():
            asked = [one["name"] for one in route.get("parameters", []) if one["in"] == "query"]
            ends = [("wait", "false")] if path.endswith("/events") else []  # else it does not
            content, body = route.get("requestBody", {}).get("content", {}).get("application/json"), None
            if content is not None:
                shown = [one["value"] for one in content.get("examples", {}).values()]
                body = shown[0] if shown else example(described, content["schema"])
                body = WHOLE.get(path, body) if method == "put" else body
            for text in TEXTS.values():
                given = text.encode("utf-8", "surrogatepass")
                short = quote(text[:1_990].encode("utf-8", "surrogatepass"), safe="")
                for part in PARTS:
                    if f"{{{part}}}" in path:
                        yield method, path.format(**PARTS | {part: short}), body
                for name in asked:
                    yield method, f"{plain}?{urlencode([(name, given), *ends])}", None
            if body is not None:
                yield from ((method, plain, other) for other in (body, *spoilt(body)))


async def test_every_route_refuses_in_words(site: Site) -> None:
    await site.desk.track("HPE")
    await site.desk.add_channel("desk", url="http://127.0.0.1:9/in")
    await site.desk.add_rule("everything", "entity:*", "desk")
    await site.desk.alert("everything", await site.desk.publish(names={"HPE": ["HPE"]}), "desk")
    described = await description(site)
    await make_token(site, KEY, Scope.ADMIN)  # the first token that is made below locks the door
    wrong, asked = [], 0
    for method, address, body in requests(described):
        headers = bearing(KEY) | ({"Content-Type": "application/json"} if body is not None else {})
        content = json.dumps(body) if body is not None else None
        answer = await site.client.request(method.upper(), address, content=content, headers=headers)
        asked += 1
        refused = answer.status_code >= 400
        locked_out = answer.status_code == 401 and "key=" not in address
        if answer.status_code >= 500 or locked_out or (refused and not answer.json()["detail"]):
            wrong.append(f"{answer.status_code} {method} {address[:80]} {(content or '')[:200]}")
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(wrong[:40])
    assert asked > 1_500
