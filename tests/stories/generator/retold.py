"""Versions of one news in other words: names and figures stay, in another order, and some are left out."""

import random

from tests.stories.generator import vocabulary as v

__all__ = ["cast_of_facts", "retold"]

FRAMES = (
    "The {word} {word} of {name} {verb} {word} {name} {word} {figure}.",
    "{name} {verb} {figure} {word} in the {word} {word}, while {name} {word} {figure}.",
    "{word} {word} and {figure} {word}, {name} {verb}; {name} {word} too.",
    "With {figure} the {word} {name} {verb} {word} {name} over {figure} {word}.",
)


def cast_of_facts(
    source: random.Random, before: tuple[list[str], list[str]] | None = None
) -> tuple[list[str], list[str]]:
    """Names and figures of a news; those of a follow-up keep the names and two figures."""
    figures = [v.amount(source) if source.random() < 0.5 else str(source.randint(11, 9000)) for _ in range(8)]
    if before is not None:
        return before[0], [*figures[:6], *before[1][:2]]
    return [v.name(source) for _ in range(7)], figures


def retold(source: random.Random, names: list[str], figures: list[str], kept: float) -> tuple[str, list[str]]:
    """Title and sentences that hold a share of the facts, in any order, in words of their own."""
    told = {
        "{name}": [name for name in names if source.random() < kept] or names[:1],
        "{figure}": [figure for figure in figures if source.random() < kept] or figures[:1],
    }
    for facts in told.values():
        source.shuffle(facts)
    used = dict.fromkeys(told, 0)
    sentences = []
    while any(used[slot] < len(facts) for slot, facts in told.items()):
        words = source.choice(FRAMES).replace("{word}", "{}").replace("{verb}", "{}").split("{}")
        sentence = "".join(part + source.choice(v.NOUNS + v.VERBS) for part in words[:-1]) + words[-1]
        for slot, facts in told.items():
            while slot in sentence:
                sentence = sentence.replace(slot, facts[used[slot] % len(facts)], 1)
                used[slot] += 1
        sentences.append(sentence)
    title = f"{told['{name}'][0]} {source.choice(v.NOUNS)} {source.choice(v.VERBS)} {source.choice(v.NOUNS)}"
    return title, sentences
