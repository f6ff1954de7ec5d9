"""What reading deals from an article costs beside matching it, and whether hostile text costs more than its length."""

import statistics
import time
from collections.abc import Callable

from service.domain.facts import extract_facts
from service.domain.model import Document, MatchResult
from tests.domain.facts.labelled import examples, report
from tests.domain.matching.bundled import bundled_matcher

ROUNDS, REPEATS = 7, 20
ARTICLE = 5_000
PROSE = (
    "The hall stands at the edge of the town, and the people who work there come by bus each morning. Nobody could say "
    "when the machines would arrive, or how many there would be. "
)
BAIT = ("$1 ", "deal $1,000,", "Acme bought Beta for $5 billion. ", "deal\n", "Contract A ")


def main() -> None:
    deals = " ".join(example.text for example in examples("seen.txt") if example.language == "en")
    articles = {
        "prose without a deal": _document(PROSE),
        "an article with two deals": _document(deals[:300] + " " + PROSE * 40),
        "nothing but deals": _document(deals),
    }
    matcher = bundled_matcher()
    print(f"an article of {ARTICLE} characters (CPU, matching / facts):")
    for name, document in articles.items():
        found = matcher.match(document)
        costs = [
            (
                _milliseconds(lambda d=document: matcher.match(d)),  # type: ignore[misc]
                _milliseconds(lambda d=document, f=found: extract_facts(d, f)),  # type: ignore[misc]
            )
            for _ in range(ROUNDS)
        ]
        matching, facts = (statistics.median(cost[i] for cost in costs) for i in (0, 1))
        print(f"  {name:<26} {matching:6.2f} ms / {facts:6.2f} ms")
    print("a megabyte of bait over a quarter of it (4.0 is linear):")
    for piece in BAIT:
        text = piece * (1_000_000 // len(piece))
        once, quarter = (_once(text[: len(text) // part]) for part in (1, 4))
        print(f"  {piece!r:<40} {once / quarter:4.1f}")
    for name in ("seen.txt", "held_out.txt", "later.txt", "news.txt", "reports.txt", "passages.txt"):
        print(f"{name}: {report(name)}")


def _document(text: str) -> Document:
    return Document("News of the day", (text * (ARTICLE // len(text) + 1))[:ARTICLE], language="en")


def _once(text: str) -> float:
    started = time.process_time()
    extract_facts(Document("", text), MatchResult())
    return time.process_time() - started


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(REPEATS):
        call()
    return (time.process_time() - started) * 1000 / REPEATS


if __name__ == "__main__":
    main()
