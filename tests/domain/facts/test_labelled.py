"""The labelled sentences: own words, a dozen languages, a third of them hard negatives or nearly so.

``seen.txt`` was looked at while the rules were made; the errors on ``held_out.txt`` were not, but the same hand wrote
both before the rules. ``later.txt`` was written after them: at first amounts came to 0.90 there, parties to 0.89 and
statuses to 0.77, which says more about unknown sentences than the other two. ``news.txt`` holds the constructions that
real reports use and the first three did not, ``reports.txt`` the classes of error that further reports showed, and
``passages.txt`` those of still more; some of its errors are left. ``wires.txt`` is in the manner of wires and releases;
a quarter of its passages have an error that is left, and docs/facts.md says how it was read before the rules knew it.
"""

import json
from pathlib import Path

import pytest

from tests.domain.facts.labelled import examples, facts_of, score

FILES = (
    ("seen.txt", 0.97, 0.95), ("held_out.txt", 0.97, 0.85), ("later.txt", 0.97, 0.80), ("news.txt", 0.97, 0.90),
    ("reports.txt", 0.97, 0.90), ("passages.txt", 0.97, 0.75), ("wires.txt", 0.96, 0.80),
)  # fmt: skip
"""With how far its amounts must be right (F1), and the share of right parts that it must reach."""
DEVELOPMENT = Path(__file__).parents[4] / "shared" / "data" / "matching" / "dev.jsonl"


def test_there_are_enough_of_them() -> None:
    found = [example for name, _, _ in FILES for example in examples(name)]
    assert len(found) >= 580
    assert len({example.text for example in found}) == len(found)
    assert len({example.language for example in found}) == 10
    assert sum(example.wanted is None for example in found) >= 55


@pytest.mark.parametrize(("name", "amount", "role"), FILES)
def test_facts_are_as_labelled(name: str, amount: float, role: float) -> None:
    found = score(name)
    assert found.f1("amount") >= amount, found.errors
    assert found.f1("party") >= 0.90, found.errors
    assert found.share("status") >= 0.85, found.errors
    assert found.share("kind") >= 0.90, found.errors
    assert found.share("role") >= role, found.errors
    assert found.f1("fact") >= 0.95, found.errors


@pytest.mark.skipif(not DEVELOPMENT.is_file(), reason="the development passages are not part of the project")
def test_deals_of_real_passages() -> None:
    """Amounts and tracked parties; two of the fourteen name no currency or no word for a deal."""
    right, deals = 0, 0
    for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines():
        passage = json.loads(line)
        for wanted in passage["facts"]:
            deals += 1
            facts = facts_of(passage["text"], passage["title"], passage["lang"])
            tracked = set(wanted["parties"]) & {"HPE", "Oracle", "xAI", "Supermicro"}
            right += any(
                (wanted["amount"] is None) == (fact.amount is None)
                and tracked & {party.name for party in fact.parties} == tracked
                for fact in facts
            )
    assert deals > 10
    assert right / deals >= 0.7
