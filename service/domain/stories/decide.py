"""Whether two articles tell the same news: rules over the evidence, each with its reason in words.

Overlap alone decides nothing: a template filled twice overlaps more than a copy that was cut. What tells them apart is
what the shared wording says: a copy repeats the facts, a template and a follow-up bring facts of their own.
"""

from dataclasses import dataclass

from service.domain.stories.evidence import Evidence

__all__ = ["Verdict", "contradict", "judge", "retold", "strays"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``strength`` orders verdicts on one article; a ``bridge`` is good enough to make two stories one."""

    same: bool
    reason: str
    strength: float = 0.0
    bridge: bool = False


_WHOLE, _COPY, _FRAMED = 0.8, 0.6, 0.46
_RARE = 0.8
"""How distinct the wording of true copies is at least; a template's is less."""
_FRAME_WORDS = 75
"""An outlet's own lead, byline and notices have at most so many words; a follow-up brings more."""
_TEASER_WORDS, _TEASER_SPREAD, _RETOLD = 60, 0.3, 0.2
_SHORT_WORDS = 12
_NOTICE_WORDS, _TITLED, _SAME_TITLE = 70, 0.45, 0.8
_NUMBERS_OF_A_TEMPLATE, _STAYING, _STRAYED, _OTHER_NEWS = 4, 0.25, 0.3, 0.5
_BRIDGED_FACTS = 0.6
_FIGURES_OF_NEWS, _FACTS_OF_NEWS = 2, 8
_DAYS_OF_NEWS, _DAYS_OF_TITLES = 4.0, 2.0


def judge(found: Evidence, days: float) -> Verdict:
    """``days`` between the publication of both."""
    if found.shortest == 0:
        return _by_title(found, days)
    if found.titles_differ:
        return Verdict(False, "the titles have different figures")
    if contradict(found):
        return Verdict(False, f"{found.conflicts} facts differ in the same wording")
    if found.few_numbers >= 4 and found.numbers < 0.5:
        return Verdict(False, "each has figures of its own")
    verdict = _by_facts(found, days)
    if not verdict.same and (found.shared >= _SHORT_WORDS or (found.held >= 0.8 and found.title >= 0.5)):
        verdict = _by_wording(found)
        if verdict.same and days > _DAYS_OF_NEWS and (found.held < 0.9 or found.news > 0.1):
            return Verdict(False, f"{days:.0f} days lie between them")
    return verdict


def contradict(found: Evidence) -> bool:
    """Whether shared wording holds other facts, as a template's does."""
    if found.shortest < _TEASER_WORDS:
        return found.conflicts >= 1 and found.conflicts * 4 > found.agreeing
    return found.conflicts >= 2 and found.conflicts * 2 > found.agreeing


def retold(found: Evidence) -> bool:
    """Whether two versions in other words share so many names and numbers that a third, which matches both, makes them
    one. Less than they would need to be one without it."""
    return (
        found.held <= _RETOLD
        and min(found.few_numbers, found.few_names - 1) >= 3
        and min(found.numbers, found.names) >= _BRIDGED_FACTS
    )


def strays(found: Evidence) -> bool:
    """Whether an edit makes another news of a text, from the evidence between the old text and the new: other words
    with other facts, or a template filled anew.

    That they are not clearly the same is not enough: an amount that is corrected, or a brief that is written out, must
    not tell the news again.
    """
    if judge(found, 0.0).same:
        return False
    refilled = contradict(found) and found.few_numbers >= _NUMBERS_OF_A_TEMPLATE and found.numbers < _STAYING
    return refilled or (found.held < _STRAYED and found.news > _OTHER_NEWS and found.numbers < _STAYING)


def _by_wording(found: Evidence) -> Verdict:
    held = found.held * min(1.0, found.distinct / _RARE)
    if found.title == 0 and found.agreeing < 3:
        return Verdict(False, "wording without facts, under another title")
    bare = found.figures < _FIGURES_OF_NEWS
    if bare and found.title < _SAME_TITLE and found.shared < _NOTICE_WORDS and found.titled < _TITLED:
        return Verdict(False, "wording that says nothing of either title: a notice")
    if bare and found.titles_apart and found.agreeing < _FACTS_OF_NEWS:
        return Verdict(False, "hardly a fact in common, and each text goes with its own title")
    if found.spread < _TEASER_SPREAD or (found.shortest < _TEASER_WORDS and found.spread < _COPY):
        return _contained(found, held)
    own = found.shortest * (1 - found.held)
    if found.news <= (0.7 if held >= _WHOLE else 0.5) and (held >= _COPY or (held >= _FRAMED and own <= _FRAME_WORDS)):
        return Verdict(True, f"a copy: {found.held:.0%} of its words", held + found.spread / 10, bridge=True)
    return Verdict(False, "too much wording of its own: a follow-up, or another matter")


def _contained(found: Evidence, held: float) -> Verdict:
    """A short text within a longer one: the beginning of the same story, or one of many in a digest."""
    if held < 0.75 or found.news > 0.35:
        return Verdict(False, "too little wording in common")
    goes_on = found.begins < 0.15 and (found.echo >= 0.5 or (found.title > 0 and found.echo >= 0.15))
    if found.title >= 0.25 or goes_on:
        return Verdict(True, f"a cut: {found.held:.0%} of the shorter text's words", held)
    return Verdict(False, "the longer text is about other things too")


def _by_facts(found: Evidence, days: float) -> Verdict:
    """Told in other words: hardly a sentence is shared, nearly every fact is."""
    same = (
        found.held <= _RETOLD
        and min(found.few_numbers, found.few_names - 1) >= 3
        and days <= _DAYS_OF_TITLES
        and (
            (found.numbers >= 0.75 and found.names >= 0.65 and found.news <= 0.18 and found.spread_of_facts >= 0.5)
            or (found.numbers == 1 and found.names >= 0.8 and found.news <= 0.12)
        )
    )
    if not same:
        return Verdict(False, "too little in common")
    return Verdict(True, "told in other words: the same names and numbers", 0.2 + found.numbers * found.names / 10)


def _by_title(found: Evidence, days: float) -> Verdict:
    """One of them has no text."""
    if found.title >= 0.99 and found.title_words >= 5 and days <= _DAYS_OF_TITLES:
        return Verdict(True, "the same title, and one of them has no text", 0.3)
    return Verdict(False, "one of them has no text")
