"""How well stories are told apart, beside simhash and MinHash: `python -m tests.bench clustering`.

Seeds that were not used while the rules were written, each in three orders of arrival: as made (copies close together),
and shuffled twice. CPU time an article includes reading the text.
"""

import importlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import mean
from time import process_time
from typing import Any
from zlib import crc32

from service.domain.stories import StoriesInMemory
from tests.stories import scores
from tests.stories.generator import MIXES, Item, corpus
from tests.stories.scores import Score, b_cubed, by_slice

SEEDS, ORDERS = (301, 302, 303), 3
TARGETS = {"wires": "0.99/0.97", "no wires": "0.98/0.96", "nasty": "0.95/0.90", "retold": "none"}
_WORD = re.compile(r"\w+")


def ours(items: Sequence[Item]) -> list[int]:
    index = StoriesInMemory()
    for item in items:
        index.add(item.title, item.text)
    return index.stories()


class Union:
    def __init__(self, size: int) -> None:
        self.of = list(range(size))

    def root(self, at: int) -> int:
        while self.of[at] != at:
            self.of[at] = at = self.of[self.of[at]]
        return at

    def join(self, one: int, other: int) -> None:
        self.of[self.root(one)] = self.root(other)

    def all(self) -> list[int]:
        return [self.root(at) for at in range(len(self.of))]


def simhash(items: Sequence[Item], *, bits: int = 3) -> list[int]:
    """64 bits over words in pairs; texts are one story when at most three bits differ (Manku et al. 2007)."""
    union, hashes = Union(len(items)), list[int]()
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        value = _simhash(item.text)
        hashes.append(value)
        for part in range(4):  # two values that differ in three bits agree in one of four parts
            key = part, value >> part * 16 & 0xFFFF
            for other in buckets[key][-200:]:
                if (hashes[other] ^ value).bit_count() <= bits:
                    union.join(at, other)
            buckets[key].append(at)
    return union.all()


def _simhash(text: str) -> int:
    words = _WORD.findall(text.lower())
    sums = [0] * 64
    for pair, count in Counter(pairwise(words)).items():
        raw = " ".join(pair).encode()
        value = crc32(raw) << 32 | crc32(raw[::-1])
        for bit in range(64):
            sums[bit] += count if value >> bit & 1 else -count
    return sum(1 << bit for bit in range(64) if sums[bit] > 0)


def minhash(items: Sequence[Item], *, threshold: float = 0.5) -> list[int]:
    """rensa: 128 permutations over three words in a row, looked up by LSH, then compared."""
    rensa = importlib.import_module("rensa")
    union = Union(len(items))
    index = rensa.RMinHashLSH(threshold=threshold, num_perm=128, num_bands=32)
    sketches: list[Any] = []
    for at, item in enumerate(items):
        words = _WORD.findall(item.text.lower())
        sketch = rensa.RMinHash(num_perm=128, seed=7)
        sketch.update([" ".join(row) for row in zip(words, words[1:], words[2:], strict=False)] or [item.text])
        for other in index.query(sketch):
            if sketch.jaccard(sketches[other]) >= threshold:
                union.join(at, other)
        index.insert(at, sketch)
        sketches.append(sketch)
    return union.all()


METHODS: tuple[tuple[str, Callable[[Sequence[Item]], list[int]]], ...] = (
    ("newsvane", ours),
    ("MinHash 0.5", minhash),
    ("simhash 3", simhash),
)


def main() -> None:
    print(f"seeds {SEEDS}, {ORDERS} orders each: mean and worst; P/R by pairs, then B-cubed")
    for mix in MIXES:
        print(f"{mix} (target {TARGETS[mix]})")
        for name, method in METHODS:
            _row(mix, name, method)
    _slices()
    _stability()


def _orders(mix: str, seed: int) -> list[list[Item]]:
    made = corpus(mix, seed)
    orders = [made]
    for order in range(1, ORDERS):
        shuffled = list(made)
        random.Random(f"{seed} {order}").shuffle(shuffled)
        orders.append(shuffled)
    return orders


def _row(mix: str, name: str, method: Callable[[Sequence[Item]], list[int]]) -> None:
    pairs, items_, spent, count = [], [], 0.0, 0
    for seed in SEEDS:
        for items in _orders(mix, seed):
            started = process_time()
            found = method(items)
            spent += process_time() - started
            count += len(items)
            told = [item.story for item in items]
            pairs.append(scores.pairwise(found, told))
            items_.append(b_cubed(found, told))
    print(f"  {name:<12} {_shown(pairs)}   B3 {_shown(items_)}   {spent / count * 1000:5.2f} ms an article of {count}")


def _shown(scores: list[Score]) -> str:
    precision, recall = [score.precision for score in scores], [score.recall for score in scores]
    return f"P {mean(precision):.4f} ({min(precision):.4f})  R {mean(recall):.4f} ({min(recall):.4f})"


def _slices() -> None:
    print("by slice, B-cubed, shuffled: precision/recall of " + ", ".join(name for name, _ in METHODS))
    for mix in MIXES:
        rows: dict[str, dict[str, list[Score]]] = defaultdict(lambda: defaultdict(list))
        for seed in SEEDS:
            items = _orders(mix, seed)[1]
            told, slices = [item.story for item in items], [item.slice for item in items]
            for name, method in METHODS:
                for part, score in by_slice(method(items), told, slices).items():
                    rows[part][name].append(score)
        for part, by_method in sorted(rows.items()):
            print(f"  {mix:<9} {part:<17} " + "   ".join(_short(by_method[name]) for name, _ in METHODS))


def _short(scores: list[Score]) -> str:
    return f"{mean(score.precision for score in scores):.3f}/{mean(score.recall for score in scores):.3f}"


def _stability() -> None:
    """How many told stories come out otherwise in another order of arrival."""
    for mix in MIXES:
        changed = stories = 0
        for seed in SEEDS:
            found: dict[int, set[frozenset[frozenset[Item]]]] = defaultdict(set)
            for items in _orders(mix, seed):
                parts: dict[tuple[int, int], set[Item]] = defaultdict(set)
                for item, story in zip(items, ours(items), strict=True):
                    parts[item.story, story].add(item)
                by_told: dict[int, set[frozenset[Item]]] = defaultdict(set)
                for (told, _), part in parts.items():
                    by_told[told].add(frozenset(part))
                for told, ways in by_told.items():
                    found[told].add(frozenset(ways))
            changed += sum(len(ways) > 1 for ways in found.values())
            stories += len(found)
        print(f"newsvane, {mix}: {changed / stories:.1%} of {stories} stories differ among {ORDERS} orders")


if __name__ == "__main__":
    main()
