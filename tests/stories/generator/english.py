# ruff: noqa: E501 - running text
"""News in English: facts first, then sentences that tell them."""

import random
from dataclasses import dataclass

from tests.stories.generator import vocabulary as v

__all__ = ["Cast", "article", "cast", "headlines", "sentences"]

LEADS = (
    "{firm} said on {day} it would {act} {other} for ${money} {scale}, its largest {sector} deal so far.",
    "{firm} has agreed to {act} {other}, people with knowledge of the {noun} said on {day}, in a transaction worth "
    "${money} {scale}.",
    "Workers at {firm}'s {sector} plant in {city} walked out on {day} after talks over {noun} pay broke down.",
    "A court in {city} ruled on {day} that {firm} must pay {other} ${money} {scale} over a {adj} {noun}.",
    "{firm} will close its {sector} plant in {city} and cut {count} jobs, it said on {day}.",
    "A fire at a {sector} warehouse of {firm} in {city} injured {small} people on {day}, officials said.",
    "{firm} named {person} as its new {role} on {day}, ending a {adj} search that began {months} months ago.",
    "Regulators in {city} opened an inquiry on {day} into whether {firm} misled {noun} holders about its {sector} unit.",
    "{firm} raised ${money} {scale} from {other} and other backers, the {sector} company said on {day}.",
    "{firm} and {other} will build a {sector} plant near {city} that is to employ {count} people from {year}.",
    "Hackers took the {sector} systems of {firm} offline on {day} and demanded ${money} {scale}, {person} said.",
    "The government approved {firm}'s plan for a {sector} hub in {city} on {day} despite a {adj} {noun}.",
)
FACTS = (
    "{person}, the {role} of {firm}, said the {noun} was “{adj}, but not {adj}”.",
    "The price values {other} at {small} times its yearly earnings, according to {third}.",
    "{firm}, based in {city}, employs {count} people in {small} countries.",
    "Shares in {firm} rose {pct} percent in early trading and those of {other} fell {pct2} percent.",
    "Analysts at {third} had expected the {noun} to take until {month} {year}.",
    "It is the {small}th such {noun} in the {sector} industry since {month}.",
    "{other}, which makes {sector} parts in {city2}, has lost ${money2} {scale} since {year0}.",
    "“We looked at {count} {noun}s and this was the only one that {verb} the {noun},” {person2} told reporters in {city2}.",
    "The {noun} needs the consent of {third} and of regulators in {city2}.",
    "Under the terms, {firm} pays {pct} percent at once and the rest by {month} {year}.",
    "{person2}, who owns {pct2} percent of {other}, has not said how she will vote.",
    "A year ago {firm} {verb} a similar {noun} in {city2}, which cost it ${money2} {scale}.",
    "Costs of the {noun} are put at ${money2} {scale}, of which {third} bears {pct2} percent.",
    "The {sector} unit had sales of ${money2} {scale} last year, {pct} percent more than in {year0}.",
    "By {month} the {noun} should have {verb} {count} households around {city}.",
    "{third}, a rival, made an offer of ${money2} {scale} in {month} and withdrew it {small} days later.",
    "A spokesman for {other} declined to comment on the {adj} {noun}.",
    "Neither {third} nor {person2} answered questions sent on {day}.",
    "The union says {count} of its members would lose their {adj} {noun}.",
    "Trading in {other} had been halted for {small} hours before the {noun} was announced.",
)
PLAIN = (
    "The {adj} {noun} {verb} the {noun}, while a {adj} {noun} {verb} every {noun} in the {sector} trade.",
    "Critics of the {noun} say that it {verb} the {adj} {noun} of the region.",
    "For the {sector} industry the {noun} comes at a {adj} time, because {noun}s are {adj} and the {noun} is {adj}.",
    "Few had thought that a {noun} could have {verb} such a {adj} {noun}.",
    "“Nobody wanted another {adj} {noun},” said one {noun} holder, “but the {noun} {verb} us.”",
    "It was not clear whether the {noun} {verb} the {noun} or only the {adj} {noun} behind it.",
    "Once the {noun} had {verb} the {noun}, a {adj} {noun} followed.",
    "Supporters point to the {noun} that {verb} a {adj} {noun} two years ago.",
    "The {noun} also {verb} suppliers, whose {noun} had already been {adj}.",
    "Until then the {noun} remains {adj}, and so does the {noun} for {sector} {noun}s.",
    "What {verb} the {noun} in the end was a {adj} {noun} from abroad.",
    "Lawyers for both sides called the {noun} {adj}; the {noun} itself {verb} nobody.",
    "Some see in it a {adj} {noun}, others merely the {noun} that {verb} a {noun}.",
    "There is a {adj} {noun} between those who {verb} the {noun} and those who live from it.",
    "In private, managers concede that the {noun} {verb} more than one {noun}.",
    "That {verb} the {noun} of last spring, when a {adj} {noun} shut the {noun} for weeks.",
)
HEADLINES = (
    "{firm} to {act} {other} for ${money} {scale}",
    "{firm} {noun} {verb} {sector} {noun}",
    "{sector} {noun}: {firm} faces {adj} {noun}",
    "{other} {noun} puts {firm} in {city} spotlight",
    "What the {firm} {noun} means for {sector} {noun}s",
    "{adj} {noun} for {firm} in {city}",
    "{firm} shares move after {noun}",
    "{city} {noun}: {firm}, {other} and the {adj} {noun}",
)


