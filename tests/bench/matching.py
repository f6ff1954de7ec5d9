"""Figures of the matcher: `python -m tests.bench.matching`. Peers are measured beside it where they are installed.

Texts are generated from a fixed seed: articles of about 5 KB whose words follow a skewed distribution ("news"), with
names planted as news has them (two or three entities in one article of three); or whose every word is new ("random").
"""

import importlib
import random
import string
from collections.abc import Callable, Sequence
from itertools import accumulate
from time import process_time
from typing import Any

from service.domain.matching import Matcher
from service.domain.matching.normal import normalise
from service.domain.matching.patterns import PatternTable
from service.domain.matching.scan import Scanner
from service.domain.model import Alias, CaseRule, Document, Entity, Field

SEED = 7
ARTICLES = 200
ARTICLE_BYTES = 5_000


def _word(source: random.Random) -> str:
    return "".join(source.choice(string.ascii_lowercase) for _ in range(source.randint(3, 9)))


def entities(count: int, aliases: int, *, contexts: int = 0, seed: int = SEED) -> list[Entity]:
    """``count`` entities with ``aliases`` names each, half of them of one word."""
    source = random.Random(seed)
    words = [_word(source) for _ in range(4_000)]
    made = []
    for number in range(count):
        names = [
            (_word(source) + _word(source)).title()
            if index % 2
            else f"{source.choice(words).title()} {_word(source).title()}"
            for index in range(aliases)
        ]
        made.append(
            Entity(
                f"{names[0]} {number}",
                tuple(Alias(name, case=CaseRule.ANY) for name in names),
                contexts_for=tuple(source.choice(words) for _ in range(contexts)),
                contexts_against=tuple(source.choice(words) for _ in range(contexts)),
            )
        )
    return made


def articles(named: Sequence[Entity], seed: int = SEED, *, fresh: bool = False) -> list[Document]:
    """``fresh``: every word is a new one."""
    source = random.Random(seed)
    words = [_word(source) for _ in range(4_000)]
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    made = []
    for number in range(ARTICLES):
        text: list[str] = []
        size = 0
        while size < ARTICLE_BYTES:
            length = source.randint(8, 25)
            common = source.choices(words, cum_weights=weights, k=length)
            sentence = [_word(source) for _ in range(length)] if fresh else common
            text.append(" ".join(sentence).capitalize() + ("." if source.random() < 0.8 else ".\n"))
            size += len(text[-1]) + 1
        if number % 3 == 0:
            for entity in source.sample(list(named), min(3, len(named))):
                for _ in range(source.randint(1, 3)):
                    text[source.randrange(len(text))] += f" Shares of {source.choice(entity.aliases).text} rose."
        made.append(Document("A title of some words", " ".join(text).replace("\n ", "\n")[:ARTICLE_BYTES]))
    return made


def _rate(work: Callable[[Document], object], documents: Sequence[Document]) -> float:
    """MB/s of processor time, the best of three rounds."""
    size = sum(len(document.text.encode()) for document in documents)
    best = float("inf")
    for _ in range(3):
        start = process_time()
        for document in documents:
            work(document)
        best = min(best, process_time() - start)
    return size / best / 1e6


def _scan(table: PatternTable, documents: Sequence[Document]) -> float:
    scanner = Scanner(table)
    return _rate(lambda d: scanner.candidates(Field.TEXT, normalise(d.text), None), documents)


Work = Callable[[Document], object]


def _ours(named: Sequence[Entity]) -> Work:
    return Matcher(named).match


def _ours_scan(named: Sequence[Entity]) -> Work:
    scanner = Scanner(PatternTable(named))
    return lambda d: scanner.candidates(Field.TEXT, normalise(d.text), None)


def _pyahocorasick(named: Sequence[Entity]) -> Work | None:
    module = _module("ahocorasick")
    if module is None:
        return None
    automaton = module.Automaton()
    for name in _names(named):
        automaton.add_word(name, name)
    automaton.make_automaton()
    return lambda d: list(automaton.iter(d.text.lower()))


