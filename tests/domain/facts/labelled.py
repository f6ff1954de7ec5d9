"""The labelled sentences of tests/data/facts, and how far the extraction agrees with them."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from service.domain.facts import Fact, extract_facts
from service.domain.model import Document
from tests.domain.matching.bundled import bundled_matcher

DATA = Path(__file__).parents[2] / "data" / "facts"


@dataclass(frozen=True)
class Wanted:
    kind: str
    amounts: frozenset[tuple[float, str | None, str]]
    parties: dict[str, str | None]
    status: str


@dataclass(frozen=True)
class Example:
    language: str
    text: str
    wanted: Wanted | None
    title: str = ""


@dataclass
class Score:
    """Hits, misses and false ones, summed over all sentences."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def f1(self, what: str) -> float:
        hit, miss, false = (self.counts[f"{what} {outcome}"] for outcome in ("hit", "miss", "false"))
        return 2 * hit / (2 * hit + miss + false)

    def share(self, what: str) -> float:
        hit, miss = self.counts[f"{what} hit"], self.counts[f"{what} miss"]
        return hit / (hit + miss)


def examples(name: str) -> list[Example]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [_example(line) for line in lines if line and not line.startswith("#")]


def _example(line: str) -> Example:
    language, text, fact = (part.strip() for part in line.split(" | "))
    title, _, text = text.rpartition(" // ")
    if fact == "none":
        return Example(language, text, None, title)
    kind, money, parties, status = (part.strip() for part in fact.split(";"))
    amounts = set()
    for one in money.split(" + ") if money != "-" else ():
        number, currency, bound = one.split()
        amounts.add((float(number), None if currency == "-" else currency, bound))
    named: dict[str, str | None] = {}
    for party in parties.split(", ") if parties != "-" else ():
        name, _, role = party.partition("=")
        named[name] = role or None
    return Example(language, text, Wanted(kind, frozenset(amounts), named, status), title)


def facts_of(text: str, title: str = "", language: str | None = None) -> tuple[Fact, ...]:
    document = Document(title, text, language=language)
    return extract_facts(document, bundled_matcher().match(document))


def score(name: str) -> Score:
    result = Score()
    for example in examples(name):
        _compare(example, facts_of(example.text, example.title, example.language), result)
    return result


def _compare(example: Example, facts: tuple[Fact, ...], result: Score) -> None:
    counts, wanted = result.counts, example.wanted
    errors = []
    amounts = {(f.amount, f.currency, str(f.bound)) for f in facts if f.amount is not None}
    right = set(wanted.amounts) if wanted else set()
    _count(counts, "amount", right, amounts)
    if right != amounts:
        errors.append(f"amount {sorted(amounts, key=str)}")
    named = {party.name: party.role for fact in facts for party in fact.parties}
    parties = set(wanted.parties) if wanted else set()
    _count(counts, "party", parties, set(named))
    if parties != set(named):
        errors.append(f"parties +{sorted(set(named) - parties)} -{sorted(parties - set(named))}")
    _count(counts, "fact", {"fact"} if wanted else set(), {"fact"} if facts else set())
    if wanted:
        statuses, kinds = {str(f.status) for f in facts}, {str(f.kind) for f in facts}
        for what, value, got in (("status", wanted.status, statuses), ("kind", wanted.kind, kinds)):
            counts[f"{what} {'hit' if got == {value} else 'miss'}"] += 1
            if got != {value}:
                errors.append(f"{what} {sorted(got)}")
        for party, role in wanted.parties.items():
            if role:
                counts[f"role {'hit' if named.get(party) == role else 'miss'}"] += 1
                if named.get(party, role) != role:
                    errors.append(f"role {party}={named[party]}")
    if errors:
        result.errors.append(f"{example.language} {example.text}\n    {'; '.join(errors)}")


def _count(counts: Counter[str], what: str, wanted: AbstractSet[object], got: AbstractSet[object]) -> None:
    counts[f"{what} hit"] += len(wanted & got)
    counts[f"{what} miss"] += len(wanted - got)
    counts[f"{what} false"] += len(got - wanted)


def report(name: str) -> str:
    found = score(name)
    figures = [f"{what} {found.f1(what):.3f}" for what in ("amount", "party", "fact")]
    figures += [f"{what} {found.share(what):.3f}" for what in ("status", "kind", "role")]
    return ", ".join(figures)
