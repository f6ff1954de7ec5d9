"""Tokens and users on the command line."""

from tests.cli.command import Command


def test_a_token_is_shown_once_and_told_by_its_beginning(empty: Command) -> None:
    made = empty("token", "create", "wallboard", "--scope", "read", "--expires", "90d")
    token = made.out.strip()
    assert made.status == 0
    assert token.startswith("nv_")
    assert len(token) == 46
    (line,) = empty("token", "list", "--format", "jsonl").lines
    assert (line["name"], line["begins"], line["scope"]) == ("wallboard", token[:7], "read")
    assert token not in "".join(empty.contents())
    assert "wallboard" in empty("token").out


def test_names_are_unique_until_revoked(empty: Command) -> None:
    empty("token", "create", "bot")
    again = empty("token", "create", "bot")
    assert (again.status, again.out) == (1, "")
    assert "there is a token named 'bot'" in again.err
    assert empty("token", "revoke", "bot").out == "revoked: bot\n"
    assert empty("token", "revoke", "bot").status == 1
    assert empty("token", "create", "bot").status == 0


def test_one_unknown_name_revokes_none(empty: Command) -> None:
    empty("token", "create", "bot")
    assert empty("token", "revoke", "bot", "nobody").status == 1
    assert empty("token", "revoke", "bot").status == 0


def test_a_user_is_added_changed_and_removed(empty: Command) -> None:
    assert empty("users", "add", "ana", given="four words make it\n").out == "added: ana, who may read\n"
    changed = empty("users", "add", "ana", "--scope", "write", given="another four words\n")
    assert changed.out == "changed: ana, who may write\n"
    assert [line["scope"] for line in empty("users", "--format", "jsonl").lines] == ["write"]
    assert "four words" not in "".join(empty.contents())
    assert empty("users", "remove", "ana").status == 0
    assert empty("users", "remove", "ana").status == 1


def test_a_short_password_changes_nothing(empty: Command) -> None:
    empty("users")
    before = empty.contents()
    refused = empty("users", "add", "ana", given="short\n")
    assert refused.status == 2
    assert "has 5 characters; take at least 12" in refused.err
    assert empty.contents() == before


def test_a_daemon_that_others_can_reach_starts_only_with_a_token(empty: Command) -> None:
    command = Command(
        empty.folder, {"NEWSVANE_LISTEN": "0.0.0.0:0", "NEWSVANE_WATCHLIST": str(empty.folder / "w.yaml")}
    )
    (empty.folder / "w.yaml").write_text("sources: []\n", encoding="utf-8")
    refused = command("run")
    assert refused.status == 2
    assert "no token exists: make one first" in refused.err