@dataclass(frozen=True)
class Cast:
    """Who and what a story is about."""

    values: dict[str, str]


def cast(source: random.Random, before: Cast | None = None) -> Cast:
    """Facts of a story; those of a follow-up keep who and where, and have new figures."""
    kept = {key: before.values[key] for key in STAYING} if before else {}
    fresh = {
        "firm": v.firm(source), "other": v.firm(source), "third": v.firm(source), "person": v.person(source),
        "person2": v.person(source), "city": v.name(source), "city2": v.name(source),
        "role": source.choice(v.ROLES), "sector": source.choice(v.SECTORS), "act": source.choice(["buy", "supply", "sell", "back"]),
        "day": source.choice(v.DAYS), "month": source.choice(v.MONTHS), "money": v.amount(source), "money2": v.amount(source),
        "scale": source.choice(["million", "billion"]), "count": f"{source.randint(2, 98) * 50:,}",
        "small": str(source.randint(3, 48)), "pct": f"{source.randint(1, 30)}.{source.randint(1, 9)}",
        "pct2": str(source.randint(2, 60)), "months": str(source.randint(4, 20)), "year": str(source.randint(2027, 2034)),
        "year0": str(source.randint(2011, 2024)),
    }  # fmt: skip
    return Cast(fresh | kept)


STAYING = ("firm", "other", "third", "person", "city", "sector", "act", "role")


def sentences(source: random.Random, who: Cast, frames: tuple[str, ...], count: int) -> list[str]:
    rows = source.sample(frames, min(count, len(frames)))
    rows += source.choices(frames, k=count - len(rows))
    return [_filled(source, frame, who) for frame in rows]


def article(source: random.Random, who: Cast, size: int) -> list[str]:
    """The lead and ``size`` sentences behind it."""
    facts = max(2, size * 2 // 5)
    body = sentences(source, who, FACTS, facts) + sentences(source, who, PLAIN, size - facts)
    source.shuffle(body)
    return sentences(source, who, LEADS, 1) + body


def headlines(source: random.Random, who: Cast, count: int) -> list[str]:
    return [_filled(source, frame, who) for frame in source.sample(HEADLINES, count)]


def _filled(source: random.Random, frame: str, who: Cast) -> str:
    pools = {"adj": v.ADJECTIVES, "noun": v.NOUNS, "verb": v.VERBS}
    text = frame
    for slot, pool in pools.items():
        while f"{{{slot}}}" in text:
            text = text.replace(f"{{{slot}}}", source.choice(pool), 1)
    text = text.format(**who.values)
    return text[0].upper() + text[1:]
