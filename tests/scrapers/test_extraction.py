"""How well bodies are found on pages in 26 layouts. The bench shows the figures; here they may not fall."""

import statistics

import pytest
from trafilatura import bare_extraction

from tests.bench.extraction import f1, newsvane
from tests.bench.layouts import Sample, pages

SAMPLES = list(pages())


def mean_f1(texts: list[str]) -> float:
    return statistics.mean(f1(sample, text)[2] for sample, text in zip(SAMPLES, texts, strict=True))


def by_trafilatura(sample: Sample, **options: bool) -> str:
    found = bare_extraction(sample.html, include_comments=False, **options)  # type: ignore[arg-type]
    return str(getattr(found, "text", None) or "")


@pytest.fixture(scope="module")
def ours() -> list[str]:
    return [newsvane(sample.html) for sample in SAMPLES]


def test_the_pages_are_many_and_labelled() -> None:
    assert len(SAMPLES) >= 40
    assert len({sample.language for sample in SAMPLES}) >= 4
    assert all(len("".join(sample.body)) > 200 for sample in SAMPLES)


@pytest.mark.parametrize("options", [{"favor_precision": True}, {}, {"favor_recall": True}, {"fast": True}])
def test_no_single_setting_of_trafilatura_does_better(ours: list[str], options: dict[str, bool]) -> None:
    assert mean_f1(ours) >= mean_f1([by_trafilatura(sample, **options) for sample in SAMPLES])


def test_every_body_is_found_and_little_else(ours: list[str]) -> None:
    """Where a teaser slips through it is short."""
    assert mean_f1(ours) >= 0.99
    poor = [sample.name for sample, text in zip(SAMPLES, ours, strict=True) if f1(sample, text)[2] < 0.93]
    assert poor == []


def test_names_of_other_articles_stay_out(ours: list[str]) -> None:
    """Firms that only the sites' own frames name: each would be a false mention."""
    foreign = ("Nvidia", "Infineon", "Siemens", "Thales", "Telefónica", "エヌビディア")
    named = {sample.name for sample, text in zip(SAMPLES, ours, strict=True) for name in foreign if name in text}
    assert len(named) <= 4, named
