"""Scopes hold one another, and guessing gets slow."""

from datetime import timedelta

import pytest

from service.domain.access import Scope, fingerprint, pause_after


def test_each_scope_holds_those_before_it() -> None:
    assert Scope.READ < Scope.WRITE < Scope.ADMIN
    assert [Scope.named(word).word for word in ("read", "write", "admin")] == ["read", "write", "admin"]
    with pytest.raises(KeyError):
        Scope.named("root")


def test_five_wrong_tries_are_free_and_then_the_pause_doubles_to_a_quarter_of_an_hour() -> None:
    assert [pause_after(tries) for tries in range(5)] == [timedelta()] * 5
    assert [pause_after(tries).total_seconds() for tries in (5, 6, 7, 9, 10, 50, 10_000)] == [
        30, 60, 120, 480, 900, 900, 900
    ]  # fmt: skip


def test_what_is_stored_is_the_sha_256() -> None:
    assert fingerprint("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
