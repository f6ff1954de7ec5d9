"""What happens to a text on its way to the next outlet."""

import random
import re

from tests.stories.generator import vocabulary as v

__all__ = ["Outlet", "outlets", "paraphrased", "recast"]


class Outlet:
    """A publisher with boilerplate of its own."""

    def __init__(self, source: random.Random) -> None:
        self.name = f"The {v.name(source)} {source.choice(['Courier', 'Post', 'Ledger', 'Wire', 'Observer', 'Mail'])}"
        self.before = [f"{v.name(source).upper()} ({self.name}) -", f"By {v.person(source)}, {self.name}"]
        self.after = [
            f"Sign up for the {self.name} newsletter and get the day's {source.choice(v.NOUNS)} news in your inbox.",
            f"This article was first published by {self.name}. All rights reserved, {source.randint(2020, 2026)}.",
            f"Read more: why the {source.choice(v.ADJECTIVES)} {source.choice(v.NOUNS)} {source.choice(v.VERBS)} the "
            f"{source.choice(v.NOUNS)}, and {source.randint(3, 20)} other stories from {v.name(source)}.",
            f"Contact our reporters at {self.name} with tips about {source.choice(v.SECTORS)} companies.",
        ]
        self.notice = [
            f"Read the full article at {self.name}.",
            "This text is for members only, already a member? Log in to go on.",
            *self.after[:2],
        ]


def outlets(source: random.Random, count: int) -> list[Outlet]:
    return [Outlet(source) for _ in range(count)]


def paraphrased(source: random.Random, sentence: str, same: dict[str, str], share: float) -> str:
    """Synonyms, and now and then a filler: the facts stay."""
    for word, other in same.items():
        if source.random() < share:
            sentence = re.sub(rf"\b{word}\b", other, sentence) if word.isascii() else sentence.replace(word, other)
    words = sentence.split(" ")
    if len(words) > 8:
        for _ in range(max(1, int(len(words) * share * 0.12))):
            at = source.randrange(1, len(words))
            if words[at].islower() and words[at].isalpha():
                words[at] = source.choice([f"{words[at]} rather", f"quite {words[at]}", words[at]])
    return " ".join(words)


def recast(
    source: random.Random,
    sentences: list[str],
    outlet: Outlet,
    same: dict[str, str],
    *,
    lead: str | None = None,
) -> list[str]:
    """One outlet's version: trimmed, perhaps with another lead, lightly paraphrased, with boilerplate around it."""
    kept = list(sentences)
    if source.random() < 0.5:
        kept = kept[: max(4, int(len(kept) * source.uniform(0.45, 1)))]
    if source.random() < 0.15:
        kept = kept[1:]
    if source.random() < 0.2 and len(kept) > 6:
        del kept[source.randrange(1, len(kept))]
    if source.random() < 0.3:
        share = source.choice([0.2, 0.5, 0.9])
        kept = [paraphrased(source, sentence, same, share) for sentence in kept]
    if lead and source.random() < 0.3:
        kept = [lead, *kept[1:]]
    if source.random() < 0.4:
        kept = [source.choice(outlet.before), *kept]
    if source.random() < 0.5:
        kept += source.sample(outlet.after, source.randint(1, 3))
    return kept
