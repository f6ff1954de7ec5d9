"""Channels and the ledger from the command line: what would be sent, what was kept back, and all of an alert."""

import json

from tests.cli.command import Command

HOOK = "http://127.0.0.1:9/hook"


def test_a_channel_off_is_told_and_what_it_kept_back_is_due_again(scratch: Command) -> None:
    name = scratch("channels", "--format", "jsonl").lines[0]["name"]
    assert scratch("channels", "disable", name).status == 0
    refused = scratch("deliveries", "retry", "--channel", name)
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert f"channel {name!r} is switched off: enable it first" in refused.err
    assert scratch("channels", "enable", name).status == 0
    assert scratch("deliveries", "retry", "--channel", name).out.strip() == "there is nothing to try again"
    assert scratch("deliveries", "retry").status == 2
    assert scratch("deliveries", "retry", "dlv_1", "--status", "dead").status == 2


def test_a_template_is_previewed_with_a_stored_alert(scratch: Command) -> None:
    (alert,) = scratch("alerts", "--limit", "1", "--format", "jsonl").lines
    source = '{"what": "{{ alert.title }}"}'
    listed = f"channels: [{{name: own, type: webhook, url: '{HOOK}', format: template, template: '{source}'}}]"
    assert scratch("apply", "-", given=listed).status == 0
    shown = scratch("channels", "preview", "own", "--alert", alert["id"])
    assert json.loads(shown.out) == {"what": alert["title"]}
    assert "Test of channel" in scratch("channels", "preview", "own").out
    told = scratch("channels", "test", "own")
    assert told.status == 1, "nobody listens there"
    assert "> POST http://127.0.0.1:9/..." in told.out
    assert scratch("channels", "preview", "nobody").status == 1


def test_a_template_that_large_alerts_break_is_told_before_one_comes(scratch: Command) -> None:
    source = '{"all": {{ alert | json }}, "again": {{ alert | json }}}'
    listed = f"channels: [{{name: long, type: webhook, url: '{HOOK}', format: template, template: '{source}'}}]"
    assert scratch("apply", "-", given=listed).status == 0
    shown = scratch("channels", "preview", "long")
    assert (shown.status, json.loads(shown.out)["all"]["kind"]) == (0, "notice")
    assert "An alert of 20 mentions with long texts would not be sent" in shown.err
    assert "longer than 20,000 bytes. Write out less of the alert, as alert.mentions[:5]" in shown.err
    mended = listed.replace("{{ alert | json }}", "{{ alert.mentions[:5] | json }}")
    assert scratch("apply", "-", given=mended).status == 0
    again = scratch("channels", "preview", "long")
    assert (again.status, again.err) == (0, "")


def test_an_alert_shows_its_ledger(filled: Command) -> None:
    (alert,) = filled("alerts", "--limit", "1", "--format", "jsonl").lines
    ledger = json.loads(filled("alerts", "show", alert["id"]).out)
    assert ledger["reason"] == alert["reason"]
    assert all(delivery["attempts_made"] for delivery in ledger["deliveries"] if delivery["status"] == "sent")
    assert filled("alerts", "show", "alt_unknown").status == 1


def test_who_never_left_cannot_come_back(scratch: Command) -> None:
    assert scratch("channels", "unsubscribed", "desk").out == ""
    assert scratch("channels", "resubscribe", "desk", "ann@example.org").status == 1