def _flashtext(named: Sequence[Entity]) -> Work | None:
    module = _module("flashtext")
    if module is None:
        return None
    processor = module.KeywordProcessor()
    processor.add_keywords_from_list(_names(named))
    return lambda d: processor.extract_keywords(d.text)


def _phrase_matcher(named: Sequence[Entity]) -> Work | None:
    module = _module("spacy")
    if module is None:
        return None
    language = module.blank("en")
    phrases = importlib.import_module("spacy.matcher").PhraseMatcher(language.vocab, attr="LOWER")
    phrases.add("name", list(language.pipe(_names(named))))
    return lambda d: phrases(language(d.text))


MATCHERS: tuple[tuple[str, Callable[[Sequence[Entity]], Work | None]], ...] = (
    ("newsvane, with evidence", _ours),
    ("newsvane, scan with boundaries", _ours_scan),
    ("pyahocorasick, hits only", _pyahocorasick),
    ("flashtext", _flashtext),
    ("spaCy PhraseMatcher", _phrase_matcher),
)


def _side_by_side(watched: Sequence[tuple[str, list[Entity]]]) -> None:
    """A row a matcher; a column for each watch list and kind of text."""
    columns = [(name, kind, named) for name, named in watched for kind in ("news", "random")]
    texts = {
        kind: [document for _, named in watched[:1] for document in articles(named, fresh=kind == "random")][:40]
        for kind in ("news", "random")
    }
    print("side by side, MB/s" + " " * 14 + "".join(f"{f'{name}, {kind}':>18}" for name, kind, _ in columns))
    for label, build in MATCHERS:
        works = {name: build(named) for name, named in watched}
        if None in works.values():
            print(f"  {label:<30} not installed")
            continue
        rates = []
        for name, kind, _ in columns:
            work = works[name]
            assert work is not None
            rates.append(f"{_rate(work, texts[kind]):18.1f}")
        print(f"  {label:<30}" + "".join(rates))


def _names(named: Sequence[Entity]) -> list[str]:
    return sorted({alias.text.lower() for entity in named for alias in entity.aliases})


def _module(name: str) -> Any:
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def main() -> None:
    print("MB/s of processor time, articles of 5 KB")
    thousand = entities(1_000, 5, contexts=30)
    documents = articles(thousand)
    print(f"  scan, 1,000 entities          {_scan(PatternTable(thousand), documents):8.1f}   (target 50)")
    print(f"  end to end, 1,000 entities    {_rate(Matcher(thousand).match, documents):8.1f}   (target 5)")
    dense = [document for document in documents if Matcher(thousand).match(document).mentions]
    print(f"  only articles with mentions   {_rate(Matcher(thousand).match, dense):8.1f}")
    few, many = entities(2, 5), entities(10_000, 10)
    start = process_time()
    large = Matcher(many)
    print(f"  build, 100,000 aliases        {process_time() - start:8.2f} s (target 1)")
    for kind in ("news", "random"):
        texts = articles(few, fresh=kind == "random")
        small_rate, large_rate = _rate(Matcher(few).match, texts), _rate(large.match, texts)
        times = small_rate / large_rate
        print(f"  10 aliases, {kind:<6}            {small_rate:8.1f}")
        print(f"  100,000 aliases, {kind:<6}       {large_rate:8.1f}   ({times:.2f} times, target 2)")
    for name, text in (("one name", "Zorblat "), ("names and contexts", "Zorblat price. "), ("brackets", "Z (Z) ")):
        hostile = Entity("Z", (Alias("Zorblat"), Alias("Z")), contexts_for=("price",), contexts_against=("vice",))
        document = Document("", text * (1_000_000 // len(text)))
        start = process_time()
        Matcher([hostile]).match(document)
        print(f"  1 MB of {name:<20}  {process_time() - start:8.2f} s (target 2)")
    _side_by_side([("10", few), ("5,000", thousand), ("100,000", many)])


if __name__ == "__main__":
    main()
