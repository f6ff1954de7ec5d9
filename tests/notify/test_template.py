"""A body of the operator's own: what feeds wrote stays text, and no template costs more than it may."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from service.domain.model import ChannelSpec
from service.notify import ChannelError, DeliveryError, check_channel
from service.notify.body import MAX_BODY
from service.notify.template import template_body, template_problem
from tests.notify.samples import HOSTILE_TEXTS, alert, alerts, infested, outgoing

CARD = """{
  "text": "{{ alert.title }} ({{ alert.rule | upper }})",
  "about": {{ alert.entities | json }},
  "lines": [{% for mention in alert.mentions %}"{{ mention.entity }}: {{ mention.snippet | one_line(80) }}"
    {%- if not loop.last %},{% endif %}{% endfor %}]
}"""


def made(source: str, content: dict[str, Any] | None = None) -> Any:
    return json.loads(template_body(outgoing(content), source, "application/json"))


def test_a_template_makes_a_body() -> None:
    assert made(CARD) == {
        "text": "HPE wins a server deal (SERVER DEALS)",
        "about": ["HPE", "xAI"],
        "lines": ["HPE: Servers from HPE go to xAI, and hpelike words stay plain."],
    }


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_nothing_from_a_feed_breaks_out_or_is_evaluated(text: str) -> None:
    body = made(CARD, infested(text, "https://news.example/"))
    assert set(body) == {"text", "about", "lines"}
    assert "49" not in body["text"], "7*7 in a title stays 7*7"


@settings(max_examples=60, deadline=None)
@given(alerts())
def test_any_alert_makes_json_or_says_why_not(content: dict[str, Any]) -> None:
    try:
        body = template_body(outgoing(content), CARD, "application/json")
    except DeliveryError as error:
        body, said = b"{}", str(error)
    else:
        said = "longer than"
    assert "longer than" in said
    assert len(body) < MAX_BODY
    json.loads(body)


def test_plain_text_is_left_as_it_is() -> None:
    body = template_body(outgoing(alert(title='Say "x" & <y>')), "{{ alert.title }}", "text/plain")
    assert body == b'Say "x" & <y>'


@pytest.mark.parametrize(
    ("source", "why"),
    [
        # more than a body may be
        (
            "{% for a in alert.mentions %}{% for b in alert.title %}{{ alert.reason }}{% endfor %}{% endfor %}" * 50,
            "longer",
        ),
        # memory by multiplying texts or numbers
        ("{{ 'x' * 999999999 }}", "for numbers"),
        ("{{ 9 ** 9 ** 9 }}", "for numbers"),
        ("{{ '%999999999d' % 1 }}", "for numbers"),
        ("{{ 'x'.center(999999999) }}", "not safely callable"),
        # the way out of the sandbox
        ("{{ alert.__class__ }}", "unsafe"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ alert.pop('title') }}", "not safely callable"),
        # what is not there
        ("{{ alert.nothing.at.all }}", "no attribute"),
        ("{% for x in range(10) %}{% endfor %}", "not safely callable"),
        # no JSON
        ("{", "no JSON"),
        ("{{ alert | json }} and more", "no JSON"),
        # more than may be sent, with the mend
        (
            "{% for a in alert.title %}{% for b in alert.title %}{% for c in alert.title %}{{ alert.title }}"
            "{% endfor %}{% endfor %}{% endfor %}",
            "as alert.mentions[:5]",
        ),
        # without an end
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", ""),
    ],
)
def test_a_template_that_fails_is_a_dead_letter_with_the_reason(source: str, why: str) -> None:
    with pytest.raises(DeliveryError, match="template failed") as caught:
        template_body(outgoing(), source, "application/json")
    assert not caught.value.transient
    assert why in str(caught.value)


def test_a_template_that_cannot_be_read_is_refused_with_the_line() -> None:
    assert template_problem("{{ alert.title }}", "application/json") is None
    assert "line 2: " in str(template_problem("{}\n{% if %}", "application/json"))
    assert "No filter named 'tojson'" in str(template_problem("{{ 1 | tojson }}", "application/json"))


@pytest.mark.parametrize(
    ("config", "mend"),
    [
        ({"format": "template"}, "'template' must be a text"),
        ({"format": "template", "template": "{% if %}"}, "'template': line 1"),
        ({"format": "template", "template": "x", "content_type": "text/html"}, "use application/json or text/plain"),
        ({"template": "x"}, "go with format: template"),
        ({"format": "slack", "content_type": "text/plain"}, "go with format: template"),
    ],
)
def test_a_channel_with_a_wrong_template_is_refused(config: dict[str, Any], mend: str) -> None:
    spec = ChannelSpec("hook", "webhook", {"url": "https://hooks.example/", **config})
    with pytest.raises(ChannelError, match=r"channel 'hook'") as caught:
        check_channel(spec)
    assert mend in str(caught.value)
