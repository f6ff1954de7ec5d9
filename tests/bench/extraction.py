"""How much of an article's body is found, and what else: beside trafilatura's own settings; and two workers beside one.

F1 over runs of four words (of Japanese: characters), the mean over pages. The pages are of our own making, so the
figures compare ways of reading them; they say nothing of the web at large.
"""

import asyncio
import re
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence

from trafilatura import bare_extraction

from scrapers.article import extract_article
from scrapers.errors import ParseError
from scrapers.workers import ParserPool
from service.domain.body import choose_body
from tests.bench.layouts import Sample, pages

__all__ = ["f1", "main", "newsvane"]

URL = "https://news.example/2026/05/story"
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_RUN = 4
_COPIES = 3
_ROUNDS = 3


def main() -> None:
    samples = list(pages())
    settings: dict[str, Callable[[str], str]] = {
        "newsvane": newsvane,
        "trafilatura, precision": lambda html: _trafilatura(html, favor_precision=True),
        "trafilatura, balanced": _trafilatura,
        "trafilatura, recall": lambda html: _trafilatura(html, favor_recall=True),
        "trafilatura, fast": lambda html: _trafilatura(html, fast=True),
    }
    plain = [number for number, sample in enumerate(samples) if "articleBody" not in sample.html]
    newsvane(samples[0].html)  # loads the language model
    print(
        f"{len(samples)} pages: precision, recall, F1 of the body (F1 of the {len(plain)} without JSON-LD); CPU a page"
    )
    for name, read in settings.items():
        started = time.process_time()
        results = [f1(sample, read(sample.html)) for sample in samples]
        spent = (time.process_time() - started) / len(samples)
        shown = "  ".join(f"{statistics.mean(column):.3f}" for column in zip(*results, strict=True))
        without = statistics.mean(results[number][2] for number in plain)
        print(f"  {name:<24} {shown} ({without:.3f})  {spent * 1000:6.1f} ms")
    for name in _worst(samples)[:4]:
        print(f"    least: {name}")
    asyncio.run(_scaling(samples))


def f1(sample: Sample, text: str) -> tuple[float, float, float]:
    """Precision, recall and F1. Lines that are optional are left out of both sides."""
    neutral = {" ".join(line.split()) for line in sample.optional}
    shown = "\n".join(line for line in text.split("\n") if " ".join(line.split()) not in neutral)
    found, wanted = _runs(shown), _runs("\n".join(sample.body))
    right = (found & wanted).total()
    if not right:
        return 0.0, 0.0, 0.0
    precision, recall = right / found.total(), right / wanted.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def newsvane(html: str) -> str:
    try:
        article = extract_article(html.encode(), url=URL, content_type="text/html; charset=utf-8")
    except ParseError:
        return ""
    return choose_body(article, "", title="").text


def _worst(samples: Sequence[Sample]) -> list[str]:
    least = sorted((f1(sample, newsvane(sample.html))[2], sample.name) for sample in samples)
    return [f"{name} {value:.3f}" for value, name in least]


def _trafilatura(html: str, **options: bool) -> str:
    found = bare_extraction(html, url=URL, include_comments=False, with_metadata=True, **options)  # type: ignore[arg-type]
    return str(getattr(found, "text", None) or "")


def _runs(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.casefold())
    return Counter(tuple(tokens[n : n + _RUN]) for n in range(max(0, len(tokens) - _RUN + 1)))


async def _scaling(samples: Sequence[Sample]) -> None:
    """The same pages with one worker and with two, in turn. On a busy machine the wall tells little; that two workers
    need no more CPU a page than one, and the process that hands pages out hardly any, tells what an idle one gives."""
    bodies = [_of_usual_weight(sample.html) for sample in samples] * _COPIES
    walls: dict[int, list[float]] = {1: [], 2: []}
    spent: dict[int, list[float]] = {1: [], 2: []}
    own = time.process_time()
    for _ in range(_ROUNDS):
        for workers in walls:
            _, start_up = await _run_pool(workers, bodies[:1])
            wall, cpu = await _run_pool(workers, bodies)
            walls[workers].append(wall)
            spent[workers].append((cpu - start_up) / len(bodies) * 1000)
    own = (time.process_time() - own) / (2 * _ROUNDS * len(bodies)) * 1000
    one, two = (len(bodies) / statistics.median(times) for times in walls.values())
    ratio = statistics.median(single / double for single, double in zip(*walls.values(), strict=True))
    size = len(bodies[0]) // 1000
    print(f"  pages of {size} kB a second: one worker {one:.0f}, two {two:.0f}: {ratio:.2f} times (target 1.8)")
    cpus = ", ".join(f"{statistics.median(cpu):.1f} ms with {workers}" for workers, cpu in spent.items())
    print(f"  the workers' CPU a page: {cpus}; {own:.2f} ms in the process that hands the pages out")


async def _run_pool(workers: int, bodies: Sequence[bytes]) -> tuple[float, float]:
    """Wall time once all workers are warm, and CPU seconds of the workers, their start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pool = ParserPool(workers)
    try:
        await asyncio.gather(*(_read(pool, bodies[0]) for _ in range(workers * 8)))
        started = time.perf_counter()
        await asyncio.gather(*(_read(pool, body) for body in bodies))
        wall = time.perf_counter() - started
    finally:
        await pool.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _of_usual_weight(html: str) -> bytes:
    """With the inline scripts and the long menus that make a newsroom's page ten times as heavy as its article."""
    script = "<script>" + "window.q=window.q||[];q.push(['set',{a:1,b:[2,3]}]);" * 1200 + "</script>"
    links = "".join(f'<li class="nav-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(300))
    return (
        html.replace("</head>", f"{script}</head>")
        .replace("</body>", f"<footer><ul>{links}</ul></footer></body>")
        .encode()
    )


async def _read(pool: ParserPool, body: bytes) -> None:
    try:
        await pool.extract_article(body, url=URL, content_type="text/html")
    except ParseError as error:
        raise SystemExit(f"a page was not read: {error}") from error


if __name__ == "__main__":
    main()
