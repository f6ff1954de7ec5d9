"""Figures of the matcher: `python -m tests.bench.matching`. Peers are measured where they are installed.

Texts are generated from a fixed seed: articles of about 5 KB whose words follow a skewed distribution, with names
planted as news has them (two or three entities in one article of three).
"""

import importlib
import random
import string
from collections.abc import Callable, Sequence
from itertools import accumulate
from time import process_time

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


def articles(named: Sequence[Entity], seed: int = SEED) -> list[Document]:
    source = random.Random(seed)
    words = [_word(source) for _ in range(4_000)]
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    made = []
    for number in range(ARTICLES):
        text: list[str] = []
        size = 0
        while size < ARTICLE_BYTES:
            sentence = source.choices(words, cum_weights=weights, k=source.randint(8, 25))
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


def _peers(named: Sequence[Entity], documents: Sequence[Document]) -> None:
    names = sorted({alias.text.lower() for entity in named for alias in entity.aliases})
    if (ahocorasick := _module("ahocorasick")) is not None:
        automaton = ahocorasick.Automaton()
        for name in names:
            automaton.add_word(name, name)
        automaton.make_automaton()
        print(
            f"  pyahocorasick, hits only      {_rate(lambda d: list(automaton.iter(d.text.lower())), documents):8.1f}"
        )
    if (flashtext := _module("flashtext")) is not None:
        processor = flashtext.KeywordProcessor()
        processor.add_keywords_from_list(names)
        print(f"  flashtext                     {_rate(lambda d: processor.extract_keywords(d.text), documents):8.1f}")
    if (spacy := _module("spacy")) is not None:
        language = spacy.blank("en")
        phrases = importlib.import_module("spacy.matcher").PhraseMatcher(language.vocab, attr="LOWER")
        phrases.add("name", list(language.pipe(names)))
        print(f"  spaCy PhraseMatcher           {_rate(lambda d: phrases(language(d.text)), documents[:20]):8.1f}")


def _module(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  # whatever is installed
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
    small_rate, large_rate = _rate(Matcher(few).match, articles(few)), _rate(large.match, articles(few))
    print(f"  10 aliases                    {small_rate:8.1f}")
    print(f"  100,000 aliases               {large_rate:8.1f}   ({small_rate / large_rate:.2f} times, target 2)")
    for name, text in (("one name", "Zorblat "), ("names and contexts", "Zorblat price. ")):
        hostile = Entity("Z", (Alias("Zorblat"),), contexts_for=("price",), contexts_against=("vice",))
        document = Document("", text * (250_000 // len(text)))
        print(f"  hostile: {name:<20} {_rate(Matcher([hostile]).match, [document]):8.1f}")
    print("peers, on the same 1,000 entities")
    _peers(thousand, documents)


if __name__ == "__main__":
    main()
