"""From judged occurrences to a Mention: confidence, salience, spans, evidence, snippet; and the rejections."""

from collections.abc import Sequence
from itertools import islice

from service.domain.matching.layout import LEAD
from service.domain.matching.page import Page
from service.domain.matching.patterns import Role
from service.domain.matching.verdict import Judged, each_place
from service.domain.matching.weights import confidence
from service.domain.model import Document, Entity, Field, Mention, Rejection, Salience, Span

__all__ = ["mention_of", "rejection_of", "span_of"]

_SNIPPET = 240
_EVIDENCE = 6
_WORTH_TELLING = 0.3
_OFTEN = 3
_MOST_SPANS = 500
_AGAIN = 2


def span_of(judged: Judged, page: Page, document: Document) -> Span:
    """The occurrence as a stretch of the stored text."""
    candidate = judged.candidate
    start, end = page.texts[candidate.field].origin(candidate.start, candidate.end)
    stored = document.title if candidate.field is Field.TITLE else document.text
    return Span(candidate.field, start, end, stored[start:end], candidate.pattern.text)


def mention_of(entity: Entity, accepted: Sequence[Judged], page: Page, document: Document) -> Mention:
    """``accepted``: at least one, in reading order but for the further places of each.

    The mention keeps the spans of the first 500; its ``count`` is the true number.
    """
    places = list(islice(each_place(accepted), _MOST_SPANS))
    spans = tuple(span_of(one, page, document) for one in places)
    best = max(range(len(spans)), key=lambda i: (round(places[i].score, 3), -i))
    count = sum(one.count for one in accepted)
    return Mention(
        entity=entity.name,
        confidence=round(confidence(places[best].score), 3),
        salience=_salience(accepted, document),
        spans=spans,
        evidence=_evidence(places[best], count),
        snippet=_snippet(spans, best, document),
        total=count if count > len(spans) else 0,
    )


def rejection_of(entity: Entity, judged: Judged, page: Page, document: Document) -> Rejection:
    against = sorted((sign for sign in judged.signs if sign[0] < 0), key=lambda sign: sign[0])
    reasons = [words for weight, words in against if weight <= -_WORTH_TELLING][:3]
    if judged.candidate.pattern.role is Role.ALIAS and judged.signs[0][0] < 0 and len(reasons) <= 1:
        reasons = [f"{judged.signs[0][1]}, and nothing proves that {entity.name} is meant"]
    return Rejection(entity.name, span_of(judged, page, document), "; ".join(reasons) or "too little speaks for it")


def _salience(accepted: Sequence[Judged], document: Document) -> Salience:
    """In the title, or early and again, or often and spread: main. Early, or again: secondary. Else passing.

    "Early" is the lead, or the first third of a text that is hardly longer than a lead.
    """
    in_title = any(one.candidate.field is Field.TITLE for one in accepted)
    body = [one for one in accepted if one.candidate.field is Field.TEXT]
    first = min((one.candidate.start for one in body), default=0)
    last = max((one.further[-1].start if one.further else one.candidate.start for one in body), default=0)
    count = sum(one.count for one in body)
    size = max(1, len(document.text))
    early = bool(body) and first < min(LEAD, size / _OFTEN)
    spread = (last - first) / size
    if in_title or (early and count >= _AGAIN) or (count >= 2 * _OFTEN and spread > 1 / _OFTEN):
        return Salience.MAIN
    if early or count >= _AGAIN:
        return Salience.SECONDARY
    return Salience.PASSING


def _evidence(one: Judged, count: int) -> tuple[str, ...]:
    """The best occurrence's own reasons, then where and how often."""
    where = "title" if one.candidate.field is Field.TITLE else "text"
    told = [f"{one.signs[0][1]}, written “{one.candidate.written}” in the {where}"]
    rest = sorted(one.signs[1:], key=lambda sign: -abs(sign[0]))
    told.extend(words for weight, words in rest if abs(weight) >= _WORTH_TELLING)
    told = told[:_EVIDENCE]
    if count > 1:
        told.append(f"named {count} times")
    return tuple(told)


def _snippet(spans: Sequence[Span], best: int, document: Document) -> str:
    """At most 240 characters around the best span that lies in the body, else in the title."""
    span = spans[best]
    if span.field is Field.TITLE:
        span = next((s for s in spans if s.field is Field.TEXT), span)
    stored = document.title if span.field is Field.TITLE else document.text
    room = max(0, _SNIPPET - (span.end - span.start)) // 2
    start = max(0, span.start - room)
    end = min(len(stored), start + _SNIPPET)
    start = max(0, end - _SNIPPET)
    cut = stored[start:end]
    if start > 0:
        head, space, tail = cut.partition(" ")
        cut = tail if space and start + len(head) < span.start else cut
    if end < len(stored):
        head, space, tail = cut.rpartition(" ")
        cut = head if space and len(tail) < end - span.end else cut
    return " ".join(cut.split())
